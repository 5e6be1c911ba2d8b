"""The review's verbs that look back: the last decisions, changed where they stand, and what came of the session.

Owns what a key means for one of the last decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from followertui.domain.decision import Decision
from followertui.services.values import Gesture, Word
from followertui.ui.attempt import attempt
from followertui.ui.cells import counted, hanging, lines, plain
from followertui.ui.command import WHY_NOT, Command, Need, Place
from followertui.ui.dialogs.last import LastDecisions
from followertui.ui.dialogs.looking import SCROLL_CELLS, inner_width
from followertui.ui.dialogs.telling import Told
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.verbs import Verbs

if TYPE_CHECKING:
    from followertui.services.review.recent import LastDecision

_DECISIONS: dict[str, Decision | None] = {
    "keep": Decision.KEEP,
    "out": Decision.OUT,
    "follow": Decision.FOLLOW,
    "engage": Decision.ENGAGE,
    "later": Decision.LATER,
    "undecide": None,
}
"""Command -> what it says of an account."""

LABEL_WIDTH = 14
_BLIND = {
    "name": "judging blind: names, handles and pictures' signs are hidden; B hides bios instead",
    "bio": "judging blind: bios are hidden; B shows everything again",
    "": "nothing is hidden any more",
}
"""Said when something is hidden or shown again."""
BY_NAME = Word(is_by_name=True)


class LookingBack(Verbs[ReviewScreen]):
    """The last decisions and the session.

    Args:
        screen: the review.
        gestures: the way gestures go there.
    """

    def __init__(self, screen: ReviewScreen, gestures: Gestures) -> None:
        super().__init__(screen)
        self._gestures = gestures

    def do_last(self) -> None:
        """Look back on the last decisions."""
        self.screen.app.push_screen(LastDecisions(self.screen.bench.review.last, self._act), self._go_to)

    def _go_to(self, one: LastDecision | None) -> None:
        """To the account of a decision, or with marks on those of a bulk gesture."""
        screen = self.screen
        if one is None:
            return
        if one.row:
            screen.show_row(one.row)
            return
        rows = screen.bench.review.accounts_of(one.entry_id)
        screen.table.marks.clear()
        screen.table.marks.add(rows)
        screen.table.marks_changed()
        screen.say(f"marked the {counted(len(rows))} accounts of that gesture: decide again, or Esc clears the marks")

    def _act(self, one: LastDecision, key: str) -> str | None:
        """Change one of the last decisions by a key of the review; what came of it."""
        screen = self.screen
        command = screen.ft.keymap.resolve(Place.CONFIRM if one.match_id else Place.REVIEW, key)
        if command is None:
            return None
        call = self._call(one, command)
        if call is None:
            return None
        if not one.row:
            return f"{one.who} were decided at once: Enter marks them, then decide"
        if screen.ft.is_read_only:
            return f"{command.title}: {WHY_NOT[Need.WRITE]}"
        gesture, error = attempt(command.title, call)
        if gesture is None:
            return str(error)
        table = screen.table
        sign = {"match.yes": "✓", "match.no": "✗"}.get(command.id, "") if table.is_confirming else ""
        if not sign:
            table.settled.pop(one.row, None)
        self._gestures.done(gesture, (one.row,), settles=False, sign=sign)
        return gesture.text

    def _call(self, one: LastDecision, command: Command) -> Callable[[], Gesture] | None:
        """What a command does to a line, None for one that says nothing of an account or match."""
        bench = self.screen.bench
        if one.match_id:
            answers = {"match.yes": bench.confirm, "match.no": bench.reject, "match.unsure": bench.unsure}
            answer = answers.get("match.unsure" if command.id == "undecide" else command.id)
            return None if answer is None else lambda: answer([one.match_id])
        if command.id == "suggest":
            return lambda: bench.accept((one.row,), "", BY_NAME)
        if command.id == "undecide" and one.is_kind:
            return lambda: bench.say_kind((one.row,), None, "", BY_NAME)
        if command.id in _DECISIONS:
            return lambda: bench.decide((one.row,), _DECISIONS[command.id], "", BY_NAME)
        return None

    def do_blind(self) -> None:
        """Hide the name, then the bio, then nothing."""
        screen = self.screen
        hidden = screen.bench.review.hide_next()
        screen.table.forget()
        screen.show_counts()
        screen.cards.read_again()
        screen.say(_BLIND[hidden])

    def do_enough(self) -> None:
        """Whether enough was looked at."""
        self._tell("Enough looked at?", self.screen.bench.review.outlook_lines())

    def do_session(self) -> None:
        """What came of this session so far."""
        screen = self.screen
        found = screen.bench.review.summary()
        if found is None:
            screen.say("nothing was decided in this session yet")
            return
        self._tell("This session", screen.bench.review.lines(found))

    def _tell(self, title: str, told: Sequence[tuple[str, str]]) -> None:
        app = self.screen.app
        width = inner_width(app.size.width) - SCROLL_CELLS
        rows = [hanging(label, plain(said), width, label_width=LABEL_WIDTH) for label, said in told]
        app.push_screen(Told(title, lines(rows)))
