"""What X's answers to reads teach about this account, and how it is told.

Owns the words; the rule when a refusal counts is ``x.capabilities``. A refused read costs nothing, so
it may be tried again whenever a person asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from followertui.domain.decision import ActionKind
from followertui.services.session import Session
from followertui.store.file import settings
from followertui.x.capabilities import Capabilities
from followertui.x.platform import Can, Capability
from followertui.x.protocol import Outcome, OutcomeType

READS: dict[str, str] = {
    "followers": "read followers",
    "following": "read following",
    "users_by_ids": "look accounts up by id",
    "users_by_names": "look accounts up by handle",
    "users_search": "search for people",
    "muting": "read whom you muted",
    "blocking": "read whom you blocked",
    "owned_lists": "read your lists",
    "list_members": "read who is on a list",
    "activity_stream": "watch follows as they happen",
    "credits": "ask for the credit left",
}
"""Endpoint of a read -> what a person calls it."""

DONE = Outcome(OutcomeType.DONE, "done")


def known(session: Session) -> Capabilities:
    """What the account may do, as published and as learned."""
    kept = settings.CAPABILITIES.read(session.store)
    return Capabilities.from_json(json.dumps(kept)) if kept else Capabilities()


def note_read(session: Session, endpoint: str, outcome: Outcome) -> None:
    """Keep what an answer to a read shows, if it shows anything new."""
    if endpoint not in READS:
        return
    before = known(session)
    after = before.learn_read(endpoint, outcome, session.clock.now())
    if after is not before:
        settings.CAPABILITIES.write(session.store, json.loads(after.to_json()))


def refusal_lines(session: Session, endpoint: str) -> list[str]:
    """What to say before a read that X refused to this account, nothing otherwise."""
    found = known(session).of_read(endpoint)
    if found.can is not Can.NO:
        return []
    return [f"{found.reason} ({found.as_of[:10]}): it may fail again, which costs nothing"]


def capabilities(session: Session) -> Iterator[tuple[str, Capability]]:
    """Every kind of call in plain words and whether it can be made, actions first."""
    found = known(session)
    for action in ActionKind:
        if found.platform.endpoint_of(action) is not None:
            yield str(action), found.of(action)
    for endpoint, words in READS.items():
        yield words, found.of_read(endpoint)
