"""The whole card: all that is known of one account, over the full screen.

Owns scrolling and stepping through accounts; every other verb is the review's.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from followertui.ui.card_text import full_card
from followertui.ui.commands import COMMANDS, Command, Need, Place
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.widgets.bars import KeyFooter, StatusLine

STEPS = frozenset({"move.down", "move.up"})
SCROLLS = frozenset({"move.page_down", "move.page_up", "move.top", "move.bottom"})
CLOSES = frozenset({"card", "back", "escape"})
LEAVES = frozenset(
    {
        "filter",
        "queue.next",
        "queue.previous",
        "queue.choose",
        "plan",
        "import",
        "about",
        "sort",
        "count",
        "alike",
        "sample",
    }
)
MOST_WIDTH = 110


class CardScreen(AppScreen):
    """One account, everything.

    Args:
        review: the screen whose verbs act on the account.
    """

    def __init__(self, review: ReviewScreen) -> None:
        super().__init__()
        self._review = review

    def compose(self) -> ComposeResult:
        """The card, scrolled."""
        with VerticalScroll(classes="body", id="card-body"):
            yield Static(id="whole-card")
        yield StatusLine(id="status")
        yield KeyFooter(self.place, self.ft.keymap, id="footer")

    def on_mount(self) -> None:
        """Show the account under the review's cursor."""
        self.query_one("#card-body").can_focus = False
        self.call_after_refresh(self.refresh_rows)

    @property
    def place(self) -> Place:
        """Where the review is."""
        return self._review.place

    def present(self) -> frozenset[Need]:
        """What the review has."""
        return self._review.present()

    def refresh_rows(self) -> None:
        """Read the account again."""
        if not self.is_current:
            return
        self._review.cards.read_again()
        card = self._review.cards.current
        if card is None:
            self.dismiss(None)
            return
        body = self.query_one("#card-body", VerticalScroll)
        bar = 0 if body.show_vertical_scrollbar else 1
        width = min(MOST_WIDTH, body.scrollable_content_region.width - bar)
        self.query_one("#whole-card", Static).update(full_card(card, width, self._review.cards.match_at))
        self.status.show_last(self.bench.review.last(), self.bench.session.reviewer)

    def on_resize(self) -> None:
        """Wrap again."""
        self.call_after_refresh(self.refresh_rows)

    def run_command(self, command_id: str) -> None:
        """Scroll and step here; the rest is the review's."""
        body = self.query_one("#card-body", VerticalScroll)
        if command_id in CLOSES:
            self.dismiss(None)
        elif command_id in STEPS:
            self._review.run_command(command_id)
            body.scroll_home(animate=False)
            self.refresh_rows()
        elif command_id in SCROLLS:
            _scroll(body, command_id)
        elif command_id in ("help", "palette", "quit", "journal", "theme", "open", "copy"):
            super().run_command(command_id)
        elif command_id in LEAVES:
            self.dismiss(None)
            self._review.run_command(command_id)
        else:
            self._act(COMMANDS[command_id])

    def _act(self, command: Command) -> None:
        self._review.run_command(command.id)
        said = self._review.status.text
        if said:
            self.say(said)
        self.call_after_refresh(self.refresh_rows)

    def on_screen_resume(self) -> None:
        """A dialog over the card may have changed the account."""
        self.call_after_refresh(self.refresh_rows)

    def do_open(self) -> None:
        """Open the profile on X."""
        if self._review.table.key is not None:
            self.open_link(self.bench.profile_url(self._review.table.key))

    def do_copy(self) -> None:
        """Copy the profile's link."""
        if self._review.table.key is not None:
            self.copy_link(self.bench.profile_url(self._review.table.key))


def _scroll(body: VerticalScroll, command_id: str) -> None:
    moves = {
        "move.page_down": body.scroll_page_down,
        "move.page_up": body.scroll_page_up,
        "move.top": body.scroll_home,
        "move.bottom": body.scroll_end,
    }
    moves[command_id](animate=False)
