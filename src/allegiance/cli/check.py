"""`allegiance check`: hold the model against effect sizes of studies, and its priors against what is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Force

if TYPE_CHECKING:
    import polars as pl

check_app = typer.Typer(help="Check effect sizes against studies, priors against what is known.", no_args_is_help=True)
Seed = Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")]
Scale = Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")]
Threads = Annotated[int | None, typer.Option(help="Threads, all cores if not given.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for tables and page; or a page FILE.md, with tables in runs/check-…")
]
Resume = Annotated[bool, typer.Option(help="Go on from what an interrupted run finished.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the `check` verbs."""
    app.add_typer(check_app, name="check")


@check_app.command("effects")
def effects(
    members: Annotated[int, typer.Option(help="Simulated wars in an arm.")] = 48,
    seed: Seed = 0,
    only: Annotated[list[str] | None, typer.Option(help="One row by name; may be repeated.")] = None,
    scale: Scale = None,
    threads: Threads = None,
    out: Out = None,
    resume: Resume = True,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Compute each effect that a study estimated in simulation, as the study did."""
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments.effect_sizes.check import check_effects, summary
    from allegiance.report.check_page import write_effects

    folder, page = _places(out, "-".join(["check-effects", *sorted(only or ())]), "effects.md", force)
    with Bar() as bar:
        result = check_effects(members, seed, only, scale, threads, folder, resume, bar, force)
        write_effects(page, result)
    if as_json:
        print_json(summary(result))
    else:
        _show(result.frame, "label", "model", page)


@check_app.command("prior")
def prior(
    draws: Annotated[int, typer.Option(help="Draws of the parameters, two simulated years each.")] = 24,
    seed: Seed = 0,
    scale: Scale = None,
    threads: Threads = None,
    out: Out = None,
    resume: Resume = True,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Check what the priors must say of ordinary armies, of collapses and of the flagship."""
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments.effect_sizes.prior import check_prior, summary
    from allegiance.report.check_page import write_prior

    folder, page = _places(out, "check-prior", "prior.md", force)
    with Bar() as bar:
        result = check_prior(draws, seed, scale, threads, folder, resume, bar, force)
        write_prior(page, result)
    if as_json:
        print_json(summary(result))
    else:
        _show(result.frame, "text", "value", page)


def _places(out: Path | None, name: str, page: str, force: bool) -> tuple[Path, Path]:
    """The folder of the tables and the page; only a page that this command wrote is written over."""
    from allegiance.base.files import exists, read_regular, refuse_existing

    if out is not None and out.suffix == ".md":
        if exists(out) and b"Written by `allegiance check" not in read_regular(out):
            refuse_existing([out], force)
        return Path("runs") / name, out
    folder = out or Path("runs") / name
    return folder, folder / page


def _show(frame: pl.DataFrame, label: str, value: str, page: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import judged, screen, where
    from allegiance.report.effects_text import effect, number

    table = Table(label, "range", "model (90 %)", "verdict", box=SIMPLE, padding=(0, 1, 0, 0))
    for row in frame.iter_rows(named=True):
        table.add_row(
            row[label], f"{number(row['must_low'])} to {number(row['must_high'])}",
            effect(row[value], row["low"], row["high"], "ratio"), judged(row["verdict"]),
        )  # fmt: skip
    screen().print(table)
    where("page", page)
