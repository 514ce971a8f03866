"""Drafts beside the library: what is compared, and what becomes a question; what an assessment quotes of its past."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.draft import assemble  # noqa: F401  (its import registers every reading)
from allegiance.cases.draft.agreement import GOOD, INPUTS, _of, _questions, agreement, pairs, ranks
from allegiance.cases.draft.panel import load_panel
from allegiance.cases.draft.registry import DEFAULTED, READINGS
from allegiance.cases.loader import load_case
from allegiance.report import past_scores


def test_a_value_by_hand_outside_the_range_is_a_question() -> None:
    inside, below, above = (("a", (0.5, 0, 1), (0.6, 0.4, 0.8)), ("b", (0.1, 0, 1), (0.6, 0.4, 0.8)),
                            ("c", (0.9, 0, 1), (0.6, 0.4, 0.8)))  # fmt: skip
    assert _questions([inside, below, above]) == [
        "b: hand 0.10, rule 0.60 (0.40 to 0.80)", "c: hand 0.90, rule 0.60 (0.40 to 0.80)",
    ]  # fmt: skip


def test_ranks_need_pairs_that_differ() -> None:
    assert ranks(np.arange(5.0), np.arange(5.0) ** 2) == pytest.approx(1)
    assert ranks(np.arange(5.0), np.ones(5)) is None
    assert ranks(np.arange(3.0), np.arange(3.0)) is None


def test_what_the_format_filled_in_is_not_compared() -> None:
    case = load_case("reference")
    force = next(iter(next(iter(case.sides.values())).forces.values()))
    given = _of(force.strength, log=True)
    assert given is not None
    assert given[1] <= given[0] <= given[2]
    assert _of(None) is None


def test_every_reading_compared_is_registered() -> None:
    assert {reading for reading, _ in INPUTS.values()} <= set(READINGS)
    assert not set(DEFAULTED) & {path for r in READINGS.values() for path in r.fills}


def test_quality_a_is_earned(data_dir: object) -> None:
    """A reading that claims the best quality ranks armies as the library does; else the claim is lowered."""
    rows = agreement(pairs(load_panel(data_dir))[0])  # type: ignore[arg-type]
    best = [r for r in rows if r.quality == "A"]
    assert best
    assert all(r.correlation is not None and r.correlation >= GOOD for r in best), best


def test_past_scores_are_those_of_the_simulation_as_it_is() -> None:
    score = {"kind": "campaign scores", "coding": "defect_21", "events": 10, "rows": 20, "first_year": 1945,
             "last_year": 1999, "auc": 0.5, "auc_low": 0.4, "auc_high": 0.6, "expected_observed": 1.1,
             "run": "x"}  # fmt: skip
    rows = [score | {"model": "base rate", "auc": 0.3}, score | {"model": "simulation, as it is"}]
    rows += [
        {"kind": "campaign comparisons", "coding": "defect_21", "ours": ours, "theirs": "base rate", "verdict": "worse"}
        for ours in ("simulation", "ridge logit")
    ]
    said = past_scores.told(past_scores.kept(rows))
    assert "On 20 campaigns of 1945 to 1999" in said
    assert "50 % of pairs (95 %: 40 to 60; chance: 50)" in said
    assert "simulation worse, plain regression worse" in said
