"""Runs inputs against the command line, in this process or as processes of their own, and judges what comes of it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fuzz_inputs import CORPUS, Input

from followertui.cli.main import run
from followertui.cli.options import Options
from followertui.cli.wiring import workbench
from followertui.domain.errors import FollowertuiError
from followertui.services import querying
from followertui.services.session import Session
from followertui.store.file import log
from followertui.text.escaping import safe_line

MOST_SECONDS = 10
MOST_BYTES = 1 << 30
CODES = frozenset({0, 1, 2, 3, 4})
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Outcome(NamedTuple):
    """What one input did; ``fault`` is "" where it behaved."""

    code: int
    seconds: float
    fault: str


class Hang(BaseException):
    """It took too long."""


class Bench:
    """A small store in a folder of its own, and the environment of a person without settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "own.db"
        self._built = folder / "built.db"
        self._session: Session | None = None
        os.environ.update(XDG_DATA_HOME=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config"))
        for name in [name for name in os.environ if name.startswith("FOLLOWERTUI_")]:
            del os.environ[name]
        for line in (
            ["import", "accounts", str(CORPUS / "accounts.csv"), "--relation", "follower", "--complete"],
            ["import", "list", str(CORPUS / "customers.csv"), "--kind", "customer", "--basis", "own-records"],
        ):
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                assert run(["--store", str(self._built), "--quiet", *line]) == 0
        self.renew()

    def ask(self, query: str) -> int:
        """Answer a query on the store as it was built; opening it for each would take most of the time."""
        if self._session is None:
            self._session = workbench(Options(store=str(self._built), read_only=True)).session
        querying.rows_of(self._session, query)
        return 0

    def close(self) -> None:
        """Let go of the store."""
        if self._session is not None:
            self._session.store.close()

    def renew(self) -> None:
        """Begin again with the store as it was built; what commands wrote goes."""
        for path in self.folder.iterdir():
            if path != self._built and path.is_file():
                path.unlink()
        shutil.rmtree(f"{self.store}.cache", ignore_errors=True)
        shutil.copyfile(self._built, self.store)
        self.store.chmod(0o600)

    def arguments(self, one: Input) -> list[str]:
        """The command line, its file written."""
        file = self.folder / f"input{one.ending}"
        if any(part == "FILE" for part in one.arguments):
            file.write_bytes(one.content)
        out = re.compile("OUT([0-9]+)")
        parts = [str(file) if part == "FILE" else out.sub(str(self.folder / r"out\1"), part) for part in one.arguments]
        return ["--store", str(self.store), *parts]


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """A bench in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Bench(Path(folder))) as place:
        yield place


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: Any) -> None:
        raise Hang

    former = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def in_process(place: Bench, one: Input) -> Outcome:
    """Run an input here; an unforeseen error is a fault though the program makes a line of it."""
    out, err = io.StringIO(), io.StringIO()
    began = time.monotonic()
    code, fault = -1, ""
    try:
        with _alarm(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = place.ask(one.arguments[1]) if one.kind == "query" else run(place.arguments(one))
    except FollowertuiError as error:
        code = error.exit_code
        err.write(safe_line(str(error)))
    except Hang:
        fault = f"longer than {MOST_SECONDS} s"
    except BaseException as error:
        fault = f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - began
    log.keep_in(log.ErrorLog(None, None))
    return Outcome(code, seconds, fault or fault_of(code, out.getvalue(), err.getvalue()))


def as_process(place: Bench, one: Input) -> Outcome:
    """Run an input as a person does, and see what memory it took."""
    # Zero bytes and lone surrogates above the byte range cannot be handed to a process at all.
    words = [part.encode("utf-8", "surrogateescape" if _is_bytes(part) else "replace") for part in place.arguments(one)]
    command: list[Any] = [sys.executable, "-P", "-m", "followertui", *words]
    began = time.monotonic()
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True) as process,
    ):
        try:
            # Fifty times as long as in process: what counts here is the load of the machine too.
            _wait(process, MOST_SECONDS * 12)
            usage = os.wait4(process.pid, 0)
        except subprocess.TimeoutExpired:
            process.kill()
            return Outcome(-1, time.monotonic() - began, "hangs")
        process.returncode = code = os.waitstatus_to_exitcode(usage[1])
        seconds = usage[2].ru_utime + usage[2].ru_stime
        out.seek(0)
        err.seek(0)
        said = [stream.read().decode("utf-8", "replace") for stream in (out, err)]
    fault = fault_of(code, *said)
    if seconds > MOST_SECONDS:
        fault = f"{seconds:.0f} s of processor time"
    if usage[2].ru_maxrss * 1024 > MOST_BYTES:
        fault = f"{usage[2].ru_maxrss >> 10} MB"
    return Outcome(code, seconds, fault)


def _wait(process: subprocess.Popen[bytes], most: float) -> None:
    """Wait until a process has ended, without taking its exit status."""
    end = time.monotonic() + most
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > end:
            raise subprocess.TimeoutExpired(process.args, most)
        time.sleep(0.01)


def _is_bytes(part: str) -> bool:
    try:
        part.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def fault_of(code: int, out: str, err: str) -> str:
    """What is wrong with what a command said, "" where nothing is."""
    if code not in CODES:
        return f"exit code {code}: {err[-300:]}"
    if "Traceback" in err or "something went wrong" in err:
        return err.strip().splitlines()[-1]
    if code and not err.strip():
        return f"exit code {code} without a word"
    if found := _ACTING.search(out + err):
        return f"prints {found[0]!r}"
    return ""
