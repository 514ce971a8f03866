"""Which numbers matter: Morris screening of all of them, then Sobol indices of those that survive.

Every number of the theory with a prior and every number of the case with a range is an input, drawn on its prior's or
range's scale. Two more show a reader what zero and noise look like: `dummy`, which does nothing, and `chance`, which
only chooses the luck. Methods: Morris (1991), doi:10.1080/00401706.1991.10484804; Campolongo et al. (2007),
doi:10.1016/j.envsoft.2006.10.004; Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; computed by SALib.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.base.extras import require
from allegiance.base.files import atomic
from allegiance.cases.loader import load_case
from allegiance.cases.paths import SHARES, case_hash, numbers, with_values
from allegiance.cases.schema import Case
from allegiance.engine.ensemble import Progress
from allegiance.engine.inputs import build
from allegiance.engine.member import play
from allegiance.engine.outcomes import outcome_row
from allegiance.engine.spec import RunSpec
from allegiance.engine.state import Array
from allegiance.experiments.outcomes import Outcome, outcomes_of
from allegiance.experiments.protocol import bind
from allegiance.experiments.store import open_folder, plain, publish
from allegiance.theory.registry import PARAMETERS, draw

LEVEL = 0.9
DUMMY, CHANCE = "dummy", "chance"
_CHUNK = 64
_EDGE = 0.05
_SEEDS = 2**31


@dataclass(frozen=True)
class Input:
    """One number that is varied: `low` and `high` bound its 90 % interval, `basis` says how it is known."""

    name: str
    kind: str
    basis: str
    value: float
    low: float
    high: float
    why: str = ""

    def at(self, u: float) -> float:
        """The number at a share `u` in [0, 1] of its range: by its prior for theory, evenly for the case."""
        if self.kind == "theory":
            share = _EDGE + (1 - 2 * _EDGE) * u
            return PARAMETERS[self.name].quantile(NormalDist().inv_cdf(share))
        return self.low + (self.high - self.low) * u


@dataclass(frozen=True)
class Sensitivity:
    """What matters: `frame` has one row per outcome and input (mu_star, sigma, S1, ST with intervals, basis)."""

    case: Case
    side: str
    spec: RunSpec
    outcomes: tuple[Outcome, ...]
    evaluations: int
    frame: pl.DataFrame

    def homework(self, outcome: str | None = None) -> pl.DataFrame:
        """Judgement numbers by how much they move the outcome across their range, most first: what to research."""
        rows = self.frame.filter(pl.col("outcome") == (outcome or self.outcomes[0].key))
        return rows.filter(pl.col("basis") == "judgement").sort("mu_star", "ST", descending=True, nulls_last=True)


Evaluate = Callable[[Array], Array]
"""Points of shape (n, inputs) in [0, 1] to outcomes of shape (n, outcomes)."""


def screen(evaluate: Evaluate, names: Sequence[str], trajectories: int, seed: int = 0) -> list[pl.DataFrame]:
    """Morris screening: for each outcome a table input, mu_star, mu_star_conf (half-width, 90 %), sigma.

    Raises:
        AllegianceError: SALib is not installed.
    """
    sample = require("SALib.sample.morris", "experiments")
    analyse = require("SALib.analyze.morris", "experiments")
    problem = _problem(names)
    points = sample.sample(problem, trajectories, num_levels=4, seed=seed)
    values = evaluate(points)
    found = []
    for k in range(values.shape[1]):
        table = analyse.analyze(problem, points, values[:, k], conf_level=LEVEL, num_levels=4, seed=seed)
        found.append(pl.DataFrame({
            "input": list(names), "mu_star": np.asarray(table["mu_star"], float),
            "mu_star_conf": np.asarray(table["mu_star_conf"], float), "sigma": np.asarray(table["sigma"], float),
        }))  # fmt: skip
    return found


def decompose(evaluate: Evaluate, names: Sequence[str], size: int, seed: int = 0) -> list[pl.DataFrame]:
    """Sobol indices: for each outcome a table input, S1, S1_low, S1_high, ST, ST_low, ST_high (90 %).

    Args:
        size: base sample, a power of 2; the model is evaluated size · (inputs + 2) times.

    Raises:
        AllegianceError: SALib is not installed.
    """
    sample = require("SALib.sample.sobol", "experiments")
    analyse = require("SALib.analyze.sobol", "experiments")
    problem = _problem(names)
    points = sample.sample(problem, size, calc_second_order=False, seed=seed)
    values = evaluate(points)
    found = []
    for k in range(values.shape[1]):
        y = values[:, k]
        columns: dict[str, Any] = {"input": list(names)}
        constant = bool(np.ptp(y) == 0)
        table = {} if constant else analyse.analyze(
            problem, (y - y.mean()) / y.std(), calc_second_order=False, conf_level=LEVEL, seed=seed
        )  # fmt: skip
        for index in ("S1", "ST"):
            middle = np.full(len(names), np.nan) if constant else np.asarray(table[index], float)
            half = np.full(len(names), np.nan) if constant else np.asarray(table[f"{index}_conf"], float)
            columns |= {index: middle, f"{index}_low": middle - half, f"{index}_high": middle + half}
        found.append(pl.DataFrame(columns).fill_nan(None))
    return found


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def inputs_of(case: Case) -> list[Input]:
    """Every number of the theory with a prior and of the case with a range, then `chance` and `dummy`."""
    found = [
        Input(n, "theory", str(p.basis), p.value, p.low, p.high, p.why) for n, p in PARAMETERS.items() if p.low < p.high
    ]
    for path, number in numbers(case):
        parts = path.split(".")
        # shares that must add up to one cannot be moved one at a time
        tied = parts[-2] in SHARES or parts[-1] in ("weight", "resource_share")
        tied = tied or parts[0] not in ("sides", "war", "areas", "ties")
        if number.range and number.range[0] < number.range[1] and not tied:
            found.append(Input(path, "case", str(number.basis), number.value, *number.range, number.note))
    return [*found, Input(CHANCE, "chance", "", 0.0, 0.0, 1.0), Input(DUMMY, "dummy", "", 0.0, 0.0, 1.0)]


def sensitivity(
    case: Case | str | Path,
    outcomes: Sequence[str] | None = None,
    trajectories: int = 6,
    size: int = 128,
    survivors: int = 8,
    seed: int = 0,
    side: str | None = None,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    **options: Any,
) -> Sensitivity:
    """Screen every number of the theory and the case, then decompose the variance over those that matter.

    Args:
        outcomes: keys such as desertion, mutiny, war.duration_days; five if not given, the first decides the order.
        trajectories: of the screening, at least 2. size: base sample of the indices, a power of 2.
        survivors: inputs that go on, beside chance and dummy. seed: key of all chance. side: the attacker if not given.
        out: folder for the bundle. options: further fields of `RunSpec` (days, scale, threads).

    Raises:
        AllegianceError: unknown case or outcome, or a size out of range.
    """
    loaded = case if isinstance(case, Case) else load_case(case)
    about = bind(loaded, side)["side"]
    asked = _outcomes(loaded, about, outcomes)
    _check(trajectories, size, survivors)
    inputs = inputs_of(loaded)
    plays = trajectories * (len(inputs) + 1) + size * (survivors + 4)
    spec = RunSpec(members=plays, seed=seed, **options).settled(loaded)
    wanted = {
        "case_sha256": case_hash(loaded), "outcomes": [o.key for o in asked], "trajectories": trajectories,
        "size": size, "survivors": survivors, "side": about, "spec": spec.identity(),
    }  # fmt: skip
    with TemporaryDirectory(prefix="allegiance-") as temporary:
        folder = Path(out) if out else Path(temporary)
        parts = open_folder(folder, wanted, resume)
        first = trajectories * (len(inputs) + 1) / plays
        run = _Runs(loaded, spec, asked, parts, progress)
        morris = screen(run.over(inputs, "morris", 0.0, first), [i.name for i in inputs], trajectories, seed)
        kept = _survivors(inputs, morris, survivors)
        sobol = decompose(run.over(kept, "sobol", first, 1.0), [i.name for i in kept], size, seed)
        result = Sensitivity(loaded, about, spec, tuple(asked), run.count, _table(inputs, asked, morris, sobol))
        if out:
            publish(folder, "sensitivity", wanted, {"indices": result.frame}, summary(result))
    return result


def _check(trajectories: int, size: int, survivors: int) -> None:
    if trajectories < 2:
        raise AllegianceError(f"trajectories must be at least 2, not {trajectories}")
    if size < 8 or size & (size - 1):
        raise AllegianceError(f"size must be a power of 2 from 8, not {size}", "such as 64, 128 or 256")
    if survivors < 1:
        raise AllegianceError(f"survivors must be at least 1, not {survivors}")


_DEFAULT = ("desertion", "mutiny", "defection", "shirking", "war.duration_days")


def _outcomes(case: Case, side: str, names: Sequence[str] | None) -> list[Outcome]:
    known = {o.column.removeprefix(f"{side}."): o for o in outcomes_of(case, [side]) if not o.happened}
    for name in names or ():
        if name not in known:
            raise AllegianceError(f"no outcome '{name}'", near(name, known))
    return [known[n] for n in names or _DEFAULT]


def _survivors(inputs: list[Input], morris: list[pl.DataFrame], count: int) -> list[Input]:
    """The inputs that move any outcome most, each outcome on its own scale, and the two that show zero and noise."""
    best: dict[str, float] = {}
    for table in morris:
        top = max(float(table["mu_star"].max() or 0.0), 1e-12)  # type: ignore[arg-type]
        for name, value in table.select("input", "mu_star").iter_rows():
            best[name] = max(best.get(name, 0.0), value / top)
    ranked = sorted((i for i in inputs if i.kind in ("theory", "case")), key=lambda i: -best[i.name])
    return [*ranked[:count], *(i for i in inputs if i.kind in (CHANCE, DUMMY))]


@dataclass
class _Runs:
    """Plays one world for each point; finished chunks are kept."""

    case: Case
    spec: RunSpec
    outcomes: list[Outcome]
    parts: Path
    progress: Progress | None
    count: int = 0

    def over(self, inputs: Sequence[Input], stage: str, start: float, stop: float) -> Evaluate:
        """An evaluation over these inputs; the others stay at their central values."""

        def evaluate(points: Array) -> Array:
            found = []
            for k in range(0, len(points), _CHUNK):
                found.append(self._chunk(inputs, points[k : k + _CHUNK], self.parts / f"{stage}-{k:06d}.parquet"))
                if self.progress:
                    share = start + (stop - start) * min(1.0, (k + _CHUNK) / len(points))
                    self.progress(share, f"{stage}: {min(k + _CHUNK, len(points))} of {len(points)}")
            self.count += len(points)
            return np.concatenate(found)

        return evaluate

    def _chunk(self, inputs: Sequence[Input], points: Array, path: Path) -> Array:
        if path.is_file():
            try:
                known = pl.read_parquet(path).to_numpy()
            except (OSError, pl.exceptions.PolarsError):
                known = np.empty((0, 0))
            if known.shape == (len(points), len(self.outcomes)):
                return known
        with ThreadPoolExecutor(self.spec.threads) as pool:
            values = np.array(list(pool.map(lambda point: self._one(inputs, point), points)))
        with atomic(path) as temporary:
            pl.DataFrame(values, schema=[o.key for o in self.outcomes], orient="row").write_parquet(temporary)
        return values

    def _one(self, inputs: Sequence[Input], point: Array) -> list[float]:
        fixed, settings, luck = {}, {}, self.spec.seed
        for one, u in zip(inputs, point, strict=True):
            if one.kind == "theory":
                fixed[one.name] = one.at(float(u))
            elif one.kind == "case":
                settings[one.name] = one.at(float(u))
            elif one.kind == CHANCE:
                luck = self.spec.seed + 1 + int(u * _SEEDS)
        case = with_values(self.case, settings)
        plan = build(case, self.spec.days or case.days, self.spec.scale or 1.0)
        theta = draw(self.spec.seed, 0, {**self.spec.fixed, **fixed}, self.spec.off, sample=False)
        frame = pl.DataFrame([outcome_row(play(plan, theta, luck, 0), plan.names)])
        return [float(o.values(frame)[0]) for o in self.outcomes]


def _table(
    inputs: list[Input], outcomes: list[Outcome], morris: list[pl.DataFrame], sobol: list[pl.DataFrame]
) -> pl.DataFrame:
    known = pl.DataFrame(
        [{"input": i.name, "kind": i.kind, "basis": i.basis, "value": i.value, "low": i.low, "high": i.high,
          "why": i.why} for i in inputs]
    )  # fmt: skip
    tables = []
    for outcome, screened, decomposed in zip(outcomes, morris, sobol, strict=True):
        table = known.join(screened, on="input").join(decomposed, on="input", how="left")
        tables.append(table.with_columns(outcome=pl.lit(outcome.key), unit=pl.lit(outcome.unit)))
    table = pl.concat(tables)
    return table.select("outcome", "unit", *(c for c in table.columns if c not in ("outcome", "unit"))).sort(
        "outcome", "ST", "mu_star", descending=[False, True, True], nulls_last=True, maintain_order=True
    )


def summary(result: Sensitivity) -> dict[str, Any]:
    """The analysis as JSON holds it."""
    first = result.outcomes[0].key
    return {
        "schema": 1, "case": result.case.id, "side": result.side, "days": result.spec.days, "seed": result.spec.seed,
        "scale": result.spec.scale, "evaluations": result.evaluations, "outcomes": [o.key for o in result.outcomes],
        "research_first": [r["input"] for r in result.homework(first).head(10).to_dicts()],
        "indices": plain(result.frame),
    }  # fmt: skip
