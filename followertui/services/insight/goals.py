"""How the goals of playbooks stand, and what each playbook and each link brought.

Owns these figures of the report. Reads only.
"""

from __future__ import annotations

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.guards import OUTCOMES
from followertui.services import books
from followertui.services.insight.values import GoalLine, LinkLine
from followertui.services.session import Session
from followertui.store.decisions import due, shelf


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


def links(session: Session) -> tuple[LinkLine, ...]:
    """Links that were offered or that analytics tell of, the most offered first."""
    brought = shelf.brought(session.store, OUTCOMES, shelf.OUTCOME_DAYS)
    results = shelf.results(session.store)
    found = []
    for link in shelf.links(session.store, with_dropped=True):
        if link.id in brought or link.id in results:
            done = brought.get(link.id)
            offered, outcomes = (done.offered, done.outcomes) if done is not None else (0, {})
            found.append(LinkLine(link.id, link.title or link.url, offered, outcomes, results.get(link.id, {})))
    return tuple(sorted(found, key=lambda one: (-one.offered, one.id)))
