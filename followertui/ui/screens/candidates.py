"""Candidates: accounts that could be entries of a list nobody was matched with, to be accepted or rejected.

Owns the list of candidates and what was answered; a yes is a confirmed match, a no a rejected one.
"""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.domain.match import MatchState
from followertui.services.phrases import counted as counted_words
from followertui.services.phrases import dollars
from followertui.services.sync.values import LookupWish
from followertui.services.values import Undone
from followertui.ui.cells import fit, hanging, line, lines, plain
from followertui.ui.command import WHY_NOT, Need
from followertui.ui.dialogs.asking import Question
from followertui.ui.redacting import WITHHELD
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine

if TYPE_CHECKING:
    from followertui.services.insight.discovery import Found, Searched

_SHOWN = 8
"""Handles named before X is asked for all."""

_SIGNS = {MatchState.CONFIRMED: ("✓", "$success"), MatchState.REJECTED: ("✗", "$error")}


class CandidatesScreen(AppScreen):
    """Who could be the entries without an account.

    Args:
        found: what the search found.
    """

    AUTO_FOCUS = "#candidates"

    def __init__(self, found: Searched) -> None:
        super().__init__()
        self._searched = found
        self._answers: dict[tuple[int, int], MatchState] = {}

    def compose(self) -> ComposeResult:
        """Candidates by entry, best first."""
        title = f" {self._searched.list_name}: {self._searched.text}"
        yield Static(plain(title, "bold $primary"), classes="screen-title")
        yield OptionList(id="candidates", markup=False, compact=True)
        yield StatusLine(id="status")
        yield Static(
            plain(
                " y it is theirs · n it is not · u undo · o open on X · L look up who is not here · j k move · q back",
                "$foreground-muted",
            ),
            classes="hint-line",
        )

    def on_mount(self) -> None:
        """Draw them."""
        self.show_candidates(0)

    def on_resize(self) -> None:
        """Fit them to the width."""
        self.show_candidates(self._at)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#candidates", OptionList)

    @property
    def _at(self) -> int:
        return self._list.highlighted or 0

    def show_candidates(self, at: int) -> None:
        """Draw the candidates with what was answered, the cursor on one of them."""
        self._answers = self.bench.insight.candidate_answers(self._searched.list_name)
        width = self.app.size.width - 3
        options, before = [], 0
        for one in self._searched.found:
            options.append(self._option(one, width, is_first=one.line != before))
            before = one.line
        self._list.clear_options()
        self._list.add_options(options)
        self._list.highlighted = min(at, len(options) - 1) if options else None

    def _option(self, one: Found, width: int, is_first: bool) -> Option:
        """One candidate, its reasons wrapped beside the entry and the account."""
        sign, tone = _SIGNS.get(self._answers.get((one.line, one.row), MatchState.UNREVIEWED), (" ", ""))
        entry = " · ".join(text for text in (one.person, one.company) if text) if is_first else ""
        wide = max(16, min(34, width // 4))
        label = f"{fit(entry, wide)} "
        text = line(
            (f"{sign} ", tone),
            (f"@{one.who}", "bold"),
            (f" {one.name}" if one.name else "", ""),
            (f"  {one.why}", "$foreground-muted"),
        )
        return Option(hanging(label, text, width, label_width=len(label)))

    def open_candidate(self) -> None:
        """Open the profile on X, unless names are masked."""
        if self.ft.is_redacted:
            self.say(f"open on X: names are masked, and {WITHHELD['open']}", "$warning")
        else:
            self.open_link(self.bench.profile_url(self._searched.found[self._at].row))

    def pressed(self, event: events.Key) -> bool:
        """Answer, undo, move, leave."""
        if event.key in ("q", "escape"):
            self.dismiss(None)
        elif event.key in ("y", "n"):
            self.answer(MatchState.CONFIRMED if event.key == "y" else MatchState.REJECTED)
        elif event.key in ("u", "z"):
            self.undo_or_redo()
        elif event.key in ("U", "Z", "ctrl+r"):
            self.undo_or_redo(redo=True)
        elif event.key == "o" and self._searched.found:
            self.open_candidate()
        elif event.key == "L":
            self.look_up()
        elif event.key == "j":
            self._list.action_cursor_down()
        elif event.key == "k":
            self._list.action_cursor_up()
        else:
            return False
        return True

    @on(OptionList.OptionSelected, "#candidates")
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click says which keys answer."""
        event.stop()
        self.say("y says it is theirs, n that it is not; o opens the page on X")

    def answer(self, state: MatchState) -> None:
        """Accept or reject the candidate under the cursor and go on: past an entry's others once it has its account."""
        if self.ft.is_read_only:
            self.say(f"candidates: {WHY_NOT[Need.WRITE]}", "$warning")
            return
        at, found = self._at, self._searched.found
        if not found:
            self.say("no candidate is here; L looks handles up on X", "$warning")
            return
        one = found[at]
        done = self.bench.insight.answer_candidate(self._searched.list_name, one.line, one.who, state)
        following = range(at + 1, len(found))
        is_theirs = state is MatchState.CONFIRMED
        self.show_candidates(next((n for n in following if not is_theirs or found[n].line != one.line), at))
        self.say(done.text)

    def look_up(self) -> None:
        """Say which handles are not here and what asking X for them costs; ask X where the person agrees."""
        account, searched = self.bench.x_account, self._searched
        wish = LookupWish("candidates", handles=searched.handles)
        offer = account.lookup_offer(wish)
        if not account.is_signed_in or not offer.accounts:
            why = "every handle found is here already" if account.is_signed_in else "not signed in to X yet: :login"
            self.say(f"look up: {why}", "$warning")
            return

        def make(cancel: Event) -> Generator[Any, None, str]:
            """Look up, compare, and search again with what X told."""
            report = yield from account.look_up(wish, cancel)
            yield from self.bench.catch_up(cancel)
            again = yield from self.bench.insight.candidates(searched.list_name, cancel)
            self.call_later(self.show_again, again)
            return report.text

        def answered(yes: bool | None) -> None:
            """Start, or leave it."""
            if yes:
                self.start_job("x-candidates", "candidates", make, str)

        shown = [f"@{one.handle}: {one.person or one.company}, {one.why}" for one in searched.to_look_up[:_SHOWN]]
        more = len(searched.to_look_up) - len(shown)
        shown += [f"and {more:,} more"] if more else []
        title = f"Look {counted_words(offer.accounts, 'handle')} up on X for at most {dollars(offer.usd)}?"
        self.app.push_screen(Question(title, lines([plain(one) for one in (*offer.lines, *shown)])), answered)

    def show_again(self, found: Searched) -> None:
        """Show what another search found."""
        self._searched = found
        title = f" {found.list_name}: {found.text}"
        self.query_one(".screen-title", Static).update(plain(title, "bold $primary"))
        self.show_candidates(0)

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone."""
        self.show_candidates(self._at)
        self.say(undone.text)
