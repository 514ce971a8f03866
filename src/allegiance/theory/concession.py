"""The ruler concedes to a crowd: some go home, others see that pressing pays, generals begin to doubt.

Claim C4. Rulers give way to crowds that disrupt more than they can bear, and less where what is asked would cost
them power itself (Klein & Regan 2018, International Organization 72(2)). What it does is disputed. In 18 autocracies
protest rises after a concession (Leuschner & Hellmeier 2023, doi:10.1177/00104140231169022), and in Iran in 1977-79
concessions sped up the revolt (Rasler 1996, doi:10.2307/2096410); but a survey experiment in Argentina finds those who
were heard less willing to go out again (doi:10.1177/01925121261419630). Here both happen: some go home for days, and
for weeks others expect more. Which is larger over a month is left open by the priors.
Of these studies abstracts and summaries were read, no coefficients.

The waves of protest of a case are history, with the concessions of history already made and answered. A concession of
the model moves the crowd against what the case gives; it is not one of those that were made.

Leaves out what is conceded, promises that are broken, and whether the ruler concedes sooner to a crowd that comes as
a surprise than to a large one (Butcher & Pinckney 2022, doi:10.1177/00220027221099887, find that size as such does not
bring concessions).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def concession_hazard(
    stretch: Real, unwilling: Real, resolve: Real, fresh: Real, base: Real, doubtful: Real
) -> Real:  # fmt: skip
    """Chance a day that the ruler concedes something to the crowd.

    hazard = base · (1 − resolve) · stretch² / (1 + stretch²) · exp(doubtful · unwilling) · (1 − fresh)

    Args:
        stretch: size of the crowd against what police and troops are fit for [ratio, >= 0].
        unwilling: soldiers who would not hold the streets, those of halted commanders and those who left among them
            [share, 0 to 1].
        resolve: willingness to bear costs rather than concede [share, 0 to 1; from the case].
        fresh: how fresh the last concession is, from `left_of` [share, 0 to 1].
        base: hazard of a ruler who stakes nothing on the aims, before a crowd out of all reach, with an army that
            obeys [per day; parameter `base`].
        doubtful: effect of an army that does not obey at all [log hazard; parameter `doubtful`].

    Returns:
        Hazard [per day, >= 0]; 0 without a crowd, for a ruler of full resolve, and on the day after a concession nearly
        so.

    Source: form by this project; that disruption brings concessions and what they would cost prevents them is in Klein
    & Regan (2018), International Organization 72(2).
    """
    outgrown = stretch * stretch / (1.0 + stretch * stretch)
    return base * (1.0 - resolve) * outgrown * np.exp(doubtful * unwilling) * (1.0 - fresh)


def left_of(since: Real, days: Real) -> Real:
    """What is left of an effect of the last concession: exp(−since / days).

    Args:
        since: days since the last concession [days, >= 0; very many where there was none].
        days: days over which it fades by a factor e [days, > 0; parameters `home_days` and `weak_days`].

    Returns:
        Share left [0 to 1]; 1 on the day itself, 0 where there was none.

    Source: judgement.
    """
    return np.exp(-since / days)


def turnout(pleased: Real, weak: Real, home: Real, courage: Real) -> Real:
    """The crowd against the one that would be there without a concession: exp(courage · weak − home · pleased).

    Args:
        pleased: how fresh the concession is to those whom it pleases, `left_of` over `home_days` [share, 0 to 1].
        weak: how fresh it is as a sign of weakness, `left_of` over `weak_days` [share, 0 to 1].
        home: those who go home at once [log ratio, >= 0; parameter `home`].
        courage: those who come because pressing pays [log ratio, >= 0; parameter `courage`].

    Returns:
        Ratio [> 0]; 1 without a concession, below 1 or above it after one.

    Source: form by this project; signs from the studies named above.
    """
    return np.exp(courage * weak - home * pleased)


def doubt(weak: Real, weight: Real) -> Real:
    """What a concession adds to the log-odds of a coup attempt, and to the log hazard that commanders halt.

    doubt = weight · weak

    Args:
        weak: how fresh it is as a sign of weakness, `left_of` over `weak_days` [share, 0 to 1].
        weight: pressure on the day itself [log-odds, >= 0; parameter `doubt`].

    Returns:
        Pressure, beside that of the crowd [log-odds, 0 to weight].

    Source: judgement, after Casper & Tyson (2014), where protest is the sign by which plotters find each other.
    """
    return weight * weak


MECHANISM = Mechanism(
    id="concession",
    claims=("C4",),
    kind="process",
    summary="The ruler concedes to a crowd: some go home, others see that pressing pays, generals begin to doubt.",
    silent_on="what is conceded, and promises that are broken",
    parameters=(
        Parameter("base", 0.1, 0.03, 0.3, "per day", Basis.judgement, "leuschnerHellmeier2023",
                  "almost a tenth of protest episodes of some days met with a concession (abstract and introduction "
                  "read); at a resolve of 0.65 and a crowd of the size the ruler is fit for this is 2 per cent a day",
                  "log"),
        Parameter("doubtful", 1.0, 0.3, 2.0, "log hazard", Basis.judgement, "kleinRegan2018",
                  "a ruler whose soldiers stand aside has little else to offer; size ours", "normal"),
        Parameter("home", 0.25, 0.08, 0.6, "log ratio", Basis.judgement, "deVogel2021",
                  "a fifth go home; that concessions often send some home, who believe in the promise, is from the "
                  "author's summary of her work on Morocco and Moscow; size ours", "log"),
        Parameter("home_days", 14, 6, 30, "days", Basis.judgement, "deVogel2021",
                  "until it shows whether what was promised is done; ours", "log"),
        Parameter("courage", 0.15, 0.04, 0.45, "log ratio", Basis.judgement, "leuschnerHellmeier2023",
                  "protest rises after concessions, but those who are conceded to were the stronger before; shrunk so "
                  "that over a month the sum with those who go home has either sign", "log"),
        Parameter("weak_days", 30, 14, 60, "days", Basis.judgement, "rasler1996",
                  "the revolt of 1978 spread after concessions; the article was not read, the days are ours", "log"),
        Parameter("doubt", 0.15, 0.04, 0.4, "log-odds", Basis.judgement, "casperTyson2014",
                  "a twentieth of what a crowd of a million adds; no estimate read", "log"),
    ),
    functions=(concession_hazard, left_of, turnout, doubt),
    sources=("kleinRegan2018", "leuschnerHellmeier2023", "rasler1996", "deVogel2021", "casperTyson2014"),
    rivals=(),
    switchable=True,
)  # fmt: skip
