"""The command ``import``: files of any kind in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from followertui.cli.asking import answers_to, ask_archives, encoding_of, mapping_line, show_plan, show_report
from followertui.cli.import_runs import RESUME, RUN_COMMANDS, catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import lower_priority, say
from followertui.cli.printing import fail
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput, FollowertuiError
from followertui.domain.kind import LIST_KINDS
from followertui.domain.lists import Basis
from followertui.late import late
from followertui.services.intake.values import DATES, ImportChoices
from followertui.services.values import SHEET_WORDS
from followertui.services.workbench import Workbench
from followertui.sources.text_files import shown_name

if TYPE_CHECKING:
    from followertui.services.intake import importing, inspecting
else:
    inspecting = late("followertui.services.intake.inspecting")
    importing = late("followertui.services.intake.importing")

_SHOWN_CONFLICTS = 20
_KINDS = click.Choice([kind.value for kind in LIST_KINDS])
_BASES = click.Choice([basis.value for basis in Basis])


class _Way(NamedTuple):
    """How a file is imported: dry run or not, and the file for problems."""

    dry_run: bool
    problems: str | None


class _ImportGroup(click.Group):
    """``import FILE...`` recognises; ``import list FILE`` and its like are told what a file is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take files where no command of the group is named."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["files", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands of the group, and files."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


def _look_options(command: Any) -> Any:
    command = click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")(command)
    command = click.option("--encoding", metavar="NAME", help="How a text file is written, as utf-8 or shift-jis.")(
        command
    )
    command = click.option(
        "--problems", metavar="FILE.csv", type=click.Path(dir_okay=False), help="Write what is left out, with reasons."
    )(command)
    return click.option("--dry-run", is_flag=True, help="Show what would be read; write nothing.")(command)


def _dates_option(command: Any) -> Any:
    return click.option(
        "--dates", type=click.Choice(DATES), help="How dates such as 03/04/2024 are written, where nothing shows it."
    )(command)


def _owner_option(command: Any) -> Any:
    return click.option(
        "--owner", metavar="HANDLE", help="Whose list to read, where a file or folder holds those of several accounts."
    )(command)


def _map_option(command: Any) -> Any:
    return click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Say what a column is.")(command)


def _file(command: Callable[..., Any]) -> Any:
    return click.argument("path", metavar="FILE", type=click.Path())(command)


@click.command("files", hidden=True)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@_owner_option
@_dates_option
@_look_options
@click.pass_obj
def import_files(
    options: Options, /, paths: tuple[str, ...], *, problems: str | None, dry_run: bool, **given: Any
) -> None:
    """Recognise FILEs, ask the rest, bring them in; one that cannot be read does not stop the others."""
    if problems and len(paths) > 1:
        raise BadInput("--problems takes one FILE at a time")
    choices, way = ImportChoices(**given), _Way(dry_run, problems)
    if len(paths) == 1:
        _import_one(options, paths[0], choices, way)
        return
    failed: list[str] = []
    with opened(options, must_exist=False) as bench:
        for path in paths:
            try:
                _bring_all(options, bench, path, choices, way)
            except FollowertuiError as error:
                if error.exit_code != BadInput.exit_code:
                    raise
                failed.append(path)
                fail(str(error))
        if not dry_run and len(failed) < len(paths):
            catch_up(options, bench)
    verb = "checked" if dry_run else "imported"
    say(options, f"{len(paths) - len(failed)} of {len(paths)} files {verb}")
    if failed:
        raise BadInput(f"not {verb}: {', '.join(Path(path).name for path in failed)}; the reason is above")


@click.command("archive")
@_file
@_owner_option
@_look_options
@click.pass_obj
def import_archive(
    options: Options, /, path: str, owner: str | None, dry_run: bool, problems: str | None, **_: Any
) -> None:
    """Bring in an X archive: zip, folder or one of its files; of several in a folder those of one account."""
    _import_one(options, path, ImportChoices(what="archive", owner=owner), _Way(dry_run, problems))


@click.command("accounts")
@_file
@click.option("--relation", type=click.Choice(["follower", "following", "both", "none"]), help="Who these are to us.")
@click.option("--tag", metavar="NAME", help="Tag them all, as a competitor's followers or a conference's speakers.")
@_owner_option
@click.option("--as-of", metavar="DATE", help="When it was read, ISO 8601.")
@click.option("--complete", "completeness", flag_value="complete", help="Complete: who is missing has left.")
@click.option("--partial", "completeness", flag_value="partial", help="Partial: no one counts as having left.")
@_dates_option
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
    @_dates_option
    @_map_option
    @_look_options
    @click.pass_obj
    def command(
        options: Options,
        /,
        path: str,
        dry_run: bool,
        problems: str | None,
        maps: tuple[str, ...],
        **given: str | None,
    ) -> None:
        """Import one file of this kind."""
        choices = ImportChoices(what=what, mapping=_mapping(maps), **given)
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


import_analytics = _events_command(
    "analytics", "analytics",
    "Bring in X's account analytics (Analytics > Account overview > export): new follows, unfollows and profile visits "
    "by day, a growth curve before the first reading.",
)  # fmt: skip


@click.command("decisions")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--as", "word", type=click.Choice(SHEET_WORDS), help="What all of a list without such a column are.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.pass_obj
def import_decisions(options: Options, path: Path, word: str | None, sheet: str | None, *, dry_run: bool) -> None:
    """Bring a colleague's sheet back: kind, decision, tags and note of accounts, as one gesture; undo takes it back.

    Also an old tool's whitelist (keep) or never-follow list, by its name, its column or --as. What
    is kept here stays kept, and a newer word here stands; both are named.

    \b
    followertui accounts 'is:follower' --csv --fields id,handle,name,kind,decision,tags,note,was > sheet.csv
    followertui import decisions sheet.csv
    followertui import decisions whitelist.csv --as keep
    """  # noqa: D301
    with opened(options) as bench:
        report = bench.import_decisions(path, word or "", sheet, is_dry=dry_run)
        say(options, f"{path.name}: {report.read:,} read, {report.unchanged:,} as they are")
        for held in report.left_out:
            say(options, f"  {held.count:,} left out: {held.reason}")
        for line in report.conflicts[:_SHOWN_CONFLICTS]:
            say(options, f"  conflict: {line}")
        if len(report.conflicts) > _SHOWN_CONFLICTS:
            say(options, f"  and {len(report.conflicts) - _SHOWN_CONFLICTS:,} more conflicts")
        say(options, report.gesture.text)


def _mapping(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in maps:
        column, sign, name = text.rpartition("=")
        if not sign or not column:
            raise BadInput(f'--map "{text}": write COLUMN=FIELD')
        found[column] = name
    return found


def _archives_of(options: Options, bench: Workbench, path: str, choices: ImportChoices, way: _Way) -> list[str]:
    """The archives of one account in a folder, oldest first; the path itself where there are not several."""
    found = inspecting.archives_in(path)
    if not found:
        return [path]
    chosen = inspecting.archives_of_one(bench.session.store, found, choices.owner) or ask_archives(path, found)
    if len(chosen) > 1:
        if way.problems:
            raise BadInput(f"{path}: holds {len(chosen)} archives; --problems takes one at a time")
        say(options, f"{Path(path).name}: holds {len(chosen)} archives of one account, read from the oldest on")
    others = list(dict.fromkeys(one.owner or "an account it does not name" for one in found if one not in chosen))
    if others:
        say(options, f"{Path(path).name}: left alone: {len(found) - len(chosen)} of {', '.join(others)}")
    return [one.path for one in chosen]


def _import_one(options: Options, path: str, choices: ImportChoices, way: _Way) -> None:
    with opened(options, must_exist=False) as bench:
        _bring_all(options, bench, path, choices, way)
        if not way.dry_run:
            catch_up(options, bench)


def _bring_all(options: Options, bench: Workbench, path: str, choices: ImportChoices, way: _Way) -> None:
    """Bring in a file, or the archives of one account in a folder."""
    for one in _archives_of(options, bench, path, choices, way):
        _bring(options, bench, one, choices, way)


def _bring(options: Options, bench: Workbench, path: str, choices: ImportChoices, way: _Way) -> None:
    if way.problems:
        importing.check_problems_target(way.problems)
    plan = bench.plan_import(path, choices)
    encoding = None if way.dry_run else encoding_of(plan)
    if encoding is not None:
        choices = replace(choices, encoding=encoding)
        plan = bench.plan_import(path, choices)
    say(options, f"{Path(path).name}: {plan.sentence}")
    for line in plan.problems:
        say(options, f"  {line}")
    import_id, is_empty = 0, False
    if way.dry_run:
        for line in plan.losses:
            say(options, f"  {line}")
        show_plan(plan)
    else:
        say(options, mapping_line(plan))
        answers = answers_to(plan)
        if answers:
            plan = bench.plan_import(path, replace(choices, **answers), plan)
            for line in plan.kind_lines if answers.get("kind_from") else ():
                say(options, f"  {line}")
        lower_priority()
        report = run_job(options, lambda cancel: bench.run_import(plan, cancel), resume=RESUME)
        show_report(options, report)
        import_id = report.import_id
        is_empty = not report.is_repeat and report.refused >= report.read
    if way.problems:
        count = importing.save_problems(bench.session.store, plan, way.problems, import_id)
        say(options, f"  {count:,} rows and values left out, written to {way.problems}")
    if is_empty:
        raise BadInput(f"{shown_name(Path(path))}: no row of it could be used; look at it with --dry-run")


IMPORT = _ImportGroup(
    "import",
    commands={
        "files": import_files,
        "archive": import_archive,
        "accounts": import_accounts,
        "list": import_list,
        "contacts": import_contacts,
        "outcomes": import_outcomes,
        "analytics": import_analytics,
        "decisions": import_decisions,
        **RUN_COMMANDS,
    },
    help="""Bring in files: X archives, exports of followers and following, customer lists, contact logs, outcomes,
    account analytics.

    It recognises what a FILE is, says what it believes and asks only the rest. For scripts
    say what it is: import archive, accounts, list, contacts, outcomes, analytics,
    decisions.

    \b
    followertui import followers.json customers.csv
    followertui import list customers.csv --kind customer --name Customers --basis own-records
    """,
    subcommand_metavar="FILE... | archive FILE | accounts FILE | list FILE | ...",
)

COMMANDS: dict[str, click.Command] = {"import": IMPORT}
