"""A file of what was seen so far: counts, events and indices, each with its date, error and source."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from allegiance.base.errors import near
from allegiance.cases.faults import validated
from allegiance.cases.reader import Document, Sort, parse, read_text
from allegiance.cases.schema import Case, Key, Text
from allegiance.inference.observation import CHANNELS

EVENTS = ("coup_attempt", "mutiny")
UNITS = {"count": "people", "event": "events", "grievance": "grievance"}
"""What a value counts, by kind."""
PART, WHOLE = "named_dead", "estimated_dead"
"""A list of names holds no more dead than there are."""
SORT = Sort(
    "file of observations", "observed.yaml", "start from the example in docs/update.md",
    "see docs/update.md for this key",
)  # fmt: skip


class Seen(BaseModel):
    """One observation up to the end of a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: Key = Field(description="side it is about")
    kind: Literal["count", "event", "grievance"] = Field(
        description="count: a cumulated count on a channel; event: how many coup attempts or episodes of mutiny are "
        "known; grievance: an index of intercepts or a survey, on the model's scale of grievance"
    )
    what: str = Field(default="", description="channel of a count (see docs), or coup_attempt / mutiny")
    by: date = Field(description="last day it covers")
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(description="people, events, or grievance")
    unit: str = Field(default="", description="unit of the value; the kind's own if not given")
    error: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="standard deviation: log units for counts, grievance units for an index"
    )
    at_least: bool = Field(default=False, description="the value is a minimum")
    source: Text = Field(description="who says so, and where")

    @property
    def label(self) -> str:
        """The observation in words."""
        least = "at least " if self.at_least else ""
        return f"{self.side} {self.what or self.kind} {least}{self.value:g} by {self.by} ({self.source})"


class SeenFile(BaseModel):
    """Observations and the day on which they were known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    information_date: date = Field(description="everything below was known by this day; forecasts start the day after")
    observations: list[Seen] = Field(min_length=1)
    _places: tuple[str, ...] = PrivateAttr(default=())

    def named(self, k: int) -> str:
        """Observation `k` in words, with its file and line where it was read from one."""
        place = f"{self._places[k]}: " if self._places else ""
        return place + self.observations[k].label


def load_seen(path: Path, case: Case) -> SeenFile:
    """Read and check a file of observations for `case`.

    Raises:
        AllegianceError: not a readable file.
        FaultyInput: unknown sides, channels, events or units; dates outside the horizon or after the information date;
        values that contradict each other. All at once, with file and line.
    """
    document = parse(read_text(Path(path), SORT), str(path), SORT)
    seen = validated(document, SeenFile)
    days = (seen.information_date - case.start).days
    if not 0 <= days < case.days:
        document.fault(
            ("information_date",), f"lies outside the horizon of {case.id}", seen.information_date,
            f"choose a day from {case.start} to {case.last_day()}",
        )  # fmt: skip
    for k, one in enumerate(seen.observations):
        _check(document, case, seen, one, k)
    _coherent(document, seen.observations)
    document.raise_faults()
    seen._places = tuple(document.place(("observations", k)) for k in range(len(seen.observations)))
    return seen


def _check(document: Document, case: Case, seen: SeenFile, one: Seen, k: int) -> None:
    at = ("observations", k)
    if one.side not in case.sides:
        document.fault((*at, "side"), f"no side '{one.side}' in {case.id}", "", near(one.side, case.sides))
    if one.kind == "count" and (one.what not in CHANNELS or one.what == "mutinies_known"):
        document.fault(
            (*at, "what"), "no such channel of counts", one.what, near(one.what, set(CHANNELS) - {"mutinies_known"})
        )
    if one.kind == "event" and one.what not in EVENTS:
        document.fault((*at, "what"), "no such event", one.what, near(one.what, EVENTS))
    if one.kind == "event" and one.value != int(one.value):
        document.fault((*at, "value"), "events are whole numbers", f"{one.value:g}", "give how many are known")
    if one.kind == "grievance" and one.what:
        document.fault((*at, "what"), "an index has no channel", one.what, "leave it out, or correct the kind")
    if one.kind == "grievance" and one.error is None:
        document.fault((*at, "value"), "an index needs its error", one.value, "add error: 0.5, in units of grievance")
    if one.unit not in ("", UNITS[one.kind]):
        document.fault(
            (*at, "unit"), f"unknown unit for a value of kind {one.kind}", one.unit,
            f"give the value in {UNITS[one.kind]}",
        )  # fmt: skip
    if not case.start <= one.by:
        document.fault((*at, "by"), "before the case begins", one.by, f"the case begins on {case.start}")
    if one.by > seen.information_date:
        document.fault(
            (*at, "by"), f"after the information date, {seen.information_date}", one.by, "leave it out, or move it"
        )


def _coherent(document: Document, observations: list[Seen]) -> None:
    """Values that cannot all be: two for one day, a cumulated number that shrinks, a part above its whole."""
    for (j, a), (k, b) in permutations(enumerate(observations), 2):
        same = (a.side, a.kind, a.what) == (b.side, b.kind, b.what)
        again = same and a.by == b.by and a.at_least == b.at_least
        least = b.value < a.value and a.by <= b.by and not b.at_least
        message, cure = "", ""
        if again and j < k and (a.kind != "grievance" or a.source == b.source):
            message, cure = "a second value for the same day", "keep one, with an error that holds both"
        elif same and least and not again and a.kind != "grievance":
            message = "a cumulated number shrinks"
            cure = "give numbers from the start of the case, not per period"
        elif least and (a.side, a.what, b.what) == (b.side, PART, WHOLE):
            message, cure = "a total below a part of it", "correct one of the two"
        if message:
            earlier = f"{document.place(('observations', j))} says {a.what or a.kind} {a.value:g} by {a.by}"
            document.fault(("observations", k, "value"), f"{message}: {earlier}", f"{b.value:g}", cure)
