"""Which numbers matter: Morris screening of all of them, then Sobol indices of those that survive.

Every number of the theory with a prior and every number of the case with a range is an input, drawn on its prior's or
range's scale. An outcome is its mean over a few wars, and the wars of all points share their luck, so that a
difference between points is due to the numbers. Two more inputs show a reader what zero and noise look like: `dummy`,
which does nothing, and `chance`, which in the screening only chooses other luck; in the decomposition its share is that
of a single war's variance which wars of the same numbers do not have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.arguments import names, whole
from allegiance.base.errors import AllegianceError, near
from allegiance.base.notebook import Brief, with_bar
from allegiance.base.parts import Parts
from allegiance.cases.loader import load_case
from allegiance.cases.paths import SHARES, case_hash, numbers, with_values
from allegiance.cases.schema import Case
from allegiance.experiments.indices import Evaluate, Indices, Interval, decompose, luck_share, screen
from allegiance.experiments.outcomes import Outcome, outcomes_of
from allegiance.experiments.protocol import bind
from allegiance.experiments.store import apart, open_folder, plain, publish
from allegiance.runs.bundle import spec_of
from allegiance.runs.ensemble import Progress
from allegiance.runs.member import play
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import RunSpec
from allegiance.runs.workers import spread
from allegiance.theory.model import draw
from allegiance.theory.registry import PARAMETERS
from allegiance.world.blueprint import build
from allegiance.world.columns import Array

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


_MOVES = (pl.col("mu_star") > 0) | (pl.col("ST").is_not_null() & (pl.col("ST") != 0))


@dataclass(frozen=True, repr=False)
class Sensitivity(Brief):
    """What matters.

    `frame`: one row per outcome and input (mu_star, sigma, S1, ST with intervals, basis). `sums`: one row per outcome:
    the sum of its first-order indices with an interval, whether the sample is large enough to rank by, and the size
    that would be.
    """

    case: Case
    side: str
    spec: RunSpec
    outcomes: tuple[Outcome, ...]
    evaluations: int
    frame: pl.DataFrame
    sums: pl.DataFrame

    def homework(self, outcome: str | None = None) -> pl.DataFrame:
        """Judgement numbers, what matters most first: what to research.

        The order is that of their share of the variance, then of the screening; of the screening alone if the sample is
        too small to rank by. A number that moved the outcome in no point of the sample is not among them.
        """
        key = outcome or self.outcomes[0].key
        rows = self.frame.filter((pl.col("outcome") == key) & (pl.col("basis") == "judgement") & _MOVES)
        by = ["ST", "mu_star"] if self.ranks(key) else ["mu_star"]
        return rows.sort(by, descending=True, nulls_last=True)

    def varied(self, outcome: str) -> bool:
        """Whether the outcome was ever different between two points of the screening or the sample."""
        return not self.frame.filter((pl.col("outcome") == outcome) & _MOVES).is_empty()

    def ranks(self, outcome: str) -> bool:
        """Whether the sample is large enough to rank the numbers by their share of the outcome's variance."""
        return bool(self.sums.filter(pl.col("outcome") == outcome)["ranks"][0])


def inputs_of(case: Case) -> list[Input]:
    """Every number of the theory with a prior and of the case with a range, then `chance` and `dummy`."""
    found = [
        Input(n, "theory", str(p.basis), p.value, p.low, p.high, p.why)
        for n, p in PARAMETERS.items()
        if p.low < p.high and not p.solved
    ]
    for path, number in numbers(case):
        parts = path.split(".")
        # shares that must add up to one cannot be moved one at a time
        tied = parts[-2] in SHARES or parts[-1] == "weight" or (parts[-1] == "share" and parts[-3] == "brigades")
        tied = tied or parts[0] not in ("sides", "war", "areas", "ties")
        if number.range and number.range[0] < number.range[1] and not tied:
            found.append(Input(path, "case", str(number.basis), number.value, *number.range, number.note))
    return [*found, Input(CHANCE, "chance", "", 0.0, 0.0, 1.0), Input(DUMMY, "dummy", "", 0.0, 0.0, 1.0)]


@with_bar
def sensitivity(
    case: Case | str | Path,
    outcomes: Sequence[str] | None = None,
    trajectories: int = 4,
    size: int = 128,
    survivors: int = 8,
    members: int = 2,
    seed: int = 0,
    side: str | None = None,
    **options: Any,
) -> Sensitivity:
    """Screen every number of the theory and the case, then decompose the variance over those that matter.

    Args:
        case: a case, a name of the library, or the path of a case file.
        outcomes: keys such as desertion, mutiny, war.duration_days; five if not given, the first decides the order.
        trajectories: of the screening, at least 2.
        size: base sample of the indices, a power of 2 from 8.
        survivors: inputs that go on to the indices, beside the dummy.
        members: wars over which the outcome of a point is averaged, at least 2; all points share their random draws.
        seed: a number from 0 from which all random draws follow.
        side: side whose outcomes count; the attacker if not given.
        options: of the results (out, resume, force, progress; see `allegiance.experiments.store.Kept`), and further
            fields of `allegiance.runs.spec.RunSpec`, such as days, scale, threads.

    Examples:
        >>> found = sensitivity("reference", ["desertion"], size=8, days=30)  # doctest: +SKIP
        >>> found.homework("stronger.desertion").head(10)  # doctest: +SKIP

    Raises:
        AllegianceError: unknown case or outcome, or a size out of range.
    """
    trajectories, size = whole("trajectories", trajectories), whole("size", size)
    survivors, members = whole("survivors", survivors), whole("members", members)
    seed, (told, others) = whole("seed", seed), apart(options)
    loaded = case if isinstance(case, Case) else load_case(case)
    about = bind(loaded, side)["side"]
    asked = _outcomes(loaded, about, names("outcomes", outcomes))
    _check(trajectories, size, survivors, members)
    inputs = inputs_of(loaded)
    points = trajectories * (len(inputs) + 1) + size * (survivors + 4)
    spec = spec_of(members=points * members, seed=seed, **others).settled(loaded)
    wanted = {
        "case_sha256": case_hash(loaded), "outcomes": [o.key for o in asked], "trajectories": trajectories,
        "size": size, "survivors": survivors, "lucks": members, "side": about, "spec": spec.identity(),
    }  # fmt: skip
    with open_folder("sensitivity", wanted, **told) as folder:
        first = trajectories * (len(inputs) + 1) / points
        last = 1 - size / points
        run = _Runs(loaded, spec, asked, members, folder.parts, told.get("progress"))
        morris = screen(run.over(inputs, "morris", 0.0, first), [i.name for i in inputs], trajectories, seed)
        kept = _survivors(inputs, morris, survivors)
        sobol = decompose(run.over(kept, "sobol", first, last), [i.name for i in kept], size, seed)
        # what luck does is seen where every point has other luck: a few lucks shared by all would stand for all luck
        chance = [*kept, next(i for i in inputs if i.kind == CHANCE)]
        run.over(chance, "luck", last, 1.0)(np.random.default_rng([seed, size]).random((size, len(chance))))
        lucks = [luck_share(run.last[:, k]) for k in range(len(asked))]
        frame, sums = _table(inputs, asked, morris, sobol, lucks), _sums(asked, sobol)
        result = Sensitivity(loaded, about, spec, tuple(asked), run.count, frame, sums)
        publish(folder, {"indices": frame, "sums": sums}, summary(result))
    return result


def _check(trajectories: int, size: int, survivors: int, members: int) -> None:
    if trajectories < 2:
        raise AllegianceError(f"trajectories must be at least 2, not {trajectories}")
    if size < 8 or size & (size - 1):
        raise AllegianceError(f"size must be a power of 2 from 8, not {size}", "such as 64, 128 or 256")
    if survivors < 1:
        raise AllegianceError(f"survivors must be at least 1, not {survivors}")
    if members < 2:
        raise AllegianceError(f"members must be at least 2, not {members}", "one war cannot show what luck does")


_DEFAULT = ("desertion", "mutiny", "defection", "shirking", "war.duration_days")


def _outcomes(case: Case, side: str, names: Sequence[str] | None) -> list[Outcome]:
    known = {o.column.removeprefix(f"{side}."): o for o in outcomes_of(case, [side]) if not o.happened}
    for name in names or ():
        if name not in known:
            raise AllegianceError(f"no outcome '{name}'", near(name, known))
    return [known[n] for n in names or _DEFAULT if n in known]


def _survivors(inputs: list[Input], morris: list[pl.DataFrame], count: int) -> list[Input]:
    """Half of them the inputs that move the first outcome most, then those that move any outcome, each on its own
    scale; and the dummy."""
    best: dict[str, float] = {}
    for table in morris:
        top = max(float(table["mu_star"].max() or 0.0), 1e-12)  # type: ignore[arg-type]
        for name, value in table.select("input", "mu_star").iter_rows():
            best[name] = max(best.get(name, 0.0), value / top)
    leading = dict(morris[0].select("input", "mu_star").iter_rows())
    numbers = [i for i in inputs if i.kind in ("theory", "case")]
    half = sorted(numbers, key=lambda i: -leading[i.name])[: (count + 1) // 2]
    rest = sorted((i for i in numbers if i not in half), key=lambda i: -best[i.name])
    return [*half, *rest[: count - len(half)], *(i for i in inputs if i.kind == DUMMY)]


@dataclass
class _Runs:
    """Plays a few worlds for each point; finished chunks are kept. `last`: values of the last stage, one per luck."""

    case: Case
    spec: RunSpec
    outcomes: list[Outcome]
    members: int
    parts: Parts
    progress: Progress | None
    count: int = 0
    last: Array = field(default_factory=lambda: np.empty((0, 0, 0)))

    def over(self, inputs: Sequence[Input], stage: str, start: float, stop: float) -> Evaluate:
        """An evaluation over these inputs; the others stay at their central values."""

        def evaluate(points: Array) -> Array:
            found = []
            for k in range(0, len(points), _CHUNK):
                found.append(self._chunk(inputs, points[k : k + _CHUNK], f"{stage}-{k:06d}.parquet"))
                if self.progress:
                    share = start + (stop - start) * min(1.0, (k + _CHUNK) / len(points))
                    self.progress(share, f"{stage}: {min(k + _CHUNK, len(points))} of {len(points)}")
            self.count += len(points) * self.members
            self.last = np.concatenate(found)
            mean: Array = self.last.mean(axis=2)
            return mean

        return evaluate

    def _chunk(self, inputs: Sequence[Input], points: Array, name: str) -> Array:
        shape = (len(points), len(self.outcomes), self.members)
        known = self.parts.find(name)
        if known is not None and known.shape == (shape[0], shape[1] * shape[2]):
            return known.to_numpy().reshape(shape)
        values = np.empty(shape)
        jobs = [(self.case, self.spec, inputs, self.outcomes, self.members, point) for point in points]
        for number, found in spread(_one, jobs, self.spec.threads):
            values[number] = found
        names = [f"{o.key}.{m}" for o in self.outcomes for m in range(self.members)]
        self.parts.keep(name, pl.DataFrame(values.reshape(len(points), -1), schema=names, orient="row"))
        return values


def _one(
    case: Case, spec: RunSpec, inputs: Sequence[Input], outcomes: Sequence[Outcome], members: int, point: Array
) -> Array:
    """Outcomes of the wars at one point, shape (outcomes, members)."""
    fixed, settings, luck = {}, {}, spec.seed
    for one, u in zip(inputs, point, strict=True):
        if one.kind == "theory":
            fixed[one.name] = one.at(float(u))
        elif one.kind == "case":
            settings[one.name] = one.at(float(u))
        elif one.kind == CHANCE:
            luck = spec.seed + 1 + int(u * _SEEDS)
    changed = with_values(case, settings)
    plan = build(changed, spec.days or case.days, spec.scale or 1.0)
    values = draw(spec.seed, 0, {**spec.fixed, **fixed}, sample=False)
    played = play(plan, spec.theory, [values] * members, luck, range(members))
    frame = pl.DataFrame([outcome_row(one, plan.names) for one in played])
    return np.array([o.values(frame) for o in outcomes])


def _table(
    inputs: list[Input], outcomes: list[Outcome], morris: list[pl.DataFrame], sobol: list[Indices],
    lucks: list[Interval],
) -> pl.DataFrame:  # fmt: skip
    known = pl.DataFrame(
        [{"input": i.name, "kind": i.kind, "basis": i.basis, "value": i.value, "low": i.low, "high": i.high,
          "why": i.why} for i in inputs]
    )  # fmt: skip
    tables = []
    for outcome, screened, decomposed, luck in zip(outcomes, morris, sobol, lucks, strict=True):
        chance = pl.DataFrame({"input": [CHANCE], "ST": [luck[0]], "ST_low": [luck[1]], "ST_high": [luck[2]]})
        indices = pl.concat([decomposed.table, chance.fill_nan(None)], how="diagonal")
        table = known.join(screened, on="input").join(indices, on="input", how="left")
        tables.append(table.with_columns(outcome=pl.lit(outcome.key), unit=pl.lit(outcome.unit)))
    table = pl.concat(tables)
    return table.select("outcome", "unit", *(c for c in table.columns if c not in ("outcome", "unit"))).sort(
        "outcome", "ST", "mu_star", descending=[False, True, True], nulls_last=True, maintain_order=True
    )


def _sums(outcomes: list[Outcome], sobol: list[Indices]) -> pl.DataFrame:
    rows = [
        {"outcome": o.key, "first_order": s.total[0], "low": s.total[1], "high": s.total[2], "error": s.error,
         "ranks": s.ranks, "size": s.size, "size_needed": s.needed}
        for o, s in zip(outcomes, sobol, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows).fill_nan(None)


def summary(result: Sensitivity) -> dict[str, Any]:
    """The analysis as JSON holds it."""
    first = result.outcomes[0].key
    return {
        "schema": 1, "case": result.case.id, "side": result.side, "days": result.spec.days, "seed": result.spec.seed,
        "scale": result.spec.scale, "evaluations": result.evaluations, "outcomes": [o.key for o in result.outcomes],
        "research_first": [r["input"] for r in result.homework(first).head(10).to_dicts()], "sums": plain(result.sums),
        "indices": plain(result.frame),
    }  # fmt: skip
