"""The study file of a calibration: cases, summaries, sizes and seeds in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from allegiance.base.errors import AllegianceError, near
from allegiance.inference.bank import CodedCase
from allegiance.inference.study_file import Count, Part, Seed, read_study, sort_of
from allegiance.theory.registry import PARAMETERS

SHIPPED = Path(__file__).parent / "studies"
"""Study files that come with the package; `--study library` names one."""
SORT = sort_of("docs/calibration.md", "library")

Share = Annotated[float, Field(gt=0, lt=1)]


class Cases(Part):
    """Which coded cases are fitted to."""

    hold_out: tuple[str, ...] = Field(default=(), description="families of cases left for the test")
    longest_days: Count = Field(default=3650, description="cases with a longer horizon are left for the test")


class Screen(Part):
    """How the parameters to fit are found."""

    draws: Annotated[int, Field(ge=16, le=100_000)] = Field(description="prior draws played through the cases")
    keep: Count = Field(description="parameters kept at most")


class Smc(Part):
    """Sequential Monte Carlo."""

    population: Annotated[int, Field(ge=8, le=100_000)] = Field(description="accepted vectors per generation")
    generations: Count = Field(description="generations")
    quantile: Share = Field(default=0.5, description="next tolerance: this quantile of the last distances")


class Checks(Part):
    """Simulation-based checks of the inference."""

    fits: Count = Field(description="synthetic fits")
    accept: Share = Field(description="share of the bank accepted in a synthetic fit")


class Study(Part):
    """A calibration, complete: the same file, code and seed give the same posterior."""

    title: str
    seed: Seed
    cases: Cases = Cases()
    budget: Annotated[float, Field(gt=0)] = Field(description="soldier-days per playing of a case")
    replicates: Annotated[int, Field(ge=1, le=16)]
    ranges: bool = Field(default=False, description="draw the cases' own numbers within their ranges")
    summaries: tuple[Literal["coup", "mutiny", "refusal", "left"], ...] = Field(min_length=1)
    screen: Screen
    parameters: tuple[str, ...] = ()
    smc: Smc
    checks: Checks


def load_study(name: str) -> Study:
    """The study called `name` (shipped) or the file at that path.

    Raises:
        AllegianceError: no such file, or a fault in it; an unknown parameter.
    """
    document, study = read_study(name, SHIPPED, SORT, Study)
    for k, parameter in enumerate(study.parameters):
        if parameter in PARAMETERS and PARAMETERS[parameter].solved:
            document.fault(
                ("parameters", k), "it is solved for in every draw and has no prior of its own", parameter,
                f"study choice_{PARAMETERS[parameter].why.removeprefix('solved from ').split(';')[0]}",
            )
        if parameter not in PARAMETERS:
            document.fault(("parameters", k), "no such parameter", parameter, near(parameter, PARAMETERS))
    document.raise_faults()
    return study


def split(study: Study, cases: list[CodedCase]) -> tuple[list[CodedCase], list[CodedCase]]:
    """Cases to fit to, and cases left for the test.

    Raises:
        AllegianceError: a family held out does not exist, or fewer than three cases are left to fit to.
    """
    families = {c.family for c in cases}
    for family in study.cases.hold_out:
        if family not in families:
            raise AllegianceError(f"no family of cases '{family}' to hold out", near(family, families))
    train = [c for c in cases if c.family not in study.cases.hold_out and c.case.days <= study.cases.longest_days]
    if len(train) < 3:
        raise AllegianceError(f"only {len(train)} cases are left to fit to", "hold out fewer, or raise longest_days")
    chosen = {c.case.id for c in train}
    return train, [c for c in cases if c.case.id not in chosen]
