"""`allegiance doctor`: what this machine offers, and what would cure what it lacks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import typer

HELP = """Look at this installation: versions, folders, terminal, threads, data and browser.

Ends in "ready", or in what to do about each thing that would stop a command (exit code 2).
"""
_ROOM = 500_000_000
"""Bytes of free disk below which a large run may not fit."""


@dataclass
class Checkup:
    """What was found: facts under heads, cures for what stops commands, notes on what merely lacks."""

    facts: list[tuple[str, str, str]] = field(default_factory=list)
    cures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fact(self, head: str, name: str, value: object) -> None:
        """Add one line under a head."""
        self.facts.append((head, name, str(value)))


def register(app: typer.Typer) -> None:
    """Add the `doctor` verb."""
    app.command("doctor", help=HELP)(doctor)


def doctor() -> None:
    from rich.table import Table

    from allegiance.cli.screen import line, say, screen

    found = checkup()
    console = screen()
    for head in dict.fromkeys(head for head, _, _ in found.facts):
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for of, name, value in found.facts:
            if of == head:
                table.add_row(f"  {name}", value)
        console.print(line((head, "bold")))
        console.print(table)
    for note in found.notes:
        say(f"note: {note}")
    for cure in found.cures:
        say(f"cure: {cure}")
    if found.cures:
        raise typer.Exit(2)
    say("ready")


def checkup() -> Checkup:
    """Look at everything; a part that cannot even be looked at is a cure, not an end."""
    found = Checkup()
    for look in (_versions, _folders, _terminal, _machine, _data, _browser):
        try:
            look(found)
        except Exception as error:
            found.cures.append(f"{look.__name__.strip('_')} could not be looked at: {type(error).__name__}: {error}")
    return found


def _versions(found: Checkup) -> None:
    from allegiance import __version__
    from allegiance.runs.bundle import versions

    found.fact("versions", "allegiance", __version__)
    found.fact("versions", "python", sys.version.split()[0])
    for name, number in versions().items():
        if name == "allegiance":
            continue
        found.fact("versions", name, number)
        if number == "not installed":
            found.cures.append(f"{name} is missing: python -m pip install --upgrade allegiance")
    for extra, missing in sorted(_extras().items()):
        found.fact("extras", extra, "installed" if not missing else f"lacks {', '.join(sorted(missing))}")
        if missing:
            found.notes.append(f"for what needs {extra}: python -m pip install 'allegiance[{extra}]'")


def _extras() -> dict[str, set[str]]:
    """Each extra with those of its packages that are not installed; none where the package has no metadata."""
    import re

    lacking: dict[str, set[str]] = {}
    try:
        needed = requires("allegiance") or []
    except PackageNotFoundError:
        return {}
    for one in needed:
        match = re.match(r"""([A-Za-z0-9_.-]+).*extra\s*==\s*['"]([a-z]+)['"]""", one)
        if match is None or match[2] in ("all", "test", "bench") or match[1] == "allegiance":
            continue
        missing = lacking.setdefault(match[2], set())
        try:
            version(match[1])
        except PackageNotFoundError:
            missing.add(match[1])
    return lacking


def _folders(found: Checkup) -> None:
    from tempfile import gettempdir

    from allegiance.base.compiler import cache_folder
    from allegiance.evidence.folder import cache_dir

    compiled = cache_folder()
    found.fact("folders", "installation", Path(__file__).parents[1])
    found.fact("folders", "compiled kernels", compiled or "none can be written: compiled in every process")
    if compiled is None:
        found.notes.append("kernels are compiled anew each time; set ALLEGIANCE_CACHE to a folder you may write to")
    elif (why := _refusal(compiled)) is not None:
        found.notes.append(f"compiled kernels are not kept ({why}); set ALLEGIANCE_CACHE to a folder you may write to")
    for name, folder, cure in (
        ("downloads and store", cache_dir(), "set ALLEGIANCE_CACHE to a folder you may write to"),
        ("here (results)", Path.cwd(), "go to a folder you may write to, or give --out"),
    ):
        why = _refusal(folder)
        found.fact("folders", name, f"{folder}: {'writable' if why is None else why}")
        if why is not None:
            found.cures.append(f"{folder} cannot be written ({why}): {cure}")
    try:
        found.fact("folders", "temporary files", gettempdir())
    except OSError:
        found.cures.append("no folder for temporary files can be written: set TMPDIR to one that you may write to")
    free = shutil.disk_usage(Path.cwd()).free
    found.fact("folders", "free here", f"{free / 1e9:,.1f} GB")
    if free < _ROOM:
        found.cures.append(f"only {free / 1e6:,.0f} MB are free here: free some space, or work on another disk")


def _refusal(folder: Path) -> str | None:
    """Why nothing can be written into a folder, or into the nearest one above it that exists; None if it can."""
    from tempfile import TemporaryFile

    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with TemporaryFile(dir=folder) as stream:
            stream.write(b"x")
    except OSError as error:
        return error.strerror or str(error)
    return None


def _terminal(found: Checkup) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    size = shutil.get_terminal_size()
    found.fact("terminal", "encoding", encoding)
    found.fact("terminal", "width", f"{size.columns} columns")
    if "utf" not in encoding.lower():
        found.notes.append(f"signs that {encoding} lacks are printed plainer; PYTHONUTF8=1 shows all")


def _machine(found: Checkup) -> None:
    from allegiance.runs.spec import RunSpec

    found.fact("machine", "threads", RunSpec().threads)
    found.fact("machine", "compiler", "off (NUMBA_DISABLE_JIT)" if os.environ.get("NUMBA_DISABLE_JIT") == "1" else "on")
    with_memory: Callable[[], int] | None = getattr(os, "sysconf", None) and _memory
    if with_memory is not None:
        found.fact("machine", "memory", f"{with_memory() / 1e9:,.1f} GB")


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _data(found: Checkup) -> None:
    from allegiance.base.errors import AllegianceError
    from allegiance.evidence.folder import VARIABLE, data_dir
    from allegiance.evidence.store import Store

    try:
        folder = data_dir()
    except AllegianceError as error:
        found.fact("data", "tables", error.message)
        (found.cures if os.environ.get(VARIABLE) else found.notes).append(f"{error.message}: {error.cure}")
    else:
        tables = sorted(folder.glob("*/*.csv*"))
        newest = max((p.stat().st_mtime for p in tables), default=None)
        found.fact("data", "tables", f"{len(tables)} in {folder}{_of(newest)}")
    for name, day in _retrieved():
        found.fact("data", name, f"fetched {day}")
    vintages = Store().vintages()
    if vintages:
        found.fact("data", "store", f"{len(vintages)} vintages, newest {max(v.date for v in vintages)}")
        found.cures.extend(Store().verify())


def _of(moment: float | None) -> str:
    from datetime import datetime

    return "" if moment is None else f", newest of {datetime.fromtimestamp(moment):%Y-%m-%d}"


def _retrieved() -> Iterator[tuple[str, object]]:
    from allegiance.evidence.catalogue import catalogue
    from allegiance.evidence.download import read_manifest, retrieved

    for source in catalogue().values():
        if read_manifest(source):
            yield source.key, retrieved(source)


def _browser(found: Checkup) -> None:
    import webbrowser
    from importlib.util import find_spec

    try:
        name = getattr(webbrowser.get(), "name", "found")
    except webbrowser.Error:
        name = "none: open the printed address by hand (allegiance serve --no-open)"
    found.fact("page", "browser", name)
    found.fact("page", "server", "installed" if find_spec("shiny") else "python -m pip install 'allegiance[web]'")
