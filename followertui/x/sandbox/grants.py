"""Sign-ins of the sandbox: its page, its codes, its tokens, as X hands them out and ends them.

Owns the OAuth 2 endpoints and what they keep. The person always agrees. Imported inside
``x.sandbox`` only.

Source: RFC 6749, 7636, 7009; docs.x.com, OAuth 2.0 (a code lives 30 s, a token two hours, a refresh
token is good for one use).
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

CODE_SECONDS = 30
TOKEN_SECONDS = 7200


class Grant(NamedTuple):
    """A code or token: what it is good for, and until when (epoch seconds UTC, 0 for ever)."""

    scopes: tuple[str, ...]
    until: int
    redirect_uri: str = ""
    challenge: str = ""


@dataclass(slots=True)
class Grants:
    """Everything the sandbox has handed out.

    Attributes:
        client_id: the app it knows.
        client_secret: "" where the app is a Native App.
        callbacks: addresses registered with the app; empty for any of this machine.
        prefix: what every token begins with.
        codes, access, refresh: by code or token.
        refreshed: how often a pair was exchanged for the next.
    """

    client_id: str = "sandbox-client"
    client_secret: str = ""
    callbacks: tuple[str, ...] = ()
    prefix: str = "sandbox"
    codes: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)
    refreshed: int = 0

    def scopes_of(self, token: str, at: int) -> tuple[str, ...] | None:
        """What an access token may do at a time, None where it is not valid."""
        found = self.access.get(token)
        return found.scopes if found is not None and found.until > at else None

    def to_json(self) -> dict[str, Any]:
        """The tokens as JSON values."""
        return {name: {key: list(grant) for key, grant in getattr(self, name).items()} for name in _KEPT}

    def read(self, data: Mapping[str, Any]) -> None:
        """Take in what ``to_json`` wrote."""
        for name in _KEPT:
            setattr(self, name, {key: _grant(value) for key, value in data.get(name, {}).items()})


class Given(NamedTuple):
    """An answer: status, JSON body, headers."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


_KEPT = ("access", "refresh")


def _grant(value: list[Any]) -> Grant:
    scopes, until, redirect_uri, challenge = value
    return Grant(tuple(map(str, scopes)), int(until), str(redirect_uri), str(challenge))


def authorize(grants: Grants, params: Mapping[str, str], at: int) -> Given:
    """The page on which a person agrees; sends the browser back with a code."""
    redirect_uri = params.get("redirect_uri", "")
    is_known = params.get("client_id") == grants.client_id and params.get("response_type") == "code"
    if not is_known or not _is_registered(grants, redirect_uri) or params.get("code_challenge_method") != "S256":
        # As on X, the person sees "Something went wrong" and the browser is sent nowhere.
        return _error(400, "invalid_request", "Something went wrong. You weren't able to give access to the App.")
    code = f"{grants.prefix}-code-{secrets.token_hex(8)}"
    scopes = tuple(params.get("scope", "").split())
    grants.codes[code] = Grant(scopes, at + CODE_SECONDS, redirect_uri, params.get("code_challenge", ""))
    answer = urlencode({"state": params.get("state", ""), "code": code})
    return Given(302, {}, {"location": f"{redirect_uri}?{answer}"})


def token(grants: Grants, headers: Mapping[str, str], body: bytes, at: int) -> Given:
    """A code or a refresh token for a pair of tokens; each is good once."""
    form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
    refused = _refuse_client(grants, headers, form)
    if refused is not None:
        return refused
    if form.get("grant_type") == "refresh_token":
        spent = grants.refresh.pop(form.get("refresh_token", ""), None)
        if spent is None:
            return _error(400, "invalid_request", "Value passed for the token was invalid.")
        grants.refreshed += 1
        return _pair(grants, spent.scopes, at)
    found = grants.codes.pop(form.get("code", ""), None)
    if found is None or found.until <= at:
        return _error(400, "invalid_request", "Value passed for the authorization code was invalid.")
    if form.get("redirect_uri") != found.redirect_uri:
        return _error(
            400, "invalid_request", "Value passed for the redirect uri did not match the uri of the authorization code."
        )
    digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
    if not hmac.compare_digest(digest.encode(), found.challenge.encode()):
        return _error(400, "invalid_request", "Value passed for the code verifier did not match the code challenge.")
    return _pair(grants, found.scopes, at)


def revoke(grants: Grants, headers: Mapping[str, str], body: bytes) -> Given:
    """End a token, and the one that came with it."""
    form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
    refused = _refuse_client(grants, headers, form)
    if refused is not None:
        return refused
    name = form.get("token", "")
    if grants.access.pop(name, None):
        return Given(200, {"revoked": True}, {})
    if grants.refresh.pop(name, None):
        # The access tokens it was exchanged for end with it.
        grants.access.clear()
        return Given(200, {"revoked": True}, {})
    return _error(400, "invalid_request", "Value passed for the token was invalid.")


def _pair(grants: Grants, scopes: tuple[str, ...], at: int) -> Given:
    access, refresh = (f"{grants.prefix}-{name}-{secrets.token_hex(8)}" for name in ("access", "refresh"))
    grants.access[access] = Grant(scopes, at + TOKEN_SECONDS)
    body = {"token_type": "bearer", "expires_in": TOKEN_SECONDS, "access_token": access, "scope": " ".join(scopes)}
    if "offline.access" in scopes:
        grants.refresh[refresh] = Grant(scopes, 0)
        body["refresh_token"] = refresh
    return Given(200, body, {})


def _refuse_client(grants: Grants, headers: Mapping[str, str], form: Mapping[str, str]) -> Given | None:
    """The refusal of an app that does not say who it is; None where it does."""
    if not grants.client_secret:
        if form.get("client_id") == grants.client_id:
            return None
        return _error(400, "invalid_request", "Value passed for the client id was invalid.")
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    try:
        pair = b64decode(rest).decode().partition(":") if scheme == "Basic" else ("", "", "")
    except ValueError:
        pair = ("", "", "")
    if (unquote(pair[0]), unquote(pair[2])) == (grants.client_id, grants.client_secret):
        return None
    return _error(401, "unauthorized_client", "Missing valid authorization header")


def _is_registered(grants: Grants, redirect_uri: str) -> bool:
    if grants.callbacks:
        return redirect_uri in grants.callbacks
    return urlsplit(redirect_uri).hostname == "127.0.0.1"


def _error(status: int, error: str, description: str) -> Given:
    return Given(status, {"error": error, "error_description": description}, {})
