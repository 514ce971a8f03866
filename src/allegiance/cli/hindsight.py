"""`allegiance score --by-rule`: the library's cases made by rule from data, scored beside those made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allegiance.inference.hindcast import Settings


def consistent(**others: object) -> None:
    """Options that choose another set.

    Raises:
        AllegianceError: one was given, too.
    """
    from allegiance.base.errors import AllegianceError

    if given := [f"--{name.replace('_', '-')}" for name, value in others.items() if value]:
        raise AllegianceError(
            f"--by-rule and {' and '.join(given)} exclude each other", "--by-rule scores the library's own cases"
        )


def score_by_rule(
    how: Settings, place: Path | None, folder: Path | None, record: Path | None, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Draft the library's armies, play both, score both, write tables and page, print."""
    from allegiance.base.files import write_json
    from allegiance.base.tables import write_table
    from allegiance.cases.draft.panel import load_panel, tables_sha256
    from allegiance.cases.paths import case_hash
    from allegiance.cli.screen import print_json, say
    from allegiance.cli.shared import working
    from allegiance.inference.bank import coded_cases
    from allegiance.inference.hindsight import hindsight
    from allegiance.report.hindsight import keep_record, write_hindsight
    from allegiance.runs.bundle import versions

    cases, out = coded_cases(), place or Path("runs") / "score-by-rule"
    wanted = {"of": "library by rule", "draws": how.draws, "seed": how.seed, "ranges": how.ranges,
              "holdout": how.holdout, "data_sha256": tables_sha256(folder),
              "cases": {c.case.id: case_hash(c.case) for c in cases}}  # fmt: skip
    with working(out, "score", wanted, force) as (held, bar):
        scores, summary = hindsight(cases, load_panel(folder), how, held.out / "bank", bar)
        write_table(out / "scores.parquet", scores)
        write_json(out / "summary.json", summary)
        page = write_hindsight(out / "report.html", summary)
        held.publish(["scores.parquet", "summary.json", "report.html"], versions=versions(), seed=how.seed)
        if record:
            keep_record(record, summary)
    if as_json:
        print_json(summary)
        return
    _show(summary)
    say(f"{len(summary['cases'])} cases made both ways\nreport: {page}")


def _show(summary: dict[str, Any]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import judged, screen
    from allegiance.report.hindsight import known_sentence

    table = Table("outcome", "ours", "theirs", "difference (90 %)", "verdict", box=SIMPLE, padding=(0, 1, 0, 0))
    for r in summary["scores"]:
        gap = f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})"
        table.add_row(r["outcome"], f"{r['ours']} {r['model_score']:.3f}", f"{r['theirs']} {r['rival_score']:.3f}", gap,
                      judged(r["verdict"]))  # fmt: skip
    console = screen()
    console.print(table)
    for name, one in summary["residuals"].items():
        console.print(known_sentence(name, one), markup=False)
