"""Kind 1, on the screen: a narrow terminal may wrap words and stack columns, but no figure is cut or broken."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

import allegiance
import allegiance.cli
from allegiance.cli.screen import Bar, screen
from faults.probe import TINY, TINY_WORDS, command

KIND = "No figure is cut on a narrow screen"
WIDTHS = ["sample 50", "sample 30", "sample 80", "10", "40", "60", "70", "100", "200"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, which the same command shows again."""
    where = tmp_path_factory.mktemp("narrow")
    allegiance.run("reference", out=where / "run", **TINY)
    return where


def shown(folder: Path, columns: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a finished run prints on a screen of so many columns."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("allegiance.report.html.write_report", lambda where, *_: _blank(where / "report.html"))
    answer = command("run", "reference", *TINY_WORDS, "--out", "run")
    assert answer.code == 0
    return answer.out


def _blank(path: Path) -> Path:
    path.write_text("<p>blank")
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_a_run_on_a_screen_of_any_width(width: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outcomes of a run are all there at any width: probabilities, intervals and what is expected."""
    wide, narrow = (shown(folder, c, monkeypatch) for c in ("300", width.removeprefix("sample ")))
    assert "…" not in narrow
    figures = [f for f in re.findall(r"[<\d.–]+(?= %)", wide.split("history, brought")[0]) if "–" in f]
    assert len(figures) > 10
    assert sorted(f for f in figures if f not in "".join(narrow.split())) == []


LISTS = [
    ("data", "list"), ("evidence", "C5"), ("evidence",), ("case", "list", "--codes"), ("case", "show", "reference"),
]  # fmt: skip


@pytest.mark.parametrize("columns", ["20", "50", "80"])
@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_lists_on_a_narrow_screen(words: tuple[str, ...], columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists hold the same letters at any width."""
    monkeypatch.setenv("COLUMNS", "400")
    wide = command(*words)
    monkeypatch.setenv("COLUMNS", columns)
    narrow = command(*words)
    assert narrow.code == wide.code
    assert narrow.out.count("…") == wide.out.count("…")
    numbers = set(re.findall(r"\d[\d,.]*", wide.out))
    flat = "".join(narrow.out.split())
    assert sorted(n for n in numbers if n not in flat) == []


cells = st.one_of(
    st.integers().map(str), st.floats(0, 1).map(lambda x: f"{100 * x:.3g} % (0.01–{x:.2f} %)"),
    st.text("abc xyz\n", max_size=60), st.just("…"),
)  # fmt: skip


@given(st.integers(8, 120), st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_tables_of_any_width(width: int, rows: list[list[str]]) -> None:
    """Whatever a table holds, each of its letters is printed at any width."""
    table = Table("name", "probability", "what was found")
    for row in rows:
        table.add_row(*row)
    console = screen()
    console.file = out = io.StringIO()
    console.width = width
    console.print(table)
    held = re.sub(r"[^\w.–…%]", "", "".join(cell for row in rows for cell in row))
    printed = re.sub(r"[^\w.–…%]", "", out.getvalue())
    assert all(printed.count(c) >= held.count(c) for c in set(held))


def test_all_commands_print_on_this_screen() -> None:
    """No command makes a console of its own, on which markup would be obeyed and figures cut."""
    for path in Path(allegiance.cli.__file__).parent.glob("*.py"):
        calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        assert path.name == "screen.py" or not [c for c in calls if getattr(c.func, "id", "") == "Console"], path.name


@pytest.mark.parametrize(("kept", "said"), [(False, "compiling, once"), (True, "starting")])
def test_the_first_run_says_that_it_compiles(
    kept: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first command after an installation says that it compiles, and its clock runs to the end."""
    if kept:
        (tmp_path / "a.kernel").write_bytes(b"")
    monkeypatch.setattr("allegiance.base.compiler.cache_folder", lambda: tmp_path)
    with Bar() as bar:
        assert bar.bar.tasks[0].description == said
        bar(1.0, "writing the report")
        assert bar.bar.tasks[0].finished_time is None
