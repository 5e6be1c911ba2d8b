"""A real terminal for tests: a program on a pseudo-terminal, its keys, what it wrote, how it ended."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MOVES = re.compile(r"\x1b\[[0-9;]*[Hf]|\r\n|\r")
_CONTROLS = re.compile(r"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[PX^_\]].*?(?:\x1b\\|\x07)|\x1b.", re.DOTALL)
LEAVES_SCREEN, SHOWS_CURSOR, ENTERS_SCREEN = "\x1b[?1049l", "\x1b[?25h", "\x1b[?1049h"
STOPS_MOUSE = "\x1b[?1000l"


def program(*arguments: str, script: Path | None = None) -> Terminal:
    """``followertui``, or a script that runs it, in a process of its own, on a terminal of its own."""
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    started = [str(script)] if script else ["-m", "followertui"]
    command = [sys.executable, *started, *arguments]
    return Terminal(lambda: os.execve(sys.executable, command, environment))


class Terminal:
    """A process under a terminal of its own.

    Args:
        child: what the process does; it must not return.
        size: columns and lines.
    """

    def __init__(self, child: Callable[[], object], size: tuple[int, int] = (120, 36)) -> None:
        self.raw = ""
        self._mark = 0
        self._status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            child()
            os._exit(127)

    def send(self, keys: str) -> None:
        """Write keys as a terminal does, all in one piece."""
        os.write(self._fd, keys.encode())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def text(self) -> str:
        """What was written since the last ``forget``, without controls; a jump of the cursor is a new line."""
        return _CONTROLS.sub("", _MOVES.sub("\n", self.raw[self._mark :]))

    def forget(self) -> None:
        """Look only at what is written from now on."""
        self.read(0)
        self._mark = len(self.raw)

    def read(self, seconds: float) -> bool:
        """Take what was written within so many seconds; whether there was anything."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            some = os.read(self._fd, 65536)
        except OSError:  # the last one on the other side has gone
            return False
        self.raw += some.decode("utf-8", "replace")
        return bool(some)

    def read_for(self, seconds: float) -> None:
        """Take what is written for so long: the pause of a typing hand."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def rest(self) -> None:
        """Read until nothing is written for a moment; a job's progress is not waited for."""
        end = time.monotonic() + 0.6
        while time.monotonic() < end and self.read(0.15):
            pass

    def until(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        """Wait for a condition on what was written."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.status() is not None:
                self.read(0.1)
                assert condition(), f"never came; the end of what was written:\n{self.text[-3000:]}"
                return
            self.read(0.1)

    def wait_for(self, text: str, seconds: float = 60.0) -> str:
        """Wait until something is written; returns all that was."""
        self.until(lambda: text in self.text, seconds)
        return self.text

    def press(self, keys: str, text: str) -> str:
        """Press keys on a screen that came to rest, until something is written.

        Keys pressed while a screen changes are dropped, and pressed again.
        """
        for _ in range(10):
            self.rest()
            self.send(keys)
            end = time.monotonic() + 6.0
            while time.monotonic() < end:
                if text in self.text:
                    return self.text
                self.read(0.1)
        raise AssertionError(f"{keys!r} never brought {text!r}; what was written:\n{self.text[-3000:]}")

    def status(self) -> int | None:
        """The exit code, negative for a signal, None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def ended(self, seconds: float = 60.0) -> int:
        """Wait for the end; returns the exit code."""
        self.until(lambda: self.status() is not None, seconds)
        while self.read(0.05):
            pass
        code = self.status()
        assert code is not None
        return code

    def takes_keys(self) -> bool:
        """Whether the program was handed the keys raw; until then the terminal itself takes ctrl+q, and echoes text."""
        return not termios.tcgetattr(self._fd)[3] & termios.ICANON

    def is_suspended(self) -> bool:
        """Whether the process sleeps until it is told to go on."""
        self.read(0)
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        return bool(pid) and os.WIFSTOPPED(status)

    def gone(self, seconds: float) -> bool:
        """Wait for the end where nothing can be read any more; whether it came."""
        end = time.monotonic() + seconds
        while self.status() is None and time.monotonic() < end:
            select.select([], [], [], 0.05)
        return self.status() is not None

    def hang_up(self) -> None:
        """The terminal goes away."""
        os.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        if self.status() is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._fd >= 0:
            os.close(self._fd)
