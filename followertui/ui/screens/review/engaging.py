"""The review's verbs that engage: playbooks, and how people may be contacted.

Owns where each leads and which accounts it takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.services.values import Gesture, Word
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.screens.how_often import ask_interval
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.verbs import Verbs


class Engaging(Verbs[ReviewScreen]):
    """Engaging the marks or the account under the cursor.

    Args:
        screen: the review.
        gestures: the way gestures go there.
    """

    def __init__(self, screen: ReviewScreen, gestures: Gestures) -> None:
        super().__init__(screen)
        self._gestures = gestures

    def do_playbooks(self) -> None:
        """Your playbooks."""
        self.screen.ft.show_playbooks(lambda _: self.screen.counts_changed())

    def do_contact_never(self) -> None:
        """Never contact them, or take that back."""
        bench, query = self.screen.bench, self.screen.filter_text

        def do(rows: Sequence[int], _: Word) -> Gesture:
            """Say so."""
            return bench.engagement.toggle_no_contact(rows, query)

        self._gestures.make("do not contact", do, settles=False)

    def do_contact_wrote(self) -> None:
        """They wrote first."""
        bench, query = self.screen.bench, self.screen.filter_text

        def do(rows: Sequence[int], _: Word) -> Gesture:
            """Note it."""
            return bench.engagement.note_written(rows, query)

        self._gestures.make("wrote first", do, settles=False)

    def do_contact_every(self) -> None:
        """How often they come back into Today."""
        bench, query, row = self.screen.bench, self.screen.filter_text, self.screen.table.key

        def typed(days: int) -> None:
            """Set it for the marks, or the account under the cursor."""
            self._gestures.make(
                "how often",
                lambda rows, _: bench.engagement.set_interval(rows, days, query),
                settles=False,
                is_repeatable=False,
            )

        if row is not None:
            ask_interval(self.screen, row, typed)

    def do_contact_engaged(self) -> None:
        """Note a contact that was made elsewhere, with a line about it."""
        bench, query = self.screen.bench, self.screen.filter_text

        def typed(text: str | None) -> None:
            """Note it; the line may be empty."""
            if text is None:
                return

            def do(rows: Sequence[int], _: Word) -> Gesture:
                """Note it."""
                return bench.engagement.engage(rows, None, text, query)

            self._gestures.make("engaged", do, settles=False, is_repeatable=False)

        self.screen.app.push_screen(LineDialog("What was it about?", "", "a line for the note, or nothing"), typed)
