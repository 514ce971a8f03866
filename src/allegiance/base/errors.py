"""Errors a user meets: what is wrong, with which value, where, and how to cure it."""

from __future__ import annotations

import difflib
import re
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


_LONGEST = 120


def shown(value: object) -> str:
    """A user's text for a message: bounded in length, control characters and half letters visible.

    >>> len(shown("a" * 5000))
    116
    >>> shown("tit\\x1b[31mle")
    'tit\\\\x1b[31mle'
    """
    text = str(value)
    if len(text) > _LONGEST:
        text = f"{text[:60]}…({len(text)} letters)…{text[-40:]}"
    return clean(text)


def clean(text: str) -> str:
    """Text that no terminal obeys: control characters but tab and newline, and marks that turn the direction of
    reading, are written out.

    >>> clean("a\\x1b]0;owned\\x07\\x00b\\u202ec")
    'a\\\\x1b]0;owned\\\\x07\\\\x00b\\\\u202ec'
    >>> clean("Côte d'Ivoire\\n\\tfine")
    "Côte d'Ivoire\\n\\tfine"
    """
    return _UNSAFE.sub(lambda m: m[0].encode("unicode_escape").decode(), text)


_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
