"""Playbooks in force, and where the stretch of a goal begins.

Owns which there are in a store. Any room of ``services`` may use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from followertui.domain.clock import DAY, day_of, epoch, start_of_day
from followertui.domain.engagement import TALKING, StepAction
from followertui.domain.errors import BadInput
from followertui.engage import playbook as rules
from followertui.engage.playbook import Goal, Playbook
from followertui.services.session import Session
from followertui.store.decisions import due
from followertui.store.file import settings

ENGAGING: tuple[str, ...] = tuple(action.value for action in StepAction if action in TALKING)
"""Steps that count as engaging someone, for goals."""


class Books(NamedTuple):
    """Playbooks by name, and what is wrong with those that cannot be used."""

    good: dict[str, Playbook]
    problems: dict[str, str]


def books(session: Session) -> Books:
    """Every playbook, by name in alphabetical order."""
    good: dict[str, Playbook] = {}
    problems: dict[str, str] = {}
    own = settings.PLAYBOOKS.read(session.store)
    for name in sorted({*rules.shipped_names(), *own}):
        try:
            good[name] = rules.parse(name, text_of(own, name))
        except BadInput as error:
            problems[name] = str(error)
    return Books(good, problems)


def text_of(own: Mapping[str, object], name: str) -> str:
    """The file of a playbook: as changed here, else as it comes with the program; "" for neither."""
    kept = own.get(name)
    return kept if isinstance(kept, str) else rules.shipped_text(name)


def since_of(goal: Goal | None, now: datetime, zone: tzinfo) -> int:
    """When the present stretch of a goal began, epoch seconds UTC; 90 days ago where there is no goal."""
    if goal is None:
        return epoch(now) - 90 * DAY
    today = day_of(now, zone)
    begun = {
        "week": date.fromordinal(today.toordinal() - today.weekday()),
        "month": today.replace(day=1),
        "quarter": today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1),
        "year": today.replace(month=1, day=1),
    }[goal.per]
    return epoch(start_of_day(begun, zone))


def rows_asked(session: Session, asked: str) -> list[int]:
    """Whom a playbook engaged in the present stretch of its goal, "customer", or others it tells of, "customer/visit".

    Args:
        session: the open store.
        asked: the playbook, and after a "/" whom: done, skipped, waiting, or an outcome.
    """
    name, _, what = asked.partition("/")
    book = books(session).good.get(name)
    since = since_of(None if book is None else book.goal, session.clock.now(), session.zone)
    return due.rows_of(session.store, name, what, ENGAGING, since)
