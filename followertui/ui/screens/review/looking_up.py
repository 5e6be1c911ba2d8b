"""The review's verbs that look accounts up on X: leavers, names, profiles, marks, search.

Owns what is asked and in which order. Nothing is paid before a question that names the price was
answered; what a step costs and how it is done is the workbench's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

from followertui.domain.progress import Progress
from followertui.services.phrases import counted, dollars
from followertui.services.sync.values import FindReport, LookupWish
from followertui.ui.cells import lines, plain
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs

if TYPE_CHECKING:
    from followertui.services.sync.x_account import XAccount

_MARKS = ("muted", "blocked", "lists")


class LookingUp(Verbs[ReviewScreen]):
    """Accounts looked up on X one by one."""

    @property
    def account(self) -> XAccount:
        """The account at X."""
        return self.screen.bench.x_account

    def do_x_leavers(self) -> None:
        """Ask why those who left did."""
        self._look_up(LookupWish("leavers"), "why they left")

    def do_x_names(self) -> None:
        """Ask for the names of nameless ids."""
        self._look_up(LookupWish("names"), "names")

    def do_x_profiles(self) -> None:
        """Read the profiles of the marks, or of the view, again."""
        self._look_up(LookupWish("profiles", rows=tuple(map(int, self.screen.looked_at()))), "profiles")

    def _look_up(self, wish: LookupWish, title: str) -> None:
        """Say what it takes, and look up where the person agrees."""
        if not self._is_signed_in():
            return
        account = self.account
        offer = account.lookup_offer(wish)
        if not offer.accounts:
            self.screen.say(f"{offer.lines[0]}: nothing to ask X for")
            return

        def work(cancel: Event) -> Generator[Any, None, str]:
            """Look up, then compare and judge what is new."""
            report = yield from account.look_up(wish, cancel)
            return report.text

        count = counted(offer.accounts, "account")
        question = f"Look {count} up on X for at most {dollars(offer.usd)}?"
        self._if_agreed(question, offer.lines, f"x-{wish.what}", title, work)

    def do_x_marks(self) -> None:
        """Read whom we muted, blocked and listed."""
        if not self._is_signed_in():
            return
        account = self.account

        def work(cancel: Event) -> Generator[Any, None, str]:
            """Read all three."""
            report = yield from account.read_marks(_MARKS, None, cancel)
            return report.text

        title = "Read from X whom you muted, blocked and listed?"
        self._if_agreed(title, account.marks_offer(_MARKS), "x-marks", "muted, blocked, lists", work)

    def do_x_live(self) -> None:
        """Watch X until F6; who matters is said as it happens."""
        if not self._is_signed_in():
            return
        screen = self.screen

        def make(cancel: Event) -> Generator[Any, None, str]:
            """Watch; news is said and the table renewed in the screen's own thread."""
            watching = screen.bench.watch_x(None, cancel)
            while True:
                try:
                    value = next(watching)
                except StopIteration as end:
                    return str(end.value.text)
                if not isinstance(value, Progress):
                    screen.call_later(screen.say, value.text, "$warning" if value.is_alert else "")
                    screen.call_later(screen.refresh_rows)
                    continue
                yield value

        def answered(yes: bool | None) -> None:
            """Start, or leave it."""
            if yes:
                screen.start_job("x-live", "watching X", make, str)

        text = lines([plain(one) for one in self.account.live_offer()])
        screen.app.push_screen(Question("Watch X until F6?", text), answered)

    def do_x_find(self) -> None:
        """Ask for words, then search X for them."""
        if not self._is_signed_in():
            return
        remarks = [plain("X's own search: a name, a handle or a company; at most 10 accounts", "$foreground-muted")]
        dialog = LineDialog("Find people on X", remarks=remarks)
        self.screen.app.push_screen(dialog, lambda text: self._find(text) if text else None)

    def _find(self, words: str) -> None:
        screen, account = self.screen, self.account
        offered = account.find_offer(words)

        def work(cancel: Event) -> Generator[Any, None, str]:
            """Search, then show whom it found as a view."""
            report: FindReport = yield from account.find(words, 10, None, cancel)
            if report.query:
                screen.call_later(screen.show_query, report.query)
            return report.text

        self._if_agreed(f'Search X for "{words}"?', offered, "x-find", "search", work)

    def _is_signed_in(self) -> bool:
        """Whether X can be asked; says how to get there where it cannot."""
        if not self.account.is_signed_in:
            self.screen.say("not signed in to X yet: :login", "$warning")
        return self.account.is_signed_in

    def _if_agreed(
        self,
        title: str,
        offered: Sequence[str],
        name: str,
        job_title: str,
        work: Callable[[Event], Generator[Any, None, str]],
    ) -> None:
        """Show the price, and start the work where the person agrees; comparing and judging follow."""
        screen = self.screen

        def make(cancel: Event) -> Generator[Any, None, str]:
            """The work, then what follows any reading."""
            text = yield from work(cancel)
            yield from screen.bench.catch_up(cancel)
            return text

        def answered(yes: bool | None) -> None:
            """Start, or leave it."""
            if yes:
                screen.start_job(name, job_title, make, str)

        screen.app.push_screen(Question(title, lines([plain(one) for one in offered])), answered)
