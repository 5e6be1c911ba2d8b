"""The access token of an OAuth 2 sign-in, always a valid one.

Owns when a pair of tokens is exchanged for the next: under a lock all processes of this machine
share, because X takes a refresh token once, and kept before it is used. Imported inside ``x`` and
by those who make the client.
"""

from __future__ import annotations

from collections.abc import Mapping

from followertui.domain.clock import Clock
from followertui.x.keychain import Keychain
from followertui.x.oauth2 import Hitch, SignInRefused, TokenClient, Tokens

EARLY_SECONDS = 90
"""A token is renewed this long before it ends, so that no call is under way then."""


def as_keys(tokens: Tokens, client_id: str, client_secret: str = "", account_id: str = "") -> dict[str, str]:
    """What a keychain keeps of a sign-in."""
    return {
        "bearer": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": str(tokens.expires_at),
        "scopes": " ".join(tokens.scopes),
        "client_id": client_id,
        "client_secret": client_secret,
        "account_id": account_id,
    }


def expires_at(keys: Mapping[str, str]) -> int | None:
    """When the access token ends, epoch seconds UTC; None where it does not say."""
    text = keys.get("expires_at", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else None


class TokenKeeper:
    """Gives the access token that is valid now.

    Args:
        keychain: where the tokens are kept.
        asks: asks X for the next pair.
        clock: the time.
    """

    def __init__(self, keychain: Keychain, asks: TokenClient, clock: Clock) -> None:
        self._keychain = keychain
        self._asks = asks
        self._clock = clock
        self._keys = keychain.load()

    def bearer(self) -> str:
        """The access token, renewed where it ends soon.

        Raises:
            SignInRefused: X gives no other.
        """
        ends = expires_at(self._keys)
        if ends is not None and ends - self._clock.now().timestamp() < EARLY_SECONDS:
            return self.renewed(self._keys.get("bearer", ""))
        return self._keys.get("bearer", "")

    def renewed(self, refused: str) -> str:
        """An access token other than one that X refused or that ends.

        Args:
            refused: that token; another process may have renewed it meanwhile.

        Raises:
            SignInRefused: X gives no other.
        """
        with self._keychain.locked():
            self._keys = self._keychain.load()
            if self._keys.get("bearer", "") != refused:
                return self._keys.get("bearer", "")
            spent = self._keys.get("refresh_token", "")
            if not spent:
                raise SignInRefused(
                    Hitch.ELSEWHERE, "the sign-in has ended; sign in again with: followertui auth login"
                )
            fresh = self._asks.refresh(spent, self._keys.get("scopes", "").split(), self._clock.now())
            self._keys = {
                **self._keys,
                "bearer": fresh.access_token,
                "refresh_token": fresh.refresh_token,
                "expires_at": str(fresh.expires_at),
                "scopes": " ".join(fresh.scopes),
            }
            self._keychain.save(self._keys)
        return fresh.access_token
