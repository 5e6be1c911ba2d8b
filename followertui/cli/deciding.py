"""Commands that decide: decide, kind, tag, note, release, draw, undo, redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followertui.cli.asking import is_interactive
from followertui.cli.import_runs import RESUME, catch_up
from followertui.cli.jobs import run_job
from followertui.cli.options import COUNT, NUMBER, Options
from followertui.cli.output import say
from followertui.cli.printing import ask, put
from followertui.cli.queries import QueryCommand, row_of, rows_found, rows_named
from followertui.cli.wiring import opened
from followertui.domain.decision import DECISION_ORDER, Decision
from followertui.domain.errors import BadInput, Cancelled, NothingToDo
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.late import late
from followertui.services import naming
from followertui.services.review import sampling
from followertui.services.values import Gesture, Undone, Word
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services.scoring import matching
else:
    matching = late("followertui.services.scoring.matching")

_KINDS = [kind.value for kind in KIND_ORDER if kind is not Kind.UNSEEN]


def _tell(options: Options, gesture: Gesture) -> None:
    say(options, gesture.text)


@click.command(cls=QueryCommand)
@click.argument("query")
@click.argument("decision", type=click.Choice([d.value for d in DECISION_ORDER]))
@click.option("--until", metavar="DAY", help="With later: when it comes back, such as 2w or 2026-12-24.")
@click.pass_obj
def decide(options: Options, query: str, decision: str, until: str | None) -> None:
    """Decide on every account QUERY finds; `none` clears the decision.

    `out` on accounts you follow plans an unfollow; nothing reaches X before `apply`. What is
    kept, or was decided by another reviewer, changes only where QUERY is one @handle or id.
    """
    if until is not None and decision != Decision.LATER.value:
        raise click.UsageError("--until goes with later")
    with opened(options) as bench:
        is_name = naming.is_name(bench.session, query)
        rows = rows_named(bench, query) if is_name else rows_found(bench, query)
        word = Word(is_by_name=is_name)
        if until is not None:
            _tell(options, bench.review.remind(rows, until, query, word))
        else:
            _tell(options, bench.decide(rows, Decision(decision), query, word))


@click.command(cls=QueryCommand)
@click.argument("query")
@click.argument("kind", type=click.Choice([*_KINDS, "auto"]))
@click.pass_obj
def kind(options: Options, query: str, kind: str) -> None:
    """Set the kind of every account QUERY finds; `auto` lets the program decide again."""
    with opened(options) as bench:
        said = None if kind == "auto" else Kind(kind)
        if naming.is_name(bench.session, query):
            _tell(options, bench.say_kind(rows_named(bench, query), said, query, Word(is_by_name=True)))
        else:
            _tell(options, bench.say_kind(rows_found(bench, query), said, query))


@click.command(cls=QueryCommand)
@click.argument("query")
@click.option("--add", multiple=True, metavar="NAME", help="A tag to add; may be repeated.")
@click.option("--remove", multiple=True, metavar="NAME", help="A tag to remove; may be repeated.")
@click.pass_obj
def tag(options: Options, query: str, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Add and remove tags on every account QUERY finds."""
    with opened(options) as bench:
        _tell(options, bench.tag(rows_found(bench, query), add, remove, query))


@click.command()
@click.argument("account", metavar="HANDLE")
@click.argument("text")
@click.pass_obj
def note(options: Options, account: str, text: str) -> None:
    """Set TEXT as the note on HANDLE; an empty text removes it."""
    with opened(options) as bench:
        _tell(options, bench.note(row_of(bench, account), text))


@click.command()
@click.argument("accounts", nargs=-1, required=True, metavar="HANDLE...")
@click.pass_obj
def release(options: Options, accounts: tuple[str, ...]) -> None:
    """Release accounts from the guards that hold them now, so that the plan may include them.

    A release ends when what the guard rests on changes: another match, a later conversation.
    """
    with opened(options) as bench:
        _tell(options, bench.release([row for account in accounts for row in rows_named(bench, account)]))


def _step(bench: Workbench, is_redo: bool, is_confirmed: bool) -> Undone:
    """Undo or redo one gesture, after a question where another session or reviewer made it.

    Raises:
        BadInput: there is a question, and nobody at a terminal to answer it.
        Cancelled: the answer was no.
    """
    reverse = bench.redo if is_redo else bench.undo
    done = reverse(force=is_confirmed)
    if not done.question:
        return done
    what = done.question.removesuffix(" Go on?")
    if not is_interactive():
        raise BadInput(f"{what[0].lower()}{what[1:].rstrip('.')}: add --yes, or run it in a terminal")
    if not ask(f"{what} Go on? (y/N)", type=bool, default=False, show_default=False):
        raise Cancelled("nothing was changed")
    return reverse(force=True)


def _walk(options: Options, steps: int, is_redo: bool, is_confirmed: bool) -> None:
    """Undo or redo a number of gestures; after an import or a decision on a match, compare and judge again."""
    with opened(options) as bench:
        needs_comparison = False
        for step in range(steps):
            done = _step(bench, is_redo, is_confirmed)
            if done.is_long:
                done = run_job(options, lambda cancel: bench.reverse_import(is_redo, cancel), resume=RESUME)
            if not done.entry_id:
                if step == 0:
                    raise NothingToDo("nothing to redo" if is_redo else "nothing to undo")
                break
            say(options, done.text)
            needs_comparison |= done.needs_comparison
        if needs_comparison and matching.is_behind(bench.session):
            catch_up(options, bench)
        else:
            say(options, matching.offer(bench.session))


@click.command()
@click.argument("looks", type=click.IntRange(1, 10_000), default=sampling.LOOKS, metavar="[N]")
@click.option("--outlook", is_flag=True, help="Draw nobody: say what more looks would bring, and when to stop.")
@click.pass_obj
def draw(options: Options, looks: int, outlook: bool) -> None:
    """Draw N followers at random, to look at one by one (50 without N).

    Answer each by name, in the queue Random looks or with `kind @HANDLE KIND`: the share of
    qualified followers is estimated from them. `followertui help report` says how.
    """
    with opened(options) as bench:
        if outlook:
            for label, text in bench.review.outlook_lines():
                put(f"{label:<10}  {text}")
        else:
            say(options, sampling.draw(bench.session, looks))


@click.command()
@click.argument("steps", type=COUNT, default=1, metavar="[N]")
@click.option("--yes", is_flag=True, help="Do not ask where another reviewer, or the review, did it.")
@click.option("--only", "entry_id", type=NUMBER, metavar="ID", help="This gesture alone; later ones stay.")
@click.pass_obj
def undo(options: Options, steps: int, yes: bool, entry_id: int | None) -> None:
    """Undo the last gesture, or the last N; `followertui journal --json` lists them with their numbers."""
    if entry_id is not None:
        with opened(options) as bench:
            say(options, bench.revert(entry_id).text)
        return
    _walk(options, steps, is_redo=False, is_confirmed=yes)


@click.command()
@click.argument("steps", type=COUNT, default=1, metavar="[N]")
@click.option("--yes", is_flag=True, help="Do not ask where another reviewer, or the review, did it.")
@click.pass_obj
def redo(options: Options, steps: int, yes: bool) -> None:
    """Redo what was undone last."""
    _walk(options, steps, is_redo=True, is_confirmed=yes)


COMMANDS: dict[str, click.Command] = {
    "decide": decide,
    "kind": kind,
    "tag": tag,
    "note": note,
    "release": release,
    "draw": draw,
    "undo": undo,
    "redo": redo,
}
