"""Inputs a case may leave out: their neutral values, one list, and what fills those that depend on others.

Halving or doubling any of them moved no coded outcome of the library, so a case need not state them. A value filled in
here says so in its note and counts as a judgement, like any number without a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allegiance.base.values import Basis, Sourced

MARK = "not given: "
"""How the note of a value that the format filled in begins."""
CONTAINED = 0.002
"""Share of the people whose protest a state can contain in a day, where a case does not say."""
FACED = 0.05
"""Share of the people of the first side who live in an area, where a case does not say."""


def neutral(value: float, unit: str, why: str, low: float | None = None, high: float | None = None) -> Sourced:
    """A default of the format as a sourced number."""
    ends = None if low is None or high is None else (low, high)
    return Sourced(value=value, unit=unit, basis=Basis.judgement, range=ends, note=f"{MARK}{why}")


def is_neutral(number: Sourced) -> bool:
    """Whether a number was not given by the case but filled in by the format."""
    return number.note.startswith(MARK)


def filled(data: Any) -> Any:
    """Plain data of a case with home regions, homes, capacity, weights and people of areas filled in where left out.

    What is there stays as it is, faults included; a value that another one's absence leaves open is not filled.
    """
    if not isinstance(data, Mapping):
        return data
    out = dict(data)
    given = data.get("sides")
    sides = given if isinstance(given, Mapping) else {}
    if sides:
        out["sides"] = {name: _side(side) for name, side in sides.items()}
    areas = data.get("areas")
    if isinstance(areas, Mapping):
        people = next((_value(s, "population") for s in sides.values()), None)
        open_ = all(isinstance(a, Mapping) and "weight" not in a for a in areas.values())
        out["areas"] = {key: _area(area, people, 1 / len(areas) if open_ else None) for key, area in areas.items()}
    return out


def _value(part: Any, key: str) -> float | None:
    number = part.get(key) if isinstance(part, Mapping) else None
    found = number.get("value") if isinstance(number, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) and found >= 0 else None


def _plain(value: float, unit: str, why: str) -> dict[str, Any]:
    return neutral(value, unit, why).model_dump(mode="json")


def _side(side: Any) -> Any:
    if not isinstance(side, Mapping):
        return side
    out, people = dict(side), _value(side, "population")
    if people is None:
        return out
    if "regions" not in out:
        country = {"name": "The country", "population": _plain(people, "people", "all the people"), "capital": True}
        out["regions"] = {"home": country}
    protest = out.get("protest", {})
    if isinstance(protest, Mapping) and "capacity" not in protest:
        out["protest"] = {"capacity": _plain(CONTAINED * people, "people", "two in a thousand"), **protest}
    if isinstance(out.get("forces"), Mapping) and isinstance(out["regions"], Mapping):
        homes = _homes(out["regions"])
        out["forces"] = {key: _force(force, homes) for key, force in out["forces"].items()}
    return out


def _homes(regions: Mapping[str, Any]) -> dict[str, Any]:
    """Shares of the home regions by population; empty where one has none."""
    people = {key: _value(region, "population") for key, region in regions.items()}
    known = {key: count for key, count in people.items() if count is not None}
    total = sum(known.values())
    if not known or len(known) < len(people) or total <= 0:
        return {}
    return {key: _plain(count / total, "share", "by population") for key, count in known.items()}


def _force(force: Any, homes: dict[str, Any]) -> Any:
    if not isinstance(force, Mapping) or "recruits_from" in force or not homes:
        return force
    return {**force, "recruits_from": homes}


def _area(area: Any, people: float | None, weight: float | None) -> Any:
    if not isinstance(area, Mapping):
        return area
    out = dict(area)
    if weight is not None:
        out["weight"] = _plain(weight, "share", "equal over the areas")
    if "population" not in out and people is not None:
        out["population"] = _plain(FACED * people, "people", "a twentieth of the people")
    return out
