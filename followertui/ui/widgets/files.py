"""Choosing a file by typing its path or by walking through folders.

Owns the path input with completion and the listing below it. Opens no file.
"""

from __future__ import annotations

import os
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from followertui.ui.attempt import Guarded
from followertui.ui.cells import line
from followertui.ui.widgets.line import LineInput

MOST_ENTRIES = 400
LIKELY = frozenset(
    (
        ".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".har", ".vcf", ".zip", ".js", ".txt",
    )
)  # fmt: skip
"""Endings of files one brings in."""


def folder_entries(typed: str) -> list[tuple[str, bool]]:
    """Entries that go on from a typed path.

    Args:
        typed: path as typed; relative to the working folder, ``~`` is home.

    Returns:
        (path, is a folder) pairs: folders first, then likely files. Others, such as a README, only where
        their name is begun or nothing likely lies there.
    """
    path = os.path.expanduser(typed)
    folder, prefix = os.path.split(path)
    found = []
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                if entry.name.lower().startswith(prefix.lower()) and (prefix.startswith(".") or entry.name[0] != "."):
                    found.append((os.path.join(folder, entry.name), entry.is_dir()))
    except OSError:
        return []
    if not prefix and any(not is_folder and Path(path).suffix.lower() in LIKELY for path, is_folder in found):
        found = [(path, is_folder) for path, is_folder in found if is_folder or Path(path).suffix.lower() in LIKELY]
    found.sort(key=lambda item: (not item[1], Path(item[0]).suffix.lower() not in LIKELY, item[0].lower()))
    return found[:MOST_ENTRIES]


def holds_archives(typed: str) -> bool:
    """Whether a folder, named to its end with a slash, holds several unpacked archives side by side."""
    if not typed.endswith(os.sep):
        return False
    folders = (path for path, is_folder in folder_entries(typed) if is_folder)
    return sum(os.path.isdir(os.path.join(path, "data")) for path in folders) > 1


class FilePicker(Guarded, Widget):
    """A path, typed or walked to."""

    class Picked(Message):
        """A file, or the folder of an unpacked archive, was chosen."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[tuple[str, bool]] = []

    def compose(self) -> ComposeResult:
        """The input, the entries."""
        yield LineInput(
            placeholder="path of a file, or of an unpacked archive", id="path", compact=True, select_on_focus=False
        )
        yield OptionList(id="entries-list", markup=False, compact=True)

    def on_mount(self) -> None:
        """List the working folder."""
        self.query_one("#entries-list").can_focus = False
        self._list("")

    def enter(self) -> None:
        """Begin typing."""
        self.query_one("#path", Input).focus()

    def clear(self) -> None:
        """Begin with no path."""
        self.query_one("#path", Input).value = ""

    @on(Input.Changed, "#path")
    def path_changed(self, event: Input.Changed) -> None:
        """List what goes on from here."""
        event.stop()
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._entries = folder_entries(typed)
        entries = self.query_one("#entries-list", OptionList)
        entries.clear_options()
        entries.add_options([Option(self._prompt(path, is_folder)) for path, is_folder in self._entries])
        if self._entries:
            entries.highlighted = 0

    @staticmethod
    def _prompt(path: str, is_folder: bool) -> Content:
        name = os.path.basename(path)
        if is_folder:
            return line((f"  {name}/", "$primary"))
        likely = Path(path).suffix.lower() in LIKELY
        return line((f"  {name}", "bold" if likely else "$foreground-muted"))

    def on_key(self, event: events.Key) -> None:
        """Arrows choose, Tab completes, Enter takes."""
        entries = self.query_one("#entries-list", OptionList)
        if event.key in ("down", "up") and self._entries:
            step = 1 if event.key == "down" else -1
            entries.highlighted = ((entries.highlighted or 0) + step) % len(self._entries)
        elif event.key == "tab":
            self._complete(entries.highlighted)
        elif event.key == "enter":
            self._take(entries.highlighted)
        else:
            return
        event.stop()
        event.prevent_default()

    def _complete(self, at: int | None) -> None:
        if at is None or not self._entries:
            return
        path, is_folder = self._entries[at]
        widget = self.query_one("#path", Input)
        widget.value = path + ("/" if is_folder else "")
        widget.cursor_position = len(widget.value)

    def _take(self, at: int | None) -> None:
        typed = os.path.expanduser(self.query_one("#path", Input).value)
        if typed and os.path.isfile(typed):
            self.post_message(self.Picked(typed))
        elif typed.rstrip("/") and (os.path.isdir(os.path.join(typed, "data")) or holds_archives(typed)):
            self.post_message(self.Picked(typed.rstrip("/")))
        elif at is not None and self._entries:
            path, is_folder = self._entries[at]
            if is_folder:
                self._complete(at)
            else:
                self.post_message(self.Picked(path))
        elif typed:
            self.post_message(self.Picked(typed))

    @on(OptionList.OptionSelected, "#entries-list")
    def entry_clicked(self, event: OptionList.OptionSelected) -> None:
        """A click goes in or takes."""
        event.stop()
        path, is_folder = self._entries[event.option_index]
        if is_folder:
            self._complete(event.option_index)
            self.enter()
        else:
            self.post_message(self.Picked(path))
