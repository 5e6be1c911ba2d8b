"""Commands that look for those of a list who are missing: candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import format_options, say, write_records
from followertui.cli.paying import Payment
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput
from followertui.domain.match import MatchState
from followertui.late import late
from followertui.services.sync.values import LookupWish

if TYPE_CHECKING:
    from followertui.cli import lookups
    from followertui.services.insight import discovery
else:
    lookups = late("followertui.cli.lookups")
    discovery = late("followertui.services.insight.discovery")


@click.command()
@click.argument("name", metavar="LIST")
@click.option("--most", type=click.IntRange(1, 50), default=3, show_default=True, help="Candidates of each entry.")
@click.option("--accept", metavar="LINE=HANDLE", multiple=True, help="It is the account of the entry on that line.")
@click.option("--reject", metavar="LINE=HANDLE", multiple=True, help="It is not; it is not proposed again.")
@click.option("--look-up", is_flag=True, help="Ask X for handles that could be theirs and are not here; price first.")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Spend at most USD.")
@click.option("--dry-run", is_flag=True, help="With --look-up: only say what it would cost.")
@click.option("--yes", is_flag=True, help="With --look-up: pay without being asked.")
@format_options
@click.pass_obj
def candidates(
    options: Options,
    name: str,
    most: int,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    look_up: bool,
    budget: float | None,
    dry_run: bool,
    yes: bool,
    form: str | None,
) -> None:
    r"""Accounts in the store that could be those entries of LIST nobody was matched with, best first, and why.

    \b
    followertui candidates Customers
    followertui candidates Customers --accept 17=acme_inc --reject 21=apollo
    followertui candidates Customers --look-up --dry-run     handles not here yet: what asking X costs

    Without --look-up nothing is asked of X. A candidate is no match: it holds nothing back until you
    accept it. Handles come from the list's own file, and from bios that mention them; of people others
    collected none is looked for.
    """
    with opened(options) as bench:
        answers = [(one, MatchState.CONFIRMED) for one in accept] + [(one, MatchState.REJECTED) for one in reject]
        if answers:
            for line, handle, state in [(*_parted(text), state) for text, state in answers]:
                say(options, discovery.answer(bench.session, name, line, handle, state).text)
            return
        found = run_job(options, lambda cancel: discovery.candidates(bench.session, name, cancel, most))
        if look_up:
            wish = LookupWish("candidates", budget_usd=budget, handles=found.handles)
            lookups.look_up(options, bench, wish, Payment(dry_run, budget, yes))
            return
        write_records(found.records(), form, discovery.CANDIDATE_KEYS)
        hint = f'; `followertui candidates "{found.list_name}" --accept LINE=HANDLE` takes one' if found.found else ""
        say(options, found.text + hint)
        for one in found.to_look_up if form is None else ():
            who = " · ".join(filter(None, (one.person, one.company)))
            say(options, f"not here: line {one.line:,} {who}: @{one.handle}, {one.why}")
        if found.handles:
            say(options, f'`followertui candidates "{found.list_name}" --look-up --dry-run` says what asking X costs')


def _parted(text: str) -> tuple[int, str]:
    """Line and handle of an answer as it is typed."""
    line, is_parted, handle = text.partition("=")
    if not is_parted or not line.strip().isdecimal() or not handle.strip():
        raise BadInput(f'"{text}": write LINE=HANDLE, as in 17=acme_inc; `followertui candidates` prints both')
    return int(line), handle.strip()


COMMANDS = {"candidates": candidates}
