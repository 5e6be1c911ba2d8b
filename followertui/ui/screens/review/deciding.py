"""The review's verbs that decide, and that set kinds, tags and notes.

Owns decisions, kinds, tags, notes, release and repeat.
"""

from __future__ import annotations

from dataclasses import dataclass

from followertui.domain.decision import Decision
from followertui.domain.kind import KIND_KEYS, Kind
from followertui.ui.cells import counted, guard, line
from followertui.ui.commands import COMMANDS, Need
from followertui.ui.dialogs.asking import LineDialog, release_question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.outcome_text import decision_outcome
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.verbs import Verbs

DIGITS = frozenset("123456789")
"""Keys a tag can be bound to."""
SHOWN_TAGS = 8
MOST_TOGGLED = 500
"""The most rows a tag's digit takes off again; of more it only adds."""


@dataclass(frozen=True, slots=True)
class SaidKind:
    """The kind a person sets; None clears it."""

    kind: Kind | None

    @property
    def title(self) -> str:
        """The kind's name."""
        return self.kind.value if self.kind is not None else "auto"


@dataclass(frozen=True, slots=True)
class TypedTags:
    """What was typed into the tag dialog: names to add, names to remove, digit -> name to bind."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    bound: dict[str, str]

    @classmethod
    def read(cls, typed: str) -> TypedTags:
        """Read "a, b=3, -c": a and b are added, b is bound to the digit 3, c is removed."""
        add, remove, bound = [], [], {}
        for part in typed.split(","):
            name, _, digit = (piece.strip() for piece in part.strip().partition("="))
            if name.startswith("-"):
                if name[1:].strip():
                    remove.append(name[1:].strip())
            elif name:
                add.append(name)
                if digit in DIGITS:
                    bound[digit] = name
        return cls(tuple(add), tuple(remove), bound)


class Deciding(Verbs[ReviewScreen]):
    """One key, one decision.

    Args:
        screen: the review.
        gestures: the way gestures go there.
    """

    def __init__(self, screen: ReviewScreen, gestures: Gestures) -> None:
        super().__init__(screen)
        self._gestures = gestures

    def present(self) -> frozenset[Need]:
        """Whether there is something to repeat."""
        return frozenset({Need.REPEAT}) if self._gestures.again is not None else frozenset()

    # Decisions ------------------------------------------------------------------------

    def decide(self, decision: Decision | None, title: str) -> None:
        """Decide for the marks or the cursor's row.

        Args:
            decision: what should happen; None undoes the decision.
            title: one word for it.
        """
        bench, query = self.screen.bench, self.screen.filter_text
        self._gestures.make(
            title,
            lambda rows, word: bench.decide(rows, decision, query, word),
            settles=decision is not None,
            foresee=lambda rows: decision_outcome(bench.foresee(rows, decision)),
        )

    def do_suggest(self) -> None:
        """As the card suggests."""
        bench, query = self.screen.bench, self.screen.filter_text
        self._gestures.make(
            "as suggested",
            lambda rows, word: bench.accept(rows, query, word),
            settles=True,
            foresee=lambda rows: decision_outcome(bench.foresee(rows, None)),
        )

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

    def do_remind(self) -> None:
        """Later, until a day that is asked for."""
        screen = self.screen
        review, query = screen.bench.review, screen.filter_text
        count = len(screen.acted_on())
        who = "this account" if count == 1 else f"these {counted(count)} accounts"

        def typed(text: str | None) -> None:
            """Put them off, once the day can be read."""
            if not text:
                return
            day = review.day(text)
            self._gestures.make(
                f"later until {day.isoformat()}",
                lambda rows, word: review.remind(rows, text, query, word),
                settles=True,
                foresee=lambda rows: decision_outcome(screen.bench.foresee(rows, Decision.LATER)),
            )

        remarks = [line(("3d, 2w, 6m, 1y from today, or a date such as 2026-12-24", "$foreground-muted"))]
        screen.app.push_screen(LineDialog(f"Look at {who} again when?", "", "2w", remarks), typed)

    def do_undecide(self) -> None:
        """Undo the decision."""
        for row in self.screen.acted_on():
            self.screen.table.settled.pop(int(row), None)
        self.decide(None, "undecided")

    def do_repeat(self) -> None:
        """The last gesture again, here."""
        again = self._gestures.again
        if again is not None:
            self._gestures.make(again.title, again.do, settles=again.settles, foresee=again.foresee)

    def do_release(self) -> None:
        """Release the account under the cursor from its guard, one by one and on purpose."""
        screen = self.screen
        card = screen.cards.current
        if card is None:
            return
        if not card.guard:
            screen.say("release: nothing guards this account")
            return
        row = card.cells.row

        def answered(yes: bool | None) -> None:
            """Release the account once that is confirmed."""
            if yes:
                self._gestures.done(screen.bench.release((row,)), (row,), settles=False)

        screen.app.push_screen(release_question(card.guards), answered)

    # Who it is ------------------------------------------------------------------------

    def do_kind(self) -> None:
        """Say who this is, by letter."""
        count = len(self.screen.acted_on())
        choices = [Choice(SaidKind(kind), kind.value, letter) for letter, kind in KIND_KEYS.items()]
        choices.append(Choice(SaidKind(None), "automatic", "a", "as judged"))
        card = self.screen.cards.current
        self.screen.choose(
            "Who is this?" if count == 1 else f"Who are these {counted(count)} accounts?",
            choices,
            self._kind_chosen,
            is_narrow=True,
            start=SaidKind(card.cells.kind) if card is not None else None,
            hint="letter or Enter · Esc back",
        )

    def _kind_chosen(self, said: SaidKind) -> None:
        bench, query = self.screen.bench, self.screen.filter_text
        self._gestures.make(said.title, lambda rows, word: bench.say_kind(rows, said.kind, query, word), settles=False)

    def do_tag(self) -> None:
        """Add or remove tags."""
        known = self.screen.bench.tags()
        shown = [
            line((f"{key or ' '}  ", "bold $accent"), name, (f"  {counted(count)}", "$foreground-muted"))
            for name, count, key in list(known)[:SHOWN_TAGS]
        ]
        remarks = [*shown, line(("a, b adds · -a removes · a=3 binds a to the digit 3", "$foreground-muted"))]
        words = [name for name, _, _ in known]
        dialog = LineDialog("Tag", "", "tag, other tag, -not this", remarks, words)
        self.screen.app.push_screen(dialog, self._tags_typed)

    def _tags_typed(self, typed: str | None) -> None:
        tags = TypedTags.read(typed or "")
        for digit, name in tags.bound.items():
            self.screen.bench.bind_tag(digit, name)
        if tags.add or tags.remove:
            self._tag(tags.add, tags.remove)

    def _tag(self, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        bench, query = self.screen.bench, self.screen.filter_text
        self._gestures.make("tag", lambda rows, _: bench.tag(rows, add, remove, query), settles=False)

    def other_key(self, key: str, character: str) -> bool:
        """A digit that a tag is bound to."""
        if character not in DIGITS:
            return False
        screen = self.screen
        name = next((name for name, _, bound in screen.bench.tags() if bound == character), "")
        reason = screen.why_not(COMMANDS["tag"])
        if not name:
            screen.say(f"no tag is bound to {character}: t, then NAME={character}", "$warning")
        elif reason:
            screen.say(reason, "$warning")
        elif self._all_have(name):
            self._tag((), (name,))
        else:
            self._tag((name,), ())
        return True

    def _all_have(self, tag: str) -> bool:
        """Whether the rows a verb acts on carry a tag already, so that its digit takes it off again."""
        rows = self.screen.acted_on()
        return 0 < len(rows) <= MOST_TOGGLED and all(tag in row.tags for row in self.screen.bench.page(rows))

    def do_note(self) -> None:
        """Write a note on the account under the cursor, or add a line to those of the marks."""
        screen = self.screen
        if len(screen.table.marks) or screen.table.range_from is not None:
            self._note_marks()
            return
        card = screen.cards.current
        if card is None:
            return
        row = card.cells.row

        def typed(text: str | None) -> None:
            """Write the note where it changed."""
            if text is not None and text != guard(card.note):
                self._gestures.done(screen.bench.note(row, text, card.note), (row,), settles=False)

        screen.app.push_screen(LineDialog("Note", card.note, "a note for yourself"), typed)

    def _note_marks(self) -> None:
        screen = self.screen
        bench, query = screen.bench, screen.filter_text
        count = counted(len(screen.acted_on()))

        def typed(text: str | None) -> None:
            """Add the line to every note."""
            if text and text.strip():
                self._gestures.make("note", lambda rows, _: bench.add_note(rows, text, query), settles=False)

        screen.app.push_screen(
            LineDialog(f"Add a line to the notes of {count} accounts", "", "a note for yourself"), typed
        )
