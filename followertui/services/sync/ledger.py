"""Reads from X with their price: written down before, booked after, never beyond a budget.

Owns what a read costs and which budget it must fit; the rows are ``store.decisions.requests``.
X's days begin at midnight UTC, and so do the days and months of a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from followertui.domain.clock import epoch
from followertui.domain.errors import Cancelled
from followertui.services.calling import Caller
from followertui.services.session import Session
from followertui.services.sync import learning, trouble
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform
from followertui.x.protocol import XClient, XFailed

Answer = TypeVar("Answer")

_OF_OTHERS = frozenset({"timeline"})
"""Reads asked only of others here: who owns the app makes them no cheaper."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much money a budget leaves.

    Attributes:
        usd: dollars; infinite without a budget.
        name: which budget leaves the least: "run", "day" or "month"; "" without one.
    """

    usd: float
    name: str


def room(session: Session, run_usd: float | None = None, spent_in_run: float = 0.0) -> Room:
    """What the budgets of this run, of the day and of the month leave.

    Args:
        session: the open store.
        run_usd: the budget of this run, None for none.
        spent_in_run: dollars it has cost so far, what is not known included.
    """
    now = session.clock.now().astimezone(UTC)
    day = datetime(now.year, now.month, now.day, tzinfo=UTC)
    found = [Room(float("inf"), "")]
    if run_usd is not None:
        found.append(Room(run_usd - spent_in_run, "run"))
    for name, setting, since in (
        ("day", settings.BUDGET_DAY, day),
        ("month", settings.BUDGET_MONTH, day.replace(day=1)),
    ):
        limit = setting.read(session.store)
        if limit:
            spent = requests.spent(session.store, epoch(since))
            found.append(Room(limit - spent.usd - spent.unknown_usd, name))
    return min(found, key=lambda one: one.usd)


class Ledger:
    """Makes the reads of one run and books them.

    Args:
        session: the open store.
        caller: makes the calls; None for a ledger that only books.
        run_usd: the budget of the run, None for none.

    Attributes:
        usd: dollars charged so far.
        unknown_usd: dollars at most for reads whose answer never came.
    """

    def __init__(self, session: Session, caller: Caller | None = None, run_usd: float | None = None) -> None:
        self.session = session
        self.caller = caller
        self.run_usd = run_usd
        self.usd = self.unknown_usd = 0.0

    @property
    def room(self) -> Room:
        """What the budgets leave now."""
        return room(self.session, self.run_usd, self.usd + self.unknown_usd)

    def price(self, endpoint: str) -> float:
        """Dollars per account of a read of our own lists; the dearer price while it is not known who owns the app."""
        owned = settings.OWNS_APP.read(self.session.store) == "yes" and endpoint not in _OF_OTHERS
        return Platform.load().price(endpoint, owned)

    def read(
        self, endpoint: str, most: int, call: Callable[[XClient], Answer], import_id: int | None = None
    ) -> tuple[int, Answer]:
        """Make one read, written down before.

        Args:
            endpoint: as the platform file calls it.
            most: how many accounts it may return.
            call: makes it.
            import_id: the sync it belongs to.

        Returns:
            Its number, for ``book``, and its answer.

        Raises:
            XFailed: X refused or could not be reached; the ledger says so.
            Cancelled: it was given up.
        """
        session = self.session
        most_usd = round(most * self.price(endpoint), 6)
        number = requests.begin(session.store, endpoint, import_id, most, most_usd, session.now)
        assert self.caller is not None
        try:
            answer = self.caller.ask(call)
        except XFailed as failure:
            status = failure.outcome.status
            # An answer that cannot be read may have been charged all the same.
            is_refused = status is not None and not 200 <= status < 300
            if not is_refused:
                self.unknown_usd += most_usd
            state = requests.REFUSED if is_refused else requests.UNKNOWN
            requests.finish(session.store, number, state, 0, 0.0, status, session.now)
            trouble.note_outcome(session, failure.outcome)
            learning.note_read(session, endpoint, failure.outcome)
            raise
        if answer is None:
            self.unknown_usd += most_usd
            requests.finish(session.store, number, requests.UNKNOWN, 0, 0.0, None, session.now)
            raise Cancelled("sync: stopped before X answered; run it again to go on")
        return number, answer

    def book(self, number: int, endpoint: str, x_ids: Iterable[int]) -> int:
        """Book what X charges for an answer, in the open transaction or in one of its own.

        Args:
            number: as ``read`` gave it.
            endpoint: as the platform file calls it.
            x_ids: the accounts the answer held.

        Returns:
            For how many accounts X charges.
        """
        session = self.session
        with session.store.write() as con:
            units = requests.bill(con, x_ids, session.now)
            usd = round(units * self.price(endpoint), 6)
            requests.finish(session.store, number, requests.ANSWERED, units, usd, 200, session.now)
            learning.note_read(session, endpoint, learning.DONE)
        self.usd += usd
        return units
