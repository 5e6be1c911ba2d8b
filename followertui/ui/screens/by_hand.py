"""By hand: one page of X after the other, one key for each answer.

Owns the walk through the tasks. Nothing here clicks anything on X.
"""

from __future__ import annotations

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
            hanging("why", plain(cells.why or "you decided so"), width),
            Content(""),
            hanging("page", plain(task.url, "underline $primary"), width),
            hanging("click", plain(task.what_to_click, "bold"), width),
            *([hanging("today", plain(task.pace, "$warning"), width)] if task.pace else []),
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


class HandScreen(AppScreen):
    """One task at a time.

    Args:
        action: what is carried out.
        keymap: keys in force.
    """

    def __init__(self, action: ActionKind, keymap: Keymap) -> None:
        super().__init__()
        self._action = action
        self._keymap = keymap
        self.todo: HandTask | None = None
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
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._show(self.bench.next_manual(self._action), opens=True)

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
        if task is None:
            self._draw()
            self.say("all done by hand: q goes back to the plan")
            return
        self._draw()
        if opens:
            self.open_link(task.url)

    def _draw(self) -> None:
        width = min(84, max(30, self.size.width - 8))
        if self.todo is None:
            text = lines(
                [
                    line(("Nothing left to do by hand", "bold")),
                    line(f"{counted(self._done)} answered"),
                    line(("q goes back to the plan", "$foreground-muted")),
                ]
            )
        else:
            text = task_content(self.todo, width)
        self.query_one("#hand-task", Static).update(text)

    def on_resize(self) -> None:
        """Wrap again."""
        self.call_after_refresh(self._draw)

    def _mark(self, answer: HandAnswer) -> None:
        if self.todo is None:
            return
        self.bench.record_manual(self.todo.item_id, answer)
        self._done += 1
        self._show(self.bench.next_manual(self._action), opens=True)

    def do_hand_done(self) -> None:
        """It is done; the next."""
        self._mark(HandAnswer.DONE)

    def do_hand_later(self) -> None:
        """Not now."""
        self._mark(HandAnswer.LATER)

    def do_hand_missing(self) -> None:
        """There is no such account any more."""
        self._mark(HandAnswer.MISSING)

    def do_hand_back(self) -> None:
        """Take the last answer back."""
        task = self.bench.undo_manual()
        if task is None:
            self.say("back one: no click of this session is left to undo", "$warning")
            return
        self._done = max(0, self._done - 1)
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
        if self.bench.hand_again(task.item_id) is not None:
            return True
        self._show(self.bench.next_manual(self._action), opens=False)
        self.say(f"{name_of(task.cells)} is held back since: its link is not given again", "$warning")
        return False

    def other_key(self, key: str, character: str) -> bool:
        """Esc leaves too."""
        if key == "escape":
            self.do_back()
            return True
        return False

    def do_back(self) -> None:
        """Back to the plan."""
        self.dismiss(f"{counted(self._done)} answered by hand")
