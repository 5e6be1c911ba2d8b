"""What keys and envelopes say of the direction of a list: followers or following.

Owns the words. Does not know where lists stand (``account_lists``). Imported by the readers of this room.
"""

from __future__ import annotations

import re
from typing import Any

from followertui.sources.account_objects import folded
from followertui.sources.column_names import fold_header
from followertui.sources.owner_words import INNER

_STATING = frozenset(
    {
        *("direction", "relation", "relationship", "type", "kind", "list", "mode", "endpoint", "url", "path", "query"),
        *("operation", "operationname", "request", "source", "title", "name", "resource", "what", "command", "job"),
        *("targettype", "collection", "dataset", "tab", "module", "extension", "connection", "edge"),
    }
)


_FOLLOWED = frozenset({"followed", "followedaccount", "followeduser", "iamfollowing"})


def direction_of(text: str) -> str | None:
    """The direction a key or word names: "follower", "following", "both", or None."""
    word = fold_header(text)
    if "count" in word or "unfollow" in word:
        return None
    is_follower = "follower" in word or word in ("followedby", "fans")
    is_following = "following" in word or "followee" in word or word.startswith("friend") or word in _FOLLOWED
    if is_follower == is_following:
        return "both" if word.startswith("mutual") else None
    return "follower" if is_follower else "following"


def stated_direction(value: dict[str, Any]) -> str | None:
    """The direction an envelope states in words, None where it states none or both."""
    found: set[str] = set()
    inner = () if INNER.isdisjoint(value) else [value[key] for key in INNER if isinstance(value.get(key), dict)]
    for part in (value, *inner):
        for key, one in part.items():
            if type(one) is str and len(one) <= 200 and folded(key) in _STATING:
                said = {direction_of(word) for word in re.findall(r"[A-Za-z]+", one)} - {None, "both"}
                found |= {str(word) for word in said}
    return found.pop() if len(found) == 1 else None
