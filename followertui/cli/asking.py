"""What an import shows and asks in a terminal: the plan, the open questions, the report.

Owns the words only; ``importing`` and ``import_runs`` use it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followertui.cli.options import Options
from followertui.cli.output import say
from followertui.cli.printing import ask, put, warn
from followertui.domain.errors import BadInput
from followertui.domain.kind import LIST_KINDS
from followertui.domain.lists import Basis
from followertui.late import late
from followertui.services.intake.values import ImportReport
from followertui.text.cleaning import clean_text

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.intake.import_plan import ImportPlan
    from followertui.services.intake.inspecting import ArchiveInside
else:
    tables = late("followertui.cli.tables")

_OPTIONS = {"encoding": "--encoding", "owner": "--owner", "dates": "--dates day-first or month-first",
            "relation": "--relation", "complete": "--complete or --partial",
            "kind": "--kind or --kind-from", "name": "--name", "tag": "--tag", "basis": "--basis"}  # fmt: skip


def mapping_line(plan: ImportPlan) -> str:
    """What is read as what, on one line; ``--map`` changes it."""
    taken = [f"{column.column} = {column.field}" for column in plan.columns if column.field]
    left = [column.column for column in plan.columns if not column.field]
    told = f"  read: {', '.join(taken)}" if taken else ""
    return told + (f"; left alone: {', '.join(left)}" if told and left else "")


def show_plan(plan: ImportPlan) -> None:
    """Every column as understood, and what is still to say, on stdout."""
    if plan.columns:
        tables.write_table(
            ((column.column, column.field or "-", column.why, " | ".join(column.samples)) for column in plan.columns),
            ("column", "read as", "because", "samples"),
        )
    if plan.kind_column:
        put(f'each row\'s kind may be in "{plan.kind_column}": --kind-from "{plan.kind_column}"')
    if plan.questions:
        put(f"still to say: {', '.join(_OPTIONS[question] for question in plan.questions)}")


_ASKED = {
    "relation": ("These accounts: do they follow you, do you follow them", ["follower", "following", "both", "none"]),
    "kind": ("Who are they", [kind.value for kind in LIST_KINDS]),
    "complete": ("Does the file contain all of them", ["complete", "partial"]),
}

_TAG_ASKED = "A tag to find them by, such as a conference's name (Enter: none)"

_HAS_SAFE_ANSWER = ("complete", "name", "tag")
"""Questions a script need not answer: such a reading creates no leavers, such a list is named after its file, such
accounts are not tagged."""


def is_interactive() -> bool:
    """Whether a person sits at the terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def answers_to(plan: ImportPlan) -> dict[str, Any]:
    """Ask what the file does not say; in a script, name the option that says it.

    Returns:
        Answers by their names in ``ImportChoices``; empty where nothing was asked.

    Raises:
        BadInput: in a script, an answer is missing that has no safe stand-in.
    """
    answers: dict[str, Any] = {}
    if not is_interactive():
        missing = [_missing(question, plan) for question in plan.questions if question not in _HAS_SAFE_ANSWER]
        if missing:
            raise BadInput(f"{plan.path}: say {' and '.join(missing)}, or run it in a terminal to be asked")
        return {}
    for question in plan.questions:
        if question == "encoding":
            # Asked first by ``encoding_of``: the other questions depend on it.
            continue
        if question in ("owner", "dates"):
            answers[question] = _ask_owner(plan) if question == "owner" else _ask_dates(plan)
        elif question == "name":
            answers["name"] = ask("Name of the list", default=plan.suggested_name)
        elif question == "basis":
            answers["basis"] = _ask_basis()
        elif question == "tag":
            answers["tag"] = ask(_TAG_ASKED, default="")
        else:
            text, words = _ASKED[question]
            if question == "kind" and plan.kind_column:
                text, words = f'{text}; "column" takes it per row from "{plan.kind_column}"', [*words, "column"]
            if question == "complete" and plan.expected_count and plan.rows is not None:
                text += f" ({plan.rows:,} of {plan.expected_count:,} the profile counts)"
            name = "completeness" if question == "complete" else question
            default = plan.suggested_kind or None if question == "kind" else None
            answers[name] = ask(text, type=click.Choice(words), default=default)
            if answers.get("relation") == "none" and plan.choices.tag is None:
                answers["tag"] = ask(_TAG_ASKED, default="")
    if answers.get("kind") == "column":
        answers |= {"kind": None, "kind_from": plan.kind_column}
    return answers


def _missing(question: str, plan: ImportPlan) -> str:
    """The option that answers a question, and where a value of the file makes it clearer, that value."""
    option = _OPTIONS[question]
    if question == "dates":
        column, sample, first, second = plan.open_date
        return f'{option} ("{sample}" in column "{column}" is {first} or {second})'
    return f"{option} ({', '.join(plan.seen.owners[:8])})" if question == "owner" else option


def _ask_owner(plan: ImportPlan) -> str:
    warn("The file holds the lists of several accounts. Whose is read?")
    for number, owner in enumerate(plan.seen.owners, 1):
        warn(f"  {number}  {owner}")
    answer = int(ask("", type=click.IntRange(1, len(plan.seen.owners)), prompt_suffix="> "))
    return plan.seen.owners[answer - 1]


def ask_archives(path: str, found: Sequence[ArchiveInside]) -> list[ArchiveInside]:
    """Ask of whom archives are read, where a folder holds those of several accounts; in a script, name the option.

    Args:
        path: the folder, for the message.
        found: oldest first.

    Returns:
        Those of the account chosen, oldest first.

    Raises:
        BadInput: in a script, it is not said.
    """
    if not is_interactive():
        which = "; ".join(f"{Path(one.path).name}{f' of {one.owner}' if one.owner else ''}, {one.day}" for one in found)
        raise BadInput(f"{path}: holds {len(found)} archives: {which}; name the folder of one, or say --owner")
    by_owner: dict[str, list[ArchiveInside]] = {}
    for one in found:
        # Of two that do not say whose they are nobody knows that they are one account's.
        by_owner.setdefault(one.owner or one.path, []).append(one)
    warn("The folder holds archives of several accounts. Whose are read?")
    for number, (owner, several) in enumerate(by_owner.items(), 1):
        warn(f"  {number}  {clean_text(owner)} ({', '.join(one.day for one in several)})")
    answer = int(ask("", type=click.IntRange(1, len(by_owner)), prompt_suffix="> "))
    return list(by_owner.values())[answer - 1]


def _ask_dates(plan: ImportPlan) -> str:
    column, sample, first, second = plan.open_date
    warn(f'"{sample}" in column "{column}" is')
    warn(f"  1  {first} (day first)")
    warn(f"  2  {second} (month first)")
    answer = int(ask("", type=click.IntRange(1, 2), prompt_suffix="> "))
    return ("day-first", "month-first")[answer - 1]


def encoding_of(plan: ImportPlan) -> str | None:
    """Ask how a text is written where that is not certain; in a script, name the option that says it.

    Returns:
        The codec, None where nothing was asked.

    Raises:
        BadInput: in a script, it is not said.
    """
    readings = plan.seen.readings
    if not readings:
        return None
    ways = [f"{one.name} ({', '.join(map(clean_text, one.sample[:2]))})" for one in readings]
    if not is_interactive():
        raise BadInput(f"{plan.path}: its encoding is not certain; say --encoding {' or '.join(ways)}")
    warn("Which of these reads right?")
    for number, one in enumerate(readings, 1):
        warn(f"  {number}  {' · '.join(map(clean_text, one.sample))}  ({one.label})")
    answer = int(ask("", type=click.IntRange(1, len(readings)), prompt_suffix="> "))
    return readings[answer - 1].name


def _ask_basis() -> str:
    warn("How did you get these people?")
    for number, text in enumerate(
        ("they gave us their details", "a public directory", "bought or collected by others", "not sure (as 3)"), 1
    ):
        warn(f"  {number}  {text}")
    answer = int(ask("", type=click.IntRange(1, 4), prompt_suffix="> "))
    bases = (Basis.OWN_RECORDS, Basis.PUBLIC_DIRECTORY, Basis.THIRD_PARTY, Basis.THIRD_PARTY)
    return str(bases[answer - 1])


def show_report(options: Options, report: ImportReport) -> None:
    """What an import did, on stderr."""
    counts = [f"{report.read:,} read"] + [
        f"{count:,} {word}"
        for count, word in (
            (report.added, "added"), (report.updated, "updated"), (report.unchanged, "unchanged"),
            (report.merged, "merged"), (report.refused, "refused"), (report.new, "new"), (report.left, "left"),
        )
        if count
    ]  # fmt: skip
    say(options, "  " + ", ".join(counts))
    for held in report.refused_by[:5]:
        lines = [str(row.line) for row in report.refused_rows if row.reason == held.reason and row.line][:5]
        where = f" (line {', '.join(lines)}{' ...' if held.count > len(lines) else ''})" if lines else ""
        say(options, f"  refused {held.count:,}: {held.reason}{where}")
    for line in report.notes:
        say(options, f"  {line}")
