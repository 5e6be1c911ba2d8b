"""Your playbooks: whom each is for, what it has due, how its goal stands; trying and editing one.

Owns the list and the editor. What a playbook may say is the workbench's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from followertui.ui.cells import counted, fit, hanging, line, lines, plain
from followertui.ui.command import WHY_NOT, Need
from followertui.ui.dialogs.asking import Question
from followertui.ui.dialogs.telling import Told
from followertui.ui.row_text import name_of
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine

if TYPE_CHECKING:
    from followertui.services.engage.values import PlaybookLine, Trial


def playbook_option(book: PlaybookLine, width: int) -> Option:
    """One playbook: on or off, its title, people, what is due, people engaged; who it is for below."""
    state = ("on ", "bold $success") if book.is_on else ("off", "$foreground-muted")
    aim = f"of {book.goal.removeprefix('engage ')}" if book.goal else "engaged"
    head = line(
        state,
        (f"  {fit(book.title, min(26, max(12, width - 54)))}", "bold"),
        f" {counted(book.people):>5} people  {counted(book.due):>3} due  ",
        (f"{counted(book.engaged)} {aim}", "$foreground-muted"),
        (" · yours" if book.is_own else "", "$accent"),
    )
    below = plain(book.problem, "$text-error") if book.problem else plain(book.who, "$foreground-muted")
    return Option(lines([head, hanging("   ", below, width, label_width=5)]))


def trial_content(trial: Trial, width: int) -> Content:
    """Who would get what today, and why others get nothing."""
    rows = [
        line(
            (f"{action:<8}", "bold $accent"),
            fit(name_of(cells), 24),
            (f" @{fit(cells.handle, 16)} ", "$foreground-muted"),
            f"{cells.kind.value} · worth {worth}",
        ).truncate(width, ellipsis=True)
        for cells, _, action, worth in trial.lines
    ] or [plain("nobody gets anything today")]
    rows += [line((f"{counted(count):>7} ", "$accent"), (why, "$foreground-muted")) for why, count in trial.held]
    return lines(rows)


class PlaybooksScreen(AppScreen):
    """What is done with people of a kind."""

    AUTO_FOCUS = "#playbooks"

    def __init__(self) -> None:
        super().__init__()
        self._books: list[PlaybookLine] = []

    def compose(self) -> ComposeResult:
        """The playbooks."""
        yield Static(plain(" Playbooks", "bold $primary"), classes="screen-title")
        yield OptionList(id="playbooks", markup=False, compact=True)
        yield StatusLine(id="status")
        hint = " Enter try · e edit · space on or off · r as shipped · j k move · q or Esc back"
        yield Static(plain(hint, "$foreground-muted"), classes="hint-line")

    def on_mount(self) -> None:
        """Read the playbooks."""
        self.call_after_refresh(self.refresh_rows)

    def refresh_rows(self) -> None:
        """Read them again; the cursor stays."""
        self.run_in_thread_if_large(self.bench.header().accounts, self.bench.engagement.playbooks, self._show)

    def _show(self, books: list[PlaybookLine]) -> None:
        shown = self.query_one("#playbooks", OptionList)
        at, self._books = shown.highlighted or 0, books
        shown.clear_options()
        shown.add_options([playbook_option(book, self.app.size.width - 3) for book in books])
        shown.highlighted = min(at, len(books) - 1)
        if self.status.text.endswith("rows …"):
            self.say("")

    @property
    def _current(self) -> PlaybookLine | None:
        at = self.query_one("#playbooks", OptionList).highlighted
        return self._books[at] if at is not None and at < len(self._books) else None

    def pressed(self, event: events.Key) -> bool:
        """Try, edit, turn on or off, reset, move, leave."""
        shown = self.query_one("#playbooks", OptionList)
        if event.key in ("q", "escape"):
            self.dismiss(None)
        elif event.key == "enter":
            self.try_current()
        elif event.key == "e":
            self.edit_current()
        elif event.key == "space":
            self._change("turn on or off", lambda name: self.bench.engagement.turn_playbook(name))
        elif event.key == "r":
            self.reset_current()
        elif event.key == "j":
            shown.action_cursor_down()
        elif event.key == "k":
            shown.action_cursor_up()
        else:
            return False
        return True

    def try_current(self) -> None:
        """Who would get what today."""
        book = self._current
        if book is not None:
            trial = self.bench.engagement.try_playbook(book.name)
            width = min(90, max(30, self.app.size.width - 10))
            self.app.push_screen(Told(f"{book.title}: today", trial_content(trial, width)))

    def edit_current(self) -> None:
        """Edit its file."""
        book = self._current
        if book is not None and self._may_write("edit"):
            text = self.bench.engagement.playbook_text(book.name)
            self.app.push_screen(PlaybookEditor(book.name, text), lambda said: self._changed(said))

    def reset_current(self) -> None:
        """As it comes with the program, after asking."""
        book = self._current
        if book is None or not book.is_own:
            self.say("this playbook is as it comes with the program")
        elif self._may_write("reset"):
            question = Question(f"{book.title} as it comes with the program?", "Your changes go.", yes="reset it")
            self.app.push_screen(
                question, lambda yes: self._changed(self.bench.engagement.save_playbook(book.name, "")) if yes else None
            )

    def _may_write(self, title: str) -> bool:
        if self.ft.is_read_only:
            self.say(f"{title}: {WHY_NOT[Need.WRITE]}", "$warning")
        return not self.ft.is_read_only

    def _change(self, title: str, change: object) -> None:
        book = self._current
        if book is not None and self._may_write(title) and callable(change):
            self._changed(change(book.name))

    def _changed(self, said: str | None) -> None:
        if said:
            self.refresh_rows()
            self.say(said, "$text-success")


class PlaybookEditor(AppScreen):
    """One playbook as a text; answers what keeping it said, None where nothing was kept.

    Args:
        name: of the playbook.
        text: its file.
    """

    AUTO_FOCUS = "#playbook-text"

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._book = name
        self._before = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(plain(f" Playbook {self._book}", "bold $primary"), classes="screen-title")
        yield TextArea(self._before, id="playbook-text", soft_wrap=True, show_line_numbers=True, compact=True)
        yield StatusLine(id="status")
        hint = " F10 checks and keeps it · Esc leaves · followertui help playbooks explains every line"
        yield Static(plain(hint, "$foreground-muted"), classes="hint-line")

    def pressed(self, event: events.Key) -> bool:
        """Keep or leave."""
        text = self.query_one("#playbook-text", TextArea).text
        if event.key == "f10":
            self.dismiss(self.bench.engagement.save_playbook(self._book, text, self._before))
        elif event.key == "escape" and text == self._before:
            self.dismiss(None)
        elif event.key == "escape":
            question = Question("Leave without keeping what you changed?", yes="leave", no="stay")
            self.app.push_screen(question, self._left)
        else:
            return False
        return True

    def _left(self, is_yes: bool | None) -> None:
        if is_yes:
            self.dismiss(None)
