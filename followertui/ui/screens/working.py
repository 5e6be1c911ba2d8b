"""What every screen shares that works on the workbench: status, jobs beside it, a choice to ask.

Owns the running and stopping of jobs on a screen. Screens build on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import on
from textual.screen import Screen

from followertui.domain.errors import Cancelled
from followertui.services.values import Undone
from followertui.ui.dialogs.asking import Question
from followertui.ui.dialogs.choosing import Choice, Chooser
from followertui.ui.jobs import Job, JobEnded, JobProgressed, RunningJob, attempt
from followertui.ui.widgets.bars import StatusLine

if TYPE_CHECKING:
    from followertui.services.workbench import Workbench
    from followertui.ui.app import FollowerApp

ResultT = TypeVar("ResultT")

SMALL_ROWS = 2_000
"""Up to so many rows a call of the workbench is done within a frame."""


class WorkingScreen(Screen[Any]):
    """A screen that asks the workbench and runs jobs."""

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self.job: RunningJob | None = None

    @property
    def ft(self) -> FollowerApp:
        """The app, with its workbench and keymap."""
        return cast("FollowerApp", self.app)

    @property
    def bench(self) -> Workbench:
        """What the screen asks and tells."""
        return self.ft.bench

    # Status and jobs ------------------------------------------------------------------

    @property
    def status(self) -> StatusLine:
        """The status line of the screen."""
        return self.query_one(StatusLine)

    def say(self, text: str, style: str = "") -> None:
        """Say one line."""
        self.status.say(text, style)

    def start_job(
        self, title: str, make: Callable[[Event], Job], then: Callable[[Any], None] | None = None
    ) -> RunningJob:
        """Run long work beside the screen.

        Args:
            title: what is being done, plain words.
            make: makes the generator, given the event that stops it.
            then: called with the report when it ended well.

        Returns:
            The job, to stop it by.
        """
        job = RunningJob(title, make, self, then)
        self.job = job
        self.status.show_progress(title, None)
        self.run_worker(job.run, name=title, group="jobs", thread=True)
        return job

    @on(JobProgressed)
    def job_progressed(self, message: JobProgressed) -> None:
        """Draw how far a job is."""
        if message.job is self.job:
            self.status.show_progress(message.job.title, message.progress)

    @on(JobEnded)
    def job_ended(self, message: JobEnded) -> None:
        """Say how a job ended and go on."""
        if message.job is self.job:
            self.job = None
        self.status.end_progress()
        if message.error is not None:
            style = "$warning" if isinstance(message.error, Cancelled) else "$text-error"
            self.say(str(message.error), style)
            self.job_failed(message.job)
        elif message.job.then is not None:
            message.job.then(message.report)

    def job_failed(self, job: RunningJob) -> None:
        """A hook after a job that did not end well."""

    def stop_job(self) -> bool:
        """Stop the job under way; whether there was one."""
        if self.job is None:
            return False
        self.job.stop()
        self.say(f"{self.job.title}: stopping at the next safe point")
        return True

    # Back and forth -------------------------------------------------------------------

    def undo_or_redo(self, *, redo: bool = False, force: bool = False) -> None:
        """Undo or redo; asks before crossing into another session or reviewer, and does an import as a job."""
        undone: Undone = (self.bench.redo if redo else self.bench.undo)(force)
        if undone.question:
            dialog = Question(undone.question, yes="do it again" if redo else "take it back")
            self.app.push_screen(dialog, lambda yes: self.undo_or_redo(redo=redo, force=True) if yes else None)
        elif undone.is_long:
            title = "bringing an import back" if redo else "taking an import back"
            self.start_job(title, lambda cancel: self.bench.reverse_import(redo, cancel), self._import_reversed)
        else:
            self.stepped(undone)

    def _import_reversed(self, undone: Undone) -> None:
        self.stepped(undone)
        self.start_job("comparing and judging", self.bench.catch_up, lambda _: self.stepped(undone))

    def stepped(self, undone: Undone) -> None:
        """A hook after something was undone or redone."""

    def run_in_thread_if_large(self, size: int, work: Callable[[], ResultT], then: Callable[[ResultT], None]) -> None:
        """Do work at once where it is small, in a thread where it would hold the screen up.

        Args:
            size: how many rows it is about.
            work: what to do; may raise a FollowertuiError, which is said.
            then: called with the result in the screen's thread.
        """
        if size <= SMALL_ROWS:
            then(work())
            return
        self.say(f"{size:,} rows …")

        def threaded() -> None:
            result, error = attempt("many rows", work)
            if error is not None:
                self.app.call_from_thread(self.say, str(error), "$text-error")
            else:
                self.app.call_from_thread(then, cast("ResultT", result))

        self.run_worker(threaded, name="many rows", group="many rows", thread=True)

    def choose(
        self, title: str, choices: Sequence[Choice[ResultT]], then: Callable[[ResultT], None], **options: Any
    ) -> None:
        """Ask for one of a few things and go on with the answer.

        Args:
            title: the question.
            choices: what there is, in order.
            then: called with the answer of the one chosen; not called where the question was left.
            options: see ``Chooser``.
        """

        def answered(answer: ResultT | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(Chooser(title, choices, **options), answered)
