"""The posterior of all global parameters and of the observation model, by the affine invariant ensemble sampler.

The emulated log-odds are linear in the parameters' deviates, so the data speak of a handful of their directions only;
at right angles to these the posterior is the prior, exactly. The directions and the observation model are sampled
(emcee: Foreman-Mackey et al. 2013, doi:10.1086/670067), the rest is drawn. What is not known of the emulator is carried
on by doing so for several draws of it and putting the results together.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from allegiance.base.extras import require
from allegiance.inference.fit.coders import UNKNOWN, log_likelihood
from allegiance.inference.fit.emulator import Emulator
from allegiance.world.columns import Array

MOST = 12
"""Directions sampled at most: those in which the emulated log-odds differ most."""


@dataclass(frozen=True)
class Posterior:
    """Draws, and how sure they are.

    Attributes:
        z: deviates of the parameters, (draws, parameters). deviates: of UNKNOWN, (draws, unknowns).
        emulator: number of the emulator draw behind each, (draws,).
        mean, covariance: of the parameters, (parameters,) and (parameters, parameters), without the noise of `z`.
        between: standard deviation of the mean over emulators, (parameters,).
        rhat, ess: the worst of all sampled.
    """

    z: Array
    deviates: Array
    emulator: Array
    mean: Array
    covariance: Array
    between: Array
    rhat: float
    ess: float

    @cached_property
    def spread(self) -> Array:
        """Standard deviation of each parameter (the prior's is 1)."""
        found: Array = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        return found

    def combinations(self) -> tuple[Array, Array]:
        """Standard deviations along orthonormal combinations of the parameters, the most informed first, and these
        (a column each): data speak of a sum of parameters more often than of any of them."""
        variance, ways = np.linalg.eigh(self.covariance)
        heaviest = np.abs(ways).argmax(axis=0)
        return np.sqrt(np.maximum(variance, 0.0)), ways * np.sign(ways[heaviest, np.arange(len(variance))])


def directions(slope: Array) -> Array:
    """Orthonormal directions (parameters, r) of the deviates in which any campaign's log-odds change.

    >>> directions(np.array([[3.0, 0.0], [6.0, 0.0]])).round(6).tolist()
    [[1.0], [0.0]]
    """
    _, size, right = np.linalg.svd(slope, full_matrices=False)
    many = int((size > 1e-9 * max(size[0], 1e-300)).sum()) if len(size) else 0
    found: Array = right[: min(many, MOST)].T
    signed: Array = found * np.sign(found.sum(axis=0) + 1e-300)
    return signed


class OnRecord(Protocol):
    """What is on record of campaigns or state-years."""

    def take(self, rows: Array) -> Any:
        """Some of it."""
        ...


@dataclass(frozen=True)
class Observer:
    """An observation model: how many numbers it has, and the log chance of a record given log-odds and deviates of
    these (see coders.log_likelihood). `near`: walks begin about the posterior's peak, not at draws of the prior."""

    unknowns: int
    log_likelihood: Callable[[Array, Array, Any], Array]
    near: bool = False


def sample(
    emulator: Emulator, record: OnRecord, rows: Array, which: list[int], walkers: int, steps: int, seed: int,
    draws: int, observer: Observer | None = None,
) -> Posterior:  # fmt: skip
    """Sample the posterior given the record of the campaigns `rows`, for each of the emulator draws `which`.

    Args:
        draws: kept in all, shared out evenly over the emulators. observer: the two codings of campaigns if None.
    """
    own = record.take(rows)
    observer = observer or Observer(len(UNKNOWN), log_likelihood)
    each = -(-draws // len(which))
    found = [_one(emulator, own, rows, k, walkers, steps, seed, each, observer) for k in which]
    means, covariances = (np.array([f[name] for f in found]) for name in ("mean", "covariance"))
    between = means.std(axis=0, ddof=1) if len(which) > 1 else np.zeros(means.shape[1])
    covariance = covariances.mean(axis=0) + np.cov(means.T, ddof=0).reshape(covariances[0].shape)
    return Posterior(
        np.vstack([f["z"] for f in found]), np.vstack([f["deviates"] for f in found]),
        np.repeat(np.array(which), each), means.mean(axis=0), covariance, between,
        max(f["rhat"] for f in found), min(f["ess"] for f in found),
    )  # fmt: skip


def _one(
    emulator: Emulator, record: Any, rows: Array, k: int, walkers: int, steps: int, seed: int, keep: int,
    observer: Observer,
) -> dict[str, Any]:  # fmt: skip
    """Draws, mean and covariance of the parameters for one draw of the emulator."""
    slope, level = emulator.slope[k, rows], emulator.level[k, rows]
    ways = directions(slope)
    r = ways.shape[1]
    through = (slope @ ways).T

    def log_posterior(x: Array) -> Array:
        fits = observer.log_likelihood(level + x[:, :r] @ through, x[:, r:], record)
        found: Array = fits - 0.5 * (x * x).sum(axis=1)
        return found

    size, luck = r + observer.unknowns, np.random.default_rng([seed, k])
    chain = ensemble(log_posterior, size, walkers, steps, luck, peak(log_posterior, size) if observer.near else None)
    rng = np.random.default_rng([seed, k, 1])
    flat = chain.reshape(-1, chain.shape[2])
    chosen = flat[rng.choice(len(flat), keep, replace=len(flat) < keep)]
    free = rng.normal(size=(keep, slope.shape[1]))
    z = chosen[:, :r] @ ways.T + free - (free @ ways) @ ways.T
    centre, cov = flat[:, :r].mean(axis=0), np.atleast_2d(np.cov(flat[:, :r].T))
    covariance = np.eye(len(ways)) + ways @ (cov - np.eye(r)) @ ways.T
    rhat, ess = convergence(chain)
    return {
        "z": z, "deviates": chosen[:, r:], "mean": ways @ centre, "covariance": covariance,
        "rhat": rhat, "ess": ess,
    }  # fmt: skip


def peak(log_posterior: Any, size: int) -> tuple[Array, Array]:
    """Where a log posterior is largest, and the lower root of the normal that fits it there (Laplace).

    Slopes are by differences of the function itself, many points at once. Where the curve is flat or turned the
    wrong way along a direction, the standard normal prior stands in.
    """
    optimize = require("scipy.optimize", "fit")
    step = 1e-4 * np.vstack([np.eye(size), -np.eye(size)])

    def slope(x: Array) -> Array:
        found = log_posterior(x + step)
        rise: Array = -(found[:size] - found[size:]) / 2e-4
        return rise

    top = optimize.minimize(
        lambda x: -float(log_posterior(x[None])[0]), np.zeros(size), jac=slope, method="L-BFGS-B",
        options={"maxiter": 200},
    ).x
    curve = np.array([(slope(top + 0.01 * e) - slope(top - 0.01 * e)) / 0.02 for e in np.eye(size)])
    values, ways = np.linalg.eigh(0.5 * (curve + curve.T))
    return top, ways / np.sqrt(np.where(values > 0.5, values, 1.0))


def ensemble(
    log_posterior: Any, size: int, walkers: int, steps: int, rng: np.random.Generator,
    about: tuple[Array, Array] | None = None,
) -> Array:  # fmt: skip
    """The second half of an ensemble's walk, shape (steps / 2, walkers, size), begun at draws of a standard normal, or
    of the normal `about` a point (see `peak`).

    Raises:
        AllegianceError: emcee is not installed.
    """
    emcee = require("emcee", "fit")
    walkers = max(walkers, 2 * size + 2) // 2 * 2
    sampler = emcee.EnsembleSampler(walkers, size, log_posterior, vectorize=True, moves=emcee.moves.DEMove())
    begin = rng.normal(size=(walkers, size))
    if about is not None:
        begin = about[0] + begin @ about[1].T
    start = emcee.State(begin, random_state=_state(rng))
    sampler.run_mcmc(start, steps, skip_initial_state_check=True)
    found: Array = sampler.get_chain(discard=steps // 2)
    return found


def _state(rng: np.random.Generator) -> Any:
    """A state of the older generator of NumPy: emcee takes no other."""
    return np.random.RandomState(int(rng.integers(2**31))).get_state()


def convergence(chain: Array) -> tuple[float, float]:
    """Largest rank-normalised R-hat and smallest bulk effective size of a walk (steps, walkers, size), from ArviZ.

    The walkers of an ensemble are not independent, so that R-hat is kinder than with chains of their own.
    """
    az = require("arviz", "fit")
    flipped = np.swapaxes(chain, 0, 1)  # walkers, steps, size
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # more walkers than steps in a short walk
        data = az.convert_to_dataset(flipped)
    rhat, ess = az.rhat(data)["x"].to_numpy(), az.ess(data)["x"].to_numpy()
    return float(rhat.max()), float(ess.min())
