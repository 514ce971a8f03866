"""Intercepts give back the rates they are solved from, whatever the slopes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allegiance.theory import anchors
from allegiance.theory.cascade import incident_rate, mutiny_probability, mutiny_threshold
from allegiance.theory.model import draw
from allegiance.theory.registry import PARAMETERS

CENTRAL = {name: p.value for name, p in PARAMETERS.items()}
FORMS = {
    "shirking": "choice_base_shirk", "refusal": "choice_base_refuse", "desertion": "choice_base_desert",
    "defection": "choice_base_defect",
}  # fmt: skip


def test_every_solved_parameter_is_solved_and_no_other() -> None:
    assert {name for name, p in PARAMETERS.items() if p.solved} == set(anchors.SOLVED)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", range(3))
def test_a_contented_army_has_the_yearly_share_it_was_asked_for(form: str, number: int) -> None:
    values = draw(4, number)
    odds = math.exp(values[FORMS[form]] + anchors.pressure(form, anchors.CONTENTED, values))
    daily = odds / (1.0 + odds)
    assert 1.0 - (1.0 - daily) ** 365 == pytest.approx(values[f"choice_rate_{form}"], rel=1e-6)


def test_companies_of_a_hungry_army_mutiny_at_the_rate_asked_for_whatever_their_temper() -> None:
    values = draw(4, 1)
    mean = values["choice_base_mutiny"] + anchors.pressure("mutiny", anchors.HUNGRY, values)
    tempers = np.random.default_rng(0).standard_normal(400_000)
    gap = mutiny_threshold(100.0, 0.8, values["cascade_conformity"], values["cascade_minimum"]) - (
        mean + values["cascade_temper"] * tempers
    )
    trigger = incident_rate(1.0, 0.001, values["cascade_trigger"])
    daily = mutiny_probability(gap, trigger, values["cascade_trigger_scale"]).mean()
    assert 365 * daily == pytest.approx(values["choice_rate_mutiny"], rel=0.03)


def test_a_steeper_slope_lowers_the_intercept_and_leaves_the_rate() -> None:
    steep = CENTRAL | {"choice_grievance_mutiny": 1.5}
    flat = CENTRAL | {"choice_grievance_mutiny": 0.9}
    difference = anchors.solve(flat)["choice_base_mutiny"] - anchors.solve(steep)["choice_base_mutiny"]
    assert difference == pytest.approx(0.6 * anchors.grievance(anchors.HUNGRY, CENTRAL))


def test_grievance_of_the_contented_is_leadership_punishment_and_favour_alone() -> None:
    v = CENTRAL
    expected = (
        v["deprivation_leadership"] * 0.4 + v["hidden_effort_aggrieve"] * 0.4 + v["coup_proofing_resentment"] * 0.3
    )
    assert anchors.grievance(anchors.CONTENTED, v) == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(anchors.SOLVED))
def test_a_stated_intercept_is_near_what_is_solved_for(name: str) -> None:
    """The number beside the parameter is what central values come to, so that nobody reads another one in the file."""
    assert CENTRAL[name] == pytest.approx(anchors.solve(CENTRAL)[name], abs=0.1)
