"""Kinds of account: the kinds, their keys and their precedence.

Owns the vocabulary of kinds and their precedence. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from enum import Enum


class Kind(str, Enum):
    """Who an account is to us; UNCLEAR and UNSEEN are the two ways of not knowing."""

    UNSEEN = "unseen"
    UNCLEAR = "unclear"
    CUSTOMER = "customer"
    PROSPECT = "prospect"
    PARTNER = "partner"
    INFLUENCER = "influencer"
    EMPLOYEE = "employee"
    VENDOR = "vendor"
    COMPETITOR = "competitor"
    PRESS = "press"
    BOT = "bot"
    HARMFUL = "harmful"
    OFFTOPIC = "offtopic"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value


class KindSource(str, Enum):
    """The rule that decided a kind, strongest first."""

    PERSON = "person"
    CONFIRMED = "confirmed"
    AFFILIATION = "affiliation"
    CERTAIN = "certain"
    JUDGED = "judged"
    NONE = "none"

    def __str__(self) -> str:
        return self.value


class LossCause(str, Enum):
    """Why an account follows us no longer, as far as it can be known."""

    UNFOLLOWED = "unfollowed"
    SUSPENDED = "suspended"
    GONE = "gone"
    RENAMED = "renamed"
    REMOVED = "removed"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


KIND_ORDER: tuple[Kind, ...] = tuple(Kind)
"""Every kind; the position is the code used in derived arrays."""

SOURCE_ORDER: tuple[KindSource, ...] = tuple(KindSource)
"""Every source; the position is the code used in derived arrays."""

KIND_KEYS: dict[str, Kind] = {
    "c": Kind.CUSTOMER,
    "p": Kind.PROSPECT,
    "r": Kind.PARTNER,
    "i": Kind.INFLUENCER,
    "e": Kind.EMPLOYEE,
    "v": Kind.VENDOR,
    "o": Kind.COMPETITOR,
    "n": Kind.PRESS,
    "b": Kind.BOT,
    "h": Kind.HARMFUL,
    "x": Kind.OFFTOPIC,
    "t": Kind.OTHER,
    "u": Kind.UNCLEAR,
}
"""The letter after ``c`` on the review screen -> kind."""

LIST_KINDS: tuple[Kind, ...] = (
    Kind.CUSTOMER,
    Kind.PROSPECT,
    Kind.PARTNER,
    Kind.INFLUENCER,
    Kind.EMPLOYEE,
    Kind.VENDOR,
    Kind.COMPETITOR,
    Kind.PRESS,
)
"""Kinds a list of companies or people may have."""

LIST_PRECEDENCE: tuple[Kind, ...] = (
    Kind.EMPLOYEE,
    Kind.COMPETITOR,
    Kind.CUSTOMER,
    Kind.PARTNER,
    Kind.PROSPECT,
    Kind.VENDOR,
    Kind.PRESS,
    Kind.INFLUENCER,
)
"""Precedence where lists disagree about one account; the conflict is shown."""

GUARDED_KINDS: frozenset[Kind] = frozenset(
    {Kind.CUSTOMER, Kind.PROSPECT, Kind.PARTNER, Kind.INFLUENCER, Kind.EMPLOYEE, Kind.PRESS}
)
"""Kinds that guard an account from pruning until it is released."""

UNGUARDED_LIST_KINDS: frozenset[Kind] = frozenset({Kind.VENDOR, Kind.COMPETITOR})
"""Kinds of lists whose matches do not guard."""

QUALIFIED_KINDS: frozenset[Kind] = frozenset({Kind.CUSTOMER, Kind.PROSPECT, Kind.PARTNER, Kind.INFLUENCER, Kind.PRESS})
"""Kinds that count as qualified by default."""

UNKNOWN_KINDS: frozenset[Kind] = frozenset({Kind.UNSEEN, Kind.UNCLEAR})
"""The two ways of not knowing."""
