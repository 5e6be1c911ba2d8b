"""The session of one reviewer on the screen: the last decisions, what came of it, what is hidden, when to stop.

Owns no rule of its own. ``Workbench`` holds one; screens and the command line call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from followertui.domain.clock import day_of, from_epoch
from followertui.late import late
from followertui.services.review import blinding, moving_on, recent
from followertui.services.review.recent import LastDecision
from followertui.services.session import COMMAND_LINE, Session
from followertui.services.values import BULK, Card, Gesture, RowCells, Word

if TYPE_CHECKING:
    from followertui.services.review import kept_reasons, reminding, sampling, session_summary, stopping
    from followertui.services.review.sampling import Outlook
    from followertui.services.review.session_summary import SessionSummary
else:
    kept_reasons = late("followertui.services.review.kept_reasons")
    reminding = late("followertui.services.review.reminding")
    sampling = late("followertui.services.review.sampling")
    stopping = late("followertui.services.review.stopping")
    session_summary = late("followertui.services.review.session_summary")


class ReviewSession:
    """One reviewer at one store.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def reasons(self) -> kept_reasons.KeptReasons:
        """The reasons on cards, kept from one start to the next."""
        return kept_reasons.KeptReasons(self._session)

    def last(self, n: int = recent.SHOWN) -> list[LastDecision]:
        """The newest decisions, kinds and answers, newest first."""
        return recent.last_decisions(self._session, n)

    def accounts_of(self, entry_id: int) -> Sequence[int]:
        """Rows a gesture decided on."""
        return recent.keys_of(self._session, entry_id)

    def hide_next(self) -> str:
        """Hide the name, then the bio, then nothing again; what is hidden now."""
        self._session.hidden = blinding.next_hidden(self._session.hidden)
        return self._session.hidden

    @property
    def hidden(self) -> str:
        """What is hidden: "name", "bio" or ""."""
        return self._session.hidden

    def shown(self, rows: list[RowCells]) -> list[RowCells]:
        """Rows as far as they may be seen."""
        hidden = self._session.hidden
        return [blinding.hide_in_row(row, hidden) for row in rows] if hidden else rows

    def shown_card(self, card: Card) -> Card:
        """A card as far as it may be seen."""
        return blinding.hide_in_card(card, self._session.hidden)

    def opens_with_news(self) -> bool:
        """Whether the session begins with what happened since this reviewer was last through; plain SQL."""
        return moving_on.opens_with_news(self._session)

    def day(self, text: str) -> date:
        """The day a person typed; raises BadInput."""
        return reminding.day_typed(text, day_of(from_epoch(self._session.now), self._session.zone))

    def remind(self, rows: Sequence[int], text: str, query: str = "", word: Word = BULK) -> Gesture:
        """Put accounts off until a day."""
        return reminding.remind(self._session, rows, text, query, word)

    def outlook(self) -> Outlook:
        """How far the random looks are, and what more of them would bring."""
        return sampling.outlook(self._session)

    def outlook_lines(self) -> list[tuple[str, str]]:
        """The same as labelled lines."""
        return stopping.lines(self.outlook())

    def summary(self) -> SessionSummary | None:
        """What came of the session that runs; None where nothing was done."""
        return session_summary.summary(self._session)

    def newest(self) -> SessionSummary | None:
        """The newest session of this reviewer on the screen; None where there is none."""
        return session_summary.newest(self._session, COMMAND_LINE)

    def record(self, found: SessionSummary) -> dict[str, object]:
        """A summary and the last decisions with stable keys, for scripts."""
        last = [
            {**one._asdict(), "entry_id": str(one.entry_id), "match_id": str(one.match_id) if one.match_id else None}
            for one in self.last()
        ]
        for one in last:
            del one["row"]
        return {**session_summary.record(found), "last": last}

    def lines(self, found: SessionSummary) -> list[tuple[str, str]]:
        """A summary as labelled lines."""
        return session_summary.lines(self._session, found)
