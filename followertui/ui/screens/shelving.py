"""Verbs of the shelf, on every screen that offers links: add one, import a file, drop one.

Owns what each asks.
"""

from __future__ import annotations

from pathlib import Path

from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.screens.app_screen import SMALL_ROWS
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.screens.verbs import Verbs


class Shelving(Verbs[TableScreen]):
    """The shelf of links."""

    def do_shelf_add(self) -> None:
        """Put a link on the shelf."""
        screen = self.screen

        def typed(text: str | None) -> None:
            """Store the address typed, with topics behind it."""
            if text:
                url, _, topics = text.partition(" ")
                words = [word.strip() for word in topics.split(",") if word.strip()]
                screen.say(screen.bench.engagement.add_link(url, words), "$text-success")

        dialog = LineDialog("A link, then its topics: stored, never fetched", "", "https://… freight, logistics")
        screen.app.push_screen(dialog, typed)

    def do_shelf_import(self) -> None:
        """Put every link of a file on the shelf."""
        screen = self.screen

        def typed(text: str | None) -> None:
            """Read the file named, beside the screen as it may be large."""
            if text:
                path = Path(text).expanduser()
                screen.run_in_thread_if_large(
                    SMALL_ROWS + 1,
                    lambda: screen.bench.engagement.import_links(path),
                    lambda said: screen.say(said, "$text-success"),
                )

        dialog = LineDialog("Links of which file? CSV, or a saved RSS, Atom or JSON feed", "", "a file")
        screen.app.push_screen(dialog, typed)

    def do_shelf_title(self) -> None:
        """Ask a link's site for its title, after saying that this leaves the machine."""
        screen, engagement = self.screen, self.screen.bench.engagement
        choices = [Choice(link.id, link.title or link.url, "", link.url) for link in engagement.shelf()]
        if not choices:
            screen.say("the shelf is empty: :add a link puts one there", "$warning")
            return

        def chosen(number: int) -> None:
            """Ask before anything leaves."""

            def answered(yes: bool | None) -> None:
                """Ask the site, beside the screen."""
                if yes:
                    screen.run_in_thread_if_large(
                        SMALL_ROWS + 1,
                        lambda: engagement.fetch_title(number),
                        lambda said: screen.say(said, "$text-success"),
                    )

            screen.app.push_screen(Question("Ask the site?", engagement.title_leaves_for(number)), answered)

        screen.choose("The title of which link?", choices, chosen, is_searchable=True)

    def do_shelf_drop(self) -> None:
        """Take a link off the shelf."""
        screen = self.screen
        shelf = screen.bench.engagement.shelf()
        if not shelf:
            screen.say("the shelf is empty: :add a link puts one there", "$warning")
            return
        choices = [Choice(link.id, link.title or link.url, "", f"offered {link.offered:,}") for link in shelf]

        def chosen(number: int) -> None:
            """Take it off."""
            screen.say(screen.bench.engagement.drop_links([number]), "$text-success")

        screen.choose("Drop which link?", choices, chosen, is_searchable=True)
