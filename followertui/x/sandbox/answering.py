"""X as one pure function: request and state -> status, headers and body.

Owns the order of X's refusals (keys, credits, rate, access level) and where scripted faults
apply. What each endpoint does is in ``endpoints``. Reads no clock, opens nothing; it changes
only the state.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from followertui.domain.clock import iso
from followertui.x.oauth2 import AUTHORIZE_PATH, REVOKE_PATH, TOKEN_PATH
from followertui.x.platform import Access, Platform
from followertui.x.sandbox import grants
from followertui.x.sandbox.calls import Call, Refused, forbidden
from followertui.x.sandbox.endpoints import handler_of, route_of
from followertui.x.sandbox.faults import Dropped, Fault, TimedOut
from followertui.x.sandbox.meters import charge, count_call
from followertui.x.sandbox.signatures import is_app_token, is_signed
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.telling import tell
from followertui.x.streaming import APP_TOKEN_PATH

JSON_TYPE = "application/json; charset=utf-8"

_UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
_TOO_MANY = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
_NO_CREDITS = {
    "title": "CreditsDepleted",
    "detail": "Your enrolled account does not have any credits to fulfill this request.",
    "type": "https://api.x.com/2/problems/credits",
}
_SPEND_CAP = {
    "title": "SpendCapReached",
    "detail": "Your enrolled account has reached its billing cycle spend cap.",
    "type": "https://api.x.com/2/problems/credits",
    "status": 403,
}
_WRONG_TOKEN = {
    "title": "Unsupported Authentication",
    "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.",
    "type": "https://api.x.com/2/problems/unsupported-authentication",
    "status": 403,
}
STREAM_PATH = "/2/activity/stream"
_APP_TOKEN_ENDPOINTS = ("activity_unsubscribe",)
_NOT_FOUND = {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"}


class Answer(NamedTuple):
    """The HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(
    state: SandboxState,
    method: str,
    path: str,
    params: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> Answer:
    """Answer one request as X would.

    Args:
        state: the state of the sandbox; changed by the request.
        method: GET, POST or DELETE.
        path: without the query.
        params: the query, decoded.
        headers: any case; ``Authorization`` and ``Host`` are read.
        body: JSON or empty.
        now: aware UTC; ``state.skew_seconds`` is added.

    Raises:
        Dropped: where a scripted fault breaks the connection.
    """
    at = int(now.timestamp() + state.skew_seconds)
    if path.startswith("/sandbox/"):
        return _house_keeping(state, method, path, params, body, at)
    # Every fault counts every call, so that "the third call" means the same for all of them.
    striking = [fault for fault in state.faults if fault.strikes(method, path)]
    fault = striking[0] if striking else None
    status = 0
    try:
        given = _before(fault, at) or _answered(state, method, path, params, headers, body, at)
        given = _after(fault, given, params)
        status = given.status
        return given
    finally:
        state.calls_made += 1
        state.calls.append((state.calls_made, at, method, path, status))


def _answered(
    state: SandboxState,
    method: str,
    path: str,
    params: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    at: int,
) -> Answer:
    platform = Platform.load()
    lowered = {name.lower(): value for name, value in headers.items()}
    granting = _granted(state, method, path, params, lowered, body, at)
    if granting is not None:
        return granting
    route = route_of(method, path)
    takes_app_token = route is not None and route[0].name in _APP_TOKEN_ENDPOINTS
    if takes_app_token != is_app_token(state, lowered):
        return _json(403, _WRONG_TOKEN) if is_app_token(state, lowered) else _json(401, _UNAUTHORIZED)
    if not takes_app_token and not is_signed(state, method, path, params, lowered, at):
        return _json(401, _UNAUTHORIZED)
    if route is None:
        return _json(404, _NOT_FOUND)
    endpoint, parts = route
    balance = state.ledger.balance_mills
    if balance is not None and balance <= 0 and endpoint.name != "credits":
        return _json(402, _NO_CREDITS)
    metered = count_call(state, endpoint, platform, at)
    if not metered.is_allowed:
        return _json(429, _TOO_MANY, metered.headers)
    covered = state.grants.scopes_of(lowered.get("authorization", "").removeprefix("Bearer "), at)
    if covered is not None and not {*endpoint.scopes, "users.read"} <= set(covered):
        return _json(403, forbidden(), metered.headers)
    if endpoint.enterprise_only and state.access is not Access.ENTERPRISE:
        return _json(403, forbidden(), metered.headers)
    call = Call(state, parts, params, _parsed(body), at)
    try:
        reply = handler_of(endpoint.name)(call)
    except Refused as refused:
        return _json(refused.status, refused.body, metered.headers)
    if "data" in reply.body:
        is_own = parts.get("id") == str(state.own_id)
        charge(state, endpoint, platform, reply.resources, is_own, at)
    return _json(reply.status, reply.body, metered.headers)


def _granted(
    state: SandboxState,
    method: str,
    path: str,
    params: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    at: int,
) -> Answer | None:
    """The answer of the endpoints that sign in, which take no token; None for every other."""
    given = None
    if (method, path) == ("GET", AUTHORIZE_PATH):
        given = grants.authorize(state.grants, params, at)
    elif (method, path) == ("POST", TOKEN_PATH):
        given = grants.token(state.grants, headers, body, at)
    elif (method, path) == ("POST", APP_TOKEN_PATH):
        return _app_token(state, headers, body)
    elif (method, path) == ("POST", REVOKE_PATH):
        given = grants.revoke(state.grants, headers, body)
    return None if given is None else _json(given.status, given.body, given.headers)


def _app_token(state: SandboxState, headers: Mapping[str, str], body: bytes) -> Answer:
    """The token of the app, for its key and secret."""
    pair = ":".join(quote(part, safe="") for part in (state.keys.consumer_key, state.keys.consumer_secret))
    expected = f"Basic {b64encode(pair.encode()).decode()}"
    if not hmac.compare_digest(headers.get("authorization", "").encode(), expected.encode()):
        return _json(403, {"errors": [{"code": 99, "message": "Unable to verify your credentials"}]})
    if body != b"grant_type=client_credentials":
        return _json(400, {"errors": [{"code": 170, "message": "Missing required parameter: grant_type"}]})
    return _json(200, {"token_type": "bearer", "access_token": state.keys.app_bearer})


def stream_refusal(state: SandboxState, headers: Mapping[str, str], at: int) -> Answer | None:
    """Why the stream is not opened, None where it is."""
    lowered = {name.lower(): value for name, value in headers.items()}
    fault = next((fault for fault in state.faults if fault.strikes("GET", STREAM_PATH)), None)
    state.calls_made += 1
    given = _before(fault, at)
    if given is None and not is_app_token(state, lowered):
        given = _json(401, _UNAUTHORIZED)
    balance = state.ledger.balance_mills
    if given is None and balance is not None and balance <= 0:
        given = _json(402, _NO_CREDITS)
    state.calls.append((state.calls_made, at, "GET", STREAM_PATH, given.status if given else 200))
    return given


def _before(fault: Fault | None, at: int) -> Answer | None:
    """The answer of a fault that applies before the call is carried out."""
    if fault is None:
        return None
    if fault.do == "timeout":
        raise TimedOut
    if fault.do == "reset":
        raise Dropped
    if fault.do == "status":
        return _json(fault.status, fault.body or {"title": "Scripted", "status": fault.status, "type": "about:blank"})
    if fault.do == "html":
        page = b"<!DOCTYPE html><html><body><h1>Over capacity</h1></body></html>"
        return Answer(fault.status, {"content-type": "text/html"}, page)
    if fault.do == "empty":
        return Answer(200, {"content-type": JSON_TYPE}, b"")
    if fault.do == "no-headers":
        return _json(429, _TOO_MANY)
    if fault.do == "day-exhausted":
        return _json(429, _TOO_MANY, _day_exhausted(at))
    if fault.do == "spend-cap":
        return _json(403, _SPEND_CAP)
    if fault.do == "credits":
        return _json(402, _NO_CREDITS)
    return None


def _after(fault: Fault | None, given: Answer, params: Mapping[str, str]) -> Answer:
    """The answer of a fault that applies after the call was carried out."""
    if fault is None:
        return given
    if fault.do == "lost":
        raise Dropped
    if fault.do == "cut":
        return given._replace(body=given.body[: len(given.body) // 2])
    if fault.do not in ("repeat-token", "short-page"):
        return given
    body = json.loads(given.body)
    meta = body.get("meta")
    if given.status != 200 or not isinstance(meta, dict):
        return given
    if fault.do == "repeat-token":
        meta["next_token"] = params.get("pagination_token", meta.get("next_token"))
    else:
        body["data"] = body.get("data", [])[: len(body.get("data", [])) // 2]
        meta["result_count"] = len(body["data"])
        meta.pop("next_token", None)
    return _json(given.status, body, given.headers)


def _day_exhausted(at: int) -> dict[str, str]:
    # As on X, the 15-minute header still names the next window: the trap to test.
    return {
        "x-rate-limit-limit": "50",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(at + 900),
        "x-user-limit-24hour-limit": "400",
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(at + 86_400),
    }


def _house_keeping(
    state: SandboxState, method: str, path: str, params: Mapping[str, str], body: bytes, at: int
) -> Answer:
    if (method, path) == ("GET", "/sandbox/state"):
        return _json(200, truth(state, at, is_brief=params.get("brief") == "1"))
    if (method, path) == ("POST", "/sandbox/event"):
        said = _parsed(body)
        event = tell(state, str(said.get("type", "")), str(said.get("user", "")), said, at)
        return _json(200, event) if event else _json(400, {"title": "Invalid Request", "status": 400})
    if (method, path) == ("POST", "/sandbox/hangup"):
        state.watches.connection += 1
        return _json(200, {"hung_up": True})
    if (method, path) == ("POST", "/sandbox/advance"):
        seconds = _parsed(body).get("seconds")
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or not 0 <= seconds <= 10 * 366 * 86_400:
            return _json(400, {"title": "Invalid Request", "detail": "seconds must be a number from 0", "status": 400})
        state.skew_seconds += seconds
        return _json(200, {"now": iso(int(at + seconds))})
    return _json(404, _NOT_FOUND)


def truth(state: SandboxState, at: int, is_brief: bool = False) -> dict[str, Any]:
    """The state of the sandbox as JSON values: ids are strings, times ISO 8601 UTC.

    Args:
        state: the sandbox.
        at: epoch seconds UTC.
        is_brief: counts instead of ids and calls.
    """
    ledger = state.ledger
    lists = {
        str(each.id): {"name": each.name, "members": list(map(str, each.members))} for each in state.lists.values()
    }
    found: dict[str, Any] = {
        "now": iso(at),
        "own_id": str(state.own_id),
        "access": str(state.access),
        "spent_usd": ledger.spent_usd,
        "balance_usd": None if ledger.balance_mills is None else ledger.balance_mills / 1000,
        "charged": {name: {"units": n, "usd": ledger.mills[name] / 1000} for name, n in ledger.units.items()},
        "calls_made": state.calls_made,
    }
    groups = {
        "followers": state.followers,
        "following": state.following,
        "pending": state.pending,
        "muted": state.muted,
        "blocked": state.blocked,
        "reposted": state.reposted,
    }
    if is_brief:
        return {**found, **{name: len(ids) for name, ids in groups.items()}, "lists": len(lists)}
    calls = [
        {"number": number, "at": iso(moment), "method": method, "path": path, "status": status}
        for number, moment, method, path, status in state.calls
    ]
    return {**found, **{name: list(map(str, ids)) for name, ids in groups.items()}, "lists": lists, "calls": calls}


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _json(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    packed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Answer(status, {**(headers or {}), "content-type": JSON_TYPE}, packed)
