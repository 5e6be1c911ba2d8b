"""By hand: one page of X after the other, one key for each answer.

Owns the walk through the tasks. Nothing here clicks anything on X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from followertui.domain.decision import ActionKind
from followertui.services.plan.values import HandAnswer, HandTask
from followertui.ui.card_text import kind_content
from followertui.ui.cells import counted, hanging, line, lines, plain, silence
from followertui.ui.commands import Need, Place
from followertui.ui.keymap import Keymap
from followertui.ui.row_text import name_of
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import KeyFooter, StatusLine

if TYPE_CHECKING:
    from followertui.services.plan.page_time import PageTime

FIVE = 5
"""Pages opened together at most."""


def task_content(task: HandTask, width: int) -> Content:
    """One task: who, what to click, where.

    Args:
        task: the task.
        width: cells.

    Returns:
        Several lines.
    """
    cells = task.cells
    filled = (task.position - 1) * width // max(1, task.total)
    facts = [f"bot {cells.bot}"] if cells.bot is not None else []
    facts += [f"silent {silence(cells.silent_days)}"] if cells.silent_days is not None else []
    return lines(
        [
            line((f"{task.action.value}", "bold $accent"), f"  {counted(task.position)} of {counted(task.total)}"),
            line(("━" * filled, "$primary"), ("─" * (width - filled), "$panel-lighten-2")),
            Content(""),
            line(
                (name_of(cells), "bold"),
                (f"  @{cells.handle}" if cells.handle else "", "$foreground-muted"),
                f"  {cells.relation}  ",
                kind_content(cells),
                ("  " + " · ".join(facts), "$foreground-muted"),
            ),
            hanging("why", plain(task.why), width),
            Content(""),
            hanging("page", plain(task.url, "underline $primary"), width),
            hanging("click", plain(task.what_to_click, "bold"), width),
            *([hanging("today", plain(task.pace), width)] if task.pace else []),
            Content(""),
            line(
                ("d", "bold $accent"),
                " done, open the next   ",
                ("s", "bold $accent"),
                " later   ",
                ("m", "bold $accent"),
                " missing   ",
                ("u", "bold $accent"),
                " back one",
            ),
        ]
    )


def batch_content(tasks: Sequence[HandTask], answers: Mapping[int, HandAnswer], cursor: int, width: int) -> Content:
    """Several tasks opened together, each with what will be recorded of it.

    Args:
        tasks: the tasks.
        answers: item number -> the exception marked; the others are done.
        cursor: place of the task the keys mark.
        width: cells.

    Returns:
        Several lines.
    """
    first, last = tasks[0], tasks[-1]
    title = f"  {counted(first.position)}-{counted(last.position)} of {counted(first.total)}"
    rows = [line((first.action.value, "bold $accent"), title), Content("")]
    for place, task in enumerate(tasks):
        answer = answers.get(task.item_id, HandAnswer.DONE)
        style = "$success" if answer is HandAnswer.DONE else "bold $warning"
        sign = "▌" if place == cursor else " "
        who = f"{name_of(task.cells)}  @{task.cells.handle or task.cells.x_id}"
        rows.append(line((sign, "$accent"), (f"{answer.value:<8}", style), who).truncate(width, ellipsis=True))
    rows += [
        Content(""),
        hanging("click", plain(first.what_to_click, "bold"), width),
        *([hanging("today", plain(first.pace), width)] if first.pace else []),
        Content(""),
        hanging("then", plain("mark exceptions first: j k move, s later, m missing, u none; d records all"), width),
    ]
    return lines(rows)


class HandScreen(AppScreen):
    """One task at a time.

    Args:
        action: what is carried out.
        keymap: keys in force.
        most: the walk ends after this many answers, None for all.
    """

    def __init__(self, action: ActionKind, keymap: Keymap, most: int | None = None) -> None:
        super().__init__()
        self._most = most
        self._time: PageTime
        self._action = action
        self._keymap = keymap
        self.todo: HandTask | None = None
        self.together: list[HandTask] = []
        self._answers: dict[int, HandAnswer] = {}
        self._at = 0
        self._is_five = False
        self._done = 0

    def compose(self) -> ComposeResult:
        """The task in the middle."""
        yield Static(plain(" By hand", "bold $primary"), classes="screen-title")
        with Vertical(id="hand-body"):
            yield Static(id="hand-task")
        yield StatusLine(id="status")
        yield KeyFooter(Place.HAND, self._keymap, id="footer")

    def on_mount(self) -> None:
        """The first task."""
        self._time = self.bench.clicks.page_time()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._next()

    def _next(self, *, opens: bool = True) -> None:
        """Show what comes next: one page, or five opened together."""
        if self._left() <= 0:
            self.together, self._answers = [], {}
            self._show(None, opens=False)
        elif self._is_five:
            self.together = self.bench.clicks.several(self._action, min(FIVE, self._left()))
            self._answers, self._at = {}, 0
            self._show(self.together[0] if self.together else None, opens=False)
            for task in self.together if opens else ():
                self.open_link(task.url)
            self._time.opened(max(1, len(self.together)))
        else:
            self.together = []
            self._show(self.bench.clicks.next_task(self._action), opens=opens)

    def _left(self) -> int:
        """How many answers this walk still takes."""
        return FIVE if self._most is None else self._most - self._done

    @property
    def place(self) -> Place:
        """By hand."""
        return Place.HAND

    def present(self) -> frozenset[Need]:
        """Whether there is a task."""
        needs = self.program_needs()
        return needs | {Need.ROW} if self.todo is not None else needs

    def _show(self, task: HandTask | None, *, opens: bool) -> None:
        self.todo = task
        self._draw()
        if task is None:
            done = f"the {counted(self._done)} worst are answered" if self._left() <= 0 else "all done by hand"
            self.say(self.bench.clicks.why_none(self._action) or f"{done}: q goes back to the plan")
            return
        self._time.opened()
        if opens:
            self.open_link(task.url)

    def _draw(self) -> None:
        width = min(84, max(30, self.size.width - 8))
        if self.todo is None:
            full = self.bench.clicks.why_none(self._action)
            text = lines(
                [
                    line((full or "Nothing left to do by hand", "bold")),
                    line(f"{counted(self._done)} answered"),
                    line(("q goes back to the plan", "$foreground-muted")),
                ]
            )
        elif self.together:
            text = batch_content(self.together, self._answers, self._at, width)
        else:
            text = task_content(self.todo, width)
        self.query_one("#hand-task", Static).update(text)

    def on_resize(self) -> None:
        """Wrap again."""
        self.call_after_refresh(self._draw)

    def _mark(self, answer: HandAnswer) -> None:
        if self.todo is None:
            return
        if self.together and answer is not HandAnswer.DONE:
            self._answers[self.together[self._at].item_id] = answer
            self._at = min(self._at + 1, len(self.together) - 1)
            self._draw()
            return
        early = self._time.too_early(is_answer=answer is not HandAnswer.LATER)
        if early:
            self.say(early, "$warning")
            return
        tasks = self.together or [self.todo]
        said = ""
        for task in tasks:
            said = self.bench.clicks.record(task.item_id, self._answers.pop(task.item_id, answer)).text
            self._done += 1
        self._next()
        if answer is HandAnswer.LATER:
            self.say(said)

    def do_hand_done(self) -> None:
        """It is done; the next."""
        self._mark(HandAnswer.DONE)

    def do_hand_later(self) -> None:
        """Not now."""
        self._mark(HandAnswer.LATER)

    def do_hand_missing(self) -> None:
        """There is no such account any more."""
        self._mark(HandAnswer.MISSING)

    def do_hand_five(self) -> None:
        """Open five pages together, or one at a time again."""
        self._is_five = not self._is_five
        self._next(opens=self._is_five)

    def do_hand_back(self) -> None:
        """Take the last answer back; of pages opened together, the exceptions marked so far."""
        if self._answers:
            self._answers.clear()
            self._draw()
            return
        task = self.bench.clicks.undo()
        if task is None:
            self.say("back one: no click of this session is left to undo", "$warning")
            return
        self._done = max(0, self._done - 1)
        self._is_five, self.together = False, []
        self._show(task, opens=False)
        self.say(f"back at {name_of(task.cells)}: o opens the page again")

    def do_open(self) -> None:
        """Open the page again."""
        if self.todo is not None and self._is_free(self.todo):
            self.open_link(self.todo.url)

    def do_copy(self) -> None:
        """Copy the page's link."""
        if self.todo is not None and self._is_free(self.todo):
            self.copy_link(self.todo.url)

    def _is_free(self, task: HandTask) -> bool:
        """Whether the link may be given once more; where a guard came since, the next task is shown."""
        if self.bench.clicks.again(task.item_id) is not None:
            return True
        self._next(opens=False)
        self.say(f"{name_of(task.cells)} is held back since: its link is not given again", "$warning")
        return False

    def other_key(self, key: str, character: str) -> bool:
        """Esc leaves too; among pages opened together j and k move."""
        if key == "escape":
            self.do_back()
            return True
        step = {"j": 1, "down": 1, "k": -1, "up": -1}.get(key, 0)
        if self.together and step:
            self._at = min(max(0, self._at + step), len(self.together) - 1)
            self._draw()
            return True
        return False

    def do_back(self) -> None:
        """Back to the plan."""
        self.dismiss(f"{counted(self._done)} answered by hand")
