"""The study file of a fit: campaigns or state-years, sizes, sampler and seed in one place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from allegiance.base.errors import AllegianceError
from allegiance.cases.reader import parse, read_text
from allegiance.inference.study_file import Count, Part, Seed, read_study, sort_of

SHIPPED = Path(__file__).parent / "studies"
"""Study files that come with the package; `--study campaigns` names one."""
SORT = sort_of("docs/fit.md", "campaigns")
Year = Annotated[int, Field(ge=1900, le=2100)]


class Campaigns(Part):
    """Which campaigns, by the year in which they began."""

    first: Year = Field(description="earliest year of onset")
    last: Year = Field(description="latest year of onset of a campaign that is fitted to")
    method: Literal["all", "armed", "unarmed"] = Field(default="all", description="of the campaigns")
    test_last: Year = Field(description="campaigns that began after `last`, up to this year, are the test")


class Emulator(Part):
    """What has to be said of plays that the emulator never saw."""

    folds: Annotated[int, Field(ge=2, le=50)] = Field(default=5, description="parts of the plays, each left out once")
    draws: Annotated[int, Field(ge=2, le=200)] = Field(description="emulators drawn to carry its error on")


class Sampler(Part):
    """The affine invariant ensemble sampler (emcee)."""

    walkers: Annotated[int, Field(ge=8, le=10_000)]
    steps: Annotated[int, Field(ge=20, le=1_000_000)] = Field(description="of each walker; the first half is left out")


class Checks(Part):
    """Checks of the inference, and plays with fresh luck."""

    worlds: Count = Field(description="synthetic worlds of known parameters that are fitted to")
    steps: Annotated[int, Field(ge=20, le=1_000_000)] = Field(description="steps of each walker in a synthetic fit")
    fresh: Annotated[int, Field(ge=1, le=64)] = Field(description="posterior draws played for each campaign")


class FitStudy(Part):
    """A fit, complete: the same file, data, code and seed give the same posterior."""

    title: str
    seed: Seed
    campaigns: Campaigns
    outcome: Literal["loyalty_shift"] = "loyalty_shift"
    draws: Annotated[int, Field(ge=2, le=512)] = Field(description="points of the design for each campaign")
    emulator: Emulator
    sampler: Sampler
    checks: Checks
    kept: Annotated[int, Field(ge=16, le=100_000)] = Field(default=512, description="draws in parameters.json")


class StateYears(Part):
    """Which state-years: all with an event on record, and a sample of the others."""

    first: Year = Field(description="earliest year")
    last: Year = Field(description="latest year that is fitted to")
    without: Annotated[int, Field(ge=20, le=100_000)] = Field(
        description="state-years without an event, drawn at random; each stands for those it was drawn from"
    )


class YearsStudy(Part):
    """A fit to state-years, complete: the same file, data, code and seed give the same posterior."""

    title: str
    seed: Seed
    state_years: StateYears
    draws: Annotated[int, Field(ge=2, le=512)] = Field(description="points of the design for each state-year")
    emulator: Emulator
    sampler: Sampler
    checks: Checks
    kept: Annotated[int, Field(ge=16, le=100_000)] = Field(default=512, description="draws in parameters.json")


HELD_OUT = 2000
"""State-years from this year on are the test of played state-years (`allegiance score --world`); no fit sees them."""


def load_study(name: str) -> FitStudy | YearsStudy:
    """The study called `name` (shipped) or the file at that path: of campaigns, or of state-years if it names these.

    Raises:
        AllegianceError: no such file, or a fault in it.
    """
    return _years(name) if _of_years(name) else load_fit_study(name)


def _of_years(name: str) -> bool:
    path = SHIPPED / f"{name}.yaml"
    path = path if path.is_file() else Path(name)
    if not path.is_file():
        return False
    data = parse(read_text(path, SORT), str(path), SORT).data
    return isinstance(data, Mapping) and "state_years" in data


def _years(name: str) -> YearsStudy:
    document, study = read_study(name, SHIPPED, SORT, YearsStudy)
    spell = study.state_years
    if spell.first > spell.last:
        document.fault(("state_years",), "years are not in order: first, last", str(spell.model_dump()))
    if spell.last >= HELD_OUT:
        document.fault(
            ("state_years", "last"), f"state-years from {HELD_OUT} on are the test and cannot be fitted to",
            spell.last, f"give {HELD_OUT - 1} or an earlier year",
        )  # fmt: skip
    document.raise_faults()
    return study


def load_fit_study(name: str) -> FitStudy:
    """The study of campaigns called `name` (shipped) or the file at that path.

    Raises:
        AllegianceError: no such file, or a fault in it.
    """
    if _of_years(name):
        raise AllegianceError(f"{name} is a study of state-years, not of campaigns", "use load_study")
    document, study = read_study(name, SHIPPED, SORT, FitStudy)
    spell = study.campaigns
    if not spell.first <= spell.last < spell.test_last:
        document.fault(
            ("campaigns",), "years are not in order: first, last, test_last", str(spell.model_dump()),
            "campaigns fitted to come before those of the test",
        )  # fmt: skip
    document.raise_faults()
    return study
