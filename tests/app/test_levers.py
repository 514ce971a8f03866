"""Levers, what they accept, and the words of an answer."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from allegiance.app.levers import Lever, levers, settings, standing
from allegiance.app.whatif_task import t_interval
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_case
from allegiance.cases.paths import resolve, with_values
from allegiance.cases.schema import Case
from allegiance.experiments.compare import counterfactual
from allegiance.report.meaning import material, meaning

CASE = load_case("russia-ukraine-2022")


@pytest.mark.parametrize("name", library()[::6])
def test_every_lever_holds_the_cases_value_and_both_ends_can_be_set(name: str) -> None:
    case = load_case(name)
    found = levers(case)
    assert len({lever.path for lever in found}) == len(found) > 10
    for lever in found:
        assert lever.low <= lever.value <= lever.high, lever
        assert standing(case, lever, {lever.path: resolve(case, lever.path)}) == pytest.approx(lever.value)
    for lever in [*found[::5], *(lever for lever in found if lever.kind == "date")]:
        for end in (lever.low, lever.high):
            if lever.kind == "date":
                end = (case.start + timedelta(days=end)).isoformat()
            moved = settings(case, {lever.path: end})
            assert moved == {} or with_values(case, moved) is not case


def as_browsers_do(lever: Lever, value: float) -> float:
    """Where a slider stands when it is given a value: the nearest step from its lower end, halves upwards (HTML,
    "suffer from a step mismatch"); the text of each number is what the page sends."""
    low, high, step, value = (Decimal(f"{v:.10g}") for v in (lever.low, lever.high, lever.step, value))
    steps = ((min(max(value, low), high) - low) / step).quantize(Decimal(1), ROUND_HALF_UP)
    found = low + steps * step
    return float(found if found <= high else found - step)


@pytest.mark.parametrize("name", library())
def test_no_slider_of_any_case_moves_by_itself(name: str) -> None:
    case = load_case(name)
    found = levers(case)
    for lever in found:
        there = as_browsers_do(lever, lever.value)
        assert there == pytest.approx(lever.value, rel=1e-9), lever
        steps = (lever.high - lever.low) / lever.step
        assert math.isclose(steps, round(steps), abs_tol=1e-6), lever
    at_rest = {lever.path: shown(case, lever, as_browsers_do(lever, lever.value)) for lever in found}
    assert settings(case, at_rest) == {}
    for lever in found:
        one = lever.value + lever.step if lever.value + lever.step <= lever.high else lever.value - lever.step
        other = shown(case, lever, as_browsers_do(lever, one))
        assert list(settings(case, at_rest | {lever.path: other}, found)) == [lever.path], lever


def shown(case: Case, lever: Lever, number: float) -> object:
    """What the page says of a slider."""
    return (case.start + timedelta(days=number)).isoformat() if lever.kind == "date" else number


def test_all_asked_for_groups_are_there() -> None:
    paths = " ".join(lever.path for lever in levers(CASE))
    for part in ("conscript", "ties.", "supply", "pay", "resources", "coup_proofing", "protest", "inducement",
                 "aid.", "decisions.mobilisation.enabled",
                 "decisions.mobilisation.date", "wounded_to_killed"):  # fmt: skip
        assert part in paths


def test_a_lever_at_rest_is_no_setting() -> None:
    assert settings(CASE, {"sides.russia.supply": CASE.sides["russia"].supply.value}) == {}
    assert settings(CASE, {"sides.russia.supply": "0.2"}) == {"sides.russia.supply": 0.2}
    assert settings(CASE, {"decisions.mobilisation.enabled": 0}) == {"decisions.mobilisation.enabled": False}
    assert settings(CASE, {"decisions.mobilisation.date": "2022-09-21"}) == {}


def test_a_decision_can_be_moved_to_another_day() -> None:
    moved = settings(CASE, {"decisions.mobilisation.date": "2022-07-01"})
    assert with_values(CASE, moved).decisions["mobilisation"].date == date(2022, 7, 1)
    again = counterfactual(CASE, "what-if:decisions.mobilisation.date=2022-07-01").set
    assert with_values(CASE, again) == with_values(CASE, moved)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sides.russia.supply", "nan"), ("sides.russia.supply", "inf"), ("sides.russia.supply", 1.5),
        ("sides.russia.supply", "0.2; drop"), ("sides.russia.supply", None), ("sides.russia.supply", [1]),
        ("id", "x"), ("../../etc/passwd", 1), ("sides.*.supply", 0.5), ("__class__", 1), ("days", 3650), ("", 1),
        ("decisions.mobilisation.date", "2030-01-01"), ("decisions.mobilisation.date", "soon"),
    ],
)  # fmt: skip
def test_hostile_settings_are_refused(path: str, value: object) -> None:
    with pytest.raises(AllegianceError):
        settings(CASE, {path: value})


def test_interval_covers_and_shrinks() -> None:
    rng = np.random.default_rng(1)
    widths, hits = {}, 0
    for pairs in (4, 32):
        draws = [t_interval(rng.normal(1.0, 1.0, pairs)) for _ in range(400)]
        widths[pairs] = np.mean([half for _, half in draws])
        hits = sum(abs(middle - 1.0) <= half for middle, half in draws)
    assert widths[32] < widths[4] / 3
    assert 0.86 <= hits / 400 <= 0.94


def _row(key: str, a: float, b: float, half: float, side: str = "") -> dict[str, object]:
    return {
        "key": key, "side": side, "label": key, "unit": "percentage points" if side else "days", "baseline": a,
        "changed": b, "difference": b - a, "low": b - a - half, "high": b - a + half,
    }  # fmt: skip


def test_two_sentences_say_the_direction() -> None:
    rows = [
        _row("russia.shirking", 40, 60, 5, "russia"),
        _row("russia.desertion", 5, 5.1, 2, "russia"),
        _row("war.duration_days", 300, 250, 10),
        _row("war.mean_log_ratio", 0.5, 0.1, 0.05),
    ]
    armies, war = meaning(CASE, rows, 8)
    assert armies.replace("\N{NO-BREAK SPACE}", " ") == (
        "The share of soldiers of Russia who shirk rises by 20 percentage points on average (90 % interval +15 to +25;"
        " median 40 to 60 %)."
    )
    assert "desert" not in armies
    assert "towards parity" in war
    assert "it ends 50 days sooner on average (90\N{NO-BREAK SPACE}% interval 40 to 60)" in war


def test_nothing_certain_is_said_as_nothing_certain() -> None:
    armies, war = meaning(CASE, [_row("russia.shirking", 40, 41, 5, "russia")], 4)
    assert "no form of disloyalty differs" in armies
    assert "no difference" in war


def test_the_gravest_form_leads_then_the_largest_change() -> None:
    rows = [
        _row("russia.shirking", 40, 90, 1, "russia"),
        _row("ukraine.defection", 3, 9, 1, "ukraine"),
        _row("russia.mutiny?", 80, 33, 10, "russia"),
        _row("ukraine.mutiny?", 60, 65, 1, "ukraine"),
    ]
    armies, _ = meaning(CASE, rows, 32)
    assert armies.startswith("The probability of a mutiny in Russia falls from 80 to 33")
    assert "and the probability of a mutiny in Ukraine rises" in armies
    assert "shirk" not in armies
    rows.append(_row("ukraine.coup_attempt?", 1, 4, 0.5, "ukraine"))
    assert meaning(CASE, rows, 32)[0].startswith("The probability of a coup attempt in Ukraine rises")


def _people(key: str, a: float, b: float, half: float) -> dict[str, object]:
    return _row(key, a, b, half, "russia") | {"unit": "soldiers"}


def test_a_share_that_rises_while_the_number_falls_is_told_as_such() -> None:
    share = _row("russia.desertion", 7.2, 10.6, 1, "russia")
    said = meaning(CASE, [share, _people("russia.desertion#", 61_000, 56_000, 2_000)], 32)[0]
    assert "in numbers the reverse, 5,000 fewer on average" in said
    said = meaning(CASE, [share, _people("russia.desertion#", 61_000, 61_109, 2_000)], 32)[0]
    assert "their number does not change beyond its interval" in said
    said = meaning(CASE, [share, _people("russia.desertion#", 61_000, 90_000, 2_000)], 32)[0]
    assert "number" not in said


def test_one_simulated_soldier_is_no_finding() -> None:
    few = _people("russia.killed", 100, 104, 1) | {"step": 5.0}
    assert not material(few)
    assert material(few | {"step": 1.0})


@pytest.mark.parametrize(
    "row",
    [
        _row("civilians_killed", 3.0, 3.01, 0.006) | {"unit": "people"}, _row("war.duration_days", 74, 74.5, 0.1),
        _row("war.mean_log_ratio", 0.5, 0.51, 0.001),
    ],
)  # fmt: skip
def test_what_is_too_small_to_matter_is_no_material_change(row: dict[str, object]) -> None:
    armies, war = meaning(CASE, [_row("ukraine.defection", 0.19, 0.3, 0.01, "ukraine"), row], 32)
    assert armies.startswith("No material change")
    assert "no material change" in war
    assert "civilians die" not in war
