"""A small made-up case and frames of the shape a run writes, so that reports can be tested without an engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from allegiance.cases.paths import basis_counts
from allegiance.cases.schema import Case

CATEGORIES = ("contract", "conscript", "mobilised", "volunteer", "prisoner", "mercenary")
FORMS = ("coup_attempt", "coup_success", "mutiny", "defection", "desertion", "refusal", "shirking")
EVENTS = ("mutiny", "desertion", "refusal", "defection", "halt", "escalation", "coup_attempt", "settlement")


def _n(value: float, unit: str, basis: str = "judgement") -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": basis, "source": "book", "note": "made up"}


def _force(name: str, kind: str, strength: int, mix: dict[str, float]) -> dict[str, Any]:
    level = {k: _n(0.5, "level") for k in ("quality", "equipment", "loyalty")}
    return {
        "name": name,
        "kind": kind,
        "strength": _n(strength, "soldiers", "published"),
        "composition": {k: _n(v, "share") for k, v in mix.items()},
        "deployed": _n(0.6, "share"),
        "resources": _n(1, "ratio"),
        "pay": _n(1, "ratio"),
        "command": {"loyalty": _n(0.6, "level"), "competence": _n(0.5, "level")},
        "groups": {"all": _n(1, "share")},
        "recruits_from": {"home": _n(1, "share")},
        "wounded_to_killed": _n(3, "ratio", "measured"),
        "return_to_duty": _n(0.5, "share", "estimated"),
        **level,
    }


def _side(name: str, role: str, forces: dict[str, Any]) -> dict[str, Any]:
    levels = ("supply", "monitoring", "punishment", "inclusion", "inducement")
    proofing = ("counterbalancing", "stacking", "purges", "surveillance", "blocking")
    return {
        "name": name,
        "role": role,
        "population": _n(5e7, "people", "published"),
        **{k: _n(0.5, "level") for k in levels},
        "escalation_ceiling": 4,
        "coup_base_rate": _n(0.0135, "probability/year", "published"),
        "coup_proofing": {k: _n(0.5, "level") for k in proofing},
        "aims": {
            "resolve": _n(0.6, "level"),
            "expected_advantage": _n(0.8, "log ratio"),
            "uncertainty": _n(0.5, "log ratio"),
            "expected_days": _n(30, "days"),
        },
        "forces": forces,
        "regions": {"home": {"name": "Home", "population": _n(5e7, "people"), "capital": True}},
        "protest": {"capacity": _n(20000, "people")},
        "replaces_losses": _n(0.8, "share"),
    }


def make_case(title: str = "Northland attacks Southland", sides: int = 2) -> Case:
    """A valid case with one or two sides."""
    north = _side(
        title.split()[0] if sides == 2 else "Northland",
        "attacker",
        {
            "army": _force("Army", "regular", 120_000, {"contract": 0.7, "conscript": 0.3}),
            "guard": _force("Guard", "guard", 20_000, {"mercenary": 1.0}),
        },
    )
    south = _side(
        "Southland", "defender", {"army": _force("Army", "regular", 90_000, {"volunteer": 0.6, "mobilised": 0.4})}
    )
    data = {
        "schema": 1,
        "id": "northland-2001",
        "title": title,
        "summary": "A made-up war between two made-up states, for tests of the report.",
        "start": "2001-03-01",
        "days": 120,
        "information_date": "2001-03-01",
        "sources": {
            "book": {"title": "A made-up book", "author": "Nobody", "year": 2001, "url": "https://example.org/book"},
            "bad": {"title": "A page with a bad address", "url": "javascript:alert(1)"},
        },
        "sides": {"north": north, "south": south} if sides == 2 else {"north": north},
        "war": {
            "kind": "interstate",
            "intensity": _n(1, "killed per 1000 per day"),
            "area_start": _n(0, "km2"),
            "area_target": _n(100_000, "km2"),
            "mobility": _n(1000, "km2/day"),
            "terrain": _n(0.5, "level"),
            "civilian_baseline": _n(0.01, "killed per 1000 per day"),
        },
        "areas": {
            "front": {
                "name": "Front",
                "population": _n(1e6, "people"),
                "groups": {"all": _n(1, "share")},
                "weight": _n(1, "share"),
                "against_civilians": _n(0.1, "share"),
                "urban": _n(0.4, "share"),
            }
        },
        "decisions": {
            "call_up": {
                "date": "2001-05-01",
                "label": "Northland calls up reservists",
                "set": {"sides.north.supply": 0.6},
            }
        },
    }
    return Case.model_validate(data)


def make_daily(case: Case, members: int = 12, days: int = 120, seed: int = 1) -> pl.DataFrame:
    """A plausible daily frame: one row per member, day, side and force."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    frames = []
    for side, s in case.sides.items():
        drift = rng.normal(0, 0.3, members)
        for force, f in s.forces.items():
            base = f.strength.value
            for member in range(members):
                leave = np.cumsum(rng.poisson(base * 4e-5 * np.exp(rng.normal(0, 0.5)), days))
                killed = np.cumsum(rng.poisson(base * 1e-4, days))
                strength = base - leave - killed
                mix = {
                    c: f.composition[c].value if c in f.composition else 0.0
                    for c in f.composition.keys() | set(CATEGORIES)
                }
                ratio = np.linspace(0.7, 0.1 + drift[member], days) + rng.normal(0, 0.02, days)
                shirk = base * 0.03 * (1 + day / days) * np.exp(rng.normal(0, 0.3))
                rungs = np.minimum(4, np.cumsum(rng.random(days) < 0.02))
                frames.append(
                    pl.DataFrame(
                        {
                            "member": np.full(days, member, np.int32),
                            "day": day.astype(np.int32),
                            "side": [side] * days,
                            "force": [force] * days,
                            "strength": strength,
                            "effective": strength - shirk,
                            **{f"share_{c}": np.full(days, mix[c]) for c in CATEGORIES},
                            "grievance": np.linspace(0.1, 0.5, days),
                            "shirking": shirk,
                            "refusing": base * 0.001 * rng.random(days),
                            "in_mutiny": np.where(rng.random(days) < 0.02, 60.0, 0.0),
                            "deserted": leave * 0.8,
                            "defected": leave * 0.2,
                            "imprisoned": leave * 0.1,
                            "killed": killed.astype(float),
                            "wounded": killed * 3.0,
                            "capability_log_ratio": ratio if len(case.sides) == 2 else np.full(days, np.nan),
                            "area": np.minimum(day * 900.0, 60_000),
                            "protest": rng.gamma(1, 400, days),
                            "repression": rng.random(days) * 0.2,
                            "escalation": rungs if s.role == "attacker" else np.zeros(days, int),
                            "civilians_killed": np.cumsum(rng.poisson(20 if s.role == "attacker" else 2, days)).astype(
                                float
                            ),
                        }
                    )
                )
    return pl.concat(frames)


def make_events(case: Case, members: int = 12, days: int = 120, seed: int = 2) -> pl.DataFrame:
    """Plausible events of every type."""
    rng = np.random.default_rng(seed)
    rows = 60 * members
    return pl.DataFrame(
        {
            "member": rng.integers(0, members, rows).astype(np.int32),
            "day": rng.integers(0, days, rows).astype(np.int32),
            "side": rng.choice(list(case.sides), rows),
            "force": ["army"] * rows,
            "formation": ["1st brigade"] * rows,
            "company": rng.integers(0, 50, rows),
            "type": rng.choice(EVENTS, rows, p=[0.1, 0.4, 0.2, 0.1, 0.1, 0.06, 0.02, 0.02]),
            "size": rng.integers(1, 300, rows).astype(float),
            "weight": np.ones(rows),
            "violent": rng.random(rows) < 0.2,
            "rank": ["troops"] * rows,
            "grievance": rng.random(rows),
            "civilians_killed": np.zeros(rows),
            "label": ["an event"] * rows,
        }
    ).sort("member", "day")


def make_members(case: Case, members: int = 12, seed: int = 3) -> pl.DataFrame:
    """Plausible outcomes, one row per member."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {"member": np.arange(members, dtype=np.int32)}
    for side in case.sides:
        columns |= {f"{side}.{f}.ever_share": rng.gamma(2, 0.01, members) for f in FORMS[3:]}
        columns |= {f"{side}.{f}.count": rng.poisson(2, members) for f in FORMS[:3]}
        columns |= {f"killed.{side}": rng.normal(2000, 100, members), f"wounded.{side}": rng.normal(6000, 300, members)}
    columns |= {"war.duration_days": rng.integers(60, 120, members), "war.parity_share": rng.random(members)}
    columns |= {"war.end": rng.choice(["ongoing", "settlement"], members)}
    return pl.DataFrame(columns)


def make_summary(case: Case, members: int = 12, days: int = 120) -> dict[str, Any]:
    """A summary with every key of the contract."""
    probability = dict(zip(FORMS, (0.02, 0.01, 0.62, 0.8, 0.97, 0.4, 1.0), strict=True))
    outcome = {
        f: {
            "probability": p,
            "interval": [max(0, p - 0.2), min(1, p + 0.1)],
            "interval_chance_only": [max(0, p - 0.05), p],
        }
        for f, p in probability.items()
    }
    quantity = {"median": 0.021, "interval": [0.004, 0.06]}
    return {
        "schema": 1,
        "case": case.id,
        "members": members,
        "days": days,
        "seed": 0,
        "scale": 1.0,
        "outcomes": dict.fromkeys(case.sides, outcome),
        "shares": {s: dict.fromkeys(FORMS[3:], quantity) for s in case.sides},
        "counts": {s: {f: {"median": 1.0, "interval": [0.0, 4.0]} for f in FORMS[:3]} for s in case.sides},
        "war": {
            "duration_days": {"median": 110.0, "interval": [70.0, 120.0]},
            "parity_share": {"median": 0.4, "interval": [0.1, 0.9]},
            "end": {"ongoing": 0.75, "settlement": 0.25},
        },
        "escalation": {"max_level": {"median": 3.0, "interval": [1.0, 4.0]}},
        "civilians_killed": {"median": 2600.0, "interval": [2400.0, 2900.0]},
        "killed": {s: {"median": 2000.0, "interval": [1800.0, 2300.0]} for s in case.sides},
        "wounded": {s: {"median": 6000.0, "interval": [5400.0, 6900.0]} for s in case.sides},
        "basis": basis_counts(case),
        "degenerate": ["north.shirking has probability 1 in all members"],
    }


def make_story(case: Case, days: int = 120) -> pl.DataFrame:
    """A diary of one member."""
    some = range(0, days, 4)
    return pl.DataFrame(
        {
            "day": list(some),
            "date": [case.start + timedelta(days=d) for d in some],
            "text": [f"Day {d}: a company of the 1st brigade refuses to move." for d in some],
        }
    )
