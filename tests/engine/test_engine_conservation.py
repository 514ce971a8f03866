"""Every soldier is in exactly one status, and the books balance, in any war."""

from __future__ import annotations

import numpy as np
import pytest
from allegiance.run.member import begin, play_day
from allegiance.world.blueprint import build
from hypothesis import given, settings
from hypothesis import strategies as st

from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.engine.state import (
    AWOL,
    CATEGORIES,
    DEFECTED,
    DESERTED,
    EMPTY,
    FORMS,
    IMPRISONED,
    INVALID,
    KILLED,
    MUTINY,
    STATUS_NAMES,
    WOUNDED,
    T,
    World,
)
from allegiance.theory.registry import draw
from cases.strategies import small_cases

GONE = {"killed": KILLED, "invalid": INVALID, "deserted": DESERTED, "defected": DEFECTED, "imprisoned": IMPRISONED}


def by_force(world: World) -> np.ndarray:
    """Soldiers by force and status, counted one by one."""
    sizes = world.company["stop"] - world.company["start"]
    force = np.repeat(world.company["force"], sizes)
    table = np.zeros((len(world.force), len(STATUS_NAMES)), int)
    np.add.at(table, (force, world.soldiers.status), 1)
    return table


def check(world: World, slots: int) -> None:
    table = by_force(world)
    weight = world.force["weight"]
    assert (world.soldiers.status <= EMPTY).all()
    assert table.sum() == slots == len(world.soldiers.status)
    present = table[:, : MUTINY + 1].sum(axis=1)
    tally = {name: world.tally[:, k] / weight for name, k in T.items()}
    gone = sum(tally[name] for name in GONE)
    there = present + table[:, WOUNDED] + table[:, AWOL]
    assert np.allclose(tally["joined"], there + gone, atol=1e-6)
    assert np.allclose(tally["absent"] - tally["returned_absent"], table[:, AWOL], atol=1e-6)
    # a fallen soldier's slot is given to his replacement: never more bodies than entries in the books
    for name, status in GONE.items():
        assert (table[:, status] <= tally[name] + 1e-6).all(), name
    assert np.allclose(world.category.sum(axis=1) / weight, present + table[:, WOUNDED], atol=1e-6)
    ever = world.cross / weight[:, None, None, None]
    assert np.allclose(ever[..., 0].sum(axis=(1, 2)), tally["joined"], atol=1e-6)
    assert (ever[..., 1:] <= ever[..., :1] + 1e-6).all(), "more soldiers took a form than ever served"
    assert ever.shape[1:] == (len(CATEGORIES), 4, len(FORMS) + 1)


@settings(deadline=None, max_examples=40)
@given(case=small_cases(), seed=st.integers(0, 2**40), scale=st.sampled_from([1.0, 0.5]))
def test_joined_is_present_plus_gone_on_every_day(case: Case, seed: int, scale: float) -> None:
    plan = build(case, case.days, scale)
    world = begin(plan, draw(seed, 0), seed, 0)
    check(world, plan.slots)
    while world.day < plan.days and not world.end:
        rows = play_day(world, plan)
        check(world, plan.slots)
        assert all(np.isfinite(rows[name]).all() for name in rows.dtype.names or ())
        assert (rows["killed"] >= 0).all()
        assert (rows["civilians_killed"] >= 0).all()


def test_the_books_balance_where_mutinies_rage(small: Case) -> None:
    """Random cases seldom mutiny; this one does, so imprisonment and going over are met too."""
    fixed = {"choice_base_mutiny": -3.0, "choice_base_desert": -6.0, "cascade_trigger": 0.02, "suppression_prison": 0.3}
    theta = draw(2, 0, fixed, sample=False)
    plan = build(small, 40, 1.0)
    world = begin(plan, theta, 2, 0)
    met: set[str] = set()
    while world.day < plan.days and not world.end:
        play_day(world, plan)
        check(world, plan.slots)
        met |= {STATUS_NAMES[k] for k in np.unique(world.soldiers.status)}
    assert met >= {"obeying", "shirking", "in_mutiny", "wounded", "absent", "killed", "deserted", "imprisoned"}


@pytest.mark.parametrize(("name", "days"), [("russia-ukraine-2022", 60), ("syria-2011", 60), ("wagner-2023", 20)])
def test_the_books_balance_with_new_formations_and_sampled_companies(name: str, days: int) -> None:
    case = load_case(name)
    plan = build(case, days, 0.02)
    world = begin(plan, draw(4, 0), 4, 0)
    while world.day < plan.days and not world.end:
        play_day(world, plan)
        check(world, plan.slots)
    raised = world.tally[:, T["raised"]].sum()
    assert (raised > 0) == any(p.new_formations for s in case.sides.values() for p in s.recruitment.values())
