"""A documentation page for each claim: the sentence, its mechanisms, the experiment, the latest result, the studies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allegiance.base.claims import CLAIMS, Claim
from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_json
from allegiance.evidence.matrix import DESIGNS, WORDS, Matrix, matrix
from allegiance.evidence.register import estimates_for
from allegiance.experiments.protocol import Experiment, protocol
from allegiance.report.claims_data import PAGE, anchor
from allegiance.report.effects_text import ANSWERS, effect, expected, worded
from allegiance.theory.registry import MECHANISMS
from allegiance.theory.stamp import theory_hash

LATEST = Path(__file__).parent / "tables" / "claims.json"
"""The result that the documentation shows; `allegiance claims --mutation --record` renews it."""
_MARK = "<!-- Written by `allegiance docs` from the claim catalogue, the protocol, the register and the last recorded"
NOTES = {
    "C9": "Disloyalty lowers what the stronger side can do against the other, and gives the war more days at parity."
    " The mean distance from parity does not fall all the same: in some wars the army breaks, goes past parity and is"
    " then the weaker one. With half as many wars the distance did fall, which was luck.",
    "C15": "The storm is less than perfect: all conditions at once bring fewer mutinies than the product of what each"
    " brings alone. Companies rest after a mutiny and who has left cannot rise, so that there is a ceiling; whether it"
    " is what holds the number down was not tried.",
    "C16": "The first link is open for the reason told under C9: an army that breaks goes past parity.",
    "C10": "In the reference war most wars end because the ground is taken or an army breaks, and both take longer near"
    " parity whatever is believed. Duration therefore peaks near parity directly, and the width of beliefs adds little"
    " to it. Raw data show no direct effect of parity on duration, so the strong direct effect is a weakness of the"
    " model and not a finding about wars.",
    "C14": "This is arithmetic, and the experiment checks that the model does it: 15,000 killed at three wounded each"
    " are 45,000 wounded, 30 to 45 per cent of a front-line force of 150,000 to 100,000.",
}
"""What a page adds to the numbers, by claim."""


def record(result: dict[str, Any], path: Path = LATEST) -> None:
    """Store a result of `allegiance claims` (see `suite.summary`) as the one that the documentation shows.

    Raises:
        AllegianceError: it does not cover every claim.
    """
    missing = {c.id for c in CLAIMS} - {row["claim"] for row in result["claims"]}
    if missing:
        raise AllegianceError(f"not all claims were tried ({', '.join(sorted(missing))} are missing)",
                              "run `allegiance claims --mutation --record`")  # fmt: skip
    write_json(path, result)


def latest(path: Path = LATEST) -> dict[str, Any]:
    """The recorded result.

    Raises:
        AllegianceError: none is recorded, or the file is damaged.
    """
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise AllegianceError(f"cannot read {path}: {error}", "run `allegiance claims --mutation --record`") from error


def claim_pages(path: Path = LATEST) -> dict[str, str]:
    """Markdown pages by file name: one for each claim and README.md, the table of all.

    Raises:
        AllegianceError: no result is recorded.
    """
    result = latest(path)
    pages = {f"{c.id}.md": _page(c, result) for c in CLAIMS}
    return {"README.md": _index(result), **pages}


def _header() -> str:
    return f"{_MARK}\nrun of the experiments; edit those, not this page. -->\n"


def _earlier(result: dict[str, Any]) -> list[str]:
    """Says so where the recorded result was made with other formulas than those of today."""
    if result.get("theory_sha256") == theory_hash():
        return []
    return [
        "*Recorded with an earlier form of the model and of some experiments; `allegiance claims --mutation --record`"
        " tries all claims again.*",
        "",
    ]


def _fewer(result: dict[str, Any]) -> list[str]:
    """Says so where fewer wars were played than the protocol asks for."""
    if result["members"] >= protocol().members:
        return []
    return [
        f"*Recorded with {result['members']} simulated wars an arm, fewer than the protocol's {protocol().members} and"
        " more: what is open may be open for that reason. `allegiance claims --mutation --record` plays them all.*",
        "",
    ]


def _of(rows: list[dict[str, Any]], claim: str) -> list[dict[str, Any]]:
    return [r for r in rows if r["claim"] == claim]


def _index(result: dict[str, Any]) -> str:
    lines = [
        _header(), "# The claims, tried", "",
        "Each claim of the argument is a mechanism, a pattern that must emerge, and an experiment that can fail. This"
        f" is what came of them on the neutral case `{result['case']}`; `allegiance claims` tries them again.", "",
        "| claim | verdict | first effect | size (90 % interval) | with its mechanism disabled |",
        "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines[3:3] = [*_earlier(result), *_fewer(result)]
    mutations = {m["claim"]: m for m in result["mutations"]}
    for row in result["claims"]:
        mutated = mutations.get(row["claim"], {}).get("disabled_verdict", "not tried")
        lines.append(
            f"| [{row['claim']} {row['name']}]({row['claim']}.md) | {row['verdict']} | {_cell(worded(row['effect']))} |"
            f" {_size(row)}, {worded(row['scale'])} | {mutated} |"
        )
    tried = {row["claim"] for row in result["claims"]}
    lines += [f"| [{c.id} {c.name}]({c.id}.md) | not tried yet | | | |" for c in CLAIMS if c.id not in tried]
    lines += ["", f"**Verdicts.** {result['rule']}", "", f"**Multiple testing.** {result['testing']}", "",
              "How the experiments work: [experiments](../experiments.md). What fits to campaigns say of the same"
              f" claims: [claims and data](../{PAGE}).", ""]  # fmt: skip
    return "\n".join(lines)


def _size(row: dict[str, Any]) -> str:
    return effect(row["value"], row["low"], row["high"], row["scale"])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _page(about: Claim, result: dict[str, Any]) -> str:
    experiment = protocol().claims[about.id]
    rows = _of(result["claims"], about.id)
    draws = int(rows[0]["draws"]) if rows else protocol().members // 2
    lines = [_header(), f"# {about.id} {about.name}", "", f"**{about.sentence}**", "", f"Expected: {about.pattern}"]
    lines += ["", f"Check: {about.check}"] if about.check else []
    lines += ["", "## Mechanism", "", *_mechanisms(about)]
    lines += ["", "## Experiment", "", experiment.contrast, "", *_arms(experiment, 2 * draws)]
    lines += ["", "## Result", ""]
    if rows:
        lines += [*_earlier(result), f"**{rows[0]['verdict'].capitalize()}**: {worded(rows[0]['why'])}.", ""]
        lines += _effects(about, result)
    else:
        lines += [f"Not tried yet: `allegiance claims {about.id}`."]
    lines += ["", NOTES[about.id]] if about.id in NOTES else []
    lines += _mutation(about, result)
    lines += ["", f"What fits to campaigns say of it: [claims and data](../{PAGE}#{anchor(about)})."]
    lines += ["", "## What studies found", "", *_studies(about), ""]
    return "\n".join(lines)


def _mechanisms(about: Claim) -> list[str]:
    found = [m for m in MECHANISMS if about.id in m.claims]
    if not found:
        return ["A control: no mechanism of its own."]
    return [f"- [{m.id}](../mechanisms/{m.id}.md): {m.summary}" for m in found]


def _arms(experiment: Experiment, size: int) -> list[str]:
    shared = experiment.common.label or "the case as it is"
    lines = [
        f"{size} simulated wars of {experiment.days} days in each arm, on the same random draws. In all: {shared}."
    ]
    lines += ["", "| arm | settings |", "| --- | --- |"]
    for arm in experiment.arms.values():
        changes = [f"`{path.removeprefix('?')}` = {value}" for path, value in arm.set.items()]
        changes += [f"labels of {arm.permute} shuffled"] if arm.permute else []
        lines.append(f"| {_cell(arm.label)} | {'; '.join(changes) or 'none'} |")
    return lines


def _effects(about: Claim, result: dict[str, Any]) -> list[str]:
    lines = [
        "| effect | size (90 % interval) | scale | role | expected | answer |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in _of(result["effects"], about.id):
        lines.append(
            f"| {_cell(worded(row['label']))} | {_size(row)} | {worded(row['scale'])} | {row['role']} |"
            f" {expected(row['expect'], row['target'], row['margin'])} | {ANSWERS[row['answer']]} |"
        )
    return lines


def _mutation(about: Claim, result: dict[str, Any]) -> list[str]:
    lines = []
    for row in _of(result["mutations"], about.id):
        flips = {None: "there was no support to lose", True: "the claim loses its support", False: "the claim keeps it"}
        lines += ["", f"With {row['disabled']}: {row['disabled_verdict']}; {flips[row['flips']]}."]
    return lines


def _matrix(found: Matrix) -> list[str]:
    """Outcome by design, one vote for each study; an outcome that nobody studied says so."""
    lines = ["Studies by outcome and design, one vote for each study.", ""]
    lines += ["| outcome | " + " | ".join(DESIGNS[d] for d in found.designs) + " |"]
    lines += ["| --- " * (len(found.designs) + 1) + "|"]
    for outcome in found.outcomes:
        cells = [found.words(outcome, d) for d in found.designs]
        if outcome in found.missing and cells:
            cells[0] = "**no direct evidence**" + (f"; {cells[0]}" if cells[0] else "")
        lines.append(f"| {WORDS[outcome]} | " + " | ".join(cells) + " |")
    return lines


def _studies(about: Claim) -> list[str]:
    studies = estimates_for(about.id)
    if not studies.height:
        return ["The evidence register holds nothing on this claim."]
    lines = [
        *_matrix(matrix(about.id, studies)), "",
        "| study | what is estimated | size (90 % interval) | finding | does not show |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in studies.iter_rows(named=True):
        found = effect(row["effect"], row["effect_low"], row["effect_high"], row["effect_scale"])
        size = "direction only" if row["effect"] is None else f"{found}, {row['effect_scale']}"
        star = " *" if row["comparable"] else ""
        name = f"[{_cell(row['short'])}](https://doi.org/{row['doi']})" if row["doi"] else _cell(row["short"])
        lines.append(
            f"| {name} | {_cell(row['estimand'])} | {size}{star} | {row['finding']} | {_cell(row['not_shown'])} |"
        )
    return [*lines, "", "\\* on the scale of the experiment above."]
