"""Looking accounts up on X from the command line: leavers, names, profiles, marks, search.

Owns what is said and asked; what it costs and how it is done are use cases of ``services.sync``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from followertui.cli.import_runs import catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import say, write_records
from followertui.cli.paying import Payment, agreed
from followertui.cli.printing import put
from followertui.cli.queries import rows_named
from followertui.domain.clock import iso
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late
from followertui.services.sync.values import LookupWish
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services import live_news
    from followertui.services.care import exporting
    from followertui.services.sync import syncing
else:
    exporting = late("followertui.services.care.exporting")
    syncing = late("followertui.services.sync.syncing")

_RESUMES = {name: f"followertui sync --{name}" for name in ("leavers", "names")}
_FOUND_KEYS = ("handle", "name", "followers", "relation", "kind", "company", "bio")


def wish_of(what: Mapping[str, Any], budget_usd: float | None) -> LookupWish | None:
    """What of ``sync``'s options is a look-up, None where none is.

    Raises:
        BadInput: two of them.
    """
    chosen = [name for name in ("leavers", "names", "profiles") if what[name]]
    if len(chosen) > 1:
        raise BadInput(f"--{chosen[0]} and --{chosen[1]}: one at a time, so that each price is agreed to")
    return LookupWish(chosen[0], what["profiles"] or "", None, budget_usd) if chosen else None


def look_up(options: Options, bench: Workbench, wish: LookupWish, payment: Payment) -> None:
    """Look up leavers, names or profiles, price first."""
    account = bench.x_account
    offer = account.lookup_offer(wish)
    if not payment.is_dry:
        syncing.require_x(bench.session)
        if not offer.accounts:
            raise NothingToDo(f"{offer.lines[0]}: nothing to ask X for")
    if agreed(options, "sync", offer.lines, payment, "Look them up on X?"):
        report = run_job(
            options, lambda cancel: account.look_up(wish, cancel), resume=_RESUMES.get(wish.what, "the same command")
        )
        say(options, report.text)
        catch_up(options, bench)


def read_marks(options: Options, bench: Workbench, what: tuple[str, ...], payment: Payment) -> None:
    """Read whom we muted, blocked or listed, price first."""
    account = bench.x_account
    if not payment.is_dry:
        syncing.require_x(bench.session)
    if agreed(options, "sync", account.marks_offer(what, payment.budget_usd), payment, "Read this from X?"):
        words = " ".join(f"--{name}" for name in what)
        report = run_job(
            options,
            lambda cancel: account.read_marks(what, payment.budget_usd, cancel),
            resume=f"followertui sync {words}",
        )
        say(options, report.text)
        catch_up(options, bench)


def watch(options: Options, bench: Workbench, payment: Payment) -> None:
    """Watch X until it is stopped, price first; what happens stands on stdout, a line each."""
    if not payment.is_dry:
        syncing.require_x(bench.session)
    if not agreed(options, "sync", bench.x_account.live_offer(payment.budget_usd), payment, "Watch X?"):
        return

    def show(news: live_news.News) -> str:
        """A line that stays."""
        put(news.text)
        sys.stdout.flush()
        return ""

    report = run_job(
        options, lambda cancel: bench.watch_x(payment.budget_usd, cancel), show, resume="followertui sync --live"
    )
    say(options, report.text)
    bench.refresh_counts()


def peek(options: Options, bench: Workbench, account: str, payment: Payment, form: str | None) -> None:
    """Read someone's last posts, price first, and print them."""
    [row, *_] = rows_named(bench, account)
    lines = bench.x_account.peek_offer(row, payment.budget_usd)
    if not payment.is_dry:
        syncing.require_x(bench.session)
    if not agreed(options, "peek", lines, payment, "Read them from X?"):
        return
    report = run_job(
        options, lambda cancel: bench.x_account.peek(row, cancel, payment.budget_usd), resume="the same command"
    )
    say(options, report.text)
    write_records([{**one._asdict(), "at": iso(one.at)} for one in report.posts], form, ("id", "at", "text", "url"))


def find(options: Options, bench: Workbench, words: str, most: int, payment: Payment, form: str | None) -> None:
    """Search X for people, price first, and print whom it found."""
    account = bench.x_account
    lines = account.find_offer(words, most, payment.budget_usd)
    if not payment.is_dry:
        syncing.require_x(bench.session)
    if not agreed(options, "find", lines, payment, "Search X for this?"):
        return
    report = run_job(
        options, lambda cancel: account.find(words, most, payment.budget_usd, cancel), resume="the same command"
    )
    say(options, report.text)
    catch_up(options, bench)
    keys = exporting.ACCOUNT_KEYS if form else _FOUND_KEYS
    write_records(exporting.accounts(bench.session, report.rows, keys), form, keys)
