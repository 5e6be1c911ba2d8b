"""The verbs that lead to X: signing in, reading lists, what it has cost. Free of Textual."""

from __future__ import annotations

from followertui.ui.command import Command, Need, Place

_LISTS = frozenset({Place.REVIEW, Place.CONFIRM})

X_COMMANDS = (
    Command(
        "x.sync",
        "read from X",
        "Read followers and following from X; the price comes first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("sync",),
    ),
    Command(
        "x.find",
        "find people on X",
        "Search X for people who are not here; the price comes first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("find",),
    ),
    Command(
        "x.leavers",
        "why they left",
        "Ask X why those who left did: unfollowed, suspended, gone or renamed; the price comes first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("leavers",),
    ),
    Command(
        "x.names",
        "names from X",
        "Ask X for the names of accounts known by id only; what is free and the price come first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("names",),
    ),
    Command(
        "x.profiles",
        "profiles from X",
        "Read the profiles of the marks, or of the view, from X again; the price comes first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("profiles", "refresh"),
    ),
    Command(
        "x.marks",
        "muted, blocked, lists",
        "Read from X whom you muted and blocked and who is on your lists; shown on the card, never proposed.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("muted", "blocked", "lists on x"),
    ),
    Command(
        "x.live",
        "watch X",
        "Watch follows and profile changes as they happen, until F6; the price comes first.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("live", "watch"),
    ),
    Command(
        "x.login",
        "sign in to X",
        "Sign in with your own X app, in the browser or with its four keys.",
        (),
        "go",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("login", "sign in", "auth"),
    ),
    Command(
        "x.costs", "costs of X", "What reading from X and calls to X have cost.", (), "go", _LISTS, (), 0, ("costs",)
    ),
)
