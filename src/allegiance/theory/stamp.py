"""What the formulas are, as a hash: a fitted file says which it was made with.

The stamp of a mechanism covers the code of its module without docstrings, comments, imports, and without what is only
said of it: its parameters with their priors, sources and summaries. An added parameter that no formula reads leaves it
as it is; a changed formula, term, route or constant does not.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache

from allegiance.base.files import sha256_text
from allegiance.theory.contract import Mechanism
from allegiance.theory.registry import MECHANISMS

_SAID = frozenset({"parameters", "summary", "silent_on", "sources", "claims"})


def stamps() -> dict[str, str]:
    """SHA-256 of the formulas of every mechanism, by its id."""
    return {m.id: _stamp(inspect.getsourcefile(m.functions[0]) or "", m.id) for m in MECHANISMS}


def changed(made_with: Mapping[str, str]) -> list[str]:
    """Mechanisms whose formulas are not what `made_with` says, or which are no more.

    A mechanism that came later is not among them: what was fitted says nothing of it.
    """
    now = stamps()
    return sorted(name for name, digest in made_with.items() if now.get(name) != digest)


def theory_hash() -> str:
    """SHA-256 of all formulas together."""
    return sha256_text("\n".join(f"{name} {digest}" for name, digest in sorted(stamps().items())))


@cache
def _stamp(path: str, identifier: str) -> str:
    with open(path, encoding="utf-8") as file:
        return formula_hash(file.read())


def formula_hash(source: str) -> str:
    """SHA-256 of the code of a mechanism's module, without what is only said of it.

    >>> formula_hash("def f(x): return x") == formula_hash("def f(x):  # why\\n    'doc'\\n    return x")
    True
    """
    tree = ast.parse(source)
    tree.body = [n for n in tree.body if not isinstance(n, ast.Import | ast.ImportFrom)]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [n for n in body if not _is_text(n)]  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == Mechanism.__name__:
            node.keywords = [k for k in node.keywords if k.arg not in _SAID]
    return sha256_text(ast.dump(tree, annotate_fields=False))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
