"""Counts of soldiers have one writer, and what users read adds up on every day, mutiny days among them."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.runs.member import Played, begin, play, play_day
from allegiance.theory.forms import DEFECT, DESERT
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build
from allegiance.world.events import EVENT_CODE
from allegiance.world.soldiers import AWOL, CATEGORIES, EMPTY, IMPRISONED, KILLED, MUTINY, STATUS_NAMES, WOUNDED
from allegiance.world.world import World

MUTINOUS = {
    "choice_base_mutiny": -3.0, "choice_base_desert": -6.5, "choice_base_refuse": -7.0, "cascade_trigger": 0.02,
    "suppression_prison": 0.3, "suppression_desert": 0.3, "suppression_defect": 0.1, "suppression_rate": 0.5,
}  # fmt: skip


def mutinous(scale: float = 1.0) -> tuple[Case, float]:
    return with_values(load_case("reference"), {"war.intensity": 5, "sides.*.supply": 0.4}), scale


def test_what_men_do_adds_up_to_strength_on_every_force_day_of_a_mutinous_war() -> None:
    case, _ = mutinous()
    mutinies = 0
    for played in play(build(case, 60, 1.0), Theory(), [draw(2, 0, MUTINOUS)] * 2, 2, [0, 1]):
        daily = played.daily
        total = daily["effective"] + daily["shirking"] + daily["refusing"] + daily["in_mutiny"]
        np.testing.assert_allclose(total, daily["strength"], atol=1e-6)
        assert (daily["contact"] <= daily["strength"] + 1e-9).all()
        mutinies += (daily["in_mutiny"] > 0).sum()
    assert mutinies > 40, "no mutinous days: nothing is shown"


def counted(world: World) -> np.ndarray:
    """Soldiers by company and status, one by one."""
    table = np.zeros((len(world.company), len(STATUS_NAMES)), int)
    company = np.repeat(np.arange(len(world.company)), world.company.stop - world.company.start)
    np.add.at(table, (company, world.soldiers.status), 1)
    return table


def balance(world: World) -> None:
    """Check columns against soldiers, and the books of every force."""
    table, company, force = counted(world), world.company, world.force
    assert np.array_equal(world.statuses, table.T)
    for n, name in enumerate(("obeying", "shirking", "refusing", "in_mutiny")):
        assert np.array_equal(getattr(company, name), table[:, n]), name
    assert np.array_equal(company.present, table[:, : MUTINY + 1].sum(axis=1))
    assert np.array_equal(company.able, table[:, :MUTINY].sum(axis=1))
    assert np.array_equal(company.away, table[:, [WOUNDED, AWOL]].sum(axis=1))
    assert np.array_equal(company.vacant, table[:, KILLED:EMPTY].sum(axis=1))
    on_rolls = np.repeat(np.arange(len(company)), company.stop - company.start)[world.soldiers.status <= WOUNDED]
    kinds = np.zeros((len(CATEGORIES), len(company)), int)
    np.add.at(kinds, (world.soldiers.category[world.soldiers.status <= WOUNDED], on_rolls), 1)
    assert np.array_equal(world.categories, kinds)
    by_force = np.zeros((len(force), len(STATUS_NAMES)))
    np.add.at(by_force, company.force, table)
    by_force *= force.weight[:, None]
    np.testing.assert_allclose(force.present, by_force[:, : MUTINY + 1].sum(axis=1))
    gone = force.killed + force.invalid + force.imprisoned + world.acts[:, DESERT] + world.acts[:, DEFECT]
    here = by_force[:, : WOUNDED + 1].sum(axis=1)
    np.testing.assert_allclose(force.joined, here + gone - force.returned_absent, rtol=1e-9)
    assert (by_force[:, IMPRISONED] <= force.imprisoned + 1e-6).all()
    assert (by_force[:, KILLED] <= force.killed + 1e-6).all()
    np.testing.assert_allclose(world.cross[..., 0].sum(axis=(1, 2)), force.joined)
    assert (world.cross[..., 1:] <= world.cross[..., :1] + 1e-6).all(), "more took a form than ever served"


@pytest.mark.parametrize(
    ("name", "days", "scale"),
    [("reference", 40, 1.0), ("russia-ukraine-2022", 40, 0.02), ("syria-2011", 40, 0.02), ("egypt-2011", 15, 0.1)],
)
def test_books_balance_every_night(name: str, days: int, scale: float) -> None:
    world = begin(build(load_case(name), days, scale), Theory(), [draw(2, k, MUTINOUS) for k in (0, 1)], 2, [0, 1])
    balance(world)
    met: set[str] = set()
    while world.day < days and world.contest.live.all():
        play_day(world)
        balance(world)
        met |= {STATUS_NAMES[k] for k in np.unique(world.soldiers.status)}
    assert met >= {"obeying", "shirking", "absent", "deserted"}
    if name == "reference":
        assert met >= {"in_mutiny", "imprisoned", "killed", "wounded", "refusing", "defected"}


def sums(played: Played, kind: str) -> dict[tuple[int, int], float]:
    """People in events of individuals, by day and force."""
    events = played.events[(played.events["type"] == EVENT_CODE[kind]) & (played.events["company"] < 0)]
    made: dict[tuple[int, int], float] = {}
    for row in events:
        key = (int(row["day"]), int(row["force"]))
        made[key] = made.get(key, 0.0) + float(row["size"] * row["weight"])
    return made


@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_events_hold_every_deserter_and_defector_those_who_left_when_a_mutiny_ended_among_them(scale: float) -> None:
    case, _ = mutinous()
    case = with_values(case, {"sides.*.forces.army.strength": 40_000, "sides.*.forces.*.formation.brigade": 1})
    ended = 0.0
    for played in play(build(case, 40, scale), Theory(), [draw(2, 0, MUTINOUS)], 2, [0]):
        for form in ("desertion", "defection", "shirking"):
            daily = played.daily[f"new_{form}"]
            events = sums(played, form)
            for day, force, many in zip(played.daily["day"], played.daily["force"], daily, strict=True):
                assert events.get((int(day), int(force)), 0.0) == pytest.approx(many), (form, day, force)
        for last in np.unique(played.daily["force"]):
            mine = played.daily["force"] == last
            assert played.daily["new_desertion"][mine].sum() == pytest.approx(played.daily["deserted"][mine][-1])
            ended += played.daily["imprisoned"][mine][-1]
    assert ended > 0, "no mutiny was put down: nothing is shown"


def test_a_refusal_is_told_once() -> None:
    """People in events of refusal are those of the daily table, where a try at mutiny falls short, too."""
    case, _ = mutinous()
    fixed = {
        **MUTINOUS,
        "choice_base_mutiny": -5.0,
        "cascade_trigger": 0.2,
        "cascade_trigger_scale": 0.5,
        "cascade_conformity": 4.0,
    }
    (played,) = play(build(case, 40, 1.0), Theory(), [draw(2, 0, fixed)], 2, [0])
    events = played.events[played.events["type"] == EVENT_CODE["refusal"]]
    assert (events["company"] >= 0).any() or (events["brigade"] < 0).any() or len(events) > 50
    assert (events["size"] * events["weight"]).sum() == pytest.approx(played.daily["new_refusal"].sum())


def test_units_that_are_only_stood_for_bear_no_name() -> None:
    case = with_values(load_case("france-1917"), {"sides.*.supply": 0.5})
    plan = build(case, 60, 0.02)
    own, others = 0, 0
    for played in play(plan, Theory(), [draw(3, 0)], 3, [0]):
        for kind in ("mutiny", "halt"):
            events = played.events[played.events["type"] == EVENT_CODE[kind]]
            named = events[events["brigade"] >= 0]
            assert (named["weight"] == 1.0).all()
            assert (events[events["weight"] > 1.0]["brigade"] == -1).all()
            assert (events[events["weight"] > 1.0]["company"] == -1).all()
            own, others = own + len(named), others + len(events) - len(named)
            if kind == "mutiny":
                # a company that is named was in mutiny itself
                for row in named:
                    assert row["size"] <= plan.company.stop[row["company"]] - plan.company.start[row["company"]]
                    at = (played.daily["day"] == row["day"]) & (played.daily["force"] == row["force"])
                    assert played.daily["in_mutiny"][at].sum() >= row["size"] * plan.force.weight[row["force"]] - 1e-6
    assert others > 0
