"""Each claim's own mechanism, disabled, must take the claim's support away."""

from __future__ import annotations

import polars as pl
import pytest

from allegiance.cases.loader import load_case
from allegiance.experiments.claims import Request
from allegiance.experiments.mutation import mutation_check


@pytest.mark.slow
def test_every_supported_claim_loses_its_support_without_its_mechanism(capsys: pytest.CaptureFixture[str]) -> None:
    table = mutation_check(None, Request(load_case("reference"), members=48))
    with capsys.disabled(), pl.Config(tbl_rows=20, tbl_width_chars=160, fmt_str_lengths=40):
        print(table.select("claim", "disabled", "intact", "disabled_verdict", "flips"))  # noqa: T201
    assert table.filter(pl.col("flips").not_())["claim"].to_list() == []
    assert table["flips"].count() >= 8, "hardly anything was supported, so hardly anything was tested"


def test_punishment_without_its_mechanism_drives_nobody_to_shirk() -> None:
    table = mutation_check(["C12"], Request(load_case("reference"), members=24, scale=0.05, threads=2))
    (row,) = table.to_dicts()
    assert row["disabled_verdict"] != "supported"
    assert abs(row["value_disabled"] - 1) < abs(row["value"] - 1)
