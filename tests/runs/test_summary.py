"""From members to probabilities: parameters and luck told apart; the gate's sentences; requests refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.faults import validated
from allegiance.cases.paths import dump
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import simulate
from allegiance.runs.gate import degenerate, inert_lever
from allegiance.runs.outcomes import COUNTED, INDIVIDUAL
from allegiance.runs.spec import MAX_MEMBERS, RunSpec
from allegiance.runs.summary import between_draws, probability, spread, summarise, wilson
from allegiance.world.blueprint import build


def pairs(low: float, high: float, draws: int, seed: int) -> np.ndarray:
    """Members in pairs; the chance of each pair is uniform between low and high, its variance (high - low)^2 / 12."""
    generator = np.random.default_rng(seed)
    chance = np.repeat(generator.uniform(low, high, draws), 2)
    return (generator.random(2 * draws) < chance).astype(float)


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.5), (0.3, 0.7), (0.0, 1.0)])
def test_variance_between_draws_is_recovered(low: float, high: float) -> None:
    """A mean of 20,000 products in [-1/4, 1/4]: five standard errors, below one false alarm in a million."""
    known = (high - low) ** 2 / 12
    assert between_draws(pairs(low, high, 20000, 1)) == pytest.approx(known, abs=5 * 0.25 / np.sqrt(20000))
    assert between_draws(pairs(low, high, 20000, 2)) >= 0


def test_uncertain_parameters_widen_the_interval_and_luck_alone_does_not() -> None:
    luck, both = probability(pairs(0.5, 0.5, 2000, 3)), probability(pairs(0.0, 1.0, 2000, 3))
    width = {k: [r[k][1] - r[k][0] for r in (luck, both)] for k in ("interval", "interval_chance_only")}
    assert width["interval_chance_only"][1] == pytest.approx(width["interval_chance_only"][0], rel=0.05)
    assert width["interval"][1] > 2.5 * width["interval"][0]
    for found in (luck, both):
        assert found["interval"][0] <= found["probability"] <= found["interval"][1]
        assert found["interval"][0] <= found["interval_chance_only"][0]


def test_members_who_share_a_draw_are_neighbours(small: Case) -> None:
    """Same parameters, other luck, in pairs: what `between_draws` rests on."""
    from allegiance.runs.ensemble import play_all

    spec = RunSpec(members=4, days=5, scale=1.0, threads=1)
    drawn = {m: p.draw for m, p in play_all(build(small, 5, 1.0), spec, [0, 1, 2, 3])}
    assert drawn[0] == drawn[1]
    assert drawn[2] == drawn[3]
    assert drawn[0] != drawn[2]


def test_members_who_share_a_draw_are_told_by_its_number_wherever_they_stand() -> None:
    """After resampling neighbours are strangers: those of one draw are found by its number."""
    happened, drawn = np.array([1.0, 0.0, 1.0, 0.0]), np.array([7, 3, 7, 3])
    assert between_draws(happened, drawn) == pytest.approx(0.25), "draw 7 always, draw 3 never"
    assert between_draws(happened) == 0.0, "each pair of neighbours differs within itself"
    certain, mixed = probability(happened, drawn)["interval"], probability(happened)["interval"]
    assert certain[1] - certain[0] > mixed[1] - mixed[0]


def test_wilson_covers_as_often_as_it_says() -> None:
    """Of 4,000 samples of 64 at p = 0.1 the interval holds p in 90 %, give or take five standard errors and lumps."""
    found = np.random.default_rng(5).binomial(64, 0.1, 4000) / 64
    held = np.mean([low <= 0.1 <= high for low, high in (wilson(p, 64) for p in found)])
    assert 0.87 < held < 0.94
    assert wilson(0.0, 64)[0] == 0.0
    assert wilson(1.0, 64)[1] == pytest.approx(1.0)


def test_spread_ignores_what_is_not_a_number() -> None:
    assert spread(np.array([1.0, np.nan, 3.0]))["median"] == 2.0
    assert spread(np.array([np.nan])) == {"median": None, "interval": [None, None]}


def test_summary_has_every_key_of_its_contract(small: Case) -> None:
    spec = RunSpec(members=4, days=20, scale=1.0)
    run = simulate(small, spec)
    summary = summarise(small, spec.settled(small), run.members)
    for side in small.sides:
        assert set(summary["outcomes"][side]) == {*COUNTED, *INDIVIDUAL}
        for form in summary["outcomes"][side].values():
            assert set(form) == {"probability", "interval", "interval_chance_only"}
        assert set(summary["shares"][side]) == set(INDIVIDUAL)
        assert set(COUNTED) <= set(summary["counts"][side])
        assert 0 < summary["killed"][side]["median"] < summary["wounded"][side]["median"]
    assert set(summary["war"]) >= {"duration_days", "parity_share", "end"}
    assert sum(summary["war"]["end"].values()) == pytest.approx(1)
    assert set(summary["basis"]) == {"measured", "published", "estimated", "judgement"}
    assert summary["escalation"]["max_level"]["median"] >= 0


def made(side: dict[str, list[float]], strength: list[float]) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    columns = {f: np.array(v, float) for f, v in side.items()}
    members = pl.DataFrame({"member": range(4)} | {f"s.{f}": v for f, v in columns.items()})
    summary = {"outcomes": {"s": {f: probability(v > 0) for f, v in columns.items()}}}
    daily = pl.DataFrame({"side": ["s"] * len(strength), "force": ["army"] * len(strength), "strength": strength})
    return summary, members, daily


MIXED = {form: [0.0, 1.0, 0.0, 2.0] for form in (*COUNTED, *INDIVIDUAL)}


def test_a_sound_run_raises_no_warning() -> None:
    assert degenerate(*made(MIXED, [100.0, 50.0])) == []


def test_the_gate_names_each_fault() -> None:
    never = degenerate(*made(MIXED | {"mutiny": [0.0] * 4}, [9.0]))
    always = degenerate(*made(MIXED | {"coup_attempt": [1.0, 2.0, 3.0, 1.0]}, [9.0]))
    alike = degenerate(*made({f: [1.0] * 4 for f in MIXED}, [9.0]))
    emptied = degenerate(*made(MIXED, [9.0, 0.0]))
    assert len(never) == len(always) == len(emptied) == 1
    assert "mutiny never happened in 4 members" in never[0]
    assert "coup attempt always happened in 4 members" in always[0]
    assert "all 4 members are the same: nothing was sampled" in alike
    assert "the force 'army' emptied in at least one member" in emptied[0]


def test_a_force_that_was_never_there_has_not_emptied() -> None:
    assert degenerate(*made(MIXED, [0.0, 0.0])) == []


def test_a_lever_that_works_is_not_reported() -> None:
    members = pl.DataFrame({"member": [0, 1], "x": [0.5, float("nan")], "end": ["a", "b"]})
    assert inert_lever("a.b", 1, members, members)[0].startswith("the setting a.b=1 changed no outcome of any of 2")
    for other in ({"x": [0.5, 1.0]}, {"end": ["a", "c"]}):
        assert inert_lever("a.b", 1, members, members.with_columns(**{k: pl.Series(v) for k, v in other.items()})) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"members": 0}, "members must be between 1 and"),
        ({"members": MAX_MEMBERS + 1}, "members must be"),
        ({"days": 0}, "days must be between 1 and 3650, not 0"),
        ({"seed": -1}, "seed must be 0 or more, not -1"),
        ({"scale": 0.0}, "scale must lie above 0"),
        ({"scale": 1.5}, "scale must lie above 0"),
        ({"scale": float("nan")}, "scale must lie above 0"),
        ({"threads": 0}, "threads must be 1 or more"),
        ({"permute": "rank"}, "permute takes 'category' or 'tie', not 'rank'"),
        ({"fixed": {"linkage_refusl": 1.0}}, r"no parameter 'linkage_refusl'[\s\S]*linkage_refusal"),
        ({"off": ("choice",)}, "cannot be switched off"),
        ({"off": ("conscriptoin",)}, r"no mechanism 'conscriptoin'[\s\S]*conscription"),
        ({"fixed": {"linkage_refusal": -1.0}}, "parameter 'linkage_refusal' must be 0 or more, not -1"),
        ({"rivals": {"linkge": "gurr1970"}}, r"no mechanism 'linkge'[\s\S]*linkage"),
        ({"rivals": {"relative_deprivation": "gur1970"}}, r"no rival 'gur1970'"),
    ],
)
def test_an_impossible_request_is_one_message(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(AllegianceError, match=said):
        RunSpec(**wrong)


STATIC = (
    "sides.weaker.forces.army.strength",
    "sides.weaker.forces.army.composition.contract",
    "sides.weaker.forces.army.horizons.conscript",
    "sides.stronger.regions.capital.population",
    "sides.stronger.protest.waves.0.participants",
    "ties.0.tie",
    "war.area_start",
)


def decided(case: Case, path: str, value: float) -> Case:
    data = dump(case)
    data["decisions"] = {"order": {"date": date(2000, 1, 11).isoformat(), "label": "An order", "set": {path: value}}}
    return validated(Document("case", data), Case)


@pytest.mark.parametrize("path", STATIC)
def test_a_decision_on_what_is_built_once_is_refused_not_ignored(path: str, small: Case) -> None:
    with pytest.raises(AllegianceError, match="a decision cannot change"):
        build(decided(small, path, 0.6), 30, 1.0)


@pytest.mark.parametrize(
    ("path", "value"),
    [("sides.weaker.supply", 1.0), ("sides.stronger.forces.army.command.competence", 0.0)],
)
def test_a_decision_acts_from_its_day_on(path: str, value: float, small: Case) -> None:
    spec = RunSpec(members=2, days=30, scale=1.0, seed=1)
    plain, ordered = simulate(small, spec).daily, simulate(decided(small, path, value), spec).daily
    before = pl.col("day") < 10
    assert ordered.filter(before).equals(plain.filter(before))
    assert not ordered.filter(~before).equals(plain.filter(~before))
