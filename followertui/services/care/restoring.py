"""Restoring a store from a backup: checked on a copy, settings too, before anything is replaced.

Owns what a backup may be (a bare store, or the zip of ``backup --all``) and what happens to
the settings in it. The command line calls it.
"""

from __future__ import annotations

import json
import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.clock import from_epoch
from followertui.domain.errors import BadInput, Busy
from followertui.services.care import settings_file
from followertui.services.phrases import counted
from followertui.store.file import checked_copies, copies
from followertui.store.file.checked_copies import TimeLimit

STORE_NAME = "store.db"
"""The store inside a zip."""

SETTINGS_NAME = "settings.json"
"""The settings inside a zip."""

KEPT_SETTINGS = ("reviewer", "theme", "columns", "zone", "backups")
"""Settings a zip takes along beside the keys; not the browser, as a backup is not to name a command to run."""

_MOST_SETTINGS_BYTES = 1 << 20
_MOST_BYTES = 64 << 30
_MOST_RATIO = 200
"""A store is not compressed further; what claims to be is a bomb."""
_UNREADABLE = (
    KeyError, ValueError, EOFError, RuntimeError, NotImplementedError, OverflowError, zipfile.BadZipFile,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
"""What a damaged, encrypted or hostile zip raises."""


def restore(source: Path, target: Path, now: int, config: Path | None = None) -> str:
    """Replace a store by a backup; the replaced one is kept. Returns one line.

    Args:
        source: what ``backup`` wrote.
        target: the store's path.
        now: epoch seconds UTC, for the name of the replaced store.
        config: where settings of a zip go unless there are any; None leaves them.

    Raises:
        BadInput: the backup cannot be used; nothing was replaced.
        Busy: another program has the store open.
    """
    target = target.resolve()
    if target.is_dir():
        raise BadInput(f"{target}: is a folder; name a file for --store")
    aside = target.with_name(f"{target.name}.replaced-{from_epoch(now):%Y%m%d-%H%M%S}")
    if os.path.lexists(aside):
        raise Busy(f"{aside.name} exists already; wait a second and try again")
    with _checked(source, target) as (part, checked, kept):
        had = copies.put_in_place(part, target, aside)
    text = f"{source.name} is the store now, {counted(checked.accounts, 'account')}"
    if had:
        text += f"; the store it replaced is kept as {aside}"
    return text + _write_settings(kept, config)


@contextmanager
def checked_copy(source: Path, beside: Path) -> Iterator[Path]:
    """A copy of a store file or backup, checked and in today's schema, for as long as it is read.

    Args:
        source: a store file, or what ``backup`` wrote.
        beside: the store in whose folder the copy is made.

    Raises:
        BadInput: it cannot be used, or is the store itself.
    """
    with _checked(source, beside.resolve()) as (part, _, _):
        yield part


@contextmanager
def _checked(source: Path, target: Path) -> Iterator[tuple[Path, checked_copies.Checked, str]]:
    """A checked copy beside ``target``, what was found in it, and the settings that came with it, as TOML."""
    size = checked_copies.regular_file(source).st_size
    if target.exists() and source.samefile(target):
        raise BadInput(f"{source}: is the store itself; name another file")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = tempfile.TemporaryDirectory(
            prefix=f".{target.name}.{os.getpid()}-",
            suffix=private_files.PART,
            dir=target.parent,
            ignore_cleanup_errors=True,
        )
    except OSError as error:
        raise BadInput(f"{target.parent}: cannot be written ({error.strerror}); choose another --store") from None
    with folder as name:
        part = Path(name) / STORE_NAME
        kept = _fill(source, size, part)
        checked = checked_copies.check(part, source, TimeLimit(source, part.stat().st_size))
        yield part, checked, kept


def _fill(source: Path, size: int, part: Path) -> str:
    """Copy the store out of a backup; returns its settings as TOML, "" where it holds none."""
    try:
        is_zip = zipfile.is_zipfile(source)
    except OSError as error:
        raise BadInput(f"{source}: cannot be read ({error.strerror})") from None
    if not is_zip:
        checked_copies.copy_with_logs(source, part, TimeLimit(source, size))
        return ""
    try:
        with zipfile.ZipFile(source) as archive:
            kept = _settings(archive)
            _unzip(archive, source, part)
            return kept
    except OSError as error:
        raise BadInput(f"{source}: cannot be read ({error.strerror or error}); nothing was replaced") from None
    except _UNREADABLE:
        raise BadInput(f"{source}: is no backup of a followertui store; take another backup") from None


def _unzip(archive: zipfile.ZipFile, source: Path, part: Path) -> None:
    names = archive.namelist()
    if names.count(STORE_NAME) != 1:
        raise BadInput(f"{source}: is no backup of a followertui store; take another backup")
    info = archive.getinfo(STORE_NAME)
    size = info.file_size
    if size > _MOST_BYTES or size > _MOST_RATIO * info.compress_size + _MOST_SETTINGS_BYTES:
        raise BadInput(f"{source}: is far too large for a backup")
    checked_copies.need_room(part.parent, size)
    with archive.open(STORE_NAME) as inner, private_files.create(part) as outer:
        checked_copies.copy_blocks(inner, outer, TimeLimit(source, size), size)  # type: ignore[arg-type]


def _settings(archive: zipfile.ZipFile) -> str:
    """Settings in a zip as TOML, "" where it holds none."""
    if SETTINGS_NAME not in archive.namelist():
        return ""
    with archive.open(SETTINGS_NAME) as file:
        content = file.read(_MOST_SETTINGS_BYTES + 1)
    try:
        found = json.loads(content[:_MOST_SETTINGS_BYTES])
        return _toml(found) if found else ""
    except (ValueError, RecursionError, AttributeError):
        raise BadInput(f"{archive.filename}: its settings cannot be read; take another backup") from None


def _toml(kept: dict[str, Any]) -> str:
    """The settings a backup keeps, as TOML, without what the settings file would refuse."""
    found = settings_file.SettingsFile(None)
    for name in KEPT_SETTINGS:
        value = kept.get(name)
        if value is not None and not settings_file.problem_with(name, value):
            found.set(name, value)
    keys = kept.get(settings_file.KEYS)
    for command_id, written in keys.items() if isinstance(keys, dict) else ():
        if isinstance(written, str):
            found.set(f"{settings_file.KEYS}.{command_id}", written)
    found.text.encode()
    return found.text


def _write_settings(kept: str, config: Path | None) -> str:
    """Put settings where there are none; returns what to say of it. The store stands whatever comes of it."""
    if config is None or not kept or os.path.lexists(config):
        return ""
    try:
        config.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with private_files.create(config) as file:
            file.write(kept.encode())
    except OSError as error:
        return f"; its settings were left out: {config}: cannot be written ({error.strerror})"
    return f"; settings written to {config}"
