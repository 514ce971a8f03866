"""Every soldier is in exactly one status, and the books balance, in any war."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import Ensemble, simulate
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.theory.forms import DEFECT, DESERT, FORMS
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build
from allegiance.world.quantities import NAMES
from allegiance.world.soldiers import (
    AWOL,
    CATEGORIES,
    DEFECTED,
    DESERTED,
    EMPTY,
    IMPRISONED,
    INVALID,
    KILLED,
    MUTINY,
    STATUS_NAMES,
    WOUNDED,
)
from allegiance.world.world import World
from cases.strategies import small_cases


def by_company(world: World) -> np.ndarray:
    """Soldiers by company and status, counted one by one."""
    company = np.repeat(np.arange(len(world.company)), world.company.stop - world.company.start)
    table = np.zeros((len(world.company), len(STATUS_NAMES)), int)
    np.add.at(table, (company, world.soldiers.status), 1)
    return table


def check(world: World, slots: int) -> None:
    """The books of a world: one status each, counts that are those of the soldiers, and nobody lost."""
    companies, force, weight = by_company(world), world.force, world.force.weight
    table = np.zeros((len(force), len(STATUS_NAMES)), int)
    np.add.at(table, world.company.force, companies)
    assert (world.soldiers.status <= EMPTY).all()
    assert table.sum() == slots == len(world.soldiers.status)
    for name, statuses in COUNTS.items():
        assert np.array_equal(getattr(world.company, name), companies[:, statuses].sum(axis=1)), name
    present = table[:, : MUTINY + 1].sum(axis=1)
    deserted = world.acts[:, DESERT] / weight
    gone = {
        KILLED: force.killed, INVALID: force.invalid, DEFECTED: world.acts[:, DEFECT], IMPRISONED: force.imprisoned,
    }  # fmt: skip
    left = sum(counted / weight for counted in gone.values())
    # a deserter may be absent, back, or gone for good
    assert np.allclose(force.joined / weight, present + table[:, WOUNDED] + left + deserted
                       - force.returned_absent / weight, atol=1e-6)  # fmt: skip
    assert (table[:, AWOL] + table[:, DESERTED] <= deserted - force.returned_absent / weight + 1e-6).all()
    # a fallen soldier's slot is given to his replacement: never more bodies than entries in the books
    for status, counted in gone.items():
        assert (table[:, status] <= counted / weight + 1e-6).all(), STATUS_NAMES[status]
    assert np.allclose(world.rolls.sum(axis=0) / weight, present + table[:, WOUNDED], atol=1e-6)
    assert np.allclose(world.rolls.sum(axis=0), force.on_rolls)
    ever = world.cross / weight[:, None, None, None]
    assert np.allclose(ever[..., 0].sum(axis=(1, 2)), force.joined / weight, atol=1e-6)
    assert (ever[..., 1:] <= ever[..., :1] + 1e-6).all(), "more soldiers took a form than ever served"
    assert ever.shape[1:] == (len(CATEGORIES), 4, len(FORMS) + 1)


COUNTS = {
    "obeying": [0], "shirking": [1], "refusing": [2], "in_mutiny": [3], "able": [0, 1, 2], "present": [0, 1, 2, 3],
    "away": [WOUNDED, AWOL], "vacant": [KILLED, INVALID, DESERTED, DEFECTED, IMPRISONED],
}  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(case=small_cases(), seed=st.integers(0, 2**40), scale=st.sampled_from([1.0, 0.5]))
def test_joined_is_present_plus_gone_on_every_day(case: Case, seed: int, scale: float) -> None:
    plan = build(case, case.days, scale)
    world = begin(plan, Theory(), [draw(seed, 0), draw(seed, 1)], seed, [0, 2])
    check(world, 2 * plan.slots)
    while world.day < plan.days and world.contest.live.any():
        rows = dict(zip(NAMES, play_day(world), strict=True))
        check(world, 2 * plan.slots)
        assert all(np.isfinite(values).all() for values in rows.values())
        assert (rows["killed"] >= 0).all()
        assert (rows["civilians_killed"] >= 0).all()


RAGING = {"choice_base_mutiny": -3.0, "choice_base_desert": -6.0, "cascade_trigger": 0.02, "suppression_prison": 0.3}


def test_the_books_balance_where_mutinies_rage(small: Case) -> None:
    """Random cases seldom mutiny; this one does, so imprisonment and going over are met too."""
    plan = build(small, 40, 1.0)
    world = begin(plan, Theory(), [draw(2, 0, RAGING, sample=False)], 2, [0])
    met: set[str] = set()
    while world.day < plan.days and world.contest.live.any():
        play_day(world)
        check(world, plan.slots)
        met |= {STATUS_NAMES[k] for k in np.unique(world.soldiers.status)}
    assert met >= {"obeying", "shirking", "in_mutiny", "wounded", "absent", "killed", "deserted", "imprisoned"}


@pytest.mark.parametrize(("name", "days"), [("russia-ukraine-2022", 60), ("syria-2011", 60), ("wagner-2023", 20)])
def test_the_books_balance_with_new_formations_and_sampled_brigades(name: str, days: int) -> None:
    case = load_case(name)
    plan = build(case, days, 0.02)
    world = begin(plan, Theory(), [draw(4, 0)], 4, [0])
    while world.day < plan.days and world.contest.live.any():
        play_day(world)
        check(world, plan.slots)
    raised = world.force.raised.sum()
    assert (raised > 0) == any(p.new_formations for s in case.sides.values() for p in s.recruitment.values())


@pytest.fixture(scope="module")
def raging(small: Case) -> Ensemble:
    spec = RunSpec(members=2, days=40, scale=1.0, seed=2, fixed=RAGING, sample_parameters=False)
    return simulate(small, spec)


def test_the_counts_of_every_day_add_up_mutinies_or_not(raging: Ensemble) -> None:
    """Whoever is present obeys, shirks, refuses or is in mutiny."""
    daily = raging.daily
    there = daily["effective"] + daily["shirking"] + daily["refusing"] + daily["in_mutiny"]
    assert (daily["in_mutiny"] > 0).sum() > 10, "no mutiny: nothing to add up"
    assert np.allclose(there.to_numpy(), daily["strength"].to_numpy(), atol=0.21)


@pytest.mark.parametrize("form", ["desertion", "defection", "shirking"])
def test_events_lose_nobody(raging: Ensemble, form: str) -> None:
    """Deserters of a day are the same in the events, in the daily table and in the count so far."""
    by = ["member", "day", "side", "force"]
    told = raging.events.filter(pl.col("type") == form).cast({"side": pl.String, "force": pl.String})
    told = told.group_by(by).agg((pl.col("size") * pl.col("weight")).sum().alias("told"))
    daily = raging.daily.cast({"side": pl.String, "force": pl.String}).join(told, on=by, how="left").fill_null(0.0)
    assert daily["told"].sum() > (0 if form == "defection" else 50)
    assert np.allclose(daily["told"].to_numpy(), daily[f"new_{form}"].to_numpy(), atol=0.06)
    cumulated = {"desertion": "deserted", "defection": "defected"}.get(form)
    if cumulated:
        so_far = daily.sort(by).select(pl.col(f"new_{form}").cum_sum().over("member", "side", "force"), cumulated)
        assert np.allclose(so_far[f"new_{form}"].to_numpy(), so_far[cumulated].to_numpy(), atol=4.0, rtol=1e-3)


def test_a_refusal_is_told_once(small: Case) -> None:
    """Men who come together, too few to mutiny, have refused: their company's event and their brigade's are one."""
    few = with_values(small, {"sides.*.forces.*.formation.company": 20})
    fixed = RAGING | {"choice_base_mutiny": -0.5, "cascade_minimum": 14.0, "cascade_conformity": 1.0}
    run = simulate(few, RunSpec(members=2, days=40, scale=1.0, seed=2, fixed=fixed, sample_parameters=False))
    refused = run.events.filter(pl.col("type") == "refusal")
    told, counted = float((refused["size"] * refused["weight"]).sum()), float(run.daily["new_refusal"].sum())
    assert counted > 20, "nobody came together in vain: nothing to count"
    assert told == pytest.approx(counted, rel=0.01)


def test_episodes_of_the_events_are_those_of_the_members(raging: Ensemble) -> None:
    """Mutinies and what mutineers do bear the number of the episode, others none; members count all."""
    events = raging.events.cast({"side": pl.String, "type": pl.String})
    mutinies = events.filter(pl.col("type") == "mutiny")
    theirs = events.filter(pl.col("type").is_in(["march", "seizure", "mutineers_kill"]))
    known = mutinies.select("member", "side", "episode").unique()
    assert len(theirs) > 0
    assert len(theirs.join(known, on=["member", "side", "episode"], how="anti")) == 0
    assert events.filter(pl.col("type") != "mutiny", pl.col("episode") != 0).equals(theirs)
    people = (pl.col("size") * pl.col("weight")).sum()
    by = mutinies.group_by("member", "side", "episode").agg(people.alias("people"), pl.col("weight").sum(), pl.len())
    assert by["len"].max() > 1, "no episode of more than one company: nothing to tell apart"
    for row in raging.members.iter_rows(named=True):
        for side in raging.case.sides:
            own = by.filter((pl.col("member") == row["member"]) & (pl.col("side") == side))
            assert sorted(own["episode"]) == list(range(1, len(own) + 1)), "episodes are numbered without gaps"
            assert row[f"{side}.mutiny"] == len(own)
            assert row[f"{side}.mutinous_companies"] == pytest.approx(own["weight"].sum())
            assert row[f"{side}.largest_mutiny"] == pytest.approx(own["people"].max() or 0.0)
            assert row[f"{side}.served"] >= row[f"{side}.killed"]
