"""Kind 3: names and codes of states as people and makers of data write them, by date."""

from __future__ import annotations

from datetime import date

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.evidence.names import ACLED_NAMES, OTHER_NAMES, UCDP_CODES, plain
from allegiance.evidence.sources import acled
from allegiance.evidence.states import find_state, states

KIND = "Names and codes of states"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ivory Coast", 437), ("Côte d'Ivoire", 437), ("cote divoire", 437), ("Burma", 775), ("DRC", 490),
        ("Zaire", 490), ("Democratic Republic of the Congo", 490), ("Republic of Congo", 484), ("Congo", 484),
        ("UK", 200), ("Great Britain", 200), ("USA", 2), ("The Gambia", 420), ("Gambia, The", 420),
        ("Swaziland", 572), ("eSwatini", 572), ("Czech Republic", 316), ("East Timor", 860), ("Türkiye", 640),
        ("Turkiye", 640), ("Russia (Soviet Union)", 365), ("USSR", 365), ("Upper Volta", 439), ("Rhodesia", 552),
        ("Viet Nam", 816), ("South Korea", 732), ("Korea, North", 731), ("Yemen (North Yemen)", 678),
        ("Serbia (Yugoslavia)", 345), ("Macedonia", 343), ("St. Lucia", 56), ("Saint Lucia", 56), ("Cabo Verde", 402),
        ("  mali ", 432), ("mli", 432), ("345", 345), ("679", 678), ("255", 260), ("946", 970), ("UAE", 696),
    ],
)  # fmt: skip
def test_names_people_type(name: str, code: int) -> None:
    assert find_state(name) == code


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("Serbia", date(1999, 3, 1), 345),
        ("Serbia", date(2010, 3, 1), 340),
        ("Yugoslavia", date(1980, 1, 1), 345),
        ("Germany", date(1980, 1, 1), 260),
        ("Germany", date(2000, 1, 1), 260),
        ("Yemen", date(1980, 1, 1), 678),
        ("Vietnam", date(1970, 1, 1), 816),
        ("South Vietnam", date(1970, 1, 1), 817),
    ],
)
def test_names_by_date(name: str, day: date, code: int) -> None:
    assert find_state(name, day) == code


@pytest.mark.parametrize(
    ("name", "day"), [("Yugoslavia", date(2015, 1, 1)), ("South Sudan", date(2000, 1, 1)), ("Tibet", date(1990, 1, 1))]
)
def test_a_state_that_did_not_exist_then_is_named(name: str, day: date) -> None:
    with pytest.raises(AllegianceError, match="existed on"):
        find_state(name, day)


@pytest.mark.parametrize("name", ["", "Narnia", "x" * 5000, "Mali\x00", "432.0", "-1"])
def test_what_is_no_state_is_refused_in_a_bounded_message(name: str) -> None:
    if plain(name) == "mali":
        assert find_state(name) == 432
        return
    with pytest.raises(AllegianceError, match="no state is called") as caught:
        find_state(name)
    assert len(str(caught.value)) < 400


def test_every_state_is_found_by_its_own_name_iso_and_number_and_no_name_means_two() -> None:
    owners: dict[str, int] = {}
    for code, iso, country in states().select("gwcode", "iso3", "country").iter_rows():
        for name in (country, *([iso] if iso else []), *OTHER_NAMES.get(code, ())):
            assert owners.setdefault(plain(name), code) == code or name in ("South Yemen", "Yugoslavia"), name
        assert find_state(country) == find_state(str(code)) == code
        assert iso is None or find_state(iso) == code


def test_makers_are_asked_by_their_own_names() -> None:
    for code, name in ACLED_NAMES.items():
        iso = states().filter(states()["gwcode"] == code)["iso3"][0]
        assert acled.acled_name(iso) == acled.acled_name(name) == name
    assert acled.acled_name("Red Sea") == "Red Sea"
    assert UCDP_CODES == {340: 345}
