"""The words of engagement: what a playbook's step does, and the states of what is due.

Owns the vocabulary only; ``engage`` has the rules. Stdlib only; anyone may import it.
"""

from __future__ import annotations

import re
from enum import Enum


class StepAction(str, Enum):
    """What one step of a playbook does."""

    FOLLOW = "follow"
    THANK = "thank"
    REPLY = "reply"
    OFFER = "offer"
    REPOST = "repost"
    MESSAGE = "message"
    LIST = "list"
    ASSIGN = "assign"
    WAIT = "wait"
    STOP = "stop"

    def __str__(self) -> str:
        return self.value


class DueState(str, Enum):
    """What became of something that was due."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    SNOOZED = "snoozed"
    LAPSED = "lapsed"

    def __str__(self) -> str:
        return self.value


class Start(str, Enum):
    """When a playbook begins for a person."""

    NEW_FOLLOWER = "new follower"
    FIRST_SIGHT = "first sight"

    def __str__(self) -> str:
        return self.value


TALKING: frozenset[StepAction] = frozenset(
    {StepAction.THANK, StepAction.REPLY, StepAction.OFFER, StepAction.REPOST, StepAction.MESSAGE}
)
"""Steps a person notices as being addressed: cool-down, cadence and do-not-contact hold them back."""

WRITING: frozenset[StepAction] = TALKING - {StepAction.REPOST}
"""Steps that send a text."""

SILENT_STEPS: frozenset[StepAction] = frozenset({StepAction.WAIT, StepAction.STOP})
"""Steps nobody does: they pass by themselves."""

INTERACTION_OF: dict[StepAction, str] = {
    StepAction.THANK: "mention",
    StepAction.REPLY: "reply",
    StepAction.OFFER: "offer",
    StepAction.REPOST: "repost",
    StepAction.MESSAGE: "message",
}
"""Step -> the kind of interaction that doing it leaves on the timeline."""

INBOUND = "inbound"
"""Kind of interaction: they wrote to us first, so a direct message may answer."""

POST_LENGTH = 280
"""Most weighted characters of a post."""

LINK_LENGTH = 23
"""What any link counts for, however long."""

_INTERVAL = re.compile(r"every ([1-9]\d{0,2}) days?")
MOST_DAYS = 730
"""The longest interval."""


INTERVAL_TAGS = "every "
"""How the names of such tags begin."""


def interval_tag(days: int) -> str:
    """The tag that sets the number of days between two contacts with a person."""
    return f"every {days} day{'' if days == 1 else 's'}"


def interval_of(tag: str) -> int:
    """Days that a tag such as "every 14 days" sets between two contacts with a person, 0 where it sets none."""
    found = _INTERVAL.fullmatch(tag.casefold())
    return int(found[1]) if found is not None and int(found[1]) <= MOST_DAYS else 0
