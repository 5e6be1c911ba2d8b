"""The state of the sandbox: accounts, relations, charges, calls.

Owns the mutable state and its JSON form. Profiles may be generated on demand, so that a million
accounts cost only an array of ids. Imported inside ``x.sandbox``, by the demo and by tests.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from followertui.domain.errors import BadInput
from followertui.x.platform import Access
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.grants import Grants
from followertui.x.sandbox.watches import Watches

Profile = dict[str, Any]
"""A user as X's v2 API returns it, in the ``tweet`` dialect; ``id`` is a string."""

CALLS_KEPT = 10_000
"""Number of calls kept in the log."""


@dataclass(frozen=True, slots=True)
class SandboxKeys:
    """Keys the sandbox accepts; they are valid nowhere else, so they may be printed."""

    consumer_key: str = "sandbox-consumer-key"
    consumer_secret: str = "sandbox-consumer-secret"
    access_token_secret: str = "sandbox-access-token-secret"
    bearer: str = "sandbox-bearer"
    app_bearer: str = "sandbox-app-bearer"

    def access_token(self, own_id: int) -> str:
        """The access token of an account: as on X, it begins with the account's id."""
        return f"{own_id}-sandbox-access-token"

    def environ(self, own_id: int, base_url: str) -> dict[str, str]:
        """Environment variables that make the program use this sandbox."""
        return {
            "FOLLOWERTUI_X_BASE_URL": base_url,
            "FOLLOWERTUI_X_CONSUMER_KEY": self.consumer_key,
            "FOLLOWERTUI_X_CONSUMER_SECRET": self.consumer_secret,
            "FOLLOWERTUI_X_ACCESS_TOKEN": self.access_token(own_id),
            "FOLLOWERTUI_X_ACCESS_TOKEN_SECRET": self.access_token_secret,
        }


@dataclass(slots=True)
class ListState:
    """One list of the own account.

    Attributes:
        id: X's id.
        name: its name.
        members: ids, oldest first.
    """

    id: int
    name: str
    members: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """Charges, in thousandths of a dollar so that sums are exact.

    Attributes:
        balance_mills: credits left, None for unlimited; may go slightly below 0, as on X.
        units: endpoint -> resources or requests charged.
        mills: endpoint -> charge.
        day: UTC day (ISO) of ``billed``.
        billed: accounts charged on that day: X charges the same one once a day.
    """

    balance_mills: int | None = None
    units: dict[str, int] = field(default_factory=dict)
    mills: dict[str, int] = field(default_factory=dict)
    day: str = ""
    billed: set[int] = field(default_factory=set)

    @property
    def spent_usd(self) -> float:
        """Dollars charged so far."""
        return sum(self.mills.values()) / 1000


@dataclass(slots=True)
class SandboxState:
    """The whole state of a sandbox.

    Attributes:
        own_id: the signed-in account.
        known: id -> profile of stored accounts; replaced as a whole when a handle changes.
        profiles: generates the profile of any other id, None for an unknown id.
        names: finds the id of a handle (lower case) among the generated accounts.
        written: the posts a generated account wrote, as X answers them, newest first.
        followers: distinct ids, newest first; replaced as a whole, never changed in place.
        following: ids, oldest first.
        muted, blocked: ids, oldest first.
        pending: follow requests to protected accounts.
        suspended, gone: ids X no longer shows.
        blocks_us: ids that refuse our follow.
        lists: own lists by id.
        posts: post objects by id.
        reposted: ids of posts the own account reposted.
        access: access level of the account.
        owns_app: whether own reads cost the owned price.
        dialect: field names in use: "tweet" or "post".
        limits: endpoint -> {"window" | "user_day" | "app_day": calls} instead of the published ones.
        windows: bucket -> [epoch second it began, calls].
        ledger: the charges.
        faults: scripted faults.
        skew_seconds: how far ``advance`` has moved the time where the clock itself cannot be set.
        calls: the last calls, oldest first: number, at (epoch), method, path, status.
        calls_made: calls ever.
        keys: the keys the sandbox accepts.
        grants: its OAuth2 sign-ins.
        watches: what its activity stream tells of, and what it told.
        recipe: what ``made`` needs to generate the same profiles again, saved with the state.
    """

    own_id: int
    known: dict[int, Profile] = field(default_factory=dict)
    profiles: Callable[[int], Profile | None] | None = None
    names: Callable[[str], int | None] | None = None
    written: Callable[[int], list[dict[str, Any]]] | None = None
    followers: array[int] = field(default_factory=lambda: array("q"))
    following: dict[int, None] = field(default_factory=dict)
    muted: dict[int, None] = field(default_factory=dict)
    blocked: dict[int, None] = field(default_factory=dict)
    pending: dict[int, None] = field(default_factory=dict)
    suspended: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    blocks_us: set[int] = field(default_factory=set)
    lists: dict[int, ListState] = field(default_factory=dict)
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    reposted: dict[int, None] = field(default_factory=dict)
    access: Access = Access.PAY_PER_USE
    owns_app: bool = True
    dialect: str = "tweet"
    limits: dict[str, dict[str, int]] = field(default_factory=dict)
    windows: dict[str, list[int]] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    faults: list[Fault] = field(default_factory=list)
    skew_seconds: float = 0.0
    calls: deque[tuple[int, int, str, str, int]] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    calls_made: int = 0
    keys: SandboxKeys = field(default_factory=SandboxKeys)
    grants: Grants = field(default_factory=Grants)
    watches: Watches = field(default_factory=Watches)
    recipe: dict[str, int] = field(default_factory=dict)
    _by_name: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _named: dict[int, Profile] | None = field(default=None, init=False, repr=False)
    _written: tuple[array[int], list[str]] | None = field(default=None, init=False, repr=False)
    _follower_set: frozenset[int] = field(default=frozenset(), init=False, repr=False)
    _counted: array[int] | None = field(default=None, init=False, repr=False)

    def profile(self, x_id: int) -> Profile | None:
        """The profile with an id, whatever its state; None where there never was one."""
        found = self.known.get(x_id)
        if found is None and self.profiles is not None:
            found = self.profiles(x_id)
        return found

    def shown(self, x_id: int) -> Profile | None:
        """The profile X would show: None for gone and suspended accounts."""
        return None if x_id in self.gone or x_id in self.suspended else self.profile(x_id)

    def follows_us(self, x_id: int) -> bool:
        """Whether an account is among the followers."""
        if self._counted is not self.followers:
            self._counted = self.followers
            self._follower_set = frozenset(self.followers)
        return x_id in self._follower_set

    def id_of_name(self, handle: str) -> int | None:
        """The id of a handle, in any case."""
        if self._named is not self.known or len(self._by_name) != len(self.known):
            self._named = self.known
            self._by_name = {str(user["username"]).lower(): x_id for x_id, user in self.known.items()}
        name = handle.lower()
        found = self._by_name.get(name)
        return self.names(name) if found is None and self.names is not None else found

    def posts_of(self, x_id: int) -> list[dict[str, Any]]:
        """What an account wrote, newest first: posts that are stored, and those generated for it."""
        found = [post for post in self.posts.values() if post.get("author_id") == str(x_id)]
        found += self.written(x_id) if self.written is not None else []
        return sorted(found, key=lambda post: -int(post["id"]))

    def _follower_texts(self) -> list[str]:
        """Ids of the followers as texts, made once for a list: every call is followed by a save."""
        kept = self._written
        if kept is None or kept[0] is not self.followers or len(kept[1]) != len(self.followers):
            kept = self._written = (self.followers, _texts(self.followers))
        return kept[1]

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values, without the generators, the faults and the call log."""
        return {
            "version": 1,
            "recipe": self.recipe,
            "own_id": str(self.own_id),
            "access": str(self.access),
            "owns_app": self.owns_app,
            "dialect": self.dialect,
            "known": [self.known[x_id] for x_id in self.known],
            "followers": self._follower_texts(),
            "following": _texts(self.following),
            "muted": _texts(self.muted),
            "blocked": _texts(self.blocked),
            "pending": _texts(self.pending),
            "suspended": _texts(sorted(self.suspended)),
            "gone": _texts(sorted(self.gone)),
            "blocks_us": _texts(sorted(self.blocks_us)),
            "lists": [{"id": str(i.id), "name": i.name, "members": _texts(i.members)} for i in self.lists.values()],
            "posts": list(self.posts.values()),
            "reposted": _texts(self.reposted),
            "limits": self.limits,
            "windows": self.windows,
            "skew_seconds": self.skew_seconds,
            "calls_made": self.calls_made,
            "grants": self.grants.to_json(),
            "ledger": {
                "balance_mills": self.ledger.balance_mills,
                "units": self.ledger.units,
                "mills": self.ledger.mills,
                "day": self.ledger.day,
                "billed": _texts(sorted(self.ledger.billed)),
            },
        }

    @staticmethod
    def from_json(
        data: Mapping[str, Any],
        profiles: Callable[[int], Profile | None] | None = None,
        names: Callable[[str], int | None] | None = None,
    ) -> SandboxState:
        """Read what ``to_json`` wrote.

        Args:
            data: JSON values.
            profiles: generates the profiles that are not stored, as when it was saved.
            names: finds their ids by handle.

        Raises:
            BadInput: the values are not a sandbox state.
        """
        try:
            return _read(data, profiles, names)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise BadInput("the sandbox state file cannot be read; delete it to start over") from None


def _read(
    data: Mapping[str, Any],
    profiles: Callable[[int], Profile | None] | None,
    names: Callable[[str], int | None] | None,
) -> SandboxState:
    ledger = data["ledger"]
    grants = Grants()
    grants.read(data.get("grants", {}))
    return SandboxState(
        own_id=int(data["own_id"]),
        recipe=dict(data["recipe"]),
        known={int(user["id"]): user for user in data["known"]},
        profiles=profiles,
        names=names,
        followers=array("q", map(int, data["followers"])),
        following=_ids(data["following"]),
        muted=_ids(data["muted"]),
        blocked=_ids(data["blocked"]),
        pending=_ids(data["pending"]),
        suspended=set(map(int, data["suspended"])),
        gone=set(map(int, data["gone"])),
        blocks_us=set(map(int, data["blocks_us"])),
        lists={int(i["id"]): ListState(int(i["id"]), i["name"], _ids(i["members"])) for i in data["lists"]},
        posts={int(post["id"]): post for post in data["posts"]},
        reposted=_ids(data["reposted"]),
        access=Access(data["access"]),
        owns_app=bool(data["owns_app"]),
        dialect=str(data["dialect"]),
        limits=data["limits"],
        windows=data["windows"],
        skew_seconds=float(data["skew_seconds"]),
        calls_made=int(data["calls_made"]),
        grants=grants,
        ledger=Ledger(
            ledger["balance_mills"], ledger["units"], ledger["mills"], ledger["day"], set(map(int, ledger["billed"]))
        ),
    )


def _texts(ids: Any) -> list[str]:
    return list(map(str, ids))


def _ids(texts: Any) -> dict[int, None]:
    return dict.fromkeys(map(int, texts))
