"""The words of the project, each explained once: for the glossary page, and where a page or report first uses one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape

from allegiance.base.citations import reference
from allegiance.theory.forms import COUPS, FORMS


@dataclass(frozen=True)
class Word:
    """One word: what it means here, keys of the works whose definition it is (none: this project's), other forms.

    A word that is `common` in plain English is explained on the glossary's page only.
    """

    name: str
    meaning: str
    sources: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    common: bool = False


_FORMS = {form.name: form.definition for form in FORMS}
WORDS = (
    Word("coup attempt", COUPS["coup_attempt"][1], ("powellThyne2011",), ("coup attempts",)),
    Word("successful coup", COUPS["coup_success"][1], ("powellThyne2011",), ("successful coups",)),
    Word("mutiny", _FORMS["mutiny"], ("rose1982", "johnson2021"), ("mutinies",)),
    Word("episode", "mutinies of one side no more than seven days apart, in whatever units", common=True),
    Word("defection", _FORMS["defection"], ("johnson2021", "albrechtOhl2016"), ("defections",)),
    Word("desertion", _FORMS["desertion"], ("mclauchlin2020", "lyall2020")),
    Word("refusal", _FORMS["refusal"], (), ("refusals",)),
    Word("shirking", _FORMS["shirking"], ("scott1985",)),
    Word("halt", "a commander does not pass an order on; the formation neither represses nor fights until the commander"
         " is replaced or gives way", ("albrechtOhl2016",), common=True),
    Word("crossing", "a formation changes sides under its commander", common=True),
    Word("unauthorised action", "what mutineers do of their own accord: leave their place and march, seize a place,"
         " kill civilians", ("dwyer2015", "johnson2021")),
    Word("fragging", "violence against one's own superior; a form that a violent mutiny or refusal can take"),
    Word("loyalty", "none of the forms of disloyalty", ("hirschman1970",), common=True),
    Word("grievance", "what soldiers hold against their service: want, comparison, losses, leadership, tasks and"
         " prospects, remembered; one unit is one log-odds of shirking"),
    Word("readiness", "the log-odds with which a soldier would join a mutiny if one began; nobody sees it",
         ("kuran1991",), common=True),
    Word("tie", "closeness of a soldier to the civilians faced, from 0 (strangers) to 1 (kin)", common=True),
    Word("inclusion", "equality of groups inside the army; not the same as a tie", ("lyall2020",), common=True),
    Word("coup-proofing", "what a ruler does against coups: counterweights, posts by loyalty, purges, surveillance",
         ("quinlivan1999", "debruin2020")),
    Word("counterbalancing", "armed forces beside the army that answer to the ruler, from 0 to 1", ("debruin2020",)),
    Word("capability", "obeying, present soldiers, weighted by quality, supply, equipment, leadership and morale"),
    Word("parity", "neither side has more than 1.25 times the capability of the other, and both still fight"),
    Word("level of destruction", "means of destruction that a leader has turned to, from 0 to 5"),
    Word("case", "one war or crisis as a file of numbers, each with unit, basis, source and range", common=True),
    Word("basis", "what a number rests on: measured, published, estimated, or judgement", common=True),
    Word("judgement", "a number that no source gives; somebody's reasoned guess, with a wide range", common=True),
    Word("member", "one simulated war of an ensemble", ("grimm2020",), common=True),
    Word("ensemble", "all simulated wars of a run, which differ in chance and in what is not known about the theory"),
    Word("scale", "share of companies that are simulated; the others are stood for by them", common=True),
    Word("seed", "number from which all random draws follow: the same seed gives the same results", common=True),
    Word("what-if", "the same case with some numbers changed, on the same random draws", (), ("what-ifs",)),
    Word("paired difference", "difference between two worlds that share their random draws, war by war", (),
         ("paired differences",)),
    Word("90 % interval", "range that holds the true value in nine of ten such intervals", (), ("90 % intervals",)),
    Word("percentage points", "difference between two percentages: from 10 % to 15 % is 5 percentage points"),
    Word("Shapley value", "a condition's average contribution over all orders in which conditions can be added", (),
         ("Shapley values",)),
    Word("Brier score", "mean squared distance between stated probabilities and what happened; 0 is perfect"),
    Word("base rate", "how often something happened to comparable armies or states before", (), ("base rates",)),
    Word("hindcast", "a forecast of the past, made only from what was known before it", (), ("hindcasts",)),
    Word("prior", "what is assumed about a number before the data of a fit are seen", common=True),
    Word("posterior", "what is left of the prior once the data of a fit are taken into account"),
)  # fmt: skip
"""Every word, in the order of the page: forms of disloyalty, causes, war, then how results are told."""

_SKIPPED = {"a", "abbr", "button", "code", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "head", "label", "nav",
            "option", "pre", "script", "select", "style", "summary", "svg", "textarea", "th", "title"}  # fmt: skip
"""Elements in whose text nothing is explained."""
_TAG = re.compile(r"(<!--.*?-->|<[^>]+>)", re.DOTALL)


def meanings() -> dict[str, str]:
    """Each form of each word that is explained in place, in lower case, and its meaning."""
    return {form.lower(): w.meaning for w in WORDS if not w.common for form in (w.name, *w.forms)}


def marked(html: str, once: bool = True) -> str:
    """HTML in which the first use of each word is marked with its meaning, as a tool tip.

    >>> marked("<p>A base rate, a base rate, <code>base rate</code></p>")
    '<p>A <abbr title="how often ... before" tabindex="0">base rate</abbr>, a base rate, <code>base rate</code></p>'
    """
    known = meanings()
    longest_first = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.-])({longest_first})(?![\w-])", re.IGNORECASE)
    seen: set[str] = set()

    def explained(match: re.Match[str]) -> str:
        meaning = known[match.group(0).lower()]
        if once and meaning in seen:
            return match.group(0)
        seen.add(meaning)
        return f'<abbr title="{escape(meaning)}" tabindex="0">{match.group(0)}</abbr>'

    return "".join(pattern.sub(explained, part) if text else part for part, text in _parts(html))


def _parts(html: str) -> Iterator[tuple[str, bool]]:
    """The tags and texts of HTML, and whether each is text in which words may be explained."""
    inside: list[str] = []
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = re.match(r"</?([a-zA-Z0-9]+)", part)
            tag = name.group(1).lower() if name else ""
            if tag in _SKIPPED and part.startswith("</"):
                if tag in inside:
                    del inside[len(inside) - 1 - inside[::-1].index(tag) :]
            elif tag in _SKIPPED and not part.endswith("/>"):
                inside.append(tag)
            yield part, False
        else:
            yield part, not inside


def glossary_page() -> str:
    """The glossary as a page in Markdown."""
    head = "<!-- Written by `allegiance docs` from report/glossary.py; edit that file, not this page. -->"
    rows = [f"| {w.name} | {w.meaning} | {'; '.join(reference(k).short for k in w.sources)} |" for w in WORDS]
    intro = "What the words mean here. Pages and reports explain most of them where they are first used: point at them."
    table = ["| word | meaning | definition of |", "| --- | --- | --- |", *rows]
    return "\n".join([head, "", "# Glossary", "", intro, "", *table, ""])
