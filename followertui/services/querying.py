"""A query's rows: all of them, those among some, or a random few.

Owns the step from query text to row numbers. Reads only. Any room of ``services`` may use it.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.late import late
from followertui.services.session import Session
from followertui.store.audience import pages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")


_MOST_READ = 20_000
"""Reading up to this number of rows takes less time than loading numpy."""


def rows_of(session: Session, text: str) -> array[int]:
    """Rows a query holds for, in its order: what the command line works on."""
    if not text.strip() and not session.is_warm and (everyone := pages.everyone(session.store, _MOST_READ)) is not None:
        return everyone
    rows = session.evaluator.rows(session.parse(text), session.now)
    return array("I", rows.tobytes())


def rows_matching(session: Session, rows: Sequence[int], text: str) -> list[int]:
    """Which of some rows a query holds for, in their order."""
    return [int(row) for row in _filtered(session, rows, text)]


def _filtered(session: Session, rows: Sequence[int], text: str) -> NDArray[np.uint32]:
    wanted = np.asarray(rows, dtype=np.uint32)
    mask = session.evaluator.mask(session.parse(text).where, session.now)
    found: NDArray[np.uint32] = wanted[mask[wanted]]
    return found


def sample(session: Session, rows: Sequence[int], n: int = 20) -> list[int]:
    """A random sample without repeats, in the order of ``rows``; another one each time."""
    places = sorted(random.Random().sample(range(len(rows)), min(n, len(rows))))
    return [int(rows[place]) for place in places]
