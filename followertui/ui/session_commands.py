"""Verbs of a review session: looking back, what came of it, blind looks, when to stop, marks by query, reminders.

Owns their entries of the registry; ``commands`` puts them together with the others.
"""

from __future__ import annotations

from followertui.ui.command import Command, Place

_LISTS = frozenset({Place.REVIEW, Place.CONFIRM})

SESSION_COMMANDS = (
    Command(
        "last",
        "last decisions",
        "Look back on the last twenty decisions, and change them by the keys that made them.",
        (",",),
        "decide",
        _LISTS,
        (),
        0,
        ("recent",),
    ),
    Command(
        "session",
        "this session",
        "What came of this session: decided, how fast, how often as suggested, what is left.",
        ("H",),
        "go",
        _LISTS,
        (),
        0,
        ("summary",),
    ),
)
"""Verbs of one review session."""
