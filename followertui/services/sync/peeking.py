"""A paid look at someone's last posts, so that what is passed on or answered fits.

Owns when it is allowed and what it costs: never before a budget is set, one person at a time. The texts are
shown and not kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from followertui.domain.errors import BadInput, LimitReached, NothingToDo
from followertui.domain.progress import CancelToken, Progress
from followertui.services.calling import Caller
from followertui.services.phrases import counted, dollars
from followertui.services.session import Session
from followertui.services.sync import learning
from followertui.services.sync.asking import Asking
from followertui.services.sync.ledger import Ledger, room
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import Peeked, PeekReport
from followertui.store.audience import pages
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.text.cleaning import clean_text
from followertui.x import links
from followertui.x.platform import Platform

MOST = 5
"""Posts asked for; X gives no fewer."""

_ENDPOINT = "timeline"


def most_usd() -> float:
    """Dollars one look costs at most."""
    return MOST * Platform.load().price(_ENDPOINT)


def offer_lines(session: Session, row: int, budget_usd: float | None = None) -> list[str]:
    """What a look takes, before anything is paid; sends nothing.

    Raises:
        BadInput: no budget is set, or X cannot be asked for this account.
    """
    _require_budget(session)
    handle, _ = _address(session, row)
    lines = [f"the last {counted(MOST, 'post')} of {handle}: at most {dollars(most_usd())}; X charges those it shows"]
    lines.append("free instead: o opens their page")
    left = room(session, budget_usd)
    if left.name:
        lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}")
    return lines + learning.refusal_lines(session, _ENDPOINT)


def peek(
    session: Session, cancel: CancelToken, row: int, budget_usd: float | None = None
) -> Generator[Progress, None, PeekReport]:
    """Read someone's last posts.

    Args:
        session: the open store.
        cancel: polled before the call, and while it waits.
        row: whose posts.
        budget_usd: the most it may cost, None for no limit of its own.

    Returns:
        The posts, newest first, reposts and replies left out by X.

    Raises:
        BadInput: no account is signed in, no budget is set, or X cannot be asked for this account.
        LimitReached: the budget leaves no room for it.
        NothingToDo: the posts are protected, or the account is gone.
        FollowertuiError: X refuses.
    """
    open_x = require_x(session)
    _require_budget(session)
    handle, x_id = _address(session, row)
    yield Progress(0, None, f"asking X for the last posts of {handle}")
    with session.store.leases.take("import"):
        requests.recover(session.store)
        with contextlib.closing(Caller(open_x(), cancel)) as caller:
            ledger = Ledger(session, caller, budget_usd)
            left = ledger.room
            if left.usd < most_usd() - 1e-9:
                raise LimitReached(
                    f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}, a look costs up to "
                    f"{dollars(most_usd())}; nothing was paid"
                )
            asking = Asking(session, ledger, cancel, lambda: "nothing was read")
            number, posts = yield from asking.ask(_ENDPOINT, MOST, lambda x: x.posts_of(x_id, MOST))
            # Posts are charged once a day like accounts are; below zero no account has their numbers.
            ledger.book(number, _ENDPOINT, [-post.id for post in posts])
    found = tuple(
        Peeked(str(post.id), post.at, clean_text(post.text, limit=1_000), links.post(str(post.id))) for post in posts
    )
    text = f"{counted(len(found), 'post')} of {handle}; {dollars(ledger.usd)}"
    return PeekReport(found, ledger.usd, text if found else f"X shows no post of {handle}")


def _require_budget(session: Session) -> None:
    if not (settings.BUDGET_DAY.read(session.store) or settings.BUDGET_MONTH.read(session.store)):
        raise BadInput("last posts: off until a budget is set (:settings, `costs --month 5`); o is free")


def _address(session: Session, row: int) -> tuple[str, int]:
    """How the account is called, and the id X is asked with."""
    who = pages.identity(session.store, row)
    if who.x_id is None:
        raise BadInput(f"last posts: X is asked by id, and that of @{who.handle} is not known yet; :profiles reads it")
    detail = pages.detail(session.store, row)
    if detail is not None and detail.fields.get("protected") == 1:
        raise NothingToDo(f"last posts: those of @{who.handle} are protected")
    return (f"@{who.handle}" if who.handle else str(who.x_id)), who.x_id
