"""The card of the account under the cursor, read once the cursor rests.

Owns which account the card is of and which of its matches is looked at. Drawing is handed in.
"""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from typing import TYPE_CHECKING

from followertui.domain.match import MatchState
from followertui.ui.attempt import attempt
from followertui.ui.screens.review.messages import CardRead
from followertui.ui.screens.table_screen import TableScreen

if TYPE_CHECKING:
    from followertui.services.values import Card

REST_SECONDS = 0.06
"""While keys follow each other faster than this, the card waits until they rest: a held key draws rows only."""


def first_open_match(card: Card | None) -> int:
    """Which of an account's matches is looked at first: the strongest that has no answer yet."""
    matches = card.matches if card else ()
    return next((at for at, match in enumerate(matches) if match.state is MatchState.UNREVIEWED), 0)


class CardReader:
    """Reads cards for a screen.

    Args:
        screen: where the cursor is; it hears ``CardRead`` and hands it to ``read``.
        draw: shows a card at one of its matches.
    """

    def __init__(self, screen: TableScreen, draw: Callable[[Card | None, int], None]) -> None:
        self._screen = screen
        self._draw = draw
        self._card: Card | None = None
        self._match_at = 0
        self._asked = 0
        self._asked_of: int | None = None
        self._drawn = 0
        self._asked_at = 0.0
        self._waiting: TimerHandle | None = None

    @property
    def current(self) -> Card | None:
        """All that is known of the account under the cursor, read at once where it is not there yet."""
        key = self._screen.table.key
        if key is None:
            return None
        if self._card is None or self._card.cells.row != key:
            self._card = self._screen.bench.card(key)
        return self._card

    @property
    def match_at(self) -> int:
        """Which match of the account is looked at, from 0."""
        if self._match_at < 0:
            self._match_at = first_open_match(self.current)
        return self._match_at

    def look_at(self, match_at: int) -> None:
        """Look at another match of the account."""
        self._match_at = match_at
        self._draw(self.current, match_at)

    def is_drawn(self) -> bool:
        """Whether the card that is drawn is the newest one asked for."""
        return self._drawn == self._asked

    def follow(self) -> None:
        """Read the card of the account under the cursor, which may have changed, at its first open match."""
        self._match_at = -1
        self.read_again()

    def follow_cursor(self) -> None:
        """The cursor moved: read the card of another account, unless a gesture asked for it already."""
        if self._screen.table.key != self._asked_of:
            self.follow()

    def read_again(self) -> None:
        """Read the card again as soon as the cursor rests."""
        self._card = None
        self._asked += 1
        self._asked_of = self._screen.table.key
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        loop = get_running_loop()
        rested, self._asked_at = loop.time() - self._asked_at, loop.time()
        if rested > REST_SECONDS:
            self._screen.call_after_refresh(self._read_if_newest, self._asked)
        else:
            # No timer of Textual's: one that begins late by its own length is skipped there and never comes.
            self._waiting = loop.call_later(REST_SECONDS, self._screen.call_later, self._read)

    def _read_if_newest(self, number: int) -> None:
        """Read the card right after its row was painted, unless the cursor went on meanwhile."""
        if number == self._asked and self._waiting is None:
            self._read()

    def _read(self) -> None:
        key, number, screen, bench = self._screen.table.key, self._asked, self._screen, self._screen.bench
        if key is None:
            self.show(CardRead(number, None, None))
            return

        def read() -> None:
            """Read the card in the thread."""
            card, error = attempt("read the card", lambda: bench.card(key))
            screen.post_message(CardRead(number, card, error))

        screen.run_worker(read, name="card", group="card", thread=True, exclusive=True)

    def show(self, message: CardRead) -> None:
        """Show a card that was read, unless the cursor went on; then make ready for the next page key."""
        if message.generation != self._asked:
            return
        if message.error is not None:
            self._screen.say_error(message.error)
        self._card = message.card
        self._drawn = message.generation
        self.draw()
        self._screen.call_later(self._screen.table.make_ready)

    def draw(self) -> None:
        """Draw the card that is there."""
        if self._match_at < 0:
            self._match_at = first_open_match(self._card)
        self._draw(self._card, self._match_at)
