"""Random small valid cases, for properties that must hold whatever the case."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from allegiance.cases.faults import validated
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case, Category

CATEGORIES = [str(c) for c in Category]
level = st.floats(0, 1, allow_nan=False).map(lambda x: round(x, 3))


def number(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "judgement", "note": "random"}


@st.composite
def shares(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """Shares of at least one of the names; they add up to 1."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    weights = [draw(st.integers(1, 9)) for _ in chosen]
    return {name: number(weight / sum(weights), "share") for name, weight in zip(chosen, weights, strict=True)}


@st.composite
def forces(draw: st.DrawFn, groups: list[str], resource_share: float, kind: str) -> dict[str, Any]:
    return {
        "name": "Random force",
        "kind": kind,
        "strength": number(draw(st.integers(60, 600)), "soldiers"),
        "composition": draw(shares(CATEGORIES)),
        "formation": {
            "company": draw(st.integers(20, 60)),
            "battalion": draw(st.integers(1, 4)),
            "brigade": draw(st.integers(1, 3)),
        },
        "deployed": number(draw(level), "share"),
        "quality": number(draw(level), "level"),
        "equipment": number(draw(level), "level"),
        "resource_share": number(resource_share, "share"),
        "pay": number(draw(st.floats(0, 5)), "ratio"),
        "command": {"loyalty": number(draw(level), "level"), "competence": number(draw(level), "level")},
        "loyalty": number(draw(level), "level"),
        "groups": draw(shares(groups)),
        "recruits_from": draw(shares(["capital", "provinces"])),
        "wounded_to_killed": number(draw(st.floats(0, 12)), "ratio"),
        "return_to_duty": number(draw(level), "share"),
    }


@st.composite
def sides(draw: st.DrawFn, role: str, groups: list[str]) -> dict[str, Any]:
    both = draw(st.booleans())
    favoured = draw(st.floats(0.05, 0.6)) if both else 0.0
    found = {"army": draw(forces(groups, 1 - favoured, "regular"))}
    if both:
        found["guard"] = draw(forces(groups, favoured, draw(st.sampled_from(["guard", "private", "militia"]))))
    one = {key: number(draw(level), "level") for key in ("supply", "monitoring", "punishment", "inclusion")}
    coups = ("counterbalancing", "stacking", "purges", "surveillance", "blocking")
    return {
        "name": role.title(),
        "role": role,
        "population": number(1e6, "people"),
        **one,
        "inducement": number(draw(level), "level"),
        "escalation_ceiling": draw(st.integers(0, 5)),
        "coup_base_rate": number(draw(st.floats(0, 0.2)), "probability/year"),
        "coup_proofing": {key: number(draw(level), "level") for key in coups},
        "aims": {
            "resolve": number(draw(level), "level"),
            "expected_advantage": number(draw(st.floats(-1, 1)), "log ratio"),
            "uncertainty": number(draw(st.floats(0.05, 1)), "log ratio"),
            "expected_days": number(draw(st.integers(1, 200)), "days"),
        },
        "forces": found,
        "regions": {
            "capital": {"name": "Capital", "capital": True, "population": number(2e5, "people")},
            "provinces": {"name": "Provinces", "population": number(8e5, "people")},
        },
        "recruitment": {
            category: {
                "category": category,
                "size": number(draw(st.integers(0, 300)), "people"),
                "daily_max": number(draw(st.integers(0, 20)), "soldiers/day"),
                "political_cost": number(draw(level), "level"),
                "money_cost": number(1.0, "ratio"),
                "force": "army",
            }
            for category in draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True))
        },
        "protest": {
            "capacity": number(draw(st.integers(0, 50000)), "people"),
            "waves": [
                {
                    "date": "2000-01-05",
                    "days": draw(st.integers(1, 30)),
                    "participants": number(draw(st.integers(0, 200000)), "people"),
                    "nonviolent": number(draw(level), "share"),
                    "capital": number(draw(level), "share"),
                }
            ]
            * draw(st.integers(0, 1)),
        },
        "replaces_losses": number(draw(level), "share"),
    }


@st.composite
def case_data(draw: st.DrawFn, max_days: int = 30) -> dict[str, Any]:
    """Plain data of a small valid case: one or two sides, 60 to 2,400 soldiers in all."""
    two = draw(st.booleans())
    found = {"attacker": draw(sides("attacker", ["core", "kin"]))}
    if two:
        found["defender"] = draw(sides("defender", ["locals"]))
    used = {g for f in found["attacker"]["forces"].values() for g in f["groups"]}
    return {
        "schema": 1,
        "id": "random",
        "title": "Random case",
        "summary": "Drawn at random.",
        "start": "2000-01-01",
        "days": draw(st.integers(10, max(10, max_days))),
        "information_date": "2000-12-31",
        "sources": {},
        "sides": found,
        "war": {
            "kind": "interstate" if two else "repression",
            "intensity": number(draw(st.floats(0, 20)), "killed per 1000 per day"),
            "area_start": number(100, "km2"),
            "area_target": number(draw(st.integers(100, 5000)), "km2"),
            "mobility": number(draw(st.floats(0, 200)), "km2/day"),
            "terrain": number(draw(level), "level"),
            "civilian_baseline": number(draw(st.floats(0, 1)), "killed per 1000 per day"),
        },
        "areas": {
            "front": {
                "name": "Front",
                "population": number(draw(st.integers(0, 100000)), "people"),
                "groups": {"locals": number(1.0, "share")},
                "weight": number(1.0, "share"),
                "against_civilians": number(draw(level), "share"),
                "urban": number(draw(level), "share"),
            }
        },
        "ties": [
            {"soldiers": group, "civilians": "locals", "tie": number(draw(level), "level")} for group in sorted(used)
        ],
    }


@st.composite
def small_cases(draw: st.DrawFn, max_days: int = 30) -> Case:
    """A small valid case, for tests of the engine."""
    return validated(Document("random case", draw(case_data(max_days))), Case)
