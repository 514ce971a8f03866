"""What prior and posterior say of each campaign: emulated with the observation model, and played with fresh luck."""

from __future__ import annotations

import numpy as np
import polars as pl

from allegiance.inference.fit.coders import UNKNOWN, Record, chances, said_yes
from allegiance.inference.fit.emulator import Emulator
from allegiance.inference.fit.posterior import Posterior
from allegiance.world.columns import Array

GROUPS = ("all", "armed", "unarmed")
"""Campaigns whose coded rate is compared, beside each decade."""


def prior_draws(emulator: Emulator, draws: int, seed: int) -> Posterior:
    """Draws of the prior, as if nothing had been seen."""
    rng = np.random.default_rng([seed, 11])
    many, parameters = len(emulator.level), emulator.slope.shape[2]
    which = np.arange(draws) % many if many == 1 else 1 + np.arange(draws) % (many - 1)
    nothing = np.zeros(parameters)
    return Posterior(
        rng.normal(size=(draws, parameters)), rng.normal(size=(draws, len(UNKNOWN))), which, nothing,
        np.eye(parameters), nothing, 1.0, float(draws),
    )  # fmt: skip


def ignorant(emulator: Emulator, seed: int, draws: int = 400) -> Emulator:
    """An emulator that knows the prior's chance of each campaign and lets no parameter change it."""
    z = np.random.default_rng([seed, 13]).normal(size=(draws, emulator.slope.shape[2]))
    chance = 1.0 / (1.0 + np.exp(-(emulator.level[0] + z @ emulator.slope[0].T)))
    mean = chance.mean(axis=0)
    return Emulator(np.log(mean / (1.0 - mean))[None], np.zeros_like(emulator.slope[:1]))


def log_odds(emulator: Emulator, found: Posterior) -> Array:
    """Log-odds of a shift, (draws, campaigns)."""
    return np.stack(
        [emulator.level[k] + emulator.slope[k] @ z for k, z in zip(found.emulator, found.z, strict=True)]
    )  # fmt: skip


def forecast(emulator: Emulator, found: Posterior, record: Record) -> tuple[Array, Array, Array]:
    """Mean chance of a shift, and that each of the two codings says yes; each (campaigns,)."""
    odds = log_odds(emulator, found)
    first, second = said_yes(odds, found.deviates, record)
    return chances(odds, found.deviates, record)[0].mean(axis=0), first.mean(axis=0), second.mean(axis=0)


def check_groups(
    emulator: Emulator, found: Posterior, record: Record, about: pl.DataFrame, played: Array, behind: Array, seed: int
) -> pl.DataFrame:
    """Coded rates of groups of campaigns beside what the posterior says they should be.

    Args:
        about: columns nonviolent and decade of the campaigns. played: worlds with a shift among those played afresh,
            (campaigns, worlds) 0 or 1. behind: numbers of the posterior draws behind them, same shape.

    Returns:
        group, campaigns, coding, coded (rate), low, high (90 % of replicated rates), emulated (rate), and
        fresh (rate expected from the worlds played afresh).
    """
    rng = np.random.default_rng([seed, 17])
    odds = log_odds(emulator, found)
    codings = (record.first, record.second)
    emulated = said_yes(odds, found.deviates, record)
    certain = np.where(played > 0, 40.0, -40.0)
    fresh = [
        said_yes(certain[:, r][None], found.deviates[behind[:, r]].mean(axis=0)[None], record)
        for r in range(played.shape[1])
    ]
    rows = []
    for name, inside in groups(about).items():
        for k, coding in enumerate(codings):
            mine = inside & ~np.isnan(coding)
            if not mine.any():
                continue
            made = (rng.random(emulated[k][:, mine].shape) < emulated[k][:, mine]).mean(axis=1)
            low, high = np.quantile(made, [0.05, 0.95])
            afresh = float(np.mean([one[k][0, mine].mean() for one in fresh]))
            rows.append((name, int(mine.sum()), k, float(coding[mine].mean()), float(low), float(high),
                         float(made.mean()), afresh))  # fmt: skip
    names = ["group", "campaigns", "coding", "coded", "low", "high", "emulated", "fresh"]
    return pl.DataFrame(rows, names, orient="row")


def groups(about: pl.DataFrame) -> dict[str, Array]:
    """Which campaigns are in each group, by its name."""
    unarmed, decade = about["nonviolent"].to_numpy() > 0, about["decade"].to_numpy()
    found = dict(zip(GROUPS, (np.ones(len(unarmed), bool), ~unarmed, unarmed), strict=True))
    return found | {f"{d}s": decade == d for d in np.unique(decade)}
