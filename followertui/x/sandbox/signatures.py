"""Verifies the keys of a request to the sandbox.

Owns the check of OAuth1 signatures and bearer tokens, done for real so that a client that signs
incorrectly is caught here. Imported inside ``x.sandbox`` only.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1
from urllib.parse import quote, unquote

from followertui.x.sandbox.state import SandboxState

_PAIR = re.compile(r'(\w+)="([^"]*)"')


def is_signed(
    state: SandboxState, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str], at: int
) -> bool:
    """Whether the keys are the sandbox's and the signature is valid for the request.

    Args:
        state: the sandbox, with its keys.
        method: GET, POST or DELETE.
        path: without the query.
        params: the query, decoded.
        headers: lower-case names; ``authorization`` and ``host`` are read.
        at: epoch seconds UTC.
    """
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        is_fixed = hmac.compare_digest(rest.encode(), state.keys.bearer.encode())
        return is_fixed or state.grants.scopes_of(rest, at) is not None
    if scheme != "OAuth":
        return False
    oauth = {unquote(name): unquote(value) for name, value in _PAIR.findall(rest)}
    signature = oauth.pop("oauth_signature", "")
    if oauth.get("oauth_consumer_key") != state.keys.consumer_key:
        return False
    if oauth.get("oauth_token") != state.keys.access_token(state.own_id):
        return False
    key = f"{_escaped(state.keys.consumer_secret)}&{_escaped(state.keys.access_token_secret)}".encode()
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in {**params, **oauth}.items())
    packed = "&".join(f"{name}={value}" for name, value in pairs)
    for protocol in ("http", "https"):
        url = f"{protocol}://{headers.get('host', '')}{path}"
        text = "&".join((method, _escaped(url), _escaped(packed)))
        # SHA-1 is what OAuth 1.0a prescribes. Source: RFC 5849, 3.4.2.
        expected = b64encode(hmac.new(key, text.encode(), sha1).digest()).decode()
        if hmac.compare_digest(expected.encode(), signature.encode()):
            return True
    return False


def is_app_token(state: SandboxState, headers: Mapping[str, str]) -> bool:
    """Whether a request carries the token of the app, which only a few endpoints take."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    return scheme == "Bearer" and hmac.compare_digest(rest.encode(), state.keys.app_bearer.encode())


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")
