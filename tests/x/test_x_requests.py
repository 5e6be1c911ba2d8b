"""What the client sends, against X's own OpenAPI description, where that file is present."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import requests

from followertui.domain.clock import FixedClock
from followertui.domain.decision import ActionKind
from followertui.x.client import TweepyClient
from followertui.x.protocol import Watch
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, made_state
from followertui.x.sandbox.state import ListState
from followertui.x.sandbox.transport import IN_PROCESS_URL, Sandbox, SandboxAdapter
from followertui.x.settings import XSettings

SPEC = Path(__file__).parents[3] / "shared" / "reference" / "x-openapi-2.167.json"
CLOCK = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
READS: dict[str, Callable[[TweepyClient], object]] = {
    "me": lambda x: x.me(),
    "users_by_ids": lambda x: x.users_by_ids([FIRST_ID, 5]),
    "users_by_names": lambda x: x.users_by_names(["made_1"]),
    "connections": lambda x: x.connections([FIRST_ID]),
    "followers": lambda x: x.followers(OWN_ID),
    "following, a page further on": lambda x: x.following(OWN_ID, "SANDBOX000000000001", 20),
    "search": lambda x: x.search("ada", 10),
    "muted": lambda x: x.muted(),
    "blocked": lambda x: x.blocked(),
    "list members": lambda x: x.list_members(7),
    "smallest page": lambda x: x.followers(OWN_ID, None, 1),
}
# Blocking is sold to Enterprise only and not described.
ACTIONS = {action: "" for action in ActionKind if action is not ActionKind.BLOCK}
ACTIONS |= dict.fromkeys((ActionKind.LIST_ADD, ActionKind.LIST_REMOVE, ActionKind.REPOST), "17")
NOT_DESCRIBED = {"affiliation", "most_recent_tweet_id", "most_recent_post_id"}
"""Fields the description has as expansions and live answers had as fields; a 400 drops them."""


class Recorder(SandboxAdapter):
    """The sandbox, with what it was sent."""

    def __init__(self, dialect: str) -> None:
        state = made_state(50)
        state.dialect = dialect
        state.lists[7] = ListState(7, "press", {FIRST_ID + 3: None})
        super().__init__(Sandbox(state, CLOCK))
        self.sent: list[requests.PreparedRequest] = []
        self.refuses = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.sent.append(request)
        if len(self.sent) > self.refuses:
            return super().send(request, *args, **options)
        response = requests.Response()
        response.status_code = 400
        response.raw = BytesIO(b"{}")
        response.request = request
        return response


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    if not SPEC.exists():
        pytest.skip("X's OpenAPI description is not beside the project")
    loaded: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
    return loaded


def client_on(recorder: Recorder) -> TweepyClient:
    settings = XSettings.from_env(recorder.sandbox.state.keys.environ(OWN_ID, IN_PROCESS_URL))
    return TweepyClient(settings, CLOCK, adapter=recorder)


def faults_of(spec: dict[str, Any], request: requests.PreparedRequest) -> set[str]:
    """What of a request the description does not allow."""
    url = urlsplit(request.url or "")
    found = [
        each[(request.method or "").lower()]
        for path, each in spec["paths"].items()
        if (request.method or "").lower() in each and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), url.path)
    ]
    # A fixed path such as /2/users/me comes before one with a placeholder.
    operation = found[0]
    known = {}
    for one in operation.get("parameters", ()):
        target = spec["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        known[target["name"]] = target["schema"]
    faults = set()
    for name, text in parse_qsl(url.query):
        if name not in known:
            faults.add(name)
            continue
        schema = known[name]
        is_list = schema.get("type") == "array"
        value: Any = text.split(",") if is_list else int(text) if schema.get("type") == "integer" else text
        validator = jsonschema.Draft4Validator({**schema, "components": spec["components"]})
        faults |= {str(error.instance) for error in validator.iter_errors(value)}
    if request.body:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        validator = jsonschema.Draft4Validator({**schema, "components": spec["components"]})
        faults |= {error.message for error in validator.iter_errors(json.loads(request.body))}
    return faults


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("dialect", ["tweet", "post"])
def test_reads_are_as_described_but_for_the_fields_seen_live(spec: dict[str, Any], name: str, dialect: str) -> None:
    recorder = Recorder(dialect)
    READS[name](client_on(recorder))
    assert 1 <= len(recorder.sent) <= 2
    assert faults_of(spec, recorder.sent[-1]) <= NOT_DESCRIBED
    assert all("expansions" not in (sent.url or "") for sent in recorder.sent), "they may be charged"


def test_after_two_refusals_a_read_asks_for_nothing_the_description_lacks(spec: dict[str, Any]) -> None:
    recorder = Recorder("post")
    recorder.refuses = 2
    client_on(recorder).followers(OWN_ID)
    assert len(recorder.sent) == 3
    assert faults_of(spec, recorder.sent[-1]) == set()


OTHERS: dict[str, Callable[[TweepyClient], object]] = {
    "own lists": lambda x: x.own_lists(),
    "a new list": lambda x: x.make_list("Press"),
    "what is watched": lambda x: x.watched(),
    "watching follows": lambda x: x.watch(Watch("follow.follow", OWN_ID, "inbound")),
    "watching a profile": lambda x: x.watch(Watch("profile.update.bio", FIRST_ID)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_calls_without_fields_are_as_described(spec: dict[str, Any], name: str) -> None:
    recorder = Recorder("post")
    OTHERS[name](client_on(recorder))
    assert recorder.sent
    assert all(faults_of(spec, sent) == set() for sent in recorder.sent)


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_as_described(spec: dict[str, Any], action: ActionKind) -> None:
    recorder = Recorder("post")
    client_on(recorder).perform(action, FIRST_ID, ACTIONS[action])
    assert len(recorder.sent) == (action not in (ActionKind.REMOVE_FOLLOWER, ActionKind.REPORT))
    assert all(faults_of(spec, sent) == set() for sent in recorder.sent)


def test_a_request_that_is_not_as_described_is_found(spec: dict[str, Any]) -> None:
    bad = requests.Request(
        "GET", f"{IN_PROCESS_URL}/2/users/1/followers", params={"max_results": "1001", "size": "1", "user.fields": "x"}
    ).prepare()
    assert faults_of(spec, bad) == {"1001", "size", "x"}
