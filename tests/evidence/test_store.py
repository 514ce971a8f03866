"""The event store: vintages, what was knowable when, one writer, and nothing ever lost."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.locks import held
from allegiance.evidence import store as evidence_store
from allegiance.evidence.query import query
from allegiance.evidence.store import Store


def events(*rows: tuple[str, date, date]) -> pl.DataFrame:
    """Made-up coups: id, day, day known."""
    table = pl.DataFrame(rows, schema=["event_id", "date", "date_known"], orient="row")
    return table.with_columns(type=pl.lit("coup_attempt"), source=pl.lit("made-up"), retrieved=pl.lit(date(2021, 1, 1)))


A = ("a", date(2000, 1, 5), date(2000, 1, 12))
B = ("b", date(2005, 6, 1), date(2005, 6, 8))
LATE = ("late", date(2001, 3, 1), date(2010, 1, 1))  # came to light nine years later


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def ids(table: pl.LazyFrame) -> list[str]:
    return sorted(table.select("event_id").collect()["event_id"])


def test_vintages_and_what_was_knowable(store: Store) -> None:
    store.add(events(A, B), "made-up", date(2006, 1, 1))
    store.add(events(A, B, LATE), "made-up", date(2011, 1, 1))
    assert ids(store.events()) == ["a", "b", "late"]
    assert ids(store.events(date(2007, 1, 1))) == ["a", "b"]  # the vintage of 2006
    assert ids(store.events(date(2003, 1, 1))) == ["a"]  # before any vintage: the oldest, cut
    assert ids(store.events(date(2000, 1, 12))) == ["a"]
    with pytest.raises(AllegianceError, match="before anything"):
        store.events(date(2000, 1, 11))


def test_the_same_query_at_two_dates_differs_as_the_vintages_say(store: Store) -> None:
    store.add(events(A, B), "made-up", date(2006, 1, 1))
    store.add(events(A, LATE), "made-up", date(2011, 1, 1))  # the makers took b back
    count = "select event_id from events order by date"
    assert query(count, store, as_of=date(2008, 1, 1))["event_id"].to_list() == ["a", "b"]
    assert query(count, store, as_of=date(2012, 1, 1))["event_id"].to_list() == ["a", "late"]
    both = query("select vintage, count(*) n from vintages group by 1 order by 1", store)
    assert both.rows() == [(date(2006, 1, 1), 2), (date(2011, 1, 1), 2)]


def test_nothing_is_overwritten(store: Store) -> None:
    first = store.add(events(A), "made-up", date(2006, 1, 1))
    assert store.add(events(A), "made-up", date(2006, 1, 1)) == first
    second = store.add(events(A, B), "made-up", date(2006, 1, 1))
    assert first.exists()
    assert second != first
    assert len(store.vintages("made-up")) == 2


def test_duplicate_ids_and_bad_rows_are_refused(store: Store) -> None:
    with pytest.raises(AllegianceError, match="occurs twice"):
        store.add(events(A, A), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="before it happened"):
        store.add(events(("a", date(2000, 1, 5), date(1999, 1, 1))), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="unknown type 'coop'"):
        store.add(events(A).with_columns(type=pl.lit("coop")), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="no column 'kind'"):
        store.add(events(A).with_columns(kind=pl.lit(1)), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="known only on 2010-01-01"):
        store.add(events(LATE), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="cannot name a source"):
        store.add(events(A), "../elsewhere", date(2006, 1, 1))
    assert store.vintages() == []


def test_half_written_and_damaged_files(store: Store) -> None:
    path = store.add(events(A), "made-up", date(2006, 1, 1))
    (path.parent / ".x.parquet.abc.part").write_bytes(b"half")
    assert ids(store.events()) == ["a"]
    assert store.verify() == []
    path.write_bytes(path.read_bytes()[:-8])
    assert "changed since it was written" in store.verify()[0]
    (path.parent / "stranger.txt").write_text("?")
    assert len(store.verify()) == 2


def test_two_writers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_store, "_PATIENCE", 0.3)
    with held(store.root, "another"), pytest.raises(AllegianceError, match="another process"):
        store.add(events(A), "made-up", date(2006, 1, 1))
    (store.root / ".lock").write_text("99999999999999999999999")  # a note without a lock: its process is gone
    store.add(events(A), "made-up", date(2006, 1, 1))
    assert not (store.root / ".lock").exists()


def test_many_processes_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom datetime import date\nimport polars as pl\n"
        "from allegiance.base.errors import AllegianceError\nfrom allegiance.evidence.store import Store\n"
        "n = int(sys.argv[2])\nday = date(2000, 1, n)\n"
        "t = pl.DataFrame({'event_id': [str(n)], 'type': ['mutiny'], 'date': [day], 'date_known': [day],"
        " 'retrieved': [date(2020, 1, 1)], 'source': ['s']})\n"
        "for _ in range(400):\n"
        "    try:\n        Store(sys.argv[1]).add(t, 's', date(2020, 1, n)); break\n"
        "    except AllegianceError:\n        time.sleep(0.02)\nelse:\n    sys.exit(1)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(n)]) for n in (1, 2, 3)]
    assert [p.wait(60) for p in running] == [0, 0, 0]
    assert len(Store(tmp_path).vintages()) == 3
    assert Store(tmp_path).verify() == []


def test_unknown_source_and_empty_store(store: Store) -> None:
    assert store.events().collect().height == 0
    assert query("select count(*) n from events", store)["n"].item() == 0
    store.add(events(A), "made-up", date(2006, 1, 1))
    with pytest.raises(AllegianceError, match="did you mean 'made-up'"):
        store.events(source="made-upp")


def _many(n: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    kinds = pl.Series(["mutiny", "desertion", "defection", "refusal"])[rng.integers(0, 4, n)]
    day = rng.integers(0, 365, n).astype("int32")
    member = rng.integers(0, 64, n).astype("int32")
    table = pl.DataFrame({"type": kinds, "day": day, "member": member, "size": rng.exponential(9, n)})
    known = (pl.lit(date(2022, 2, 24)) + pl.duration(days=pl.col("day"))).cast(pl.Date)
    return table.with_row_index("event_id").with_columns(
        pl.col("event_id").cast(pl.String), date=known, date_known=known,
        retrieved=pl.lit(date(2024, 1, 1)), source=pl.lit("simulation:many"),
    )  # fmt: skip


@pytest.mark.parametrize("n", [500_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
def test_queries_over_many_events_take_under_a_second(store: Store, n: int) -> None:
    store.add(_many(n), "simulation:many", date(2024, 1, 1))
    for sql in (
        "select type, count(*) n, sum(size) from events group by type",
        "select month(date) m, member, count(*) n from events where type = 'mutiny' group by all",
    ):
        start = time.perf_counter()
        assert query(sql, store)["n"].sum() > n / 5
        assert time.perf_counter() - start < 1.0
