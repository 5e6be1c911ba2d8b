"""Whether another process has written to the store, reported no more often than it is worth.

Owns the pace: each report makes a screen count again, which takes a processor from the writer and
from the keys. Only ``Workbench`` keeps one.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from followertui.store.file.connection import Store

_EVERY_SECONDS = 60.0
"""Between two words that another process writes, while its work goes on."""
_LONG_WORK = ("import", "match")
_COUNTING_SHARE = 60
"""While others write, counting again takes at most this fraction of the time."""


class ForeignWrites:
    """What other processes wrote to a store since it was last said.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        self._counting_seconds = 0.0
        self._store = store
        self._seen = store.foreign_changes()
        self._said_at = 0.0

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """Measure how long counting all queues takes."""
        began = time.monotonic()
        yield
        self._counting_seconds = time.monotonic() - began

    def is_news(self) -> bool:
        """Whether another process wrote since this last said so; now and then while it keeps writing.

        Asking also registers a viewer, for whom long work elsewhere leaves a processor free.
        """
        self._store.leases.register_viewer()
        count = self._store.foreign_changes()
        if count == self._seen:
            return False
        now = time.monotonic()
        since = now - self._said_at
        if since < min(_EVERY_SECONDS, _COUNTING_SHARE * self._counting_seconds):
            return False
        if since < _EVERY_SECONDS and any(map(self._store.leases.is_held, _LONG_WORK)):
            return False
        self._seen, self._said_at = count, now
        return True
