"""Walks the types and the plain data of a case along dotted paths; `paths` is what users of a case call."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel

from allegiance.base.errors import AllegianceError, near
from allegiance.base.values import Sourced
from allegiance.cases.schema import Case
from allegiance.cases.units import Unit

Value = float | bool | str
ABSENT: Final[Any] = object()
"""Stands for a value that plain data does not hold."""


@cache
def fields(model: type[BaseModel]) -> Mapping[str, Any]:
    """The keys of a model as written in a file, with their annotations."""
    return {info.alias or name: _full(info) for name, info in model.model_fields.items()}


def _full(info: Any) -> Any:
    """An annotation with its metadata put back (pydantic keeps them apart)."""
    for extra in info.metadata:
        if isinstance(extra, AfterValidator):
            return Annotated[info.annotation, extra]
    return info.annotation


def bare(kind: Any) -> tuple[Any, Unit | None]:
    """A type without `Annotated` and `| None`, and the unit found on the way."""
    unit = None
    while True:
        if get_origin(kind) is Annotated:
            kind, *extras = get_args(kind)
            for extra in extras:
                if isinstance(extra, AfterValidator) and isinstance(extra.func, Unit):
                    unit = extra.func
        elif get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind):
            kind = next(k for k in get_args(kind) if k is not NoneType)
        else:
            return kind, unit


def child(kind: Any, key: str | int) -> Any:
    """The type below `key` in a value of type `kind`; None if there can be none."""
    kind, _ = bare(kind)
    origin = get_origin(kind)
    if origin is dict:
        return get_args(kind)[1]
    if origin is list:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return fields(kind).get(str(key))
    return None


def known(kind: Any, data: Any) -> list[str]:
    """The keys that exist below a value: fields, dictionary keys (or all of an enumeration), positions."""
    kind, _ = bare(kind)
    origin = get_origin(kind)
    if kind is Sourced:
        return []
    if origin is dict:
        first = get_args(kind)[0]
        possible = [str(k) for k in first] if isinstance(first, type) and issubclass(first, StrEnum) else []
        return list(dict.fromkeys([*(data if isinstance(data, Mapping) else ()), *possible]))
    if origin is list:
        return [str(i) for i in range(len(data))] if isinstance(data, list) else []
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(fields(kind))
    return []


def expand(data: Any, path: str) -> list[tuple[str, ...]]:
    """All concrete paths that `path` (with stars) means in `data`, a case as plain data.

    Raises:
        AllegianceError: a part of the path does not exist; names the nearest that do.
    """
    found: list[tuple[tuple[str, ...], Any, Any]] = [((), Case, data)]
    for part in path.split("."):
        deeper: list[tuple[tuple[str, ...], Any, Any]] = []
        for done, kind, value in found:
            keys = known(kind, value)
            present = [k for k in keys if below(value, k) is not ABSENT]
            if part != "*" and part not in keys:
                where = ".".join(done) or "the case"
                raise AllegianceError(
                    f"path '{path}' does not exist: no '{part}' in {where}",
                    near(part, keys) if keys else f"{where} has nothing below it",
                )
            deeper += [((*done, k), child(kind, k), below(value, k)) for k in (present if part == "*" else [part])]
        found = deeper
    return [done for done, _, _ in found]


def below(value: Any, key: str) -> Any:
    """The plain value below a key or position, or `ABSENT`."""
    if isinstance(value, list):
        return value[int(key)] if key.isdigit() and int(key) < len(value) else ABSENT
    return value.get(key, ABSENT) if isinstance(value, Mapping) else ABSENT


def kind_at(path: tuple[str, ...]) -> tuple[Any, Unit | None]:
    """The bare type at a concrete path, and its unit if it is a sourced number."""
    kind: Any = Case
    for part in path:
        kind = child(kind, part)
    return bare(kind)


def misfit(path: tuple[str, ...], value: Value) -> str:
    """Why `value` cannot stand at `path`; empty if it can."""
    kind, unit = kind_at(path)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is Sourced:
        if not number:
            return f"takes a number in {unit.unit if unit else 'its unit'}"
        if not math.isfinite(value):  # type: ignore[arg-type]
            return "must be a finite number"
        if unit and not unit.low <= float(value) <= unit.high:
            return f"out of bounds: must lie in {unit.bounds}"
        return ""
    if kind is bool:
        return "" if isinstance(value, bool) else "takes true or false"
    if kind is int:
        return "" if number and float(value).is_integer() else "takes a whole number"
    if kind in (str, date) or get_origin(kind) is Literal:
        return "" if isinstance(value, str) else "takes text"
    return "is not a value but a group of values; go on to one of its numbers"
