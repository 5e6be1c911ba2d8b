"""Address and keys of X, from the environment.

Owns validating address and keys, and keeps secrets out of every text. Does not own where the
keys of signed-in users are stored.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from followertui.domain.clock import Clock, FileClock, SystemClock
from followertui.domain.errors import BadInput
from followertui.x.platform import Platform

_KEY = re.compile(r"[!-~]+")
_KEYS = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")


@dataclass(frozen=True, slots=True, repr=False)
class XSettings:
    """The address of X and the keys of one account.

    Attributes:
        base_url: https address, or http on a loopback host; no path.
        consumer_key, consumer_secret, access_token, access_token_secret: OAuth1, all or none.
        bearer: an OAuth2 user token; used without OAuth1 keys.
        account_id: id of its account where it is known, since the token does not tell it.
        clock_file: time shared by app and sandbox; honoured only with a loopback address.
    """

    base_url: str
    consumer_key: str = ""
    consumer_secret: str = ""
    access_token: str = ""
    access_token_secret: str = ""
    bearer: str = ""
    account_id: str = ""
    clock_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuse invalid addresses and keys.

        Raises:
            BadInput: the address is unsafe, or a key has spaces or non-ASCII characters.
        """
        object.__setattr__(self, "base_url", checked_url(self.base_url))
        if not all(_KEY.fullmatch(secret) for secret in self.secrets):
            raise BadInput("a key of X has spaces or characters no key has; copy it from console.x.com again")

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> XSettings:
        """Settings from ``FOLLOWERTUI_X_*`` and ``FOLLOWERTUI_CLOCK_FILE``.

        Raises:
            BadInput: the address is unsafe or the OAuth1 keys are incomplete.
        """
        base_url = environ.get("FOLLOWERTUI_X_BASE_URL", "").strip() or Platform.load().api_url
        keys = {name: environ.get(f"FOLLOWERTUI_X_{name}", "").strip() for name in _KEYS}
        missing = [f"FOLLOWERTUI_X_{name}" for name, value in keys.items() if not value]
        if missing and len(missing) < len(_KEYS):
            raise BadInput(f"The X keys in the environment are incomplete; set {' and '.join(missing)} too")
        clock_file = environ.get("FOLLOWERTUI_CLOCK_FILE", "").strip()
        return XSettings(
            base_url=base_url,
            consumer_key=keys["CONSUMER_KEY"],
            consumer_secret=keys["CONSUMER_SECRET"],
            access_token=keys["ACCESS_TOKEN"],
            access_token_secret=keys["ACCESS_TOKEN_SECRET"],
            bearer=environ.get("FOLLOWERTUI_X_BEARER", "").strip(),
            clock_file=Path(clock_file) if clock_file else None,
        )

    def with_keys(self, keys: Mapping[str, str]) -> XSettings:
        """The same address with other keys.

        Args:
            keys: field of this class -> key; others are left out.

        Raises:
            BadInput: a key has spaces or characters no key has.
        """
        return replace(
            self,
            consumer_key=keys.get("consumer_key", ""),
            consumer_secret=keys.get("consumer_secret", ""),
            access_token=keys.get("access_token", ""),
            access_token_secret=keys.get("access_token_secret", ""),
            bearer=keys.get("bearer", ""),
            account_id=keys.get("account_id", ""),
        )

    @property
    def has_oauth1(self) -> bool:
        """Whether there are OAuth1 keys."""
        return bool(self.access_token)

    @property
    def is_signed_in(self) -> bool:
        """Whether there are keys of either kind."""
        return self.has_oauth1 or bool(self.bearer)

    @property
    def is_sandbox(self) -> bool:
        """Whether the address is on this machine, so that nothing costs money."""
        return is_loopback(self.base_url)

    @property
    def own_id(self) -> int | None:
        """The signed-in account's id where the keys tell it, else None."""
        head, dash, _ = self.access_token.partition("-")
        found = head if dash else self.account_id
        return int(found) if found.isascii() and found.isdigit() and len(found) <= 19 else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that must never be shown, longest first."""
        named = (self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret, self.bearer)
        return tuple(sorted((text for text in named if text), key=len, reverse=True))

    def clock(self, zone: tzinfo | None = None) -> Clock:
        """The clock shared with the sandbox where there is one, else the machine's.

        Args:
            zone: the person's; None for the machine's.
        """
        return FileClock(self.clock_file, zone) if self.clock_file and self.is_sandbox else SystemClock(zone)

    def __repr__(self) -> str:
        keys = "OAuth1 keys" if self.has_oauth1 else "OAuth2 token" if self.bearer else "no keys"
        return f"XSettings({self.base_url}, {keys})"


def checked_url(url: str) -> str:
    """A valid address of X, without a trailing slash.

    Raises:
        BadInput: it is neither https nor http on this machine, or has a user name, path or query.
    """
    try:
        parts = urlsplit(url)
        is_plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
        is_named = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        is_plain = is_named = False
    if not (is_plain and is_named):
        raise BadInput("FOLLOWERTUI_X_BASE_URL must be an address such as https://api.x.com or http://127.0.0.1:8123")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)):
        return f"{parts.scheme}://{parts.netloc}"
    raise BadInput("FOLLOWERTUI_X_BASE_URL must begin with https:// (http:// only on this machine)")


def is_loopback(url: str) -> bool:
    """Whether a host is this machine (loopback)."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
