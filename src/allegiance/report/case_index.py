"""The case index as a page whose table sorts by any column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from allegiance.cases.index import COLUMNS, LEGEND, basis_sentence, index_rows, percent_range
from allegiance.cases.loader import LIBRARY
from allegiance.cases.schema import LEVELS
from allegiance.report.html import write_page
from allegiance.report.page import Cell, Page, Prose, Section, Table, Value


def case_index(folder: Path = LIBRARY) -> Page:
    """The index of the cases under `folder` that have recorded outcomes.

    Raises:
        FaultyInput: a case is faulty.
    """
    rows = index_rows(folder)
    table = Table(
        [head for _, head in COLUMNS],
        [[_cell(row, key) for key, _ in COLUMNS] for row in rows],
        "Conditions and outcomes of the cases; a click on a head sorts by that column.",
    )
    notes = Table(["case", "what the outcome rests on"], [[row["title"], row["note"]] for row in rows], "Outcomes")
    legend = [_plain(part) for part in LEGEND.split("\n\n")]
    rests = basis_sentence(row["basis"] for row in rows)
    return Page(
        "Case index", f"{len(rows)} episodes with coded outcomes; {rests}", (table,),
        (Section("What the columns mean", (Prose(legend),)), Section("What the outcomes rest on", (notes,))),
    )  # fmt: skip


def write_case_index(path: Path, folder: Path = LIBRARY) -> Path:
    """Write the page to `path` as one self-contained file and return it.

    Raises:
        AllegianceError: a case is faulty, or the file cannot be written.
    """
    return write_page(path, case_index(folder))


def _plain(text: str) -> str:
    """Text of a Markdown paragraph without its marks."""
    return re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text.replace("**", "")).replace("\n", " ").strip()


def _cell(row: dict[str, Any], key: str) -> Value:
    value = row[key]
    if key == "id":
        return Cell(value, title=row["title"])
    if key == "left":
        low, high = value
        return Cell(f"{percent_range(value)} %", (low + high) / 2.0)
    if key in LEVELS:
        return Cell(str(value), float(value), title=LEVELS[key][value])
    if key in ("compelled", "deprivation"):
        return Cell(f"{value:.0%}", float(value))
    return Cell(value) if isinstance(value, str) else value
