"""What a visitor's own case may cost: told before anything is read or computed, so that nobody waits for it."""

from __future__ import annotations

from allegiance.app.whatif_task import scale_for
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import numbers
from allegiance.cases.schema import Case
from allegiance.world.blueprint import soldier_days

ENTRIES = 20_000
"""Most keys, list entries and lines of a text that is read at all; the largest of the library has about 5,000."""
NUMBERS = 2_000
"""Most sourced numbers of a case that is played; the largest of the library has 241."""
DATED = 100
"""Most dated decisions and changes of aid: each makes the inputs anew."""
SOLDIERS = 1.5e7
"""Most soldiers of a case; the largest of the library has 10 million."""
SOLDIER_DAYS = 3e8
"""Most soldier-days of one simulated war on the page: about half a minute. The library's longest has 260 million."""
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


def admit(case: Case) -> None:
    """Let a case be played on the page, at the scale that the page takes for it.

    Raises:
        AllegianceError: one war would keep a processor busy for long.
    """
    count = len(numbers(case))
    if count > NUMBERS:
        raise AllegianceError(f"the case has {count:,} numbers, this page plays at most {NUMBERS:,}", _ELSEWHERE)
    dated = len(case.decisions) + sum(len(side.aid) for side in case.sides.values())
    if dated > DATED:
        raise AllegianceError(f"the case has {dated} dated changes, this page plays at most {DATED}", _ELSEWHERE)
    men = soldiers(case)
    if men > SOLDIERS:  # asked first: to find the scale takes time in proportion to the soldiers
        raise AllegianceError(
            f"the case has {men:,.0f} soldiers, this page plays at most {SOLDIERS:,.0f}",
            "fewer soldiers; or " + _ELSEWHERE,
        )
    need = soldier_days(case, case.days, scale_for(case))
    if need > SOLDIER_DAYS:
        raise AllegianceError(
            f"one war of this case is {need:,.0f} soldier-days, this page plays at most"
            f" {SOLDIER_DAYS:,.0f}",
            "fewer soldiers or days; or " + _ELSEWHERE,
        )


def soldiers(case: Case) -> float:
    """All soldiers of a case: those of its forces and those who may form new ones."""
    sides = case.sides.values()
    raised = [pool.new_formations.value for s in sides for pool in s.recruitment.values() if pool.new_formations]
    return sum(force.strength.value for side in sides for force in side.forces.values()) + sum(raised)
