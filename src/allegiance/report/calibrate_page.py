"""The report of `allegiance calibrate`: the card, what the data inform, and whether the inference can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.style import BLUE, GREY
from allegiance.inference.calibrate import Calibration
from allegiance.inference.checks import BINS
from allegiance.inference.smc import ENOUGH
from allegiance.report.figures.canvas import Picture, canvas, svg
from allegiance.report.findings import fits
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Figure, Page, Section, Table

ALT_FITTED = "Each fitted parameter: prior and posterior, 90 % interval, in prior standard deviations"
NOTE_RANKS = "Grey: where 98 % of uniform counts lie."
ALT_RANKS = "Rank of the true value among posterior draws over synthetic fits, one histogram per parameter"


def calibrate_page(found: Calibration) -> Page:
    """The page of a calibration."""
    informed = int(found.parameters["informed"].sum())
    overall = found.recovery.coverage.filter(pl.col("parameter") == "all").row(0, named=True)
    before, after = found.predictive["prior"].to_numpy().mean(), found.predictive["posterior"].to_numpy().mean()
    card = found.result.card
    brief: list[Block] = [
        Figure(svg(fitted_figure(found.parameters), ALT_FITTED), ALT_FITTED, fits.informed(found.parameters.to_dicts()),
               "Prior and posterior."),
        Bullets([
            ("Checks. ", f"90 % intervals hold the true value in {overall['covered_90']:.0%} of {overall['fits']}"
             f" synthetic fits, 50 % intervals in {overall['covered_50']:.0%}."),
            ("Fit. ", f"The coded outcome is hit by {after:.0%} of the fitted simulated wars of the cases fitted to;"
             f" by {before:.0%} before."),
            ("Not tested here. ", "Cases held out are scored by allegiance score --parameters."),
        ]),
    ]  # fmt: skip
    return Page(
        title=found.study.title, kicker="Allegiance calibrate", brief=brief,
        headline=f"The data inform {informed} of {len(found.parameters)} fitted parameters.",
        lead=f"{len(found.train)} cases fitted to, {len(found.test)} held out.",
        sections=[
            Section("Fitted parameters", [_fitted(found.parameters)]),
            Section("Screening", [_screening(found.screening)]),
            Section("Generations", [_generations(found.particles.generations)]),
            Section("Recovery of known parameters", [_coverage(found.recovery.coverage), _ranks(found)]),
            Section("Posterior predictive", [_predictive(found.predictive)]),
        ],
        facts=[(key.replace("_", " "), _said(value)) for key, value in card.items() if key != "study"],
    )  # fmt: skip


def _said(value: Any) -> str:
    return (
        ", ".join(value)
        if isinstance(value, list | tuple)
        else f"{value:.4g}"
        if isinstance(value, float)
        else str(value)
    )


def _fitted(frame: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    for r in frame.iter_rows(named=True):
        verdict = Cell("informed", 1, "good") if r["informed"] else Cell("not informed", 0, "muted")
        rows.append(
            [
                r["parameter"], r["unit"], f"{r['prior_median']:.3g} ({r['prior_low']:.3g} to {r['prior_high']:.3g})",
                f"{r['median']:.3g} ({r['low']:.3g} to {r['high']:.3g})", r["shift"], r["spread"], verdict,
            ]
        )  # fmt: skip
    return Table(
        ["parameter", "unit", "prior (90 %)", "posterior (90 %)", "shift", "spread", "data"], rows,
        "Prior and posterior of every fitted parameter",
        note="Shift and spread: mean and standard deviation in prior standard deviations.",
    )  # fmt: skip


def fitted_figure(frame: pl.DataFrame) -> Picture:
    """Posterior mean and 90 % interval in prior deviates, beside the prior's own."""
    with canvas(7.0, 0.32 * len(frame) + 1.1) as (figure, axes):
        y = np.arange(len(frame))[::-1]
        shift, spread = frame["shift"].to_numpy(), 1.645 * frame["spread"].to_numpy()
        axes.hlines(y + 0.14, -1.645, 1.645, color=GREY, lw=3, alpha=0.6, label="prior")
        axes.hlines(y - 0.14, shift - spread, shift + spread, color=BLUE, lw=3, label="posterior")
        axes.plot(shift, y - 0.14, "o", color=BLUE, ms=5)
        axes.set_yticks(y, frame["parameter"], fontsize=8)
        axes.set_xlabel("prior standard deviations from the prior's centre")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncol=2, fontsize=8)
        return figure


def _screening(frame: pl.DataFrame) -> Table:
    rows = [[r["parameter"], r["relevance"], r["chance"]] for r in frame.head(25).iter_rows(named=True)]
    return Table(
        ["parameter", "relevance", "by chance"], rows, "The 25 parameters that move the coded outcomes most",
        note="Mean squared rank correlation over cases and outcomes; by chance: 95 % quantile of the largest over"
        " shuffled draws.",
    )  # fmt: skip


def _generations(frame: pl.DataFrame) -> Table:
    rows = [
        [r["generation"], r["tolerance"], r["simulations"], r["effective"], "used" if r["used"] else ""]
        for r in frame.iter_rows(named=True)
    ]
    return Table(
        ["generation", "tolerance", "simulations", "effective particles", ""], rows, "Sequential Monte Carlo",
        note=f"Used: the last generation whose weights rest on at least {ENOUGH:.0%} of its particles.",
    )


def _coverage(frame: pl.DataFrame) -> Table:
    rows = [
        [r["parameter"], f"{r['covered_50']:.0%}", f"{r['covered_90']:.0%}", r["uniform_p"], r["fits"]]
        for r in frame.iter_rows(named=True)
    ]
    return Table(
        ["parameter", "50 % intervals hold", "90 % intervals hold", "p of uniform ranks", "fits"], rows,
        "Synthetic fits by rejection from the bank of the screening",
    )  # fmt: skip


def ranks_figure(ranks: np.ndarray[Any, Any], names: tuple[str, ...]) -> Picture:
    """Rank histograms of simulation-based calibration with the 98 % band of a uniform."""
    columns = 3
    rows = -(-len(names) // columns)
    low, high = fits.uniform_band(len(ranks), BINS)
    with canvas(7.2, 1.5 * rows + 0.3, nrows=rows, ncols=columns, sharex=True, squeeze=False) as (figure, axes):
        for k, axis in enumerate(axes.flat):
            axis.set_visible(k < len(names))
            if k < len(names):
                axis.axhspan(low, high, color=GREY, alpha=0.25, lw=0)
                axis.hist(ranks[:, k], BINS, range=(0, 1), color=BLUE, alpha=0.8)
                axis.set_title(names[k], fontsize=8)
        return figure


def _ranks(found: Calibration) -> Figure:
    picture = ranks_figure(found.recovery.ranks, found.recovery.names)
    counts = [np.histogram(one, BINS, (0, 1))[0] for one in found.recovery.ranks.T]
    return Figure(svg(picture, ALT_RANKS), ALT_RANKS, fits.ranks(counts), NOTE_RANKS)


def _predictive(frame: pl.DataFrame) -> Table:
    rows = [[f"{r['case']}: {r['outcome']}", r["prior"], r["posterior"]] for r in frame.iter_rows(named=True)]
    return Table(
        ["case and outcome", "prior", "posterior"], rows,
        "Share of simulated wars that get the coded outcome right, cases fitted to",
    )  # fmt: skip


def write_calibrate_report(folder: Path, found: Calibration) -> Path:
    """Write `report.html` of a calibration into `folder` and return its path."""
    return write_page(folder / "report.html", calibrate_page(found))
