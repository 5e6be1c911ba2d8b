"""The activity stream of the sandbox: what is subscribed to, what happened, what was told.

Owns that state and the shape of an event, as X's OpenAPI 2.167 describes it. Imported inside
``x.sandbox`` only.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from followertui.x.sandbox.state import SandboxState

MOST_SUBSCRIPTIONS = 1500
"""What X allows a self-serve account."""

_FIRST_NUMBER = 1_800_000_000_000_000_000
_FIELDS = {
    "profile.update.bio": "description",
    "profile.update.screenname": "name",
    "profile.update.handle": "username",
    "profile.update.url": "url",
    "profile.update.geo": "location",
}
"""Event -> the field of a profile it is about."""


@dataclass(slots=True)
class Reading:
    """One open stream: which connection it is, and the next event to tell."""

    connection: int
    place: int


@dataclass(slots=True)
class Watches:
    """What the stream tells of and told.

    Attributes:
        subscriptions: by number, as X describes them.
        events: (epoch seconds, event), oldest first.
        connection: number of the stream that is open; another number ends it.
        made: numbers given so far.
    """

    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    connection: int = 0
    made: int = 0

    def number(self) -> str:
        """A number nothing else has."""
        self.made += 1
        return str(_FIRST_NUMBER + self.made)

    def subscribe(self, kind: str, user: str, direction: str) -> dict[str, Any]:
        """A new subscription."""
        named = {"user_id": user, **({"direction": direction} if direction else {})}
        number = self.number()
        made: dict[str, Any] = {"subscription_id": number, "event_type": kind, "filter": named, "tag": "followertui"}
        self.subscriptions[number] = made
        return made

    def filter_of(self, kind: str, user: str) -> dict[str, Any] | None:
        """The filter of the subscription an event belongs to, None where nobody asked for it."""
        for each in self.subscriptions.values():
            if each["event_type"] == kind and each["filter"]["user_id"] == user:
                return dict(each["filter"])
        return None

    def open(self, since: int) -> Reading:
        """A stream that begins with what happened since a moment, epoch seconds UTC; it ends any other."""
        self.connection += 1
        place = next((at for at, (moment, _) in enumerate(self.events) if moment >= since), len(self.events))
        return Reading(self.connection, place)

    def next(self, reading: Reading) -> list[dict[str, Any]]:
        """What happened since the last call."""
        found = [event for _, event in self.events[reading.place :]]
        reading.place = len(self.events)
        return found


def tell(state: SandboxState, kind: str, user: str, said: Mapping[str, Any], at: int) -> dict[str, Any] | None:
    """Let something happen, and tell it where it is subscribed to.

    Args:
        state: the sandbox; followers and profiles change.
        kind: as X calls it.
        user: id of who follows us, no longer does, or whose profile changes.
        said: ``after``: what the profile says now; ``again``: the same event a second time.
        at: epoch seconds UTC.

    Returns:
        The event, None where there is no such account.
    """
    watches = state.watches
    if said.get("again") and watches.events:
        watches.events.append((at, watches.events[-1][1]))
        return watches.events[-1][1]
    if not user.isdigit() or state.profile(int(user)) is None:
        return None
    x_id, own = int(user), str(state.own_id)
    profile = dict(state.profile(x_id) or {})
    if kind in ("follow.follow", "follow.unfollow"):
        others = [one for one in state.followers if one != x_id]
        state.followers = array("q", [x_id, *others] if kind == "follow.follow" else others)
        names = {"id", "name", "username", "description", "public_metrics", "location", "created_at"}
        payload: dict[str, Any] = {
            "source": {name: value for name, value in profile.items() if name in names},
            "target": {"id": own},
        }
        subject = own
    elif kind in _FIELDS:
        after = str(said.get("after", ""))
        payload = {"before": str(profile.get(_FIELDS[kind], "")), "after": after}
        state.known = {**state.known, x_id: {**profile, _FIELDS[kind]: after}}
        subject = user
    else:
        return None
    named = watches.filter_of(kind, subject)
    event = {
        "event_type": kind,
        "event_uuid": watches.number(),
        "filter": named,
        "payload": payload,
        "tag": "followertui",
    }
    if named is not None:
        watches.events.append((at, event))
    return event
