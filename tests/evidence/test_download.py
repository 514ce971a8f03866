"""Downloads over loopback HTTP: whole, resumed, retried, refused, and never at the cost of what was there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import Server, serve

from allegiance.base.errors import AllegianceError
from allegiance.evidence.api import own_key, pages
from allegiance.evidence.catalogue import find
from allegiance.evidence.download import Patience, fetch, raw_dir, read_manifest, verify
from allegiance.evidence.source import Remote, Source

QUICK = Patience(tries=3, first_wait=0.01, timeout=5)
BODY = bytes(range(256)) * 2000
HASH = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))


def source(sha256: str = HASH) -> Source:
    return replace(find("navco"), key="made-up", remotes=(Remote("file.bin", "https://unreachable.invalid/f", sha256),))


def get(server: Server, what: Source, refresh: bool = False) -> Path:
    server.files.setdefault("/made-up/file.bin", BODY)
    return fetch(what, server.address, refresh, QUICK)["file.bin"]


def test_pinned_file_arrives_once(server: Server) -> None:
    path = get(server, source())
    assert path.read_bytes() == BODY
    get(server, source())
    assert len(server.asked) == 1
    assert read_manifest(source())["file.bin"]["sha256"] == HASH
    assert verify(source()) == []


def test_broken_connection_goes_on_where_it_stopped(server: Server) -> None:
    server.trouble.extend([-100_000, -50_000])
    assert get(server, source()).read_bytes() == BODY
    ranges = [headers.get("Range") for _, headers in server.asked]
    assert ranges[0] is None
    assert all(r and r.startswith("bytes=") for r in ranges[1:])
    assert len(ranges) == 3


def test_truncated_for_good_keeps_the_part_and_the_next_call_resumes(server: Server) -> None:
    server.trouble.extend([-60_000] * 3)
    with pytest.raises(AllegianceError, match="cannot fetch file"):
        get(server, source())
    assert not (raw_dir(source()) / "file.bin").exists()
    assert get(server, source()).read_bytes() == BODY
    assert server.asked[-1][1].get("Range")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_trouble_is_waited_out(server: Server, status: int) -> None:
    server.trouble.extend([status, status])
    assert get(server, source()).read_bytes() == BODY
    assert len(server.asked) == 3


@pytest.mark.parametrize(("status", "said"), [(403, "refused"), (404, "not there"), (429, "patience"), (500, "failed")])
def test_lasting_trouble_names_file_address_and_place(server: Server, status: int, said: str) -> None:
    server.trouble.extend([status] * 9)
    with pytest.raises(AllegianceError, match=said) as caught:
        get(server, source())
    text = str(caught.value)
    assert "file.bin" in text
    assert f"{server.address}/made-up/file.bin" in text
    assert str(raw_dir(source()) / "file.bin") in text


def test_offline_says_where_to_put_the_file() -> None:
    with pytest.raises(AllegianceError, match="no connection") as caught:
        fetch(source(), "http://127.0.0.1:9", False, Patience(tries=1, first_wait=0.01, timeout=1))
    assert "put it at" in str(caught.value)


def test_file_put_there_by_hand_is_used(server: Server) -> None:
    folder = raw_dir(source())
    folder.mkdir(parents=True)
    (folder / "file.bin").write_bytes(BODY)
    assert get(server, source()).read_bytes() == BODY
    assert server.asked == []


def test_wrong_hash_is_refused_and_nothing_is_kept(server: Server) -> None:
    with pytest.raises(AllegianceError, match="not the pinned file"):
        get(server, source("0" * 64))
    assert [p.name for p in raw_dir(source()).iterdir()] == []


def test_living_file_is_recorded_and_kept_when_the_new_one_fails(server: Server) -> None:
    living = source("")
    path = get(server, living)
    server.trouble.append(403)
    with pytest.raises(AllegianceError):
        get(server, living, refresh=True)
    assert path.read_bytes() == BODY
    server.files["/made-up/file.bin"] = b"new"
    assert get(server, living, refresh=True).read_bytes() == b"new"
    assert read_manifest(living)["file.bin"]["sha256"] == hashlib.sha256(b"new").hexdigest()


def test_half_written_cache_is_fetched_again(server: Server) -> None:
    path = get(server, source())
    path.write_bytes(BODY[:1000])
    assert verify(source()) == ["made-up: file.bin is not the file that was pinned"]
    assert get(server, source()).read_bytes() == BODY


def test_damaged_manifest_is_named(server: Server) -> None:
    get(server, source())
    (raw_dir(source()) / "manifest.json").write_text('{"file.bin": ')
    with pytest.raises(AllegianceError, match="is damaged"):
        get(server, source())


def test_plain_http_elsewhere_is_refused() -> None:
    with pytest.raises(AllegianceError, match="https"):
        fetch(source(), "http://example.invalid", False, QUICK)


def test_pages_are_followed_with_the_key(server: Server) -> None:
    second = f"{server.address}/ged/2"
    server.files["/ged"] = json.dumps({"Result": [1, 2], "NextPageUrl": second}).encode()
    server.files["/ged/2"] = json.dumps({"Result": [3], "NextPageUrl": ""}).encode()
    server.trouble.append(429)
    assert list(pages(f"{server.address}/ged", {"x-ucdp-access-token": "mine"}, {"pagesize": 2}, QUICK)) == [1, 2, 3]
    assert all(h["x-ucdp-access-token"] == "mine" for _, h in server.asked)


def test_refused_key_and_changed_interface(server: Server) -> None:
    server.files["/ged"] = b'{"result": []}'
    server.trouble.append(403)
    with pytest.raises(AllegianceError, match="refused the key"):
        list(pages(f"{server.address}/ged", {}, {}, QUICK))
    with pytest.raises(AllegianceError, match="has changed"):
        list(pages(f"{server.address}/ged", {}, {}, QUICK))
    server.files["/ged"] = b"<html>"
    with pytest.raises(AllegianceError, match="JSON"):
        list(pages(f"{server.address}/ged", {}, {}, QUICK))


def test_missing_key_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADE_UP_KEY", raising=False)
    with pytest.raises(AllegianceError, match="MADE_UP_KEY is not set") as caught:
        own_key("MADE_UP_KEY", "https://example.org")
    assert "https://example.org" in str(caught.value)
