"""Tries commands as a user would, and looks whether the answer is what a user should get."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from allegiance.cli.boundary import guarded
from allegiance.cli.main import app

TINY = {"members": 2, "days": 6, "scale": 0.02, "threads": 1}
"""The smallest run: two wars of six days."""
TINY_WORDS = ("--members", "2", "--days", "6", "--scale", "0.02", "--threads", "1")
SEEDLESS = re.compile(rb"Traceback \(most recent call last\)|panicked at|stack backtrace")


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def command(*words: str) -> Answer:
    """Run a command line in this process, behind its outermost wall."""
    out, err = io.StringIO(), io.StringIO()
    kept, argv = dict(os.environ), sys.argv
    sys.argv = ["allegiance", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = guarded(lambda: app(list(words), prog_name="allegiance"))
    sys.argv = argv
    os.environ.clear()
    os.environ.update(kept)
    return decent(Answer(code, out.getvalue(), err.getvalue()))


def shell(
    words: Sequence[str | bytes], where: Path, env: Mapping[str, str] | None = None, seconds: float = 120
) -> Answer:
    """Run a command line in a process of its own."""
    line = [sys.executable, "-m", "allegiance.cli.main", *words]
    ran = subprocess.run(
        line, cwd=where, env={**os.environ, **(env or {})}, capture_output=True, timeout=seconds, check=False
    )
    return decent(Answer(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace")))


def decent(answer: Answer) -> Answer:
    """The answer, after what no answer may hold: a traceback, an order to the terminal, a fault without a word."""
    assert not SEEDLESS.search(answer.all.encode("utf-8", "replace")), answer.all
    assert "\x1b" not in answer.all, "an order to the terminal came through"
    assert "\0" not in answer.all
    if answer.code not in (0, 130, 141):
        assert answer.all.strip(), "it failed without a word"
    assert answer.code in (0, 1, 2, 70, 130, 141), answer
    return answer


def refused(answer: Answer, *words: str) -> Answer:
    """The answer, which must be a fault that the user can cure, told in one piece with each of `words` in it."""
    assert answer.code == 2, answer
    flat = re.sub(r"[\s│╭╮╰╯─]+", " ", answer.err)
    for word in words:
        assert word in flat, answer.err
    assert "a fault of ours" not in answer.err, answer.err
    return answer


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
