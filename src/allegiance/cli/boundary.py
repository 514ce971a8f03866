"""The outermost wall of the command line: whatever happens inside, a user meets one message and an exit code.

Exit codes: 0 done; 2 a fault that the user can cure; 70 a fault of ours, with its details in a file; 130 Ctrl+C.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import logging
import os
import sys
import tempfile
import traceback
import unicodedata
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TextIO

from allegiance.base.errors import AllegianceError, clean, shown

_PLAIN = {
    "≥": ">=", "≤": "<=", "≠": "!=", "±": "+/-", "×": "x", "→": "->", "–": "-", "—": "-", "−": "-", "…": "...",
    "·": ".", "•": "*", "‘": "'", "’": "'", "“": '"', "”": '"', "μ": "u", "µ": "u", "░": ".", "█": "#", "━": "-",
}  # fmt: skip
"""Signs that have a usual stand-in in ASCII."""
_NO_OUTPUT = (errno.ENOSPC, errno.EIO, errno.EBADF)
_WIDEST = 1000
"""Letters of one line of a message."""
_FULL = "No space left on device"
_NO_FOLDER = ("usable temporary directory", "writable cache directory")
"""What Python and Matplotlib say where no folder at all can be written."""
_MEMORY = "/dev/shm"
_INTERRUPTED = 130
_KEPT = "interrupted; what was finished is kept: the same command goes on from there"


def settle_streams() -> None:
    """Output that the terminal's or file's encoding cannot hold is written plainer instead of ending the command."""
    codecs.register_error("allegiance", _plainer)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(OSError, ValueError):
                reconfigure(errors="allegiance")


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(plain(c) for c in error.object[error.start : error.end]), error.end


def plain(sign: str) -> str:
    """One sign in ASCII: its usual stand-in, its letter without accents, or what it is.

    >>> [plain(c) for c in "≥–éŁ"]
    ['>=', '-', 'e', '?']
    """
    if sign in _PLAIN:
        return _PLAIN[sign]
    if "\ud800" <= sign <= "\udfff":
        return clean(sign)
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def settle_drawing() -> None:
    """Pictures are ours: neither a user's matplotlibrc nor a backend for windows may change or break them."""
    os.environ["MPLBACKEND"] = "agg"
    ours = Path(__file__).parents[1] / "report" / "matplotlibrc"
    os.environ["MATPLOTLIBRC"] = str(ours)
    if os.path.exists(ours.name) and "matplotlib" not in sys.modules:  # one in the working folder goes before it
        here = Path.cwd()
        os.chdir(ours.parent)
        try:
            import_module("matplotlib")
        finally:
            os.chdir(here)


def settle_folders() -> None:
    """Libraries that want a folder of their own get one in memory where neither home nor a temporary folder can be
    written, as in a container whose disk is read-only, and do not speak of it."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        tempfile.gettempdir()
    except OSError:
        if os.access(_MEMORY, os.W_OK):
            tempfile.tempdir = _MEMORY


def guarded(command: Callable[[], object]) -> int:
    """Run a command and return its exit code; no exception comes out of here."""
    settle_streams()
    settle_folders()
    settle_drawing()
    os.environ["RUST_BACKTRACE"] = "0"  # Polars and DuckDB would print theirs
    try:
        code = _run(command)
        _flush(sys.stdout)
    except (OSError, ValueError) as error:  # stdout itself refuses what it was given
        code = _lost_output(error)
    with contextlib.suppress(OSError, ValueError):
        _flush(sys.stderr)
    return code


def _run(command: Callable[[], object]) -> int:
    try:
        command()
    except SystemExit as leaving:
        if leaving.code == _INTERRUPTED:  # typer takes Ctrl+C for itself, and says nothing
            return _say(_KEPT, _INTERRUPTED)
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        return _say(_KEPT, _INTERRUPTED)
    except AllegianceError as error:
        return _say(f"error: {error}", 2)
    except BrokenPipeError:
        raise
    except MemoryError:
        return _say(
            "error: there is not enough memory for this\n  cure: fewer --members or --threads, or a smaller --scale", 2
        )
    except OSError as error:
        if error.filename is None and error.errno in _NO_OUTPUT:
            raise  # files of ours are written by base/files.py, which says their name: this is stdout
        return _say(_disk(error), 2)
    except BaseException as error:
        if _FULL in str(error):
            return _say(_disk(OSError(errno.ENOSPC, _FULL)), 2)
        return _say(_unexpected(error), 70)
    return 0


def _disk(error: OSError) -> str:
    what = shown(error.filename) if error.filename is not None else "a file"
    full = error.errno == errno.ENOSPC
    if error.filename is None and any(words in str(error) for words in _NO_FOLDER):
        return f"error: {shown(error)}\n  cure: set TMPDIR to a folder you may write to"
    cure = "free some space; the same command goes on from what is finished" if full else "check the path"
    details = _keep_details(error)
    return f"error: {what}: {error.strerror or error}\n  cure: {cure}\n  details: {details}"


def _unexpected(error: BaseException) -> str:
    """What, where, what was kept, and where the details are."""
    own = [f for f in traceback.extract_tb(error.__traceback__) if f"{os.sep}allegiance{os.sep}" in f.filename]
    last = f"{Path(own[-1].filename).name}:{own[-1].lineno} ({own[-1].name})" if own else "outside the package"
    verb = " ".join(["allegiance", *(a for a in sys.argv[1:3] if not a.startswith("-"))])
    return (
        f"error: a fault of ours: {type(error).__name__}: {shown(error)}\n  where: {shown(verb)}, {last}\n"
        "  kept: parts that were finished stay in their folder, and the same command goes on from them\n"
        f"  details: {_keep_details(error)}\n  cure: please report it with that file"
    )


def _keep_details(error: BaseException) -> str:
    """Write the traceback to a file; returns its path in words."""
    from allegiance import __version__

    text = "".join(traceback.format_exception(error))
    head = f"allegiance {__version__}, Python {sys.version}\n{sys.argv!r}\n\n"
    name = f"{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for place in (_faults, lambda: Path(tempfile.gettempdir()) / "allegiance-faults"):
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            folder = place()
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(head + text, encoding="utf-8", errors="backslashreplace")
            return shown(folder / name)
    return "nowhere: no folder could be written"


def _faults() -> Path:
    from allegiance.evidence.folder import cache_dir

    return cache_dir() / "faults"


def _lost_output(error: OSError | ValueError) -> int:
    """Stdout is gone or full: a reader that had enough (head) is no fault, anything else is said."""
    with contextlib.suppress(OSError, ValueError):
        # what cannot be written would be tried again when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 141
    what = getattr(error, "strerror", None) or error
    return _say(
        f"error: the output cannot be written: {what}\n"
        "  cure: free some space or send it elsewhere; what was written into folders is whole", 2
    )  # fmt: skip


def _say(text: str, code: int) -> int:
    half = _WIDEST // 2
    lines = (one if len(one) <= _WIDEST else f"{one[:half]} … {one[-half:]}" for one in text.split("\n"))
    with contextlib.suppress(OSError, ValueError):
        print(clean("\n".join(lines)), file=sys.stderr)
    return code


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()
