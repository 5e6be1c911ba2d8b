"""Writes the three years before the demo begins into its store.

Owns the order of writing: who left is brought in as files bring people, the readings are written
as what they hold and their spells are computed once; importing forty exports one by one would take
ten times as long and end in the same rows, which a test holds. ``building`` calls it.
"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from followertui.demo import building_outreach, history, outreach
from followertui.demo.audience import BLOCK, Audience, Drawn
from followertui.demo.audience_profiles import Archetype, Truth
from followertui.demo.history import Read, Story
from followertui.domain.account import AccountRecord
from followertui.domain.clock import epoch, from_epoch
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.session import Session
from followertui.store.audience import imports, relations
from followertui.store.file import watermarks

_DAY = 86_400
_THANKED_EVERY, _VISITED_EVERY = 9, 40
_VISITING = (Archetype.PRIVATE, Archetype.PROSPECT_PERSON, Archetype.CUSTOMER_PERSON)
_THANKED_DAYS_AGO, _VISITED_DAYS_AGO = 420, 150


def write(session: Session, audience: Audience, story: Story, cancel: CancelToken) -> Generator[Progress, None, None]:
    """Bring in who followed before and what every look held.

    Args:
        session: the demo's store, with its first reading.
        audience: whose history.
        story: what happened.
        cancel: polled per batch.
    """
    yield Progress(0, None, "three years before")
    for cohort, drawn in history.past_people(audience, story):
        known = epoch(audience.now) if cohort.is_known_since else min(record.created_at or 0 for record, _ in drawn)
        name = f"demo, {cohort.archetype} of {cohort.weeks_ago} weeks ago"
        yield from importing.import_records(
            session.store, session.journal, session.clock, _source(session, name, known), _batches(drawn), "", cancel
        )
    write_readings(session, history.readings(audience, story, history.lives(audience, story)))


def write_readings(session: Session, found: Sequence[Read]) -> None:
    """Readings of followers with the spells they add up to, in one transaction; everybody in them is known."""
    store, now = session.store, session.now
    rows = dict(store.con.execute("SELECT x_id, row FROM account WHERE x_id IS NOT NULL"))
    with store.write() as con:
        for read in found:
            source = _source(session, f"demo, {from_epoch(read.at):%B %Y}", read.at)
            import_id = source.start(store, now)
            number = relations.start(con, import_id, "follower", read.at, None, True)
            relations.add_part(con, number, 0, [rows[x_id] for x_id in read.ids])
            relations.finish(con, number, "complete" if read.is_complete else "partial", "both", newest_first=True)
            imports.finish(con, import_id, now)
        relations.recompute(store, con, "follower")


def _source(session: Session, name: str, at: int) -> Source:
    mark = f"demo:{watermarks.STORE_ID.read(session.store)}:{name}:{at}"
    return Source(what="demo", name=name, rank=4, sha256=mark, as_of=at)


def _batches(drawn: Sequence[Drawn]) -> Iterator[list[AccountRecord]]:
    """Their profiles, which say nothing of who follows whom."""
    for start in range(0, len(drawn), BLOCK):
        yield [record._replace(follows_us=None, we_follow=None) for record, _ in drawn[start : start + BLOCK]]


def thanked(audience: Audience) -> list[Truth]:
    """Whom a company writes to that treats everybody alike: every ninth follower, unlooked at."""
    return [truth for record, truth in audience.first_reading() if record.follows_us][::_THANKED_EVERY]


def visitors(audience: Audience) -> list[Truth]:
    """Who came to the site: few, and hardly anybody that matters."""
    found = (truth for record, truth in audience.first_reading() if record.follows_us)
    return [truth for truth in found if truth.archetype in _VISITING][::_VISITED_EVERY]


def write_contacts(audience: Audience, path: Path) -> None:
    """The messages of a company that thanks its followers."""
    at = f"{from_epoch(epoch(audience.now) - _THANKED_DAYS_AGO * _DAY):%Y-%m-%d}"
    _table(path, ("handle", "date", "channel"), [(one.handle, at, "message") for one in thanked(audience)])


def write_visits(audience: Audience, path: Path) -> None:
    """Visits as web analytics export them: who came by itself, and by which link those who were offered one."""
    at = f"{from_epoch(epoch(audience.now) - _VISITED_DAYS_AGO * _DAY):%Y-%m-%d}"
    lines = [(one.handle, at, "visit", "") for one in visitors(audience)]
    for made in outreach.outcomes(audience):
        link = building_outreach.offered_link(made.page, made.playbook)
        lines.append((made.truth.handle, f"{from_epoch(made.at):%Y-%m-%d}", made.outcome, link))
    _table(path, ("handle", "visited at", "event", "link"), lines)


def _table(path: Path, head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(lines)
