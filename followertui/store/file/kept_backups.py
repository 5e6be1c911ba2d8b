"""Backups a store keeps by itself, in the folder ``<store>.backups`` beside it.

Owns their names, when one is due and which ones stay: the newest three, and the newest of
seven days, four weeks and six months. ``services`` asks for one before X is written to and at
the first write of a day; nobody else deletes any.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from followertui.domain.clock import from_epoch
from followertui.domain.errors import BadInput
from followertui.store.file import copies, settings, watermarks
from followertui.store.file.connection import Store

DAY_SECONDS = 86_400

_NAME = re.compile(r"(\d{8}-\d{6})-([0-9a-f]{12})\.db")
_TIME = "%Y%m%d-%H%M%S"
_STAY = ((_TIME, 3), ("%Y%m%d", 7), ("%G-%V", 4), ("%Y%m", 6))
"""What backups are grouped by -> of how many groups the newest backup stays."""

_STATE = (
    "SELECT domain, hex(stamp) FROM change ORDER BY domain",
    "SELECT max(id) FROM journal",
    "SELECT max(id), max(finished_at) FROM call",
    "SELECT max(id), max(finished_at) FROM import_run",
    "SELECT name, query FROM saved_view ORDER BY name",
)
"""A change in one of these calls for a new backup: all that a person says or brings in changes one."""


class KeptBackup(NamedTuple):
    """One backup: where, when (aware UTC), of which state of the store."""

    path: Path
    at: datetime
    state: str


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


def keep(store: Store, now: int, least_age: int = 0) -> Path | None:
    """Copy the store into its folder, unless the newest backup is young or holds the same, and thin out.

    Args:
        store: the open store; a demo, an empty and a read-only one need none.
        now: epoch seconds UTC.
        least_age: seconds the newest backup must be old.

    Returns:
        The new backup, None where none was due or they are switched off.

    Raises:
        BadInput: the folder or the copy cannot be written.
    """
    if not store.keeps_backups or store.is_read_only:
        return None
    present = kept(store.path)
    if present and 0 <= now - int(present[0].at.timestamp()) < least_age:
        return None
    if (
        watermarks.DEMO.read(store) is not None
        or not store.con.execute("SELECT EXISTS(SELECT 1 FROM import_run)").fetchone()[0]
    ):
        return None
    state = _state(store)
    if present and present[0].state == state:
        return None
    target = folder_of(store.path) / f"{from_epoch(now):{_TIME}}-{state}.db"
    if not target.exists():
        _make_folder(target.parent)
        try:
            copies.copy_to(store, target)
        except BadInput:
            if not target.exists():  # another process kept the same one at the same moment
                raise
    for one in superfluous(kept(store.path)):
        with contextlib.suppress(OSError):
            one.path.unlink()
    return target


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


def _state(store: Store) -> str:
    digest = hashlib.blake2b(digest_size=6)
    with store.reading() as con:
        for statement in _STATE:
            digest.update(repr(con.execute(statement).fetchall()).encode("utf-8", "surrogatepass"))
        digest.update(
            repr([one.read(store) for one in settings.SETTINGS if one.is_personal]).encode("utf-8", "replace")
        )
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if folder.is_symlink() or not folder.is_dir():
            raise BadInput(f"{folder}: is no folder of its own; move it away, or set backups = false")
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written ({error.strerror}); set backups = false to do without") from None
