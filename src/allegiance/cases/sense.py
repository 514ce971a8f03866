"""Whether the numbers of a side make sense beside each other: people, soldiers, home regions, the capital, the state.

What cannot be is a fault. What is odd, but has happened in some war, is a warning: a case may mean it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.cases.reader import Document, Path_
from allegiance.cases.schema import Case

TOLERANCE = 0.011
"""Shares may miss what they add up to by this much (figures rounded to a percent)."""
MOST_ARMED = 0.5
"""Share of a side's people beyond which an army cannot be: no state has armed half of its people."""
MOST_ABROAD = 5.0
"""Home regions may hold this many times a side's people: empires recruit in colonies and among exiles."""
ODD_ARMED, ODD_REGIONS = 0.15, 2.5
"""From these shares on the library's wars have no example, and a case is warned of."""


def items(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a mapping that are mappings themselves."""
    if isinstance(value, Mapping):
        yield from ((k, v) for k, v in value.items() if isinstance(v, Mapping))


def plain_number(value: Any) -> float | None:
    """The number of a sourced number, None if there is none."""
    found = value.get("value") if isinstance(value, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def adds_up(document: Document, path: Path_, values: Iterable[float | None], what: str) -> None:
    """Add a fault where shares do not add up to 1; a gap among them is another's."""
    found = list(values)
    total = sum(v for v in found if v is not None)
    if found and None not in found and abs(total - 1.0) > TOLERANCE:
        document.fault(
            path, f"{what} must add up to 1", f"{total:.4g}", "correct the shares; rounding to a percent is allowed"
        )


def check_people(document: Document, data: Mapping[str, Any]) -> None:
    """Add a fault for every side whose people, soldiers, regions or state contradict each other."""
    for name, side in items(data.get("sides")):
        _side(document, ("sides", name), side)
    regions = [r for _, side in items(data.get("sides")) for _, r in items(side.get("regions"))]
    if regions and not any(r.get("capital") is True for r in regions):
        document.fault(
            ("sides",), "no home region is the capital", "", "mark one region of the threatened ruler: capital: true"
        )


def _side(document: Document, path: Path_, side: Mapping[str, Any]) -> None:
    people = plain_number(side.get("population"))
    if people is not None and people < 1:
        document.fault((*path, "population"), "a side has people", f"{people:g}", "give the population of the side")
    elif people is not None:
        soldiers = _total(side.get("forces"), "strength")
        if soldiers > MOST_ARMED * people:
            document.fault(
                (*path, "forces"), f"the forces are more than half of the {people:,.0f} people of the side",
                f"{soldiers:,.0f}", "correct strength or population",
            )  # fmt: skip
        homes = _total(side.get("regions"), "population")
        if homes > MOST_ABROAD * people:
            document.fault(
                (*path, "regions"), f"the home regions hold {homes / people:,.3g} times the people of the side",
                f"{homes:,.0f}", "correct the regions' populations, or the side's",
            )  # fmt: skip
    code = side.get("country")
    if isinstance(code, str) and len(code) == 3 and (cure := _unknown(code)) is not None:
        document.fault((*path, "country"), "no state has this code", code, cure)


def _total(value: Any, key: str) -> float:
    found = (plain_number(one.get(key)) for _, one in items(value))
    return sum(n for n in found if n is not None and n > 0)


def _unknown(code: str) -> str | None:
    """The cure for a code that no state has; None if one has it."""
    from allegiance.evidence.states import find_state

    try:
        find_state(code)
    except AllegianceError as error:
        return f"{error.cure}; leave country out if the side is no state"
    return None


def warnings(case: Case) -> list[str]:
    """What is odd about a case, one sentence each; empty if nothing is."""
    found = []
    for name, side in case.sides.items():
        people = side.population.value
        soldiers = sum(f.strength.value for f in side.forces.values())
        homes = sum(r.population.value for r in side.regions.values())
        if soldiers > ODD_ARMED * people:
            found.append(f"{name}: {soldiers / people:.0%} of the people are soldiers at the start")
        if homes > ODD_REGIONS * people:
            found.append(f"{name}: the home regions hold {homes / people:.2g} times the people of the side")
        if side.country is not None and not any(r.capital for r in side.regions.values()):
            found.append(f"{name}: a state, but no home region is its capital, so that protest threatens nobody")
        for pool, drawn in side.recruitment.items():
            if drawn.size.value > people:
                found.append(f"{name}: the pool {pool} is larger than the people of the side")
    return found
