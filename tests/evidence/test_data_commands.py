"""`allegiance data` and `allegiance events` as a user meets them, on a small hand-made folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app

LIST = """country,ccode,year,month,day,coup,version
Mali,432,1991,3,26,2,V1
Mali,432,2012,3,22,2,V1
Mali,432,2012,5,1,1,V1
Niger,436,2010,2,18,2,V1
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ALLEGIANCE_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "coupcats-country-month" / "powell_thyne_list_v1.csv"
    path.parent.mkdir(parents=True)
    path.write_text(LIST)
    return tmp_path / "data"


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_list_and_card() -> None:
    listed = run("data", "list")
    assert "powell-thyne" in listed
    assert "own key" in listed
    card = run("data", "card", "coupcats")
    assert "doubts" in card
    assert "elec_lag" in card
    with pytest.raises(AllegianceError, match="did you mean 'coupcats'"):
        run("data", "card", "coupcat")


def test_events_by_country_type_and_date(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("events", "--country", "Mali", "--type", "coup_success", "--data", folder, "--out", out)
    assert "2012-03-22" in said
    assert "2012-05-01" not in said
    assert "2 events in 1 country, 1991 to 2012" in said
    assert (out / "events.csv").read_text().count("\n") == 3
    for picture in ("timeline.svg", "map.svg"):
        assert "<svg" in (out / picture).read_text()
    assert "Niger" in run("events", "--from", "2000-01", "--to", "2011-12-31", "--data", folder, "--out", out)


def test_as_of_hides_what_was_not_known(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("events", "--country", "MLI", "--as-of", "2012-03-28", "--data", folder, "--out", out)
    assert "2012-03-22" not in said
    assert "2012-03-22" in run("events", "--country", "MLI", "--as-of", "2012-03-29", "--data", folder, "--out", out)
    with pytest.raises(AllegianceError, match="before anything was known"):
        run("events", "--as-of", "1950-01-01", "--data", folder, "--out", out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--country", "Maly"), "did you mean"),
        (("--type", "cup"), "did you mean"),
        (("--from", "yesterday"), "is not a day"),
        (("--coding", "mine"), "no coding rule"),
        (("--type", "mutiny"), "no event fits"),
    ],
)
def test_wrong_words_are_told(folder: Path, tmp_path: Path, arguments: tuple[str, str], said: str) -> None:
    with pytest.raises(AllegianceError, match=said):
        run("events", *arguments, "--data", folder, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_query_over_the_folder_and_over_the_store(folder: Path, tmp_path: Path) -> None:
    sql = "select country, count(*) as n from events group by country order by n desc"
    assert "Mali" in run("data", "query", sql, "--data", folder)
    run("data", "query", sql, "--data", folder, "--out", tmp_path / "n.csv")
    assert (tmp_path / "n.csv").read_text() == "country,n\nMali,3\nNiger,1\n"
    run("data", "get", "powell-thyne", "--data", folder)
    assert "Niger" in run("data", "query", sql)
    assert "Niger" not in run("data", "query", sql, "--as-of", "2000-01-01")
    with pytest.raises(AllegianceError, match="only one SELECT"):
        run("data", "query", "drop view events")


def test_ask_needs_a_key_and_a_known_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UCDP_TOKEN", raising=False)
    monkeypatch.delenv("ACLED_TOKEN", raising=False)
    span = ("--country", "Ukraine", "--from", "2014-01", "--to", "2014-12")
    with pytest.raises(AllegianceError, match="UCDP_TOKEN is not set"):
        run("data", "ask", "ucdp", *span)
    with pytest.raises(AllegianceError, match="ACLED_TOKEN is not set"):
        run("data", "ask", "acled", *span)
    with pytest.raises(AllegianceError, match="no interface"):
        run("data", "ask", "reign", *span)


def test_verify(folder: Path) -> None:
    assert "all files are what they should be" in run("data", "verify", "--data", folder)
    path = folder / "coupcats-country-month" / "powell_thyne_list_v1.csv"
    path.write_text(LIST.replace("432", "9432"))
    with pytest.raises(AllegianceError, match="unknown country code 9432"):
        run("data", "verify", "--data", folder)


def test_variable_names_the_folder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AllegianceError, match="no data yet"):
        run("events", "--out", tmp_path / "out")
    monkeypatch.setenv("ALLEGIANCE_DATA", str(folder))
    assert "Mali" in run("events", "--out", tmp_path / "out")
    monkeypatch.setenv("ALLEGIANCE_DATA", str(folder / "nowhere"))
    with pytest.raises(AllegianceError, match="ALLEGIANCE_DATA: there is no folder"):
        run("events", "--out", tmp_path / "out")
