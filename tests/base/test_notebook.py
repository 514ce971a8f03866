"""In a notebook: a bar while work goes on, results that show themselves in a line, names to complete."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import allegiance
from allegiance.base import notebook
from allegiance.base.notebook import Brief, in_notebook, with_bar


@with_bar
def work(times: int, progress: Any = None) -> int:
    for k in range(times):
        if progress:
            progress(k / times, f"step {k}")
    if times > 3:
        raise ValueError("too many")
    return times


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a made-up notebook displays."""
    said: list[str] = []
    handle = SimpleNamespace(update=said.append)
    display = SimpleNamespace(HTML=str, display=lambda html, display_id: (said.append(html), handle)[1])
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell, display=display))
    return said


def test_a_bar_is_shown_in_a_notebook_and_taken_away_at_the_end(shown: list[str]) -> None:
    assert in_notebook()
    assert work(2) == 2
    assert "compiling, once" in shown[0]
    assert 'value="0.500"' in shown[2]
    assert shown[-1] == ""


def test_the_bar_goes_with_a_failure_too_and_gives_way_to_a_callers_own(shown: list[str]) -> None:
    with pytest.raises(ValueError, match="too many"):
        work(4)
    assert shown[-1] == ""
    shown.clear()
    own: list[float] = []
    work(2, progress=lambda share, text: own.append(share))
    assert own == [0.0, 0.5]
    assert not shown


def test_outside_a_notebook_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(notebook, "_Bar", lambda: pytest.fail("a bar"))
    assert work(2) == 2


@dataclass(frozen=True, repr=False)
class Found(Brief):
    case: Any
    frame: pl.DataFrame
    conditions: dict[str, str]


def test_a_result_shows_itself_in_a_line() -> None:
    frame = pl.DataFrame({"a": range(1000), "b": range(1000)})
    shown = repr(Found(SimpleNamespace(id="reference"), frame, {"ties": "ties"}))
    assert shown == "Found(case='reference', frame=1000 × 2 table, conditions=1 entry)"


def test_the_public_names_can_be_completed() -> None:
    assert set(dir(allegiance)) == set(allegiance.__all__)
    assert {"run", "compare", "why", "sweep"} <= set(dir(allegiance))
