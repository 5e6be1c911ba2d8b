"""The verbs of the plan and of carrying it out by hand. Free of Textual."""

from __future__ import annotations

from followertui.ui.command import Command, Need, Place

_PLAN = frozenset({Place.PLAN})
_HAND = frozenset({Place.HAND})
_ROW = (Need.ROW, Need.WRITE)
_WRITE = (Need.WRITE,)

PLAN_VERBS = (
    Command(
        "plan.apply",
        "apply",
        "Carry the plan out: asks for the count, or goes by hand.",
        ("$", "F9"),
        "plan",
        _PLAN,
        (Need.READY, Need.WRITE, Need.IDLE),
        1,
    ),
    Command(
        "plan.hand",
        "by hand",
        "Carry out by hand, one click at a time.",
        ("h",),
        "plan",
        _PLAN,
        (Need.READY, Need.WRITE, Need.IDLE),
        2,
    ),
    Command(
        "plan.drop", "drop", "Take the marked items, or this one, out of the plan.", ("x",), "plan", _PLAN, _ROW, 3
    ),
    Command(
        "plan.back",
        "back now",
        "Bring what was put off back into the plan now: the marked items, or this one.",
        ("l",),
        "plan",
        _PLAN,
        _ROW,
    ),
    Command(
        "plan.compare",
        "compare",
        "Compare accounts that are held back because they are not compared yet.",
        ("m",),
        "plan",
        _PLAN,
        (Need.WRITE, Need.IDLE),
    ),
    Command(
        "plan.drop_part",
        "drop a part",
        "Take a whole part out of the plan: an action, or one of its reasons.",
        ("X",),
        "plan",
        _PLAN,
        _WRITE,
    ),
    Command(
        "plan.worst",
        "worst 300",
        "Carry out the worst 300 first and no more.",
        ("t",),
        "plan",
        _PLAN,
        (Need.READY, Need.WRITE, Need.IDLE),
    ),
    Command(
        "plan.stays",
        "why others stay",
        "Why the others you follow stay, and who they are.",
        ("y",),
        "plan",
        _PLAN,
    ),
    Command(
        "plan.list",
        "private list",
        "Put the marked ones, or this one, on a private list on X: chosen one by one, at most a day's cap.",
        ("L",),
        "plan",
        _PLAN,
        _ROW,
    ),
    Command(
        "plan.pace",
        "pace",
        "Caps, quiet hours and what was done today; quiet hours can be typed.",
        ("c",),
        "plan",
        _PLAN,
        _WRITE,
    ),
    Command(
        "plan.reverse",
        "take a batch back",
        "Choose a batch that was carried out; what takes it back becomes a plan.",
        ("B",),
        "plan",
        _PLAN,
        _WRITE,
    ),
    Command(
        "plan.checks",
        "house checks",
        "House checks and whether they hold; another one can be typed.",
        ("e",),
        "plan",
        _PLAN,
        _WRITE,
    ),
    Command("plan.leave", "review", "Back to the review.", ("p",), "plan", _PLAN, (), 5),
    Command("plan.group", "next action", "Show the next action's items.", ("tab",), "plan", _PLAN, (), 4),
)
HAND_VERBS = (
    Command(
        "hand.done", "done, next", "It is done; open the next.", ("d",), "by hand", _HAND, (Need.ROW, Need.WRITE), 1
    ),
    Command(
        "hand.later", "later", "Not now; it stays in the plan.", ("s",), "by hand", _HAND, (Need.ROW, Need.WRITE), 2
    ),
    Command(
        "hand.missing",
        "missing",
        "The account is not there any more.",
        ("m",),
        "by hand",
        _HAND,
        (Need.ROW, Need.WRITE),
        3,
    ),
    Command(
        "hand.five",
        "five at once",
        "Open the next five pages together, or one again; s and m mark the exceptions, then d records all.",
        ("5",),
        "by hand",
        _HAND,
        (Need.ROW, Need.WRITE),
        5,
    ),
    Command("hand.back", "back one", "Take the last answer back.", ("u",), "by hand", _HAND, _WRITE, 4),
)
