"""Plain values of engagement that screens and commands show.

Owns shapes only. Text in them is cleaned but still foreign. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.domain.engagement import StepAction
from followertui.services.values import RowCells


class DueLine(NamedTuple):
    """One thing due for one person.

    Attributes:
        id: its number; ``today done ID`` takes it.
        cells: whom it is about.
        playbook, step: name of the playbook, and of the step in it.
        title: of the playbook.
        action, object: what is to be done; a list on X or a colleague.
        worth: 0-100, higher comes first.
        days: for how many days it has been due; above 0 it was carried over.
        held: why it may not be done now, "" where it may.
    """

    id: int
    cells: RowCells
    playbook: str
    step: str
    title: str
    action: StepAction
    object: str
    worth: int
    days: int
    held: str


class Wording(NamedTuple):
    """What is sent where a step writes, and to which post.

    Attributes:
        skip: how many drafts on from the first.
        post: address or number of the post it answers, "" where none was named.
        shelf_id: the link to offer; None for the one that fits best.
        text: one's own words; None for the draft.
    """

    skip: int = 0
    post: str = ""
    shelf_id: int | None = None
    text: str | None = None


DRAFT = Wording()
"""The first draft, to no post in particular."""


class Composed(NamedTuple):
    """How a step is done: the page, what to do there, and the text to send.

    Attributes:
        item_id: number of what is due.
        url: a page on x.com, with the text filled in where X takes it.
        what_to_do: what to click there.
        text: the draft, "" where nothing is written.
        length: as X counts it; 0 without a text.
        variant, variants: which of how many drafts it is, from 0.
        shelf_id, shelf_title, why_link: the link it offers and why it fits, 0 and "" without one.
        problem: why this text cannot go out as it is, "" where it can.
        api: what it costs or why it does not go through the API, one line.
        is_own: whether the text is the person's own words.
        is_filled_in: whether the page has the text already; else it has to be pasted.
        again: when the person comes back, and who says so, one line; "" where nothing comes again.
    """

    item_id: int
    url: str
    what_to_do: str
    text: str
    length: int
    variant: int
    variants: int
    shelf_id: int
    shelf_title: str
    why_link: str
    problem: str
    api: str
    is_own: bool
    is_filled_in: bool
    again: str


class Today(NamedTuple):
    """What is due today.

    Attributes:
        ids: numbers of what is due, what is worth most first.
        carried: how many of them were due before today.
        answered: how many were done or skipped today.
        snoozed: how many come back later.
        notes: what the person should know, one line each.
    """

    ids: tuple[int, ...]
    carried: int
    answered: int
    snoozed: int
    notes: tuple[str, ...]


class PlaybookLine(NamedTuple):
    """One playbook in a list.

    Attributes:
        name, title, who: as in its file.
        is_on: whether it proposes anything.
        is_own: whether it was changed here.
        people: accounts it is for, now.
        due: what it has in Today.
        goal: what is aimed at, "" without one.
        engaged: people engaged in the goal's present stretch; without a goal in the last 90 days.
        problem: why it cannot be used, "" where it can.
    """

    name: str
    title: str
    who: str
    is_on: bool
    is_own: bool
    people: int
    due: int
    goal: str
    engaged: int
    problem: str


class Trial(NamedTuple):
    """What a playbook would propose today.

    Attributes:
        lines: (account, step, action, worth) of each, what is worth most first.
        held: why others get nothing today: reason and how many.
    """

    lines: tuple[tuple[RowCells, str, str, int], ...]
    held: tuple[tuple[str, int], ...]


class ShelfLine(NamedTuple):
    """One link of the shelf with what became of it.

    Attributes:
        id, url, title, topics, kinds, lang: as kept.
        window: from when until when, in words; "" for always.
        offered: people it was offered to.
        outcomes: kind of outcome -> people who came after the offer.
        by_link: kind of outcome -> how often, by the link's own campaign parameters, known or not.
    """

    id: int
    url: str
    title: str
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    lang: str
    window: str
    offered: int
    outcomes: dict[str, int]
    by_link: dict[str, int]


class Offered(NamedTuple):
    """One offer: whom, which link, when (epoch seconds UTC), the text."""

    handle: str
    shelf_id: int
    title: str
    at: int
    text: str
