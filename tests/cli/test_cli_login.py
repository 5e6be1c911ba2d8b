"""Signing in through the browser from the command line: what is kept, renewed, said and ended."""

from __future__ import annotations

import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import requests
from command_line import Call, Result

from followertui.domain.clock import FileClock
from followertui.x import oauth2
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxState

CANARY = "canary"
SECRET = "canary-client-secret"


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileClock:
    path = tmp_path / "clock"
    path.write_text("2026-11-24T12:00:00+00:00")
    monkeypatch.setenv("FOLLOWERTUI_CLOCK_FILE", str(path))
    return FileClock(path)


@pytest.fixture
def state(clock: FileClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    made = made_state(300)
    made.grants.prefix = CANARY
    with serve(made, 0, clock) as server:
        monkeypatch.setenv("FOLLOWERTUI_X_BASE_URL", server.address)
        yield made


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring of who runs the tests is not touched."""
    monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture
def port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def browse(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str] = lambda url: url) -> list[str]:
    """A browser whose person agrees; returns the pages it was sent to."""
    seen: list[str] = []

    def show(url: str) -> bool:
        """Agree, and follow X back to the program."""
        seen.append(url)
        requests.get(change(url), timeout=5)
        return True

    monkeypatch.setattr(webbrowser, "open", show)
    return seen


@pytest.fixture
def login(fresh: Call, port: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    browse(monkeypatch)
    return lambda *more: fresh("auth", "login", "--client-id", "sandbox-client", "--port", port, *more)


def key_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.json") if path.parent.name == "x-keys"]


def test_login_keeps_tokens_for_their_owner_and_sync_renews_them(
    fresh: Call, state: SandboxState, clock: FileClock, port: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pages = browse(monkeypatch)
    result = fresh("auth", "login", "--client-id", "sandbox-client", "--port", port)
    assert result.code == 0, result.err
    assert "signed in as @sandbox_co: 240 followers, 120 following" in result.err
    assert len(pages) == 1
    [kept] = key_files(tmp_path)
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    status = fresh("auth", "status", "--json").json
    assert (status["kind"], status["account"], status["app"]) == ("oauth2", "sandbox_co", "client sandbox-client")
    assert status["token_until"].startswith("2026-11-24T14:00")
    assert status["scopes"] == ["tweet.read", "users.read", "offline.access", "follows.read"]
    assert status["can"]["mute"] == "no", "what the sign-in does not cover is not tried"
    assert "renews itself" in fresh("auth", "status").out
    clock.advance(timedelta(hours=5))
    assert fresh("sync", "--followers", "--yes", "--owned").code == 0
    assert state.grants.refreshed == 1
    assert fresh("costs", "--json").json["all"]["usd"] == pytest.approx(state.ledger.spent_usd)


def test_an_action_is_covered_where_it_was_asked_for(
    fresh: Call, state: SandboxState, login: Callable[..., Result]
) -> None:
    login("--for", "mute", "--for", "list-add")
    can = fresh("auth", "status", "--json").json["can"]
    assert (can["mute"], can["list-add"], can["unfollow"]) == ("yes", "yes", "no")


def test_the_address_can_be_pasted_where_the_browser_is_elsewhere(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Person(StringIO):
        """Opens the page that was made, agrees, and copies the address it ends on."""

        def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
            """The address of a browser that cannot reach this machine."""
            return requests.get(made[0], allow_redirects=False, timeout=5).headers["Location"]

    made: list[str] = []
    url = oauth2.Attempt.url
    monkeypatch.setattr(oauth2.Attempt, "url", property(lambda self: made.append(url.fget(self)) or made[-1]))
    monkeypatch.setattr(sys, "stdin", Person())
    result = fresh("auth", "login", "--client-id", "sandbox-client", "--paste")
    assert result.code == 0, result.err
    assert made[0] in result.err
    assert "signed in as @sandbox_co" in result.err


@pytest.mark.parametrize("text", ["", "http://127.0.0.1/callback", "nonsense", "http://[/?state=x", "?state=%00"])
def test_what_is_no_answer_of_x_is_refused(
    fresh: Call, state: SandboxState, port: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(text + "\n"))
    result = fresh("auth", "login", "--client-id", "sandbox-client", "--paste")
    assert result.code == 1
    assert "Traceback" not in result.err
    assert key_files(tmp_path) == []


def test_saying_no_on_the_page_keeps_nothing(
    fresh: Call, state: SandboxState, port: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def decline(url: str) -> bool:
        """Be sent back with a no."""
        given = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
        back = f"http://127.0.0.1:{port}/callback?error=access_denied&state={given['state']}"
        return requests.get(back, timeout=5).ok

    monkeypatch.setattr(webbrowser, "open", decline)
    result = fresh("auth", "login", "--client-id", "sandbox-client", "--port", port)
    assert (result.code, "declined" in result.err) == (1, True)
    assert key_files(tmp_path) == []
    assert fresh("auth", "status").out.startswith("not signed in")


def test_another_callback_ends_with_its_address_and_doctor_says_it_again(
    fresh: Call, state: SandboxState, login: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    state.grants.callbacks = ("http://127.0.0.1:1/callback",)
    monkeypatch.setattr("followertui.services.sync.logging_in.WAIT_SECONDS", 0.5)
    result = login()
    assert result.code == 1
    wanted = f"http://127.0.0.1:{port}/callback"
    assert wanted in result.err
    assert wanted in fresh("doctor").out
    state.grants.callbacks = ()
    login()
    assert wanted not in fresh("doctor").out, "it is over once X takes the keys"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"title": "Client Forbidden", "reason": "client-not-enrolled", "type": "x/client-forbidden"}, "Pay-per-use"),
        ({"title": "Forbidden", "type": "x/oauth1-permissions", "detail": "oauth1 app permissions"}, "Read and write"),
    ],
)
def test_doctor_tells_a_package_from_a_permission(
    fresh: Call, state: SandboxState, login: Callable[..., Result], body: dict[str, str], says: str
) -> None:
    login()
    state.faults = [Fault("status", "/2/users/*", status=403, body={**body, "status": 403})]
    assert fresh("sync", "--full", "--yes", "--owned").code == 1
    found = fresh("doctor")
    assert says in found.out
    assert says in fresh("auth", "status").out


def test_no_token_is_anywhere_but_in_its_own_place(
    fresh: Call, state: SandboxState, port: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: FileClock
) -> None:
    state.grants.client_secret = SECRET
    browse(monkeypatch)
    monkeypatch.setattr("followertui.services.sync.asking.TRIES", 1)
    monkeypatch.setattr(sys, "stdin", StringIO(SECRET + "\n"))
    words = ("auth", "login", "--client-id", "sandbox-client", "--with-secret", "--port", port)
    said = [fresh("--verbose", *words)]
    assert said[0].code == 0, said[0].err
    for fault in ("html", "empty", "status", "cut", "credits"):
        clock.advance(timedelta(hours=3))
        state.faults = [Fault(fault, "/2/*", calls=(2,), status=401 if fault == "status" else 503)]
        said.append(fresh("--verbose", "sync", "--full", "--yes", "--owned"))
    state.faults = []
    for more in ("sync", "--yes"), ("costs", "--json"), ("auth", "status", "--json"), ("doctor",), ("doctor", "--log"):
        said.append(fresh("--verbose", *more))
    fresh("backup", str(tmp_path / "copy.db"), "--all")
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in key_files(tmp_path)]
    texts = [result.out + result.err for result in said] + [path.read_bytes().decode("latin-1") for path in written]
    assert not [text[:200] for text in texts if CANARY in text.replace(str(tmp_path), "")]
    [kept] = key_files(tmp_path)
    assert kept.read_text().count(CANARY) == 3, "access token, refresh token and client secret are what would be found"


def test_logout_ends_the_token_at_x_too(
    fresh: Call, state: SandboxState, login: Callable[..., Result], tmp_path: Path
) -> None:
    login()
    assert state.grants.refresh
    result = fresh("auth", "logout")
    assert "X has ended the token" in result.err
    assert (state.grants.access, state.grants.refresh) == ({}, {})
    assert [path for path in tmp_path.rglob("*") if path.parent.name == "x-keys"] == []


def test_logout_without_x_still_removes_the_keys(
    fresh: Call, state: SandboxState, login: Callable[..., Result], tmp_path: Path
) -> None:
    login()
    state.faults = [Fault("reset", "/2/oauth2/revoke")]
    assert "X did not end the token" in fresh("auth", "logout").err
    assert key_files(tmp_path) == []
