"""The columns of one member's world: soldiers as plain arrays, everything above them as small record tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# Status of a soldier's slot. Up to MUTINY he is present; up to AWOL he is still on the rolls.
OBEYING, SHIRKING, REFUSING, MUTINY, WOUNDED, AWOL, KILLED, INVALID, DESERTED, DEFECTED, IMPRISONED, EMPTY = range(12)
STATUS_NAMES = (
    "obeying", "shirking", "refusing", "in_mutiny", "wounded", "absent",
    "killed", "invalid", "deserted", "defected", "imprisoned", "empty",
)  # fmt: skip

CATEGORIES = ("contract", "conscript", "mobilised", "volunteer", "prisoner", "mercenary")
FORMS = ("shirking", "refusal", "desertion", "defection", "mutiny")
"""Forms a soldier is counted in once, in the order of theory.choice.FORMS."""
SHIRK, REFUSE, DESERT, DEFECT, JOIN_MUTINY = range(5)


class Soldiers(NamedTuple):
    """One row per slot in a company; companies are contiguous. 20 bytes each."""

    uid: Array
    """u4: ordinal within the force, never reused; keys the soldier's luck"""
    grievance: Array
    """f4: exponentially weighted appraisal, 0 content"""
    disposition: Array
    """f4: log-odds he brings along: compulsion, loyalty, daring"""
    home_day: Array
    """i2: day on which he was to be a civilian again"""
    tie: Array
    """u1: tie to the civilians of his zone, 255 closest"""
    group: Array
    """u1: social or ethnic group"""
    region: Array
    """u1: home region"""
    category: Array
    """u1: index into CATEGORIES, as recorded"""
    status: Array
    """u1: see STATUS_NAMES"""
    ever: Array
    """u1: bit k set once he has taken form k of FORMS"""


SOLDIER_COLUMNS = dict(
    uid="u4", grievance="f4", disposition="f4", home_day="i2", tie="u1",
    group="u1", region="u1", category="u1", status="u1", ever="u1",
)  # fmt: skip
BYTES_PER_SOLDIER = sum(np.dtype(t).itemsize for t in SOLDIER_COLUMNS.values())


def _table(integers: str, floats: str) -> np.dtype[Any]:
    # records, not bare structs: their fields are attributes in plain Python too, as they are in compiled code
    return np.dtype((np.record, [(n, "i8") for n in integers.split()] + [(n, "f8") for n in floats.split()]))


SIDE_INPUTS = (
    "supply monitoring punishment inclusion inducement ceiling base_rate counterbalancing stacking purges surveillance"
    " blocking resolve exp_adv uncert exp_days capacity replaces population materiel"
)
SIDE = _table(
    "sign other",
    SIDE_INPUTS + " wave wave_nonviolent wave_capital bereaved mean var p_win protest nonviolent capital broken signal"
    " troop_pressure coup_pressure offer rung power men contact entry progress gap shaken unreliable mutiny_share"
    " disaffection guards civ_killed coups vacancies",
)
FORCE_INPUTS = (
    "kind deployed quality equipment resource pay cmd_loyalty competence loyalty ratio return_share dissolution"
)
FORCE = _table(
    "side key next_uid",
    FORCE_INPUTS
    + " weight company_size strength supply seen reference present contact belief grievance brigade_weight obeying"
    " mutineers cursor",
)
ZONE = _table("", "population weight against urban fought")
BRIGADE = _table(
    "force zone key pool", "phase doubt_phase loyalty competence halted belief mutiny tie grievance companies on "
    "shirked refused deserted defected"
)  # fmt: skip
COMPANY = _table(
    "force brigade zone key start stop pool mutiny_day",
    "quality_supply supply contact faced present able obeying shirking refusing mutineers grievance tie readiness"
    " spread losses belief left_today killed_today power appraisal kin"
    " c0 c1 c2 c3 c4 t0 t1 t2 t3 t4 hurt vacant worn",
)
REGION = _table("side capital", "population pending stock protest deaths")
POOL = _table("side force category opens", "size daily_max political money used taken_today")

TALLY = (
    "joined", "replaced", "raised", "killed", "wounded", "returned", "invalid", "deserted", "absent",
    "returned_absent", "defected", "imprisoned", "shirked", "refused", "mutinied", "killed_today", "wounded_today",
    "deserted_today", "defected_today", "refused_today", "shirked_today",
)  # fmt: skip
T = {name: k for k, name in enumerate(TALLY)}

WAR = ("intensity", "area_start", "area_target", "mobility", "terrain", "civilian_baseline", "repression", "given_up")
"""Numbers of the contest, from the case; `repression` is 1 where there is no enemy army."""

EVENT = np.dtype(
    (np.record, [("day", "i4"), ("type", "i4"), ("side", "i4"), ("force", "i4"), ("brigade", "i4"), ("company", "i4"),
     ("size", "f8"), ("weight", "f8"), ("violent", "i4"), ("officers", "i4"), ("grievance", "f8")])
)  # fmt: skip
EVENT_TYPES = (
    "coup_attempt", "coup_success", "mutiny", "defection", "desertion", "refusal", "fragging", "shirking",
    "protest", "settlement", "escalation", "end",
)  # fmt: skip
E = {name: k for k, name in enumerate(EVENT_TYPES)}


@dataclass
class World:
    """One member of an ensemble on one day."""

    seed: int
    member: int
    day: int
    theta: Array
    soldiers: Soldiers
    company: Array
    brigade: Array
    force: Array
    side: Array
    zone: Array
    region: Array
    pool: Array
    home: Array
    """(force, region): cumulated share of recruits by home region"""
    exclusion: Array
    """(force, group): log-odds from unequal treatment of the group"""
    groups: Array
    """(force, group): cumulated share of groups"""
    tie_mean: Array
    """(group, zone): mean tie of soldiers of the group to the civilians of the zone"""
    reference: Array
    """(category,): compelled share and horizon in days per force: (force, category, 2)"""
    war: Array
    """(8,): see WAR"""
    tally: Array
    """(force, TALLY): counted soldiers, each once"""
    category: Array
    """(force, category): soldiers present and wounded, by category"""
    cross: Array
    """(force, category, tie bin, form + 1): soldiers who ever took the form; the first column counts who joined"""
    events: Array
    event_count: Array
    front: Array
    """(9,): log capability ratio, area, days of parity so far, close fighting, observed ratio, days of contest, ground
    that the attacker gained in about the last ten days as a share of all that is contested, days of digging that still
    count, fortune of operations"""
    waves: Array
    """(day, side, 3): protesters given by the case, non-violent share, share near the capital"""
    mix: Array
    """(force, category): cumulated composition at the start"""
    permute: int = 0
    """1 records a random category, 2 a random tie: the random-label control"""
    raising: set[int] = field(default_factory=set)
    """Pools whose new formations are not yet full."""
    end: str = ""

    def __post_init__(self) -> None:
        """Views for the phases that are plain Python: reading a field of a record is ten times dearer there."""
        self.p: dict[str, float] = dict(zip(self.theta.dtype.names or (), self.theta[0].tolist(), strict=True))
        self.sides, self.zones, self.pools = _plain(self.side), _plain(self.zone), _plain(self.pool)


def _plain(table: Array) -> Array:
    """The same memory, with rows that are not records."""
    return table.view(np.dtype(table.dtype.descr))


def new_soldiers(slots: int) -> Soldiers:
    """Columns for `slots` soldiers, all empty."""
    columns = Soldiers(**{name: np.zeros(slots, kind) for name, kind in SOLDIER_COLUMNS.items()})
    columns.status[:] = EMPTY
    return columns
