"""What every screen shares: the workbench, a status line, the running job, keys to commands.

Owns the way from a key, a click or the palette to a ``do_...`` method, the verbs that are the
same everywhere, and how a screen hears of the job that runs. No screen owns a job: the app does.
"""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from followertui.domain.clock import epoch
from followertui.domain.errors import FollowertuiError
from followertui.services.phrases import day
from followertui.services.values import Undone
from followertui.ui.attempt import GuardedScreen, attempt
from followertui.ui.commands import COMMANDS, Command, Need, Place, commands_at, why_not
from followertui.ui.dialogs.asking import Question
from followertui.ui.dialogs.choosing import Choice, Chooser
from followertui.ui.dialogs.palette import GoToAccount, GoToRow, Palette, PaletteAnswer, RunCommand, Unknown
from followertui.ui.jobs import Describe, JobStrip
from followertui.ui.redacting import WITHHELD
from followertui.ui.screens.verbs import method_name
from followertui.ui.targets import RunVerb, Target, target_of
from followertui.ui.widgets.bars import KeyFooter, StatusLine

if TYPE_CHECKING:
    from followertui.services.jobs import Job, Work
    from followertui.services.workbench import Workbench
    from followertui.ui.app import FollowerApp
    from followertui.ui.screens.answers import OpenQuery
    from followertui.ui.screens.verbs import Verbs

ResultT = TypeVar("ResultT")

SMALL_ROWS = 2_000
"""Up to this many rows a call of the workbench is done within a frame."""


class WorkDone(Message):
    """Work beside the screen is done; what follows is done in the screen's own thread."""

    def __init__(self, follow: Callable[[], None]) -> None:
        super().__init__()
        self.follow = follow


class AppScreen(GuardedScreen[Any]):
    """A screen that asks the workbench and shows the running job.

    Its verbs come from the registry: a command is the one method ``do_...`` of the screen or of
    one of its groups of verbs. A form has keys of its own instead, see ``pressed``.
    """

    AUTO_FOCUS = ""
    verbs: Sequence[Verbs[Any]] = ()
    is_working = False
    """Whether work on many rows goes on beside the screen; keys wait for it a while, writing verbs refuse."""

    @property
    def ft(self) -> FollowerApp:
        """The app, with its workbench, keymap and running job."""
        return cast("FollowerApp", self.app)

    @property
    def bench(self) -> Workbench:
        """What the screen asks and tells."""
        return self.ft.bench

    def on_mount(self) -> None:
        """The strip of the running job stands above the status line of every screen."""
        strip = JobStrip(self.ft.keymap.shown(COMMANDS["stop"]))
        strip.show(self.ft.jobs.job, self.ft.waiting)
        self.mount(strip, before=self.query(StatusLine).first() if self.query(StatusLine) else None)

    # Status ---------------------------------------------------------------------------

    @property
    def status(self) -> StatusLine:
        """The status line of the screen."""
        return self.query_one(StatusLine)

    def say(self, text: str, style: str = "") -> None:
        """Say one line."""
        for status in self.query(StatusLine):
            status.say(text, style)

    def say_error(self, error: FollowertuiError) -> None:
        """Say what went wrong."""
        self.say(str(error), "$text-error")

    # The running job ------------------------------------------------------------------

    def start_job(
        self, name: str, title: str, make: Callable[[Event], Work], describe: Describe = lambda result: ""
    ) -> Job:
        """Run long work beside every screen; see ``FollowerApp.start_job``."""
        return self.ft.start_job(name, title, make, describe)

    def show_job(self, job: Job | None, waiting: str = "") -> None:
        """Draw the running job, or what waits for X where nothing runs."""
        for strip in self.query(JobStrip):
            strip.show(job, waiting)

    def job_yielded(self, job: Job, value: Any) -> None:
        """A hook for what a job yields besides progress, such as a call that came back."""

    def job_ended(self, job: Job) -> None:
        """A hook after a job, however it ended, also for a screen that has others on top."""

    def remember(self) -> None:
        """A hook before the program ends: keep where the person was for next time."""

    # Work and answers -----------------------------------------------------------------

    def undo_or_redo(self, *, redo: bool = False, force: bool = False) -> None:
        """Undo or redo; asks before crossing into another session or reviewer, and does an import as a job."""
        undone: Undone = (self.bench.redo if redo else self.bench.undo)(force)
        if undone.question:
            dialog = Question(undone.question, yes="redo" if redo else "undo")
            self.app.push_screen(dialog, lambda yes: self.undo_or_redo(redo=redo, force=True) if yes else None)
        elif undone.is_long:
            title = "redo of an import" if redo else "undo of an import"
            self.start_job("undo-import", title, self.ft.import_reversed(redo), lambda done: done.text)
        else:
            self.stepped(undone)

    def stepped(self, undone: Undone) -> None:
        """A hook after something was undone or redone."""

    def run_in_thread_if_large(self, size: int, work: Callable[[], ResultT], then: Callable[[ResultT], None]) -> None:
        """Do work at once where it is small, in a thread where it would hold the screen up.

        Args:
            size: how many rows it is about.
            work: what to do; what it raises is said.
            then: called with the result in the screen's thread, unless the screen was closed.
        """
        if size <= SMALL_ROWS:
            then(work())
            return
        self.say(f"{size:,} rows …")
        self.is_working = True
        self.ft.key_gate.hold(self)

        def threaded() -> None:
            """Do the work in the thread and post what it brought."""
            result, error = attempt("many rows", work)
            if error is not None:
                self.post_message(WorkDone(lambda: self.say_error(error)))
            else:
                self.post_message(WorkDone(lambda: then(cast("ResultT", result))))

        self.run_worker(threaded, name="many rows", group="many rows", thread=True)

    def on_work_done(self, message: WorkDone) -> None:
        """Go on with what work beside the screen brought, then with the keys that waited for it."""
        self.is_working = False
        self.ft.key_gate.release(self)
        message.follow()

    def ask_over(self, shown: Screen[Any], dialog: Screen[ResultT], then: Callable[[ResultT | None], None]) -> None:
        """Ask a question that took a while to prepare, unless another screen was opened meanwhile.

        Args:
            shown: the screen that was shown when the question came up.
            dialog: the question.
            then: called with the answer.
        """
        if self.app.screen is shown:
            self.app.push_screen(dialog, then)
        else:
            self.say("left: another screen was opened before it could be asked", "$warning")

    def choose(
        self, title: str, choices: Sequence[Choice[ResultT]], then: Callable[[ResultT], None], **options: Any
    ) -> None:
        """Ask for one of a few choices and call back with the answer.

        Args:
            title: the question.
            choices: what there is, in order.
            then: called with the answer of the one chosen; not called where the question was left.
            options: see ``Chooser``.
        """

        def answered(answer: ResultT | None) -> None:
            """Go on with the answer chosen, if any."""
            if answer is not None:
                then(answer)

        self.app.push_screen(Chooser(title, choices, **options), answered)

    # What a screen says ---------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the person is."""
        return Place.REVIEW

    def present(self) -> frozenset[Need]:
        """What there is for commands to work on."""
        return self.program_needs()

    def program_needs(self) -> frozenset[Need]:
        """The needs that do not depend on rows."""
        needs = set()
        if not self.ft.is_read_only:
            needs.add(Need.WRITE)
        if self.bench.is_demo:
            needs.add(Need.DEMO)
        needs.add(Need.IDLE if self.ft.jobs.job is None else Need.JOB)
        return frozenset(needs).union(*(verbs.present() for verbs in self.verbs))

    # Keys and commands ----------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """The one door of keys: those of the program work on every screen, the others are the screen's."""
        if self.program_key(event.key) or self.pressed(event):
            event.stop()
            event.prevent_default()

    def pressed(self, event: events.Key) -> bool:
        """React to a key, which means what the registry says at this place; whether it was one of ours."""
        if isinstance(self.focused, Input):
            return False
        command = self.ft.keymap.resolve(self.place, event.key)
        if self._asks_caps_lock(event.character or "", command):
            return True
        if command is not None:
            self.run_command(command.id)
        elif not self.other_key(event.key, event.character or ""):
            self.say(why := self.ft.keymap.elsewhere(self.place, event.key), "$warning")
            return bool(why)
        return True

    def _asks_caps_lock(self, character: str, command: Command | None) -> bool:
        """Whether a letter looks like Caps Lock, which is then asked instead."""
        small = self.ft.keymap.resolve(self.place, character.lower())
        question = self.ft.caps.question(character, command.title if command else "", small.title if small else "")
        if question:
            self.say(question, "$warning")
        return bool(question)

    def begins_typing(self, key: str) -> bool:
        """Whether a key opens an input of this screen; see ``key_gate``."""
        command = self.ft.keymap.resolve(self.place, key)
        return command is not None and command.id == "filter"

    def only_moves(self, key: str) -> bool:
        """Whether a key moves the cursor and does nothing else; see ``key_gate``."""
        command = self.ft.keymap.resolve(self.place, key)
        return command is not None and command.group == "move"

    def other_key(self, key: str, character: str) -> bool:
        """React to a key that is no command, such as a digit bound to a tag; whether it was one."""
        return any(verbs.other_key(key, character) for verbs in self.verbs)

    def why_not(self, command: Command) -> str:
        """Why a command cannot run here and now, or ""."""
        if self.place not in command.where:
            return self.ft.keymap.only_in(command)
        if self.ft.is_redacted and command.id in WITHHELD:
            return f"{command.title}: names are masked, and {WITHHELD[command.id]}; :redact shows them again"
        if self.is_working and Need.WRITE in command.needs:
            return f"{command.title}: the last gesture is still at work"
        reason = why_not(command, self.present())
        job = self.ft.jobs.job
        if reason and job is not None and Need.IDLE in command.needs:
            return f"{command.title}: {job.line}; {self.ft.keymap.shown(COMMANDS['stop'])} stops it"
        return reason

    def run_command(self, command_id: str) -> None:
        """Run a verb, or say why it cannot."""
        command = COMMANDS[command_id]
        reason = self.why_not(command)
        if reason:
            self.say(reason, "$warning")
            return
        self.before_command(command)
        _, error = attempt(command.title, self.verb(command_id))
        if error is not None:
            self.say_error(error)

    def verb(self, command_id: str) -> Callable[[], None]:
        """The method that does a command here.

        Args:
            command_id: an id of the registry whose place this is.

        Raises:
            LookupError: nothing here does it.
        """
        name = method_name(command_id)
        for owner in (*self.verbs, self):
            method: Callable[[], None] | None = getattr(owner, name, None)
            if method is not None:
                return method
        raise LookupError(f"{type(self).__name__} has no {name}")

    def before_command(self, command: Command) -> None:
        """A hook before each verb."""

    def on_click(self, event: events.Click) -> None:
        """Act on a click on something that carries a target."""
        found = target_of(event.style.meta)
        if found is None:
            return
        event.stop()
        if isinstance(found, RunVerb):
            self.run_command(found.command_id)
        else:
            self.clicked(found)

    def clicked(self, target: Target) -> None:
        """Act on a click on a target other than a command."""
        any(verbs.clicked(target) for verbs in self.verbs)

    # Links ----------------------------------------------------------------------------

    def open_link(self, url: str) -> None:
        """Open a page on X beside the program, and show the link where no browser is.

        Over ssh the browser is on another machine: the link is copied to the terminal's clipboard.
        """
        opener = self.ft.open_url_with
        if opener is None and "SSH_CONNECTION" in os.environ and "DISPLAY" not in os.environ:
            self.copy_link(url)
            return
        self.say(url, "underline $primary")
        opener = opener or webbrowser.open
        self.run_worker(lambda: opener(url), name="open link", group="links", thread=True, exit_on_error=False)

    def copy_link(self, url: str) -> None:
        """Hand the link to the terminal's clipboard."""
        self.app.copy_to_clipboard(url)
        self.say(f"copied {url}")

    # Verbs that are the same everywhere -----------------------------------------------

    def do_palette(self) -> None:
        """Offer every verb of this place by name."""
        palette = Palette(commands_at(self.place), self.ft.keymap.shown, self.why_not)
        self.app.push_screen(palette, self.palette_answered)

    def palette_answered(self, answer: PaletteAnswer | None) -> None:
        """Do what was typed or chosen in the palette."""
        match answer:
            case RunCommand(command_id):
                self.run_command(command_id)
            case GoToRow(number):
                self.go_to_number(number)
            case GoToAccount(handle):
                self.go_to_account(handle)
            case Unknown(text):
                self.say(f"there is no command {text!r}: ? lists them", "$warning")

    def go_to_number(self, number: int) -> None:
        """``:37``."""
        self.say("there are no rows to count here", "$warning")

    def go_to_account(self, handle: str) -> None:
        """``:@handle``."""
        self.say("accounts are looked up in the review: q goes back there", "$warning")

    def do_help(self) -> None:
        """Keys and words."""
        self.ft.show_help(self.place)

    def do_report(self) -> None:
        """What the audience is worth."""
        self.ft.show_report(lambda answer: self.show_query(answer.query) if answer is not None else None)

    def do_since(self) -> None:
        """Who that matters came and left since the reviewer was last through."""

        def closed(answer: OpenQuery | None, has_moved: bool) -> None:
            """Show the rows chosen; New is another queue after moving on."""
            if answer is not None:
                self.show_query(answer.query)
            if has_moved:
                self.refresh_rows()

        self.ft.show_since(closed)

    def show_query(self, query: str) -> None:
        """A hook after a count of the report was chosen: show the rows behind it."""

    def do_journal(self) -> None:
        """What was done."""
        self.ft.show_journal()

    def do_theme(self) -> None:
        """Choose a theme, seen at once."""
        self.ft.choose_theme()

    def do_redact(self) -> None:
        """Mask names while the screen is shared, or show them again."""
        self.ft.is_redacted = not self.ft.is_redacted
        self.refresh_rows()
        self.say("names, handles and bios are masked" if self.ft.is_redacted else "names are shown")

    def do_settings(self) -> None:
        """Your settings, and what decides figures."""
        self.ft.show_settings(self)

    def do_demo_week(self) -> None:
        """Let a week pass in the demo."""
        clock = self.bench.session.clock

        def told(text: object) -> str:
            """The day it is now, and what the week brought."""
            return f"it is {day(epoch(clock.now()), clock.zone)} now · {text}".rstrip(" ·")

        self.start_job("week", "a week passes", self.bench.next_week, told)

    def do_stop(self) -> None:
        """Stop what runs at its next safe point."""
        self.ft.stop_job()

    def do_suspend(self) -> None:
        """Back to the shell for now."""
        self.ft.suspend_program()

    def refresh_rows(self) -> None:
        """Read everything shown again."""

    def do_reload(self) -> None:
        """Read everything shown again."""
        self.refresh_rows()

    def do_quit(self) -> None:
        """Leave the program."""
        self.ft.leave()

    def do_back(self) -> None:
        """One screen back."""
        self.dismiss(None)

    def show_place(self) -> None:
        """Bring the footer to the place."""
        self.query_one(KeyFooter).show(self.place)
