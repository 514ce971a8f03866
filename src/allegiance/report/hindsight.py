"""Cases made by rule beside cases made by hand: a page, and a section of docs/scoreboard.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allegiance.base.files import read_json, write_json
from allegiance.base.markdown import table
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Page, Section, Table, Value
from allegiance.report.verdicts import tone
from allegiance.theory.stamp import theory_hash

Row = Mapping[str, Any]
KEY = "by_rule"
"""Where docs/scoreboard.json keeps it."""
HEAD = ["outcome", "ours", "theirs", "score of ours", "score of theirs", "difference (90 %)", "verdict"]
READ = (
    "Each army is drafted from tables for the case's first day, length and kind of war, and played and scored like the"
    " case made by hand; nothing in a draft is known only later. Ranked probability score, and for the share that left"
    " the continuous one of its logarithm: lower is better. Both are forecast from the other cases of this table alone,"
    " so that scores are not those of the whole library."
)


def keep_record(path: Path, summary: Row) -> None:
    """Add the control to the record at `path` (docs/scoreboard.json)."""
    known = read_json(path, "allegiance score --by-rule --record docs/scoreboard.json") if path.exists() else {}
    write_json(path, known | {KEY: dict(summary)})


def _cells(summary: Row) -> list[list[str]]:
    return [
        ["share that left" if r["outcome"] == "left" else r["outcome"], r["ours"], r["theirs"],
         f"{r['model_score']:.3f}", f"{r['rival_score']:.3f}",
         f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})", r["verdict"]]
        for r in summary["scores"]
    ]  # fmt: skip


def known_sentence(name: str, one: Row) -> str:
    """Whether inputs know more of the outcomes than the conditions do, in a sentence."""
    return (
        f"{name[0].upper()}{name[1:]}, {one['cases']} cases: {one['beyond']} of {one['pairs']} pairs of an input and an"
        f" outcome go together beyond what the coded conditions explain; {one['expected']:.0f} would by chance"
        f" (as many in {one['p']:.1%} of random orders)."
    )


def lead(summary: Row) -> str:
    """What the control says of the library's scores, in a sentence."""
    ahead = [r for r in summary["scores"] if (r["ours"], r["theirs"]) == ("by hand", "by rule")]
    words = {
        "better": "score better",
        "worse": "score worse",
        "cannot be distinguished": "cannot be told apart",
    }
    said = "; ".join(
        f"on {'the share that left' if r['outcome'] == 'left' else r['outcome']} they {words[r['verdict']]}"
        f" ({r['difference']:+.3f}, {r['low']:+.3f} to {r['high']:+.3f})" for r in ahead
    )  # fmt: skip
    return f"Cases made by hand beside the same {len(summary['cases'])} armies made by rule: {said}."


def write_hindsight(path: Path, summary: Row) -> Path:
    """Write the page; returns its path.

    Raises:
        AllegianceError: it cannot be written.
    """
    cells: list[list[Value]] = [
        [*row[:-1], Cell(row[-1], row[-1], tone(row[-1]))] for row in _cells(summary)
    ]
    brief: list[Block] = [Table(HEAD, cells, caption="Below 0: the first of the two scores better.")]
    knows = [("", known_sentence(name, one)) for name, one in summary["residuals"].items()]
    sections = [
        Section("Do the inputs know more than the conditions?", [Bullets(knows)]),
        Section("Cases without a twin", [Bullets([("", text) for text in summary["without"]])]),
    ]
    facts = [("cases", str(len(summary["cases"]))), ("draws", str(summary["draws"])), ("seed", str(summary["seed"])),
             ("left out", summary["holdout"])]  # fmt: skip
    page = Page("What hindsight is worth", f"{lead(summary)} {READ}", brief, sections, "score", facts=facts)
    return write_page(path, page)


def lines(summary: Row) -> str:
    """The same in Markdown."""
    old = "" if summary["formulas_sha256"] == theory_hash() else " **Made with an earlier form of the model.**"
    knows = "\n".join(f"- {known_sentence(name, one)}" for name, one in summary["residuals"].items())
    pairs = summary["residuals"].get("by hand, all cases", {}).get("largest", [])
    largest = f"\n\nThe largest of all cases by hand: {'; '.join(pairs)}." if pairs else ""
    return (
        f"{lead(summary)}{old}\n\n{READ} {summary['draws']} draws, each played twice, seed {summary['seed']}.\n\n"
        f"{table(HEAD, _cells(summary))}\n\nDo the inputs know more of the outcome than the six coded conditions do?"
        f"\n\n{knows}{largest}\n\nWithout a twin, {len(summary['without'])} cases: they are no"
        " state's whole army, or no table reaches them."
    )
