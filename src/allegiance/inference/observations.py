"""A file of what was seen so far: counts, events and indices, each with its date, error and source."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from allegiance.base.errors import near
from allegiance.cases.faults import validated
from allegiance.cases.reader import Document, parse, read_text
from allegiance.cases.schema import Case, Key, Text
from allegiance.inference.observation import CHANNELS

EVENTS = ("coup_attempt", "mutiny")


class Seen(BaseModel):
    """One observation up to the end of a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: Key = Field(description="side it is about")
    kind: Literal["count", "event", "grievance"] = Field(
        description="count: a cumulated count on a channel; event: how many coup attempts or mutinies are known; "
        "grievance: an index of intercepts or a survey, on the model's scale of grievance"
    )
    what: str = Field(default="", description="channel of a count (see docs), or coup_attempt / mutiny")
    by: date = Field(description="last day it covers")
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(description="people, events, or grievance")
    error: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="standard deviation: log units for counts, grievance units for an index"
    )
    at_least: bool = Field(default=False, description="the value is a minimum")
    source: Text = Field(description="who says so, and where")


class SeenFile(BaseModel):
    """Observations and the day on which they were known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    information_date: date = Field(description="everything below was known by this day; forecasts start the day after")
    observations: list[Seen] = Field(min_length=1)


def load_seen(path: Path, case: Case) -> SeenFile:
    """Read and check a file of observations for `case`.

    Raises:
        AllegianceError: not a readable file.
        FaultyInput: unknown sides, channels or events; dates outside the horizon or after the information date;
        cumulated counts that shrink. All at once, with file and line.
    """
    document = parse(read_text(Path(path)), str(path))
    seen = validated(document, SeenFile)
    days = (seen.information_date - case.start).days
    if not 0 <= days < case.days:
        document.fault(
            ("information_date",), f"lies outside the horizon of {case.id}", seen.information_date,
            f"choose a day from {case.start} to the day before the last of its {case.days} days",
        )  # fmt: skip
    latest: dict[tuple[str, str], list[tuple[date, float, int]]] = {}
    for k, one in enumerate(seen.observations):
        _check(document, case, seen, one, k)
        if one.kind == "count":
            latest.setdefault((one.side, one.what), []).append((one.by, one.value, k))
    for rows in latest.values():
        rows.sort()
        for earlier, later in pairwise(rows):
            if later[1] < earlier[1]:
                document.fault(
                    ("observations", later[2], "value"), f"a cumulated count shrinks: {earlier[1]:g} by {earlier[0]}",
                    later[1], "give counts from the start of the case, not per period",
                )  # fmt: skip
    document.raise_faults()
    return seen


def _check(document: Document, case: Case, seen: SeenFile, one: Seen, k: int) -> None:
    at = ("observations", k)
    if one.side not in case.sides:
        document.fault((*at, "side"), f"no side '{one.side}' in {case.id}", one.side, near(one.side, case.sides))
    if one.kind == "count" and (one.what not in CHANNELS or one.what == "mutinies_known"):
        document.fault(
            (*at, "what"), "no such channel of counts", one.what, near(one.what, set(CHANNELS) - {"mutinies_known"})
        )
    if one.kind == "event" and one.what not in EVENTS:
        document.fault((*at, "what"), "no such event", one.what, near(one.what, EVENTS))
    if one.kind == "grievance" and one.error is None:
        document.fault((*at, "value"), "an index needs its error", one.value, "add error: 0.5, in units of grievance")
    if not case.start <= one.by:
        document.fault((*at, "by"), "before the case begins", one.by, f"the case begins on {case.start}")
    if one.by > seen.information_date:
        document.fault(
            (*at, "by"), "after the information date", one.by, f"leave it out, or move {seen.information_date}"
        )
