"""Verbs about the store as a file, on every screen with a table: worksheet, backup, export, handover, merge, doctor.

Owns where each asks to write and how what came of it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from followertui.ui.cells import line, lines
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.telling import Told
from followertui.ui.screens.app_screen import SMALL_ROWS
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.screens.verbs import Verbs

if TYPE_CHECKING:
    from followertui.services.care.merging_copies import MergeReport
    from followertui.services.insight.handing_over import Handover

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

    def do_handover(self) -> None:
        """What the next person has to know."""
        screen, shown = self.screen, self.screen.app.screen

        def told(page: Handover) -> None:
            """Show it by section."""
            rows = []
            for section in page.sections:
                rows.append(line((section.title, "bold $primary")))
                rows += [line("  ", " · ".join(cell for cell in row if cell)) for row in section.rows]
                if section.more:
                    rows.append(line((f"  and {section.more:,} more", "$foreground-muted")))
                if not section.rows:
                    rows.append(line((f"  {section.empty}", "$foreground-muted")))
                rows.append(line(""))
            screen.ask_over(shown, Told("Handover", lines(rows[:-1])), lambda _: None)

        screen.run_in_thread_if_large(SMALL_ROWS + 1, screen.bench.care.handover, told)

    def do_merge(self) -> None:
        """Take a colleague's decisions back from a copy of the store, after a look at what it holds."""
        screen, shown = self.screen, self.screen.app.screen

        def typed(text: str | None) -> None:
            """Read the copy beside the screen, then ask."""
            if not text:
                return
            path = Path(text).expanduser()

            def merged(report: MergeReport) -> None:
                """Show what it took."""
                screen.refresh_rows()
                screen.say(" · ".join(report.lines), "$text-success")

            def answered(is_yes: bool | None) -> None:
                """Take it."""
                if is_yes:
                    take = partial(screen.bench.care.merge, path, False)
                    screen.run_in_thread_if_large(SMALL_ROWS + 1, take, merged)

            def looked(report: MergeReport) -> None:
                """Say what it would take."""
                question = Question(f"Merge {path.name}?", "\n".join(report.lines), yes="merge", no="leave it")
                screen.ask_over(shown, question, answered)

            look = partial(screen.bench.care.merge, path, True)
            screen.run_in_thread_if_large(SMALL_ROWS + 1, look, looked)

        dialog = LineDialog("Merge which copy of this store?", "", "a file", hint="Enter look · Esc back")
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
