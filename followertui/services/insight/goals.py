"""How the goals of playbooks stand, and what each playbook brought.

Owns these figures of the report. Reads only.
"""

from __future__ import annotations

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.guards import OUTCOMES
from followertui.services import books
from followertui.services.insight.values import GoalLine
from followertui.services.session import Session
from followertui.store.decisions import due


def goals(session: Session) -> tuple[GoalLine, ...]:
    """Playbooks with a goal, or by which something was done, in alphabetical order."""
    found = []
    for name, book in books.books(session).good.items():
        since = books.since_of(book.goal, session.clock.now(), session.zone)
        tally = due.tally(session.store, name, books.ENGAGING, since)
        if not (tally.done or tally.skipped or (book.goal and book.is_on)):
            continue
        found.append(
            GoalLine(
                name=name,
                title=book.title,
                since=day_of(from_epoch(since), session.zone).isoformat(),
                target=book.goal.count if book.goal else None,
                per=book.goal.per if book.goal else "",
                engaged=tally.engaged,
                done=tally.done,
                skipped=tally.skipped,
                waiting=tally.open,
                outcomes=due.outcomes_after(session.store, name, OUTCOMES, since),
            )
        )
    return tuple(found)
