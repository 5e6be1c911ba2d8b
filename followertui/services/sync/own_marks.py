"""Whom we muted, blocked and put on lists of ours, read from X: shown on the card, never proposed.

Owns what is read and what it costs. A reading replaces what was known of that before only where it
reached its end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import NamedTuple

from followertui.domain.errors import BadInput, LimitReached
from followertui.domain.progress import CancelToken, Progress
from followertui.services.calling import Caller
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.sources import Source
from followertui.services.phrases import dollars
from followertui.services.session import Session
from followertui.services.sync import learning, parking
from followertui.services.sync.asking import Asking
from followertui.services.sync.ledger import Ledger, room
from followertui.services.sync.parking import ParkedJob
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import MarksReport
from followertui.store.audience import x_answers
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform
from followertui.x.protocol import OwnList, Page, XClient

READS: dict[str, tuple[str, ...]] = {
    "muted": ("muting",),
    "blocked": ("blocking",),
    "lists": ("owned_lists", "list_members"),
}
"""What can be read -> its endpoints."""

_WHAT = "lookup"
_API_RANK = 4
_MOST_PAGES = 1000

_Call = Callable[[XClient, str | None, int], Page]


class _Part(NamedTuple):
    """One thing to read to its end: its endpoint, mark, list, words and call."""

    endpoint: str
    mark: str
    list: str
    words: str
    call: _Call


def offer_lines(session: Session, what: tuple[str, ...], budget_usd: float | None = None) -> list[str]:
    """What reading them takes, before anything is paid; sends nothing. X does not say how many there are.

    Raises:
        BadInput: there is no such thing to read.
    """
    lines = []
    owned = settings.OWNS_APP.read(session.store)
    for name in what:
        if name not in READS:
            raise BadInput(f'"{name}": what can be read is {", ".join(READS)}')
        for endpoint in READS[name]:
            one = Platform.load().endpoints[endpoint]
            prices = {"yes": [one.owned_usd], "no": [one.usd]}.get(owned, sorted({one.owned_usd, one.usd}))
            each = " or ".join(dollars(usd) for usd in prices)
            lines.append(f"{learning.READS[endpoint]}: {each} for each {one.unit}")
            lines += learning.refusal_lines(session, endpoint)
    lines.append("X does not say beforehand how many there are")
    left = room(session, budget_usd)
    if left.name:
        lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}; it stops there")
    return lines


def read(
    session: Session, cancel: CancelToken, what: tuple[str, ...], budget_usd: float | None = None
) -> Generator[Progress, None, MarksReport]:
    """Read whom we muted, blocked or listed.

    Args:
        session: the open store.
        cancel: polled before every call, and while it waits.
        what: of ``READS``.
        budget_usd: the most it may cost, None for no limit of its own.

    Raises:
        BadInput: no account is signed in.
        Busy: another process imports or syncs.
        LimitReached: a budget or X ended it; what was read to its end is kept.
        Cancelled: the person stopped it.
        FollowertuiError: X refuses.
    """
    open_x = require_x(session)
    with session.store.leases.take("import"), session.store.many_writes():
        requests.recover(session.store)
        with contextlib.closing(Caller(open_x(), cancel)) as caller:
            report = yield from _Run(session, Ledger(session, caller, budget_usd), cancel, what).run(what)
        parking.done(session, "x-marks")
    return report


class _Run:
    """One reading of marks."""

    def __init__(self, session: Session, ledger: Ledger, cancel: CancelToken, what: tuple[str, ...]) -> None:
        self.session, self.ledger = session, ledger
        job = ParkedJob("x-marks", {"what": list(what), "budget_usd": ledger.run_usd})
        self.asking = Asking(session, ledger, cancel, self._kept, job)
        self.counts: dict[str, int] = {}

    def _kept(self) -> str:
        done = ", ".join(self.counts) or "nothing"
        return f"{done} read to the end; the same command reads the rest, free again today"

    def run(self, what: tuple[str, ...]) -> Generator[Progress, None, MarksReport]:
        """Read one after the other."""
        for name in what:
            if name == "lists":
                yield from self._lists()
            else:
                call: _Call = (lambda x, t, n: x.muted(t, n)) if name == "muted" else (lambda x, t, n: x.blocked(t, n))
                yield from self._read(_Part(READS[name][0], name, "", f"accounts you {name}", call))
        said = ", ".join(f"{count:,} {words}" for words, count in self.counts.items())
        usd = round(self.ledger.usd, 6)
        return MarksReport(self.counts, usd, f"{said or 'you have no lists'}; {dollars(usd)}")

    def _lists(self) -> Generator[Progress, None, None]:
        yield Progress(0, None, "reading your lists from X")
        most = Platform.load().endpoints["owned_lists"].page
        number, lists = yield from self.asking.ask("owned_lists", self._afforded("owned_lists", most), _own_lists)
        usd = round(len(lists) * self.ledger.price("owned_lists"), 6)
        requests.finish(self.session.store, number, requests.ANSWERED, len(lists), usd, 200, self.session.now)
        self.ledger.usd += usd
        x_answers.drop_lists_but(self.session.store, [one.name for one in lists])
        for one in lists:
            yield from self._read(
                _Part("list_members", x_answers.LISTED, one.name, f"on your list {one.name}", _members_of(one.id))
            )

    def _read(self, part: _Part) -> Generator[Progress, None, None]:
        """Read one list of accounts to its end, then keep who is on it."""
        session = self.session
        source = Source(_WHAT, f"X API, {part.words}", _API_RANK, session.now, completeness="partial")
        run = AccountRun(session.store, session.journal, session.clock, source)
        rows: dict[int, None] = {}
        token: str | None = None
        try:
            for _ in range(_MOST_PAGES):
                yield Progress(len(rows), None, f"reading {part.words}")
                page = yield from self._page(run, part, token, rows)
                token = page.next_token
                if token is None or page.repeats:
                    break
        finally:
            run.finish(len(rows))
        x_answers.set_marks(session.store, part.mark, part.list, rows, session.now)
        self.counts[part.words] = len(rows)

    def _page(
        self, run: AccountRun, part: _Part, token: str | None, rows: dict[int, None]
    ) -> Generator[Progress, None, Page]:
        """Read and keep one page; adds who is on it to ``rows``."""
        size = self._afforded(part.endpoint, Platform.load().endpoints[part.endpoint].page)
        number, page = yield from self.asking.ask(
            part.endpoint, size, lambda x: part.call(x, token, size), run.import_id
        )
        with self.session.store.write():
            taken = run.take(Chunk(page.records))
            self.ledger.book(number, part.endpoint, [one.x_id for one in page.records if one.x_id is not None])
            x_answers.note_shown(self.session.store, taken, self.session.now)
        rows.update(dict.fromkeys(row for row in taken if row))
        return page

    def _afforded(self, endpoint: str, size: int) -> int:
        """The page a budget leaves room for.

        Raises:
            LimitReached: it leaves none.
        """
        left, each = self.ledger.room, self.ledger.price(endpoint)
        fits = size if left.usd >= size * each - 1e-9 else int((left.usd + 1e-9) / each)
        if fits < 1:
            how = "--budget" if left.name == "run" else f"followertui costs --{left.name}"
            raise LimitReached(f"the budget of this {left.name} is spent ({how} sets it); {self._kept()}")
        return fits


def _own_lists(x: XClient) -> tuple[OwnList, ...]:
    return x.own_lists()


def _members_of(list_id: int) -> _Call:
    return lambda x, token, size: x.list_members(list_id, token, size)
