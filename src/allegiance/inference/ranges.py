"""Worlds drawn from what is not known about a case: its numbers within their ranges, one draw for each member pair.

A case's numbers are as uncertain as the theory's. The same numbers are varied as in a sensitivity analysis; here each
is drawn so that its stated value is the median and the range is never left.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.random import name_key, uniforms
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.experiments.sensitivity import inputs_of

_SALT = "case values"
_HALVINGS = 6


def within_ranges(case: Case, seed: int, number: int) -> Case:
    """Draw `number` of the case's numbers that have a range: a pure function of (case, seed, number).

    Half the draws lie below the stated value and half above, evenly within each half. If the drawn numbers together
    contradict the case's own rules, the draw is moved half way back to the stated values until they do not.
    """
    numbers = [one for one in inputs_of(case) if one.kind == "case"]
    keys = [name_key(f"{_SALT} {one.name}") for one in numbers]
    luck = uniforms(seed, number, keys, 0, 255, 2)
    drawn = {
        one.name: (one.value, float(np.interp(u, (0.0, 0.5, 1.0), (one.low, one.value, one.high))))
        for one, u in zip(numbers, luck, strict=True)
    }
    for step in range(_HALVINGS):
        share = 0.5**step
        try:
            return with_values(case, {name: value + share * (to - value) for name, (value, to) in drawn.items()})
        except AllegianceError:
            continue
    return case
