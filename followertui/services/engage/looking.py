"""Who is due for which step: where everybody stands in a playbook, and who is worth most.

Owns the look at the whole store. Vectorised over all accounts; only the few that fit into a day are
looked at one by one. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.clock import DAY, day_of, epoch, start_of_day
from followertui.domain.engagement import INTERVAL_TAGS, Start, StepAction, interval_of
from followertui.engage.playbook import Playbook
from followertui.late import late
from followertui.services.engage.fitting import Fitter
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.store.audience import contact_facts
from followertui.store.decisions import due, tags

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.engage import timing, worth
    from followertui.services.engage import drafting
else:
    np = late("numpy")
    timing = late("followertui.engage.timing")
    worth = late("followertui.engage.worth")
    drafting = late("followertui.services.engage.drafting")

NEVER = 2**62
"""A moment that does not come."""

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
        next_at: the first moment after ``now`` at which more is due, as far as playbooks were looked at.
    """

    session: Session
    now: int
    next_at: int = NEVER
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

    @cached_property
    def own_days(self) -> NDArray[np.int64]:
        """Days a tag such as "every 14 days" sets for each row, the longest of several, 0 where none does."""
        found = np.zeros(self.size, np.int64)
        for name, row in tags.rows_by_tag(self.session.store, INTERVAL_TAGS):
            if row < self.size:
                found[row] = max(found[row], interval_of(name))
        return found

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


@dataclass(frozen=True)
class DueNow:
    """Everybody for whom a step of a playbook is due, what is worth most first; all arrays the same positions.

    Attributes:
        book: whose step.
        rows: accounts.
        places: place of the step in the playbook.
        worths: 0-100.
        due_at: since when, epoch seconds UTC.
    """

    book: Playbook
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    worths: NDArray[np.int64]
    due_at: NDArray[np.int64]

    def __iter__(self) -> Iterator[Candidate]:
        """One at a time: most are never looked at."""
        for at in range(len(self.rows)):
            yield Candidate(
                int(self.rows[at]), self.book.name, int(self.places[at]), int(self.worths[at]), int(self.due_at[at])
            )


def candidates(look: Look, book: Playbook, held: dict[str, int] | None = None) -> DueNow:
    """Everybody for whom a step of a playbook is due now, what is worth most first.

    Args:
        look: the store as it stands.
        book: the playbook.
        held: gets why others are left out, with counts.
    """
    rows, progress = _members(look, book, held)
    holds = {step.only: look.mask(step.only)[rows] for step in book.steps if step.only}
    found = timing.next_steps(book, progress, holds)
    has_step = found.place >= 0
    is_due = has_step & (found.due_at <= look.now)
    to_come = found.due_at[has_step & ~is_due]
    if len(to_come):
        look.next_at = min(look.next_at, int(to_come.min()))
    if held is not None:
        held["nothing due yet"] = len(to_come)
        held["through with the playbook"] = int((~has_step).sum())
    order = _by_worth(look, rows[is_due])
    chosen = np.flatnonzero(is_due)[order.order]
    return DueNow(book, rows[chosen], found.place[chosen], order.worth, found.due_at[chosen])


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
    return rows, timing.Progress(last[rows], last_at[rows], look.touched[rows], look.own_days[rows])


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


def within_day(look: Look, book: Playbook, room: int, busy: Set[int]) -> list[Candidate]:
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
    progress = timing.Progress(np.array([one.step], np.int64), begun, look.touched[[one.row]], look.own_days[[one.row]])
    found = timing.next_steps(book, progress, holds)
    place, at = int(found.place[0]), int(found.due_at[0])
    is_due = place >= 0 and at <= look.now and book.steps[place].action is not StepAction.OFFER
    return one._replace(step=place, due_at=at) if is_due else None
