"""The settings: yours in one file, and what decides figures in the store.

Owns the list and the questions that change a line. What a value may be is not decided here:
``ui.preferences`` and the workbench say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.late import late
from followertui.ui import preferences
from followertui.ui.cells import fit, line, plain
from followertui.ui.columns import COLUMNS
from followertui.ui.command import WHY_NOT, Need
from followertui.ui.commands import COMMANDS
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.keymap import shown_key
from followertui.ui.preferences import ENTRIES, KEYS
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = late("zoneinfo")

_HINT = " j k move · Enter change · x default · F5 read again · q or Esc back"
_NAME_WIDTH, _VALUE_WIDTH, _NARROW_VALUE_WIDTH = 20, 34, 20
_NEW_KEYS = "more keys"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line: name as ``followertui settings`` takes it, value, meaning, where it is kept, the words it takes."""

    name: str
    value: str
    meaning: str
    is_default: bool
    is_in_store: bool = False
    words: tuple[str, ...] = ()


def setting_option(row: SettingRow, width: int) -> Option:
    """A setting on one line: name, value, what it is."""
    value_width = _VALUE_WIDTH if width >= 110 else _NARROW_VALUE_WIDTH
    value = line((fit(row.value or "–", value_width), "$foreground-muted" if row.is_default else "bold $accent"))
    name = fit(row.name, _NAME_WIDTH)
    meaning = fit(row.meaning, max(0, width - _NAME_WIDTH - value_width - 4))
    return Option(line(f" {name} ", value, "  ", (meaning, "$foreground-muted")))


class SettingsScreen(AppScreen):
    """Every setting; answers whether accounts have to be judged again."""

    AUTO_FOCUS = "#entries"

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SettingRow | None] = []
        self._is_judging_due = False

    def compose(self) -> ComposeResult:
        """The settings in two groups."""
        yield Static(plain(" Settings", "bold $primary"), classes="screen-title")
        yield OptionList(id="entries", markup=False, compact=True)
        yield Static(id="setting-meaning")
        yield StatusLine(id="status")
        yield Static(plain(_HINT, "$foreground-muted"), classes="hint-line")

    def on_mount(self) -> None:
        """Show them."""
        self.show_settings(1)

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.show_settings(self._entries.highlighted)

    @property
    def _entries(self) -> OptionList:
        return self.query_one("#entries", OptionList)

    def show_settings(self, at: int | None) -> None:
        """Read all values again; the cursor stands on line ``at``."""
        own = self.ft.own
        where = str(own.path) if own.path is not None else "kept until you leave"
        options: list[Option] = []
        self._rows = []
        groups = ((f"Yours: {where}", self._own_rows()), ("In the store, for everyone who reviews it", self._shared()))
        for title, rows in groups:
            if options:
                options.append(Option("", disabled=True))
                self._rows.append(None)
            options.append(Option(line((f" {title}", "bold $primary")), disabled=True))
            options += [setting_option(row, self.app.size.width - 4) for row in rows]
            self._rows += [None, *rows]
        entries = self._entries
        entries.clear_options()
        entries.add_options(options)
        entries.highlighted = at if at is not None and at < len(options) else 1

    def _own_rows(self) -> list[SettingRow]:
        own = self.ft.own
        rows = [
            SettingRow(name, preferences.shown(own.value(name)), entry.meaning, name not in own.values)
            for name, entry in ENTRIES.items()
        ]
        for command_id, keys in own.keys.items():
            command = COMMANDS[command_id]
            usual = " ".join(map(shown_key, command.keys)) or "none"
            rows.append(
                SettingRow(f"{KEYS}.{command_id}", keys or "no key", f"{command.title}; as shipped: {usual}", False)
            )
        rows.append(SettingRow(_NEW_KEYS, "", f"give any of {len(COMMANDS)} commands keys of your own", True))
        return rows

    def _shared(self) -> list[SettingRow]:
        return [
            SettingRow(one.name, one.value, one.meaning, one.is_default, True, one.words)
            for one in self.bench.care.settings()
        ]

    def pressed(self, event: events.Key) -> bool:
        """Move, set back, read again, leave."""
        if event.key in ("q", "escape", "f4"):
            self.dismiss(self._is_judging_due)
        elif event.key == "j":
            self._entries.action_cursor_down()
        elif event.key == "k":
            self._entries.action_cursor_up()
        elif event.key in ("x", "backspace"):
            self._with_row(self._set_back)
        elif event.key == "f5":
            self._read_again()
        else:
            return False
        return True

    def _read_again(self) -> None:
        self.ft.own.reload()
        preferences.check(self.ft.own)
        self.ft.take_settings()
        self.show_settings(self._entries.highlighted)
        self.say("read again")

    @on(OptionList.OptionHighlighted, "#entries")
    def setting_looked_at(self, event: OptionList.OptionHighlighted) -> None:
        """Say all of the line under the cursor: the list cuts long values and meanings."""
        row = self._rows[event.option_index] if event.option_index < len(self._rows) else None
        if row is not None:
            value = "" if row.is_default else f" Now: {row.value}"
            self.query_one("#setting-meaning", Static).update(plain(f" {row.name}: {row.meaning}.{value}"))

    @on(OptionList.OptionSelected, "#entries")
    def setting_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click asks for another value."""
        event.stop()
        self._with_row(self._ask)

    def _with_row(self, act: Callable[[SettingRow], None]) -> None:
        at = self._entries.highlighted
        row = self._rows[at] if at is not None and at < len(self._rows) else None
        if row is None:
            return
        if self.ft.is_read_only:
            self.say(f"{row.name}: {WHY_NOT[Need.WRITE]}", "$warning")
        else:
            act(row)

    # Changing -------------------------------------------------------------------------

    def _ask(self, row: SettingRow) -> None:
        take = partial(self._typed, row)
        if row.name == "theme":
            self.ft.choose_theme(lambda: self._changed(row.name))
        elif row.name == "zone":
            zones = sorted(zoneinfo.available_timezones())
            choices = [Choice("", "the machine's"), *(Choice(name, name) for name in zones)]
            self.choose("Whose days count?", choices, take, is_searchable=True, start=row.value)
        elif row.name == "backups":
            answers = (preferences.YES, preferences.NO)
            self.choose("Keep backups?", [Choice(word, word, word[0]) for word in answers], take, start=row.value)
        elif row.name == _NEW_KEYS:
            self._ask_command()
        else:
            self._ask_line(row)

    def _ask_line(self, row: SettingRow) -> None:
        remarks = [plain(row.meaning, "$foreground-muted")]
        words: Sequence[str] = row.words
        if row.name == "columns":
            words = list(COLUMNS)
        if words:
            remarks.append(plain(f"any of {', '.join(words)}", "$foreground-muted"))
        if row.name.startswith(f"{KEYS}."):
            remarks.append(_keys_remark())
        value = "" if row.value == "no key" else row.value
        dialog = LineDialog(row.name, value, "", remarks, list(words))
        self.app.push_screen(dialog, lambda text: None if text is None else self._typed(row, text))

    def _ask_command(self) -> None:
        choices = [
            Choice(command.id, command.title, "", " ".join(map(shown_key, self.ft.keymap.keys[command.id])))
            for command in COMMANDS.values()
        ]

        def chosen(command_id: str) -> None:
            """Ask for its keys."""
            command = COMMANDS[command_id]
            keys = ", ".join(self.ft.keymap.keys[command_id])
            self._ask_line(SettingRow(f"{KEYS}.{command_id}", keys, command.help, False))

        self.choose("Keys for which command?", choices, chosen, is_searchable=True)

    def _typed(self, row: SettingRow, text: str) -> None:
        """Take a value as typed."""
        if row.is_in_store:
            self._change_store(row, text)
            return
        value = preferences.value_typed(self.ft.own, row.name, text)
        self.ft.keep_setting(row.name, value)
        self._changed(row.name)

    def _set_back(self, row: SettingRow) -> None:
        if row.is_in_store:
            self._change_store(row, None)
        elif row.name != _NEW_KEYS:
            self.ft.keep_setting(row.name, None)
            self._changed(row.name)

    def _change_store(self, row: SettingRow, text: str | None) -> None:
        gesture = self.bench.care.change_setting(row.name, text, row.value)
        is_due = bool(gesture.entry_id) and self.bench.care.needs_judging(row.name)
        self._is_judging_due |= is_due
        self.show_settings(self._entries.highlighted)
        self.say(gesture.text + ("; accounts are judged again when you leave here" if is_due else ""))

    def _changed(self, name: str) -> None:
        self.show_settings(self._entries.highlighted)
        is_live = name.startswith(f"{KEYS}.") or ENTRIES[name].is_live
        self.say(f"{name}: changed" + ("" if is_live else "; counts from the next start"))


def _keys_remark() -> Content:
    return plain("such as a, F3, ctrl+x; nothing for no key; the word comma for a comma", "$foreground-muted")
