"""A data folder: standardised tables as CSV (plain or gzip), one subfolder per source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from allegiance.base.edited import saved, sound_numbers
from allegiance.base.errors import AllegianceError, near, shown
from allegiance.base.files import sha256
from allegiance.base.tables import read_table as read_parquet
from allegiance.evidence.parse import parse_csv

VARIABLE = "ALLEGIANCE_DATA"
SUFFIXES = (".csv.gz", ".csv", ".parquet")


def cache_dir() -> Path:
    """Where downloads and tables made from them are kept for this user."""
    root = os.environ.get("ALLEGIANCE_CACHE")
    if root:
        return Path(root).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "allegiance"


def data_dir(given: str | Path | None = None) -> Path:
    """The data folder: `given`, else `$ALLEGIANCE_DATA`, else the tables made from downloads.

    Raises:
        AllegianceError: the folder named by the option or the variable does not exist, or nothing is there yet.
    """
    named = given or os.environ.get(VARIABLE)
    try:
        folder = Path(named).expanduser() if named else cache_dir() / "tables"
        if folder.is_dir():
            return folder
    except (OSError, RuntimeError, ValueError) as error:  # a name that no disk could hold, a user who is not there
        raise AllegianceError(f"there is no folder {shown(named)}: {error}", "give the folder of the tables") from error
    if named:
        origin = "--data" if given else VARIABLE
        raise AllegianceError(f"{origin}: there is no folder {folder}", "give the folder that holds the tables")
    raise AllegianceError(
        "no data yet: nothing has been downloaded and no data folder is named",
        f"run `allegiance data get`, or give --data DIR, or set {VARIABLE}",
    )


def table_path(folder: str | Path, name: str) -> Path:
    """The file of table `name` (such as ``"reign/leaderlist_2021_03"``) below `folder`, compressed or not.

    Raises:
        AllegianceError: the table is not there.
    """
    base = Path(folder)
    for suffix in SUFFIXES:
        path = base / f"{name}{suffix}"
        if path.is_file():
            return path
    there = [p.name.split(".")[0] for p in (base / name).parent.glob("*.csv*")]
    hint = near(name.rsplit("/", 1)[-1], there) if there else "the source's folder is missing"
    raise AllegianceError(f"the data folder {base} has no table {name!r}", f"{hint}; {_where(name)}")


def _where(name: str) -> str:
    """What to run to get a table."""
    from allegiance.evidence.catalogue import catalogue

    for source in catalogue().values():
        if name in source.tables:
            by_hand = "" if source.access == "download" else f" says how it is obtained ({source.access})"
            return f"`allegiance data {'card' if by_hand else 'get'} {source.key}`{by_hand or ' fetches it'}"
    return "no source that can be downloaded holds it"


def has_table(folder: str | Path, name: str) -> bool:
    """Whether table `name` lies below `folder`."""
    return any((Path(folder) / f"{name}{suffix}").is_file() for suffix in SUFFIXES)


def read_table(folder: str | Path, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read table `name`, checking that it is whole and that the `columns` asked for are there.

    Raises:
        AllegianceError: missing, truncated, unreadable, or from a release whose columns differ.
    """
    path = table_path(folder, name)
    try:
        stat = path.stat()
        frame = _parse(path, stat.st_mtime_ns, stat.st_size)
    except AllegianceError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise AllegianceError(
            f"cannot read {path}: {reason}", "the file is damaged or half written; fetch it again"
        ) from error
    missing = [c for c in columns or () if c not in frame.columns]
    if missing:
        raise AllegianceError(
            f"{path} lacks column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            f"the file is from another release ({near(missing[0], frame.columns)}); "
            "use a data folder that matches this version of allegiance",
        )
    return frame if columns is None else frame.select(columns)


@lru_cache(maxsize=8)
def _parse(path: Path, changed: int, size: int) -> pl.DataFrame:
    """Read a file once for as long as it does not change (frames cannot be changed, so sharing one is safe)."""
    if path.suffix == ".parquet":
        return read_parquet(path)
    kept = saved(path)
    options = {"separator": kept.separator, "decimal_comma": kept.decimal_comma}
    return sound_numbers(parse_csv(kept.data, null_values=["", "NA", "NaN"], **options), path)


def refuse_duplicates(frame: pl.DataFrame, keys: Sequence[str], source: str) -> pl.DataFrame:
    """`frame` unchanged if `keys` identify its rows.

    Raises:
        AllegianceError: some key occurs twice; the message shows the first.
    """
    if frame.n_unique(subset=list(keys)) < frame.height:
        twice = frame.filter(pl.struct(keys).is_duplicated())
        first = ", ".join(f"{k} {twice[k][0]}" for k in keys)
        raise AllegianceError(
            f"{source}: {len(twice)} rows share a key; the first is {first}",
            "remove the repeated rows from the file; none was dropped for you",
        )
    return frame


def fingerprint(folder: str | Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each of the named tables, by name: what a forecast was made from."""
    return {name: sha256(table_path(folder, name)) for name in sorted(set(names))}
