"""The reference of the command line as a page in Markdown, made from the commands themselves."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import typer

from allegiance.cli.groups import GROUPS

_KINDS: dict[Any, str] = {bool: "", int: "whole number", float: "number", str: "text", Path: "file or folder"}
_MARKUP = re.compile(r"\[/?(?:bold|dim|italic)\]")


def command_page(app: typer.Typer) -> str:
    """Every verb under its group, with what it takes, as a page in Markdown."""
    root: Any = typer.main.get_command(app)
    head = "<!-- Written by `allegiance docs` from the commands themselves; edit src/allegiance/cli, not this page. -->"
    intro = "Every verb explains itself with `--help`. Verbs that need an extra say so with the line that installs it."
    parts = [head, "# Command line", intro]
    for group, verbs in GROUPS.items():
        parts.append(f"## {group}")
        for name in (verb for verb in verbs if verb in root.commands):
            parts += _command(f"allegiance {name}", root.commands[name])
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(parts)).strip() + "\n"


def _command(name: str, command: Any) -> list[str]:
    """Heading, help and table of a verb, and of the verbs below it."""
    inner = getattr(command, "commands", None)
    if inner:
        below = [part for sub in inner for part in _command(f"{name} {sub}", inner[sub])]
        return [f"### {name}", _text(command.help), *below]
    hints = get_type_hints(inspect.unwrap(command.callback))
    shown = [p for p in command.params if p.name in hints]
    arguments = [p.name.upper() if p.required else f"[{p.name.upper()}]" for p in shown if _is_argument(p)]
    table = ["| option | takes | default | meaning |", "| --- | --- | --- | --- |"]
    table += [_row(parameter, hints[parameter.name]) for parameter in shown]
    return [f"### {name}", "    " + " ".join([name, *arguments, "[OPTIONS]"]), _text(command.help), "\n".join(table)]


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def _row(parameter: Any, hint: Any) -> str:
    """One option or argument as a row of a table."""
    options = ", ".join([*parameter.opts, *parameter.secondary_opts])
    names = parameter.name.upper() if _is_argument(parameter) else options
    takes = parameter.metavar or _takes(hint)
    default = "required" if parameter.required else _default(parameter.default)
    return f"| `{names}` | {_cell(takes)} | {_cell(default)} | {_cell(' '.join((parameter.help or '').split()))} |"


def _takes(hint: Any) -> str:
    """What an option takes, in words.

    >>> _takes(int | None), _takes(list[str] | None), _takes(bool)
    ('whole number', 'text, repeatable', '')
    """
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    kind = hint if get_origin(hint) is list else kinds[0]
    if get_origin(kind) is list:
        return f"{_takes(get_args(kind)[0])}, repeatable"
    return _KINDS.get(kind, str(kind))


def _default(value: Any) -> str:
    return "" if value is None or value is False or value in ("", (), []) else "on" if value is True else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _text(help_text: str | None) -> str:
    """A verb's help as Markdown: examples as blocks of code, without the terminal's markup."""
    out = []
    for block in (help_text or "").split("\n\n"):
        plain = _MARKUP.sub("", block).replace("\x08", "").strip("\n")
        if plain.strip().startswith("allegiance "):
            out.append("    " + plain.strip())
        else:
            out.append(" ".join(plain.split()).replace("<", "&lt;").replace("*", "\\*"))
    return "\n\n".join(part for part in out if part)
