"""From makers' raw files, served over loopback HTTP, to exactly the standardised tables."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from loopback import Server, serve
from polars.testing import assert_frame_equal

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import find, gather, obtain
from allegiance.evidence.download import Patience, raw_dir
from allegiance.evidence.folder import cache_dir, read_table
from allegiance.evidence.source import Source
from allegiance.evidence.store import Store
from allegiance.forecast.panel import build_panel

QUICK = Patience(tries=2, first_wait=0.01, timeout=30)
RAW = {"economist": "economist", "general-staff": "petroivaniuk", "oryx": "oryx", "reign": "reign"}
"""Sources with an excerpt in the makers' own format, and its folder."""
UNCHANGED = {
    "forecaster2": {
        f"{t}.csv": f"forecaster2/{t}"
        for t in ("reign_country_year", "epr_country_year", "infmort", "state_age", "forecasts_2011_2020")
    },
    "navco": {"df_cleaned.csv": "navco-campaigns/navco21_campaign_years"},
    "cline": {"coup_data_2_1_2.csv": "cline-coups/cline_coups_v2_1_2"},
    "mass-mobilization": {"protestnum.csv": "mass-mobilization/protests_country_year_1990_2018"},
}
"""Sources whose standard table is the maker's, so that the table can stand in for the file."""


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))


def excerpt(source: Source) -> Source:
    """The source without its pinned hashes, which are those of the whole files."""
    return replace(source, remotes=tuple(replace(r, sha256="") for r in source.remotes))


def made(source: Source, server: Server, tmp_path: Path) -> Path:
    obtain(excerpt(source), Store(tmp_path / "store"), server.address, patience=QUICK)
    return cache_dir() / "tables"


def same(ours: pl.DataFrame, theirs: pl.DataFrame, columns: list[str] | None = None) -> None:
    columns = columns or theirs.columns
    numbers = [c for c in columns if theirs[c].dtype.is_numeric() and ours[c].dtype.is_numeric()]
    exact = [pl.col(c).cast(pl.Float64) for c in numbers]
    assert_frame_equal(
        ours.select(columns).with_columns(exact), theirs.select(columns).with_columns(exact), rel_tol=1e-9, abs_tol=6e-6
    )


@pytest.mark.parametrize("key", sorted(RAW))
def test_raw_to_table(key: str, server: Server, data_dir: Path, tmp_path: Path) -> None:
    source = find(key)
    raw = data_dir / "raw" / RAW[key]
    if not raw.is_dir():
        pytest.skip("the data folder has no raw excerpts")
    for remote in source.remotes:
        server.files[f"/{key}/{remote.name}"] = (raw / remote.name).read_bytes()
    tables = made(source, server, tmp_path)
    for name in source.tables:
        same(read_table(tables, name), read_table(data_dir, name))
    assert {path for path, _ in server.asked} == {f"/{key}/{r.name}" for r in source.remotes}


@pytest.mark.parametrize("key", sorted(UNCHANGED))
def test_unchanged_copies(key: str, server: Server, data_dir: Path, tmp_path: Path) -> None:
    for remote, table in UNCHANGED[key].items():
        server.files[f"/{key}/{remote}"] = gzip.decompress((data_dir / f"{table}.csv.gz").read_bytes())
    tables = made(find(key), server, tmp_path)
    for table in UNCHANGED[key].values():
        same(read_table(tables, table), read_table(data_dir, table))


OTHER_SNAPSHOT = {
    # parts saved on another day than the excerpt, or other series
    "milreg": "the list of months was completed later",
    "wom_polpart": "yearly in the part, interpolated in the table",
    "wom_civlib": "yearly in the part, interpolated in the table",
    "milex_spliced": "yearly in the part, interpolated and spliced in the table",
    "milper_spliced": "yearly in the part, interpolated and spliced in the table",
    "solqual": "from the two above",
    "ltrade": "an earlier snapshot in the table",
    "neighboring_coup": "an earlier snapshot in the table",
    # not in the parts at all
    "numleaders_5yr": "absent", "numleaders_10yr": "absent", "prop_milit_career": "absent",
    "mutiny6": "absent", "mutiny12": "absent",
}  # fmt: skip


def test_coupcats_panel(server: Server, data_dir: Path, tmp_path: Path) -> None:
    """33 of 46 columns come out exactly; the rest are null or from another snapshot, column by column. And a user
    who has only these downloads gets a panel with the same coups, and nulls where only the folder knows."""
    source = find("coupcats")
    raw = data_dir / "raw" / "coupcats"
    if not raw.is_dir():
        pytest.skip("the data folder has no raw excerpts")
    for remote in source.remotes:
        server.files[f"/coupcats/{remote.name}"] = (raw / remote.name).read_bytes()
    tables = made(source, server, tmp_path)
    ours = read_table(tables, source.tables[0]).sort("ccode", "year", "month")
    theirs = read_table(data_dir, source.tables[0]).sort("ccode", "year", "month")
    assert ours.columns == theirs.columns
    exact = [c for c in theirs.columns if c not in OTHER_SNAPSHOT]
    assert len(exact) == 33
    same(ours, theirs, exact)
    for name, why in OTHER_SNAPSHOT.items():
        assert (ours[name].null_count() == ours.height) == (why == "absent"), name
    december = (ours["month"] == 12) & theirs["milper_spliced"].is_not_null() & ours["milper_spliced"].is_not_null()
    close = (ours["milper_spliced"] - theirs["milper_spliced"]).abs() < 0.01 * (1 + theirs["milper_spliced"].abs())
    assert close.filter(december).mean() > 0.9  # type: ignore[operator]
    military = read_table(tables, source.tables[1])
    known = read_table(data_dir, source.tables[1])
    assert military.join(known, on=["ccode", "year", "month"], how="semi").height > 0.95 * military.height
    _panel_from_downloads(tables, data_dir)


def _panel_from_downloads(tables: Path, data_dir: Path) -> None:
    for name in ("forecaster2/epr_country_year", "forecaster2/infmort", "demspaces/population_country_year",
                 "demspaces/gdp_country_year"):  # fmt: skip
        (tables / name).parent.mkdir(exist_ok=True)
        (tables / f"{name}.csv.gz").write_bytes((data_dir / f"{name}.csv.gz").read_bytes())
    ours, theirs = build_panel(tables), build_panel(data_dir)
    keys = ["gwcode", "month", "coup_attempt", "coup_attempt_60m"]
    assert ours.select(keys).equals(theirs.select(keys))
    assert ours["mutiny"].null_count() == ours.height
    assert ours["leaders_5y"].null_count() == ours.height
    same(ours, theirs, ["polyarchy", "civil_war", "leader_months"])


# ---- hand-made samples, wherever tests run

PT = "country\tccode\tyear\tmonth\tday\tcoup\tversion\nMali\t432\t2012\t3\t22\t2\tV1\nMali\t432\t2012\t5\t1\t1\tV1\n"


def test_powell_thyne_from_download_to_store(server: Server, tmp_path: Path) -> None:
    source = find("powell-thyne")
    server.files["/powell-thyne/powell_thyne_coups_final.txt"] = PT.encode()
    store = Store(tmp_path / "store")
    obtain(source, store, server.address, patience=QUICK)
    rows = store.events().collect()
    assert rows.select("gwcode", "country", "date", "success", "date_known").rows() == [
        (432, "Mali", date(2012, 3, 22), True, date(2012, 3, 29)),
        (432, "Mali", date(2012, 5, 1), False, date(2012, 5, 8)),
    ]
    server.files["/powell-thyne/powell_thyne_coups_final.txt"] = PT.replace("\tcoup\t", "\tkoup\t").encode()
    before = (cache_dir() / "tables").rglob("*.csv.gz").__next__().read_bytes()
    with pytest.raises(AllegianceError, match="has changed: it lacks coup"):
        obtain(source, store, server.address, refresh=True, patience=QUICK)
    assert (cache_dir() / "tables").rglob("*.csv.gz").__next__().read_bytes() == before
    assert len(store.vintages()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("\t432\t2012\t3", "\t9999\t2012\t3"), "unknown country code 9999"),
        (("\t22\t2\t", "\t22\t3\t"), "coup is 3, not 1 or 2"),
        (("2012\t5\t1\t1", "2012\t2\t30\t1"), "no possible date"),
    ],
)
def test_faulty_lists_are_refused(server: Server, tmp_path: Path, change: tuple[str, str], said: str) -> None:
    server.files["/powell-thyne/powell_thyne_coups_final.txt"] = PT.replace(*change).encode()
    with pytest.raises(AllegianceError, match=said):
        obtain(find("powell-thyne"), Store(tmp_path / "store"), server.address, patience=QUICK)
    assert Store(tmp_path / "store").vintages() == []


def test_hand_made_general_staff(server: Server, tmp_path: Path) -> None:
    people = '[{"date": "2022-02-25", "day": 2, "personnel": 10, "personnel*": "about"}]'
    server.files["/general-staff/russia_losses_personnel.json"] = people.encode()
    server.files["/general-staff/russia_losses_equipment.json"] = b'[{"date": "2022-02-25", "day": 2, "tank": 3}]'
    table = read_table(made(find("general-staff"), server, tmp_path), find("general-staff").tables[0])
    assert table.select("date", "personnel", "tank").rows() == [("2022-02-25", 10, 3)]
    server.files["/general-staff/russia_losses_equipment.json"] = b'[{"date": "2022-02-25", "mule": 3}]'
    with pytest.raises(AllegianceError, match="new kind 'mule'"):
        obtain(excerpt(find("general-staff")), Store(tmp_path), server.address, refresh=True, patience=QUICK)


def test_truncated_gzip_is_named(server: Server, tmp_path: Path) -> None:
    body = gzip.compress(b"country,ccode\n" + b"Mali,432\n" * 9000)
    for remote in find("coupcats").remotes:
        server.files[f"/coupcats/{remote.name}"] = body[: len(body) // 2]
    with pytest.raises(AllegianceError, match="base_data"):
        made(find("coupcats"), server, tmp_path)


def test_pinned_hashes_are_whole() -> None:
    pinned = [r for key in ("forecaster2", "navco", "cline", "mass-mobilization") for r in find(key).remotes]
    assert all(len(r.sha256) == len(hashlib.sha256().hexdigest()) for r in pinned)
    assert all("/HEAD/" not in r.url and "/main/" not in r.url for r in pinned)


def test_by_hand_and_own_key_sources_say_what_to_do(tmp_path: Path) -> None:
    for key in ("colpus", "mutinies", "acled"):
        with pytest.raises(AllegianceError, match="cannot be downloaded"):
            obtain(find(key), Store(tmp_path))


def test_a_list_fetched_by_hand(data_dir: Path, tmp_path: Path) -> None:
    table = find("colpus").tables[0]
    path = raw_dir(find("colpus")) / "colpus.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.decompress((data_dir / f"{table}.csv.gz").read_bytes()))
    store = Store(tmp_path / "store")
    obtain(find("colpus"), store)
    same(read_table(cache_dir() / "tables", table), read_table(data_dir, table))
    assert store.events().collect().height == 581


def test_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="holds no list of events"):
        gather(tmp_path)
