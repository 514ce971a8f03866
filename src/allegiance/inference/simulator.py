"""Coded outcomes of many cases for one vector of parameters: what a calibration calls again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from allegiance.base.files import sha256_text
from allegiance.inference.bank import CodedCase, bank_scale
from allegiance.inference.coding import coded
from allegiance.inference.ranges import within_ranges
from allegiance.run.member import play
from allegiance.run.outcomes import outcome_row
from allegiance.theory.registry import PARAMETERS, draw
from allegiance.world.blueprint import Blueprint, build, no_enemy
from allegiance.world.columns import Array

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
        self._plans = [build(c.case, c.case.days, s) for c, s in zip(self.cases, self._scales, strict=True)]
        self._ranges = ranges
        self._threads = threads

    def play(self, thetas: Sequence[Array], seed: int) -> Codes:
        """Codes of every case, played once with each of `thetas`, each time with its own luck."""

        def one(job: tuple[int, int]) -> dict[str, object]:
            k, number = job
            plan = self._plan(k, seed, number)
            return outcome_row(play(plan, thetas[number], seed, number), plan.names)

        jobs = [(k, number) for k in range(len(self.cases)) for number in range(len(thetas))]
        with ThreadPoolExecutor(self._threads) as pool:
            rows = list(pool.map(one, jobs))
        codes = {}
        for k, known in enumerate(self.cases):
            members = pl.DataFrame(rows[k * len(thetas) : (k + 1) * len(thetas)], infer_schema_length=None)
            codes[known.case.id] = coded(members, known.observed.side, no_enemy(known.case))
        return codes

    def _plan(self, k: int, seed: int, number: int) -> Blueprint:
        if not self._ranges:
            return self._plans[k]
        case = self.cases[k].case
        return build(within_ranges(case, seed, number), case.days, self._scales[k])

    def at(self, z: Mapping[str, float], seed: int, replicates: int) -> Codes:
        """Codes with the named parameters at prior deviates `z` and the others drawn anew for every replicate."""
        key = int(sha256_text(f"{seed} {sorted((n, round(v, 12)) for n, v in z.items())}")[:12], 16)
        fixed = {name: value_at(name, deviate) for name, deviate in z.items()}
        return self.play([draw(key, r, fixed) for r in range(replicates)], key)


def value_at(name: str, deviate: float) -> float:
    """Value of a parameter at a standard normal deviate of its prior."""
    return PARAMETERS[name].quantile(max(-FARTHEST, min(FARTHEST, deviate)))
