"""The loopback address X sends the browser back to: one answer, then closed.

Owns the socket and the page the person sees. It answers to this machine only, takes the answer to
its own attempt only, and never shows or logs what it was sent.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from followertui.domain.errors import BadInput
from followertui.x.settings import is_loopback

if TYPE_CHECKING:
    from followertui.x.oauth2 import Attempt

HOST = "127.0.0.1"
PATH = "/callback"
PORT = 8765
"""Where the answer is waited for unless another port is named; registered with the app."""

_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>followertui</title></head>'
    '<body style="font:1.1em sans-serif;margin:4em"><p>{}</p></body></html>'
)
_DONE = "That is all. Close this page and go back to the terminal."
_OTHER = "This is not the answer followertui waits for. Start the sign-in again in the terminal."


def address(port: int) -> str:
    """The callback address of a port, as it is registered with the app."""
    return f"http://{HOST}:{port}{PATH}"


def params_of(url: str) -> dict[str, str]:
    """The parameters of an address the browser was sent to; its last value where one is repeated."""
    try:
        return dict(parse_qsl(urlsplit(url.strip()).query, keep_blank_values=True))
    except ValueError:
        return {}


class Listener:
    """Waits for the browser; made by ``listening``."""

    def __init__(self, attempt: Attempt, port: int) -> None:
        self.attempt = attempt
        self.port = port
        self._lock = threading.Lock()
        self._params: dict[str, str] | None = None
        self._has_come = threading.Event()

    @property
    def params(self) -> dict[str, str] | None:
        """What X's answer says, None before it came."""
        return self._params if self._has_come.is_set() else None

    def take(self, params: Mapping[str, str]) -> bool:
        """Take the first answer to the attempt; whether it was one."""
        if not self.attempt.is_answered_by(params):
            return False
        with self._lock:
            if self._params is None:
                self._params = dict(params)
        self._has_come.set()
        return True


@contextlib.contextmanager
def listening(attempt: Attempt, port: int) -> Iterator[Listener]:
    """Open the loopback address for the length of a ``with``.

    Args:
        attempt: whose answer is taken.
        port: TCP port.

    Raises:
        BadInput: the port is taken.
    """
    listener = Listener(attempt, port)
    try:
        http = _Server((HOST, port), listener)
    except (OSError, OverflowError):
        raise BadInput(
            f"port {port} on {HOST} is taken; choose another with --port and register {address(port + 1)} "
            "or the like in console.x.com"
        ) from None
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), name="sign-in callback", daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A second sign-in within a minute finds the port still closing; on Windows reuse would let a
    # second program listen beside this one.
    allow_reuse_address = os.name == "posix"
    block_on_close = False

    def __init__(self, place: tuple[str, int], listener: Listener) -> None:
        super().__init__(place, _Handler)
        self.listener = listener

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that hangs up: the terminal belongs to the program."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        """Take an answer, and tell the person to go back."""
        if not is_loopback(f"//{self.headers.get('Host', '')}") or urlsplit(self.path).path != PATH:
            self.send_error(404)
            return
        is_taken = self.server.listener.take(params_of(self.path))
        page = _PAGE.format(_DONE if is_taken else _OTHER).encode()
        self.send_response(200 if is_taken else 400)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        # The address holds the code: no page opened from here may learn it.
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the address holds the code."""
