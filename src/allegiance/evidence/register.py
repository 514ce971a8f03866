"""The evidence register: what studies found on each claim, one file per study in `estimates/`.

A file is a `Study` (citation, design, sample, period) with its `Estimate`s. Nothing here is an opinion about the
model: an estimate is entered as its authors report it, with how far we read the work, what it does not show, and
whether it stands on the scale on which the experiment of the same claim reports its effect.
"""

from __future__ import annotations

import math
from enum import StrEnum
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any, Self

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from allegiance.base.citations import bibliography
from allegiance.base.claims import CLAIMS, claim
from allegiance.base.errors import AllegianceError, Fault, FaultyInput, near

FOLDER = Path(__file__).with_name("estimates")
"""The register that comes with the package."""
LEVEL = 0.90
"""The level at which intervals are put side by side."""


class Read(StrEnum):
    """How far the work behind an estimate was read."""

    paper = "read-paper"
    """the tables or the text of the work itself"""
    abstract = "read-abstract"
    """only the abstract, the first page or the publisher's summary"""
    second_hand = "second-hand"
    """a page or press report that states the figure"""
    computed = "computed"
    """computed by this project from named public data"""


class Finding(StrEnum):
    """What the estimate says about the claim."""

    supports = "supports"
    contradicts = "contradicts"
    null = "null"
    """no effect told apart from zero, or too small a sample to tell"""
    mixed = "mixed"
    """the sign depends on something the claim does not name"""
    context = "context"
    """a base rate or a description: no contrast, so neither for nor against"""


class Scale(StrEnum):
    """The scale of an estimate and of its uncertainty."""

    odds_ratio = "odds ratio"
    log_odds = "log-odds"
    probit = "probit coefficient"
    risk_ratio = "risk ratio"
    rate_ratio = "rate ratio"
    log_ratio = "log ratio"
    percentage_points = "percentage points"
    per_cent_change = "per cent change"
    share = "share"
    probability = "probability"
    days = "days"
    ratio = "ratio"
    hazard_log = "log hazard ratio"


RATIOS = frozenset({Scale.odds_ratio, Scale.risk_ratio, Scale.rate_ratio, Scale.ratio})
_LOGS = {Scale.log_odds: Scale.odds_ratio, Scale.log_ratio: Scale.ratio, Scale.hazard_log: Scale.rate_ratio}


class Estimate(BaseModel):
    """One estimate; `estimate` may be missing where only the direction of a finding could be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str = Field(description="id of the claim, C1 to C16, or of a control, N1 or N2")
    estimand: str = Field(min_length=10, description="what is estimated: outcome, contrast, unit of the contrast")
    estimate: float | None = Field(default=None, description="on `scale`; missing if only a direction was read")
    scale: Scale = Field(description="scale of `estimate`, `se` and `interval`")
    se: float | None = Field(default=None, gt=0, description="standard error, on `scale`")
    interval: tuple[float, float] | None = Field(default=None, description="[low, high], on `scale`")
    level: float | None = Field(default=None, gt=0, lt=1, description="level of `interval`, such as 0.95")
    p_value: float | None = Field(default=None, ge=0, le=1, description="p value, if that is all that is reported")
    finding: Finding = Field(description="supports, contradicts, null, mixed or context")
    where: str = Field(min_length=3, description="page or table, or 'not recorded in our notes'")
    not_shown: str = Field(min_length=10, description="what the estimate does not show")
    read: Read = Field(description="read-paper, read-abstract, second-hand or computed")
    comparable: bool = Field(description="whether it is on the scale of the claim's own experiment")
    note: str = Field(default="", description="how it was computed, or a doubt")

    @field_validator("claim")
    @classmethod
    def _known_claim(cls, value: str) -> str:
        known = [c.id for c in CLAIMS]
        if value not in known:
            raise ValueError(f"unknown claim {value!r}: {near(value, known)}")
        return value

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.interval is not None:
            low, high = self.interval
            if self.level is None:
                raise ValueError("an interval needs its level")
            if not low <= high:
                raise ValueError(f"interval [{low:g}, {high:g}] is upside down")
            if self.estimate is not None and not low <= self.estimate <= high:
                raise ValueError(f"interval [{low:g}, {high:g}] does not contain the estimate {self.estimate:g}")
        elif self.level is not None:
            raise ValueError("a level without an interval")
        if self.estimate is None and (self.se is not None or self.comparable):
            raise ValueError("without an estimate there is no standard error and nothing to compare")
        if self.scale in RATIOS:
            for number in (self.estimate, *(self.interval or ())):
                if number is not None and number <= 0:
                    raise ValueError(f"a {self.scale} is above 0, not {number:g}")
        return self

    def on_common_scale(self) -> tuple[Scale, float | None, float | None, float | None]:
        """Scale, effect, low and high as shown side by side: logs become ratios, intervals are at `LEVEL`.

        An interval at another level, or a standard error, is brought to `LEVEL` by the normal approximation
        (on the log scale for ratios). Low and high are `None` where no uncertainty was reported.
        """
        if self.estimate is None:
            return _LOGS.get(self.scale, self.scale), None, None, None
        logs = self.scale in RATIOS
        middle = math.log(self.estimate) if logs else self.estimate
        low = high = None
        z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
        if self.interval is not None and self.level is not None:
            own = NormalDist().inv_cdf(0.5 + self.level / 2)
            ends = [math.log(e) if logs else e for e in self.interval]
            low, high = (middle + (e - middle) * z / own for e in ends)
        elif self.se is not None:
            se = self.se / self.estimate if logs else self.se
            low, high = middle - z * se, middle + z * se
        back = math.exp if logs or self.scale in _LOGS else float
        shown = [None if v is None else back(v) for v in (middle, low, high)]
        return _LOGS.get(self.scale, self.scale), shown[0], shown[1], shown[2]


class Study(BaseModel):
    """One study, or one computation on public data, with its estimates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][A-Za-z0-9]*$", description="the file's name without .yaml")
    citation: str = Field(min_length=20, description="full citation")
    reference: str = Field(default="", description="key in the bibliography, if the work is in it")
    doi: str = Field(default="", description="only if certain; empty otherwise")
    design: str = Field(min_length=5, description="how the effect is told apart from other causes, if at all")
    sample: str = Field(min_length=3)
    period: str = Field(min_length=3)
    estimates: tuple[Estimate, ...]

    @field_validator("estimates")
    @classmethod
    def _some(cls, value: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
        if not value:
            raise ValueError("a study without an estimate says nothing")
        return value

    @field_validator("doi")
    @classmethod
    def _bare_doi(cls, value: str) -> str:
        if value and not value.startswith("10."):
            raise ValueError("a DOI starts with '10.'; leave out 'https://doi.org/'")
        return value

    @field_validator("reference")
    @classmethod
    def _in_bibliography(cls, value: str) -> str:
        if value and value not in bibliography():
            raise ValueError(f"no work with the key {value!r}: {near(value, bibliography())}")
        return value

    @property
    def short(self) -> str:
        """Author and year for tables and plots, or the start of the citation."""
        return bibliography()[self.reference].short if self.reference else self.citation.split(" (", 1)[0][:60]


def read_study(path: Path) -> Study:
    """Read one study.

    Raises:
        FaultyInput: all faults of the file, each with its line.
        AllegianceError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AllegianceError(f"cannot read {path}: {error}", "give a UTF-8 text file") from error
    try:
        data = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = Fault(f"{path.name}:{line}", str(error.problem or "not YAML"), cure="each key once, two spaces a level")
        raise FaultyInput(path.name, [fault]) from error
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        faults = [_fault(path.name, data, e["loc"], e["msg"], e.get("input")) for e in error.errors()]
        raise FaultyInput(path.name, faults) from error
    if study.id != path.stem:
        raise FaultyInput(path.name, [Fault(f"{path.name}:1", f"id is {study.id!r}", cure=f"write id: {path.stem}")])
    return study


def _fault(name: str, data: Any, place: tuple[int | str, ...], message: str, value: object) -> Fault:
    line, node, cure = 1, data, ""
    for step in place:
        try:
            if isinstance(node, dict) and step in node:
                line = node.lc.key(step)[0] + 1  # type: ignore[attr-defined]
            elif isinstance(node, list):
                line = node.lc.item(step)[0] + 1  # type: ignore[attr-defined]
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    if message.startswith("Extra inputs"):
        known = Estimate.model_fields if "estimates" in place else Study.model_fields
        message, cure = f"unknown key {place[-1]!r}", near(str(place[-1]), known)
    elif message == "Field required":
        message, value = f"{place[-1]!r} is missing", ""
    shown = "" if isinstance(value, dict | list) else str(value)[:60]
    path = ".".join(str(p) for p in place)
    return Fault(f"{name}:{line}", message.removeprefix("Value error, "), shown, cure, path)


def load_register(folder: Path = FOLDER) -> list[Study]:
    """All studies of a folder, by id.

    Raises:
        FaultyInput: the faults of all files at once.
    """
    studies: list[Study] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            studies.append(read_study(path))
        except FaultyInput as error:
            faults.extend(error.faults)
    if faults:
        raise FaultyInput(f"evidence register {folder.name}", faults)
    if not studies:
        raise AllegianceError(f"no study in {folder}", "a register is a folder of .yaml files, one per study")
    return studies


@cache
def _frame() -> pl.DataFrame:
    return register_frame(load_register())


def register_frame(studies: list[Study]) -> pl.DataFrame:
    """The register as a tidy table, one row per estimate.

    Columns: `claim, study, short, estimand, scale, estimate, se, low, high, level, p_value` as reported; `effect,
    effect_low, effect_high, effect_scale` side by side (see `Estimate.on_common_scale`); `finding, comparable,
    read, where, not_shown, note, design, sample, period, citation, doi`.
    """
    rows = []
    order = {c.id: i for i, c in enumerate(CLAIMS)}
    for study in studies:
        for e in study.estimates:
            scale, effect, low, high = e.on_common_scale()
            rows.append({
                "claim": e.claim, "study": study.id, "short": study.short, "estimand": e.estimand,
                "scale": str(e.scale), "estimate": e.estimate, "se": e.se,
                "low": e.interval[0] if e.interval else None, "high": e.interval[1] if e.interval else None,
                "level": e.level, "p_value": e.p_value,
                "effect": effect, "effect_low": low, "effect_high": high, "effect_scale": str(scale),
                "finding": str(e.finding), "comparable": e.comparable, "read": str(e.read), "where": e.where,
                "not_shown": e.not_shown, "note": e.note, "design": study.design, "sample": study.sample,
                "period": study.period, "citation": study.citation, "doi": study.doi,
            })  # fmt: skip
    rows.sort(key=lambda r: (order[str(r["claim"])], not r["comparable"], r["study"]))
    numbers = ("estimate", "se", "low", "high", "level", "p_value", "effect", "effect_low", "effect_high")
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64), infer_schema_length=None)


def estimates_for(name: str | None = None) -> pl.DataFrame:
    """The register's rows on one claim, or on all, as `register_frame` lays them out.

    Raises:
        AllegianceError: no such claim.

    >>> frame = estimates_for("C1")
    >>> set(frame["claim"])
    {'C1'}
    """
    frame = _frame()
    return frame if name is None else frame.filter(pl.col("claim") == claim(name).id)
