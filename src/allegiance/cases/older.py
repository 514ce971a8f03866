"""Reads what older case files wrote: `resource_share`, a share of the side's means, is now `resources`, a ratio a head.

A share had to be compared with the share of men by hand: who changed a strength alone changed who was fed. The ratio of
a force is its share of the side's means over its share of the men; 1 is equal, and changing a strength leaves it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from allegiance.cases.reader import Document
from allegiance.cases.units import Share

OLD, NEW = "resource_share", "resources"
TOLERANCE = 0.011
_PATH = re.compile(rf"sides\.([^.]+)\.forces\.([^.]+)\.{OLD}")
_MOST = 100.0
_SECTIONS = (("decisions", "set"), ("counterfactuals", "set"), ("conditions", "neutral"))


def modernise(document: Document) -> None:
    """Turn shares into ratios in a document's data, values and paths that set them alike; add a fault where it "
    "cannot."""
    data = document.data
    if not isinstance(data, Mapping) or not isinstance(data.get("sides"), Mapping):
        return
    out = dict(data)
    out["sides"] = {name: _side(document, name, side) for name, side in data["sides"].items()}
    for section, key in _SECTIONS:
        if isinstance(data.get(section), Mapping):
            out[section] = {
                name: _entry(data, entry, key) if isinstance(entry, Mapping) else entry
                for name, entry in data[section].items()
            }
    document.data = out


def settings(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Paths and values with old paths turned into new ones; `data` is the case, old or new, that they are set in."""
    old = {path: value for path, value in values.items() if _PATH.fullmatch(path)}
    if not old:
        return dict(values)
    out = {path: value for path, value in values.items() if path not in old}
    for name, forces in _forces(data):
        wanted = {
            key: float(value)
            for path, value in old.items()
            if (m := _PATH.fullmatch(path)) and m[1] in ("*", name) and isinstance(value, int | float)
            for key in forces
            if m[2] in ("*", key)
        }
        if wanted:
            men = {key: _set_strength(values, name, key, force) for key, force in forces.items()}
            for key, ratio in _ratios(_filled(_shares(forces), wanted), men).items():
                out[f"sides.{name}.forces.{key}.{NEW}"] = ratio
    return out if len(out) > len(values) - len(old) else dict(values)


def _entry(data: Mapping[str, Any], entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    held = entry.get(key)
    return {**entry, key: settings(data, held)} if isinstance(held, Mapping) else entry


def _forces(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Mapping[str, Any]]]]:
    for name, side in data["sides"].items():
        forces = side.get("forces") if isinstance(side, Mapping) else None
        if isinstance(forces, Mapping) and all(isinstance(f, Mapping) for f in forces.values()):
            yield str(name), dict(forces)


def _number(part: Any) -> float | None:
    found = part.get("value") if isinstance(part, Mapping) else None
    known = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    return float(found) if known else None  # type: ignore[arg-type]


def _shares(forces: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Shares of the side's means, given as such or as ratios a head (1 where not given)."""
    if any(OLD in force for force in forces.values()):
        return {key: _number(force.get(OLD)) or 0.0 for key, force in forces.items()}
    means = {key: (_ratio(force)) * (_number(force.get("strength")) or 0.0) for key, force in forces.items()}
    total = sum(means.values())
    return {key: value / total if total > 0 else 1 / len(means) for key, value in means.items()}


def _ratio(force: Mapping[str, Any]) -> float:
    found = _number(force.get(NEW))
    return 1.0 if found is None else found


def _set_strength(values: Mapping[str, Any], side: str, key: str, force: Mapping[str, Any]) -> float:
    found = values.get(f"sides.{side}.forces.{key}.strength")
    return float(found) if isinstance(found, int | float) else _number(force.get("strength")) or 0.0


def _filled(shares: dict[str, float], wanted: Mapping[str, float]) -> dict[str, float]:
    """The shares wanted, and the others rescaled to the rest."""
    rest = 1.0 - sum(wanted.values())
    free = sum(share for key, share in shares.items() if key not in wanted)
    scale = rest / free if free > 0 and rest >= 0 else 1.0
    return {key: wanted.get(key, share * scale) for key, share in shares.items()}


def _ratios(shares: Mapping[str, float], men: Mapping[str, float]) -> dict[str, float]:
    """Ratio a head of each force: its share of the means over its share of the men."""
    means, all_men = sum(shares.values()), sum(men.values())
    if means <= 0 or all_men <= 0:
        return dict.fromkeys(shares, 1.0)
    return {
        key: min(share / means / (men[key] / all_men), _MOST) if men[key] > 0 else 1.0 for key, share in shares.items()
    }


def _side(document: Document, name: str, side: Any) -> Any:
    forces = side.get("forces") if isinstance(side, Mapping) else None
    if not isinstance(forces, Mapping) or not any(isinstance(f, Mapping) and OLD in f for f in forces.values()):
        return side
    here = ("sides", name, "forces")
    sound = _sound(document, here, forces)
    ratios = {}
    if sound:
        shares = {key: _number(force[OLD]) or 0.0 for key, force in forces.items()}
        if abs(sum(shares.values()) - 1.0) > TOLERANCE:
            document.fault(
                here, f"{OLD} over forces must add up to 1", f"{sum(shares.values()):.4g}",
                "correct the shares, or write resources: what a soldier receives relative to the mean, 1 equal",
            )  # fmt: skip
        men = {key: _number(force.get("strength")) or 0.0 for key, force in forces.items()}
        ratios = _ratios(shares, men)
    return {**side, "forces": {key: _force(force, ratios.get(key)) for key, force in forces.items()}}


def _sound(document: Document, here: tuple[str, ...], forces: Mapping[str, Any]) -> bool:
    """Whether every force has a share as it should be written; adds a fault where one has not."""
    fine = True
    for key, force in forces.items():
        if not isinstance(force, Mapping):
            return False
        if OLD not in force:
            document.fault((*here, key), f"key '{OLD}' is missing, which other forces have", "", "give all or none")
            fine = False
            continue
        try:
            TypeAdapter(Share).validate_python(force[OLD])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            bare = not isinstance(force[OLD], Mapping)
            message = "a number needs a unit, a basis and a source or note" if bare else str(first["msg"])
            shown = force[OLD] if bare else f"{force[OLD].get('value')} {force[OLD].get('unit', '')}"
            document.fault((*here, key, OLD), message.removeprefix("Value error, "), shown, "give a share in [0, 1]")
            fine = False
    return fine


def _force(force: Any, ratio: float | None) -> Any:
    if not isinstance(force, Mapping) or OLD not in force:
        return force
    out = {key: value for key, value in force.items() if key != OLD}
    if ratio is not None:
        old, share = force[OLD], _number(force[OLD]) or 0.0
        factor = ratio / share if share > 0 else 0.0
        ends = old.get("range")
        out[NEW] = {**old, "value": ratio, "unit": "ratio"}
        if ends is not None:
            out[NEW]["range"] = [min(ratio, ends[0] * factor), max(ratio, min(ends[1] * factor, _MOST))]
    return out
