"""What the numbers counted up to a day must keep to: ends in order, and a side, a force and a day of the case."""

from __future__ import annotations

from allegiance.base.errors import near
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case, Observed


def check_counted(document: Document, observed: Observed, case: Case) -> None:
    """Add every fault of the `counted` list of recorded outcomes to `document.faults`."""
    for position, entry in enumerate(observed.counted):
        here = ("counted", position)
        if entry.low is None and entry.high is None:
            document.fault(here, "neither low nor high is given", "", "give one of them at least")
        elif entry.low is not None and entry.high is not None and entry.low > entry.high:
            document.fault((*here, "low"), f"low lies above high, {entry.high:g}", entry.low, "exchange them")
        if not case.start <= entry.by <= case.last_day():
            message = f"lies outside the case, {case.start} to {case.last_day()}"
            document.fault((*here, "by"), message, entry.by, "correct the date, or leave the entry out")
        if entry.side not in case.sides:
            document.fault((*here, "side"), f"unknown side '{entry.side}'", "", near(entry.side, list(case.sides)))
        elif entry.force is not None and entry.force not in (forces := case.sides[entry.side].forces):
            document.fault((*here, "force"), f"unknown force '{entry.force}'", "", near(entry.force, list(forces)))
