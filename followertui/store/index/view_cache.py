"""Frozen rows of the last views, so that the first page paints before numpy is loaded.

Owns cache files ``view-*.bin`` beside the store; each carries a stamp of what it was
computed from and is ignored when that changed. Only ``services`` imports it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from followertui.store.file import watermarks
from followertui.store.file.connection import Store


def _path(store: Store, queue_id: str) -> Path:
    name = hashlib.sha256(queue_id.encode()).hexdigest()[:12]
    return store.path.with_name(store.path.name + ".cache") / f"view-{name}.bin"


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
    path = _path(store, queue_id)
    head = json.dumps([watermarks.STORE_ID.read(store), stamp, of, sort, len(rows)]).encode()
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_bytes(len(head).to_bytes(4, "little") + head + rows.cast("B"))
        part.replace(path)


def read_view(store: Store, queue_id: str, stamp: str) -> tuple[Sequence[int], int, str] | None:
    """A kept view: (rows in order, rows of the queue, sort), None when it is stale or missing."""
    try:
        with _path(store, queue_id).open("rb") as file:
            length = int.from_bytes(file.read(4), "little")
            store_id, kept_stamp, of, sort, count = json.loads(file.read(length))
            if store_id != watermarks.STORE_ID.read(store) or kept_stamp != stamp:
                return None
            body = memoryview(file.read()).cast("I")
            return (body, int(of), str(sort)) if len(body) == count else None
    except (OSError, ValueError, TypeError):
        return None
