"""Everything above the soldiers, as named columns: contests, sides, forces, brigades, companies, zones, regions, pools.

A world holds one contest per member that is played in it. Units know the units they belong to by row number, so that
`force.supply[company.force]` is the supply of each company's force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from allegiance.world.columns import Floats, Ints, Keys, Table


@dataclass
class Contests(Table):
    """One war (or confrontation) each: the front, and what the case says of the contest."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest"}

    contest: Ints
    """its own row number"""
    key: Keys
    """key of the contest's own luck"""
    member: Ints
    """member of the ensemble whose luck it has"""
    live: Floats
    """1 until it ends"""
    has_enemy: Floats
    """1 where two armies fight, 0 where an army faces crowds or nobody"""
    faced: Floats
    """1 where an enemy or a crowd is faced, 0 where an army sits in its barracks"""
    log_ratio: Floats
    """log of the attacker's effective power over the defender's, between -4 and 4; 0 with nobody in the field"""
    area: Floats
    """area that the attacker holds [km2]"""
    parity_days: Floats
    """days so far on which both were in the field at parity"""
    contested_days: Floats
    """days so far on which both were in the field"""
    close_fighting: Floats
    """twice the weaker side's share of all power in the field [0 to 1]"""
    recent_gain: Floats
    """ground the attacker gained in about the last ten days, share of all that is contested"""
    digging_days: Floats
    """days of digging that still count"""
    fortune: Floats
    """fortune of operations, positive for the attacker [log ratio of power]"""


@dataclass
class Sides(Table):
    """One side of a contest: its ruler, its society, and what it believes."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest", "other": "side"}

    contest: Ints
    other: Ints
    """the opposing side, -1 where there is none"""
    key: Keys
    sign: Floats
    """1 for the attacker, -1 for the defender"""
    has_enemy: Floats
    """1 where another army stands against it"""
    materiel: Floats
    """equipment relative to that of the start, by aid so far"""
    belief_mean: Floats
    """believed log ratio of capabilities in its own favour"""
    belief_variance: Floats
    """variance of that belief"""
    win_belief: Floats
    """believed chance of winning (without an enemy army: of holding the streets)"""
    defeat: Floats
    """how plain it is to its soldiers that they are being beaten [0 to 1]"""
    mourners: Floats
    """people ready to protest over losses, before repression"""
    protest: Floats
    """protesters left after repression"""
    broken: Floats
    """share of the protest that repression broke today"""
    nonviolent: Floats
    """share of the protest that is peaceful"""
    near_capital: Floats
    """share of the protest near the capital"""
    stretch: Floats
    """protesters before repression against those that police and troops are fit for (case: protest.capacity)"""
    signal: Floats
    """size of the protest as soldiers read it, 1 at a million"""
    coup_pressure: Floats
    """what the protest, and what was conceded to it, add to the log-odds of a coup attempt"""
    offer: Floats
    """what the opponent (or the crowd) offers its soldiers [0 to 1]"""
    kindness: Floats
    """how kind it chooses to be to soldiers of the other side, 1 as at the start [ratio]"""
    went_over: Floats
    """its own soldiers who went over in about the last month [share]"""
    bled: Floats
    """its own soldiers killed in about the last month [share]"""
    answered: Floats
    """how far it answers those who go over, by tales and pickets [0 to 1]"""
    appeal: Floats
    """how far dissidents at home choose to appeal to its soldiers, 1 as is usual [ratio]"""
    at_large: Floats
    """share of those who organise such appeals that is not under arrest [0 to 1]"""
    rung: Floats
    """level of destruction, 0 to 5"""
    power: Floats
    """effective power in contact [ordinary obeying soldiers]"""
    present: Floats
    """soldiers present"""
    present_in_contact: Floats
    """soldiers present and in contact"""
    obeying: Floats
    """soldiers present and obeying"""
    willing: Floats
    """share of the soldiers with orders who carry them out, those who left counted as soldiers who do not [0 to 1]"""
    should: Floats
    """soldiers it should have: present, or gone without leave"""
    episode: Floats
    """episodes of mutiny so far"""
    risen_day: Floats
    """last day on which any of its companies was in mutiny"""
    promise: Floats
    """disappointment of what was promised for this war, fading [0 upwards]"""
    called_out: Floats
    """1 once parallel forces are called out of their barracks"""
    conceded_day: Floats
    """day on which the ruler last conceded something to the crowd"""
    entry: Floats
    """soldiers it began with"""
    progress: Floats
    """share of its aim that it has reached"""
    gap: Floats
    """how far success lags behind hope"""
    shaken: Floats
    """1 after a successful coup"""
    unreliable: Floats
    """share of the soldiers it should have who do not obey, the absent counted"""
    mutiny_share: Floats
    """share of the soldiers present who are in mutiny"""
    disaffection: Floats
    """mean grievance of regular soldiers present"""
    guards: Floats
    """strength of parallel forces beside the army [0 to 1]"""
    watch: Floats
    """the same of those who obey [0 to 1]"""
    civilians_killed: Floats
    """civilians it has killed so far, those killed by its mutineers among them"""
    killed_by_mutineers: Floats
    """civilians killed by its mutineers so far"""
    march_pressure: Floats
    """what mutineers on the march add to the log-odds of a coup attempt, fading"""
    waiting: Floats
    """soldiers who went over and will fight against it, but do not yet"""
    waiting_power: Floats
    """their power [ordinary obeying soldiers]"""
    turncoats: Floats
    """soldiers who went over and fight against it"""
    turned_power: Floats
    """their power [ordinary obeying soldiers]"""
    recent_deaths: Floats
    """deaths in fighting with them in about a year, where no army stands against it"""
    civil_war_deaths: Floats
    """such deaths so far, on both sides"""
    civil_war_days: Floats
    """days so far on which these deaths made a civil war"""
    coup_attempt_chance: Floats
    """chances of a first coup attempt on each day so far, added up"""
    coup_attempt_had: Floats
    """1 once there was one"""
    coup_success_chance: Floats
    """the same of a successful coup"""
    coup_success_had: Floats
    """1 once there was one"""
    mutiny_chance: Floats
    """the same of a mutiny in any of its companies, those that are not played among them"""
    mutiny_had: Floats
    """1 once there was one"""


@dataclass
class Forces(Table):
    """One force with its own chain of command."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest", "side": "side"}

    contest: Ints
    side: Ints
    key: Keys
    next_recruit: Ints
    """number of the next soldier who joins after the start"""
    refill_from: Ints
    """company at which the refilling of vacancies goes on"""
    regular: Floats
    """1 for the regular army, 0 for a parallel force"""
    portion: Floats
    """resources per soldier against the side's mean"""
    weight: Floats
    """real soldiers per simulated soldier"""
    brigade_weight: Floats
    """real brigades per simulated brigade"""
    supply: Floats
    """supply received against need [share]"""
    upkeep: Floats
    """working order of its equipment against what it could be [0 to 1]"""
    seen: Floats
    """how much it sees of the best-kept parallel force [0 to 1]"""
    reference: Floats
    """supply times pay of that force"""
    present: Floats
    present_in_contact: Floats
    obeying: Floats
    shirking: Floats
    refusing: Floats
    in_mutiny: Floats
    """soldiers by what they do, at the strength of the real force"""
    on_rolls: Floats
    """soldiers present or wounded"""
    vacant: Floats
    """places of soldiers who are gone for good"""
    belief: Floats
    """what its companies remember of others who left, mean over soldiers present [share]"""
    risen: Floats
    """share of its companies that rose lately, as news"""
    grievance: Floats
    """mean grievance of soldiers present"""
    leaders: Floats
    """share of junior leaders who enforce orders, mean over soldiers present"""
    looking_away: Floats
    """share of its companies whose junior leaders look away as a body"""
    killed: Floats
    wounded: Floats
    returned: Floats
    invalid: Floats
    returned_absent: Floats
    imprisoned: Floats
    joined: Floats
    replaced: Floats
    raised: Floats
    """soldiers so far, each event counted"""
    ordered: Floats
    """brigades with orders to act today"""
    halted: Floats
    """of those, brigades whose commanders have halted"""


@dataclass
class Brigades(Table):
    """One brigade or regiment and its commander."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest", "side": "side", "force": "force", "zone": "zone",
                                              "kind": "kind"}  # fmt: skip

    contest: Ints
    side: Ints
    force: Ints
    zone: Ints
    key: Keys
    number: Ints
    """its number in the force, from 1"""
    pool: Ints
    """pool that raises it, in the numbering of one contest; -1 if it stood at the start"""
    kind: Ints
    """kind of brigade, as the case names them (see Names.kinds); the force's first for one that a pool raises"""
    role: Ints
    """what it is for, row of ROLES"""
    ready_at_start: Floats
    """how ready for battle it was at the start [0 to 1]; 1 where the case names no kinds"""
    ready: Floats
    """how ready it is today [0 to 1], where some force has kinds of brigades"""
    place: Floats
    """its place in the order in which brigades are spread over zones [0 to 1]"""
    phase: Floats
    """its place in the rotation through contact [0 to 1]"""
    doubt_phase: Floats
    """its place in the order in which rulers hold doubted formations back [0 to 1]"""
    loyalty: Floats
    """of its commander, to the ruler"""
    competence: Floats
    """of its commander"""
    skill: Floats
    """what stacking and purges leave of that competence"""
    halted: Floats
    """days for which its commander will go on refusing orders"""
    fled: Floats
    """1 on the day its commander fled, fading after"""
    due: Floats
    """share of the days on which it is due in contact"""
    on_duty: Floats
    """1 if it is in contact today"""
    companies: Floats
    """companies with soldiers present"""
    belief: Floats
    tie: Floats
    grievance: Floats
    """means over its companies"""
    mutiny: Floats
    """share of its companies in mutiny"""
    followed: Floats
    """soldiers who went over with it today, as played"""


@dataclass
class Companies(Table):
    """One company: the place where soldiers know each other's minds."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {
        "contest": "contest", "side": "side", "force": "force", "brigade": "brigade", "zone": "zone",
        "start": "slot", "stop": "slot",
    }  # fmt: skip

    contest: Ints
    side: Ints
    force: Ints
    brigade: Ints
    zone: Ints
    key: Keys
    roll: Ints
    """key of the roll (force, or pool of the force) in which its soldiers are numbered"""
    ordinal: Ints
    """its number in that roll"""
    number: Ints
    """its number in the force, from 1"""
    pool: Ints
    """as in brigades"""
    start: Ints
    stop: Ints
    """its slots among the soldiers"""
    places: Ints
    """slots of a full company of its force"""
    mutiny_day: Ints
    """day on which it mutinied, -1 if it is not in mutiny"""
    risen_day: Floats
    """day of its last mutiny"""
    violent: Floats
    """1 while it is in a mutiny that is violent"""
    marching: Floats
    """1 while it is in mutiny and has left its place"""
    holding: Floats
    """1 while it is in mutiny and holds a place that it seized"""
    others_risen: Floats
    """companies in mutiny among those it stands for, by the chance that each still is"""
    others_violent: Floats
    """of these, in a violent mutiny"""
    others_marching: Floats
    """of these, on the march"""
    others_holding: Floats
    """of these, holding a place"""
    temper: Floats
    """how ready its soldiers are against others in the same place [standard normal]"""
    firmness: Floats
    """how firm its junior leaders are against others in the same place [standard normal]"""
    leaders: Floats
    """share of its junior leaders (sergeants, lieutenants) who enforce orders [0 to 1]"""
    quality_supply: Floats
    """its luck with supply [ratio]"""
    supply: Floats
    """supply received against need [share]"""
    package: Floats
    """supply times pay"""
    contact: Floats
    """1 if it is in contact today"""
    faced: Floats
    """how far its task is against the civilians present [0 to 1]"""
    present: Floats
    able: Floats
    obeying: Floats
    shirking: Floats
    refusing: Floats
    in_mutiny: Floats
    away: Floats
    """soldiers by status; `able` are present and not in mutiny, `away` are wounded or absent"""
    vacant: Floats
    """places of soldiers who are gone for good"""
    killed_today: Floats
    wounded_today: Floats
    left_today: Floats
    """soldiers of today, by what became of them"""
    losses: Floats
    """killed and wounded in about the last thirty days, share of strength"""
    compelled: Floats
    """share of those who joined it that were compelled, as they are and not as recorded"""
    drill: Floats
    """how trained those who joined it were, mean [0 to 1]"""
    unwilling: Floats
    """share of the soldiers on its rolls who are compelled, less that of its force"""
    worn: Floats
    """days in contact of the soldiers who are there now, those of rest taken off"""
    belief: Floats
    """share of comrades who left, as remembered"""
    expected: Floats
    """share of comrades expected to be gone, from all that is seen"""
    grievance: Floats
    tie: Floats
    """means over soldiers present"""
    readiness: Floats
    """mean readiness to mutiny of able soldiers [log-odds]"""
    spread: Floats
    """standard deviation of that readiness"""
    chance: Floats
    """chance of a mutiny on its last day of quiet"""
    appraisal: Floats
    """what its day adds to every soldier's grievance"""
    appraisal_per_tie: Floats
    """what it adds to a soldier wholly tied to the civilians faced"""


@dataclass
class Zones(Table):
    """One area of the war and the civilians in it."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest"}

    contest: Ints
    fought: Floats
    """days of full close fighting so far"""


@dataclass
class Regions(Table):
    """One home region and those who mourn there."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"side": "side"}

    side: Ints
    capital: Floats
    """1 for the region of the capital"""
    deaths: Floats
    """deaths of today"""
    pending: Floats
    """deaths not yet known at home"""
    stock: Floats
    """deaths still mourned"""


@dataclass
class Pools(Table):
    """One pool from which losses can be replaced."""

    POINTS_TO: ClassVar[Mapping[str, str]] = {"contest": "contest", "side": "side", "force": "force", "first": "slot",
                                              "last": "slot"}  # fmt: skip

    contest: Ints
    side: Ints
    force: Ints
    key: Keys
    category: Ints
    """category of its soldiers, row of CATEGORIES"""
    opens: Ints
    """day from which it may be used"""
    first: Ints
    last: Ints
    """slots of the formations it raises"""
    filled: Ints
    """of those slots, how many are filled"""
    used: Floats
    """soldiers drawn so far"""
    raised: Floats
    """of those, soldiers in new formations"""
    taken_today: Floats
    """soldiers drawn today"""
