"""Errors a user meets: what is wrong, with which value, where, and how to cure it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class AllegianceError(Exception):
    """Any fault a user can cause or cure. The command line prints it in one piece and exits with 2.

    Args:
        message: what is wrong, naming the value.
        cure: what to do about it; printed on a line of its own.
    """

    def __init__(self, message: str, cure: str | None = None) -> None:
        self.message = message
        self.cure = cure
        super().__init__(message if cure is None else f"{message}\n  cure: {cure}")


@dataclass(frozen=True)
class Fault:
    """One fault in a file: where it stands, what is wrong, the offending value and the cure."""

    place: str
    message: str
    value: str = ""
    cure: str = ""
    path: str = ""

    def __str__(self) -> str:
        shown = f" (found: {self.value})" if self.value else ""
        cure = f"\n    cure: {self.cure}" if self.cure else ""
        at = f" {self.path}:" if self.path else ""
        return f"{self.place}:{at} {self.message}{shown}{cure}"


class FaultyInput(AllegianceError):
    """All faults of one input at once.

    >>> raise FaultyInput("case.yaml", [Fault("case.yaml:3", "unknown key 'sidez'", cure="did you mean 'sides'?")])
    Traceback (most recent call last):
        ...
    allegiance.base.errors.FaultyInput: case.yaml: 1 fault
      case.yaml:3: unknown key 'sidez'
        cure: did you mean 'sides'?
    """

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        count = f"{len(self.faults)} fault" + ("s" if len(self.faults) != 1 else "")
        lines = "\n".join("  " + str(f) for f in self.faults)
        super().__init__(f"{name}: {count}\n{lines}")


def near(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known names, or listing some of them.

    >>> near("ukrain", ["ukraine", "russia"])
    "did you mean 'ukraine'?"
    >>> near("zzz", ["b", "a"])
    'known: a, b'
    """
    options = sorted(set(known))
    close = difflib.get_close_matches(name, options, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(c) for c in close) + "?"
    shown = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return f"known: {shown}" if options else "none are known here"
