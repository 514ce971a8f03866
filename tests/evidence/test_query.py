"""SQL typed by a user reads the store and nothing else, and writes nothing at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.evidence.query import query
from allegiance.evidence.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    day = date(2000, 1, 1)
    row = {"event_id": "a", "type": "mutiny", "date": day, "date_known": day, "retrieved": day, "source": "s"}
    made.add(pl.DataFrame([row]), "s", day)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data" / "one").mkdir(parents=True)
    (tmp_path / "data" / "one" / "table.csv").write_text("x\n1\n2\n")
    (tmp_path / "secret.csv").write_text("x\n7\n")
    return tmp_path / "data"


def test_select_over_events_and_source_tables(store: Store, folder: Path) -> None:
    assert query("select count(*) n from events where type = 'mutiny'", store)["n"].item() == 1
    assert query('select sum(x) s from "one/table"', store, folder)["s"].item() == 3


@pytest.mark.parametrize(
    "sql",
    [
        "COPY events TO '{out}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{inside}'",
        "EXPORT DATABASE '{out}'",
        "ATTACH '{out}' AS other",
        "CREATE TABLE t AS SELECT 1",
        "CREATE OR REPLACE VIEW events AS SELECT 1",
        "INSERT INTO events SELECT * FROM events",
        "DELETE FROM events",
        "DROP VIEW events",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT 1; DROP VIEW events",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('{secret}*')",
        "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
        "WITH gone AS (DELETE FROM events RETURNING *) SELECT * FROM gone",
        "FROM query('COPY (SELECT 1) TO ''{out}''')",
        "",
    ],
)
def test_nothing_else_is_allowed(store: Store, folder: Path, tmp_path: Path, sql: str) -> None:
    inside = store.vintages()[0].path
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(AllegianceError):
        query(sql.format(out=tmp_path / "out", inside=inside, secret=folder.parent / "secret.csv"), store, folder)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_faults_in_the_sql_are_told(store: Store) -> None:
    with pytest.raises(AllegianceError, match="nothing_here"):
        query("select nothing_here from events", store)
    with pytest.raises(AllegianceError, match="SQL"):
        query("selec 1", store)


def test_rows_and_time_can_be_bounded(store: Store) -> None:
    assert query("select * from range(1000000)", store, most=7, seconds=30).height == 7
    with pytest.raises(AllegianceError, match=r"longer than 0\.5 seconds"):
        query("select sum(a.range * b.range) from range(10000000) a, range(10000000) b", store, seconds=0.5)
    with pytest.raises(AllegianceError):
        query("select list(range) from range(1000000000)", store, seconds=30)
