"""Finding people on X who are not here: X's own search, priced before the call.

Owns what the words may be, the price and what is kept: whom X returned is paid for, so it becomes an
account here, without any tie to us.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from followertui.domain.errors import BadInput, LimitReached
from followertui.domain.progress import CancelToken, Progress
from followertui.services.calling import Caller
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.sources import Source
from followertui.services.phrases import counted, dollars
from followertui.services.session import Session
from followertui.services.sync import learning
from followertui.services.sync.asking import Asking
from followertui.services.sync.ledger import Ledger, room
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import FindReport
from followertui.store.audience import imports, x_answers
from followertui.store.decisions import requests
from followertui.x.client import SEARCH_WORDS
from followertui.x.platform import Platform

MOST = 1000
"""Accounts X returns at most for one search."""

USUAL = 10

_ENDPOINT = "users_search"
_API_RANK = 4


def offer_lines(session: Session, words: str, most: int = USUAL, budget_usd: float | None = None) -> list[str]:
    """What a search takes, before anything is paid; sends nothing.

    Raises:
        BadInput: X takes no such words.
    """
    wanted = _words(words)
    usd = most * Platform.load().price(_ENDPOINT)
    lines = [f'search X for "{wanted}": at most {counted(most, "account")}, at most {dollars(usd)}']
    left = room(session, budget_usd)
    if left.name:
        lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}; it stops there")
    return lines + learning.refusal_lines(session, _ENDPOINT)


def find(
    session: Session, cancel: CancelToken, words: str, most: int = USUAL, budget_usd: float | None = None
) -> Generator[Progress, None, FindReport]:
    """Search for people on X, and keep whom it returns.

    Args:
        session: the open store.
        cancel: polled before the call, and while it waits.
        words: letters, digits, spaces, ``_`` and ``'``.
        most: accounts at most; a budget may leave room for fewer.
        budget_usd: the most it may cost, None for no limit of its own.

    Raises:
        BadInput: X takes no such words, or no account is signed in.
        Busy: another process imports or syncs.
        LimitReached: a budget or X ended it.
        Cancelled: the person stopped it.
        FollowertuiError: X refuses.
    """
    wanted, open_x = _words(words), require_x(session)
    yield Progress(0, None, f'searching X for "{wanted}"')
    with session.store.leases.take("import"):
        requests.recover(session.store)
        with contextlib.closing(Caller(open_x(), cancel)) as caller:
            ledger = Ledger(session, caller, budget_usd)
            left, each = ledger.room, ledger.price(_ENDPOINT)
            size = most if left.usd >= most * each - 1e-9 else int((left.usd + 1e-9) / each)
            if size < 1:
                raise LimitReached(f"the budget of this {left.name} leaves no room for it; nothing was paid")
            asking = Asking(session, ledger, cancel, lambda: "nothing was found")
            number, page = yield from asking.ask(_ENDPOINT, size, lambda x: x.search(wanted, size))
            source = Source("lookup", f"X API, search for {wanted}", _API_RANK, session.now, completeness="partial")
            with session.store.write():
                run = AccountRun(session.store, session.journal, session.clock, source)
                rows = run.take(Chunk(page.records))
                ledger.book(number, _ENDPOINT, [one.x_id for one in page.records if one.x_id is not None])
                x_answers.note_shown(session.store, rows, session.now)
                run.finish(len(page.records))
    new, _ = imports.counts(session.store, run.import_id)
    found = tuple(dict.fromkeys(row for row in rows if row))
    text = f'{counted(len(found), "account")} found for "{wanted}", {new:,} new here; {dollars(ledger.usd)}'
    query = " OR ".join(f"handle:@{one.handle}" for one in page.records if one.handle)
    return FindReport(found, new, ledger.usd, text, query)


def _words(text: str) -> str:
    """The words as X takes them.

    Raises:
        BadInput: it takes no such words.
    """
    wanted = " ".join(text.split()).lstrip("@")
    if not SEARCH_WORDS.fullmatch(wanted):
        raise BadInput(f'"{wanted[:60]}": X searches for at most 50 letters a-z, digits, spaces, _ and \' only')
    return wanted
