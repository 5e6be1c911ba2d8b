"""Commands on imported data: lists, about, sentinels, match, judge, aliases."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from followertui.cli.import_runs import catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import say, write_json, write_records
from followertui.cli.printing import put
from followertui.cli.queries import QueryCommand, row_of
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput
from followertui.domain.lists import Basis
from followertui.late import late
from followertui.services.intake.values import AboutUs
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.insight import company_brief
    from followertui.services.intake import sentinels
    from followertui.services.scoring import about_us, judging
    from followertui.services.scoring import weights as own_weights
else:
    tables = late("followertui.cli.tables")
    company_brief = late("followertui.services.insight.company_brief")
    sentinels = late("followertui.services.intake.sentinels")
    about_us = late("followertui.services.scoring.about_us")
    judging = late("followertui.services.scoring.judging")
    own_weights = late("followertui.services.scoring.weights")

_BASES = click.Choice([basis.value for basis in Basis])


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_context
def lists(ctx: click.Context, form: str | None) -> None:
    """Your lists: kind, consent basis, entries; `lists rename`, `lists basis` and `lists drop` change them."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(ctx.obj) as bench:
        write_records(company_brief.list_records(bench.session), form, company_brief.LIST_KEYS)


@lists.command("drop")
@click.argument("name")
@click.pass_obj
def lists_drop(options: Options, name: str) -> None:
    """Drop the list NAME; its matches go, decisions on them are kept."""
    with opened(options) as bench:
        say(options, company_brief.drop_list(bench.session, name))
        catch_up(options, bench)


@lists.command("rename")
@click.argument("name")
@click.argument("new")
@click.pass_obj
def lists_rename(options: Options, name: str, new: str) -> None:
    """Call the list NAME by the name NEW; entries, matches and decisions stay."""
    with opened(options) as bench:
        say(options, company_brief.rename_list(bench.session, name, new))


@lists.command("basis")
@click.argument("name")
@click.argument("basis", type=_BASES)
@click.pass_obj
def lists_basis(options: Options, name: str, basis: str) -> None:
    """Change the consent basis of the list NAME; it is recorded, and its people are matched again.

    own-records: they gave you their details. public-directory: published for anyone.
    third-party: bought or collected by others; then only companies are compared.
    """
    with opened(options) as bench:
        say(options, company_brief.say_basis(bench.session, name, Basis(basis)))
        catch_up(options, bench)


@click.command()
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=A,B",
    help="names, domains, handles, competitors, market, titles, places.",
)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--learn", is_flag=True, help="Show the words that bios of your customers and prospects share.")
@click.pass_obj
def about(options: Options, settings: tuple[str, ...], form: str | None, learn: bool) -> None:
    """Who you are: your names, domains, competitors and market, used for kinds and relevance.

    \b
    followertui about --set names=Acme,"Acme Inc" --set domains=acme.com --set market=logistics,freight
    """  # noqa: D301
    with opened(options, must_exist=False) as bench:
        if learn:
            tables.write_table(
                ((term, str(count)) for term, count in own_weights.learned_market(bench.session)), ("term", "bios")
            )
            return
        us = was = bench.about()
        for text in settings:
            name, sign, value = text.partition("=")
            if name not in about_us.FIELDS or not sign:
                raise BadInput(f'--set "{text}": write FIELD=A,B with one of {", ".join(about_us.FIELDS)}')
            us = replace(us, **{name: tuple(word.strip() for word in value.split(",") if word.strip())})
        if settings:
            gesture = bench.set_about(AboutUs(**asdict(us)), was)
            say(options, gesture.text)
            if gesture.changed:
                report = run_job(options, lambda cancel: bench.judge(False, cancel), resume="followertui judge")
                say(options, report.text)
        words = asdict(bench.about())
        if form == "json":
            write_json(words)
        else:
            tables.write_table(((name, ", ".join(words[name]) or "(not said)") for name in about_us.FIELDS), ("", ""))


@click.command("sentinels")
@click.argument("accounts", nargs=-1, metavar="[HANDLE...]")
@click.option("--none", "has_none", is_flag=True, help="Check for nobody any more.")
@click.pass_obj
def sentinels_command(options: Options, accounts: tuple[str, ...], has_none: bool) -> None:
    """Three to five accounts you surely follow; a list of who you follow without them is not complete.

    Without HANDLEs it shows those that are set, or a proposal from confirmed and kept accounts.
    """
    with opened(options) as bench:
        if accounts or has_none:
            rows = [] if has_none else [row_of(bench, account) for account in accounts]
            say(options, sentinels.choose(bench.session, rows))
            return
        found = sentinels.shown(bench.session)
        if found.is_proposed:
            names = " ".join(found.names)
            say(options, f"none are set; for instance: followertui sentinels {names}" if names else "none are set")
            return
        tables.write_table(((name,) for name in found.names), ("you surely follow",))


def _again(full: bool) -> str:
    return " --full" if full else ""


@click.command()
@click.option("--full", is_flag=True, help="Compare all accounts again, changed or not.")
@click.pass_obj
def match(options: Options, full: bool) -> None:
    """Compare accounts with your lists; confirmed and rejected matches stay."""
    with opened(options) as bench:
        report = run_job(options, lambda cancel: bench.match(full, cancel), resume=f"followertui match{_again(full)}")
        bench.refresh_counts()
        say(options, report.text)


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.option("--explain", metavar="HANDLE", help="Print the full breakdown for one account.")
@click.option("--full", is_flag=True, help="Judge all accounts again.")
@click.option("--weights", metavar="FILE", help="Use your own weights from now on; `default` for the built-in ones.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--copy-weights", metavar="FILE", help="Write the built-in weights to a new file, to edit.")
@click.option("--misled", is_flag=True, help="Show the signals that suggested a kind you then corrected.")
@click.option("--waves", is_flag=True, help="List the waves: number, accounts, what they share.")
@click.pass_obj
def judge(options: Options, /, query: str, explain: str | None, copy_weights: str | None, **given: Any) -> None:
    """Judge new and changed accounts; --explain HANDLE prints the full breakdown."""
    if copy_weights:
        say(options, own_weights.copy_weights(copy_weights))
        return
    with opened(options) as bench:
        if explain:
            for line in judging.explain_lines(bench.session, row_of(bench, explain)):
                put(line)
        elif given.pop("misled"):
            lines = own_weights.misled(bench.session)
            tables.write_table(
                ((code, str(wrong), str(fired)) for code, wrong, fired in lines), ("reason", "misled", "of")
            )
        elif given.pop("waves"):
            tables.write_table(judging.wave_lines(bench.session), ("wave", "accounts", "what they share"))
        elif query.strip():
            say(options, judging.judge_query(bench.session, query))
            bench.refresh_counts()
        else:
            _judge_everyone(options, bench, **given)


def _judge_everyone(options: Options, bench: Workbench, full: bool, weights: str | None, dry_run: bool) -> None:
    """Judge, or preview what other weights would change."""
    own = None if weights in (None, "default") else weights
    if dry_run:
        for line in run_job(options, lambda cancel: own_weights.preview(bench.session, cancel, own)):
            put(line)
        return
    if weights:
        say(options, own_weights.use_weights(bench.session, own))
    say(
        options,
        run_job(options, lambda cancel: bench.judge(full, cancel), resume=f"followertui judge{_again(full)}").text,
    )
    bench.refresh_counts()


@click.group(invoke_without_command=True)
@click.pass_context
def aliases(ctx: click.Context) -> None:
    """Names, handles and domains learned by confirming matches; `aliases drop` forgets one."""
    if ctx.invoked_subcommand is None:
        with opened(ctx.obj) as bench:
            tables.write_table(company_brief.alias_lines(bench.session), ("entity", "type", "alias"))


@aliases.command("drop")
@click.argument("type_", metavar="TYPE", type=click.Choice(["name", "handle", "domain"]))
@click.argument("value")
@click.pass_obj
def aliases_drop(options: Options, type_: str, value: str) -> None:
    """Forget a learned alias."""
    with opened(options) as bench:
        say(options, company_brief.drop_alias(bench.session, type_, value))


COMMANDS: dict[str, click.Command] = {
    "lists": lists,
    "about": about,
    "sentinels": sentinels_command,
    "match": match,
    "judge": judge,
    "aliases": aliases,
}
