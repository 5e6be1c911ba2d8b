"""Backups: made on request, kept by themselves, listed and found by name.

Owns what a backup holds and which files count as backups of a store. The command line and
``care`` call it.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.services.care.restoring import KEPT_SETTINGS, SETTINGS_NAME, STORE_NAME
from followertui.services.care.settings_file import KEYS
from followertui.services.session import Session
from followertui.store.file import backup_folder, copies, settings

LATEST = "LATEST"
"""What stands for the newest backup a store kept by itself."""


class BackupLine(NamedTuple):
    """One backup: its name or path as ``restore`` takes it, when it was made, bytes, what made it."""

    name: str
    at: datetime
    size: int
    made_by: str


def backup(session: Session, target: Path, kept_settings: dict[str, Any] | None = None) -> str:
    """Copy the store into a file; returns one line.

    Args:
        session: the open store.
        target: a file that does not exist yet.
        kept_settings: the settings file, to go along in a zip; None for the bare store.

    Raises:
        BadInput: the file exists or cannot be written.
    """
    if kept_settings is None:
        copies.copy_to(session.store, target)
    else:
        _zip(session, target, {name: kept_settings[name] for name in (*KEPT_SETTINGS, KEYS) if name in kept_settings})
    if not session.store.is_read_only:
        known = [str(path) for path in settings.BACKUPS.read(session.store) if Path(path).is_file()]
        settings.BACKUPS.write(session.store, list(dict.fromkeys([*known, str(target.resolve())])))
    copies_what = "store and settings" if kept_settings is not None else "store"
    return f"{copies_what} copied to {target}, {megabytes(target)}; keep it as safe as the store itself"


def _zip(session: Session, target: Path, kept_settings: dict[str, Any]) -> None:
    if os.path.lexists(target):
        raise BadInput(f"{target}: exists already; name another file")
    try:
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.{os.getpid()}-", suffix=private_files.PART, dir=target.parent
        ) as folder:
            part, whole = Path(folder) / STORE_NAME, Path(folder) / "backup.zip"
            copies.copy_to(session.store, part)
            with private_files.create(whole) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(part, STORE_NAME)
                archive.writestr(SETTINGS_NAME, json.dumps(kept_settings, indent=2, sort_keys=True))
            copies.rename_to_new(whole, target)
    except FileExistsError:
        raise BadInput(f"{target}: exists already; name another file") from None
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None


def known_backups(session: Session) -> list[Path]:
    """Known copies of this store that still exist."""
    told = [Path(text) for text in settings.BACKUPS.read(session.store)]
    beside = [line.path for line in backup_folder.kept(session.store.path)]
    return [path for path in dict.fromkeys([*told, *_set_aside(session.store.path), *beside]) if path.is_file()]


def _set_aside(path: Path) -> list[Path]:
    return sorted([*path.parent.glob(f"{path.name}.schema*.backup"), *path.parent.glob(f"{path.name}.replaced-*")])


def listed(path: Path) -> list[BackupLine]:
    """What ``restore`` takes for the store at ``path``, newest first; the store need not be there.

    Copies that ``backup`` wrote elsewhere are not among them: their paths stand in the store.
    """
    lines = [
        BackupLine(one.path.name, one.at, one.path.stat().st_size, "migration" if one.is_of_migration else "itself")
        for one in backup_folder.kept(path)
    ]
    for file in _set_aside(path):
        if file.is_file() and not file.name.endswith(("-wal", "-shm", "-journal")):
            found = file.stat()
            made_by = "restore" if ".replaced-" in file.name else "migration"
            lines.append(BackupLine(file.name, datetime.fromtimestamp(found.st_mtime, UTC), found.st_size, made_by))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def chosen(path: Path, word: str) -> Path:
    """The backup a word means: ``LATEST``, a name of ``listed``, or a path.

    Raises:
        BadInput: there is no backup yet.
    """
    if word == LATEST and not os.path.lexists(word):
        present = backup_folder.kept(path)
        if not present:
            raise BadInput(f"{path}: keeps no backups yet; name a file")
        return present[0].path
    if os.path.basename(word) == word and not os.path.lexists(word):
        for place in (backup_folder.folder_of(path), path.parent):
            if (place / word).is_file():
                return place / word
    return Path(word)


def megabytes(path: Path) -> str:
    """Size of a file in words."""
    return f"{path.stat().st_size / 1e6:,.1f} MB"
