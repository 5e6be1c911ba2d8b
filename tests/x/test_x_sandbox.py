from __future__ import annotations

import json
import os
import socket
from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from followertui.domain.clock import FileClock, FixedClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x.client import TweepyClient
from followertui.x.platform import Access
from followertui.x.protocol import OutcomeType, XFailed
from followertui.x.sandbox.answering import Answer, answer
from followertui.x.sandbox.faults import Fault, read_faults
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, MadeAccounts, made_state, opened_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for
from followertui.x.settings import XSettings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWN = f"/2/users/{OWN_ID}"


def ask(
    state: SandboxState, method: str, path: str, params: dict[str, str] | None = None, body: Any = None
) -> tuple[int, Any]:
    given = raw(state, method, path, params, body)
    return given.status, json.loads(given.body)


def raw(
    state: SandboxState,
    method: str,
    path: str,
    params: dict[str, str] | None = None,
    body: Any = None,
    now: datetime = NOW,
) -> Answer:
    headers = {"authorization": f"Bearer {state.keys.bearer}", "host": "127.0.0.1"}
    return answer(state, method, path, params or {}, headers, json.dumps(body).encode() if body else b"", now)


def test_own_readings_are_charged_once_a_day() -> None:
    state = made_state(100)
    for _ in range(2):
        ask(state, "GET", f"{OWN}/followers", {"max_results": "50"})
    assert state.ledger.mills == {"followers": 50}
    ask(state, "GET", f"{OWN}/followers", {"max_results": "60"})
    assert state.ledger.spent_usd == 0.06
    raw(state, "GET", f"{OWN}/followers", {"max_results": "60"}, now=NOW + timedelta(days=1))
    assert state.ledger.spent_usd == 0.12


def test_readings_of_an_app_that_is_not_ours_cost_ten_times() -> None:
    state = made_state(100)
    state.owns_app = False
    ask(state, "GET", f"{OWN}/followers", {"max_results": "10"})
    assert state.ledger.spent_usd == 0.1


def test_only_what_brings_data_is_charged() -> None:
    state = made_state(10)
    ask(state, "POST", f"{OWN}/following", body={"target_user_id": str(FIRST_ID)})
    ask(state, "GET", "/2/users", {"ids": "5"})
    assert state.ledger.spent_usd == 0
    ask(state, "POST", f"{OWN}/muting", body={"target_user_id": str(FIRST_ID)})
    ask(state, "DELETE", f"{OWN}/muting/{FIRST_ID}")
    assert state.ledger.units == {"mute": 1, "unmute": 1}
    assert state.ledger.mills == {"mute": 10, "unmute": 5}


def test_money_runs_out_and_everything_paid_stops() -> None:
    state = made_state(100, credit_usd=0.03)
    client = client_for(Sandbox(state, FixedClock(NOW)))
    assert len(client.followers(OWN_ID, size=50).records) == 50
    with pytest.raises(XFailed) as caught:
        client.followers(OWN_ID, size=10)
    assert caught.value.outcome.type is OutcomeType.CREDITS
    assert client.perform(ActionKind.MUTE, FIRST_ID).type is OutcomeType.CREDITS
    status, body = ask(state, "GET", "/2/usage/credits")
    assert (status, body["data"]["total_balance"]) == (200, -0.02)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{OWN}/following", {"target_user_id": str(FIRST_ID)}),
        ("DELETE", f"{OWN}/following/{FIRST_ID}", None),
        ("POST", f"{OWN}/likes", {"tweet_id": "17"}),
        ("POST", f"{OWN}/blocking", {"target_user_id": str(FIRST_ID)}),
    ],
)
def test_pay_per_use_is_refused_with_x_own_body(method: str, path: str, body: Any) -> None:
    assert ask(made_state(10), method, path, body=body) == (
        403,
        {
            "detail": "You are not permitted to perform this action.",
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
        },
    )
    assert ask(made_state(10, Access.ENTERPRISE), method, path, body=body)[0] == 200


def test_following_again_and_unfollowing_nobody_change_nothing() -> None:
    state = made_state(10, Access.ENTERPRISE)
    before = list(state.following)
    ask(state, "POST", f"{OWN}/following", body={"target_user_id": str(FIRST_ID)})
    assert ask(state, "DELETE", f"{OWN}/following/{FIRST_ID + 2}") == (200, {"data": {"following": False}})
    assert list(state.following) == before


def test_the_profile_counts_what_is_so() -> None:
    state = made_state(10, Access.ENTERPRISE)
    ask(state, "DELETE", f"{OWN}/following/{FIRST_ID}")
    _, body = ask(state, "GET", "/2/users/me", {"user.fields": "public_metrics"})
    assert body["data"]["public_metrics"]["following_count"] == len(state.following)
    assert body["data"]["public_metrics"]["followers_count"] == len(state.followers)


def test_suspended_accounts_leave_the_lists() -> None:
    state = made_state(10)
    state.suspended.add(state.followers[0])
    _, body = ask(state, "GET", f"{OWN}/followers")
    assert body["meta"]["result_count"] == len(state.followers) - 1
    assert str(state.followers[0]) not in [user["id"] for user in body["data"]]


@pytest.mark.parametrize(
    ("method", "path", "params", "body", "status"),
    [
        ("GET", f"{OWN}/followers", {"max_results": "1001"}, None, 400),
        ("GET", f"{OWN}/followers", {"max_results": "x"}, None, 400),
        ("GET", f"{OWN}/followers", {"pagination_token": "x"}, None, 400),
        ("GET", f"{OWN}/followers", {"user.fields": "shoe_size"}, None, 400),
        ("GET", f"{OWN}/followers", {"user.fields": "most_recent_post_id"}, None, 400),
        ("GET", "/2/users", {"ids": ",".join(["1"] * 101)}, None, 400),
        ("GET", "/2/users", {}, None, 400),
        ("POST", f"{OWN}/muting", {}, None, 400),
        ("POST", f"{OWN}/muting", {}, {"target_user_id": 5}, 400),
        ("POST", "/2/lists", {}, {"name": ""}, 400),
        ("GET", "/2/lists/5/members", {}, None, 404),
        ("GET", "/2/users/5/followers", {}, None, 403),
        ("GET", "/2/elsewhere", {}, None, 404),
        ("PUT", OWN, {}, None, 404),
    ],
)
def test_what_x_would_refuse_is_refused(method: str, path: str, params: dict[str, str], body: Any, status: int) -> None:
    assert ask(made_state(10), method, path, params, body)[0] == status


def test_without_keys_nothing_is_answered() -> None:
    state = made_state(10)
    for authorization in ("", "Bearer wrong", "Basic abc", 'OAuth oauth_consumer_key="sandbox-consumer-key"'):
        given = answer(state, "GET", "/2/users/me", {}, {"Authorization": authorization}, b"", NOW)
        assert given.status == 401


def test_lists_are_made_filled_and_read() -> None:
    state = made_state(10)
    _, made = ask(state, "POST", "/2/lists", body={"name": "press"})
    path = f"/2/lists/{made['data']['id']}/members"
    ask(state, "POST", path, body={"user_id": str(FIRST_ID)})
    _, members = ask(state, "GET", path)
    _, lists = ask(state, "GET", f"{OWN}/owned_lists")
    assert [user["id"] for user in members["data"]] == [str(FIRST_ID)]
    assert [(each["name"], each["member_count"]) for each in lists["data"]] == [("press", 1)]


def test_the_truth_is_told_and_time_moves() -> None:
    state = made_state(10, Access.ENTERPRISE)
    ask(state, "DELETE", f"{OWN}/following/{FIRST_ID}")
    assert ask(state, "POST", "/sandbox/advance", body={"seconds": 3600}) == (200, {"now": "2026-11-22T13:00:00Z"})
    status, told = ask(state, "GET", "/sandbox/state")
    assert status == 200
    assert told["following"] == [str(x_id) for x_id in state.following]
    assert told["now"] == "2026-11-22T13:00:00Z"
    assert [(call["method"], call["status"]) for call in told["calls"]] == [("DELETE", 200)]
    assert ask(state, "GET", "/sandbox/state", {"brief": "1"})[1]["followers"] == len(state.followers)
    assert ask(state, "GET", "/sandbox/elsewhere")[0] == 404


@pytest.mark.parametrize("seconds", [-1, "5", True, None, 1e12])
def test_time_moves_on_only(seconds: Any) -> None:
    state = made_state(10)
    assert ask(state, "POST", "/sandbox/advance", body={"seconds": seconds})[0] == 400
    assert state.skew_seconds == 0


def test_a_shared_clock_is_moved_itself(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.path.write_text(NOW.isoformat())
    sandbox = Sandbox(made_state(10), clock)
    sandbox.ask("POST", "/sandbox/advance", {}, b'{"seconds": 60}')
    assert clock.now() == NOW + timedelta(seconds=60)
    assert sandbox.state.skew_seconds == 0


def test_the_state_survives_a_file(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    state = opened_state(file, 50, Access.ENTERPRISE, seed=3)
    state.lists[7] = ListState(7, "press", {FIRST_ID: None})
    state.suspended.add(FIRST_ID + 9)
    with serve(state, 0, FixedClock(NOW), file) as server:
        client = TweepyClient(XSettings.from_env(state.keys.environ(OWN_ID, server.address)), FixedClock(NOW))
        assert client.perform(ActionKind.UNFOLLOW, FIRST_ID).ok
        assert json.loads(file.read_text())["following"] == [str(x) for x in state.following]
        client.close()
    again = opened_state(file, 9, Access.ENTERPRISE)
    assert again.to_json() == state.to_json()
    assert again.profile(FIRST_ID + 40) == MadeAccounts(50, 3).profile(FIRST_ID + 40)
    assert again.id_of_name("made_40") == FIRST_ID + 40
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["x.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"recipe": {"accounts": 1, "seed": 0}}'])
def test_a_file_that_is_no_state_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text)
    with pytest.raises(BadInput) as caught:
        opened_state(file, 5)
    assert "\n" not in str(caught.value)


def test_faults_come_from_a_file_and_strike_the_call_they_name(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(
        json.dumps(
            [
                {"do": "status", "status": 500, "path": "/2/users/*/followers", "calls": [2]},
                {"do": "html", "method": "delete", "calls": 1},
            ]
        )
    )
    state = made_state(10, Access.ENTERPRISE)
    state.faults = read_faults(file)
    statuses = [raw(state, "GET", f"{OWN}/followers").status for _ in range(3)]
    deletions = [raw(state, "DELETE", f"{OWN}/following/{FIRST_ID}") for _ in range(2)]
    assert statuses == [200, 500, 200]
    assert [given.status for given in deletions] == [503, 200]
    assert deletions[0].body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("text", ["", "{}", "[5]", '[{"do": "explode"}]', '[{"do": "status", "status": "x"}]'])
def test_a_broken_fault_file_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "faults.json"
    file.write_text(text)
    if text == "{}":
        assert read_faults(file) == []
        return
    with pytest.raises(BadInput) as caught:
        read_faults(file)
    assert "\n" not in str(caught.value)


def test_a_missing_fault_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_faults(tmp_path / "none.json")


def test_a_foreign_host_name_does_not_reach_the_server() -> None:
    with serve(made_state(10), 0, FixedClock(NOW)) as server:
        evil = requests.get(f"{server.address}/sandbox/state", headers={"Host": "evil.example"}, timeout=5)
        good = requests.get(f"{server.address}/sandbox/state?brief=1", timeout=5)
    assert evil.status_code == 421
    assert good.json()["own_id"] == str(OWN_ID)


def test_a_taken_port_is_one_line() -> None:
    with serve(made_state(1), 0, FixedClock(NOW)) as server:
        port = int(server.address.rpartition(":")[2])
        with pytest.raises(BadInput, match="--port"):
            serve(made_state(1), port, FixedClock(NOW))
    with pytest.raises(BadInput):
        serve(made_state(1), 99_999, FixedClock(NOW))


def test_the_server_answers_on_after_a_broken_line() -> None:
    state = made_state(10)
    state.faults = [Fault("reset", calls=(1,))]
    with serve(state, 0, FixedClock(NOW)) as server:
        client = TweepyClient(XSettings.from_env(state.keys.environ(OWN_ID, server.address)), FixedClock(NOW))
        assert client.perform(ActionKind.MUTE, FIRST_ID).type is OutcomeType.NETWORK
        assert client.perform(ActionKind.MUTE, FIRST_ID).ok
        client.close()


def test_the_week_that_passed_is_a_new_followers_array() -> None:
    state = made_state(10)
    left = state.followers[-1]
    assert (state.follows_us(FIRST_ID), state.follows_us(left)) == (False, True)
    state.followers = array("q", [FIRST_ID, *state.followers[:-1]])
    assert (state.follows_us(FIRST_ID), state.follows_us(left)) == (True, False)


def test_the_same_seed_makes_the_same_audience() -> None:
    one, two, other = MadeAccounts(500, 1), MadeAccounts(500, 1), MadeAccounts(500, 2)
    ids = range(FIRST_ID, FIRST_ID + 500)
    assert [one.profile(x) for x in ids] == [two.profile(x) for x in ids]
    assert [one.profile(x) for x in ids] != [other.profile(x) for x in ids]
    assert one.profile(FIRST_ID + 500) is None
    assert one.named("made_500") is None


@pytest.mark.parametrize(
    "request_text",
    [
        "POST /sandbox/advance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        "POST /sandbox/advance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999\r\n\r\n",
        "GET http://elsewhere/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused_in_silence(request_text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(made_state(1), 0, FixedClock(NOW)) as server:
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(request_text.encode())
            answered = line.recv(100)
    assert answered.startswith(b"HTTP/1.1 400")
    assert capfd.readouterr().err == ""
