"""Finds a case by name or path and loads it, with every fault at once."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from allegiance.base.errors import AllegianceError, near, shown
from allegiance.base.files import exists
from allegiance.cases.counted import check_counted
from allegiance.cases.faults import validated
from allegiance.cases.reader import parse, read_text
from allegiance.cases.schema import Case, Observed

LIBRARY = Path(str(resources.files("allegiance.cases"))) / "library"


def library() -> list[str]:
    """Names of the cases that come with the package, sorted."""
    return sorted(p.parent.name for p in LIBRARY.glob("*/case.yaml"))


def find_case(name_or_path: str | Path) -> Path:
    """The file of a case: a library name, a file, or a folder that holds case.yaml.

    Raises:
        AllegianceError: neither a known name nor an existing file.
    """
    name = str(name_or_path)
    if not name.strip():
        raise AllegianceError("no case was named", f"known: {', '.join(library())}")
    if name in library():
        return LIBRARY / name / "case.yaml"
    path = Path(name_or_path)
    if exists(path / "case.yaml"):
        return path / "case.yaml"
    if exists(path):
        return path
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        raise AllegianceError(
            f"there is no file {shown(path)}", "check the path; `allegiance case list` names the library"
        )
    raise AllegianceError(f"unknown case '{shown(name)}'", near(name[:80], library()))


def load_case(name_or_path: str | Path) -> Case:
    """Load and check a case.

    Args:
        name_or_path: a name from `library()`, or the path of a YAML file.

    Examples:
        >>> load_case("united-kingdom-falklands-1982").start.isoformat()
        '1982-05-21'

    Raises:
        AllegianceError: no such case, or a file that is not readable text.
        FaultyInput: all faults of the file, each with file:line, path, value and cure.
    """
    path = find_case(name_or_path)
    return _read(str(path), read_text(path))


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> Case:
    """Parsing is the slow part of loading; a case is frozen, so the same text may give the same object."""
    return validated(parse(text, name), Case)


def load_observed(name_or_path: str | Path) -> Observed | None:
    """What happened in a case (observed.yaml beside its case.yaml), or None if nothing is recorded.

    Raises:
        AllegianceError: no such case, or a file that is not readable text.
        FaultyInput: all faults of the file.
    """
    path = find_case(name_or_path).with_name("observed.yaml")
    if not exists(path):
        return None
    document = parse(read_text(path), str(path))
    observed = validated(document, Observed)
    if observed.counted:
        check_counted(document, observed, load_case(name_or_path))
        document.raise_faults()
    return observed
