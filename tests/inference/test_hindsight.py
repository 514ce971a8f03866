"""The control for hindsight: twins by rule, gaps by outcome, and whether inputs know more than the conditions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.files import read_json
from allegiance.cases.draft.panel import load_panel
from allegiance.inference.bank import CodedCase, coded_cases
from allegiance.inference.hindsight import compared, control, residuals
from allegiance.inference.scoreboard import Scoreboard
from allegiance.report import hindsight as told


def board(cases: list[CodedCase], score: float) -> Scoreboard:
    """Every case scored `score` by the model and 0.5 by the rest."""
    rows = [
        {"case": c.case.id, "outcome": outcome, "model": model, "score": score if model == "model" else 0.5}
        for c in reversed(cases) for outcome in ("coup", "mutiny", "refusal", "left")
        for model in ("model", "base_rate", "logit")
    ]  # fmt: skip
    return Scoreboard(pl.DataFrame(rows), pl.DataFrame(), pl.DataFrame())


def test_gaps_have_the_sign_of_who_scores_better() -> None:
    cases = coded_cases()[:6]
    found = compared(board(cases, 0.2), board(cases, 0.4), cases).rows_by_key(["ours", "theirs"], named=True)
    assert [r["difference"] for r in found["by hand", "by rule"]] == [pytest.approx(-0.2)] * 4
    assert {r["verdict"] for r in found["by hand", "base rate"]} == {"better"}
    assert [r["difference"] for r in found["by rule", "base rate"]] == [pytest.approx(-0.1)] * 4


def test_inputs_that_were_set_by_the_outcome_are_found_out() -> None:
    """Outcomes made from one input beyond the conditions, or by dice."""
    cases = coded_cases()
    supply = np.argsort(np.argsort([c.case.sides[c.observed.side].supply.value for c in cases])) * 4 // len(cases)
    level = [{"refusal": int(k), "mutiny": int(k)} for k in supply]
    leaky = [replace(c, observed=c.observed.model_copy(update=of)) for c, of in zip(cases, level, strict=True)]
    found = residuals(leaky)
    assert found is not None
    assert any(text.startswith("supply and") for text in found.largest[:2])
    rng = np.random.default_rng(1)
    order = rng.permutation(len(cases))
    blind = [replace(c, observed=cases[k].observed.model_copy(update={"side": c.observed.side}))
             for c, k in zip(cases, order, strict=True)]  # fmt: skip
    dice = residuals(blind)
    assert dice is not None
    assert dice.p > 0.05
    assert dice.expected == pytest.approx(0.05 * dice.pairs, rel=0.1)
    assert residuals(cases[:5]) is None


def test_twins_stand_for_the_same_army_and_outcomes(data_dir: Path) -> None:
    both = control(coded_cases(), load_panel(data_dir))
    assert len(both.by_hand) == len(both.by_rule) >= 10
    for hand, rule in zip(both.by_hand, both.by_rule, strict=True):
        assert (hand.case.id, hand.case.start, hand.case.days) == (rule.case.id, rule.case.start, rule.case.days)
        assert hand.observed.refusal == rule.observed.refusal
        assert rule.observed.side in rule.case.sides
        assert hand.family == rule.family
    assert any("not the same army" in text for text in both.without)


def test_the_record_is_told_with_its_doubts(tmp_path: Path) -> None:
    cases = coded_cases()[:6]
    scores = compared(board(cases, 0.3), board(cases, 0.3), cases).to_dicts()
    known = {"cases": 34, "pairs": 100, "beyond": 12, "expected": 5.0, "p": 0.01, "largest": ["supply and left: +0.60"]}
    summary = {
        "cases": [c.case.id for c in cases], "without": ["a: no"], "draws": 8, "seed": 0, "holdout": "case",
        "scores": scores, "formulas_sha256": "0", "residuals": {"by hand, all cases": known},
    }  # fmt: skip
    told.keep_record(tmp_path / "s.json", summary)
    text = told.lines(read_json(tmp_path / "s.json", "")[told.KEY])
    for words in ("earlier form", "cannot be told apart", "12 of 100 pairs", "supply and left: +0.60"):
        assert words in text
    assert "12 of 100 pairs" in told.write_hindsight(tmp_path / "r.html", summary).read_text()
