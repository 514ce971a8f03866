"""Forecasts frozen and scored; leaderboard lines kept."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from made import world

from allegiance.base.errors import AllegianceError
from allegiance.forecast import leaderboard
from allegiance.forecast.issue import Issue
from allegiance.forecast.ledger import freeze, previous, read, score
from allegiance.forecast.reasons import Reason


@pytest.fixture(scope="module")
def panel():
    return world(years=5)


def made(panel: pl.DataFrame, as_of: date, probability: float = 0.1) -> Issue:
    rows = panel.filter(pl.col("month") == as_of).select("gwcode", "ccode", "iso3", "country")
    table = rows.with_columns(
        probability=pl.lit(probability), low=pl.lit(probability / 2), high=pl.lit(probability * 2),
        climatology=pl.lit(0.08), reasons=pl.lit("near the average state"),
    )  # fmt: skip
    return Issue(
        "coup_attempt", 12, as_of, table, [[Reason("war", 0.2)]] * rows.height, {"logit": 1.0}, {"t": "0" * 64}
    )


def test_a_forecast_is_frozen_once_and_read_back(panel, tmp_path):
    issue = made(panel, date(1952, 6, 1))
    path = freeze(issue, tmp_path)
    content = path.read_bytes()
    assert freeze(issue, tmp_path) == path
    assert path.read_bytes() == content
    (entry,) = read(tmp_path)
    assert entry.key == ("coup_attempt", 12)
    assert entry.as_of == date(1952, 6, 1)
    assert entry.content["data"] == {"t": "0" * 64}
    assert entry.content["model"]["version"]
    assert entry.table["probability"].unique().to_list() == [0.1]


def test_a_changed_forecast_is_refused(panel, tmp_path):
    path = freeze(made(panel, date(1952, 6, 1)), tmp_path)
    path.write_text(path.read_text().replace('"probability": 0.1', '"probability": 0.9'))
    with pytest.raises(AllegianceError, match="was changed after it was issued"):
        read(tmp_path)
    path.write_text("{}")
    with pytest.raises(AllegianceError, match="is not a forecast"):
        read(tmp_path)
    with pytest.raises(AllegianceError, match="there is no ledger"):
        read(tmp_path / "none")


def test_the_previous_issue_is_the_last_earlier_one(panel, tmp_path):
    assert previous(made(panel, date(1952, 6, 1)), tmp_path / "none") is None
    for month in (1, 3):
        freeze(made(panel, date(1952, month, 1)), tmp_path)
    found = previous(made(panel, date(1952, 6, 1)), tmp_path)
    assert found is not None
    assert found.as_of == date(1952, 3, 1)


def test_scores_are_those_of_the_twelve_months_after(panel, tmp_path):
    freeze(made(panel, date(1952, 6, 1)), tmp_path)
    freeze(made(panel, date(1954, 6, 1)), tmp_path)
    done, open_ = score(read(tmp_path), panel).to_dicts()
    window = panel.filter(pl.col("month").is_between(date(1952, 7, 1), date(1953, 6, 1)))
    happened = window.group_by("gwcode").agg(pl.col("coup_attempt").max())["coup_attempt"]
    assert done["events"] == happened.sum()
    assert done["brier"] == pytest.approx(((0.1 - happened) ** 2).mean())
    assert done["brier_climatology"] == pytest.approx(((0.08 - happened) ** 2).mean())
    assert done["state"] == "scored"
    assert open_["state"] == "not over yet, or not coded"
    assert open_["brier"] is None


def test_the_leaderboard_keeps_every_run(tmp_path):
    path = tmp_path / "deep" / "leaderboard.jsonl"
    table = pl.DataFrame({"model": ["stack", "logit"], "auc": [0.8, 0.7]})
    one = leaderboard.append(path, {"scores": table}, {"t": "1"})
    first = path.read_bytes()
    two = leaderboard.append(path, {"scores": table.head(1)}, {"t": "2"})
    assert path.read_bytes().startswith(first)
    assert [r["run"] for r in leaderboard.read(path)] == [one, one, two]
    path.write_text(json.dumps({"a": 1}) + "\n{half a li")
    with pytest.raises(AllegianceError, match=r"jsonl:2 is damaged"):
        leaderboard.read(path)
    with pytest.raises(AllegianceError, match="there is no leaderboard"):
        leaderboard.read(tmp_path / "none.jsonl")


def test_the_page_of_a_forecast_stands_alone(panel, tmp_path):
    from allegiance.report.forecast_page import write_forecast

    page = write_forecast(tmp_path / "f.html", made(panel, date(1952, 6, 1))).read_text()
    assert page.count("<svg") >= 3
    assert "src=" not in page.replace("img-src", "").replace("script-src", "").replace("default-src", "")
    assert "Coup attempt" in page
