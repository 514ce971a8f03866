"""Every quantity of the daily table, declared once: name, unit, whose it is, how it sums over forces, label.

Tables, frames, measures, figures, the codebook and page labels read this list; to add a quantity is to add a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from allegiance.theory.forms import DEFECT, DESERT, REFUSE, SHIRK
from allegiance.world.columns import Array
from allegiance.world.soldiers import CATEGORIES
from allegiance.world.world import World

Owner = Literal["force", "side", "contest"]
Kind = Literal["state", "cumulative", "flow"]
OverForces = Literal["sum", "mean", "once"]


@dataclass(frozen=True)
class Quantity:
    """One column of the daily table.

    `owner` says whose it is: a side's or the contest's own quantity stands in the row of each of its forces and is
    taken once. `kind` is "state" (tonight), "cumulative" (since the start) or "flow" (of today). `over_forces` is how
    a side's value follows from its forces: their sum, mean over soldiers present, or any one of them. `read` gives
    one value per force of a world. Counts of people are rounded to a tenth.
    """

    name: str
    owner: Owner
    unit: str
    kind: Kind
    label: str
    read: Callable[[World], Array]
    over_forces: OverForces = "sum"
    whole: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it counts people, brigades or area, and is rounded."""
        return self.unit in ("soldiers", "people", "brigades", "km2")


def _force(name: str) -> Callable[[World], Array]:
    return lambda world: getattr(world.force, name)


def _side(name: str) -> Callable[[World], Array]:
    return lambda world: getattr(world.side, name)[world.force.side]


def _contest(name: str) -> Callable[[World], Array]:
    return lambda world: getattr(world.contest, name)[world.force.contest]


def _acts(form: int) -> Callable[[World], Array]:
    return lambda world: world.acts[:, form]


def _today(form: int) -> Callable[[World], Array]:
    return lambda world: (
        np.bincount(world.brigade.force, world.acts_today[:, form], len(world.force)) * world.force.weight
    )


def _share(category: int) -> Callable[[World], Array]:
    return lambda world: world.rolls[category] / np.maximum(world.force.on_rolls, 1e-9)


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("strength", "force", "soldiers", "state", "soldiers present", _force("present")),
    Quantity("effective", "force", "soldiers", "state", "present and obeying", _force("obeying")),
    Quantity("contact", "force", "soldiers", "state", "present and in contact", _force("present_in_contact")),
    Quantity("shirking", "force", "soldiers", "state", "hiddenly shirking", _force("shirking")),
    Quantity("refusing", "force", "soldiers", "state", "refusing", _force("refusing")),
    Quantity("in_mutiny", "force", "soldiers", "state", "in mutiny", _force("in_mutiny")),
    Quantity("grievance", "force", "grievance", "state", "mean grievance of those there", _force("grievance"), "mean"),
    Quantity("leaders", "force", "share", "state", "junior leaders who enforce orders", _force("leaders"), "mean"),
    Quantity("looking_away", "force", "share", "state", "companies whose junior leaders look away",
             _force("looking_away"), "mean"),
    Quantity("supplied", "force", "share", "state", "supply that arrives against need", _force("supply"), "mean"),
    Quantity("upkeep", "force", "share", "state", "working order of equipment", _force("upkeep"), "mean"),
    *(
        Quantity(f"share_{name}", "force", "share", "state", f"share of {name} soldiers", _share(k), "mean")
        for k, name in enumerate(CATEGORIES)
    ),
    Quantity("ordered", "force", "brigades", "state", "brigades with orders to act today", _force("ordered")),
    Quantity("halted", "force", "brigades", "state", "of those, brigades that have halted", _force("halted")),
    Quantity("deserted", "force", "soldiers", "cumulative", "deserters so far", _acts(DESERT)),
    Quantity("defected", "force", "soldiers", "cumulative", "gone over so far", _acts(DEFECT)),
    Quantity("imprisoned", "force", "soldiers", "cumulative", "imprisoned so far", _force("imprisoned")),
    Quantity("killed", "force", "soldiers", "cumulative", "killed so far", _force("killed")),
    Quantity("wounded", "force", "soldiers", "cumulative", "wounded so far", _force("wounded")),
    Quantity("new_desertion", "force", "soldiers", "flow", "deserters today", _today(DESERT)),
    Quantity("new_defection", "force", "soldiers", "flow", "gone over today", _today(DEFECT)),
    Quantity("new_refusal", "force", "soldiers", "flow", "refusals today", _today(REFUSE)),
    Quantity("new_shirking", "force", "soldiers", "flow", "new shirkers today", _today(SHIRK)),
    Quantity("capability_log_ratio", "contest", "log ratio", "state",
             "log of the attacker's effective power over the defender's", _contest("log_ratio"), "once"),
    Quantity("area", "contest", "km2", "state", "area held by the attacker", _contest("area"), "once"),
    Quantity("protest", "side", "people", "state", "protesters in the street", _side("protest"), "once"),
    Quantity("repression", "side", "share", "state", "share of the protest broken today", _side("broken"), "once"),
    Quantity("appeal", "side", "ratio", "state", "appeals of dissidents to soldiers, 1 as is usual", _side("appeal"),
             "once"),
    Quantity("kindness", "side", "ratio", "state", "kindness to soldiers of the other side, 1 as at the start",
             _side("kindness"), "once"),
    Quantity("escalation", "side", "level", "state", "level of destruction", _side("rung"), "once", True),
    Quantity("civilians_killed", "side", "people", "cumulative", "civilians it has killed so far",
             _side("civilians_killed"), "once"),
    Quantity("killed_by_mutineers", "side", "people", "cumulative", "of those, killed by its mutineers so far",
             _side("killed_by_mutineers"), "once"),
    Quantity("turncoats", "side", "soldiers", "state", "went over and fight against it", _side("turncoats"), "once"),
    Quantity("civil_war_deaths", "side", "deaths", "cumulative", "dead in fighting with them, where no army stands "
             "against it", _side("civil_war_deaths"), "once"),
    Quantity("civil_war_days", "side", "days", "cumulative", "days of civil war so far", _side("civil_war_days"),
             "once", True),
    Quantity("win_belief", "side", "probability", "state", "believed chance of winning", _side("win_belief"), "once"),
)  # fmt: skip

NAMES = tuple(q.name for q in QUANTITIES)
BY_NAME = {q.name: q for q in QUANTITIES}
SIDE_WIDE = tuple(q.name for q in QUANTITIES if q.owner != "force")
"""Quantities that stand alike in the rows of all forces of a side."""
SUMS = tuple(q.name for q in QUANTITIES if q.over_forces == "sum")
MEANS = tuple(q.name for q in QUANTITIES if q.over_forces == "mean")


def read_all(world: World) -> Array:
    """Today's value of every quantity for every force (shape (quantities, forces))."""
    return np.stack([q.read(world) for q in QUANTITIES])
