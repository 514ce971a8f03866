"""The leaderboard: one line per scored model and run, added at the end and never changed."""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from allegiance import __version__
from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import disk_fault, read_regular, sha256_text, to_json
from allegiance.forecast.prepare import METHOD

EARLIER_LOOKS = 5
"""Times the years from 2005 on had been scored before any run was written down (docs/forecasting.md)."""
TEST_FROM = 2005


def looks(rows: list[dict[str, Any]]) -> int:
    """How often the test years have been looked at: runs among `rows` that scored them, and those before."""
    return EARLIER_LOOKS + len({r["run"] for r in rows if int(r.get("last") or 0) >= TEST_FROM})


def looked(path: Path, digest: str) -> int:
    """How many runs on the leaderboard `path` scored the rows that `digest` names (column rows_sha256)."""
    rows = read(path) if path.is_file() else []
    return len({r["run"] for r in rows if r.get("rows_sha256") == digest})


def append(path: Path, tables: dict[str, pl.DataFrame], data: dict[str, str], moment: datetime | None = None) -> str:
    """Add one run to the file `path` (JSON lines) and return the run's key.

    All lines of a run go out in one appending write, so that two runs at once do not mix; lines of earlier runs are
    left as they are. A run that scores the test years says which look at them it is (`look`).

    Args:
        tables: score tables by kind (``"scores"``, ``"bars"``, ``"defection"``). data: SHA-256 of each data table.

    Raises:
        AllegianceError: the file cannot be written.
    """
    earlier = read(path) if path.is_file() else []
    tested = any(int(r.get("last") or 0) >= TEST_FROM for t in tables.values() for r in t.to_dicts())
    when = (moment or datetime.now(UTC)).isoformat(timespec="seconds")
    digest = sha256_text(to_json(data))[:16]
    about: dict[str, Any] = {"when": when, "version": __version__, "method": METHOD, "data": digest}
    if tested:
        about |= {"look": looks(earlier) + 1}
    run = sha256_text(to_json(about) + "".join(t.write_json() for t in tables.values()))[:12]
    rows = [about | {"run": run, "kind": kind} | row for kind, table in tables.items() for row in table.to_dicts()]
    text = "".join(json.dumps(row, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _add(path, text.encode())
    except OSError as error:
        raise disk_fault(path, error) from error
    return run


def _add(path: Path, lines: bytes) -> None:
    """All of `lines` at the end of a file, or nothing: a disk that fills up leaves no half line behind."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        written = os.write(handle, lines)
        if written < len(lines):
            os.ftruncate(handle, os.fstat(handle).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> list[dict[str, Any]]:
    """Every line of the leaderboard, oldest first.

    Raises:
        AllegianceError: the file is missing or a line is damaged.
    """
    if not path.is_file():
        raise AllegianceError(f"there is no leaderboard {path}", "run `allegiance backtest` first")
    rows = []
    for number, line in enumerate(read_regular(path).decode("utf-8", "replace").splitlines(), 1):
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("run"), str):
                raise ValueError("it is not the line of a run")
            int(row.get("last") or 0)
        except (ValueError, TypeError, RecursionError) as error:
            raise AllegianceError(
                f"{shown(path)}:{number} is damaged: {str(error)[:200]}",
                "restore the line from a copy, or name another file with --leaderboard",
            ) from error
        rows.append(row)
    return rows
