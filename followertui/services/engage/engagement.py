"""Engagement as screens and commands use it: Today, playbooks, the shelf, contacts.

Owns no rule of its own; each method is one call of a use case. Screens reach it through the workbench.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from followertui.domain.progress import CancelToken, Progress
from followertui.services.engage import contacting, listing, playbooks, proposing, shelving, timeline, today
from followertui.services.engage.today import SNOOZE_DAYS
from followertui.services.engage.values import DRAFT, Composed, DueLine, PlaybookLine, ShelfLine, Today, Trial, Wording
from followertui.services.session import Session
from followertui.services.values import Gesture


class Engagement:
    """Engaging people of one store.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    # Today ----------------------------------------------------------------------------

    def today(self) -> Today:
        """What is due now, brought up to date."""
        return today.today(self.session)

    def stored_today(self) -> Today:
        """What is due as it was proposed last; at once."""
        return today.stored(self.session)

    def is_settled(self) -> bool:
        """Whether what is stored stands; else ``propose`` brings it up to date."""
        return proposing.settled(self.session)

    def propose(self, cancel: CancelToken) -> Generator[Progress, None, int]:
        """Look who is due and propose it."""
        return proposing.propose(self.session, cancel)

    def set_most(self, most: int) -> str:
        """Say how much waits in Today at once; returns one line."""
        return today.set_most(self.session, most)

    def lines(self, ids: Sequence[int]) -> list[DueLine]:
        """What is due as rows."""
        return today.lines(self.session, ids)

    def compose(self, item_id: int, wording: Wording = DRAFT) -> Composed:
        """How a step is done: page, text, what is wrong with it."""
        return today.compose(self.session, item_id, wording)

    def done(self, item_id: int, wording: Wording = DRAFT) -> Gesture:
        """Record that a step was done."""
        return today.done(self.session, item_id, wording)

    def skip(self, ids: Sequence[int]) -> Gesture:
        """Leave steps out."""
        return today.skip(self.session, ids)

    def snooze(self, ids: Sequence[int], days: int = SNOOZE_DAYS) -> Gesture:
        """Put steps off."""
        return today.snooze(self.session, ids, days)

    def plan(self, item_id: int, post: str = "") -> Gesture:
        """Put a step into the plan."""
        return today.plan(self.session, item_id, post)

    # Contacts -------------------------------------------------------------------------

    def interval(self, row: int) -> int:
        """Days set for one person between two contacts, 0 where the playbook's interval holds."""
        return contacting.interval(self.session, row)

    def set_interval(self, rows: Sequence[int], days: int, query: str = "") -> Gesture:
        """Say after how many days people come back into Today; 0 for as their playbook says."""
        return contacting.set_interval(self.session, rows, days, query)

    def toggle_no_contact(self, rows: Sequence[int], query: str = "") -> Gesture:
        """Say that accounts are never to be contacted, or take it back."""
        return contacting.toggle_no_contact(self.session, rows, query)

    def set_no_contact(self, rows: Sequence[int], is_on: bool, query: str = "") -> Gesture:
        """Say that accounts are never to be contacted, or may be again."""
        return contacting.set_no_contact(self.session, rows, is_on, query)

    def note_written(self, rows: Sequence[int], query: str = "") -> Gesture:
        """Note that people wrote first."""
        return contacting.note_written(self.session, rows, query)

    def engage(self, rows: Sequence[int], shelf_id: int | None = None, note: str = "", query: str = "") -> Gesture:
        """Note that people were engaged by hand."""
        return contacting.engage(self.session, rows, shelf_id, note, query)

    def timeline(self, row: int) -> list[timeline.Contacted]:
        """Contacts with one account, newest first."""
        return timeline.timeline(self.session, row)

    # Playbooks ------------------------------------------------------------------------

    def playbooks(self) -> list[PlaybookLine]:
        """Every playbook and how it stands."""
        return listing.lines(self.session)

    def playbook_text(self, name: str) -> str:
        """The file of a playbook."""
        return playbooks.text(self.session, name)

    def save_playbook(self, name: str, text: str, was: str | None = None) -> str:
        """Keep a changed playbook."""
        return playbooks.save(self.session, name, text, was)

    def has_playbook(self, name: str) -> bool:
        """Whether there is a playbook of that name."""
        return name in playbooks.names(self.session)

    def turn_playbook(self, name: str, *, is_on: bool | None = None) -> str:
        """Turn a playbook on or off; None turns it over."""
        return playbooks.turned(self.session, name, is_on)

    def try_playbook(self, name: str) -> Trial:
        """Who would get what today; writes nothing."""
        return listing.trial(self.session, name)

    # The shelf ------------------------------------------------------------------------

    def shelf(self) -> list[ShelfLine]:
        """The shelf with what each link brought."""
        return shelving.lines(self.session)

    def add_link(self, url: str, topics: Sequence[str] = ()) -> str:
        """Put a link on the shelf; it is stored, never fetched."""
        return shelving.add(self.session, url, topics=topics)

    def import_links(self, path: Path) -> str:
        """Put every link of a file on the shelf."""
        return shelving.import_file(self.session, path).text

    def title_leaves_for(self, number: int) -> str:
        """Which site is asked for a link's title, in one line."""
        return shelving.leaves_for(self.session, number)

    def fetch_title(self, number: int) -> str:
        """Ask a link's site for its title; this leaves the machine."""
        return shelving.fetch_title(self.session, number)

    def drop_links(self, numbers: Sequence[int]) -> str:
        """Take links off the shelf."""
        return shelving.drop(self.session, numbers)
