"""A damaged ledger or a damaged folder of results is told on the page; the page itself is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from allegiance.app import claims, forecast_task, forecasts
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context, Options
from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json

ROW = {"gwcode": 2, "iso3": "USA", "country": "One", "probability": 0.1, "low": 0.0, "high": 0.2, "climatology": 0.1}
SAID: dict[str, Any] = {
    "outcome": "coup_attempt", "horizon": 12, "as_of": "2019-12-01", "data": {}, "weights": {},
    "model": {"name": "made up", "version": "0", "method": 0},
    "rows": [ROW],
}  # fmt: skip


def frozen(folder: Path, issued: Any = "2020-01-02T00:00:00+00:00", **changes: Any) -> Path:
    """A forecast whose hash fits its content, whatever that is."""
    said = {k: v for k, v in (SAID | {"issued": issued, "previous": ""} | changes).items() if v is not None}
    digest = sha256_text(to_json(said))
    path = folder / f"2019-12_coup_attempt_12m_{digest[:12]}.json"
    path.write_text(to_json({"sha256": digest, "forecast": said}), encoding="utf-8")
    return path


def _half(folder: Path) -> None:
    path = frozen(folder)
    path.write_bytes(path.read_bytes()[:200])


def _flipped(folder: Path) -> None:
    path = frozen(folder)
    path.write_text(path.read_text().replace("0.1", "0.9"))


def _bit(folder: Path) -> None:
    path = frozen(folder)
    raw = bytearray(path.read_bytes())
    raw[40] ^= 0x80
    path.write_bytes(raw)


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "empty": lambda f: (f / "x.json").write_text(""),
    "not JSON": lambda f: (f / "x.json").write_text("{"),
    "a list": lambda f: (f / "x.json").write_text("[]"),
    "null": lambda f: (f / "x.json").write_text("null"),
    "a number": lambda f: (f / "x.json").write_text("7"),
    "an empty mapping": lambda f: (f / "x.json").write_text("{}"),
    "binary": lambda f: (f / "x.json").write_bytes(bytes(range(256))),
    "UTF-16": lambda f: (f / "x.json").write_text("{}", encoding="utf-16"),
    "brackets": lambda f: (f / "x.json").write_text("[" * 200_000),
    "a folder": lambda f: (f / "x.json").mkdir(),
    "a link to nothing": lambda f: (f / "x.json").symlink_to(f / "nothing"),
    "half a file": _half,
    "a changed figure": _flipped,
    "a flipped bit": _bit,
    "renamed": lambda f: frozen(f).rename(f / "x.json"),
    "no day of issue": lambda f: frozen(f, issued=None),
    "no month": lambda f: frozen(f, as_of=None),
    "a month that is none": lambda f: frozen(f, as_of="2019-13-01"),
    "a month that is a number": lambda f: frozen(f, as_of=2019),
    "no outcome": lambda f: frozen(f, outcome=None),
    "a horizon in words": lambda f: frozen(f, horizon="soon"),
    "no rows": lambda f: frozen(f, rows=None),
    "rows without probability": lambda f: frozen(f, rows=[{"gwcode": 2}]),
    "rows of words": lambda f: frozen(f, rows="words"),
    "a probability in words": lambda f: frozen(f, rows=[ROW | {"probability": {"a": 1}}]),
    "a forecast that is a list": lambda f: (f / "x.json").write_text('{"forecast": [], "sha256": "", "issued": ""}'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_ledger_is_told(damage: Callable[[Path], Any], tmp_path: Path) -> None:
    frozen(tmp_path, horizon=3)
    damage(tmp_path)
    with pytest.raises(AllegianceError) as caught:
        forecast_task.ledger_entries(tmp_path)
    assert caught.value.cure
    assert len(str(caught.value)) < 2000
    html = str(forecasts.render(Context({}, Options(ledger=tmp_path)), Catalogue()))
    assert 'class="notice bad"' in html
    assert "Traceback" not in html


def test_a_sound_ledger_is_shown(tmp_path: Path) -> None:
    frozen(tmp_path)
    html = str(forecasts.render(Context({}, Options(ledger=tmp_path)), Catalogue()))
    assert "2019-12" in html
    assert 'class="notice bad"' not in html


class Entry(NamedTuple):
    """As much of a forecast of the ledger as tells which it is."""

    outcome: str
    horizon: int
    as_of: date

    @property
    def key(self) -> tuple[str, int]:
        return self.outcome, self.horizon


def test_what_is_shown_first_is_what_the_form_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    december = {year: date(year, 12, 1) for year in (2017, 2018, 2019)}
    entries = [Entry("coup_attempt", 12, december[2017]), Entry("coup_attempt", 12, december[2018]),
               Entry("coup_attempt", 1, december[2019]), Entry("mutiny", 12, december[2019])]  # fmt: skip
    monkeypatch.setattr(forecast_task, "ledger_of", lambda options: entries)
    monkeypatch.setattr(forecast_task, "_frozen", lambda entry, data, country: entry._asdict())
    monkeypatch.setattr(forecast_task, "data_folder", lambda options: "")

    def shown(outcome: str, horizon: int, as_of: date | None = None) -> Any:
        return list(forecast_task.issued({}, outcome, horizon, as_of))[-1].result

    assert shown("coup_attempt", 12) == entries[1]._asdict()
    assert shown("coup_attempt", 12, december[2017]) == entries[0]._asdict()
    assert shown("mutiny", 12) == entries[3]._asdict()
    assert shown("mutiny", 12, december[2018]) is None
    assert shown("coup_success", 12) is None


def test_a_ledger_that_is_gone_is_told(tmp_path: Path) -> None:
    html = str(forecasts.render(Context({}, Options(ledger=tmp_path / "gone")), Catalogue()))
    assert "there is no ledger" in html


RESULTS = ["", "{", "[]", "7", "null", "{}", '{"claims": 7}', '{"claims": [7]}', '{"claims": [{"claim": "C1"}]}',
           '{"claims": [{"claim": ["C1"], "verdict": "supported"}]}', '{"claims": {"claim": "C1"}}']  # fmt: skip


@pytest.mark.parametrize("text", RESULTS)
@pytest.mark.parametrize("effects", [None, b"", b"PAR1 damaged PAR1"])
@pytest.mark.parametrize("claim", ["", "C1"])
def test_damaged_results_are_told(text: str, effects: bytes | None, claim: str, tmp_path: Path) -> None:
    (tmp_path / "claims.json").write_text(text)
    if effects is not None:
        (tmp_path / "effects.parquet").write_bytes(effects)
    html = str(claims.render(Context({"claim": claim}, Options(results=tmp_path)), Catalogue()))
    assert "cannot be read" in html


@pytest.mark.parametrize("claim", ["", "C1"])
def test_results_with_other_columns_are_told(claim: str, tmp_path: Path) -> None:
    import polars as pl

    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "effects.parquet")
    row = {"claim": "C1", "verdict": "supported", "why": "so"}
    (tmp_path / "claims.json").write_text(json.dumps({"claims": [row]}))
    html = str(claims.render(Context({"claim": claim}, Options(results=tmp_path)), Catalogue()))
    assert "cannot be read" in html
