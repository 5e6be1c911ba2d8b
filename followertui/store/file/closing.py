"""Closes the connections of a store while threads may still be inside SQLite.

Owns which connection may be closed: one that is closed under a thread which is inside of it ends
the program. Only ``store.file.connection`` imports it.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
import threading
import weakref
from collections.abc import Iterable
from types import FrameType

_ROUNDS, _PAUSE_SECONDS = 100, 0.05
_LIBRARY = os.path.dirname(threading.__file__) + os.sep
_WAITS = threading.Condition.wait.__code__
_INSTALLED = os.sep + "site-packages" + os.sep


def close_all(connections: Iterable[tuple[threading.Thread, sqlite3.Connection]]) -> bool:
    """Close connections, each made by a thread; what is read through them is interrupted.

    Args:
        connections: consumed one by one; nothing but a thread that uses one may refer to it still.

    Returns:
        Whether all are closed. After about five seconds one that is still in use is left to its
        thread, and closes when that lets go of it.
    """
    held: list[weakref.ref[sqlite3.Connection]] = []
    for thread, con in connections:
        if _is_outside(thread):
            con.close()
        else:
            held.append(weakref.ref(con))
        del con
    pause = threading.Event()
    if held:
        # What was frozen once the first screen stood would never be collected.
        gc.unfreeze()
    for at in range(_ROUNDS if held else 0):
        pause.wait(_PAUSE_SECONDS if at else 0)
        for reference in held:
            _interrupt(reference)
        # A connection refers to itself, so that only a collection ends it.
        gc.collect()
        held = [reference for reference in held if reference() is not None]
        if not held:
            break
    return not held


def _interrupt(reference: weakref.ref[sqlite3.Connection]) -> None:
    con = reference()
    if con is not None:
        con.interrupt()


def _is_outside(thread: threading.Thread) -> bool:
    """Whether a thread cannot be inside SQLite: it is this one, is over, waits for another, or has no code of ours."""
    if thread is threading.current_thread() or not thread.is_alive():
        return True
    frame: FrameType | None = sys._current_frames().get(thread.ident or 0)
    if frame is not None and frame.f_code is _WAITS:
        return True
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(_LIBRARY) or _INSTALLED in name:
            return False
        frame = frame.f_back
    return True
