"""Long work: one job at a time, run in its own thread, stopped at a safe point.

Owns the life of a job: progress, stopping, waiting, how it ended. Does not own what a job
does (generators of the use cases) nor how it is shown. Free of Textual and click: the app
and the command line each hold one ``JobRunner``.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from enum import Enum
from threading import Event, Lock, Thread
from typing import Any

from followertui.domain.errors import Busy, Cancelled, FollowertuiError
from followertui.domain.progress import Counted, Progress
from followertui.services.phrases import progress_words
from followertui.store.file import log

REPORT_SECONDS = 0.05
"""Progress closer together than this is not reported; the eye cannot follow more."""

Work = Generator[Any, None, Any]
Make = Callable[[Event], Work]


class JobState(str, Enum):
    """How far a job is."""

    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class JobRunning(Busy):
    """A second job was refused because one is running.

    Attributes:
        job: the one that runs.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(f"{job.line}: stop it or wait for its end first")
        self.job = job


class Job:
    """One piece of long work.

    Args:
        name: stable id, such as "apply" or "import".
        title: what is being done, one or two words.
        resume: the command that resumes it after a stop, "" where nothing is left.

    Attributes:
        progress: the newest progress, None before the first.
        result: what the work returned, None until it is done.
        error: why it ended otherwise, one clear line.
        cancel: set to stop the work; it polls this and waits on it.
    """

    def __init__(self, name: str, title: str, resume: str = "") -> None:
        self.name = name
        self.title = title
        self.resume = resume
        self.cancel = Event()
        self.progress: Progress | None = None
        self.result: Any = None
        self.error: FollowertuiError | None = None
        self.state = JobState.RUNNING
        self._began = time.monotonic()
        self._took: float | None = None
        self._over = Event()

    @property
    def is_over(self) -> bool:
        """Whether the work has ended and left nothing running."""
        return self._over.is_set()

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since the start, until the end once it is over."""
        return time.monotonic() - self._began if self._took is None else self._took

    @property
    def remaining_seconds(self) -> float | None:
        """Seconds still to go at the pace so far, None where that cannot be known."""
        progress = self.progress
        if progress is None or not progress.total or not progress.done:
            return None
        return self.elapsed_seconds * max(0, progress.total - progress.done) / progress.done

    @property
    def line(self) -> str:
        """What runs and how far it is, such as "apply is running, 122 of 1,611"."""
        far = progress_words(self.progress)
        state = "is stopping" if self.state is JobState.STOPPING else "is running"
        return f"{self.title} {state}" + (f", {far}" if far else "")

    def stop(self) -> None:
        """Ask the work to stop at its next safe point."""
        if self.state is JobState.RUNNING:
            self.state = JobState.STOPPING
        self.cancel.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the work to end, at most some seconds; returns whether it has."""
        return self._over.wait(seconds)

    def end(self, state: JobState, result: Any, error: FollowertuiError | None) -> None:
        """Note how it ended; for the runner."""
        self.state, self.result, self.error = state, result, error
        self._took = time.monotonic() - self._began

    def release(self) -> None:
        """Wake the waiting threads; for the runner."""
        self._over.set()


def _nothing(*_: Any) -> None:
    """Ignore every report."""


class JobRunner:
    """Runs one job at a time and reports from the job's thread.

    Args:
        progressed: called with the job when its progress changed, 20 times a second at most.
        yielded: called with the job and every value that is not ``Progress``.
        ended: called with the job once; ``state``, ``result`` and ``error`` say how it ended.
    """

    def __init__(
        self,
        progressed: Callable[[Job], None] = _nothing,
        yielded: Callable[[Job, Any], None] = _nothing,
        ended: Callable[[Job], None] = _nothing,
    ) -> None:
        self._progressed = progressed
        self._yielded = yielded
        self._ended = ended
        self._lock = Lock()
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """The job that runs, None when idle."""
        job = self._job
        return None if job is None or job.is_over else job

    def start(self, name: str, title: str, make: Make, resume: str = "") -> Job:
        """Run long work in its own thread.

        Args:
            name: stable id of the work.
            title: what is being done, one or two words.
            make: makes the generator, given the event that stops it.
            resume: the command that resumes it after a stop.

        Returns:
            The job, running.

        Raises:
            JobRunning: another job runs; the line says which and how far it is.
        """
        with self._lock:
            if self.job is not None:
                raise JobRunning(self.job)
            job = self._job = Job(name, title, resume)
        # A daemon: nothing that hangs in a call may keep the program from ending.
        Thread(target=self._run, args=(job, make), name=f"job {name}", daemon=True).start()
        return job

    def stop(self) -> Job | None:
        """Ask the running job to stop at its next safe point; returns it, None when idle."""
        job = self.job
        if job is not None:
            job.stop()
        return job

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing runs, at most some seconds; returns whether that is so."""
        job = self._job
        return job is None or job.wait(seconds)

    def _run(self, job: Job, make: Make) -> None:
        try:
            result = self._drive(job, make(job.cancel))
        except Cancelled as stop:
            job.end(JobState.STOPPED, None, with_resume(stop, job.resume))
        except BaseException as problem:
            job.end(JobState.FAILED, None, log.as_error(job.title, problem))
        else:
            if result is None and job.cancel.is_set():
                job.end(JobState.STOPPED, None, Cancelled(f"{job.title}: stopped; what was done stays"))
            else:
                job.end(JobState.DONE, result, None)
        finally:
            job.release()
        self._ended(job)

    def _drive(self, job: Job, work: Work) -> Any:
        last = 0.0
        with contextlib.closing(work):
            while True:
                try:
                    value = next(work)
                except StopIteration as end:
                    return end.value
                if not isinstance(value, Progress):
                    if isinstance(value, Counted):
                        job.progress = Progress(value.done, value.total, "")
                    self._yielded(job, value)
                    continue
                job.progress = value
                now = time.monotonic()
                if now - last >= REPORT_SECONDS:
                    last = now
                    self._progressed(job)


def with_resume(stop: Cancelled, resume: str) -> Cancelled:
    """A stop that names the command that resumes the work, unless nothing is left."""
    if not resume or not stop.is_resumable:
        return stop
    return Cancelled(f"{stop}; {resume} goes on")
