"""A finished run in Python: `run` plays a case, `Result` reads its folder."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from allegiance.base.arguments import flag
from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.base.files import read_json, read_regular, sha256, sha256_bytes, write_json
from allegiance.base.notebook import with_bar
from allegiance.base.owner import MANIFEST
from allegiance.base.tables import read_table
from allegiance.cases.schema import Case
from allegiance.report import frames

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Progress = Callable[[float, str], None]
_AGAIN = "make it again with --force, or read another folder"
_FILES = ("summary.json", "manifest.json", "case.json", "daily.parquet", "events.parquet", "members.parquet")


class Result:
    """The bundle of one run, read from its folder when asked for.

    Args:
        folder: a folder that a run wrote (`allegiance run` says where).
        temporary: the folder goes when the result does. Such a result carries its files when it is pickled, so that it
            can be returned from another process.

    Every file is held against the manifest before it is used.

    Raises:
        AllegianceError: the folder is not a finished run.
    """

    def __init__(self, folder: str | Path, temporary: bool = False) -> None:
        self.folder = Path(folder)
        self._temporary = temporary
        if temporary:
            self._gone = weakref.finalize(self, shutil.rmtree, str(self.folder), ignore_errors=True)
        missing = [name for name in _FILES if not (self.folder / name).is_file()]
        if missing:
            raise AllegianceError(
                f"{self.folder} is not a finished run: no {', '.join(missing)}",
                "run it again; what was finished is kept",
            )

    def __getstate__(self) -> dict[str, Any]:
        files = {p.name: p.read_bytes() for p in self.folder.iterdir() if p.is_file()} if self._temporary else None
        return {"folder": str(self.folder), "files": files}

    def __setstate__(self, state: dict[str, Any]) -> None:
        folder = Path(state["folder"])
        if state["files"] is not None:
            folder = Path(tempfile.mkdtemp(prefix="allegiance-"))
            for name, data in state["files"].items():
                (folder / name).write_bytes(data)
        Result.__init__(self, folder, state["files"] is not None)

    def summary(self) -> dict[str, Any]:
        """The outcomes with their intervals, as in `summary.json`."""
        return dict(self._json("summary.json"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """How the run was made: versions, case hash, parameters, seed, hashes of the outputs, works cited."""
        found = self._json(MANIFEST)
        if not isinstance(found, dict) or not isinstance(found.get("outputs"), dict):
            raise AllegianceError(f"{self.folder / MANIFEST} is damaged: it does not say what was written", _AGAIN)
        return found

    @cached_property
    def daily(self) -> pl.DataFrame:
        """One row per member, day, side and force."""
        return self._parquet("daily.parquet")

    @cached_property
    def events(self) -> pl.DataFrame:
        """One row per event."""
        return self._parquet("events.parquet")

    @cached_property
    def members(self) -> pl.DataFrame:
        """One row per member with its outcomes."""
        return self._parquet("members.parquet")

    @cached_property
    def case(self) -> Case:
        """The case as it was run, settings applied."""
        return Case.model_validate(self._json("case.json"))

    @cached_property
    def story(self) -> pl.DataFrame:
        """What one typical member lived through: member, day, date, side, text."""
        return self._parquet("story.parquet")

    def tables(self) -> dict[str, pl.DataFrame]:
        """What a spreadsheet takes: the outcomes of the summary, the members, and each day's middle and intervals."""
        summary = self.summary()
        outcomes = pl.DataFrame([
            {"side": side, "outcome": form, "probability": entry["probability"], "low": entry["interval"][0],
             "high": entry["interval"][1]}
            for side, forms in summary["outcomes"].items() for form, entry in forms.items()
        ])  # fmt: skip
        totals = frames.side_totals(self.daily)
        columns = [name for name in totals.columns if name not in ("member", "day", "side")]
        levels = [pl.col(c).cast(pl.Float64).quantile(q).alias(f"{c} {name}") for c in columns
                  for name, q in (("low", 0.05), ("median", 0.5), ("high", 0.95))]  # fmt: skip
        days = totals.group_by("side", "day").agg(levels).sort("side", "day")
        return {"outcomes": outcomes, "members": self.members, "days": days}

    @property
    def report(self) -> Path:
        """Path of the self-contained report; written now if it is not there yet."""
        path = self.folder / "report.html"
        return path if path.is_file() else self.write_report()

    def write_report(self) -> Path:
        """Write the report afresh and note its hash in the manifest; return its path.

        Raises:
            AllegianceError: the folder cannot be written.
        """
        from allegiance.report.html import write_report

        path = write_report(self.folder, self.case, self.summary(), self.daily, self.events, self.members, self.story)
        outputs = {**self.manifest.get("outputs", {}), path.name: sha256(path)}
        write_json(self.folder / "manifest.json", {**self.manifest, "outputs": outputs})
        return path

    def to_xarray(self) -> Any:
        """The daily sums of each side as an `xarray.Dataset` with dimensions member, day and side.

        Days on which a member's war was over are NaN.

        Raises:
            AllegianceError: xarray is not installed.
        """
        import numpy as np

        xarray = require("xarray", "xarray")
        totals = frames.side_totals(self.daily)
        axes = {name: totals[name].unique().sort() for name in ("member", "day", "side")}
        shape = tuple(len(values) for values in axes.values())
        where = tuple(
            totals.select(pl.col(name).replace_strict(values, range(len(values)), return_dtype=pl.Int64))
            .to_series()
            .to_numpy()
            for name, values in axes.items()
        )
        arrays = {}
        for name in totals.columns:
            if name not in axes:
                grid = np.full(shape, np.nan)
                grid[where] = totals[name].cast(pl.Float64).to_numpy()
                arrays[name] = (tuple(axes), grid)
        attributes = {k: v for k, v in self.summary().items() if isinstance(v, str | int | float)}
        return xarray.Dataset(arrays, coords={k: v.to_numpy() for k, v in axes.items()}, attrs=attributes)

    def plot(self, column: str = "deserted", side: str | None = None) -> Figure:
        """A column of the daily sums over time, median and bands, as a matplotlib figure.

        Args:
            column: a numeric column of `frames.side_totals`, such as deserted, shirking, capability_log_ratio.
            side: a side's key; all sides if not given.

        Raises:
            AllegianceError: no such column or side.
        """
        from allegiance.base.errors import near
        from allegiance.base.style import CYCLE
        from allegiance.report.figures.canvas import canvas, date_axis
        from allegiance.report.figures.marks import band

        totals = frames.side_totals(self.daily)
        sides = totals["side"].unique().sort().to_list()
        for what, value, known in (("column", column, totals.columns[3:]), ("side", side or sides[0], sides)):
            if value not in known:
                raise AllegianceError(f"no {what} {value!r} in this run", near(value, known))
        start = self.case.start
        with canvas(6.4, 4.0) as (figure, axes):
            for colour, key in zip(CYCLE, [side] if side else sides, strict=False):
                band(axes, start, frames.bands(totals.filter(pl.col("side") == key), column), colour, str(key))
            date_axis(axes)
            axes.set_ylabel(column.replace("_", " "))
            axes.set_title("median, 50 % and 90 % intervals over members", fontsize=9)
            axes.legend()
            return figure

    def _repr_html_(self) -> str:
        from allegiance.report.html import environment
        from allegiance.report.run_tables import outcome_rows

        summary = self.summary()
        tables = {side: outcome_rows(summary, side) for side in summary["outcomes"]}
        return (
            environment().get_template("result.html.j2").render(summary=summary, tables=tables, folder=str(self.folder))
        )

    def __repr__(self) -> str:
        shown = {key: self.summary()[key] for key in ("case", "members", "days", "seed")}
        return f"Result({', '.join(f'{k}={v!r}' for k, v in shown.items())}, folder={str(self.folder)!r})"

    def _json(self, name: str) -> Any:
        self._check(name)
        return read_json(self.folder / name, _AGAIN)

    def _parquet(self, name: str) -> pl.DataFrame:
        self._check(name)
        return read_table(self.folder / name, _AGAIN)

    def _check(self, name: str) -> None:
        """Hold a file against the manifest.

        Raises:
            AllegianceError: it is not what was written.
        """
        said = self.manifest.get("outputs", {}).get(name) if name != MANIFEST else None
        if said is not None and sha256_bytes(read_regular(self.folder / name)) != said:
            raise AllegianceError(
                f"{self.folder / name} is damaged: it is not what its manifest says was written", _AGAIN
            )


@with_bar
def run(
    case: Case | str | Path,
    members: int = 64,
    seed: int = 0,
    out: str | Path | None = None,
    settings: Mapping[str, float | bool | str] | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
    **options: Any,
) -> Result:
    """Play a case out and return its result.

    Args:
        case: a case, the name of one in the library, or the path of a case file.
        members: number of simulated wars in the ensemble, at least 1.
        seed: a number from 0 from which all random draws follow; the same seed gives the same result on any number of
            threads.
        out: folder for the bundle; a temporary one, gone with the result, if not given.
        settings: case path -> value, laid over the case, such as {"sides.russia.supply": 0.9}.
        resume: go on from what an interrupted run left in `out`.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        force: replace what `out` holds.
        options: further fields of `allegiance.runs.ensemble.RunSpec`, such as days, scale, threads.

    Examples:
        >>> result = run("reference", members=4, days=30)  # doctest: +SKIP
        >>> result.summary()["outcomes"]["stronger"]["mutiny"]["probability"]  # doctest: +SKIP

    Raises:
        AllegianceError: an impossible request, an unknown case, or a folder that cannot be written.
    """
    from allegiance.cases.loader import load_case
    from allegiance.runs.bundle import run_bundle, spec_of

    spec = spec_of(members=members, seed=seed, **options)
    loaded = case if isinstance(case, Case) else load_case(case)
    if out is not None:
        run_bundle(loaded, spec, Path(out), settings, flag("resume", resume), progress, flag("force", force))
        return Result(out)
    folder = Path(tempfile.mkdtemp(prefix="allegiance-"))
    try:
        run_bundle(loaded, spec, folder, settings, resume, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Result(folder, temporary=True)
