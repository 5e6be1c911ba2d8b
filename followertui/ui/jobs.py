"""Long work on a screen: one generator run in a thread, its signs of life posted as messages.

Owns the running, cancelling and reporting of jobs. Does not own any job: the workbench hands out
generators. Screens of ``ui`` use it.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import PurePath
from threading import Event
from typing import Any, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from followertui.domain.errors import Cancelled, FollowertuiError
from followertui.domain.progress import Progress

ResultT = TypeVar("ResultT")

Job = Iterator[Any]
"""Long work: yields progress and other values, its report is the ``StopIteration`` value."""

REPORT_SECONDS = 0.05
"""Signs of life closer together than this are dropped; the eye cannot follow more."""


def attempt(doing: str, work: Callable[[], ResultT]) -> tuple[ResultT | None, FollowertuiError | None]:
    """Do something that must not end the program.

    Args:
        doing: what is done, plain words.
        work: what to do.

    Returns:
        The result, or the error as one clear line. Of an error nobody foresaw only its name and
        place are told: its text may hold anything, names of people and keys too.
    """
    try:
        return work(), None
    except FollowertuiError as problem:
        return None, problem
    except Exception as problem:
        return None, FollowertuiError(unforeseen(doing, problem))


def unforeseen(doing: str, problem: BaseException) -> str:
    """One line about an error nobody foresaw: its name and where in the program it arose."""
    frames = traceback.extract_tb(problem.__traceback__)
    ours = next((frame for frame in reversed(frames) if "followertui" in frame.filename), None)
    place = f" at {PurePath(ours.filename).name}:{ours.lineno}" if ours is not None else ""
    return f"{doing}: something went wrong ({type(problem).__name__}{place}); `followertui doctor` looks at the store"


class JobProgressed(Message):
    """A job is further on."""

    def __init__(self, job: RunningJob, progress: Progress) -> None:
        super().__init__()
        self.job = job
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        """Only the newest state of a job is worth drawing."""
        return isinstance(message, JobProgressed) and message.job is self.job


class JobSaid(Message):
    """A job yielded something else than progress, such as a call that came back."""

    def __init__(self, job: RunningJob, value: Any) -> None:
        super().__init__()
        self.job = job
        self.value = value


class JobEnded(Message):
    """A job is over: it brought a report, failed with a clear line, or was stopped."""

    def __init__(self, job: RunningJob, report: Any, error: FollowertuiError | None) -> None:
        super().__init__()
        self.job = job
        self.report = report
        self.error = error


class RunningJob:
    """One job under way.

    Args:
        title: what is being done, plain words.
        make: makes the generator, given the event that stops it.
        listener: the screen or widget that hears of it.
        then: called in the screen's thread with the report when it ended well.
    """

    def __init__(
        self,
        title: str,
        make: Callable[[Event], Job],
        listener: MessagePump,
        then: Callable[[Any], None] | None = None,
    ) -> None:
        self.title = title
        self.cancel = Event()
        self.then = then
        self._make = make
        self._listener = listener

    def stop(self) -> None:
        """Ask the job to stop at its next safe point."""
        self.cancel.set()

    def run(self) -> None:
        """Drive the generator to its end; meant for a thread worker."""
        report, error = attempt(self.title, lambda: self._drive(self._make(self.cancel)))
        if error is None and self.cancel.is_set() and report is None:
            error = Cancelled(f"{self.title}: stopped; what was done stays")
        self._listener.post_message(JobEnded(self, report, error))

    def _drive(self, job: Job) -> Any:
        last = 0.0
        while True:
            try:
                value = next(job)
            except StopIteration as end:
                return end.value
            if not isinstance(value, Progress):
                self._listener.post_message(JobSaid(self, value))
                continue
            now = time.monotonic()
            if now - last >= REPORT_SECONDS:
                last = now
                self._listener.post_message(JobProgressed(self, value))
