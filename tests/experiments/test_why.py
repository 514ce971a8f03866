"""Shapley values on games with known answers, and on a small war: parts add up to the whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import allegiance.experiments.why as module
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.experiments.why import Attribution, orders, shapley_exact, shapley_order, why
from allegiance.report.why_page import headline, leading, paragraph, write_why_report

NAMES = ("a", "b", "c", "d")


def game(value: dict[frozenset[str], float] | None = None) -> dict[frozenset[str], float]:
    """Additive parts 1, 2, 3, 4, and an interaction of 6 between a and b."""
    parts = dict(zip(NAMES, (1.0, 2.0, 3.0, 4.0), strict=True))
    worlds = [frozenset(c) for n in range(5) for c in combinations(NAMES, n)]
    return value or {w: sum(parts[x] for x in w) + (6.0 if {"a", "b"} <= w else 0.0) for w in worlds}


def test_an_interaction_is_shared_equally() -> None:
    assert shapley_exact(game(), NAMES) == pytest.approx({"a": 4.0, "b": 5.0, "c": 3.0, "d": 4.0})


def test_sampled_orders_are_unbiased_and_reversed_in_pairs() -> None:
    sampled = orders(4, 400, seed=1)
    assert all(sampled[k] == sampled[k + 1][::-1] for k in range(0, 400, 2))
    guesses = [shapley_order(game(), NAMES, o) for o in sampled]
    exact = shapley_exact(game(), NAMES)
    for name in NAMES:
        assert np.mean([g[name] for g in guesses]) == pytest.approx(exact[name], abs=0.3)
    # an interaction of two is weighed exactly by an order and its reverse
    for k in range(0, 400, 2):
        assert (guesses[k]["a"] + guesses[k + 1]["a"]) / 2 == pytest.approx(exact["a"])


def test_a_condition_that_does_nothing_gets_nothing() -> None:
    value = {w: float("a" in w) for w in game()}
    assert shapley_exact(value, NAMES) == pytest.approx({"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Attribution, Path]:
    out = tmp_path_factory.mktemp("why") / "w"
    chosen = ["conscription", "deprivation", "losses"]
    return why("reference", 4, conditions=chosen, days=40, scale=0.1, threads=2, out=out), out


def test_contributions_add_up_to_the_joint_effect(small: tuple[Attribution, Path]) -> None:
    result, _ = small
    total = result.frame.group_by("outcome").agg(pl.col("shapley").sum())
    both = result.joint.join(total, on="outcome")
    assert both["shapley"].to_list() == pytest.approx(both["joint"].to_list(), abs=1e-9)
    assert (both["joint"] - both["sum_alone"]).to_list() == pytest.approx(both["beyond_sum"].to_list(), abs=1e-9)


def test_exact_and_sampled_agree_on_the_whole(small: tuple[Attribution, Path]) -> None:
    result, _ = small
    chosen = list(result.conditions)
    exact = why("reference", 4, conditions=chosen, days=40, scale=0.1, threads=1, exact=True)
    assert exact.worlds == 8
    assert exact.joint["joint"].to_list() == pytest.approx(result.joint["joint"].to_list())


def test_the_report_draws_a_waterfall_and_says_it(small: tuple[Attribution, Path]) -> None:
    result, out = small
    page = write_why_report(out, result).read_text(encoding="utf-8")
    assert "Joint effect and sum of single effects" in page
    assert "Contributions:" in paragraph(result, "stronger.shirking")
    assert (out / "why.json").is_file()


def _attribution(small: Attribution, rows: dict[str, tuple[float, float, float]]) -> Attribution:
    """An attribution in which one condition contributes these values to the first outcomes and nothing else does."""
    frame = small.frame.with_columns(shapley=pl.lit(0.0), low=pl.lit(0.0), high=pl.lit(0.0))
    for outcome, values in rows.items():
        hit = (pl.col("outcome") == outcome) & (pl.col("condition") == "losses")
        pairs = zip(("shapley", "low", "high"), values, strict=True)
        frame = frame.with_columns(pl.when(hit).then(v).otherwise(pl.col(c)).alias(c) for c, v in pairs)
    return replace(small, frame=frame)


def test_the_headline_is_the_first_outcome_that_anything_moves(small: tuple[Attribution, Path]) -> None:
    first, second, third = small[0].joint["outcome"][:3]
    moved = _attribution(small[0], {second: (1.0, -1.0, 3.0), third: (2.0, 1.0, 3.0)})
    assert leading(moved) == third, "the first moves nothing, the second not beyond noise"
    assert headline(moved).startswith("Losses contributes most")
    noise = _attribution(small[0], {second: (1.0, -1.0, 3.0)})
    assert leading(noise) == second
    assert "noise" in headline(noise)
    assert leading(_attribution(small[0], {})) == first


def test_finished_worlds_are_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"members": 4, "conditions": ["ties", "losses"], "days": 20, "scale": 0.05, "threads": 1}
    monkeypatch.setattr(module, "BATCH", 4)
    real, count = module.play_worlds, 0

    def stop_at_third(*arguments: object) -> object:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "play_worlds", stop_at_third)
    with pytest.raises(KeyboardInterrupt):
        why("reference", out=tmp_path / "w", **options)  # type: ignore[arg-type]
    why("reference", out=tmp_path / "w", **options)  # type: ignore[arg-type]
    assert count == 5, "two worlds finished, one broke off, two were left"


def test_bad_requests_are_one_clear_message() -> None:
    case = load_case("reference")
    with pytest.raises(AllegianceError, match=r"no condition 'tie' .*\n.*'ties'"):
        why(case, conditions=["tie", "losses"])
    with pytest.raises(AllegianceError, match="at least 4"):
        why(case, members=2)
    with pytest.raises(AllegianceError, match="only one condition"):
        why(case, conditions=["ties"])
    with pytest.raises(AllegianceError, match="names no conditions"):
        why(case.model_copy(update={"conditions": {}}))
