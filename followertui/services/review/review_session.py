"""The session of one reviewer on the screen: the last decisions, what came of it, what is hidden, when to stop.

Owns no rule of its own. ``Workbench`` holds one; screens and the command line call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.late import late
from followertui.services.review import recent
from followertui.services.review.recent import LastDecision
from followertui.services.session import COMMAND_LINE, Session

if TYPE_CHECKING:
    from followertui.services.review import session_summary
    from followertui.services.review.session_summary import SessionSummary
else:
    session_summary = late("followertui.services.review.session_summary")


class ReviewSession:
    """One reviewer at one store.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def last(self, n: int = recent.SHOWN) -> list[LastDecision]:
        """The newest decisions, kinds and answers, newest first."""
        return recent.last_decisions(self._session, n)

    def accounts_of(self, entry_id: int) -> Sequence[int]:
        """Rows a gesture decided on."""
        return recent.keys_of(self._session, entry_id)

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
