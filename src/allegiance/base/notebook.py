"""A progress bar of its own for functions that are called in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from html import escape
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def in_notebook() -> bool:
    """Whether the code runs in the kernel of a notebook."""
    found = sys.modules.get("IPython")
    shell = found.get_ipython() if found else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def with_bar(function: Callable[P, R]) -> Callable[P, R]:
    """A function with an argument `progress` that shows a bar in notebooks, unless it is told where to report."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.get("progress") is not None or not in_notebook():
            return function(*args, **kwargs)
        bar = _Bar()
        kwargs["progress"] = bar
        try:
            return function(*args, **kwargs)
        finally:
            bar.close()

    return called


class Brief:
    """For results that are dataclasses: shown as name and fields, what is large by its size (give `repr=False`)."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{f.name}={_brief(getattr(self, f.name))}" for f in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({shown})"


def _brief(value: Any) -> str:
    """A value in a few characters.

    >>> _brief("side"), _brief(0.5), _brief([1, 2]), _brief({"a": 1})
    ("'side'", '0.5', '2 entries', '1 entry')
    """
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if hasattr(value, "shape"):
        return " × ".join(map(str, value.shape)) + " table"
    if hasattr(value, "__len__"):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    return repr(value.id) if isinstance(getattr(value, "id", None), str) else f"<{type(value).__name__}>"


class _Bar:
    """A bar in the output of a cell, gone when the work is done."""

    def __init__(self) -> None:
        display: Any = sys.modules["IPython"].display
        self._html = display.HTML
        self._handle = display.display(self._html(_drawn(0.0, "compiling, once, or starting")), display_id=True)

    def __call__(self, share: float, text: str) -> None:
        self._handle.update(self._html(_drawn(share, text)))

    def close(self) -> None:
        self._handle.update(self._html(""))


def _drawn(share: float, text: str) -> str:
    """The bar as HTML.

    >>> _drawn(0.5, "<member>")
    '<progress value="0.500" max="1"></progress> &lt;member&gt;'
    """
    return f'<progress value="{min(max(share, 0.0), 1.0):.3f}" max="1"></progress> {escape(text)}'
