"""The review's answers to matches: yes, no, not sure, the next one.

Owns which match of an account an answer is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from followertui.domain.match import MatchState
from followertui.services.intake.values import MatchReport
from followertui.services.values import Gesture, MatchCard, Word
from followertui.ui.dialogs.asking import Question
from followertui.ui.outcome_text import answer_outcome
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.verbs import Verbs


def _report_text(report: MatchReport) -> str:
    return report.text


class Matches(Verbs[ReviewScreen]):
    """Answers to matches.

    Args:
        screen: the review.
        gestures: the way gestures go there.
    """

    def __init__(self, screen: ReviewScreen, gestures: Gestures) -> None:
        super().__init__(screen)
        self._gestures = gestures

    def _answer(self, title: str, sign: str, call: Callable[[Sequence[int]], Gesture], *, stays: bool = False) -> None:
        screen = self.screen
        single = not len(screen.table.marks) and screen.table.range_from is None
        at = screen.cards.match_at

        company = screen.marked_company if not single else ""

        def do(rows: Sequence[int], _: Word) -> Gesture:
            """Answer the match looked at, or one of each of several accounts."""
            looked = self._matches()
            if single and len(rows) == 1 and 0 <= at < len(looked):
                return call([looked[at].id])
            return call([match.id for match in screen.bench.to_answer(rows, company)])

        def foresee(rows: Sequence[int]) -> Sequence[str]:
            """Which matches that will be."""
            found = screen.bench.to_answer(rows, company)
            counts = Counter(match.company or match.entity for match in found)
            return answer_outcome(title, counts.most_common(), len(rows))

        now = self._matches()[at].id if 0 <= at < len(self._matches()) else 0
        others = [match for match in self._matches() if match.state is MatchState.UNREVIEWED and match.id != now]
        settles = not (stays and single and others)
        self._gestures.make(
            title, do, settles=settles, is_repeatable=False, sign=sign if settles else "", foresee=foresee
        )

    def _matches(self) -> Sequence[MatchCard]:
        card = self.screen.cards.current
        return card.matches if card is not None else ()

    def do_match_yes(self) -> None:
        """It is them."""
        self._answer("confirm", "✓", self.screen.bench.confirm)

    def do_match_no(self) -> None:
        """It is not; the account's next match is asked before going on."""
        self._answer("reject", "✗", self.screen.bench.reject, stays=True)

    def do_match_unsure(self) -> None:
        """Cannot tell."""
        self._answer("not sure about", "?", self.screen.bench.unsure)

    def do_match_refuse(self) -> None:
        """Not their words: says how many matches rest on them, and asks."""
        screen, at = self.screen, self.screen.cards.match_at
        found = self._matches()
        if not 0 <= at < len(found):
            return
        number = found[at].id
        clause = screen.bench.clause(number)

        def answered(is_yes: bool | None) -> None:
            """Refuse the words and compare again what rests on them."""
            if is_yes:
                screen.say(screen.bench.refuse_clause(number).text)
                screen.start_job("match", "match", lambda cancel: screen.bench.match(False, cancel), _report_text)

        screen.app.push_screen(Question(f"{clause.text}?", clause.counts, yes="refuse the words"), answered)

    def do_match_next(self) -> None:
        """The account's next match."""
        count = len(self._matches())
        if count < 2:
            self.screen.say("this is its only match")
            return
        self.screen.cards.look_at((self.screen.cards.match_at + 1) % count)
