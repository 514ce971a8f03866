"""What is kept of a member: one row of numbers per side, each of which can be added up over members."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from allegiance.cases.schema import Case, Side
from allegiance.runs.member import Played
from allegiance.theory.forms import DESERT
from allegiance.world.blueprint import Blueprint
from allegiance.world.columns import Array
from allegiance.world.events import EVENT_CODE
from allegiance.world.soldiers import CATEGORIES

MASS = 0.1
"""Share of the force that has left by which desertion is mass desertion (Lyall 2016)."""
REFUSED = 0.3
"""Share of the brigades with orders from which an order counts as not carried out (docs/coding-rules.md)."""
COLLAPSE, DISSOLVED = 0.3, 0.5
"""Share of the soldiers who leave within ten days in a collapse, and by the end in an army that is gone (judgement)."""
MONTH = 30
COMPELLED = ("conscript", "mobilised", "prisoner")


def kept(played: Played, plan: Blueprint, case: Case) -> pl.DataFrame:
    """One row per side of a member.

    Columns: member, side, n (1), compelled (share of its soldiers at the start), days, log_days; of its regular
    forces: soldier_days, desertion, defection, leaving (people), mh_up, mh_down (parts of the odds
    ratio of desertion, conscript against contract), heavy_deserted, heavy_days, light_deserted, light_days; of the
    whole side: mutiny (episodes), attempts, successes, attempted, mass, mass_day_1, mass_day_10, collapse (three tenths
    left within ten days), dissolved (half left), refused.
    """
    rows = [_row(played, plan, s, name, case.sides[name]) for s, name in enumerate(plan.names.sides)]
    return pl.DataFrame([{"member": played.member} | row for row in rows])


def _row(played: Played, plan: Blueprint, s: int, name: str, side: Side) -> dict[str, Any]:
    daily, forces = played.daily, [f.split(".", 1) for f in plan.names.forces]
    own = [k for k, (of, _) in enumerate(forces) if of == name]
    regular = [k for k in own if side.forces[forces[k][1]].kind == "regular"] or own
    army = {
        k: np.bincount(daily["day"], daily[k] * np.isin(daily["force"], regular), played.days)
        for k in ("strength", "new_desertion", "new_defection", "killed", "wounded")
    }
    men = sum(f.strength.value for f in side.forces.values())
    compelled = sum(f.strength.value * sum(_value(f, c) for c in COMPELLED) for f in side.forces.values())
    desertion, defection = float(army["new_desertion"].sum()), float(army["new_defection"].sum())
    events = played.events[played.events["side"] == s]
    return {
        "side": name, "n": 1.0, "compelled": compelled / max(men, 1.0), "days": float(played.days),
        "log_days": float(np.log(max(played.days, 1))), "soldier_days": float(army["strength"].sum()),
        "desertion": desertion, "defection": defection, "leaving": desertion + defection,
        **odds_parts(played.cross[regular].sum(axis=(0, 2))),
        **by_losses(army["strength"], army["new_desertion"], army["killed"] + army["wounded"]),
        **_events(events), **mass(_left(daily, own, played.days), men), "refused": _refused(played, events, s),
    }  # fmt: skip


def _value(force: Any, category: str) -> float:
    number = force.composition.get(category)
    return float(number.value) if number else 0.0


def odds_parts(cross: Array) -> dict[str, float]:
    """a·d/n and b·c/n of desertion by conscript and contract soldier; `cross` has shape (category, form + 1)."""
    (a, n), (c, m) = (
        (float(cross[k, DESERT + 1]), float(cross[k, 0])) for k in map(CATEGORIES.index, ("conscript", "contract"))
    )
    total = max(n + m, 1e-9)
    return {"mh_up": a * (m - c) / total, "mh_down": (n - a) * c / total}


def by_losses(strength: Array, deserted: Array, lost: Array) -> dict[str, float]:
    """Deserters and soldier-days of whole months with losses above the mean of this army's months, and of the others.

    Args:
        strength, deserted: of each day. lost: killed and wounded so far, of each day.
    """
    whole = len(strength) // MONTH
    none = {"heavy_deserted": 0.0, "heavy_days": 0.0, "light_deserted": 0.0, "light_days": 0.0}
    if whole < 2:
        return none
    men, gone = (x[: whole * MONTH].reshape(whole, MONTH).sum(axis=1) for x in (strength, deserted))
    rate = np.diff(lost[MONTH - 1 : whole * MONTH : MONTH], prepend=0.0) / np.maximum(men, 1.0)
    heavy = rate > rate.mean()
    return {
        "heavy_deserted": float(gone[heavy].sum()), "heavy_days": float(men[heavy].sum()),
        "light_deserted": float(gone[~heavy].sum()), "light_days": float(men[~heavy].sum()),
    }  # fmt: skip


def _left(daily: dict[str, Array], own: list[int], days: int) -> Array:
    """People of a side who deserted or went over so far, by day."""
    mine = np.isin(daily["force"], own)
    return np.bincount(daily["day"], (daily["deserted"] + daily["defected"]) * mine, days)


def mass(left: Array, men: float) -> dict[str, float]:
    """Whether a tenth of the soldiers had left by the end, by the first evening, by the tenth; and more than that.

    Args:
        left: people who left so far, by day. soldiers: at the start.
    """
    many = left >= MASS * men
    before = np.concatenate([np.zeros(10), left])[: len(left)]
    return {
        "mass": float(many.any()), "mass_day_1": float(many[:1].any()), "mass_day_10": float(many[:10].any()),
        "collapse": float((left - before).max() >= COLLAPSE * men), "dissolved": float(left.max() >= DISSOLVED * men),
    }  # fmt: skip


def _events(own: Array) -> dict[str, float]:
    of = {kind: own[own["type"] == EVENT_CODE[kind]] for kind in ("mutiny", "coup_attempt", "coup_success")}
    attempts = float(of["coup_attempt"]["weight"].sum())
    return {
        "mutiny": float(len(np.unique(of["mutiny"]["episode"]))), "attempts": attempts,
        "successes": float(of["coup_success"]["weight"].sum()), "attempted": float(attempts > 0),
    }  # fmt: skip


def _refused(played: Played, events: Array, s: int) -> float:
    """Whether an order was not carried out: three tenths of those with orders halted on a day, or the ruler fell."""
    mine = played.daily["side"] == s
    ordered, halted = (
        np.bincount(played.daily["day"], played.daily[k] * mine, played.days) for k in ("ordered", "halted")
    )
    halt = float((halted / np.maximum(ordered, 1.0)).max())
    fell = played.end == "regime_fell" or bool((events["type"] == EVENT_CODE["coup_success"]).any())
    return float(halt >= REFUSED or fell)
