"""How fast a plan is carried out: quiet hours, caps a day and within fifteen minutes.

Owns what a person may write for them and when quiet hours end. Stdlib only; anyone may import it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from followertui.domain.errors import BadInput

WINDOW_SECONDS = 900
"""Length of the window in which a cap counts, as X counts."""

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?", re.ASCII)
_CAP = re.compile(r"(\d{1,6})(?:/(\d{1,6}))?", re.ASCII)


class QuietHours(NamedTuple):
    """Hours of the person's day in which nothing is carried out; they may pass midnight.

    Attributes:
        start: from when, local time.
        end: until when, local time.
    """

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def end_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet hours a moment falls into end, aware UTC; None where it falls into none."""
        local = moment.astimezone(zone)
        clock = local.time().replace(tzinfo=None)
        passes_midnight = self.start > self.end
        is_within = (clock >= self.start, clock < self.end)
        is_quiet = any(is_within) if passes_midnight else all(is_within)
        if not is_quiet:
            return None
        day = local.date() + timedelta(days=passes_midnight and clock >= self.start)
        return datetime.combine(day, self.end, tzinfo=zone).astimezone(UTC)


def quiet_hours(text: str) -> QuietHours:
    """Quiet hours from text such as ``22:00-07:00`` or ``22-7``.

    Raises:
        BadInput: it is none.
    """
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        start = time(int(found[1]), int(found[2] or 0))
        end = time(int(found[3]), int(found[4] or 0))
    except ValueError:
        raise BadInput(f'quiet hours "{text[:40]}": write two times of the day, such as 22:00-07:00') from None
    if start == end:
        raise BadInput(f'quiet hours "{text[:40]}": begin and end are the same; off switches them off')
    return QuietHours(start, end)


class Caps(NamedTuple):
    """The most of one action: a day, and within fifteen minutes; 0 for no cap."""

    per_day: int
    per_window: int


def caps(text: str) -> Caps:
    """Caps from text such as ``100`` (a day) or ``100/20`` (a day, and within fifteen minutes).

    Raises:
        BadInput: it is neither, or one of them is 0.
    """
    found = _CAP.fullmatch(text.strip())
    values = [int(part) for part in (found.groups() if found else ()) if part is not None]
    if not values or not all(values):
        raise BadInput(f'cap "{text[:40]}": write how many a day, or 100/20 for 100 a day and 20 within 15 minutes')
    return Caps(values[0], values[1] if len(values) > 1 else 0)
