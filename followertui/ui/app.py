"""The Textual app: holds the workbench, the keymap and the themes, and opens the first screen.

Owns start and end of the screen program. Does not own any verb. The command line builds it
and hands in the workbench; heavy libraries are never imported from here.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import PurePath
from threading import Event
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.worker import WorkerFailed

from followertui.domain.errors import BadInput, FollowertuiError, Unforeseen
from followertui.late import late
from followertui.services.jobs import Job, JobRunner, Work
from followertui.store.file import log
from followertui.ui.attempt import Guarded, attempt
from followertui.ui.commands import PROGRAM_COMMANDS, Place
from followertui.ui.dialogs.leaving import Leaving
from followertui.ui.jobs import (
    GOES_ON,
    Describe,
    JobEnded,
    JobMessage,
    JobProgressed,
    JobYielded,
    done_line,
    ended_line,
)
from followertui.ui.key_gate import KeyGate
from followertui.ui.keymap import build_keymap
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.screen import review_screen
from followertui.ui.themes import DARK, OURS
from followertui.ui.threads import DaemonThreads

if TYPE_CHECKING:
    from followertui.domain.decision import ActionKind
    from followertui.services.values import Undone
    from followertui.services.workbench import Workbench
    from followertui.ui.screens import about_us, by_hand, card, import_files, journal, plan, welcome
    from followertui.ui.screens import help as help_screen
    from followertui.ui.screens.answers import PlanAnswer
    from followertui.ui.screens.welcome import Welcome
else:
    about_us = late("followertui.ui.screens.about_us")
    by_hand = late("followertui.ui.screens.by_hand")
    card = late("followertui.ui.screens.card")
    help_screen = late("followertui.ui.screens.help")
    import_files = late("followertui.ui.screens.import_files")
    journal = late("followertui.ui.screens.journal")
    plan = late("followertui.ui.screens.plan")
    welcome = late("followertui.ui.screens.welcome")

LONGEST_STOP_SECONDS = 12.0
"""The program ends so long after a stop, whatever still runs; a call to X in flight is given up before."""
KEPT_VALUES = 3
"""So many of the newest values of a job are kept for a screen that is opened while it runs."""
MOST_ERRORS = 20
"""So many errors within a second are a program that cannot go on."""
QUIT_KEY = "ctrl+q"
EXIT_SIGNALLED = 3
"""Exit code of a program ended by a signal, as of a command that was stopped."""


class FollowerApp(Guarded, App[None]):
    """followertui on a terminal.

    Args:
        bench: the open store, None where there is none yet.
        welcome: ways in while there is no store.
        keymap: a person's own keys, command id -> keys separated by commas.
        theme: name of the colours, "" for ours; one chosen on the screen beats it.
        text: query the review begins with.
        queue_id: queue the review begins with.
        open_url_with: opens a page and tells whether it could; None for the machine's browser.

    Raises:
        BadInput: the keymap cannot be used, or there is no such theme.
    """

    TITLE = "followertui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "styles/frame.tcss",
        "styles/review.tcss",
        "styles/dialogs.tcss",
        "styles/screens.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", show=False, priority=True)]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (150, "-broad")]  # noqa: RUF012 - as App declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - as App declares it

    def __init__(
        self,
        bench: Workbench | None,
        welcome: Welcome | None = None,
        *,
        keymap: Mapping[str, str] | None = None,
        theme: str = "",
        text: str = "",
        queue_id: str = "",
        open_url_with: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self.keymap = build_keymap(keymap)
        self.open_url_with = open_url_with
        self.is_read_only = False
        self._bench = bench
        self._welcome = welcome
        self._start = (text, queue_id)
        self.jobs = JobRunner(
            lambda job: self._post(JobProgressed(job)),
            lambda job, value: self._post(JobYielded(job, value)),
            lambda job: self._post(JobEnded(job)),
        )
        self.yielded: deque[Any] = deque(maxlen=KEPT_VALUES)
        self.farewell = ""
        self.unforeseen: list[str] = []
        self._describe: Describe = lambda _: ""
        self._clock: Timer | None = None
        self._is_leaving = False
        self._exit_code = 0
        self._errors: deque[float] = deque(maxlen=MOST_ERRORS)
        self._threads = DaemonThreads()
        self.key_gate = KeyGate(self, super().on_event, self.is_program_key)
        self.animation_level = "none"
        for ours in OURS:
            self.register_theme(ours)
        if theme and theme not in self.available_themes:
            raise BadInput(f'settings: no theme is named "{theme}"; `followertui themes` lists them')
        self.theme = theme or DARK.name

    @property
    def bench(self) -> Workbench:
        """The open store.

        Raises:
            FollowertuiError: no store is open yet.
        """
        if self._bench is None:
            raise FollowertuiError("no store is open yet: choose 1, 2 or 3")
        return self._bench

    @property
    def welcome(self) -> Welcome | None:
        """Ways in while there is no store."""
        return self._welcome

    def on_mount(self) -> None:
        """Open the review, or the welcome where there is no store."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(self._threads)
        if not self.is_headless:
            for name in ("SIGTERM", "SIGHUP", "SIGINT"):
                with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(getattr(signal, name), self.on_signal)
        self.screen_change_signal.subscribe(self, self.key_gate.screen_changed, immediate=True)
        if self._bench is not None:
            self.enter(self._bench)
        else:
            self.push_screen(welcome.WelcomeScreen())

    async def on_event(self, event: events.Event) -> None:
        """Keys go through the gate, everything else as ever."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            await self.key_gate.take(event)
        else:
            await super().on_event(event)

    def on_ready(self) -> None:
        """What is there now stays; the collector need not walk it again."""
        gc.freeze()

    def enter(self, bench: Workbench, queue_id: str = "") -> None:
        """Begin the review on a store.

        Args:
            bench: the open store.
            queue_id: queue to begin with, "" for where the person was.
        """
        self._bench = bench
        self.is_read_only = bench.header().is_read_only
        if (theme := bench.theme()) in self.available_themes:
            self.theme = theme
        text, first = self._start
        self.push_screen(review_screen(self.keymap, text, queue_id or first))

    # From one screen to another: screens name where they go, so that none needs to import another.

    def show_card(self, review: ReviewScreen) -> None:
        """The whole card of the account under the review's cursor."""
        self.push_screen(card.CardScreen(review))

    def show_plan(self, then: Callable[[PlanAnswer | None], None]) -> None:
        """The plan; ``then`` is called with what it answers when it closes."""
        self.push_screen(plan.PlanScreen(self.keymap), then)

    def show_by_hand(self, action: ActionKind, then: Callable[[str | None], None]) -> None:
        """By hand, for one action; ``then`` is called with what was done, in one line."""
        self.push_screen(by_hand.HandScreen(action, self.keymap), then)

    def bring_files(self) -> None:
        """The import; the review under it shows what it brought."""
        self.push_screen(import_files.ImportScreen(), self._imported)

    def _imported(self, queue_id: str | None) -> None:
        if isinstance(self.screen, ReviewScreen):
            self.screen.imported(queue_id)

    def show_about(self, then: Callable[[str | None], None]) -> None:
        """About us; ``then`` is called with what saving did, None where nothing was saved."""
        self.push_screen(about_us.AboutScreen(), then)

    def show_journal(self) -> None:
        """The journal."""
        self.push_screen(journal.JournalScreen())

    def show_help(self, place: Place) -> None:
        """The help, what applies at ``place`` first."""
        self.push_screen(help_screen.HelpScreen(place))

    # Long work: one job at a time, shown on every screen --------------------------------

    def start_job(self, name: str, title: str, make: Callable[[Event], Work], describe: Describe) -> Job:
        """Run long work beside every screen.

        Args:
            name: stable id, see ``jobs.GOES_ON``.
            title: what is being done, one or two words.
            make: makes the generator, given the event that stops it.
            describe: what the result says in one line, "" for nothing.

        Returns:
            The job, running.

        Raises:
            JobRunning: another job runs.
        """
        self.yielded.clear()
        job = self.jobs.start(name, title, make)
        self._describe = describe
        self._show_job()
        if self._clock is None:
            self._clock = self.set_interval(1.0, self._show_job)
        return job

    def stop_job(self) -> None:
        """Ask the running job to stop at its next safe point."""
        job = self.jobs.stop()
        if job is None:
            self.say("nothing is running", "$warning")
        else:
            self.say(f"{job.title}: stopping at the next safe point")
            self._show_job()

    def import_reversed(self, redo: bool) -> Callable[[Event], Work]:
        """Makes the work of undoing or redoing an import, and of comparing and judging what changed by it."""
        bench = self.bench

        def make(cancel: Event) -> Work:
            undone: Undone = yield from bench.reverse_import(redo, cancel)
            yield undone
            yield from bench.catch_up(cancel)
            return undone

        return make

    def _post(self, message: JobMessage) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self.post_message(message)

    def _show_job(self) -> None:
        for screen in self._app_screens():
            screen.show_job(self.jobs.job)

    def on_job_progressed(self, message: JobProgressed) -> None:
        """Draw how far the job is."""
        self._show_job()

    def on_job_yielded(self, message: JobYielded) -> None:
        """Keep what a job yielded, and tell every screen."""
        self.yielded.append(message.value)
        for screen in self._app_screens():
            screen.job_yielded(message.job, message.value)
        self._show_job()

    def on_job_ended(self, message: JobEnded) -> None:
        """Say how the job ended, on whichever screen is shown; the screens refresh from the store."""
        job = message.job
        if self._clock is not None and self.jobs.job is None:
            self._clock.stop()
            self._clock = None
        self._show_job()
        if self._is_leaving:
            self._end(ended_line(job, self._describe, leaving=True)[0])
            return
        for screen in self._app_screens():
            _, error = attempt(job.title, lambda screen=screen: screen.job_ended(job))  # type: ignore[misc]
            if error is not None:
                self.say(str(error), "$text-error")
        text, style = ended_line(job, self._describe)
        if text:
            self.say(text, style)

    # Saying ---------------------------------------------------------------------------

    def _app_screens(self) -> list[AppScreen]:
        """The screens of ours, the one on top first."""
        return [screen for screen in reversed(self.screen_stack) if isinstance(screen, AppScreen)]

    def say(self, text: str, style: str = "") -> None:
        """Say one line on the screen that is shown, or on the one under a dialog."""
        for screen in self._app_screens()[:1]:
            screen.say(text, style)

    def report(self, problem: Exception) -> None:
        """Say an error in one line and go on; an unforeseen one is kept in the log as well.

        The program ends, with that line, where there is no screen to go on with, or where errors
        come faster than anybody could cause them.
        """
        self._errors.append(time.monotonic())
        is_flood = len(self._errors) == MOST_ERRORS and self._errors[-1] - self._errors[0] < 1.0
        if is_flood or not any(screen.query("*") for screen in self._app_screens()):
            super()._handle_exception(problem)
            return
        if not self.screen.query("*") and len(self.screen_stack) > 1:
            # What the screen is made of could not be read: it is not there, the one below is.
            self.pop_screen()
        error = log.as_error("the screen", problem)
        if isinstance(error, Unforeseen):
            self.unforeseen.append(str(error))
        self.say(str(error), "$text-error")

    def program_key(self, key: str) -> bool:
        """Run the command of the program a key means on every screen; whether it was one."""
        command = self.keymap.resolve(Place.REVIEW, key)
        if command is None or command.id not in PROGRAM_COMMANDS:
            return False
        if command.id == "stop":
            self.stop_job()
        else:
            self.suspend_program()
        return True

    def is_program_key(self, key: str) -> bool:
        """Whether a key means the same on every screen: quit, stop, suspend."""
        command = self.keymap.resolve(Place.REVIEW, key)
        return key == QUIT_KEY or (command is not None and command.id in PROGRAM_COMMANDS)

    # Leaving --------------------------------------------------------------------------

    def leave(self) -> None:
        """Remember where the person was and end the program; asks first while a job runs."""
        job = self.jobs.job
        if job is None:
            self._end()
        elif self._is_leaving:
            self._end(f"{job.line}: ended at once; what was done stays")
        elif not isinstance(self.screen, Leaving):
            goes_on = GOES_ON.get(job.name)
            dialog = Leaving(done_line(job), goes_on.command if goes_on else "")
            self.push_screen(dialog, lambda yes: self._stop_and_leave() if yes else None)

    def _stop_and_leave(self) -> None:
        """Stop the job and end the program when it has, or when waiting longer is of no use."""
        job = self.jobs.stop()
        if job is None:
            self._end()
            return
        self._is_leaving = True
        self._show_job()
        self.say(f"{job.title}: stopping at the next safe point, then leaving; {QUIT_KEY} again leaves at once")
        self.set_timer(LONGEST_STOP_SECONDS, lambda: self._end(f"{job.line}: did not stop; what was done stays"))

    def _end(self, farewell: str = "") -> None:
        self.farewell = farewell
        for screen in self.screen_stack:
            if isinstance(screen, ReviewScreen):
                # Where the person was is worth a line of its own only where the program goes on.
                attempt("remember the place", screen.remember)
        self.exit(return_code=self._exit_code)

    def on_signal(self) -> None:
        """SIGTERM, SIGHUP or SIGINT: stop the job and end, without asking."""
        self._exit_code = EXIT_SIGNALLED
        self._stop_and_leave()

    def suspend_program(self) -> None:
        """Back to the shell until it brings the program to the foreground again."""
        if self._driver is not None and self._driver.can_suspend:
            self.action_suspend_process()
        else:
            self.say("suspend: this terminal cannot; q leaves and comes back where you were", "$warning")

    def is_quiet(self, seconds: float) -> bool:
        """Wait some seconds at most for work beside the screen to end; returns whether it did."""
        return self.jobs.wait(seconds) and self._threads.wait(seconds)

    # Errors that reach no guard of a screen -------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Say it and go on: dialog answers, timers and workers end here."""
        problem = error.error if isinstance(error, WorkerFailed) else error
        self.report(problem if isinstance(problem, Exception) else error)

    def _fatal_error(self) -> None:
        """One line instead of Textual's traceback, whose local variables show names, bios and keys."""
        problem = self._exception
        line = "followertui: ended" if problem is None else str(log.as_error("followertui", problem))
        self.panic(Text(line))

    async def action_quit(self) -> None:
        """ctrl+q from anywhere."""
        self.leave()
