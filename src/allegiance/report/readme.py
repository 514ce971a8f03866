"""The README's finding and picture, made by command and told from a record of the run that made them.

`allegiance docs --play` plays the flagship as the README's first command does, and writes the record and the picture;
`allegiance docs` writes the README's lines from the record. A record of another case, of other formulas or of other
numbers of the theory is stale, and a test says so.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.files import atomic, sha256_text, to_json, write_json, write_text
from allegiance.base.markdown import between
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash
from allegiance.report.labels import FORMS, ordered, percent, side_name, span
from allegiance.runs.ensemble import Progress
from allegiance.theory.registry import PARAMETERS
from allegiance.theory.stamp import theory_hash

FLAGSHIP = "russia-ukraine-2022"
RECORD, PICTURE = "flagship.json", "img/flagship.png"
START, END = "<!-- flagship: written by allegiance docs -->", "<!-- flagship: end -->"
CURE = "allegiance docs --play --out docs"


def what_it_rests_on() -> dict[str, str]:
    """Hashes of the case, of the formulas and of the parameters' priors."""
    priors = [(n, p.value, p.low, p.high, p.scale, p.support) for n, p in PARAMETERS.items()]
    return {
        "case_sha256": case_hash(load_case(FLAGSHIP)),
        "formulas_sha256": theory_hash(),
        "priors_sha256": sha256_text(to_json(priors)),
    }


def play_record(folder: Path, progress: Progress | None = None) -> None:
    """Play the flagship with the defaults of `allegiance run`; write the record and the picture under `folder`."""
    from allegiance.report.figures.outcomes import both_drawn
    from allegiance.report.result import run

    with tempfile.TemporaryDirectory() as keep:
        summary = run(FLAGSHIP, out=Path(keep) / "run", progress=progress).summary()
    record = {
        "command": f"allegiance run {FLAGSHIP}", "members": summary["members"], "seed": summary["seed"],
        "days": summary["days"], "scale": summary["scale"], "outcomes": summary["outcomes"],
    }  # fmt: skip
    write_json(folder / RECORD, what_it_rests_on() | record)
    case = load_case(FLAGSHIP)
    picture, _ = both_drawn({side: side_name(case, side) for side in ordered(case)}, summary["outcomes"])
    (folder / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    with atomic(folder / PICTURE) as temporary:
        picture.savefig(temporary, format="png", dpi=160, facecolor="white", metadata={"Software": None})


def record(folder: Path) -> dict[str, Any]:
    """The record under `folder`.

    Raises:
        AllegianceError: there is none, or it is of another case, other formulas or other priors.
    """
    try:
        known: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AllegianceError(f"no record of the README's run in {folder}: {error}", CURE) from error
    for name, digest in what_it_rests_on().items():
        if known.get(name) != digest:
            raise AllegianceError(f"{folder / RECORD} is stale: its {name.removesuffix('_sha256')} has changed", CURE)
    return known


def lines(known: Mapping[str, Any]) -> str:
    """The README's table of outcomes, in Markdown."""
    case = load_case(FLAGSHIP)
    sides = ordered(case)
    rows = [
        f"| {FORMS[form].question} | " + " | ".join(_cell(known["outcomes"][side][form]) for side in sides) + " |"
        for form in FORMS
    ]
    head = "| in the first year | " + " | ".join(side_name(case, side) for side in sides) + " |"
    foot = f"`{known['command']}`: {known['members']} simulated wars, seed {known['seed']}; 90 % intervals in brackets."
    return "\n".join([head, "| --- " * (len(sides) + 1) + "|", *rows, "", foot])


def _cell(entry: Mapping[str, Any]) -> str:
    return f"{percent(entry['probability'])} ({span(entry['interval'], percent)})"


def told(text: str, known: Mapping[str, Any]) -> str:
    """The README's text with its marked lines written anew."""
    fault, cure = "the README has no place for the flagship's figures", f"mark it with {START} and {END}"
    return between(text, (START, END), f"\n\n{lines(known)}\n\n", fault, cure)


def write_readme(folder: Path) -> Path | None:
    """Write the marked lines of the README beside `folder`; None if there is no README with a place for them."""
    path = folder.parent / "README.md"
    if not path.is_file() or START not in (text := path.read_text(encoding="utf-8")):
        return None
    write_text(path, told(text, record(folder)))
    return path


def check_readme(folder: Path) -> None:
    """Compare the README beside `folder` with the record.

    Raises:
        AllegianceError: the record or the README is out of date.
    """
    path = folder.parent / "README.md"
    if path.is_file() and START in (text := path.read_text(encoding="utf-8")) and told(text, record(folder)) != text:
        raise AllegianceError(f"{path} is out of date: it does not say what {folder / RECORD} says", CURE)
