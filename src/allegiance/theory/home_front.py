"""Losses reach families by home region, families protest, and the state can hold down only so many."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def bereavement(stock: float, deaths: float, memory: float) -> float:
    return stock * (1.0 - 1.0 / memory) + deaths


@scalar
def participation(stock: float, population: float, per_death: float, threshold: float) -> float:
    share = stock / max(population, 1.0)
    return per_death * stock * share / (share + threshold)


@scalar
def surviving(protesters: float, capacity: float, broken: float) -> float:
    contained = min(protesters, capacity)
    return protesters - broken * contained


MECHANISM = Mechanism(
    id="home_front",
    claims=("C13",),
    kind="process",
    summary="Losses reach families by home region, families protest, and the state can hold down only so many.",
    silent_on="elections and parties",
    parameters=(
        Parameter(
            "lag",
            30,
            14,
            60,
            "days",
            Basis.judgement,
            "karolMiguel2007",
            "from a death to the protest of those who mourn",
            "log",
        ),
        Parameter(
            "memory",
            180,
            90,
            365,
            "days",
            Basis.judgement,
            "karolMiguel2007",
            "how long bereavement moves people",
            "log",
        ),
        Parameter(
            "participation",
            0.5,
            0.1,
            2.0,
            "people a day per recent death",
            Basis.judgement,
            "putDomoi2023",
            "about 30 women in the street from a chat of 11,000 in a country with tens of thousands of dead",
            "log",
        ),
        Parameter(
            "threshold",
            0.0004,
            0.0001,
            0.0015,
            "deaths per head",
            Basis.judgement,
            "bessudnov2023",
            "deaths per head of a region at which protest comes easily; Buryatia stood at about 1 per 1000",
            "log",
        ),
        Parameter(
            "repression",
            0.7,
            0.4,
            0.9,
            "share per day",
            Basis.judgement,
            "ovdinfo2022",
            "protest within the capacity of the state is broken in days",
            "logit",
        ),
    ),
    functions=(
        bereavement,
        participation,
        surviving,
    ),
    sources=("karolMiguel2007", "granovetter1978"),
    rivals=(),
    switchable=True,
)
