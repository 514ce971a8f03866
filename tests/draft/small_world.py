"""A small world of twelve states in tables made by hand: enough for every step of a reading's fallback."""

from __future__ import annotations

from pathlib import Path

STATES = {  # Gleditsch-Ward (and, but for Yemen and Serbia, Correlates of War) codes of real states, invented figures
    432: 7,
    433: 13,
    434: 7,
    435: 15,
    436: 5,
    437: 8,
    438: 9,
    439: 10,
    450: 2,
    451: 3,
    452: 6,
    461: 4,
}
"""Code and thousands of soldiers."""
YEARS = range(1990, 2013)


def _write(folder: Path, table: str, rows: list[str]) -> None:
    path = folder / f"{table}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def world(folder: Path, spend: int = 40_000, only_armies: bool = False) -> Path:
    """Write the tables below `folder` and return it. `spend`: military spending of Mali (432), thousand dollars."""
    nmc = ["ccode,year,milex,milper,irst,pec,tpop,upop,cinc"]
    for k, (code, men) in enumerate(STATES.items()):
        for year in YEARS:
            money = spend if code == 432 else men * 1000 * (k + 1)
            nmc.append(f"{code},{year},{money},{men},0,0,{men * 1500},{men * 100},0.001")
    _write(folder, "wars-and-capabilities/cow_nmc_state_year", nmc)
    if only_armies:
        return folder
    forces = ["ccode,year,effective_number_forces,counterweights,secret_police,personalism,PTS_S"]
    forces += [f"432,{y},2.0,2,1,0.8,4" for y in YEARS] + [f"433,{y},1.0,0,0,0.2,2" for y in YEARS]
    _write(folder, "security-forces-country-year/security_forces_1950_2018", forces)
    toronto = ["ccode,year,conscription,service_months"] + [f"432,{y},1,24" for y in YEARS]
    _write(folder, "conscription-toronto/conscription_country_year_1945_2013", toronto)
    groups = ["gwid,statename,from,to,group,gwgroupid,size,status,reg_aut"]
    groups += ["432,Mali,1990,2004,South,1,0.9,DOMINANT,", "432,Mali,1990,2004,North,2,0.1,DISCRIMINATED,"]
    groups += ["432,Mali,2005,2012,South,1,0.9,SENIOR PARTNER,", "432,Mali,2005,2012,North,2,0.1,JUNIOR PARTNER,"]
    _write(folder, "epr-2021/epr_groups_1946_2021", groups)
    wars = [
        "conflict_id,year,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,incompatibility,intensity_level,type_of_conflict,"
        "start_date,start_prec,start_date2,start_prec2,ep_end,ep_end_date",
        "1,2000,432,,,,territory,1,intrastate,2000-03-01,1,2000-06-01,1,1,2000-12-01",
        "2,2006,432,,436,,territory,2,interstate,2006-02-01,1,2006-02-01,1,1,2007-03-01",
        "2,2006,432,,439,,territory,2,interstate,2006-02-01,1,2006-02-01,1,1,2007-03-01",
    ]
    _write(folder, "wars-and-capabilities/ucdp_acd_1946_2024", wars)
    coups = ["country,ccode,year,month,day,coup,version", "Mali,432,1991,3,26,2,1", "Mali,432,2009,5,1,1,1"]
    _write(folder, "coupcats-country-month/powell_thyne_list", coups)
    return folder
