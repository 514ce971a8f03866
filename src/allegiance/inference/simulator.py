"""Coded outcomes of many cases for one vector of parameters: what a calibration calls again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from allegiance.base.files import sha256_text
from allegiance.inference.bank import CodedCase, bank_scale
from allegiance.inference.coding import coded
from allegiance.inference.ranges import within_ranges
from allegiance.runs.ensemble import batches
from allegiance.runs.member import play
from allegiance.runs.outcomes import outcome_row
from allegiance.theory.model import Theory, draw
from allegiance.theory.registry import PARAMETERS
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.columns import Array
from allegiance.world.inputs import has_enemy
from allegiance.world.structure import structure

FARTHEST = 3.0
"""Standard deviations from the prior's centre beyond which no parameter goes, as in every run."""

Codes = dict[str, dict[str, Array]]
"""Per case id and summary: one value per playing (shape (playings,))."""


class Simulator:
    """The cases of a study, ready to be played.

    Args:
        cases: coded cases. budget: soldier-days one playing of a case may cost. threads: cases played at once;
        results do not depend on it. ranges: every playing draws the case's own numbers within their ranges.
    """

    def __init__(self, cases: Sequence[CodedCase], budget: float, threads: int = 2, ranges: bool = False) -> None:
        self.cases = list(cases)
        self._scales = [bank_scale(c.case, budget) for c in self.cases]
        self._structures = [structure(c.case, s) for c, s in zip(self.cases, self._scales, strict=True)]
        self._plans = [
            build(c.case, c.case.days, s, like)
            for c, s, like in zip(self.cases, self._scales, self._structures, strict=True)
        ]
        self._ranges = ranges
        self._threads = threads

    def play(self, draws: Sequence[Mapping[str, float]], seed: int) -> Codes:
        """Codes of every case, played once with each of `draws` of the parameters, each time with its own luck."""

        def some(job: tuple[int, list[int]]) -> list[dict[str, object]]:
            k, numbers = job
            plans = [self._plan(k, seed, n) for n in numbers]
            played = play(plans, Theory(), [draws[n] for n in numbers], seed, numbers)
            return [outcome_row(one, self._plans[k].names) for one in played]

        every = range(len(draws))
        jobs = [
            (k, numbers)
            for k, plan in enumerate(self._plans)
            for numbers in batches(plan, every)
        ]
        with ThreadPoolExecutor(self._threads) as pool:
            rows = [row for block in pool.map(some, jobs) for row in block]
        codes = {}
        for k, known in enumerate(self.cases):
            members = pl.DataFrame(rows[k * len(draws) : (k + 1) * len(draws)], infer_schema_length=None)
            codes[known.case.id] = coded(members, known.observed.side, not has_enemy(known.case))
        return codes

    def _plan(self, k: int, seed: int, number: int) -> Blueprint:
        if not self._ranges:
            return self._plans[k]
        case = self.cases[k].case
        return build(within_ranges(case, seed, number), case.days, self._scales[k], self._structures[k])

    def at(self, z: Mapping[str, float], seed: int, replicates: int) -> Codes:
        """Codes with the named parameters at prior deviates `z` and the others drawn anew for every replicate."""
        key = int(sha256_text(f"{seed} {sorted((n, round(v, 12)) for n, v in z.items())}")[:12], 16)
        fixed = {name: value_at(name, deviate) for name, deviate in z.items()}
        return self.play([draw(key, r, fixed) for r in range(replicates)], key)


def value_at(name: str, deviate: float) -> float:
    """Value of a parameter at a standard normal deviate of its prior."""
    return PARAMETERS[name].quantile(max(-FARTHEST, min(FARTHEST, deviate)))
