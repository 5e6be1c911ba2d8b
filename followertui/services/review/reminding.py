"""Reminders: ``later`` with a day of one's own.

Owns how a day is typed: "3w", "14d", "2m" from today on, or "2026-12-24".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import BULK, Gesture, Word

EXAMPLES = "3d, 2w, 6m, 1y or a date such as 2026-12-24"
"""How a day may be typed."""

_LONGEST = 3650
_FROM_NOW = re.compile(r"(?:in )?(\d{1,4}) ?(?:(d)(?:ays?)?|(w)(?:eeks?)?|(m)(?:onths?)?|(y)(?:ears?)?)", re.ASCII)


def day_typed(text: str, today: date) -> date:
    """The day a person means.

    Args:
        text: as typed.
        today: in the person's zone.

    Raises:
        BadInput: it is no day, or none from tomorrow up to ten years on.
    """
    typed = " ".join(text.lower().split())
    found = _FROM_NOW.fullmatch(typed)
    try:
        day = _from_today(today, int(found[1]), found[found.lastindex or 1]) if found else date.fromisoformat(typed)
    except (ValueError, OverflowError):
        raise BadInput(f'"{text}" is no day: type {EXAMPLES}') from None
    if not 1 <= (day - today).days <= _LONGEST:
        raise BadInput(f"{day.isoformat()} is no day from tomorrow up to ten years on: type {EXAMPLES}")
    return day


def _from_today(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def remind(session: Session, rows: Sequence[int], text: str, query: str = "", word: Word = BULK) -> Gesture:
    """Put accounts off until a day; they come back in their queues then.

    Args:
        session: the open store.
        rows: row numbers.
        text: the day as typed.
        query: the words the rows were chosen with.
        word: how it is given.

    Raises:
        BadInput: the text is no day to come.
    """
    today = day_of(from_epoch(session.now), session.zone)
    day = day_typed(text, today)
    return deciding.decide(session, rows, Decision.LATER, query, (day - today).days, word)
