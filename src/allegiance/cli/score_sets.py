"""`allegiance score --campaigns DIR` and `--world DIR`: played sets beside rivals on the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def consistent(campaigns: Path | None, world: Path | None, learned_from: Path | None, cases: Path | None) -> None:
    """Options that exclude or need each other.

    Raises:
        AllegianceError: they were given together, or one without the other.
    """
    from allegiance.base.errors import AllegianceError

    given = [f"--{name}" for name, folder in (("cases", cases), ("campaigns", campaigns), ("world", world)) if folder]
    if len(given) > 1:
        raise AllegianceError(f"{' and '.join(given)} exclude each other", "score one set at a time")
    if learned_from is not None and campaigns is None:
        raise AllegianceError("--learned-from goes with --campaigns", "add --campaigns DIR")


def score_played(
    campaigns: Path | None, learned_from: Path | None, world: Path | None, data: Path | None, out: Path | None,
    board: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Score the set that was given."""
    place = out or Path("runs") / ("score-campaigns" if campaigns else "score-world")
    if campaigns is not None:
        score_played_campaigns(campaigns, learned_from, place, board, force, as_json)
    elif world is not None:
        score_played_world(world, data, place, board, force, as_json)


def score_played_campaigns(
    folder: Path, learned_from: Path | None, out: Path, board: Path | None, force: bool, as_json: bool
) -> None:
    """Score the campaigns of `folder`, write tables and page, add the run to the leaderboard, print."""
    from allegiance.forecast.campaign_score import score_campaigns

    found = score_campaigns(folder, learned_from)
    wanted = {"of": "campaigns", "rows_sha256": found.rows_sha256, "folder_sha256": _digest(folder),
              "learned_from_sha256": _digest(learned_from) if learned_from else ""}  # fmt: skip
    tables = {"scores": found.scores, "comparisons": found.comparisons, "forecasts": found.forecasts}
    _publish(tables, "campaign", found.rows_sha256, found.notes, wanted, out, board, force, as_json)


def score_played_world(
    folder: Path, data: Path | None, out: Path, board: Path | None, force: bool, as_json: bool
) -> None:
    """Score the state-years of `folder`: fitted to 1999, tested on 2000 to 2018."""
    from allegiance.forecast.world_score import score_world

    found = score_world(folder, data)
    wanted = {"of": "world", "rows_sha256": found.rows_sha256, "folder_sha256": _digest(folder)}
    tables = {"scores": found.scores, "comparisons": found.comparisons, "forecasts": found.forecasts}
    _publish(tables, "world", found.rows_sha256, found.notes, wanted, out, board, force, as_json)


def _digest(folder: Path) -> str:
    from allegiance.base.files import sha256

    return sha256(folder / "manifest.json")


def _publish(
    tables: dict[str, pl.DataFrame], kind: str, digest: str, notes: tuple[str, ...], wanted: dict[str, Any], out: Path,
    board: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    import polars as pl

    from allegiance.base.files import write_json
    from allegiance.base.tables import write_table
    from allegiance.cli.screen import print_json, say
    from allegiance.cli.shared import working
    from allegiance.experiments.store import plain
    from allegiance.forecast.leaderboard import append, looked
    from allegiance.report.rivals_page import write_rivals

    path = board or out / "leaderboard.jsonl"
    look = looked(path, digest) + 1
    mark = [pl.lit(digest).alias("rows_sha256"), pl.lit(look).alias("look_at_rows")]
    scores, comparisons = (tables[name].with_columns(mark) for name in ("scores", "comparisons"))
    with working(out, "score", wanted, force) as (held, _):
        for name, table in tables.items():
            write_table(out / f"{name}.parquet", table)
        summary = {"look": look, "notes": list(notes), "scores": plain(scores), "comparisons": plain(comparisons)}
        write_json(out / "summary.json", summary)
        title = "Campaigns against a state" if kind == "campaign" else "States by year"
        page = write_rivals(out / "report.html", scores, comparisons, title, look, notes)
        run = append(path, {f"{kind} scores": scores, f"{kind} comparisons": comparisons}, {"rows": digest})
        held.publish([*(f"{name}.parquet" for name in tables), "summary.json", "report.html"])
    if as_json:
        print_json(summary)
        return
    _show(scores, comparisons)
    for note in notes:
        say(f"note: {note}")
    say(f"look {look} at these rows; run {run} added to {path}\nreport: {page}")


def _show(scores: pl.DataFrame, comparisons: pl.DataFrame) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import judged, screen
    from allegiance.report.rivals_page import what

    console, last = screen(), ""
    table = Table(box=SIMPLE)
    for r in scores.to_dicts():
        if what(r) != last:
            if last:
                console.print(table)
            last = what(r)
            table = Table("model", "log", "Brier", "AUC", "exp/obs", title=last, title_justify="left", box=SIMPLE)
        table.add_row(
            r["model"], f"{r['log']:.3f} ({r['log_low']:.3f} to {r['log_high']:.3f})", f"{r['brier']:.3f}",
            f"{r['auc']:.2f} ({r['auc_low']:.2f} to {r['auc_high']:.2f})", f"{r['expected_observed']:.2f}",
        )  # fmt: skip
    console.print(table)
    table = Table("outcome", "compared", "log score, difference (95 %)", "verdict", box=SIMPLE)
    for r in comparisons.to_dicts():
        gap = f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})"
        table.add_row(r["coding"], f"{r['ours']} / {r['theirs']}", gap,
                      judged(r["verdict"]))  # fmt: skip
    console.print(table)
