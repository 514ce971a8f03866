"""A war small enough to be worked out by hand: two sides with an army of four companies each, the first with a guard.

Rows of one contest (a second contest of a world has the same rows after them):

    sides      0 stronger (attacker), 1 weaker (defender)
    forces     0 stronger.army, 1 stronger.guard, 2 weaker.army
    brigades   0 1 of stronger.army, 2 of stronger.guard, 3 4 of weaker.army
    companies  two to a brigade, 20 men each, in the order of the brigades
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from allegiance.base.random import philox
from allegiance.cases.loader import load_case
from allegiance.cases.paths import dump
from allegiance.cases.schema import Case
from allegiance.day.schedule import SCHEDULE
from allegiance.runs.member import begin, play_day
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.chance import Chance
from allegiance.world.events import EVENT_CODE
from allegiance.world.soldiers import Soldiers
from allegiance.world.world import World

MEN = 20
SIDE_OF_FORCE = (0, 0, 1, 2, 2, 3)
FORCE_OF_BRIGADE = (0, 0, 1, 2, 2, 3, 3, 4, 5, 5)
SIDE_OF_BRIGADE = tuple(SIDE_OF_FORCE[f] for f in FORCE_OF_BRIGADE)
FORCE_OF_COMPANY = tuple(FORCE_OF_BRIGADE[c // 2] for c in range(20))
SIDE_OF_COMPANY = tuple(SIDE_OF_FORCE[f] for f in FORCE_OF_COMPANY)
ENEMY = (1, 0, 3, 2)
"""Rows of two contests side by side."""
TABLES = ("contest", "side", "force", "brigade", "company", "zone", "region", "pool")


@lru_cache
def small_case(kind: str = "interstate") -> Case:
    """The reference war with 80 and 40 men a side; as "repression" its first side alone against its own people."""
    data = dump(load_case("reference"))
    for side in data["sides"].values():
        for name, force in side["forces"].items():
            force["strength"]["value"] = 80 if name == "army" else 40
            force["formation"] = {"company": MEN, "battalion": 2, "brigade": 1}
    data["war"]["kind"] = kind
    for extra in ("decisions", "counterfactuals", "conditions"):
        data[extra] = {}
    if kind == "repression":
        del data["sides"]["weaker"]
    return Case.model_validate(data)


@lru_cache
def plan_of(kind: str = "interstate", days: int = 60) -> Blueprint:
    """The small war at full scale."""
    return build(small_case(kind), days, 1.0)


def world(
    members: tuple[int, ...] = (0, 1), theory: Theory | None = None, kind: str = "interstate",
    fixed: Mapping[str, float] | None = None, plan: Blueprint | None = None,
) -> World:  # fmt: skip
    """A world on its first morning; every member has another draw of the parameters, and every input another value."""
    draws = [draw(5, m, fixed) for m in members]
    made = begin(plan or plan_of(kind), theory or Theory(), draws, 1, members)
    distinct(made, members)
    return made


def distinct(made: World, members: tuple[int, ...]) -> None:
    """Give every row of every input its own value, a few per cent from what the case says."""
    for name in TABLES:
        table = getattr(made, name)
        per = len(table) // made.contests
        for n, (key, values) in enumerate(sorted(table.given.items())):
            if name == "zone" and key == "weight":
                continue
            row = np.tile(np.arange(per), made.contests) + 0.5 * np.repeat(members, per)
            table.given[key] = values * (1.0 - 0.03 * ((row + 0.37 * n) % 5.0))
    made.tables = None


class Told(Chance):
    """Chance whose answers to some questions are given: (decision, number) to one value per row of the table."""

    def __init__(self, made: World, told: Mapping[tuple[int, int], Any]) -> None:
        super().__init__(made.chance.seed, made.chance.members)
        self.day, self.told = made.day, {key: np.asarray(values, float) for key, values in told.items()}

    def uniform(self, decision: int, who: Any, rows: Any = slice(None), number: int = 0) -> Any:
        if (decision, number) in self.told:
            return self.told[decision, number][rows]
        return super().uniform(decision, who, rows, number)


def word(made: World, slot: int, day: int, decision: int) -> float:
    """The luck of the man in a slot on a day [0 to 1], from the plain generator."""
    company, c, j = made.company, slot // MEN, slot % MEN
    group = int(company.ordinal[c]) * 512 + j % 5
    member = int(made.chance.members[company.contest[c]])
    words = philox(group, day | decision << 16, int(company.roll[c]), member, made.chance.seed, 0)
    return (int(words[j // 5]) + 0.5) / 2.0**32


def events(made: World, kind: str) -> Any:
    """Today's events of a type."""
    table = made.events.table()
    return table[(table["type"] == EVENT_CODE[kind]) & (table["day"] == made.day)]


def fill(column: Any, first: float, step: float) -> None:
    """Give a column the values first, first + step, and so on."""
    column[:] = first + step * np.arange(len(column))


def p(made: World, mechanism: str, parameter: str, contest: int) -> float:
    """One parameter of one contest."""
    return float(getattr(getattr(made.theory, mechanism).p, parameter)[contest])


def close(got: Any, expected: Any) -> None:
    """Check that numbers are equal but for rounding."""
    np.testing.assert_allclose(np.asarray(got, float), np.asarray(expected, float), rtol=1e-9, atol=1e-12)


def beside_as_alone(step: Callable[[World], None], kind: str = "interstate") -> None:
    """Check that a phase does to each of two members side by side, bit for bit, what it does to each alone.

    The war is fierce and mutinous, so that every phase has something to do; the phase is looked at on its fourth day.
    """
    both = fierce((0, 1), kind=kind)
    for k in (0, 1):
        compare(before_and_at(both, step), before_and_at(fierce((k,), kind=kind), step), k)


def fierce(members: tuple[int, ...], days: int = 3, kind: str = "interstate") -> World:
    """A war in which much happens, after some days."""
    fixed = {
        "choice_base_mutiny": -2.0, "choice_base_desert": -5.0, "choice_base_refuse": -5.0, "cascade_trigger": 0.2,
        "command_halt": 0.3, "suppression_rate": 0.4, "choice_return_days": 5.0, "wounded_days": 5.0,
        "command_cross": 0.95, "command_days": 2.0, "command_flight": 5.0, "ruler_dismiss": 5.0, "fragging_rate": 0.2,
        "unauthorised_march": 0.5, "unauthorised_seize": 5.0, "unauthorised_kill": 2.0,
    }  # fmt: skip
    made = world(members, fixed=fixed, kind=kind)
    made.force.given["deployed"] = made.force.given["deployed"] * 0.0 + 0.9
    made.force.given["relief"] = made.force.given["relief"] * 0.1
    made.contest.given["intensity"] = made.contest.given["intensity"] * 0 + 40.0
    for _ in range(days):
        play_day(made)
    return made


def before_and_at(made: World, step: Callable[[World], None]) -> World:
    """A copy of the world after today's phases up to and with `step`."""
    made = copy.deepcopy(made)
    for phase in SCHEDULE:
        phase.step(made)
        if phase.step is step:
            return made
    raise AssertionError("no such phase")


def compare(both: World, alone: World, k: int) -> None:
    """Check that contest `k` of a world is the only contest of another, bit for bit."""
    rows = both.plan.rows
    for name in TABLES:
        table, single = getattr(both, name), getattr(alone, name)
        part = slice(k * rows[name], (k + 1) * rows[name])
        for column in vars(single):
            values = getattr(single, column)
            if not isinstance(values, np.ndarray):
                continue
            mine = getattr(table, column)[part]
            if column in table.POINTS_TO:
                mine = np.where(mine >= 0, mine - k * rows[table.POINTS_TO[column]], mine)
            if (name, column) == ("force", "refill_from"):
                mine = np.maximum(mine - k * rows["company"], 0)
            assert np.array_equal(mine, values, equal_nan=True), f"{name}.{column}"
    slots = slice(k * rows["slot"], (k + 1) * rows["slot"])
    for column in Soldiers._fields:
        assert np.array_equal(getattr(both.soldiers, column)[slots], getattr(alone.soldiers, column)), column
    companies, forces = (slice(k * rows[n], (k + 1) * rows[n]) for n in ("company", "force"))
    for column in ("log_odds", "log_odds_per_tie", "statuses", "categories"):
        assert np.array_equal(getattr(both, column)[:, companies], getattr(alone, column)), column
    for column in ("acts", "cross", "exclusion"):
        assert np.array_equal(getattr(both, column)[forces], getattr(alone, column)), column
    events, own = both.events.table(), alone.events.table()
    events = events[events["contest"] == k]
    assert len(events) == len(own)
    for column in own.dtype.names or ():
        mine = events[column]
        if column in ("contest", "side", "force", "brigade", "company"):
            mine = np.where(mine >= 0, mine - k * rows[column], mine)
        assert np.array_equal(mine, own[column]), f"events.{column}"
