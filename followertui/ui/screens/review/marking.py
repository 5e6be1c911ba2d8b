"""The review's verbs that mark many rows at once and look at what is marked.

Owns like-this, count-by and sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual.screen import Screen

from followertui.services.values import CountLine
from followertui.ui.cells import counted, line
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import MENU_KEYS, Choice, Chooser, counted_choices
from followertui.ui.dialogs.looking import Sample
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs

SAMPLE_ROWS = 20
COUNT_LETTERS = {
    "kind": "k", "reason": "r", "company": "c", "domain": "d", "like": "b", "wave": "w", "created": "m",
    "location": "p", "match": "x", "list": "l", "tag": "t",
}  # fmt: skip
"""Letters of the fields most counted by, which come first; the others take what is left of their names."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class CountedValue:
    """A value chosen from a count.

    Attributes:
        term: query term of its rows.
        value: as shown.
        is_filter: whether the view is filtered by it; otherwise its rows are marked.
    """

    term: str
    value: str
    is_filter: bool = False

    def as_filter(self) -> CountedValue:
        """The same value, to filter by."""
        return replace(self, is_filter=True)


class Marking(Verbs[ReviewScreen]):
    """Marks beyond a row or a range."""

    def mark_matching(self, rows: Sequence[int], query: str, title: str, company: str = "") -> None:
        """Mark the rows of a set that satisfy a query.

        Args:
            rows: the set.
            query: what marked rows satisfy.
            title: what they have in common.
            company: the company they are marked by, whose matches answers are then about.
        """
        screen = self.screen

        def marked(found: Sequence[int]) -> None:
            """Mark the rows found."""
            screen.table.marks.add(found)
            screen.marked_company = company
            screen.table.marks_changed()
            screen.say(f"marked {counted(len(found))}: {title}")

        screen.run_in_thread_if_large(len(rows), lambda: screen.bench.rows_matching(rows, query), marked)

    def do_mark_query(self) -> None:
        """Mark all in view that a query finds."""
        screen = self.screen
        rows = screen.table.keys

        def typed(text: str | None) -> None:
            """Mark them, once the query can be read."""
            if text:
                self.mark_matching(rows, text, text)

        remarks = [line(("words and terms as in the filter, such as silent:2y.. -match:any", "$foreground-muted"))]
        screen.app.push_screen(LineDialog("Mark all in view that …", "", "kind:bot", remarks), typed)

    def do_alike(self) -> None:
        """Mark all in view that are like the account under the cursor."""
        screen = self.screen
        key, rows = screen.table.key, screen.table.keys
        if key is None:
            return
        ways = screen.bench.alike(rows, key)
        if not ways:
            screen.say("nothing to be like: this account has no kind, reason or match yet", "$warning")
            return
        screen.choose(
            "Mark all in view with the same …",
            [Choice(way, way.title, key, counted(way.count)) for key, way in zip(MENU_KEYS, ways, strict=False)],
            lambda way: self.mark_matching(rows, way.query, way.title, way.company),
        )

    def do_count(self) -> None:
        """Count the marks, or the view, by a field."""
        screen = self.screen
        rows = screen.looked_at()
        if not len(rows):
            screen.say("no rows to count: / filters, ] goes to the next queue", "$warning")
            return
        what = "marked" if len(screen.table.marks) else "in view"
        known = dict(screen.bench.count_fields())
        first = [name for name in COUNT_LETTERS if name in known]
        letters = "".join(letter for letter in LETTERS if letter not in {*COUNT_LETTERS.values(), "j"})
        choices = [Choice(name, name, COUNT_LETTERS[name], known[name]) for name in first]
        for name in (name for name in known if name not in COUNT_LETTERS):
            letter = next((char for char in name + letters if char in letters), "")
            letters = letters.replace(letter, "", 1) if letter else letters
            choices.append(Choice(name, name, letter, known[name]))
        screen.choose(
            f"Count {counted(len(rows))} {what} by …",
            choices,
            lambda field: self._count(rows, field),
        )

    def _count(self, rows: Sequence[int], field: str) -> None:
        screen, shown = self.screen, self.screen.app.screen
        screen.run_in_thread_if_large(
            len(rows),
            lambda: screen.bench.count_by(rows, field),
            lambda counts: self._counted(rows, field, counts, shown),
        )

    def _counted(self, rows: Sequence[int], field: str, counts: Sequence[CountLine], shown: Screen[Any]) -> None:
        screen = self.screen
        if not counts:
            screen.say(f"nothing is known of {field} for these rows")
            return
        dialog = Chooser(
            f"{counted(len(rows))} by {field}",
            counted_choices(
                [(CountedValue(item.term, item.value), item.value, item.count) for item in counts], len(rows)
            ),
            hint="Enter mark these · f filter by it · Esc back",
            also={"f": CountedValue.as_filter},
        )

        def answered(answer: CountedValue | None) -> None:
            """Mark or filter by the value chosen."""
            screen.remember_look()
            if answer is None:
                return
            if answer.is_filter:
                text = f"{screen.filter_text} {answer.term}".strip()
                screen.open_view(screen.queue_id, text, row=screen.table.key)
            else:
                company = answer.value if field == "company" else ""
                self.mark_matching(rows, answer.term, f"{field} {answer.value}", company)

        screen.ask_over(shown, dialog, answered)

    def do_sample(self) -> None:
        """Look at random ones of the marks, or of the view."""
        screen = self.screen
        rows = screen.looked_at()
        what = "marked" if len(screen.table.marks) else "in view"
        title = f"{min(SAMPLE_ROWS, len(rows))} of {counted(len(rows))} {what}, at random"

        def looked(_: bool | None) -> None:
            """Remember that these marks were sampled."""
            screen.table.marks_changed()
            screen.remember_look()

        dialog = Sample(title, lambda: screen.bench.sample(rows, SAMPLE_ROWS), screen.bench.page, screen.table.marks)
        screen.app.push_screen(dialog, looked)
