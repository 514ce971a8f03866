"""What a case is: an army, its ruler, its society and its war, with a source for every number.

Unknown keys are refused, everything is frozen, and each field's description is the reference page of the case format.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator

from allegiance.cases.neutral import neutral
from allegiance.cases.parts import BrigadeKind as BrigadeKind
from allegiance.cases.parts import Category as Category
from allegiance.cases.parts import Key as Key
from allegiance.cases.parts import Part as Part
from allegiance.cases.parts import Text as Text
from allegiance.cases.units import (
    Area,
    AreaPerDay,
    Days,
    Level,
    LogRatio,
    People,
    PerThousandDay,
    PerYear,
    Ratio,
    Share,
    Soldiers,
    SoldiersPerDay,
)


class Source(Part):
    """A work or document that numbers cite."""

    title: Text = Field(description="title of the work, page or data set")
    author: str = Field(default="", description="author or publisher")
    year: int | None = Field(default=None, ge=1700, le=2100, description="year of publication")
    url: str = Field(default="", description="public address")
    doi: str = Field(default="", description="DOI without the https prefix")
    note: str = Field(default="", description="what was read, and doubts about it")

    @property
    def label(self) -> str:
        """Author, year (where there is an author) and title."""
        year = f" ({self.year})" if self.year else ""
        return f"{self.author}{year}. {self.title}" if self.author else self.title

    @property
    def address(self) -> str:
        """Where it is found: the DOI as an address, else the address given, which may be empty."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


class Formation(Part):
    """How a force is cut into companies, battalions and brigades (soldiers and counts, from its order of battle)."""

    company: int = Field(default=100, ge=20, le=400, description="soldiers in a company")
    battalion: int = Field(default=5, ge=1, le=20, description="companies in a battalion")
    brigade: int = Field(default=5, ge=1, le=20, description="battalions in a brigade or regiment")


class Command(Part):
    """Officers of a force."""

    loyalty: Level = Field(description="loyalty of commanders to the ruler, mean")
    competence: Level = Field(
        default=neutral(0.5, "level", "ordinary officers", 0.3, 0.7),
        description="competence of commanders as their soldiers see it, mean",
    )


class Force(Part):
    """One force with its own chain of command."""

    name: Text = Field(description="name in words")
    kind: Literal["regular", "guard", "private", "militia"] = Field(
        description="regular army, or a parallel force: guard, private (military company), militia"
    )
    strength: Soldiers = Field(description="soldiers under arms in this force at the start")
    composition: dict[Category, Share] = Field(description="share of each category; must add up to 1")
    formation: Formation = Field(default_factory=Formation)
    brigades: dict[Key, BrigadeKind] = Field(
        default_factory=dict, exclude_if=lambda kinds: not kinds,
        description="kinds of brigades that differ in whom they hold and how ready they are; all alike if not given",
    )  # fmt: skip
    deployed: Share = Field(description="share of the force in contact with the enemy or the civilians faced")
    relief: Share = Field(
        default=neutral(1.0, "share", "no place is left to itself", 0.7, 1.0),
        description="how much of the army can come to the help of a place that is attacked: 0 scattered garrisons, "
        "each alone; 1 an army in the field",
    )
    way_out: Share = Field(
        default=neutral(1.0, "share", "home, friends or a border within reach", 0.6, 1.0),
        description="how far a soldier who leaves has somewhere to go: near 0 on an island or in an encircled town",
    )
    quality: Level = Field(
        default=neutral(0.5, "level", "an ordinary army of its time", 0.35, 0.65),
        description="training and skill, 0.5 an ordinary army of its time",
    )
    equipment: Level = Field(description="weapons and materiel in working order, share of establishment")
    resources: Ratio = Field(
        default=neutral(1.0, "ratio", "no force is favoured"),
        description="food, kit and pay a soldier receives relative to the mean soldier of the side, 1 equal; only the "
        "ratios between forces count",
    )
    pay: Ratio = Field(description="pay relative to a civilian wage at home")
    command: Command
    loyalty: Level = Field(description="soldiers' loyalty to the regime, mean, before the war")
    groups: dict[Key, Share] = Field(description="social or ethnic groups of its soldiers; must add up to 1")
    recruits_from: dict[Key, Share] = Field(
        description="home regions of its soldiers; must add up to 1; by population if not given"
    )
    wounded_to_killed: Ratio = Field(
        default=neutral(3.0, "ratio", "the classic ratio", 2.0, 5.0), description="wounded per killed"
    )
    return_to_duty: Share = Field(
        default=neutral(0.5, "share", "about half", 0.3, 0.7),
        description="share of wounded who return to their company",
    )
    horizons: dict[Category, Days] = Field(
        default_factory=dict, description="days until return to civilian life, where not the theory's default"
    )
    dissolution: Level | None = Field(
        default=None, description="has the ruler announced that this force will be merged or lose its privileges?"
    )


class Region(Part):
    """A home region: where soldiers come from and families protest."""

    name: Text
    population: People
    capital: bool = Field(default=False, description="is it the capital, or near enough to threaten the ruler?")


class Wave(Part):
    """A wave of protest that happened, by date; the model adds the protest that losses cause."""

    date: date
    days: int = Field(ge=1, le=2000, description="how long it lasted")
    participants: People = Field(description="people taking part, added up over the days it lasted (person-days)")
    nonviolent: Share = Field(description="share of it without arms or arson")
    capital: Share = Field(description="share of it in or near the capital")


class Pool(Part):
    """A pool from which losses can be replaced."""

    category: Category
    size: People = Field(description="soldiers who can be drawn from it within the horizon")
    daily_max: SoldiersPerDay = Field(description="most that can arrive at the front in a day")
    political_cost: Level = Field(description="cost to the ruler of drawing on it; the cheapest open pool goes first")
    money_cost: Ratio = Field(description="cost of a soldier relative to a contract soldier")
    opens: date | None = Field(default=None, description="day from which it may be used, if a law opened it")
    force: Key | None = Field(default=None, description="force it feeds; the largest regular force if not given")
    new_formations: Soldiers | None = Field(
        default=None, description="soldiers of this pool who form new companies instead of replacing losses"
    )


class CoupProofing(Part):
    """What the ruler does against coups."""

    counterbalancing: Level = Field(description="armed bodies outside the army able to contest a coup")
    stacking: Level = Field(description="posts by kinship, creed or loyalty instead of skill")
    purges: Level = Field(description="rotation and dismissal of commanders")
    surveillance: Level = Field(description="secret police inside the officer corps")
    blocking: Level = Field(
        default=neutral(0.05, "level", "none reported", 0.0, 0.2),
        description="units that stop or shoot soldiers who leave",
    )


class Protest(Part):
    """Protest at home and the state's capacity to contain it."""

    capacity: People = Field(
        description="protesters the state can contain in a day; two in a thousand of the people if not given"
    )
    waves: list[Wave] = Field(default_factory=list)


class Aims(Part):
    """War aims and beliefs of a side at the start."""

    resolve: Level = Field(
        default=neutral(0.65, "level", "a ruler who wishes to stay", 0.4, 0.9),
        description="willingness to bear costs rather than concede; 1 stakes survival on it",
    )
    expected_advantage: LogRatio = Field(
        default=neutral(0.0, "log ratio", "it expects an equal", -0.7, 0.7),
        description="its belief about the log capability ratio in its own favour",
    )
    uncertainty: LogRatio = Field(
        default=neutral(0.5, "log ratio", "a factor of three in nine cases of ten", 0.3, 0.8),
        description="standard deviation of that belief",
    )
    expected_days: Days = Field(
        default=neutral(60.0, "days", "wars are expected to be short", 14.0, 200.0),
        description="days in which it expected success",
    )


class Aid(Part):
    """Material aid from outside powers (or sanctions) from a day on, as change in equipment."""

    date: date
    materiel: Ratio = Field(description="equipment relative to that of the start from this day on")
    label: Text


class Side(Part):
    """One side of a war; in a repression case the only one."""

    name: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(default=None, description="ISO 3166-1 alpha-3")
    role: Literal["attacker", "defender"] = Field(description="attacker (or the repressing state) or defender")
    population: People
    supply: Level = Field(description="share of the need for food, warmth, fuel and ammunition that is met, all forces")
    monitoring: Level = Field(description="how closely officers and military police watch soldiers")
    punishment: Level = Field(description="severity and certainty of punishment for leaving or refusing")
    inclusion: Level = Field(description="equality of social groups inside the army (Lyall 2020), 1 equal")
    inducement: Level = Field(
        description="what it offers opposing soldiers: safe surrender, kindness, amnesty, pay; in a case with "
        "one side, what the civilians faced offer its own soldiers"
    )
    escalation_ceiling: int = Field(
        default=2, ge=0, le=5, description="highest level of destruction it can reach"
    )
    coup_base_rate: PerYear = Field(description="yearly probability of a coup attempt from statistics for this state")
    coup_proofing: CoupProofing
    aims: Aims = Field(default_factory=Aims)
    forces: dict[Key, Force] = Field(min_length=1)
    regions: dict[Key, Region] = Field(min_length=1, description="one, the country, if not given")
    recruitment: dict[Key, Pool] = Field(default_factory=dict)
    protest: Protest = Field(description="capacity by population and no waves if not given")
    aid: list[Aid] = Field(default_factory=list)
    replaces_losses: Share = Field(
        default=neutral(0.0, "share", "none to replace", 0.0, 0.2),
        description="share of losses the ruler tries to replace",
    )


class Zone(Part):
    """A war-zone area and the civilians in it."""

    name: Text
    population: People = Field(
        description="civilians exposed in the area; a twentieth of the first side's people if not given"
    )
    groups: dict[Key, Share] = Field(description="their social or ethnic groups; must add up to 1")
    weight: Share = Field(
        description="share of the troops in contact who serve here; must add up to 1 over areas; equal if none is given"
    )
    against_civilians: Share = Field(description="how far the task is directed against the civilians (1 repression)")
    urban: Share = Field(
        default=neutral(0.3, "share", "towns and country", 0.1, 0.6),
        description="share of the fighting in built-up places",
    )


class Tie(Part):
    """How close soldiers of a group feel to civilians of a group."""

    soldiers: Key
    civilians: Key
    tie: Level


class War(Part):
    """The contest itself."""

    kind: Literal["interstate", "civil", "repression", "peace"] = Field(
        description="between states; against rebels; against crowds; or peace, an army in its barracks that faces "
        "nobody"
    )
    intensity: PerThousandDay = Field(description="killed per 1000 soldiers in contact per day between equals")
    area_start: Area = Field(
        default=neutral(1.0, "km2", "no ground at issue"), description="area held by the attacker at the start"
    )
    area_target: Area = Field(
        default=neutral(1.0, "km2", "no ground at issue"),
        description="area whose possession gives the attacker the aim",
    )
    mobility: AreaPerDay = Field(
        default=neutral(0.01, "km2/day", "no ground at issue"),
        description="area gained in a day by a side without opposition",
    )
    terrain: Level = Field(
        default=neutral(0.3, "level", "ordinary ground", 0.15, 0.5),
        description="advantage of the defender from ground and works",
    )
    given_up: Area | None = Field(
        default=None,
        description="ground the attacker has left by decision so far; 0 at the start, a decision sets the new total",
    )
    civilian_baseline: PerThousandDay = Field(
        default=neutral(0.005, "killed per 1000 per day", "the middle of the library", 0.001, 0.02),
        description="civilians killed per 1000 exposed civilians per day of full fighting in built-up places, at "
        "level 0",
    )


class Decision(Part):
    """A dated decision that happened; a user can switch it off."""

    date: date
    label: Text
    source: str = Field(default="", description="source key")
    set: dict[str, float] = Field(min_length=1, description="case path -> new value from this day on")
    enabled: bool = True


class Counterfactual(Part):
    """A named what-if: case paths and their values, from the start; and decisions switched off."""

    label: Text
    set: dict[str, float | bool] = Field(min_length=1)


class Condition(Part):
    """A condition whose contribution `why` measures: the values that would make it neutral."""

    label: Text
    claim: str = Field(default="", description="claim it belongs to, C1-C16")
    neutral: dict[str, float | bool] = Field(min_length=1)


def last_day(start: date, days: int) -> date:
    """The last of `days` days that begin with `start`.

    >>> last_day(date(2000, 1, 1), 25)
    datetime.date(2000, 1, 25)
    """
    return start + timedelta(days=days - 1)


class Case(Part):
    """A case: everything the engine needs, nothing it must find out (outcomes are kept apart)."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    id: Key
    title: Text
    summary: Text = Field(description="the case in two or three sentences")
    tags: list[str] = Field(default_factory=list)
    start: date = Field(ge=date(1500, 1, 1), le=date(2200, 1, 1))
    days: int = Field(ge=1, le=3650, description="horizon in days")
    information_date: date = Field(description="nothing known only after this day is used as an input")
    sources: dict[Key, Source]
    sides: dict[Key, Side] = Field(min_length=1, max_length=2)
    war: War
    areas: dict[Key, Zone] = Field(min_length=1)
    ties: list[Tie] = Field(default_factory=list)
    decisions: dict[Key, Decision] = Field(default_factory=dict)
    counterfactuals: dict[Key, Counterfactual] = Field(default_factory=dict)
    conditions: dict[Key, Condition] = Field(default_factory=dict)

    @field_validator("sides", mode="after")
    @classmethod
    def _attacker_first(cls, sides: dict[str, Side]) -> dict[str, Side]:
        return dict(sorted(sides.items(), key=lambda item: (item[1].role != "attacker", item[0])))

    def last_day(self, days: int | None = None) -> date:
        """The last day that is played, if `days` are: the case's own horizon if not given."""
        return last_day(self.start, days or self.days)


class ObservedEvent(Part):
    """Something that happened, on the record."""

    date: date
    type: Literal[
        "coup_attempt", "mutiny", "march", "seizure", "mutineers_kill", "defection", "desertion", "refusal", "fragging",
        "protest", "settlement", "escalation",
    ]
    side: Key
    size: float | None = Field(default=None, ge=0, description="participants, if known")
    label: Text
    source: str = Field(description="source key")


class Recorded(Part):
    """A number on the record month by month, beside which a run is held."""

    what: Literal["killed", "area", "civilians_killed", "deserted"] = Field(
        description="killed, civilians_killed and deserted: people of the month; area: km2 held at its end"
    )
    side: Key
    first: date = Field(description="first day of the first month; that month may be a part of one")
    values: list[float | None] = Field(min_length=1, description="month after month, null where nothing is known")
    label: Text
    source: str = Field(description="source key")
    note: Text = ""


class Counted(Part):
    """A number on the record up to a day, beside which a run is held: a range, a floor or a ceiling."""

    what: Literal["mutiny_episodes", "refusers", "deserters", "went_over", "killed"] = Field(
        description="episodes of mutiny, or people who refused, deserted, went over or were killed"
    )
    side: Key
    force: Key | None = Field(default=None, description="one force of the side; all of them if not given")
    by: date = Field(description="the day up to whose end it is counted, from the first day of the case")
    low: float | None = Field(default=None, ge=0, description="least, people or episodes; null for a ceiling")
    high: float | None = Field(default=None, ge=0, description="most, people or episodes; null for a floor")
    label: Text
    source: str = Field(description="source key")
    note: Text = ""


LEVELS: dict[str, tuple[str, ...]] = {
    "coup": ("none", "failed", "succeeded"),
    "mutiny": ("none", "below 1 % of soldiers", "from 1 to 10 %", "above 10 %"),
    "refusal": ("none or single people", "some", "many", "the order was not carried out"),
}
"""The levels of each coded outcome in words, from 0 on; of mutiny the share who took part in the largest episode
(docs/coding-rules.md)."""
SHARES = {"left": "left or went over", "in_mutiny": "took part in a mutiny", "disarmed": "were disarmed or captured"}
"""The coded shares of those who served on the side, in words."""


def levels_in_words(outcome: str) -> str:
    """The levels of an outcome, each after its number.

    >>> levels_in_words("coup")
    '0 none, 1 failed, 2 succeeded'
    """
    return ", ".join(f"{number} {words}" for number, words in enumerate(LEVELS[outcome]))


Range = tuple[float, float]
"""A range of shares of those who served on the side in the case: low and high, in [0, 1]."""


class Codes(Part):
    """What happened on the coded side, in codes; shares are of those who served on it in the days of the case."""

    coup: Literal[0, 1, 2] = Field(description=levels_in_words("coup"))
    mutiny: Literal[0, 1, 2, 3] = Field(description=f"largest episode: {levels_in_words('mutiny')}")
    in_mutiny: Range | None = Field(default=None, description="share who took part in an episode, low and high")
    refusal: Literal[0, 1, 2, 3] = Field(description=levels_in_words("refusal"))
    left: Range = Field(description="share who deserted or went over, low and high")
    disarmed: Range | None = Field(default=None, description="share captured, interned or disarmed, low and high")


class Coder(Codes):
    """One coder's own codes, made without sight of the other's."""

    sources: list[Text] = Field(default_factory=list, description="what the coder read, in the coder's words")
    note: str = Field(default="", description="why these codes; empty where the case's own note says it")


class Observed(Codes):
    """Outcomes of a case, never read by the engine: coded as in docs/coding-rules.md.

    Where two coders coded it the levels are the first's and the ranges hold both.
    """

    side: Key = Field(description="side whose disloyalty is coded")
    first: Coder | None = Field(default=None, description="the first coder's own codes, where there were two")
    second: Coder | None = Field(default=None, description="the second coder's own codes")
    basis: Literal["measured", "published", "estimated", "judgement"]
    note: Text
    sources: dict[Key, Source] = Field(default_factory=dict)
    events: list[ObservedEvent] = Field(default_factory=list)
    record: list[Recorded] = Field(default_factory=list, description="numbers by month, beside which runs are held")
    counted: list[Counted] = Field(default_factory=list, description="numbers up to a day, beside which runs are held")
