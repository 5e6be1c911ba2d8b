"""Tables through sqlite-utils, for what a person writes one at a time.

Owns how sqlite-utils meets the store's connection: its calls join the open transaction of
``Store.write`` by savepoints and commit nothing. Loads sqlite-utils, so reading what the
first paint needs, bulk and arrays stay plain SQL. Only ``store`` imports it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlite_utils import Database
from sqlite_utils.db import Table

from followertui.store.file.connection import Store


@contextlib.contextmanager
def writing(store: Store, name: str) -> Iterator[Table]:
    """One table to write to, inside the store's transaction.

    Args:
        store: the open store; its transaction begins and ends as with ``Store.write``.
        name: of a table of ``schema.sql``.
    """
    with store.write() as con:
        # Plugins of other programs and recursive triggers would change what our statements do.
        yield Database(con, recursive_triggers=False, execute_plugins=False).table(name)
