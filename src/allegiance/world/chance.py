"""Chance, asked for by the name of a decision and by who decides."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from allegiance.base.random import Array, normals, uniforms, words
from allegiance.world.columns import Ints, Keys

# Which decision a draw belongs to: one number each, so that no two decisions share a draw.
MUSTER = 1
"""who a soldier is on joining"""
CHOICE = 2
"""what a soldier does today"""
COMBAT = 3
"""who is killed or wounded"""
TRIGGER = 4
"""an incident brings a company together"""
JOIN = 5
"""who joins a mutiny"""
AFTERMATH = 6
"""what a mutineer does when it ends"""
SUPPRESS = 7
"""does a mutiny end today?"""
HALT = 8
"""does a commander halt the brigade?"""
PLOT = 9
"""is a coup attempted, and does it succeed?"""
BATTLE = 10
"""how a day of fighting looks, and what each side sees of it"""
SETTLE = 11
"""do the sides agree today?"""
LADDER = 12
"""does a leader change the means of destruction?"""
UNIT = 13
"""what a company and its commander are like"""
REPLACE = 14
"""rounding of replacements to whole soldiers"""
REPRESENTED = 15
"""mutinies and halts in units that a sampled unit stands for"""
RETURN = 16
"""whether a wounded or absent soldier returns"""
CROSS = 17
"""does a formation change sides, and who follows?"""
FLEE = 18
"""does a commander leave the soldiers?"""
FRAG = 20
"""is an officer attacked by soldiers of the same side?"""
RULER = 19
"""what a ruler answers, and whether the ruler falls"""
MARCH = 21
"""do mutineers leave their place, and do they seize another?"""
HARM = 22
"""do mutineers kill civilians, and how many?"""
LEADERS = 23
"""what the junior leaders of a company are like, and whether they lead a mutiny"""
OVERTURE = 24
"""is it reconsidered today how kind to be, or how far to appeal to soldiers?"""


class Drawing(Protocol):
    """A table whose rows decide: each has a key and belongs to a contest."""

    @property
    def key(self) -> Keys:
        """64-bit key of who decides, from the full name."""

    @property
    def contest(self) -> Ints:
        """Row number of the contest."""


class Chance:
    """Draws of a day, each a function of seed, member, decision and who decides alone."""

    def __init__(self, seed: int, members: Ints) -> None:
        self.seed, self.members, self.day = seed, members, 0

    def uniform(self, decision: int, who: Drawing, rows: Any = slice(None), number: int = 0) -> Array:
        """Uniform draws in (0, 1) for the rows of a table; `number` tells several draws of one decision apart."""
        return uniforms(self.seed, self.members[who.contest[rows]], who.key[rows], self.day, decision, number)

    def normal(self, decision: int, who: Drawing, rows: Any = slice(None), number: int = 0) -> Array:
        """Standard normal draws, keyed as `uniform`."""
        return normals(self.seed, self.members[who.contest[rows]], who.key[rows], self.day, decision, number)

    def recruits(self, forces: Drawing, rows: Array, numbers: Array) -> Array:
        """Four words for each who joins: the row of the force, and the number on its rolls (shape (soldiers, 4))."""
        who = numbers.astype("u8") | (forces.key[rows] & np.uint64(0xFFFFFFFF)) << np.uint64(32)
        return words(self.seed, self.members[forces.contest[rows]], who, 0, MUSTER)
