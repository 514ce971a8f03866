"""A fit to state-years from study file to parameter set: design, plays, emulators, posterior, checks.

The same course as a fit to campaigns (fitting.py). The emulators are of chances (chances.py), the observation model is
the recording of mutinies (recording.py), and there is no test here: state-years from 2000 on are scored elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.errors import AllegianceError
from allegiance.base.parts import Parts
from allegiance.inference.fit import predict, year_checks
from allegiance.inference.fit.chances import ChanceCheck, learn_chance
from allegiance.inference.fit.design import Design, latin
from allegiance.inference.fit.emulator import MORE, Emulator, Plays
from allegiance.inference.fit.fitting import FOLLOWED, FRESH, LEFT_OUT
from allegiance.inference.fit.plays import Army, How, Point, frames_of, play_design
from allegiance.inference.fit.posterior import Observer, Posterior, sample
from allegiance.inference.fit.recording import OUTCOMES, UNKNOWN, log_likelihood, make_record
from allegiance.inference.fit.recover import Model, Recovered, Sizes, recover_by
from allegiance.inference.fit.result import (
    combination_table,
    decade_table,
    drawn_set,
    notes_of,
    observer_table,
    parameter_table,
)
from allegiance.inference.fit.study import YearsStudy
from allegiance.inference.fit.year_ground import YearGround
from allegiance.runs.parameters import ParameterSet
from allegiance.world.columns import Array

OBSERVER = Observer(len(UNKNOWN), log_likelihood, near=True)
MODEL = Model(OBSERVER, make_record, tuple(u.name for u in UNKNOWN))
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class YearsFit:
    """Everything a fit to state-years found; tables as in `result.Fit`.

    Attributes:
        state_years: one row each with what prior and posterior say. groups, rates, scores, comparisons: see
            year_checks.py. said: what has to be known of the ground and of the posterior, in sentences.
    """

    study: YearsStudy
    checks: tuple[ChanceCheck, ...]
    posterior: Posterior
    parameters: pl.DataFrame
    combinations: pl.DataFrame
    observers: pl.DataFrame
    decades: pl.DataFrame
    state_years: pl.DataFrame
    groups: pl.DataFrame
    rates: pl.DataFrame
    scores: pl.DataFrame
    comparisons: pl.DataFrame
    recovered: Recovered
    result: ParameterSet
    said: tuple[str, ...]
    notes: tuple[str, ...]


def play_year_points(asked: Sequence[tuple[Army, Sequence[Point]]], seed: int) -> list[list[dict[str, Any]]]:
    """One world for each point of each army: daily chances of a first event added up, and how many mutinies came."""
    return [
        [
            {"number": army.number, "point": row["member"], "mutinies": row[f"{army.side}.mutiny"]}
            | {o: row[f"{army.side}.{o}_chance"] for o in OUTCOMES}
            for row in frame.to_dicts()
        ]
        for (army, _), frame in zip(asked, frames_of(asked, seed), strict=True)
    ]


def how() -> How:
    """How the points of state-years are played, and what is kept of a world."""
    kinds = {"mutinies": pl.Float64} | dict.fromkeys(OUTCOMES, pl.Float64)
    return How(play_year_points, kinds, "year-", "state-years")


def fit_years(
    study: YearsStudy, ground: YearGround, kept: Parts, workers: int = 2, progress: Progress | None = None
) -> YearsFit:
    """Run a fit to state-years, or go on with it; plays are kept in `kept` (see plays.store).

    Raises:
        AllegianceError: the emulator of an outcome fails its check.
    """
    tell = progress or (lambda share, text: None)
    many, s, record = len(ground.armies), study.sampler, ground.record
    design = latin(many, study.draws, study.seed)
    plays = play_design(ground.armies, design, study.seed, kept, workers, _part(tell, 0.0, 0.5), how())
    tell(0.5, "emulators")
    emulator, checks = emulators(study, ground, design, plays)
    rows, every = np.arange(2 * many), list(range(1, len(emulator.level)))
    tell(0.55, "posterior")
    found = sample(emulator, record, rows, every, s.walkers, s.steps, study.seed, study.kept, OBSERVER)
    tell(0.65, "one decade left out at a time")
    without = {
        d: sample(emulator, record, rows[record.decade != k], every[:LEFT_OUT], s.walkers, study.checks.steps,
                  study.seed, study.kept, OBSERVER)
        for k, d in year_checks.decades(record)
    }  # fmt: skip
    fresh = _fresh(study, ground, found, kept, workers, _part(tell, 0.7, 0.8))
    forecasts = _forecasts(study, ground, emulator, found, without)
    scores, comparisons = year_checks.score(ground.about, record, forecasts, study.seed)
    groups = year_checks.groups(ground, emulator, found, study, plays, fresh)
    order = np.argsort(found.spread)[:FOLLOWED]
    sizes = Sizes(study.checks.worlds, s.walkers, study.checks.steps, study.seed, workers)
    recovered = recover_by(MODEL, emulator, record, [int(k) for k in order], sizes, _part(tell, 0.8, 1.0))
    response = np.average(emulator.slope[0], axis=0, weights=record.many)
    table = ground.about.with_columns(pl.Series(name, v) for name, v in year_checks.columns_of(forecasts, many).items())
    return YearsFit(
        study, checks, found, parameter_table(found, response), combination_table(found),
        observer_table(found, UNKNOWN), decade_table(found, without), table, groups, year_checks.rates(found),
        scores, comparisons, recovered, drawn_set(found, study.kept, _card(study, ground, found, checks, plays.height)),
        (*ground.said, *year_checks.said(emulator, found, record), *_in_number(plays)),
        notes_of(found, recovered.coverage),
    )  # fmt: skip


def _in_number(plays: pl.DataFrame) -> list[str]:
    """How many mutinies there are in a simulated year that has any: why a year is on record, and not each of them."""
    some = plays.filter(pl.col("mutinies") > 0)["mutinies"].to_numpy()
    return [f"A simulated year with a mutiny has {some.mean():.1f} of them on average."] if len(some) else []


def _part(tell: Progress, start: float, end: float) -> Progress:
    return lambda share, text: tell(start + (end - start) * share, text)


def emulators(
    study: YearsStudy, ground: YearGround, design: Design, plays: pl.DataFrame
) -> tuple[Emulator, tuple[ChanceCheck, ...]]:
    """The emulators of the outcomes as one: its rows are state-years, mutinies first, as those of the record.

    Raises:
        AllegianceError: one fails its check.
    """
    made, checks = [], []
    for outcome in OUTCOMES:
        learnt = Plays(design.z, design.campaign, plays[outcome].to_numpy(), ground.inputs, ground.conditions)
        one, check = learn_chance(learnt, study.emulator.folds, study.emulator.draws, study.seed, outcome)
        if check.fault:
            raise AllegianceError(f"the emulator of {outcome} fails its check: {check.fault}", MORE)
        made.append(one)
        checks.append(check)
    level, slope = (np.concatenate([getattr(e, name) for e in made], axis=1) for name in ("level", "slope"))
    return Emulator(level, slope), tuple(checks)


def _fresh(
    study: YearsStudy, ground: YearGround, found: Posterior, kept: Parts, workers: int, progress: Progress
) -> tuple[pl.DataFrame, Array]:
    """Draws of the posterior played for real with fresh luck, and the number of the draw behind each play."""
    many, worlds = len(ground.armies), study.checks.fresh
    behind = np.random.default_rng([study.seed, 5]).integers(0, len(found.z), many * worlds)
    design = Design(found.z[behind], np.repeat(np.arange(many), worlds))
    return play_design(ground.armies, design, study.seed + FRESH, kept, workers, progress, how()), behind


def _forecasts(
    study: YearsStudy, ground: YearGround, emulator: Emulator, found: Posterior, without: dict[int, Posterior]
) -> dict[str, Array]:
    """Chance that each row is on record: by the posterior of all (`seen`), and by what was learnt from other decades.

    `recording`: the observation model is learnt, the theory left at its prior.
    """
    record, s = ground.record, study.sampler
    rows, blind = np.arange(len(record.kind)), predict.ignorant(emulator, study.seed)
    prior = year_checks.prior_draws(emulator, study.kept, study.seed)
    said = {"prior": year_checks.forecast(emulator, prior, record),
            "seen": year_checks.forecast(emulator, found, record)}  # fmt: skip
    said |= {"posterior": said["seen"].copy(), "recording": said["seen"].copy()}
    for k, decade in year_checks.decades(record):
        inside = record.decade == k
        left = sample(
            blind, record, rows[~inside], [0], s.walkers, study.checks.steps, study.seed, study.kept, OBSERVER
        )
        said["posterior"][inside] = year_checks.forecast(emulator, without[decade], record)[inside]
        said["recording"][inside] = year_checks.forecast(blind, left, record)[inside]
    return said


def _card(
    study: YearsStudy, ground: YearGround, found: Posterior, checks: Sequence[ChanceCheck], worlds: int
) -> dict[str, Any]:
    return {
        "title": study.title, "method": "emulators of chances (SciPy) and ensemble sampler (emcee)",
        "data": "mutinies (Johnson; Schiel, Powell, Faulkner) and coup attempts (Powell, Thyne) by state and year",
        **{f"emulator_gain_{c.outcome}": round(c.gain, 4) for c in checks},
        "r_hat": round(found.rhat, 3), "effective_draws": round(found.ess),
        "date": datetime.now(UTC).date().isoformat(), "package": __version__, "study": study.identity(),
        "state_years_fitted_to": ground.about.height, "stand_for": round(float(ground.about["stands_for"].sum())),
        "worlds_played": worlds,
    }  # fmt: skip
