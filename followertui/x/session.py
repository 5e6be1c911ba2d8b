"""The requests session under tweepy: right host, timeouts, no redirects, no leaks.

Owns what tweepy hard-codes or leaves out. Imports requests and tweepy, so ``client`` loads
it only when X is really called.
"""

from __future__ import annotations

import logging
from typing import Any

import requests

TWEEPY_HOST = "https://api.twitter.com"
"""What tweepy 4.17 puts before every route, hard-coded in ``Client.request``."""

TIMEOUT_SECONDS = (5.0, 60.0)
"""Seconds to connect, and between two bytes of the answer; tweepy sets none and could hang forever."""

_TALKATIVE = (
    "tweepy.client",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
    "oauthlib.oauth2.rfc6749.clients.base",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "requests_oauthlib.oauth2_session",
)
"""Loggers that write keys, tokens or signatures at DEBUG."""


class _KeepSecrets(logging.Filter):
    """Drops log records below WARNING: they contain headers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is a warning or worse, which the libraries write without headers."""
        return record.levelno >= logging.WARNING


_KEEP_SECRETS = _KeepSecrets()


def keep_logs_clean() -> None:
    """Make the libraries' loggers drop records that contain secrets, at any level."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if _KEEP_SECRETS not in logger.filters:
            logger.addFilter(_KEEP_SECRETS)


class XSession(requests.Session):
    """A session that talks to one address only and remembers the last answer.

    Attributes:
        last: the answer to the last request, None before the first.

    Args:
        base_url: address of X, without a trailing slash.
        is_local: whether that is this machine; proxies are not used then.
    """

    def __init__(self, base_url: str, is_local: bool) -> None:
        super().__init__()
        self.base_url = base_url
        self.last: requests.Response | None = None
        self.trust_env = not is_local

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send one request to ``base_url`` instead of tweepy's host; before OAuth1 signs it.

        Raises:
            requests.RequestException: there was no answer.
        """
        self.last = None
        route = str(url)
        if not route.startswith(f"{TWEEPY_HOST}/"):
            raise requests.exceptions.InvalidURL("refused: not an address of X")
        options.setdefault("timeout", TIMEOUT_SECONDS)
        # X's API never redirects; following one could carry the keys to another host.
        options["allow_redirects"] = False
        # An explicit auth keeps requests from replacing the token with a .netrc password.
        options["auth"] = options.get("auth") or _as_it_is
        self.last = super().request(method, self.base_url + route.removeprefix(TWEEPY_HOST), *args, **options)
        return self.last


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared
