"""Commands as processes that can be struck: forks of this one, which has everything imported already.

Owns how a moment is chosen and hit. Linux and macOS only.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import resource
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chaos_x import hit

from followertui.__main__ import main
from followertui.cli.main import SECTIONS

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
MOST_SECONDS = 120
LOST, NOT_BEGUN = 99, 98
"""Codes of a process that an exception ended: of the program itself, or struck before it began."""
_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")
_FILE_EVENTS = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.truncate", "shutil.rmtree"})


class Strike(NamedTuple):
    """A moment at which a process is hit.

    Attributes:
        signal: which one is sent.
        at: "step" (a statement of SQLite, or something done to a file), "write" (a step that changes
            something), "time", or "call" to X.
        number: which step, write or call, counted from 1; milliseconds of a time.
        when: of a call: "before" X does it, "done" before it answers, "answered" a moment later.
        later: seconds, for "answered".
        is_twice: a second signal follows at once.
    """

    signal: signal.Signals
    at: str
    number: int
    when: str = ""
    later: float = 0.0
    is_twice: bool = False

    def __str__(self) -> str:
        twice = " twice" if self.is_twice else ""
        return f"{self.signal.name}{twice} at {self.at} {self.number} {self.when}".rstrip()


class Ended(NamedTuple):
    """How a command ended: exit code (below 0: the signal), what it wrote, whether it was struck."""

    arguments: Sequence[str]
    code: int
    out: str
    err: str
    is_struck: bool = False

    @property
    def lines(self) -> list[str]:
        """What it said of failing or stopping."""
        return [line for line in self.err.splitlines() if line.startswith("followertui: ")]


def strike_for(dice: random.Random, steps: int, writes: int, milliseconds: int, makes_calls: bool) -> Strike:
    """A random moment of a command that takes about so many steps and writes, and so long."""
    number = dice.choice(SIGNALS)
    is_twice = number is not signal.SIGKILL and dice.random() < 0.2
    if makes_calls and dice.random() < 0.6:
        when = dice.choice(("before", "done", "answered"))
        return Strike(number, "call", dice.randint(1, 4), when, dice.choice((0.0, 0.001, 0.004)), is_twice)
    if dice.random() < 0.3:
        return Strike(number, "time", dice.randint(1, milliseconds), is_twice=is_twice)
    at, most = dice.choice((("step", steps), ("write", writes)))
    return Strike(number, at, dice.randint(1, most), is_twice=is_twice)


def warm_up() -> None:
    """Import what commands import, so that their processes begin with it."""
    for lines in SECTIONS.values():
        for _, module, _ in lines:
            importlib.import_module(f"followertui.cli.{module}")
    for name in (
        "numpy", "rapidfuzz", "sqlite_utils", "tweepy", "requests_oauthlib", "lark", "followertui.x.client",
        "followertui.services.workbench", "followertui.services.catching_up", "followertui.matching.matcher",
        "followertui.quality.judging", "followertui.store.index.evaluator", "followertui.query.parsing",
        "followertui.services.care.doctor", "followertui.services.plan.applying",
    ):  # fmt: skip
        importlib.import_module(name)


class Running:
    """A command at work.

    Args:
        folder: of the life; what the command writes is kept there.
        arguments: the command line without the program's name.
        environment: the whole environment.
        strike: when it is hit; None for never.
        most_bytes: no file may grow beyond this: as good as a full disk; None for no limit.
    """

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        strike: Strike | None = None,
        most_bytes: int | None = None,
    ) -> None:
        self._folder, self._arguments, self._strike = folder, arguments, strike
        self._began = time.monotonic()
        if strike is not None:
            for note in ("struck", "strike.json"):
                (folder / note).unlink(missing_ok=True)
        self._said = folder / f"said-{time.monotonic_ns()}"
        self._code: int | None = None
        self._has_begun = False
        for stream in ("out", "err"):
            Path(f"{self._said}.{stream}").touch()
        self._pid = os.fork()
        if not self._pid:
            try:
                self._work(environment, most_bytes)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(LOST if self._has_begun else NOT_BEGUN)

    def has_ended(self) -> bool:
        """Whether it ended, without waiting."""
        return self._status() is not None

    def ended(self, meanwhile: Callable[[], object] = lambda: None) -> Ended:
        """Wait for the end, striking where a time was chosen.

        Args:
            meanwhile: called again and again.

        Raises:
            TimeoutError: it hangs.
        """
        if self._strike is not None and self._strike.at == "time":
            time.sleep(self._strike.number / 1000)
            if self._status() is None:
                hit(self._pid, self._strike.signal, self._folder, self._strike.is_twice)
        while (status := self._status()) is None:
            time.sleep(0.002)
            meanwhile()
            if time.monotonic() - self._began > MOST_SECONDS:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                raise TimeoutError(f"{' '.join(self._arguments)}: hangs")
        if self._strike is not None:
            (self._folder / "strike.json").unlink(missing_ok=True)
        out, err = (Path(f"{self._said}.{stream}") for stream in ("out", "err"))
        texts = [stream.read_text(encoding="utf-8", errors="replace") for stream in (out, err)]
        out.unlink()
        err.unlink()
        is_struck = self._strike is not None and (self._folder / "struck").exists() and status != NOT_BEGUN
        return Ended(self._arguments, status, texts[0], texts[1], is_struck)

    def _status(self) -> int | None:
        """The exit code, None while it works."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def _work(self, environment: Mapping[str, str], most_bytes: int | None) -> None:
        """What the new process does; it does not return."""
        os.environ.clear()
        os.environ.update(environment)
        for number, name in enumerate((os.devnull, f"{self._said}.out", f"{self._said}.err")):
            opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        if self._strike is not None:
            _arm(self._strike, self._folder)
        self._has_begun = True
        sys.argv = ["followertui", *self._arguments]
        try:
            main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(int(end.code or 0))


def _arm(strike: Strike, folder: Path) -> None:
    """Let this process be struck at a step, or tell X at which call to strike it."""
    if strike.at == "call":
        told = {"pid": os.getpid(), "signal": int(strike.signal), "call": strike.number, "when": strike.when,
                "later": strike.later, "twice": strike.is_twice}  # fmt: skip
        (folder / "strike.json").write_text(json.dumps(told))
    if strike.at not in ("step", "write"):
        return
    left = strike.number

    def step(sql: str = "COMMIT") -> None:
        nonlocal left
        if strike.at == "write" and sql.lstrip()[:6].upper() not in _WRITES:
            return
        left -= 1
        if not left:
            hit(os.getpid(), strike.signal, folder, strike.is_twice)

    def event(name: str, values: tuple[Any, ...]) -> None:
        if name in _FILE_EVENTS:
            step()

    class Counted(sqlite3.Connection):
        """A connection whose statements are steps: struck before one, as an exception of a handler passes through."""

        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            step(sql)
            return super().execute(sql, *values)

        def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
            step(sql)
            return super().executemany(sql, *values)

    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **options: connect(*arguments, **{"factory": Counted, **options})
    sys.addaudithook(event)
