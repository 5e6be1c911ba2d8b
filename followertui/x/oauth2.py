"""Signing in with OAuth 2 and PKCE: the page to open, its answer for tokens, a token for a fresh one.

Owns the three requests, and which of X's refusals is about the callback, the client or the token.
Does not wait for the browser (``callback``) nor keep what it gets (``tokens``).

Source: RFC 6749 and 7636; docs.x.com, OAuth 2.0 authorization code flow with PKCE.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.x.outcomes import no_answer, outcome_of
from followertui.x.platform import Platform
from followertui.x.protocol import Outcome, OutcomeType
from followertui.x.settings import is_loopback

if TYPE_CHECKING:
    from datetime import datetime

    import requests
    from requests.adapters import BaseAdapter

    from followertui.x import session
else:
    requests = late("requests")
    session = late("followertui.x.session")

TOKEN_PATH = "/2/oauth2/token"
REVOKE_PATH = "/2/oauth2/revoke"
AUTHORIZE_PATH = "/i/oauth2/authorize"


class Hitch(str, Enum):
    """What a sign-in failed for, as far as it changes what a person has to do."""

    CALLBACK = "callback"
    CLIENT = "client"
    DENIED = "denied"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


class SignInRefused(BadInput):
    """X does not sign in.

    Attributes:
        hitch: what it failed for.
        outcome: what the answer was, for those who may try again.
    """

    def __init__(self, hitch: Hitch, message: str, outcome: Outcome | None = None) -> None:
        super().__init__(message)
        self.hitch = hitch
        self.outcome = outcome or Outcome(OutcomeType.AUTH, message)


@dataclass(frozen=True, slots=True)
class App:
    """The developer app a person signs in with.

    Attributes:
        client_id: its OAuth 2 client id; no secret.
        client_secret: "" for a Native App, which has none.
        base_url: address of X's API.
    """

    client_id: str
    client_secret: str = field(default="", repr=False)
    base_url: str = ""


class Tokens(NamedTuple):
    """What X hands out; both tokens are secrets.

    Attributes:
        access_token: sent with every call.
        refresh_token: gets the next pair, once; "" where X gives none.
        expires_at: epoch seconds UTC at which the access token ends.
        scopes: what it may do.
    """

    access_token: str
    refresh_token: str
    expires_at: int
    scopes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at}, scopes={self.scopes})"


class Attempt:
    """One try to sign in: what is sent to the browser, and what its answer must match.

    Args:
        app: the developer app.
        redirect_uri: where X sends the browser afterwards, as registered with the app.
        scopes: what is asked for.
    """

    def __init__(self, app: App, redirect_uri: str, scopes: Sequence[str]) -> None:
        self.app = app
        self.redirect_uri = redirect_uri
        self.scopes = tuple(scopes)
        self._state = secrets.token_urlsafe(24)
        self._verifier = secrets.token_urlsafe(48)

    @property
    def url(self) -> str:
        """The page on which X asks the person."""
        platform = Platform.load()
        is_x = self.app.base_url == platform.api_url
        page = platform.authorize_url if is_x else f"{self.app.base_url}{AUTHORIZE_PATH}"
        challenge = urlsafe_b64encode(sha256(self._verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.app.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{page}?{urlencode(asked, quote_via=quote)}"

    def is_answered_by(self, params: Mapping[str, str]) -> bool:
        """Whether parameters of a callback answer this attempt and no other."""
        return hmac.compare_digest(params.get("state", "").encode(), self._state.encode())

    def code_of(self, params: Mapping[str, str]) -> str:
        """The code X gave the browser.

        Raises:
            SignInRefused: the person said no, or the answer is to another attempt.
        """
        if not self.is_answered_by(params):
            raise SignInRefused(Hitch.OTHER, "this answer belongs to another sign-in; start again")
        if params.get("error") == "access_denied":
            raise SignInRefused(Hitch.DENIED, "not signed in: it was declined on X's page")
        code = params.get("code", "")
        if not code:
            raise SignInRefused(Hitch.OTHER, "X's page ended without a sign-in; start again")
        return code

    def form(self, code: str) -> dict[str, str]:
        """What is sent in exchange for tokens."""
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self._verifier,
        }


class TokenClient:
    """Asks X for tokens; one try each, never waits for a rate limit.

    Args:
        app: the developer app, with the address of X.
        adapter: carries requests instead of the network; the demo's sandbox.
    """

    def __init__(self, app: App, adapter: BaseAdapter | None = None) -> None:
        self._app = app
        self._adapter = adapter

    def exchange(self, attempt: Attempt, code: str, now: datetime) -> Tokens:
        """Tokens for the code of an attempt.

        Args:
            attempt: what was asked.
            code: X's answer, good for 30 seconds.
            now: aware UTC.

        Raises:
            SignInRefused: X gives none.
        """
        given = self._post(TOKEN_PATH, attempt.form(code), now, attempt.redirect_uri)
        return _tokens(given, now, attempt.scopes)

    def refresh(self, refresh_token: str, scopes: Sequence[str], now: datetime) -> Tokens:
        """The next pair of tokens; the one given is spent.

        Args:
            refresh_token: of the last pair.
            scopes: of the last pair, where X does not repeat them.
            now: aware UTC.

        Raises:
            SignInRefused: X gives none; ``outcome`` says whether it may be tried again.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return _tokens(self._post(TOKEN_PATH, form, now), now, scopes, refresh_token)

    def revoke(self, token: str, now: datetime) -> None:
        """End a token at X.

        Raises:
            SignInRefused: X did not do it.
        """
        self._post(REVOKE_PATH, {"token": token}, now)

    def _post(self, path: str, form: Mapping[str, str], now: datetime, redirect_uri: str = "") -> Any:
        """Send a form; the body of a good answer."""
        is_local = is_loopback(self._app.base_url)
        headers, sent = {}, {**form, "client_id": self._app.client_id}
        if self._app.client_secret:
            pair = f"{quote(self._app.client_id, safe='')}:{quote(self._app.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        response, is_timeout = None, False
        with session.XSession(self._app.base_url, is_local) as http:
            if self._adapter is not None:
                http.mount(self._app.base_url, self._adapter)
            try:
                response = http.request("POST", f"{session.TWEEPY_HOST}{path}", data=sent, headers=headers)
            except requests.Timeout:
                is_timeout = True
            except (requests.RequestException, OSError, ValueError):
                pass
        # Raised outside the handlers: a chained exception would carry the request and its secrets.
        if response is None:
            outcome = no_answer(is_timeout)
            raise SignInRefused(Hitch.OTHER, outcome.message, outcome)
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = None
        if 200 <= response.status_code < 300 and isinstance(body, dict):
            return body
        raise _refusal(response.status_code, response.headers, body, now, redirect_uri)


def _refusal(status: int, headers: Mapping[str, str], body: Any, now: datetime, redirect_uri: str) -> SignInRefused:
    """What a refusal of the token endpoint is about."""
    said = body if isinstance(body, dict) else {}
    error, words = str(said.get("error", "")), str(said.get("error_description", "")).lower()
    if status in (400, 401, 403) and error:
        if "redirect" in words or "callback" in words:
            return SignInRefused(
                Hitch.CALLBACK,
                f"the app has another callback address: add exactly {redirect_uri} in console.x.com, then start again",
            )
        if error in ("invalid_client", "unauthorized_client") or "client id" in words:
            return SignInRefused(
                Hitch.CLIENT,
                "X does not know this client id, or wants its secret too; copy the OAuth 2.0 Client ID from "
                "console.x.com, and add --with-secret where the app is a Web App",
            )
        if redirect_uri:
            return SignInRefused(Hitch.EXPIRED, "the sign-in took too long or was used before; start again")
        return SignInRefused(
            Hitch.ELSEWHERE, "the sign-in has ended or was revoked; sign in again with: followertui auth login"
        )
    outcome = outcome_of(status, headers, body, now, Platform.load())
    if 200 <= status < 300:
        outcome = Outcome(OutcomeType.SERVER, "X answered with something other than tokens; try again", status)
    return SignInRefused(Hitch.OTHER, outcome.message, outcome)


def _tokens(body: Mapping[str, Any], now: datetime, scopes: Sequence[str], kept: str = "") -> Tokens:
    """The tokens of an answer.

    Raises:
        SignInRefused: it holds none.
    """
    access, refresh = body.get("access_token"), body.get("refresh_token") or kept
    if not isinstance(access, str) or not access or not isinstance(refresh, str):
        raise SignInRefused(
            Hitch.OTHER, "X answered without a token; try again",
            Outcome(OutcomeType.SERVER, "X answered without a token; try again", 200),
        )  # fmt: skip
    seconds = body.get("expires_in")
    lasting = int(seconds) if isinstance(seconds, (int, float)) and 0 < seconds < 1e9 else 7200
    granted = body.get("scope")
    return Tokens(
        access,
        refresh,
        int(now.timestamp()) + lasting,
        tuple(granted.split()) if isinstance(granted, str) else tuple(scopes),
    )
