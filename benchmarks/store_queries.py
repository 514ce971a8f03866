"""How fast the event store answers over ten million simulated events.

    python benchmarks/store_queries.py --events 10_000_000

Writes a store into a temporary folder (ten sources of simulated events, each with random states, types and days),
then asks each question five times as a user would with `allegiance data query`, connection and checks included.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.evidence.query import query
from allegiance.evidence.schema import EVENT_TYPES
from allegiance.evidence.store import Store

QUESTIONS = {
    "count all": "SELECT count(*) FROM events",
    "one country": "SELECT count(*) FROM events WHERE gwcode = 365",
    "one country, type and year": (
        "SELECT date, size FROM events WHERE gwcode = 365 AND type = 'mutiny' "
        "AND date BETWEEN '2022-01-01' AND '2022-12-31' ORDER BY date LIMIT 100"
    ),
    "by type and year": "SELECT type, year(date) y, count(*), avg(size) FROM events GROUP BY ALL ORDER BY ALL",
    "by country": "SELECT country, count(*) FROM events GROUP BY country ORDER BY 2 DESC LIMIT 10",
    "by month, one type": (
        "SELECT date_trunc('month', date) m, count(*) FROM events WHERE type = 'desertion' GROUP BY m ORDER BY m"
    ),
    "distinct days and states": "SELECT count(DISTINCT (date, gwcode)) FROM events",
    "distinct identifiers (exact)": "SELECT count(DISTINCT event_id) FROM events",
    "distinct identifiers (approximate)": "SELECT approx_count_distinct(event_id) FROM events",
}


def simulated(count: int, source: str, seed: int) -> pl.DataFrame:
    """`count` events of one simulated source."""
    rng = np.random.default_rng(seed)
    code = rng.integers(2, 950, count).astype(np.int32)
    day = pl.Series(rng.integers(0, 25_000, count).astype(np.int32)).cast(pl.Date)
    return pl.DataFrame({
        "event_id": pl.Series(np.arange(count)).cast(pl.String), "type": rng.choice(list(EVENT_TYPES), count),
        "date": day, "date_precision": "day", "date_known": day, "retrieved": date(2024, 1, 1), "source": source,
        "stage": "event", "gwcode": code, "country": pl.Series(code).cast(pl.String), "side": "a",
        "size": rng.lognormal(3, 1, count).round(),
    })  # fmt: skip


def main() -> None:
    """Build the store, ask, print milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--sources", type=int, default=10)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        begun = time.perf_counter()
        for k in range(told.sources):
            name = f"simulation:bench-{k}"
            store.add(simulated(told.events // told.sources, name, k), name, date(2024, 1, 1))
        size = sum(p.stat().st_size for p in Path(folder).rglob("*.parquet")) / 1e6
        print(f"{told.events:,} events written in {time.perf_counter() - begun:.0f} s, {size:.0f} MB")
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for words, sql in QUESTIONS.items():
            times = []
            for _ in range(5):
                begun = time.perf_counter()
                query(sql, store)
                times.append(1000 * (time.perf_counter() - begun))
            print(f"{words:36s} median {statistics.median(times):7.0f} ms, worst {max(times):7.0f} ms")


if __name__ == "__main__":
    main()
