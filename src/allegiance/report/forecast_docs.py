"""The figures of docs/forecasting.md, told from the last full run in benchmarks/leaderboard.jsonl.

`allegiance backtest --leaderboard benchmarks/leaderboard.jsonl` adds a run; `allegiance docs` writes its figures
between the marks. A run of another method than the present one is stale, and so are figures of another run; a test
says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_text
from allegiance.base.markdown import SCORES, between, table
from allegiance.forecast.bars import YEARLY
from allegiance.forecast.leaderboard import read
from allegiance.forecast.prepare import METHOD
from allegiance.forecast.rolling import FINAL, RECENCY, REFERENCE, STACK
from allegiance.forecast.scores import BETTER_LOW

Row = Mapping[str, Any]
PAGE, BOARD = "forecasting.md", "benchmarks/leaderboard.jsonl"
START, END = SCORES
_NAMES = {"auc": "AUC", "brier": "Brier", "log": "log"}
CURE = f"allegiance backtest --leaderboard {BOARD}, then allegiance docs --out docs"


def last_run(board: Path) -> list[dict[str, Any]]:
    """Lines of the newest run on the leaderboard that was held against the bars.

    Raises:
        AllegianceError: there is none, or the models have changed since.
    """
    rows = read(board)
    full = [r["run"] for r in rows if r["kind"] == "bars"]
    if not full:
        raise AllegianceError(f"no run in {board} was held against the bars", CURE)
    chosen = [r for r in rows if r["run"] == full[-1]]
    if chosen[0]["method"] != METHOD:
        raise AllegianceError(f"{board} is stale: its last run is of method {chosen[0]['method']}, not {METHOD}", CURE)
    return chosen


def lines(run: Sequence[Row]) -> str:
    """The tables of a run, in Markdown."""
    about = run[0]
    head = (
        f"`allegiance backtest`, run {about['run']} of {about['when'][:10]}, method {about['method']}: look number "
        f"{about['look']} at the years from 2005 on. In brackets 95 % intervals by country."
    )
    kinds = {k: [r for r in run if r["kind"] == k] for k in ("bars", "scores", "safe")}
    return "\n\n".join([
        head,
        "**What is issued against the bars.** Differences are what is issued less the rival, in thousandths, paired "
        "on the same draws; below zero is better in log score and Brier, above zero in AUC. \"Events\" at 12 months "
        "counts state-months followed by one.",
        _bars(kinds["bars"]),
        "**Published figures, reached or not.** A figure inside the 95 % interval of ours can be missed or beaten by "
        "chance alone. \"Made again\" is the same rival on the data of today.",
        _published(kinds["bars"]),
        "**What is issued against the ex-ante 15-year climatology.**",
        _against_climatology([r for r in kinds["scores"] if r["model"] == FINAL]),
        "**Beginnings of mutinies by model, 1985–2018.**",
        _mutinies(kinds["scores"]),
        "**States forecast below one per cent a year** (windows that overlap counted once; in brackets what chance "
        "allows where so many came):",
        _safe(kinds["safe"]),
    ])  # fmt: skip


def _bars(bars: Sequence[Row]) -> str:
    rows = []
    for name, outcome, rival in dict.fromkeys((r["rows_name"], r["outcome"], r["rival"]) for r in bars):
        if rival == YEARLY:  # no rival, but the same rule fitted to years
            continue
        by = {r["metric"]: r for r in bars if (r["rows_name"], r["outcome"], r["rival"]) == (name, outcome, rival)}
        first = next(iter(by.values()))
        level = by.get("expected_observed")
        rows.append([
            f"{name}, {_words(outcome)} ({first['events']})", rival,
            *(_difference(by[m]) if m in by else "" for m in ("log", "brier", "auc")),
            f"{level['ours']:.2f}" + (f" ({level['rival_here']:.2f})" if level["rival_here"] else "") if level else "",
        ])  # fmt: skip
    return table(["rows (events)", "rival", "log", "Brier", "AUC", "expected/observed (rival's)"], rows)


def _published(bars: Sequence[Row]) -> str:
    """Each published score beside ours with its interval: by how much it is beaten or missed."""
    rows = []
    for r in bars:
        if r["to_beat"] is None or r["metric"] not in (*BETTER_LOW, "auc"):
            continue
        ours, low, high, bar = (f"{r[k]:.4g}" for k in ("ours", "ours_low", "ours_high", "to_beat"))
        gap = r["ours"] - r["to_beat"]
        reached = "reached" if (gap <= 0 if r["metric"] in BETTER_LOW else gap >= 0) else "**missed**"
        inside = "inside" if r["ours_low"] <= r["to_beat"] <= r["ours_high"] else "outside"
        again = f"{r['rival_here']:.4g}" if r["rival_here"] is not None else ""
        rows.append([
            f"{r['rows_name']}, {_words(r['outcome'])} ({r['events']})", r["rival"], _NAMES[r["metric"]], bar, again,
            f"{ours} [{low}, {high}]", f"{reached} by {abs(gap):.2g}, {inside} our interval",
        ])  # fmt: skip
    head = ["rows (events)", "rival", "score", "published", "made again", "ours", "published figure"]
    return table(head, rows)


def _difference(bar: Row) -> str:
    """The difference in thousandths; where the rival cannot be made again, both figures."""
    if bar["low"] is None:
        return f"{bar['ours']:.4g} against {bar['to_beat']:.4g}, {_verdict(bar)} (figure only, not paired)"
    value, low, high = (_signed(1000 * bar[k]) for k in ("difference", "low", "high"))
    return f"{value} ({low} to {high}), {_verdict(bar)}"


def _verdict(bar: Row) -> str:
    return {"better": "**better**", "worse": "**worse**"}.get(str(bar["verdict"]).split()[0], "undecided")


def _signed(value: float) -> str:
    """A number with its sign and three digits, never as a power of ten.

    >>> _signed(-1.2345), _signed(0.00123), _signed(0.0)
    ('−1.23', '+0.0012', '+0')
    """
    digits = f"{value:+.3g}" if abs(value) >= 0.01 or value == 0 else f"{value:+.4f}"
    return digits.replace("-", "\N{MINUS SIGN}")


def _against_climatology(scores: Sequence[Row]) -> str:
    rows = [
        [
            _task(r), str(r["events"]), _span(r, "auc", 1, 3),
            f"{r['brier']:.6f}, {r['brier_against_climatology']}", _span(r, "log_skill", 100, 1),
            _span(r, "expected_observed", 1, 2), f"{100 * r['top_decile_recall']:.0f} %",
        ]
        for r in scores
        if r["horizon"] in (1, 12)
    ]  # fmt: skip
    head = ["outcome, months ahead, years", "events", "AUC", "Brier", "log skill %", "expected/observed", "top tenth"]
    return table(head, rows)


def _mutinies(scores: Sequence[Row]) -> str:
    mine = [r for r in scores if r["outcome"] == "mutiny" and (r["first"], r["last"]) == (1985, 2018)]
    order = (FINAL, STACK, RECENCY, "coup transfer", "climatology", REFERENCE)
    place = {m: k for k, m in enumerate(order)}
    ranked = sorted((r for r in mine if r["model"] in place), key=lambda r: place[r["model"]])
    rows = [
        [
            f"{h} ({r['events']})" if k == 0 else "", r["model"], _span(r, "auc", 1, 3), f"{r['brier']:.6f}",
            f"{r['log']:.5f}", _span(r, "log_skill", 100, 1), f"{r['expected_observed']:.2f}",
        ]
        for h in (1, 6, 12)
        for k, r in enumerate(r for r in ranked if r["horizon"] == h)
    ]  # fmt: skip
    head = ["months ahead (events)", "model", "AUC", "Brier", "log", "log skill %", "expected/observed"]
    return table(head, rows)


def _safe(safe: Sequence[Row]) -> str:
    rows = [
        [_task(r), r["model"], f"{r['rows']:,.0f}",
         f"{r['expected']:.1f}", f"{r['observed']:.1f} ({r['low']:.1f} to {r['high']:.1f})"]
        for r in safe
        if r["horizon"] == 12
    ]  # fmt: skip
    return table(["outcome, months ahead, years", "model", "state-months", "expected", "came"], rows)


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")


def _task(row: Row) -> str:
    return f"{_words(row['outcome'])}, {row['horizon']}, {row['first']}–{row['last']}"


def _span(row: Row, metric: str, scale: float, digits: int) -> str:
    value, low, high = (f"{scale * row[metric + end]:.{digits}f}" for end in ("", "_low", "_high"))
    return f"{value} [{low}, {high}]".replace("-", "\N{MINUS SIGN}")


def told(text: str, run: Sequence[Row]) -> str:
    """The page's text with its marked lines written anew.

    Raises:
        AllegianceError: the page has no marks.
    """
    fault, cure = f"{PAGE} has no place for the scores", f"mark it with {START} and {END}"
    return between(text, SCORES, f"\n\n{lines(run)}\n\n", fault, cure)


def write_scores(folder: Path) -> Path | None:
    """Write the marked lines of `PAGE` in `folder`; None if there is no such page with a place for them."""
    path = folder / PAGE
    if not path.is_file() or START not in (text := path.read_text(encoding="utf-8")):
        return None
    write_text(path, told(text, last_run(folder.parent / BOARD)))
    return path


def check_scores(folder: Path) -> None:
    """Compare `PAGE` in `folder` with the leaderboard.

    Raises:
        AllegianceError: the page or the leaderboard is out of date.
    """
    path = folder / PAGE
    if not path.is_file() or START not in (text := path.read_text(encoding="utf-8")):
        return
    if told(text, last_run(folder.parent / BOARD)) != text:
        raise AllegianceError(f"{path} is out of date: it does not say what {BOARD} says", CURE)
