"""Verbs about the store as a file, on every screen with a table: worksheet, backup, export, doctor.

Owns where each asks to write and how what came of it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from followertui.ui.cells import line, lines
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.telling import Told
from followertui.ui.screens.app_screen import SMALL_ROWS
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.screens.verbs import Verbs

LEVEL_STYLES = {"ok": "$success", "note": "$warning", "bad": "$error"}


class Keeping(Verbs[TableScreen]):
    """The store as a file."""

    def do_worksheet(self) -> None:
        """Write the plan as a file to work through."""
        self._write("Worksheet: the plan as links to click", "plan.html", self.screen.bench.care.worksheet)

    def do_backup(self) -> None:
        """Copy the store."""
        name = f"{self.screen.bench.session.store.path.stem}-copy.db"
        self._write("Copy the store into", name, self.screen.bench.care.backup)

    def do_export(self) -> None:
        """Write every account into a file."""
        self._write("Export every account into", "accounts.csv", self.screen.bench.care.export)

    def _write(self, title: str, name: str, write: Callable[[Path], str]) -> None:
        screen = self.screen

        def typed(text: str | None) -> None:
            """Write the file named, beside the screen as it may be large."""
            if text:
                path = Path(text).expanduser()
                screen.run_in_thread_if_large(
                    SMALL_ROWS + 1, lambda: write(path), lambda said: screen.say(said, "$text-success")
                )

        dialog = LineDialog(title, str(Path.cwd() / name), "a file", hint="Enter write · Esc back")
        screen.app.push_screen(dialog, typed)

    def do_doctor(self) -> None:
        """Check the store."""
        screen, shown = self.screen, self.screen.app.screen

        def told(findings: list[tuple[str, str, str]]) -> None:
            """Show what was found, the worst first."""
            order = list(LEVEL_STYLES)
            rows = [
                line((f"{what}: ", LEVEL_STYLES[level]), text)
                for level, what, text in sorted(findings, key=lambda finding: -order.index(finding[0]))
            ]
            screen.ask_over(shown, Told("Doctor", lines(rows)), lambda _: None)

        screen.run_in_thread_if_large(SMALL_ROWS + 1, screen.bench.care.findings, told)
