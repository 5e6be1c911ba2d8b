"""The plan's verbs that look into it and make it smaller: parts, samples, the worst, who stays, batches, pace.

Owns what each asks and how it is shown; the figures are the workbench's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from followertui.services.plan.values import WORST, Part
from followertui.ui.cells import counted, line, lines, plain
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.dialogs.looking import SCROLL_CELLS, inner_width, looked_columns, row_line, signs_of, title_line
from followertui.ui.dialogs.telling import Told
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.screens.verbs import Verbs
from followertui.ui.targets import ToQuery

if TYPE_CHECKING:
    from followertui.services.plan.values import PlanOverview

if TYPE_CHECKING:
    pass

MOST_WHOLE = 10
"""A plan of more is not put on a list as a whole."""


class Narrowing(Verbs[TableScreen]):
    """Looking into the plan and making it smaller.

    Args:
        screen: the plan.
        overview: gives the figures it shows.
        carry_out: carries it out, the worst first, at most this many.
    """

    def __init__(
        self, screen: TableScreen, overview: Callable[[], PlanOverview], carry_out: Callable[[int | None], None]
    ) -> None:
        super().__init__(screen)
        self._overview = overview
        self._carry_out = carry_out

    def do_plan_drop_part(self) -> None:
        """Take a whole part out of the plan."""
        screen = self.screen
        parts = screen.bench.planner.parts(self._overview())
        if not parts:
            screen.say("nothing in the plan is ready", "$warning")
            return
        choices = [Choice(part, part.words, "", counted(part.count)) for part in parts]
        screen.choose("Take out of the plan …", choices, self._ask_to_drop)

    def _ask_to_drop(self, part: Part) -> None:
        screen = self.screen
        text = f"{part.action.value}, {part.words.strip()}: {counted(part.count)} actions. What was decided stays."

        def answered(yes: bool | None) -> None:
            """Take it out."""
            if yes:
                gesture = screen.bench.planner.drop_part(part)
                screen.say(gesture.text, "$warning" if gesture.held else "$text-success")
                screen.refresh_rows()

        screen.app.push_screen(Question("Take this out of the plan?", text, yes="take out"), answered)

    def do_sample(self) -> None:
        """Look at random ones of what is ready."""
        screen = self.screen
        found = [item.cells for item in screen.bench.planner.sample()]
        if not found:
            screen.say("nothing in the plan is ready", "$warning")
            return
        columns, signs = looked_columns(found, inner_width(screen.size.width) - SCROLL_CELLS), signs_of(found)
        rows = [title_line(columns), *(row_line(cells, columns, signs) for cells in found)]
        screen.app.push_screen(Told(f"{counted(len(found))} of the plan, at random", lines(rows)), lambda _: None)

    def do_plan_worst(self) -> None:
        """Carry out the worst first, no more."""
        self._carry_out(WORST)

    def do_plan_stays(self) -> None:
        """Why the others stay: choose a reason to see its accounts."""
        screen = self.screen
        choices = [Choice(found.term, counted(found.count), "", found.value) for found in screen.bench.planner.stays()]
        if not choices:
            screen.say("an unfollow is planned for everyone you follow", "$warning")
            return

        def chosen(query: str) -> None:
            """Open its accounts, where a filter finds them."""
            if query:
                screen.clicked(ToQuery(query))
            else:
                screen.say("no filter finds exactly these; is:guarded finds all who are held back")

        screen.choose("Why the others you follow stay", choices, chosen)

    def do_plan_list(self) -> None:
        """Put the marked accounts on a private list."""
        screen = self.screen
        ids = screen.acted_on()
        if len(ids) > MOST_WHOLE and len(ids) == len(screen.table.keys):
            screen.say("a list is for those you chose one by one, not for the whole plan", "$warning")
            return
        rows = list(dict.fromkeys(item.cells.row for item in screen.bench.plan_lines(ids)))

        def typed(name: str | None) -> None:
            """Plan it."""
            if name:
                gesture = screen.bench.planner.to_private_list(rows, name)
                screen.say(gesture.text, "$warning" if gesture.held else "$text-success")
                screen.table.marks.clear()
                screen.refresh_rows()

        dialog = LineDialog(f"Private list on X for {counted(len(rows))}", "", "the list's name; made if it is new")
        screen.app.push_screen(dialog, typed)

    def do_plan_pace(self) -> None:
        """Caps, quiet hours and what was done today; quiet hours can be typed."""
        screen = self.screen

        def typed(text: str | None) -> None:
            """Set the quiet hours."""
            if text:
                screen.say(screen.bench.planner.set_quiet(text), "$text-success")
                screen.refresh_rows()

        remarks = [plain(text) for text in screen.bench.planner.pace(self._overview())]
        dialog = LineDialog("Quiet hours", "", "22:00-07:00, or off; `followertui plan pace` sets caps", remarks)
        screen.app.push_screen(dialog, typed)

    def do_plan_reverse(self) -> None:
        """Choose a batch to take back."""
        screen = self.screen
        choices = [Choice(number, str(number), "", words) for number, words in screen.bench.planner.batches()]
        if not choices:
            screen.say("nothing was carried out yet", "$warning")
            return

        def chosen(number: int) -> None:
            """Plan what takes it back, and say what that costs."""
            told = screen.bench.planner.reverse(number)
            screen.refresh_rows()
            screen.app.push_screen(Told("Taken back as a plan", plain(told, keep_lines=True)), lambda _: None)

        screen.choose("Take which batch back?", choices, chosen)

    def do_plan_checks(self) -> None:
        """House checks and whether they hold; another one can be typed."""
        screen = self.screen

        def typed(text: str | None) -> None:
            """Add it."""
            if text:
                screen.say(screen.bench.planner.add_check(text), "$text-success")
                screen.refresh_rows()

        remarks = [
            line((f"{'fails' if failure else 'holds':<6}", "$error" if failure else "$success"), failure or words)
            for words, failure in screen.bench.planner.checks()
        ]
        dialog = LineDialog("Add a house check", "", "must_keep @handle, or must_be customer @handle", remarks)
        screen.app.push_screen(dialog, typed)
