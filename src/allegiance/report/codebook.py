"""What the columns of the tables of events and of members mean, for the codebook; a test holds them to the tables."""

from __future__ import annotations

EVENT_COLUMNS = {
    "member": "simulated war, from 0",
    "day": "day of the war, from 0",
    "type": "what happened (below)",
    "side": "side it happened on; empty where it concerns the whole contest",
    "force": "force, where one is concerned",
    "formation": "brigade, and its kind if the case names kinds; empty for an event of units stood for and not played",
    "company": "company, for mutinies of companies that are played",
    "episode": "number of the side's episode of mutiny that a mutiny, or what mutineers do, is of, from 1; else 0",
    "size": "people in each of the like events; 1 where soldiers act each alone",
    "weight": "how many like events the row stands for",
    "level": "level of destruction after an escalation, 0 to 5; else 0",
    "violent": "whether a mutiny was violent; an attack on an officer is",
    "led": "whether sergeants or lieutenants of the company were at the head of a mutiny",
    "rank": "officers where a commander acted or was replaced, else troops",
    "grievance": "mean grievance of those concerned",
    "outcome": "how the contest ended, for an event of type end",
}
"""Column of the table of events -> meaning."""

MEMBER_COLUMNS = {
    "member": "simulated war, from 0",
    "war.duration_days": "days played until the war ended or the horizon",
    "war.parity_share": "share of the days on which both sides were in the field that they were at parity; NaN if none",
    "war.end": "how it ended (below)",
    "war.mean_log_ratio": "mean of the log of the attacker's effective power over the defender's",
    "escalation.max_level": "highest level of destruction of either side",
    "civilians_killed": "civilians killed by all sides",
    "SIDE.coup_attempt": "coup attempts",
    "SIDE.coup_success": "successful coups",
    "SIDE.mutiny": "episodes of mutiny: companies of which twelve or more rose, no more than seven days apart",
    "SIDE.mutinous_companies": "mutinies of companies: risen companies of all episodes",
    "SIDE.largest_mutiny": "soldiers in its largest episode of mutiny, a company counted each time it rises",
    "SIDE.halted_brigades": "times a commander halted a brigade",
    "SIDE.shirking": "share of all who served that ever shirked",
    "SIDE.refusal": "share of all who served that ever refused",
    "SIDE.desertion": "share of all who served that ever deserted",
    "SIDE.defection": "share of all who served that ever went over",
    "SIDE.mutineers": "share of all who served that ever took part in a mutiny",
    "SIDE.halted_share": "most brigades halted on one day, as a share of those with orders",
    "SIDE.served": "soldiers who ever served",
    "SIDE.killed": "soldiers killed",
    "SIDE.wounded": "soldiers wounded, each wound counted",
    "SIDE.civilians_killed": "civilians it killed",
    **{
        f"SIDE.{form}_chance": f"chance of {words}: daily chances of a first one added up, whether it came or not"
        for form, words in (
            ("coup_attempt", "a coup attempt"), ("coup_success", "a successful coup"), ("mutiny", "a mutiny"),
        )
    },
    "SIDE.turncoats": "most soldiers at a time who had gone over and fought against it",
    "SIDE.civil_war": "1 if fighting with them, where no army stood against it, cost 25 lives within about a year",
    "SIDE.civil_war_days": "days on which it had",
    "SIDE.civil_war_deaths": "dead of this fighting on both sides, as expected from each day's strengths",
    "SIDE.peak_protest": "largest protest of a day",
    "SIDE.max_level": "its highest level of destruction",
    "SIDE.compelled_share": "share of conscripts, mobilised soldiers and prisoners at the end",
    "SIDE.grievance": "mean grievance over days and soldiers",
}
"""Column of the table of members -> meaning; SIDE stands for each side of the case."""
