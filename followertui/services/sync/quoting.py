"""What a sync takes, said before anything is paid: accounts, calls, price, time and the cheaper way.

Owns the words of the offer. Asks X nothing.
"""

from __future__ import annotations

from followertui.services.phrases import counted, dollars, span
from followertui.services.session import Session
from followertui.services.sync import limits, profile, syncing
from followertui.services.sync.ledger import room
from followertui.services.sync.values import WORDS, DirectionQuote, Quote, Wish
from followertui.store.audience import held_readings, unfinished_parts
from followertui.store.file import settings, watermarks
from followertui.x.platform import Platform


def quote(session: Session, wish: Wish) -> Quote:
    """What reading lists of the signed-in account takes; nothing is sent.

    Args:
        session: the open store.
        wish: what is to be read.
    """
    owns_app = settings.OWNS_APP.read(session.store)
    handle = watermarks.PROFILE_HANDLE.read(session.store)
    own = profile.known(session)
    found = tuple(_direction(session, direction, own, wish) for direction in wish.directions)
    usd = sum(one.usd_owned if owns_app == "yes" else one.usd_list for one in found)
    asking = 0.0 if own is not None and session.now - own.at < 3600 else Platform.load().price("me")
    lines = [one.text for one in found]
    if asking:
        lines.append(f"asking X who is signed in and how many there are: {dollars(asking)}")
    if any(one.is_look for one in found):
        lines.append("the newest are read until the last reading begins; who left is told by --full only")
    lines.append(_price_line(handle, owns_app))
    left = room(session, wish.budget_usd)
    if left.name:
        lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}; it stops there")
    return Quote(handle, owns_app, found, round(usd + asking, 6), tuple(lines))


def _direction(session: Session, direction: str, own: profile.Own | None, wish: Wish) -> DirectionQuote:
    words, store = WORDS[direction], session.store
    place = syncing.state(session, direction)
    last = held_readings.last_complete(store, direction, session.now)
    is_look = (place.is_look if place else last is not None and len(last) > 0) and not wish.is_full
    known = 0
    if place is not None:
        parts = unfinished_parts.unfinished_parts(store, place.import_id)
        known = sum(len(part.rows) for part in parts if part.direction == direction and part.is_main)
    count = own.count(direction) if own is not None else len(last) if last is not None else None
    if count is None:
        each = _prices(session, words, 1000)
        text = f"{words}: how many is not known yet; {each} for a thousand"
        return DirectionQuote(direction, False, known, None, 0, 0.0, 0.0, 0.0, text)
    left = max(0, count - known)
    estimates = [
        Platform.load().reading(words, left, is_owned, limits.window(session, words)) for is_owned in (True, False)
    ]
    owned, listed = (estimate.usd for estimate in estimates)
    calls = estimates[0].calls
    price = _prices(session, words, left)
    so_far = f", {known:,} are here already" if known else ""
    if is_look:
        first = _prices(session, words, syncing.LOOK_SIZES[0])
        text = f"{words}: the newest first, from {first}; all {count:,} would cost {price}"
    else:
        text = f"{words}: {left:,} in {counted(calls, 'call')}, about {span(estimates[0].seconds)}: {price}{so_far}"
    return DirectionQuote(direction, is_look, known, left, calls, owned, listed, estimates[0].seconds, text)


def _prices(session: Session, endpoint: str, accounts: int) -> str:
    """What a number of accounts costs; both prices while it is not known which one holds."""
    word = settings.OWNS_APP.read(session.store)
    owned, listed = (dollars(accounts * Platform.load().price(endpoint, is_owned)) for is_owned in (True, False))
    return owned if word == "yes" else listed if word == "no" else f"{owned} or {listed}"


def _price_line(handle: str, owns_app: str) -> str:
    name = f"@{handle}" if handle else "this account"
    owned, listed = (Platform.load().price("followers", is_owned) for is_owned in (True, False))
    as_of = Platform.load().as_of.isoformat()
    if owns_app == "yes":
        return f"{name} owns the app: {dollars(owned)} an account (prices of {as_of})"
    why = f"{dollars(listed)} an account, {dollars(owned)} only where {name} owns the app whose keys it uses"
    if owns_app == "no":
        return f"{why}: make the app in console.x.com signed in as {name} (prices of {as_of})"
    return f"{why}: the first page tells, or say --owned or --not-owned (prices of {as_of})"
