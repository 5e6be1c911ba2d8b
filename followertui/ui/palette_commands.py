"""Verbs that have no key: the palette offers them by name, and a person's keymap may give them one.

Owns their entries of the registry; ``commands`` puts them together with the others.
"""

from __future__ import annotations

from followertui.ui.command import Command, Need, Place

_LISTS = frozenset({Place.REVIEW, Place.CONFIRM})
_TABLES = frozenset({Place.REVIEW, Place.CONFIRM, Place.PLAN})
_ROW = (Need.ROW, Need.WRITE)

ACTING = (
    Command("act.mute", "mute", "Plan to mute the marks, or this account.", (), "plan more", _LISTS, _ROW),
    Command("act.unmute", "unmute", "Plan to unmute the marks, or this account.", (), "plan more", _LISTS, _ROW),
    Command(
        "act.remove_follower",
        "remove follower",
        "Plan to remove them from our followers; by hand on X.",
        (),
        "plan more",
        _LISTS,
        _ROW,
    ),
    Command("act.block", "block", "Plan to block the marks, or this account.", (), "plan more", _LISTS, _ROW),
    Command(
        "act.report", "report to X", "Plan to report the marks, or this account, to X.", (), "plan more", _LISTS, _ROW
    ),
    Command("act.list_add", "add to list", "Plan to add them to one of our lists on X.", (), "plan more", _LISTS, _ROW),
    Command(
        "act.list_remove",
        "take off list",
        "Plan to take them off one of our lists on X.",
        (),
        "plan more",
        _LISTS,
        _ROW,
    ),
    Command("act.repost", "repost", "Plan to repost one post; the account says whose.", (), "plan more", _LISTS, _ROW),
)
"""Actions on X that no decision plans."""

CARE = (
    Command(
        "worksheet",
        "worksheet",
        "Write the plan as a file of links to click; bring files in reads a CSV's answers.",
        (),
        "files",
        _TABLES,
    ),
    Command("backup", "backup", "Copy the store into a file.", (), "files", _TABLES),
    Command(
        "handover",
        "handover",
        "What the next person has to know: plans, releases, what is put off and due.",
        (),
        "files",
        _TABLES,
        (),
        0,
        ("hand over",),
    ),
    Command(
        "merge",
        "merge a copy",
        "Take a colleague's decisions back from a copy of this store.",
        (),
        "files",
        _LISTS,
        (Need.WRITE, Need.IDLE),
    ),
    Command(
        "export",
        "export",
        "Write every account into a file: JSON, JSONL or CSV.",
        (),
        "files",
        _TABLES,
        (),
        0,
        ("csv",),
    ),
    Command(
        "doctor",
        "doctor",
        "Check the store: the file, its place, work that did not finish.",
        (),
        "files",
        _TABLES,
        (),
        0,
        ("check",),
    ),
)
"""Verbs about the store as a file."""

SEARCHING = (
    Command(
        "candidates",
        "who is missing",
        "Accounts here that could be entries of a list nobody was matched with.",
        (),
        "go",
        _LISTS,
        (Need.IDLE,),
        0,
        ("candidates", "discover"),
    ),
)
"""Verbs that look for those who are missing."""
