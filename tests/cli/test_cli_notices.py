"""Notices: what leaves this machine, that the address is a secret, and what a script can rely on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from command_line import FOLLOWERS, HEAD, Call, write_rows

SECRET = "json://user:hush-password@127.0.0.1"


class Fake:
    """Apprise as far as it is used: keeps what was sent, and fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.answer: bool | Exception = True
        outer = self

        class Apprise:
            def __init__(self, asset: object) -> None:
                self.known: list[str] = []

            def add(self, address: str) -> bool:
                if "://" not in address:
                    return False
                self.known.append(address)
                return True

            def __len__(self) -> int:
                return len(self.known)

            def __iter__(self) -> Iterator[object]:
                return iter([SimpleNamespace(service_name="JSON")])

            def notify(self, **said: str) -> bool:
                if isinstance(outer.answer, Exception):
                    raise outer.answer
                outer.sent.append(said)
                return outer.answer

        self.module = SimpleNamespace(Apprise=Apprise, AppriseAsset=lambda **_: None)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    made = Fake()
    monkeypatch.setitem(sys.modules, "apprise", made.module)
    monkeypatch.setitem(sys.modules, "keyring", None)
    return made


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(text))


def set_address(call: Call, monkeypatch: pytest.MonkeyPatch, *options: str, address: str = SECRET) -> Any:
    give(monkeypatch, address + "\n")
    return call("notice", "set", *options)


def somebody_left(call: Call, folder: Path) -> None:
    path = write_rows(folder / "later.csv", HEAD, FOLLOWERS[1:4])
    options = ("--relation", "follower", "--complete", "--as-of", "2025-11-27")
    assert call("import", "accounts", str(path), *options).code == 0


def test_a_notice_holds_counts_and_kinds_only(
    call: Call, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = set_address(call, monkeypatch)
    assert said.code == 0
    assert "no name, no handle, no company, no list" in said.err
    somebody_left(call, tmp_path)
    done = call("alerts", "--notify")
    assert "Globex" in done.out
    assert fake.sent == [{"title": "followertui: 1 alert", "body": "1 customer left", "body_format": "text"}]


def test_names_go_only_after_it_was_said_and_agreed(
    call: Call, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = set_address(call, monkeypatch, "--names")
    assert (refused.code, "agree with --yes" in refused.err) == (1, True)
    assert call("notice", "status", "--json").json == {"is_set": False, "with_names": None}
    agreed = set_address(call, monkeypatch, "--names", "--yes")
    assert "handle, name and company of each of them" in agreed.err
    somebody_left(call, tmp_path)
    call("alerts", "--notify")
    assert "@globex Globex GmbH follows no longer" in fake.sent[0]["body"]


def test_the_address_is_in_a_file_of_ones_own_and_nowhere_else(
    call: Call, fake: Fake, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [set_address(call, monkeypatch)]
    somebody_left(call, tmp_path)
    shown += [call("notice", "status"), call("notice", "test"), call("alerts", "--notify")]
    fake.answer = RuntimeError(f"cannot reach {SECRET}")
    failed = call("alerts", "--notify", "--unseen", "--move-on")
    shown += [failed, call("notice", "test"), call("doctor", "--log"), call("doctor")]
    assert (failed.code, "the notice did not go out" in failed.err, "Globex" in failed.out) == (1, True, True)
    assert "hush" not in str(shown)
    holding = [path for path in tmp_path.rglob("*") if path.is_file() and b"hush" in path.read_bytes()]
    assert [(path.parent.name, path.stat().st_mode & 0o777) for path in holding] == [("notice", 0o600)]
    assert call("alerts", "--unseen").code == 0, "what was not sent is not moved past"
    assert call("notice", "forget").code == 0
    assert not holding[0].exists()
    assert call("notice", "forget").code == 4


def test_what_cannot_be_used_is_one_line(call: Call, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("", "hush no address", "\n"):
        refused = set_address(call, monkeypatch, address=address)
        assert (refused.code, "that is no address" in refused.err.splitlines()[-1]) == (1, True)
        assert "hush" not in refused.err
    unset = call("alerts", "--notify")
    assert (unset.code, "followertui notice set" in unset.err, unset.out) == (1, True, "")
    monkeypatch.setitem(sys.modules, "apprise", None)
    missing = set_address(call, monkeypatch)
    assert (missing.code, "pip install 'followertui[notice]'" in missing.err) == (1, True)


def test_nothing_to_tell_sends_nothing(call: Call, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_address(call, monkeypatch)
    somebody_left(call, tmp_path)
    assert call("alerts", "--since", "2025-11-27", "--notify").code == 4
    assert fake.sent == []


@pytest.fixture
def received() -> Iterator[tuple[int, list[bytes]]]:
    """A service on this machine, and what it was sent."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], bodies
    server.shutdown()
    thread.join()
    server.server_close()


def test_apprise_itself_sends_just_that(
    call: Call, received: tuple[int, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    pytest.importorskip("apprise", reason="comes with the extra notice")
    monkeypatch.setitem(sys.modules, "keyring", None)
    caplog.set_level("DEBUG")
    port, bodies = received
    assert set_address(call, monkeypatch, address=f"{SECRET}:{port}/").code == 0
    somebody_left(call, tmp_path)
    assert call("alerts", "--notify").code == 0
    (body,) = map(json.loads, bodies)
    assert (body["title"], body["message"]) == ("followertui: 1 alert", "1 customer left")
    assert not {"globex", "user"} & {str(value).lower() for value in body.values()}
    gone = "json://user:hush-password@127.0.0.1:9/"
    assert set_address(call, monkeypatch, address=gone).code == 0
    assert call("notice", "test").code == 1
    assert "hush" not in caplog.text
