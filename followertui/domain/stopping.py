"""Why work on X ended before its end, as a value a program can act on.

Owns the reasons; the sentence for each is ``services.phrases.stop_sentence``. Stdlib only;
anyone may import it.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple


class StopReason(str, Enum):
    """What stopped a run."""

    PERSON = "person"
    DAILY_CAP = "daily-cap"
    RATE_LIMIT = "rate-limit"
    CREDIT = "credit"
    BUDGET = "budget"
    SIGNED_OUT = "signed-out"
    NO_ANSWER = "no-answer"
    WINDOW_CAP = "window-cap"
    QUIET_HOURS = "quiet-hours"
    SURPRISES = "surprises"

    def __str__(self) -> str:
        return self.value


PASSING_REASONS: frozenset[StopReason] = frozenset(
    {StopReason.DAILY_CAP, StopReason.RATE_LIMIT, StopReason.WINDOW_CAP, StopReason.QUIET_HOURS}
)
"""Reasons that pass by themselves; money, keys, the network and surprises need a person."""


class Stop(NamedTuple):
    """Why a run ended before its end.

    Attributes:
        reason: what stopped it.
        until: aware UTC; from when the same command may go on, None where that is not known.
        cap: how many a day or within 15 minutes, for a cap.
        message: what X said, one plain line, "" where it said nothing.
    """

    reason: StopReason
    until: datetime | None = None
    cap: int = 0
    message: str = ""

    @property
    def passes(self) -> bool:
        """Whether waiting is enough to go on."""
        return self.reason in PASSING_REASONS
