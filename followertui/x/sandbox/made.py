"""Generated accounts for a sandbox of any size, created on demand.

Owns a simple audience, enough to try the program against; the demo has its own, richer one.
The same seed gives the same accounts.
"""

from __future__ import annotations

import json
import re
from array import array
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput
from followertui.x.platform import Access
from followertui.x.sandbox import written
from followertui.x.sandbox.state import Profile, SandboxState

OWN_ID = 900_000_000_001
FIRST_ID = 1_000_000_000_000

_FIRST = [
    "Ada",
    "Bo",
    "Carmen",
    "Dmitri",
    "Elif",
    "Femi",
    "Grace",
    "Hana",
    "Ivo",
    "Jia",
    "Kwame",
    "Lena",
    "Mateo",
    "Nadia",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sven",
    "Tomas",
]
_LAST = [
    "Abe",
    "Berg",
    "Costa",
    "Diaz",
    "Eze",
    "Fox",
    "Grau",
    "Haddad",
    "Ito",
    "Jung",
    "Kaya",
    "Lund",
    "Moreau",
    "Novak",
    "Okafor",
    "Park",
    "Ruiz",
    "Silva",
    "Tan",
    "Weber",
]
_WORK = ("engineer at", "marketing for", "founder of", "buyer at", "head of sales,", "analyst,")
_FIRMS = ("Northlake Tools", "Brightfield", "Osmo Works", "Harbor & Pine", "Kiteline", "Vantor Labs")
_PLACES = ("Lisbon", "Austin", "Nairobi", "Osaka", "Berlin", "")
_NAME = re.compile(r"made_([0-9]{1,9})")
_LATEST_POST = datetime(2026, 11, 20, tzinfo=UTC)


class MadeAccounts:
    """A number of generated accounts, by id or by handle.

    Args:
        accounts: number of accounts.
        seed: selects the audience.
    """

    def __init__(self, accounts: int, seed: int = 0) -> None:
        self.accounts = accounts
        self.seed = seed

    def profile(self, x_id: int) -> Profile | None:
        """The profile with an id, None outside the audience."""
        number = x_id - FIRST_ID
        if not 0 <= number < self.accounts:
            return None
        dice = _dice(number + self.seed * 1_000_003)
        silent_days = (dice >> 8) % 1500
        posted_at = int(_LATEST_POST.timestamp()) - silent_days * 86_400
        place = _PLACES[(dice >> 32) % len(_PLACES)]
        profile: Profile = {
            "id": str(x_id),
            "name": f"{_FIRST[dice % len(_FIRST)]} {_LAST[(dice >> 16) % len(_LAST)]}",
            "username": f"made_{number}",
            "created_at": f"{2008 + (dice >> 20) % 17}-{1 + (dice >> 24) % 12:02d}-11T09:30:00.000Z",
            "description": f"{_WORK[(dice >> 28) % len(_WORK)]} {_FIRMS[(dice >> 36) % len(_FIRMS)]}",
            "public_metrics": {
                "followers_count": (dice >> 12) % 9_000,
                "following_count": (dice >> 40) % 5_000,
                "tweet_count": (dice >> 44) % 20_000,
                "listed_count": (dice >> 48) % 60,
            },
            "protected": (dice >> 52) % 25 == 0,
            "verified": (dice >> 54) % 12 == 0,
            "verified_type": "blue" if (dice >> 54) % 12 == 0 else "none",
            "most_recent_tweet_id": str(written.number(posted_at)),
            "profile_image_url": "https://pbs.twimg.com/profile_images/1/made_normal.jpg",
            "receives_your_dm": (dice >> 58) % 4 == 0,
        }
        return {**profile, "location": place} if place else profile

    def written(self, x_id: int) -> list[dict[str, Any]]:
        """The posts of an account, newest first; every second one is of the trade."""
        profile = self.profile(x_id)
        if profile is None:
            return []
        return written.posts(x_id, written.moment(int(profile["most_recent_tweet_id"])), is_trade=x_id % 2 == 0)

    def named(self, handle: str) -> int | None:
        """The id of a handle (lower case), None outside the audience."""
        found = _NAME.fullmatch(handle)
        return FIRST_ID + int(found[1]) if found and int(found[1]) < self.accounts else None


def made_state(
    accounts: int, access: Access = Access.PAY_PER_USE, seed: int = 0, credit_usd: float | None = None
) -> SandboxState:
    """A sandbox with generated accounts: four in five follow, two in five are followed.

    Args:
        accounts: number of accounts.
        access: access level of the own account.
        seed: selects the audience.
        credit_usd: credits in dollars, None for unlimited.
    """
    made = MadeAccounts(accounts, seed)
    ids = range(FIRST_ID, FIRST_ID + accounts)
    state = SandboxState(own_id=OWN_ID, profiles=made.profile, names=made.named, written=made.written, access=access)
    state.recipe = {"accounts": accounts, "seed": seed}
    state.known[OWN_ID] = {
        "id": str(OWN_ID),
        "name": "Sandbox Company",
        "username": "sandbox_co",
        "created_at": "2015-03-02T10:00:00.000Z",
        "public_metrics": {"tweet_count": 4_211, "listed_count": 12},
    }
    state.followers = array("q", (x_id for number, x_id in enumerate(ids) if number % 5))
    state.following = {x_id: None for number, x_id in enumerate(ids) if number % 5 in (0, 1)}
    if credit_usd is not None:
        state.ledger.balance_mills = round(credit_usd * 1000)
    return state


def opened_state(path: Path, accounts: int, access: Access = Access.PAY_PER_USE, seed: int = 0) -> SandboxState:
    """The sandbox of a state file, with the same generated profiles; a new one where there is no file.

    Args:
        path: the state file; ``server`` writes it.
        accounts: for a new one.
        access: access level of the own account, for a new and an old one.
        seed: for a new one.

    Raises:
        BadInput: the file is not a sandbox state.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        made = MadeAccounts(int(data["recipe"]["accounts"]), int(data["recipe"]["seed"]))
    except FileNotFoundError:
        return made_state(accounts, access, seed)
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{path.name} is not a sandbox state; choose another --state file or delete it") from None
    state = SandboxState.from_json(data, made.profile, made.named)
    state.written = made.written
    state.access = access
    return state


def _dice(number: int) -> int:
    """A 64-bit hash of a number. Source: the finalizer of SplitMix64."""
    mask = 2**64 - 1
    mixed = (number + 1) * 0x9E3779B97F4A7C15 & mask
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & mask
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & mask
    return mixed ^ mixed >> 31
