"""Dotted paths into a case: read a value, set values, list all numbers, hash.

A path runs through field names, dictionary keys and list positions: `sides.russia.supply`, `ties.0.tie`.
A star stands for all keys or positions: `ties.*.tie`. A path that ends on a sourced number means its value.
Where shares must add up to 1, those that are not set are rescaled to fill the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.values import Basis, Sourced
from allegiance.cases.faults import validated
from allegiance.cases.kinds import refit
from allegiance.cases.older import settings
from allegiance.cases.reader import Document, scalar
from allegiance.cases.schema import Case
from allegiance.cases.walk import ABSENT, Value, below, expand, kind_at, misfit

SHARES = ("composition", "groups", "recruits_from")


def dump(case: Case) -> dict[str, Any]:
    """A case as plain data, as it would stand in a file."""
    return case.model_dump(mode="json", by_alias=True)


def resolve(case: Case, path: str) -> Any:
    """The value at a path: the number of a sourced value, or a plain value.

    Raises:
        AllegianceError: the path does not exist, or means more than one value.
    """
    data: Any = dump(case)
    concrete = expand(data, path)
    if len(concrete) != 1:
        raise AllegianceError(f"path '{path}' means {len(concrete)} values", "name one of them instead of *")
    for part in concrete[0]:
        data = below(data, part)
    if data is ABSENT:
        return None
    return data["value"] if kind_at(concrete[0])[0] is Sourced and data is not None else data


def with_values(case: Case, values: Mapping[str, Value]) -> Case:
    """A new case with some values set; a set sourced number becomes a judgement 'set by the user'.

    Args:
        values: path -> value; see the module's text for stars and shares.

    Raises:
        AllegianceError: a path does not exist, a value has the wrong type or is out of bounds, or the
            case would contradict itself.
    """
    if not values:
        return case
    data = dump(case)
    values = settings(data, values)
    touched: dict[tuple[str, ...], Value] = {}
    for path, value in values.items():
        concrete = expand(data, path)
        if not concrete:
            raise AllegianceError(f"path '{path}' means nothing in case '{case.id}'", "there is nothing under the star")
        for one in concrete:
            problem = misfit(one, value)
            if problem:
                raise AllegianceError(f"{'.'.join(one)} {problem} (found: {value})", "set another value or path")
            touched[one] = value
    for one, value in touched.items():
        _put(data, one, value, "set by the user")
    for group in sorted({one[:-1] for one in touched if one[-2:-1] and one[-2] in SHARES}):
        _fill(data, group, touched)
    _fill_across(data, touched)
    refit(data, touched)
    return validated(Document(f"case '{case.id}' with the values set", data), Case)


def _put(data: Any, path: tuple[str, ...], value: Value, note: str) -> None:
    kind, unit = kind_at(path)
    for part in path[:-1]:
        data = data[int(part)] if isinstance(data, list) else data[part]
    key: Any = int(path[-1]) if isinstance(data, list) else path[-1]
    if kind is Sourced and unit is not None:
        data[key] = {"value": float(value), "unit": unit.unit, "basis": Basis.judgement.value, "note": note}
    else:
        data[key] = int(value) if kind is int else value


def _fill(data: Any, group: tuple[str, ...], touched: Mapping[tuple[str, ...], Value]) -> None:
    """Rescale the shares of one group that were not set, so that all add up to 1."""
    shares = data
    for part in group:
        shares = shares[int(part)] if isinstance(shares, list) else shares[part]
    _rescale({(*group, k): v["value"] for k, v in shares.items()}, touched, data)


def _fill_across(data: Any, touched: Mapping[tuple[str, ...], Value]) -> None:
    """The same for the shares spread over areas (weight) and over the kinds of brigades of a force (share)."""
    groups = [[("areas", key, "weight") for key in data["areas"]]]
    for one in {path[:5] for path in touched if path[4:5] == ("brigades",)}:
        kinds: Any = data
        for part in one:
            kinds = kinds[part]
        groups.append([(*one, key, "share") for key in kinds])
    for paths in groups:
        if any(path in paths for path in touched):
            _rescale({path: _number(data, path) for path in paths}, touched, data)


def _number(data: Any, path: tuple[str, ...]) -> float:
    for part in path:
        data = data[part]
    return float(data["value"])


def _rescale(shares: Mapping[tuple[str, ...], float], touched: Mapping[tuple[str, ...], Value], data: Any) -> None:
    free = {path: share for path, share in shares.items() if path not in touched}
    rest = 1.0 - sum(share for path, share in shares.items() if path in touched)
    total = sum(free.values())
    if total <= 0 or rest < 0 or math.isclose(total, rest):
        return
    for path, share in free.items():
        _put(data, path, share * rest / total, "rescaled because another share was set by the user")


def parse_setting(text: str) -> tuple[str, Value]:
    """Split `path=value` and read the value as YAML would.

    Raises:
        AllegianceError: there is no `=`, no path or no value.

    >>> parse_setting("sides.russia.supply=0.9")
    ('sides.russia.supply', 0.9)
    """
    path, sign, raw = text.partition("=")
    value = scalar(raw.strip())
    if not sign or not path.strip() or value is None:
        raise AllegianceError(f"cannot read the setting '{text}'", "write path=value, such as sides.russia.supply=0.9")
    return path.strip(), value


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Sourced]]:
    if isinstance(value, Sourced):
        yield ".".join(path), value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, (*path, str(position)))


def numbers(case: Case) -> list[tuple[str, Sourced]]:
    """Every sourced number of a case with its path, in the order of the file."""
    return list(_walk(case, ()))


def basis_counts(case: Case) -> dict[str, int]:
    """How many numbers rest on each basis; all four keys are present."""
    counts = {str(basis): 0 for basis in Basis}
    for _, number in numbers(case):
        counts[str(number.basis)] += 1
    return counts


def case_hash(case: Case) -> str:
    """SHA-256 of a case's content, 64 hexadecimal digits; comments and layout do not count."""
    return sha256_text(to_json(dump(case)))
