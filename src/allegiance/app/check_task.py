"""The check of a visitor's own case, in a process that is ended if it takes long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allegiance.app.admission import admit, admit_text
from allegiance.app.worker import Task, Update
from allegiance.base.errors import AllegianceError, Fault, FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.reader import LIMIT_BYTES, parse
from allegiance.cases.schema import Case
from allegiance.cases.template import leftovers

SHOWN = 60
"""Most faults listed at once."""


@dataclass(frozen=True)
class Checked:
    """What the check found: the case if it has no fault, else the first faults and how many there are.

    `barred` says why the page does not play a case that is otherwise sound; it is empty if it does.
    """

    case: Case | None = None
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    barred: str = ""


def read_case(text: str, name: str = "case.yaml") -> Case:
    """The case that a text holds.

    Raises:
        AllegianceError: the text is empty, too large or binary.
        FaultyInput: all its faults.
    """
    if len(text.encode("utf-8", "replace")) > LIMIT_BYTES:
        raise AllegianceError(f"{name} is too large for a case, at most {LIMIT_BYTES / 1e6:g} MB")
    if "\0" in text:
        raise AllegianceError(f"{name} is a binary file, not YAML text", "give a case file as UTF-8 text")
    if not text.strip():
        raise AllegianceError(f"{name} is empty", "start from a template: allegiance case new FILE")
    admit_text(text)
    return validated(parse(text, name), Case)


def check(_: dict[str, Any], text: str, name: str) -> Task:
    """Read a visitor's text; the result is what was found."""
    try:
        case = read_case(text, name)
    except FaultyInput as error:
        yield Update(1.0, "ready", Checked(None, error.faults[:SHOWN], len(error.faults)))
        return
    except AllegianceError as error:
        yield Update(1.0, "ready", Checked(None, [Fault(name, error.message, cure=error.cure or "")], 1))
        return
    try:
        admit(case)
    except AllegianceError as error:
        yield Update(1.0, "ready", Checked(case, barred=str(error)))
        return
    left = leftovers(case)
    barred = f"it still holds what the template came with: {', '.join(left)}. Write your own" if left else ""
    yield Update(1.0, "ready", Checked(case, barred=barred))


TASKS: dict[str, Callable[..., Task]] = {"check": check}
