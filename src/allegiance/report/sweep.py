"""Sweeps in Python, and their report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.base.notebook import with_bar
from allegiance.cases.schema import Case
from allegiance.experiments.design import grid, read_design
from allegiance.experiments.sweep import Sweep, play_sweep
from allegiance.report.effects_text import number
from allegiance.report.figures.canvas import svg
from allegiance.report.figures.sweep import drawn
from allegiance.report.findings.changes import swept
from allegiance.report.html import write_page
from allegiance.report.labels import plural, side_name
from allegiance.report.page import Block, Bullets, Figure, Page, Section, Table
from allegiance.runs.ensemble import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

LEADING = ("mutiny?", "desertion", "shirking")
"""Outcomes of the attacker that a report draws first."""


class Swept(Sweep):
    """A sweep that draws itself."""

    def plot(self, outcome: str) -> Drawing:
        """One outcome over the points: a curve over one number, a heat map over two.

        Args:
            outcome: a value of the column `outcome`, such as `russia.desertion` or `war.duration_days`.

        Raises:
            AllegianceError: no such outcome.
        """
        return drawn(self.of(outcome), list(self.paths))[0]

    def of(self, outcome: str) -> pl.DataFrame:
        """The rows of one outcome.

        Raises:
            AllegianceError: no such outcome.
        """
        known = self.frame["outcome"].unique(maintain_order=True).to_list()
        if outcome not in known:
            raise AllegianceError(f"no outcome '{outcome}' in this sweep", near(outcome, known))
        return self.frame.filter(pl.col("outcome") == outcome)


@with_bar
def sweep(
    case: Case | str | Path,
    over: Mapping[str, Sequence[float | bool | str]] | Sequence[Mapping[str, float | bool | str]] | str | Path,
    members: int = 16,
    seed: int = 0,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
    **options: Any,
) -> Swept:
    """Play a case at many values of some of its numbers, on the same random draws at each.

    Args:
        case: a case, a name of the library, or the path of a case file.
        over: case path -> values, all combinations of which are played; or points, each a mapping of path to value; or
            the path of a CSV file with a column for each path and a row for each point.
        members: simulated wars at each point, at least 2.
        seed: a number from 0 from which all random draws follow.
        out: folder for the results; nothing is kept if not given.
        resume: go on from what an interrupted run left in `out`.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        force: replace what `out` holds.
        options: further fields of `allegiance.runs.spec.RunSpec`, such as days, scale, threads.

    Examples:
        >>> found = sweep("reference", {"sides.stronger.supply": [0.4, 0.7, 1.0]}, members=8)  # doctest: +SKIP
        >>> found.plot("stronger.desertion")  # doctest: +SKIP

    Raises:
        AllegianceError: unknown case, no or too many points, a path that does not exist, a value out of bounds.
    """
    if isinstance(over, str | Path):
        points: list[dict[str, Any]] = read_design(Path(over))
    elif isinstance(over, Mapping):
        points = grid(over)
    else:
        points = [dict(point) for point in over]
    found = play_sweep(case, points, members, seed, out, resume, progress, force, **options)
    return Swept(found.case, found.paths, found.points, found.spec, found.frame)


def leading(result: Swept) -> list[str]:
    """Keys of the outcomes that a reader sees first, those there are."""
    known = set(result.frame["outcome"].to_list())
    attacker = min(result.case.sides, key=lambda s: (result.case.sides[s].role != "attacker", s))
    return [key for key in (f"{attacker}.{name}" for name in LEADING) if key in known]


def sweep_page(result: Swept) -> Page:
    """The page of a sweep."""
    keys = result.frame["outcome"].unique(maintain_order=True).to_list()
    first = leading(result)
    case, spec = result.case, result.spec
    folded = [Section(_title(result, key), _outcome(result, key)) for key in keys if key not in first]
    how = Bullets([
        ("Shared random draws. ", "All points have the same parameters and the same chance, member by member: what"
         " differs between points is due to the numbers set."),
        ("Interval. ", "90 %, over simulated wars: chance, and what is not known of the theory. For a probability it is"
         " what so many wars allow to say. Points whose intervals overlap may still differ: compare them with"
         " `allegiance compare`, which pairs the wars."),
    ])  # fmt: skip
    return Page(
        title=f"{case.title}: over {' and '.join(result.paths)}",
        headline="; ".join(_told(result, key) for key in first) + ".",
        brief=[block for key in first for block in _outcome(result, key)[:1]],
        sections=[*(Section(_title(result, key), _outcome(result, key)[1:]) for key in first), *folded,
                  Section("How to read it", [how])],
        kicker=f"Allegiance sweep · {plural(len(result.points), 'point')} ·"
        f" {plural(spec.members, 'simulated war')} at each",
        facts=[("seed", str(spec.seed)), ("scale", f"{spec.scale:g}"), ("days", str(spec.days))],
    )  # fmt: skip


def _title(result: Swept, key: str) -> str:
    row = result.of(key).row(0, named=True)
    whose = f" ({side_name(result.case, row['side'])})" if row["side"] else ""
    return f"{row['label'].capitalize()}{whose}"


def _told(result: Swept, key: str) -> str:
    """From where to where an outcome goes over the points."""
    rows = result.of(key).drop_nulls("median").sort("median")
    if not rows.height:
        return f"{_title(result, key)}: not defined at any point"
    low, high = rows.row(0, named=True), rows.row(-1, named=True)
    unit = low["unit"]
    ends = f"{number(low['median'])} to {number(high['median'])} {unit}"
    return f"{_title(result, key)}: {ends}" if low["median"] != high["median"] else (
        f"{_title(result, key)}: {number(low['median'])} {unit} at every point"
    )


def _finding(result: Swept, key: str) -> str:
    """What the picture of an outcome shows."""
    (path, *more), rows = result.paths, result.of(key)
    if more or not rows[path].dtype.is_numeric():
        return _told(result, key)
    return swept(_title(result, key), path, rows.sort(path))


def _outcome(result: Swept, key: str) -> list[Block]:
    rows = result.of(key)
    picture, words = drawn(rows, list(result.paths))
    table: list[list[Any]] = [
        [*(row[path] if not isinstance(row[path], bool) else str(row[path]) for path in result.paths),
         row["median"], f"{number(row['low'])} to {number(row['high'])}"]
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    columns = (*result.paths, f"median ({rows['unit'][0]})", "90 % interval")
    return [
        Figure(svg(picture, words), words, _finding(result, key), f"{_title(result, key)}, {rows['unit'][0]}."),
        Table(columns, table, f"{_title(result, key)} at each point."),
    ]


def write_sweep_report(folder: Path, result: Swept) -> Path:
    """Write `report.html` into a bundle of `sweep`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", sweep_page(result))
