"""The sandbox's bodies against X's own OpenAPI description, where that file is present."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from followertui.x.platform import Access, Platform
from followertui.x.protocol import Watch
from followertui.x.sandbox.answering import answer
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, made_state
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.telling import tell
from followertui.x.streaming import body_of, event_of
from followertui.x.users import record_of

SPEC = Path(__file__).parents[3] / "shared" / "reference" / "x-openapi-2.167.json"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWN = f"/2/users/{OWN_ID}"
TARGET = {"target_user_id": str(FIRST_ID + 2)}
FIELDS = {"user.fields": "created_at,description,public_metrics,protected,verified,verified_type,connection_status"}

CALLS: list[tuple[str, str, str, dict[str, str], dict[str, Any] | None]] = [
    ("GET", "/2/users/me", "/2/users/me", FIELDS, None),
    ("GET", "/2/users", "/2/users", {"ids": f"{FIRST_ID},{FIRST_ID + 1},5", **FIELDS}, None),
    ("GET", "/2/users/by", "/2/users/by", {"usernames": "made_1,nobody", **FIELDS}, None),
    ("GET", f"/2/users/{FIRST_ID}", "/2/users/{id}", FIELDS, None),
    ("GET", "/2/users/search", "/2/users/search", {"query": "ada", "max_results": "3", **FIELDS}, None),
    (
        "POST",
        "/2/activity/subscriptions",
        "/2/activity/subscriptions",
        {},
        body_of(Watch("follow.follow", OWN_ID, "inbound")),
    ),
    (
        "POST",
        "/2/activity/subscriptions",
        "/2/activity/subscriptions",
        {},
        body_of(Watch("profile.update.bio", FIRST_ID)),
    ),
    ("GET", "/2/activity/subscriptions", "/2/activity/subscriptions", {}, None),
    ("GET", "/2/users/by/username/made_1", "/2/users/by/username/{username}", FIELDS, None),
    ("GET", f"{OWN}/followers", "/2/users/{id}/followers", {"max_results": "5", **FIELDS}, None),
    ("GET", f"{OWN}/following", "/2/users/{id}/following", {"max_results": "5", **FIELDS}, None),
    ("POST", f"{OWN}/following", "/2/users/{id}/following", {}, TARGET),
    ("POST", f"{OWN}/following", "/2/users/{id}/following", {}, {"target_user_id": str(FIRST_ID + 1)}),
    ("DELETE", f"{OWN}/following/{FIRST_ID}", "/2/users/{source_user_id}/following/{target_user_id}", {}, None),
    ("POST", f"{OWN}/muting", "/2/users/{id}/muting", {}, TARGET),
    ("GET", f"{OWN}/muting", "/2/users/{id}/muting", FIELDS, None),
    ("DELETE", f"{OWN}/muting/{FIRST_ID}", "/2/users/{source_user_id}/muting/{target_user_id}", {}, None),
    ("GET", f"{OWN}/blocking", "/2/users/{id}/blocking", FIELDS, None),
    ("POST", "/2/lists", "/2/lists", {}, {"name": "press"}),
    ("POST", "/2/lists/7/members", "/2/lists/{id}/members", {}, {"user_id": str(FIRST_ID)}),
    ("GET", "/2/lists/7/members", "/2/lists/{id}/members", FIELDS, None),
    ("DELETE", f"/2/lists/7/members/{FIRST_ID}", "/2/lists/{id}/members/{user_id}", {}, None),
    ("GET", f"{OWN}/owned_lists", "/2/users/{id}/owned_lists", {}, None),
    ("POST", f"{OWN}/retweets", "/2/users/{id}/retweets", {}, {"tweet_id": "17"}),
    ("GET", "/2/tweets", "/2/tweets", {"ids": "17"}, None),
    ("GET", f"{OWN}/tweets", "/2/users/{id}/tweets", {}, None),
    ("GET", f"{OWN}/mentions", "/2/users/{id}/mentions", {}, None),
]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    if not SPEC.exists():
        pytest.skip("X's OpenAPI description is not beside the project")
    loaded: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def state() -> SandboxState:
    # The description of 2.167 knows the new names only.
    made = made_state(20, Access.ENTERPRISE)
    made.dialect = "post"
    made.lists[7] = ListState(7, "press", {FIRST_ID + 3: None})
    made.suspended.add(FIRST_ID + 1)
    made.blocked[FIRST_ID + 4] = None
    made.posts[17] = {"id": "17", "text": "hello", "author_id": str(OWN_ID), "edit_history_post_ids": ["17"]}
    return made


@pytest.mark.parametrize(("method", "path", "template", "params", "body"), CALLS, ids=lambda v: str(v)[:40])
def test_bodies_follow_the_description(
    spec: dict[str, Any],
    state: SandboxState,
    method: str,
    path: str,
    template: str,
    params: dict[str, str],
    body: dict[str, Any] | None,
) -> None:
    operation = spec["paths"][template][method.lower()]
    if body is not None:
        validate(spec, operation["requestBody"]["content"]["application/json"]["schema"], body)
    headers = {"authorization": f"Bearer {state.keys.bearer}"}
    given = answer(state, method, path, params, headers, json.dumps(body).encode() if body else b"", NOW)
    said = operation["responses"]["200" if "200" in operation["responses"] else "201"]
    assert given.status == 200
    validate(spec, said["content"]["application/json"]["schema"], json.loads(given.body))


def test_every_path_we_call_is_described(spec: dict[str, Any]) -> None:
    def shape(path: str) -> str:
        return re.sub(r"\{\w+\}", "{}", path)

    described = {(method.upper(), shape(path)) for path, each in spec["paths"].items() for method in each}
    ours = {(each.method, shape(each.path)) for each in Platform.load().endpoints.values()}
    # Blocking is sold to Enterprise only, credits are newer than the description.
    assert ours - described == {("POST", "/2/users/{}/blocking"), ("GET", "/2/usage/credits")}


@pytest.mark.parametrize(
    ("kind", "after"), [("follow.follow", ""), ("follow.unfollow", ""), ("profile.update.bio", "new")]
)
def test_events_of_the_stream_follow_the_description(
    spec: dict[str, Any], state: SandboxState, kind: str, after: str
) -> None:
    subject = FIRST_ID + 2 if after else OWN_ID
    state.watches.subscribe(kind, str(subject), "" if after else "inbound")
    event = tell(state, kind, str(FIRST_ID + 2), {"after": after}, 5)
    assert event is not None
    response = spec["paths"]["/2/activity/stream"]["get"]["responses"]["200"]
    described = spec["components"]["schemas"]
    schema = {**response["content"]["application/json"]["schema"]}
    payload = "ProfileUpdateActivityResponsePayload" if after else "FollowActivityResponsePayload"
    validate(spec, described[payload], event["payload"])
    # The payloads are told apart by the type beside them, which JSON schema cannot say.
    validate(spec, schema, {"data": {name: value for name, value in event.items() if name != "payload"}})
    read = event_of(event)
    assert read is not None
    assert (read.type, read.user_id) == (kind, subject)
    assert (read.after or (read.source and read.source.x_id)) == (after or FIRST_ID + 2)


RECORDED = json.loads((Path(__file__).parent / "data" / "tweet_dialect.json").read_text(encoding="utf-8"))
"""A page of followers in the ``tweet`` dialect as X's own simulator answers it: names and types."""


def shape_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return {bool: "boolean", int: "number", float: "number", str: "string"}[type(value)]


def unknown(shape: Any, recorded: Any, path: str = "") -> list[str]:
    """Where a shape has what the recorded one has not."""
    if isinstance(shape, dict) and isinstance(recorded, dict):
        return [bad for name, each in shape.items() for bad in unknown(each, recorded.get(name), f"{path}.{name}")]
    if isinstance(shape, list) and isinstance(recorded, list):
        return unknown(shape[0], recorded[0], f"{path}[]") if shape else []
    return [] if shape == recorded else [path]


def test_the_tweet_dialect_follows_a_recorded_shape(state: SandboxState) -> None:
    state.dialect = "tweet"
    (fields,) = (each.user_fields for each in Platform.load().dialects if each.name == "tweet")
    # Parody came to the answers after it was recorded.
    assert set(fields) - set(RECORDED["user"]) == {"parody"}
    headers = {"authorization": f"Bearer {state.keys.bearer}"}
    params = {"max_results": "5", "user.fields": ",".join(fields)}
    body = json.loads(answer(state, "GET", f"{OWN}/followers", params, headers, b"", NOW).body)
    assert set(body) <= set(RECORDED["top"])
    assert unknown(shape_of(body["meta"]), RECORDED["meta"]) == []
    assert body["data"]
    for user in body["data"]:
        assert unknown(shape_of(user), RECORDED["user"]) == []


def test_a_user_of_the_recorded_shape_is_read_to_its_last_field() -> None:
    def filled(shape: Any, name: str = "") -> Any:
        """A value of the shape."""
        if isinstance(shape, dict):
            return {key: filled(each, key) for key, each in shape.items()}
        if isinstance(shape, list):
            return [filled(shape[0], name)]
        times = {"created_at": "2020-01-02T03:04:05.000Z", "verified_type": "blue", "connection_status": "following"}
        numbers = {"id": "77", "most_recent_tweet_id": "1790000000000000000"}
        return {"string": times.get(name) or numbers.get(name) or "text", "number": 7, "boolean": True}[shape]

    record = record_of(filled(RECORDED["user"]))
    assert record is not None
    assert (record.x_id, record.followers, record.posts, record.listed) == (77, 7, 7, 7)
    assert (record.verified, record.protected, record.we_follow, record.follows_us) == ("blue", 1, 1, 0)
    assert record.created_at == 1577934245
    assert record.last_post_at == ((1790000000000000000 >> 22) + 1288834974657) // 1000
    assert record.affiliation == "text"


def validate(spec: dict[str, Any], schema: dict[str, Any], body: Any) -> None:
    validator = jsonschema.Draft4Validator({**schema, "components": spec["components"]})
    assert [error.message for error in validator.iter_errors(body)] == []
