"""Which objects of a JSON file are read as its accounts: the list, all of it, and nothing beside it."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources.account_exports import AccountBatch, read_account_batches
from followertui.sources.account_objects import leaves
from followertui.sources.kinds import Recognised
from followertui.sources.recognising import recognise

LENA = {"id": "2973406683", "screen_name": "lena_b", "name": "Lena", "description": "Logistics", "followers": 812}
OMAR = {"id": "1180023456789012345", "screen_name": "omar_f", "name": "Omar", "description": "Data", "followers": 90}
OWNER = {"id": "3300112233", "username": "acme_ops", "name": "Acme", "followers_count": 12}


def user(x_id: str, handle: str) -> dict[str, Any]:
    """A user as X's site answers in 2026."""
    bio = {
        "description": "See https://t.co/a",
        "entities": {
            "description": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://blog.acme.example/x"}]},
            "url": {"urls": [{"url": "https://t.co/b", "expanded_url": "https://acme.example"}]},
        },
    }
    return {
        "__typename": "User", "id": "VXNlcjox", "rest_id": x_id, "profile_bio": bio,
        "core": {"screen_name": handle, "name": handle.title(), "created_at": "Mon Jan 10 02:06:34 +0000 2011"},
        "relationship_counts": {"followers": 8, "following": 4}, "tweet_counts": {"tweets": 22, "media_tweets": 3},
        "website": {"url": "https://t.co/b"}, "location": {"location": "Bonn"}, "privacy": {"protected": False},
        "relationship_perspectives": {"followed_by": True, "following": False},
    }  # fmt: skip


def entry(x_id: str, result: dict[str, Any] | None) -> dict[str, Any]:
    """A user as an entry of a timeline; None for one X hides."""
    results = {"result": result} if result else {}
    content = {"itemContent": {"itemType": "TimelineUser", "user_results": results}}
    return {"entryId": f"user-{x_id}", "sortIndex": "1", "content": content}


def answer(*entries: dict[str, Any]) -> dict[str, Any]:
    """The Followers page as X's site answers it."""
    timeline = {"instructions": [{"type": "TimelineClearCache"}, {"type": "TimelineAddEntries", "entries": entries}]}
    return {"data": {"user": {"result": {"__typename": "User", "timeline": {"timeline": timeline}}}}}


def table(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    return {"tableName": name, "inbound": True, "rows": rows}


def capture(module: str, x_id: str) -> dict[str, Any]:
    return {"id": f"{module}-{x_id}", "extension": module, "type": "user", "data_key": x_id, "created_at": 1}


POST = {
    "rest_id": "7", "legacy": {"full_text": "x", "retweet_count": 1},
    "core": {"user_results": {"result": user("99", "author")}},
}  # fmt: skip
DUMP = {
    "formatName": "dexie",
    "data": {
        "databaseName": "exporter",
        "data": [
            table("tweets", POST), table("users", user("11", "ann"), user("12", "bob"), user("99", "author")),
            table("captures", capture("FollowersModule", "11"), capture("FollowingModule", "11"),
                  capture("FollowingModule", "12")),
        ],
    },
}  # fmt: skip
ARCHIVE = {
    "account": [{"account": {"accountId": "33", "username": "acme"}}],
    "follower": [{"follower": {"accountId": "11"}}, {"follower": {"accountId": "12"}}],
    "following": [{"following": {"accountId": "13"}}],
    "tweets": [{"tweet": {"id_str": "5", "full_text": "x", "user_mentions": [{"screen_name": "z"}]}}],
}

CASES: dict[str, tuple[Any, str | None, list[str]]] = {
    "answer of the site": (answer(entry("11", user("11", "ann")), entry("12", user("12", "b"))), None, ["ann", "b"]),
    "a hidden account keeps its id": (answer(entry("11", user("11", "ann")), entry("12", None)), None, ["ann", "12"]),
    "suggestions are not followers": (
        answer(entry("11", user("11", "ann")), {**entry("12", user("12", "bob")), "entryId": "who-to-follow-12"}),
        None, ["ann"],
    ),
    "list members": ({"data": {"list": {"members_timeline": answer(entry("11", user("11", "a_b")))}}}, None, ["a_b"]),
    "owner in the envelope": ({"user_id": "33", "direction": "followers", "users": [LENA, OMAR]}, "follower",
                              ["lena_b", "omar_f"]),
    "one row and its envelope": ({"user_id": "33", "direction": "following", "count": 1, "users": [LENA]}, "following",
                                 ["lena_b"]),
    "owner beside": ({"profile": OWNER, "followers": [LENA, OMAR]}, "follower", ["lena_b", "omar_f"]),
    "owner after": ({"friends": [LENA], "me": OWNER}, "following", ["lena_b"]),
    "owner around": ({**OWNER, "stats": {"n": 1}, "followers": [LENA]}, "follower", ["lena_b"]),
    "ids of v1.1": ({"ids": [2973406683, 1180023456789012345], "next_cursor": 0}, None,
                    ["2973406683", "1180023456789012345"]),
    "pages of ids": ([{"user_id": 33, "followers": [11, 12]}, {"user_id": 33, "followers": [13]}], "follower",
                     ["11", "12", "13"]),
    "handles by direction": ({"owner": "acme", "followers": ["ann", "bob"]}, "follower", ["ann", "bob"]),
    "both lists": ({"followers": [LENA, OMAR], "following": [LENA]}, "both", ["lena_b", "omar_f", "lena_b"]),
    "both lists, deep": ({"data": {"export": {"following_list": [LENA], "followers_list": [OMAR]}}}, "both",
                         ["lena_b", "omar_f"]),
    "lists made of the lists": ({"followers": [LENA, OMAR], "unfollowers": [OWNER], "mutuals": [LENA]}, "follower",
                                ["lena_b", "omar_f"]),
    "archive in one file": (ARCHIVE, "both", ["11", "12", "13"]),
    "exporter's database": (DUMP, "both", ["ann", "bob"]),
    "v2 with its includes": ({"data": [{"id": "11", "username": "a"}], "includes": {"users": [OWNER]}}, None, ["a"]),
    "users by id": ({"globalObjects": {"users": {"11": {"screen_name": "ann"}, "12": {"screen_name": "bob"}}}}, None,
                    ["ann", "bob"]),
    "pages": ([{"users": [LENA], "next_cursor": 1}, {"users": [OMAR], "next_cursor": 0}], None, ["lena_b", "omar_f"]),
    "rows around users": ([{"id": 1, "followed_at": "2026-01-01", "user": LENA}], None, ["lena_b"]),
    "people told of in passing": (
        [{**LENA, "inviter": OWNER, "known_friends_of": [OMAR]}, {**OMAR, "status": {"text": "x", "user": OWNER}}],
        None, ["lena_b", "omar_f"],
    ),
    "one user": ({"data": {"id": "11", "username": "ann", "name": "Ann"}}, None, ["ann"]),
}  # fmt: skip


def saved(tmp_path: Path, content: Any, name: str = "saved.json") -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def batches_of(seen: Recognised, **options: Any) -> list[AccountBatch]:
    assert seen.table is not None
    return list(read_account_batches(seen.table, **options))


def records_of(seen: Recognised, **options: Any) -> list[AccountRecord]:
    return [record for batch in batches_of(seen, **options) for record in batch.records]


def shown(records: list[AccountRecord]) -> list[str]:
    return [record.handle or str(record.x_id) for record in records]


@pytest.mark.parametrize("name", CASES)
def test_the_list_is_read_and_nothing_beside_it(name: str, tmp_path: Path) -> None:
    content, direction, expected = CASES[name]
    seen = recognise(saved(tmp_path, content))
    assert seen.what in ("accounts", "handles")
    said = seen.relation if seen.relation_why == "the name of the list inside the file" else None
    assert (said, shown(records_of(seen))) == (direction, expected)
    assert not [problem for batch in batches_of(seen) for problem in batch.problems]


def test_the_answer_of_the_site_is_opened_out(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, answer(entry("11", user("11", "ann")))))
    (record,) = records_of(seen)
    assert (record.x_id, record.followers, record.following, record.posts) == (11, 8, 4, 22)
    assert (record.bio, record.site) == ("See https://blog.acme.example/x", "https://acme.example")
    assert (record.location, record.created_at, record.protected, record.follows_us) == ("Bonn", 1294625194, 0, 1)


def test_both_lists_are_two_readings_and_one_of_them_can_be_chosen(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, {"followers": [LENA, OMAR], "following": [LENA]}))
    assert seen.has_both_lists
    read = [(batch.direction, shown(list(batch.records))) for batch in batches_of(seen)]
    assert read == [("follower", ["lena_b", "omar_f"]), ("following", ["lena_b"])]
    assert shown(records_of(seen, only="following")) == ["lena_b"]


def test_the_owner_is_said_and_their_profile_counts_the_followers(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, {"profile": OWNER, "followers": [LENA]}))
    assert seen.own_names == ("3300112233", "acme_ops")
    assert seen.expected == {"follower": 12}
    assert "@acme_ops" in seen.notes[0]


def test_lists_of_several_owners_are_told_apart(tmp_path: Path) -> None:
    content = [{"screen_name": "acme", "followers": [LENA]}, {"screen_name": "beta", "followers": [OMAR, LENA]}]
    seen = recognise(saved(tmp_path, content))
    assert seen.owners == ("@acme", "@beta")
    assert shown(records_of(seen, owner="@beta")) == ["omar_f", "lena_b"]


def test_what_is_left_alone_is_named(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, {"admins": [OWNER], "members": [LENA, OMAR]}))
    assert shown(records_of(seen)) == ["lena_b", "omar_f"]
    assert any("'admins' (1)" in note for note in seen.notes)


@pytest.mark.parametrize("content", [
    {"profile": OWNER, "followers": []},
    [{"id": "1", "text": "hello", "user": LENA}, {"id": "2", "text": "again", "user": OMAR}],
])  # fmt: skip
def test_an_owner_without_followers_and_the_authors_of_posts_are_no_list(content: Any, tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, content))
    with pytest.raises(BadInput, match="stands in a list"):
        batches_of(seen)


def test_a_scrapers_lines_have_bio_site_and_kind_of_badge(tmp_path: Path) -> None:
    line = {
        "id": 11, "id_str": "11", "url": "https://x.com/ann", "username": "ann", "displayname": "Ann",
        "rawDescription": "Read https://t.co/a", "created": "2015-01-10 12:22:05+00:00", "followersCount": 8,
        "verified": False, "blue": True, "blueType": "Business",
        "descriptionLinks": [{"url": "https://blog.example/a", "text": "blog", "tcourl": "https://t.co/a"},
                             {"url": "https://acme.example", "text": "acme", "tcourl": "https://t.co/b"}],
    }  # fmt: skip
    (record,) = records_of(recognise(saved(tmp_path, json.dumps(line) + "\n", "followers.jsonl")))
    assert (record.bio, record.site) == ("Read https://blog.example/a", "https://acme.example")
    assert (record.handle, record.verified, record.created_at) == ("ann", "business", 1420892525)


def test_an_envelope_too_large_for_memory_is_read_alike(tmp_path: Path) -> None:
    people = [{"id": str(n + 20), "username": f"u{n}", "description": "x" * 900} for n in range(6000)]
    content = {"direction": "followers", "data": {"page": {"users": people}}, "profile": {**OWNER, "pinned": OMAR}}
    seen = recognise(saved(tmp_path, content))
    assert seen.size > 5 << 20
    assert (seen.relation, seen.own_names) == ("follower", ("3300112233", "acme_ops"))
    assert shown(records_of(seen)) == [f"u{n}" for n in range(6000)]


WORDS = ("data", "result", "payload", "response", "user", "page", "wrapper", "a", "export", "viewer")
LIST_KEYS = ("users", "followers", "items", "following", "members", "audience", "friends_list", "z")


@st.composite
def envelopes(draw: st.DrawFn) -> tuple[Any, list[dict[str, Any]]]:
    """A file and the accounts of its list: any depth, any order of keys, an owner beside, authors nested."""
    size = draw(st.integers(2, 6))
    keys = draw(st.permutations(("id", "screen_name", "name", "description", "followers_count")))
    has_author, has_status, is_wrapped = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    people = []
    for n in range(size):
        values = {"id": str(1000 + n), "screen_name": f"u_{n}", "name": f"N {n}", "description": f"bio {n}"}
        one: dict[str, Any] = {key: values.get(key, n) for key in keys}
        if has_author:
            one["inviter"] = {"id": str(5000 + n), "screen_name": f"inviter_{n}", "name": "I"}
        if has_status:
            one["status"] = {"id_str": "77", "text": "hello", "user": {"id": "6000", "screen_name": f"author_{n}"}}
        people.append(one)
    rows: Any = [{"entry": {"user": one}} for one in people] if is_wrapped else people
    where = draw(st.sampled_from(LIST_KEYS))
    beside: dict[str, Any] = {where: rows}
    owner = {"id": "42424242", "username": "acme_ops", "name": "Acme"}
    if draw(st.booleans()):
        beside[draw(st.sampled_from(("profile", "owner", "account", "viewer_account")))] = owner
    if draw(st.booleans()):
        beside["user_id"] = "42424242"
    if draw(st.booleans()):
        beside["tweets"] = [{"id": "9", "full_text": "x", "user": owner}] * 3
    order = draw(st.randoms(use_true_random=False))
    value: Any = shuffled(beside, order)
    for word in draw(st.lists(st.sampled_from(WORDS), max_size=6)):
        value = shuffled({word: value, "cursor": "x|1", "count": 3}, order)
    return value, people


def shuffled(value: dict[str, Any], order: random.Random) -> dict[str, Any]:
    items = list(value.items())
    order.shuffle(items)
    return dict(items)


def test_accounts_in_arrays_of_their_own_are_read(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path, [[6, "https://x.com/lena_b", LENA], [6, "https://x.com/omar_f", OMAR]]))
    assert [record.handle for record in records_of(seen)] == ["lena_b", "omar_f"]
    pages = recognise(saved(tmp_path, [[LENA], [OMAR]]))
    assert [record.x_id for record in records_of(pages)] == [2973406683, 1180023456789012345]


@settings(deadline=None)
@given(envelopes())
def test_every_row_of_the_list_and_no_other_is_read_as_it_is_shown(case: tuple[Any, list[dict[str, Any]]]) -> None:
    content, people = case
    with tempfile.TemporaryDirectory() as folder:
        seen = recognise(saved(Path(folder), content))
        records = records_of(seen)
    assert [record.handle for record in records] == [one["screen_name"] for one in people]
    fields = {guess.column: guess.field for guess in seen.columns if guess.field}
    for record, one in zip(records, people, strict=True):
        values = {fields[name]: text for name, text in leaves(one).items() if name in fields}
        stored = {name: str(value) for name, value in record._asdict().items() if value is not None}
        stored = {name: value for name, value in stored.items() if name not in ("follows_us", "we_follow")}
        assert stored == values
