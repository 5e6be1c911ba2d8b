"""``plan``: shows the plan, adds to it and drops from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import put
from followertui.cli.queries import QueryCommand, rows_found
from followertui.cli.wiring import opened
from followertui.domain.decision import ACTION_ORDER, ActionKind
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late

if TYPE_CHECKING:
    from followertui.services.plan import objects, previewing
else:
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
        say(options, bench.plan_drop(ids).text)


COMMANDS: dict[str, click.Command] = {"plan": plan}
