"""Imports point downwards, `print` stays in the command line, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import sizes

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "allegiance"
FILES = sorted(PACKAGE.rglob("*.py"))
LAYERS = [  # top to bottom; parts in one row are siblings that never meet
    {"cli", "app"}, {"report"}, {"forecast"}, {"inference"}, {"experiments", "benchmarks"}, {"runs"}, {"day"},
    {"world"}, {"cases"}, {"theory", "evidence"}, {"base"},
]  # fmt: skip
LEVEL = {part: level for level, row in enumerate(LAYERS) for part in row}
HEAVY = {
    "scipy", "pandas", "sklearn", "statsmodels", "duckdb", "pooch", "xarray", "arviz", "pyabc", "shiny", "SALib",
    "scoringrules", "pyarrow", "playwright",
}  # fmt: skip
MAX_LINES, MAX_FUNCTION = 500, 80


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_import_contract_holds() -> None:
    """import-linter reads the contract in pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "0 broken" in shown.stdout


def test_every_part_has_a_layer() -> None:
    parts = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    assert parts <= LEVEL.keys()


@pytest.mark.parametrize("path", FILES, ids=where)
def test_imports_point_downwards_even_inside_functions(path: Path) -> None:
    here = part_of(path)
    if here not in LEVEL:
        return
    for name, node in imports(parse(path)):
        target = name.split(".")[1] if name.startswith("allegiance.") else ""
        if target in LEVEL and target != here:
            assert LEVEL[target] > LEVEL[here], f"{where(path)}:{node.lineno} imports {name}, which is not below {here}"


@pytest.mark.parametrize("path", FILES, ids=where)
def test_heavy_packages_are_imported_only_where_they_are_used(path: Path) -> None:
    """At module level an extra would be needed by everyone who only wants `allegiance run`."""
    if part_of(path) == "app":  # imported by `allegiance serve` alone
        return
    for node in parse(path).body:
        for name, statement in imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            assert name.split(".")[0] not in HEAVY, f"{where(path)}:{statement.lineno} imports {name} at module level"


@pytest.mark.parametrize("path", FILES, ids=where)
def test_no_print_outside_the_command_line(path: Path) -> None:
    if part_of(path) == "cli":
        return
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{where(path)}:{node.lineno} prints"


@pytest.mark.parametrize("path", FILES, ids=where)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES, f"{where(path)} has more than {MAX_LINES} lines"
    for function in functions(ast.parse(text)):
        length = sizes.code_lines(function)
        assert length <= MAX_FUNCTION, f"{where(path)}:{function.lineno} {function.name} has {length} lines of code"


@pytest.mark.parametrize("path", FILES, ids=where)
def test_ten_or_more_arguments_only_in_kernels(path: Path) -> None:
    for function in functions(parse(path)):
        verb = part_of(path) == "cli" and sizes.is_command(function)
        if sizes.is_kernel(function) or verb:
            continue
        taken = sizes.arguments(function)
        assert taken < sizes.MANY, f"{where(path)}:{function.lineno} {function.name} takes {taken}"


def test_the_median_file_is_small() -> None:
    lengths = [len(p.read_text(encoding="utf-8").splitlines()) for p in FILES if p.name != "__init__.py"]
    assert median(lengths) <= 160


@pytest.mark.parametrize("path", FILES, ids=where)
def test_modules_and_public_names_are_documented(path: Path) -> None:
    tree = parse(path)
    assert ast.get_docstring(tree), f"{where(path)} has no docstring"
    for node in tree.body if part_of(path) != "cli" else ():  # verbs explain themselves with --help
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{where(path)}:{node.lineno} {node.name} has no docstring"


@pytest.mark.parametrize("path", FILES, ids=where)
def test_nothing_is_left_undone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for mark in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"):
        assert mark not in text, f"{where(path)} still says {mark}"
