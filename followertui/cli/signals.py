"""Signals on the command line: Ctrl-C, SIGTERM and a lost terminal.

Owns the list of signals that stop the program and the two ways they do it: as
``KeyboardInterrupt`` between pieces of long work, as a call while one runs (see ``jobs``).
A signal that was ignored when the program began (``nohup``, ``&``) stays ignored.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

EXIT_STOPPED = 3
"""Exit code of a program that a signal or a limit stopped; running it again goes on."""

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

Handler = Callable[[int, Any], None]


@contextlib.contextmanager
def on_stopping_signals(handler: Handler) -> Iterator[None]:
    """Call a handler for every signal that stops the program, while this lasts.

    Only the main thread hears signals; in any other this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in STOPPING}
    heard = [number for number, before in former.items() if before is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, former[number] or signal.SIG_DFL)


def once(call: Callable[[], object]) -> Handler:
    """A handler that makes a call at the first signal: one that takes a lock would wait for itself in a second."""
    heard: list[int] = []

    def handler(number: int, frame: Any) -> None:
        """Make the call, the first time."""
        heard.append(number)
        if len(heard) == 1:
            call()

    return handler


def interrupt(number: int, frame: Any) -> None:
    """Stop as Ctrl-C does, whichever signal it was.

    Raises:
        KeyboardInterrupt: always.
    """
    raise KeyboardInterrupt


def say_no_interrupts_of_finalisers() -> None:
    """Leave out Python's own report of an interrupt that fell into a finaliser, where nothing can catch it."""
    former = sys.unraisablehook

    def hook(unraisable: Any) -> None:
        """Say nothing of a Ctrl-C that struck while objects were being freed."""
        if not isinstance(unraisable.exc_value, KeyboardInterrupt):
            former(unraisable)

    sys.unraisablehook = hook


def end_now(code: int = EXIT_STOPPED) -> None:
    """End the process without waiting for its threads; SQLite rolls back what was not committed."""
    for stream in (sys.stdout, sys.stderr):
        # A signal may have come while the stream was being written to.
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            stream.flush()
    os._exit(code)


class Watchdog:
    """Ends the process when its end takes too long, whatever hangs: a terminal that reads no more, or the screen."""

    def __init__(self) -> None:
        # Unlike an event or a timer, it may be told in the middle of being told, as by a signal.
        self._told: SimpleQueue[float | None] = SimpleQueue()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def start(self, seconds: float) -> None:
        """Let the end take some seconds from now at most; may be called again, from a signal handler too."""
        self._told.put(time.monotonic() + seconds)

    def cancel(self) -> None:
        """Nothing can hang any more."""
        self._told.put(None)

    def _watch(self) -> None:
        until: float | None = None
        while True:
            try:
                told = self._told.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except Empty:
                # Flushing would wait for the very terminal that hangs.
                os._exit(EXIT_STOPPED)
            if told is None:
                return
            until = told if until is None else min(until, told)
