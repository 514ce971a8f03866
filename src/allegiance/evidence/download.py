"""Fetching makers' files: pooch keeps the cache and checks hashes; interrupted downloads go on where they stopped.

    <cache>/raw/<source>/<file>          what arrived, whole
    <cache>/raw/<source>/.<file>.part    what has arrived so far
    <cache>/raw/<source>/manifest.json   address, hash, size and day of each
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from allegiance import __version__
from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.base.files import sha256, write_json
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.session import Patience, brief, check_address, session
from allegiance.evidence.source import Remote, Source

__all__ = ["Patience", "Tell", "fetch", "raw_dir", "read_manifest", "retrieved", "verify"]

Tell = Callable[[str, int, int], None]
"""Told how far a file has come: its name, bytes here, bytes in all (0 if the server does not say)."""


def raw_dir(source: Source) -> Path:
    """Where this user's copy of a source's raw files lies."""
    return cache_dir() / "raw" / source.key


def fetch(
    source: Source,
    mirror: str | None = None,
    refresh: bool = False,
    patience: Patience | None = None,
    tell: Tell = lambda name, have, total: None,
) -> dict[str, Path]:
    """Bring all files of a source into the cache; those that are there and whole are not fetched again.

    Args:
        mirror: address of a copy, laid out as ``<mirror>/<source>/<file>``; pinned hashes still hold.
        refresh: fetch living files again (pinned files never change). tell: told how far each file has come.

    Raises:
        AllegianceError: no network, refused, wrong hash or a damaged cache. Files that were there stay.
    """
    folder = raw_dir(source)
    manifest = read_manifest(source)
    paths = {}
    for remote in source.remotes:
        path = folder / remote.name
        entry = manifest.get(remote.name, {})
        if path.is_file() and not (refresh and not remote.sha256):
            expected = remote.sha256 or str(entry.get("sha256", ""))
            if not expected or sha256(path) == expected:
                if not entry:  # put there by hand
                    manifest[remote.name] = _entry(remote, remote.url, path)
                    write_json(folder / "manifest.json", manifest)
                paths[remote.name] = path
                continue
        urls = [f"{mirror.rstrip('/')}/{source.key}/{remote.name}"] if mirror else [*remote.newer(), remote.url]
        url = _download(remote, urls, folder, patience or Patience(), tell)
        manifest[remote.name] = _entry(remote, url, path)
        write_json(folder / "manifest.json", manifest)
        paths[remote.name] = path
    return paths


def read_manifest(source: Source) -> dict[str, dict[str, Any]]:
    """What is recorded about the raw files of a source; empty before the first download."""
    path = raw_dir(source) / "manifest.json"
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(loaded, dict) or not all(isinstance(entry, dict) for entry in loaded.values()):
            raise ValueError("it does not say what was fetched")
        for entry in loaded.values():
            date.fromisoformat(str(entry.get("retrieved", "2000-01-01"))[:10])
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        what = f"{path} is damaged: {error}"
        raise AllegianceError(what, "delete it; the files beside it are checked again") from error
    return loaded


def retrieved(source: Source) -> date:
    """The latest day on which a file of the source arrived."""
    days = [date.fromisoformat(str(e["retrieved"])[:10]) for e in read_manifest(source).values()]
    return max(days, default=datetime.now(UTC).date())


def verify(source: Source) -> list[str]:
    """Faults of the raw files in the cache: missing, or other than what was pinned or recorded."""
    faults = []
    manifest = read_manifest(source)
    for remote in source.remotes:
        path = raw_dir(source) / remote.name
        expected = remote.sha256 or str(manifest.get(remote.name, {}).get("sha256", ""))
        if not path.is_file():
            faults.append(f"{source.key}: {remote.name} is not there")
        elif expected and sha256(path) != expected:
            known = "pinned" if remote.sha256 else "fetched"
            faults.append(f"{source.key}: {remote.name} is not the file that was {known}")
    return faults


def _entry(remote: Remote, url: str, path: Path) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"url": url, "sha256": sha256(path), "bytes": path.stat().st_size, "retrieved": now}


def _download(remote: Remote, urls: Sequence[str], folder: Path, patience: Patience, tell: Tell) -> str:
    """Fetch the first of `urls` that is there, whole, and put it in the place of what was; returns its address."""
    for url in urls:
        check_address(url)
    folder.mkdir(parents=True, exist_ok=True)
    part, new = (folder / f".{remote.name}.{end}" for end in ("part", "new"))
    kept = folder / f".{remote.name}.kept"  # left by an earlier version that was killed
    if kept.exists():
        kept.unlink() if (folder / remote.name).exists() else kept.replace(folder / remote.name)
    new.unlink(missing_ok=True)
    if not remote.sha256:
        part.unlink(missing_ok=True)  # the living file may have changed since; only a pinned one can go on
    for url in urls:
        try:
            _retrieve(remote, url, part, new, patience, tell)
        except _NotThere as error:
            if url == urls[-1]:
                raise _by_hand(remote, urls[0], folder / remote.name, "404 ") from error
            continue
        new.replace(folder / remote.name)
        return url
    raise AllegianceError(f"{remote.name} has no address")


class _NotThere(Exception):
    """The server answered 404."""


def _retrieve(remote: Remote, url: str, part: Path, new: Path, patience: Patience, tell: Tell) -> None:
    pooch = require("pooch", "data")
    pooch.get_logger().setLevel("ERROR")
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{remote.sha256}" if remote.sha256 else None,
            fname=new.name,
            path=new.parent,
            downloader=lambda address, output, _: _resume(address, part, Path(output), patience, remote.name, tell),
        )
    except ValueError as error:  # pooch's word for a wrong hash
        part.unlink(missing_ok=True)
        raise AllegianceError(
            f"{remote.name} from {brief(url)} is not the pinned file (SHA-256 {remote.sha256[:12]}… expected)",
            "nothing was kept; the maker changed the file or the download was tampered with",
        ) from error
    except OSError as error:
        if "404 " in str(error):
            raise _NotThere from error
        raise _by_hand(remote, url, new.with_name(remote.name), str(error)) from error


def _resume(url: str, part: Path, output: Path, patience: Patience, name: str, tell: Tell) -> None:
    """Fetch `url` to `output` by way of `part`, going on where an earlier attempt stopped."""
    requests = require("requests", "data")
    from urllib3.exceptions import HTTPError

    ended_early = (requests.exceptions.ChunkedEncodingError, HTTPError, EOFError)
    cut_off = (requests.ConnectionError, requests.Timeout, *ended_early)
    client = session(patience)
    deadline = time.monotonic() + patience.total
    broken: Exception | None = None
    for _ in range(patience.tries):
        have = part.stat().st_size if part.exists() else 0
        headers = {"User-Agent": f"allegiance/{__version__}", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        try:
            with client.get(url, headers=headers, stream=True, timeout=patience.timeout) as answer:
                if answer.status_code == 416:  # no more than we have: start over
                    part.unlink()
                    continue
                answer.raise_for_status()
                _pour(answer, part, have if answer.status_code == 206 else 0, deadline, patience, name, tell)
        except requests.TooManyRedirects as error:
            raise OSError("it sends us round in circles") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise OSError("it sends us to no address") from error
        except requests.HTTPError:
            raise
        except cut_off as error:
            broken = error
            if not (part.exists() and part.stat().st_size > have):
                raise OSError(str(error)) from error
            continue
        shutil.move(part, output)
        return
    raise OSError(f"the connection broke {patience.tries} times ({brief(broken)})")


def _pour(answer: Any, part: Path, have: int, deadline: float, patience: Patience, name: str, tell: Tell) -> None:
    """Write what arrives as it arrives, within the limits of time and size.

    Raises:
        OSError: the connection ended early, the file takes too long or is too large.
    """
    total = have + int(answer.headers.get("Content-Length") or 0)
    if total > patience.largest:
        raise OSError(f"it is larger than {patience.largest >> 20} MB")
    with part.open("ab" if have else "wb") as stream:
        read = getattr(answer.raw, "read1", answer.raw.read)  # what has come, not what was asked for
        while block := read(1 << 16):
            stream.write(block)
            have += len(block)
            tell(name, have, total)
            if have > patience.largest:
                raise OSError(f"it is larger than {patience.largest >> 20} MB")
            if time.monotonic() > deadline:
                raise OSError(f"it took longer than {patience.total:g} seconds")
    if total and have < total:
        raise EOFError(f"{have} of {total} bytes came")


def _by_hand(remote: Remote, url: str, target: Path, reason: str) -> AllegianceError:
    status = next((code for code in ("403", "404", "429", "500", "502", "503", "504") if f"{code} " in reason), "")
    plain = next((reason for start in ("it ", "the connection broke") if reason.startswith(start)), "no connection")
    said = {
        "403": "the server refused it (403)",
        "404": "the file is not there any more (404)",
        "429": "the server asks for patience (429)",
    }.get(status, f"the server failed ({status})" if status else brief(plain))
    return AllegianceError(
        f"cannot fetch {remote.name} from {brief(url)}: {said}",
        f"try again later, or get the file by other means and put it at {target}",
    )
