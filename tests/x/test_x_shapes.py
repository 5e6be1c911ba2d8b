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
from followertui.x.sandbox.answering import answer
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, made_state
from followertui.x.sandbox.state import ListState, SandboxState

SPEC = Path(__file__).parents[3] / "shared" / "reference" / "x-openapi-2.167.json"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWN = f"/2/users/{OWN_ID}"
TARGET = {"target_user_id": str(FIRST_ID + 2)}
FIELDS = {"user.fields": "created_at,description,public_metrics,protected,verified,verified_type,connection_status"}

CALLS: list[tuple[str, str, str, dict[str, str], dict[str, str] | None]] = [
    ("GET", "/2/users/me", "/2/users/me", FIELDS, None),
    ("GET", "/2/users", "/2/users", {"ids": f"{FIRST_ID},{FIRST_ID + 1},5", **FIELDS}, None),
    ("GET", "/2/users/by", "/2/users/by", {"usernames": "made_1,nobody", **FIELDS}, None),
    ("GET", f"/2/users/{FIRST_ID}", "/2/users/{id}", FIELDS, None),
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
    body: dict[str, str] | None,
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


def validate(spec: dict[str, Any], schema: dict[str, Any], body: Any) -> None:
    validator = jsonschema.Draft4Validator({**schema, "components": spec["components"]})
    assert [error.message for error in validator.iter_errors(body)] == []
