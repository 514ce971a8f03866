"""What fits found, several kept in one file by the name of their study (docs/fit.json)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.files import read_json, write_json

Summary = Mapping[str, Any]
"""What one fit found, as in its summary.json."""
SUMMARY = "summary.json"
"""Name of the summary in the folder of a fit."""
CURE = "allegiance fit --study NAME --record docs/fit.json"
_NEEDED = ("title", "card", "theory_sha256", "said", "notes", "parameters", "combinations", "decades", "coverage",
           "comparisons")  # fmt: skip
"""Parts of a summary without which it is none."""


def name_of(study: str) -> str:
    """The name under which a study's fit is kept: that of the shipped study, or of the file without its ending.

    >>> name_of("unarmed"), name_of("studies/mine.yaml")
    ('unarmed', 'mine')
    """
    return Path(study).stem


def keep_record(path: Path, study: str, summary: Summary) -> None:
    """Keep what the fit of `study` found in the file at `path`: beside other studies, in the place of its own last one.

    Raises:
        AllegianceError: the file holds something else, or cannot be written.
    """
    known = read_fits(path) if path.exists() else {}
    write_json(path, known | {name_of(study): summary})


def read_fits(path: Path) -> dict[str, Summary]:
    """Fits by the name of their study: all of a record, or the one in a folder that `allegiance fit` wrote.

    Raises:
        AllegianceError: nothing is there, or it is neither.
    """
    if path.is_dir():
        fits = {path.resolve().name: read_json(path / SUMMARY, CURE)}
    else:
        fits = read_json(path, CURE)
    if not isinstance(fits, dict):
        raise AllegianceError(f"{path} is no record of fits: it holds no studies by name", CURE)
    for name, summary in fits.items():
        missing = [key for key in _NEEDED if not isinstance(summary, dict) or key not in summary]
        if missing:
            raise AllegianceError(
                f"{path} is no record of fits: '{name}' is not what a fit found ({missing[0]} is missing)",
                f"remove the file, then {CURE}",
            )
    return fits


def read_all(paths: Iterable[str | Path]) -> dict[str, Summary]:
    """Fits of several records or folders together.

    Raises:
        AllegianceError: see `read_fits`; or two fits have one name.
    """
    fits: dict[str, Summary] = {}
    for path in map(Path, paths):
        found = read_fits(path)
        if twice := sorted(set(fits) & set(found)):
            raise AllegianceError(f"{path}: there is a fit called '{twice[0]}' already", "rename one of the folders")
        fits |= found
    return fits
