"""The activity stream of the sandbox: what is subscribed to, and what was told.

Owns that state. Imported inside
``x.sandbox`` only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST_SUBSCRIPTIONS = 1500
"""What X allows a self-serve account."""

_FIRST_NUMBER = 1_800_000_000_000_000_000


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
