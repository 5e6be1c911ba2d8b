"""Reading followers and following from X: page by page, resumed where it stopped, never paid twice.

Owns the use case: what of a list is read, when it may stop, and whether it was read to its end.
A page, its price and the place of the next one are written in one transaction. How one read is
made is ``asking``, what it costs ``ledger``, what an order tells ``order``.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.errors import BadInput, Cancelled, LimitReached
from followertui.domain.progress import CancelToken, Progress
from followertui.services.calling import Caller
from followertui.services.intake import reversing
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.sources import Source
from followertui.services.phrases import counted, dollars
from followertui.services.session import Session
from followertui.services.sync import costs, order, parking, profile
from followertui.services.sync.asking import Asking, TokenRefused
from followertui.services.sync.ledger import Ledger
from followertui.services.sync.parking import ParkedJob
from followertui.services.sync.values import WORDS, SyncReport, Wish
from followertui.store.audience import held_readings, imports, unfinished_parts, x_answers
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform
from followertui.x.protocol import Page, XClient, XFailed

LOOK_SIZES = (20, 100)
"""A look reads this many accounts first, then whole pages, until it meets the last reading."""

_MOST_LOOKED = 10_000
_PROBED = 20
_LEAVE_AT_ONCE = 0.02
_FEW = 10
_FIRST_SHARE = 0.9
_API_RANK = 4
_PRICE_ERROR = 0.3


def sync(session: Session, cancel: CancelToken, wish: Wish) -> Generator[Progress, None, list[SyncReport]]:
    """Read lists of the signed-in account from X.

    What was read stays when it is interrupted in any way; the same call goes on from there.

    Args:
        session: the open store.
        cancel: polled before every call, and while it waits.
        wish: what is to be read.

    Returns:
        One report for each direction, in order.

    Raises:
        BadInput: no account is signed in, or this store is another account's.
        Busy: another process imports or syncs.
        LimitReached: a budget or X ended it; what was read is kept.
        Cancelled: the person stopped it; what was read is kept.
        FollowertuiError: X refuses.
    """
    reports = []
    with session.store.leases.take("import"), session.store.many_writes():
        reversing.require_none(session.store)
        requests.recover(session.store)
        with contextlib.closing(Caller(require_x(session)(), cancel)) as caller:
            ledger = Ledger(session, caller, wish.budget_usd)
            own = yield from profile.own(session, ledger, cancel)
            for at, direction in enumerate(wish.directions):
                job = ParkedJob("sync", wish._replace(directions=wish.directions[at:])._asdict())
                one = _DirectionSync(session, ledger, cancel, own, direction, job)
                reports.append((yield from one.run()))
            parking.done(session, "sync")
    return reports


def require_x(session: Session) -> Callable[[], XClient]:
    """What makes the client of X.

    Raises:
        BadInput: no account is signed in.
    """
    if session.open_x is None:
        raise BadInput("no account is signed in to X; sign in with: followertui auth login")
    return session.open_x


def ask_counts(session: Session, cancel: CancelToken) -> Generator[Progress, None, profile.Own]:
    """Ask X who is signed in and how many followers and following there are; see ``profile.own``."""
    with contextlib.closing(Caller(require_x(session)(), cancel)) as caller:
        return (yield from profile.own(session, Ledger(session, caller), cancel))


def credits(session: Session, cancel: CancelToken) -> Generator[Progress, None, float]:
    """Ask X for the credit that is left, dollars; asking is free.

    Raises:
        FollowertuiError: X does not say.
    """
    yield Progress(0, None, "asking X for the credit left")
    with contextlib.closing(Caller(require_x(session)(), cancel)) as caller:
        left = caller.ask(lambda x: x.credits())
    if left is None:
        raise Cancelled("costs: stopped before X answered", is_resumable=False)
    return left


class _DirectionSync:
    """One direction while it is read."""

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        cancel: CancelToken,
        own: profile.Own,
        direction: str,
        job: ParkedJob,
    ) -> None:
        self.session, self.ledger, self.cancel = session, ledger, cancel
        self.own, self.direction = own, direction
        self.words = self.endpoint = WORDS[direction]
        self.expected = own.count(direction)
        self.last = held_readings.last_complete(session.store, direction, session.now)
        self.asking = Asking(session, ledger, cancel, self._kept, job)
        is_full = bool(job.wish["is_full"])
        self.state = state(session, direction)
        is_look = not is_full and self.last is not None and len(self.last) > 0
        if self.state is None:
            self.state = Place(0, None, 0, session.now // DAY, is_look)
        elif is_full:
            self.state = self.state._replace(is_look=False)
        source = Source(
            "sync", f"X API, {self.words}", _API_RANK, session.now, total=self.expected,
            expected={direction: self.expected}, newest_first=True,
        )  # fmt: skip
        self.account_run = AccountRun(session.store, session.journal, session.clock, source, self.state.import_id)
        self.state = self.state._replace(import_id=self.account_run.import_id)
        settings.SYNC.of(direction).write(session.store, self.state._asdict())
        self.has_repeated = self.has_other_order = False
        self.tokens: set[str] = set()

    @property
    def read(self) -> int:
        """Distinct accounts read so far."""
        found = self.account_run.readings.get(self.direction)
        return found.seen.count(1) if found else 0

    def _kept(self) -> str:
        return f"{self.read:,} of {self.expected:,} {self.words} are kept, followertui sync goes on from there"

    def run(self) -> Generator[Progress, None, SyncReport]:
        """Read until the end of the list, or until a look meets the last reading."""
        assert self.state is not None
        # It may have been stopped between the last page and the end.
        is_over = self.state.pages > 0 and self.state.token is None
        while not is_over:
            try:
                is_over = yield from self._next_page()
            except TokenRefused:
                yield from self._begin_again()
        yield Progress(self.read, self.expected, "comparing with earlier readings")
        return self._finish()

    def _next_page(self) -> Generator[Progress, None, bool]:
        """Read and keep one page; returns whether it was the last one to read."""
        assert self.state is not None
        yield Progress(self.read, self.expected, f"reading {self.words} from X")
        token, size = self.state.token, self._afforded(self._size())
        x_id, is_followers = self.own.x_id, self.direction == "follower"
        balance = self._balance() if self._probes() else None
        number, page = yield from self.asking.ask(
            self.endpoint, size,
            lambda x: x.followers(x_id, token, size) if is_followers else x.following(x_id, token, size),
            self.account_run.import_id, token is not None,
        )  # fmt: skip
        if balance is not None:
            self._learn_price(balance, len(page.records))
        self._keep(number, page)
        if page.repeats or page.next_token in self.tokens:
            self.has_repeated = True
            return True
        if page.next_token is not None:
            self.tokens.add(page.next_token)
        return page.next_token is None or (self.state.is_look and self._meets())

    def _keep(self, number: int, page: Page) -> None:
        """Write a page, its price and the place of the next one in one transaction."""
        assert self.state is not None
        with self.session.store.write() as con:
            rows = self.account_run.take(Chunk(page.records, direction=self.direction))
            x_answers.note_existing(self.session.store, con, rows)
            self.ledger.book(number, self.endpoint, [one.x_id for one in page.records if one.x_id is not None])
            self.state = self.state._replace(
                token=page.next_token,
                pages=self.state.pages + 1,
                unreadable=self.state.unreadable + page.unreadable,
            )
            settings.SYNC.of(self.direction).write(self.session.store, self.state._asdict())

    def _size(self) -> int:
        """How many accounts the next page is to hold."""
        assert self.state is not None
        if self.state.is_look:
            return LOOK_SIZES[self.state.pages] if self.state.pages < len(LOOK_SIZES) else self._most()
        return _PROBED if self._probes() else self._most()

    def _most(self) -> int:
        return Platform.load().endpoints[self.endpoint].page

    def _probes(self) -> bool:
        """Whether this page shows which price holds."""
        assert self.state is not None
        return self.state.pages == 0 and not settings.OWNS_APP.read(self.session.store)

    def _afforded(self, size: int) -> int:
        """The page a budget leaves room for.

        Raises:
            LimitReached: it leaves none.
        """
        left = self.ledger.room
        each = self.ledger.price(self.endpoint)
        if left.usd >= size * each - 1e-9:
            return size
        fits = int((left.usd + 1e-9) / each)
        if fits < 1:
            how = "--budget" if left.name == "run" else f"followertui costs --{left.name}"
            raise LimitReached(f"the budget of this {left.name} is spent ({how} sets it); {self._kept()}")
        return fits

    def _balance(self) -> float | None:
        assert self.ledger.caller is not None
        try:
            return self.ledger.caller.ask(lambda x: x.credits())
        except XFailed:
            return None

    def _learn_price(self, before: float, accounts: int) -> None:
        """Tell from the credits which price X charged; once told it stays."""
        after = self._balance()
        if after is None or not accounts:
            return
        for is_owned in (True, False):
            usd = accounts * Platform.load().price(self.endpoint, is_owned)
            if abs(before - after - usd) <= _PRICE_ERROR * usd:
                costs.set_owner(self.session, is_owned)

    def _meets(self) -> bool:
        """Whether a look may stop here.

        Raises:
            LimitReached: it has read so much that the whole list is the better way.
        """
        assert self.last is not None
        rows: array[int] = array("I")
        for part in self._parts():
            rows.extend(part)
        met = order.meeting(self.last, rows)
        self.has_other_order = met is order.Meeting.OTHER_ORDER
        if met is order.Meeting.NOT_YET and self.read >= _MOST_LOOKED:
            raise LimitReached(f"no overlap with the last reading; {self._kept()} (--full reads everyone)")
        return met is not order.Meeting.NOT_YET

    def _parts(self) -> list[array[int]]:
        found = unfinished_parts.unfinished_parts(self.session.store, self.account_run.import_id)
        return [part.rows for part in found if part.direction == self.direction and part.is_main]

    def _begin_again(self) -> Generator[Progress, None, None]:
        """Read from the top, where that is free: X charges for an account once a day.

        Raises:
            LimitReached: it would be paid again.
        """
        assert self.state is not None
        store, run = self.session.store, self.account_run
        with store.write():
            settings.SYNC.of(self.direction).write(store, {})
        read, is_today = self.read, self.state.day == self.session.now // DAY
        yield from reversing.discard(store, _run_of(self.session, run.import_id))
        if not is_today:
            raise LimitReached(
                f"X no longer knows the place where the last sync stopped: the {counted(read, 'account')} read on an "
                "earlier day are paid again from the top; followertui sync asks first"
            )
        self.state = Place(0, None, 0, self.session.now // DAY, self.state.is_look)
        self.tokens.clear()
        self.account_run = AccountRun(store, self.session.journal, self.session.clock, run.source)
        self.state = self.state._replace(import_id=self.account_run.import_id)
        settings.SYNC.of(self.direction).write(store, self.state._asdict())

    def _finish(self) -> SyncReport:
        """Let the reading count, as far as it can be trusted."""
        assert self.state is not None
        store, run = self.session.store, self.account_run
        is_whole = self.state.token is None and not self.has_repeated
        is_met = not is_whole and not self.has_repeated and not self.has_other_order
        completeness, said = self._judged(is_whole)
        run.source = replace(
            run.source, completeness=completeness, newest_first=not self.has_other_order, notes=tuple(said)
        )
        read = self.read
        with store.write():
            if self.direction not in run.readings:
                run.take(Chunk((), direction=self.direction))
            settings.SYNC.of(self.direction).write(store, {})
            report = run.finish(read)
        charged = requests.spent_on(store, run.import_id)
        price = dollars(charged.usd)
        if charged.unknown_usd:
            price += f", and at most {dollars(charged.unknown_usd)} for answers that never came"
        notes = report.notes
        if is_met:
            text = f"{self.words}: the newest {read:,} of {self.expected:,} read, {report.new:,} new; {price}"
            notes = ("down to where the last reading begins; --full tells who left",)
        else:
            text = (
                f"{self.words}: {read:,} of {self.expected:,} read, {completeness}, {report.new:,} new, "
                f"{report.left:,} left; {price}"
            )
        return SyncReport(
            self.direction, run.import_id, read, self.expected, completeness, report.new, report.left,
            charged.usd, charged.unknown_usd, text, notes,
        )  # fmt: skip

    def _judged(self, is_whole: bool) -> tuple[str, list[str]]:
        """Completeness of the reading, and what to say of it; adds whom a drifting list let slip."""
        if not is_whole:
            if self.has_repeated:
                return "partial", ["X gave the same page again: read as far as that; --full reads everyone"]
            if self.has_other_order:
                return "partial", ["X lists in another order than last time: nothing tells who is new; --full does"]
            return "partial", []
        unreadable = self.state.unreadable if self.state is not None else 0
        if unreadable:
            text = counted(unreadable, "account")
            return "partial", [f"{text} of X's answers cannot be read: nobody counts as left"]
        run, last = self.account_run, self.last
        anyway = f"if that is so: followertui import complete {run.import_id}"
        if last is None:
            if self.read < _FIRST_SHARE * self.expected:
                return "partial", [f"X ended the list at {self.read:,} of {self.expected:,}; {anyway}"]
            return "complete", []
        parts = self._parts()
        reading = run.readings.get(self.direction)
        is_drifting = reading is not None and reading.read > self.read
        ends_empty = self.state is not None and self.state.pages > len(parts)
        for part, rows in order.slipped(last, parts, is_drifting, ends_empty).items():
            run.carry(self.direction, part, rows)
        seen = reading.seen if reading else bytearray()
        missing = sum(1 for row in last if row >= len(seen) or not seen[row])
        if missing > max(_LEAVE_AT_ONCE * len(last), _FEW):
            return "partial", [f"{missing:,} of {len(last):,} would leave at once; {anyway}"]
        return "complete", []


class Place(NamedTuple):
    """How far the reading of a direction came.

    Attributes:
        import_id: the unfinished import.
        token: X's name of the next page, None for the first.
        pages: pages read.
        day: when it began, days since 1970 UTC.
        is_look: it may stop at the last reading.
        unreadable: accounts of X's answers so far that cannot be understood.
    """

    import_id: int
    token: str | None
    pages: int
    day: int
    is_look: bool
    unreadable: int = 0


def state(session: Session, direction: str) -> Place | None:
    """How far an interrupted reading of a direction came, None where there is none to go on with."""
    kept = settings.SYNC.of(direction).read(session.store)
    if not set(Place._fields) - set(Place._field_defaults) <= set(kept) <= set(Place._fields):
        return None
    place = Place(**kept)
    run = imports.run(session.store, place.import_id)
    return place if run is not None and run.state == "running" else None


def _run_of(session: Session, import_id: int) -> imports.ImportRun:
    run = imports.run(session.store, import_id)
    assert run is not None
    return run
