"""Commands that engage people: today, engage, contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import NUMBER, Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import put
from followertui.cli.queries import QueryCommand, rows_found, rows_named
from followertui.cli.wiring import opened
from followertui.domain.clock import iso
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late
from followertui.services import naming
from followertui.services.engage.values import Wording
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.engage import offering
    from followertui.services.engage.values import Composed, DueLine
else:
    tables = late("followertui.cli.tables")
    offering = late("followertui.services.engage.offering")

_POST = click.option("--post", default="", metavar="ADDRESS", help="The post it answers: its address or number.")
_DRAFT = click.option("--draft", "skip", default=1, type=click.IntRange(1, 30), metavar="N", help="The Nth draft.")
_SHELF = click.option("--shelf", "shelf_id", type=NUMBER, metavar="ID", help="The link that is offered.")


@click.group(invoke_without_command=True)
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.option("--most", type=click.IntRange(1, 1_000), metavar="N", help="From now on at most N wait at once.")
@click.pass_context
def today(ctx: click.Context, is_json: bool, most: int | None) -> None:
    r"""What your playbooks propose for today, what is worth most first. Nothing is sent by itself.

    \b
    followertui today show 17                the page, the draft, what it would cost
    followertui today done 17 --post https://x.com/acme/status/1790000000000000000
    followertui today snooze 17 --days 3
    """
    if ctx.invoked_subcommand is not None:
        return
    options: Options = ctx.obj
    with opened(options) as bench:
        if most is not None:
            say(options, bench.engagement.set_most(most))
        run_job(options, bench.engagement.propose)
        found = bench.engagement.stored_today()
        lines = bench.engagement.lines(found.ids)
    if is_json:
        record = {"due": [_record(line) for line in lines], "carried_over": found.carried,
                  "answered_today": found.answered, "snoozed": found.snoozed}  # fmt: skip
        write_json(record)
        return
    for note in found.notes:
        say(options, note)
    if not lines:
        say(options, _nothing_due(found.answered, found.snoozed))
        return
    tables.write_table((_cells(line) for line in lines), ("id", "account", "kind", "do", "playbook", "worth", "note"))
    carried = f", {found.carried:,} carried over" if found.carried else ""
    say(options, f"{len(lines):,} due{carried}, {found.answered:,} answered today, {found.snoozed:,} snoozed")


def _nothing_due(answered: int, snoozed: int) -> str:
    done = f"; {answered:,} answered today" if answered else ""
    later = f"; {snoozed:,} snoozed" if snoozed else ""
    return f"Nothing is due{done}{later}. `followertui playbook list` shows who your playbooks are for."


def _who(line: DueLine) -> str:
    return f"@{line.cells.handle}" if line.cells.handle else str(line.cells.x_id or line.cells.name)


def _cells(line: DueLine) -> tuple[str, ...]:
    late_by = f"due for {line.days} day{'s' if line.days != 1 else ''}" if line.days else ""
    note = line.held or " · ".join(filter(None, (line.object, late_by)))
    return (str(line.id), _who(line), line.cells.kind.value, line.action.value, line.title, str(line.worth), note)


def _record(line: DueLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "account_id": str(line.cells.x_id) if line.cells.x_id else None,
        "handle": line.cells.handle or None,
        "kind": line.cells.kind.value,
        "do": line.action.value,
        "to": line.object or None,
        "playbook": line.playbook,
        "step": line.step,
        "worth": line.worth,
        "days_due": line.days,
        "held": line.held or None,
    }


@today.command("show")
@click.argument("item_id", type=NUMBER, metavar="ID")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@_POST
@_DRAFT
@_SHELF
@click.pass_obj
def today_show(options: Options, item_id: int, is_json: bool, post: str, skip: int, shelf_id: int | None) -> None:
    """How ID is done: the page to open, what to do there, the draft. Records nothing."""
    with opened(options) as bench:
        found = bench.engagement.compose(item_id, Wording(skip - 1, post, shelf_id))
    if is_json:
        write_json(found._asdict())
        return
    for label, text in _shown(found):
        if text:
            put(f"{label:<6} {text}")


def _shown(found: Composed) -> list[tuple[str, str]]:
    which = f" · draft {found.variant + 1} of {found.variants}" if found.variants else ""
    link = f"{found.shelf_id} {found.shelf_title} ({found.why_link})" if found.shelf_id else ""
    return [
        ("page", found.url),
        ("do", found.what_to_do),
        ("text", found.text),
        ("length", f"{found.length} of 280 as X counts{which}" if found.text else ""),
        ("link", link),
        ("price", found.api),
        ("!", found.problem),
    ]


@today.command("done")
@click.argument("item_id", type=NUMBER, metavar="ID")
@_POST
@_DRAFT
@_SHELF
@click.option("--text", metavar="TEXT", help="What was sent, where it was not the draft.")
@click.pass_obj
def today_done(options: Options, item_id: int, post: str, skip: int, shelf_id: int | None, text: str | None) -> None:
    """Record that ID was done: the text, the line on the timeline, the follow. One gesture, undone with undo."""
    with opened(options) as bench:
        gesture = bench.engagement.done(item_id, Wording(skip - 1, post, shelf_id, text))
        say(options, gesture.text)


@today.command("skip")
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID...")
@click.pass_obj
def today_skip(options: Options, ids: tuple[int, ...]) -> None:
    """Leave these out; their playbooks go on with the next step in its time."""
    with opened(options) as bench:
        say(options, bench.engagement.skip(ids).text)


@today.command("snooze")
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID...")
@click.option("--days", default=1, type=click.IntRange(1, 365), help="For how many days (default: 1).")
@click.pass_obj
def today_snooze(options: Options, ids: tuple[int, ...], days: int) -> None:
    """Put these off; they come back by themselves."""
    with opened(options) as bench:
        say(options, bench.engagement.snooze(ids, days).text)


@today.command("plan")
@click.argument("item_id", type=NUMBER, metavar="ID")
@_POST
@click.pass_obj
def today_plan(options: Options, item_id: int, post: str) -> None:
    """Put ID into the plan, for `apply` to carry out: a follow, a repost, adding to a list."""
    with opened(options) as bench:
        say(options, bench.engagement.plan(item_id, post).text)


@click.command(cls=QueryCommand)
@click.argument("query")
@_SHELF
@click.option("--note", default="", metavar="TEXT", help="A line added to their notes.")
@click.option("--done", "is_done", is_flag=True, help="Record that they were engaged.")
@click.pass_obj
def engage(options: Options, query: str, shelf_id: int | None, note: str, is_done: bool) -> None:
    """Who of QUERY may be engaged, and with which link; with --done record that it was done.

    Without --done nothing is recorded. A link goes to nobody twice, and nothing to who is never to be
    contacted.
    """
    with opened(options) as bench:
        rows = _rows(bench, query)
        if is_done:
            say(options, bench.engagement.engage(rows, shelf_id, note, query).text)
            return
        if note:
            raise BadInput("--note goes with --done: it is written when the contact is recorded")
        found = offering.offers_for(bench.session, rows, shelf_id)
        tables.write_table(found, ("account", "kind", "link", "why", "held back"))
        say(options, f"{len(found):,} looked at; add --done once it was done")


def _rows(bench: Workbench, query: str) -> list[int]:
    return rows_named(bench, query) if naming.is_name(bench.session, query) else rows_found(bench, query)


@click.command(cls=QueryCommand)
@click.argument("query")
@click.argument("word", type=click.Choice(["never", "allowed", "wrote-first"]))
@click.pass_obj
def contact(options: Options, query: str, word: str) -> None:
    """Say of every account QUERY finds: `never` contact it, contact is `allowed` again, or it `wrote-first`.

    `never` holds back every step of every playbook, for ever. `wrote-first` allows a direct message as an
    answer. What a list says with a column "do not contact" is changed in that list.
    """
    with opened(options) as bench:
        rows = _rows(bench, query)
        if word == "wrote-first":
            gesture = bench.engagement.note_written(rows, query)
        else:
            gesture = bench.engagement.set_no_contact(rows, is_on=word == "never", query=query)
        say(options, gesture.text)


@click.command()
@click.argument("account", metavar="HANDLE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def timeline(options: Options, account: str, is_json: bool) -> None:
    """Every contact with HANDLE, newest first: from files, from X, from Today, noted by hand."""
    with opened(options) as bench:
        [row, *_] = rows_named(bench, account)
        found = bench.engagement.timeline(row)
    if is_json:
        write_json([{"at": iso(one.at), "what": one.what, "text": one.text, "source": one.source} for one in found])
        return
    if not found:
        raise NothingToDo(f"no contact with {account} is known")
    tables.write_table(
        ((iso(one.at) or "", one.what, one.text, one.source) for one in found), ("at", "what", "about", "source")
    )


COMMANDS: dict[str, click.Command] = {
    "today": today,
    "engage": engage,
    "contact": contact,
    "timeline": timeline,
}
