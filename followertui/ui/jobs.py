"""The running job on the screen: messages about it, and the strip that shows it everywhere.

Owns how a job looks and the messages the app hears of it by. The job itself is the runner's
(``services.jobs``), which the app holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from followertui.domain.errors import Cancelled
from followertui.services.jobs import Job, JobState
from followertui.services.phrases import progress_words
from followertui.ui.attempt import Guarded
from followertui.ui.cells import Part, counted, line
from followertui.ui.targets import RunVerb, target

ESTIMATE_SECONDS = 3.0
"""A pace measured for less than this says nothing of what is to come."""


class GoesOn(NamedTuple):
    """The command that resumes stopped work: in the program, and on the command line."""

    here: str
    command: str


GOES_ON = {
    "apply": GoesOn("$ in the plan", "followertui apply"),
    "import": GoesOn("I and the same file", "followertui import resume"),
    "sync": GoesOn(":sync", "followertui sync"),
    "x-live": GoesOn(":live", "followertui sync --live"),
    "x-leavers": GoesOn(":leavers", "followertui sync --leavers"),
    "x-names": GoesOn(":names", "followertui sync --names"),
    "x-profiles": GoesOn(":profiles", "followertui sync --profiles QUERY"),
    "x-candidates": GoesOn("L", "followertui candidates LIST --look-up"),
    "x-marks": GoesOn(":muted", "followertui sync --muted --blocked --lists"),
    "match": GoesOn(":match", "followertui match"),
    "judge": GoesOn(":judge", "followertui judge"),
    "catch-up": GoesOn(":rest", "followertui match, then followertui judge"),
}
"""By the name of the job; a job that is missing leaves nothing to resume."""

Describe = Callable[[Any], str]
"""What a job's result says in one line, "" for nothing."""


class JobMessage(Message):
    """Something about a job."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job


class JobProgressed(JobMessage):
    """A job is further on."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest state of a job is worth drawing."""
        return isinstance(message, JobProgressed) and message.job is self.job


class JobYielded(JobMessage):
    """A job yielded something else than progress, such as a call that came back."""

    def __init__(self, job: Job, value: Any) -> None:
        super().__init__(job)
        self.value = value


class JobEnded(JobMessage):
    """A job is over; its state, result and error say how."""


class JobStrip(Guarded, Widget):
    """What runs, how far and how long; else what waits for X; not there where there is neither."""

    ALLOW_SELECT = False

    def __init__(self, stop_key: str) -> None:
        super().__init__(id="job")
        self._stop_key = stop_key
        self._job: Job | None = None
        self._waiting = ""

    def show(self, job: Job | None, waiting: str = "") -> None:
        """Show a job as it is now; where nothing runs, what waits for X in words, "" for nothing."""
        self._job, self._waiting = job, waiting
        self.display = job is not None or bool(waiting)
        self.refresh()

    def render(self) -> Content:
        """One line; how long and how to stop keep their place at the right edge."""
        job = self._job
        if job is None:
            goes_on = line((f" {self._stop_key} goes on ", "$foreground-muted")).stylize(target(RunVerb("stop")))
            return self._edged(line((f" {self._waiting}", "$warning")), goes_on)
        if job.state is JobState.STOPPING:
            stops = line((" stopping ", "bold $warning"))
        else:
            stops = line((f" {self._stop_key} stops ", "$foreground-muted")).stylize(target(RunVerb("stop")))
        return self._edged(line(*_parts(job, self.size.width)), line((times(job), "$foreground-muted"), stops))

    def _edged(self, body: Content, right: Content) -> Content:
        """A line whose end keeps its place at the right edge."""
        width = self.size.width
        body = body.truncate(max(0, width - right.cell_length - 1), ellipsis=True)
        return body.pad_right(max(0, width - right.cell_length - body.cell_length)) + right


def done_line(job: Job) -> str:
    """How far a job is: ``apply: 122 of 1,611 done``."""
    far = progress_words(job.progress)
    return f"{job.title}: {far} done" if far else job.line


def ended_line(job: Job, describe: Describe, *, leaving: bool = False) -> tuple[str, str]:
    """How a job ended, in one line, and the style of the line.

    Args:
        job: a job that is over.
        describe: what its result says.
        leaving: whether the line is read at the prompt, after the program.
    """
    if job.error is None:
        return describe(job.result), ""
    if not isinstance(job.error, Cancelled):
        return str(job.error), "$text-error"
    text = str(job.error)
    if job.error.is_resumable and job.name in GOES_ON:
        goes_on = GOES_ON[job.name]
        text += f"; {goes_on.command if leaving else goes_on.here} goes on"
    return text, "$warning"


def _parts(job: Job, width: int) -> list[Part]:
    """Title, a bar, counts and words."""
    parts: list[Part] = [(f" {job.title} ", "bold")]
    progress = job.progress
    if progress is not None and progress.total:
        cells = max(6, min(24, width // 10))
        filled = min(cells, progress.done * cells // progress.total)
        parts += [("━" * filled, "$primary"), ("─" * (cells - filled), "$panel-lighten-2")]
        parts.append(f" {counted(progress.done)} of {counted(progress.total)} ")
    elif progress is not None and progress.done:
        parts.append(f"{counted(progress.done)} ")
    if progress is not None and progress.text:
        parts.append((progress.text, "$foreground-muted"))
    return parts


def times(job: Job) -> str:
    """How long a job runs, and how long it still will at its pace so far."""
    remaining = job.remaining_seconds
    if remaining is None or job.state is not JobState.RUNNING or job.elapsed_seconds < ESTIMATE_SECONDS:
        return clock_time(job.elapsed_seconds)
    return f"{clock_time(job.elapsed_seconds)}, {clock_time(remaining)} to go"


def clock_time(seconds: float) -> str:
    """``0:07``, ``12:40``, ``1:05:00``."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
