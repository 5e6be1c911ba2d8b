"""Imports one looks back on: the log, resume, take-back, complete and partial.

Owns the commands that take an import's ID, and the question about an unfinished one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followertui.cli.asking import show_report
from followertui.cli.jobs import run_job
from followertui.cli.options import NUMBER, Options
from followertui.cli.output import format_options, say, write_records
from followertui.cli.printing import ask, confirm, fail, warn
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late
from followertui.services.intake import unfinished
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services import catching_up
    from followertui.services.intake import amending, resuming, reversing
    from followertui.services.intake.import_plan import ImportPlan
else:
    catching_up = late("followertui.services.catching_up")
    amending = late("followertui.services.intake.amending")
    resuming = late("followertui.services.intake.resuming")
    reversing = late("followertui.services.intake.reversing")

RESUME = "followertui import resume"
CATCH_UP = "followertui match, then followertui judge"
"""The command that resumes comparing and judging."""

ABOUT_US = "Then: followertui about --set names=... says who you are: it finds employees, competitors, impostors"


def catch_up(options: Options, bench: Workbench) -> None:
    """Make searchable, compare and judge what came in, and say what comes next."""
    text = run_job(options, bench.catch_up, resume=CATCH_UP)
    say(options, f"Next: {text}")
    if not bench.about().is_said:
        say(options, ABOUT_US)


def settle(options: Options, bench: Workbench, number: int, name: str) -> None:
    """Ask whether an unfinished import is resumed, discarded or left for later."""
    warn(f"The import of {name} did not finish; nothing of it counts yet.")
    answer = ask("r resume, t discard, l later", type=click.Choice(["r", "t", "l"]), default="r")
    try:
        if answer == "r":
            _resume(options, bench, number)
        elif answer == "t":
            discard(options, bench, number)
    except BadInput as error:
        fail(str(error))


def finish_reversal(options: Options, bench: Workbench) -> None:
    """Ask whether an undo or redo of an import that was interrupted is finished now."""
    warn(reversing.unfinished_line(bench.session.store))
    if confirm("Finish it now?"):
        _resume(options, bench, None)


def _resume(options: Options, bench: Workbench, number: int | None) -> None:
    if number is None and unfinished.has_reversal(bench.session.store):
        say(options, run_job(options, bench.resume_reversal, resume=RESUME))
    else:
        plan = _resumable(bench, number)
        show_report(options, run_job(options, lambda cancel: bench.run_import(plan, cancel), resume=RESUME))
    catch_up(options, bench)


def _resumable(bench: Workbench, number: int | None) -> ImportPlan:
    """The plan of the import to resume; where all ended and only comparing or judging did not, it says so."""
    try:
        return resuming.resumable(bench.session.store, number, bench.session.zone)
    except NothingToDo:
        waiting = bench.unfinished()
        if waiting == catching_up.NOTHING_LEFT:
            raise
        raise NothingToDo(
            f"every import was read to its end. Left to do: {waiting}; `followertui match` goes on"
        ) from None


def discard(options: Options, bench: Workbench, number: int) -> None:
    """Discard what an unfinished import has read."""
    say(options, run_job(options, lambda _: reversing.discard_import(bench.session.store, number), resume=RESUME))
    bench.refresh_counts()


@click.command("resume")
@click.argument("number", metavar="[ID]", type=NUMBER, required=False)
@click.pass_obj
def import_resume(options: Options, number: int | None) -> None:
    """Resume an unfinished import with the answers it began with, or an interrupted undo."""
    with opened(options) as bench:
        _resume(options, bench, number)


@click.command("take-back")
@click.argument("number", metavar="ID", type=NUMBER)
@click.pass_obj
def undo_import_command(options: Options, number: int) -> None:
    """Discard what an unfinished import has read."""
    with opened(options) as bench:
        discard(options, bench, number)


def _word_command(word: str, text: str) -> click.Command:
    @click.command(word, help=text)
    @click.argument("number", metavar="ID", type=NUMBER)
    @click.pass_obj
    def command(options: Options, number: int) -> None:
        """Set the completeness of one import."""
        with opened(options) as bench:
            session = bench.session
            say(options, amending.set_completeness(session.store, session.journal, session.clock, number, word).text)
            bench.refresh_counts()

    return command


@click.command("log")
@format_options
@click.pass_obj
def import_log(options: Options, form: str | None) -> None:
    """Every import, newest first, with the ID the other commands take."""
    with opened(options) as bench:
        write_records(resuming.log(bench.session.store), form, resuming.LOG_KEYS)


RUN_COMMANDS = {
    "log": import_log,
    "resume": import_resume,
    "take-back": undo_import_command,
    "complete": _word_command("complete", "Set import ID to complete: who is missing from it has left."),
    "partial": _word_command("partial", "Set import ID to partial: no one counts as having left."),
}
"""Commands of the group ``import`` that take an import's ID."""
