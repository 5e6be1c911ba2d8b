"""Which profiles change while long work is done on what was read of them.

Owns how that is asked of the log of changes. Only ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.store.file.connection import Store


class ChangedProfiles:
    """Accounts whose profile changed since a run began to read profiles: what it says of them may be out of date.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counter = store.counters()["profile"]
        self._rows: set[int] = set()
        self._is_unknown = False

    def among(self, rows: Sequence[int]) -> list[int]:
        """Those of some rows that changed, ascending; to be asked inside the transaction that relies on it."""
        changed = self._store.changed_since("profile", self._counter)
        if changed is None:
            # More was written meanwhile than the log of changes holds.
            self._is_unknown = True
        else:
            self._rows.update(changed)
        self._counter = self._store.counters()["profile"]
        return sorted(int(row) for row in rows if self._is_unknown or row in self._rows)
