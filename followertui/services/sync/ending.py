"""What X asks of those whose access ends: that all it gave through its API is deleted within ten business days.

Owns the day that is kept for it when a person signs out, and how it is told until it is done or declined.
Deleting is ``care.maintenance``'s.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from followertui.domain.clock import day_of
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.audience import imports
from followertui.store.file import settings

BUSINESS_DAYS = 10
"""Source: X's Developer Policy, 2026: within 10 business days after access ends."""


class Due(NamedTuple):
    """What is to be deleted.

    Attributes:
        accounts: known through X's API alone.
        by: the last day for it, where the person lives.
        is_late: whether that day is over.
    """

    accounts: int
    by: date
    is_late: bool

    @property
    def text(self) -> str:
        """One line."""
        day = f"{self.by.day} {self.by:%b %Y}"
        until = f"was to be deleted by {day}" if self.is_late else f"is to be deleted by {day}"
        return f"access to X has ended: what came through its API {until}, {counted(self.accounts, 'account')}"


def begin(session: Session) -> Due | None:
    """Keep the day when access ends; None where nothing came through X's API alone."""
    by = day_of(session.clock.now(), session.zone)
    for _ in range(BUSINESS_DAYS):
        by += timedelta(days={4: 3, 5: 2}.get(by.weekday(), 1))
    settings.DELETION.write(session.store, by.isoformat())
    return due(session)


def due(session: Session) -> Due | None:
    """What is still to be deleted, None where nothing is."""
    kept = settings.DELETION.read(session.store)
    if not kept:
        return None
    count = len(imports.rows_from_x(session.store))
    try:
        by = date.fromisoformat(kept)
    except ValueError:
        return None
    return Due(count, by, day_of(session.clock.now(), session.zone) > by) if count else None


def drop(session: Session) -> None:
    """Be told of it no more: it is done, the person declines, or there is access again."""
    settings.DELETION.write(session.store, "")


def lines(session: Session) -> list[str]:
    """What is to be deleted and how, nothing where nothing is."""
    found = due(session)
    if found is None:
        return []
    return [
        f"{found.text}; followertui purge --from-x does it, followertui auth logout --keep-data declines (help privacy)"
    ]
