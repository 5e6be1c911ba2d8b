"""What the rest of the program may ask of X, and what comes back, in plain values.

Owns the ``XClient`` protocol, outcomes of actions, pages of accounts and the errors a
reading may end with. Knows no HTTP and no library: services and tests import this, never
``client``. Stdlib and domain only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from followertui.domain.account import AccountRecord
from followertui.domain.decision import ActionKind
from followertui.domain.errors import FollowertuiError, LimitReached


class OutcomeType(str, Enum):
    """What came of one call, as far as it changes what to do next."""

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


OK_SORTS: frozenset[OutcomeType] = frozenset({OutcomeType.DONE, OutcomeType.ALREADY, OutcomeType.PENDING})
"""X did what was asked, or it was so already, or the other side has to agree first."""

RETRY_SORTS: frozenset[OutcomeType] = frozenset({OutcomeType.NETWORK, OutcomeType.SERVER})
"""The same call may simply be repeated after a pause; every call we make is idempotent."""

STOP_SORTS: frozenset[OutcomeType] = frozenset({OutcomeType.CREDITS, OutcomeType.AUTH, OutcomeType.RATE_LIMITED})
"""No further call helps before something changes: money, keys or time."""


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
    """What came of one call to X.

    Attributes:
        sort: what it means for the next step.
        message: one plain line, safe to show.
        status: HTTP status, None where no answer came.
        reset_at: aware UTC; when to try again, only where ``sort`` is rate-limited (always)
            or credits (where X named a date).
        buckets: the rate limits stated with the answer.
    """

    sort: OutcomeType
    message: str
    status: int | None = None
    reset_at: datetime | None = None
    buckets: tuple[Bucket, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether X did it, or had nothing left to do."""
        return self.sort in OK_SORTS

    @property
    def may_retry(self) -> bool:
        """Whether the same call may be repeated after a short pause."""
        return self.sort in RETRY_SORTS

    @property
    def stops_all(self) -> bool:
        """Whether no further call of this kind helps now."""
        return self.sort in STOP_SORTS


class Problem(NamedTuple):
    """One account X would not speak of, beside the ones it did.

    Attributes:
        sort: gone, suspended, refused-target or unknown.
        x_id: the account's id, None where it was asked for by name.
        handle: the account's handle, None where it was asked for by id.
        message: one plain line.
    """

    sort: OutcomeType
    x_id: int | None
    handle: str | None
    message: str


class Page(NamedTuple):
    """One page of accounts.

    Attributes:
        records: in X's order; followers come newest first as far as anyone has seen.
        next_token: what to ask the next page with, None after the last.
        problems: accounts X named but would not show.
        token: what this page was asked with.
        buckets: the rate limits stated with the answer.
    """

    records: tuple[AccountRecord, ...]
    next_token: str | None = None
    problems: tuple[Problem, ...] = ()
    token: str | None = None
    buckets: tuple[Bucket, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether X handed the same token back: going on would never end."""
        return self.next_token is not None and self.next_token == self.token


class XFailed(FollowertuiError):
    """A reading from X failed.

    Attributes:
        outcome: what came of the call.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class XLimited(XFailed, LimitReached):
    """X's limits or the money stopped a reading; it can be resumed."""


class XClient(Protocol):
    """The one door to X. One thread at a time; never waits, never retries."""

    def me(self) -> AccountRecord:
        """The signed-in account.

        Raises:
            XFailed: when X did not say.
        """
        ...

    def users_by_ids(self, ids: Sequence[int]) -> Page:
        """Profiles of at most 100 accounts by id; who is missing stands in ``problems``.

        Raises:
            XFailed: when X did not answer the question.
        """
        ...

    def users_by_names(self, handles: Sequence[str]) -> Page:
        """Profiles of at most 100 accounts by handle; who is missing stands in ``problems``.

        Raises:
            XFailed: when X did not answer the question.
        """
        ...

    def followers(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of who follows an account.

        Args:
            x_id: whose followers.
            token: the page before's ``next_token``, None for the first page.
            size: accounts per page, 1-1000; each one returned is charged.

        Raises:
            XFailed: when X did not answer the question.
        """
        ...

    def following(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of whom an account follows; as ``followers``."""
        ...

    def perform(self, action: ActionKind, target_x_id: int, object: str = "") -> Outcome:
        """Carry one action out, exactly one call.

        Args:
            action: what to do.
            target_x_id: on which account; not used for a repost.
            object: id of the list or post, digits, where the action speaks of one.

        Returns:
            What came of it; nothing X or the network does is raised.

        Raises:
            BadInput: when ``object`` is no id though the action needs one.
        """
        ...
