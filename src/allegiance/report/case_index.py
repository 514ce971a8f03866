"""The case index as a page whose table sorts by any column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allegiance.cases.index import COLUMNS, LEGEND, basis_sentence, index_rows, percent_range
from allegiance.cases.loader import LIBRARY
from allegiance.report.html import write_page
from allegiance.report.page import Cell, Page, Prose, Section, Table, Value

SCALES = {
    "coup": ("none", "failed", "succeeded"),
    "mutiny": ("none", "small", "large", "decisive"),
    "refusal": ("none", "some", "many", "not carried out"),
}


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
    legend = [part.replace("**", "").replace("\n", " ").strip() for part in LEGEND.split("\n\n")]
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


def _cell(row: dict[str, Any], key: str) -> Value:
    value = row[key]
    if key == "id":
        return Cell(value, title=row["title"])
    if key == "left":
        low, high = value
        return Cell(f"{percent_range(value)} %", (low + high) / 2.0)
    if key in SCALES:
        return Cell(str(value), float(value), title=SCALES[key][value])
    if key in ("compelled", "deprivation"):
        return Cell(f"{value:.0%}", float(value))
    return Cell(value) if isinstance(value, str) else value
