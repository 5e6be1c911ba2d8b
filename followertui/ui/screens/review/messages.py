"""What the review's workers post when they are done.

Owns the messages; a generation tells the answer to an older request from the newest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from followertui.domain.errors import FollowertuiError
    from followertui.services.review.recent import LastDecision
    from followertui.services.values import Card, Counts, View


class ViewOpened(Message):
    """A view is there, or the query was refused."""

    def __init__(self, generation: int, view: View | None, error: FollowertuiError | None, row: int | None) -> None:
        super().__init__()
        self.generation = generation
        self.view = view
        self.error = error
        self.row = row


class QueuesCounted(Message):
    """The queues and the top line have exact counts, and the last decisions were read; None where that failed."""

    def __init__(self, counts: Counts | None, last: Sequence[LastDecision] = ()) -> None:
        super().__init__()
        self.counts = counts
        self.last = last


class CardRead(Message):
    """The card of a row is there, or could not be read."""

    def __init__(self, generation: int, card: Card | None, error: FollowertuiError | None) -> None:
        super().__init__()
        self.generation = generation
        self.card = card
        self.error = error
