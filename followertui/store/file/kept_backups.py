"""Backups a store keeps by itself: when one is due.

Owns what counts as a change worth a copy; where they are and which stay is ``backup_folder``'s.
``services`` asks for one before X is written to and at the first write of a day.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from followertui.domain.errors import BadInput, StoreError
from followertui.store.file import backup_folder, copies, settings, watermarks
from followertui.store.file.connection import Store

DAY_SECONDS = 86_400

_STATE = (
    "SELECT domain, hex(stamp) FROM change ORDER BY domain",
    "SELECT max(id) FROM journal",
    "SELECT max(id), max(finished_at) FROM call",
    "SELECT max(id), max(finished_at) FROM import_run",
    "SELECT name, query, position, is_hidden, tag_id FROM saved_view ORDER BY name",
)
"""A change in one of these calls for a new backup: all that a person says or brings in changes one."""


def keep(store: Store, now: int, least_age: int = 0) -> Path | None:
    """Copy the store into its folder, unless the newest backup is young or holds the same, and thin out.

    Args:
        store: the open store; a demo, an empty and a read-only one need none.
        now: epoch seconds UTC.
        least_age: seconds the newest backup must be old.

    Returns:
        The new backup, None where none was due or they are switched off.

    Raises:
        StoreError: the folder cannot be written.
        BadInput: the copy cannot be written.
    """
    if not store.keeps_backups or store.is_read_only:
        return None
    present = backup_folder.kept(store.path)
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
    target = backup_folder.name(backup_folder.folder_of(store.path), now, state)
    if not target.exists():
        try:
            backup_folder.made(store.path)
        except StoreError as error:
            raise StoreError(f"{error}, or set backups = false to do without") from None
        try:
            copies.copy_to(store, target)
        except BadInput:
            if not target.exists():  # another process kept the same one at the same moment
                raise
    backup_folder.thin_out(store.path)
    return target


def _state(store: Store) -> str:
    digest = hashlib.blake2b(digest_size=6)
    with store.reading() as con:
        for statement in _STATE:
            digest.update(repr(con.execute(statement).fetchall()).encode("utf-8", "surrogatepass"))
        digest.update(
            repr([one.read(store) for one in settings.SETTINGS if one.is_personal]).encode("utf-8", "replace")
        )
    return digest.hexdigest()
