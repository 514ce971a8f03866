"""Compiled code is found again by the next process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from allegiance.base.compiler import code_hash

_PROGRAM = """
from pathlib import Path
import allegiance
from allegiance.base.compiler import code_hash
for part in ("day", "world", "theory", "base"):
    for path in sorted(Path(allegiance.__file__).with_name(part).glob("*.py")):
        print(path.name, code_hash(path))
"""


def _hashes(seed: str) -> str:
    surroundings = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=surroundings, check=True, capture_output=True, text=True
    ).stdout


def test_words_change_no_hash_and_code_does(tmp_path: Path) -> None:
    """A comment, a docstring or another place recompiles nothing; a changed number does."""
    hashes = []
    for name, text in (
        ("a", 'def f(x):\n    """Twice."""\n    return 2 * x\n'),
        ("b", '\n\ndef f(x):\n    """Two times x."""\n    # and no more\n    return 2 * x\n'),
        ("c", 'def f(x):\n    """Twice."""\n    return 3 * x\n'),
    ):
        path = tmp_path / name / "same.py"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        hashes.append(code_hash(path))
    assert hashes[0] == hashes[1] != hashes[2]


def test_hash_of_code_is_the_same_in_every_process() -> None:
    """Python orders sets of strings differently in every process; the name of what was compiled must not follow."""
    first = _hashes("1")
    assert len(first.splitlines()) > 50
    assert first == _hashes("2")
