"""How long a case really lasts: with one side it ends with its crowd, whatever its horizon."""

from __future__ import annotations

from datetime import timedelta

from allegiance.cases.schema import Case

SHORTEST = 8
"""Days that a case of one side lasts at least."""


def ends_with_wave(case: Case) -> str:
    """A sentence saying when the given waves end a case of one side before its horizon; empty if they do not.

    The engine ends such a case on the first day after its first week from which no large crowd is to come.
    """
    waves = [wave for side in case.sides.values() for wave in side.protest.waves]
    if len(case.sides) > 1 or not waves:
        return ""
    last = max(wave.date + timedelta(days=wave.days) for wave in waves)
    day = max((last - case.start).days, SHORTEST)
    if day >= case.days:
        return ""
    return f"its last wave of protest ends on day {day} and the case with it; its horizon is {case.days} days"
