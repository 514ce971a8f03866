"""Kind 9: servers that misbehave: redirects, slowness, size, broken archives, sign-in; what was there stays."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from loopback import Server, serve

from allegiance.base.errors import AllegianceError
from allegiance.evidence.api import pages
from allegiance.evidence.catalogue import find
from allegiance.evidence.download import fetch, raw_dir
from allegiance.evidence.raw import unzip
from allegiance.evidence.session import Patience, brief, check_address
from allegiance.evidence.source import Remote, Source
from allegiance.evidence.sources import acled, ucdp

KIND = "Downloads"

QUICK = Patience(tries=2, first_wait=0.01, timeout=5)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))
    for name in ("ACLED_TOKEN", "ACLED_EMAIL", "ACLED_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def living(**changes: object) -> Source:
    remote = Remote("file.bin", "https://unreachable.invalid/f")
    return replace(find("navco"), key="made-up", remotes=(replace(remote, **changes),))  # type: ignore[arg-type]


class Other(ThreadingHTTPServer):
    """Answers every question with `answer(handler)`."""

    daemon_threads = True

    def __init__(self, answer: object) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)  # type: ignore[operator]

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def redirect(to: str) -> object:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("http://example.invalid/x", "not an https address"),
        ("http://127.0.0.3:9/x", "not an https address"),
        ("file:///etc/passwd", "not an https address"),
        ("ftp://example.invalid/x", "not an https address"),
        ("http://[bad/x", "no address|not an address|not an https address"),
        ("/again", "in circles"),
    ],
)
def test_redirects_are_looked_at(to: str, said: str) -> None:
    other = Other(redirect(to))
    with pytest.raises(AllegianceError, match=said) as caught:
        fetch(living(), other.address, False, QUICK)
    assert "pinned" not in str(caught.value)
    assert [p.name for p in raw_dir(living()).iterdir()] == []
    with pytest.raises(AllegianceError, match=said):
        list(pages(f"{other.address}/ged", {"x-ucdp-access-token": "mine"}, {}, QUICK))
    other.shutdown()


def test_a_redirect_on_this_machine_is_followed(server: Server) -> None:
    server.files["/there"] = b"whole"
    other = Other(redirect(f"{server.address}/there"))
    assert fetch(living(), other.address, False, QUICK)["file.bin"].read_bytes() == b"whole"
    other.shutdown()


@pytest.mark.parametrize("address", ["http://example.org/x", "file:///etc/passwd", "javascript:1", "", "http://[bad"])
def test_addresses_that_are_not_https(address: str) -> None:
    with pytest.raises(AllegianceError, match="address"):
        check_address(address)
    check_address("https://example.org/x")


def test_a_server_that_drips_is_left_after_the_total_time() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    other, begun = Other(drip), time.monotonic()
    with pytest.raises(AllegianceError, match=r"longer than 0\.5 seconds"):
        fetch(living(), other.address, False, replace(QUICK, total=0.5))
    assert time.monotonic() - begun < 4
    other.shutdown()


def test_a_file_without_end_is_left_at_the_largest_size() -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(400):
            handler.wfile.write(b"x" * 10_000)

    other = Other(flood)
    with pytest.raises(AllegianceError, match="larger than 1 MB"):
        fetch(living(), other.address, False, replace(QUICK, largest=1 << 20))
    other.shutdown()


def test_progress_is_told(server: Server) -> None:
    server.files["/made-up/file.bin"] = b"x" * 200_000
    told: list[tuple[str, int, int]] = []
    fetch(living(), server.address, False, QUICK, lambda *what: told.append(what))
    assert told[-1] == ("file.bin", 200_000, 200_000)


def test_an_interrupted_refresh_keeps_the_old_file(server: Server) -> None:
    server.files["/made-up/file.bin"] = b"old"
    path = fetch(living(), server.address, False, QUICK)["file.bin"]
    seen: list[bytes] = []

    class Killed(BaseException):
        """As if by signal."""

    def kill(name: str, have: int, total: int) -> None:
        seen.append(path.read_bytes())
        raise Killed

    server.files["/made-up/file.bin"] = b"new"
    with pytest.raises(Killed):
        fetch(living(), server.address, True, QUICK, kill)
    assert seen == [b"old"]  # in its place all the while
    assert fetch(living(), "http://127.0.0.1:9", False, QUICK)["file.bin"].read_bytes() == b"old"


def test_a_copy_hidden_by_an_earlier_version_comes_back(server: Server) -> None:
    folder = raw_dir(living())
    folder.mkdir(parents=True)
    (folder / ".file.bin.kept").write_bytes(b"old")
    with pytest.raises(AllegianceError):
        fetch(living(), server.address, False, QUICK)
    assert (folder / "file.bin").read_bytes() == b"old"


def test_newer_releases_are_tried_first(server: Server) -> None:
    server.files["/25.zip"] = b"old release"
    at = server.address
    source = living(url=f"{at}/25.zip", newer=lambda: [f"{at}/27.zip", f"{at}/26.zip"])
    assert fetch(source, None, False, QUICK)["file.bin"].read_bytes() == b"old release"
    server.files["/26.zip"] = b"new release"
    assert fetch(source, None, True, QUICK)["file.bin"].read_bytes() == b"new release"


def archive(name: str = "data.csv", body: bytes = b"a,b\n1,2\n") -> bytearray:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)  # the same every run
    return bytearray(stream.getvalue())


def encrypted() -> bytes:
    whole = archive()
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def unknown_method() -> bytes:
    whole = archive()
    for start, place in ((0, 8), (whole.index(b"PK\x01\x02"), 10)):
        whole[start + place : start + place + 2] = b"\x63\x00"
    return bytes(whole)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (encrypted(), "encrypted"),
        (unknown_method(), "cannot read"),
        (bytes(archive())[:60], "cannot read"),
        (b"<html>moved</html>", "cannot read"),
        (b"", "cannot read"),
        (bytes(archive("readme.txt")), r"no \.csv file"),
        (bytes(archive(body=b"0" * (3 << 20))), "larger than 2 MB"),
    ],
    ids=["encrypted", "unknown method", "cut short", "a page instead", "empty", "no table in it", "a bomb"],
)
def test_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, said: str) -> None:
    from allegiance.evidence import raw

    monkeypatch.setattr(raw, "LARGEST", 2 << 20)
    path = tmp_path / "x.zip"
    path.write_bytes(body)
    with pytest.raises(AllegianceError, match=said):
        unzip(path, ".csv")
    path.write_bytes(bytes(archive()))
    assert unzip(path, ".csv") == b"a,b\n1,2\n"


def test_messages_are_bounded_and_printable() -> None:
    assert len(brief("x" * 10_000)) == 200
    assert brief("a\x1b[31mb\x00c\nd") == "a[31mbc d"


def test_pages_that_name_themselves_end(server: Server) -> None:
    address = f"{server.address}/ged"
    server.files["/ged"] = json.dumps({"Result": [1], "NextPageUrl": address}).encode()
    with pytest.raises(AllegianceError, match="its own next"):
        list(pages(address, {}, {}, QUICK))


# ---- ACLED's sign-in


class Acled:
    """ACLED's sign-in and interface: tokens t1, t2 … of which only the newest is good."""

    def __init__(self) -> None:
        self.number, self.asked, self.good, self.renewals = 0, [], True, True  # type: ignore[var-annotated]

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/oauth/token"):
            form = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
            self.asked.append({k: v[0] for k, v in form.items()})
            grant = form["grant_type"][0]
            refused = not self.good or (grant == "refresh_token" and not self.renewals)
            self.number += 0 if refused else 1
            fine = {"token_type": "Bearer", "expires_in": 86400, "access_token": f"t{self.number}",
                    "refresh_token": f"r{self.number}"}  # fmt: skip
            self._say(handler, 400 if refused else 200, {"error": "invalid_grant"} if refused else fine)
        elif handler.headers["Authorization"] != f"Bearer t{self.number}":
            self._say(handler, 401, {})
        else:
            row = {"event_id_cnty": "MLI1", "event_date": "2022-03-01", "event_type": "Battles", "country": "Mali",
                   "latitude": "1.0", "longitude": "2.0", "fatalities": "3"}  # fmt: skip
            self._say(handler, 200, {"status": 200, "data": [row], "count": 1})

    @staticmethod
    def _say(handler: BaseHTTPRequestHandler, code: int, body: object) -> None:
        text = json.dumps(body).encode()
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACLED_EMAIL", "me@example.org")
    monkeypatch.setenv("ACLED_PASSWORD", "word")


def ask(address: str) -> int:
    where = {"url": f"{address}/read", "patience": QUICK, "sign_in": f"{address}/oauth/token"}
    return acled.events_in("Mali", "2022-01-01", "2022-12-31", **where).height  # type: ignore[arg-type]


@pytest.mark.usefixtures("signed")
def test_sign_in_renewal_and_a_token_that_runs_out(tmp_path: Path) -> None:
    made = Acled()
    other = Other(made)
    assert ask(other.address) == 1
    assert made.asked[0] == {"username": "me@example.org", "password": "word", "grant_type": "password",
                             "client_id": "acled"}  # fmt: skip
    assert ask(other.address) == 1  # the second time the password is not sent
    assert made.asked[1] == {"refresh_token": "r1", "grant_type": "refresh_token", "client_id": "acled"}
    made.renewals = False  # two weeks later
    assert ask(other.address) == 1
    assert [a["grant_type"] for a in made.asked[2:]] == ["refresh_token", "password"]
    kept = tmp_path / "cache" / "acled-session.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert "word" not in kept.read_text()
    other.shutdown()


@pytest.mark.usefixtures("signed")
def test_a_refused_sign_in_says_what_to_check() -> None:
    made = Acled()
    made.good = False
    other = Other(made)
    with pytest.raises(AllegianceError, match=r"refused the sign-in of me@example\.org") as caught:
        ask(other.address)
    assert "ACLED_PASSWORD" in str(caught.value)
    assert "word" not in str(caught.value).replace("ACLED_PASSWORD", "")
    other.shutdown()


def test_without_an_account_both_ways_are_named() -> None:
    with pytest.raises(AllegianceError, match="ACLED_TOKEN is not set, nor are ACLED_EMAIL and ACLED_PASSWORD"):
        acled.events_in("Mali", "2022-01-01", "2022-12-31")


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("body", [{"token": "t"}, [], "x"])
def test_a_changed_sign_in_is_named(body: object) -> None:
    other = Other(lambda handler: Acled._say(handler, 200, body))
    with pytest.raises(AllegianceError, match="sign-in has changed"):
        ask(other.address)
    other.shutdown()


@pytest.mark.parametrize("lost", ["event_date", "fatalities", "country"])
def test_renamed_columns_of_acled_are_named(server: Server, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    monkeypatch.setenv("ACLED_TOKEN", "mine")
    row = {"event_id_cnty": "MLI1", "event_date": "2022-03-01", "event_type": "Battles", "country": "Mali",
           "latitude": "1.0", "longitude": "2.0", "fatalities": "3"}  # fmt: skip
    row[f"{lost}_new"] = row.pop(lost)
    server.files["/read"] = json.dumps({"data": [row]}).encode()
    with pytest.raises(AllegianceError, match=f"no '{lost}'"):
        acled.events_in("Mali", "2022-01-01", "2022-12-31", f"{server.address}/read", QUICK)


def test_the_newest_release_of_ucdp_is_asked_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UCDP_TOKEN", "mine")
    monkeypatch.setattr(ucdp, "releases", lambda: ["27.1", "26.1", "25.1"])
    server.files["/ged/26.1"] = b'{"Result": [], "NextPageUrl": ""}'
    assert ucdp.events_in([369], "2020-01-01", "2020-12-31", url=f"{server.address}/ged", patience=QUICK).is_empty()
    assert [path.split("?")[0] for path, _ in server.asked] == ["/ged/27.1", "/ged/26.1"]
    ucdp_candidate = ucdp.candidates()[0]
    server.files[f"/ged/{ucdp_candidate}"] = b'{"Result": [], "NextPageUrl": ""}'
    ucdp.events_in([369], "2020-01-01", "2020-12-31", ucdp_candidate, f"{server.address}/ged", QUICK)
    assert server.asked[-1][0].startswith(f"/ged/{ucdp_candidate}?")
