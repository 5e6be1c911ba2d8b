"""Waiting for a moment: in the demo time is made up and simply passes.

Owns that difference only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from followertui.domain.clock import Clock, FileClock


def pass_time(clock: Clock, until: datetime) -> bool:
    """Let made-up time pass until just after a moment; returns whether the clock's time is made up."""
    if not isinstance(clock, FileClock):
        return False
    clock.advance(max(until - clock.now(), timedelta(0)) + timedelta(seconds=1))
    return True
