"""Ledgers and leaderboards that are damaged, foreign, or written to a disk that fills up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.forecast.leaderboard import append
from faults.probe import command, refused

KIND = "Ledgers and leaderboards"
ROW: dict[str, Any] = {
    "gwcode": 432, "iso3": "MLI", "country": "Mali", "probability": 0.1, "low": 0.05, "high": 0.2, "climatology": 0.02,
}  # fmt: skip
SAID: dict[str, Any] = {
    "outcome": "coup_attempt", "horizon": 12, "as_of": "2018-12-01", "data": {}, "weights": {},
    "model": {"name": "blend", "version": "0", "method": "4"}, "rows": [ROW], "issued": "2019-01-01T00:00:00+00:00",
    "previous": "",
}  # fmt: skip
FOREIGN: dict[str, dict[str, Any]] = {
    "no row": {"rows": []},
    "rows of something else": {"rows": [{"a": 1}]},
    "rows that are a word": {"rows": "x"},
    "a probability of two": {"rows": [ROW | {"probability": 2.0}]},
    "a probability that is a word": {"rows": [ROW | {"probability": "high"}]},
    "no probability": {"rows": [ROW | {"probability": None}]},
    "a state that is a word": {"rows": [ROW | {"gwcode": "x"}]},
    "another outcome": {"outcome": "[/b]"},
    "an outcome that is a list": {"outcome": ["coup_attempt"]},
    "no months": {"horizon": 0},
    "months without end": {"horizon": 10**30},
    "a year beyond the calendar": {"as_of": "99999-12-01"},
    "no model": {"model": None},
    "a model without a version": {"model": {}},
    "weights that are a word": {"weights": "x"},
    "a number for the one before": {"previous": 5},
}


def book(folder: Path, said: dict[str, Any]) -> Path:
    """A ledger with one entry whose hash is sound."""
    digest = sha256_text(to_json(said))
    (folder / f"2018-12_{digest[:12]}.json").write_text(to_json({"sha256": digest, "forecast": said}))
    return folder


def test_an_entry_of_ours_is_listed(tmp_path: Path) -> None:
    """An entry that is whole is listed."""
    answer = command("ledger", "list", "--ledger", str(book(tmp_path, SAID)))
    assert answer.code == 0, answer
    assert "coup_attempt" in answer.out


@pytest.mark.parametrize("form", [*FOREIGN, *(f"without {key}" for key in SAID)])
def test_entries_that_are_none_are_told(form: str, tmp_path: Path) -> None:
    """An entry whose hash is sound and whose content is no forecast is refused by the name of its file."""
    said = {k: v for k, v in SAID.items() if form != f"without {k}"} | FOREIGN.get(form, {})
    refused(command("ledger", "list", "--ledger", str(book(tmp_path, said))), "2018-12_", "cure:")


BOARDS = {
    "a list": b"[]\n", "a number": b"5\n", "no run": b"{}\n", "Latin-1": b"\xe9\n", "NUL": b"\0\n",
    "half a line": b'{"run',
    "a year that is a word": b'{"run": "a", "last": "x"}\n', "brackets without end": b"[" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("form", BOARDS)
def test_a_damaged_leaderboard_is_told(form: str, tmp_path: Path) -> None:
    """A leaderboard with a damaged line is named with its line, and nothing is added to it."""
    path = tmp_path / "board.jsonl"
    path.write_bytes(BOARDS[form])
    with pytest.raises(AllegianceError, match=r"board\.jsonl:1 is damaged"):
        append(path, {"scores": pl.DataFrame({"a": [1]})}, {})
    assert path.read_bytes() == BOARDS[form]


def test_a_disk_that_fills_up_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leaderboard that could be written in part only is as it was before."""
    path, write = tmp_path / "board.jsonl", os.write
    append(path, {"scores": pl.DataFrame({"a": [1]})}, {})
    before = path.read_bytes()
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:20]))
    with pytest.raises(AllegianceError, match=r"board\.jsonl"):
        append(path, {"scores": pl.DataFrame({"a": [2]})}, {})
    assert path.read_bytes() == before
