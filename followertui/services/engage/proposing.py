"""What playbooks propose into Today, and when there is anything new to propose.

Owns bringing the list up to date: what no longer holds lapses, what is due is proposed. A note beside the
list says what it rests on, so that a look at the whole store is made only where something may have
changed by it. Proposing writes nothing but the list itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.engagement import TALKING
from followertui.domain.errors import BadQuery, Cancelled
from followertui.domain.progress import CancelToken, NeverCancelled, Progress, drained
from followertui.engage.playbook import Playbook
from followertui.late import late
from followertui.services import books
from followertui.services.engage import looking
from followertui.services.engage.looking import Candidate, Look, start_of_today
from followertui.services.session import Session
from followertui.store.audience import contact_facts
from followertui.store.decisions import due, shelf
from followertui.store.file import settings, watermarks

if TYPE_CHECKING:
    import numpy as np

    from followertui.store.index import columns as array_columns
else:
    np = late("numpy")
    array_columns = late("followertui.store.index.columns")

LOOKING = "looking who is due"
"""What proposing does, in words."""


class _Rest(NamedTuple):
    """What Today rests on.

    Attributes:
        rules: a hash of the day, playbooks, links and limits.
        lineage: change domain -> its counter and stamp.
        next_at: when more is due though nothing changes, epoch seconds UTC.
        is_limited: whether something waits only because as much is open as may be.
    """

    rules: str
    lineage: dict[str, list[Any]]
    next_at: int
    is_limited: bool


def _rest_now(session: Session) -> _Rest:
    """What proposals would rest on now."""
    store = session.store
    rules = [
        start_of_today(session),
        settings.PLAYBOOKS.read(store),
        settings.TODAY_MOST.read(store),
        [link.id for link in shelf.links(store)],
    ]
    known = hashlib.blake2b(json.dumps(rules, sort_keys=True).encode(), digest_size=16).hexdigest()
    return _Rest(known, _lineage(session), looking.NEVER, False)


def _rest_kept(text: str) -> _Rest | None:
    """What Today rests on, None where nothing was proposed yet."""
    try:
        return _Rest(*json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


def settled(session: Session) -> bool:
    """Whether Today stands as it should without a look at the whole store.

    What was answered in it since brings nothing new by itself: nobody gets two things a day. An account that was
    answered and still waits for something, as an undo may leave it, is looked at. A read-only store stands as it is.
    """
    store = session.store
    kept, now = _rest_kept(watermarks.PROPOSED.read(store)), _rest_now(session)
    if store.is_read_only:
        return True
    if kept is None or kept.rules != now.rules or session.now >= kept.next_at:
        return False
    if kept.lineage == now.lineage:
        return True
    if kept.is_limited:
        return False
    waiting = {item.row for item in due.waiting_items(store)}
    return _changed_only(session, kept.lineage, due.answered_rows(store, start_of_today(session)) - waiting)


def _changed_only(session: Session, lineage: Mapping[str, list[Any]], rows: set[int]) -> bool:
    """Whether since a moment of the store nothing changed but some rows."""
    for domain, (counter, stamp) in lineage.items():
        # No stamp is kept of the beginning, before anything was ever changed.
        if counter and session.store.stamp_of(domain, counter) != stamp:
            return False
        changed = session.store.changed_since(domain, counter)
        if changed is None or not rows.issuperset(changed):
            return False
    return True


def refresh(session: Session) -> int:
    """Bring Today up to date: let lapse what no longer holds, propose what is due. Returns how many are new."""
    return drained(propose(session, NeverCancelled()))


def propose(session: Session, cancel: CancelToken) -> Generator[Progress, None, int]:
    """Bring Today up to date, telling how far it is.

    Args:
        session: the open store.
        cancel: polled between the arrays that are read; nothing is written before all is known.

    Yields:
        Progress in steps.

    Returns:
        How many things are newly due.

    Raises:
        Cancelled: it was stopped.
    """
    if settled(session):
        return 0
    arrays = session.evaluator.columns
    steps = [*array_columns.GROUPS]
    for number, group in enumerate(steps):
        if cancel.is_set():
            raise Cancelled(f"{LOOKING}: stopped; Today stands as it was", is_resumable=False)
        yield Progress(number, len(steps) + 1, LOOKING)
        arrays.group(group)
    yield Progress(len(steps), len(steps) + 1, LOOKING)
    return _proposed(session)


class _Seen(NamedTuple):
    """What a look found: what lapses, what is new, the worth of what is open, whether the list is full."""

    lapsed: set[int]
    proposals: list[due.Proposal]
    worths: list[tuple[int, int]]
    next_at: int
    is_limited: bool


def _proposed(session: Session) -> int:
    store = session.store
    kept, before = watermarks.PROPOSED.read(store), _rest_now(session)
    seen = _look(session)
    with store.write():
        if watermarks.PROPOSED.read(store) != kept:
            # Another window proposed meanwhile.
            return 0
        is_still = _lineage(session) == before.lineage
        due.lapse(store, sorted(seen.lapsed), session.now)
        due.reweigh(store, seen.worths)
        numbers = due.propose(store, seen.proposals, session.now, session.reviewer)
        contact_facts.keep_opt_outs(store, session.now)
        rest = before._replace(next_at=seen.next_at, is_limited=seen.is_limited)
        written = json.dumps(rest)
        watermarks.PROPOSED.write(store, written)
    if is_still:
        _note_own_change(session, rest, written)
    return len(numbers)


def _note_own_change(session: Session, rest: _Rest, written: str) -> None:
    """Let Today rest on the store as proposing left it, unless others wrote meanwhile: that has to be looked at."""
    with session.store.write():
        now = _lineage(session)
        changed = {domain: found[0] - rest.lineage[domain][0] for domain, found in now.items()}
        is_own = all(by <= (domain == "decision") for domain, by in changed.items())
        if is_own and watermarks.PROPOSED.read(session.store) == written:
            watermarks.PROPOSED.write(session.store, json.dumps(rest._replace(lineage=now)))


def _lineage(session: Session) -> dict[str, list[Any]]:
    return {domain: list(found) for domain, found in session.store.lineage().items()}


def _look(session: Session) -> _Seen:
    """Look at the whole store."""
    known = books.books(session).good
    with session.evaluator.columns.hold():
        look = Look(session, session.now)
        lapsed = _lapsed(look, known)
        fresh = _chosen(look, known, lapsed)
        open_now = [item for item in due.waiting_items(session.store) if item.id not in lapsed]
        points = looking.worth_of(look, np.array([item.row for item in open_now], np.int64))
    left = max(0, settings.TODAY_MOST.read(session.store) - len(open_now))
    return _Seen(
        lapsed,
        [_proposal(known[one.playbook], one) for one in fresh[:left]],
        list(zip(points.tolist(), (item.id for item in open_now), strict=True)),
        look.next_at,
        len(fresh) > left,
    )


def _proposal(book: Playbook, one: Candidate) -> due.Proposal:
    step = book.steps[one.step]
    return due.Proposal(one.row, book.name, step.name, step.action, step.to, one.worth)


def _lapsed(look: Look, known: dict[str, Playbook]) -> set[int]:
    """Numbers of what nobody answered and no longer holds; of two for one person the later one."""
    found: set[int] = set()
    seen: set[int] = set()
    for item in due.waiting_items(look.session.store):
        book = known.get(item.playbook)
        step = next((one for one in book.steps if one.name == item.step), None) if book is not None else None
        if (
            item.row in seen
            or book is None
            or step is None
            or not book.is_on
            or not _still(look, book, step.only, item)
        ):
            found.add(item.id)
        else:
            seen.add(item.row)
    return found


def _still(look: Look, book: Playbook, only: str, item: due.DueItem) -> bool:
    """Whether a step still is for someone."""
    if item.row >= look.size or look.closed[item.row]:
        return False
    try:
        is_in = bool(look.mask(book.who)[item.row]) and not (book.stop and look.mask(book.stop)[item.row])
        is_cool = item.action not in TALKING or look.touched[item.row] + book.cool_down_days * DAY <= look.now
        return is_in and is_cool and (not only or bool(look.mask(only)[item.row]))
    except BadQuery:
        return False


def _chosen(look: Look, known: dict[str, Playbook], lapsed: set[int]) -> list[Candidate]:
    """What could be proposed on top of what is open: within each playbook's day, the worthiest first."""
    session = look.session
    today = start_of_today(session)
    busy = {item.row for item in due.waiting_items(session.store) if item.id not in lapsed}
    busy |= due.answered_rows(session.store, today)
    found: list[Candidate] = []
    for book in known.values():
        room = book.a_day - due.proposed_since(session.store, book.name, today)
        if book.is_on and room > 0:
            try:
                found += looking.within_day(look, book, room, busy)
            except BadQuery:
                continue
    best: dict[int, Candidate] = {}
    for one in sorted(found, key=lambda one: (-one.worth, one.due_at, one.row)):
        best.setdefault(one.row, one)
    return list(best.values())
