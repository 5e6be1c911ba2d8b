"""No key of X in any text the program can show or write."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from io import BytesIO

import pytest
import requests

from followertui.domain.clock import FixedClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x.client import TweepyClient
from followertui.x.protocol import XFailed
from followertui.x.sandbox.faults import KINDS, Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.transport import IN_PROCESS_URL, Sandbox, SandboxAdapter
from followertui.x.session import XSession
from followertui.x.settings import XSettings

CLOCK = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
KEYS = {
    "FOLLOWERTUI_X_BASE_URL": IN_PROCESS_URL,
    "FOLLOWERTUI_X_CONSUMER_KEY": "hush-consumer-key",
    "FOLLOWERTUI_X_CONSUMER_SECRET": "hush-consumer-secret",
    "FOLLOWERTUI_X_ACCESS_TOKEN": "900000000001-hush-token",
    "FOLLOWERTUI_X_ACCESS_TOKEN_SECRET": "hush-token-secret",
}
BEARER = {"FOLLOWERTUI_X_BASE_URL": IN_PROCESS_URL, "FOLLOWERTUI_X_BEARER": "hush-bearer"}


class Recorder(requests.adapters.BaseAdapter):
    """Answers every request the same and keeps what was sent."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__()
        self.status, self.headers = status, headers
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *args: object, **options: object) -> requests.Response:
        self.sent.append(request)
        response = requests.Response()
        response.status_code = self.status
        response.headers.update(self.headers)
        response.raw = BytesIO()
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        pass


@pytest.mark.parametrize("environ", [KEYS, BEARER], ids=["OAuth1", "OAuth2"])
@pytest.mark.parametrize("do", [*KINDS, "nothing"])
def test_no_key_in_logs_or_errors(
    environ: dict[str, str], do: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    state = made_state(10)
    # A server that repeats what it was sent must not get it onto the screen either.
    echo = {"title": "Forbidden", "detail": "hush-bearer hush-token hush-consumer-key", "status": 403}
    state.faults = [] if do == "nothing" else [Fault(do, body=echo)]
    client = TweepyClient(XSettings.from_env(environ), CLOCK, adapter=SandboxAdapter(Sandbox(state, CLOCK)))
    with pytest.raises(XFailed) as caught:
        client.me()
    outcome = client.perform(ActionKind.MUTE, FIRST_ID)
    shown = (
        "".join(traceback.format_exception(caught.value)) + repr(outcome) + repr(client) + "".join(capfd.readouterr())
    )
    assert "hush" not in shown + caplog.text
    assert "Authorization" not in shown + caplog.text
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("environ", [KEYS, BEARER], ids=["OAuth1", "OAuth2"])
def test_settings_show_no_key(environ: dict[str, str]) -> None:
    settings = XSettings.from_env(environ)
    assert "hush" not in f"{settings!r} {settings}"
    assert all("hush" in secret for secret in settings.secrets)


def test_a_key_with_blanks_is_refused_without_being_shown() -> None:
    with pytest.raises(BadInput) as caught:
        XSettings.from_env({**BEARER, "FOLLOWERTUI_X_BEARER": "hush one\ntwo"})
    assert "hush" not in str(caught.value)


def test_a_redirect_is_not_followed_and_other_hosts_are_refused() -> None:
    session = XSession("http://127.0.0.1:9", is_local=True)
    with pytest.raises(requests.exceptions.InvalidURL):
        session.request("GET", "https://api.twitter.com.evil.example/2/users/me")
    with pytest.raises(requests.exceptions.InvalidURL):
        session.get("https://evil.example/")
    recorder = Recorder(302, {"Location": "https://evil.example/"})
    session.mount("http://", recorder)
    session.mount("https://", recorder)
    assert session.request("GET", "https://api.twitter.com/2/users/me").status_code == 302
    assert [request.url for request in recorder.sent] == ["http://127.0.0.1:9/2/users/me"]


def test_a_netrc_password_does_not_replace_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("default login someone password elsewhere\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    recorder = Recorder(204, {})
    session = XSession("https://x.example", is_local=False)
    session.mount("https://", recorder)
    session.request("GET", "https://api.twitter.com/2/users/me", headers={"Authorization": "Bearer abc"})
    assert [(r.url, r.headers["Authorization"]) for r in recorder.sent] == [
        ("https://x.example/2/users/me", "Bearer abc")
    ]


def test_nothing_heavy_is_imported_before_the_first_client() -> None:
    code = (
        "import sys, followertui.x.client, followertui.x.links, followertui.x.capabilities, followertui.x.settings;"
        "sys.exit(' '.join(n for n in ('tweepy', 'requests', 'textual', 'rich') if n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
