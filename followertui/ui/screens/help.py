"""The help: what the signs mean, and every key of the registry by group.

Owns the layout of the help; its words come from the registry.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from followertui.domain.kind import KIND_KEYS
from followertui.ui.cells import fit, hanging, line, lines, plain
from followertui.ui.commands import Place
from followertui.ui.key_table import key_table
from followertui.ui.keymap import Keymap, shown_key
from followertui.ui.screens.app_screen import AppScreen

SIGNS: tuple[tuple[str, str], ...] = (
    ("qualified 8% (7-9)", "followers of a kind that qualifies; between 7 and 9%, as a draw at random tells"),
    ("+31/4wk", "qualified followers of the last four weeks: those who came less those who left"),
    ("→ ← ↔", "we follow · they follow us · both"),
    ("customer?", "only proposed: a certain match not confirmed yet"),
    ("● x a", "before a row: marked · the key that decided it"),
    ("◆ ✎ ⌀", "guarded against pruning · has a note · posts are locked"),
    ("unseen", "not judged yet; unclear: judged, without a result"),
    ("/", "is: kind: match: tag: reason: followers:1000.. silent:1y.. -term OR (…); Tab completes"),
)


KEYS_WIDTH = 34


def _key_line(keys: str, title: str, help_text: str, width: int) -> Content:
    wrapped = plain(help_text, "$foreground-muted").wrap(max(20, width - KEYS_WIDTH))
    head = line("  ", (fit(keys, 14), "bold $accent"), " ", fit(title, KEYS_WIDTH - 17))
    rest = [line(" " * KEYS_WIDTH, part.rstrip()) for part in wrapped[1:]]
    return lines([line(head, wrapped[0].rstrip()), *rest])


def help_lines(place: Place, keymap: Keymap, width: int = 100) -> Content:
    """The help as content, what applies at ``place`` first.

    Args:
        place: where help was asked for.
        keymap: keys in force.
        width: cells.

    Returns:
        Many lines; the signs and figures of the screen come first.
    """
    rows = [plain("What the signs say", "bold $primary")]
    rows += [
        hanging(f"  {sign}", plain(said), width, label_width=20, label_style="bold $accent") for sign, said in SIGNS
    ]
    rows.append(Content(""))
    table = key_table(keymap.keys)
    here = [row for row in table if place.value in row.where]
    elsewhere = [row for row in table if place.value not in row.where]
    for heading, part in ((f"Keys in {place.value}", here), ("Elsewhere", elsewhere)):
        rows.append(plain(heading, "bold $primary"))
        group = ""
        for row in part:
            if row.group != group:
                group = row.group
                rows.append(plain(f" {group}", "bold $foreground-muted"))
            keys = " ".join(shown_key(key) for key in row.keys) or ":" + row.title
            rows.append(_key_line(keys, row.title, row.help, width))
        rows.append(Content(""))
    rows.append(plain("After c, who it is", "bold $primary"))
    kinds = [f"{letter} {kind.value}" for letter, kind in KIND_KEYS.items()]
    rows += [plain("  " + "   ".join(kinds[at : at + 6])) for at in range(0, len(kinds), 6)]
    return lines(rows)


class HelpScreen(AppScreen):
    """Keys and words.

    Args:
        place: where help was asked for.
    """

    AUTO_FOCUS = "#help-body"

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """The help, scrolled."""
        with VerticalScroll(classes="body", id="help-body"):
            yield Static(id="help-text")
        yield Static(plain(" j k PgDn PgUp scroll · q or Esc back", "$foreground-muted"), classes="hint-line")

    def on_resize(self) -> None:
        """Wrap again."""
        width = min(110, max(40, self.size.width - 6))
        self.query_one("#help-text", Static).update(help_lines(self._place, self.ft.keymap, width))

    def pressed(self, event: events.Key) -> bool:
        """Scroll with the letters too; anything that leaves, leaves."""
        body = self.query_one("#help-body", VerticalScroll)
        if event.key in ("q", "escape", "question_mark", "f1", "enter"):
            self.dismiss(None)
        elif event.key in ("j", "k"):
            body.scroll_relative(y=1 if event.key == "j" else -1, animate=False)
        elif event.key in ("g", "G"):
            (body.scroll_home if event.key == "g" else body.scroll_end)(animate=False)
        else:
            return False
        return True
