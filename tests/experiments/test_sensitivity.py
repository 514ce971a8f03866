"""The wrapper recovers the indices of a function that is known, and refuses what it cannot do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.markdown import SCORES
from allegiance.cases.loader import load_case
from allegiance.experiments.indices import WIDEST, decompose, luck_share, screen
from allegiance.experiments.sensitivity import Sensitivity, inputs_of, sensitivity
from allegiance.report import sensitivity_docs
from allegiance.report.sensitivity_page import headline, paragraph, write_sensitivity_report
from allegiance.theory.registry import PARAMETERS


def ishigami(points: np.ndarray) -> np.ndarray:
    """sin x + 7 sin² y + 0.1 z⁴ sin x on [−π, π]³ (Ishigami & Homma 1990); a fourth input does nothing."""
    x, y, z = (np.pi * (2 * points[:, k] - 1) for k in range(3))
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def g_function(points: np.ndarray) -> np.ndarray:
    """Product of (|4 x - 2| + a) / (1 + a) with a = 0, 1, 4.5, 9 (Sobol' 1993); V_k = 1 / (3 (1 + a_k)^2)."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    return np.prod((np.abs(4 * points[:, :4] - 2) + a) / (1 + a), axis=1)[:, None]


def g_indices() -> dict[str, tuple[float, float]]:
    parts = 1 / (3 * (1 + np.array([0.0, 1.0, 4.5, 9.0])) ** 2)
    whole = np.prod(1 + parts) - 1
    return {
        n: (v / whole, v * np.prod(1 + np.delete(parts, k)) / whole)
        for k, (n, v) in enumerate(zip("abcd", parts, strict=True))
    }


ISHIGAMI = {"x": (0.3139, 0.5576), "y": (0.4424, 0.4424), "z": (0.0, 0.2437)}


@pytest.mark.parametrize(("function", "known"), [(ishigami, ISHIGAMI), (g_function, g_indices())])
@pytest.mark.parametrize("level", [0.0, 50.0])
def test_indices_of_functions_that_are_known(function: object, known: dict, level: float) -> None:  # type: ignore[type-arg]
    """An outcome far from zero has the same indices as one that is centred."""
    (found,) = decompose(lambda p: function(p) + level, [*known, "dummy"], 2048)  # type: ignore[operator]
    rows = {r["input"]: r for r in found.table.to_dicts()}
    for name, (first, total) in {**known, "dummy": (0.0, 0.0)}.items():
        assert rows[name]["S1"] == pytest.approx(first, abs=0.04), name
        assert rows[name]["ST"] == pytest.approx(total, abs=0.04), name
        assert rows[name]["S1_low"] - 0.01 <= first <= rows[name]["S1_high"] + 0.01, name
        assert rows[name]["ST_low"] - 0.01 <= total <= rows[name]["ST_high"] + 0.01, name
    assert found.total[0] == pytest.approx(sum(first for first, _ in known.values()), abs=0.05)
    assert found.total[1] < found.total[0] < found.total[2]
    assert found.ranks


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(40):
        (found,) = decompose(ishigami, ["x", "y", "z", "dummy"], 128, seed)
        held += found.total[1] <= 0.7563 <= found.total[2]
    assert 30 <= held <= 40, "of 40 intervals at 90 %, about 36"


def test_a_small_sample_does_not_rank_and_says_how_large_a_one_would() -> None:
    (found,) = decompose(ishigami, ["x", "y", "z", "dummy"], 16)
    assert found.error > WIDEST
    assert not found.ranks
    assert found.needed > 16
    (larger,) = decompose(ishigami, ["x", "y", "z", "dummy"], found.needed * 2)
    assert larger.ranks


def test_the_same_seed_gives_the_same_intervals() -> None:
    first, again = (decompose(ishigami, ["x", "y", "z"], 64)[0] for _ in range(2))
    assert first.table.equals(again.table)
    assert first.total == again.total


def test_luck_has_the_share_that_it_was_given() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(4000, 1)) * 2 + rng.normal(size=(4000, 3))
    share, low, high = luck_share(values)
    assert share == pytest.approx(1 / 5, abs=0.02)
    assert low < 1 / 5 < high
    assert luck_share(np.repeat(values[:, :1], 2, axis=1))[0] == pytest.approx(0, abs=1e-9)
    assert np.isnan(luck_share(np.ones((8, 2)))[0])
    rare = np.zeros((16, 2))
    rare[0, 0] = 1.0
    assert np.isfinite(luck_share(rare)).all(), "resamples without the one event are left out"


def test_screening_finds_what_matters_and_leaves_the_dummy_at_zero() -> None:
    (table,) = screen(lambda p: (4 * p[:, 0] + p[:, 1] ** 2)[:, None], ["strong", "weak", "dummy"], 8)
    rows = {r["input"]: r for r in table.to_dicts()}
    assert rows["strong"]["mu_star"] == pytest.approx(4)
    assert rows["strong"]["sigma"] == pytest.approx(0, abs=1e-9)
    assert 0 < rows["weak"]["mu_star"] < 1.5
    assert rows["dummy"]["mu_star"] == 0


def test_a_constant_outcome_has_no_indices() -> None:
    (found,) = decompose(lambda p: np.ones((len(p), 1)), ["a", "b"], 8)
    assert found.table["S1"].is_null().all()
    assert not found.ranks


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
    assert result.evaluations == 2 * (2 * (len(inputs_of(load_case("reference"))) + 1) + 8 * (3 + 2 + 1))
    chance = result.frame.filter((pl.col("input") == "chance") & pl.col("ST").is_not_null())
    assert chance.height >= 1
    assert chance["ST"].is_between(0, 1).all()
    assert "Too few samples to rank" in headline(result), "eight points cannot rank anything"
    assert "would probably do" in paragraph(result, result.outcomes[0])
    page = write_sensitivity_report(tmp_path / "s", result).read_text(encoding="utf-8")
    assert "what to research first" in page
    told_on_a_page(result, tmp_path)


def told_on_a_page(result: Sensitivity, folder: Path) -> None:
    """The record of the analysis fills the page, and a page behind it is found."""
    page = folder / sensitivity_docs.PAGE
    page.write_text("# What moves it\n" + "\n".join(SCORES) + "\nBelievable.\n", encoding="utf-8")
    assert sensitivity_docs.write_flagship(folder) is None, "there is no record yet"
    sensitivity_docs.keep_record(folder / sensitivity_docs.RECORD, result)
    with pytest.raises(AllegianceError, match="behind its record"):
        sensitivity_docs.check_flagship(folder)
    assert sensitivity_docs.write_flagship(folder) == page
    sensitivity_docs.check_flagship(folder)
    text = page.read_text(encoding="utf-8")
    first = result.frame.filter(
        (pl.col("outcome") == "stronger.desertion") & pl.col("kind").is_in(["theory", "case"])
    ).sort("mu_star", descending=True)["input"][0]
    assert f"| `{first}` |" in text
    assert "a number that does nothing: 0" in text
    assert "earlier form" not in text
    assert text.endswith("Believable.\n")


def test_bad_requests_are_one_clear_message() -> None:
    for options, said in (
        ({"outcomes": ["dessertion"]}, "no outcome 'dessertion'\n.*'desertion'"),
        ({"size": 100}, "power of 2"),
        ({"trajectories": 1}, "at least 2"),
        ({"survivors": 0}, "at least 1"),
        ({"members": 1}, "at least 2"),
    ):
        with pytest.raises(AllegianceError, match=said):
            sensitivity("reference", **options)  # type: ignore[arg-type]
