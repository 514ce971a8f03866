"""Shares kept off 0 and 1 by half a world, or half an event, on either side, so that none and all have finite odds."""

from __future__ import annotations

from typing import Any

AS_MANY = 500
"""Worlds that a probability by daily chances (inference/world.chances_of) is taken to rest on: it is off 0 by that."""


def off_the_ends(share: Any, worlds: Any) -> Any:
    """The share of so many worlds as a probability: (share · worlds + ½) / (worlds + 1).

    Args:
        share: number or array [share, 0 to 1].
        worlds: worlds it was counted in, of a shape that goes with it [worlds, > 0].

    >>> off_the_ends(0.0, 9), off_the_ends(1.0, 9)
    (0.05, 0.95)
    """
    return (share * worlds + 0.5) / (worlds + 1.0)


def base_rate(y: Any) -> float:
    """Share of rows that saw the event, an array of 0 and 1, with half an event on either side.

    >>> import numpy
    >>> base_rate(numpy.array([0.0, 1.0, 1.0, 0.0]))
    0.5
    """
    return (float(y.sum()) + 0.5) / (len(y) + 1.0)
