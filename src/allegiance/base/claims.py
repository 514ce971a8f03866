"""The claims of the argument: one row each, shared by theory, evidence, experiments and documentation.

Sixteen causal claims (C1 to C16) and two controls (N1, N2). A claim is a sentence about the world, the
pattern a contrast between paired ensembles must show if the sentence holds in the model, and the check that
the effect runs through the channel named and not through another one.
"""

from __future__ import annotations

from dataclasses import dataclass

from allegiance.base.errors import AllegianceError, near


@dataclass(frozen=True)
class Claim:
    """One claim.

    `pattern` is what must emerge, `check` what must happen to the effect when its channel is closed (empty
    where none is named), `is_control` marks the two patterns that must *not* show an effect.
    """

    id: str
    name: str
    sentence: str
    pattern: str
    check: str = ""

    @property
    def is_control(self) -> bool:
        """Whether this is a control (an effect here would be a fault of the model)."""
        return self.id.startswith("N")


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "C1",
        "conscription",
        "Conscripts mutiny and leave more than volunteers, because they did not choose to serve and will soon"
        " live among civilians again.",
        "A larger share of conscripts raises mutiny, and raises defection and desertion together.",
        "Give every soldier the same horizon of service: most of the effect goes.",
    ),
    Claim(
        "C2",
        "recruitment shift",
        "As willing soldiers are used up the state turns to soldiers with less choice, and disloyalty follows.",
        "After heavy losses among contract soldiers the share of compelled soldiers rises first and disloyalty rises"
        " later; the ruler spends the politically cheapest pool first and compels last.",
        "Hold the composition of the force fixed: the later rise goes.",
    ),
    Claim(
        "C3",
        "linkage",
        "Soldiers, and generals, who are tied to the civilians they are sent against refuse to use force on them.",
        "Stronger ties raise refusal and defection when the civilians faced are the ones tied to.",
        "Face the same soldiers with civilians they have no tie to: no effect. Equality between groups inside"
        " the army is another input, and lowers desertion whoever is faced.",
    ),
    Claim(
        "C4",
        "protest",
        "Protest tells soldiers and commanders that the ruler is unwanted and that others are ready, and so"
        " brings on mutiny, defection and coups.",
        "More protest raises mutiny, defection and coup attempts; coups rise more when the protest is near the"
        " capital and peaceful.",
        "Move the same protest far from the capital, or make it violent: the rise in coup attempts shrinks.",
    ),
    Claim(
        "C5",
        "coup-proofing",
        "What protects a ruler from a coup makes the rest of the army readier to rebel below the coup.",
        "More coup-proofing lowers coup attempts and their success and raises mutiny and defection in the"
        " regular army.",
        "Total resources are held equal, so that the effect is not one of spending.",
    ),
    Claim(
        "C6",
        "relative deprivation",
        "Soldiers who see a better-paid and better-fed force beside them bear a grievance that want alone would"
        " not explain.",
        "Moving a fixed budget from the regular army to a parallel force raises the regulars' grievance and"
        " mutiny; the parallel force may itself mutiny when its privileges are withdrawn.",
        "The total budget is equal; hide the parallel force from the regulars' sight: only the effect of their"
        " own loss remains.",
    ),
    Claim(
        "C7",
        "deprivation",
        "Hunger, cold, losses and bad leadership wear out obedience.",
        "Less supply raises every form of disloyalty, shirking and desertion first.",
    ),
    Claim(
        "C8",
        "inducement",
        "Kindness and a safe, believable way out draw soldiers to the other side.",
        "More inducement raises defection, and most among soldiers who are tied to those they face or aggrieved.",
        "Mutiny does not rise: whoever can leave safely has less reason to rise.",
    ),
    Claim(
        "C9",
        "capability",
        "Absent, unwilling and unreliable soldiers, and the loyal ones set to watch them, are fighting power lost.",
        "Disloyalty on the stronger side moves the ratio of effective capability towards parity.",
        "The same disloyalty on the weaker side moves it away from parity.",
    ),
    Claim(
        "C10",
        "learning",
        "War teaches the two sides how strong they are, and near parity it teaches slowly, so that war lasts.",
        "Duration peaks near parity and falls off on both sides of it.",
        "Start both sides with sharp beliefs: the effect of parity shrinks, because it is the variance of belief"
        " that prolongs a war.",
    ),
    Claim(
        "C11",
        "escalation",
        "A ruler denied the quick success expected turns to destruction, and civilians pay.",
        "Stalled progress raises the level of destruction, and with it harm to civilians; so disloyalty on the"
        " stronger side raises civilian harm.",
        "Let the ruler expect little: the same progress no longer escalates.",
    ),
    Claim(
        "C12",
        "hidden mutiny",
        "Watched and punished soldiers do not rise; they withhold effort.",
        "Harder punishment lowers open mutiny and raises shirking; readiness falls without any event to show.",
    ),
    Claim(
        "C13",
        "casualties at home",
        "The dead and wounded reach their families, families protest, and repression can hold down only so much.",
        "Deaths raise protest after a lag and in the regions bereaved; less capacity for repression leaves more"
        " of it standing.",
    ),
    Claim(
        "C14",
        "wounded",
        "Body armour and medicine change how many are wounded for each one killed, and so how much of a force is"
        " out of action.",
        "With the killed held fixed, raising the wounded per killed from 3 to 12 raises the share of the"
        " front-line force out of action as arithmetic says (15,000 killed at 3 wounded each is 45,000 wounded, a"
        " third to a half of 100,000 to 150,000).",
    ),
    Claim(
        "C15",
        "perfect storm",
        "All the conditions together are worse than the sum of their single effects.",
        "On the rate of mutinies the joint effect exceeds the product of the single effects; that it exceeds their sum"
        " on the probability scale holds by construction of any model of log-odds, and counts for nothing.",
    ),
    Claim(
        "C16",
        "chain",
        "Disloyalty on the stronger side brings parity, parity makes the war longer, and a longer war more destructive,"
        " most of all for civilians.",
        "The same change of loyalty on the stronger side moves every link: distance from parity down, length, level of"
        " destruction and civilians killed up.",
        "The same disloyalty on the weaker side shortens the war.",
    ),
    Claim(
        "N1",
        "control: a content army",
        "A fed, paid, volunteer army without ties to those it faces and winning fast has next to no disloyalty.",
        "Over 12 months mutiny and coup stay near their base rates of about zero.",
    ),
    Claim(
        "N2",
        "control: shuffled labels",
        "An effect of who soldiers are must vanish when their labels are shuffled.",
        "Permuting ties or categories among soldiers removes the effect of ties or categories.",
    ),
)

_BY_ID = {c.id: c for c in CLAIMS}


def claim(name: str) -> Claim:
    """The claim with this id (in any case) or short name.

    Raises:
        AllegianceError: no such claim.

    >>> claim("c5").name
    'coup-proofing'
    >>> claim("learning").id
    'C10'
    """
    wanted = name.strip()
    found = _BY_ID.get(wanted.upper()) or next((c for c in CLAIMS if c.name == wanted.lower()), None)
    if found is None:
        known = [*_BY_ID, *(c.name for c in CLAIMS)]
        hint = near(wanted.lower(), [k.lower() for k in known])
        last = [c.id for c in CLAIMS if not c.is_control][-1]
        raise AllegianceError(f"unknown claim {name!r}", f"{hint} (claims are C1 to {last}, controls N1 and N2)")
    return found
