"""What every provider of data must say about itself: the files, the card, and how its tables are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

Tables = Mapping[str, pl.DataFrame]
"""Standardised tables by name (``"<folder>/<table>"``)."""


@dataclass(frozen=True)
class Remote:
    """One file at its maker's address. An empty `sha256` marks a living file, whose hash is recorded on arrival.

    `newer` gives the addresses of later releases that may be out by now, newest first; they are tried before `url`.
    """

    name: str
    url: str
    sha256: str = ""
    newer: Callable[[], Sequence[str]] = tuple


@dataclass(frozen=True)
class Correction:
    """A change made to a maker's data on the way to the standard table, dated and with its reason."""

    on: date
    what: str
    reason: str


@dataclass(frozen=True)
class Card:
    """The data card: who counts what, under which licence, and what is wrong with it."""

    title: str
    producer: str
    citation: str
    licence: str
    counts: str
    address: str
    doubts: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Source:
    """One provider.

    Attributes:
        key: short name used on the command line.
        tables: names of its standard tables.
        remotes: files to download. With none, `access` says how a user gets the tables.
        standardise: raw folder to tables; raises `AllegianceError` when columns have changed.
        events: data folder to rows of the event table, if it lists dated events.
    """

    key: str
    card: Card
    tables: tuple[str, ...]
    access: Literal["download", "own key", "by hand"]
    remotes: tuple[Remote, ...] = ()
    standardise: Callable[[Path], Tables] | None = None
    events: Callable[[Path], pl.DataFrame] | None = None
    how: str = field(default="")
    """For `own key` and `by hand`: what the user does, in a sentence."""
