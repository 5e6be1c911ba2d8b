"""How long a page has to be open before a key says what was done there.

Owns that a key held down, or pressed before anyone can have looked, records nothing. Both ways by
hand, on the screen and in a terminal, ask it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS_A_PAGE = 2.0
"""Shortest time on one page; several opened together take as many times this."""
SECONDS_BETWEEN_KEYS = 0.7
"""Keys closer together than this are one key held down: terminals repeat it within half a second."""


class PageTime:
    """Times the pages of one walk by hand.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opened_at = clock()
        self._pressed_at = float("-inf")
        self._pages = 1

    def opened(self, pages: int = 1) -> None:
        """Note that pages were opened just now."""
        self._opened_at, self._pages = self._clock(), pages

    def too_early(self, *, is_answer: bool = True) -> str:
        """Why a key pressed now does not count, in one line; "" where it does.

        Args:
            is_answer: it says what was done on the page; what is only put off needs no look.
        """
        now = self._clock()
        since, self._pressed_at = now - self._pressed_at, now
        if since < SECONDS_BETWEEN_KEYS:
            return "a key held down records nothing: press it once for each page"
        left = SECONDS_A_PAGE * self._pages - (now - self._opened_at)
        if is_answer and left > 0:
            pages = "this page" if self._pages == 1 else f"these {self._pages} pages"
            return f"nothing recorded: {pages} opened a moment ago; again in {max(0.1, left):.1f} s"
        return ""
