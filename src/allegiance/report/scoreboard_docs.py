"""The figures of docs/scoreboard.md, told from a record of the runs that made them.

`allegiance score --record docs/scoreboard.json` keeps what a scoring of the library came to, one record for each way of
leaving cases out; `allegiance docs` writes the page's tables from it between the marks. A page that is behind the
record is stale, and a test says so. Records of an earlier form of the model are told as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import read_json, write_json, write_text
from allegiance.base.markdown import SCORES, between, table
from allegiance.cases.loader import load_case, load_observed
from allegiance.inference.coding import coded
from allegiance.report import hindsight
from allegiance.report.labels import percent
from allegiance.report.score_page import NAMES
from allegiance.theory.stamp import theory_hash
from allegiance.world.inputs import has_enemy

Row = Mapping[str, Any]
PAGE, RECORD = "scoreboard.md", "scoreboard.json"
START, END = SCORES
CURE = "allegiance score --record docs/scoreboard.json, then allegiance docs --out docs"
HOLDOUTS = {"case": "Leaving one case out", "family": "Leaving whole families out"}
FALLS = ("egypt-2011", "tunisia-2011", "iran-1979", "serbia-2000", "east-germany-1989", "sudan-2019")
STAYED = ("bahrain-2011", "china-1989", "turkey-2016", "iran-2022")
COLLAPSES = ("iraq-mosul-2014", "afghanistan-2021", "south-vietnam-1975")
WENT_ON = (
    "russia-ukraine-2022", "russia-ukraine-2023", "ukraine-2022", "donetsk-militia-2022", "burkina-faso-2022",
    "myanmar-2021", "united-states-vietnam-1970", "france-1917", "russia-1917", "russia-chechnya-1994", "sudan-2023",
)  # fmt: skip
"""Cases in which the ruler fell, stayed, an army collapsed, and every war that went on past the case's last day."""
DISSOLVED = "dissolved"
"""Not an end of a war but the state of an army: its collapse ended the war, or half of its soldiers had left."""
ENDS = (
    ("rulers who fell", FALLS, ("regime_fell", "coup")), ("rulers who stayed", STAYED, ("regime_fell", "coup")),
    ("armies that collapsed", COLLAPSES, (DISSOLVED,)),
    ("wars that went on", WENT_ON, ("ongoing",)),
)  # fmt: skip
HALF = 0.5


def keep_record(path: Path, summary: Row, bank: Mapping[str, pl.DataFrame]) -> None:
    """Add what a scoring of the library came to, with how its simulated wars ended, to the record at `path`."""
    known = read_json(path, CURE) if path.exists() else {}
    ends = {
        case: {k: int(n) for k, n in sorted(frame["war.end"].value_counts().iter_rows())}
        for case, frame in bank.items()
    }
    kept = ("draws", "seed", "parameters", "ranges", "comparisons", "coverage_of_left", "gate")
    models = ("model", "base_rate")
    cases = [
        {k: r[k] for k in ("case", "outcome", "model", "observed", "forecast", "score", "low", "high", "covered")}
        for r in summary["cases"] if r["model"] in models
    ]  # fmt: skip
    gone = {case: dissolved(case, bank[case]) for case in COLLAPSES if case in bank}
    entry = {k: summary[k] for k in kept}
    entry |= {"cases": cases, "ends": ends, DISSOLVED: gone, "formulas_sha256": theory_hash()}
    write_json(path, known | {summary["holdout"]: entry})


def dissolved(name: str, members: pl.DataFrame) -> int:
    """Simulated wars of a library case in which the army whose outcomes are coded collapsed or lost half to flight."""
    case, observed = load_case(name), load_observed(name)
    assert observed is not None
    left = coded(members, observed.side, not has_enemy(case))["left"]
    over = members["war.end"].to_numpy() == f"collapse_{case.sides[observed.side].role}"
    return int(((left >= HALF) | over).sum())


def lines(known: Mapping[str, Row]) -> str:
    """The tables of a record, in Markdown."""
    parts = []
    for holdout, title in HOLDOUTS.items():
        if run := known.get(holdout):
            parts += [f"## {title}", _about(run), _comparisons(run), _coverage(run)]
    if made := known.get(hindsight.KEY):
        parts += ["## Made by rule instead of by hand", hindsight.lines(made)]
    if run := known.get("case"):
        parts += ["## How the simulated wars ended", _ends(run), "## Is anything degenerate?", _gate(run)]
        parts += ["## Every case", _cases(run)]
    return "\n\n".join(parts)


def _about(run: Row) -> str:
    old = "" if run["formulas_sha256"] == theory_hash() else " **Made with an earlier form of the model.**"
    return f"{run['draws']} draws of the theory's parameters, each played twice, seed {run['seed']}.{old}"


def _comparisons(run: Row) -> str:
    rows = [
        [
            "share that left" if r["outcome"] == "left" else r["outcome"], NAMES[r["rival"]], f"{r['model_score']:.3f}",
            f"{r['rival_score']:.3f}", f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})", r["verdict"],
        ]
        for r in run["comparisons"]
    ]  # fmt: skip
    return table(["outcome", "against", "model", "rival", "difference (90 %)", "verdict"], rows)


def _coverage(run: Row) -> str:
    c = run["coverage_of_left"]
    return (
        f"The 90 % interval of the share that left meets the coded range in {c['covered']} of {c['cases']} cases "
        "(they overlap; the coded range need not lie inside)."
    )


def ends_share(run: Row, case: str, kinds: Sequence[str]) -> float | None:
    """Share of the simulated wars of a case that ended in one of `kinds`; None where the case was not played."""
    ends = run["ends"].get(case)
    if not ends:
        return None
    count = run.get(DISSOLVED, {}).get(case, 0) if DISSOLVED in kinds else sum(ends.get(k, 0) for k in kinds)
    return float(count / sum(ends.values()))


def _ends(run: Row) -> str:
    rows = []
    for title, cases, kinds in ENDS:
        shares = {c: s for c in cases if (s := ends_share(run, c, kinds)) is not None}
        mean = sum(shares.values()) / len(shares) if shares else None
        rows.append([title, ", ".join(f"{c} {percent(s)}" for c, s in shares.items()), percent(mean)])
    many = {sum(e.values()) for e in run["ends"].values()}
    head = (
        f"Share of the {'/'.join(map(str, sorted(many)))} simulated wars of each case in which the ruler fell, the "
        "army collapsed or lost half of its soldiers to flight, or the war was still on at the case's last day, beside "
        "what happened there."
    )
    return f"{head}\n\n" + table(["what happened", "the same in the model, by case", "mean of cases"], rows)


def _gate(run: Row) -> str:
    rows = [
        [g["outcome"], percent(g["mean"]), str(g["never"]), str(g["always"]), str(g["sometimes"])] for g in run["gate"]
    ]
    return table(["outcome", "mean chance", "cases where it never happens", "always", "sometimes"], rows)


def _cases(run: Row) -> str:
    by = {(r["case"], r["outcome"], r["model"]): r for r in run["cases"]}
    rows = []
    for case in dict.fromkeys(r["case"] for r in run["cases"]):
        cells = []
        for outcome in ("coup", "mutiny", "refusal"):
            ours, base = by[case, outcome, "model"], by[case, outcome, "base_rate"]
            cells.append(f"{ours['observed']:.0f}: {ours['score']:.2f} ({base['score']:.2f})")
        left = by[case, "left", "model"]
        forecast = f"{percent(left['forecast'])} ({percent(left['low'])} to {percent(left['high'])})"
        rows.append([case, *cells, percent(left["observed"]), forecast, "yes" if left["covered"] else "no"])
    head = ["case", "coup", "mutiny", "refusal", "left: coded", "left: forecast (90 %)", "meets"]
    return "Cells: coded level, then score of the model and, in brackets, of the base rate.\n\n" + table(head, rows)


def told(page: str, known: Mapping[str, Row]) -> str:
    """The page with the record's tables between the marks."""
    fault, cure = f"{PAGE} has no place for the scores: {START} … {END}", "put the two marks back"
    return between(page, SCORES, f"\n\n{lines(known)}\n\n", fault, cure)


def write_scoreboard(folder: Path) -> Path | None:
    """Write the tables into the page under `folder`; None where there is no such page."""
    page = folder / PAGE
    if not page.is_file():
        return None
    write_text(page, told(page.read_text(encoding="utf-8"), read_json(folder / RECORD, CURE)))
    return page


def check_scoreboard(folder: Path) -> None:
    """Nothing where the page under `folder` tells what the record says.

    Raises:
        AllegianceError: it does not.
    """
    if not (folder / PAGE).is_file():
        return
    page = (folder / PAGE).read_text(encoding="utf-8")
    if page != told(page, read_json(folder / RECORD, CURE)):
        raise AllegianceError(f"{folder / PAGE} is behind its record", "allegiance docs --out docs")
