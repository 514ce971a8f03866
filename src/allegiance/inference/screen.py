"""Which parameters the coded outcomes can tell anything about: rank correlations over a bank of prior draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.base.parts import Parts, owner_of
from allegiance.base.random import name_key, normal
from allegiance.inference.simulator import FARTHEST, Codes, Simulator
from allegiance.theory.model import draw
from allegiance.theory.registry import free
from allegiance.world.columns import Array

BLOCK = 16
"""Draws per file of the bank: what an interruption can cost."""
_LUCKS = 20
"""Shuffles of the draws that say what chance alone would give."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Bank:
    """Prior draws and what came of them.

    `z` holds prior deviates, shape (draws, parameters) in the order of registry.free(); `codes` per case and summary
    the outcomes of all playings, shape (draws · replicates,), a draw's replicates side by side.
    """

    z: Array
    codes: Codes
    replicates: int


def deviates(seed: int, number: int) -> Array:
    """Prior deviates of all parameters in draw `number` of a run with `seed`."""
    z = [normal(seed, number, name_key(name), 0, 255, 0) for name in free()]
    found: Array = np.clip(np.array(z), -FARTHEST, FARTHEST)
    return found


def play_bank(simulator: Simulator, draws: int, replicates: int, seed: int, folder: Path, progress: Progress) -> Bank:
    """Play `draws` prior draws through the cases, block by block; finished blocks in `folder` are read."""
    kept = Parts(folder, owner_of([[c.case.id for c in simulator.cases], draws, replicates, seed]))
    parts = []
    for first in range(0, draws, BLOCK):
        name = f"{first:06d}.parquet"
        frame = kept.find(name)
        if frame is None:
            frame = _block(simulator, range(first, min(first + BLOCK, draws)), replicates, seed)
            kept.keep(name, frame)
        parts.append(frame)
        progress(min(1.0, (first + BLOCK) / draws), f"prior draw {min(first + BLOCK, draws)} of {draws}")
    table = pl.concat(parts)
    codes = {
        known.case.id: {
            name: table.filter(pl.col("case") == known.case.id)[name].to_numpy()
            for name in ("coup", "mutiny", "refusal", "left")
        }
        for known in simulator.cases
    }
    return Bank(np.array([deviates(seed, n) for n in range(draws)]), codes, replicates)


def _block(simulator: Simulator, numbers: Sequence[int], replicates: int, seed: int) -> pl.DataFrame:
    frames = []
    for number in numbers:
        codes = simulator.play([draw(seed, number)] * replicates, seed + 1 + number)
        frames += [pl.DataFrame({"draw": number, "case": case} | found) for case, found in codes.items()]
    return pl.concat(frames)


def relevance(bank: Bank, summaries: Sequence[str], seed: int) -> pl.DataFrame:
    """How strongly each parameter moves the outcomes, with what chance alone would give.

    Returns:
        One row per parameter: name, relevance (mean squared Spearman correlation over cases and summaries), and
        chance (95 % quantile of the same over shuffled draws, the largest of all parameters); most relevant first.
    """
    stats = require("scipy.stats", "fit")
    rows = []
    for found in bank.codes.values():
        for name in summaries:
            mean = found[name].reshape(-1, bank.replicates).mean(axis=1)
            if len(np.unique(mean)) > 1:
                rows.append(_standard(stats.rankdata(mean)))
    outcomes = np.array(rows)
    inputs = np.apply_along_axis(lambda column: _standard(stats.rankdata(column)), 0, bank.z)

    def squared(order: Array) -> Array:
        found: Array = ((outcomes @ inputs[order] / len(inputs)) ** 2).mean(axis=0)
        return found

    rng = np.random.default_rng(seed)
    chance = [squared(rng.permutation(len(inputs))).max() for _ in range(_LUCKS)]
    return pl.DataFrame(
        {
            "parameter": free(), "relevance": squared(np.arange(len(inputs))),
            "chance": float(np.quantile(chance, 0.95)),
        }
    ).sort("relevance", descending=True)  # fmt: skip


def _standard(values: Array) -> Array:
    spread = values.std()
    found: Array = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return found
