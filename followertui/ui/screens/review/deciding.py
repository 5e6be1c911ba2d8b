"""The review's verbs that say what should happen and who someone is.

Owns decisions, answers to matches, kinds, tags, notes, repeat, undo and redo, and where the
cursor goes afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from followertui.domain.decision import Decision
from followertui.domain.kind import KIND_KEYS, Kind
from followertui.domain.match import MatchState
from followertui.services.values import CountLine, Gesture, HeldBack, MatchCard, Undone
from followertui.ui.cells import counted, line, lines
from followertui.ui.commands import Place
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.dialogs.looking import BulkLook
from followertui.ui.screens.review.frame import first_open_match
from followertui.ui.screens.review.marking import MarkingScreen

BULK_ROWS = 20
"""From so many rows on a decision offers a look at what is in it."""
NEAR_ROWS = 256
"""So many rows ahead are looked through for the next undecided one before the workbench is asked."""
AUTO_KIND = "auto"
SAMPLE_ROWS = 5

Do = Callable[[Sequence[int]], Gesture]


def held_text(held: Sequence[HeldBack]) -> str:
    """What was held back and why, in one line; "" if nothing was."""
    if not held:
        return ""
    total = sum(item.count for item in held)
    return f"{counted(total)} held back: " + ", ".join(f"{counted(item.count)} {item.reason}" for item in held)


def gesture_line(gesture: Gesture) -> str:
    """What a gesture did, with what was held back unless its own words say so."""
    held = held_text(gesture.held)
    return gesture.text if not held or "held back" in gesture.text else f"{gesture.text} · {held}"


class DecidingScreen(MarkingScreen):
    """One key, one decision."""

    _again: tuple[str, Do, bool] | None = None
    """What ``.`` does: title, gesture, whether it settles rows."""

    # The one way a gesture goes -------------------------------------------------------

    def gesture(self, title: str, do: Do, *, settles: bool, is_repeatable: bool = True) -> None:
        """Do something to the marks or the cursor's row; a bulk decision offers a look first.

        Args:
            title: what is done, one word.
            do: the workbench's call for these rows.
            settles: whether rows are done with, so that the cursor moves on.
            is_repeatable: whether ``.`` does it again.
        """
        rows = self.acted_on()
        if not len(rows):
            return
        if is_repeatable:
            self._again = (title, do, settles)
        if settles and len(rows) >= BULK_ROWS and not self.has_looked:
            self._look_first(title, rows, lambda: self._do(do, rows, settles))
        else:
            self._do(do, rows, settles)

    def _do(self, do: Do, rows: Sequence[int], settles: bool) -> None:
        self.run_in_thread_if_large(len(rows), lambda: do(rows), lambda gesture: self._done(gesture, rows, settles))

    def _look_first(self, title: str, rows: Sequence[int], go_on: Callable[[], None]) -> None:
        def looked() -> tuple[Sequence[tuple[str, Sequence[CountLine]]], Sequence[int]]:
            fields = [name for name, _ in self.bench.count_fields()]
            wanted = [name for name in ("reason", "kind", "match") if name in fields]
            counts = [(name, self.bench.count_by(rows, name)) for name in wanted]
            return counts, self.bench.sample(rows, SAMPLE_ROWS)

        def ask(found: tuple[Sequence[tuple[str, Sequence[CountLine]]], Sequence[int]]) -> None:
            counts, sample = found
            count = counted(len(rows))
            dialog = BulkLook(f"{title} {count} accounts?", counts, self.bench.page(sample), f"{title} {count}")
            self.app.push_screen(dialog, lambda answer: go_on() if answer else None)

        self.run_in_thread_if_large(len(rows), looked, ask)

    def _done(self, gesture: Gesture, rows: Sequence[int], settles: bool) -> None:
        self.say(gesture_line(gesture), "$warning" if gesture.held else "$text-success")
        had_marks = bool(len(self.table.marks))
        if settles:
            self.table.settled.update(rows)
            self.table.marks.clear()
        self.table.forget()
        if had_marks:
            self.table.marks_changed()
        self.show_counts()
        self.count_again()
        if settles:
            self.advance()
        self.match_at = -1
        self.show_card()

    def advance(self) -> None:
        """Put the cursor on the next row that is not decided; stay at the end if there is none."""
        table = self.table
        if not len(table.keys):
            return
        last = min(len(table.keys), table.cursor + 1 + NEAR_ROWS)
        for index in range(table.cursor, last):
            if not table.is_dim(table.row_at(index)):
                table.move_to(index)
                return
        if last < len(table.keys) and self.place is Place.REVIEW:
            ahead = table.keys[last:]
            for row in self.bench.rows_matching(ahead, "decision:none"):
                if row not in table.settled and self._go_to_row(int(row)):
                    return
        earlier = (
            at for at in range(max(0, table.cursor - NEAR_ROWS), table.cursor) if not table.is_dim(table.row_at(at))
        )
        before = next(earlier, None)
        if before is None:
            table.move_to(table.cursor + 1)
            self.say(f"{self.status.text} · all decided here: ] goes to the next queue".lstrip(" ·"))
        else:
            table.move_to(before)

    # Decisions ------------------------------------------------------------------------

    def decide(self, decision: Decision | None, title: str) -> None:
        """Decide for the marks or the cursor's row."""
        query = self.filter_text
        self.gesture(title, lambda rows: self.bench.decide(rows, decision, query), settles=decision is not None)

    def do_suggest(self) -> None:
        """As the card suggests."""
        query = self.filter_text
        self.gesture("as suggested", lambda rows: self.bench.accept(rows, query), settles=True)

    def do_keep(self) -> None:
        """Keep."""
        self.decide(Decision.KEEP, "keep")

    def do_out(self) -> None:
        """Out."""
        self.decide(Decision.OUT, "out")

    def do_follow(self) -> None:
        """Follow."""
        self.decide(Decision.FOLLOW, "follow")

    def do_engage(self) -> None:
        """Engage."""
        self.decide(Decision.ENGAGE, "engage")

    def do_later(self) -> None:
        """Later."""
        self.decide(Decision.LATER, "later")

    def do_undecide(self) -> None:
        """Take the decision back."""
        rows = self.acted_on()
        self.table.settled.difference_update(rows)
        self.decide(None, "undecided")

    def do_repeat(self) -> None:
        """The last gesture again, here."""
        if self._again is None:
            self.say("repeat: nothing to repeat yet", "$warning")
            return
        title, do, settles = self._again
        self.gesture(title, do, settles=settles)

    def do_release(self) -> None:
        """Release the account under the cursor from its guard, one by one and on purpose."""
        card = self.shown_card
        if card is None:
            return
        if not card.guard:
            self.say("release: nothing guards this account")
            return
        row = card.cells.row

        def answered(yes: bool | None) -> None:
            if yes:
                self._done(self.bench.release((row,)), (row,), False)

        text = lines([line(card.guard), line("It can then be taken out like any other account.")])
        self.app.push_screen(Question("Release from its guard?", text, yes="release"), answered)

    # Answers to matches ---------------------------------------------------------------

    def _answer(self, title: str, call: Callable[[Sequence[int]], Gesture], *, stays: bool = False) -> None:
        single = not len(self.table.marks) and self.table.range_from is None
        at = self.match_at = self.match_at if self.match_at >= 0 else first_open_match(self.shown_card)

        def do(rows: Sequence[int]) -> Gesture:
            ids = []
            for row in rows:
                matches = self.bench.matches_of(row)
                open_ones = [match for match in matches if match.state is MatchState.UNREVIEWED]
                if single and len(rows) == 1 and 0 <= at < len(matches):
                    ids.append(matches[at].id)
                elif open_ones:
                    ids.append(open_ones[0].id)
            return call(ids)

        now = self._matches()[at].id if 0 <= at < len(self._matches()) else 0
        others = [match for match in self._matches() if match.state is MatchState.UNREVIEWED and match.id != now]
        self.gesture(title, do, settles=not (stays and single and others), is_repeatable=False)

    def _matches(self) -> Sequence[MatchCard]:
        return self.shown_card.matches if self.shown_card is not None else ()

    def do_match_yes(self) -> None:
        """It is them."""
        self._answer("confirm", self.bench.confirm)

    def do_match_no(self) -> None:
        """It is not; the account's next match is asked before going on."""
        self._answer("reject", self.bench.reject, stays=True)

    def do_match_unsure(self) -> None:
        """Cannot tell."""
        self._answer("not sure about", self.bench.unsure)

    def do_match_next(self) -> None:
        """The account's next match."""
        count = len(self.shown_card.matches) if self.shown_card else 0
        if count < 2:
            self.say("this is its only match")
            return
        now = self.match_at if self.match_at >= 0 else first_open_match(self.shown_card)
        self.match_at = (now + 1) % count
        self.draw_card(self.shown_card)

    # Who it is ------------------------------------------------------------------------

    def do_kind(self) -> None:
        """Say who this is, by letter."""
        rows = self.acted_on()
        choices = [Choice(kind.value, kind.value, letter) for letter, kind in KIND_KEYS.items()]
        choices.append(Choice(AUTO_KIND, "automatic", "a", "take your word back"))
        who = f"{counted(len(rows))} accounts" if len(rows) > 1 else "this"
        self.choose(
            f"Who is {who}?" if len(rows) == 1 else f"Who are these {who}?",
            choices,
            self._kind_chosen,
            is_narrow=True,
            start=self._kind_now(),
            hint="letter or Enter · Esc back",
        )

    def _kind_now(self) -> str:
        return self.shown_card.cells.kind.value if self.shown_card is not None else ""

    def _kind_chosen(self, answer: str) -> None:
        kind = None if answer == AUTO_KIND else Kind(answer)
        query = self.filter_text
        self.gesture(answer, lambda rows: self.bench.say_kind(rows, kind, query), settles=False)

    def do_tag(self) -> None:
        """Add or remove tags."""
        known = self.bench.tags()
        shown = [
            line((f"{key or ' '}  ", "bold $accent"), name, (f"  {counted(count)}", "$foreground-muted"))
            for name, count, key in list(known)[:8]
        ]
        remarks = [*shown, line(("a, b adds · -a removes · a=3 binds a to the digit 3", "$foreground-muted"))]
        words = [name for name, _, _ in known]
        dialog = LineDialog("Tag", "", "tag, other tag, -not this", remarks, words)
        self.app.push_screen(dialog, self._tags_typed)

    def _tags_typed(self, typed: str | None) -> None:
        add, remove = [], []
        for part in (typed or "").split(","):
            name, _, digit = part.strip().partition("=")
            if digit.strip() in set("123456789") and name.strip():
                self.bench.bind_tag(digit.strip(), name.strip())
            if name.startswith("-"):
                remove.append(name[1:].strip())
            elif name.strip():
                add.append(name.strip())
        if add or remove:
            self._tag(tuple(add), tuple(remove))

    def _tag(self, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        query = self.filter_text
        self.gesture("tag", lambda rows: self.bench.tag(rows, add, remove, query), settles=False)

    def other_key(self, key: str, character: str) -> bool:
        """A digit that a tag is bound to."""
        if character not in set("123456789"):
            return False
        name = next((name for name, _, bound in self.bench.tags() if bound == character), "")
        if not name:
            self.say(f"no tag is bound to {character}: t, then NAME={character}", "$warning")
        elif self.ft.is_read_only:
            self.run_command("tag")
        elif len(self.table.keys):
            self._tag((name,), ())
        return True

    def do_note(self) -> None:
        """Write a note on the account under the cursor."""
        card = self.shown_card
        if card is None:
            return
        row = card.cells.row

        def typed(text: str | None) -> None:
            if text is not None and text != card.note:
                self._done(self.bench.note(row, text), (row,), False)

        self.app.push_screen(LineDialog("Note", card.note, "a note for yourself"), typed)

    # Back and forth -------------------------------------------------------------------

    def do_undo(self) -> None:
        """Take the last gesture back."""
        self.undo_or_redo()

    def do_redo(self) -> None:
        """Do it again."""
        self.undo_or_redo(redo=True)

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone."""
        held = held_text(undone.skipped).replace("held back", "left alone")
        self.say(f"{undone.text} · {held}" if held else undone.text, "$warning" if held else "")
        self.table.settled.difference_update(undone.rows)
        self.table.forget()
        self.show_counts()
        self.count_again()
        for row in undone.rows:
            if self._go_to_row(row):
                break
        self.show_card()
