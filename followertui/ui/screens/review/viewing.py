"""The review's verbs on saved views: save, drop, order, hide, rename, and the tag of everyone who enters one.

Owns what is asked for each.
"""

from __future__ import annotations

from followertui.ui.attempt import attempt
from followertui.ui.cells import line
from followertui.ui.command import WHY_NOT, Need
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.dialogs.views import ManageViews, ViewTask
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs


class Viewing(Verbs[ReviewScreen]):
    """Saved views."""

    def do_view_save(self) -> None:
        """Save the filter as a view."""
        screen = self.screen
        queue = screen.queue(screen.queue_id)
        text = " ".join(
            f"({part})" if " " in part and queue and screen.filter_text else part
            for part in (queue.query if queue else "", screen.filter_text)
            if part
        )
        if not text:
            screen.say("save view: nothing is filtered; / types a filter first", "$warning")
            return

        def named(name: str | None) -> None:
            """Save the filter under the name typed."""
            if name:
                screen.bench.looks.save_view(name, text)
                screen.show_counts()
                screen.say(f"view {name} saved; ' finds it again")

        screen.app.push_screen(LineDialog("Save this view as", "", text), named)

    def do_view_drop(self) -> None:
        """Drop a saved view."""
        screen = self.screen
        choices = [Choice(name, name, "", text) for name, text in screen.bench.looks.views()]
        if not choices:
            screen.say("drop view: no view is saved; W saves one", "$warning")
            return

        def dropped(name: str) -> None:
            """Delete the view chosen."""
            screen.bench.looks.drop_view(name)
            screen.show_counts()
            screen.say(f"view {name} dropped")

        screen.choose("Drop which view?", choices, dropped, is_searchable=True)

    def do_view_manage(self, start: str = "") -> None:
        """Order, hide, rename and tag views."""
        screen = self.screen
        if not screen.bench.looks.saved():
            screen.say("views: none is saved; / filters, then W saves it as a view", "$warning")
            return
        screen.app.push_screen(ManageViews(screen.bench.looks.saved, self._act, start), self._chosen)

    def _act(self, what: str, at: int) -> str:
        """Do something to the view at a place; what came of it."""
        screen, looks = self.screen, self.screen.bench.looks
        if screen.ft.is_read_only:
            return f"views: {WHY_NOT[Need.WRITE]}"
        view = looks.saved()[at]

        def act() -> str:
            """Change it."""
            if what == "drop":
                looks.drop_view(view.name)
                return f"view {view.name} dropped"
            if what == "hide":
                looks.set_view_hidden(view.name, not view.is_hidden)
                return f"view {view.name} is {'a queue again' if view.is_hidden else 'no queue any more'}"
            looks.move_view(view.name, at + 1 + (1 if what == "down" else -1))
            return ""

        said, error = attempt("change the view", act)
        screen.show_counts()
        return str(error) if said is None else said

    def _chosen(self, task: ViewTask | None) -> None:
        screen, looks = self.screen, self.screen.bench.looks
        if task is None:
            return
        view = next(view for view in looks.saved() if view.name == task.name)
        if task.what == "open":
            screen.open_view("" if view.is_hidden else f"view:{view.name}", view.query if view.is_hidden else "")
            return

        def typed(text: str | None) -> None:
            """Rename or tag, and back to the list."""
            if text is None:
                return
            if task.what == "rename":
                looks.rename_view(view.name, text)
                screen.say(f"view {view.name} is called {text.strip()} now")
            else:
                screen.say(looks.set_view_tag(view.name, text))
                screen.table.forget()
            screen.show_counts()

        if screen.ft.is_read_only:
            screen.say(f"views: {WHY_NOT[Need.WRITE]}", "$warning")
        elif task.what == "rename":
            screen.app.push_screen(LineDialog(f"Call {view.name} what?", view.name), typed)
        else:
            remarks = [
                line(
                    (
                        "everyone in it now, and everyone who enters it later; nothing typed ends that",
                        "$foreground-muted",
                    )
                ),
                line(("u takes back whom it tagged", "$foreground-muted")),
            ]
            words = [name for name, _, _ in screen.bench.tags()]
            dialog = LineDialog(f"Tag everyone who enters {view.name} with", view.tag, "a tag", remarks, words)
            screen.app.push_screen(dialog, typed)
