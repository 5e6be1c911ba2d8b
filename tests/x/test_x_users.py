from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.account import AccountRecord
from followertui.x.users import record_of, snowflake_time

OLD: dict[str, Any] = {
    "id": "2244994945",
    "name": "Dana Ortiz",
    "username": "Dana_Ortiz",
    "created_at": "2013-12-14T04:35:55.000Z",
    "description": "Buyer at @globex, see https://t.co/abc and https://t.co/def",
    "entities": {
        "url": {"urls": [{"start": 0, "end": 23, "url": "https://t.co/u", "expanded_url": "https://globex.example"}]},
        "description": {
            "urls": [
                {"url": "https://t.co/abc", "expanded_url": "https://globex.example/team"},
                {"url": "https://t.co/def", "expanded_url": None},
            ]
        },
    },
    "url": "https://t.co/u",
    "location": "Lisbon",
    "public_metrics": {
        "followers_count": 10,
        "following_count": 20,
        "tweet_count": 30,
        "listed_count": 4,
        "like_count": 5,
    },
    "protected": False,
    "verified": True,
    "verified_type": "blue",
    "affiliation": {"description": "Globex", "url": "https://twitter.com/globex", "user_id": ["5"]},
    "most_recent_tweet_id": "1790000000000000000",
    "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
    "connection_status": ["followed_by"],
    "receives_your_dm": True,
    "parody": False,
}


def renamed(user: dict[str, Any]) -> dict[str, Any]:
    new = {key: value for key, value in user.items() if key != "most_recent_tweet_id"}
    metrics = dict(user["public_metrics"])
    metrics["post_count"] = metrics.pop("tweet_count")
    return {**new, "most_recent_post_id": user["most_recent_tweet_id"], "public_metrics": metrics}


@pytest.mark.parametrize("user", [OLD, renamed(OLD)], ids=["tweet", "post"])
def test_both_dialects_give_the_same_record(user: dict[str, Any]) -> None:
    assert record_of(user) == AccountRecord(
        x_id=2244994945,
        handle="Dana_Ortiz",
        name="Dana Ortiz",
        bio="Buyer at @globex, see https://globex.example/team and https://t.co/def",
        location="Lisbon",
        url="https://t.co/u",
        site="https://globex.example",
        followers=10,
        following=20,
        posts=30,
        listed=4,
        likes=5,
        created_at=1386995755,
        last_post_at=1715604231,
        verified="blue",
        protected=0,
        default_image=1,
        parody=0,
        can_dm=1,
        image_url="https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        affiliation="Globex",
        follows_us=1,
        we_follow=0,
    )


def test_what_is_not_said_is_unknown() -> None:
    assert record_of({"id": "5", "username": "a"}) == AccountRecord(x_id=5, handle="a")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"verified": True}, "legacy"),
        ({"verified": True, "verified_type": "none"}, "legacy"),
        ({"verified": False}, ""),
        ({"verified_type": "none"}, ""),
        ({"verified": True, "verified_type": "business"}, "business"),
        ({}, None),
    ],
)
def test_verification_keeps_its_kind(said: dict[str, Any], kind: str | None) -> None:
    record = record_of({"id": "5", **said})
    assert record is not None
    assert record.verified == kind


def test_affiliation_falls_back_to_the_handle() -> None:
    record = record_of({"id": "5", "affiliation": {"url": "https://x.com/globex/", "user_id": "7"}})
    assert record is not None
    assert record.affiliation == "globex"


def test_ids_older_than_snowflakes_carry_no_time() -> None:
    assert snowflake_time(20) is None
    assert snowflake_time(None) is None


def test_hostile_text_is_cleaned() -> None:
    record = record_of({"id": "5", "name": "a\x1b[31mb\u202ec", "description": "[/x]\x00\x07"})
    assert record is not None
    assert record.name is not None
    assert record.name.isprintable()
    assert "\x1b" not in record.name
    assert "\u202e" not in record.name
    assert record.bio == "[/x]"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*OLD, "most_recent_post_id"], ANYTHING)) | ANYTHING)
def test_no_user_can_break_the_reading(user: Any) -> None:
    record = record_of(user)
    assert record is None or record.x_id is not None or record.handle is not None
    if record is not None:
        assert all(value is None or isinstance(value, (int, str)) for value in record)
        assert all(value is None or isinstance(value, int) for value in record[7:13])
