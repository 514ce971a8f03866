"""How large the code is: median file, longest file and function, functions of ten or more arguments.

    python benchmarks/sizes.py              # of this tree
    python benchmarks/sizes.py OTHER/src    # of another
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from statistics import median

MANY = 10
"""Arguments from which a function is counted."""
COMPILED = {"kernel", "inlined", "njit", "scalar"}
"""Decorators of loops over soldiers, which take plain columns."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(function: Function) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno if documented else function.lineno
    return int(function.end_lineno or 0) - int(start or 0)


def arguments(function: Function) -> int:
    """How many arguments a function takes, beside the object or class that it belongs to."""
    given = function.args
    taken = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return sum(a.arg not in ("self", "cls") for a in taken)


def is_kernel(function: Function) -> bool:
    """Whether it is compiled: loops over soldiers take plain columns."""
    names = {n.id for d in function.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)}
    return bool(names & COMPILED)


def is_command(function: Function) -> bool:
    """Whether it is a verb of the command line, whose arguments are its options."""
    shown = ast.unparse(function.args)
    return "typer.Option" in shown or "typer.Argument" in shown


def measure(src: Path) -> dict[str, object]:
    """The figures of all Python files below a folder."""
    sizes: dict[str, int] = {}
    functions: list[tuple[str, Function]] = []
    for path in sorted(src.rglob("*.py")):
        text, where = path.read_text(encoding="utf-8"), str(path.relative_to(src))
        if len(text.splitlines()) > 1:
            sizes[where] = len(text.splitlines())
        tree = ast.walk(ast.parse(text))
        functions += [(f"{where}: {f.name}", f) for f in tree if isinstance(f, Function)]
    longest, file = max(functions, key=lambda f: code_lines(f[1])), max(sizes, key=lambda name: sizes[name])
    many = [(where, f) for where, f in functions if arguments(f) >= MANY and not is_command(f)]
    plain = [where for where, f in many if not is_kernel(f)]
    return {
        "files of more than one line": len(sizes),
        "lines": sum(sizes.values()),
        "median file": median(sizes.values()),
        "longest file": f"{sizes[file]} ({file})",
        "longest function, docstring left out": f"{code_lines(longest[1])} ({longest[0]})",
        f"functions of {MANY} or more arguments": len(many),
        "of these, neither compiled nor a command": f"{len(plain)} ({'; '.join(plain)})" if plain else 0,
    }


def main() -> None:
    """Print the figures."""
    src = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "src"
    for name, value in measure(src).items():
        print(f"{name:42s} {value}")


if __name__ == "__main__":
    main()
