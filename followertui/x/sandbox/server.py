"""The sandbox as an HTTP server on loopback, for scripts and tests.

Owns the socket. Prints nothing; the command line does.
"""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from followertui.domain.clock import Clock
from followertui.domain.errors import BadInput
from followertui.x.sandbox.answering import STREAM_PATH, Answer
from followertui.x.sandbox.faults import Dropped
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox
from followertui.x.settings import is_loopback

HOST = "127.0.0.1"

MOST_BODY_BYTES = 1_000_000

_LOG = logging.getLogger(__name__)


def serve(state: SandboxState, port: int, clock: Clock, state_file: Path | None = None) -> Server:
    """Open the sandbox on a loopback port; it answers after ``start``.

    Args:
        state: the state of the sandbox.
        port: TCP port, 0 for any free one.
        clock: the time.
        state_file: file the state is saved in, or None.

    Raises:
        BadInput: the port is taken or not allowed.
    """
    return Server(Sandbox(state, clock, state_file), port)


class Server:
    """A sandbox on a loopback port.

    Args:
        sandbox: answers the requests.
        port: TCP port, 0 for any free one.

    Raises:
        BadInput: the port is taken or not allowed.
    """

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        try:
            self._http = _Listener((HOST, port), sandbox)
        except (OSError, OverflowError):
            raise BadInput(f"Port {port} on {HOST} cannot be opened; choose another with --port") from None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Base URL, for ``FOLLOWERTUI_X_BASE_URL``."""
        return f"http://{HOST}:{self._http.server_address[1]}"

    def start(self) -> None:
        """Answer in a separate thread until ``stop``."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, close the port, write the state file."""
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
            self._thread = None
        self._http.server_close()
        self.sandbox.save()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        super().__init__(address, _Handler)
        self.sandbox = sandbox

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a client that hangs up instead of printing a traceback over the screen."""
        _LOG.debug("a request to the sandbox ended early", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An idle client must not hold its thread forever.
    timeout = 30
    server: _Listener

    def do_GET(self) -> None:
        """Answer a GET request."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST request."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer a DELETE request."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the terminal belongs to the program."""

    def _answer(self) -> None:
        # A web page whose host name resolves to 127.0.0.1 must not reach the sandbox.
        if not is_loopback(f"//{self.headers.get('Host', '')}"):
            self.send_error(421)
            return
        length = self.headers.get("Content-Length", "0")
        if not (self.path.startswith("/") and length.isascii() and length.isdigit() and int(length) <= MOST_BODY_BYTES):
            self.send_error(400)
            return
        body = self.rfile.read(int(length))
        if self.command == "GET" and self.path.partition("?")[0] == STREAM_PATH:
            self._stream()
            return
        try:
            given = self.server.sandbox.ask(self.command, self.path, dict(self.headers.items()), body)
        except Dropped:
            self.close_connection = True
            return
        self._send(given)

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile.write(given.body)

    def _stream(self) -> None:
        """Send lines as they come, until the client or the sandbox hangs up."""
        try:
            opened = self.server.sandbox.stream(self.path, dict(self.headers.items()))
        except Dropped:
            self.close_connection = True
            return
        if isinstance(opened, Answer):
            self._send(opened)
            return
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        for some in opened:
            self.wfile.write(some)
            self.wfile.flush()
