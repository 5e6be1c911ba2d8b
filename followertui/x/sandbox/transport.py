"""The sandbox without a socket: a requests adapter mounted into tweepy's session.

Owns the sandbox as one object shared by two transports (state, clock, lock, state file), the
in-process transport and the client on top of it. The other transport is ``server``. Imports
requests.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
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
from followertui.x.sandbox.answering import Answer, answer
from followertui.x.sandbox.faults import Dropped, TimedOut
from followertui.x.sandbox.state import SandboxState
from followertui.x.settings import XSettings

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
                return given
            finally:
                if method != "GET":
                    self.save()

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
            given = self.sandbox.ask(
                request.method or "GET", target, headers, body.encode() if isinstance(body, str) else bytes(body)
            )
        except TimedOut:
            raise requests.ReadTimeout("the sandbox does not answer", request=request) from None
        except Dropped:
            raise requests.ConnectionError("the sandbox closed the connection", request=request) from None
        response = requests.Response()
        response.status_code = given.status
        response.headers = CaseInsensitiveDict(given.headers)
        response.raw = BytesIO(given.body)
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Do nothing: there is no connection."""


def client_for(sandbox: Sandbox) -> TweepyClient:
    """A signed-in client of a sandbox in this process, without a socket, on the sandbox's clock."""
    state = sandbox.state
    settings = XSettings.from_env(state.keys.environ(state.own_id, IN_PROCESS_URL))
    return TweepyClient(settings, sandbox.clock, adapter=SandboxAdapter(sandbox))


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
