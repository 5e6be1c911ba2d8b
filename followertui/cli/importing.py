"""The command ``import``: files of any sort in, and a later word on them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import format_options, lower_priority, say, write_records
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput, FollowertuiError
from followertui.domain.kind import LIST_KINDS
from followertui.domain.lists import Basis
from followertui.late import late
from followertui.services.intake.values import ImportChoices, ImportReport, Look
from followertui.services.workbench import Workbench
from followertui.text.cleaning import clean_text

if TYPE_CHECKING:
    from followertui.cli import tables
else:
    tables = late("followertui.cli.tables")

_RESUME = "followertui import resume"
CATCH_UP = "followertui match, then followertui judge"
"""What goes on with comparing and judging once it was stopped."""

_KINDS = click.Choice([kind.value for kind in LIST_KINDS])
_BASES = click.Choice([basis.value for basis in Basis])


class _Way(NamedTuple):
    """How a file is brought in: only looked at, and where what is left out goes."""

    dry_run: bool
    problems: str | None


class _ImportGroup(click.Group):
    """``import FILE...`` recognises; ``import list FILE`` and its like are told what a file is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["files", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands of the group, and files."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


def _look_options(command: Any) -> Any:
    command = click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")(command)
    command = click.option(
        "--problems", metavar="FILE.csv", type=click.Path(dir_okay=False), help="Write what is left out, with reasons."
    )(command)
    return click.option("--dry-run", is_flag=True, help="Show what would be read; write nothing.")(command)


def _map_option(command: Any) -> Any:
    return click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Say what a column is.")(command)


def _file(command: Callable[..., Any]) -> Any:
    return click.argument("path", metavar="FILE", type=click.Path())(command)


@click.command("files", hidden=True)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@_look_options
@click.pass_obj
def import_files(
    options: Options, paths: tuple[str, ...], sheet: str | None, problems: str | None, dry_run: bool
) -> None:
    """Recognise FILEs, ask the rest, bring them in; one that cannot be read does not stop the others."""
    if problems and len(paths) > 1:
        raise BadInput("--problems takes one FILE at a time")
    choices, way = ImportChoices(sheet=sheet), _Way(dry_run, problems)
    if len(paths) == 1:
        _import_one(options, paths[0], choices, way)
        return
    failed: list[str] = []
    with opened(options, must_exist=False) as bench:
        for path in paths:
            try:
                _bring(options, bench, path, choices, way)
            except FollowertuiError as error:
                if error.exit_code != BadInput.exit_code:
                    raise
                failed.append(path)
                click.echo(f"followertui: {clean_text(str(error), limit=2000)}", err=True)
        if not dry_run and len(failed) < len(paths):
            catch_up(options, bench)
    verb = "looked at" if dry_run else "brought in"
    say(options, f"{len(paths) - len(failed)} of {len(paths)} files {verb}")
    if failed:
        raise BadInput(f"not {verb}: {', '.join(Path(path).name for path in failed)}; why stands above")


@click.command("archive")
@_file
@_look_options
@click.pass_obj
def import_archive(options: Options, path: str, sheet: str | None, problems: str | None, dry_run: bool) -> None:
    """Bring in an X archive: zip, folder or one of its files."""
    _import_one(options, path, ImportChoices(what="archive"), _Way(dry_run, problems))


@click.command("accounts")
@_file
@click.option("--relation", type=click.Choice(["follower", "following", "both", "none"]), help="Who these are to us.")
@click.option("--as-of", metavar="DATE", help="When it was read, ISO 8601.")
@click.option("--complete", "completeness", flag_value="complete", help="It holds everybody.")
@click.option("--partial", "completeness", flag_value="partial", help="It does not; nobody left because of it.")
@_map_option
@_look_options
@click.pass_obj
def import_accounts(
    options: Options, /, path: str, dry_run: bool, problems: str | None, maps: tuple[str, ...], **given: Any
) -> None:
    """Bring in an export of followers or following: CSV, TSV, XLSX, JSON, JSONL, a list of handles."""
    choices = ImportChoices(what="accounts", mapping=_mapping(maps), **given)
    _import_one(options, path, choices, _Way(dry_run, problems))


@click.command("list")
@_file
@click.option("--kind", type=_KINDS, help="Who these are; with --kind-from, where the column says nothing.")
@click.option("--kind-from", metavar="COLUMN", help="Column that says it per row; --dry-run shows how it is read.")
@click.option("--name", metavar="NAME", help="Name of the list; the same name again brings it up to date.")
@click.option("--basis", type=_BASES, help="How you got these people.")
@click.option("--as-of", metavar="DATE", help="When it was exported, ISO 8601.")
@_map_option
@_look_options
@click.pass_obj
def import_list(
    options: Options, /, path: str, dry_run: bool, problems: str | None, maps: tuple[str, ...], **given: Any
) -> None:
    """Bring in a list of companies or people: CSV, TSV, XLSX, JSON, JSONL."""
    choices = ImportChoices(what="list", mapping=_mapping(maps), **given)
    _import_one(options, path, choices, _Way(dry_run, problems))


def _events_command(name: str, what: str, text: str) -> click.Command:
    @click.command(name, help=text)
    @_file
    @_map_option
    @_look_options
    @click.pass_obj
    def command(
        options: Options,
        path: str,
        dry_run: bool,
        problems: str | None,
        maps: tuple[str, ...],
        sheet: str | None,
    ) -> None:
        choices = ImportChoices(what=what, mapping=_mapping(maps), sheet=sheet)
        _import_one(options, path, choices, _Way(dry_run, problems))

    return command


import_contacts = _events_command(
    "contacts", "contact-log",
    "Bring in a contact log: handle, id, e-mail or domain, date, what it was. Who talked with you is held back from "
    "pruning.",
)  # fmt: skip
import_outcomes = _events_command(
    "outcomes", "outcomes",
    "Bring in visits, downloads and registrations, joined by handle, id, e-mail or domain; says who is not known.",
)  # fmt: skip


def _mapping(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in maps:
        column, sign, name = text.rpartition("=")
        if not sign or not column:
            raise BadInput(f'--map "{text}": write COLUMN=FIELD')
        found[column] = name
    return found


def _import_one(options: Options, path: str, choices: ImportChoices, way: _Way) -> None:
    with opened(options, must_exist=False) as bench:
        _bring(options, bench, path, choices, way)
        if not way.dry_run:
            catch_up(options, bench)


def _bring(options: Options, bench: Workbench, path: str, choices: ImportChoices, way: _Way) -> None:
    look = bench.look(path, choices)
    say(options, f"{Path(path).name}: {look.sentence}")
    for line in look.problems:
        say(options, f"  {line}")
    if way.dry_run:
        _show_look(look)
        import_id = 0
    else:
        say(options, _mapping_line(look))
        asked = _asked(look, choices)
        if asked.kind_from != choices.kind_from:
            for line in bench.look(path, asked).problems[len(look.problems) :]:
                say(options, f"  {line}")
        choices = asked
        lower_priority()
        report = run_job(options, lambda cancel: bench.import_file(path, choices, cancel), resume=_RESUME)
        _show_report(options, report)
        import_id = report.import_id
    if way.problems:
        _write_problems(options, bench, path, choices, import_id, way.problems)


_OPTIONS = {"relation": "--relation", "complete": "--complete or --partial", "kind": "--kind or --kind-from",
            "name": "--name", "basis": "--basis"}  # fmt: skip


def _mapping_line(look: Look) -> str:
    """What is read as what, on one line; ``--map`` changes it."""
    taken = [f"{column.column} = {column.field}" for column in look.mapping if column.field]
    left = [column.column for column in look.mapping if not column.field]
    told = f"  read: {', '.join(taken)}" if taken else ""
    return told + (f"; left alone: {', '.join(left)}" if told and left else "")


def _show_look(look: Look) -> None:
    if look.mapping:
        tables.write_table(
            ((column.column, column.field or "-", column.why, " | ".join(column.samples)) for column in look.mapping),
            ("column", "read as", "because", "samples"),
        )
    if look.kind_column:
        click.echo(f'each row\'s kind may stand in "{look.kind_column}": --kind-from "{look.kind_column}"')
    if look.questions:
        click.echo(f"still to say: {', '.join(_OPTIONS[question] for question in look.questions)}")


_ASKED = {
    "relation": ("These accounts: do they follow you, do you follow them", ["follower", "following", "both", "none"]),
    "kind": ("Who are they", [kind.value for kind in LIST_KINDS]),
    "complete": ("Does the file hold everybody", ["complete", "partial"]),
}

_HAS_SAFE_ANSWER = ("complete", "name")
"""Questions a script need not answer: such a reading creates no leavers, such a list is named after its file."""


def is_interactive() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(look: Look, choices: ImportChoices) -> ImportChoices:
    """Ask what the file does not say; in a script, name the option that says it."""
    answers: dict[str, Any] = {}
    if not is_interactive():
        missing = [_OPTIONS[question] for question in look.questions if question not in _HAS_SAFE_ANSWER]
        if missing:
            raise BadInput(f"{look.path}: say {' and '.join(missing)}, or run it in a terminal to be asked")
        return choices
    for question in look.questions:
        if question == "name":
            answers["name"] = click.prompt("Name of the list", default=look.suggested_name, err=True)
        elif question == "basis":
            answers["basis"] = _ask_basis()
        else:
            text, words = _ASKED[question]
            if question == "kind" and look.kind_column:
                text, words = f'{text}; "column" takes it per row from "{look.kind_column}"', [*words, "column"]
            if question == "complete" and look.expected and look.rows is not None:
                text += f" ({look.rows:,} of {look.expected:,} the profile counts)"
            name = "completeness" if question == "complete" else question
            default = look.suggested_kind or None if question == "kind" else None
            answers[name] = click.prompt(text, type=click.Choice(words), default=default, err=True)
    if answers.get("kind") == "column":
        answers |= {"kind": None, "kind_from": look.kind_column}
    return replace(choices, **answers)


def _ask_basis() -> str:
    click.echo("How did you get these people?", err=True)
    for number, text in enumerate(
        ("they gave us their details", "a public directory", "bought or collected by others", "not sure (as 3)"), 1
    ):
        click.echo(f"  {number}  {text}", err=True)
    answer = int(click.prompt("", type=click.IntRange(1, 4), prompt_suffix="> ", err=True))
    bases = (Basis.OWN_RECORDS, Basis.PUBLIC_DIRECTORY, Basis.THIRD_PARTY, Basis.THIRD_PARTY)
    return str(bases[answer - 1])


def _show_report(options: Options, report: ImportReport) -> None:
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


def _write_problems(
    options: Options, bench: Workbench, path: str, choices: ImportChoices, import_id: int, target: str
) -> None:
    from followertui.services.intake import importing

    count = importing.save_problems(bench.session.store, path, choices, target, import_id)
    say(options, f"  {count:,} rows and values left out, written to {target}")


def catch_up(options: Options, bench: Workbench) -> None:
    """Make searchable, compare and judge what came in, and say what comes next."""
    text = run_job(options, bench.catch_up, resume=CATCH_UP)
    say(options, f"Next: {text}")


def settle(options: Options, bench: Workbench, number: int, name: str) -> None:
    """Ask whether an import that did not end is resumed, taken back or left for later."""
    click.echo(f"The import of {clean_text(name, limit=80)} did not end; nothing of it counts yet.", err=True)
    answer = click.prompt("r resume, t take back, l later", type=click.Choice(["r", "t", "l"]), default="r", err=True)
    try:
        if answer == "r":
            _resume(options, bench, number)
        elif answer == "t":
            _take_back(options, bench, number)
    except BadInput as error:
        click.echo(f"followertui: {clean_text(str(error), limit=2000)}", err=True)


def _resume(options: Options, bench: Workbench, number: int | None) -> None:
    from followertui.services.intake import importing

    path, choices = importing.resumable(bench.session.store, number)
    _show_report(options, run_job(options, lambda cancel: bench.import_file(path, choices, cancel), resume=_RESUME))
    catch_up(options, bench)


def _take_back(options: Options, bench: Workbench, number: int) -> None:
    from followertui.services.intake import importing

    say(options, importing.take_back(bench.session.store, number))
    bench.refresh_counts()


@click.command("resume")
@click.argument("number", metavar="[ID]", type=int, required=False)
@click.pass_obj
def import_resume(options: Options, number: int | None) -> None:
    """Read an import that did not end again, with the answers it began with."""
    with opened(options) as bench:
        _resume(options, bench, number)


@click.command("take-back")
@click.argument("number", metavar="ID", type=int)
@click.pass_obj
def undo_import_command(options: Options, number: int) -> None:
    """Drop what was read by an import that did not end."""
    with opened(options) as bench:
        _take_back(options, bench, number)


def _word_command(word: str, text: str) -> click.Command:
    @click.command(word, help=text)
    @click.argument("number", metavar="ID", type=int)
    @click.pass_obj
    def command(options: Options, number: int) -> None:
        from followertui.services.intake import amending

        with opened(options) as bench:
            session = bench.session
            say(options, amending.set_completeness(session.store, session.journal, session.clock, number, word).text)
            bench.refresh_counts()

    return command


@click.command("log")
@format_options
@click.pass_obj
def import_log(options: Options, form: str | None) -> None:
    """Every import, newest first, with the ID the other commands take."""
    from followertui.services.intake import importing

    with opened(options) as bench:
        write_records(importing.log(bench.session.store), form, importing.LOG_KEYS)


IMPORT = _ImportGroup(
    "import",
    commands={
        "files": import_files,
        "archive": import_archive,
        "accounts": import_accounts,
        "list": import_list,
        "contacts": import_contacts,
        "outcomes": import_outcomes,
        "log": import_log,
        "resume": import_resume,
        "take-back": undo_import_command,
        "complete": _word_command("complete", "Say that the reading ID held everybody: who is missing has left."),
        "partial": _word_command("partial", "Say that the reading ID did not: nobody left because of it."),
    },
    help="""Bring in files: X archives, exports of followers and following, customer lists, contact logs, outcomes.

    It recognises what a FILE is, says what it believes and asks only the rest. For scripts
    say what it is: import archive, accounts, list, contacts, outcomes.

    \b
    followertui import followers.json customers.csv
    followertui import list customers.csv --kind customer --name Customers --basis own-records
    """,
    subcommand_metavar="FILE... | archive FILE | accounts FILE | list FILE | ...",
)

COMMANDS: dict[str, click.Command] = {"import": IMPORT}
