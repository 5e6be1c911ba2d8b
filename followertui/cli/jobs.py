"""Long work on the command line: a progress line, and signals that stop it at a safe point.

Owns what Ctrl-C, SIGTERM and SIGHUP mean while work runs: the first asks it to stop and
waits, the second ends the process at once. Either way the exit code is 3 and nothing that
was written is lost.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator, Iterator
from threading import Event
from typing import Any, TypeVar

import click

from followertui.cli.options import Options
from followertui.cli.printing import fail, redraw
from followertui.cli.signals import end_now, interrupt, on_stopping_signals
from followertui.domain.errors import Cancelled
from followertui.domain.progress import Progress
from followertui.services.jobs import Job, JobRunner
from followertui.services.phrases import progress_words

Result = TypeVar("Result")

_STOP_ASKED = "followertui.cli.jobs.stop_asked"
"""Key of the command's context: a signal asked an earlier piece of its work to stop."""


class _ProgressLine:
    """The newest progress, drawn over the one before where a person looks at it."""

    def __init__(self, is_live: bool) -> None:
        self._is_live = is_live
        self._length = 0

    def draw(self, text: str) -> None:
        """Draw the text over the one before; nothing where no person looks at it."""
        if self._is_live and text:
            self._length = redraw(text, self._length)

    def end(self) -> None:
        """Draw no more: what comes next are sentences."""
        self.clear()
        self._is_live = False

    def clear(self) -> None:
        """Leave an empty line."""
        if self._length:
            self._length = redraw("", self._length)


def run_job(
    options: Options,
    make: Callable[[Event], Generator[Any, None, Result]],
    show: Callable[[Any], str] | None = None,
    resume: str = "the same command",
) -> Result:
    """Run long work under a progress line.

    Args:
        options: ``quiet`` leaves the line out.
        make: starts the work with an event that stops it.
        show: turns what it yields into text, for work that yields more than progress.
        resume: the command that resumes it after a stop.

    Returns:
        What the work returned.

    Raises:
        Cancelled: a signal stopped it; the message names the command that resumes it.
        FollowertuiError: the work failed.
    """
    line = _ProgressLine(not options.quiet and sys.stderr.isatty())
    runner = JobRunner(
        lambda job: line.draw(_progress_text(job.progress)),
        lambda _, value: line.draw(show(value) if show else ""),
    )
    context = click.get_current_context(silent=True)
    name = context.info_name or "work" if context is not None else "work"
    if context is not None and context.meta.get(_STOP_ASKED):
        raise Cancelled(f"{name}: stopped; what was done stays done, run it again to go on")
    with _signals_stop(runner, line):
        job = runner.start(name, name, make, resume)
        job.wait()
    line.clear()
    if context is not None:
        # Work that was at its end already ends well; what the command would begin next is not begun.
        context.meta[_STOP_ASKED] = job.cancel.is_set()
    if job.error is not None:
        raise job.error
    result: Result = job.result
    return result


@contextlib.contextmanager
def _signals_stop(runner: JobRunner, line: _ProgressLine) -> Iterator[None]:
    """While this lasts a signal only asks the work to stop; the second one ends the process."""
    asked: list[Job] = []
    is_asking = False

    def on_signal(number: int, frame: Any) -> None:
        """Ask the work to stop; a second signal ends the process."""
        nonlocal is_asking
        job = runner.job
        if is_asking:
            # It came with the one before, as timeout(1) sends two: asking again would wait for itself.
            return
        if job is None:
            interrupt(number, frame)
        elif asked:
            with contextlib.suppress(OSError, RuntimeError):
                line.clear()
            _tell("ended at once; what was written stays, run it again to go on")
            end_now()
        else:
            asked.append(job)
            is_asking = True
            job.stop()
            is_asking = False
            line.end()
            _tell(f"{job.title}: stopping at the next safe point; Ctrl-C again ends it at once")

    with on_stopping_signals(on_signal):
        yield


def _tell(text: str) -> None:
    """Print a line; one signal may come while the line of the other is being written, then it is left out."""
    with contextlib.suppress(OSError, RuntimeError):
        fail(text)


def _progress_text(progress: Progress | None) -> str:
    if progress is None:
        return ""
    far = progress_words(progress)
    if not far:
        return progress.text
    share = f" ({100 * progress.done // progress.total}%)" if progress.total else ""
    return f"{progress.text}: {far}{share}"
