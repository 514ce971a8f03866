"""Values of a case in place of a draft's defaults: what data do not give, taken from an army that is like it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from allegiance.cases.loader import load_case, load_observed
from allegiance.cases.paths import dump

KEPT = ("groups", "composition", "population", "strength", "weight", "resources")
"""Numbers that hang together with others, or with this state, and are never borrowed."""


def borrowed(data: dict[str, Any], like: str, key: str) -> dict[str, Any]:
    """A draft's plain data with judgements replaced by those of the case `like` at the same place.

    Its coded side (else its attacker) stands for the draft's, its first force of the same kind for each force.

    Raises:
        AllegianceError: there is no such case.
    """
    case, observed = load_case(like), load_observed(like)
    theirs = dump(case)
    side = observed.side if observed else next(k for k, s in case.sides.items() if s.role == "attacker")
    out = deepcopy(data)
    model = theirs["sides"][side]
    mine = out["sides"][key]
    for name, force in mine["forces"].items():
        same = [f for f in model["forces"].values() if f["kind"] == force["kind"]]
        if same:
            mine["forces"][name] = _laid(force, same[0], case.id)
    plain = {k: v for k, v in mine.items() if k != "forces"}
    mine |= _laid(plain, model, case.id)
    if theirs["war"]["kind"] == out["war"]["kind"]:
        out["war"] = _laid(out["war"], theirs["war"], case.id)
    return out


def _laid(part: Any, model: Any, name: str) -> Any:
    """`part` with each judgement replaced by what stands at the same place of `model`."""
    if not isinstance(part, Mapping) or not isinstance(model, Mapping):
        return part
    if "unit" in part:
        if part["basis"] != "judgement" or part["unit"] != model.get("unit"):
            return dict(part)
        taken = {k: v for k, v in model.items() if k in ("value", "unit", "range") and v is not None}
        return {**taken, "basis": "judgement", "note": f"as in the case {name}"}
    return {k: v if k in KEPT else _laid(v, model.get(k), name) for k, v in part.items()}
