"""Fetching makers' files: pooch keeps the cache and checks hashes; interrupted downloads go on where they stopped.

    <cache>/raw/<source>/<file>          what arrived, whole
    <cache>/raw/<source>/.<file>.part    what has arrived so far
    <cache>/raw/<source>/manifest.json   address, hash, size and day of each
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allegiance import __version__
from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.base.files import sha256, write_json
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.source import Remote, Source

RETRIED = (429, 500, 502, 503, 504)
"""HTTP answers worth waiting for."""


@dataclass(frozen=True)
class Patience:
    """How long to try, in seconds. The wait doubles each time; a server's Retry-After is obeyed, within limits."""

    tries: int = 5
    first_wait: float = 1.0
    timeout: float = 60.0
    longest_wait: float = 120.0


def raw_dir(source: Source) -> Path:
    """Where this user's copy of a source's raw files lies."""
    return cache_dir() / "raw" / source.key


def fetch(
    source: Source, mirror: str | None = None, refresh: bool = False, patience: Patience | None = None
) -> dict[str, Path]:
    """Bring all files of a source into the cache; those that are there and whole are not fetched again.

    Args:
        mirror: address of a copy, laid out as ``<mirror>/<source>/<file>``; pinned hashes still hold.
        refresh: fetch living files again (pinned files never change).

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
        url = f"{mirror.rstrip('/')}/{source.key}/{remote.name}" if mirror else remote.url
        _download(remote, url, folder, patience or Patience())
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


def _download(remote: Remote, url: str, folder: Path, patience: Patience) -> None:
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise AllegianceError(f"{url} is not an https address", "downloads go over https only")
    pooch = require("pooch", "data")
    target = folder / remote.name
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{remote.name}.part"
    kept = folder / f".{remote.name}.kept"
    if not remote.sha256:
        part.unlink(missing_ok=True)  # the living file may have changed since; only a pinned one can go on
    if target.exists():
        target.replace(kept)  # pooch would reuse it; it comes back if anything fails
    pooch.get_logger().setLevel("ERROR")
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{remote.sha256}" if remote.sha256 else None,
            fname=remote.name,
            path=folder,
            downloader=lambda address, output, _: _resume(address, part, Path(output), patience),
        )
    except ValueError as error:  # pooch's word for a wrong hash
        part.unlink(missing_ok=True)
        raise AllegianceError(
            f"{remote.name} from {url} is not the pinned file (SHA-256 {remote.sha256[:12]}… expected)",
            "nothing was kept; the maker changed the file or the download was tampered with",
        ) from error
    except OSError as error:
        raise _by_hand(remote, url, target, str(error)) from error
    finally:
        if kept.exists():
            kept.unlink() if target.exists() else kept.replace(target)


def _resume(url: str, part: Path, output: Path, patience: Patience) -> None:
    """Fetch `url` to `output` by way of `part`, going on where an earlier attempt stopped."""
    requests = require("requests", "data")
    client = session(requests, patience)
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
                with part.open("ab" if answer.status_code == 206 else "wb") as stream:
                    for block in answer.iter_content(1 << 15):  # what is lost when a connection breaks
                        stream.write(block)
        except requests.HTTPError:
            raise
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError, requests.Timeout) as error:
            broken = error
            if not (part.exists() and part.stat().st_size > have):
                raise
            continue
        shutil.move(part, output)
        return
    raise OSError(f"the connection broke {patience.tries} times ({broken})")


def session(requests: Any, patience: Patience) -> Any:
    """A session that waits and tries again on `RETRIED`, then gives the last answer back."""
    from urllib3.util.retry import Retry

    class Bounded(Retry):
        """Obeys Retry-After up to the longest wait."""

        def get_retry_after(self, response: Any) -> float | None:
            asked = super().get_retry_after(response)
            return None if asked is None else min(asked, patience.longest_wait)

    policy = Bounded(
        total=patience.tries - 1,
        connect=1,  # a name that cannot be found is not found a second later either
        backoff_factor=patience.first_wait,
        status_forcelist=RETRIED,
        respect_retry_after_header=True,
        raise_on_status=False,
    )
    client = requests.Session()
    for scheme in ("https://", "http://"):
        client.mount(scheme, requests.adapters.HTTPAdapter(max_retries=policy))
    return client


def _by_hand(remote: Remote, url: str, target: Path, reason: str) -> AllegianceError:
    status = next((code for code in ("403", "404", "429", "500", "502", "503", "504") if f"{code} " in reason), "")
    said = {
        "403": "the server refused it (403)",
        "404": "the file is not there any more (404)",
        "429": "the server asks for patience (429)",
    }.get(status, f"the server failed ({status})" if status else "no connection")
    return AllegianceError(
        f"cannot fetch {remote.name} from {url}: {said}",
        f"try again later, or get the file by other means and put it at {target}",
    )
