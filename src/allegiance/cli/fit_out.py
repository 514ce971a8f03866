"""What the two kinds of fit write and show in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from allegiance.inference.fit.coders import Unknown
    from allegiance.inference.fit.posterior import Posterior
    from allegiance.runs.parameters import ParameterSet


def write_fit(
    out: Path, tables: Mapping[str, pl.DataFrame], result: ParameterSet, posterior: Posterior,
    unknown: Sequence[Unknown],
) -> list[str]:  # fmt: skip
    """Write the tables, the parameter set and the posterior; returns their names."""
    from allegiance.base.files import write_json
    from allegiance.base.tables import write_table
    from allegiance.inference.fit.result import write_inference_data

    for name, table in tables.items():
        write_table(out / f"{name}.parquet", table)
    write_json(out / "parameters.json", result.model_dump(mode="json"))
    write_inference_data(out / "posterior.nc", result, posterior, unknown)
    return [*(f"{name}.parquet" for name in tables), "parameters.json", "posterior.nc"]


def show_fit(
    summary: Mapping[str, Any], out: Path, tables: Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]]
) -> None:
    """Print tables (heads and rows), what was found, and where it is."""
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import say, screen, where

    console = screen()
    for head, rows in tables:
        table = Table(*head, box=SIMPLE, padding=(0, 1, 0, 0))
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for text in (*summary["said"], *summary["notes"]):
        say(text)
    where("parameter set", out / "parameters.json")
    where("report", out / "report.html")
