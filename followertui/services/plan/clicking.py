"""The plan by hand as screens and commands use it: the next page to open, what was done there, the one before.

Owns no step of its own; each is one call of a use case. Screens reach it through the workbench.
"""

from __future__ import annotations

from followertui.domain.decision import ActionKind
from followertui.services.plan import by_hand
from followertui.services.plan.page_time import PageTime
from followertui.services.plan.values import HandAnswer, HandTask
from followertui.services.session import Session
from followertui.services.values import Gesture


class Clicks:
    """Clicks on X's own pages, one journalled gesture each.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def page_time(self) -> PageTime:
        """A clock for one walk: what is pressed before a page was looked at records nothing."""
        return PageTime()

    def next_task(self, action: ActionKind | None = None) -> HandTask | None:
        """The next thing to click; None where nothing is planned or nothing is allowed today."""
        return by_hand.next_manual(self.session, action)

    def several(self, action: ActionKind | None, most: int) -> list[HandTask]:
        """The next things to click, at most ``most`` and never more than today allows."""
        return by_hand.several(self.session, action, most)

    def why_none(self, action: ActionKind | None = None) -> str:
        """Why there is nothing to click though something is planned; "" where nothing is."""
        return by_hand.none_left(self.session, action)

    def again(self, item_id: int) -> HandTask | None:
        """The link of one action again, None where a guard holds it now."""
        return by_hand.hand_again(self.session, item_id)

    def record(self, item_id: int, answer: HandAnswer) -> Gesture:
        """Record the answer to one click."""
        return by_hand.record_manual(self.session, item_id, answer)

    def undo(self) -> HandTask | None:
        """Undo the last click; None where this session made none."""
        return by_hand.undo_manual(self.session)
