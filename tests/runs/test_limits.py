"""Known truths at the edges: the floor, mechanisms switched off, and plain arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.cases.paths import dump, with_values
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import Ensemble, simulate
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.theory.model import Theory, draw
from allegiance.theory.registry import MECHANISMS, PARAMETERS
from allegiance.world.blueprint import build
from allegiance.world.soldiers import BYTES_PER_SOLDIER

SWITCHABLE = [m for m in MECHANISMS if m.switchable]
SHARED = {
    "conscription": {"apart"},  # whether companies are of one kind of soldier, which others act on too
    "deprivation": {"memory"},  # how long any grievance is remembered, whatever caused it
    "learning": {"spread"},  # what the first belief about strength means as a chance of winning
    "junior_leaders": {"ordinary", "spread"},  # how many enforce on the first day, which is told all the same
    "overtures": {"memory"},  # how long those who went over are remembered, by dissidents too
    "home_front": {"repression"},  # protest that the case itself gives is repressed too
    "protest": {"half"},  # the size of a crowd at which rulers, mediators and opponents see half a signal
    "suppression": {"violence", "anger", "rate"},  # how a mutiny is carried out, how fast it ends by itself
}
"""Parameters that a mechanism keeps but that others read too, so that they act when it is off."""
FORMS = ("shirking", "refusal", "desertion", "defection", "mutineers")


def same(one: Ensemble, other: Ensemble) -> bool:
    return one.daily.equals(other.daily) and one.events.equals(other.events) and one.members.equals(other.members)


def with_kinds(case: Case) -> Case:
    """The case with two kinds of brigades in the stronger army, of which one is sent first."""
    data = dump(case)

    def number(value: float, unit: str) -> dict[str, Any]:
        return {"value": value, "unit": unit, "basis": "judgement", "note": "made up"}

    data["sides"]["stronger"]["forces"]["army"]["brigades"] = {
        key: {"name": key, "role": role, "share": number(0.5, "share"), "ready": number(ready, "level")}
        for key, role, ready in (("first", "spearhead", 0.9), ("rest", "reserve", 0.5))
    }
    return Case.model_validate(data)


@pytest.fixture(scope="module")
def lively(small: Case) -> Case:
    """A war in which every mechanism has something to act on."""
    return with_values(
        with_kinds(small),
        {
            "sides.stronger.protest.waves.0.participants": 3000000,
            "sides.stronger.protest.capacity": 0,
            "sides.*.forces.*.formation.battalion": 2,
            "sides.*.forces.*.formation.brigade": 2,
            "areas.*.against_civilians": 0.3,
            "ties.*.tie": 0.4,
            "sides.*.coup_proofing.counterbalancing": 0.8,
            "sides.*.inclusion": 0.5,
            "sides.*.supply": 0.75,
            "sides.*.inducement": 0.5,
            "sides.stronger.forces.guard.pay": 2.5,
            "sides.stronger.forces.guard.deployed": 1.0,
            "sides.*.aims.resolve": 0.95,
            "sides.*.aims.expected_days": 5,
            "war.intensity": 4,
            "war.mobility": 30,
        },
    )


LIVELY = {
    "choice_base_mutiny": -2.0,
    "cascade_trigger": 0.02,
    "command_halt": 0.05,
    "choice_base_defect": -9.0,
    "choice_base_shirk": -8.3,
    "choice_base_refuse": -11.2,
    "choice_base_desert": -10.9,
    "protest_troops": 1.5,
    "ruler_fall": 0.0,  # or the war is over before much can be seen
    "escalation_rate": 0.2,
}


def lively_run(case: Case, off: tuple[str, ...], fixed: dict[str, float] | None = None) -> Ensemble:
    values = LIVELY | (fixed or {})
    spec = RunSpec(members=1, days=70, scale=1.0, seed=3, off=off, fixed=values, sample_parameters=False)
    return simulate(case, spec)


@pytest.fixture(scope="module")
def with_everything(lively: Case) -> Ensemble:
    return lively_run(lively, ())


@pytest.mark.parametrize("identifier", [m.id for m in SWITCHABLE])
def test_a_mechanism_switched_off_contributes_exactly_nothing(
    identifier: str, lively: Case, with_everything: Ensemble
) -> None:
    """Off means off: it acts when on, and when off none of its own numbers can be felt."""
    without = lively_run(lively, (identifier,))
    assert not same(with_everything, without), "this war does not show that the mechanism acts"
    mechanism = next(m for m in SWITCHABLE if m.id == identifier)
    for parameter in mechanism.parameters:
        if parameter.name in SHARED.get(identifier, ()):
            continue
        extreme = parameter.high if parameter.high != LIVELY.get(f"{identifier}_{parameter.name}") else parameter.low
        assert same(without, lively_run(lively, (identifier,), {f"{identifier}_{parameter.name}": extreme})), (
            parameter.name
        )


WEIGHTS = {
    "conscription": ("horizon", "compulsion", "company", "overdue"),
    "inclusion": ("weight",),
    "protest": ("troops", "coups"),
    "relative_deprivation": ("weight", "privilege"),
    "deprivation": ("supply", "leadership", "losses", "fear", "before", "weariness"),
    "inducement": ("weight",),
    "hidden_effort": ("deterrence", "displacement", "aggrieve", "neglect", "cargo"),
    "contagion": ("weight", "hopeless"),
    "coup_proofing": ("coordination", "guards", "trust", "competence", "resentment"),
}


@pytest.mark.parametrize("identifier", sorted(WEIGHTS))
def test_switched_off_is_the_same_as_every_weight_zero(identifier: str, lively: Case) -> None:
    zero = {f"{identifier}_{name}": 0.0 for name in WEIGHTS[identifier]}
    assert set(zero) <= set(PARAMETERS)
    assert same(lively_run(lively, (identifier,)), lively_run(lively, (), zero))


def test_disloyalty_is_at_its_floor_without_any_cause(reference: Case) -> None:
    """A fed, led, equal, unwatched, unlinked volunteer army without losses: what is left is the base rates.

    With every mechanism switched off only base rates and disposition are left, so that run is the floor.
    """
    calm = with_values(
        reference,
        {
            "war.intensity": 0,
            "sides.*.aims.expected_days": 3650,
            "sides.*.supply": 1.0,
            "sides.*.monitoring": 0,
            "sides.*.punishment": 0,
            "sides.*.inclusion": 1.0,
            "sides.*.inducement": 0,
            "sides.*.coup_proofing.counterbalancing": 0,
            "sides.*.coup_proofing.stacking": 0,
            "sides.*.coup_proofing.purges": 0,
            "sides.*.forces.*.composition.contract": 0,
            "sides.*.forces.*.command.competence": 1.0,
            "sides.stronger.forces.army.composition.conscript": 0,
            "sides.stronger.forces.army.composition.contract": 1,
            "sides.stronger.forces.guard.composition.contract": 1,
            "sides.weaker.forces.*.composition.contract": 1,
            "sides.*.forces.*.pay": 1.0,
            "sides.stronger.forces.guard.resource_share": 1 / 12,
            "sides.*.forces.*.command.loyalty": 1.0,
            "sides.stronger.protest.waves.0.participants": 0,
            "areas.*.against_civilians": 0,
            "ties.*.tie": 0,
        },
    )
    spec = {"members": 4, "days": 120, "scale": 1.0, "seed": 5, "sample_parameters": False}
    quiet = simulate(calm, RunSpec(**spec), daily=False)
    floor = simulate(calm, RunSpec(**spec, off=tuple(m.id for m in SWITCHABLE)), daily=False)
    troubled = simulate(reference, RunSpec(**spec), daily=False)
    soldiers = 4 * 12000
    for form in FORMS[:-1]:
        column = f"stronger.{form}"
        least, found, usual = (float(e.members[column].mean()) for e in (floor, quiet, troubled))  # type: ignore[arg-type]
        # four standard errors of a count, plus a third: even in the best-fed army some companies are supplied and led
        # a little worse than the rest
        allowed = 4 / 3 * least + 4 * np.sqrt(max(least, 1 / soldiers) / soldiers)
        assert found <= allowed, (form, least, found)
        assert usual > 2 * allowed, (form, usual, "the test cannot fail")
    # mutinies of the content are rare, not impossible: less than one in 500 years of a company is one here
    assert quiet.events.filter(pl.col("type") == "mutiny").height <= 2


@pytest.mark.parametrize("ratio", [3.0, 12.0])
def test_wounded_per_killed_is_the_ratio_given(reference: Case, ratio: float) -> None:
    """One day of very heavy fighting; wounded out of those hit is binomial, |z| < 4.9 fails once in a million."""
    case = with_values(reference, {"sides.*.forces.*.wounded_to_killed": ratio, "war.intensity": 20})
    plan = build(case, 3, 1.0)
    world = begin(plan, Theory(), [draw(0, 0, sample=False)], 6, [0])
    play_day(world)
    killed, wounded = world.force.killed.sum(), world.force.wounded.sum()
    hit, p = killed + wounded, ratio / (1 + ratio)
    assert killed > 30
    assert abs(wounded - hit * p) < 4.9 * np.sqrt(hit * p * (1 - p))


def test_better_medicine_leaves_the_killed_alone_and_takes_more_out_of_action(reference: Case) -> None:
    """C14: from 3 to 12 wounded per killed, on a day with the same dead, out of action rises from 4 to 13 per dead."""
    counts = {}
    for ratio in (3.0, 12.0):
        case = with_values(reference, {"sides.*.forces.*.wounded_to_killed": ratio, "war.intensity": 20})
        plan = build(case, 3, 1.0)
        world = begin(plan, Theory(), [draw(0, 0, sample=False)], 6, [0])
        play_day(world)
        counts[ratio] = (world.force.killed.sum(), world.force.wounded.sum())
    (killed, few), (also, many) = counts[3.0], counts[12.0]
    assert killed == also
    assert (killed + many) / (killed + few) == pytest.approx(13 / 4, rel=0.15)


def test_a_soldier_is_small() -> None:
    assert BYTES_PER_SOLDIER <= 32
