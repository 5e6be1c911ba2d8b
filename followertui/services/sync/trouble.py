"""The last reason X's door stayed shut, kept for ``doctor``: the app, its permission, its callback, the keys.

Owns that one note. It is written where X refuses keys and removed where it takes them.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.services.session import Session
from followertui.store.file import settings
from followertui.x.protocol import Outcome, OutcomeType


class Trouble(NamedTuple):
    """What X refused the keys for.

    Attributes:
        what: one word, such as "callback" or "keys".
        text: one line that says what to do.
        at: epoch seconds UTC.
    """

    what: str
    text: str
    at: int


def note(session: Session, what: str, text: str) -> None:
    """Keep a reason instead of the one kept before; nothing on a store that cannot be written."""
    if not session.store.is_read_only:
        settings.SIGN_IN_TROUBLE.write(session.store, Trouble(what, text, session.now)._asdict())


def note_outcome(session: Session, outcome: Outcome) -> None:
    """Keep what an answer says of the keys, if it says anything."""
    if outcome.type is OutcomeType.AUTH:
        note(session, "keys", outcome.message)


def forget(session: Session) -> None:
    """X took the keys."""
    if settings.SIGN_IN_TROUBLE.read(session.store):
        settings.SIGN_IN_TROUBLE.write(session.store, {})


def last(session: Session) -> Trouble | None:
    """The reason kept, None where X took the keys since."""
    kept = settings.SIGN_IN_TROUBLE.read(session.store)
    return Trouble(**kept) if set(kept) == set(Trouble._fields) else None
