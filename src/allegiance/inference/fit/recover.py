"""Does the fit know what it claims? Worlds of known parameters are made, fitted to, and the answers compared.

Ranks of the true value among the posterior's draws are uniform if the posterior is right (simulation-based calibration:
Talts et al. 2018, arXiv:1804.06788). A world is made with one draw of the emulator and fitted to with others, so that
what is not known of the emulator is on trial too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.inference.fit.coders import UNKNOWN, log_likelihood, make_record
from allegiance.inference.fit.emulator import Emulator
from allegiance.inference.fit.posterior import Observer, OnRecord, sample
from allegiance.runs.workers import spread
from allegiance.theory.registry import free
from allegiance.world.columns import Array

KEPT, OTHERS, BINS = 198, 2, 10
"""Draws kept of a synthetic fit, emulators it is made with, bins of the ranks."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Model:
    """An observation model other than that of campaigns: how it is sampled, how a made-up world is put on record
    (see coders.make_record), and the names of its numbers."""

    observer: Observer
    make_record: Callable[[Array, Array, Any, np.random.Generator], Any]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Sizes:
    """How many synthetic worlds are fitted to, with which walk, seed and number of processes."""

    worlds: int
    walkers: int
    steps: int
    seed: int
    workers: int = 1


@dataclass(frozen=True)
class Recovered:
    """`ranks` of the truth in [0, 1], (worlds, quantities); `coverage` one row a quantity and one for all."""

    names: tuple[str, ...]
    ranks: Array
    coverage: pl.DataFrame


def recover(
    emulator: Emulator, record: OnRecord, looked_at: Sequence[int], worlds: int, walkers: int, steps: int, seed: int,
    workers: int = 1, progress: Progress | None = None,
) -> Recovered:  # fmt: skip
    """Fit `worlds` made-up records of the same campaigns, coded where these are.

    Args:
        emulator, record: of the campaigns fitted to. looked_at: numbers of the parameters that are followed; those of
            the observation model are followed as well.
    """
    coders = Model(Observer(len(UNKNOWN), log_likelihood), make_record, tuple(u.name for u in UNKNOWN))
    return recover_by(coders, emulator, record, looked_at, Sizes(worlds, walkers, steps, seed, workers), progress)


def recover_by(
    model: Model, emulator: Emulator, record: OnRecord, looked_at: Sequence[int], sizes: Sizes,
    progress: Progress | None = None,
) -> Recovered:  # fmt: skip
    """The same with any observation model; arguments as of `recover`."""
    draws = len(emulator.level)
    jobs = []
    for k in range(sizes.worlds):
        which = [1 + (k + step) % (draws - 1) for step in range(min(OTHERS + 1, draws - 1))] if draws > 1 else [0]
        own = Emulator(emulator.level[which], emulator.slope[which])
        jobs.append((own, record, tuple(looked_at), sizes.walkers, sizes.steps, sizes.seed, k, model))
    ranks: Array = np.empty((sizes.worlds, len(looked_at) + len(model.names)))
    for done, (number, found) in enumerate(spread(one_world, jobs, sizes.workers), 1):
        ranks[number] = found
        if progress:
            progress(done / sizes.worlds, f"synthetic world {done} of {sizes.worlds}")
    names = free()
    every = (*(names[k] for k in looked_at), *model.names)
    return Recovered(every, ranks, coverage(every, ranks))


def one_world(
    emulator: Emulator, record: OnRecord, looked_at: tuple[int, ...], walkers: int, steps: int, seed: int, number: int,
    model: Model,
) -> list[float]:  # fmt: skip
    """Rank of the truth among the draws of a fit to world `number`, each in [0, 1]."""
    rng = np.random.default_rng([seed, 7, number])
    z: Array = rng.normal(size=(emulator.slope.shape[2],))
    deviates: Array = rng.normal(size=(len(model.names),))
    made = model.make_record(emulator.level[0] + emulator.slope[0] @ z, deviates, record, rng)
    which = list(range(1, len(emulator.level))) or [0]
    rows = np.arange(emulator.level.shape[1])
    found = sample(emulator, made, rows, which, walkers, steps, seed + number, KEPT, model.observer)
    drawn = np.hstack([found.z[:, list(looked_at)], found.deviates])
    truth = np.concatenate([z[list(looked_at)], deviates])
    below: Array = np.asarray((drawn < truth).sum(axis=0), float) + rng.random(truth.shape)  # ties by chance
    return [float(r) for r in below / (len(drawn) + 1)]


def coverage(names: Sequence[str], ranks: Array) -> pl.DataFrame:
    """Share of worlds with the truth in the central 50 and 90 %, and p of uniform ranks, by quantity and in all."""
    stats = require("scipy.stats", "fit")

    def inside(share: float, r: Array) -> float:
        return float(np.mean(np.abs(r - 0.5) <= share / 2))

    rows = []
    for k, name in enumerate([*names, "all"]):
        r = ranks[:, k] if name != "all" else ranks.ravel()
        # quantities of one world share it, so that the test is made for each alone
        p = float(stats.kstest(r, "uniform").pvalue) if name != "all" else None
        rows.append((name, len(ranks), inside(0.5, r), inside(0.9, r), p))
    return pl.DataFrame(rows, ["quantity", "worlds", "covered_50", "covered_90", "uniform_p"], orient="row")
