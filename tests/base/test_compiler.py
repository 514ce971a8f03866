"""Compiled code is found again by the next process."""

from __future__ import annotations

import os
import subprocess
import sys

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


def test_hash_of_code_is_the_same_in_every_process() -> None:
    """Python orders sets of strings differently in every process; the name of what was compiled must not follow."""
    first = _hashes("1")
    assert len(first.splitlines()) > 50
    assert first == _hashes("2")
