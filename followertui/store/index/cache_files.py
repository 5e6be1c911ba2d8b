"""Files of derived values beside a store: one form for all, believed only where nothing speaks against it.

Owns the folder ``<store>.cache`` and the form of its files: a mark, a checksum over the rest, a
header that says what the values were computed from, the values. A file that is damaged, of
another store or of another history of this one, or no regular file of this user, reads as
none; writing may fail without harm. Loaded before the first paint, so it knows no numpy. Only
``store.index`` imports it.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.store.file.connection import Store
from followertui.store.file.watermarks import STORE_ID

_MARK = b"followertui cache 1\n"
_HEAD = struct.Struct("<II")
_LONGEST_HEADER = 1 << 20
ALIGNED = 8
"""Every part of the values begins at a multiple of this, in bytes."""


def folder_of(path: Path) -> Path:
    """The disposable folder of derived files beside a store."""
    return path.with_name(f"{path.name}.cache")


def padding(size: int) -> int:
    """Bytes that follow a part of a size before the next one begins."""
    return -size % ALIGNED


def write(store: Store, name: str, header: dict[str, Any], *parts: memoryview) -> None:
    """Put a file in place in one step; nothing where it cannot be written.

    Args:
        store: the open store; a read-only one keeps no files.
        name: of the file.
        header: what the values were computed from, JSON.
        parts: the values, contiguous.
    """
    if store.is_read_only:
        return
    head = json.dumps({**header, "store": STORE_ID.read(store)}).encode()
    content: list[bytes | memoryview] = []
    checksum = zlib.crc32(head)
    for part in parts:
        for piece in (part.cast("B"), bytes(padding(part.nbytes))):
            content.append(piece)
            checksum = zlib.crc32(piece, checksum)
    folder = folder_of(store.path)
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_symlink():
            private_files.replace(folder / name, _MARK, _HEAD.pack(len(head), checksum), head, *content)


def read(store: Store, name: str) -> tuple[dict[str, Any], bytearray] | None:
    """The header and values of a file, None where it is missing or not to be believed."""
    folder = folder_of(store.path)
    try:
        if folder.is_symlink():
            return None
        with private_files.open_own(folder / name) as file:
            if file.read(len(_MARK)) != _MARK:
                return None
            length, checksum = _HEAD.unpack(file.read(_HEAD.size))
            if length > _LONGEST_HEADER:
                return None
            head = file.read(length)
            body = bytearray(max(0, os.fstat(file.fileno()).st_size - file.tell()))
            if file.readinto(body) != len(body):  # type: ignore[attr-defined]
                return None
        if zlib.crc32(body, zlib.crc32(head)) != checksum:
            return None
        header = json.loads(head)
        return (header, body) if header.pop("store", None) == STORE_ID.read(store) else None
    except (OSError, ValueError, struct.error, MemoryError):
        return None
