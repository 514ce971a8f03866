"""The tables of docs/data.md, written from the sources' cards and the declared lags themselves."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from allegiance.base.files import write_text
from allegiance.base.markdown import between
from allegiance.evidence.catalogue import catalogue
from allegiance.evidence.coding import DEFAULTS, RULES
from allegiance.forecast.features import MONTH_FEATURES, REFUSED, Feature

_MONTHS = "January February March April May June July August September October November December".split()


def sources_table() -> str:
    """Every source with access, licence, doubts and corrections, as Markdown."""
    parts = []
    for source in catalogue().values():
        card = source.card
        lines = [f"### {source.key}: {card.title}", ""]
        lines += [f"{card.producer}. {card.citation}. Licence: {card.licence}. Access: {source.access}"
                  + (f" ({source.how})" if source.how else "") + f". <{card.address}>"]  # fmt: skip
        lines += ["", f"Counts {card.counts}.", "", *(f"- {d}" for d in card.doubts)]
        lines += [f"- corrected {c.on}: {c.what} ({c.reason})" for c in card.corrections]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def lag_table() -> str:
    """When each feature of the month panel becomes known, as Markdown."""
    groups: dict[str, list[str]] = defaultdict(list)
    for feature in MONTH_FEATURES:
        groups[known(feature)].append(f"`{feature.name}`")
    rows = [f"| {when} | {', '.join(names)} |" for when, names in groups.items()]
    refused = [f"| `{column}` | {why} |" for column, why in REFUSED.items()]
    return (
        "\n".join(
            ["| used from | features |", "| --- | --- |", *rows, "", "| refused | why |", "| --- | --- |", *refused]
        )
        + "\n"
    )


def known(feature: Feature) -> str:
    """When a value may be used, in words.

    >>> known(MONTH_FEATURES[0])
    'its own month (the source states it as of the first day)'
    """
    if feature.cadence == "year":
        if feature.release >= 12:
            return "January two years after the year described"
        return f"{_MONTHS[feature.release]} of the year after the one described"
    if feature.release < 0:
        return "its own month (the source states it as of the first day)"
    return "the month after" if feature.release == 0 else f"{feature.release + 1} months after"


def rules_table() -> str:
    """The coding rules as Markdown."""
    rows = [f"| `{r.key}`{' (default)' * (r.key in DEFAULTS)} | {r.type} | {r.words} |" for r in RULES.values()]
    return "\n".join(["| rule | codes | counts |", "| --- | --- | --- |", *rows]) + "\n"


def write_data_page(path: Path) -> None:
    """Renew the generated parts of docs/data.md, between their marks.

    Raises:
        AllegianceError: a mark is missing.
    """
    write_text(path, renewed(path.read_text(encoding="utf-8")))


def renewed(text: str) -> str:
    """The page with its generated parts written anew."""
    for name, part in (("rules", rules_table()), ("lags", lag_table()), ("sources", sources_table())):
        first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        text = between(text, (first, last), part, f"the page of data lacks the marks of {name!r}")
    return text
