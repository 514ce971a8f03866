"""What a visitor's own case may cost: told before anything is read or computed, so that nobody waits for it."""

from __future__ import annotations

from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import numbers
from allegiance.cases.schema import Case
from allegiance.engine.inputs import MIN_COMPANIES

ENTRIES = 20_000
"""Most keys, list entries and lines of a text that is read at all; the largest of the library has about 5,000."""
NUMBERS = 2_000
"""Most sourced numbers of a case that is played; the largest of the library has 241."""
DATED = 100
"""Most dated decisions and changes of aid: each makes the inputs anew."""
SOLDIER_DAYS = 2e7
"""Most soldier-days of one simulated war on the page: a few seconds."""
_ELSEWHERE = "on your own machine the command line plays it: allegiance run FILE"


def entries(text: str) -> int:
    """About how many keys, list entries and lines a YAML text has, counted without reading it.

    >>> entries("a: {b: 1, c: 2}")
    5
    """
    return sum(text.count(sign) for sign in (":", ",", "[", "{", "- ", "\n"))


def admit_text(text: str) -> None:
    """Let a text be read.

    Raises:
        AllegianceError: it has far more entries than a case.
    """
    found = entries(text)
    if found > ENTRIES:
        raise AllegianceError(
            f"the text has about {found:,} keys, entries and lines, a case on this page at most {ENTRIES:,}",
            "a case is a few hundred lines; " + _ELSEWHERE,
        )


def simulated(case: Case, scale: float) -> float:
    """Soldier-days of one war at a scale, with the companies that a force keeps at any scale counted."""
    total = 0.0
    for side in case.sides.values():
        for force in side.forces.values():
            least = MIN_COMPANIES * force.formation.company
            total += min(force.strength.value, max(scale * force.strength.value, least))
        for pool in side.recruitment.values():
            total += 0.5 * scale * pool.new_formations.value if pool.new_formations else 0.0
    return total * case.days


def admit(case: Case, scale: float) -> None:
    """Let a case be played at a scale.

    Raises:
        AllegianceError: one war would take many seconds.
    """
    count = len(numbers(case))
    if count > NUMBERS:
        raise AllegianceError(f"the case has {count:,} numbers, this page plays at most {NUMBERS:,}", _ELSEWHERE)
    dated = len(case.decisions) + sum(len(side.aid) for side in case.sides.values())
    if dated > DATED:
        raise AllegianceError(f"the case has {dated} dated changes, this page plays at most {DATED}", _ELSEWHERE)
    need = simulated(case, scale)
    if need > SOLDIER_DAYS:
        raise AllegianceError(
            f"one war of this case is {need:,.0f} soldier-days even at the smallest scale, this page plays at most"
            f" {SOLDIER_DAYS:,.0f}",
            "fewer soldiers or days; or " + _ELSEWHERE,
        )
