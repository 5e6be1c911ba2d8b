"""Where an account of X signs in: the place its keys are kept, and the client they open.

Owns that bundle only; the command line makes it for a store, those who sign in use it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from followertui.x.keychain import Keychain
from followertui.x.protocol import XClient


@dataclass(frozen=True, slots=True)
class Door:
    """The way to X of one store.

    Attributes:
        keychain: where its keys are kept.
        base_url: address of X.
        client_of: makes a client of the keys it is given, for one check.
        stored: makes a client of the keys that are kept, whose token is renewed.
    """

    keychain: Keychain
    base_url: str
    client_of: Callable[[Mapping[str, str]], XClient]
    stored: Callable[[], XClient]
