"""UCDP's and ACLED's interfaces over loopback HTTP: keys, pages, waiting, and changes told."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from loopback import Server, serve

from allegiance.base.errors import AllegianceError
from allegiance.evidence.download import Patience
from allegiance.evidence.sources import acled, ucdp

QUICK = Patience(tries=3, first_wait=0.01, timeout=5)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


def ged(number: int) -> dict[str, object]:
    return {
        "id": number, "country_id": 369, "country": "Ukraine", "date_start": "2014-05-02T00:00:00",
        "type_of_violence": 1, "side_a": "A", "side_b": "B", "deaths_a": 1, "deaths_b": 2, "deaths_civilians": 0,
        "deaths_unknown": 0, "best": 3, "low": 3, "high": 4, "latitude": 48.0, "longitude": 38.0, "date_prec": 1,
    }  # fmt: skip


def test_ucdp_pages(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UCDP_TOKEN", "mine")
    following = f"{server.address}/next"
    server.files["/ged/25.1"] = json.dumps({"Result": [ged(1), ged(2)], "NextPageUrl": following}).encode()
    server.files["/next"] = json.dumps({"Result": [ged(2), ged(3)], "NextPageUrl": ""}).encode()
    server.trouble.extend([429, 503])
    table = ucdp.events_in([369], "2014-01-01", "2014-12-31", url=f"{server.address}/ged", patience=QUICK)
    assert sorted(table["event_id"]) == [1, 2, 3]
    assert set(table["date"]) == {date(2014, 5, 2)}
    asked = parse_qs(urlsplit(server.asked[-2][0]).query)
    assert asked["Country"] == ["369"]
    assert all(headers["x-ucdp-access-token"] == "mine" for _, headers in server.asked)


def test_ucdp_without_token_or_with_other_columns(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UCDP_TOKEN", raising=False)
    with pytest.raises(AllegianceError, match="UCDP_TOKEN is not set"):
        ucdp.events_in([369], "2014-01-01", "2014-12-31", url=server.address)
    monkeypatch.setenv("UCDP_TOKEN", "mine")
    renamed = {k: v for k, v in ged(1).items() if k != "best"}
    server.files["/ged/25.1"] = json.dumps({"Result": [renamed]}).encode()
    with pytest.raises(AllegianceError, match="no 'best'"):
        ucdp.events_in([369], "2014-01-01", "2014-12-31", url=f"{server.address}/ged", patience=QUICK)


def archive(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("data.csv", text)
    return stream.getvalue()


def test_ucdp_files(tmp_path: Path) -> None:
    columns = ",".join(ucdp._ACD)
    row = "11342,2012,750,,,,1,1,3,1997-05-29,1,2012-11-15,1,1,2012-12-21"
    (tmp_path / "ucdp-prio-acd-251-csv.zip").write_bytes(archive(f"{columns}\n{row}\n"))
    deaths = 'year,gwno_battle,bd_best,bd_low,bd_high\n2012,"645, 652",100,80,120\n2012,652,10,10,10\n'
    (tmp_path / "ucdp-brd-conf-251-csv.zip").write_bytes(archive(deaths))
    tables = ucdp.standardise(tmp_path)
    conflict = tables[ucdp.CONFLICTS].row(0, named=True)
    assert (conflict["incompatibility"], conflict["type_of_conflict"]) == ("territory", "intrastate")
    assert tables[ucdp.DEATHS].select("gwcode", "best").rows() == [(645, 50.0), (652, 60.0)]
    (tmp_path / "ucdp-brd-conf-251-csv.zip").write_bytes(archive(deaths)[:40])
    with pytest.raises(AllegianceError, match="cannot read"):
        ucdp.standardise(tmp_path)
    (tmp_path / "ucdp-brd-conf-251-csv.zip").write_bytes(archive(deaths.replace("bd_best", "best")))
    with pytest.raises(AllegianceError, match="lacks bd_best"):
        ucdp.standardise(tmp_path)


def acled_page(*ids: int) -> bytes:
    row = {"event_date": "2022-03-01", "event_type": "Protests", "country": "Ukraine", "fatalities": "0",
           "latitude": "50.4", "longitude": "30.5", "secret": "dropped"}  # fmt: skip
    return json.dumps({"data": [row | {"event_id_cnty": f"UKR{i}"} for i in ids]}).encode()


def test_acled_pages_with_the_users_own_key(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACLED_TOKEN", "mine")
    server.files["/acled"] = acled_page(1)  # shorter than a page: the last
    table = acled.events_in("Ukraine", "2022-01-01", "2022-12-31", f"{server.address}/acled", QUICK, page=2)
    assert table["event_id_cnty"].to_list() == ["UKR1"]
    assert "secret" not in table.columns
    assert table.row(0)[1] == date(2022, 3, 1)
    assert server.asked[0][1]["Authorization"] == "Bearer mine"


def test_acled_refusal(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACLED_TOKEN", "old")
    server.trouble.append(403)
    with pytest.raises(AllegianceError, match="refused the key"):
        acled.events_in("Ukraine", "2022-01-01", "2022-12-31", f"{server.address}/acled", QUICK)
    monkeypatch.delenv("ACLED_TOKEN")
    with pytest.raises(AllegianceError, match="ACLED_TOKEN is not set"):
        acled.events_in("Ukraine", "2022-01-01", "2022-12-31")
