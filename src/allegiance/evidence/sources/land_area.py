"""World Factbook, land area and terrain."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "world-factbook-archive/factbook_area_terrain_ethnic"

SOURCE = Source(
    key="land-area",
    card=Card(
        title="World Factbook, land area and terrain",
        producer="Central Intelligence Agency",
        citation="Central Intelligence Agency, The World Factbook",
        licence="public domain",
        counts="land area in square kilometres, terrain and ethnic groups in words",
        address="https://github.com/MilkMp/CIA-World-Factbooks-Archive-1990-2025",
        doubts=("today's borders",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns gwcode, year, land_area_km2 as one CSV table",
)
