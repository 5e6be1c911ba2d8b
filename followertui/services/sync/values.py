"""Plain values of a sync. Owns shapes only; ``ui`` and ``cli`` may import it."""

from __future__ import annotations

from typing import NamedTuple

WORDS = {"follower": "followers", "following": "following"}
"""Direction -> what its accounts are called; the endpoint has the same name."""


OWN_KEYS = {
    "consumer_key": "API key (consumer key)",
    "consumer_secret": "API key secret (consumer secret)",
    "access_token": "Access token",
    "access_token_secret": "Access token secret",
}
"""The four keys of one's own app, in the order console.x.com shows them -> what it calls them."""


class Wish(NamedTuple):
    """What is to be read.

    Attributes:
        directions: of "follower" and "following".
        is_full: the whole list, though a look at the newest would do.
        budget_usd: the most it may cost, None for no limit of its own.
    """

    directions: tuple[str, ...] = ("follower", "following")
    is_full: bool = False
    budget_usd: float | None = None


class DirectionQuote(NamedTuple):
    """What reading one direction takes.

    Attributes:
        direction: "follower" or "following".
        is_look: only the newest are read, down to where the last reading begins.
        known: accounts read before an interruption.
        accounts: at most this many are still to be read; None where X was not asked yet.
        calls: at most this many calls.
        usd_owned: dollars at most if the account owns the app.
        usd_list: dollars at most if it does not.
        seconds: at most so long, X's waits included.
        text: one line.
    """

    direction: str
    is_look: bool
    known: int
    accounts: int | None
    calls: int
    usd_owned: float
    usd_list: float
    seconds: float
    text: str


class Quote(NamedTuple):
    """What a sync takes, before anything is paid.

    Attributes:
        handle: whose lists are read, "" where X was not asked yet.
        owns_app: whether that account owns the app: "yes", "no" or "" for not known.
        directions: one for each that is read.
        usd: dollars at most, at the dearer price while it is not known which one holds.
        lines: what to say, in order.
    """

    handle: str
    owns_app: str
    directions: tuple[DirectionQuote, ...]
    usd: float
    lines: tuple[str, ...]


class SyncReport(NamedTuple):
    """What reading one direction came to.

    Attributes:
        direction: "follower" or "following".
        import_id: the store's number of the reading.
        read: distinct accounts.
        expected: the profile's own count.
        completeness: "complete" or "partial".
        new, left: accounts.
        usd: dollars charged, earlier parts of the same reading included.
        unknown_usd: dollars at most for answers that never came.
        text: one line.
        notes: further lines.
    """

    direction: str
    import_id: int
    read: int
    expected: int
    completeness: str
    new: int
    left: int
    usd: float
    unknown_usd: float
    text: str
    notes: tuple[str, ...]


class LookupWish(NamedTuple):
    """Who is to be looked up on X.

    Attributes:
        what: "leavers", "names", "profiles" or "candidates".
        query: whose profiles; not used for the others.
        rows: whose profiles instead of a query's.
        budget_usd: the most it may cost, None for no limit of its own.
        handles: whom to ask for that is not in the store, for "candidates".
    """

    what: str
    query: str = ""
    rows: tuple[int, ...] | None = None
    budget_usd: float | None = None
    handles: tuple[str, ...] = ()


class LookupOffer(NamedTuple):
    """What a look-up takes, before anything is paid.

    Attributes:
        what: as in the wish.
        accounts: how many are looked up.
        calls: in how many calls.
        usd: dollars at most.
        seconds: about so long.
        lines: what to say, in order.
    """

    what: str
    accounts: int
    calls: int
    usd: float
    seconds: float
    lines: tuple[str, ...]


class LookupReport(NamedTuple):
    """What a look-up came to.

    Attributes:
        what: as in the wish.
        asked: how many were looked up.
        counts: what X said -> accounts: unfollowed, following, renamed, suspended, gone, shown, ...
        usd: dollars charged.
        unknown_usd: dollars at most for answers that never came.
        text: one line.
    """

    what: str
    asked: int
    counts: dict[str, int]
    usd: float
    unknown_usd: float
    text: str


class FindReport(NamedTuple):
    """What a search for people came to.

    Attributes:
        rows: those found, X's best first.
        new: how many of them were not known here.
        usd: dollars charged.
        text: one line.
        query: finds them here, "" where nobody was found.
    """

    rows: tuple[int, ...]
    new: int
    usd: float
    text: str
    query: str


class Peeked(NamedTuple):
    """One post of someone else, shown and not kept.

    Attributes:
        id: of the post.
        at: epoch seconds UTC, None where X does not say.
        text: cleaned, still foreign.
        url: its page.
    """

    id: str
    at: int | None
    text: str
    url: str


class PeekReport(NamedTuple):
    """What a look at someone's last posts came to: the posts, newest first, dollars charged, one line."""

    posts: tuple[Peeked, ...]
    usd: float
    text: str


class MarksReport(NamedTuple):
    """What reading whom we muted, blocked or listed came to.

    Attributes:
        counts: what was read, in words -> accounts.
        usd: dollars charged.
        text: one line.
    """

    counts: dict[str, int]
    usd: float
    text: str


class LiveBatch(NamedTuple):
    """What X's stream told in one moment.

    Attributes:
        at: epoch seconds UTC.
        followed: rows of who follows us now.
        left: rows of who no longer does.
        changed: rows whose profiles changed.
    """

    at: int
    followed: tuple[int, ...]
    left: tuple[int, ...]
    changed: tuple[int, ...]


class LiveReport(NamedTuple):
    """What watching came to.

    Attributes:
        events: how many were told, each once.
        usd: dollars charged.
        gaps: times that could not be seen, such as "14:02-14:31".
        text: one line.
    """

    events: int
    usd: float
    gaps: tuple[str, ...]
    text: str
