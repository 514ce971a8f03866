"""A bank of simulations: the same draws of the parameters played through many cases, kept on disk and resumable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import sha256_text, to_json
from allegiance.base.parts import Parts
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.schema import Case, Observed
from allegiance.inference.ranges import within_ranges
from allegiance.runs.bundle import identity
from allegiance.runs.ensemble import play_mixed
from allegiance.runs.parameters import PRIOR
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.workers import spread
from allegiance.world.blueprint import build, soldier_days
from allegiance.world.structure import structure

BUDGET = 1.2e6
"""Soldier-days that one member of a case may cost: cases are played at the scale that keeps within it."""
LEAST = 0.01
"""Least scale: with fewer companies a front is lumpy and long wars end otherwise than at full scale."""

_CURE = "a case is a folder with case.yaml and observed.yaml; see: allegiance case new"

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class CodedCase:
    """A case with its coded outcomes."""

    case: Case
    observed: Observed

    @property
    def family(self) -> str:
        """Wars that share an explanation are held out together: the uprisings of 2011, the wars for Ukraine."""
        if "uprisings-2011" in self.case.tags:
            return "uprisings-2011"
        countries = {s.country for s in self.case.sides.values()}
        return "ukraine" if {"RUS", "UKR"} <= countries else self.case.id


def case_files(folder: Path) -> list[Path]:
    """The case.yaml of `folder` itself if it has one, else those of its sub-folders.

    Raises:
        AllegianceError: there is no such folder.
    """
    if not folder.is_dir():
        raise AllegianceError(f"there is no folder {folder}", _CURE)
    own = folder / "case.yaml"
    return [own] if own.is_file() else sorted(folder.glob("*/case.yaml"))


def coded_cases(folder: Path | None = None) -> list[CodedCase]:
    """Every case with observed outcomes: of the library, or of `folder` (see `case_files`).

    Raises:
        AllegianceError: the folder holds no such case, two of one id, or outcomes of a side that a case does not have.
    """
    names: Sequence[str | Path] = library() if folder is None else case_files(folder)
    found: dict[str, CodedCase] = {}
    for name in names:
        observed = load_observed(name)
        if observed is None:
            continue
        case = load_case(name)
        if observed.side not in case.sides:
            raise AllegianceError(
                f"{name}: observed.yaml: the case has no side '{observed.side}'", near(observed.side, case.sides)
            )
        if case.id in found:
            raise AllegianceError(f"{name}: another case here is called '{case.id}', too", "give each its own id")
        found[case.id] = CodedCase(case, observed)
    if not found:
        without = f": no observed.yaml beside {', '.join(map(str, names))}" if names else ""
        raise AllegianceError(f"no case with observed outcomes in {folder or 'the library'}{without}", _CURE)
    return list(found.values())


def bank_scale(case: Case, budget: float = BUDGET) -> float:
    """The scale at which a member of `case` keeps within a budget of soldier-days, but LEAST at least."""
    return max(LEAST, min(1.0, budget / soldier_days(case, case.days)))


def play_bank(
    cases: Sequence[CodedCase], draws: int, seed: int, folder: Path, progress: Progress | None = None,
    parameters: str = PRIOR, ranges: bool = True,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Members per case id, `draws` draws of the parameters times two of luck; finished cases are read, not replayed.

    With `ranges` each draw also draws the case's own numbers within their ranges (inference/ranges.py).

    Raises:
        AllegianceError: the folder cannot be written.
    """
    kept, specs, names = Parts(folder, "bank"), {}, {}
    for coded in cases:
        case, scale = coded.case, bank_scale(coded.case)
        spec = RunSpec(members=draws * LUCK_PER_DRAW, seed=seed, scale=scale, parameters=parameters).settled(case)
        key = sha256_text(to_json([identity(case, spec), ranges]))[:16]
        specs[case.id], names[case.id] = spec, f"{case.id}-{key}.parquet"
    found = {case: kept.find(name) for case, name in names.items()}
    missing = [coded.case for coded in cases if found[coded.case.id] is None]
    # the longest first, so that no worker is left alone with it at the end
    missing.sort(key=lambda case: -soldier_days(case, case.days, specs[case.id].scale or 1.0))
    jobs = [(case, specs[case.id], draws, ranges) for case in missing]
    for done, (number, members) in enumerate(spread(_play, jobs, RunSpec().threads), 1):
        case = missing[number]
        kept.keep(names[case.id], members)
        found[case.id] = members
        if progress:
            progress((len(cases) - len(missing) + done) / len(cases), case.id)
    return {case: members for case, members in found.items() if members is not None}


def _play(case: Case, spec: RunSpec, draws: int, ranges: bool) -> pl.DataFrame:
    assert spec.days is not None
    assert spec.scale is not None
    made = structure(case, spec.scale)
    drawn = [within_ranges(case, spec.seed, n) if ranges else case for n in range(draws)]
    plans = [build(one, spec.days, spec.scale, made) for one in drawn]
    wanted = [(plans[m // LUCK_PER_DRAW], m) for m in range(draws * LUCK_PER_DRAW)]
    return pl.DataFrame(play_mixed(wanted, spec), infer_schema_length=None)


__all__ = ["BUDGET", "LEAST", "CodedCase", "bank_scale", "case_files", "coded_cases", "play_bank"]
