"""How long followers stay, from what was seen of them so far.

Owns the Kaplan-Meier estimate. Pure: it knows lengths of time, no accounts. Someone who follows
still is *censored* at what was seen of them, not counted as kept for ever; so young followers say
little of a year. ``services.insight`` imports it.

Source: Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def still_there(
    seconds: NDArray[np.int64], is_lost: NDArray[np.bool_], marks: Sequence[int]
) -> tuple[float | None, ...]:
    """The estimated share that is still there after some lengths of time.

    Args:
        seconds: per follower, from the first to the last that is known of them, 0 or more.
        is_lost: whether they were lost then; the others were there still.
        marks: lengths of time, seconds, ascending.

    Returns:
        A share 0 to 1 per mark; None where nobody was followed for as long and someone might have
        been lost since.
    """
    order = np.argsort(seconds, kind="stable")
    times, lost = seconds[order], is_lost[order]
    moments, firsts = np.unique(times, return_index=True)
    at_risk = len(times) - firsts
    losses = np.add.reduceat(lost.astype(np.int64), firsts) if len(firsts) else np.zeros(0, np.int64)
    shares = np.cumprod(1 - losses / at_risk)
    longest = int(times[-1]) if len(times) else -1
    found: list[float | None] = []
    for mark in marks:
        upto = int(np.searchsorted(moments, mark, side="right"))
        share = float(shares[upto - 1]) if upto else 1.0
        found.append(share if mark <= longest or (len(times) and share == 0.0) else None)
    return tuple(found)
