"""The page on x.com where a person carries out an action, and what to click there.

Owns every link the program opens or shows. Links are built from digits and validated handles
only, so no text from a file can make one lead elsewhere. Imports domain and text only.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlencode

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.text.cleaning import RESERVED_PATHS

SITE = "https://x.com"

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")
_DIGITS = re.compile(r"[0-9]{1,19}")

_CLICKS: dict[ActionKind, str] = {
    ActionKind.UNFOLLOW: "Following, then Unfollow",
    ActionKind.FOLLOW: "Follow",
    ActionKind.MUTE: "the three dots, then Mute",
    ActionKind.UNMUTE: "the muted speaker icon (or the three dots, then Unmute)",
    ActionKind.LIST_ADD: "the three dots, Add/remove from Lists, tick the list, Save",
    ActionKind.LIST_REMOVE: "the three dots, Add/remove from Lists, untick the list, Save",
    ActionKind.REPOST: "Repost",
    ActionKind.REMOVE_FOLLOWER: "the three dots, then Remove this follower",
    ActionKind.BLOCK: "the three dots, then Block",
    ActionKind.REPORT: "the three dots, Report, then the reason",
}


class Link(NamedTuple):
    """Where to go and what to do there.

    Attributes:
        url: an address on x.com.
        what_to_click: plain words, no foreign text in them.
    """

    url: str
    what_to_click: str


def link(action: ActionKind, handle: str | None, x_id: int | None, object: str = "") -> Link:
    """The page for an action by hand.

    Args:
        action: the action to carry out.
        handle: the account's handle without @, or None.
        x_id: the account's id, or None.
        object: id of the post for a repost; a list is chosen on the page itself.

    Raises:
        BadInput: neither handle nor id can be used, or the post's id is not a number.
    """
    if action is ActionKind.REPOST:
        return Link(_intent("retweet", tweet_id=_digits(object, "post")), _CLICKS[action])
    if action is ActionKind.FOLLOW:
        # X recommends the id: handles change hands.
        who = {"user_id": str(x_id)} if _is_id(x_id) else {"screen_name": _handle(handle)}
        return Link(_intent("follow", **who), _CLICKS[action])
    return Link(profile(handle, x_id), _CLICKS[action])


def profile(handle: str | None, x_id: int | None) -> str:
    """URL of an account's page; by id where the handle is unknown or cannot be used.

    Raises:
        BadInput: neither can be used.
    """
    is_usable = handle is not None and _HANDLE.fullmatch(handle) is not None
    if is_usable and handle is not None and handle.lower() not in RESERVED_PATHS:
        return f"{SITE}/{handle}"
    if _is_id(x_id):
        return f"{SITE}/i/user/{x_id}"
    return _intent("user", screen_name=_handle(handle))


def post(post_id: str) -> str:
    """URL of a post.

    Raises:
        BadInput: the id is not a number.
    """
    return f"{SITE}/i/status/{_digits(post_id, 'post')}"


def reply(post_id: str, text: str) -> str:
    """URL of the composer replying to a post, with the text filled in; a person presses Post.

    Raises:
        BadInput: the id is not a number.
    """
    return _intent("tweet", in_reply_to=_digits(post_id, "post"), text=text)


def compose(text: str) -> Link:
    """The composer with a text filled in; a person presses Post."""
    return Link(_intent("tweet", text=text), "look at the text, then Post")


def message(x_id: int | None, handle: str | None, text: str) -> Link:
    """The composer of a direct message with the text filled in; the profile where the id is unknown."""
    if not _is_id(x_id):
        return Link(profile(handle, x_id), "the envelope, paste the text (it is copied), then Send")
    query = urlencode({"recipient_id": str(x_id), "text": text})
    return Link(f"{SITE}/messages/compose?{query}", "look at the text, then Send")


def posts(handle: str | None, x_id: int | None) -> str:
    """URL of an account's newest posts; its page where the handle cannot be used.

    Raises:
        BadInput: neither handle nor id can be used.
    """
    if handle is None or not _HANDLE.fullmatch(handle):
        return profile(handle, x_id)
    return f"{SITE}/search?{urlencode({'q': f'from:{handle}', 'f': 'live'})}"


def _intent(name: str, **params: str) -> str:
    return f"{SITE}/intent/{name}?{urlencode(params)}"


def _is_id(x_id: int | None) -> bool:
    return x_id is not None and 0 < x_id < 2**63


def _handle(handle: str | None) -> str:
    if handle is None or not _HANDLE.fullmatch(handle):
        raise BadInput("this account has neither a usable handle nor an id; search for its name on x.com")
    return handle


def _digits(text: str, what: str) -> str:
    if not _DIGITS.fullmatch(text):
        raise BadInput(f"the {what} must be given by its id, such as 1790000000000000000")
    return text
