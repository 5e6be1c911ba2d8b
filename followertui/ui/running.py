"""An app that runs one job at a time on every screen, goes on after an error, and leaves safely.

Owns the job runner, the last door for errors, signals, and how the program ends. Does not know
which screens there are; ``app`` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import deque
from collections.abc import Callable
from threading import Event
from types import FrameType
from typing import Any

from rich.text import Text
from textual.app import App
from textual.timer import Timer
from textual.worker import WorkerFailed

from followertui.domain.errors import Unforeseen
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
from followertui.ui.keymap import Keymap
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.threads import DaemonThreads

LONGEST_STOP_SECONDS = 12.0
"""Longest the program takes to end after a stop, whatever still runs; a call to X is given up before that."""
KEPT_VALUES = 3
"""Newest values of a job kept for a screen that is opened while it runs."""
MOST_ERRORS = 20
"""Errors within a second after which the program cannot go on."""
QUIT_KEY = "ctrl+q"
EXIT_SIGNALLED = 3
"""Exit code of a program ended by a signal, as of a command that was stopped."""


def _nothing(seconds: float) -> None:
    """Nobody waits for the end."""


class RunningApp(Guarded, App[None]):
    """What the app does beside and between its screens.

    Args:
        keymap: keys in force.

    Attributes:
        waiting: what waits for X where nothing runs, in words.
        yielded: the newest values of the job that runs or ran last, for a screen opened meanwhile.
        farewell: what is said at the prompt once the terminal is itself again, "" for nothing.
        unforeseen: the lines of unforeseen errors, in order.
        leaving: called when the program begins to end, in a signal handler too, with how many seconds work
            may still take to stop; set by the one who runs it.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self.jobs = JobRunner(
            lambda job: self._post(JobProgressed(job)),
            lambda job, value: self._post(JobYielded(job, value)),
            lambda job: self._post(JobEnded(job)),
        )
        self.yielded: deque[Any] = deque(maxlen=KEPT_VALUES)
        self.farewell = ""
        self.unforeseen: list[str] = []
        self.leaving: Callable[[float], None] = _nothing
        self.waiting = ""
        self._describe: Describe = lambda _: ""
        self._clock: Timer | None = None
        self._is_leaving = False
        self._exit_code = 0
        self._errors: deque[float] = deque(maxlen=MOST_ERRORS)
        self._threads = DaemonThreads()

    def on_load(self) -> None:
        """Hear signals, and let no thread keep the program from ending."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(self._threads)
        if not self.is_headless:
            for name in ("SIGTERM", "SIGHUP", "SIGINT"):
                with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                    number = getattr(signal, name)
                    loop.add_signal_handler(number, self.on_signal)
                    # The loop hears it where nothing holds the loop up; this is heard in any case.
                    signal.signal(number, self._begin_to_leave)

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
        return job

    def stop_job(self) -> None:
        """Ask the running job to stop at its next safe point; where nothing runs, go on with what waits for X."""
        job = self.jobs.stop()
        if job is None and self.waiting:
            self.go_on()
        elif job is None:
            self.say("nothing is running", "$warning")
        else:
            self.say(f"{job.title}: stopping at the next safe point")
            self._show_job()

    def _post(self, message: JobMessage) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self.post_message(message)

    def find_waiting(self) -> str:
        """What waits for X, in words; "" where nothing does. A hook for the app that has a store."""
        return ""

    def go_on(self) -> None:
        """Go on with what waits for X. A hook as ``find_waiting``."""

    def _show_job(self) -> None:
        job = self.jobs.job
        self.waiting = self.find_waiting() if job is None and not self._is_leaving else ""
        for screen in self._app_screens():
            screen.show_job(job, self.waiting)
        is_ticking = job is not None or bool(self.waiting)
        if is_ticking and self._clock is None:
            self._clock = self.set_interval(1.0, self._show_job)
        elif not is_ticking and self._clock is not None:
            self._clock.stop()
            self._clock = None

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
        come faster than a person could cause them.
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
        self.leaving(0.0)
        for screen in self._app_screens():
            # Where the person was is worth a line of its own only where the program goes on.
            attempt("remember the place", screen.remember)
        self.exit(return_code=self._exit_code)

    def on_signal(self) -> None:
        """SIGTERM, SIGHUP or SIGINT: stop the job and end, without asking."""
        self._exit_code = EXIT_SIGNALLED
        self._stop_and_leave()

    def _begin_to_leave(self, number: int, frame: FrameType | None) -> None:
        self.leaving(LONGEST_STOP_SECONDS if self.jobs.job else 0.0)

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
