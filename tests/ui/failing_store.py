"""A store that answers every write with an error, and notes who asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from followertui.services.workbench import Workbench


class FailingWrites:
    """Every write of a workbench's store raises from now on.

    Args:
        bench: the workbench.
        error: what is raised.

    Attributes:
        asked: writes the person's own keys led to since it was last cleared; what runs beside the
            screen fails as well and is not counted.
    """

    def __init__(self, bench: Workbench, error: Exception) -> None:
        self.asked = 0
        self._error = error
        store = bench.session.store
        store.write = self._write  # type: ignore[method-assign]
        # The review's own sign of life is no gesture: nobody asked for it.
        store.leases.register_viewer = lambda: None  # type: ignore[method-assign]

    @contextmanager
    def _write(self) -> Iterator[Any]:
        if threading.current_thread() is threading.main_thread():
            self.asked += 1
        raise self._error
        yield
