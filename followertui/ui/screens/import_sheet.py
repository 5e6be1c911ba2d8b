"""A sheet of decisions brought back: choose it, see what it would change, write it as one gesture.

Owns the steps on the screen. What a line of the sheet means is the workbench's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from followertui.domain.errors import FollowertuiError, WordMissing
from followertui.services.values import SHEET_WORDS
from followertui.ui.attempt import attempt
from followertui.ui.cells import counted, guard, line, lines, plain
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine
from followertui.ui.widgets.files import FilePicker

if TYPE_CHECKING:
    from followertui.services.review.sheets import SheetReport

_PICK_HINT = " type or arrows · Tab completes · Enter takes · Esc back"
_LOOK_HINT = " Enter writes it, as one gesture · Esc another file"
_WHAT_IT_IS = (
    "A sheet that `accounts --csv` wrote and a colleague filled in, or an old tool's whitelist or never-follow list.",
    "Kind, decision, tags and note come back by id or handle; what is kept here stays kept, newer words here stand.",
)
_MOST_CONFLICTS = 200
_WORD_REMARKS = {"keep": "a whitelist", "never-follow": "a blacklist"}


class SheetLooked(Message):
    """A sheet was read, and nothing written."""

    def __init__(self, number: int, report: SheetReport | None, error: FollowertuiError | None) -> None:
        super().__init__()
        self.number = number
        self.report = report
        self.error = error


class SheetWritten(Message):
    """A sheet was written."""

    def __init__(self, report: SheetReport | None, error: FollowertuiError | None) -> None:
        super().__init__()
        self.report = report
        self.error = error


class SheetScreen(AppScreen):
    """One sheet; answers what writing it did, None where nothing was written."""

    def __init__(self) -> None:
        super().__init__()
        self.path = ""
        self.word = ""
        self.report: SheetReport | None = None
        self._looks = 0

    def compose(self) -> ComposeResult:
        """The picker and the preview; one is shown."""
        yield Static(plain(" Import decisions", "bold $primary"), classes="screen-title")
        yield Static(lines([plain(f" {text}", "$foreground-muted") for text in _WHAT_IT_IS]), id="where-from")
        yield FilePicker(id="picker")
        with VerticalScroll(id="look"):
            yield Static(id="sheet-text")
        yield StatusLine(id="status")
        yield Static(id="import-hint", classes="hint-line")

    def on_mount(self) -> None:
        """Choose a file first."""
        self._pick()
        self.say("it is read first, nothing is written yet")

    def _pick(self) -> None:
        self.report = None
        self._show(is_picking=True)
        self.query_one(FilePicker).enter()

    def _show(self, *, is_picking: bool) -> None:
        self.query_one("#picker").display = self.query_one("#where-from").display = is_picking
        self.query_one("#look").display = not is_picking
        self.query_one("#import-hint", Static).update(plain(_PICK_HINT if is_picking else _LOOK_HINT))

    @on(FilePicker.Picked)
    def picked(self, message: FilePicker.Picked) -> None:
        """Read the sheet."""
        self.path, self.word = message.path, ""
        self._look()

    def _look(self) -> None:
        self._looks += 1
        number, path, word, bench = self._looks, Path(self.path), self.word, self.bench
        self.say("looking …")

        def look() -> None:
            """Read it in the thread."""
            report, error = attempt("look at the sheet", lambda: bench.import_decisions(path, word, is_dry=True))
            self.post_message(SheetLooked(number, report, error))

        self.run_worker(look, name="look", group="look", thread=True, exclusive=True)

    @on(SheetLooked)
    def looked(self, message: SheetLooked) -> None:
        """Show what it would change, or ask what all of it is."""
        if message.number != self._looks:
            return
        if isinstance(message.error, WordMissing):
            self.say("it names accounts, and not what to do with them")
            choices = [Choice(word, word, str(n), _WORD_REMARKS.get(word, "")) for n, word in enumerate(SHEET_WORDS, 1)]
            self.choose("What are all of these?", choices, self._said)
            return
        if message.report is None:
            self.say(str(message.error), "$text-error")
            return
        self.report = message.report
        self._show(is_picking=False)
        self.query_one("#sheet-text", Static).update(preview_lines(Path(self.path).name, message.report))
        self.query_one("#look").focus()
        self.say("nothing is written yet")

    def _said(self, word: str) -> None:
        self.word = word
        self._look()

    def _write(self) -> None:
        path, word, bench = Path(self.path), self.word, self.bench
        self.report = None
        self.say("writing …")

        def write() -> None:
            """Write it in the thread."""
            report, error = attempt("import the sheet", lambda: bench.import_decisions(path, word))
            self.post_message(SheetWritten(report, error))

        self.run_worker(write, name="write", group="look", thread=True, exclusive=True)

    @on(SheetWritten)
    def written(self, message: SheetWritten) -> None:
        """Back to the review, which shows it."""
        if message.report is None:
            self.say(str(message.error), "$text-error")
        else:
            self.dismiss(message.report.gesture.text)

    def pressed(self, event: events.Key) -> bool:
        """Enter writes what is shown; typing stays typing."""
        is_looking = bool(self.query_one("#look").display)
        if event.key == "escape":
            if is_looking:
                self._pick()
            else:
                self.dismiss(None)
        elif event.key == "enter" and self.report is not None:
            self._write()
        elif event.key == "q" and not isinstance(self.focused, Input):
            self.dismiss(None)
        else:
            return False
        return True


def preview_lines(name: str, report: SheetReport) -> Content:
    """What a sheet would change, what is left out of it and what stands against it."""
    rows = [
        line(
            (guard(name), "$foreground-muted"),
            f"   {counted(report.read)} read, {counted(report.unchanged)} as they are",
        ),
        Content(""),
        line((guard(report.gesture.text), "bold $primary")),
        Content(""),
    ]
    rows += [line(("left out  ", "$warning"), f"{counted(one.count)} {guard(one.reason)}") for one in report.left_out]
    rows += [line(("conflict  ", "$warning"), guard(text)) for text in report.conflicts[:_MOST_CONFLICTS]]
    more = len(report.conflicts) - _MOST_CONFLICTS
    if more > 0:
        rows.append(line(("conflict  ", "$warning"), f"and {counted(more)} more"))
    return lines(rows)
