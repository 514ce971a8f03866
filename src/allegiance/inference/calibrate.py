"""A calibration from study file to parameter set: screen, fit, check, write; every step resumes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.compiler import sources_hash
from allegiance.base.extras import require
from allegiance.base.files import atomic, sha256_text, to_json, write_json
from allegiance.base.owner import Owned, owned
from allegiance.base.tables import write_table
from allegiance.cases.paths import case_hash
from allegiance.inference import checks
from allegiance.inference.bank import CodedCase
from allegiance.inference.screen import Bank, play_bank, relevance
from allegiance.inference.simulator import Simulator, value_at
from allegiance.inference.smc import Particles, fit
from allegiance.inference.study import Study, split
from allegiance.inference.weights import disagreement
from allegiance.runs.parameters import ParameterSet
from allegiance.theory.registry import free
from allegiance.theory.stamp import stamps, theory_hash
from allegiance.world.columns import Array

RESAMPLED = 1000
"""Equally weighted draws in the InferenceData."""
_PHASES = {"screen": 0.45, "fit": 0.5}

Progress = Callable[[float, str], None]
FRESH = 1_000_003
"""What is added to the seed of a fit where its particles are played with luck that the fit has not seen."""


@dataclass(frozen=True)
class Calibration:
    """Everything a calibration found."""

    study: Study
    train: list[CodedCase]
    test: list[CodedCase]
    screening: pl.DataFrame
    particles: Particles
    parameters: pl.DataFrame
    recovery: checks.Recovery
    predictive: pl.DataFrame
    result: ParameterSet


def calibrate(
    study: Study, cases: list[CodedCase], out: Path, threads: int = 2, progress: Progress | None = None
) -> Calibration:
    """Run a study, or go on with it, in the folder `out`.

    Raises:
        AllegianceError: the folder holds another study, or one made with another version of the theory or cases.
    """
    with claimed(out, study, cases) as folder:
        return calibrate_in(folder, study, cases, threads, progress)


@contextlib.contextmanager
def claimed(out: Path, study: Study, cases: list[CodedCase], force: bool = False) -> Iterator[Owned]:
    """Hold the folder of a calibration: it is tied to the study, the cases, the theory and the code.

    Raises:
        AllegianceError: the folder holds something else, or is in use.
    """
    train, _ = split(study, cases)
    known = {c.case.id: [case_hash(c.case), sha256_text(to_json(c.observed.model_dump(mode="json")))] for c in train}
    wanted = {
        "study": study.identity(), "theory_sha256": theory_hash(), "cases_sha256": sha256_text(to_json(known)),
        "package": __version__, "code_sha256": sources_hash(),
    }  # fmt: skip
    with owned(out, "calibrate", wanted, force=force) as folder:
        yield folder


def calibrate_in(
    folder: Owned, study: Study, cases: list[CodedCase], threads: int = 2, progress: Progress | None = None
) -> Calibration:
    """`calibrate` in a folder that is held already."""
    tell, out = progress or (lambda share, text: None), folder.out
    train, test = split(study, cases)
    write_json(out / "study.json", dict(folder.wanted))
    simulator = Simulator(train, study.budget, threads, study.ranges)
    bank = play_bank(
        simulator, study.screen.draws, study.replicates, study.seed, out / "bank",
        lambda share, text: tell(_PHASES["screen"] * share, text),
    )  # fmt: skip
    screening = relevance(bank, study.summaries, study.seed)
    names = study.parameters or _chosen(screening, study.screen.keep)
    particles = fit(
        names, lambda z: _flat(simulator.at(z, study.seed, study.replicates)),
        lambda found: _distance(found, study, train), study.smc, study.seed, out / "smc.db",
        lambda share, text: tell(_PHASES["screen"] + _PHASES["fit"] * share, text),
    )  # fmt: skip
    tell(0.95, "checks of the inference")
    recovery = checks.recover(bank, train, study.summaries, names, study.checks.fits, study.checks.accept)
    sizes = range(len(particles.z))
    # fresh luck: the luck of the fit is the luck that was selected
    fresh = study.seed + FRESH
    replays = [simulator.at(dict(zip(names, particles.z[k], strict=True)), fresh, study.replicates) for k in sizes]
    found = Calibration(
        study, train, test, screening, particles, checks.informed(particles), recovery,
        checks.predictive(bank, replays, particles.weights, train), parameter_set_of(study, train, test, particles),
    )  # fmt: skip
    _write(out, found, bank)
    return found


def _chosen(screening: pl.DataFrame, keep: int) -> tuple[str, ...]:
    """The parameters that stand out from chance, at most `keep`, and never none."""
    above = screening.filter(pl.col("relevance") > pl.col("chance"))
    return tuple((above if len(above) else screening.head(1))["parameter"].head(keep))


def _flat(codes: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    return {f"{case}|{name}": np.asarray(v, float) for case, found in codes.items() for name, v in found.items()}


def _distance(found: Mapping[str, Any], study: Study, train: list[CodedCase]) -> float:
    def of(known: CodedCase) -> float:
        codes = {name: np.asarray(found[f"{known.case.id}|{name}"]) for name in ("coup", "mutiny", "refusal", "left")}
        return float(disagreement(codes, known.observed, study.summaries, study.replicates)[0])

    return float(np.mean([of(known) for known in train]))


def parameter_set_of(study: Study, train: list[CodedCase], test: list[CodedCase], particles: Particles) -> ParameterSet:
    """The generation used as values in the parameters' own units, with its card."""
    draws = tuple(
        tuple(float(f"{value_at(n, z):.6g}") for n, z in zip(particles.names, row, strict=True)) for row in particles.z
    )
    total = particles.weights / particles.weights.sum()
    used = particles.generations.row(by_predicate=pl.col("used"), named=True)
    card = {
        "title": study.title,
        "method": f"ABC-SMC, {len(draws)} particles, generation {used['generation']} of {len(particles.generations)}",
        "effective_particles": round(used["effective"], 1),
        "tolerance": used["tolerance"],
        "simulations": int(particles.generations["simulations"].sum()),
        "data": "coded outcomes of library cases, held against the model's own coded outcomes",
        "fitted_to": sorted(c.case.id for c in train),
        "held_out": sorted(c.case.id for c in test),
        "date": datetime.now(UTC).date().isoformat(),
        "package": __version__,
        "study": study.identity(),
    }
    return ParameterSet(
        formulas=stamps(), names=particles.names, draws=draws, weights=tuple(float(w) for w in total),
        card=card,
    )  # fmt: skip


def _write(out: Path, found: Calibration, bank: Bank) -> None:
    write_json(out / "parameters.json", found.result.model_dump(mode="json"))
    tables = {
        "screening": found.screening, "generations": found.particles.generations, "informed": found.parameters,
        "coverage": found.recovery.coverage, "predictive": found.predictive,
        "ranks": pl.DataFrame(found.recovery.ranks, schema=list(found.recovery.names), orient="row"),
    }  # fmt: skip
    for name, frame in tables.items():
        write_table(out / f"{name}.parquet", frame)
    _inference_data(out / "posterior.nc", found, bank)


def _inference_data(path: Path, found: Calibration, bank: Bank) -> None:
    """Posterior and prior in the parameters' units as ArviZ InferenceData, weights resolved by systematic draws."""
    az = require("arviz", "fit")
    names, particles = found.particles.names, found.particles
    positions = (np.arange(RESAMPLED) + 0.5) / RESAMPLED
    chosen = np.minimum(np.searchsorted(np.cumsum(particles.weights), positions), len(particles.z) - 1)
    table = np.array(found.result.draws)
    before = {n: bank.z[:, free().index(n)] for n in names}
    data = az.from_dict(
        posterior={n: table[chosen, k][None, :] for k, n in enumerate(names)},
        prior={n: np.array([value_at(n, z) for z in column])[None, :] for n, column in before.items()},
    )
    data.attrs.update({"theory_sha256": theory_hash(), "card": to_json(found.result.card)})
    with atomic(path) as temporary:
        data.to_netcdf(str(temporary), engine="h5netcdf")
