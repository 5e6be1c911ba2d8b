"""Judgements: what the program concludes from a profile alone, with reasons.

Owns the values; computing them belongs to ``quality``. Stdlib only.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class AccountType(str, Enum):
    """Account type; a fact beside the kind."""

    UNKNOWN = "unknown"
    PERSON = "person"
    COMPANY = "company"
    MEDIA = "media"
    COMMUNITY = "community"
    FEED = "feed"

    def __str__(self) -> str:
        return self.value


TYPE_ORDER: tuple[AccountType, ...] = tuple(AccountType)
"""Every type; the position is the code used in derived arrays."""

ROLES: tuple[str, ...] = (
    "",
    "founder",
    "executive",
    "marketing",
    "sales",
    "engineering",
    "product",
    "design",
    "data",
    "finance",
    "people",
    "operations",
    "legal",
    "investor",
    "press",
    "analyst",
    "academic",
    "student",
    "consultant",
    "creator",
    "politics",
)
"""Business functions read from a bio; the position is the code used in derived arrays."""

SENIORITIES: tuple[str, ...] = ("", "junior", "senior", "manager", "director", "vp", "chief", "owner")
"""Seniority read from a bio, ascending; the position is the code used in derived arrays."""


class Reason(NamedTuple):
    """One signal that fired.

    Attributes:
        code: the signal's name in the weights file, and the value of ``reason:``.
        points: points it adds to its score; negative ones favour the account.
        score: which score: "bot", "harmful" or "offtopic" ("fact" where none).
        text: plain words for the card.
    """

    code: str
    points: int
    score: str
    text: str


class Judgement(NamedTuple):
    """The judgement of one account.

    Attributes:
        row: the account's row number.
        bot, harmful, offtopic: scores 0-100, higher is worse; None where nothing is known.
        relevance: 0-100, higher is closer to the user's market; None where nothing is known.
        type: account type.
        role: one of ``ROLES``.
        seniority: one of ``SENIORITIES``.
        reasons: codes of the signals that fired, strongest first.
    """

    row: int
    bot: int | None
    harmful: int | None
    offtopic: int | None
    relevance: int | None
    type: AccountType
    role: str
    seniority: str
    reasons: tuple[str, ...]
