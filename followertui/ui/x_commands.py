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
