"""The verbs of Today, and those of the review that engage people. Free of Textual."""

from __future__ import annotations

from followertui.ui.command import Command, Need, Place

_TODAY = frozenset({Place.TODAY})
_LISTS = frozenset({Place.REVIEW, Place.CONFIRM})
_EVERYWHERE = frozenset({Place.REVIEW, Place.CONFIRM, Place.TODAY})
_ROW = (Need.ROW, Need.WRITE)

TODAY_VERBS = (
    Command("today", "today", "To Today: what your playbooks propose.", ("F9",), "go", _LISTS),
    Command(
        "today.do",
        "do it",
        "Open the page on X with the draft filled in, or the draft copied; you press the button there.",
        ("e",),
        "today",
        _TODAY,
        _ROW,
        1,
    ),
    Command("today.done", "done", "It is done: record it and go on.", ("d",), "today", _TODAY, _ROW, 2),
    Command("today.snooze", "tomorrow", "Not today; it comes back tomorrow.", ("s",), "today", _TODAY, _ROW, 3),
    Command("today.skip", "skip", "Leave this step out; the playbook goes on.", ("x",), "today", _TODAY, _ROW, 4),
    Command("today.draft", "next draft", "Show the next draft.", ("tab",), "today", _TODAY, (Need.ROW,), 5),
    Command("today.text", "own words", "Change the text before it goes out.", ("t",), "today", _TODAY, _ROW),
    Command(
        "today.post",
        "which post",
        "Say which post it answers: the page opens as a reply.",
        ("P",),
        "today",
        _TODAY,
        _ROW,
    ),
    Command("today.link", "other link", "Offer another link of the shelf.", ("L",), "today", _TODAY, _ROW),
    Command(
        "today.plan",
        "into the plan",
        "Put a follow, repost or list into the plan, to be carried out there.",
        ("p",),
        "today",
        _TODAY,
        _ROW,
    ),
    Command("today.later", "snooze for", "Put it off for some days.", ("S",), "today", _TODAY, _ROW),
    Command("today.leave", "review", "Back to the review.", ("F9",), "today", _TODAY),
    Command("playbooks", "playbooks", "Your playbooks: look, try, turn on or off, edit.", ("F10",), "go", _EVERYWHERE),
    Command(
        "shelf.add",
        "add a link",
        "Put a link on the shelf; it is stored, never fetched.",
        (),
        "go",
        _EVERYWHERE,
        (Need.WRITE,),
        0,
        ("shelf",),
    ),
    Command(
        "shelf.import",
        "import links",
        "Put every link of a file on the shelf: CSV, or a saved feed.",
        (),
        "go",
        _EVERYWHERE,
        (Need.WRITE,),
    ),
    Command(
        "shelf.title",
        "title of a link",
        "Ask a link's site what its page is called; this leaves your machine, and is asked first.",
        (),
        "go",
        _EVERYWHERE,
        (Need.WRITE,),
    ),
    Command("shelf.drop", "drop a link", "Take a link off the shelf.", (), "go", _EVERYWHERE, (Need.WRITE,)),
    Command(
        "contact.never",
        "do not contact",
        "Never contact them, by any playbook; again takes your own word back.",
        ("X",),
        "who and what",
        _EVERYWHERE,
        _ROW,
        0,
        ("do-not-contact", "opt out"),
    ),
    Command(
        "contact.wrote",
        "wrote first",
        "They wrote to you first: a direct message may answer.",
        ("D",),
        "who and what",
        _EVERYWHERE,
        _ROW,
    ),
    Command(
        "contact.every",
        "how often",
        "How often they come back into Today, in days, whatever their playbook says.",
        ("E",),
        "who and what",
        _EVERYWHERE,
        _ROW,
        0,
        ("interval", "cadence"),
    ),
    Command(
        "contact.engaged",
        "engaged",
        "Note that you talked with them by other ways; it counts for cadence and goals.",
        (),
        "who and what",
        _LISTS,
        _ROW,
        0,
        ("talked",),
    ),
)
"""Verbs of Today, playbooks, shelf and contacts."""
