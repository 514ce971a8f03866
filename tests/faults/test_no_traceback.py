"""Kind 1: no traceback reaches a user, ever."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import allegiance
from allegiance.base.errors import AllegianceError
from allegiance.cli.boundary import guarded
from allegiance.evidence.store import Store
from faults.probe import TINY_WORDS, command, decent, refused, shell

KIND = "No traceback, ever"
LONG = "x" * 5000


def of_the_disk(number: int) -> Callable[[], BaseException]:
    return lambda: OSError(number, os.strerror(number), "somewhere")


class Panic(BaseException):
    """What Rust libraries raise: no `Exception`."""


INJECTED: dict[str, tuple[Callable[[], BaseException], int, str]] = {
    "a bug": (lambda: RuntimeError("a bug [/b]"), 70, "a fault of ours: RuntimeError: a bug [/b]"),
    "a wrong key": (lambda: KeyError("x\x1b[31m"), 70, "KeyError"),
    "a panic of a library": (lambda: Panic("out of range"), 70, "Panic: out of range"),
    "too deep": (lambda: RecursionError("maximum depth"), 70, "RecursionError"),
    "undecodable": (lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 70, "UnicodeDecodeError"),
    "disk full": (of_the_disk(errno.ENOSPC), 2, "free some space"),
    "no permission": (of_the_disk(errno.EACCES), 2, "somewhere: Permission denied"),
    "too many open files": (of_the_disk(errno.EMFILE), 2, "somewhere: Too many open files"),
    "a library's full disk": (lambda: ValueError("x: No space left on device (os error 28)"), 2, "free some space"),
    "no memory": (MemoryError, 2, "not enough memory"),
    "Ctrl+C": (KeyboardInterrupt, 130, "interrupted"),
    "a user's fault": (lambda: AllegianceError("told", "cure it"), 2, "cure: cure it"),
}
LAYERS = {
    "reading the case": "allegiance.cases.loader.validated",
    "the state": "allegiance.runs.bundle.build",
    "playing": "allegiance.runs.ensemble.play",
    "tables": "allegiance.runs.bundle.daily_frame",
    "outcomes": "allegiance.runs.bundle.summarise",
    "the report": "allegiance.report.html.write_report",
    "printing": "allegiance.report.run_tables.outcome_rows",
}


@pytest.mark.parametrize("fault", INJECTED)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_fault_at_any_layer(layer: str, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fault at any layer ends in one message: what, where, what was kept, where the details are."""
    make, code, said = INJECTED[fault]

    def fail(*_: object, **__: object) -> None:
        raise make()

    path, _, name = LAYERS[layer].rpartition(".")
    monkeypatch.setattr(sys.modules.get(path) or __import__(path, fromlist=["x"]), name, fail)
    if layer != "the report":
        monkeypatch.setattr("allegiance.report.html.write_report", lambda folder, *_: _blank(folder))
    monkeypatch.setattr("allegiance.cases.loader._read", _uncached)
    answer = command("run", "reference", *TINY_WORDS, "--out", str(tmp_path / "run"))
    assert answer.code == code, answer
    assert said in answer.err
    if code == 70:
        for line in ("where: allegiance run reference", "kept:", "details:", "cure:"):
            assert line in answer.err
        details = Path(answer.err.split("details: ")[1].splitlines()[0])
        assert "Traceback" in details.read_text(encoding="utf-8")
    assert not list((tmp_path / "run").glob("**/*.part"))
    assert not (tmp_path / "run" / ".lock").exists()


def _blank(folder: Path) -> Path:
    (folder / "report.html").write_text("<p>blank")
    return folder / "report.html"


def _uncached(name: str, text: str) -> object:
    from allegiance.cases import loader
    from allegiance.cases.reader import parse

    return loader.validated(parse(text, name), loader.Case)


def test_details_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no folder takes the details the message still comes."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "file"))
    monkeypatch.setattr("allegiance.cases.template.summaries", lambda: 1 / 0)
    answer = command("case", "list")
    assert answer.code == 70
    assert "no folder could be written" in answer.err


ENCODINGS = ["sample cp1252", "sample ascii", "sample latin-1", "cp437", "cp1251", "koi8-r", "gbk", "utf-8"]
SHOWN = [("case", "list"), ("evidence", "C5"), ("data", "list"), ("case", "show", "syria-2011"), ("--help",)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_output_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    """Output that an encoding cannot hold is written plainer; nothing is lost and the exit code is 0."""
    name = encoding.removeprefix("sample ")
    for words in SHOWN[:3] if name == "ascii" else SHOWN[1:2]:
        answer = shell(words, tmp_path, {"PYTHONIOENCODING": name, "PYTHONUTF8": "0"})
        assert answer.code == 0, answer
        assert answer.out.strip()


def test_sample_the_locale_c(tmp_path: Path) -> None:
    """Without any locale everything is printed, in ASCII."""
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    answer = shell(("case", "show", "syria-2011"), tmp_path, env)
    assert answer.code == 0
    assert answer.out.isascii()


def test_json_stays_whole_in_any_encoding(tmp_path: Path) -> None:
    """JSON on stdout is the same data in every encoding."""
    import json

    here, there = (shell(("case", "show", "syria-2011", "--json"), tmp_path, {"PYTHONIOENCODING": e, "PYTHONUTF8": "0"})
                   for e in ("utf-8", "ascii"))  # fmt: skip
    assert json.loads(here.out) == json.loads(there.out)


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@needs_full
@pytest.mark.parametrize("words", [("case", "list"), ("case", "schema"), ("--version",), ("data", "list")], ids=str)
def test_sample_stdout_is_full(words: tuple[str, ...], tmp_path: Path) -> None:
    """A full disk behind stdout is said in one message."""
    line = [sys.executable, "-m", "allegiance.cli.main", *words]
    with open("/dev/full", "w") as full:
        ran = subprocess.run(line, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 2, ran
    assert "the output cannot be written: No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_a_reader_that_has_enough(tmp_path: Path) -> None:
    """A reader that closes the pipe (head) ends the command without a word."""
    line = f"{sys.executable} -m allegiance.cli.main case schema | head -n 1"
    ran = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "{"
    assert not ran.stderr.strip()


HOSTILE = {
    "sample square brackets": "War [/x] of [red]",
    "an order to the terminal": "War \x1b[31m\x1b]0;owned\x07 red",
    "control characters": "a\x01\x02\x7fb",
    "a C1 order": "a\u009b31mb",
    "text from right to left": "a\u202eb\u2066c",
    "braces and percents": "{x} %s {{0}} ${HOME}",
    "emoji names": ":bomb: :x:",
    "links": "[link=file:///etc/passwd]x[/link]",
    "five thousand letters": LONG,
    "markup unclosed": "[bold",
    "a backslash": "x\\[y]\\",
}


@pytest.mark.parametrize("title", HOSTILE)
def test_text_of_a_case_is_text(title: str, template: str, tmp_path: Path) -> None:
    """Any text in a case is shown as it is, and no terminal obeys it."""
    quoted = "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in HOSTILE[title])
    path = tmp_path / "m.yaml"
    path.write_text(template.replace("title: My case", f'title: "{quoted}"'), encoding="utf-8")
    answer = command("case", "show", str(path))
    if title == "five thousand letters":
        line = template.splitlines().index("title: My case") + 1
        refused(answer, f"m.yaml:{line}", "at most 4000 characters")
        return
    assert answer.code == 0
    for visible in ("[/x]", "[red]", ":bomb:", "[link=", "[bold", "{x} %s"):
        if visible in HOSTILE[title]:
            assert visible in answer.out
    assert command("case", "check", str(path)).code == 0


PATHS = {
    "sample five thousand letters": LONG + ".yaml",
    "a name of 255 letters": "y" * 250 + ".yaml",
    "no such folder": "no/such/folder/case.yaml",
    "sample in square brackets": "[/x].yaml",
    "empty": "",
    "a space": " ",
    "a dot": ".",
    "the root": "/",
    "a user who is not there": "~nobody-here/case.yaml",
    "a null device": "/dev/null",
    "an endless device": "/dev/zero",
    "a folder": "/etc",
    "a binary": sys.executable,
    "an address": "https://example.org/case.yaml",
    "an order to the terminal": "\x1b[31m.yaml",
    "a new line": "a\nb.yaml",
}
READERS = {
    "case check": ("case", "check", "{}"),
    "case show": ("case", "show", "{}"),
    "run": ("run", "{}", *TINY_WORDS),
    "update --observed": ("update", "reference", "--observed", "{}"),
    "score --layer": ("score", "--cases", ".", "--layer", "{}"),
    "score --cases": ("score", "--cases", "{}"),
    "run --parameters": ("run", "reference", *TINY_WORDS, "--parameters", "{}"),
    "calibrate --study": ("calibrate", "--study", "{}"),
    "data add": ("data", "add", "{}"),
    "events --data": ("events", "--data", "{}"),
    "ledger list": ("ledger", "list", "--ledger", "{}"),
    "data query --data": ("data", "query", "select 1", "--data", "{}"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("reader", READERS)
def test_any_path_where_a_file_is_asked_for(
    reader: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any name given for a file or folder that is read is read or refused in one message."""
    monkeypatch.chdir(tmp_path)
    answer = command(*(w.replace("{}", PATHS[path]) for w in READERS[reader]))
    assert answer.code in (0, 1, 2), answer
    assert "a fault of ours" not in answer.err, answer.err
    assert len(answer.err) < 3000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("reader", READERS)
def test_a_pipe_is_not_waited_for(reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe with nobody at its other end is refused at once."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    begun = time.monotonic()
    answer = command(*(w.replace("{}", "pipe.yaml") for w in READERS[reader]))
    assert answer.code == 2, answer
    assert "a fault of ours" not in answer.err
    assert time.monotonic() - begun < 30


OUTS = {
    "sample five thousand letters": LONG,
    "a file": "case.yaml",
    "below a file": "case.yaml/x",
    "a device": "/dev/null",
    "below a device": "/dev/null/x",
    "a file system of the kernel": "/proc/self/nothing/x",
    "sample a broken byte": "x\udcff",
    "a name of 255 letters": "y" * 255,
    "in square brackets": "[/x]",
    "an order to the terminal": "\x1b[31m",
}


@pytest.mark.parametrize("out", OUTS)
def test_any_folder_for_results(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any name given for results is written or refused in one message, before any work."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("allegiance.report.html.write_report", lambda folder, *_: _blank(folder))
    (tmp_path / "case.yaml").write_text("years of work")
    answer = command("run", "reference", *TINY_WORDS, "--out", OUTS[out])
    assert answer.code in (0, 2), answer
    assert (tmp_path / "case.yaml").read_text() == "years of work"
    if answer.code == 0:
        assert (tmp_path / OUTS[out] / "manifest.json").is_file()


DAYS = ["9999-12-31", "9999-12", "0000-00-00", "2020-13-45", "-1", "inf", "2020-02-30", "99999-01-01", LONG]


@pytest.mark.parametrize("day", DAYS, ids=lambda d: d[:12].encode("ascii", "replace").decode())
def test_any_day(day: str, tmp_path: Path, template: str) -> None:
    """Any day is understood or refused in one message."""
    data = Path(__file__).parent / "samples" / "edited" / "semicolon"
    for words in (("events", "--from", day), ("events", "--as-of", day), ("data", "query", "select 1", "--as-of", day)):
        answer = command(*words, "--data", str(data), *(("--out", str(tmp_path / "e")) if words[0] == "events" else ()))
        assert answer.code in (0, 2)
        assert "a fault of ours" not in answer.err
    (tmp_path / "c.yaml").write_text(template.replace("start: 2000-01-01", f"start: {day}"), encoding="utf-8")
    refused(command("case", "check", str(tmp_path / "c.yaml")))


SQL = {
    "sample markup": "select '[/b]' as x, '[sic] he fled [to Paris]' as note",
    "orders to the terminal": "select chr(27) || '[31m' as x, chr(0) as y, chr(155) as z",
    "lists and structures": "select [1, 2] as a, {'x': [1]} as b, map {'k': 1} as c",
    "intervals": "select interval 3 days as a, [interval 1 month] as b",
    "bytes": "select 'x'::blob as a",
    "huge numbers": "select 170141183460469231731687303715884105727 as a, 1e308 * 10 as b, 'nan'::double as c",
    "the last day": "select date '9999-12-31' as a",
    "days beyond": "select date '294247-01-10' as a",
    "days before": "select date '-2000-01-01' as a",
    "endless days": "select 'infinity'::date as a",
    "endless moments": "select 'infinity'::timestamp as a",
    "times": "select time '12:00' as a, timestamptz '2020-01-01 00:00+02' as b",
    "sixty columns": "select " + ", ".join(f"{k} as c{k}" for k in range(60)),
    "two of one name": "select 1 as a, 2 as a",
    "no rows": "select 1 as a where false",
    "nothing": "",
    "not SQL": "'; drop table x; --",
    "two statements": "select 1; select 2",
    "a file": "select * from '/etc/passwd'",
    "a copy": "copy (select 1) to 'x.csv'",
    "half a letter": "select '\udcff' as a",
    "deep": "select " + "(" * 3000 + "1" + ")" * 3000,
}


@pytest.mark.parametrize("sql", SQL)
def test_any_question(sql: str, tmp_path: Path) -> None:
    """Any SQL is answered or refused in one message, on the screen and in a file."""
    data = Path(__file__).parent / "samples" / "edited" / "semicolon"
    for more in ((), ("--out", str(tmp_path / "x.csv")), ("--out", str(tmp_path / "x.parquet"))):
        answer = command("data", "query", SQL[sql], "--data", str(data), *more)
        assert answer.code in (0, 2), answer
        assert "a fault of ours" not in answer.err, answer.err


def test_sample_a_cell_is_no_formula(tmp_path: Path) -> None:
    """A cell of a CSV that a spreadsheet would run begins with a quotation mark; numbers stay numbers."""
    data = Path(__file__).parent / "samples" / "edited" / "semicolon"
    sql = "select '=1+1' as a, '+1' as b, '-cmd' as c, '@x' as d, '-5' as e, chr(9) || 'x' as f, -5 as g"
    command("data", "query", sql, "--data", str(data), "--out", str(tmp_path / "x.csv"))
    assert (tmp_path / "x.csv").read_text().splitlines()[1] == "'=1+1,'+1,'-cmd,'@x,-5,'\tx,-5"


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_sample_ctrl_c_ends_a_long_query(tmp_path: Path) -> None:
    """Ctrl+C ends a query that would take minutes within seconds."""
    sql = "select count(*) from range(200000) a, range(200000) b where a.range * b.range % 7 = 3"
    data = Path(__file__).parent / "samples" / "edited" / "semicolon"
    line = [sys.executable, "-m", "allegiance.cli.main", "data", "query", sql, "--data", str(data)]
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(8)
        running.send_signal(signal.SIGINT)
        begun = time.monotonic()
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert time.monotonic() - begun < 20
    assert "Traceback" not in said


BUNDLES = {
    "sample a case that is empty": ("case.json", b"{}"),
    "a case that is a list": ("case.json", b"[]"),
    "a manifest that is empty": ("manifest.json", b""),
    "a manifest that is a list": ("manifest.json", b"[1]"),
    "a manifest of others": ("manifest.json", b'{"name": "app", "outputs": 3}'),
    "a summary cut off": ("summary.json", b'{"a": '),
    "a summary of bytes": ("summary.json", b"\xff\xfe\x00"),
    "events that are no table": ("events.parquet", b"PAR1garbagePAR1"),
    "events that are empty": ("events.parquet", b""),
    "no events": ("events.parquet", None),
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "run"
    allegiance.run("reference", members=2, days=6, scale=0.02, threads=1, out=out)
    return out


@pytest.mark.parametrize("damage", BUNDLES)
def test_a_damaged_bundle(damage: str, bundle: Path, tmp_path: Path) -> None:
    """A run's folder that is damaged or not ours is refused by `data add` and `run` in one message."""
    name, data = BUNDLES[damage]
    out = tmp_path / "run"
    shutil.copytree(bundle, out)
    (out / name).unlink() if data is None else (out / name).write_bytes(data)
    refused(command("data", "add", str(out)))
    refused(command("run", "reference", *TINY_WORDS, "--out", str(out)))


STORES = {
    "sample a file cut off": lambda path, store: path.write_bytes(path.read_bytes()[:-200]),
    "a file of garbage": lambda path, store: path.write_bytes(b"garbage"),
    "an empty file": lambda path, store: path.write_bytes(b""),
    "another table": lambda path, store: pl.DataFrame({"a": [1]}).write_parquet(path),
    "a folder in a file's place": lambda path, store: (path.unlink(), path.mkdir()),
    "a stranger with an impossible day": lambda path, store: shutil.copy(
        path, path.with_name("2020-13-45-abcdef012345.parquet")
    ),
}


@pytest.mark.parametrize("damage", STORES)
def test_a_damaged_store(damage: str, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged and foreign files in the store are named; questions and lists are answered or refused in one message."""
    monkeypatch.chdir(tmp_path)
    assert command("data", "add", str(bundle)).code == 0
    store = Store()
    STORES[damage](store.vintages()[0].path, store)
    for words in (("data", "query", "select count(*) from events"), ("data", "query", "select * from vintages"),
                  ("events",), ("doctor",)):  # fmt: skip
        answer = command(*words)
        assert answer.code in (0, 2)
        assert "a fault of ours" not in answer.err, answer.err
    refused(command("data", "verify"))


@pytest.mark.parametrize("text", ["{", "[]", '{"daily_count.csv": 5}', '{"x": {"retrieved": "never"}}', "\ufeff"])
def test_a_damaged_list_of_downloads(text: str) -> None:
    """A damaged list of what was fetched is named with its cure."""
    folder = Path(os.environ["ALLEGIANCE_CACHE"]) / "raw" / "oryx"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    refused(command("data", "list"), "manifest.json is damaged")


@pytest.mark.parametrize("words", [
    ("--x",), ("nosuch",), ("run",), ("run", "--members", "x"), ("run", "reference", "--members", "1e3"),
    ("run", "reference", "--seed", "9" * 400), ("run", "reference", "--scale", "nan"),
    ("run", "reference", "--scale", "inf"), ("run", "reference", "--days", "-1"), ("run", "reference", "--set", "="),
    ("run", "reference", "--set", "[/b]=1"), ("run", "reference", "--set", "sides.*.supply=1e999"),
    ("run", "reference", "--set", "sides.stronger.supply=" + "9" * 5000), ("run", "[/b]"), ("evidence", "[/b]"),
    ("claims", "[/b]"), ("why", "reference", "--condition", "[/b]"), ("compare", "reference", "--with", "[/b]"),
    ("compare", "reference", "--with", "a:" + "x" * 3000 + "=1"), ("data", "card", "[/b]"), ("data", "get", "[/b]"),
    ("serve", "--port", "99999"), ("bench", "[/b]"), ("sensitivity", "reference", "--outcome", "[/b]"),
    ("events", "--country", "[/b]"), ("backtest", "--from", "1990"), ("run", "reference", "--threads", "0"),
    ("forecast", "--outcome", "x", "--as-of", "2015-12", "--out", "x.csv"), ("run", "reference", "--members", "0"),
], ids=lambda w: " ".join(w)[:48])  # fmt: skip
def test_any_option(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options that mean nothing are refused in one message."""
    monkeypatch.chdir(tmp_path)
    answer = command(*words)
    assert answer.code == 2, answer
    assert "a fault of ours" not in answer.err, answer.err
    assert not list(tmp_path.rglob("*.parquet"))


def test_nothing_but_a_code_comes_out() -> None:
    """The wall holds for anything that can be raised."""
    for leaving in (SystemExit("words"), GeneratorExit(), BaseException("x"), BrokenPipeError(), StopIteration()):

        def leave(error: BaseException = leaving) -> None:
            raise error

        assert isinstance(guarded(leave), int)


def test_broken_bytes_in_words(tmp_path: Path) -> None:
    """Bytes that are no text in an argument are shown as they are."""
    for words in ((b"case", b"check", b"\xff\xfe.yaml"), (b"run", b"\xff"), (b"evidence", b"\xc3\x28")):
        decent(shell(words, tmp_path))
        refused(shell(words, tmp_path))
