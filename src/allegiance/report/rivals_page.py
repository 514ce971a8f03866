"""Scores of simulated sets beside their rivals: as a page of HTML, and as the tables of docs/campaigns.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import to_json, write_json
from allegiance.base.markdown import SCORES, between, write_told
from allegiance.forecast.leaderboard import read
from allegiance.forecast.rivals import MODELS
from allegiance.report import past_scores
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Page, Section, Table, Value
from allegiance.report.verdicts import tone

Row = Mapping[str, Any]
WORDS = {
    "defect_21": "defection in any year (NAVCO 2.1)", "defect_12": "defection, second coding (NAVCO 1.2)",
    "defect_first_year": "defection in the first year (NAVCO 2.1)", "mutiny": "mutiny within the year",
    "coup_attempt": "coup attempt within the year",
}  # fmt: skip
READ = (
    ("Fitted where. ", "Every rival, and the line through which the simulation's own probability goes, is fitted to the"
     " training rows alone; the simulation itself is fitted to none of them."),
    ("Inputs. ", "Ridge logit and boosting know what the draft knows: its levels, what the army faces and how many."),
    ("Intervals. ", "95 %, of a bootstrap that draws countries, paired where two are compared. 'cannot be"
     " distinguished' is a result: the interval holds zero."),
    ("expected/observed. ", "Events that the forecasts add up to over those that came; 1 is calibrated in the large."),
)  # fmt: skip
PAGE, BOARD = "campaigns.md", "benchmarks/leaderboard.jsonl"
START, END = SCORES


def what(row: Row) -> str:
    """The outcome of a row in words, with its events."""
    name = WORDS.get(str(row["coding"]), str(row["coding"]))
    extra = f", {row['rows_are']}" if row.get("rows_are") else ""
    return f"{name}{extra}: {row['events']} of {row['rows']}"


def write_rivals(
    path: Path, scores: pl.DataFrame, comparisons: pl.DataFrame, title: str, look: int, notes: Sequence[str]
) -> Path:
    """Write the page; returns its path.

    Raises:
        AllegianceError: it cannot be written.
    """
    brief: list[Block] = [_compared(comparisons), Bullets(READ)]
    sections = [Section(what(part[0]), [_scored(part)]) for part in _parts(scores.to_dicts())]
    if notes:
        sections.append(Section("Not scored", [Bullets([("", note) for note in notes])]))
    best = [r for r in comparisons.to_dicts() if r["ours"] == "simulation" and r["theirs"] == "base rate"]
    said = "; ".join(f"{what(r)}: {r['verdict']}" for r in best)
    facts = [("look at these rows", str(look)), ("rows", str(scores["rows"].max()))]
    return write_page(path, Page(title, f"The simulation alone against the base rate. {said}.", brief, sections,
                                 "score", facts=facts))  # fmt: skip


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    keys = dict.fromkeys((r["coding"], r.get("rows_are")) for r in rows)
    return [[r for r in rows if (r["coding"], r.get("rows_are")) == key] for key in keys]


def _between(row: Row, metric: str, digits: int = 3) -> str:
    return f"{row[metric]:.{digits}f} ({row[f'{metric}_low']:.{digits}f} to {row[f'{metric}_high']:.{digits}f})"


def _scored(rows: Sequence[Row]) -> Table:
    cells: list[list[Value]] = [
        [r["model"], Cell(_between(r, "log"), r["log"]), Cell(_between(r, "brier"), r["brier"]),
         Cell(_between(r, "auc"), r["auc"]), Cell(_between(r, "expected_observed", 2), r["expected_observed"])]
        for r in rows
    ]  # fmt: skip
    return Table(["model", "log score", "Brier", "AUC", "expected/observed"], cells,
                 "Lower log and Brier scores are better; AUC 0.5 is chance.")  # fmt: skip


def _compared(comparisons: pl.DataFrame) -> Table:
    rows: list[list[Value]] = []
    for r in comparisons.to_dicts():
        gap = f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})"
        rows.append([what(r), f"{r['ours']} against {r['theirs']}", Cell(gap, r["difference"]),
                     Cell(r["verdict"], r["verdict"], tone(r["verdict"]))])  # fmt: skip
    return Table(["outcome", "compared", "log score, difference", "verdict"], rows, "Below zero: the first is better.")


def markdown(rows: Sequence[Row]) -> str:
    """Scores and comparisons of one run of the leaderboard as Markdown tables, with its day and number of looks."""
    first = rows[0]
    out = [f"Run {first['run']} of {str(first['when'])[:10]}; look {first['look_at_rows']} at these rows.", ""]
    scores = [r for r in rows if r["kind"].endswith("scores")]
    compared = [r for r in rows if r["kind"].endswith("comparisons")]
    for part in _parts(scores):
        out += [f"**{what(part[0]).capitalize()}** ({part[0]['countries']} countries)", ""]
        out += ["| model | log score | Brier | AUC | expected/observed |", "|---|---|---|---|---|"]
        for r in sorted(part, key=lambda r: MODELS.index(r["model"])):
            cells = [_between(r, m, 2 if m == "expected_observed" else 3) for m in
                     ("log", "brier", "auc", "expected_observed")]  # fmt: skip
            out.append(f"| {r['model']} | {' | '.join(cells)} |")
        out.append("")
    out += ["| outcome | compared | log score, difference (95 %) | verdict |", "|---|---|---|---|"]
    for r in compared:
        gap = f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})"
        out.append(f"| {what(r)} | {r['ours']} against {r['theirs']} | {gap} | {r['verdict']} |")
    return "\n".join(out)


def _quoted(docs: Path) -> Path:
    """The table of `past_scores` in the checkout that `docs` belongs to."""
    return docs.parent / "src/allegiance/report/tables" / past_scores.TABLE.name


def _newest(docs: Path, kind: str = "campaign") -> list[dict[str, Any]]:
    """Rows of the newest run of a kind ("campaign", or "world": state-years) on the leaderboard; empty without one."""
    rows = read(docs.parent / BOARD)
    runs = [r["run"] for r in rows if r["kind"] == f"{kind} scores"]
    return [r for r in rows if r["run"] == runs[-1]] if runs else []


def _quotes(docs: Path) -> dict[str, Any]:
    """What assessments and forecasts quote of the newest runs."""
    world = _newest(docs, "world")
    return past_scores.kept(_newest(docs)) | {"added": past_scores.added(world), "lines": past_scores.lines(world)}


def _figures(docs: Path) -> tuple[Path, str, str] | None:
    """The page, its text, and the text that the newest run of campaigns on the leaderboard gives it."""
    page, board = docs / PAGE, docs.parent / BOARD
    if not page.is_file() or not board.is_file():
        return None
    rows = _newest(docs)
    if not rows:
        return None
    text = page.read_text(encoding="utf-8")
    told = markdown(rows)
    if world := _newest(docs, "world"):
        told += f"\n\n### State-years\n\n{markdown(world)}"
    fault, cure = f"{page} has no marks for its scores", f"put {START} and {END} on lines of their own"
    return page, text, between(text, SCORES, f"\n\n{told}\n\n", fault, cure)


def write_campaigns(docs: Path) -> Path | None:
    """Write the newest scores of campaigns between the marks of docs/campaigns.md, and what assessments quote.

    Returns the page; None where there are no scores.

    Raises:
        AllegianceError: the page lacks its marks, or cannot be written.
    """
    page = write_told(_figures(docs))
    if page is not None and _quoted(docs).parent.is_dir():
        write_json(_quoted(docs), _quotes(docs))
    return page


def check_campaigns(docs: Path) -> None:
    """Raises AllegianceError if docs/campaigns.md or what assessments quote is not of the newest run."""
    found = _figures(docs)
    if found is None:
        return
    if found[1] != found[2]:
        raise AllegianceError(f"{found[0]} is out of date", "allegiance docs --out docs")
    quoted = _quoted(docs)
    if quoted.parent.is_dir() and (
        not quoted.is_file() or quoted.read_text("utf-8") != to_json(_quotes(docs))
    ):
        raise AllegianceError(f"{quoted} is out of date", "allegiance docs --out docs")
