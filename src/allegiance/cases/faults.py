"""Turns what pydantic finds wrong into faults with a place, a value and a cure, all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from allegiance.base.errors import near
from allegiance.base.values import Basis, Sourced
from allegiance.cases.checks import check, check_observed
from allegiance.cases.neutral import filled
from allegiance.cases.older import modernise
from allegiance.cases.reader import Document, Path_
from allegiance.cases.schema import Case, Observed
from allegiance.cases.walk import bare, child, fields, known

M = TypeVar("M", bound=BaseModel)


def validated(document: Document, model: type[M]) -> M:
    """The model that a document holds.

    Raises:
        FaultyInput: every fault of the document, in the order of its lines.
    """
    if not isinstance(document.data, Mapping):
        sort = document.sort
        document.fault((), f"a {sort.name} is a mapping of keys to values", type(document.data).__name__, sort.start)
        document.raise_faults()
    if model is Case:
        modernise(document)
        document.data = filled(document.data)
    built: M | None = None
    try:
        built = model.model_validate(document.data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _translate(document, model, dict(item))
    if model is Case:
        check(document)
    elif model is Observed:
        check_observed(document)
    document.raise_faults()
    assert built is not None
    return built


def _translate(document: Document, model: type[BaseModel], item: dict[str, Any]) -> None:
    path, kind, parent, value = _place(document.data, model, tuple(item["loc"]))
    sort, found = str(item["type"]), item.get("input", "")
    if sort == "extra_forbidden":
        document.fault(path, f"unknown key '{path[-1]}'", "", near(str(path[-1]), _keys(parent)))
    elif sort == "missing":
        cure = _example(kind) or f"add it; {document.sort.start}"
        document.fault(path, f"key '{path[-1]}' is missing", "", cure)
    elif "[key]" in item["loc"]:
        document.fault(
            path,
            f"key '{path[-1]}' is not allowed here",
            "",
            near(str(path[-1]), known(parent, {}))
            if known(parent, {})
            else "use small letters, digits, - and _, starting with a letter",
        )
    elif bare(kind)[0] is Sourced and not isinstance(value, Mapping):
        document.fault(path, "a number needs a unit, a basis and a source or note", value, _example(kind, value))
    else:
        cure = _cure(sort, path, kind, item) or document.sort.keys
        document.fault(path, _said(sort, str(item["msg"])), _plain(found), cure)


def _place(data: Any, model: Any, loc: tuple[Any, ...]) -> tuple[Path_, Any, Any, Any]:
    """The path of a fault in the file (union labels dropped), its type, its parent's type, its value."""
    path: list[str | int] = []
    kind, parent, value = model, model, data
    for part in loc:
        below = child(kind, part) if part != "[key]" else None
        if below is None and not (isinstance(value, Mapping) and part in value):
            if bare(kind)[0] in (float, bool, str, int) or part == "[key]" or not isinstance(part, str):
                break
            if bare(kind)[0] is not Sourced and not _is_model(kind):
                break  # a label of a union, not a key
        parent, kind = kind, below
        path.append(part)
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            value = None
    return tuple(path), kind, parent, value


def _is_model(kind: Any) -> bool:
    kind = bare(kind)[0]
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _keys(kind: Any) -> list[str]:
    kind = bare(kind)[0]
    return list(fields(kind)) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _example(kind: Any, value: Any = None) -> str:
    """A sourced number as it should stand, for a field of this kind."""
    sort, unit = bare(kind)
    if sort is not Sourced or unit is None:
        return ""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else unit.low
    return f"write {{value: {number:g}, unit: {unit.unit}, basis: judgement, note: why}}"


def _said(sort: str, message: str) -> str:
    if sort.startswith("date"):
        return "not a day of the calendar"
    if sort == "model_type":
        return "a mapping of keys to values is needed here"
    return message.removeprefix("Value error, ")


def _plain(found: Any) -> str:
    if isinstance(found, Mapping) and "value" in found:
        return f"{found.get('value')} {found.get('unit', '')}".strip()
    if isinstance(found, Sourced):
        return f"{found.value:g} {found.unit}"
    return "" if isinstance(found, Mapping | list) else str(found)


def _cure(sort: str, path: Path_, kind: Any, item: dict[str, Any]) -> str:
    if path and path[-1] == "basis":
        return "one of: " + ", ".join(Basis)
    if sort in ("literal_error", "enum"):
        return near(str(item.get("input", "")), re.findall(r"'([^']+)'", item.get("ctx", {}).get("expected", "")))
    if sort.startswith("date"):
        return "write a day as 2022-02-24"
    unit = bare(kind)[1]
    if unit is not None:
        return f"give {unit.unit} in {unit.bounds}"
    return ""
