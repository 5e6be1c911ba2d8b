"""The counts of queues, header and last decisions, brought up to date beside the screen.

Owns when they are counted: what is asked for during a count is counted in one go after it. Showing is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from followertui.ui.attempt import attempt
from followertui.ui.screens.review.messages import QueuesCounted
from followertui.ui.screens.table_screen import TableScreen

if TYPE_CHECKING:
    from textual.timer import Timer

    from followertui.services.review.recent import LastDecision
    from followertui.services.values import Counts

START_SECONDS = 0.5
"""The first paint shows the counts of last time; so long after it, exact ones are begun, which loads numpy."""

REST_SECONDS = 1.0
"""So long after the last gesture what is newly due is looked for."""
LARGE = 50_000
"""From this number of accounts on it takes longer than a person waits between two keys."""

Show = Callable[["Counts", "Sequence[LastDecision]"], None]


class QueueCounter:
    """Counts for a screen.

    Args:
        screen: hears ``QueuesCounted`` and hands it to ``counted``.
        show: shows counts and the last decisions, newest first.
    """

    def __init__(self, screen: TableScreen, show: Show) -> None:
        self._screen = screen
        self._show = show
        self._is_counting = False
        self._is_quick = self._is_due = False
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Count once the first paint is there and nobody waits for it."""
        self._timer = self._screen.set_timer(START_SECONDS, self._count_all)

    def count_again(self) -> None:
        """Count at once in a thread; where accounts are many, what is newly due is looked for once keys rest."""
        if self._timer is not None:
            self._timer.stop()
        is_large = self._screen.bench.header().accounts > LARGE
        self._timer = self._screen.set_timer(REST_SECONDS, self._count_all) if is_large else None
        self._count(is_quick=is_large)

    def _count_all(self) -> None:
        self._count(is_quick=False)

    def _count(self, *, is_quick: bool) -> None:
        if self._is_counting:
            self._is_due, self._is_quick = True, is_quick and (self._is_quick or not self._is_due)
            return
        self._is_counting, self._is_due, self._is_quick = True, False, is_quick
        bench, screen = self._screen.bench, self._screen

        def count() -> None:
            """Count in the thread and post the figures."""
            found, _ = attempt("count", lambda: (bench.refresh_counts(is_quick=is_quick), bench.review.last()))
            screen.post_message(QueuesCounted(*found) if found is not None else QueuesCounted(None))

        screen.run_worker(count, name="count", group="counts", thread=True)

    def counted(self, message: QueuesCounted) -> None:
        """Show what was counted, and count again what changed meanwhile."""
        self._is_counting = False
        if self._is_due:
            self._count(is_quick=self._is_quick)
        if message.counts is not None:
            self._show(message.counts, message.last)
