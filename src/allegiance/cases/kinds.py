"""Kinds of brigades of a force: whether they add up to it, and whom each holds so that they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from allegiance.base.values import Basis
from allegiance.cases.reader import Document, Path_
from allegiance.cases.sense import TOLERANCE, adds_up, items, plain_number

_ROUNDS = 500
"""Rounds of fitting: far more than it takes."""
_TRACE = 1e-3
"""Share of the force's composition that a kind gets where the kinds given cannot add up to it at all."""

Floats = npt.NDArray[np.float64]


def compositions(
    given: Sequence[Mapping[str, float]], shares: Iterable[float], whole: Mapping[str, float], names: Sequence[str]
) -> Floats:
    """Whom each kind holds (rows: kinds; columns: categories by `names`), so that together they are the whole force.

    Kinds that give no composition hold what the others leave. What is given is fitted to the force's composition by
    rescaling rows and columns in turn (Deming & Stephan 1940), which changes nothing that adds up already.

    >>> compositions([{"contract": 1.0}, {}], [0.5, 0.5], {"contract": 0.8, "conscript": 0.2},
    ...              ["contract", "conscript"]).round(6).tolist()
    [[1.0, 0.0], [0.6, 0.4]]
    """
    share, total = _normal(np.array(list(shares), float)), _normal(_row(whole, names))
    rows = np.array([_row(one, names) for one in given])
    open_ = rows.sum(axis=1) <= 0
    rows[~open_] /= rows[~open_].sum(axis=1, keepdims=True)
    left = np.maximum(total - share @ rows, 0.0)
    rows[open_] = left if left.sum() > 0 else total
    rows[open_] /= rows[open_].sum(axis=1, keepdims=True)
    fitted = _fitted(rows, share, total)
    if np.abs(fitted.sum(axis=1) - 1.0).max() > TOLERANCE:
        fitted = _fitted(rows + _TRACE * total, share, total)
    made: Floats = fitted / fitted.sum(axis=1, keepdims=True)
    return made


def _fitted(rows: Floats, share: Floats, total: Floats) -> Floats:
    made = rows.copy()
    for _ in range(_ROUNDS):
        made /= np.maximum(made.sum(axis=1, keepdims=True), 1e-300)
        there = share @ made
        if np.abs(there - total).max() < 1e-12:
            break
        made *= np.where(there > 0, total / np.where(there > 0, there, 1.0), 0.0)
    return made


def _row(shares: Mapping[str, float], names: Sequence[str]) -> Floats:
    return np.array([shares.get(name, 0.0) for name in names], float)


def _normal(shares: Floats) -> Floats:
    return shares / max(float(shares.sum()), 1e-300)


def check_kinds(document: Document, path: Path_, force: Mapping[str, Any]) -> None:
    """Add a fault where shares of the kinds, or whom they hold, do not add up to the force."""
    kinds = dict(items(force.get("brigades")))
    if not kinds:
        return
    here = (*path, "brigades")
    shares = {key: plain_number(kind.get("share")) for key, kind in kinds.items()}
    if None in shares.values():
        return
    adds_up(document, here, shares.values(), "share over the kinds of brigades")
    own = {key: _shares(kind.get("composition")) for key, kind in kinds.items()}
    for key, held in own.items():
        adds_up(document, (*here, key, "composition"), held.values(), "composition")
    _together(document, here, own, shares, _shares(force.get("composition")))


def _together(
    document: Document, here: Path_, own: Mapping[str, Mapping[str, float]], shares: Mapping[str, float | None],
    whole: Mapping[str, float],
) -> None:  # fmt: skip
    open_ = any(not held for held in own.values())
    for category in sorted({*whole, *(c for held in own.values() for c in held)}):
        there = sum((shares[key] or 0.0) * held.get(category, 0.0) for key, held in own.items())
        wanted = whole.get(category, 0.0)
        if there > wanted + TOLERANCE or (not open_ and there < wanted - TOLERANCE):
            document.fault(
                here, f"the kinds of brigades hold another share of '{category}' than the force, {wanted:.4g}",
                f"{there:.4g}", "correct a composition, or leave out that of one kind, which then holds the rest",
            )  # fmt: skip


def _shares(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        return {}
    found = {str(key): plain_number(item) for key, item in value.items()}
    return {key: number for key, number in found.items() if number is not None}


def refit(data: Any, touched: Iterable[tuple[str, ...]]) -> None:
    """Fit whom the kinds of brigades hold to their force where a user has set one or the other, in plain data."""
    changed = {
        path[:4] for path in touched
        if path[4:5] == ("composition",) or (path[4:5] == ("brigades",) and path[6] in ("composition", "share"))
    }  # fmt: skip
    for path in sorted(changed):
        force: Any = data
        for part in path:
            force = force[part]
        kinds = dict(items(force.get("brigades")))
        own = {key: _shares(kind.get("composition")) for key, kind in kinds.items()}
        if not any(own.values()):
            continue
        names = list(force["composition"])
        shares = [plain_number(kind["share"]) or 0.0 for kind in kinds.values()]
        made = compositions(list(own.values()), shares, _shares(force["composition"]), names)
        for row, (key, kind) in zip(made, kinds.items(), strict=True):
            if own[key]:
                kind["composition"] = {  # type: ignore[index]
                    name: {
                        "value": float(value), "unit": "share", "basis": Basis.judgement.value,
                        "note": "fitted to the composition of the force, of which a share was set by the user",
                    }
                    for name, value in zip(names, row.tolist(), strict=True)
                }  # fmt: skip
