"""Profiles as the sandbox returns them: the requested fields, in its dialect.

Owns the field names of both dialects. Imported by ``endpoints`` only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from followertui.x.sandbox.state import SandboxState

_ALWAYS = ("id", "name", "username")

_COMMON = frozenset(
    {
        *("affiliation", "connection_status", "created_at", "description", "entities", "id", "is_identity_verified"),
        *("location", "name", "parody", "profile_banner_url", "profile_image_url", "protected", "public_metrics"),
        *("receives_your_dm", "subscribes_to_you", "subscription", "subscription_type", "url", "username"),
        *("verified", "verified_followers_count", "verified_type", "withheld"),
    }
)

_RENAMED = {"most_recent_post_id": "most_recent_tweet_id", "pinned_post_id": "pinned_tweet_id"}
"""Name in the ``post`` dialect -> name in the ``tweet`` dialect, which profiles are stored in."""


class UnknownField(Exception):
    """A field the dialect does not have; the message is its name."""


def user_view(state: SandboxState, x_id: int, fields: str) -> dict[str, Any] | None:
    """A profile as X would show it, or None for an account it does not show.

    Args:
        state: the sandbox.
        x_id: whose profile.
        fields: the ``user.fields`` parameter, comma-separated.

    Raises:
        UnknownField: the sandbox's dialect does not have a name.
    """
    wanted = _wanted(fields, state.dialect)
    profile = state.shown(x_id)
    if profile is None:
        return None
    shown: dict[str, Any] = {}
    for name, kept_as in wanted:
        value = profile.get(kept_as)
        if name == "connection_status":
            value = _connections(state, x_id)
        elif name == "public_metrics" and isinstance(value, dict):
            value = _metrics(state, x_id, value)
        if value is not None:
            shown[name] = value
    return shown


@lru_cache(maxsize=64)
def _wanted(fields: str, dialect: str) -> tuple[tuple[str, str], ...]:
    renamed = _RENAMED if dialect == "post" else {old: old for old in _RENAMED.values()}
    names = dict.fromkeys((*_ALWAYS, *(name for name in fields.split(",") if name)))
    for name in names:
        if name not in _COMMON and name not in renamed:
            raise UnknownField(name)
    return tuple((name, renamed.get(name, name)) for name in names)


def _metrics(state: SandboxState, x_id: int, kept: dict[str, int]) -> dict[str, int]:
    if x_id == state.own_id:
        kept = {**kept, "followers_count": len(state.followers), "following_count": len(state.following)}
    if state.dialect != "post":
        return kept
    return {("post_count" if name == "tweet_count" else name): count for name, count in kept.items()}


def _connections(state: SandboxState, x_id: int) -> list[str]:
    said = {
        "following": x_id in state.following,
        "followed_by": state.follows_us(x_id),
        "follow_request_sent": x_id in state.pending,
        "muting": x_id in state.muted,
        "blocking": x_id in state.blocked,
    }
    return [word for word, is_so in said.items() if is_so]
