"""Verbs of a review session: looking back, what came of it, blind looks, when to stop, marks by query, reminders.

Owns their entries of the registry; ``commands`` puts them together with the others.
"""

from __future__ import annotations

from followertui.ui.command import Command, Need, Place

_ROW = (Need.ROW, Need.WRITE)
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
        "remind",
        "remind me",
        "Put it off until a day you name; later alone comes back after seven days.",
        ("d",),
        "decide",
        _LISTS,
        _ROW,
        0,
        ("later until", "reminder"),
    ),
    Command(
        "blind",
        "judge blind",
        "Hide names and pictures' signs, then bios, then nothing; looks made meanwhile record it.",
        ("B",),
        "look",
        _LISTS,
        (),
        0,
        ("hide",),
    ),
    Command(
        "enough",
        "enough looked at?",
        "How sure the share of qualified followers is, what more random looks would bring, when to stop.",
        (),
        "go",
        _LISTS,
        (),
        0,
        ("stop rule", "outlook"),
    ),
    Command(
        "mark.query",
        "mark by query",
        "Mark the rows in view that a query finds; the view stays as it is.",
        ("M", "w"),
        "mark",
        _LISTS,
        (Need.ROW,),
    ),
    Command(
        "view.manage",
        "views",
        "Order, hide and rename saved views, and tag everyone who enters one.",
        ("V",),
        "go",
        _LISTS,
        (),
        0,
        ("manage views", "rules"),
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
