from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x.links import link, post, profile, reply


@pytest.mark.parametrize("action", list(ActionKind))
def test_every_action_has_a_page_and_says_what_to_click(action: ActionKind) -> None:
    found = link(action, "dana_ortiz", 42, "1790000000000000000")
    assert found.url.startswith("https://x.com/")
    assert found.what_to_click.isprintable()


@pytest.mark.parametrize(
    ("action", "handle", "x_id", "object", "url"),
    [
        (ActionKind.UNFOLLOW, "dana_ortiz", 42, "", "https://x.com/dana_ortiz"),
        (ActionKind.UNFOLLOW, None, 42, "", "https://x.com/i/user/42"),
        (ActionKind.UNFOLLOW, "logout", 42, "", "https://x.com/i/user/42"),
        (ActionKind.UNFOLLOW, "Settings", None, "", "https://x.com/intent/user?screen_name=Settings"),
        (ActionKind.UNFOLLOW, "a/../b", 42, "", "https://x.com/i/user/42"),
        (ActionKind.FOLLOW, "dana_ortiz", 42, "", "https://x.com/intent/follow?user_id=42"),
        (ActionKind.FOLLOW, "dana_ortiz", None, "", "https://x.com/intent/follow?screen_name=dana_ortiz"),
        (ActionKind.REPOST, None, None, "17", "https://x.com/intent/retweet?tweet_id=17"),
    ],
)
def test_the_page_of_an_action(action: ActionKind, handle: str | None, x_id: int | None, object: str, url: str) -> None:
    assert link(action, handle, x_id, object).url == url


def test_replies_keep_their_text() -> None:
    url = urlsplit(reply("17", "50% & more? #1\nüñ"))
    assert (url.netloc, url.path) == ("x.com", "/intent/tweet")
    assert parse_qs(url.query) == {"in_reply_to": ["17"], "text": ["50% & more? #1\nüñ"]}


@pytest.mark.parametrize("post_id", ["", "1/../2", "17?x=1", "١٧", "1" * 20])
def test_a_post_is_named_by_digits(post_id: str) -> None:
    with pytest.raises(BadInput):
        post(post_id)
    with pytest.raises(BadInput):
        link(ActionKind.REPOST, "a", 1, post_id)


@given(st.text(max_size=40) | st.none(), st.integers(-5, 2**64) | st.none(), st.sampled_from(list(ActionKind)))
def test_no_handle_makes_another_address(handle: str | None, x_id: int | None, action: ActionKind) -> None:
    try:
        url = urlsplit(link(action, handle, x_id, "17").url)
    except BadInput:
        return
    assert (url.scheme, url.netloc, url.fragment) == ("https", "x.com", "")
    assert url.geturl().isascii()
    name = url.path.removeprefix("/")
    assert name.replace("_", "").isalnum() or name.startswith(("intent/", "i/user/"))
    assert name.lower() not in ("logout", "settings", "intent", "i", "messages")


@pytest.mark.parametrize("handle", ["javascript:alert(1)", "a?b=c", "a#b", "a%2Fb", "ａｂ", "", "a" * 21])
def test_what_is_no_handle_leads_nowhere(handle: str) -> None:
    with pytest.raises(BadInput):
        profile(handle, None)
    assert profile(handle, 7) == "https://x.com/i/user/7"
