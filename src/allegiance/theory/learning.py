"""War is learning: each side updates its belief about relative strength and settles when demands overlap.

Claim C10. Each side holds a normal belief over the log ratio of capabilities, updated by every day of fighting: the
scalar filter of Kalman (1960, doi:10.1115/1.3662552), exact here. Its chance of winning follows from the belief; it
demands that chance less its costs; war ends when the two demands leave something to share (Fearon 1995,
doi:10.1017/S0020818300033324; Wagner 2000, doi:10.2307/2669259; Powell 2004, doi:10.1111/j.0092-5853.2004.00074.x;
Slantchev 2003, doi:10.1017/S0003055403000911). It is the variance of belief that prolongs war: near parity a day's
evidence does not tell who will win. Raw tests of parity on the length of 82 wars found nothing, so parity has no term
of its own; Bennett & Stam (1996, doi:10.2307/2082882) find strategy and the balance of forces to dominate. Langlois &
Langlois (2012) and Carroll & Kenkel (2019, doi:10.1111/ajps.12442) dispute convergence and the worth of capability
ratios.

Leaves out who pays inside a state for a settlement, and outside mediation.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.normal import erfc
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def update_mean(mean: Real, variance: Real, observed: Real, noise: Real) -> Real:
    """Belief after a day of fighting: mean + variance / (variance + noise²) · (observed − mean).

    Args:
        mean: believed log ratio of capabilities [log ratio].
        variance: variance of that belief [log ratio squared, > 0].
        observed: log ratio that today's fighting suggested [log ratio].
        noise: standard deviation of a day's evidence [log ratio, > 0; parameter `noise`].

    Returns:
        New mean [log ratio], between mean and observed.

    Source: Kalman (1960), doi:10.1115/1.3662552.
    """
    gain = variance / (variance + noise * noise)
    return mean + gain * (observed - mean)


def update_variance(variance: Real, noise: Real, drift: Real) -> Real:
    """Variance after a day of fighting: 1 / (1 / variance + 1 / noise²) + drift².

    Args:
        variance: variance of belief [log ratio squared, > 0].
        noise: standard deviation of a day's evidence [log ratio, > 0; parameter `noise`].
        drift: how much strength changes in a day [log ratio per square root day, >= 0; parameter `drift`].

    Returns:
        New variance [log ratio squared, > 0]; it settles near noise · drift.

    Source: Kalman (1960), doi:10.1115/1.3662552.
    """
    return 1.0 / (1.0 / variance + 1.0 / (noise * noise)) + drift * drift


def win_probability(mean: Real, variance: Real, spread: Real) -> Real:
    """Chance of winning a fight to the finish, as believed: Φ(mean / √(variance + spread²)).

    Args:
        mean: believed log ratio [log ratio].
        variance: variance of belief [log ratio squared, >= 0].
        spread: luck left between known powers [log ratio, > 0; parameter `spread`].

    Returns:
        Probability [probability, 0 to 1]; 0.5 at believed parity.

    Source: normal belief integrated over a probit contest; form by this project after Powell (2004),
    doi:10.1111/j.0092-5853.2004.00074.x.
    """
    return 0.5 * erfc(-mean / np.sqrt(2.0 * (variance + spread * spread)))


def disappointment(before: Real, news: Real, memory: Real) -> Real:
    """Disappointment of what was promised: before · (1 − 1 / memory) + max(0, news).

    Args:
        before: yesterday's [share of the aim, >= 0].
        news: by how much progress fell further behind hope today [share of the aim; see `escalation.aspiration_gap`].
        memory: days over which soldiers get used to it [days, >= 1; parameter `promise_days`].

    Returns:
        Disappointment [share of the aim, >= 0].

    Source: form by this project; the mutinies after Nivelle's offensive (Pedroncini 1967).
    """
    return before * (1.0 - 1.0 / memory) + np.maximum(0.0, news)


def broken_promise(promise: Real, weight: Real) -> Real:
    """What a broken promise of quick victory adds to disobedience: weight · promise.

    It is answered by voice more than by exit: the French of 1917 held their trenches and would not attack.

    Args:
        promise: from `disappointment` [share of the aim, >= 0].
        weight: pressure when all that was hoped for has failed [log-odds, >= 0; parameter `promise`].

    Returns:
        Pressure [log-odds, >= 0].

    Source: judgement, after Pedroncini (1967).
    """
    return weight * promise


def surplus(p_first: Real, p_second: Real, cost_first: Real, cost_second: Real, indivisible: Real) -> Real:
    """What is left to share when both demands are met.

    surplus = cost_first + cost_second − (p_first + p_second − 1) − indivisible. Each side demands its believed chance
    less its cost; the demands fit if their sum does not exceed what can be divided.

    Args:
        p_first: the first side's own estimate of its chance [probability, 0 to 1].
        p_second: the second side's own estimate of its chance [probability, 0 to 1].
        cost_first: what fighting on costs the first side [share of the stakes, >= 0].
        cost_second: what fighting on costs the second side [share of the stakes, >= 0].
        indivisible: stakes that cannot be divided or promised credibly [share of the stakes; parameter `indivisible`].

    Returns:
        Surplus [share of the stakes]; settlement is possible above 0.

    Source: Fearon (1995), doi:10.1017/S0020818300033324.
    """
    return cost_first + cost_second - (p_first + p_second - 1.0) - indivisible


def settlement_hazard(surplus_now: Real, rate: Real) -> Real:
    """Chance that talks succeed today: rate · min(1, max(0, surplus_now) / 0.25).

    A quarter of the stakes to share (0.25, a judgement) is enough for talks to go at full speed.

    Args:
        surplus_now: from `surplus` [share of the stakes].
        rate: full speed of bargaining [per day; parameter `rate`].

    Returns:
        Hazard [probability per day, 0 to rate]; 0 while demands do not fit.

    Source: speed by judgement; that agreement takes time once possible is in Slantchev (2003),
    doi:10.1017/S0003055403000911.
    """
    return rate * np.minimum(1.0, np.maximum(0.0, surplus_now) / 0.25)


MECHANISM = Mechanism(
    id="learning",
    claims=("C10", "C16"),
    kind="process",
    summary="War is learning: each side updates its belief about relative strength and settles when demands overlap.",
    silent_on="who pays inside a state for a settlement",
    parameters=(
        Parameter("noise", 4.0, 2.5, 7.0, "log ratio", Basis.judgement, "slantchev2003",
                  "how badly a day of fighting shows relative strength: a day suggests a ratio off by a "
                  "factor of 3.3, a hundred days by 1.13; the study gives no number", "log"),
        Parameter("drift", 0.02, 0.008, 0.05, "log ratio per sqrt day", Basis.judgement, "powell2004",
                  "strength changes, so beliefs never become certain; 0.02 a day is a factor of 1.5 in a "
                  "year", "log"),
        Parameter("spread", 0.5, 0.3, 0.9, "log ratio", Basis.judgement, "powell2004",
                  "luck left in a war between known powers: at a ratio of 2 the stronger wins 92 of 100", "log"),
        Parameter("cost", 0.3, 0.12, 0.6, "share of the stakes", Basis.judgement, "fearon1995",
                  "cost of a year of fighting of ordinary intensity to a side without resolve; no study "
                  "gives shares of the stakes", "logit"),
        Parameter("rate", 0.006, 0.002, 0.02, "per day", Basis.judgement, "slantchev2003",
                  "talks take months to years once demands fit by a wide margin", "log"),
        Parameter("promise", 1.5, 0.5, 2.5, "log-odds", Basis.judgement, "pedroncini1967",
                  "an offensive that was to end the war and did not; size ours", "normal"),
        Parameter("promise_days", 90, 30, 200, "days", Basis.judgement, "pedroncini1967",
                  "the mutinies of 1917 lasted from April to September", "log"),
        Parameter("indivisible", 0.2, 0.08, 0.4, "share of the stakes", Basis.judgement, "fearon1995",
                  "what cannot be divided or promised credibly; grows with resolve on both sides", "logit"),
    ),
    functions=(
        update_mean, update_variance, win_probability, disappointment, broken_promise, surplus, settlement_hazard,
    ),
    sources=(
        "kalman1960", "fearon1995", "powell2004", "slantchev2003", "wagner2000", "bennettStam1996",
        "langloisLanglois2012", "carrollKenkel2019",
    ),
    rivals=(),
    terms=(
        term(
            broken_promise, routes(shirking=0.3, refusal=0.7, desertion=0.2, mutiny=1.0), where="side.has_enemy",
            promise="side.promise", weight="promise",
        ),
    ),
    switchable=True,
)  # fmt: skip
