"""What an answer from X means: status, headers and body -> ``Outcome``.

Owns reading X's error bodies, new and old, and the message for each. Pure functions: no HTTP
library, no clock. Imported inside ``x`` only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from followertui.domain.decision import ActionKind
from followertui.x.platform import Platform
from followertui.x.protocol import Outcome, OutcomeType, Problem
from followertui.x.windows import buckets_of, reset_of, retry_after

_S = OutcomeType
_Make = Callable[..., Outcome]

_MESSAGES: dict[OutcomeType, str] = {
    _S.GONE: "X says this account does not exist",
    _S.SUSPENDED: "X suspended this account",
    _S.REFUSED_TARGET: "X refuses this for this account (it may have blocked us or be protected)",
    _S.REFUSED_CAPABILITY: "X does not do this through the API for this account; do it by hand",
    _S.ALREADY: "X says this is already done",
    _S.PENDING: "X sent the follow request; the account has to accept it",
    _S.CREDITS: "The X account has no API credits left; top up in console.x.com, then resume",
    _S.AUTH: "X does not accept the keys; sign in again with: followertui auth login",
    _S.NETWORK: "X could not be reached; check the connection, then resume",
    _S.SERVER: "X has a server error; try again later",
}

_MEMBERSHIP: dict[ActionKind, tuple[str, bool]] = {
    ActionKind.UNFOLLOW: ("following", False),
    ActionKind.FOLLOW: ("following", True),
    ActionKind.MUTE: ("muting", True),
    ActionKind.UNMUTE: ("muting", False),
    ActionKind.LIST_ADD: ("is_member", True),
    ActionKind.LIST_REMOVE: ("is_member", False),
    ActionKind.REPOST: ("retweeted", True),
    ActionKind.BLOCK: ("blocking", True),
}
"""Action -> the flag X answers with, and its value when the action worked."""

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
_OWN_ACCOUNT_STOPPED = re.compile(r"your account (?:is|has been) (?:\w+ )?(?:suspended|locked)")


class _Said(NamedTuple):
    """An error body, lower case: last part of the problem type, all its text, v1 codes, resource."""

    type: str
    words: str
    codes: frozenset[int]
    resource: str


def outcome_of(
    status: int,
    headers: Mapping[str, str],
    body: Any,
    now: datetime,
    platform: Platform,
    action: ActionKind | None = None,
) -> Outcome:
    """The outcome of one answer.

    Args:
        status: HTTP status.
        headers: header name, in any case -> value.
        body: the parsed JSON, None where the body is empty or not JSON.
        now: aware UTC.
        platform: facts of the platform.
        action: the action, None for a read.
    """
    buckets = buckets_of(headers)

    def of(type: OutcomeType, message: str = "", reset_at: datetime | None = None) -> Outcome:
        """An outcome with this answer's status and rate windows."""
        return Outcome(type, message or _MESSAGES[type], status, reset_at, buckets)

    said = _said(body)
    if 200 <= status < 300:
        return _from_success(body, action, of)
    if status == 429:
        if said.type == "usage-capped" or "usagecapexceeded" in said.words:
            return of(_S.CREDITS, "The X account has used up its reads for this period; resume in the next one")
        default_seconds = retry_after(headers) or platform.default_wait_seconds
        reset_at = reset_of(buckets, now, default_seconds)
        return of(_S.RATE_LIMITED, "X asks to wait: its rate limit is reached", reset_at)
    if status == 402:
        return of(_S.CREDITS)
    if status == 401:
        return of(_S.AUTH)
    if status == 403:
        return _from_forbidden(said, now, platform, action, of)
    if status in (404, 410):
        return _from_missing(said, of)
    if status == 409 and "already" in said.words:
        return of(_S.ALREADY)
    if status == 400:
        return of(_S.UNKNOWN, "X rejected the request as malformed (400); please report this")
    if 300 <= status < 400:
        return of(_S.SERVER, f"X's address redirects ({status}) and redirects are not followed; check the address")
    if status >= 500:
        return of(_S.SERVER, f"X has a server error ({status}); try again later")
    return of(_S.UNKNOWN, f"X answered with an unexpected status {status}")


def no_answer(is_timeout: bool) -> Outcome:
    """The outcome of a call without an answer; whether X carried it out is unknown."""
    return Outcome(_S.NETWORK, "X did not answer in time; try again" if is_timeout else _MESSAGES[_S.NETWORK])


def problems_of(body: Any) -> tuple[Problem, ...]:
    """The accounts a read names but does not show, from ``errors`` beside ``data``."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(errors, list):
        return ()
    found = []
    for entry in errors:
        if not isinstance(entry, dict):
            continue
        problem_type = _problem_type(entry)
        value = _text(entry.get("resource_id") or entry.get("value"))
        is_name = "username" in _text(entry.get("parameter"))
        is_id = value.isascii() and value.isdigit() and len(value) <= 19 and not is_name
        handle = value if not is_id and _HANDLE.fullmatch(value) else None
        message = _MESSAGES.get(problem_type, "X does not show this account")
        found.append(Problem(problem_type, int(value) if is_id else None, handle, message))
    return tuple(found)


def _from_success(body: Any, action: ActionKind | None, of: _Make) -> Outcome:
    if not isinstance(body, dict):
        return of(_S.SERVER, "X answered with something other than JSON (a proxy or login page?); try again")
    if action is None:
        return of(_S.DONE, "done")
    data = body.get("data")
    if not isinstance(data, dict):
        problems = problems_of(body)
        if problems:
            return of(problems[0].type, problems[0].message)
        return of(_S.UNKNOWN, "X answered without saying whether it worked")
    flag, expected = _MEMBERSHIP[action]
    if data.get("pending_follow") is True and action is ActionKind.FOLLOW:
        return of(_S.PENDING)
    if data.get(flag) is expected:
        return of(_S.DONE, "done")
    return of(_S.UNKNOWN, "X accepted the call but reports no change")


def _from_forbidden(said: _Said, now: datetime, platform: Platform, action: ActionKind | None, of: _Make) -> Outcome:
    words = said.words
    if "spendcap" in words or "spend cap" in words:
        return of(_S.CREDITS, "The spending limit set in console.x.com is reached; raise it there or wait, then resume")
    if said.type == "usage-capped":
        return of(_S.CREDITS, "The X account has used up its reads for this period; resume in the next one")
    if said.type == "client-forbidden" or "client-not-enrolled" in words:
        return of(_S.AUTH, "The app is not in a package; move it to Pay-per-use, Production in console.x.com")
    if said.type == "unsupported-authentication":
        return of(_S.AUTH, "X requires a user's keys here, not an app's; sign in again with: followertui auth login")
    if said.type == "oauth1-permissions" or "oauth1 app permissions" in words:
        return of(_S.AUTH, "The app may only read; set Read and write in console.x.com, then sign in again")
    # Taken for the target's, this would mark a whole queue of accounts as suspended.
    if said.codes & {64, 326} or _OWN_ACCOUNT_STOPPED.search(words):
        return of(_S.AUTH, "X has suspended or locked the signed-in account; check x.com first")
    if 161 in said.codes or "unable to follow more people" in words:
        reset_at = now + timedelta(seconds=platform.day_seconds)
        return of(_S.RATE_LIMITED, "X does not let this account follow more for now; continue tomorrow", reset_at)
    if "already" in words:
        return of(_S.ALREADY)
    if "suspended" in words:
        return of(_S.SUSPENDED)
    if "blocked" in words or said.type == "not-authorized-for-resource":
        return of(_S.REFUSED_TARGET)
    is_level = 453 in said.codes or "access this feature" in words or "access level" in words
    if action is not None and platform.is_self_serve(action) and not is_level:
        return of(_S.REFUSED_TARGET)
    if action is None:
        return of(_S.REFUSED_CAPABILITY, "X does not let this account read that (403)")
    return of(_S.REFUSED_CAPABILITY)


def _from_missing(said: _Said, of: _Make) -> Outcome:
    if said.resource in ("list", "tweet", "post"):
        return of(_S.UNKNOWN, f"X does not know this {said.resource.replace('tweet', 'post')}; check its id")
    if "endpoint not found" in said.words:
        return of(_S.UNKNOWN, "X has no such endpoint (404); check the address of X")
    if said.type == "resource-not-found" or "not find user" in said.words or said.codes & {34, 50}:
        return of(_S.SUSPENDED if "suspended" in said.words else _S.GONE)
    return of(_S.UNKNOWN, "X has no such endpoint (404); check the address of X")


def _problem_type(entry: Mapping[str, Any]) -> OutcomeType:
    # Suspended and missing accounts share one problem type: only the text differs.
    words = f"{_text(entry.get('title'))} {_text(entry.get('detail'))}".lower()
    if "suspended" in words:
        return _S.SUSPENDED
    kind = _last_part(entry.get("type"))
    if kind == "not-authorized-for-resource" or "not authorized" in words:
        return _S.REFUSED_TARGET
    if kind == "resource-not-found" or "could not find" in words:
        return _S.GONE
    return _S.UNKNOWN


def _said(body: Any) -> _Said:
    if not isinstance(body, dict):
        return _Said("", "", frozenset(), "")
    nested = body.get("errors")
    errors = [entry for entry in nested if isinstance(entry, dict)] if isinstance(nested, list) else []
    parts = [body, *errors]
    words = " ".join(
        _text(part.get(key)) for part in parts for key in ("title", "detail", "reason", "message") if part.get(key)
    ).lower()
    codes = frozenset(part["code"] for part in errors if isinstance(part.get("code"), int))
    kind = next((k for k in (_last_part(part.get("type")) for part in parts) if k), "")
    resource = next((r for r in (_text(part.get("resource_type")) for part in parts) if r), "")
    return _Said(kind, words, codes, resource.lower())


def _last_part(kind: Any) -> str:
    # The host of a problem type is api.twitter.com in old bodies, api.x.com in new ones.
    return _text(kind).rstrip("/").rpartition("/")[2].lower()


def _text(value: Any) -> str:
    return value[:2000] if isinstance(value, str) else ""
