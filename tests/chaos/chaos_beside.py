"""A second person who decides while a command of the first one works.

Owns when that begins, and from which moment on X counts what it guards: once its process has
ended. Until then who goes first is a matter of milliseconds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import chaos_oracle as oracle
from chaos_running import Ended, Running


class Beside:
    """One command of the second person.

    Args:
        store: what both work on.
        now: the time of the life, epoch seconds UTC.
        start: starts the command.
        delay: seconds until it is started.
    """

    def __init__(self, store: Path, now: int, start: Callable[[], Running], delay: float) -> None:
        self._store, self._now, self._start = store, now, start
        self._begins_at = time.monotonic() + delay
        self._running: Running | None = None
        self._counts = False
        self._noted = store.with_name("stood.json")
        store.with_name("paired").touch()
        self._note()

    def go_on(self) -> None:
        """Start it when its time has come, and note who is guarded once it has ended."""
        if self._running is None:
            if time.monotonic() >= self._begins_at:
                self._running = self._start()
        elif not self._counts and self._running.has_ended():
            self._counts = True
            self._note()

    def ended(self) -> Ended | None:
        """Wait for its end; None where it was never begun."""
        done = None if self._running is None else self._running.ended()
        self._noted.unlink()
        return done

    def _note(self) -> None:
        """Write down who of the plan is guarded, for X."""
        with oracle.read_only(self._store) as con:
            ids = [line[0] for line in con.execute("SELECT DISTINCT x_id FROM plan_item JOIN account USING (row)")]
            stood = [str(x_id) for x_id in ids if oracle.guards(con, x_id, self._now)]
        part = self._noted.with_suffix(".part")
        part.write_text(json.dumps(stood))
        part.rename(self._noted)
