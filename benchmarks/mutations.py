"""Mutations of the wiring between phases and formulas: does a test see each of them?

    python benchmarks/mutations.py            # all of them
    python benchmarks/mutations.py 3 7        # some of them, by number
    python benchmarks/mutations.py --record   # all of them, and write the table of docs/engine-bugs.md

Each is one fault that a hand could make (a sign, a weight, a side, a column), put into a copy of the source tree; the
tests of that phase are then run against the copy. A mutation that survives is wiring that nobody looks at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "engine-bugs.md"
BEGIN, END = "<!-- mutations -->", "<!-- end of mutations -->"


@dataclass(frozen=True)
class Mutation:
    """One fault: in which file, what stood there, what stands there now, what it breaks, which tests should see it."""

    file: str
    old: str
    new: str
    breaks: str
    tests: str


MUTATIONS = (
    Mutation("day/task.py", "brigade.tie, against[brigade.zone]", "brigade.tie, 1.0 - against[brigade.zone]",
             "brigades are doubted where they face an army, not civilians", "day/test_task.py"),
    Mutation("day/supply.py", "(side[:, :, None] == side[:, None, :])", "(side[:, :, None] != side[:, None, :])",
             "a force compares itself with the enemy's guard", "day/test_supply.py"),
    Mutation("day/fight.py", "side.power[enemy], side.power, combat.p.exchange[k]",
             "side.power, side.power[enemy], combat.p.exchange[k]", "the stronger side loses more",
             "day/test_fight.py"),
    Mutation("day/fight.py", "deaths[home[c] + soldiers.region[i]] += weight[c]",
             "deaths[home[c] + soldiers.region[i]] += 1.0", "the sample mourns, not the army", "day/test_fight.py"),
    Mutation("day/fight.py", "capability.morale_step(company.grievance)", "capability.morale_step(-company.grievance)",
             "grievance raises morale", "day/test_fight.py"),
    Mutation("day/fight.py", "capability.effort(company.obeying, company.shirking,",
             "capability.effort(company.shirking, company.obeying,", "shirkers fight and those who obey hold back",
             "day/test_fight.py"),
    Mutation("day/choose.py", "(acts | wakes) &", "acts &", "nobody comes to obey again", "day/test_choose.py"),
    Mutation("day/heal.py", "healed = luck[j] < back[c]", "healed = luck[j] >= back[c]",
             "who heals is invalided and who is invalid returns", "day/test_heal.py"),
    Mutation("day/heal.py", "wounded.return_hazard(share, days)", "wounded.invalid_hazard(share, days)",
             "who is to return is invalided out", "day/test_heal.py"),
    Mutation("day/appraise.py", "lost_ground = -side.sign *", "lost_ground = side.sign *",
             "a side that gains ground expects a rout", "day/test_appraise.py"),
    Mutation("day/appraise.py", "1.0 - share, 1.0 - 1.0 / REST_DAYS", "1.0, 1.0 - 1.0 / REST_DAYS",
             "recruits arrive weary", "day/test_appraise.py"),
    Mutation("day/terms.py", "return value * given(term.where) if term.where else value", "return value",
             "guards resent that guards are favoured", "day/test_terms.py day/test_appraise.py"),
    Mutation("day/choose.py", "cross[force, soldiers.category[i], soldiers.tie_bin[i], form + 1] += weight",
             "cross[force, soldiers.category[i], soldiers.tie_bin[i], form + 1] += 1.0",
             "the table of individuals counts the sample", "day/test_choose.py"),
    Mutation("day/choose.py", "t.disposition_routes[form] * z[j] + t.exclusion_routes[form] * x[j]",
             "t.disposition_routes[form] * z[j] - t.exclusion_routes[form] * x[j]",
             "excluded groups stay more loyal", "day/test_choose.py"),
    Mutation("day/rise.py", "(world.force.weight[company.force[near]] - 1.0) * company.chance[near]",
             "world.force.weight[company.force[near]] * company.chance[near]",
             "mutinies of the company played count twice", "day/test_rise.py"),
    Mutation("day/rise.py", "suppression.defect_share(side.offer[s], 1.0, p.defect[k])",
             "suppression.defect_share(side.offer[side.other[s]], 1.0, p.defect[k])",
             "mutineers go over for what their own side offers", "day/test_rise.py"),
    Mutation("day/command.py", "np.bincount(brigade.side, weight * those, len(world.side))",
             "np.bincount(brigade.side, those, len(world.side))",
             "a brigade that halts is no example for those it stands for", "day/test_command.py"),
    Mutation("day/plot.py", "p.war[k] * (1.0 - 2.0 * side.win_belief)", "p.war[k] * (2.0 * side.win_belief - 1.0)",
             "a war that goes badly lowers plots", "day/test_plot.py"),
    Mutation("day/recruit.py", "world.force.vacant) * side.replaces_losses", "world.force.vacant)",
             "every ruler replaces all losses", "day/test_recruit.py"),
    Mutation("day/mourn.py", "side.capacity * side.willing", "side.capacity",
             "unwilling troops contain protest as well", "day/test_mourn.py"),
    Mutation("day/offer.py", "np.where(side.other >= 0, made[side.other],", "np.where(side.other >= 0, made,",
             "soldiers see the offer of their own side", "day/test_offer.py"),
    Mutation("day/overture.py", "come = _noticed(world)[other]", "come = _noticed(world)",
             "a ruler counts those who left as those who came", "day/test_overture.py"),
    Mutation("day/enforce.py", "around[b], p.ordinary[k]", "p.ordinary[k], around[b]",
             "an ordinary army is the example, beside which the brigade is judged", "day/test_enforce.py"),
    Mutation("day/turn.py", "side.turned_power[side.other] * (side.other >= 0)",
             "side.turned_power * (side.other >= 0)",
             "those who went over fight for the side that they left", "day/test_turn.py"),
    Mutation("day/turn.py", "alone = (side.other < 0) & (world.contest.live[k] > 0)",
             "alone = world.contest.live[k] > 0", "those who went over fight their old side twice in a war",
             "day/test_turn.py"),
    Mutation("day/answer.py", "1.0 - side.willing, side.resolve, fresh", "side.willing, side.resolve, fresh",
             "a ruler concedes while the army obeys", "day/test_answer.py"),
    Mutation("day/learn.py", "seen = side.sign * observed[k]", "seen = observed[k]",
             "the defender learns with the attacker's sign", "day/test_learn.py"),
    Mutation("day/escalate.py", "1.0 - np.maximum(done, 0.0)", "np.maximum(done, 0.0)",
             "a defender who loses ground has made progress", "day/test_escalate.py"),
    Mutation("day/gather.py", "world.acts[:, DEFECT] - force.returned_absent", "world.acts[:, DEFECT]",
             "soldiers who came back are still absent", "day/test_gather.py"),
    Mutation("day/answer.py", "side.has_enemy > 0, side.near_capital, 1.0",
             "side.has_enemy > 0, 1.0, side.near_capital",
             "in war a crowd anywhere brings the ruler down", "day/test_answer.py"),
    Mutation("day/answer.py", "(halted >= MOST)", "(halted < MOST)", "generals depose whom they obey",
             "day/test_answer.py"),
    Mutation("day/cross.py", "/ WORD < share[c]", "/ WORD > share[c]", "those follow who would have stayed",
             "day/test_cross.py"),
    Mutation("day/flee.py", "command.hold_probability(-contest.log_ratio[k]",
             "command.hold_probability(contest.log_ratio[k]",
             "commanders of strong places flee", "day/test_flee.py"),
    Mutation("day/frag.py", "many[rows] / world.force.weight[company.force[rows]] * fragging",
             "many[rows] * fragging",
             "one brigade suffers for all that it stands for", "day/test_frag.py"),
    Mutation("day/march.py", "company.in_mutiny * company.marching +", "company.in_mutiny +",
             "mutineers who stayed in their place count as marchers", "day/test_march.py"),
    Mutation("day/march.py", "violent[rows], grievance, unauthorised.among_civilians(urban, company.marching[rows])",
             "violent[rows], grievance, urban", "marchers are among civilians only where their place was",
             "day/test_march.py"),
    Mutation("day/appraise.py", "company.compelled - army[company.force]", "company.compelled",
             "an army of conscripts is all worse than itself", "day/test_appraise.py"),
    Mutation("day/gather.py", "parallel / men / IN_FULL_STRENGTH", "parallel / men", "guards count a fifth",
             "day/test_gather.py"),
    Mutation("day/record.py", "world.acts_today[rows, number] * force.weight[f]", "world.acts_today[rows, number]",
             "events carry the sample's size", "day/test_record.py"),
    Mutation("day/rise.py", "at_stake(faced, company.contact, committed", "at_stake(faced, 0.0, committed",
             "who is in contact has no more at stake than who is in the rear", "day/test_rise.py"),
    Mutation("day/rise.py", "company.contact, committed[company.force])",
             "company.contact, committed[::-1][company.force])",
             "a company in the rear looks at another force's share in contact", "day/test_rise.py"),
    Mutation("day/rise.py", "cascade.incident_size(_stake(world), p.barracks[k]",
             "cascade.incident_size(1.0, p.barracks[k]",
             "incidents in barracks are as large as at the front", "day/test_rise.py"),
    Mutation("day/answer.py", "ruler.needed(p.least[k], stretch, p.swamp[k])",
             "ruler.needed(p.least[k], side.called_out, p.swamp[k])",
             "the same troops hold the streets against any crowd", "day/test_answer.py"),
    Mutation("day/appraise.py", "contagion.defeat(lost_ground, p.plain[k])",
             "contagion.defeat(-lost_ground, p.plain[k])",
             "who gains ground sees defeat", "day/test_appraise.py"),
    Mutation("day/learn.py", "side.obeying + shirking < BROKEN_ARMY", "side.obeying < BROKEN_ARMY",
             "an army of shirkers has collapsed", "day/test_learn.py"),
    Mutation("day/mourn.py", "raw / np.maximum(side.capacity, 1.0)", "left / np.maximum(side.capacity, 1.0)",
             "repression is not needed against those it has broken", "day/test_mourn.py"),
    Mutation("day/recruit.py", "(soldiers.home_day <= world.day)", "(soldiers.home_day > world.day)",
             "in peace those go home who have time to serve", "day/test_recruit.py"),
    Mutation("world/world.py", "by[AWOL + 1 : -1]", "by[AWOL:-1]", "the place of an absent soldier is filled",
             "world/test_recount.py day/test_recruit.py"),
    Mutation("world/enlist.py", "category is None\n", "category is not None\n",
             "recruits have part of their service behind them", "world/test_enlist.py"),
)  # fmt: skip


def outcome(mutation: Mutation, copy: Path, known: list[str]) -> tuple[str, str]:
    """Run the tests of a mutated copy of the tree, without those `known` to fail.

    Returns:
        "caught", "SURVIVED", or why it was not tried; and the first test that failed.
    """
    path = copy / "src" / "allegiance" / mutation.file
    source = path.read_text(encoding="utf-8")
    if source.count(mutation.old) != 1:
        return f"not tried: its text stands {source.count(mutation.old)} times in {mutation.file}", ""
    path.write_text(source.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        tried = run(copy, ["-x", "-rf", *known, *(f"tests/{n}" for n in mutation.tests.split())])
    finally:
        path.write_text(source, encoding="utf-8")
    failed = re.search(r"^FAILED tests/([\w/.]+::\w+)", tried.stdout, re.MULTILINE)
    said = {0: "SURVIVED", 1: "caught"}.get(tried.returncode, f"not tried: pytest ended with {tried.returncode}")
    return said, failed[1] if failed else ""


def run(copy: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run pytest against the package in `copy`."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(copy / "src"), str(copy / "tests")])}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)


def failing(copy: Path, names: set[str]) -> list[str]:
    """Options that leave out the tests that fail without any mutation, so that they catch nothing."""
    said = run(copy, ["-rf", *(f"tests/{n}" for n in sorted(names))]).stdout
    return [f"--deselect={line.split()[1]}" for line in said.splitlines() if line.startswith("FAILED ")]


def record(told: list[tuple[Mutation, str, str]]) -> None:
    """Write the table of the page anew."""
    caught = sum(said == "caught" for _, said, _ in told)
    lines = [
        BEGIN, "", f"Tried on {datetime.now(UTC):%d %B %Y}: {caught} of {len(told)} caught.", "",
        "| | file | what the fault does | outcome | first test that fails |", "| ---: | --- | --- | --- | --- |",
        *(f"| {n} | `{m.file}` | {m.breaks} | {said} | `{test}` |" for n, (m, said, test) in enumerate(told, 1)), "",
    ]  # fmt: skip
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(before + "\n".join([*lines, END]) + rest.split(END)[1], encoding="utf-8")


def main() -> int:
    """Try the mutations named by number on the command line, or all; returns how many were not caught."""
    chosen = [int(a) for a in sys.argv[1:] if a != "--record"] or range(1, len(MUTATIONS) + 1)
    told = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        copy.mkdir()
        for part in ("src", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        known = failing(copy, {name for n in chosen for name in MUTATIONS[n - 1].tests.split()})
        print(f"{len(known)} tests fail without any mutation and are left out", *known, sep="\n  ", flush=True)
        for number in chosen:
            mutation = MUTATIONS[number - 1]
            said, test = outcome(mutation, copy, known)
            told.append((mutation, said, test))
            print(f"{number:2d} {said:9s} {mutation.file:17s} {mutation.breaks} ({test})", flush=True)
    if "--record" in sys.argv:
        record(told)
    caught = sum(said == "caught" for _, said, _ in told)
    print(f"{caught} of {len(told)} caught")
    return len(told) - caught


if __name__ == "__main__":
    sys.exit(main())
