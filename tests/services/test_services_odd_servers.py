"""Servers that answer as X's documents do not say: nothing is stored wrongly, nobody leaves, it is said what to do."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from followertui.domain.clock import FileClock
from followertui.domain.errors import FollowertuiError, LimitReached
from followertui.domain.progress import drained
from followertui.services.session import Session
from followertui.services.sync import costs, finding, looking_up, own_marks, profile, syncing
from followertui.services.sync.values import LookupWish, SyncReport, Wish
from followertui.store.decisions import requests
from followertui.x.client import TweepyClient
from followertui.x.settings import XSettings

OWN = 77
IDS = [10**18 + number for number in range(8)]
FULL = Wish(("follower",), is_full=True)

Raw = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body of an answer."""
Shape = Callable[[dict[str, Any], "Asked"], "dict[str, Any] | list[Any] | Raw | None"]
"""Changes the usual answer to a page; None closes the connection."""


class Asked:
    """One request: its path and parameters, and which of the pages it is."""

    def __init__(self, target: str, number: int) -> None:
        parts = urlsplit(target)
        self.path, self.number = parts.path, number
        self.params = {name: values[0] for name, values in parse_qs(parts.query).items()}


def user(x_id: int) -> dict[str, Any]:
    return {"id": str(x_id), "name": f"Person {x_id % 1000}", "username": f"person_{x_id % 1000}"}


class OddServer:
    """Two pages of followers, answered as ``shape`` says."""

    def __init__(self) -> None:
        self.shape: Shape = lambda usual, _: usual
        self.protocol = "HTTP/1.1"
        self.pages = 0
        self.ids = list(IDS)
        self.seen_keys: list[str] = []
        odd = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                odd.answer(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Print nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = self.protocol
        path = urlsplit(handler.path).path
        if path == "/2/users/me":
            metrics = {"followers_count": len(self.ids), "following_count": 0}
            return send(handler, {"data": {**user(OWN), "username": "acme", "public_metrics": metrics}})
        if path == "/2/usage/credits":
            return send(handler, (404, {}, b""))
        self.pages += 1
        asked = Asked(handler.path, self.pages)
        half = len(self.ids) // 2
        is_first = "pagination_token" not in asked.params
        some = self.ids[:half] if is_first else self.ids[half:]
        usual: dict[str, Any] = {"data": [user(x_id) for x_id in some], "meta": {"result_count": len(some)}}
        if is_first:
            usual["meta"]["next_token"] = "token-of-page-two"
        return send(handler, self.shape(usual, asked))

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


def send(handler: BaseHTTPRequestHandler, given: Any) -> None:
    handler.close_connection = True
    if given is None:
        return
    status, headers, body = given if isinstance(given, tuple) else (200, {}, json.dumps(given).encode())
    handler.send_response(status)
    usual = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in {**usual, **headers}.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def odd() -> Iterator[OddServer]:
    made = OddServer()
    yield made
    made.close()


@pytest.fixture
def here(session: Session, odd: OddServer, clock: FileClock) -> Session:
    keys = {
        "FOLLOWERTUI_X_BASE_URL": odd.address,
        "FOLLOWERTUI_X_CONSUMER_KEY": "k",
        "FOLLOWERTUI_X_CONSUMER_SECRET": "s",
        "FOLLOWERTUI_X_ACCESS_TOKEN": f"{OWN}-t",
        "FOLLOWERTUI_X_ACCESS_TOKEN_SECRET": "ts",
    }
    session.open_x = lambda: TweepyClient(XSettings.from_env(keys), clock)
    costs.set_owner(session, True)
    return session


def read(session: Session) -> SyncReport:
    return drained(syncing.sync(session, Event(), FULL))[0]


def related(session: Session) -> list[int]:
    found = session.store.con.execute(
        "SELECT x_id FROM relation_now r JOIN account USING (row) WHERE r.direction = 'follower' ORDER BY 1"
    )
    return [line[0] for line in found]


def known(session: Session) -> list[int | None]:
    return [line[0] for line in session.store.con.execute("SELECT x_id FROM account ORDER BY 1")]


def packed(usual: dict[str, Any], name: str = "gzip") -> Raw:
    body = gzip.compress(json.dumps(usual).encode())
    return 200, {"Content-Encoding": name}, body


def chunked(usual: dict[str, Any], _: Asked) -> Raw:
    text = json.dumps(usual).encode()
    parts = [text[at : at + 7] for at in range(0, len(text), 7)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    return 200, {"Transfer-Encoding": "chunked", "Content-Length": ""}, body


def with_headers(**headers: str) -> Shape:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda usual, _: (200, named, json.dumps(usual).encode())


def ending(token: object) -> Shape:
    def shape(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """The last page says so in another way."""
        return {**usual, "meta": {"next_token": token, **usual["meta"]}} if asked.number == 2 else usual

    return shape


def with_numbers(usual: dict[str, Any], _: Asked) -> dict[str, Any]:
    return {**usual, "data": [{**one, "id": int(one["id"])} for one in usual["data"]]}


def with_more(usual: dict[str, Any], _: Asked) -> dict[str, Any]:
    more = {"data_format": [1], "public_metrics": {"followers_count": "12", "x": None}, "entities": 3, "withheld": {}}
    return {**usual, "data": [{**one, **more, "verified": "yes"} for one in usual["data"]], "extra": {"a": [None]}}


def twice(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The second page begins with the end of the first, and names one account twice."""
    again = [user(x_id) for x_id in IDS[2:4]] if asked.number == 2 else []
    return {**usual, "data": again + usual["data"] + usual["data"][:1]}


def without_meta(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
    return usual if asked.number == 1 else {"data": usual["data"]}


def with_a_number_as_token(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
    return {**usual, "meta": {"next_token": 7140000000000000000}} if asked.number == 1 else usual


WELL: dict[str, Shape] = {
    "as documented": lambda usual, _: usual,
    "gzip": lambda usual, _: packed(usual),
    "chunked": chunked,
    "utf-8 with a mark": lambda usual, _: (200, {}, b"\xef\xbb\xbf" + json.dumps(usual).encode()),
    "another content type": with_headers(Content_Type="text/html; charset=x"),
    "rate headers that are none": with_headers(x_rate_limit_limit="many", x_rate_limit_reset="-1"),
    "rate headers of a day long gone": with_headers(x_rate_limit_remaining="0", x_rate_limit_reset="12"),
    "rate headers in a far future": with_headers(x_rate_limit_remaining="0", x_rate_limit_reset="9" * 15),
    "headers in capitals, and cookies": with_headers(X_RATE_LIMIT_LIMIT="300", SET_COOKIE="a=b"),
    "ids as numbers": with_numbers,
    "fields that are new or of another type": with_more,
    "accounts named twice": twice,
    "an empty token at the end": ending(""),
    "a token of null at the end": ending(None),
    "a token that is a number": with_a_number_as_token,
    "no meta at the end": without_meta,
}


@pytest.mark.parametrize("name", WELL)
def test_what_can_be_understood_is_read_to_its_end(here: Session, odd: OddServer, name: str) -> None:
    odd.shape = WELL[name]
    report = read(here)
    assert (report.completeness, report.read) == ("complete", len(IDS))
    assert related(here) == IDS
    assert known(here) == IDS
    spent = requests.spent(here.store)
    assert (spent.usd, spent.unknown_usd) == (pytest.approx(0.01 + 0.001 * len(IDS)), 0.0)


def test_http_1_0_is_understood(here: Session, odd: OddServer) -> None:
    odd.protocol = "HTTP/1.0"
    assert read(here).completeness == "complete"


def json_of(value: Any) -> Shape:
    return lambda usual, asked: value if asked.number > 0 else usual


def raw(status: int, body: bytes = b"", **headers: str) -> Shape:
    return lambda *_: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


NOT_JSON = "something other than JSON"
UNUSUAL = "an answer X's documents do not describe"
NOT_OURS = {"title": "Authorization Error", "detail": "Sorry, you are not authorized"}
ILL: dict[str, tuple[Shape, str]] = {
    "html": (raw(200, b"<html>log in</html>", Content_Type="text/html"), NOT_JSON),
    "no content": (raw(204), NOT_JSON),
    "a list": (json_of([]), NOT_JSON),
    "a text": (raw(200, b'"ok"'), NOT_JSON),
    "nothing in it": (json_of({}), UNUSUAL),
    "only errors": (json_of({"errors": [NOT_OURS]}), "X refuses this"),
    "errors beside an empty list": (json_of({"data": [], "errors": [{"title": "Internal"}]}), "X does not show"),
    "data that is no list": (json_of({"data": {"id": "5"}, "meta": {}}), UNUSUAL),
    "a token that is none": (json_of({"data": [user(IDS[0])], "meta": {"next_token": {"a": 1}}}), UNUSUAL),
    "meta that is none": (json_of({"meta": [1, 2]}), UNUSUAL),
    "packed wrongly": (raw(200, b"not gzip at all", Content_Encoding="gzip"), "could not be reached"),
    "moved": (raw(301, Location="http://127.0.0.1:1/elsewhere"), "redirects"),
    "found elsewhere": (raw(302, Location="//127.0.0.1:1/"), "redirects"),
    "a proxy that wants a password": (raw(407), "unexpected status 407"),
    "a teapot": (raw(418), "unexpected status 418"),
    "hangs up": (lambda *_: None, "could not be reached"),
    "deep": (raw(200, b'{"data":' + b"[" * 100_000), NOT_JSON),
}


@pytest.mark.parametrize("name", ILL)
def test_what_cannot_be_understood_ends_it_with_what_to_do_and_makes_nobody_leave(
    here: Session, odd: OddServer, clock: FileClock, name: str
) -> None:
    read(here)
    clock.advance(timedelta(days=2))
    odd.shape, words = ILL[name]
    with pytest.raises(FollowertuiError) as failing:
        read(here)
    text = str(failing.value)
    assert words in text
    assert "are kept, followertui sync goes on from there" in text
    assert "\n" not in text
    assert related(here) == known(here) == IDS
    odd.shape = WELL["as documented"]
    report = read(here)
    assert (report.completeness, report.left) == ("complete", 0)


def test_accounts_that_cannot_be_read_are_said_and_make_nobody_leave(
    here: Session, odd: OddServer, clock: FileClock
) -> None:
    read(here)
    clock.advance(timedelta(days=2))

    def spoilt(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Three of the first page in ways nobody can read."""
        if asked.number == 3:
            first, _, third, *rest = usual["data"]
            return {**usual, "data": [{**first, "id": 1.5e18}, None, {**third, "id": "x"}, *rest]}
        return usual

    odd.shape = spoilt
    report = read(here)
    assert report.completeness == "partial"
    assert "3 accounts of X's answers cannot be read: nobody counts as left" in " ".join(report.notes)
    assert related(here) == known(here) == IDS


def test_pages_that_go_in_circles_end(here: Session, odd: OddServer) -> None:
    def circling(usual: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Page after page, and the first again."""
        return {**usual, "meta": {"next_token": f"token-number-{asked.number % 3}"}}

    odd.shape = circling
    report = read(here)
    assert report.completeness == "partial"
    assert "the same page again" in " ".join(report.notes)
    assert odd.pages < 6


def test_a_wait_named_by_retry_after_is_kept_to(here: Session, odd: OddServer, clock: FileClock) -> None:
    odd.shape = lambda usual, asked: (429, {"Retry-After": "40"}, b"") if asked.number == 1 else usual
    before = clock.now()
    assert read(here).completeness == "complete"
    assert timedelta(seconds=40) <= clock.now() - before < timedelta(seconds=60)


def test_headers_that_come_slowly_are_waited_for(here: Session, odd: OddServer) -> None:
    pause = Event()

    def slow(usual: dict[str, Any], _: Asked) -> Raw:
        """It takes a while."""
        pause.wait(0.3)
        return 200, {}, json.dumps(usual).encode()

    odd.shape = slow
    assert read(here).completeness == "complete"


@pytest.mark.parametrize("name", ["html", "only errors", "nothing in it", "moved", "hangs up"])
def test_looking_up_searching_and_marks_say_it_too_and_store_nothing(
    here: Session, odd: OddServer, clock: FileClock, name: str
) -> None:
    read(here)
    clock.advance(timedelta(days=2))
    before = [tuple(line) for line in here.store.con.execute("SELECT * FROM account")]
    odd.shape, _ = ILL[name]
    for work in (
        finding.find(here, Event(), "acme"),
        own_marks.read(here, Event(), ("muted",)),
    ):
        with pytest.raises(FollowertuiError):
            drained(work)
    if name != "only errors":
        with pytest.raises(FollowertuiError):
            drained(looking_up.look_up(here, Event(), LookupWish("profiles", "is:follower")))
    assert [tuple(line) for line in here.store.con.execute("SELECT * FROM account")] == before


def test_an_account_that_is_not_said_is_no_account(here: Session, odd: OddServer) -> None:
    assert profile.known(here) is None
    odd.ids = []
    odd.shape = json_of({"meta": {"result_count": 0}})
    report = read(here)
    assert (report.read, report.completeness) == (0, "complete")


def test_limits_are_a_limit(here: Session, odd: OddServer) -> None:
    odd.shape = raw(429, b"slow down", Retry_After="99999999999")
    with pytest.raises(LimitReached, match="asked to wait"):
        read(here)
