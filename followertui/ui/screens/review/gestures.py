"""How every gesture runs in the review: a preview where it is large, the change, the next row.

Owns when a bulk decision asks for a look, what ``.`` repeats, and where the cursor goes
afterwards. What a gesture does is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from followertui.services.values import BULK, CountLine, Gesture, RowCells, Word
from followertui.ui.cells import counted
from followertui.ui.commands import Place
from followertui.ui.dialogs.looking import BulkLook
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.words import way_on

BULK_ROWS = 20
"""From this many rows on, a decision offers a look at what is in it."""
NEAR_ROWS = 256
"""Rows ahead that are looked through for the next undecided one before the workbench is asked."""
SAMPLE_ROWS = 12
LOOK_FIELDS = ("reason", "kind", "match")

Do = Callable[[Sequence[int], Word], Gesture]
Foresee = Callable[[Sequence[int]], Sequence[str]]
"""Says in lines what a gesture on some rows will do."""


class Repeatable(NamedTuple):
    """A gesture ``.`` can do again: its title, the call for rows, whether rows are done with afterwards."""

    title: str
    do: Do
    settles: bool
    foresee: Foresee | None


class BulkContents(NamedTuple):
    """What is in a bulk decision: what it will do, counts by heading, and some of its rows."""

    outcome: Sequence[str]
    counts: Sequence[tuple[str, Sequence[CountLine]]]
    sample: Sequence[RowCells]


class Gestures:
    """Gestures on the review's rows.

    Args:
        screen: the review.
    """

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self.again: Repeatable | None = None

    def make(
        self,
        title: str,
        do: Do,
        *,
        settles: bool,
        is_repeatable: bool = True,
        sign: str = "",
        foresee: Foresee | None = None,
    ) -> None:
        """Act on the marks or the cursor's row; a bulk decision offers a preview first.

        Args:
            title: what is done, one word.
            do: the workbench's call for these rows.
            settles: whether rows are done with, so that the cursor moves on.
            is_repeatable: whether ``.`` does it again.
            sign: what stands before rows whose match is answered, "" for a decision.
            foresee: says what it will do, for the question before a bulk gesture.
        """
        rows = self._screen.acted_on()
        if not len(rows):
            return
        word = self._word(rows)
        if is_repeatable:
            self.again = Repeatable(title, do, settles, foresee)
        if settles and len(rows) >= BULK_ROWS and not self._screen.has_looked:
            self._look_first(title, rows, foresee, lambda: self._do(do, rows, word, settles, sign))
        else:
            self._do(do, rows, word, settles, sign)

    def _word(self, rows: Sequence[int]) -> Word:
        """A key on the cursor's row is a word on it by name; marks are not. What the row showed goes along."""
        table = self._screen.table
        if len(table.marks) or len(rows) != 1:
            return BULK
        shown = table.drawn(table.cursor)
        return Word(True, {} if shown is None else {shown.row: shown.decision})

    def _do(self, do: Do, rows: Sequence[int], word: Word, settles: bool, sign: str) -> None:
        self._screen.run_in_thread_if_large(
            len(rows), lambda: do(rows, word), lambda gesture: self.done(gesture, rows, settles=settles, sign=sign)
        )

    def _look_first(self, title: str, rows: Sequence[int], foresee: Foresee | None, go_on: Callable[[], None]) -> None:
        screen, bench, shown = self._screen, self._screen.bench, self._screen.app.screen

        def read() -> BulkContents:
            """Count and sample the rows, in a thread where there are many."""
            known = {name for name, _ in bench.count_fields()}
            counts = [(name, bench.count_by(rows, name)) for name in LOOK_FIELDS if name in known]
            outcome = foresee(rows) if foresee is not None else ()
            return BulkContents(outcome, counts, bench.page(bench.sample(rows, SAMPLE_ROWS)))

        def ask(contents: BulkContents) -> None:
            """Show what the rows hold and ask whether to go on."""
            count = counted(len(rows))
            dialog = BulkLook(
                f"{title} {count} accounts?", contents.outcome, contents.counts, contents.sample, f"{title} {count}"
            )
            screen.ask_over(shown, dialog, lambda answer: go_on() if answer else None)

        screen.run_in_thread_if_large(len(rows), read, ask)

    def done(self, gesture: Gesture, rows: Sequence[int], *, settles: bool, sign: str = "") -> None:
        """Say what a gesture did and show what it changed.

        Args:
            gesture: the result.
            rows: the rows it was about.
            settles: whether they are done with, so that the cursor moves on.
            sign: what stands before them from now on, "" for the key of their decision.
        """
        screen = self._screen
        table = screen.table
        screen.say(gesture.text, "$warning" if gesture.held else "$text-success")
        had_marks = bool(len(table.marks))
        if sign or (table.is_confirming and settles and gesture.entry_id):
            table.settled.update(dict.fromkeys(map(int, rows), sign))
        if settles:
            table.marks.clear()
        if sign or table.is_confirming:
            table.forget()  # an answer teaches, which may show on other rows
        else:
            table.renew(rows)
        if had_marks:
            table.marks_changed()
        if settles and (gesture.entry_id or sign or had_marks or self._is_settled(rows)):
            self.advance()
        screen.gesture_shown()

    def _is_settled(self, rows: Sequence[int]) -> bool:
        """Whether the row under the cursor is one of these and already decided."""
        row = self._screen.table.current
        return row is not None and row.row in rows and self._screen.table.is_dim(row)

    def advance(self) -> None:
        """Put the cursor on the next row that is not decided; stay at the end if there is none."""
        screen = self._screen
        table = screen.table
        if not len(table.keys):
            return
        last = min(len(table.keys), table.cursor + 1 + NEAR_ROWS)
        for index in range(table.cursor, last):
            if not table.is_dim(table.row_at(index)):
                table.move_to(index)
                return
        if last < len(table.keys) and screen.place is Place.REVIEW:
            ahead = table.keys[last:]
            for row in screen.bench.rows_matching(ahead, "decision:none"):
                if row not in table.settled and screen.go_to_row(int(row)):
                    return
        earlier = (
            at for at in range(max(0, table.cursor - NEAR_ROWS), table.cursor) if not table.is_dim(table.row_at(at))
        )
        before = next(earlier, None)
        if before is None:
            table.move_to(table.cursor + 1)
            on = way_on(screen.queues, screen.queue_id)
            screen.say(f"{screen.status.text} · all decided here: {on}".lstrip(" ·"))
        else:
            table.move_to(before)
