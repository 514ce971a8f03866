"""Reads YAML as data only: no tags, anchors or aliases, no repeated keys; remembers the line of every value."""

from __future__ import annotations

import codecs
import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from allegiance.base.errors import AllegianceError, Fault, FaultyInput, shown
from allegiance.base.files import read_regular

LIMIT_BYTES = 2_000_000
LIMIT_DEPTH = 30
INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
FLOATING = re.compile(r"[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
SPECIAL = {".nan": math.nan, ".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf}
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Sort:
    """What a file should be, in the words of its faults.

    `name`: what it is called; `file`: what one may be called on disk; `start`: where one begins; `keys`: where its keys
    are explained.
    """

    name: str
    file: str
    start: str
    keys: str


CASE = Sort(
    "case file", "case.yaml", "start from a template: allegiance case new FILE",
    "see `allegiance case schema` for what this key takes",
)  # fmt: skip


@dataclass
class Document:
    """What a file holds: plain data, the line of every path in it, and the faults met while reading."""

    name: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    sort: Sort = CASE

    def place(self, path: Path_) -> str:
        """File and line of the deepest known part of `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        line = self.lines.get(path)
        return self.name if line is None else f"{self.name}:{line}"

    def fault(self, path: Path_, message: str, value: object = "", cure: str = "") -> None:
        """Add a fault at the deepest known line of `path`."""
        self.faults.append(Fault(self.place(path), message, _shown(value), cure, ".".join(str(p) for p in path)))

    def raise_faults(self) -> None:
        """Raise all faults at once, in the order of the file.

        Raises:
            FaultyInput: there is at least one fault.
        """
        if self.faults:
            raise FaultyInput(self.name, sorted(dict.fromkeys(self.faults), key=_line))


def _line(fault: Fault) -> int:
    number = fault.place.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return f"{len(value)} keys" if value else "{}"
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def read_text(path: Path, sort: Sort = CASE) -> str:
    """The text of a small UTF-8 file.

    Raises:
        AllegianceError: a folder, an unreadable, empty, huge (over 2 MB) or binary file.
    """
    name = shown(path)
    try:
        if path.is_dir():
            such = shown(path / sort.file)
            raise AllegianceError(f"{name} is a folder, not a {sort.name}", f"give the file, such as {such}")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise AllegianceError(f"cannot read {name}: {why}", "check the path and its permissions") from error
    if size > LIMIT_BYTES:
        raise AllegianceError(
            f"{name} is too large for a {sort.name}: {size / 1e6:.1f} MB, at most {LIMIT_BYTES / 1e6:g} MB",
            f"a {sort.name} is a few hundred lines at most; was another file meant?",
        )
    text = _decoded(read_regular(path, LIMIT_BYTES), name, sort)
    if not text.strip():
        raise AllegianceError(f"{name} is empty", sort.start)
    return text


def _decoded(raw: bytes, name: str, sort: Sort) -> str:
    """UTF-8, or UTF-16 that says so with a mark, as Windows' editors write it."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode("utf-16")
    if b"\0" in raw:
        raise AllegianceError(f"{name} is a binary file, not YAML text", f"give a {sort.name} as UTF-8 text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise AllegianceError(f"{name}:{line}: not UTF-8 text", "save the file as UTF-8") from error


def parse(text: str, name: str, sort: Sort = CASE) -> Document:
    """Parse YAML text into plain data with line numbers; repeated keys are collected as faults.

    Raises:
        FaultyInput: the text is not YAML, or uses tags, anchors, aliases, several documents or absurd depth.
    """
    document = Document(name, sort=sort)
    try:
        events = _safe(YAML(typ="safe", pure=True).parse(text), document)
        document.data = _value(next(events), events, (), document)
        for _ in events:  # refuses a second document
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        cure = "check indentation, colons, brackets and quotes near this line"
        raise FaultyInput(name, [Fault(place, f"not valid YAML: {error.problem or error}", cure=cure)]) from error
    except (YAMLError, StopIteration, ValueError) as error:
        raise FaultyInput(name, [Fault(name, f"not valid YAML: {error}".strip())]) from error
    return document


def _safe(events: Iterator[Event], document: Document) -> Iterator[Event]:
    """Pass on content events; refuse what makes YAML more than data."""
    depth = documents = 0
    for event in events:
        message = ""
        if isinstance(event, DocumentStartEvent):
            documents += 1
            message = "a second document (---) in one file" if documents > 1 else ""
        elif isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases (& and *) are not allowed"
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
            message = f"nested more than {LIMIT_DEPTH} deep" if depth > LIMIT_DEPTH else ""
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        tag = getattr(event, "tag", None)
        if tag is not None and not message and not isinstance(event, DocumentStartEvent):
            message = f"YAML tags are not allowed: {tag}"
        if message:
            place = f"{document.name}:{event.start_mark.line + 1}"
            raise FaultyInput(document.name, [Fault(place, message, cure="write plain keys and values")])
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | MappingEndEvent | SequenceEndEvent):
            yield event


def _value(event: Event, events: Iterator[Event], path: Path_, document: Document) -> Any:
    document.lines.setdefault(path, event.start_mark.line + 1)
    if isinstance(event, MappingStartEvent):
        return _mapping(events, path, document)
    if isinstance(event, SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(item := next(events), SequenceEndEvent):
            items.append(_value(item, events, (*path, len(items)), document))
        return items
    assert isinstance(event, ScalarEvent)
    return scalar(event.value) if event.style is None else event.value


def _mapping(events: Iterator[Event], path: Path_, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(key := next(events), MappingEndEvent):
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarEvent):
            place = f"{document.name}:{line}"
            raise FaultyInput(document.name, [Fault(place, "a key must be plain text", cure="write key: value")])
        here = (*path, key.value)
        if key.value in found:
            first = document.lines[here]
            document.faults.append(
                Fault(
                    f"{document.name}:{line}",
                    f"key '{key.value}' is repeated (first on line {first})",
                    cure="keep one of the two",
                    path=".".join(str(p) for p in here),
                )
            )
            _value(next(events), events, (*here, "repeated"), document)
            continue
        document.lines[here] = line
        found[key.value] = _value(next(events), events, here, document)
    return found


def scalar(text: str) -> Any:
    """A plain YAML 1.2 scalar as Python data; `no`, `12:30` and dates stay text.

    >>> [scalar(t) for t in ("no", "true", "190_000", "1e-3", "12:30", "~", ".nan")]
    ['no', True, 190000, 0.001, '12:30', None, nan]
    """
    low = text.lower()
    if low in CONSTANTS:
        return CONSTANTS[low]
    if low in SPECIAL:
        return SPECIAL[low]
    if INTEGER.fullmatch(text):
        return int(text.replace("_", "")) if len(text) < 20 else float(text.replace("_", ""))
    if FLOATING.fullmatch(text):
        return float(text.replace("_", ""))
    return text
