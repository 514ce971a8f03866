"""The experiments as they were fixed before anyone looked: `protocol.yaml`, read strictly.

An `Experiment` is a set of `Arm`s (the same war with some numbers changed, on the same luck) and of `Effect`s, each a
weighted contrast of one `Measure` between arms. Placeholders `{side}`, `{other}`, `{army}`, `{guard}` and
`{other_army}` let one protocol run on any case: `bind` fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import sha256_text
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value

PROTOCOL = Path(__file__).with_name("protocol.yaml")

Scale = Literal[
    "odds ratio", "rate ratio", "risk ratio", "ratio", "percentage points", "days", "log ratio", "grievance",
    "rungs", "probability",
]  # fmt: skip
Expect = Literal["up", "down", "equal", "below"]


class Part(BaseModel):
    """Base of the protocol's parts: unknown keys are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(Part):
    """What is counted in one member: exactly one of `column`, `events`, `daily`, `odds`; see `measures.take`."""

    column: str = Field(default="", description="outcome column of the member")
    events: str = Field(default="", description="type of event, summed by weight")
    daily: tuple[str, ...] = Field(default=(), description="daily columns, added up")
    odds: str = Field(default="", description="form of which the odds are compared between soldiers")
    exposed: tuple[str | int, ...] = Field(default=(), description="categories, or tie bins 0-3, compared (odds only)")
    against: tuple[str | int, ...] = Field(default=(), description="categories or tie bins compared with (odds only)")
    force: str = Field(default="", description="one force of the side; the whole side if empty")
    side: str = "{side}"
    take: Literal["mean", "sum", "max", "last", "half_day", "half_rise", "months"] = Field(
        default="sum", description="how days become one number"
    )
    days: tuple[int, int] | None = Field(default=None, description="days counted: from, and before")
    any: bool = Field(default=False, description="whether it happened at all, instead of how much")
    absolute: bool = Field(default=False, description="size without sign")
    per: str = Field(default="", description="measure whose total divides this one's total (a rate)")
    scaled: float = Field(default=1.0, description="factor, for the unit")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(map(bool, (self.column, self.events, self.daily, self.odds))) != 1:
            raise ValueError("a measure takes one of column, events, daily, odds")
        if bool(self.odds) != bool(self.exposed and self.against):
            raise ValueError("odds need exposed and against, and only odds do")
        return self


class Arm(Part):
    """One setting of an experiment."""

    label: str
    set: dict[str, Value] = Field(default_factory=dict)
    fixed: dict[str, float] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    permute: Literal["", "category", "tie"] = ""


class Effect(Part):
    """A contrast and what it should be.

    On a ratio scale the effect is exp(Σ weight · log m), on the odds scale exp(Σ weight · logit m), else Σ weight · m,
    with m the arm's mean (or rate) of the measure.
    """

    label: str
    role: Literal["main", "check", "context"] = "main"
    measure: str
    terms: dict[str, float] = Field(description="arm -> weight; `arm:measure` takes another measure for that term")
    scale: Scale
    expect: Expect
    target: float | None = Field(default=None, description="value for `equal` and bound for `below`")
    margin: float = Field(default=0.0, ge=0, description="half-width of `equal`: a factor less 1 on ratio scales")


class Curve(Part):
    """Arms along an axis, for a picture."""

    axis: str
    label: str
    lines: dict[str, dict[str, float]] = Field(description="line -> arm -> position on the axis")
    measures: tuple[str, ...]
    arrows: tuple[str, ...] = Field(default=(), description="what each measure should do")


class Mutation(Part):
    """How the claim's own mechanism is disabled."""

    label: str
    set: dict[str, Value] = Field(default_factory=dict)
    fixed: dict[str, float] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    permute: Literal["", "category", "tie", "none"] = ""


class Experiment(Part):
    """One claim's experiment."""

    contrast: str = Field(description="the contrast in words")
    days: int = Field(ge=1, le=3650)
    members: int | None = Field(default=None, ge=2)
    common: Arm = Arm(label="")
    arms: dict[str, Arm]
    measures: dict[str, Measure]
    effects: dict[str, Effect]
    curve: Curve | None = None
    mutation: Mutation

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for name, effect in self.effects.items():
            for term in effect.terms:
                arm, _, measure = term.partition(":")
                if arm not in self.arms or (measure or effect.measure) not in self.measures:
                    raise ValueError(f"effect {name}: no arm or measure '{term}'")
            if effect.expect in ("equal", "below") and effect.target is None:
                raise ValueError(f"effect {name}: '{effect.expect}' needs a target")
        for name, counted in self.measures.items():
            if counted.per and counted.per not in self.measures:
                raise ValueError(f"measure {name}: no measure '{counted.per}' to divide by")
        if self.curve:
            unknown = {a for line in self.curve.lines.values() for a in line} - set(self.arms)
            if unknown | (set(self.curve.measures) - set(self.measures)):
                raise ValueError("the curve names an unknown arm or measure")
        return self


class Protocol(Part):
    """All experiments and the settings they share."""

    schema_version: Literal[1] = Field(alias="schema")
    case: str
    seed: int
    members: int
    scale: float
    level: float
    resamples: int
    fewest_draws: int
    rule: str
    testing: str
    measures: dict[str, Measure] = Field(description="measures that several experiments share")
    claims: dict[str, Experiment]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if list(self.claims) != [c.id for c in CLAIMS]:
            raise ValueError("the protocol has one experiment for each claim, in order")
        return self


@cache
def protocol() -> Protocol:
    """The protocol that comes with the package."""
    data = YAML(typ="safe", pure=True).load(PROTOCOL.read_text(encoding="utf-8"))
    for experiment in data["claims"].values():
        experiment["measures"] = _used(experiment, data["measures"])
    return Protocol.model_validate(data)


def _used(experiment: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The experiment's own measures and those it takes from the shared list."""
    known = shared | experiment["measures"]
    named = [*(experiment.get("curve") or {}).get("measures", ())]
    for effect in experiment["effects"].values():
        named += [term.partition(":")[2] or effect["measure"] for term in effect["terms"]]
    named += [known[n]["per"] for n in named if n in known and known[n].get("per")]
    return {n: known[n] for n in dict.fromkeys(named) if n in known}


def protocol_hash() -> str:
    """SHA-256 of the protocol's text, so that a result names the definitions it was made with."""
    return sha256_text(PROTOCOL.read_text(encoding="utf-8"))


_WILLING = ("contract", "volunteer")


def bind(case: Case, side: str | None = None) -> dict[str, str]:
    """What the placeholders mean in a case; those without a meaning (no second side, no guard) are missing.

    Args:
        side: side whose disloyalty is studied; the attacker (or the only side) if not given.

    Raises:
        AllegianceError: no such side.

    >>> from allegiance.cases.loader import load_case
    >>> bind(load_case("reference"))  # doctest: +NORMALIZE_WHITESPACE
    {'side': 'stronger', 'army': 'army', 'guard': 'guard', 'other': 'weaker', 'other_army': 'army',
     'willing': 'contracts', 'home': 'capital'}
    """
    if side is not None and side not in case.sides:
        raise AllegianceError(f"no side '{side}' in case '{case.id}'", near(side, case.sides))
    own = side or next((k for k, s in case.sides.items() if s.role == "attacker"), next(iter(case.sides)))

    def largest(name: str, regular: bool) -> str | None:
        found = [(f.strength.value, k) for k, f in case.sides[name].forces.items() if (f.kind == "regular") == regular]
        return max(found)[1] if found else None

    other = next((k for k in case.sides if k != own), None)
    meanings = {
        "side": own,
        "army": largest(own, True) or largest(own, False),
        "guard": largest(own, False) if largest(own, True) else None,
        "other": other,
        "other_army": (largest(other, True) or largest(other, False)) if other else None,
        "willing": next((k for k, p in case.sides[own].recruitment.items() if p.category in _WILLING), None),
        "home": next(iter(case.sides[own].regions)),
    }
    return {k: v for k, v in meanings.items() if v is not None}


def fill(text: str, meanings: Mapping[str, str]) -> str:
    """Replace the placeholders of `text`.

    Raises:
        AllegianceError: the case has nothing that the placeholder could mean.
    """
    try:
        return text.format_map(dict(meanings))
    except KeyError as error:
        words = {"other": "second side", "other_army": "second side", "guard": "parallel force"}
        words["willing"] = "pool of volunteers"
        missing = str(error.args[0])
        raise AllegianceError(f"the case has no {words.get(missing, missing)}") from error
