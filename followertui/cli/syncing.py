"""``sync`` and ``costs``: reading followers and following from X, and what that has cost."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from followertui.cli.import_runs import catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import ask, confirm, put, warn
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput, Cancelled
from followertui.late import late
from followertui.services.sync.values import Wish
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services.sync import costs as costing
    from followertui.services.sync import quoting, syncing
else:
    costing = late("followertui.services.sync.costs")
    quoting = late("followertui.services.sync.quoting")
    syncing = late("followertui.services.sync.syncing")

_RESUME = "followertui sync"


@click.command()
@click.option("--followers", is_flag=True, help="Who follows us.")
@click.option("--following", is_flag=True, help="Whom we follow.")
@click.option("--dry-run", is_flag=True, help="Print calls, accounts, price and time; send nothing.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Spend at most USD.")
@click.option("--full", is_flag=True, help="Read everyone: only that tells who left.")
@click.option("--owned/--not-owned", default=None, help="Whether this account owns the app whose keys it uses.")
@click.option("--yes", is_flag=True, help="Pay the price shown without asking.")
@click.pass_obj
def sync(
    options: Options,
    followers: bool,
    following: bool,
    dry_run: bool,
    budget: float | None,
    full: bool,
    owned: bool | None,
    yes: bool,
) -> None:
    """Read followers and following from X; both, or one of them.

    Says accounts, calls, price and time first. The first time it reads everyone, later the
    newest down to where the last reading begins, for cents; --full reads everyone again and
    tells who left. A stopped sync goes on where it was.
    """
    chosen = tuple(name for name, is_on in (("follower", followers), ("following", following)) if is_on)
    with opened(options, must_exist=False) as bench:
        if owned is not None:
            costing.set_owner(bench.session, owned)
        wish = Wish(chosen or ("follower", "following"), full, budget)
        offer = quoting.quote(bench.session, wish)
        if dry_run:
            for line in offer.lines:
                put(line)
            return
        syncing.require_x(bench.session)
        for line in offer.lines:
            say(options, line)
        if not yes:
            _agree(options, bench, wish)
        reports = run_job(options, lambda cancel: bench.x_account.sync(wish, cancel), resume=_RESUME)
        for report in reports:
            say(options, report.text)
            for note in report.notes:
                say(options, f"  {note}")
        catch_up(options, bench)


def _agree(options: Options, bench: Workbench, wish: Wish) -> None:
    """Ask before anything is paid; where X was not asked how many there are, that comes first.

    Raises:
        BadInput: nobody can be asked.
        Cancelled: the person does not want it.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("add --yes to pay this (and --budget USD to limit it), or run it in a terminal")
    offer = quoting.quote(bench.session, wish)
    if any(one.accounts is None for one in offer.directions):
        _go_on("Ask X how many there are?")
        run_job(options, lambda cancel: syncing.ask_counts(bench.session, cancel), resume=_RESUME)
        offer = quoting.quote(bench.session, wish)
        for line in offer.lines:
            say(options, line)
    if not offer.owns_app:
        name = f"@{offer.handle}" if offer.handle else "this account"
        answer = ask(f"Does {name} own the app whose keys it uses (y, n, ? not known)", default="?")
        if answer.lower() in ("y", "n"):
            costing.set_owner(bench.session, answer.lower() == "y")
            offer = quoting.quote(bench.session, wish)
    warn(f"At most ${offer.usd:,.2f}.")
    _go_on("Read this from X?")


def _go_on(question: str) -> None:
    if not confirm(question):
        raise Cancelled("sync: nothing was read and nothing paid", is_resumable=False)


@click.command()
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--day", type=click.FloatRange(0, 1e9), metavar="USD", help="Let X cost at most USD a day; 0: no limit.")
@click.option("--month", type=click.FloatRange(0, 1e9), metavar="USD", help="At most USD a month; 0: no limit.")
@click.option("--credits", "asks_x", is_flag=True, help="Ask X what credit is left; asking is free.")
@click.pass_obj
def costs(options: Options, form: str | None, day: float | None, month: float | None, asks_x: bool) -> None:
    """What X has cost: today, this month, in all, by kind of call."""
    with opened(options) as bench:
        if day is not None or month is not None:
            costing.set_budget(bench.session, day, month)
        left = None
        if asks_x:
            syncing.require_x(bench.session)
            left = run_job(options, lambda cancel: syncing.credits(bench.session, cancel))
        if form == "json":
            write_json({**costing.record(bench.session), "credits_usd": left})
            return
        for line in costing.text(bench.session):
            put(line)
        if left is not None:
            put(f"credit left at X: ${left:,.2f}")


COMMANDS: dict[str, click.Command] = {"sync": sync, "costs": costs}
