"""Freedom of the press by state and year: V-Dem's index of free expression and alternative sources of information."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from allegiance.evidence.folder import has_table, read_table

PRESS = "demspaces/vdem_indices_1968_2023"
INDEX = "v2x_freexp_altinf"


def press_index(data: str | Path) -> pl.DataFrame | None:
    """Columns gwcode, year and INDEX (0 to 1) where it is known; None where the table is not at hand."""
    return read_table(data, PRESS, ["gwcode", "year", INDEX]).drop_nulls() if has_table(data, PRESS) else None


def press_before(data: str | Path, states: Sequence[tuple[int, int]]) -> list[float | None]:
    """The index of each state (Gleditsch-Ward code) in the year before the given one; None where it is not known."""
    table = press_index(data)
    known = {} if table is None else {(int(g), int(y)): float(v) for g, y, v in table.iter_rows()}
    return [known.get((gwcode, year - 1)) for gwcode, year in states]
