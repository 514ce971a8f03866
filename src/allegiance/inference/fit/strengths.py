"""Which parameters say how strong the effect is that a claim speaks of, and which way none of it lies.

Most parameters of a mechanism say how it runs: rates, memories, thresholds. Of those it cannot be said that more of
one is more of the claim. A few weigh exactly what the claim's sentence names, so that without them nothing of it is
left. Only these are listed; a claim without one can be said to be informed or not, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping

MORE, LESS = 1, -1
"""Whether a larger value is more of the claim's effect (none at 0), or less (none at 1)."""

STRENGTHS: Mapping[str, Mapping[str, int]] = {
    # horizon: civilian life is near; compulsion: they did not choose; company: a company of such soldiers
    "C1": {"conscription_horizon": MORE, "conscription_compulsion": MORE, "conscription_company": MORE},
    # soldiers' ties in their readiness and in their grievance; commanders' ties
    "C3": {"linkage_refusal": MORE, "linkage_grievance": MORE, "command_tied": MORE},
    "C4": {"protest_troops": MORE, "protest_coups": MORE},
    # guarded against attempts, and against their success; resentment of the rest of the army
    "C5": {"coup_proofing_coordination": MORE, "coup_proofing_guards": MORE, "coup_proofing_resentment": MORE},
    "C6": {"relative_deprivation_weight": MORE},
    # want, leadership, losses in grievance and in fear
    "C7": {"deprivation_supply": MORE, "deprivation_leadership": MORE, "deprivation_losses": MORE,
           "deprivation_fear": MORE},
    "C8": {"inducement_weight": MORE},
    # power lost with morale; effort left in a shirker: all of it, and shirking costs nothing
    "C9": {"capability_morale": MORE, "capability_shirker": LESS},
    # how often disappointed rulers step up, and what a level costs civilians
    "C11": {"escalation_rate": MORE, "escalation_standoff": MORE},
    "C12": {"hidden_effort_deterrence": MORE, "hidden_effort_displacement": MORE},
    "C13": {"home_front_participation": MORE},
}  # fmt: skip
"""Claim -> parameter -> MORE or LESS. C2, C10 and C14 to C16 speak of how parts work together: no one number scales
them."""
