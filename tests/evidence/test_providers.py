"""Every provider that is downloaded, over loopback: renamed columns and sign-in pages are named, old tables kept."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from loopback import Server, serve

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import catalogue, find, obtain
from allegiance.evidence.download import Patience
from allegiance.evidence.folder import cache_dir, read_table
from allegiance.evidence.sources import reign_monthly
from allegiance.evidence.store import Store

QUICK = Patience(tries=1, first_wait=0.01, timeout=5)
DOWNLOADED = sorted(k for k, s in catalogue().items() if s.access == "download")


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))


def packed(name: str, text: str) -> bytes:
    """`text` as the kind of file that `name` says."""
    if name.endswith(".gz"):
        return gzip.compress(text.encode())
    if name.endswith(".zip"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            made.writestr("data.csv", text)
        return stream.getvalue()
    return text.encode()


@pytest.mark.parametrize("key", DOWNLOADED)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("renamed,columns\n1,2\n", "has changed|cannot read"),
        ("<html><body>Please sign in</body></html>", "has changed|cannot read"),
    ],
)
def test_a_changed_file_is_named_and_old_tables_are_kept(
    server: Server, tmp_path: Path, key: str, text: str, said: str
) -> None:
    source = find(key)
    living = replace(source, remotes=tuple(replace(r, sha256="") for r in source.remotes))
    for remote in source.remotes:
        server.files[f"/{key}/{remote.name}"] = packed(remote.name, text)
    old = cache_dir() / "tables" / f"{source.tables[0]}.csv.gz"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"what was there")
    with pytest.raises(AllegianceError, match=said) as caught:
        obtain(living, Store(tmp_path / "store"), server.address, patience=QUICK)
    assert len(str(caught.value)) < 2000
    assert any(r.name in str(caught.value) for r in source.remotes)
    assert old.read_bytes() == b"what was there"
    assert Store(tmp_path / "store").vintages() == []


def test_reign_by_month_keeps_the_leader_at_the_end_of_the_month(server: Server, tmp_path: Path) -> None:
    columns = [*reign_monthly.COLUMNS, "couprisk"]
    row = dict.fromkeys(columns, "0") | {"ccode": "432", "country": "Mali", "year": "2020", "month": "8"}
    rows = [
        row | {"leader": "Keita", "tenure_months": "84", "government": "Presidential Democracy"},
        row | {"leader": "Goita", "tenure_months": "1", "government": "Provisional - Military"},
        row | {"month": "7", "leader": "Keita", "tenure_months": "83", "government": "Presidential Democracy"},
    ]
    server.files["/reign-monthly/REIGN_2021_8.csv"] = pl.DataFrame(rows).write_csv().encode()
    obtain(find("reign-monthly"), Store(tmp_path / "store"), server.address, patience=QUICK)
    table = read_table(cache_dir() / "tables", reign_monthly.TABLE)
    assert table.select("year", "month", "leader").rows() == [(2020, 7, "Keita"), (2020, 8, "Goita")]
    assert "couprisk" not in table.columns
