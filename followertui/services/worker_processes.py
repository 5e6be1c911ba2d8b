"""Long work on many accounts, shared by helper processes that end with this one.

Owns starting helpers, handing out rows and taking answers back in order, and reading a file
ahead of the writer. Helpers read and write nothing. They are fresh interpreters
on a pipe, so that no program that calls us is run twice, and a pipe that closes ends them
however this process ends. ``matching``, ``judging`` and ``importing`` use it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, TypeVar

import followertui
from followertui.domain.errors import Cancelled, FollowertuiError
from followertui.domain.progress import CancelToken, Progress
from followertui.services.collecting import collect_seldom
from followertui.store.file.connection import Store

SHARED_FROM = 20_000
"""From this many accounts on helpers pay off; starting one takes a second."""

_MOST_HELPERS = 4
_AHEAD = 2
_LOW_PRIORITY = 10
_START = "from followertui.services.worker_processes import {0}; {0}()"
_PIPE_BYTES = 1 << 20
_END = "end"
_LOOK_SECONDS = 0.2

Answer = TypeVar("Answer")
Item = TypeVar("Item")
Source = TypeVar("Source")
Rows = Sequence[int]
Prepare = Callable[..., Callable[[Rows], Answer]]
"""Takes a store and more values, returns what answers for some rows; a function of a module."""


def helpers_for(rows: int, store: Store) -> int:
    """Number of helpers that pays for some work; 0: it is done in this process.

    A processor is left for a viewer of the store in another process, and one
    to this process, which then shares the work out while it does its own part.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    can_start = bool(sys.executable) and not getattr(sys, "frozen", False)
    if rows <= SHARED_FROM or cores < 2 or not can_start:
        return 0
    return min(cores - 2 if store.leases.is_reviewed_elsewhere() else cores, _MOST_HELPERS)


def shared_out(
    store: Store, prepare: Prepare[Answer], values: tuple[Any, ...], parts: Iterable[Rows], helpers: int
) -> Iterator[tuple[Rows, Answer]]:
    """Answers for parts, in order; what a helper fails to answer is computed here.

    Args:
        store: the open store; helpers open the same file read-only.
        prepare: makes the worker from a store and ``values``.
        values: what it needs besides; goes through a pipe.
        parts: rows, a few thousand at a time; read only as far as they are worked on.
        helpers: how many processes; 0 works in this one.

    Yields:
        Each part with its answer.
    """
    own: list[Callable[[Rows], Answer]] = []

    def answer_here(rows: Rows) -> Answer:
        """The answer for rows, computed in this process."""
        if not own:
            own.append(prepare(store, *values))
        return own[0](rows)

    team = _team(store.path, prepare, values, helpers)
    waiting: deque[tuple[_Helper, Rows]] = deque()

    def next_answer() -> tuple[Rows, Answer]:
        """The answer to the part asked for first."""
        helper, rows = waiting.popleft()
        try:
            return rows, helper.answer()
        except (OSError, EOFError, pickle.UnpicklingError):
            return rows, answer_here(rows)

    try:
        for number, rows in enumerate(parts):
            if not team:
                yield rows, answer_here(rows)
                continue
            helper = team[number % len(team)]
            helper.ask(rows)
            waiting.append((helper, rows))
            if len(waiting) > len(team) * _AHEAD:
                yield next_answer()
        while waiting:
            yield next_answer()
    finally:
        for helper in team:
            helper.end()


def computed_apart(
    store: Store,
    prepare: Prepare[Answer],
    values: tuple[Any, ...],
    rows: Rows,
    helpers: int,
    cancel: CancelToken,
    waiting: Progress,
) -> Generator[Progress, None, Answer]:
    """One long answer, computed by another process, so that neither its memory nor its time is this one's.

    Args:
        store: the open store; the helper opens the same file read-only.
        prepare: makes the worker from a store and ``values``.
        values: what it needs besides; goes through a pipe.
        rows: what is asked.
        helpers: 0 computes it in this process, at once.
        cancel: polled some times a second; the helper ends with it.
        waiting: what is said meanwhile.

    Yields:
        ``waiting``, at least once.

    Returns:
        The answer; where the helper dies it is computed here.

    Raises:
        Cancelled: it was stopped.
    """
    yield waiting
    answers: SimpleQueue[tuple[Answer] | None] = SimpleQueue()
    team = _team(store.path, prepare, values, min(helpers, 1))
    try:
        for helper in team:
            helper.ask(rows)
            Thread(target=_hand_over, args=(helper, answers), daemon=True).start()
            found: tuple[Answer] | None = None
            while True:
                try:
                    found = answers.get(timeout=_LOOK_SECONDS)
                    break
                except Empty:
                    if cancel.is_set():
                        raise Cancelled(f"{waiting.text}: stopped") from None
                    yield waiting
            if found is not None:
                return found[0]
    finally:
        for helper in team:
            helper.end()
    return prepare(store, *values)(rows)


def _hand_over(helper: _Helper, answers: SimpleQueue[tuple[Answer] | None]) -> None:
    """Put the helper's answer into a queue, None where it has died."""
    try:
        answers.put((helper.answer(),))
    except (OSError, EOFError, ValueError, pickle.UnpicklingError):
        answers.put(None)


def read_apart(read: Callable[..., Iterable[Item]], values: tuple[Any, ...]) -> Generator[Item, None, None]:
    """The items of an iterator, in order, read ahead by another process while this one works on them.

    Args:
        read: a function of a module; the same values must give the same items again.
        values: what it is called with; goes through a pipe, as every item does.

    Yields:
        The items; where the helper dies the rest is read here.

    Raises:
        Exception: what reading raised.
    """
    taken = 0
    team = _started("tell", 1)
    try:
        for helper in team:
            helper.ask((read, values))
            with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
                while (item := helper.answer()) != _END:
                    if isinstance(item, Exception):
                        raise item
                    taken += 1
                    yield item
                return
    finally:
        for helper in team:
            helper.end()
    yield from islice(read(*values), taken, None)


def read_ahead(
    store: Store, read: Callable[[Source], Iterable[Item]], source: Source, rows: int | None
) -> Generator[Item, None, None]:
    """What ``read`` yields; a long source is read ahead by a helper, so that two processors share the work.

    Args:
        store: the open store.
        read: a function of a module.
        source: its argument; goes through a pipe.
        rows: how many there are, None where unknown.
    """
    if helpers_for(rows or 0, store) > 1:
        yield from read_apart(read, (source,))
    else:
        yield from read(source)


def parts_of(rows: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """A sequence in parts of ``size``, in order."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class _Helper:
    """One process that answers for rows."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, message: object) -> None:
        """Send something; a helper that has died is noticed at its answer."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def answer(self) -> Any:
        """The answer to the oldest open question.

        Raises:
            EOFError: the helper has died.
        """
        assert self._process.stdout is not None
        return pickle.load(self._process.stdout)

    def end(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()


def _team(path: Path, prepare: Prepare[Any], values: tuple[Any, ...], count: int) -> list[_Helper]:
    """Prepared helpers; none where processes cannot be started."""
    team = _started("serve", count)
    for helper in team:
        helper.ask((prepare, path.resolve(), values))
    return team


def _started(task: str, count: int) -> list[_Helper]:
    """Helpers that run a function of this module; none where processes cannot be started."""
    home = str(Path(followertui.__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([home, known] if known else [home])}
    team: list[_Helper] = []
    with contextlib.suppress(OSError):
        for _ in range(count):
            # In its own session: Ctrl-C goes to the parent, which then ends the helpers.
            # -P: nothing is imported from the folder one happens to be in.
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START.format(task)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                pipesize=_PIPE_BYTES,
            )
            team.append(_Helper(process))
    return team


@contextlib.contextmanager
def _pipe() -> Iterator[BinaryIO]:
    """Where a helper writes its answers; it ends when the pipe closes."""
    collect_seldom()
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)  # keys in an open review go first
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(EOFError, BrokenPipeError):
        yield answers
    # The pipe is closed, or the parent no longer waits: a normal exit would flush to no reader.
    os._exit(0)


def serve() -> None:
    """Main loop of a helper that answers for rows, until the pipe closes."""
    questions = sys.stdin.buffer
    with _pipe() as answers:
        prepare, path, values = pickle.load(questions)
        answer = prepare(Store(path, is_read_only=True), *values)
        while True:
            pickle.dump(answer(pickle.load(questions)), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


def tell() -> None:
    """Main loop of a helper that reads ahead: sends item after item, then the end or the error."""
    with _pipe() as answers:
        read, values = pickle.load(sys.stdin.buffer)
        last: object = _END
        try:
            for item in read(*values):
                pickle.dump(item, answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
        except FollowertuiError as error:
            last = error
        pickle.dump(last, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
