"""`check_prior`: what must hold of the priors before any evidence is used, stated in advance."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.arguments import number, optional, whole
from allegiance.base.notebook import Brief, with_bar
from allegiance.experiments.effect_sizes.estimate import LEVEL, RESAMPLES, verdict
from allegiance.experiments.effect_sizes.play import Size, play
from allegiance.experiments.effect_sizes.rows import Played
from allegiance.experiments.store import open_folder, plain, publish
from allegiance.runs.ensemble import Progress
from allegiance.runs.spec import LUCK_PER_DRAW
from allegiance.runs.summary import between_draws, probability
from allegiance.world.columns import Array

DRAWS = 24
PEACE = str(Path(__file__).with_name("ordinary.yaml"))
YEAR = 365
_ARMY = "sides.{side}.forces.{army}.composition."
_QUIET = {"war.intensity": 0.1}
ARMIES: dict[str, Played] = {
    "peace_volunteers": Played(label="volunteers at peace", cases=(PEACE,), set={_ARMY + "contract": 1}),
    "peace_conscripts": Played(label="conscripts at peace", cases=(PEACE,), set={_ARMY + "conscript": 1}),
    "war_volunteers": Played(
        label="volunteers in a small war", days=YEAR, set={**_QUIET, _ARMY + "contract": 1}, fixed={"learning_rate": 0}
    ),
    "war_conscripts": Played(
        label="conscripts in a small war", days=YEAR, set={**_QUIET, _ARMY + "conscript": 1}, fixed={"learning_rate": 0}
    ),
    "mosul": Played(label="Mosul 2014", cases=("iraq-mosul-2014",)),
    "kabul": Played(label="Afghanistan 2021", cases=("afghanistan-2021",)),
    "flagship": Played(label="Russia and Ukraine 2022", cases=("russia-ukraine-2022",), members=0.5),
}
"""Armies of the statements: four ordinary ones, two that collapsed within days, and the flagship."""
ORDINARY = ("peace_volunteers", "peace_conscripts", "war_volunteers", "war_conscripts")
DESERTION = (0.002, 0.06)
"""Desertion of an ordinary army, share of its men a year (Heinl 1971: 1.5 to 5 per cent, wider at both ends)."""


@dataclass(frozen=True)
class Statement:
    """One statement: the arms it reads and the range its value must lie in.

    `happened` gives per member (0 or 1) what a share is taken of, `value` a number of all members; one of them is set.
    """

    text: str
    arms: tuple[str, ...]
    must: tuple[float, float]
    happened: Callable[[Mapping[str, Array]], Array] | None = None
    value: Callable[[Mapping[str, Array]], float] | None = None


def yearly(arm: Mapping[str, Array]) -> Array:
    """Deserters per man and year of each member."""
    return arm["desertion"] * YEAR / np.maximum(arm["soldier_days"], 1.0)


def width(values: Array, floor: float) -> float:
    """Upper over lower end of the 90 % interval over members, each at least `floor`."""
    low, high = np.quantile(np.maximum(values, floor), [0.05, 0.95])
    return float(high / low)


def carried(values: Array) -> float:
    """Share of the variance of log values over members that the draw of the parameters carries [0 to 1]."""
    logs = np.log(values)
    total = float(logs.var())
    return min(1.0, between_draws(logs) / total) if total > 0 else float("nan")


def ordinary(arm: Mapping[str, Array]) -> Array:
    """Whether desertion of each member lies in the ordinary range."""
    rates = yearly(arm)
    return (rates >= DESERTION[0]) & (rates <= DESERTION[1])


_SHOULD = "desertion of {} lies between 0.2 and 6 % a year"
STATEMENTS: dict[str, Statement] = {
    "no_dissolution": Statement("an ordinary army loses half of its soldiers in an ordinary year", ORDINARY,
                                (0.0, 0.02), happened=lambda a: a["dissolved"]),
    "desertion": Statement(_SHOULD.format("an ordinary army"), ORDINARY, (0.9, 1.0), happened=ordinary),
    **{f"desertion_{name}": Statement(_SHOULD.format(ARMIES[name].label), (name,), (0.8, 1.0), happened=ordinary)
       for name in ORDINARY},
    "collapse_mosul": Statement("three tenths are gone within ten days under the conditions of Mosul 2014", ("mosul",),
                                (0.05, 1.0), happened=lambda a: a["collapse"]),
    "collapse_kabul": Statement("three tenths are gone within ten days under the conditions of Afghanistan 2021",
                                ("kabul",), (0.05, 1.0), happened=lambda a: a["collapse"]),
    "width_desertion": Statement("flagship: upper over lower end of the 90 % interval of desertion", ("flagship",),
                                 (1.0, 10.0), value=lambda a: width(a["desertion"], 1.0)),
    "width_episodes": Statement("flagship: the same of episodes of mutiny, at least one", ("flagship",), (1.0, 15.0),
                                value=lambda a: width(a["mutiny"], 1.0)),
    "carried_desertion": Statement("flagship: share of the variance of log desertion that parameters carry",
                                   ("flagship",), (0.0, 0.9), value=lambda a: carried(a["desertion"] + 1.0)),
    "carried_episodes": Statement("flagship: share of the variance of log (1 + episodes) that parameters carry",
                                  ("flagship",), (0.0, 0.9), value=lambda a: carried(a["mutiny"] + 1.0)),
}  # fmt: skip
"""What must hold, by name. Shares are of playings."""


@dataclass(frozen=True, repr=False)
class PriorCheck(Brief):
    """`frame`: columns statement, text, must_low, must_high, value, low, high, verdict; `ordinary`: rates by army."""

    draws: int
    seed: int
    frame: pl.DataFrame
    ordinary: pl.DataFrame


@with_bar
def check_prior(
    draws: int = DRAWS,
    seed: int = 0,
    scale: float | None = None,
    threads: int | None = None,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
) -> PriorCheck:
    """Play ordinary armies, two collapses and the flagship over draws of the priors, and check the statements.

    Args:
        draws: of the parameters, at least 2, two members each; the flagship has half of them.
        seed: a number from 0 from which all random draws follow.
        scale: share of companies simulated; chosen by size if not given.
        threads: wars played at once.
        out: folder for the results; nothing is kept if not given.
        resume: go on from what an interrupted run left in `out`.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        force: replace what `out` holds.

    Raises:
        AllegianceError: a number out of range, or a folder that cannot be written.
    """
    draws, seed = whole("draws", draws, 2), whole("seed", seed, 0)
    size = Size(
        LUCK_PER_DRAW * draws, seed, optional(number, "scale", scale, 0, 1),
        optional(whole, "threads", threads, 1) or len(os.sched_getaffinity(0)),
    )  # fmt: skip
    wanted = {"draws": draws, "seed": seed, "scale": scale}
    with open_folder("check-prior", wanted, out=out, resume=resume, force=force, progress=progress) as f:
        played = play(ARMIES, size, f.parts, progress)
        arms = {name: _columns(next(iter(units.values()))) for name, units in played.items()}
        frame = pl.DataFrame([_line(k, s, arms) for k, s in STATEMENTS.items()])
        result = PriorCheck(draws, seed, frame, _rates(arms))
        publish(f, {"statements": frame, "ordinary": result.ordinary}, summary(result))
    return result


def summary(result: PriorCheck) -> dict[str, Any]:
    """The result as JSON holds it."""
    return {"schema": 1, "draws": result.draws, "seed": result.seed, "statements": plain(result.frame),
            "ordinary": plain(result.ordinary)}  # fmt: skip


def _columns(frame: pl.DataFrame) -> dict[str, Array]:
    return {c: frame[c].to_numpy() for c in frame.columns if c not in ("member", "side")}


def _rates(arms: Mapping[str, Mapping[str, Array]]) -> pl.DataFrame:
    rows = []
    for name in ORDINARY:
        low, middle, high = np.quantile(yearly(arms[name]), [0.05, 0.5, 0.95])
        rows.append({"army": ARMIES[name].label, "low": low, "median": middle, "high": high,
                     "mutiny": float((arms[name]["mutiny"] > 0).mean())})  # fmt: skip
    return pl.DataFrame(rows)


def _line(name: str, statement: Statement, arms: Mapping[str, Mapping[str, Array]]) -> dict[str, Any]:
    own = [arms[a] for a in statement.arms]
    if statement.happened:
        happened = np.concatenate([np.asarray(statement.happened(a), float) for a in own])
        drawn = np.concatenate([np.arange(len(a["n"])) // LUCK_PER_DRAW for a in own])
        share = probability(happened, drawn)
        value, (low, high) = share["probability"], share["interval"]
    else:
        assert statement.value is not None
        value, low, high = _resampled(statement.value, own[0])
    return {
        "statement": name, "text": statement.text, "must_low": statement.must[0], "must_high": statement.must[1],
        "value": value, "low": low, "high": high, "verdict": verdict(low, high, statement.must),
    }  # fmt: skip


def _resampled(
    value: Callable[[Mapping[str, Array]], float], arm: Mapping[str, Array]
) -> tuple[float, float, float]:  # fmt: skip
    """A number of all members, and its 90 % interval over resampled draws."""
    rng = np.random.default_rng(0)
    draws = len(arm["n"]) // LUCK_PER_DRAW
    spread = np.empty(RESAMPLES)
    for k in range(RESAMPLES):
        rows = (rng.integers(0, draws, draws)[:, None] * LUCK_PER_DRAW + np.arange(LUCK_PER_DRAW)).ravel()
        spread[k] = value({c: v[rows] for c, v in arm.items()})
    low, high = np.nanquantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return value(arm), float(low), float(high)
