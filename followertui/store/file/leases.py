"""Leases: names that one process at a time may hold, such as import, match and apply.

Owns the table lease. A holder is known by host, process number and when the process began, so
that a number given to another process blocks nothing; on another machine by its heartbeat,
which a thread keeps up while a lease is held. ``Store.leases`` is the one instance.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.errors import Busy, StoreError
from followertui.store.file import processes

if TYPE_CHECKING:
    from followertui.store.file.connection import Store

LEASE_SECONDS = 60
"""A lease of another machine whose heartbeat is older than this may be taken over."""

_BEAT_SECONDS = 15
_REVIEW = "review "
"""What the lease of an open review begins with; its process number follows, as there may be several."""


class Holder(NamedTuple):
    """Who holds a lease.

    Attributes:
        name: of the lease.
        pid, host: the process and its machine.
        started: where and when the process began, opaque.
        heartbeat: epoch seconds UTC it was last heard of.
    """

    name: str
    pid: int
    host: str
    started: str
    heartbeat: int

    @property
    def is_visible(self) -> bool:
        """Whether this machine knows if the process is alive; else only the heartbeat tells."""
        return self.host == socket.gethostname() and self.started.startswith(f"{processes.place()} ")

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs, as far as can be known."""
        if not self.is_visible:
            return time.time() - self.heartbeat < LEASE_SECONDS
        began = processes.beginning(self.pid)
        return began is not None and self.started == f"{processes.place()} {began}"


def _me() -> tuple[int, str, str]:
    return os.getpid(), socket.gethostname(), f"{processes.place()} {processes.beginning(os.getpid())}"


class Leases:
    """The leases of one store, as this process holds and sees them.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: list[str] = []
        self._viewer = ""
        self._beaten_at = 0.0
        self._ended = threading.Event()
        self._heart: threading.Thread | None = None

    @contextlib.contextmanager
    def take(self, name: str) -> Iterator[None]:
        """Hold a lease for the length of a block.

        Raises:
            Busy: a living process holds it.
        """
        self._write(name)
        self._held.append(name)
        self._beaten_at = time.time()
        self._beat_on()
        try:
            yield
        finally:
            self._held.remove(name)
            if name not in self._held:
                self._drop(name)
            if not self._held:
                self._stop_heart()

    def is_held(self, name: str) -> bool:
        """Whether a living process, this one included, holds a lease."""
        return any(holder.is_alive for holder in self._holders("name = ?", name))

    def holders(self) -> list[Holder]:
        """Every lease and who took it, dead or alive, by name; open reviews left out."""
        return self._holders("name NOT LIKE ?", f"{_REVIEW}%")

    def _holders(self, condition: str, value: str) -> list[Holder]:
        found = self._store.con.execute(
            f"SELECT name, pid, host, started, heartbeat FROM lease WHERE {condition} ORDER BY name", [value]
        )
        return [Holder._make(line) for line in found.fetchall()]

    def register_viewer(self) -> None:
        """Say that this process shows the store to a person, until it is closed.

        Never waits: where the file is being written just now, the next call registers it.
        """
        if self._viewer or self._store.is_read_only:
            return
        name = f"{_REVIEW}{os.getpid()}"
        with contextlib.suppress(Busy), self._store.without_waiting():
            self._write(name)
            self._viewer = name

    def is_reviewed_elsewhere(self) -> bool:
        """Whether another living process of this machine shows the store to a person."""
        return any(
            holder.pid != os.getpid() and holder.is_visible and holder.is_alive
            for holder in self._holders("name LIKE ?", f"{_REVIEW}%")
        )

    def renew(self, con: sqlite3.Connection) -> None:
        """Keep the heartbeat up, inside a writing transaction; does nothing most of the time.

        Raises:
            Busy: another process took a lease over, so nothing of this transaction may stand.
        """
        now = time.time()
        if not self._held or now - self._beaten_at < _BEAT_SECONDS:
            return
        for name in dict.fromkeys(self._held):
            renewed = con.execute(
                "UPDATE lease SET heartbeat = ? WHERE name = ? AND pid = ? AND host = ? AND started = ?",
                [int(now), name, *_me()],
            )
            if not renewed.rowcount:
                raise Busy(f"{name} was taken over by another process; followertui doctor says by which")
        self._beaten_at = now

    def close(self, may_write: bool = True) -> None:
        """Give back what this process still holds; what it may not write ends with the process."""
        self._stop_heart()
        if self._viewer and may_write:
            with contextlib.suppress(StoreError, sqlite3.Error):
                self._drop(self._viewer)
            self._viewer = ""

    def _write(self, name: str) -> None:
        me = _me()
        with self._store.write() as con:
            for holder in self._holders("name = ?", name):
                if holder[1:4] != me and holder.is_alive:
                    raise Busy(
                        f"{name} is already running in process {holder.pid} on {holder.host}; wait for it or stop it"
                    )
            con.execute(
                "INSERT OR REPLACE INTO lease(name, pid, host, started, heartbeat) VALUES (?, ?, ?, ?, ?)",
                [name, *me, int(time.time())],
            )

    def _drop(self, name: str) -> None:
        with self._store.write() as con:
            con.execute("DELETE FROM lease WHERE name = ? AND pid = ? AND host = ? AND started = ?", [name, *_me()])

    def _beat_on(self) -> None:
        if self._heart is None:
            self._ended = threading.Event()
            self._heart = threading.Thread(target=self._beat, args=(self._ended,), name="lease heartbeat", daemon=True)
            self._heart.start()

    def _beat(self, ended: threading.Event) -> None:
        # Long work may write nothing for minutes, while a rate limit passes.
        while not ended.wait(_BEAT_SECONDS):
            with contextlib.suppress(StoreError, Busy, sqlite3.Error), self._store.write():
                pass

    def _stop_heart(self) -> None:
        # Not waited for: it may itself be waiting for the lock this thread holds.
        self._ended.set()
        self._heart = None
