"""Signals that come while the answer to another one is being printed."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from threading import Event
from typing import Any

import click
import pytest

from followertui.cli import jobs
from followertui.cli.options import Options
from followertui.domain.errors import Cancelled
from followertui.services import jobs as running


class Ringing(io.RawIOBase):
    """A terminal at which Ctrl-C is pressed once more as soon as something is written to it."""

    def __init__(self) -> None:
        self.has_rung = False

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if not self.has_rung:
            self.has_rung = True
            os.kill(os.getpid(), signal.SIGINT)
        return len(content)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_twice_in_an_instant_ends_the_program_without_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one found the stream busy: "something went wrong (RuntimeError)"."""
    ended: list[bool] = []
    terminal = io.TextIOWrapper(io.BufferedWriter(Ringing()), line_buffering=True)
    monkeypatch.setattr(jobs, "end_now", lambda: ended.append(True))
    monkeypatch.setattr(sys, "stderr", terminal)

    def work(cancel: Event) -> Generator[None, None, None]:
        os.kill(os.getpid(), signal.SIGINT)
        cancel.wait(20)
        yield

    with pytest.raises(Cancelled):
        jobs.run_job(Options(), work)
    assert ended == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_that_comes_with_another_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """timeout(1) sends two: the second struck while the first held the lock of the event, and waited for ever."""

    class Struck(Event):
        def set(self) -> None:
            """Struck by a signal while it holds its lock, where a signal's handler sets it."""
            if threading.current_thread() is threading.main_thread():
                with self._cond:  # type: ignore[attr-defined]
                    os.kill(os.getpid(), signal.SIGTERM)
                    time.sleep(0.01)
            super().set()

    monkeypatch.setattr(running, "Event", Struck)
    monkeypatch.setattr(jobs, "end_now", lambda: pytest.fail("ended at once"))

    def work(cancel: Event) -> Generator[None, None, None]:
        os.kill(os.getpid(), signal.SIGTERM)
        cancel.wait(20)
        yield

    with pytest.raises(Cancelled):
        jobs.run_job(Options(quiet=True), work)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_at_the_very_end_of_one_piece_of_work_keeps_the_next_from_beginning() -> None:
    """The import was at its end when Ctrl-C came, and the comparison that follows it ran to its own."""
    begun: list[str] = []

    def work(name: str, is_struck: bool) -> Generator[None, None, str]:
        begun.append(name)
        if is_struck:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
        yield
        return name

    with click.Context(click.Command("accounts"), info_name="accounts"):
        assert jobs.run_job(Options(quiet=True), lambda _: work("import", False)) == "import"
        assert jobs.run_job(Options(quiet=True), lambda _: work("check", True)) == "check"
        with pytest.raises(Cancelled, match="accounts: stopped; what was done stays done, run it again"):
            jobs.run_job(Options(quiet=True), lambda _: work("compare", False), resume="followertui match")
    assert begun == ["import", "check"]
