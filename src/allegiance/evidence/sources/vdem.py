"""V-Dem: democracy, the army's hold on the executive, killing and civil society by state and year."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Source, Tables
from allegiance.evidence.states import states, to_gw

INDICES = "vdem-subset/vdem_country_year_1970_2021"
DEMOCRACY = "vdem-subset/vdem_democracy_1789_2024"
READ = (
    "v2x_ex_military", "v2x_neopat", "v2xnp_pres", "v2csreprss", "v2clkill", "v2x_clphy", "v2clsocgrp", "v2exembez",
    "v2x_polyarchy", "v2xcs_ccsi",
)  # fmt: skip


def standardise(raw: Path) -> Tables:
    """Ten indices by Gleditsch-Ward code, from the country-year file; places that are no states are left out."""
    found = sorted(raw.glob("V-Dem-CY*.csv"))
    if not found:
        raise AllegianceError(
            f"there is no V-Dem-CY*.csv in {raw}", "download the country-year file from v-dem.net into it"
        )
    frame = raw_csv(found[-1], ["country_name", "COWcode", "year", *READ])
    # V-Dem keeps one code for Germany and one for Yemen through the years in which they were divided
    one = pl.col("COWcode").replace({679: 678})
    one = pl.when((one == 255) & (pl.col("year") >= 1945)).then(260).otherwise(one)
    known = frame.filter(pl.col("COWcode").is_not_null()).with_columns(
        gwcode=to_gw(one, pl.date(pl.col("year"), 12, 31))
    )
    known = known.join(states().select("gwcode").unique(), on="gwcode", how="semi").unique(["gwcode", "year"])
    democracy = known.select(
        vdem_country_name="country_name", GWn="gwcode", cown="COWcode", year="year", v2x_polyarchy="v2x_polyarchy"
    )
    order = ["gwcode", "year"]
    return {
        INDICES: known.filter(pl.col("year") >= 1946).select(*order, *READ).sort(order),
        DEMOCRACY: democracy.sort("GWn", "year"),
    }


SOURCE = Source(
    key="vdem",
    card=Card(
        title="Varieties of Democracy, country-years",
        producer="V-Dem Institute, University of Gothenburg",
        citation="M. Coppedge et al., V-Dem Country-Year Dataset, Varieties of Democracy Project",
        licence="CC BY-SA 4.0",
        counts="expert codings joined by a measurement model: democracy, the army in politics, killings, embezzlement",
        address="https://v-dem.net/data/",
        doubts=("experts code the past knowing what came after", "revised every March, back to 1789"),
    ),
    tables=(INDICES, DEMOCRACY),
    access="by hand",
    standardise=standardise,
    how="fill in the form on v-dem.net, unpack the country-year file (V-Dem-CY-*.csv) into the folder named below",
)
