"""The protocol of X for the rest of the program, in plain values.

Owns the ``XClient`` protocol, outcomes of actions, pages of accounts and the errors of a
read. Knows no HTTP and no library: services and tests import this, never
``client``. Stdlib and domain only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from followertui.domain.account import AccountRecord
from followertui.domain.decision import ActionKind
from followertui.domain.errors import FollowertuiError, LimitReached


class OutcomeType(str, Enum):
    """The outcome of one call, as far as it changes what to do next."""

    DONE = "done"
    ALREADY = "already"
    PENDING = "pending"
    REFUSED_CAPABILITY = "refused-capability"
    REFUSED_TARGET = "refused-target"
    GONE = "gone"
    SUSPENDED = "suspended"
    RATE_LIMITED = "rate-limited"
    CREDITS = "credits"
    AUTH = "auth"
    NETWORK = "network"
    SERVER = "server"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


OK_TYPES: frozenset[OutcomeType] = frozenset({OutcomeType.DONE, OutcomeType.ALREADY, OutcomeType.PENDING})
"""X did it, had already done it, or the other side has to accept first."""

RETRY_TYPES: frozenset[OutcomeType] = frozenset({OutcomeType.NETWORK, OutcomeType.SERVER})
"""The same call may be repeated after a pause; every call we make is idempotent."""

STOP_TYPES: frozenset[OutcomeType] = frozenset({OutcomeType.CREDITS, OutcomeType.AUTH, OutcomeType.RATE_LIMITED})
"""No further call helps until money, keys or time change."""


class Bucket(NamedTuple):
    """One rate limit as an answer's headers state it.

    Attributes:
        name: "window" (15 minutes), "user-day" or "app-day" (24 hours).
        limit: calls allowed, None where not said.
        remaining: calls left, None where not said.
        reset_at: aware UTC, None where not said.
    """

    name: str
    limit: int | None
    remaining: int | None
    reset_at: datetime | None

    @property
    def is_exhausted(self) -> bool:
        """Whether no call is left."""
        return self.remaining is not None and self.remaining <= 0


class Outcome(NamedTuple):
    """The outcome of one call to X.

    Attributes:
        type: what it means for the next step.
        message: one plain line, safe to show.
        status: HTTP status, None where no answer came.
        reset_at: aware UTC; when to try again, only where ``type`` is rate-limited (always)
            or credits (where X gave a date).
        buckets: the rate limits stated in the answer.
    """

    type: OutcomeType
    message: str
    status: int | None = None
    reset_at: datetime | None = None
    buckets: tuple[Bucket, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether X did it, or had nothing left to do."""
        return self.type in OK_TYPES

    @property
    def may_retry(self) -> bool:
        """Whether the same call may be repeated after a short pause."""
        return self.type in RETRY_TYPES

    @property
    def stops_all(self) -> bool:
        """Whether no further call of this kind helps now."""
        return self.type in STOP_TYPES


class Problem(NamedTuple):
    """One account X did not return, beside the ones it did.

    Attributes:
        type: gone, suspended, refused-target or unknown.
        x_id: the account's id, None where it was asked for by name.
        handle: the account's handle, None where it was asked for by id.
        message: one plain line.
    """

    type: OutcomeType
    x_id: int | None
    handle: str | None
    message: str


class Page(NamedTuple):
    """One page of accounts.

    Attributes:
        records: in X's order; followers come newest first, as far as observed.
        next_token: token of the next page, None after the last.
        problems: accounts X named but did not show.
        token: token of this page.
        buckets: the rate limits stated in the answer.
        unreadable: accounts of the answer that cannot be understood.
    """

    records: tuple[AccountRecord, ...]
    next_token: str | None = None
    problems: tuple[Problem, ...] = ()
    token: str | None = None
    buckets: tuple[Bucket, ...] = ()
    unreadable: int = 0

    @property
    def repeats(self) -> bool:
        """Whether X returned the same token again: paging would never end."""
        return self.next_token is not None and self.next_token == self.token


class XFailed(FollowertuiError):
    """A read from X failed.

    Attributes:
        outcome: the outcome of the call.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class XLimited(XFailed, LimitReached):
    """X's limits or the credits stopped a read; it can be resumed."""


class Connections(NamedTuple):
    """How the signed-in account and some others are connected, as X says.

    Attributes:
        words: id -> X's words: "following", "followed_by", "follow_request_sent", "muting", "blocking";
            accounts of which X said nothing are missing.
        problems: accounts X named but did not show.
    """

    words: Mapping[int, frozenset[str]]
    problems: tuple[Problem, ...] = ()


class Post(NamedTuple):
    """One post: its id, when it was written (epoch seconds UTC, None unknown), its text as X gives it."""

    id: int
    at: int | None
    text: str


class OwnList(NamedTuple):
    """One list of the signed-in account: X's id and its name, cleaned."""

    id: int
    name: str


class Watch(NamedTuple):
    """What X's activity stream is asked to tell of.

    Attributes:
        type: as X calls it, such as "follow.follow" or "profile.update.bio".
        user_id: whose.
        direction: "inbound" where others act on that account, "" for any.
    """

    type: str
    user_id: int
    direction: str = ""


class LiveEvent(NamedTuple):
    """One event of X's activity stream.

    Attributes:
        uuid: tells it from every other, also where X tells it twice.
        type: as X calls it.
        user_id: whose subscription it belongs to, None where X does not say.
        source, target: who follows whom, None where it is about a profile.
        before, after: the field of a profile, None where it is about a follow.
    """

    uuid: str
    type: str
    user_id: int | None
    source: AccountRecord | None
    target: AccountRecord | None
    before: str | None
    after: str | None


class Events(Protocol):
    """The open stream: None for a sign of life; ends with ``XFailed``."""

    def __iter__(self) -> Iterator[LiveEvent | None]:
        """Every event as it comes."""
        ...

    def close(self) -> None:
        """End the connection; a wait for the next event ends with it."""
        ...


class XClient(Protocol):
    """All calls to X. One thread at a time; never waits, never retries."""

    def me(self) -> AccountRecord:
        """Profile of the signed-in account.

        Raises:
            XFailed: X did not say.
        """
        ...

    def credits(self) -> float:
        """Dollars of credit the X account has left; asking is free.

        Raises:
            XFailed: X does not say.
        """
        ...

    def users_by_ids(self, ids: Sequence[int]) -> Page:
        """Profiles of at most 100 accounts by id; missing ones are in ``problems``.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def users_by_names(self, handles: Sequence[str]) -> Page:
        """Profiles of at most 100 accounts by handle; missing ones are in ``problems``.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def connections(self, ids: Sequence[int]) -> Connections:
        """How we are connected with at most 100 accounts; each one returned is charged.

        Raises:
            XFailed: X did not answer.
            BadInput: no id or too many.
        """
        ...

    def followers(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of the followers of an account.

        Args:
            x_id: whose followers.
            token: ``next_token`` of the previous page, None for the first page.
            size: accounts per page, 1-1000; each one returned is charged.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def following(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts an account follows; as ``followers``."""
        ...

    def search(self, words: str, size: int = 10) -> Page:
        """Accounts X finds for some words, its best first; each one returned is charged.

        Args:
            words: at most 50 letters, digits, spaces, ``_`` and ``'``.
            size: accounts at most, 1-1000.

        Raises:
            XFailed: X did not answer.
            BadInput: X takes no such words.
        """
        ...

    def posts_of(self, x_id: int, size: int = 5) -> tuple[Post, ...]:
        """The last posts of an account, newest first, without replies and reposts.

        Args:
            x_id: whose.
            size: how many, 5 to 100.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def muted(self, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts we muted; as ``followers``."""
        ...

    def blocked(self, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts we blocked; as ``followers``."""
        ...

    def list_members(self, list_id: int, token: str | None = None, size: int = 100) -> Page:
        """One page of the members of a list, at most 100; as ``followers``."""
        ...

    def watched(self) -> dict[Watch, str]:
        """What the stream tells of now -> X's id of that subscription.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def watch(self, watch: Watch) -> str:
        """Ask the stream to tell of something; returns X's id of the subscription.

        Raises:
            XFailed: X refused.
        """
        ...

    def unwatch(self, ids: Sequence[str]) -> None:
        """Take back what ``watch`` asked for, at most 100 at once.

        Raises:
            XFailed: X did not answer.
            BadInput: there are no keys of the app.
        """
        ...

    def events(self, backfill_minutes: int) -> Events:
        """Open the activity stream; each event is charged.

        Args:
            backfill_minutes: 0-5; so much that was missed is told again.

        Raises:
            XFailed: X did not open it.
            BadInput: there are no keys of the app.
        """
        ...

    def own_lists(self) -> tuple[OwnList, ...]:
        """The lists of the signed-in account, in X's order; each one returned is charged.

        Raises:
            XFailed: X did not answer.
        """
        ...

    def make_list(self, name: str) -> OwnList:
        """Make a private list.

        Raises:
            XFailed: X did not make it.
        """
        ...

    def perform(self, action: ActionKind, target_x_id: int, object: str = "") -> Outcome:
        """Carry out one action in exactly one call.

        Args:
            action: the action.
            target_x_id: the account; not used for a repost.
            object: id of the list or post, digits, where the action needs one.

        Returns:
            The outcome; nothing X or the network does is raised.

        Raises:
            BadInput: the action needs an id in ``object`` and it is not one.
        """
        ...
