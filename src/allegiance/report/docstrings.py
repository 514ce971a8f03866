"""Reading the package's own docstrings, so that its documentation has one source."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any

_SECTION = re.compile(r"^(Args|Returns|Raises|Source):\s*(.*)$")


@dataclass(frozen=True)
class Explained:
    """A function as its docstring explains it."""

    name: str
    call: str
    summary: str
    arguments: tuple[tuple[str, str], ...]
    returns: str
    source: str


def explain(function: Callable[..., Any]) -> Explained:
    """Take a docstring apart.

    >>> explain(explain).call
    'explain(function)'
    """
    parts: dict[str, list[str]] = {"": []}
    section = ""
    for line in inspect.cleandoc(function.__doc__ or "").splitlines():
        if match := _SECTION.match(line):
            section = match[1]
            parts[section] = [match[2]] if match[2] else []
        elif not line.startswith(">>>") and not (parts[section] and parts[section][-1].startswith(">>>")):
            parts[section].append(line)
    return Explained(
        name=function.__name__,
        call=f"{function.__name__}({', '.join(inspect.signature(function).parameters)})",
        summary=_paragraphs(parts[""]),
        arguments=tuple(_arguments(parts.get("Args", []))),
        returns=_joined(parts.get("Returns", [])),
        source=_joined(parts.get("Source", [])),
    )


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines if line.strip())


def _paragraphs(lines: list[str]) -> str:
    return "\n".join(lines).strip()


def _arguments(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in (line.strip() for line in lines if line.strip()):
        name, separator, text = line.partition(": ")
        if separator and name.isidentifier():
            found.append((name, text))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}")
    return found


def attribute_docs(owner: type | ModuleType) -> dict[str, str]:
    """The text under each attribute of a class or constant of a module, by name.

    >>> from allegiance.world.soldiers import Soldiers
    >>> attribute_docs(Soldiers)["region"]
    'u1: home region'
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else tree.body
    docs: dict[str, str] = {}
    for statement, following in pairwise(body):
        if not isinstance(following, ast.Expr) or not isinstance(following.value, ast.Constant):
            continue
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]  # type: ignore[assignment]
        if isinstance(target, ast.Name):
            docs[target.id] = " ".join(str(following.value.value).split())
    return docs


def module_parts(module: ModuleType) -> tuple[str, str]:
    """A module's first sentence and the rest of its docstring."""
    head, _, rest = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    return " ".join(head.split()), rest.strip()
