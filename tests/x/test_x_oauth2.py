"""Signing in with OAuth 2: the page, the exchange, the rotation of tokens, what X's refusals mean."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x import callback, tokens
from followertui.x.client import TweepyClient
from followertui.x.keychain import Keychain
from followertui.x.oauth2 import App, Attempt, Hitch, SignInRefused, TokenClient, Tokens
from followertui.x.platform import Platform
from followertui.x.protocol import OutcomeType, XFailed
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import OWN_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxState
from followertui.x.settings import XSettings

REDIRECT = callback.address(8765)
READ = Platform.load().scopes_of()


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keychain, "_in_keyring", lambda *_: None)


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    path = tmp_path / "clock"
    path.write_text("2026-11-24T12:00:00+00:00")
    return FileClock(path)


@pytest.fixture
def state() -> SandboxState:
    return made_state(100)


@pytest.fixture
def app(state: SandboxState, clock: FileClock) -> Iterator[App]:
    with serve(state, 0, clock) as server:
        yield App("sandbox-client", "", server.address)


def agree(attempt: Attempt) -> dict[str, str]:
    """What the browser is sent back with, after a person agreed on X's page."""
    answer = requests.get(attempt.url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return callback.params_of(answer.headers["Location"])


def signed_in(app: App, clock: FileClock, scopes: tuple[str, ...] = READ) -> Tokens:
    attempt = Attempt(app, REDIRECT, scopes)
    return TokenClient(app).exchange(attempt, attempt.code_of(agree(attempt)), clock.now())


def kept(folder: Path, found: Tokens, app: App) -> Keychain:
    keychain = Keychain(folder / "x-keys", "s")
    keychain.save(tokens.as_keys(found, app.client_id, app.client_secret, str(OWN_ID)))
    return keychain


def client_of(keychain: Keychain, app: App, clock: FileClock) -> TweepyClient:
    keeper = tokens.TokenKeeper(keychain, TokenClient(app), clock)
    return TweepyClient(XSettings(app.base_url).with_keys(keychain.load()), clock, tokens=keeper)


def test_the_page_is_that_of_x_and_asks_for_no_more_than_reading() -> None:
    attempt = Attempt(App("id-1", "", Platform.load().api_url), REDIRECT, READ)
    parts = urlsplit(attempt.url)
    asked = {name: value[0] for name, value in parse_qs(parts.query).items()}
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "x.com", "/i/oauth2/authorize")
    assert asked["scope"].split() == ["tweet.read", "users.read", "offline.access", "follows.read"]
    assert (asked["client_id"], asked["redirect_uri"], asked["code_challenge_method"]) == ("id-1", REDIRECT, "S256")
    assert len(asked["state"]) >= 32
    assert len(asked["code_challenge"]) == 43
    assert Attempt(attempt.app, REDIRECT, READ).url != attempt.url, "state and challenge are drawn each time"


@pytest.mark.parametrize(("action", "scope"), [(ActionKind.MUTE, "mute.write"), (ActionKind.UNFOLLOW, "follows.write")])
def test_an_action_adds_its_scope_alone(action: ActionKind, scope: str) -> None:
    assert Platform.load().scopes_of([action]) == (*READ, scope)


@pytest.mark.parametrize("secret", ["", "sandbox secret/+"])
def test_a_code_brings_tokens_that_read(app: App, state: SandboxState, clock: FileClock, secret: str) -> None:
    state.grants.client_secret = secret
    app = App(app.client_id, secret, app.base_url)
    found = signed_in(app, clock)
    assert found.scopes == READ
    assert found.expires_at == int(clock.now().timestamp()) + 7200
    assert "sandbox-access" not in repr(found)
    assert secret == "" or secret not in repr(app)
    x_client = TweepyClient(XSettings(app.base_url, bearer=found.access_token), clock)
    assert x_client.me().x_id == OWN_ID


def test_a_token_is_good_for_what_was_asked_and_no_more(app: App, clock: FileClock, tmp_path: Path) -> None:
    reads = client_of(kept(tmp_path, signed_in(app, clock), app), app, clock)
    assert reads.followers(OWN_ID).records
    assert reads.perform(ActionKind.MUTE, 5).status == 403
    wider = signed_in(app, clock, Platform.load().scopes_of([ActionKind.MUTE]))
    assert client_of(kept(tmp_path, wider, app), app, clock).perform(ActionKind.MUTE, 1_000_000_000_000).ok


@pytest.mark.parametrize(
    ("client_id", "secret", "waits", "hitch"),
    [
        ("sandbox-client", "", 31, Hitch.EXPIRED),
        ("sandbox-client", "wanted", 0, Hitch.CLIENT),
        ("another", "", 0, Hitch.CLIENT),
    ],
)
def test_what_stands_in_the_way_is_told_apart(
    app: App,
    state: SandboxState,
    clock: FileClock,
    client_id: str,
    secret: str,
    waits: int,
    hitch: Hitch,
) -> None:
    attempt = Attempt(app, REDIRECT, READ)
    params = agree(attempt)
    state.grants.client_secret = secret
    clock.advance(timedelta(seconds=waits))
    with pytest.raises(SignInRefused) as caught:
        TokenClient(App(client_id, "", app.base_url)).exchange(attempt, attempt.code_of(params), clock.now())
    assert caught.value.hitch is hitch


def test_another_callback_than_the_registered_one_is_named(app: App, clock: FileClock) -> None:
    attempt = Attempt(app, REDIRECT, READ)
    code = attempt.code_of(agree(attempt))
    attempt.redirect_uri = callback.address(9999)
    with pytest.raises(SignInRefused) as caught:
        TokenClient(app).exchange(attempt, code, clock.now())
    assert caught.value.hitch is Hitch.CALLBACK
    assert "http://127.0.0.1:9999/callback" in str(caught.value)


def test_an_answer_to_another_attempt_and_a_no_are_refused(app: App) -> None:
    attempt, other = Attempt(app, REDIRECT, READ), Attempt(app, REDIRECT, READ)
    params = agree(attempt)
    with pytest.raises(SignInRefused) as caught:
        other.code_of(params)
    assert caught.value.hitch is Hitch.OTHER
    with pytest.raises(SignInRefused) as caught:
        attempt.code_of({"state": params["state"], "error": "access_denied"})
    assert caught.value.hitch is Hitch.DENIED


def test_a_token_that_ends_is_renewed_and_kept_before_it_is_used(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path
) -> None:
    keychain = kept(tmp_path, signed_in(app, clock), app)
    first = keychain.load()
    x_client = client_of(keychain, app, clock)
    clock.advance(timedelta(hours=3))
    assert x_client.followers(OWN_ID).records
    second = keychain.load()
    assert state.grants.refreshed == 1
    assert (second["bearer"], second["refresh_token"]) != (first["bearer"], first["refresh_token"])
    assert second["account_id"] == str(OWN_ID)
    assert tokens.expires_at(second) == int(clock.now().timestamp()) + 7200


def test_a_token_x_ended_early_is_renewed_once_and_the_call_sent_again(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path
) -> None:
    keychain = kept(tmp_path, signed_in(app, clock), app)
    x_client = client_of(keychain, app, clock)
    state.grants.access.clear()
    assert x_client.followers(OWN_ID).records
    assert state.grants.refreshed == 1
    state.faults = [Fault("status", "/2/users/*", status=401)]
    with pytest.raises(XFailed) as caught:
        x_client.followers(OWN_ID)
    assert caught.value.outcome.type is OutcomeType.AUTH
    assert state.grants.refreshed == 2, "once, not until it works"
    assert keychain.load()["refresh_token"] in state.grants.refresh, "an outage ends no sign-in"


def test_many_clients_at_once_spend_one_refresh_token(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path
) -> None:
    keychain = kept(tmp_path, signed_in(app, clock), app)
    clients = [client_of(Keychain(tmp_path / "x-keys", "s"), app, clock) for _ in range(6)]
    clock.advance(timedelta(hours=3))
    read: list[int] = []
    threads = [
        threading.Thread(target=lambda c=each: read.append(len(c.followers(OWN_ID).records))) for each in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(read) == 6
    assert state.grants.refreshed == 1
    assert keychain.load()["refresh_token"] in state.grants.refresh


@pytest.mark.parametrize("do", ["reset", "html", "empty"])
def test_x_out_of_reach_does_not_end_a_sign_in(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path, do: str
) -> None:
    keychain = kept(tmp_path, signed_in(app, clock), app)
    before = keychain.load()
    clock.advance(timedelta(hours=3))
    state.faults = [Fault(do, "/2/oauth2/token", status=503)]
    with pytest.raises(XFailed) as caught:
        client_of(keychain, app, clock).followers(OWN_ID)
    assert caught.value.outcome.may_retry
    assert keychain.load() == before
    state.faults = []
    assert client_of(keychain, app, clock).followers(OWN_ID).records


def test_a_spent_refresh_token_says_to_sign_in_again(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path
) -> None:
    keychain = kept(tmp_path, signed_in(app, clock), app)
    state.grants.refresh.clear()
    clock.advance(timedelta(hours=3))
    with pytest.raises(XFailed) as caught:
        client_of(keychain, app, clock).followers(OWN_ID)
    assert caught.value.outcome.type is OutcomeType.AUTH
    assert "followertui auth login" in str(caught.value)


def test_the_callback_takes_its_own_answer_once_and_no_other(app: App) -> None:
    attempt = Attempt(app, REDIRECT, READ)
    params = agree(attempt)
    with callback.listening(attempt, free_port()) as listener:
        address = f"http://127.0.0.1:{listener.port}"
        assert requests.get(f"{address}/", timeout=5).status_code == 404
        assert requests.get(f"{address}/callback", params={"state": "x", "code": "evil"}, timeout=5).status_code == 400
        strange = requests.get(f"{address}/callback", params=params, headers={"Host": "evil.example"}, timeout=5)
        assert strange.status_code == 404
        assert listener.params is None
        done = requests.get(f"{address}/callback", params=params, timeout=5)
        assert (done.status_code, done.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert params["code"] not in done.text
        requests.get(f"{address}/callback", params={**params, "code": "second"}, timeout=5)
        assert listener.params == params
        with pytest.raises(BadInput, match="is taken"), callback.listening(attempt, listener.port):
            pass


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_no_secret_in_logs_or_errors(
    app: App, state: SandboxState, clock: FileClock, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    state.grants.prefix, state.grants.client_secret = "hush", "hush-secret"
    app = App(app.client_id, "hush-secret", app.base_url)
    keychain = kept(tmp_path, signed_in(app, clock), app)
    said = []
    for do in ("reset", "html", "empty", "cut", "status"):
        clock.advance(timedelta(hours=3))
        echo = {"error": "invalid_request", "error_description": "hush-secret hush-refresh"}
        state.faults = [Fault(do, "/2/oauth2/token", status=400, body=echo)]
        with pytest.raises(XFailed) as caught:
            client_of(keychain, app, clock).followers(OWN_ID)
        said.append(f"{caught.value!r} {caught.value.outcome!r}")
        assert caught.value.__context__ is None
        state.faults = []
        keychain = kept(tmp_path, signed_in(app, clock), app)
    shown = " ".join(said) + caplog.text + "".join(capfd.readouterr())
    assert "hush" not in shown.replace(str(tmp_path), "")


def test_a_keyring_that_keeps_nothing_is_not_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Keychain, "_in_keyring", lambda _, call, *__: True if call == "set_password" else None)
    keychain = Keychain(tmp_path / "x-keys", "s")
    assert keychain.save({"bearer": "b"}) == "file"
    assert keychain.load() == {"bearer": "b"}
