"""Looking accounts up on X one by one: who left and why, names of nameless ids, old profiles.

Owns who is looked up, what that costs and what the answers say. Nothing is asked that X told since.
A hundred accounts, their price and what X said of them are written in one transaction; a run that
was stopped or killed goes on with those it did not reach.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.errors import BadInput, LimitReached, NothingToDo
from followertui.domain.progress import CancelToken, Progress, drained
from followertui.services import querying
from followertui.services.calling import Caller
from followertui.services.intake import reversing
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.sources import Source
from followertui.services.phrases import counted, dollars, span
from followertui.services.session import Session
from followertui.services.sync import learning, limits, parking
from followertui.services.sync.asking import Asking
from followertui.services.sync.ledger import Ledger, room
from followertui.services.sync.parking import ParkedJob
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import LookupOffer, LookupReport, LookupWish
from followertui.store.audience import handles, imports, x_answers
from followertui.store.audience.x_answers import Address
from followertui.store.decisions import requests
from followertui.x.platform import Platform
from followertui.x.protocol import OutcomeType, Page

WHAT = "lookup"
"""``import_run.what`` of these runs."""

_API_RANK = 4
_YEAR = 365 * DAY
_QUERIES = {"leavers": "cause:unknown", "names": "is:nameless"}
_TITLES = {
    "leavers": "who left for reasons not known",
    "names": "known by id only",
    "profiles": "profiles to read again",
    "candidates": "handles that could be of your list",
}
_FREE = {
    "names": "free first: an export of these lists that a browser exporter wrote names them (followertui import FILE); "
    "so does an archive's posts; sync --full names everyone still on your lists for a tenth of this",
    "leavers": "free first: who turns up in a later export or list has unfollowed and is told without asking",
    "candidates": "free instead: open x.com/HANDLE by hand; a list of handles you found is a file to import",
    "profiles": "cheaper: sync --full reads those who follow you or whom you follow again for less",
}


_NO_ROW = 0
"""Row of who is not in the store."""


class _Group(NamedTuple):
    """Accounts asked for in one call."""

    endpoint: str
    members: tuple[Address, ...]


def offer(session: Session, wish: LookupWish) -> LookupOffer:
    """What a look-up takes, before anything is paid; sends nothing.

    Args:
        session: the open store.
        wish: who is to be looked up.

    Raises:
        BadInput: the query cannot be read.
    """
    found = _wanted(session, wish)
    groups = list(_groups(found))
    estimate = Platform.load().reading("users_by_ids", len(found), window=limits.window(session, "users_by_ids"))
    lines = [f"{_TITLES[wish.what]}: {counted(len(found), 'account')}"]
    if found:
        calls = f"{counted(len(groups), 'call')}, about {span(estimate.seconds)}"
        lines[0] += f" in {calls}: at most {dollars(estimate.usd)}"
        lines.append("X charges those it shows, not those that are gone or suspended")
        old = sum(1 for one in found if one.read_at < session.now - _YEAR)
        if wish.what == "profiles" and old:
            lines.append(f"{counted(old, 'bio is', 'bios are')} older than a year")
        lines.append(_FREE[wish.what])
        left = room(session, wish.budget_usd)
        if left.name:
            lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}; it stops there")
    lines += learning.refusal_lines(session, "users_by_ids")
    return LookupOffer(wish.what, len(found), len(groups), estimate.usd, estimate.seconds, tuple(lines))


def look_up(session: Session, cancel: CancelToken, wish: LookupWish) -> Generator[Progress, None, LookupReport]:
    """Look accounts up on X and keep what it says.

    Args:
        session: the open store.
        cancel: polled before every call, and while it waits.
        wish: who is to be looked up.

    Raises:
        BadInput: no account is signed in, or the query cannot be read.
        NothingToDo: there is nobody to look up.
        Busy: another process imports or syncs.
        LimitReached: a budget or X ended it; what was read is kept.
        Cancelled: the person stopped it; what was read is kept.
        FollowertuiError: X refuses.
    """
    open_x = require_x(session)
    found = _wanted(session, wish)
    if not found:
        raise NothingToDo(f"{_TITLES[wish.what]}: nobody is left to look up")
    with session.store.leases.take("import"), session.store.many_writes():
        requests.recover(session.store)
        with contextlib.closing(Caller(open_x(), cancel)) as caller:
            report = yield from _Run(session, Ledger(session, caller, wish.budget_usd), cancel, wish, found).run()
        parking.done(session, f"x-{wish.what}")
    return report


def _wanted(session: Session, wish: LookupWish) -> list[Address]:
    """Who is to be looked up: those X was asked for today are known already."""
    if wish.what not in _TITLES:
        raise BadInput(f'"{wish.what}": what can be looked up is {", ".join(_TITLES)}')
    if wish.what == "candidates":
        stored = handles.known(session.store, map(str.lower, wish.handles))
        return [Address(_NO_ROW, None, one, 0, 0) for one in wish.handles if one.lower() not in stored]
    rows = wish.rows if wish.rows is not None else querying.rows_of(session, _QUERIES.get(wish.what, wish.query))
    found = x_answers.addresses(session.store, rows)
    if wish.what == "names":
        return [one for one in found if one.x_id is not None and one.handle is None]
    today = session.now // DAY
    return [one for one in found if one.seen_at // DAY != today or wish.what == "leavers"]


def _groups(found: Sequence[Address]) -> Iterator[_Group]:
    """Those with an id first: an id is never another account's, a handle may be."""
    most = Platform.load().endpoints["users_by_ids"].page
    for endpoint, members in (
        ("users_by_ids", [one for one in found if one.x_id is not None]),
        ("users_by_names", [one for one in found if one.x_id is None]),
    ):
        for start in range(0, len(members), most):
            yield _Group(endpoint, tuple(members[start : start + most]))


def _job(wish: LookupWish) -> ParkedJob | None:
    """What goes on where X asks to wait; a few chosen accounts are asked for again by the person."""
    asked = {"what": wish.what, "query": wish.query, "budget_usd": wish.budget_usd}
    return ParkedJob(f"x-{wish.what}", asked) if wish.rows is None else None


class _Run:
    """One look-up while it runs."""

    def __init__(
        self, session: Session, ledger: Ledger, cancel: CancelToken, wish: LookupWish, found: Sequence[Address]
    ) -> None:
        self.session, self.ledger, self.wish, self.found = session, ledger, wish, found
        self.asking = Asking(session, ledger, cancel, self._kept, _job(wish))
        unfinished = next((run.id for run in imports.unfinished(session.store) if run.what == WHAT), 0)
        self.is_resumed = unfinished > 0
        source = Source(WHAT, f"X API, {wish.what}", _API_RANK, session.now, completeness="partial")
        self.account_run = AccountRun(session.store, session.journal, session.clock, source, unfinished)
        self.counts: Counter[str] = Counter()
        self.asked = 0

    def _kept(self) -> str:
        return f"{self.asked:,} of {len(self.found):,} are looked up and kept, the same command goes on with the rest"

    def run(self) -> Generator[Progress, None, LookupReport]:
        """Ask group by group, then let what came in count."""
        try:
            for group in _groups(self.found):
                yield Progress(self.asked, len(self.found), f"looking up {_TITLES[self.wish.what]}")
                for part in self._afforded(group):
                    yield from self._ask(part)
        finally:
            self._end()
        return self._report()

    def _end(self) -> None:
        """Let what was paid for count, whatever ended the run; a kill leaves it to the next one."""
        if not (self.asked or self.is_resumed):
            drained(reversing.discard(self.session.store, self._import()))
            return
        self.account_run.finish(self.asked)

    def _import(self) -> imports.ImportRun:
        found = imports.run(self.session.store, self.account_run.import_id)
        assert found is not None
        return found

    def _afforded(self, group: _Group) -> Iterator[_Group]:
        """The group, or as much of it as a budget leaves room for.

        Raises:
            LimitReached: it leaves none for the rest.
        """
        left, each = self.ledger.room, self.ledger.price(group.endpoint)
        fits = len(group.members)
        if left.usd < fits * each - 1e-9:
            fits = max(0, int((left.usd + 1e-9) / each))
        if fits:
            yield group._replace(members=group.members[:fits])
        if fits < len(group.members):
            how = "--budget" if left.name == "run" else f"followertui costs --{left.name}"
            raise LimitReached(f"the budget of this {left.name} is spent ({how} sets it); {self._kept()}")

    def _ask(self, group: _Group) -> Generator[Progress, None, None]:
        members, run = group.members, self.account_run
        if group.endpoint == "users_by_ids":
            ids = [one.x_id for one in members if one.x_id is not None]
            number, page = yield from self.asking.ask(
                group.endpoint, len(ids), lambda x: x.users_by_ids(ids), run.import_id
            )
        else:
            names = [one.handle for one in members if one.handle is not None]
            number, page = yield from self.asking.ask(
                group.endpoint, len(names), lambda x: x.users_by_names(names), run.import_id
            )
        with self.session.store.write():
            rows = run.take(Chunk(page.records))
            self.ledger.book(number, group.endpoint, [one.x_id for one in page.records if one.x_id is not None])
            self._note(members, page, rows)
        self.asked += len(members)

    def _note(self, members: Sequence[Address], page: Page, rows: Sequence[int]) -> None:
        """Keep what X says of each: that it is there, gone or suspended."""
        session, at = self.session, self.session.now
        x_answers.note_shown(session.store, rows, at)
        by_id = {one.x_id: one for one in members if one.x_id is not None}
        by_name = {one.handle.lower(): one for one in members if one.handle and one.x_id is None}
        for record in page.records:
            known = by_id.get(-1 if record.x_id is None else record.x_id) or by_name.get((record.handle or "").lower())
            if record.follows_us:
                self.counts["following"] += 1
            elif self.wish.what == "leavers":
                self.counts["unfollowed"] += 1
            if known and known.handle and record.handle and known.handle.lower() != record.handle.lower():
                self.counts["renamed"] += 1
        statuses: dict[int, int] = {}
        for problem in page.problems:
            known = by_id.get(-1 if problem.x_id is None else problem.x_id) or by_name.get(
                (problem.handle or "").lower()
            )
            if known is None or known.row == _NO_ROW or problem.type not in (OutcomeType.GONE, OutcomeType.SUSPENDED):
                continue
            is_suspended = problem.type is OutcomeType.SUSPENDED
            # A handle nobody has any more may have been changed: the account may be there under another.
            missing = x_answers.GONE if known.x_id is not None else x_answers.RENAMED
            statuses[known.row] = x_answers.SUSPENDED if is_suspended else missing
            self.counts["suspended" if is_suspended else "gone" if missing == x_answers.GONE else "handle gone"] += 1
        x_answers.note_missing(session.store, statuses, at)
        self.counts["shown"] += len(page.records)
        self.counts["silent"] += len(members) - len(page.records) - len(statuses)

    def _report(self) -> LookupReport:
        counts = self.counts
        words = [
            (counts["unfollowed"], "unfollowed"),
            (counts["following"] if self.wish.what == "leavers" else 0, "following you still"),
            (counts["shown"] if self.wish.what != "leavers" else 0, "read"),
            (counts["renamed"], "under another handle now"),
            (counts["suspended"], "suspended"),
            (counts["gone"], "gone"),
            (counts["handle gone"], "known by a handle nobody has any more: renamed or gone"),
            (counts["silent"], "of which X says nothing"),
        ]
        said = ", ".join(f"{count:,} {word}" for count, word in words if count)
        usd = requests.spent_on(self.session.store, self.account_run.import_id)
        text = f"{counted(self.asked, 'account')} looked up: {said or 'nothing'}; {dollars(usd.usd)}"
        return LookupReport(self.wish.what, self.asked, dict(counts), usd.usd, usd.unknown_usd, text)
