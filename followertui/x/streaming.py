"""X's activity stream: the app's own token, and events as they come.

Owns the one connection that stays open and what a line of it means. The token is made from the key
and secret of the app, is a secret like them, and lives in memory only. Imports requests at its first
use. ``client`` makes it; a stream is read in a thread of its own, since nothing else ends a wait for
the next line.
"""

from __future__ import annotations

import contextlib
import json
import socket
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from followertui.domain.clock import Clock
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.text.cleaning import clean_text
from followertui.x.outcomes import no_answer, outcome_of
from followertui.x.platform import Platform
from followertui.x.protocol import LiveEvent, Outcome, OutcomeType, Watch, XFailed
from followertui.x.settings import XSettings
from followertui.x.users import id_of, record_of

if TYPE_CHECKING:
    import requests
    from requests.adapters import BaseAdapter
else:
    requests = late("requests")

APP_TOKEN_PATH = "/oauth2/token"
"""Where the token of an app is made. Source: docs.x.com, OAuth 2.0 application-only."""

SILENCE_SECONDS = 45.0
"""X sends an empty line every 20 seconds: a connection that is silent for longer is dead."""

_CONNECT_SECONDS = 5.0
_MOST_LINE = 1_000_000


class AppClient:
    """Calls that take the token of the app instead of a person's.

    Args:
        settings: address and keys.
        clock: the time.
        platform: facts of the platform.
        adapter: carries requests instead of the network.

    Raises:
        BadInput: there are no keys of the app.
    """

    def __init__(self, settings: XSettings, clock: Clock, platform: Platform, adapter: BaseAdapter | None) -> None:
        if not (settings.consumer_key and settings.consumer_secret):
            raise BadInput(
                "X's stream takes a token made from the API key and secret of your app: followertui auth keys"
            )
        self._settings, self._clock, self._platform = settings, clock, platform
        self._session = requests.Session()
        self._session.trust_env = not settings.is_sandbox
        if adapter is not None:
            self._session.mount(settings.base_url, adapter)
        self._token = ""

    def unwatch(self, ids: Sequence[str]) -> None:
        """Delete subscriptions, at most 100.

        Raises:
            XFailed: X did not.
        """
        endpoint = self._platform.endpoints["activity_unsubscribe"]
        self._opened(endpoint.method, endpoint.path, {"ids": ",".join(ids)}, is_stream=False).close()

    def events(self, backfill_minutes: int) -> EventStream:
        """Open the stream.

        Args:
            backfill_minutes: 0-5; so much that was missed is told again.

        Raises:
            XFailed: X did not open it.
        """
        endpoint = self._platform.endpoints["activity_stream"]
        params = {"backfill_minutes": str(backfill_minutes)} if backfill_minutes else {}
        return EventStream(self._opened(endpoint.method, endpoint.path, params, is_stream=True))

    def close(self) -> None:
        """Close the connections to X."""
        self._session.close()

    def _opened(self, method: str, path: str, params: dict[str, str], *, is_stream: bool) -> requests.Response:
        """An answer to a call with the app's token, its body unread where it is a stream."""
        for attempt in (1, 2):
            headers = {"Authorization": f"Bearer {self._bearer()}"}
            answer = self._send(method, path, params=params, headers=headers, stream=is_stream)
            if answer.status_code == 401 and attempt == 1:
                # A token that was made anew elsewhere ends the one before.
                answer.close()
                self._token = ""
                continue
            break
        if answer.status_code != 200:
            raise XFailed(self._outcome(answer))
        return answer

    def _bearer(self) -> str:
        if not self._token:
            pair = ":".join(
                quote(part, safe="") for part in (self._settings.consumer_key, self._settings.consumer_secret)
            )
            headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
            answer = self._send("POST", APP_TOKEN_PATH, data={"grant_type": "client_credentials"}, headers=headers)
            body = _parsed(answer.content) if answer.status_code == 200 else None
            token = body.get("access_token") if isinstance(body, dict) else None
            if answer.status_code != 200:
                raise XFailed(self._outcome(answer))
            if not isinstance(token, str) or not token:
                raise XFailed(Outcome(OutcomeType.SERVER, "X made no token for the app; try again"))
            self._token = token
        return self._token

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        is_timeout, answer = False, None
        try:
            answer = self._session.request(
                method, self._settings.base_url + path, timeout=(_CONNECT_SECONDS, SILENCE_SECONDS),
                allow_redirects=False, auth=_as_it_is, **options,
            )  # fmt: skip
        except requests.Timeout:
            is_timeout = True
        except (requests.RequestException, OSError):
            pass
        # Not inside the handler: a chained exception would carry the request and its token.
        if answer is None:
            raise XFailed(no_answer(is_timeout))
        return answer

    def _outcome(self, answer: requests.Response) -> Outcome:
        body, is_broken = None, False
        try:
            body = _parsed(answer.content)
        except (requests.RequestException, OSError):
            is_broken = True
        if is_broken:
            return no_answer(is_timeout=False)
        return outcome_of(answer.status_code, answer.headers, body, self._clock.now(), self._platform)


class EventStream:
    """Events as they come, until the connection ends.

    Args:
        answer: the open answer.
    """

    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[LiveEvent | None]:
        """Every event; None for a sign of life.

        Raises:
            XFailed: the connection broke, or X ended it.
        """
        text = ""
        try:
            for line in self._answer.iter_lines(chunk_size=1):
                event, text = _read(line)
                if text:
                    break
                yield event
        except (requests.RequestException, OSError, AttributeError, ValueError):
            text = ""
        finally:
            self._answer.close()
        raise XFailed(Outcome(OutcomeType.NETWORK, text or "X's stream broke off"))

    def close(self) -> None:
        """End the connection; a wait for the next line ends with it, in the thread that waits."""
        connection = getattr(self._answer.raw, "connection", None)
        line: socket.socket | None = getattr(connection, "sock", None)
        if line is not None:
            # Closing the answer instead would wait for the line the other thread waits for.
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _read(line: bytes) -> tuple[LiveEvent | None, str]:
    """The event of one line, None for none; and why X ends the stream, "" where it does not."""
    body = _parsed(line) if line.strip() and len(line) <= _MOST_LINE else None
    if not isinstance(body, dict):
        return None, ""
    errors = body.get("errors")
    if isinstance(errors, list) and errors and "data" not in body:
        first = errors[0] if isinstance(errors[0], dict) else {}
        said = first.get("detail") or first.get("title") or "an error"
        return None, f"X ended the stream: {clean_text(str(said), limit=200)}"
    return event_of(body.get("data")), ""


def event_of(data: Any) -> LiveEvent | None:
    """One event of X's stream, None where it is none we know how to read."""
    if not isinstance(data, dict):
        return None
    uuid, kind = str(data.get("event_uuid", "")), data.get("event_type")
    if not (uuid.isascii() and uuid.isalnum() and len(uuid) <= 64 and isinstance(kind, str)):
        return None
    payload = data.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    named = data.get("filter")
    before, after = payload.get("before"), payload.get("after")
    return LiveEvent(
        uuid=uuid,
        type=kind,
        user_id=id_of(named.get("user_id")) if isinstance(named, dict) else None,
        source=record_of(payload.get("source")),
        target=record_of(payload.get("target")),
        before=before if isinstance(before, str) else None,
        after=after if isinstance(after, str) else None,
    )


def body_of(watch: Watch) -> dict[str, Any]:
    """What X is sent to subscribe to something."""
    named = {"user_id": str(watch.user_id), **({"direction": watch.direction} if watch.direction else {})}
    return {"event_type": watch.type, "filter": named, "tag": "followertui"}


def number_of(data: Any) -> str:
    """X's id of a new subscription, "" where it says none."""
    said = data.get("subscription", data) if isinstance(data, dict) else {}
    number = said.get("subscription_id") if isinstance(said, dict) else None
    return number if isinstance(number, str) else ""


def watches_of(data: Any) -> dict[Watch, str]:
    """The subscriptions X names -> its id of each; what we do not understand is left out."""
    found: dict[Watch, str] = {}
    for entry in data if isinstance(data, list) else ():
        said = entry if isinstance(entry, dict) else {}
        named = said.get("filter")
        named = named if isinstance(named, dict) else {}
        number, kind, user_id = said.get("subscription_id"), said.get("event_type"), id_of(named.get("user_id"))
        if user_id is not None and isinstance(kind, str) and isinstance(number, str):
            found[Watch(kind, user_id, str(named.get("direction") or ""))] = number
    return found


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared
