"""One owner per output folder: what it holds is said before work begins, and nothing of anybody else's is overwritten.

A folder is claimed by `.parts/claim.json` while work goes on and by `manifest.json` when it is done; both say what kind
of result it is and what it is a function of. While a process works there it holds the folder's lock (base/locks.py).
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import disk_fault, read_json, sha256, to_json, write_json
from allegiance.base.locks import LOCK, Tell, held
from allegiance.base.parts import Parts, owner_of

PARTS, CLAIM, MANIFEST = ".parts", "claim.json", "manifest.json"
_ELSEWHERE = "choose another folder with --out, or add --force to replace it"
_DAMAGED = "delete the folder, or choose another with --out"

Difference = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


@dataclass(frozen=True)
class Owned:
    """A folder held for one piece of work: `kind` of result, `wanted`: what it is a function of."""

    out: Path
    kind: str
    wanted: Mapping[str, Any]
    parts: Parts

    def finished(self, needed: Iterable[str] = ()) -> dict[str, Any] | None:
        """The manifest of this very work if it is done already, its files (`needed` among them) checked; else None.

        Raises:
            AllegianceError: a file differs from what the manifest says was written.
        """
        if not (self.out / MANIFEST).is_file():
            return None
        manifest: dict[str, Any] = read_json(self.out / MANIFEST, _DAMAGED)
        check_outputs(self.out, manifest, needed)
        return manifest

    def publish(self, outputs: list[str], **more: Any) -> None:
        """Write the manifest, with the hash of each output, and drop the parts.

        Raises:
            AllegianceError: the folder cannot be written.
        """
        digests = {name: sha256(self.out / name) for name in outputs}
        write_json(
            self.out / MANIFEST, {"kind": self.kind, "identity": dict(self.wanted), **more, "outputs": digests}
        )
        self.drop_parts()

    def drop_parts(self) -> None:
        """Remove what was only needed to go on."""
        shutil.rmtree(self.out / PARTS, ignore_errors=True)


def check_outputs(out: Path, manifest: Mapping[str, Any], needed: Iterable[str] = ()) -> None:
    """Hold the files of a finished folder against its manifest; a report is drawn anew at will and not looked at.

    Raises:
        AllegianceError: a file is missing or is not what was written.
    """
    for name, digest in (dict.fromkeys(needed) | _outputs(manifest)).items():
        if name == "report.html":
            continue
        try:
            whole = (out / name).is_file() and sha256(out / name) == digest
        except OSError:
            whole = False
        if not whole:
            raise AllegianceError(
                f"{shown(out / name)} is damaged or missing: it is not what its manifest says was written",
                "give the same command with --force, or choose another folder with --out",
            )


def _outputs(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Name and hash of each output; only names inside the folder count, whoever wrote the manifest."""
    outputs = manifest.get("outputs")
    found = outputs.items() if isinstance(outputs, Mapping) else ()
    return {n: d for n, d in found if n and not Path(n).is_absolute() and ".." not in Path(n).parts}


@contextlib.contextmanager
def owned(
    out: Path,
    kind: str,
    wanted: Mapping[str, Any],
    *,
    resume: bool = True,
    force: bool = False,
    tell: Tell | None = None,
    difference: Difference | None = None,
) -> Iterator[Owned]:
    """Hold `out` for one piece of work, so that nobody else writes there and nothing of anybody else's is lost.

    Args:
        kind: of result, such as "run" or "score". wanted: all that it is a function of. resume: keep parts of the same
        work that was interrupted. force: replace what the folder holds. tell: called when waiting for another process.
        difference: says how two `wanted` differ, better than by the name of a key.

    Raises:
        AllegianceError: the folder holds something else, is in use for something else, or cannot be written.
    """
    out = Path(out)
    try:
        if out.exists() and not out.is_dir():
            raise AllegianceError(f"{shown(out)} is a file, not a folder", "choose another folder with --out")
    except (OSError, ValueError) as error:
        raise disk_fault(out, error) from error
    owner = owner_of([kind, wanted])
    with held(out, owner, tell):
        _claim(out, kind, wanted, resume, force, difference or _differs)
        yield Owned(out, kind, wanted, Parts(out / PARTS, owner))


def _claim(
    out: Path, kind: str, wanted: Mapping[str, Any], resume: bool, force: bool, difference: Difference
) -> None:
    parts = out / PARTS
    try:
        known = None if force else _known(parts / CLAIM) or _known(out / MANIFEST)
        if known is not None and known[0] != kind:
            raise AllegianceError(f"{shown(out)} holds {_article(known[0])}, not {_article(kind)}", _ELSEWHERE)
        if known is not None and known[1] != _plain(wanted):
            another = _article(kind).replace("a ", "another ", 1)
            said = difference(known[1], _plain(wanted))
            raise AllegianceError(f"{shown(out)} holds {another} ({said})", _ELSEWHERE)
        strangers = sorted(p.name for p in out.iterdir() if not _ours(p.name))
        if known is None and strangers and not force:
            raise AllegianceError(
                f"{shown(out)} is not empty and not {_article(kind)} (it holds {shown(strangers[0])})",
                "choose an empty or new folder with --out, or add --force to write into it",
            )
        if force:
            _clear(out)
        elif not resume and parts.exists():
            shutil.rmtree(parts)
        parts.mkdir(exist_ok=True)
        for leftover in (p for folder in (out, parts) for p in folder.iterdir() if _leftover(p.name)):
            leftover.unlink()
    except OSError as error:
        raise disk_fault(out, error) from error
    write_json(parts / CLAIM, {"kind": kind, "identity": dict(wanted)})


def _known(path: Path) -> tuple[str, Any] | None:
    """Kind and identity that a claim or manifest states."""
    if not path.is_file():
        return None
    said = read_json(path, _DAMAGED)
    if not isinstance(said, Mapping) or not isinstance(said.get("identity"), Mapping):
        raise AllegianceError(f"{shown(path)} is damaged: it does not say what made it", _DAMAGED)
    return str(said.get("kind", "run")), dict(said["identity"])


def _clear(out: Path) -> None:
    """Remove what a result of ours left; files of others stay."""
    with contextlib.suppress(AllegianceError):
        for name in _outputs(read_json(out / MANIFEST, "")):
            with contextlib.suppress(OSError):
                (out / name).unlink()
    (out / MANIFEST).unlink(missing_ok=True)
    if (out / PARTS).exists():
        shutil.rmtree(out / PARTS)


def _plain(wanted: Mapping[str, Any]) -> Any:
    """An identity as it comes back from a file."""
    import json

    return json.loads(to_json(dict(wanted)))


def _differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    changed = next((k for k in wanted if known.get(k) != wanted[k]), None)
    return f"its {changed.removesuffix('_sha256')} differs" if changed else "its description differs"


def _article(kind: str) -> str:
    return "a run" if kind == "run" else f"a result of `allegiance {kind}`"


def _leftover(name: str) -> bool:
    return name.startswith(".") and name.endswith(".part")


def _ours(name: str) -> bool:
    return name in (PARTS, LOCK) or _leftover(name)
