"""Commands that only read: accounts, show, brief, coverage, views, journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followertui.cli.options import COUNT, NUMBER, Options
from followertui.cli.output import format_options, say, write_json, write_records
from followertui.cli.printing import put
from followertui.cli.queries import QueryCommand, row_of, rows_asked
from followertui.cli.wiring import opened
from followertui.domain.clock import iso
from followertui.late import late
from followertui.services.phrases import counted
from followertui.services.values import JournalLine

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.care import exporting, passing_on
    from followertui.services.insight import company_brief
    from followertui.services.plan import history
else:
    tables = late("followertui.cli.tables")
    history = late("followertui.services.plan.history")
    exporting = late("followertui.services.care.exporting")
    passing_on = late("followertui.services.care.passing_on")
    company_brief = late("followertui.services.insight.company_brief")


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.option("--count", is_flag=True, help="Only print the number.")
@click.option("--limit", type=COUNT, metavar="N", help="At most N accounts.")
@click.option("--fields", metavar="A,B", help="Only these fields, in this order.")
@format_options
@click.pass_obj
def accounts(
    options: Options, query: str, count: bool, limit: int | None, fields: str | None, form: str | None
) -> None:
    """Accounts that QUERY finds, or all of them.

    \b
    followertui accounts 'is:leader match:none silent:2y..' --count
    followertui accounts 'kind:customer is:new' --json --fields handle,company,followers
    """  # noqa: D301
    with opened(options) as bench:
        rows = rows_asked(bench, query)
        if count:
            put(len(rows))
            return
        keys = exporting.chosen_keys(fields)
        if fields is None and form is None:
            keys = ("handle", "name", "relation", "kind", "followers", "bot", "decision", "company")
            limit = limit or 50
        some = rows[:limit] if limit else rows
        if fields is None and form is None:
            # An account known by id only is shown by its id.
            full = exporting.accounts(bench.session, some, ("id", *keys))
            write_records(({**record, "handle": record["handle"] or record["id"]} for record in full), form, keys)
        else:
            write_records(exporting.accounts(bench.session, some, keys), form, keys)
            note = passing_on.note(len(some), keys)
            if note:
                say(options, note)
        if form is None:
            say(options, f"{len(some):,} of {len(rows):,} accounts; --limit, --json and --csv give more")


@click.command()
@click.argument("account", metavar="HANDLE|ID")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def show(options: Options, account: str, form: str | None) -> None:
    """Everything known about one account: @123 forces a handle, bare digits try the id first."""
    with opened(options) as bench:
        row = row_of(bench, account)
        if form == "json":
            write_json(next(exporting.accounts(bench.session, [row], (*exporting.ACCOUNT_KEYS, exporting.WHY))))
            return
        card = bench.card(row)
        cells = card.cells
        who = [cells.name, f"@{cells.handle}"] if cells.handle else [f"id {cells.x_id}"]
        lines = [
            "  ".join([*who, cells.relation, cells.kind.value + ("?" if cells.is_doubtful else "")]),
            card.bio if cells.handle else "known by id only: no name or bio yet",
            *(f"{'' if at else 'names':6} {way}" for at, way in enumerate(card.names_by)),
            " · ".join(part for part in (card.location, card.site, card.followed_since) if part),
            f"followers {_shown(cells.followers)} · following {_shown(card.following)} · posts {_shown(card.posts)}"
            f" · listed {_shown(card.listed)}"
            + (f" · likes {card.likes:,}" if card.likes is not None else "")
            + (f" · since {card.created}" if card.created else "")
            + (f" · last post {card.last_post}" if card.last_post else ""),
            f"kind   {card.kind_rule}",
        ]
        lines += [f"on X   {', '.join(card.own_marks)}"] if card.own_marks else []
        lines += [f"match  {m.band.value} {m.score} {m.entity} ({m.state.value}): {m.sentence}" for m in card.matches]
        lines += [f"{'' if at else 'against':7} {reason.text}" for at, reason in enumerate(card.why.against)]
        lines += [f"{'' if at else 'for':7} {reason.text}" for at, reason in enumerate(card.why.favouring)]
        lines += [f"points {r.points:+d} {r.text}" if r.points else f"fact   {r.text}" for r in card.why.reasons]
        lines += [f"guard  {card.guard}"] if card.guard else []
        lines += [f"next   {card.suggestion.text}"] if card.suggestion.text else []
        lines += [f"note   {card.note}"] if card.note else []
        lines += [f"{when}  {what}" for when, what in card.history]
        lines += [f"from   {line}" for line in card.provenance]
        for line in lines:
            if line:
                put(line)


def _shown(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


@click.command()
@click.argument("company")
@click.pass_obj
def brief(options: Options, company: str) -> None:
    """One page about COMPANY before a call: its accounts here and what changed."""
    with opened(options) as bench:
        for line in company_brief.brief(bench.session, company):
            put(line)


@click.command()
@click.argument("name", metavar="[LIST]", required=False)
@format_options
@click.pass_obj
def coverage(options: Options, name: str | None, form: str | None) -> None:
    """Which entries of LIST are on X, follow you, are followed by you; without LIST, a summary of all lists."""
    with opened(options) as bench:
        if name is None:
            write_records(company_brief.coverage_summary(bench.session), form, company_brief.COVERAGE_SUMMARY_KEYS)
        else:
            found = list(company_brief.coverage(bench.session, name))
            write_records(found, form, company_brief.COVERAGE_KEYS)
            missing = sum(1 for one in found if not one["on_x"] and not one["people"])
            if missing and form is None:
                say(
                    options,
                    f"{counted(missing, 'entry is', 'entries are')} not here; `followertui find NAME` searches X",
                )


@click.group(invoke_without_command=True)
@click.pass_context
def views(ctx: click.Context) -> None:
    """Saved views; `views save NAME QUERY` saves one, `views drop NAME` removes it."""
    if ctx.invoked_subcommand is None:
        with opened(ctx.obj) as bench:
            tables.write_table(
                ((one.name, one.query, "hidden" if one.is_hidden else "", one.tag) for one in bench.looks.saved()),
                ("name", "query", "", "tags"),
            )


@views.command("save", cls=QueryCommand)
@click.argument("name")
@click.argument("query")
@click.option("--tag", metavar="NAME", help="Tag everyone who is in it, and everyone who enters it later.")
@click.pass_obj
def views_save(options: Options, name: str, query: str, tag: str | None) -> None:
    """Save QUERY as NAME; it becomes a queue of the review.

    With --tag the view is a rule as well: `views tag NAME ""` switches it off, `undo` takes back
    whom it tagged. By health, money trouble, politics, ethnicity, religion, sex life, union or
    crime no rule may tag: X forbids it.
    """
    with opened(options) as bench:
        if tag:
            bench.looks.check_tag(tag, name, query)
        bench.looks.save_view(name, query)
        say(options, f'saved as "{name}"')
        if tag:
            say(options, bench.looks.set_view_tag(name, tag))


@views.command("tag")
@click.argument("name")
@click.argument("tag")
@click.pass_obj
def views_tag(options: Options, name: str, tag: str) -> None:
    """Tag everyone who is in the view NAME and everyone who enters it later with TAG; "" switches that off."""
    with opened(options) as bench:
        say(options, bench.looks.set_view_tag(name, tag))


@views.command("rename")
@click.argument("name")
@click.argument("new_name", metavar="NEW")
@click.pass_obj
def views_rename(options: Options, name: str, new_name: str) -> None:
    """Call the view NAME something else."""
    with opened(options) as bench:
        bench.looks.rename_view(name, new_name)
        say(options, f'"{name}" is called "{new_name}" now')


@views.command("move")
@click.argument("name")
@click.argument("place", type=NUMBER)
@click.pass_obj
def views_move(options: Options, name: str, place: int) -> None:
    """Put the view NAME at PLACE among the views, from 1 on."""
    with opened(options) as bench:
        bench.looks.move_view(name, place)
        say(options, ", ".join(one.name for one in bench.looks.saved()))


@views.command("hide")
@click.argument("name")
@click.option("--show", is_flag=True, help="Show it again.")
@click.pass_obj
def views_hide(options: Options, name: str, show: bool) -> None:
    """Hide the view NAME from the queues; its name still opens it."""
    with opened(options) as bench:
        bench.looks.set_view_hidden(name, not show)
        say(options, f'"{name}" is {"a queue again" if show else "hidden"}')


@views.command("drop")
@click.argument("name")
@click.pass_obj
def views_drop(options: Options, name: str) -> None:
    """Remove the view NAME."""
    with opened(options) as bench:
        bench.looks.drop_view(name)
        say(options, f'removed "{name}"')


@click.command()
@click.option("--calls", is_flag=True, help="Every call to X and click by hand instead: why, what came of it, price.")
@click.option("--limit", type=COUNT, default=200, show_default=True, help="At most N entries.")
@format_options
@click.pass_obj
def journal(options: Options, calls: bool, form: str | None, limit: int) -> None:
    """What was done, newest first: when, by whom, with what result.

    \b
    followertui journal --calls --csv --limit 100000 > done.csv
    """  # noqa: D301
    with opened(options) as bench:
        if calls:
            shown = history.KEYS if form else ("at", "who", "action", "handle", "by", "outcome", "usd", "text")
            write_records(history.records(bench.session, limit), form, shown)
            return
        if form in ("jsonl", "csv"):
            write_records((_journal_record(line) for line in bench.journal(limit)), form, JOURNAL_KEYS)
            return
        lines = bench.journal(limit)
        if form == "json":
            write_json([_journal_record(line) for line in lines])
            return
        tables.write_table(
            ((str(line.id), line.at, line.reviewer, line.command, line.state, line.query, line.text) for line in lines),
            ("id", "at", "who", "command", "", "query", "what"),
        )


JOURNAL_KEYS = ("id", "at", "reviewer", "command", "state", "text", "rows", "query")
"""Columns of the journal as CSV, in order."""


def _journal_record(line: JournalLine) -> dict[str, Any]:
    """One entry of the journal with stable keys; the time is ISO 8601 UTC."""
    record = {**line._asdict(), "id": str(line.id), "at": iso(line.moment)}
    del record["moment"]
    return record


COMMANDS: dict[str, click.Command] = {
    "accounts": accounts,
    "show": show,
    "brief": brief,
    "coverage": coverage,
    "views": views,
    "journal": journal,
}
