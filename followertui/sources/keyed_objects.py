"""JSON whose accounts are keyed by their handle or id, as the array of accounts it stands for.

Owns telling such an object from one whose keys are names of fields, and putting the key into the
account. Objects that say themselves who they are stay as they are. Imported by ``json_tables``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from followertui.sources.account_objects import folded, identities
from followertui.sources.account_places import BARE, GENERIC
from followertui.sources.column_names import field_of
from followertui.sources.json_files import Item
from followertui.sources.list_statements import direction_of
from followertui.sources.owner_words import is_plain_account
from followertui.sources.problems import Problem

_HANDLE = re.compile(r"@?(?=\w*[A-Za-z])\w{1,15}", re.ASCII)
_ID = re.compile(r"[0-9]{5,19}")
_OF_ACCOUNTS = frozenset(
    {
        *("followers", "followerscount", "following", "followingcount", "friends", "friendscount", "bio", "tweets"),
        *("tweetcount", "statusescount", "listedcount", "protected", "publicmetrics", "verified", "isblueverified"),
        *("profileimageurl", "displayname"),
    }
)
"""Keys that accounts have and companies or settings have not."""

_OF_ANYTHING = frozenset({"name", "id", "idstr", "userid", "description", "location", "url"})

_STRUCTURE = re.compile(
    r"legacy|core|user|users|accounts?|profiles?|owner|me|data|meta|metadata|info|result|stats|settings|includes"
    r"|followers?|following|friends|counts|metrics"
)
"""Keys of envelopes, which are no handles."""

_ALIKE = 0.8
_LOOKED_AT = 20
_DEPTH = 3
_LEAST_PAIRS = 3
_USUAL_ID_DIGITS = 8
_ARRAY = "[]"


def spread(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    """The values of a file; accounts under keys that say who they are as accounts in an array.

    Args:
        items: as ``json_files`` reads them: a large object comes member by member.
    """
    first = list(islice(items, _LOOKED_AT))
    if len(first) == 1 and isinstance(first[0], Item) and _ARRAY not in first[0].path:
        yield from _spread_whole(first[0])
        return
    members = _members_of(first)
    together = chain(first, items)
    if members is None or not is_keyed(members):
        yield from together
        return
    place = first[0].path if isinstance(first[0], Item) else ()
    for item in together:
        if isinstance(item, Item) and item.path == place and isinstance(item.value, dict):
            for account in _accounts(item.value):
                yield Item(item.line, (*place, _ARRAY), account)
        else:
            yield item


def is_keyed(value: Mapping[str, Any], *, is_said: bool = False) -> bool:
    """Whether the keys of an object are handles or ids and its values what is known of each, or its other name.

    Args:
        value: the object.
        is_said: whether it stands under "followers" or the like, so that a name alone is enough.
    """
    if len(value) < 2 or any(_STRUCTURE.fullmatch(folded(key)) for key in value):
        return False
    if not all(map(_HANDLE.fullmatch, value)) and not all(map(_ID.fullmatch, value)):
        return False
    if all(type(part) is dict for part in value.values()):
        return _are_accounts(value, _OF_ACCOUNTS | _OF_ANYTHING if is_said else _OF_ACCOUNTS)
    return len(value) >= _LEAST_PAIRS and _are_pairs(value)


def _are_accounts(value: Mapping[str, dict[str, Any]], telling: frozenset[str]) -> bool:
    """Whether objects are alike and like accounts, and do not say themselves by what they are keyed."""
    keys = Counter(folded(key) for part in value.values() for key in part)
    usual = {key for key, count in keys.items() if count >= _ALIKE * len(value)}
    if usual.isdisjoint(telling):
        return False
    return not all(key.lower().lstrip("@") in identities(part) for key, part in value.items())


def _are_pairs(value: Mapping[str, Any]) -> bool:
    """Whether an object says the id of each handle, or the handle of each id; counts are shorter."""
    texts = [str(part) for part in value.values() if type(part) in (str, int)]
    if len(texts) < len(value) or any(field_of("accounts", key) for key in value):
        return False
    ids = list(value) if all(map(_ID.fullmatch, value)) else texts
    names = texts if ids is not texts else list(value)
    is_paired = all(map(_ID.fullmatch, ids)) and all(map(_HANDLE.fullmatch, names))
    lengths = sorted(map(len, ids))
    return is_paired and lengths[len(lengths) // 2] >= _USUAL_ID_DIGITS


def _are_lists(value: Mapping[str, Any]) -> bool:
    """Whether an object has the list of each account under its handle or id, bare or below the name of a list."""
    if any(_STRUCTURE.fullmatch(word) or word in GENERIC for word in map(folded, value)) or any(
        map(direction_of, value)
    ):
        return False
    if not (all(map(_HANDLE.fullmatch, value)) or all(map(_ID.fullmatch, value))):
        return False
    if len(value) == 1:
        # Under a single key any words may stand.
        (part,) = value.values()
        return isinstance(part, list) and len(part) > 1 and all(map(is_plain_account, part))
    return len(value) > 1 and all(map(_is_list, value.values()))


def _listed(owner: str, part: Any) -> dict[str, Any]:
    """A list as an envelope that says whose it is, where that is told."""
    inner = part if isinstance(part, dict) else {"users": part}
    return {"owner": owner, **inner} if owner else dict(inner)


def _is_list(part: object) -> bool:
    if isinstance(part, dict):
        lists = [one for key, one in part.items() if direction_of(key) or folded(key) in GENERIC]
        return len(lists) > 0 and all(map(_is_list, lists)) and not identities(part)
    return isinstance(part, list) and all(type(one) in (str, int) and BARE.fullmatch(str(one)) for one in part)


def _accounts(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key, part in value.items():
        own = {"user_id" if _ID.fullmatch(key) else "screen_name": key}
        if isinstance(part, dict):
            yield {**own, **part}
        else:
            yield {**own, "screen_name" if "user_id" in own else "user_id": str(part)}


def _members_of(items: list[Item | Problem]) -> dict[str, Any] | None:
    """The members of one large object, its first ones; None where the items are something else."""
    members: dict[str, Any] = {}
    for item in items:
        if not isinstance(item, Item) or _ARRAY in item.path or item.path != getattr(items[0], "path", None):
            return None
        if not isinstance(item.value, dict) or len(item.value) != 1:
            return None
        members.update(item.value)
    return members if len(members) == len(items) else None


def _spread_whole(item: Item) -> Iterator[Item]:
    value = _opened(item.value, _DEPTH)
    if isinstance(value, list):
        for account in value:
            yield Item(item.line, (*item.path, _ARRAY), account)
    else:
        yield item._replace(value=value)


def _opened(value: Any, depth: int, *, is_said: bool = False) -> Any:
    """A value with what is keyed in it as arrays."""
    if not isinstance(value, dict):
        return value
    if is_keyed(value, is_said=is_said):
        return list(_accounts(value))
    if _are_lists(value):
        return [
            {"owner": owner, **(part if isinstance(part, dict) else {"users": part})} for owner, part in value.items()
        ]
    if not depth:
        return value
    return {key: _opened(part, depth - 1, is_said=direction_of(key) is not None) for key, part in value.items()}
