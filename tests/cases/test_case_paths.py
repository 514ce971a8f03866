"""Paths: reading, setting, stars, rescaled shares, and what they refuse."""

from __future__ import annotations

import math

import pytest

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.loader import load_case
from allegiance.cases.paths import basis_counts, case_hash, numbers, parse_setting, resolve, with_values
from allegiance.cases.schema import Case


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("reference")


def test_a_set_number_is_a_judgement_of_the_user(case: Case) -> None:
    changed = with_values(case, {"sides.stronger.supply": 0.9})
    supply = changed.sides["stronger"].supply
    assert (supply.value, supply.basis, supply.note, supply.range) == (0.9, "judgement", "set by the user", None)
    assert case.sides["stronger"].supply.value == 0.7


def test_setting_nothing_changes_nothing(case: Case) -> None:
    assert with_values(case, {}) is case


def test_decisions_are_switched_off(case: Case) -> None:
    changed = with_values(case, {"decisions.call-up.enabled": False})
    assert not changed.decisions["call-up"].enabled
    assert case.decisions["call-up"].enabled


def test_a_star_means_every_key(case: Case) -> None:
    changed = with_values(case, {"ties.*.tie": 0, "sides.*.coup_proofing.*": 0.25})
    assert {t.tie.value for t in changed.ties} == {0}
    for side in changed.sides.values():
        assert {side.coup_proofing.purges.value, side.coup_proofing.blocking.value} == {0.25}


def test_the_other_shares_make_room(case: Case) -> None:
    changed = with_values(case, {"sides.stronger.forces.army.composition.conscript": 0.8})
    shares = changed.sides["stronger"].forces["army"].composition
    assert math.isclose(shares["contract"].value, 0.2)  # type: ignore[index]
    assert "rescaled" in shares["contract"].note  # type: ignore[index]


def test_an_absent_category_can_be_set(case: Case) -> None:
    path = "sides.stronger.forces.army.composition"
    changed = with_values(case, {f"{path}.mercenary": 0.5})
    assert [resolve(changed, f"{path}.{c}") for c in ("mercenary", "contract", "conscript")] == [0.5, 0.25, 0.25]


def test_resources_of_a_side_make_room(case: Case) -> None:
    """The older share is still taken: half of the means for a twelfth of the men is six times the mean a head."""
    changed = with_values(case, {"sides.stronger.forces.guard.resource_share": 0.5})
    guard, army = (resolve(changed, f"sides.stronger.forces.{name}.resources") for name in ("guard", "army"))
    assert math.isclose(guard, 6.0)
    assert math.isclose(army, 6 / 11)


def test_a_strength_alone_does_not_change_who_is_fed(case: Case) -> None:
    changed = with_values(case, {"sides.stronger.forces.guard.strength": 5000})
    for name in ("guard", "army"):
        path = f"sides.stronger.forces.{name}.resources"
        assert resolve(changed, path) == resolve(case, path)


def test_shares_that_cannot_add_up_are_refused(case: Case) -> None:
    path = "sides.stronger.forces.army.composition"
    with pytest.raises(FaultyInput, match="composition must add up to 1"):
        with_values(case, {f"{path}.contract": 0.8, f"{path}.conscript": 0.8})


def test_an_empty_number_can_be_set(case: Case) -> None:
    changed = with_values(case, {"sides.stronger.forces.guard.dissolution": 1})
    assert changed.sides["stronger"].forces["guard"].dissolution is not None
    assert resolve(case, "sides.stronger.forces.guard.dissolution") is None


def test_whole_numbers_text_and_days(case: Case) -> None:
    values = {"sides.stronger.escalation_ceiling": 2.0, "title": "Other", "days": 300}
    changed = with_values(case, {**values, "decisions.call-up.date": "2000-01-20"})
    assert (changed.sides["stronger"].escalation_ceiling, changed.title, changed.days) == (2, "Other", 300)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sides.strnger.supply", 0.5, "no 'strnger' in sides.*\n.*did you mean 'stronger'"),
        ("sides.stronger.suply", 0.5, "did you mean 'supply'"),
        ("sides.stronger.supply.value", 0.5, "has nothing below it"),
        ("sides.stronger.supply", 1.5, "out of bounds"),
        ("sides.stronger.supply", float("nan"), "finite"),
        ("sides.stronger.supply", True, "takes a number in level"),
        ("sides.stronger.supply", "much", "takes a number in level"),
        ("sides.stronger", 1, "go on to one of its numbers"),
        ("decisions.call-up.enabled", 1, "takes true or false"),
        ("decisions.callup.enabled", False, "did you mean 'call-up'"),
        ("sides.stronger.escalation_ceiling", 1.5, "whole number"),
        ("sides.stronger.escalation_ceiling", 9, "less than or equal to 5"),
        ("sides.stronger.aid.*.materiel", 1, "means nothing"),
        ("ties.9.tie", 0, "does not exist"),
        ("title", 3, "takes text"),
        ("start", "soon", "write a day as"),
        ("", 1, "does not exist"),
    ],
)
def test_what_paths_refuse(case: Case, path: str, value: float | bool | str, message: str) -> None:
    with pytest.raises(AllegianceError, match=message):
        with_values(case, {path: value})


def test_a_star_has_no_single_value(case: Case) -> None:
    with pytest.raises(AllegianceError, match="means 2 values"):
        resolve(case, "sides.*.supply")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a.b=1", ("a.b", 1)),
        ("a.b = 1e-3", ("a.b", 0.001)),
        ("d.x.enabled=false", ("d.x.enabled", False)),
        ("t=no", ("t", "no")),
    ],
)
def test_settings_are_read_as_yaml(text: str, read: tuple[str, object]) -> None:
    assert parse_setting(text) == read


@pytest.mark.parametrize("text", ["a.b", "=1", "a.b=", "a.b=null"])
def test_malformed_settings(text: str) -> None:
    with pytest.raises(AllegianceError, match="cannot read the setting"):
        parse_setting(text)


def test_counts_cover_every_number(case: Case) -> None:
    assert sum(basis_counts(case).values()) == len(numbers(case)) == len({path for path, _ in numbers(case)})
    assert all(resolve(case, path) == number.value for path, number in numbers(case))


def test_the_hash_follows_the_content(case: Case) -> None:
    assert case_hash(load_case("reference")) == case_hash(case)
    assert case_hash(with_values(case, {"sides.stronger.supply": 0.71})) != case_hash(case)
