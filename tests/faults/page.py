"""The page of what was tried: one row per trial, under the right behaviour that it was held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Trial:
    """One thing that was tried: its kind, the right behaviour, the input, and how it ended."""

    kind: str
    right: str
    what: str
    end: str = ""

    def ended(self, how: str) -> Trial:
        return replace(self, end=how)

    @property
    def row(self) -> str:
        """Its row on the page, without how it ended."""
        return f"| {_cell(self.what) or 'the plain way'} |"


HEAD = """# Reliability

What was tried to break Allegiance in a user's hands, and what happened. This page is written by the trials themselves
(`tests/faults`), which are part of the tests; a change that breaks a promise breaks a test. Each heading of the third
order is the right behaviour that the rows below it were held to. Inputs that once failed are marked *sample*; the
others are relatives of them.

Exit codes: 0 done; 2 a fault that the user can cure, told in one message with the place, the value and the cure; 70 a
fault of ours, with its details in a file that the message names; 130 Ctrl+C. `allegiance doctor` looks at an
installation and says what would cure what it lacks.

On demand: `ALLEGIANCE_FUZZ_SECONDS=1200 python -m pytest -n 0 tests/faults/test_fuzz.py` tries made-up cases, options
and tables for twenty minutes (twenty seconds otherwise, a minute in CI), and
`python -m pytest -n 0 -m slow tests/faults/test_kills.py` kills every long command at twenty random moments
(`ALLEGIANCE_KILLS`) and holds what it resumes to against an undisturbed run, byte for byte. How many seconds and kills
stand behind a row here, the row says.
"""


def page(trials: Sequence[Trial]) -> str:
    """The whole page as Markdown."""
    lines = [HEAD]
    bad = [t for t in trials if t.end.startswith("NOT")]
    skipped = [t for t in trials if t.end.startswith("not tried")]
    samples = [t for t in trials if t.what.startswith("sample")]
    lines.append(
        f"{len(trials)} trials ({len(samples)} samples, {len(trials) - len(samples)} relatives): "
        f"{len(trials) - len(bad) - len(skipped)} as they should, {len(bad)} not so, {len(skipped)} not tried on the"
        " machine that wrote this page.\n"
    )
    for kind in dict.fromkeys(t.kind for t in trials):
        lines.append(f"## {kind}\n")
        for right in dict.fromkeys(t.right for t in trials if t.kind == kind):
            lines += [f"### {right}\n", "| tried | what happened |", "| --- | --- |"]
            lines += [f"{t.row} {_cell(t.end)} |" for t in trials if (t.kind, t.right) == (kind, right)]
            lines.append("")
    return "\n".join(lines)


def merged(text: str, trials: Sequence[Trial]) -> list[Trial]:
    """The trials of an earlier page, with those of this session in their place: one module may be tried alone."""
    found: dict[tuple[str, str, str], Trial] = {}
    kind = right = ""
    for line in text.splitlines():
        if line.startswith("## "):
            kind = line.removeprefix("## ")
        elif line.startswith("### "):
            right = line.removeprefix("### ")
        elif kind and line.startswith("| ") and not line.startswith(("| tried", "| ---")):
            what, end = line.removeprefix("| ").removesuffix(" |").rsplit(" | ", 1)
            trial = Trial(kind, right, what.replace("\\|", "|").replace("&lt;", "<"), end)
            found[kind, right, trial.row] = trial
    for trial in trials:
        found[trial.kind, trial.right, trial.row] = trial
    return sorted(found.values(), key=lambda t: (t.kind, t.right))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
