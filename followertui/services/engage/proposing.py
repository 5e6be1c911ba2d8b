"""Which steps are due for whom: what playbooks propose into Today.

Owns the choice: who is in a playbook, where they stand, what fits a day. Vectorised over the whole store;
only the few that are proposed are looked at one by one. Proposing writes nothing but the list itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.clock import DAY, day_of, epoch, start_of_day
from followertui.domain.engagement import TALKING, Start, StepAction
from followertui.domain.errors import BadQuery
from followertui.engage.playbook import Playbook
from followertui.late import late
from followertui.services import books
from followertui.services.engage import drafting
from followertui.services.engage.fitting import Fitter
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.store.audience import contact_facts
from followertui.store.decisions import due, shelf
from followertui.store.file import settings, watermarks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.engage import timing, worth
else:
    np = late("numpy")
    timing = late("followertui.engage.timing")
    worth = late("followertui.engage.worth")

LOOKED_AT = 200
"""People with an offer due who are looked at for a link that fits, per playbook and day."""

NOT_THERE = "gone, suspended, harmful or a bot"
"""Why some of those a playbook is for get nothing."""


class Candidate(NamedTuple):
    """A step that may be proposed: row, its playbook and step, worth, since when it is due."""

    row: int
    playbook: str
    step: int
    worth: int
    due_at: int


@dataclass
class Look:
    """One look at the whole store: masks by query, and when each person was addressed last.

    Attributes:
        session: the open store.
        now: epoch seconds UTC.
    """

    session: Session
    now: int
    _masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    _touched: NDArray[np.int64] | None = None
    _closed: NDArray[np.bool_] | None = None

    def mask(self, query: str) -> NDArray[np.bool_]:
        """For which rows a query holds; raises BadQuery."""
        if query not in self._masks:
            self._masks[query] = self.session.evaluator.mask(self.session.parse(query).where, self.now)
        return self._masks[query]

    @cached_property
    def fitter(self) -> Fitter:
        """Finds links for people."""
        return Fitter(self.session)

    @property
    def size(self) -> int:
        """Length of every column."""
        return self.session.evaluator.columns.size()

    @property
    def touched(self) -> NDArray[np.int64]:
        """Moment each row was addressed last, 0 for never."""
        if self._touched is None:
            self._touched = np.zeros(self.size, np.int64)
            for row, at in contact_facts.last_touched(self.session.store):
                if row < self.size:
                    self._touched[row] = at
        return self._touched

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Rows nothing is ever proposed for: not to be contacted, gone, suspended, harmful, bots."""
        if self._closed is None:
            found = ~self.mask("-kind:bot,harmful -is:gone -is:suspended -is:nameless")
            rows = np.fromiter(contact_facts.no_contact_rows(self.session.store), np.int64)
            found[rows[rows < self.size]] = True
            self._closed = found
        return self._closed


def start_of_today(session: Session) -> int:
    """When the person's day began, epoch seconds UTC."""
    return epoch(start_of_day(day_of(session.clock.now(), session.zone), session.zone))


def candidates(look: Look, book: Playbook, held: dict[str, int] | None = None) -> list[Candidate]:
    """Everybody for whom a step of a playbook is due now, what is worth most first.

    Args:
        look: the store as it stands.
        book: the playbook.
        held: gets why others are left out, with counts.
    """
    rows, progress = _members(look, book, held)
    if not len(rows):
        return []
    holds = {step.only: look.mask(step.only)[rows] for step in book.steps if step.only}
    found = timing.next_steps(book, progress, holds)
    is_due = (found.place >= 0) & (found.due_at <= look.now)
    order = _by_worth(look, rows[is_due])
    values = zip(
        rows[is_due][order.order].tolist(),
        found.place[is_due][order.order].tolist(),
        order.worth.tolist(),
        found.due_at[is_due][order.order].tolist(),
        strict=True,
    )
    chosen = [Candidate(row, book.name, place, points, at) for row, place, points, at in values]
    if held is not None:
        held["nothing due yet"] = int(((found.place >= 0) & (found.due_at > look.now)).sum())
        held["through with the playbook"] = int((found.place < 0).sum())
    return chosen


def _members(look: Look, book: Playbook, held: dict[str, int] | None) -> tuple[NDArray[np.int64], timing.Progress]:
    """Rows in a playbook now, and where each stands."""
    columns = look.session.evaluator.columns
    member = look.mask(book.who) & ~look.closed
    if held is not None:
        held[NOT_THERE] = int((look.mask(book.who) & look.closed).sum())
    if book.stop:
        member &= ~look.mask(book.stop)
    last = np.full(look.size, -1, np.int64)
    last_at = _begun(look, book)
    is_fresh = last_at >= look.now - book.within_days * DAY
    names = [step.name for step in book.steps]
    for row, name, at in due.last_answered(look.session.store, book.name):
        if row < look.size:
            # Of a step that an edited playbook no longer has only what repeats comes after it.
            last[row] = names.index(name) if name in names else len(names) - 1
            last_at[row] = at
    if book.starts is Start.NEW_FOLLOWER:
        member &= (last >= 0) | ((columns.get("followed") >= 0) & is_fresh)
    rows = np.flatnonzero(member)
    return rows, timing.Progress(last[rows], last_at[rows], look.touched[rows])


def _begun(look: Look, book: Playbook) -> NDArray[np.int64]:
    """When a playbook began for each row: when they followed us, or were first seen."""
    columns = look.session.evaluator.columns
    followed, seen = columns.get("followed"), columns.get("seen")
    begun = np.where(followed >= 0, followed, seen if book.starts is Start.FIRST_SIGHT else -1)
    return begun.astype(np.int64)


class _Weighed(NamedTuple):
    order: NDArray[np.int64]
    worth: NDArray[np.int64]


def _by_worth(look: Look, rows: NDArray[np.int64]) -> _Weighed:
    points = worth_of(look, rows)
    order = np.lexsort((rows, -points))
    return _Weighed(order, points[order])


def worth_of(look: Look, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """What engaging each of some rows is worth, 0-100."""
    columns = look.session.evaluator.columns
    with columns.hold():
        kinds = columns.kinds()[0]
        known = [columns.get(name) for name in ("seniority", "relevance", "followers", "followed")]
    return worth.worth(worth.Columns(*(values[rows].astype(np.int64) for values in (kinds, *known))), look.now)


def stamp(session: Session) -> str:
    """What proposals rest on: the same while nothing they depend on changed and the day lasts."""
    store = session.store
    lineage = {domain: counter for domain, (counter, _) in store.lineage().items()}
    links = [link.id for link in shelf.links(store)]
    kept = [settings.PLAYBOOKS.read(store), settings.TODAY_MOST.read(store)]
    return json.dumps([start_of_today(session), lineage, kept, links], sort_keys=True)


def refresh(session: Session) -> int:
    """Bring Today up to date: let lapse what no longer holds, propose what is due. Returns how many are new."""
    before = stamp(session)
    if session.store.is_read_only or watermarks.PROPOSED.read(session.store) == before:
        return 0
    known = books.books(session).good
    with session.evaluator.columns.hold():
        look = Look(session, session.now)
        lapsed = _lapsed(look, known)
        fresh = chosen(look, known, lapsed)
        open_now = [item for item in due.waiting_items(session.store) if item.id not in lapsed]
        rows = np.array([item.row for item in open_now], np.int64)
        points = worth_of(look, rows)
    proposals = [_proposal(known[one.playbook], one) for one in fresh]
    with session.store.write():
        # Another window may have proposed meanwhile.
        taken = {item.row for item in due.waiting_items(session.store) if item.id not in lapsed}
        due.lapse(session.store, sorted(lapsed), session.now)
        due.reweigh(session.store, zip(points.tolist(), (item.id for item in open_now), strict=True))
        numbers = due.propose(
            session.store, [one for one in proposals if one.row not in taken], session.now, session.reviewer
        )
        kept = contact_facts.keep_opt_outs(session.store, session.now)
        if not (numbers or lapsed or kept):
            # What was written moves the counters: the next look finds nothing more and says so.
            watermarks.PROPOSED.write(session.store, before)
    return len(numbers)


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


def chosen(look: Look, known: dict[str, Playbook], lapsed: set[int] | frozenset[int] = frozenset()) -> list[Candidate]:
    """What is proposed on top of what is open: within each playbook's day and the whole day, the worthiest first."""
    session = look.session
    waiting = [item for item in due.waiting_items(session.store) if item.id not in lapsed]
    busy = {item.row for item in waiting} | _answered_today(session)
    today = start_of_today(session)
    found: list[Candidate] = []
    for book in known.values():
        room = book.a_day - due.proposed_since(session.store, book.name, today)
        if book.is_on and room > 0:
            try:
                found += within_day(look, book, room, busy)
            except BadQuery:
                continue
    left = max(0, settings.TODAY_MOST.read(session.store) - len(waiting))
    best: dict[int, Candidate] = {}
    for one in sorted(found, key=lambda one: (-one.worth, one.due_at, one.row)):
        best.setdefault(one.row, one)
    return list(best.values())[:left]


def _answered_today(session: Session) -> set[int]:
    """People with whom something was done today: nobody gets two things a day."""
    return {row for row, _ in due.answered_since(session.store, start_of_today(session))}


def within_day(look: Look, book: Playbook, room: int, busy: set[int]) -> list[Candidate]:
    """The worthiest of a playbook that fit into a day; an offer only where a link fits."""
    found: list[Candidate] = []
    looked = 0
    for one in candidates(look, book):
        if len(found) >= room or looked >= LOOKED_AT:
            break
        if one.row in busy:
            continue
        if book.steps[one.step].action is StepAction.OFFER:
            looked += 1
            if not _has_link(look, one.row):
                later = _after_offer(look, book, one)
                found += [later] if later is not None else []
                continue
        found.append(one)
    return found


def _has_link(look: Look, row: int) -> bool:
    """Whether a link of the shelf fits someone."""
    if not look.fitter.items:
        return False
    return any(look.fitter.ranked(cell, drafting.company_of(look.session, row)) for cell in cells(look.session, [row]))


def _after_offer(look: Look, book: Playbook, one: Candidate) -> Candidate | None:
    """What comes next for someone whom no link fits, None where that is not due yet."""
    holds = {step.only: look.mask(step.only)[[one.row]] for step in book.steps if step.only}
    begun = np.array([one.due_at], np.int64)
    progress = timing.Progress(np.array([one.step], np.int64), begun, look.touched[[one.row]])
    found = timing.next_steps(book, progress, holds)
    place, at = int(found.place[0]), int(found.due_at[0])
    is_due = place >= 0 and at <= look.now and book.steps[place].action is not StepAction.OFFER
    return one._replace(step=place, due_at=at) if is_due else None
