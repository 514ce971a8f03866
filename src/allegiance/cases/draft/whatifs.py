"""The named what-ifs and conditions of a draft: the same for every army, as far as its case has what they set."""

from __future__ import annotations

from typing import Any


def conditions(data: dict[str, Any], key: str) -> dict[str, Any]:
    """Conditions whose contribution `why` measures: the values that would make each neutral."""
    side = f"sides.{key}"
    forces = data["sides"][key]["forces"]
    found: dict[str, Any] = {
        "ties": _one("No ties to the civilians faced", "C3", {"ties.*.tie": 0.0}),
        "deprivation": _one("Needs met", "C7", {f"{side}.supply": 1.0}),
        "coup-proofing": _one("No measures against coups", "C5", {f"{side}.coup_proofing.*": 0.0}),
        "inducement": _one("Those it faces offer the soldiers nothing", "C8", {f"{side}.inducement": 0.0}),
    }
    drafted = {
        f"{side}.forces.{f}.composition.contract": 1.0 for f, v in forces.items() if "conscript" in v["composition"]
    }
    if drafted:
        found["conscription"] = _one("Soldiers serve by choice", "C1", drafted)
    if len(forces) > 1:
        equal = {f"{side}.forces.*.resources": 1.0}
        paid = {f"{side}.forces.{f}.pay": v["pay"]["value"] for f, v in forces.items() if f == "army"}
        same = {f"{side}.forces.{f}.pay": paid[f"{side}.forces.army.pay"] for f in forces if f != "army"}
        found["relative-deprivation"] = _one("No favoured force", "C6", equal | same)
    if data["sides"][key]["protest"].get("waves"):
        found["protest"] = _one("No protest", "C4", {f"{side}.protest.waves.*.participants": 0.0})
    return found


def counterfactuals(data: dict[str, Any], key: str) -> dict[str, Any]:
    """What-ifs to compare with."""
    side = f"sides.{key}"
    forces = data["sides"][key]["forces"]
    found: dict[str, Any] = {
        "well-fed": {"label": "Needs nearly met", "set": {f"{side}.supply": 0.95}},
        "hungry": {"label": "Half of needs met", "set": {f"{side}.supply": 0.5}},
        "strangers": {"label": "Troops without ties to the civilians", "set": {"ties.*.tie": 0.1}},
        "professional-army": {
            "label": "An army of career soldiers",
            "set": {f"{side}.forces.army.composition.contract": 1.0},
        },
        "no-counterweights": {
            "label": "No armed counterweights",
            "set": {f"{side}.coup_proofing.counterbalancing": 0.0},
        },
    }
    if "conscript" not in forces["army"]["composition"]:
        del found["professional-army"]
        found["conscript-army"] = {
            "label": "An army of conscripts", "set": {f"{side}.forces.army.composition.conscript": 0.7},
        }  # fmt: skip
    waves = data["sides"][key]["protest"].get("waves")
    if waves:
        crowd = waves[0]["participants"]["value"]
        path = f"{side}.protest.waves.0.participants"
        found["small-crowds"] = {"label": "A tenth of the crowds", "set": {path: crowd / 10}}
        found["great-crowds"] = {"label": "Five times the crowds", "set": {path: crowd * 5}}
    return found


def _one(label: str, claim: str, neutral: dict[str, float]) -> dict[str, Any]:
    return {"label": label, "claim": claim, "neutral": neutral}
