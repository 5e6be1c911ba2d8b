"""The log beside the store: one entry for each unforeseen error.

Owns what an entry may hold (what was being done, exception types and our own frames; never
an exception's text, a local variable, a name or a key), the file and its rotation. Anyone
above the domain may record; the command line prints its path.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import followertui
from followertui.domain.errors import FollowertuiError, StoreError, Unforeseen

MOST_BYTES = 256 * 1024
"""From this size on the file becomes ``.1`` and a new one begins; an older ``.1`` goes."""

_HOME = Path(followertui.__file__).resolve().parent
_MOST_FRAMES = 12
_MOST_CAUSES = 4
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_OF_THE_DISK = ("SQLITE_IOERR", "SQLITE_FULL")
"""What SQLite's names of errors begin with where the disk is to blame."""

_OF_OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""Errors of SQLite that the store is not to blame for: a rule of the tables broken, a statement that is none."""


class ErrorLog:
    """Where entries go.

    Args:
        path: the file; None keeps nothing.
        echo: also given every entry, for ``--verbose``.
    """

    def __init__(self, path: Path | None = None, echo: Callable[[str], None] | None = None) -> None:
        self.path = path
        self.echo = echo

    def write(self, entry: str) -> bool:
        """Append an entry; whether the file took it. Never raises: a log must not add a second error."""
        if self.echo is not None:
            with contextlib.suppress(OSError, ValueError):
                self.echo(entry)
        if self.path is None:
            return False
        try:
            self._rotate()
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINKS, 0o600)
            with open(descriptor, "ab") as file:
                if not _is_own_file(file.fileno()):
                    return False
                file.write(f"{entry}\n".encode("utf-8", "backslashreplace"))
        except OSError:
            return False
        return True

    def entries(self) -> Iterator[str]:
        """Every entry kept, oldest first."""
        for path in (self._older, self.path):
            if path is not None and path.is_file() and not path.is_symlink():
                yield from path.read_text(encoding="utf-8", errors="replace").splitlines()

    @property
    def _older(self) -> Path | None:
        return None if self.path is None else self.path.with_name(f"{self.path.name}.1")

    def _rotate(self) -> None:
        if self.path is None or self._older is None:
            return
        with contextlib.suppress(FileNotFoundError):
            found = self.path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_size >= MOST_BYTES:
                os.replace(self.path, self._older)


_current = ErrorLog()


def keep_in(errors: ErrorLog) -> None:
    """Say where entries of this process go from now on."""
    global _current
    _current = errors


def path_beside(store_path: Path) -> Path:
    """Path of the log of a store."""
    return store_path.with_name(f"{store_path.name}.log")


def as_error(doing: str, problem: BaseException) -> FollowertuiError:
    """Any error as one clear line; an unforeseen one is recorded.

    Args:
        doing: what was being done, plain words of ours.
        problem: the error. Ours stand as they are; the file system and SQLite say what is wrong. A broken
            rule of the tables is a fault of ours, not of the store: it is recorded.
    """
    if isinstance(problem, FollowertuiError):
        return problem
    if isinstance(problem, OSError) and problem.strerror:
        where = f"{problem.filename}: " if problem.filename else ""
        return FollowertuiError(f"{doing}: {where}{problem.strerror}")
    if getattr(problem, "sqlite_errorname", "").startswith(_OF_THE_DISK):
        return StoreError(f"{doing}: the disk refuses ({problem}): it may be full, over a quota or failing")
    if type(problem).__module__ == "sqlite3" and not isinstance(problem, _OF_OURS):
        return StoreError(f"{doing}: the store gave up ({problem}); `followertui doctor` looks closer")
    return unforeseen(doing, problem)


def unforeseen(doing: str, problem: BaseException) -> Unforeseen:
    """Record an unforeseen error and make one clear line of it.

    Args:
        doing: what was being done, plain words of ours.
        problem: the error; its text is neither shown nor kept, as it may hold names and keys.
    """
    frames = list(_our_frames(problem))
    place = f" at {frames[-1]}" if frames else ""
    is_kept = _current.write(_entry(doing, problem))
    look = "doctor --log" if is_kept else "doctor"
    return Unforeseen(
        f"{doing}: something went wrong ({type(problem).__name__}{place}); `followertui {look}` shows more"
    )


def _entry(doing: str, problem: BaseException) -> str:
    """One line: when, version, what was being done, then each error of the chain with our frames."""
    chain: list[str] = []
    error: BaseException | None = problem
    while error is not None and len(chain) < _MOST_CAUSES:
        frames = list(_our_frames(error))[-_MOST_FRAMES:]
        kind = type(error)
        chain.append(f"{kind.__module__}.{kind.__qualname__} at " + (" > ".join(frames) or "no frame of ours"))
        error = error.__cause__ or error.__context__
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{moment} {followertui.__version__} {doing}: " + " caused by ".join(chain)


def _our_frames(problem: BaseException) -> Iterator[str]:
    """Our own frames, outermost first, such as ``store/file/connection.py:180``."""
    for frame in traceback.extract_tb(problem.__traceback__):
        with contextlib.suppress(ValueError):
            path = Path(frame.filename).resolve().relative_to(_HOME)
            yield f"{path.as_posix()}:{frame.lineno}"


def _is_own_file(descriptor: int) -> bool:
    """Whether an open file is a plain one with a single name, readable by its owner only; makes it so if possible."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return False
    if os.name == "posix":
        if found.st_uid != os.geteuid():
            return False
        os.fchmod(descriptor, 0o600)
    return True
