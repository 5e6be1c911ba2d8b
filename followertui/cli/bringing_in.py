"""Commands that bring in and compute: import, lists, about, match, judge, aliases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from followertui.cli.looking import found_row
from followertui.cli.options import Options
from followertui.cli.output import run_job, say, table, write_json, write_records
from followertui.cli.queries import QueryCommand
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput
from followertui.domain.kind import LIST_KINDS
from followertui.domain.lists import Basis
from followertui.services.values import AboutUs, ImportChoices, ImportReport, Look
from followertui.services.workbench import Workbench

_KINDS = click.Choice([kind.value for kind in LIST_KINDS])
_BASES = click.Choice([basis.value for basis in Basis])


class _ImportGroup(click.Group):
    """``import FILE...`` recognises; ``import list FILE`` and its like are told what a file is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["files", *args]
        return super().parse_args(ctx, args)


def _look_options(command: Any) -> Any:
    command = click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")(command)
    command = click.option("--problems", metavar="FILE.csv", help="Write refused rows with their reasons.")(command)
    return click.option("--dry-run", is_flag=True, help="Show what would be read; write nothing.")(command)


def _map_option(command: Any) -> Any:
    return click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Say what a column is.")(command)


@click.command("files", hidden=True)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@_look_options
@click.pass_obj
def import_files(
    options: Options, paths: tuple[str, ...], sheet: str | None, problems: str | None, dry_run: bool
) -> None:
    """Recognise FILEs, ask the rest, bring them in."""
    with opened(options, must_exist=False) as bench:
        for path in paths:
            _bring(options, bench, path, ImportChoices(sheet=sheet), dry_run, problems)
        if not dry_run:
            _catch_up(options, bench)


@click.command("archive")
@click.argument("path", type=click.Path())
@_look_options
@click.pass_obj
def import_archive(options: Options, path: str, sheet: str | None, problems: str | None, dry_run: bool) -> None:
    """Bring in an X archive: zip, folder or one of its files."""
    _import_one(options, path, ImportChoices(what="archive"), dry_run, problems)


@click.command("accounts")
@click.argument("path", metavar="FILE", type=click.Path())
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
    _import_one(options, path, ImportChoices(what="accounts", mapping=_mapping(maps), **given), dry_run, problems)


@click.command("list")
@click.argument("path", metavar="FILE", type=click.Path())
@click.option("--kind", type=_KINDS, help="Who these are.")
@click.option("--kind-from", metavar="COLUMN", help="Column that says it per row.")
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
    _import_one(options, path, ImportChoices(what="list", mapping=_mapping(maps), **given), dry_run, problems)


def _mapping(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in maps:
        column, sign, name = text.rpartition("=")
        if not sign or not column:
            raise BadInput(f'--map "{text}": write COLUMN=FIELD')
        found[column] = name
    return found


def _import_one(options: Options, path: str, choices: ImportChoices, dry_run: bool, problems: str | None) -> None:
    with opened(options, must_exist=False) as bench:
        _bring(options, bench, path, choices, dry_run, problems)
        if not dry_run:
            _catch_up(options, bench)


def _bring(
    options: Options, bench: Workbench, path: str, choices: ImportChoices, dry_run: bool, problems: str | None
) -> None:
    look = bench.look(path, choices)
    say(options, f"{Path(path).name}: {look.sentence}")
    for line in look.problems:
        say(options, f"  {line}")
    if dry_run:
        _show_look(look)
        return
    choices = _asked(look, choices)
    report = run_job(options, lambda cancel: bench.import_file(path, choices, cancel))
    _show_report(options, report)
    if problems:
        _write_problems(options, bench, report, problems)


def _show_look(look: Look) -> None:
    table(
        ((column.column, column.field or "-", column.why, " | ".join(column.samples)) for column in look.mapping),
        ("column", "read as", "because", "samples"),
    )
    if look.questions:
        click.echo(f"still to say: {', '.join(look.questions)}")


_ASKED = {
    "relation": ("These accounts: do they follow you, do you follow them", ["follower", "following", "both", "none"]),
    "kind": ("Who are they", [kind.value for kind in LIST_KINDS]),
    "complete": ("Does the file hold everybody", ["complete", "partial"]),
}

_HAS_SAFE_ANSWER = ("complete", "name")
"""Questions a script need not answer: such a reading creates no leavers, such a list is named after its file."""


def _asked(look: Look, choices: ImportChoices) -> ImportChoices:
    """Ask what the file does not say; in a script, name the option that says it."""
    from dataclasses import replace

    answers: dict[str, Any] = {}
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        missing = [f"--{question}" for question in look.questions if question not in _HAS_SAFE_ANSWER]
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
            name = "completeness" if question == "complete" else question
            default = look.suggested_kind if question == "kind" and look.suggested_kind else words[0]
            answers[name] = click.prompt(text, type=click.Choice(words), default=default, err=True)
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
    if report.is_repeat:
        say(options, "  the same file was brought in before: nothing changed")
        return
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
        say(options, f"  refused {held.count:,}: {held.reason}")
    for line in report.notes:
        say(options, f"  {line}")


def _write_problems(options: Options, bench: Workbench, report: ImportReport, path: str) -> None:
    import csv

    from followertui.services import importing
    from followertui.text.cleaning import safe_csv_cell

    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "column", "value", "reason"))
            count = 0
            for row in importing.refused_rows(bench.desk.store, report.import_id):
                writer.writerow((row.line, safe_csv_cell(row.column), safe_csv_cell(row.value), row.reason))
                count += 1
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror})") from None
    say(options, f"  {count:,} refused rows written to {path}")


def _catch_up(options: Options, bench: Workbench) -> None:
    text = run_job(options, bench.catch_up)
    say(options, f"Next: {text}")


IMPORT = _ImportGroup(
    "import",
    commands={
        "files": import_files,
        "archive": import_archive,
        "accounts": import_accounts,
        "list": import_list,
    },
    help="""Bring in files: X archives, exports of followers and following, lists of customers.

    It recognises what a FILE is, says what it believes and asks only the rest. For scripts
    say what it is: import archive, import accounts, import list.

    \b
    followertui import followers.json customers.csv
    followertui import list customers.csv --kind customer --name Customers --basis own-records
    """,
    subcommand_metavar="FILE... | archive PATH | accounts FILE | list FILE",
)


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_context
def lists(ctx: click.Context, form: str | None) -> None:
    """Your lists: kind, basis, entries; `lists drop NAME` lets one no longer count."""
    if ctx.invoked_subcommand is not None:
        return
    from followertui.services import briefing

    with opened(ctx.obj) as bench:
        write_records(briefing.list_records(bench.desk), form, briefing.LIST_KEYS)


@lists.command("drop")
@click.argument("name")
@click.pass_obj
def lists_drop(options: Options, name: str) -> None:
    """Let the list NAME no longer count; its matches go, decided ones stay known."""
    from followertui.services import briefing

    with opened(options) as bench:
        say(options, briefing.drop_list(bench.desk, name))
        _catch_up(options, bench)


@click.command()
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=A,B", help="names, domains, handles, competitors, market."
)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--learn", is_flag=True, help="What the bios of your customers and prospects share.")
@click.pass_obj
def about(options: Options, settings: tuple[str, ...], form: str | None, learn: bool) -> None:
    """Who you are: feeds employees, competitors and relevance.

    \b
    followertui about --set names=Acme,"Acme Inc" --set domains=acme.com --set market=logistics,freight
    """  # noqa: D301
    from dataclasses import asdict, replace

    from followertui.services.about import FIELDS

    with opened(options, must_exist=False) as bench:
        if learn:
            from followertui.services import reweighing

            table(((term, str(count)) for term, count in reweighing.learned_market(bench.desk)), ("term", "bios"))
            return
        us = bench.about()
        for text in settings:
            name, sign, value = text.partition("=")
            if name not in FIELDS or not sign:
                raise BadInput(f'--set "{text}": write FIELD=A,B with one of {", ".join(FIELDS)}')
            us = replace(us, **{name: tuple(word.strip() for word in value.split(",") if word.strip())})
        if settings:
            say(options, bench.set_about(AboutUs(**asdict(us))).text)
        words = asdict(bench.about())
        if form == "json":
            write_json(words)
        else:
            table(((name, ", ".join(words[name]) or "(not said)") for name in FIELDS), ("", ""))


@click.command()
@click.option("--full", is_flag=True, help="Compare everybody again, also where nothing changed.")
@click.pass_obj
def match(options: Options, full: bool) -> None:
    """Compare accounts with your lists; what you confirmed or rejected stays."""
    with opened(options) as bench:
        report = run_job(options, lambda cancel: bench.match(full, cancel))
        bench.refresh_counts()
        say(options, report.text)


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.option("--explain", metavar="HANDLE", help="Print the whole sum for one account.")
@click.option("--full", is_flag=True, help="Judge everybody again.")
@click.option("--weights", metavar="FILE", help="Judge by your own weights from now on; `default` for the program's.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--copy-weights", metavar="FILE", help="Write the program's weights to a new file, to edit.")
@click.option("--misled", is_flag=True, help="Signals that spoke for a kind you then denied.")
@click.pass_obj
def judge(options: Options, /, query: str, explain: str | None, copy_weights: str | None, **given: Any) -> None:
    """Judge accounts that are new or changed; --explain HANDLE prints the whole sum."""
    from followertui.services import judging, reweighing

    if copy_weights:
        say(options, reweighing.copy_weights(copy_weights))
        return
    with opened(options) as bench:
        if explain:
            for line in judging.explain_lines(bench.desk, found_row(bench, explain)):
                click.echo(line)
        elif given.pop("misled"):
            lines = reweighing.misled(bench.desk)
            table(((code, str(wrong), str(fired)) for code, wrong, fired in lines), ("reason", "misled", "of"))
        elif query.strip():
            say(options, judging.judge_query(bench.desk, query))
            bench.refresh_counts()
        else:
            _judge_everyone(options, bench, **given)


def _judge_everyone(
    options: Options, bench: Workbench, full: bool, weights: str | None, dry_run: bool
) -> None:
    """Judge, or only look what other weights would change."""
    from followertui.services import reweighing

    own = None if weights in (None, "default") else weights
    if dry_run:
        for line in run_job(options, lambda cancel: reweighing.preview(bench.desk, cancel, own)):
            click.echo(line)
        return
    if weights:
        say(options, reweighing.use_weights(bench.desk, own))
    say(options, run_job(options, lambda cancel: bench.judge(full, cancel)).text)
    bench.refresh_counts()


@click.group(invoke_without_command=True)
@click.pass_context
def aliases(ctx: click.Context) -> None:
    """Names, handles and domains learned by confirming matches; `aliases drop` forgets one."""
    from followertui.services import briefing

    if ctx.invoked_subcommand is None:
        with opened(ctx.obj) as bench:
            table(briefing.alias_lines(bench.desk), ("entity", "sort", "alias"))


@aliases.command("drop")
@click.argument("sort", type=click.Choice(["name", "handle", "domain"]))
@click.argument("value")
@click.pass_obj
def aliases_drop(options: Options, sort: str, value: str) -> None:
    """Forget a learned alias."""
    from followertui.services import briefing

    with opened(options) as bench:
        say(options, briefing.drop_alias(bench.desk, sort, value))


COMMANDS: dict[str, click.Command] = {
    "import": IMPORT,
    "lists": lists,
    "about": about,
    "match": match,
    "judge": judge,
    "aliases": aliases,
}
