"""Other names of states: what people type, older names, and those that makers of data use."""

from __future__ import annotations

import re
import unicodedata

OTHER_NAMES: dict[int, tuple[str, ...]] = {
    2: ("US", "USA", "United States of America", "America"),
    42: ("Dominican Rep.",),
    52: ("Trinidad",),
    56: ("St. Lucia",),
    57: ("St. Vincent", "St. Vincent and the Grenadines"),
    58: ("Antigua",),
    60: ("St. Kitts and Nevis", "St. Kitts"),
    115: ("Surinam",),
    200: ("UK", "Great Britain", "Britain", "England", "United Kingdom of Great Britain and Northern Ireland"),
    210: ("Holland",),
    260: ("German Federal Republic", "West Germany", "Federal Republic of Germany", "FRG", "Germany West",
          "Germany (Prussia)"),
    265: ("German Democratic Republic", "GDR", "DDR", "Germany East"),
    316: ("Czech Republic",),
    317: ("Slovak Republic",),
    325: ("Italy/Sardinia",),
    341: ("Montenegro, Republic of",),
    343: ("Macedonia", "FYROM", "Macedonia, FYR", "Macedonia, FYRO", "FYR Macedonia"),
    345: ("Federal Republic of Yugoslavia", "Serbia (Yugoslavia)", "Serbia and Montenegro"),
    346: ("Bosnia", "Bosnia-Herzegovina"),
    359: ("Republic of Moldova", "Moldavia"),
    360: ("Rumania",),
    365: ("Russian Federation", "Russia (Soviet Union)", "Soviet Union", "USSR"),
    370: ("Belarus (Byelorussia)", "Byelorussia"),
    402: ("Cabo Verde",),
    403: ("Sao Tome",),
    420: ("The Gambia",),
    434: ("Dahomey",),
    437: ("Ivory Coast", "Cote d'Ivoire", "Cote DIvoire"),
    439: ("Upper Volta", "Burkina Faso (Upper Volta)", "Burkina"),
    482: ("CAR", "Central African Rep."),
    484: ("Republic of Congo", "Republic of the Congo", "Congo Republic", "Congo-Brazzaville", "Congo, Republic of",
          "Congo Brazzaville", "Congo (Brazzaville)"),
    490: ("DRC", "Democratic Republic of Congo", "Democratic Republic of the Congo", "Zaire", "DR Congo (Zaire)",
          "D. R. Congo (Zaire)", "Congo-Kinshasa", "Congo, Democratic Republic of", "Congo (Kinshasa)",
          "Congo, Democratic Republic of (Zaire)", "Congo, Dem. Rep.", "Congo Kinshasa"),
    510: ("United Republic of Tanzania", "Tanganyika", "Tanzania/Tanganyika"),
    530: ("Abyssinia",),
    552: ("Rhodesia", "Zimbabwe (Rhodesia)"),
    560: ("RSA",),
    571: ("Bechuanaland",),
    572: ("Swaziland", "eSwatini", "Kingdom of eSwatini (Swaziland)"),
    580: ("Madagascar (Malagasy)",),
    625: ("Sudan-North",),
    630: ("Persia", "Iran (Persia)", "Iran, Islamic Rep."),
    640: ("Türkiye", "Turkiye", "Turkey/Ottoman Empire", "Ottoman Empire", "Turkey (Ottoman Empire)"),
    651: ("United Arab Republic", "Egypt, Arab Rep."),
    652: ("Syrian Arab Republic",),
    678: ("Yemen Arab Republic", "North Yemen", "Yemen (North Yemen)", "Yemen Arab Republic; N. Yemen",
          "Yemen (Arab Republic of Yemen)", "Yemen, Rep."),
    680: ("Yemen People's Republic", "South Yemen", "Yemen People's Republic; S. Yemen",
          "Yemen, People's Republic of", "PDR Yemen", "Yemen PDR"),
    696: ("UAE", "Emirates", "United Arab Emirate"),
    703: ("Kyrgyz Republic",),
    710: ("People's Republic of China", "PRC"),
    713: ("Formosa", "Republic of China"),
    731: ("DPRK", "Democratic People's Republic of Korea", "Korea, North", "Korea, People's Republic of"),
    732: ("Republic of Korea", "Korea, South", "Korea, Republic of", "ROK"),
    775: ("Burma", "Myanmar (Burma)", "Burma (Myanmar)", "Burma/Myanmar"),
    780: ("Ceylon", "Sri Lanka (Ceylon)"),
    811: ("Kampuchea", "Cambodia (Kampuchea)"),
    812: ("Lao PDR",),
    816: ("Viet Nam", "North Vietnam", "Democratic Republic of Vietnam", "Vietnam (North Vietnam)",
          "Vietnam, Democratic Republic of"),
    817: ("Republic of Vietnam", "Vietnam, Republic of"),
    835: ("Brunei Darussalam",),
    860: ("East Timor", "East Timor (Timor-Leste)"),
    940: ("Solomons",),
    983: ("Marshalls",),
    987: ("Federated States of Micronesia",),
    990: ("Western Samoa", "Samoa/Western Samoa"),
}  # fmt: skip
"""By Gleditsch–Ward code, beside the short names and ISO codes of `states`."""

ACLED_NAMES: dict[int, str] = {
    316: "Czech Republic",
    437: "Ivory Coast",
    484: "Republic of Congo",
    490: "Democratic Republic of Congo",
    572: "eSwatini",
    860: "East Timor",
}
"""What ACLED calls a state where its name is not ours."""

UCDP_CODES: dict[int, int] = {340: 345}
"""Where UCDP's country number is not Gleditsch and Ward's: Serbia keeps Yugoslavia's."""


def plain(name: str) -> str:
    """A name without case, accents, punctuation and articles, so that spellings of one name are one.

    >>> plain("Côte d'Ivoire"), plain("The Gambia"), plain("St. Lucia") == plain("Saint Lucia")
    ('cote divoire', 'gambia', True)
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    letters = re.sub(r"\bst\b\.?", "saint", letters).replace("&", " and ").replace("'", "")
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join(w for w in words if w != "the")
