"""Whether the file behind an open store is still the one that was opened: moved, replaced or overwritten in place.

Owns what is read of the file past SQLite, which would believe anything put under its log. Only
``store.file.connection`` imports it.
"""

from __future__ import annotations

import os
import sqlite3
from enum import Enum
from pathlib import Path
from typing import NamedTuple

_HEADER = 100
_MAGIC = b"SQLite format 3\x00"
_WITH_LOG = b"\x02\x02"
"""Bytes 18 and 19 of a file that is written through a log, as every store is while it is open for writing."""
_LEAF = 0x0A
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

_descriptors: dict[tuple[int, int], tuple[int, int]] = {}
"""Device and number of a file -> its descriptor and how many stores use it.

Closing any descriptor of a file drops the locks this process has on it, SQLite's too: it is closed
with the last of its stores.
"""

Lineage = dict[str, tuple[int, bytes]]
"""Change domain -> its counter and the stamp drawn with it."""


class Belief(Enum):
    """What a look at the file says of it."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNSETTLED = "unsettled"
    """Another process may be carrying its log over just now: look again in a moment, outside a transaction."""


class _Look(NamedTuple):
    """The file as it was when it was believed last."""

    written: tuple[int, int, int]
    root: int
    lineage: Lineage


class OpenFile:
    """The file of a store that is open for writing.

    Args:
        path: where it is.
        con: a connection to it, in WAL mode.
    """

    def __init__(self, path: Path, con: sqlite3.Connection) -> None:
        self._path = path
        self._identity = _identity(path)
        self._descriptor = self._opened() if hasattr(os, "pread") else None
        self._page_size = int(con.execute("PRAGMA page_size").fetchone()[0])
        self._seen: _Look | None = None
        if self._descriptor is not None:
            written, root = self._written(), _root(con)
            self._seen = _Look(written, root, _lineage_of(self._page(root)) or {})

    @property
    def is_there(self) -> bool:
        """Whether the file has its name still."""
        return _identity(self._path) == self._identity

    def look(self, con: sqlite3.Connection) -> Belief:
        """Whether what is in the file came from the store that was opened: from this process or another one.

        Args:
            con: with an open write transaction, so that its view is the newest.
        """
        seen, written = self._seen, self._written() if self._descriptor is not None else None
        if seen is None or written is None or written == seen.written:
            return Belief.OURS
        if not self._has_our_header():
            return Belief.FOREIGN
        is_settled = True
        try:
            root = _root(con)
            # Compacting moves tables, and reaches the file later than the log.
            for at in dict.fromkeys((root, seen.root)):
                page = self._page(at)
                lineage = _lineage_of(page)
                if lineage is None or page != self._page(at):
                    is_settled = False
                elif _follows(con, lineage, seen.lineage):
                    self._seen = _Look(written, root, lineage)
                    return Belief.OURS
        except sqlite3.DatabaseError:
            return Belief.FOREIGN
        return Belief.FOREIGN if is_settled else Belief.UNSETTLED

    def _has_our_header(self) -> bool:
        head = self._read(0, _HEADER)
        return head[:16] == _MAGIC and head[18:20] == _WITH_LOG

    def _page(self, number: int) -> bytes:
        return self._read((number - 1) * self._page_size, self._page_size)

    def _read(self, at: int, size: int) -> bytes:
        assert self._descriptor is not None
        return os.pread(self._descriptor, size, at)

    def _written(self) -> tuple[int, int, int]:
        assert self._descriptor is not None
        found = os.fstat(self._descriptor)
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _opened(self) -> int | None:
        if self._identity is None:
            return None
        descriptor, users = _descriptors.get(self._identity, (-1, 0))
        if not users:
            descriptor = os.open(self._path, os.O_RDONLY)
        _descriptors[self._identity] = descriptor, users + 1
        return descriptor

    def close(self) -> None:
        """Let go of the file, after its connections were closed."""
        if self._descriptor is None or self._identity is None:
            return
        descriptor, users = _descriptors.pop(self._identity)
        if users > 1:
            _descriptors[self._identity] = descriptor, users - 1
        else:
            os.close(descriptor)
        self._descriptor = self._seen = None


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and number of a file, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _root(con: sqlite3.Connection) -> int:
    return int(con.execute("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'change'").fetchone()[0])


def _follows(con: sqlite3.Connection, lineage: Lineage, former: Lineage) -> bool:
    """Whether a state of the table change is of our history, and no older than one known before."""
    now: Lineage = {
        domain: (counter, stamp) for domain, counter, stamp in con.execute("SELECT domain, counter, stamp FROM change")
    }
    for domain, (counter, stamp) in now.items():
        there = lineage.get(domain)
        if there is None or not former.get(domain, (0, b""))[0] <= there[0] <= counter:
            return False
        if there[0] == former.get(domain, (-1, b""))[0]:
            stamp = former[domain][1]
        elif there[0] != counter:
            logged = con.execute(
                "SELECT stamp FROM change_log WHERE domain = ? AND counter = ?", [domain, there[0]]
            ).fetchone()
            # The log keeps the newest changes only.
            stamp = there[1] if logged is None else logged[0]
        if there[1] != stamp:
            return False
    return True


def _lineage_of(page: bytes) -> Lineage | None:
    """The table change on its page, None where the page is none of it."""
    try:
        return _lineage_in(page)
    except (IndexError, ValueError, KeyError):
        return None


def _lineage_in(page: bytes) -> Lineage:
    """Rows of the table change on its page: the leaf of a table without row ids.

    Source: https://www.sqlite.org/fileformat2.html

    Raises:
        ValueError, IndexError, KeyError: it is another page.
    """
    if page[0] != _LEAF:
        raise ValueError("no leaf")
    found: Lineage = {}
    for cell in range(int.from_bytes(page[3:5], "big")):
        at = int.from_bytes(page[8 + 2 * cell : 10 + 2 * cell], "big")
        _, at = _varint(page, at)
        header_size, types_at = _varint(page, at)
        values_at, types = at + header_size, []
        while types_at < values_at:
            kind, types_at = _varint(page, types_at)
            types.append(kind)
        text, number, blob = types
        name = page[values_at : values_at + (text - 13) // 2].decode()
        values_at += (text - 13) // 2
        size = 0 if number in (8, 9) else _INTEGER_BYTES[number]
        counter = number - 8 if number in (8, 9) else int.from_bytes(page[values_at : values_at + size], "big")
        values_at += size
        found[name] = counter, page[values_at : values_at + (blob - 12) // 2]
    return found


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """A number of SQLite's variable length, below 2^56, and where the next begins."""
    value = 0
    while page[at] & 0x80:
        value = value << 7 | page[at] & 0x7F
        at += 1
    return value << 7 | page[at], at + 1
