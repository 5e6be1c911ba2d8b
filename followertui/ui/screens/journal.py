"""The journal: what was done, newest first, with undo and redo at hand.

Owns the list of entries; undo itself is the workbench's.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.services.values import JournalLine, JournalState, Undone
from followertui.ui.cells import counted, fit, hanging, line, plain
from followertui.ui.command import WHY_NOT, Need
from followertui.ui.dialogs.asking import Question
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine


def journal_option(entry: JournalLine, width: int) -> Option:
    """One entry, its text wrapped beside when and who."""
    is_undone = entry.state is JournalState.UNDONE
    tone = "$foreground-muted" if is_undone else ""
    text = line(
        (f"{counted(entry.rows):>6} ", "$accent"),
        (entry.text, f"{tone} strike".strip() if is_undone else ""),
        (f"  {entry.state}" if entry.state is not JournalState.DONE else "", "$warning"),
    )
    label = fit(entry.at, 17) + fit(entry.reviewer, 9) + " "
    return Option(hanging(label, text, width, label_width=len(label)))


class JournalScreen(AppScreen):
    """What was done."""

    AUTO_FOCUS = "#entries"

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[JournalLine] = ()

    def compose(self) -> ComposeResult:
        """Entries, newest first."""
        yield Static(plain(" Journal, newest first", "bold $primary"), classes="screen-title")
        yield OptionList(id="entries", markup=False, compact=True)
        yield StatusLine(id="status")
        yield Static(
            plain(
                " u undo the last · U redo · r undo this one alone · j k scroll · q or Esc back", "$foreground-muted"
            ),
            classes="hint-line",
        )

    def on_mount(self) -> None:
        """Read the entries."""
        self.show_entries()

    def show_entries(self) -> None:
        """Read the entries again."""
        entries = self.query_one("#entries", OptionList)
        entries.clear_options()
        found, width = self.bench.journal(200), self.app.size.width - 3
        self._entries = found
        entries.add_options([journal_option(entry, width) for entry in found])
        if found:
            entries.highlighted = 0
        else:
            self.query_one(StatusLine).say("nothing was done yet")

    def pressed(self, event: events.Key) -> bool:
        """Undo, redo, scroll, leave."""
        entries = self.query_one("#entries", OptionList)
        if event.key in ("q", "escape", "J"):
            self.dismiss(None)
        elif event.key in ("u", "z"):
            self.undo_or_redo()
        elif event.key in ("U", "Z", "ctrl+r"):
            self.undo_or_redo(redo=True)
        elif event.key == "r":
            self.revert(entries.highlighted)
        elif event.key == "j":
            entries.action_cursor_down()
        elif event.key == "k":
            entries.action_cursor_up()
        else:
            return False
        return True

    @on(OptionList.OptionSelected, "#entries")
    def entry_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click asks whether to undo that gesture alone."""
        event.stop()
        self.revert(event.option_index)

    def revert(self, at: int | None) -> None:
        """Ask whether to undo one gesture while later ones stay."""
        if at is None or at >= len(self._entries):
            return
        if self.ft.is_read_only:
            self.say(f"undo: {WHY_NOT[Need.WRITE]}", "$warning")
            return
        entry = self._entries[at]

        def answered(is_yes: bool | None) -> None:
            """Undo it."""
            if is_yes:
                self.stepped(self.bench.revert(entry.id))

        text = f"{entry.text}\nby {entry.reviewer}, {entry.at}. What changed since stays as it is."
        self.app.push_screen(Question("Undo this gesture alone?", text, yes="undo it"), answered)

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone."""
        self.show_entries()
        self.say(undone.text)
