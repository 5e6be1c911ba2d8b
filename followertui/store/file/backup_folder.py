"""The folder ``<store>.backups`` beside a store: which files in it are its backups, and which of them stay.

Owns their names and the thinning: the newest three stay, and the newest of seven days, four
weeks and six months. When one is made is for ``kept_backups`` and ``upgrading`` to say. Only
``store.file`` and ``services`` import it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from followertui.domain.clock import from_epoch
from followertui.domain.errors import StoreError

_NAME = re.compile(r"(\d{8}-\d{6})-([0-9a-f]{12}|schema\d+)\.db")
_TIME = "%Y%m%d-%H%M%S"
_STAY = ((_TIME, 3), ("%Y%m%d", 7), ("%G-%V", 4), ("%Y%m", 6))
"""What backups are grouped by -> of how many groups the newest backup stays."""


class KeptBackup(NamedTuple):
    """One backup.

    Attributes:
        path: the file.
        at: when it was made, aware UTC.
        state: hash of what it holds, or "schema" and the version before a migration.
    """

    path: Path
    at: datetime
    state: str

    @property
    def is_of_migration(self) -> bool:
        """Whether it was made before the store was brought to a newer version."""
        return self.state.startswith("schema")


def folder_of(path: Path) -> Path:
    """The folder of the backups of a store."""
    return path.with_name(f"{path.name}.backups")


def kept(path: Path) -> list[KeptBackup]:
    """The backups of the store at ``path``, newest first; the store need not be there."""
    found = []
    with contextlib.suppress(OSError):
        for file in folder_of(path).iterdir():
            named = _NAME.fullmatch(file.name)
            if named and file.is_file() and not file.is_symlink():
                with contextlib.suppress(ValueError):
                    at = datetime.strptime(named[1], _TIME).replace(tzinfo=UTC)
                    found.append(KeptBackup(file, at, named[2]))
    return sorted(found, key=lambda one: one.at, reverse=True)


def name(folder: Path, at: int, state: str) -> Path:
    """The file of a backup made at a time (epoch seconds UTC)."""
    return folder / f"{from_epoch(at):{_TIME}}-{state}.db"


def free_name(folder: Path, at: int, state: str) -> Path:
    """``name``, some seconds later where there is such a file."""
    while os.path.lexists(name(folder, at, state)):
        at += 1
    return name(folder, at, state)


def made(path: Path) -> Path:
    """The folder of the backups of a store, for its owner only; made where there is none.

    Raises:
        StoreError: it is a link or cannot be written.
    """
    folder = folder_of(path)
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if folder.is_symlink() or not folder.is_dir():
            raise StoreError(f"{folder}: is no folder of its own; move it away, then try again")
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}); change its permissions") from None
    return folder


def thin_out(path: Path) -> None:
    """Delete the backups of a store that need not stay."""
    for one in superfluous(kept(path)):
        with contextlib.suppress(OSError):
            one.path.unlink()


def superfluous(present: Iterable[KeptBackup]) -> list[KeptBackup]:
    """Which of some backups need not stay, newest first as given."""
    present = list(present)
    staying: set[Path] = set()
    for form, most in _STAY:
        newest: dict[str, Path] = {}
        for one in present:
            newest.setdefault(one.at.strftime(form), one.path)
        staying.update(list(newest.values())[:most])
    return [one for one in present if one.path not in staying]
