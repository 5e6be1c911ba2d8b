"""The sandbox without a socket: a requests adapter mounted into tweepy's session.

Owns the sandbox as one object shared by two transports (state, clock, lock, state file), the
in-process transport and the client on top of it. The other transport is ``server``. Imports
requests.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from followertui import private_files
from followertui.domain.clock import Clock
from followertui.x.client import TweepyClient
from followertui.x.sandbox.answering import STREAM_PATH, Answer, answer, stream_refusal
from followertui.x.sandbox.faults import Dropped, TimedOut
from followertui.x.sandbox.meters import charge_event
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.watches import Reading
from followertui.x.settings import XSettings

KEEPALIVE_SECONDS = 20.0
"""So often X sends an empty line where nothing happens."""

IN_PROCESS_URL = "http://127.0.0.1:9"
"""Address of the in-process sandbox; nothing listens there."""


class Sandbox:
    """One sandbox X, shared by transports and threads.

    Args:
        state: the state of the sandbox.
        clock: the time; ``POST /sandbox/advance`` moves one that can be set, so that app and
            sandbox agree.
        state_file: file the state is written to after every change, or None.
    """

    def __init__(self, state: SandboxState, clock: Clock, state_file: Path | None = None) -> None:
        self.state = state
        self.clock = clock
        self.state_file = state_file
        self._lock = threading.Lock()
        self._woken = threading.Condition(self._lock)
        self.keepalive_seconds = KEEPALIVE_SECONDS

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request.

        Args:
            method: GET, POST or DELETE.
            target: path and query.
            headers: any case, with ``Host``.
            body: JSON or empty.

        Raises:
            Dropped: a scripted fault breaks the connection.
        """
        parts = urlsplit(target)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        with self._lock:
            try:
                given = answer(self.state, method, parts.path, params, headers, body, self.clock.now())
                self._move_clock()
                self._woken.notify_all()
                return given
            finally:
                if method != "GET":
                    self.save()

    def stream(self, target: str, headers: Mapping[str, str]) -> Answer | Iterator[bytes]:
        """Open the activity stream: its lines as they come, or why it is not opened.

        Args:
            target: path and query.
            headers: any case.

        Raises:
            Dropped: a scripted fault breaks the connection.
        """
        params = dict(parse_qsl(urlsplit(target).query))
        with self._lock:
            at = int(self.clock.now().timestamp() + self.state.skew_seconds)
            refusal = stream_refusal(self.state, headers, at)
            if refusal is not None:
                return refusal
            backfill = params.get("backfill_minutes", "0")
            reading = self.state.watches.open(at - 60 * int(backfill) if backfill.isdigit() else at)
        return self._lines(reading)

    def _lines(self, reading: Reading) -> Iterator[bytes]:
        """Every event told since, and an empty line where nothing happens."""
        while True:
            with self._woken:
                if reading.connection != self.state.watches.connection:
                    return
                events = self.state.watches.next(reading)
                at = int(self.clock.now().timestamp() + self.state.skew_seconds)
                for event in events:
                    charge_event(self.state, event["event_uuid"], at)
                if not events:
                    self._woken.wait(self.keepalive_seconds)
            if events:
                yield b"".join(json.dumps({"data": event}).encode() + b"\r\n" for event in events)
            else:
                yield b"\r\n"

    def save(self) -> None:
        """Write the state file atomically; nothing without one."""
        if self.state_file is None:
            return
        private_files.replace(self.state_file, json.dumps(self.state.to_json()).encode(), is_synced=True)

    def _move_clock(self) -> None:
        advance = getattr(self.clock, "advance", None)
        if advance is not None and self.state.skew_seconds:
            advance(timedelta(seconds=self.state.skew_seconds))
            self.state.skew_seconds = 0.0


class SandboxAdapter(BaseAdapter):
    """A requests adapter that sends to a sandbox in this process.

    Args:
        sandbox: answers the requests.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self.sandbox = sandbox

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Answer a prepared request.

        Raises:
            requests.ConnectionError: a scripted fault breaks the connection.
            requests.ReadTimeout: a scripted fault never answers.
        """
        url = urlsplit(request.url or "")
        headers = {"Host": url.netloc, **{str(k): _text(v) for k, v in request.headers.items()}}
        body = request.body or b""
        target = f"{url.path}?{url.query}" if url.query else url.path
        try:
            if url.path == STREAM_PATH:
                opened = self.sandbox.stream(target, headers)
                return (
                    _answered(request, 200, {}, _Body(opened))
                    if not isinstance(opened, Answer)
                    else _whole(request, opened)
                )
            given = self.sandbox.ask(
                request.method or "GET", target, headers, body.encode() if isinstance(body, str) else bytes(body)
            )
        except TimedOut:
            raise requests.ReadTimeout("the sandbox does not answer", request=request) from None
        except Dropped:
            raise requests.ConnectionError("the sandbox closed the connection", request=request) from None
        return _whole(request, given)

    def close(self) -> None:
        """Do nothing: there is no connection."""


def client_for(sandbox: Sandbox) -> TweepyClient:
    """A signed-in client of a sandbox in this process, without a socket, on the sandbox's clock."""
    state = sandbox.state
    settings = XSettings.from_env(state.keys.environ(state.own_id, IN_PROCESS_URL))
    return TweepyClient(settings, sandbox.clock, adapter=SandboxAdapter(sandbox))


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Body:
    """The lines of a stream as the file requests reads an answer from."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = b""

    def read(self, size: int = -1, **_: Any) -> bytes:
        """The next bytes, "" at the end."""
        if not self._rest:
            self._rest = next(self._lines, b"")
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    def close(self) -> None:
        """Read no more."""
        self._lines = iter(())


def _whole(request: requests.PreparedRequest, given: Answer) -> requests.Response:
    return _answered(request, given.status, given.headers, BytesIO(given.body))


def _answered(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], raw: Any
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response.raw = raw
    response.encoding = "utf-8"
    response.url = request.url or ""
    response.request = request
    return response
