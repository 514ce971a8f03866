"""Agreement of two coders: Krippendorff's own worked example, and what it must say of made-up coders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from allegiance.cases.schema import Coder
from allegiance.cli.main import app
from allegiance.inference.agreement import Metric, agreement, alpha, apart, coded_twice
from allegiance.report.odd import coding_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
NONE = np.nan
EXAMPLE = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
"""Krippendorff (2011), section C: four observers, twelve units, missing values."""


def coder(mutiny: int = 0, left: tuple[float, float] = (0.0, 0.0), **codes: object) -> Coder:
    return Coder.model_validate({"coup": 0, "mutiny": mutiny, "refusal": 0, "left": left} | codes)


@pytest.mark.parametrize(("metric", "given"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example_comes_out(metric: Metric, given: float) -> None:
    assert alpha(EXAMPLE, metric) == pytest.approx(given, abs=0.0005)


def test_coders_who_agree_have_one_chance_has_none_and_opposites_less() -> None:
    rng = np.random.default_rng(1)
    one = rng.integers(0, 4, 4000).astype(float)
    assert alpha(np.array([one, one]), "ordinal") == pytest.approx(1)
    assert abs(alpha(np.array([one, rng.permutation(one)]), "ordinal")) < 0.06
    assert alpha(np.array([one, 3 - one]), "ordinal") < -0.5
    assert np.isnan(alpha(np.zeros((2, 5)), "ordinal"))


def test_the_interval_holds_alpha_and_shares_are_compared_on_the_logarithm() -> None:
    levels = [0, 0, 1, 1, 2, 3, 3, 0, 1, 2, 0, 3]
    pairs = {
        str(k): (coder(level, (0.01 * 2**level,) * 2), coder(min(3, level + (k % 3 == 0)), (0.01 * 2**level,) * 2))
        for k, level in enumerate(levels)
    }
    rows = {row.outcome: row for row in agreement(pairs)}
    assert rows["mutiny"].low < rows["mutiny"].alpha < rows["mutiny"].high
    assert rows["mutiny"].same == 8 + sum(level == 3 for level in levels[::3])
    assert rows["left"].alpha == pytest.approx(1)
    assert np.isnan(rows["coup"].alpha)
    assert "disarmed" not in rows


def test_levels_more_than_one_apart_are_named() -> None:
    pairs = {"near": (coder(1), coder(2)), "far": (coder(3), coder(1))}
    assert apart(pairs) == [("far", "mutiny", 3, 1)]


def test_the_library_is_coded_twice_and_the_command_says_how_well() -> None:
    assert len(coded_twice()) == 34
    told = CliRunner().invoke(app, ["evidence", "coding"])
    assert told.exit_code == 0
    assert "egypt-2011: coup 2 and 0" in told.output
    found = json.loads(CliRunner().invoke(app, ["evidence", "coding", "--json"]).output)
    assert {row["outcome"] for row in found["agreement"]} == {
        "coup", "mutiny", "refusal", "left", "in_mutiny", "disarmed"
    }  # fmt: skip
    assert all(row["low"] <= row["alpha"] <= row["high"] <= 1 for row in found["agreement"])


def test_the_page_of_rules_tells_of_the_coders_as_they_are() -> None:
    cure = "write it again: allegiance docs --out docs"
    assert (DOCS / "coding-rules.md").read_text(encoding="utf-8") == coding_page(), cure
