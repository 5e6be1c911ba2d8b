"""The registry of commands: the one place that says which verbs there are.

Owns ids, titles, help, keys, where a verb applies and what it needs. Bindings, palette,
footer, help, the ``keys`` command, the README's key table and the keymap check are made
from it. Free of Textual, so the command line can import it.
"""

from __future__ import annotations

from followertui.ui.command import WHY_NOT, Command, Need, Place
from followertui.ui.palette_commands import ACTING, CARE, SEARCHING
from followertui.ui.plan_commands import HAND_VERBS, PLAN_VERBS
from followertui.ui.session_commands import SESSION_COMMANDS
from followertui.ui.today_commands import TODAY_VERBS
from followertui.ui.x_commands import X_COMMANDS

__all__ = [
    "COMMANDS",
    "GROUPS",
    "PROGRAM_COMMANDS",
    "Command",
    "Need",
    "Place",
    "commands_at",
    "footer_of",
    "named",
    "why_not",
]


_REVIEW = frozenset({Place.REVIEW})
_CONFIRM = frozenset({Place.CONFIRM})
_LISTS = frozenset({Place.REVIEW, Place.CONFIRM})
_TABLES = frozenset({Place.REVIEW, Place.CONFIRM, Place.PLAN, Place.TODAY})
_ALL = frozenset(Place)
_ROW = (Need.ROW, Need.WRITE)
_WRITE = (Need.WRITE,)

GROUPS: tuple[str, ...] = (
    "decide",
    "confirm",
    "who and what",
    "mark",
    "look",
    "move",
    "go",
    "plan",
    "plan more",
    "by hand",
    "today",
    "files",
    "program",
)
"""Headings, in the order help shows them."""

_DECIDE = (
    Command(
        "suggest", "as suggested", "Decide what the card suggests.", ("y",), "decide", _REVIEW, _ROW, 1, ("accept",)
    ),
    Command("keep", "keep", "Keep, for ever; guards against pruning.", ("a",), "decide", _LISTS, _ROW, 2),
    Command(
        "out", "out", "Take out: plans an unfollow where we follow.", ("x",), "decide", _LISTS, _ROW, 3, ("prune",)
    ),
    Command("follow", "follow", "Plan to follow.", ("f",), "decide", _LISTS, _ROW, 4),
    Command("engage", "engage", "Worth talking to.", ("e",), "decide", _LISTS, _ROW, 5),
    Command("later", "later", "Not now; comes back after seven days.", ("s",), "decide", _REVIEW, _ROW, 6),
    Command("undecide", "undecided", "Take the decision back.", ("backspace",), "decide", _LISTS, _ROW),
    Command(
        "repeat",
        "repeat",
        "Do the last decision, kind or tag again here.",
        (".",),
        "decide",
        _LISTS,
        (Need.ROW, Need.WRITE, Need.REPEAT),
    ),
    Command(
        "undo",
        "undo",
        "Take the last gesture back, without end and across restarts.",
        ("u", "z"),
        "decide",
        _TABLES,
        _WRITE,
        9,
    ),
    Command("redo", "redo", "Do again what was undone.", ("U", "ctrl+r", "Z"), "decide", _TABLES, _WRITE),
    Command(
        "match.yes",
        "yes, it is",
        "Confirm the match.",
        ("y",),
        "confirm",
        _CONFIRM,
        (Need.MATCH, Need.WRITE),
        -3,
        ("confirm",),
    ),
    Command(
        "match.no", "no", "Reject the match.", ("n",), "confirm", _CONFIRM, (Need.MATCH, Need.WRITE), -2, ("reject",)
    ),
    Command(
        "match.unsure",
        "not sure",
        "Leave the match open and go on.",
        ("s",),
        "confirm",
        _CONFIRM,
        (Need.MATCH,),
        -1,
        ("unsure",),
    ),
    Command(
        "match.refuse",
        "not their words",
        "Say that the words this match rests on are not this company or person, for every account.",
        ("N",),
        "confirm",
        _CONFIRM,
        (Need.MATCH, Need.WRITE),
        0,
        ("refuse", "clause"),
    ),
    Command(
        "match.next", "next match", "Look at the account's next match.", ("tab",), "confirm", _CONFIRM, (Need.MATCH,)
    ),
)
_WHO = (
    Command("kind", "kind", "Say who this is: c, then a letter.", ("c",), "who and what", _LISTS, _ROW, 7),
    Command(
        "tag", "tag", "Add or remove tags; NAME=3 binds a tag to a digit.", ("t",), "who and what", _LISTS, _ROW, 8
    ),
    Command("note", "note", "Write a note; with marks, a line to each.", ("n",), "who and what", _REVIEW, _ROW),
    Command(
        "release",
        "release",
        "Release the account under the cursor from its guard.",
        ("R",),
        "who and what",
        _LISTS | {Place.PLAN},
        _ROW,
    ),
)
_MARK = (
    Command("mark", "mark", "Mark the row and move on.", ("space",), "mark", _TABLES, (Need.ROW,), 12),
    Command(
        "range",
        "range",
        "Mark from here to wherever the cursor goes; v again ends it.",
        ("v",),
        "mark",
        _TABLES,
        (Need.ROW,),
    ),
    Command("mark.all", "all in view", "Mark all rows in view.", ("*", "ctrl+a"), "mark", _TABLES, (Need.ROW,)),
    Command(
        "alike",
        "all like this",
        "Mark all rows in view that are like this one.",
        ("=", "m"),
        "mark",
        _LISTS,
        (Need.ROW,),
    ),
    Command("invert", "invert", "Turn the marks of all rows in view over.", ("~", "i"), "mark", _TABLES, (Need.ROW,)),
    Command(
        "count",
        "count by",
        "Count the marks, or the view, by a field and mark from there.",
        ("#", "b"),
        "mark",
        _TABLES,
    ),
    Command(
        "sample",
        "sample",
        "Look at 20 random ones of the marks, or of the view.",
        ("%", "r"),
        "mark",
        _LISTS | {Place.PLAN},
        (Need.ROW,),
    ),
    Command(
        "escape",
        "clear",
        "Leave what is open; pressed twice clears the marks.",
        ("escape",),
        "mark",
        _TABLES,
    ),
)
_LOOK = (
    Command(
        "filter",
        "filter",
        "Filter the queue; Enter or Esc returns to the rows.",
        ("/",),
        "look",
        _LISTS,
        (),
        13,
        ("query",),
    ),
    Command("sort", "sort", "Sort the view by a field.", ("S",), "look", _LISTS),
    Command(
        "columns",
        "columns",
        "Choose the columns and their order; without a choice they choose themselves.",
        ("C",),
        "look",
        _LISTS,
    ),
    Command("card", "whole card", "All that is known of the account.", ("enter",), "look", _TABLES, (Need.ROW,), 14),
    Command(
        "open", "open on X", "Open the profile on X; the link is shown too.", ("o",), "look", _ALL, (Need.ROW,), 17
    ),
    Command("copy", "copy link", "Copy the profile's link.", ("O",), "look", _ALL, (Need.ROW,)),
)
_MOVE = (
    Command("move.down", "down", "One row down.", ("j", "down"), "move", _TABLES),
    Command("move.up", "up", "One row up.", ("k", "up"), "move", _TABLES),
    Command("move.page_down", "page down", "One page down.", ("pagedown", "ctrl+f"), "move", _TABLES),
    Command("move.page_up", "page up", "One page up.", ("pageup", "ctrl+b"), "move", _TABLES),
    Command("move.top", "first row", "To the first row.", ("g", "home"), "move", _TABLES),
    Command("move.bottom", "last row", "To the last row.", ("G", "end"), "move", _TABLES),
)
_GO = (
    Command("queue.next", "next queue", "To the next queue.", ("]", "F8", "right"), "go", _TABLES),
    Command("queue.previous", "previous queue", "To the queue before.", ("[", "F7", "left"), "go", _TABLES),
    Command(
        "queue.choose",
        "queues and views",
        "Choose a queue or a saved view by name.",
        ("'", "l"),
        "go",
        _LISTS,
        (),
        0,
        ("queue", "view"),
    ),
    Command("view.save", "save view", "Save the filter as a view.", ("W",), "go", _LISTS, _WRITE),
    Command("view.drop", "drop view", "Drop a saved view; its rows stay.", (), "go", _LISTS, _WRITE),
    Command("plan", "plan", "To the plan: what still has to be carried out.", ("p",), "go", _LISTS, (), 11),
    Command(
        "report", "report", "What the followers are worth; every count opens its rows.", ("F2",), "go", _TABLES, (), 10
    ),
    Command(
        "since", "since", "Who that matters came or left since you moved on.", ("F3",), "go", _TABLES, (), 0, ("week",)
    ),
    Command(
        "draw",
        "random looks",
        "Draw 50 followers at random to look at, or go on with those that wait: they make an estimate.",
        (),
        "go",
        _LISTS,
        _WRITE,
        0,
        ("draw",),
    ),
    Command("journal", "journal", "What was done, newest first.", ("J",), "go", _TABLES),
    Command("import", "bring files in", "Import an archive, an export or a list.", ("I",), "go", _LISTS, _WRITE),
    Command("import.decisions", "import decisions", "Bring back a sheet or whitelist.", (), "go", _LISTS, _WRITE),
    Command(
        "about", "about us", "Who we are: names, domains, handles, competitors, market.", ("A",), "go", _LISTS, _WRITE
    ),
    Command("palette", "palette", "Every verb by name; also :q, :37, :@handle.", (":", "ctrl+p"), "go", _ALL, (), 15),
    Command("help", "help", "Keys and words.", ("?", "F1"), "go", _ALL, (), 16),
    Command("back", "back", "Back; quits from the first screen.", ("q",), "go", _ALL),
)
_PROGRAM = (
    Command("theme", "themes", "Choose a theme.", ("T",), "program", _TABLES),
    Command(
        "settings",
        "settings",
        "Your settings, keys included, and what decides figures.",
        ("F4",),
        "program",
        _TABLES,
        (),
        0,
        ("preferences", "config"),
    ),
    Command(
        "redact",
        "mask names",
        "Mask names, handles and bios while the screen is shared; again shows them.",
        (),
        "program",
        _TABLES,
        (),
        0,
        ("redact", "share"),
    ),
    Command("reload", "reload", "Read the view and all counts again.", ("F5",), "program", _TABLES),
    Command(
        "match.run",
        "match again",
        "Compare every account with every list.",
        (),
        "program",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("match",),
    ),
    Command(
        "judge.run",
        "judge again",
        "Judge every account again.",
        (),
        "program",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("judge",),
    ),
    Command(
        "rest.run",
        "compare and judge the rest",
        "Go on with accounts that are not compared or judged yet.",
        (),
        "program",
        _LISTS,
        (Need.WRITE, Need.IDLE),
        0,
        ("rest", "catch up"),
    ),
    Command(
        "demo.week",
        "demo next week",
        "Let a week pass in the demo.",
        (),
        "program",
        _TABLES,
        (Need.DEMO, Need.WRITE, Need.IDLE),
        0,
        ("next week",),
    ),
    Command(
        "stop",
        "stop the job",
        "Stop what runs at its next safe point; what was done stays. Where nothing runs, go on with what waits for X.",
        ("F6",),
        "program",
        _ALL,
        (Need.JOB,),
    ),
    Command(
        "suspend",
        "suspend",
        "Back to the shell for now; fg comes back here.",
        ("ctrl+z",),
        "program",
        _ALL,
    ),
    Command(
        "quit",
        "quit",
        "Leave the program; you come back where you were.",
        ("ctrl+q",),
        "program",
        _ALL,
        (),
        0,
        ("q", "exit"),
    ),
)

_REVIEWING = (*_DECIDE, *_WHO, *_MARK, *_LOOK, *_MOVE, *_GO)
COMMANDS: dict[str, Command] = {
    command.id: command
    for command in (
        *_REVIEWING,
        *SESSION_COMMANDS,
        *X_COMMANDS,
        *PLAN_VERBS,
        *ACTING,
        *HAND_VERBS,
        *TODAY_VERBS,
        *CARE,
        *SEARCHING,
        *_PROGRAM,
    )
}
"""Id -> command, in the order help shows them."""


PROGRAM_COMMANDS = frozenset({"stop", "suspend"})
"""Commands whose keys work everywhere: on every screen, over a dialog, in the middle of typing."""


def why_not(command: Command, present: frozenset[Need]) -> str:
    """Why a command cannot run now, or "" if it can.

    Args:
        command: the verb.
        present: what there is.

    Returns:
        One line for the person.
    """
    for need in command.needs:
        if need not in present:
            return f"{command.title}: {WHY_NOT[need]}"
    return ""


def commands_at(place: Place) -> list[Command]:
    """Commands that apply at a place, in the order of the registry."""
    return [command for command in COMMANDS.values() if place in command.where]


def footer_of(place: Place) -> list[Command]:
    """Commands the footer shows at a place, most wanted first."""
    shown = [command for command in commands_at(place) if command.footer]
    return sorted(shown, key=lambda command: command.footer)


def named(text: str) -> Command | None:
    """The command a person means by an id, a title or another name, or None."""
    wanted = " ".join(text.lower().split())
    for command in COMMANDS.values():
        if wanted in (command.id, command.title, *command.words):
            return command
    return None
