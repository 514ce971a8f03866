"""Reading makers' own files: every fault names the file and the cure, and changed columns are refused."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.edited import saved, sound_numbers
from allegiance.base.errors import AllegianceError, near, shown
from allegiance.evidence.parse import parse_csv
from allegiance.evidence.session import brief

LARGEST = 1 << 30
"""Most bytes a maker's file may unpack to: ten times the largest known."""
_NULLS = ["", "NA", "NaN", "Inf", "-Inf"]


def raw_csv(
    path: Path, columns: Sequence[str], encoding: str = "utf8", separator: str = ",", text: Sequence[str] = ()
) -> pl.DataFrame:
    """The named columns of a CSV file (plain or gzip), rows as they stand.

    Args:
        text: columns to be read as text whatever they hold.

    Raises:
        AllegianceError: the file is missing, damaged, or lacks a column.
    """
    if not path.is_file():
        raise AllegianceError(f"there is no {path}", "run `allegiance data get` for its source, or put the file there")
    try:
        refuse_bomb(path)
        frame = parse_csv(
            path,
            null_values=_NULLS,
            encoding=encoding,
            separator=separator,
            truncate_ragged_lines=True,
            schema_overrides=dict.fromkeys(text, pl.String),
        )
    except AllegianceError:
        raise
    except Exception as error:
        reason = brief(str(error).splitlines()[0]) if str(error) else type(error).__name__
        raise AllegianceError(
            f"cannot read {path}: {reason}", "delete the file and fetch it again; it may be half written"
        ) from error
    return need(frame, columns, path)


def exported(path: Path, columns: Sequence[str] = (), text: Sequence[str] = ()) -> pl.DataFrame:
    """A CSV file that a user exported or saved, with any separator and mark; numbers 0,5 where `;` separates.

    Args:
        columns: those that must be there; all are returned. text: columns to be read as text whatever they hold.

    Raises:
        AllegianceError: unreadable, in another encoding, without rows, or without a column.
    """
    kept = saved(path)
    try:
        frame = parse_csv(
            kept.data, null_values=_NULLS, separator=kept.separator, decimal_comma=kept.decimal_comma,
            schema_overrides=dict.fromkeys(text, pl.String),
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        cure = "save it again as CSV UTF-8 with one row a line"
        raise AllegianceError(f"cannot read {shown(path)}: {brief(str(error).splitlines()[0])}", cure) from error
    need(frame, columns, path)
    return sound_numbers(frame, path)


def need(frame: pl.DataFrame, columns: Sequence[str], path: Path) -> pl.DataFrame:
    """`frame[columns]`, or an error that says which column the maker renamed or dropped."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise AllegianceError(
            f"{path.name} has changed: it lacks {', '.join(missing)}",
            f"its maker changed the file ({near(missing[0], frame.columns)}); "
            "the tables made earlier are kept, and this version of allegiance cannot read the new file",
        )
    return frame.select(columns)


def unzip(path: Path, suffix: str) -> bytes:
    """The first file with that suffix in a zip archive, at most `LARGEST` bytes.

    Raises:
        AllegianceError: missing, damaged, encrypted, packed by an unknown method, too large, or without such a file.
    """
    again = "delete the file and fetch it again"
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [i for i in archive.infolist() if i.filename.lower().endswith(suffix) and not i.is_dir()]
            if not inside:
                raise AllegianceError(f"cannot read {path}: no {suffix} file is in it", again)
            if inside[0].flag_bits & 1:
                raise AllegianceError(f"cannot read {path}: it is encrypted", again)
            with archive.open(inside[0]) as stream:
                body = stream.read(LARGEST + 1)
    except FileNotFoundError:
        cure = "run `allegiance data get` for its source, or put the file there"
        raise AllegianceError(f"there is no {path}", cure) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise AllegianceError(f"cannot read {path}: {brief(error)}", again) from error
    if len(body) > LARGEST:
        raise AllegianceError(f"cannot read {path}: unpacked it is larger than {LARGEST >> 20} MB", again)
    return body


def refuse_bomb(path: Path) -> None:
    """Refuse a gzip file that unpacks to more than `LARGEST` bytes.

    Raises:
        AllegianceError: it does.
    """
    if path.suffix != ".gz" or path.stat().st_size < LARGEST // 1100:  # gzip packs no tighter than 1 to 1,032
        return
    size = 0
    with gzip.open(path) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > LARGEST:
                raise AllegianceError(
                    f"cannot read {path}: unpacked it is larger than {LARGEST >> 20} MB",
                    "delete the file and fetch it again",
                )


def raw_json(path: Path) -> list[dict[str, Any]]:
    """A JSON file that is a list of records.

    Raises:
        AllegianceError: missing, damaged or of another shape.
    """
    if not path.is_file():
        raise AllegianceError(f"there is no {path}", "run `allegiance data get` for its source, or put the file there")
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise AllegianceError(f"cannot read {path}: {error}", "delete the file and fetch it again") from error
    if not isinstance(loaded, list) or not all(isinstance(r, dict) for r in loaded):
        raise AllegianceError(f"{path} has changed: a list of records was expected")
    return loaded
