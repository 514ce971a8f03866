"""What a page knows when it is made: the address that asked for it, and what the server was started with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

DEFAULT = "russia-ukraine-2022"
"""The case that pages begin with if nobody names another."""
_MOST_FIELDS = 200
_MOST_TEXT = 16_000


@dataclass(frozen=True)
class Options:
    """What the server was started with; folders are those of the command line and never a visitor's."""

    data: Path | None = None
    results: Path | None = None
    ledger: Path | None = None
    warm: bool = True
    world: Path | None = None
    case: str = DEFAULT
    """The case that pages begin with."""


class Context(dict[str, str]):
    """The query of an address, with the server's options at hand."""

    def __init__(self, query: Mapping[str, str], options: Options) -> None:
        super().__init__(query)
        self.options = options


def read_query(text: str) -> dict[str, str]:
    """The fields of an address's query; empty if there are absurdly many.

    >>> read_query("?page=whatif&set=a%3D1")
    {'page': 'whatif', 'set': 'a=1'}
    """
    with suppress(ValueError):
        return dict(parse_qsl(text.lstrip("?")[:_MOST_TEXT], max_num_fields=_MOST_FIELDS))
    return {}
