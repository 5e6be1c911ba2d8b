"""The shelf: links added one by one or from a file, what was offered, and what came of it.

Owns the gestures on the shelf; each import is one. An address is stored; its page is asked for on purpose only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from followertui.domain.clock import DAY
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.guards import OUTCOMES
from followertui.domain.kind import KIND_ORDER, UNKNOWN_KINDS
from followertui.engage.shelf_item import clean_address
from followertui.late import late
from followertui.services.engage.values import Offered, ShelfLine
from followertui.services.phrases import counted, day
from followertui.services.session import Session
from followertui.sources.shelf_files import FoundLink, read_links
from followertui.store.audience import pages
from followertui.store.decisions import shelf
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import SHELF
from followertui.text.cleaning import clean_text

if TYPE_CHECKING:
    from followertui.x import web_pages
else:
    web_pages = late("followertui.x.web_pages")

_KINDS = tuple(kind.value for kind in KIND_ORDER if kind not in UNKNOWN_KINDS)


class Shelved(NamedTuple):
    """What an import of links did: one line, and what it left out (line, reason)."""

    text: str
    problems: tuple[tuple[int, str], ...]


def add(
    session: Session,
    url: str,
    title: str = "",
    topics: Sequence[str] = (),
    kinds: Sequence[str] = (),
    lang: str = "",
    from_at: int | None = None,
    until_at: int | None = None,
) -> str:
    """Put a link on the shelf; it is stored, never fetched. Returns one line.

    Raises:
        BadInput: it is no address, or no such kind.
        NothingToDo: it stands there already.
    """
    link = FoundLink(0, url, title, "", tuple(topics), tuple(kinds), lang, from_at, until_at)
    with session.store.write():
        known = shelf.known_addresses(session.store)
        number = known.get(clean_address(url))
        if number is not None and any(one.id == number for one in shelf.links(session.store)):
            raise NothingToDo(f"this link stands on the shelf already, with the number {number}")
        value = _value(session, link, "")
        number = number or shelf.next_number(session.store)
        session.journal.gesture("shelf.add", [Change(SHELF, [number], value)], session.now, text="shelf: 1 link added")
    return f"link {number} is on the shelf; it was stored, not fetched"


def import_file(session: Session, path: Path) -> Shelved:
    """Put every link of a file on the shelf, as one gesture: CSV, a saved RSS or Atom feed, JSON Feed.

    Raises:
        BadInput: the file is none of these, or holds no link.
    """
    found = read_links(path)
    problems = list(found.problems)
    added = 0
    with session.store.write():
        known = shelf.known_addresses(session.store)
        there = {link.id for link in shelf.links(session.store)}
        number = shelf.next_number(session.store)
        changes: list[Change] = []
        for link in found.links:
            try:
                value = _value(session, link, found.name)
            except BadInput as error:
                problems.append((link.line, str(error)))
                continue
            address = str(value[0])
            if known.get(address) in there:
                continue
            given = known.get(address) or number
            number += given == number
            known[address] = given
            there.add(given)
            changes.append(Change(SHELF, [given], value))
            added += 1
        if changes:
            text = f"shelf: {counted(added, 'link')} added from {found.name}"
            session.journal.gesture("shelf.import", changes, session.now, text=text)
    same = len(found.links) - added - (len(problems) - len(found.problems))
    line = f"{counted(added, 'link')} added from {found.name}"
    line += f" · {same:,} on the shelf already" if same else ""
    line += f" · {len(problems):,} left out" if problems else ""
    return Shelved(line, tuple(sorted(problems)))


def _value(session: Session, link: FoundLink, source: str) -> tuple[object, ...]:
    """A link as the shelf keeps it.

    Raises:
        BadInput: it is no address, or no such kind.
    """
    wrong = [kind for kind in link.kinds if kind not in _KINDS]
    if wrong:
        raise BadInput(f'no kind is called "{wrong[0]}"; there are {", ".join(_KINDS)}')
    topics = [clean_text(topic, limit=60).strip().lower() for topic in link.topics]
    return (
        clean_address(link.url),
        clean_text(link.title, limit=200).strip(),
        clean_text(link.summary, limit=500).strip(),
        json.dumps(list(dict.fromkeys(topic for topic in topics if topic)), ensure_ascii=False),
        json.dumps(list(dict.fromkeys(link.kinds))),
        clean_text(link.lang, limit=12).strip().lower(),
        link.from_at,
        link.until_at,
        source,
        session.now,
        None,
    )


def fetch_title(session: Session, number: int) -> str:
    """Ask a link's site what the page calls itself, and keep it as the title; this leaves the machine.

    Returns:
        One line.

    Raises:
        BadInput: there is no such link, or its site does not answer with a page.
        NothingToDo: the page has no title, or the link has it already.
    """
    link = shelf.link(session.store, number)
    if link is None:
        raise BadInput(f"no link with the number {number} is on the shelf; `followertui shelf list` lists them")
    title = web_pages.title_of(link.url)
    if not title or title == link.title:
        raise NothingToDo(f"link {number}: the page {'has no title' if not title else 'is called so already'}")
    with session.store.write() as con:
        value = SHELF.read(con, [number])[number]
        if value is None:
            raise BadInput(f"link {number}: was taken off the shelf meanwhile")
        change = Change(SHELF, [number], (value[0], title, *value[2:]))
        session.journal.gesture("shelf.title", [change], session.now, text=f"shelf: title of link {number}")
    return f'link {number} is called "{title}" now'


def leaves_for(session: Session, number: int) -> str:
    """Which site is asked for a link's title, in one line; said before ``fetch_title``."""
    link = shelf.link(session.store, number)
    site = urlsplit(link.url).hostname if link is not None else None
    return f"this leaves your machine: {site or 'the site'} is asked for its page, and sees your address"


def drop(session: Session, numbers: Sequence[int]) -> str:
    """Take links off the shelf; what was offered stays known. Returns one line.

    Raises:
        BadInput: a number is none of the shelf.
    """
    with session.store.write() as con:
        there = {link.id for link in shelf.links(session.store)}
        missing = [number for number in numbers if number not in there]
        if missing:
            raise BadInput(f"no link with the number {missing[0]} is on the shelf; `followertui shelf list` lists them")
        values = SHELF.read(con, numbers)
        changes = [Change(SHELF, [key], (*(value or ())[:-1], session.now)) for key, value in values.items()]
        text = f"shelf: {counted(len(changes), 'link')} dropped"
        session.journal.gesture("shelf.drop", changes, session.now, text=text)
    return f"{counted(len(changes), 'link')} dropped; who was offered them stays known"


def lines(session: Session) -> list[ShelfLine]:
    """The shelf with what each link brought, newest first."""
    brought = shelf.brought(session.store, OUTCOMES, shelf.OUTCOME_DAYS)
    results = shelf.results(session.store)
    found = []
    for link in shelf.links(session.store):
        done = brought.get(link.id)
        window = " - ".join(filter(None, (day(link.from_at, session.zone), day(link.until_at, session.zone))))
        if link.from_at is None and link.until_at is not None:
            window = f"until {window}"
        elif link.from_at is not None and link.until_at is None:
            window = f"from {window}"
        found.append(
            ShelfLine(
                link.id,
                link.url,
                link.title,
                link.topics,
                link.kinds,
                link.lang,
                window,
                done.offered if done else 0,
                done.outcomes if done else {},
                shelf.in_all(results.get(link.id, {})),
            )
        )
    return found


def offers(session: Session, limit: int = 200) -> list[Offered]:
    """What was offered to whom, newest first."""
    titles = {link.id: link.title or link.url for link in shelf.links(session.store, with_dropped=True)}
    found = []
    for sent in shelf.offers(session.store, limit):
        who = pages.identity(session.store, sent.row)
        handle = who.handle or (str(who.x_id) if who.x_id else "")
        found.append(Offered(handle, sent.shelf_id or 0, titles.get(sent.shelf_id or 0, ""), sent.at, sent.text))
    return found


def end_of(day_start: int) -> int:
    """The last second of a day that begins at a moment; both epoch seconds UTC."""
    return day_start + DAY - 1
