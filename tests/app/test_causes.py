"""Why a brigade broke: contributions of terms add up to what the engine itself works out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allegiance.app import day_task
from allegiance.app.causes import Causes, of_companies, rising, terms_of, words
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.theory.forms import RISE
from allegiance.world.blueprint import build
from allegiance.world.world import World

CASE = load_case("bahrain-2011")


@pytest.fixture(scope="module")
def world() -> World:
    spec = RunSpec()
    return begin(build(CASE, CASE.days, 1.0), spec.theory, spec.draws([0]), 0, [0])


def test_terms_of_a_company_add_up_to_its_log_odds(world: World) -> None:
    seen: list[tuple[Any, Any]] = []

    def look(now: World, phase: str) -> None:
        if phase == "appraisal":
            told = sum(of_companies(now, a, t) * rising(t) for _, a, t in terms_of(now) if t.into != "grievance")
            felt = sum(of_companies(now, a, t) for _, a, t in terms_of(now) if t.into == "grievance")
            company, base = now.company, now.theory.choice.p.base_mutiny[0]
            seen.append((base + told, now.log_odds[RISE] + now.log_odds_per_tie[RISE] * company.tie))
            seen.append((felt, company.appraisal + company.appraisal_per_tie * company.tie))

    for _ in range(3):
        play_day(world, look)
    assert len(seen) == 6
    for ours, engine in seen:
        np.testing.assert_allclose(np.broadcast_to(ours, engine.shape), engine, atol=1e-6)


def test_a_day_looked_at_is_the_day_that_was_not() -> None:
    spec, found = RunSpec(), []
    for causes in (None, Causes()):
        made = begin(build(CASE, CASE.days, 1.0), spec.theory, spec.draws([0]), 0, [0])
        found.append(np.stack([play_day(made, causes.look if causes else None) for _ in range(4)]))
    np.testing.assert_array_equal(found[0], found[1])


def test_a_brigade_is_told_beside_its_side_and_the_rest_is_left_open() -> None:
    *_, told = day_task.why_brigade({}, CASE, 0, 0)
    found = told.result
    own, ready, rest = np.array(found["own"]), np.array(found["ready"]), np.array(found["rest"])
    base = ready - rest - own.sum(axis=1)
    assert np.ptp(base) < 0.02, "what is left over after terms and rest is one constant of the draw"
    assert len(found["words"]) == own.shape[1] == np.array(found["peers"]).shape[1]
    assert "Grievance of want" in found["words"]
    with pytest.raises(AllegianceError, match="no brigade"):
        list(day_task.why_brigade({}, CASE, 0, 10_000))


def test_a_war_of_the_desk_is_a_war_of_the_report() -> None:
    from allegiance.app.whatif_task import scale_for

    *_, told = day_task.day_in_the_army({}, CASE, 1)
    assert told.result["scale"] == scale_for(CASE)
    frames, areas = len(told.result["days"]), len(told.result["areas"])
    assert np.array(told.result["troops"]).shape == (frames, len(CASE.sides), areas)


def test_terms_have_words() -> None:
    assert words(("deprivation", "weariness")) == "Grievance of service without relief"
