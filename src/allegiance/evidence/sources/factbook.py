"""World Factbook, military fields coded by keyword, 1990-2025."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "world-factbook-archive/factbook_military_coded_1990_2025"

SOURCE = Source(
    key="factbook",
    card=Card(
        title="World Factbook, military fields coded by keyword, 1990-2025",
        producer="Central Intelligence Agency; coded by this project",
        citation="Central Intelligence Agency, The World Factbook, 36 editions",
        licence="public domain",
        counts="conscription, months of service and kinds of force beside the army, by edition",
        address="https://github.com/MilkMp/CIA-World-Factbooks-Archive-1990-2025",
        doubts=(
            "an edition is written the year before",
            "lists of branches became far fuller in 2019: kinds are read to 2018 and from 2019 apart",
            "conscription follows the law, not practice",
        ),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns year, gwcode, conscription, service_months, pf_* as one CSV table",
)
