"""REIGN: leaders and regimes, the lists behind the monthly data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/OEFDataScience/REIGN.github.io/gh-pages/data_sets"
LEADERS = "reign/leaderlist_2021_03"
REGIMES = "reign/regime_list_2021_03"
_LEADER = [
    "stateabb", "ccode", "leadid", "leader", "sdate", "smonth", "syear", "emonth", "eyear", "birthyear", "gender",
    "militarycareer", "l_month", "l_year",
]  # fmt: skip
_REGIME = ["cowcode", "gwf_country", "gwf_casename", "gwf_startdate", "gwf_enddate", "gwf_regimetype"]


def standardise(raw: Path) -> Tables:
    """Both lists without the coders' columns."""
    leaders = raw_csv(raw / "leaderlist_3_21.csv", _LEADER, encoding="iso-8859-1")
    regimes = raw_csv(raw / "regime_list.csv", _REGIME, encoding="iso-8859-1")
    return {LEADERS: leaders, REGIMES: regimes}


SOURCE = Source(
    key="reign",
    card=Card(
        title="REIGN leader and regime lists, March 2021",
        producer="Curtis Bell, Clayton Besaw and Matthew Frank, One Earth Future",
        citation="C. Bell, C. Besaw, M. Frank (2021), Rulers, Elections, and Irregular Governance (REIGN) dataset",
        licence="the repository carries the MIT licence of its site template; none is stated for the data",
        counts="spells of leaders (birth, career, entry, exit) and of regimes (types of Geddes, Wright and Frantz)",
        address="https://oefdatascience.github.io/REIGN.github.io/",
        doubts=("no longer updated since 2021", "regime types rest on one coding tradition"),
        corrections=(Correction(date(2026, 11, 23), "read as Latin-1", "the file is not UTF-8"),),
    ),
    tables=(LEADERS, REGIMES),
    access="download",
    remotes=(
        Remote("leaderlist_3_21.csv", f"{_ROOT}/leaderlist_3_21.csv"),
        Remote("regime_list.csv", f"{_ROOT}/regime_list.csv"),
    ),
    standardise=standardise,
)
