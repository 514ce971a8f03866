"""ABC-SMC with pyABC in the space of prior deviates: one generation at a time, resumable, the same bytes either way.

Source: Toni et al. (2009), doi:10.1098/rsif.2008.0172; Schälte et al. (2022), pyABC, doi:10.21105/joss.04304.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.base.files import read_regular, write_bytes
from allegiance.base.parts import Parts, owner_of
from allegiance.inference.coding import effective_size
from allegiance.inference.study import Smc
from allegiance.world.columns import Array

ENOUGH = 0.25
"""Share of its particles that the weights of a generation must effectively rest on, or the one before is used.

One particle in the thin tail of the proposal can take half of all weight. The first generation weighs all alike.
"""

Progress = Callable[[float, str], None]
Model = Callable[[Mapping[str, float]], dict[str, Any]]
Distance = Callable[[Mapping[str, Any]], float]


@dataclass(frozen=True)
class Particles:
    """The generation used: deviates (particles, parameters), weights adding to 1; and one row per generation."""

    names: tuple[str, ...]
    z: Array
    weights: Array
    generations: pl.DataFrame


def fit(
    names: Sequence[str], model: Model, distance: Distance, sizes: Smc, seed: int, path: Path, progress: Progress
) -> Particles:
    """Fit prior deviates of the parameters `names`; the generations that an earlier, same fit sealed are gone on from.

    Args:
        model: deviates by name to summaries (what the database keeps). distance: summaries to a distance, 0 at best.

    Raises:
        AllegianceError: pyABC is not installed, or the folder cannot be written.
    """
    abc = require("pyabc", "fit")
    priors = abc.Distribution(**{name: abc.RV("norm", 0.0, 1.0) for name in names})
    address = f"sqlite:///{path}"

    def sampler() -> Any:
        return abc.ABCSMC(
            lambda z: model(dict(z)), priors, lambda x, x_0: distance(x), population_size=sizes.population,
            eps=abc.QuantileEpsilon(alpha=sizes.quantile), sampler=abc.SingleCoreSampler(),
        )  # fmt: skip

    kept = Parts(path.parent, owner_of([list(names), sizes.model_dump(), seed]))
    with _quiet():
        # what a killed process left is never opened: a journal beside it would be played into whatever lies there
        for rest in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        if (sound := kept.find_bytes(f"{path.name}.kept")) is not None:
            write_bytes(path, sound)
        else:
            sampler().new(address, {"target": 0.0})
        for generation in range(sizes.generations):
            run = sampler()
            if generation > run.load(address).max_t:
                # every generation has its own seed, so that going on from a database is going on with the same luck
                np.random.seed((seed * 1009 + generation) % 2**32)  # noqa: NPY002 - pyABC draws from the global state
                run.run(max_nr_populations=1)
                kept.keep_bytes(f"{path.name}.kept", read_regular(path))
            progress((generation + 1) / sizes.generations, f"generation {generation + 1} of {sizes.generations}")
        return _used(abc.History(address), names)


def _used(history: Any, names: Sequence[str]) -> Particles:
    """The last generation whose weights rest on enough particles: a looser tolerance is better than a handful."""
    table = history.get_all_populations()
    table = table[table["t"] >= 0]
    found = [history.get_distribution(t=int(t)) for t in table["t"]]
    effective = [effective_size(np.asarray(w, float)) for _, w in found]
    used = max(k for k, size in enumerate(effective) if size >= ENOUGH * len(found[k][1]))
    generations = pl.DataFrame(
        {
            "generation": [int(t) + 1 for t in table["t"]],
            "tolerance": [float(e) if np.isfinite(e) else None for e in table["epsilon"]],
            "simulations": [int(s) for s in table["samples"]],
            "effective": effective,
            "used": [k == used for k in range(len(found))],
        },
        schema_overrides={"tolerance": pl.Float64},
    )
    frame, weights = found[used]
    w = np.asarray(weights, float)
    return Particles(tuple(names), frame[list(names)].to_numpy(), w / w.sum(), generations)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """pyABC writes its own progress to the log; ours is the progress bar."""
    logger = logging.getLogger("ABC")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
