"""JSON files of ours as pydantic models; what is wrong with one is told in a user's words, not in the checker's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import read_regular

M = TypeVar("M", bound=BaseModel)
LARGEST = 200_000_000
"""Bytes that a file of ours may have."""


def read_model(path: Path, model: type[M], what: str, cure: str) -> M:
    """The `model` that a JSON file holds; `what` it should be begins with its article.

    Raises:
        AllegianceError: unreadable, too large, no JSON, or not such a model; the message ends with `cure`.
    """
    try:
        return model.model_validate_json(read_regular(path, LARGEST).decode("utf-8"))
    except AllegianceError as error:
        raise AllegianceError(f"no {what.removeprefix('a ')}: {error.message}", cure) from error
    except UnicodeDecodeError as error:
        raise AllegianceError(f"{shown(path)} is not {what}: it is not text", cure) from error
    except ValidationError as error:
        raise AllegianceError(f"{shown(path)} is not {what}: {_said(dict(error.errors()[0]))}", cure) from error


def _said(first: dict[str, Any]) -> str:
    """One thing that pydantic found wrong."""
    where, sort, found = ".".join(map(str, first["loc"])), first["type"], first.get("input")
    if sort == "json_invalid":
        why = str(first["ctx"]["error"])
        return "it is not JSON" if why.startswith("expected value") else f"its JSON is damaged ({why})"
    if sort == "value_error":
        return f"{where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}"
    if sort == "missing":
        return f"it has no {where}"
    if sort == "extra_forbidden":
        return f"it has an unknown key {shown(where)}"
    if sort == "finite_number":
        return f"{where} is not a finite number"
    given = "" if isinstance(found, dict | list) else f": {shown(found)}"
    return f"{where} is not what belongs there{given}" if where else "it is not a JSON object"
