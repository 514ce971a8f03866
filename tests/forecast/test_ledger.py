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
    path.write_text(json.dumps({"run": "a"}) + "\n{half a li")
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


def doctored(path, change):
    """The file with `change` made to its content and, as a forger would, its hash and name made to fit."""
    from allegiance.base.files import sha256_text, to_json

    loaded = json.loads(path.read_text())
    change(loaded["forecast"])
    loaded["sha256"] = sha256_text(to_json(loaded["forecast"]))
    path.unlink()
    forged = path.with_name(f"{path.name[:-17]}{loaded['sha256'][:12]}.json")
    forged.write_text(to_json(loaded))
    return forged


def test_the_day_of_issue_lies_inside_the_hash(panel, tmp_path):
    path = freeze(made(panel, date(1952, 6, 1)), tmp_path)
    issued = read(tmp_path)[0].content["issued"]
    path.write_text(path.read_text().replace(issued, "1952-07-01T00:00:00+00:00"))
    with pytest.raises(AllegianceError, match="was changed after it was issued"):
        read(tmp_path)


def test_an_entry_whose_hash_does_not_cover_its_day_is_refused(panel, tmp_path):
    path = freeze(made(panel, date(1952, 6, 1)), tmp_path)
    doctored(path, lambda said: said.pop("issued"))
    with pytest.raises(AllegianceError, match="does not cover the day of issue"):
        read(tmp_path)


@pytest.mark.parametrize("key", ["issued", "rows"])
def test_a_forger_who_mends_the_hash_breaks_the_chain(panel, tmp_path, key):
    """The next entry holds the hash of the one before, so an entry cannot be replaced, backdated or taken out."""
    first = freeze(made(panel, date(1952, 6, 1)), tmp_path)
    freeze(made(panel, date(1952, 7, 1)), tmp_path)

    def change(said):
        said[key] = "1952-07-01T00:00:00+00:00" if key == "issued" else said["rows"][:1]

    doctored(first, change)
    with pytest.raises(AllegianceError, match=r"issued before .* is missing"):
        read(tmp_path)


def test_an_entry_taken_out_is_missed(panel, tmp_path):
    paths = [freeze(made(panel, date(1952, m, 1)), tmp_path) for m in (6, 7, 8)]
    paths[1].unlink()
    with pytest.raises(AllegianceError, match="is missing"):
        read(tmp_path)


def test_nothing_is_issued_before_the_newest_or_in_time_to_come(panel, tmp_path):
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    freeze(made(panel, date(1952, 6, 1)), tmp_path, now)
    with pytest.raises(AllegianceError, match="still to come"):
        freeze(made(panel, date(1952, 7, 1)), tmp_path, now - timedelta(days=400))
    path = freeze(made(panel, date(1952, 8, 1)), tmp_path)
    doctored(path, lambda said: said.update(issued="2999-01-01T00:00:00+00:00"))
    with pytest.raises(AllegianceError, match="still to come"):
        read(tmp_path)


def test_looks_at_the_test_years_are_counted(tmp_path):
    path = tmp_path / "leaderboard.jsonl"
    late = pl.DataFrame({"model": ["blend"], "last": [2019]})
    leaderboard.append(path, {"scores": late.with_columns(last=pl.lit(2004))}, {})
    assert "look" not in leaderboard.read(path)[-1]
    for k in (1, 2):
        leaderboard.append(path, {"scores": late}, {"t": str(k)})
        assert leaderboard.read(path)[-1]["look"] == leaderboard.EARLIER_LOOKS + k
