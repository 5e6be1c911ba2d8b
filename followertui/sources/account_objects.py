"""One account as a JSON object: whether it is one, what identifies it, and its values by dotted name.

Owns where in an object a value stands and how it reads as text. Does not own what a name means
(``account_paths``) nor which objects of a file are its list (``account_lists``). Imported by the
readers of accounts in this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from followertui.sources.account_columns import PROFILE_LINK
from followertui.sources.column_names import fold_header

_DEPTH = 4
_POST = frozenset(
    {
        *("full_text", "author_id", "conversation_id", "conversationId", "tweet", "rawContent", "retweet_count"),
        *("retweetCount", "reply_count", "replyCount", "in_reply_to_status_id", "in_reply_to_user_id", "tweet_id"),
        *("inReplyToId", "retweeted_status", "quoted_status_id", "member_count", "participant_count"),
    }
)
"""Keys that posts, lists and spaces have, and accounts have not."""

_MAYBE_POST = frozenset({"text", "content", "title", "message"})
_NAMED = frozenset(
    {
        *("screenname", "username", "handle", "twitterhandle", "xhandle", "twitterusername", "xusername", "userhandle"),
        *("twitterscreenname", "profileurl", "userlink", "profilelink"),
    }
)
_NUMBERED = frozenset({"restid", "accountid", "userid", "useridstr", "twitterid", "xid", "twitteruserid", "xuserid"})
_NUMBERS = frozenset({"idstr", "id"})
_WEAK_NAMES = frozenset({"user", "account", "twitter", *_NUMBERS})
_PROFILE = frozenset(
    {
        *("description", "bio", "followers", "followerscount", "friendscount", "followingcount", "publicmetrics"),
        *("location", "verified", "protected", "profileimageurl"),
    }
)
_RECORD = frozenset(
    {
        *(
            "address",
            "street",
            "zip",
            "zipcode",
            "postalcode",
            "phone",
            "phonenumber",
            "mobile",
            "email",
            "emailaddress",
        ),
        *("revenue", "annualrevenue", "sector", "industry", "taxid", "taxidentifier", "domain", "salesid", "companyid"),
    }
)
"""Keys of a record about a customer; beside an id and a description it is no account of X."""

_CLOSED = frozenset(
    {
        *("status", "professional", "tipjarsettings", "verificationinfo", "highlightsinfo", "owner", "author"),
        *("invitedby", "withheld", "subscription", "badge", "metadata", "pinnedtweet", "pinnedpost", "latesttweet"),
        *("latestpost", "lasttweet", "lastpost", "ext", "errors"),
    }
)
_LAST_POST = ("status", "latest_tweet", "last_tweet", "latestTweet", "lastTweet", "latest_post", "last_post")
_LINKS = ("expanded_url", "expandedUrl", "url")
_LINK_LISTS = frozenset({"urls", "descriptionlinks", "descriptionurls", "biourls", "links"})
_TELLING = _NAMED | _NUMBERED | {"id", "idstr", "url", "link"}
_IDENTIFYING = _NAMED | _NUMBERED | _WEAK_NAMES
_MOST_KEYS, _MOST_SHAPES = 300, 3000
_IDS = re.compile(r"[0-9]{1,19}")
_NUMBER_OR_TEXT = (str, int)

_KEY = "(key)"
"""Name of the value that an object of objects has as its key."""


def is_post(value: Mapping[str, Any]) -> bool:
    """Whether an object is a post, a list or a space: its people are authors and no list of accounts."""
    if not _POST.isdisjoint(value):
        return True
    legacy = value.get("legacy")
    if type(legacy) is dict and not _POST.isdisjoint(legacy):
        return True
    if _MAYBE_POST.isdisjoint(value):
        return False
    says = any(isinstance(value.get(key), str) for key in _MAYBE_POST)
    return says and not any(folded(key) in _NAMED for key in value)


def is_account(value: Mapping[str, Any]) -> bool:
    """Whether an object has what identifies an account of X and is no post."""
    keys = _keys_of(value)
    if not (keys.telling or "legacy" in value or "core" in value) or is_post(value):
        return False
    has_id = False
    for key in keys.telling:
        part = value[key]
        kind = type(part)
        if part and (kind is str or kind is int):
            word = folded(key)
            if (word in _NAMED and kind is str) or (word in _NUMBERED and _IDS.fullmatch(str(part))):
                return True
            has_id = has_id or word in ("id", "idstr") or (word in ("url", "link") and _is_profile(part))
    if has_id and keys.has_profile and not keys.is_record:
        return True
    return any(
        isinstance(part, dict) and isinstance(part.get("screen_name"), str)
        for part in (value.get("legacy"), value.get("core"))
    )


def is_weak_account(value: Mapping[str, Any]) -> bool:
    """Whether an object may be an account for want of better: an id alone, or a name under a vague key."""
    keys = _keys_of(value)
    # A number of its own is all that a record about a customer has of an account.
    words = _WEAK_NAMES - _NUMBERS if keys.is_record else _WEAK_NAMES
    weak = (key for key in keys.identifying if folded(key) in words)
    return any(value[key] and type(value[key]) in _NUMBER_OR_TEXT for key in weak) and not is_post(value)


class _Keys(NamedTuple):
    """What the keys of an object say, whatever its values.

    Attributes:
        telling: keys that may show that it is an account.
        identifying: keys whose values say who it is.
        has_profile: whether a key is one of a profile.
        is_record: whether a key is one of a record about a customer.
    """

    telling: tuple[str, ...]
    identifying: tuple[str, ...]
    has_profile: bool
    is_record: bool


_shapes: dict[tuple[str, ...], _Keys] = {}


def _keys_of(value: Mapping[str, Any]) -> _Keys:
    """What the keys of an object say; worked out once for objects with the same keys."""
    shape = tuple(value)
    found = _shapes.get(shape)
    if found is None:
        words = {key: folded(key) for key in shape}
        telling = tuple(key for key, word in words.items() if word in _TELLING)
        identifying = tuple(key for key, word in words.items() if word in _IDENTIFYING)
        said = set(words.values())
        found = _Keys(telling, identifying, not _PROFILE.isdisjoint(said), not _RECORD.isdisjoint(said))
        if len(shape) < _MOST_KEYS and len(_shapes) < _MOST_SHAPES:
            _shapes[shape] = found
    return found


_folds: dict[str, str] = {}


def folded(key: str) -> str:
    """A key as ``fold_header`` has it, remembered."""
    found = _folds.get(key)
    if found is None:
        found = fold_header(key)
        if len(_folds) < 5000:
            _folds[key] = found
    return found


def _is_profile(value: object) -> bool:
    return isinstance(value, str) and PROFILE_LINK.fullmatch(value) is not None


def identities(value: Mapping[str, Any]) -> set[str]:
    """What an object says of who it is: ids as digits, handles in lower case."""
    found: set[str] = set()
    for part in (value, value.get("core"), value.get("legacy")):
        if isinstance(part, dict):
            for key in _keys_of(part).identifying:
                one = part[key]
                if one and type(one) in _NUMBER_OR_TEXT:
                    found.add(str(one).rstrip("/").rpartition("/")[2].lstrip("@").lower())
    return found


def text_of(value: object) -> str:
    """A scalar as a cell."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if type(value) is bool:
        return "true" if value else "false"
    return str(value)


def leaves(account: Mapping[str, Any]) -> dict[str, str]:
    """Values of an account by dotted name, as text; what speaks of someone else or of a post is left out.

    Args:
        account: an object for which ``is_account`` holds.

    Returns:
        Name -> cell, in the order of the file.
    """
    found: dict[str, str] = {}
    _leaves(account, "", found, identities(account), _DEPTH)
    for key in _LAST_POST:
        status = account.get(key)
        if isinstance(status, dict) and isinstance(status.get("created_at"), str):
            found[f"{key}.created_at"] = status["created_at"]
    return found


def _leaves(part: Mapping[str, Any], prefix: str, found: dict[str, str], own: set[str], depth: int) -> None:
    has_rest_id = "rest_id" in part
    for key, value in part.items():
        kind = type(value)
        name = prefix + key
        if kind is dict:
            if depth and value and _is_own(key, value, own):
                _leaves(value, f"{name}.", found, own, depth - 1)
        elif kind is list:
            _list_leaf(key, name, value, found)
        elif key == "id" and has_rest_id:
            continue
        elif key == "parody_commentary_fan_label":
            found[name] = "" if value in (None, "", "None") else "true"
        else:
            found[name] = text_of(value)


def _is_own(key: str, value: dict[str, Any], own: set[str]) -> bool:
    """Whether a nested object goes on describing the same account."""
    if folded(key) in _CLOSED or not _POST.isdisjoint(value):
        return False
    if key == "core" or key == "legacy" or not is_account(value):
        return True
    return not own.isdisjoint(identities(value))


def _list_leaf(key: str, name: str, value: list[Any], found: dict[str, str]) -> None:
    if key == "connection_status":
        found[f"{name}.followed_by"] = text_of("followed_by" in value)
        found[f"{name}.following"] = text_of("following" in value)
    elif not value or type(value[0]) is not dict:
        found[name] = "; ".join(text_of(one) for one in value if isinstance(one, (str, int, float)))
    elif folded(key) in _LINK_LISTS:
        found[name] = "; ".join(full for _, full in _pairs_of(value))


def _pairs_of(links: list[Any]) -> Iterator[tuple[str, str]]:
    """Short and written out form of links, as X and the scrapers give them."""
    for link in links:
        if isinstance(link, dict):
            full = next((link[key] for key in _LINKS if isinstance(link.get(key), str) and link[key]), "")
            short = link.get("tcourl") or link.get("url")
            if full:
                yield (short if isinstance(short, str) else ""), full


def _link_lists(account: Mapping[str, Any]) -> Iterator[list[Any]]:
    for part in (account, account.get("legacy"), account.get("profile_bio")):
        entities = part.get("entities") if isinstance(part, dict) else None
        about = entities.get("description") if isinstance(entities, dict) else None
        if isinstance(about, dict) and isinstance(about.get("urls"), list):
            yield about["urls"]
    for key in ("descriptionLinks", "descriptionUrls"):
        if isinstance(account.get(key), list):
            yield account[key]


def open_links(account: Mapping[str, Any], bio: str) -> str:
    """A bio with its shortened links written out, where the account gives their targets."""
    for links in _link_lists(account):
        for short, full in _pairs_of(links):
            if short and short in bio:
                bio = bio.replace(short, full)
    return bio


def own_site(account: Mapping[str, Any], bio: str) -> str:
    """Of links of bio and profile in one list, the first that the bio does not hold; "" where there is none."""
    for key in ("descriptionLinks", "descriptionUrls"):
        links = account.get(key)
        if isinstance(links, list):
            return next((full for short, full in _pairs_of(links) if short not in bio and full not in bio), "")
    return ""
