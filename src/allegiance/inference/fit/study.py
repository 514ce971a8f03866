"""The study file of a fit: campaigns, sizes, sampler and seed in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from allegiance.base.errors import AllegianceError, near
from allegiance.cases.faults import validated
from allegiance.cases.reader import Sort, parse, read_text

SHIPPED = Path(__file__).parent / "studies"
"""Study files that come with the package; `--study campaigns` names one."""
SORT = Sort(
    "study file", "study.yaml", "start from the study in docs/fit.md, or use --study campaigns",
    "see docs/fit.md for this key",
)  # fmt: skip
Year = Annotated[int, Field(ge=1900, le=2100)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Campaigns(_Part):
    """Which campaigns, by the year in which they began."""

    first: Year = Field(description="earliest year of onset")
    last: Year = Field(description="latest year of onset of a campaign that is fitted to")
    method: Literal["all", "armed", "unarmed"] = Field(default="all", description="of the campaigns")
    test_last: Year = Field(description="campaigns that began after `last`, up to this year, are the test")


class Emulator(_Part):
    """What has to be said of plays that the emulator never saw."""

    folds: Annotated[int, Field(ge=2, le=50)] = Field(default=5, description="parts of the plays, each left out once")
    draws: Annotated[int, Field(ge=2, le=200)] = Field(description="emulators drawn to carry its error on")


class Sampler(_Part):
    """The affine invariant ensemble sampler (emcee)."""

    walkers: Annotated[int, Field(ge=8, le=10_000)]
    steps: Annotated[int, Field(ge=20, le=1_000_000)] = Field(description="of each walker; the first half is left out")


class Checks(_Part):
    """Checks of the inference, and plays with fresh luck."""

    worlds: Count = Field(description="synthetic worlds of known parameters that are fitted to")
    steps: Annotated[int, Field(ge=20, le=1_000_000)] = Field(description="steps of each walker in a synthetic fit")
    fresh: Annotated[int, Field(ge=1, le=64)] = Field(description="posterior draws played for each campaign")


class FitStudy(_Part):
    """A fit, complete: the same file, data, code and seed give the same posterior."""

    title: str
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    campaigns: Campaigns
    outcome: Literal["loyalty_shift"] = "loyalty_shift"
    draws: Annotated[int, Field(ge=2, le=512)] = Field(description="points of the design for each campaign")
    emulator: Emulator
    sampler: Sampler
    checks: Checks
    kept: Annotated[int, Field(ge=16, le=100_000)] = Field(default=512, description="draws in parameters.json")

    def identity(self) -> dict[str, Any]:
        """Everything that decides the result."""
        return self.model_dump(mode="json")


def load_fit_study(name: str) -> FitStudy:
    """The study called `name` (shipped) or the file at that path.

    Raises:
        AllegianceError: no such file, or a fault in it.
    """
    path = SHIPPED / f"{name}.yaml"
    path = path if path.is_file() else Path(name)
    if not path.exists():
        shipped = sorted(p.stem for p in SHIPPED.glob("*.yaml"))
        raise AllegianceError(f"no study '{name}', and no file of that name", near(name, shipped))
    document = parse(read_text(path, SORT), str(path), SORT)
    study = validated(document, FitStudy)
    spell = study.campaigns
    if not spell.first <= spell.last < spell.test_last:
        document.fault(
            ("campaigns",), "years are not in order: first, last, test_last", str(spell.model_dump()),
            "campaigns fitted to come before those of the test",
        )  # fmt: skip
    document.raise_faults()
    return study
