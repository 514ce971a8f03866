"""Writes a case as the reader takes it: no anchors, one number a line, and nothing that the format fills in itself."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_text
from allegiance.base.values import Sourced
from allegiance.cases.neutral import is_neutral
from allegiance.cases.schema import Case

WIDE = 4000
"""Longest line: a number with its note stays on one."""


def case_text(case: Case) -> str:
    """A case as the text of a case file; reading it again gives the same case.

    What was left to the format's neutral defaults is left out again.
    """
    yaml = YAML()
    yaml.width = WIDE
    yaml.default_flow_style = False
    yaml.representer.ignore_aliases = lambda *_: True
    stream = io.StringIO()
    yaml.dump(_plain(case), stream)
    return stream.getvalue()


def case_file(path: str | Path) -> Path:
    """The file that `write_case` writes for `path`: itself, or a case.yaml in it if it is a folder or has no ending."""
    target = Path(path)
    return target / "case.yaml" if target.is_dir() or not target.suffix else target


def write_case(case: Case, path: str | Path, overwrite: bool = False) -> Path:
    """Write a case file, whole or not at all, and return its path.

    Args:
        case: the case to write.
        path: the file, or a folder that gets a case.yaml.
        overwrite: replace a file that is there.

    Raises:
        AllegianceError: the file exists already, or cannot be written.
    """
    target = case_file(path)
    if target.exists() and not overwrite:
        raise AllegianceError(f"{target} exists already", "choose another name; nothing was changed")
    write_text(target, case_text(case))
    return target


def _plain(value: Any) -> Any:
    """Plain data for the writer; numbers and formations in flow style, defaults and empty parts left out."""
    if isinstance(value, Sourced):
        return _flow({k: v for k, v in value.model_dump(mode="json").items() if v not in (None, "")})
    if isinstance(value, BaseModel):
        out = CommentedMap()
        for name, info in type(value).model_fields.items():
            item = getattr(value, name)
            if item is None or (isinstance(item, Sourced) and is_neutral(item)) or _empty(item, info.is_required()):
                continue
            key = info.alias or name
            out[key] = _flow(item.model_dump()) if key == "formation" else _plain(item)
        return out
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, int | float | bool):
        return value
    return _text(value)


def _empty(item: Any, required: bool) -> bool:
    """Whether a part holds nothing but what the format would fill in again."""
    if isinstance(item, Mapping) and item:
        return all(_empty(v, required=False) for v in item.values())
    if isinstance(item, Sourced):
        return is_neutral(item)
    if isinstance(item, BaseModel):
        numbers = [v for v in vars(item).values() if isinstance(v, Sourced | list | Mapping)]
        return bool(numbers) and all(_empty(v, required=False) for v in numbers)
    return not required and item in ("", [], {})


def _flow(data: Mapping[str, Any]) -> CommentedMap:
    out = CommentedMap((k, _short(v) if isinstance(v, float) else _text(v)) for k, v in data.items())
    out.fa.set_flow_style()
    return out


def _short(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_short(float(v)) for v in value]
    if isinstance(value, int | float | bool):
        return value
    return DoubleQuotedScalarString(str(value)) if _loose(str(value)) else str(value)


def _loose(text: str) -> bool:
    return not text.replace("-", "").replace("_", "").isalnum() or not text[0].isalpha()
