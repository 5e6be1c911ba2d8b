"""The review's verbs that plan what no decision does: mute, remove follower, block, report, lists, repost.

Owns which of them ask for a list or a post first.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import ActionKind
from followertui.services.values import Gesture, Word
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.verbs import Verbs


class Acting(Verbs[ReviewScreen]):
    """Actions on the marks or the account under the cursor.

    Args:
        screen: the review.
        gestures: the way gestures go there.
    """

    def __init__(self, screen: ReviewScreen, gestures: Gestures) -> None:
        super().__init__(screen)
        self._gestures = gestures

    def _plan(self, action: ActionKind, title: str, target: str = "") -> None:
        bench, query = self.screen.bench, self.screen.filter_text

        def do(rows: Sequence[int], _: Word) -> Gesture:
            """Plan it."""
            return bench.plan_add(action, rows, target, query)

        self._gestures.make(title, do, settles=False)

    def _ask(self, action: ActionKind, title: str, question: str, placeholder: str, *, is_number: bool = False) -> None:
        def typed(text: str | None) -> None:
            """Plan it for the list or post named."""
            if not text:
                return
            number = text.rstrip("/").rpartition("/")[2]
            if is_number and not (number.isascii() and number.isdigit()):
                self.screen.say(f"{title}: give the number at the end of the post's address", "$warning")
                return
            self._plan(action, title, number if is_number else text)

        self.screen.app.push_screen(LineDialog(question, "", placeholder), typed)

    def do_act_mute(self) -> None:
        """Mute."""
        self._plan(ActionKind.MUTE, "mute")

    def do_act_unmute(self) -> None:
        """Unmute."""
        self._plan(ActionKind.UNMUTE, "unmute")

    def do_act_remove_follower(self) -> None:
        """Remove from our followers."""
        self._plan(ActionKind.REMOVE_FOLLOWER, "remove follower")

    def do_act_block(self) -> None:
        """Block."""
        self._plan(ActionKind.BLOCK, "block")

    def do_act_report(self) -> None:
        """Report to X."""
        self._plan(ActionKind.REPORT, "report")

    def do_act_list_add(self) -> None:
        """Add to a list on X."""
        self._ask(ActionKind.LIST_ADD, "add to list", "Add to which of our lists on X?", "the list's name")

    def do_act_list_remove(self) -> None:
        """Take off a list on X."""
        self._ask(ActionKind.LIST_REMOVE, "take off list", "Take off which of our lists on X?", "the list's name")

    def do_act_repost(self) -> None:
        """Repost a post of theirs."""
        self._ask(ActionKind.REPOST, "repost", "Repost which post?", "its address, or its number", is_number=True)
