"""State codes: every place where Gleditsch and Ward, Correlates of War and ISO part ways."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.evidence.states import find_state, lineage, require_known, states, to_cow, to_gw


def gw(cow: int, day: date) -> int:
    return int(pl.select(to_gw(pl.lit(cow), pl.lit(day))).item())


def cow(code: int, day: date) -> int:
    return int(pl.select(to_cow(pl.lit(code), pl.lit(day))).item())


def test_the_list_is_sound() -> None:
    table = states()
    assert table["gwcode"].is_unique().all()
    iso = table["iso3"].drop_nulls()
    assert iso.is_unique().all()
    assert iso.str.contains(r"^[A-Z]{3}$").all()
    assert (table.drop_nulls("end")["start"] < table.drop_nulls("end")["end"]).all()
    named = table.filter(pl.col("iso3").is_null())["country"].to_list()
    assert sorted(named) == ["Abkhazia", "South Ossetia", "South Vietnam", "Tibet", "Zanzibar"]


@pytest.mark.parametrize(
    ("name", "correlates", "day", "gleditsch"),
    [
        ("West Germany", 260, date(1989, 1, 1), 260),
        ("Germany", 255, date(1990, 10, 3), 260),
        ("Germany", 255, date(2015, 1, 1), 260),
        ("East Germany", 265, date(1989, 1, 1), 265),
        ("North Yemen", 678, date(1989, 1, 1), 678),
        ("Yemen", 679, date(1990, 5, 22), 678),
        ("South Yemen", 680, date(1989, 1, 1), 680),
        ("Yugoslavia", 345, date(2006, 6, 4), 345),
        ("Serbia", 345, date(2006, 6, 5), 340),
        ("Vietnam", 816, date(1970, 1, 1), 816),
        ("Vietnam", 816, date(1990, 1, 1), 816),
        ("South Vietnam", 817, date(1970, 1, 1), 817),
        ("Kiribati", 946, date(2005, 1, 1), 970),
        ("Nauru", 970, date(2005, 1, 1), 971),
        ("Tonga", 955, date(2005, 1, 1), 972),
        ("Tuvalu", 947, date(2005, 1, 1), 973),
        ("Mali", 432, date(2012, 3, 1), 432),
    ],
)
def test_there_and_back(name: str, correlates: int, day: date, gleditsch: int) -> None:
    assert gw(correlates, day) == gleditsch
    assert cow(gleditsch, day) == correlates


def test_germany_before_the_union_has_no_code_of_its_own() -> None:
    assert gw(255, date(1990, 10, 2)) == 255
    assert 255 not in set(states()["gwcode"])


def test_lineage() -> None:
    assert pl.select(lineage(pl.lit(340))).item() == 345
    assert pl.select(lineage(pl.lit(432))).item() == 432


@pytest.mark.parametrize(("text", "code"), [("Mali", 432), ("mli", 432), ("432", 432), ("Côte d'Ivoire", 437)])
def test_find(text: str, code: int) -> None:
    assert find_state(text) == code


def test_find_on_a_day_and_unknown() -> None:
    assert find_state("South Vietnam", date(1970, 1, 1)) == 817
    with pytest.raises(AllegianceError):
        find_state("South Vietnam", date(1980, 1, 1))
    with pytest.raises(AllegianceError, match="Mali"):
        find_state("Malli")


def test_unknown_codes_are_refused() -> None:
    good = pl.DataFrame({"gwcode": [432, 200]}, schema={"gwcode": pl.Int32})
    assert require_known(good, "x").equals(good)
    with pytest.raises(AllegianceError, match="unknown country codes 9998, 9999"):
        require_known(pl.DataFrame({"gwcode": [432, 9999, 9998]}, schema={"gwcode": pl.Int32}), "x")
    with pytest.raises(AllegianceError, match=r"codes \(an empty cell\), 9998"):
        require_known(pl.DataFrame({"gwcode": [9998, 432, None]}, schema={"gwcode": pl.Int32}), "x")
