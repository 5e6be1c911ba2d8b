"""A user of X's v2 API -> ``AccountRecord``.

Owns both dialects of the field names and checks every type. API answers only: export files
are read in ``sources``. Imported inside ``x`` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.text.cleaning import clean_text
from followertui.x.protocol import OwnList, Post

SNOWFLAKE_EPOCH_MS = 1288834974657
"""Milliseconds since 1970 from which X's ids contain their time."""

FIRST_SNOWFLAKE = 29_700_859_247
"""Smaller ids are sequential and contain no time. Source: the change of 2010-11-04."""

MAX_ID = 2**63 - 1


def record_of(user: Any) -> AccountRecord | None:
    """One account of an answer, or None where it has no id.

    Args:
        user: one object of ``data`` of a user endpoint, old or new field names.
    """
    if not isinstance(user, Mapping):
        return None
    x_id = id_of(user.get("id"))
    handle = _handle(user.get("username"))
    if x_id is None and handle is None:
        return None
    metrics = _mapping(user.get("public_metrics"))
    entities = _mapping(user.get("entities"))
    links = _opened(_mapping(entities.get("url")))
    image = _line(user.get("profile_image_url"))
    relation = user.get("connection_status")
    return AccountRecord(
        x_id=x_id,
        handle=handle,
        name=_line(user.get("name")),
        bio=_bio(user.get("description"), _mapping(entities.get("description"))),
        location=_line(user.get("location")),
        url=_line(user.get("url")),
        site=_line(next(iter(links.values()), None)),
        followers=_count(metrics.get("followers_count")),
        following=_count(metrics.get("following_count")),
        posts=_count(_either(metrics, "post_count", "tweet_count")),
        listed=_count(metrics.get("listed_count")),
        likes=_count(metrics.get("like_count")),
        created_at=_moment(user.get("created_at")),
        last_post_at=snowflake_time(id_of(_either(user, "most_recent_post_id", "most_recent_tweet_id"))),
        verified=_verified(user),
        protected=_flag(user.get("protected")),
        default_image=None if image is None else int("/default_profile_images/" in image),
        parody=_flag(user.get("parody")),
        can_dm=_flag(user.get("receives_your_dm")),
        image_url=image,
        affiliation=_affiliation(user.get("affiliation")),
        follows_us=_related(relation, "followed_by"),
        we_follow=_related(relation, "following"),
    )


def connection_of(user: Any) -> tuple[int, frozenset[str]] | None:
    """The id of one account of an answer and X's words on how we are connected; None where either is missing."""
    if not isinstance(user, Mapping):
        return None
    x_id, words = id_of(user.get("id")), user.get("connection_status")
    if x_id is None or not isinstance(words, list):
        return None
    return x_id, frozenset(word for word in words if isinstance(word, str))


def posts_in(data: Any) -> tuple[Post, ...]:
    """The posts of an answer, in its order; those without an id are left out."""
    found = []
    for given in map(_mapping, data if isinstance(data, list) else ()):
        number = id_of(given.get("id"))
        if number is not None:
            at = _moment(given.get("created_at")) or snowflake_time(number)
            found.append(Post(number, at, str(given.get("text") or "")))
    return tuple(found)


def list_of(entry: Any) -> OwnList | None:
    """A list of ours in an answer, None where it has no number or no name."""
    number, name = id_of(_mapping(entry).get("id")), _mapping(entry).get("name")
    return (
        OwnList(number, clean_text(name, limit=100).strip()) if number is not None and isinstance(name, str) else None
    )


def id_of(value: Any) -> int | None:
    """A 64-bit id from the string or number X sends, 0 included, None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ID:
        return value
    return None


def snowflake_time(post_id: int | None) -> int | None:
    """Time of a post from its id, epoch seconds UTC; None for ids without a time."""
    if post_id is None or post_id < FIRST_SNOWFLAKE:
        return None
    return ((post_id >> 22) + SNOWFLAKE_EPOCH_MS) // 1000


def _either(mapping: Mapping[str, Any], new: str, old: str) -> Any:
    value = mapping.get(new)
    return mapping.get(old) if value is None else value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _line(value: Any) -> str | None:
    return clean_text(value) or None if isinstance(value, str) else None


def _handle(value: Any) -> str | None:
    handle = _line(value)
    return handle.removeprefix("@") or None if handle else None


def _bio(value: Any, entities: Mapping[str, Any]) -> str | None:
    if not isinstance(value, str):
        return None
    # By text, not by offset: X counts code points, and cleaning shifts them.
    for short, long in _opened(entities).items():
        value = value.replace(short, long)
    return clean_text(value) or None


def _opened(entities: Mapping[str, Any]) -> dict[str, str]:
    urls = entities.get("urls")
    found = {}
    for entry in urls if isinstance(urls, list) else ():
        short, long = _mapping(entry).get("url"), _mapping(entry).get("expanded_url")
        if isinstance(short, str) and short and isinstance(long, str) and long:
            found[short] = long
    return found


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ID else None


def _flag(value: Any) -> int | None:
    return int(value) if isinstance(value, bool) else None


def _moment(value: Any) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _verified(user: Mapping[str, Any]) -> str | None:
    kind = user.get("verified_type")
    if kind in ("blue", "business", "government"):
        return str(kind)
    verified = user.get("verified")
    if verified is True:
        return "legacy"
    return "" if verified is False or kind == "none" else None


def _affiliation(value: Any) -> str | None:
    said = _mapping(value)
    name = _line(said.get("description"))
    if name:
        return name
    # Without a name, the organisation's page identifies it.
    link = _line(said.get("url"))
    return link.rstrip("/").rpartition("/")[2] or None if link else None


def _related(value: Any, word: str) -> int | None:
    return int(word in value) if isinstance(value, list) else None
