"""The wrapper recovers the indices of a function that is known, and refuses what it cannot do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.experiments.sensitivity import decompose, inputs_of, screen, sensitivity
from allegiance.report.sensitivity_page import write_sensitivity_report
from allegiance.theory.registry import PARAMETERS


def ishigami(points: np.ndarray) -> np.ndarray:
    """sin x + 7 sin² y + 0.1 z⁴ sin x on [−π, π]³ (Ishigami & Homma 1990); a fourth input does nothing."""
    x, y, z = (np.pi * (2 * points[:, k] - 1) for k in range(3))
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def test_sobol_indices_of_the_ishigami_function() -> None:
    (table,) = decompose(ishigami, ["x", "y", "z", "dummy"], 2048)
    rows = {r["input"]: r for r in table.to_dicts()}
    for name, first, total in (("x", 0.3139, 0.5576), ("y", 0.4424, 0.4424), ("z", 0.0, 0.2437), ("dummy", 0.0, 0.0)):
        assert rows[name]["S1"] == pytest.approx(first, abs=0.04), name
        assert rows[name]["ST"] == pytest.approx(total, abs=0.04), name
        assert rows[name]["S1_low"] - 0.03 <= first <= rows[name]["S1_high"] + 0.03, name
    assert sum(r["S1"] for r in rows.values()) == pytest.approx(0.756, abs=0.05)


def test_screening_finds_what_matters_and_leaves_the_dummy_at_zero() -> None:
    (table,) = screen(lambda p: (4 * p[:, 0] + p[:, 1] ** 2)[:, None], ["strong", "weak", "dummy"], 8)
    rows = {r["input"]: r for r in table.to_dicts()}
    assert rows["strong"]["mu_star"] == pytest.approx(4)
    assert rows["strong"]["sigma"] == pytest.approx(0, abs=1e-9)
    assert 0 < rows["weak"]["mu_star"] < 1.5
    assert rows["dummy"]["mu_star"] == 0


def test_a_constant_outcome_has_no_indices() -> None:
    (table,) = decompose(lambda p: np.ones((len(p), 1)), ["a", "b"], 8)
    assert table["S1"].is_null().all()


def test_inputs_are_the_priors_the_ranges_chance_and_a_dummy() -> None:
    inputs = {i.name: i for i in inputs_of(load_case("reference"))}
    assert {"chance", "dummy", "linkage_refusal", "sides.stronger.supply"} <= set(inputs)
    assert not any(".composition." in name for name in inputs), "shares that add up to one cannot move alone"
    supply = inputs["sides.stronger.supply"]
    assert (supply.at(0.0), supply.at(1.0)) == (0.5, 0.9)
    prior, one = PARAMETERS["linkage_refusal"], inputs["linkage_refusal"]
    assert (one.at(0.0), one.at(1.0)) == pytest.approx((prior.low, prior.high))
    assert one.at(0.5) == pytest.approx(prior.value)


def test_a_small_analysis_resumes_and_puts_judgement_first(tmp_path: Path) -> None:
    options = {"outcomes": ["shirking", "desertion"], "trajectories": 2, "size": 8, "survivors": 2, "days": 8,
               "scale": 0.02, "threads": 2, "out": tmp_path / "s"}  # fmt: skip
    result = sensitivity("reference", **options)  # type: ignore[arg-type]
    dummy = result.frame.filter(pl.col("input") == "dummy")
    assert (dummy["mu_star"] == 0).all()
    assert (dummy["ST"].abs() < 1e-9).all()
    homework = result.homework()
    assert set(homework["basis"]) == {"judgement"}
    assert result.evaluations == 2 * (len(inputs_of(load_case("reference"))) + 1) + 8 * (4 + 2)
    page = write_sensitivity_report(tmp_path / "s", result).read_text(encoding="utf-8")
    assert "what to research first" in page


def test_bad_requests_are_one_clear_message() -> None:
    for options, said in (
        ({"outcomes": ["dessertion"]}, "no outcome 'dessertion'\n.*'desertion'"),
        ({"size": 100}, "power of 2"),
        ({"trajectories": 1}, "at least 2"),
        ({"survivors": 0}, "at least 1"),
    ):
        with pytest.raises(AllegianceError, match=said):
            sensitivity("reference", **options)  # type: ignore[arg-type]
