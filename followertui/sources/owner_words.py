"""Words and values that say whose list an account is in: headers, keys, addresses that were asked.

Owns the words and how an account is named in a cell or value. Does not look at columns (``list_owners``)
nor at files (``account_lists``). Imported by the readers of this room.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from followertui.sources.account_objects import folded, identities
from followertui.sources.column_names import fold_header
from followertui.text.cleaning import clean_handle

_DIRECTIONS = {
    **dict.fromkeys(("followerof", "followersof", "isfollowerof"), "follower"),
    **dict.fromkeys(("followingof", "followedby", "isfollowedby"), "following"),
}
_WHOSE = re.compile(
    r"(?:list|source|target|owner|scraped|extracted|input|seed|root|parent|base|searched|original)"
    r"(?:owner|user|account|profile|username|userid|accountid|handle|screenname|from|url|id|link|of|page)+"
)
_VAGUE = frozenset({"owner", "source", "target", "query", "input", "seed", "root", "parent", "base", "from", "of"})
"""Headers that say whose list it is where the values are accounts without doubt."""

_AROUND = frozenset({"owner", "target", "subject", "seed", "self", "me", "profile", "screenname", "username", "handle"})
"""Keys beside a list, in the object that holds it, that say whose it is."""

_HOLDERS = frozenset({"user", "account"})
_LONGEST_ADDRESS = 2000
_ADDRESSES = frozenset({"url", "requesturl", "sourceurl", "inputurl", "pageurl", "endpoint", "path", "link", "request"})
INNER = frozenset(
    {"__twarc", "query", "request", "meta", "params", "input", "args", "variables", "options", "metadata", "info"}
)
"""Keys of objects inside an envelope that speak of the envelope."""

_ASKED = re.compile(
    r"(?:https?://)?(?:[\w.-]+\.)?(?:x|twitter)\.com/(?:\d/users/(\d{1,19})|([A-Za-z0-9_]{1,15}))"
    r"/(?:verified_followers|followers|following|friends)\b",
    re.IGNORECASE,
)
_PLAIN_ACCOUNT = re.compile(r"@\w+|\d{5,19}|(?:https?://)?(?:\w+\.)?(?:x|twitter)\.com/\S+", re.IGNORECASE)


def identity_of(cell: str) -> str:
    """An account as owners are compared by it: handle in lower case, or the id's digits; "" for none."""
    text = cell.strip()
    if text.isdigit():
        return text
    return (clean_handle(text) or "").lower()


def account_of(value: object) -> str:
    """The account a cell or JSON value names, as ``identity_of`` has it; Scweet writes one as an object in a cell."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except ValueError:
            return ""
    if isinstance(value, dict):
        named = sorted(identities(value))
        return next((name for name in named if not name.isdigit()), next(iter(named), ""))
    return identity_of(str(value)) if type(value) in (str, int) else ""


def direction_named(header: str) -> str | None:
    """The direction of a column of owners: "follower" for ``follower_of``, "following" for ``followed by``, or None."""
    return _DIRECTIONS.get(fold_header(header))


def names_owner(header: str) -> bool:
    """Whether a header says that its values are whose list each row is in."""
    word = fold_header(header)
    return word in _DIRECTIONS or _WHOSE.fullmatch(word) is not None


def may_name_owner(header: str) -> bool:
    """Whether a header may say whose list each row is in, where its values confirm it."""
    return fold_header(header) in _VAGUE or names_owner(header)


def is_plain_account(value: object) -> bool:
    """Whether a value is an account without doubt: with an @, a long id, a link, or an object."""
    return _is_object(value) or _PLAIN_ACCOUNT.fullmatch(str(value).strip()) is not None


def _is_object(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, str) and value.lstrip()[:1] == "{")


@dataclass(slots=True)
class Said:
    """What rows say under a header that may name whose list they are in.

    Attributes:
        header: as written.
        owners: whom they name, as ``account_of`` has it.
        values: how many say anything.
        objects, plain, lower: how many of these are objects, accounts without doubt, in lower case.
    """

    header: str
    owners: Counter[str] = field(default_factory=Counter)
    values: int = 0
    objects: int = 0
    plain: int = 0
    lower: int = 0

    def add(self, value: object) -> None:
        """Count one value."""
        if value is None or value == {} or not str(value).strip():
            return
        self.values += 1
        self.objects += _is_object(value)
        self.plain += is_plain_account(value)
        self.lower += str(value) == str(value).lower()
        named = account_of(value)
        if named:
            self.owners[named] += 1

    @property
    def are_accounts(self) -> bool:
        """Whether the values are accounts such as a header of this name has where it says whose list it is."""
        named = self.owners.total()
        if named * 10 < self.values * 9:
            return False
        if self.values and self.objects == self.values:
            return fold_header(self.header) == "target" or names_owner(self.header)
        numbers = sum(count for owner, count in self.owners.items() if owner.isdigit() and len(owner) <= 4)
        if numbers * 2 > named:
            return False
        is_lower_owner = fold_header(self.header) == "owner" and self.lower == self.values
        return names_owner(self.header) or self.plain == self.values or is_lower_owner

    @property
    def is_owner(self) -> bool:
        """Whether the values are owners: accounts throughout, and far fewer than rows unless they are objects."""
        is_few = len(self.owners) * 2 <= self.owners.total() or self.objects == self.values
        return bool(self.owners) and self.are_accounts and is_few


def owner_around(envelope: Mapping[str, Any]) -> str:
    """Whose list an object holds, as it says beside the list or by the address that was asked; "" for nothing.

    Args:
        envelope: an object around a list that is no account itself.
    """
    parts = [envelope[key] for key in INNER if isinstance(envelope.get(key), dict)]
    for part in (envelope, *parts):
        for key, value in part.items():
            word = folded(key)
            if isinstance(value, dict) and word in _AROUND | _HOLDERS and (named := account_of(value)):
                return named
            if type(value) not in (str, int) or len(str(value)) > _LONGEST_ADDRESS:
                continue
            asked = _ASKED.search(str(value)) if word in _ADDRESSES else None
            if asked is not None:
                return (asked[1] or asked[2]).lower()
            if word in _AROUND or (names_owner(key) and not str(value).isdigit()):
                named = account_of(value)
                if named:
                    return named
    return ""
