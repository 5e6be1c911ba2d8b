"""``plan``: shows the plan, adds to it and drops from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followertui.cli.options import COUNT, NUMBER, Options
from followertui.cli.output import format_options, say, write_json, write_records
from followertui.cli.printing import put
from followertui.cli.queries import QueryCommand, rows_found
from followertui.cli.wiring import opened
from followertui.domain.decision import ACTION_ORDER, ActionKind
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.plan import objects, paces, previewing, reversing, staying
else:
    tables = late("followertui.cli.tables")
    paces = late("followertui.services.plan.paces")
    reversing = late("followertui.services.plan.reversing")
    staying = late("followertui.services.plan.staying")
    objects = late("followertui.services.plan.objects")
    previewing = late("followertui.services.plan.previewing")

_ACTIONS = click.Choice([action.value for action in ACTION_ORDER])


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_context
def plan(ctx: click.Context, form: str | None) -> None:
    """What is still to be done on X: counts, reasons, what is held back, price, time."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(ctx.obj) as bench:
        overview = bench.plan_overview()
        if form == "json":
            write_json(previewing.plan_record(overview))
            return
        for line in previewing.plan_text(overview):
            put(line)
        if not overview.groups:
            say(ctx.obj, "Nothing is planned; plan with `followertui decide QUERY out` or in the review.")


@plan.command("add", cls=QueryCommand)
@click.argument("action", type=_ACTIONS)
@click.argument("query")
@click.option("--list", "list_name", metavar="NAME", help="The list on X, for list-add and list-remove.")
@click.option("--make", is_flag=True, help="Make that list on X, private, if there is none.")
@click.option("--post", metavar="ID", help="Id or address of the post, for repost.")
@click.pass_obj
def plan_add(options: Options, action: str, query: str, list_name: str | None, make: bool, post: str | None) -> None:
    """Plan ACTION on every account QUERY finds; no action reaches X before `apply`.

    With an account signed in, X is asked whether the list is one of yours: $0.001 for each list you have.
    """
    if make and list_name is None:
        raise BadInput("--make goes with --list NAME: it makes that list")
    about = objects.post_id(post) if post is not None else ""
    with opened(options) as bench:
        rows = rows_found(bench, query)
        if list_name is not None:
            about = objects.resolve_list(bench.session, list_name, is_made=make)
        gesture = bench.plan_add(ActionKind(action), rows, about, query)
        say(options, gesture.text)


@plan.command("drop", cls=QueryCommand)
@click.argument("query")
@click.pass_obj
def plan_drop(options: Options, query: str) -> None:
    """Drop every account QUERY finds from the plan; decisions stay."""
    with opened(options) as bench:
        ids = previewing.rows_planned(bench.session, rows_found(bench, query))
        if not ids:
            raise NothingToDo(f'nothing is planned for the accounts "{query}" finds')
        say(options, bench.planner.drop(ids, query).text)


@plan.command("back", cls=QueryCommand)
@click.argument("query")
@click.pass_obj
def plan_back(options: Options, query: str) -> None:
    """Bring back what was put off, or what changed since it was planned, for every account QUERY finds."""
    with opened(options) as bench:
        say(options, bench.planner.bring_back(previewing.rows_planned(bench.session, rows_found(bench, query))).text)


@plan.command("stays")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def plan_stays(options: Options, form: str | None) -> None:
    """Why the others stay: accounts you follow that no unfollow is planned for, by what holds them."""
    with opened(options) as bench:
        lines = staying.reasons(bench.session)
        if form == "json":
            write_json([{"reason": each.value, "query": each.term or None, "count": each.count} for each in lines])
            return
        tables.write_table(
            ((f"{each.count:,}", each.value, each.term) for each in lines), ("", "why", "query"), widest=90
        )


@plan.command("look")
@click.option("--count", "count", type=COUNT, default=20, metavar="N", help="How many; 20 without it.")
@click.pass_obj
def plan_look(options: Options, count: int) -> None:
    """A random sample of what is ready, with the reason of each; another one each time."""
    with opened(options) as bench:
        lines = previewing.sample(bench.session, count)
        if not lines:
            raise NothingToDo("nothing in the plan is ready")
        tables.write_table(
            ((line.action.value, f"@{line.cells.handle or line.cells.x_id}", line.cells.name, line.cells.kind.value,
              line.reason, line.cells.bio) for line in lines),
            ("action", "account", "name", "kind", "why", "bio"),
        )  # fmt: skip


@plan.command("batches")
@click.option("--limit", type=COUNT, default=50, metavar="N", help="The most shown; 50 without it.")
@format_options
@click.pass_obj
def plan_batches(options: Options, limit: int, form: str | None) -> None:
    """What was carried out, run by run: the numbers `plan reverse` takes."""
    with opened(options) as bench:
        write_records(reversing.records(bench.session, limit), form, reversing.KEYS)


@plan.command("reverse")
@click.argument("batch", type=NUMBER)
@click.pass_obj
def plan_reverse(options: Options, batch: int) -> None:
    """Plan what takes BATCH back: follow again, unmute, take off the list; no action reaches X before `apply`.

    For 14 days the accounts of a batch may be followed again in spite of the guard against churn, a few
    a day, by hand unless the account is Enterprise. Says what cannot be taken back.
    """
    with opened(options) as bench:
        found = reversing.reverse(bench.session, batch)
        say(options, found.gesture.text)
        for line in found.lines:
            say(options, f"  {line}")


@plan.command("pace")
@click.option("--quiet", "quiet", metavar="HOURS", help="Hours in which nothing is done, as 22:00-07:00; off for none.")
@click.option("--cap", "caps", multiple=True, metavar="ACTION=DAY[/15MIN]", help="Your own caps, as unfollow=100/20.")
@click.option("--surprises", type=click.IntRange(0, 100), metavar="PERCENT", help="Share at which a run pauses.")
@click.option("--look-days", type=click.IntRange(1, 365), metavar="DAYS", help="For how long a look at the plan holds.")
@click.option("--watch", type=click.Choice(["on", "off"]), help="Whether `apply --watch` may go on by itself.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def plan_pace(options: Options, /, quiet: str | None, caps: tuple[str, ...], form: str | None, **given: Any) -> None:
    """Caps, quiet hours and how a run goes on, for the API and by hand together; without options it shows them.

    ACTION=default returns to the caps shipped. Above X's own limits no cap can be set.
    """
    with opened(options) as bench:
        said = paces.change(bench.session, paces.Wanted(quiet, caps, **given))
        for line in said:
            say(options, line)
        if form == "json":
            write_json(paces.record(bench.session))
        elif not said:
            tables.write_table(paces.lines(bench.session), ("", "now", "today", "at most"), widest=120)


COMMANDS: dict[str, click.Command] = {"plan": plan}
