"""A paid look at the last posts of the account under the cursor, from the review, its card, and Today.

Owns the question with its price, and what one does with a post: open it, or in Today answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from threading import Event
from typing import Any

from followertui.domain.progress import Progress
from followertui.services.phrases import day
from followertui.services.sync.values import Peeked, PeekReport
from followertui.ui.cells import lines, plain
from followertui.ui.dialogs.asking import Question
from followertui.ui.dialogs.choosing import MENU_KEYS, Choice
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.screens.verbs import Verbs


class Peeking(Verbs[TableScreen]):
    """Someone's last posts.

    Args:
        screen: the screen they work on.
        row: the account under the cursor, None without one.
        then: what is done with the post chosen; None opens its page.
    """

    def __init__(
        self, screen: TableScreen, row: Callable[[], int | None], then: Callable[[Peeked], None] | None = None
    ) -> None:
        super().__init__(screen)
        self._row = row
        self._then = then

    def do_x_peek(self) -> None:
        """Say what it costs, and read the last posts where the person agrees."""
        screen, account, row = self.screen, self.screen.bench.x_account, self._row()
        if row is None:
            return
        if not account.is_signed_in:
            screen.say("last posts: not signed in to X yet; o opens their page, free", "$warning")
            return
        offered = account.peek_offer(row)

        def work(cancel: Event) -> Generator[Progress, None, str]:
            """Read them, then show them in the screen's own thread."""
            report: PeekReport = yield from account.peek(row, cancel)
            if report.posts:
                screen.call_later(self._show, report)
            return report.text

        def answered(yes: bool | None) -> None:
            """Start, or leave it."""
            if yes:
                screen.start_job("x-peek", "last posts", work, str)

        text = lines([plain(one) for one in offered])
        screen.app.push_screen(Question("Read the last posts from X?", text), answered)

    def _show(self, report: PeekReport) -> None:
        zone = self.screen.bench.session.zone
        choices: list[Choice[Any]] = [
            Choice(post, " ".join(post.text.split()), key, day(post.at, zone))
            for post, key in zip(report.posts, MENU_KEYS, strict=False)
        ]
        title = "Which one do you answer or pass on?" if self._then is not None else "Which one do you open?"
        self.screen.choose(title, choices, self._then or (lambda post: self.screen.open_link(post.url)))
