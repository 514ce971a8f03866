"""Entries marked `computed` can be computed again from the public data they name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.evidence.register import estimates_for


def _entry(study: str, start: str) -> dict[str, object]:
    """The first entry of a study whose estimand starts so."""
    frame = estimates_for()
    return frame.filter((frame["study"] == study) & frame["estimand"].str.starts_with(start)).row(0, named=True)


def _logit(y: np.ndarray, *columns: np.ndarray, groups: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    sm = pytest.importorskip("statsmodels.api")
    x = sm.add_constant(np.column_stack(columns).astype(float))
    how = {} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    fit = sm.Logit(y.astype(float), x).fit(disp=0, **how)
    return fit.params[1:], fit.bse[1:]


def test_morale_and_victory(data_dir: Path) -> None:
    battles = pl.read_csv(data_dir / "cdb90-battles" / "cdb90_battles_wide.csv.gz", infer_schema_length=None)
    battles = battles.drop_nulls(["wina", "morala"]).filter(pl.col("wina") != 0)
    b, se = _logit((battles["wina"] > 0).to_numpy(), battles["morala"].to_numpy())
    entry = _entry("cdb90", "attacker wins per step of relative morale")
    assert battles.height == 584
    assert np.exp(b[0]) == pytest.approx(entry["estimate"], abs=0.01)
    assert np.exp(b[0] - 1.96 * se[0]) == pytest.approx(entry["low"], abs=0.02)


def test_campaign_size_and_defection(data_dir: Path) -> None:
    years = pl.read_csv(data_dir / "navco-campaigns" / "navco21_campaign_years.csv.gz", infer_schema_length=None)
    years = years.drop_nulls(["sec_defect", "camp_size", "prim_meth"])
    groups = years["id"].rank("dense").to_numpy()
    b, se = _logit(
        years["sec_defect"].to_numpy(), years["camp_size"].to_numpy(), 1 - years["prim_meth"].to_numpy(), groups=groups
    )
    size = _entry("navcoDefection", "security forces defect in the campaign-year, per step of campaign size")
    assert np.exp(b[0]) == pytest.approx(size["estimate"], abs=0.01)
    assert np.exp(b[0] + 1.96 * se[0]) == pytest.approx(size["high"], abs=0.02)


def test_mobilisation_and_mutiny(data_dir: Path) -> None:
    panel = (
        pl.read_csv(data_dir / "coupcats-country-month" / "country_month_panel.csv.gz", infer_schema_length=None)
        .filter(pl.col("year") <= 2018)
        .sort("ccode", "year", "month")
    )
    before = pl.col("mutiny6").shift(1).over("ccode")
    at_risk = panel.with_columns(before.alias("before")).filter(pl.col("before") == 0).drop_nulls(["mutiny6"])
    used = at_risk.drop_nulls(["mobilization", "lgdppcl", "polyarchy", "cw"])
    columns = [used[c].to_numpy() for c in ("mobilization", "lgdppcl", "polyarchy", "cw")]
    b, _ = _logit(used["mutiny6"].to_numpy(), *columns, groups=used["ccode"].to_numpy())
    entry = _entry("coupcatsMutiny", "start of mutiny in the month, per unit of mass mobilisation")
    assert int(at_risk["mutiny6"].sum()) == 328
    assert np.exp(b[0]) == pytest.approx(entry["estimate"], abs=0.01)
