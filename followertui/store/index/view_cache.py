"""Frozen rows of the last views, so that the first page paints before numpy is loaded.

Owns cache files ``view-*.bin`` beside the store; each carries a stamp of what it was
computed from and is ignored when that changed. Only ``services`` imports it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from followertui.store.file.connection import Store
from followertui.store.index import cache_files


def _name(queue_id: str) -> str:
    return f"view-{hashlib.sha256(queue_id.encode()).hexdigest()[:12]}.bin"


def write_view(store: Store, queue_id: str, stamp: str, rows: memoryview, of: int, sort: str) -> None:
    """Keep a view; failures do no harm.

    Args:
        store: the open store.
        queue_id: which queue.
        stamp: changes whenever the view might.
        rows: uint32 row numbers in view order.
        of: how many rows the queue has.
        sort: as in ``View``.
    """
    cache_files.write(store, _name(queue_id), {"stamp": stamp, "of": of, "sort": sort, "count": len(rows)}, rows)


def read_view(store: Store, queue_id: str, stamp: str) -> tuple[Sequence[int], int, str] | None:
    """A kept view: (rows in order, rows of the queue, sort), None when it is stale or missing."""
    found = cache_files.read(store, _name(queue_id))
    if found is None or found[0].get("stamp") != stamp:
        return None
    header, body = found
    return memoryview(body)[: 4 * header["count"]].cast("I"), header["of"], header["sort"]
