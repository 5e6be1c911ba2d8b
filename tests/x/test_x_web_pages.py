"""The title of a page: asked for on purpose, read a little of, never trusted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from followertui.domain.errors import BadInput
from followertui.x import web_pages

PAGES: dict[str, tuple[int, str, bytes]] = {
    "/plain": (200, "text/html; charset=utf-8", "<title>\n The freight &amp; fleet guide — ü </title>".encode()),
    "/graph": (200, "text/html", b"<meta content='Shared name' property='og:title'><title>Long name | Acme</title>"),
    "/latin": (200, "text/html", "<meta charset=iso-8859-1><title>Größe</title>".encode("latin-1")),
    "/hostile": (200, "text/html", "<title>\x1b[31m[@click=app.quit]go[/] ‮evil</title>".encode()),
    "/none": (200, "text/html", b"<p>no name</p>"),
    "/long": (200, "text/html", b" " * 2_000_000 + b"<title>too late</title>"),
    "/file": (200, "application/pdf", b"%PDF"),
    "/gone": (404, "text/html", b"<title>Not found</title>"),
}


class Site(BaseHTTPRequestHandler):
    seen: list[dict[str, str]] = []  # noqa: RUF012 - one site for one test

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        if self.path.startswith("/round"):
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
            return
        status, kind, body = PAGES[self.path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.seen.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/plain", "The freight & fleet guide — ü"),
        ("/graph", "Shared name"),
        ("/latin", "Größe"),
        ("/none", ""),
        ("/long", ""),
    ],
)
def test_a_page_says_what_it_is_called(site: str, path: str, title: str) -> None:
    assert web_pages.title_of(site + path) == title
    assert len(Site.seen) == 1
    assert "Cookie" not in Site.seen[0]


def test_a_title_is_cleaned(site: str) -> None:
    found = web_pages.title_of(f"{site}/hostile")
    assert "\x1b" not in found
    assert "‮" not in found
    assert "go" in found


@pytest.mark.parametrize(
    ("path", "why"), [("/file", "sent no page"), ("/gone", "answered 404"), ("/round", "did not answer")]
)
def test_what_is_no_page_is_said(site: str, path: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        web_pages.title_of(site + path)


def test_a_site_that_is_not_there_is_said() -> None:
    with pytest.raises(BadInput, match="did not answer"):
        web_pages.title_of("http://127.0.0.1:9/")
