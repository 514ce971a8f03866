"""Where to play: points of (parameters, campaign) that fill the space of the anchored priors evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegiance.base.extras import require
from allegiance.inference.simulator import FARTHEST, value_at
from allegiance.theory.registry import free
from allegiance.world.columns import Array


@dataclass(frozen=True)
class Design:
    """Points of a design: `z` prior deviates, shape (points, parameters in the order of registry.free()); `campaign`
    number of each point's campaign, shape (points,)."""

    z: Array
    campaign: Array

    def of(self, campaign: int) -> list[tuple[int, dict[str, float]]]:
        """Numbers of the points of one campaign, with the values of their free parameters by name."""
        return [(int(n), values(self.z[n])) for n in np.flatnonzero(self.campaign == campaign)]


def values(z: Array) -> dict[str, float]:
    """Values of all free parameters at prior deviates `z` (shape (parameters,))."""
    return {name: value_at(name, float(deviate)) for name, deviate in zip(free(), z, strict=True)}


def latin(campaigns: int, draws: int, seed: int) -> Design:
    """A Latin hypercube over all free parameters and the campaigns: each campaign gets exactly `draws` points.

    Along every parameter the points stand one in each of as many slices of equal prior probability as there are
    points; along the campaigns, `draws` in each. (McKay, Beckman and Conover 1979.)

    Raises:
        AllegianceError: scipy is not installed.
    """
    qmc, stats = require("scipy.stats.qmc", "fit"), require("scipy.stats", "fit")
    points = qmc.LatinHypercube(len(free()) + 1, rng=np.random.default_rng(seed)).random(campaigns * draws)
    z = np.clip(stats.norm.ppf(points[:, :-1]), -FARTHEST, FARTHEST)
    return Design(z, np.minimum((points[:, -1] * campaigns).astype(np.int64), campaigns - 1))
