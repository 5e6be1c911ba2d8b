"""``sync``, ``find`` and ``costs``: reading from X, searching it, and what that has cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followertui.cli.import_runs import catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import format_options, say, write_json
from followertui.cli.paying import Payment, go_on, require_terminal
from followertui.cli.printing import ask, put, warn
from followertui.cli.queries import QueryCommand
from followertui.cli.wiring import opened
from followertui.late import late
from followertui.services.sync.values import WORDS, Wish
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.cli import lookups
    from followertui.services.sync import costs as costing
    from followertui.services.sync import quoting, syncing
else:
    lookups = late("followertui.cli.lookups")
    costing = late("followertui.services.sync.costs")
    quoting = late("followertui.services.sync.quoting")
    syncing = late("followertui.services.sync.syncing")

_RESUME = "followertui sync"


@click.command(cls=QueryCommand)
@click.option("--followers", is_flag=True, help="Who follows us.")
@click.option("--following", is_flag=True, help="Whom we follow.")
@click.option("--dry-run", is_flag=True, help="Print calls, accounts, price and time; send nothing.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Spend at most USD.")
@click.option("--full", is_flag=True, help="Read everyone: only that tells who left.")
@click.option("--leavers", is_flag=True, help="Ask X why those who left did: unfollowed, suspended, gone or renamed.")
@click.option("--names", is_flag=True, help="Ask X for the names of accounts known by id only.")
@click.option("--profiles", metavar="QUERY", help="Read the profiles QUERY finds again.")
@click.option("--muted", is_flag=True, help="Read whom you muted; shown on the card, never proposed.")
@click.option("--blocked", is_flag=True, help="Read whom you blocked; the same.")
@click.option("--lists", is_flag=True, help="Read your lists and who is on them; the same.")
@click.option("--live", is_flag=True, help="Watch follows and profiles as they happen, $0.010 an event, until stopped.")
@click.option("--owned/--not-owned", default=None, help="Whether this account owns the app whose keys it uses.")
@click.option("--yes", is_flag=True, help="Pay the price shown without asking.")
@click.pass_obj
def sync(options: Options, /, dry_run: bool, budget: float | None, owned: bool | None, yes: bool, **what: Any) -> None:
    """Read followers and following from X; both, or one of them.

    Says accounts, calls, price and time first. The first time it reads everyone, later the
    newest down to where the last reading begins, for cents; --full reads everyone again and
    tells who left. A stopped sync goes on where it was.

    \b
    followertui sync --leavers --dry-run
    followertui sync --profiles 'is:leader silent:1y..' --budget 2
    """  # noqa: D301
    with opened(options, must_exist=False) as bench:
        if owned is not None:
            costing.set_owner(bench.session, owned)
        payment = Payment(dry_run, budget, yes)
        if what["live"]:
            lookups.watch(options, bench, payment)
        elif wish := lookups.wish_of(what, budget):
            lookups.look_up(options, bench, wish, payment)
        elif marks := tuple(name for name in ("muted", "blocked", "lists") if what[name]):
            lookups.read_marks(options, bench, marks, payment)
        else:
            chosen = tuple(name for name, word in WORDS.items() if what[word])
            _read_lists(options, bench, Wish(chosen or tuple(WORDS), what["full"], budget), payment)


def _read_lists(options: Options, bench: Workbench, wish: Wish, payment: Payment) -> None:
    """Read followers and following, price first."""
    offer = quoting.quote(bench.session, wish)
    if payment.is_dry:
        for line in offer.lines:
            put(line)
        return
    syncing.require_x(bench.session)
    for line in offer.lines:
        say(options, line)
    if not payment.is_agreed:
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
    require_terminal()
    offer = quoting.quote(bench.session, wish)
    if any(one.accounts is None for one in offer.directions):
        go_on("sync", "Ask X how many there are?")
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
    go_on("sync", "Read this from X?")


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


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="At most this many.")
@click.option("--dry-run", is_flag=True, help="Print the price; send nothing.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Spend at most USD.")
@click.option("--yes", is_flag=True, help="Pay the price shown without asking.")
@format_options
@click.pass_obj
def find(
    options: Options,
    words: tuple[str, ...],
    limit: int,
    dry_run: bool,
    budget: float | None,
    yes: bool,
    form: str | None,
) -> None:
    """Search X for people who are not here, $0.010 each; WORDS are X's own search, not a query of ours.

    \b
    Whom it finds becomes an account here, compared with your lists and judged like every other.
      followertui find Dana Ortiz
      followertui find acme --limit 50 --budget 0.30
    """  # noqa: D301
    with opened(options, must_exist=False) as bench:
        lookups.find(options, bench, " ".join(words), limit, Payment(dry_run, budget, yes), form)


@click.command()
@click.argument("account", metavar="HANDLE")
@click.option("--dry-run", is_flag=True, help="Print the price; send nothing.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Spend at most USD.")
@click.option("--yes", is_flag=True, help="Pay the price shown without asking.")
@format_options
@click.pass_obj
def peek(options: Options, account: str, dry_run: bool, budget: float | None, yes: bool, form: str | None) -> None:
    """The last posts of HANDLE, so that what you answer or pass on fits. Shown, never kept.

    Off until a budget is set: followertui costs --month 5. By hand it is free: their page has them all.
    """
    with opened(options) as bench:
        lookups.peek(options, bench, account, Payment(dry_run, budget, yes), form)


COMMANDS: dict[str, click.Command] = {"sync": sync, "costs": costs, "find": find, "peek": peek}
