"""Kind 2: not observed is not zero: months to come, unknown deaths, empty answers."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from loopback import serve
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.evidence.session import Patience
from allegiance.evidence.sources import coupcats, ucdp
from allegiance.forecast.outcomes import coded_months

KIND = "Not observed is not zero"

STATES = ((432, "Mali"), (439, "Burkina Faso"), (369, "Ukraine"))


def write_parts(raw: Path, last_war: tuple[int, int] = (2025, 12), years: tuple[int, ...] = (2024, 2025)) -> Path:
    """The five parts as the makers publish them: zeros to the end of the last year; a coup in March 2025."""
    raw.mkdir(parents=True, exist_ok=True)
    base = [
        {"country": n, "ccode": c, "year": y, "month": m} for c, n in STATES for y in years for m in range(1, 13)
    ]
    for letter, names in coupcats._PARTS.items():
        rows = []
        for b in base:
            row = b | dict.fromkeys(names, 0)
            if letter == "c":
                at_war = b["ccode"] == 432 and (b["year"], b["month"]) <= last_war
                coup = (b["ccode"], b["year"], b["month"]) == (439, 2025, 3)
                row |= {"cw": int(at_war), "coup_attempt": int(coup), "coup_successful": int(coup)}
            rows.append(row)
        body = pl.DataFrame(rows).write_csv().encode()
        (raw / f"2.{letter}.base_data.csv.gz").write_bytes(gzip.compress(body))
    return raw


def arrived_on(raw: Path, day: str) -> None:
    record = {f"2.{x}.base_data.csv.gz": {"retrieved": f"{day}T10:00:00+00:00", "sha256": ""} for x in "abcde"}
    (raw / "manifest.json").write_text(json.dumps(record))


def last_known(table: pl.DataFrame) -> tuple[int, int]:
    known = table.filter(pl.col("coup_attempt").is_not_null())
    return known.select("year", "month").sort("year", "month").row(-1)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("day", "last_war", "end"),
    [
        ("2025-06-15", (2025, 12), (2025, 5)),  # June is not over
        ("2025-07-01", (2025, 12), (2025, 6)),  # on the first of July it is
        ("2026-01-02", (2025, 12), (2025, 12)),
        ("2026-09-01", (2025, 4), (2025, 4)),  # an old file opened late: nobody at war after April
        ("2026-09-01", (2025, 1), (2025, 3)),  # an attempt was seen after the last war
        ("2025-04-20", (2025, 8), (2025, 3)),
    ],
)
def test_months_nobody_has_observed_are_missing(
    tmp_path: Path, day: str, last_war: tuple[int, int], end: tuple[int, int]
) -> None:
    raw = write_parts(tmp_path / "raw", last_war)
    arrived_on(raw, day)
    table = coupcats.standardise(raw)[coupcats.PANEL]
    assert table.height == 72
    assert last_known(table) == end
    later = table.filter(pl.col("year") * 12 + pl.col("month") > end[0] * 12 + end[1])
    for name in ("coup_attempt", "coup_successful", "cw", "mid", "neighboring_coup", "Leader_duration"):
        assert later[name].null_count() == later.height, name
    assert table.filter(pl.col("coup_attempt") == 1).height == 1


def folder_of(tmp_path: Path, day: str, version: str = "") -> Path:
    raw = write_parts(tmp_path / "raw")
    arrived_on(raw, day)
    folder = tmp_path / "data" / "coupcats-country-month"
    folder.mkdir(parents=True)
    tables = coupcats.standardise(raw)
    tables[coupcats.PANEL].write_csv(folder / "country_month_panel.csv")
    if version:
        rows = {"country": ["Burkina Faso"], "ccode": [439], "year": [2025], "month": [3], "day": [4], "coup": [2]}
        pl.DataFrame(rows | {"version": [version]}).write_csv(folder / "powell_thyne_list.csv")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("version", "end"),
    [("", (2025, 9)), ("V2025.07.20", (2025, 6)), ("V2025.01.10", (2025, 3)), ("V2026.01.13", (2025, 9))],
)
def test_the_panel_ends_where_observation_ends(tmp_path: Path, version: str, end: tuple[int, int]) -> None:
    """The day of the coup list binds, unless the panel knows of later attempts: then a newer list made it."""
    months = coded_months(folder_of(tmp_path, "2025-10-05", version))
    assert divmod(int(months["t"].max()), 12) == (end[0], end[1] - 1)  # type: ignore[arg-type]
    assert months["coup_attempt"].null_count() == 0


def test_months_to_come_in_a_foreign_table_are_cut_by_the_clock(tmp_path: Path) -> None:
    folder = tmp_path / "coupcats-country-month"
    folder.mkdir()
    year = date.today().year + 1
    rows = [
        {"ccode": 432, "year": y, "month": m, "coup_attempt": 0, "coup_successful": 0, "cw": 1}
        for y in (year - 2, year - 1, year) for m in range(1, 13)
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(folder / "country_month_panel.csv")
    today = date.today()
    assert coded_months(tmp_path)["t"].max() == today.year * 12 + today.month - 2


@pytest.mark.parametrize(
    ("low", "best", "high", "expected"),
    [
        (20, None, 60, None),
        (-999, -999, 3000, None),
        (-99, 10, 20, 10.0),
        (0, 0, 0, 0.0),
        (5, 7, 9, 7.0),
    ],
)
def test_unknown_deaths_stay_unknown(low: int, best: int | None, high: int, expected: float | None) -> None:
    frame = pl.DataFrame(
        {"year": [1953], "gwno_battle": ["365"], "bd_low": [low], "bd_high": [high], "bd_best": [best]},
        schema_overrides={"bd_best": pl.Int64},
    )
    assert ucdp._deaths(frame)["best"].to_list() == [expected]


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    frame = pl.DataFrame(
        {"year": [1990, 1990], "gwno_battle": ["750", "750"], "bd_low": [1, 1], "bd_high": [9, 9], "bd_best": [5, None]}
    )
    assert ucdp._deaths(frame).select("low", "high", "best").row(0) == (2.0, 18.0, None)


def ged(**changes: object) -> dict[str, object]:
    return {
        "id": 1, "country_id": 345, "country": "Serbia (Yugoslavia)", "date_start": "1999-03-01T00:00:00",
        "date_end": "1999-03-31T00:00:00", "type_of_violence": 1, "side_a": "A", "side_b": "B", "deaths_a": 0,
        "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": 0, "best": 0, "low": 0, "high": 40, "latitude": 42.0,
        "longitude": 21.0, "date_prec": 4,
    } | changes  # fmt: skip


def test_events_keep_their_end_and_lose_marks_for_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UCDP_TOKEN", "mine")
    with serve() as server:
        page = {"Result": [ged(best=-999), ged(id=2, deaths_a=-99)], "NextPageUrl": ""}
        server.files["/ged/25.1"] = json.dumps(page).encode()
        quick = Patience(tries=1, first_wait=0.01, timeout=5)
        table = ucdp.events_in([340], "1998-01-01", "1999-12-31", url=f"{server.address}/ged", patience=quick)
    assert table.select("date", "date_end", "best", "deaths_a", "high").rows() == [
        (date(1999, 3, 1), date(1999, 3, 31), None, 0, 40),
        (date(1999, 3, 1), date(1999, 3, 31), 0, None, 40),
    ]


def test_an_empty_answer_is_said_aloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UCDP_TOKEN", "mine")
    ask = ["data", "ask", "ucdp", "--country", "Serbia", "--from", "1998-01-01", "--to", "1999-12-31"]
    with serve() as server:
        server.files["/ged/25.1"] = b'{"Result": [], "NextPageUrl": ""}'
        monkeypatch.setattr(ucdp, "API", f"{server.address}/ged")
        monkeypatch.setattr(ucdp.events_in, "__defaults__", (None, f"{server.address}/ged", None))
        result = CliRunner().invoke(app, [*ask, "--out", str(tmp_path / "x.csv")])
        assert any("Country=345" in path for path, _ in server.asked)
    assert result.exit_code == 0
    assert "has no event in Serbia" in result.output
    backwards = CliRunner().invoke(app, [*ask[:6], "1999-12-31", "--to", "1998-01-01"])
    assert isinstance(backwards.exception, AllegianceError)
    assert "is after --to" in str(backwards.exception)
