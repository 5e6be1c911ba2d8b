"""The review's verbs that mark many rows at once and look at what is marked.

Owns like-this, count-by and sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.services.values import CountLine
from followertui.ui.cells import counted
from followertui.ui.dialogs.choosing import Choice, Chooser, counted_choices
from followertui.ui.dialogs.looking import Sample
from followertui.ui.screens.review.frame import ReviewFrame

FILTER_PREFIX = "filter "


class MarkingScreen(ReviewFrame):
    """Marks beyond a row or a range."""

    def mark_matching(self, rows: Sequence[int], query: str, title: str) -> None:
        """Mark the rows of a set that satisfy a query."""

        def marked(found: Sequence[int]) -> None:
            self.table.marks.add(found)
            self.table.marks_changed()
            self.say(f"marked {counted(len(found))}: {title}")

        self.run_in_thread_if_large(len(rows), lambda: self.bench.rows_matching(rows, query), marked)

    def do_alike(self) -> None:
        """Mark all in view that are like the account under the cursor."""
        key, rows = self.table.key, self.table.keys
        if key is None:
            return

        ways = self.bench.alike(rows, key)
        if not ways:
            self.say("nothing to be like: this account has no kind, reason or match yet", "$warning")
            return
        titles = {way.query: way.title for way in ways}
        self.choose(
            "Mark all in view with the same …",
            [Choice(way.query, way.title, str(at), counted(way.count)) for at, way in enumerate(ways, 1)],
            lambda query: self.mark_matching(rows, query, titles[query]),
        )

    def do_count(self) -> None:
        """Count the marks, or the view, by a field."""
        rows = self.looked_at()
        if not len(rows):
            self.say("no rows to count: / filters, ] goes to the next queue", "$warning")
            return
        what = "marked" if len(self.table.marks) else "in view"
        letters = "kmrtdcabefghijlnopqsuvwxyz"
        choices = []
        for name, help_text in self.bench.count_fields():
            letter = next((char for char in name + letters if char in letters), "")
            letters = letters.replace(letter, "", 1) if letter else letters
            choices.append(Choice(name, name, letter, help_text))
        self.choose(
            f"Count {counted(len(rows))} {what} by …",
            choices,
            lambda field: self.run_in_thread_if_large(
                len(rows), lambda: self.bench.count_by(rows, field), lambda counts: self._counted(rows, field, counts)
            ),
        )

    def _counted(self, rows: Sequence[int], field: str, counts: Sequence[CountLine]) -> None:
        self.remember_look()
        if not counts:
            self.say(f"nothing is known of {field} for these rows")
            return
        choices = counted_choices([(item.term, item.value, item.count) for item in counts], len(rows))
        values = {item.term: item.value for item in counts}
        dialog = Chooser(
            f"{counted(len(rows))} by {field}",
            choices,
            hint="Enter mark these · f filter by it · Esc back",
            also={"f": FILTER_PREFIX},
        )

        def answered(answer: str | None) -> None:
            if not answer:
                return
            if answer.startswith(FILTER_PREFIX):
                term = answer.removeprefix(FILTER_PREFIX)
                self.open_view(self.queue_id, f"{self.filter_text} {term}".strip(), row=self.table.key)
            else:
                self.mark_matching(rows, answer, f"{field} {values.get(answer, '')}")

        self.app.push_screen(dialog, answered)

    def do_sample(self) -> None:
        """Look at random ones of the marks, or of the view."""
        rows = self.looked_at()
        what = "marked" if len(self.table.marks) else "in view"
        title = f"{min(20, len(rows))} of {counted(len(rows))} {what}, at random"

        def looked(_: bool | None) -> None:
            self.table.marks_changed()
            self.remember_look()

        dialog = Sample(title, lambda: self.bench.sample(rows, 20), self.bench.page, self.table.marks)
        self.app.push_screen(dialog, looked)
