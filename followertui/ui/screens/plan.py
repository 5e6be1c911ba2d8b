"""The plan: what is still to be carried out, shown and started here.

Owns the verbs of the plan. The figures are the workbench's; by hand has its own screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from followertui.domain.decision import ActionKind, Executor
from followertui.services.plan.values import ApplyEvent, ApplyReport, ItemOutcome, PlanLine, PlanOverview
from followertui.services.values import Gesture, Undone
from followertui.ui.cells import Part, counted, lasting, line, lines
from followertui.ui.commands import Need, Place
from followertui.ui.dialogs.account import AccountDialog
from followertui.ui.dialogs.asking import Question, TypedCount, release_question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.keymap import Keymap
from followertui.ui.screens.answers import OpenQuery, StepQueue
from followertui.ui.screens.keeping import Keeping
from followertui.ui.screens.narrowing import Narrowing
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.targets import Target, ToGroup, ToQuery
from followertui.ui.widgets.bars import KeyFooter, StatusLine, cut
from followertui.ui.widgets.plan import PlanTable, overview_content

if TYPE_CHECKING:
    from followertui.services.jobs import Job

NOTHING_PLANNED = "Nothing is planned\nq goes back; x there plans an unfollow, f a follow"
KEPT_EVENTS = 3
_OUTCOME_WORDS = {ItemOutcome.TO_HAND: "by hand"}
"""Outcomes that are called otherwise on the screen."""


def apply_line(report: ApplyReport) -> str:
    """The result of carrying out, and what stopped it."""
    return report.text


class PlanScreen(TableScreen):
    """What still has to be carried out.

    Args:
        keymap: keys in force.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.verbs = (Keeping(self), Narrowing(self, lambda: self._overview, self.carry_out))
        self._keymap = keymap
        self._overview = PlanOverview((), (), "", ())
        self._group = 0
        self._events: list[ApplyEvent] = []

    def compose(self) -> ComposeResult:
        """Figures above, items below."""
        yield Static(id="plan-title", classes="screen-title")
        yield Static(id="plan-figures")
        yield PlanTable(self._page, id="plan-table")
        yield StatusLine(id="status")
        yield KeyFooter(Place.PLAN, self._keymap, id="footer")

    def on_mount(self) -> None:
        """Read the plan."""
        self.table.empty_text = NOTHING_PLANNED
        self._events = [value for value in self.ft.yielded if isinstance(value, ApplyEvent)]
        self.table.focus()
        self.call_after_refresh(self.refresh_rows)

    def on_resize(self) -> None:
        """Wrap the figures again."""
        self.call_after_refresh(self._draw)

    @property
    def table(self) -> PlanTable:
        """The items."""
        return self.query_one("#plan-table", PlanTable)

    @property
    def place(self) -> Place:
        """The plan."""
        return Place.PLAN

    def present(self) -> frozenset[Need]:
        """Whether anything is ready."""
        needs = super().present()
        return needs | {Need.READY} if any(group.ready for group in self._overview.groups) else needs

    def _page(self, item_ids: Sequence[int]) -> Sequence[PlanLine]:
        return self.bench.plan_lines(item_ids)

    def refresh_rows(self) -> None:
        """Read the plan again; the cursor stays about where it was."""
        self._overview = self.bench.plan_overview()
        self.table.show(self._overview.item_ids, self.table.cursor)
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        groups = self._overview.groups
        ready = sum(group.ready for group in groups)
        held = sum(group.held for group in groups)
        title: list[Part] = [(" Plan", "bold $primary"), f" · {counted(ready)} ready", f" · {counted(held)} held back"]
        marked = len(self.table.marks)
        right = line((f"{counted(marked)} marked ", "bold $accent")) if marked else Content("")
        self.query_one("#plan-title", Static).update(cut(title, width, right))
        figures = overview_content(self._overview, self._group, width)
        if self._events:
            figures = lines([figures, *(self._event_line(event) for event in self._events[-KEPT_EVENTS:])])
        shown = self.query_one("#plan-figures", Static)
        shown.display = bool(figures.plain)
        shown.update(figures)

    @staticmethod
    def _event_line(event: ApplyEvent) -> Content:
        style = "$success" if event.outcome is ItemOutcome.DONE else "$warning"
        return line(
            (f" {_OUTCOME_WORDS.get(event.outcome, event.outcome.value):<10} ", style),
            (event.text, "$foreground-muted"),
        )

    @on(PlanTable.MarksChanged)
    def marks_changed(self) -> None:
        """The title counts the marks."""
        self._draw()

    def clicked(self, target: Target) -> None:
        """A figure opens the rows it counts, an action shows its details."""
        match target:
            case ToQuery(query):
                self.dismiss(OpenQuery(query))
            case ToGroup(action):
                actions = [group.action for group in self._overview.groups]
                self._group = actions.index(action) if action in actions else 0
                self._draw()

    def show_query(self, query: str) -> None:
        """The review shows rows."""
        self.dismiss(OpenQuery(query))

    # Looking --------------------------------------------------------------------------

    def do_plan_leave(self) -> None:
        """Back to the review."""
        self.dismiss(None)

    def do_queue_next(self) -> None:
        """Back into the queues."""
        self.dismiss(StepQueue(1))

    def do_queue_previous(self) -> None:
        """Back into the queues."""
        self.dismiss(StepQueue(-1))

    def do_plan_group(self) -> None:
        """Details of the next action."""
        if self._overview.groups:
            self._group = (self._group + 1) % len(self._overview.groups)
            self._draw()

    def do_count(self) -> None:
        """Every figure of the plan as a choice that opens its rows."""
        choices = []
        for group in self._overview.groups:
            action = group.action.value
            choices.append(Choice(f"plan:{action}", action, "", counted(group.ready)))
            choices += [
                Choice(f"plan:{action} {item.term}", f"  {item.value}", "", counted(item.count))
                for item in (*group.by_reason, *group.collateral)
                if item.term
            ]
        if choices:
            self.choose("Open the rows of …", choices, lambda query: self.clicked(ToQuery(query)))
        else:
            self.say("nothing is planned yet")

    def do_card(self) -> None:
        """All that is known of the account."""
        item = self.table.current
        if item is not None:
            self.app.push_screen(AccountDialog(self.bench.card(item.cells.row)))

    def do_open(self) -> None:
        """Open the profile on X."""
        item = self.table.current
        if item is not None:
            self.open_link(self.bench.profile_url(item.cells.row))

    def do_copy(self) -> None:
        """Copy the profile's link."""
        item = self.table.current
        if item is not None:
            self.copy_link(self.bench.profile_url(item.cells.row))

    # Changing -------------------------------------------------------------------------

    def do_plan_drop(self) -> None:
        """Take items out of the plan."""
        ids = self.acted_on()
        self._said(self.bench.planner.drop(ids))
        self.table.marks.clear()
        self.refresh_rows()

    def do_plan_back(self) -> None:
        """Bring what was put off back now."""
        self._said(self.bench.planner.bring_back(self.acted_on()))
        self.table.marks.clear()
        self.refresh_rows()

    def do_release(self) -> None:
        """Release the account under the cursor from its guard, one by one and on purpose."""
        item = self.table.current
        if item is None:
            return
        row, guards = item.cells.row, self.bench.card(item.cells.row).guards
        if not guards:
            self.say("release: nothing guards this account")
            return

        def answered(yes: bool | None) -> None:
            """Release it once that is confirmed."""
            if yes:
                self._said(self.bench.release((row,)))
                self.refresh_rows()

        self.app.push_screen(release_question(guards), answered)

    def _said(self, gesture: Gesture) -> None:
        self.say(gesture.text, "$warning" if gesture.held else "$text-success")

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone."""
        self.say(undone.text)
        self.refresh_rows()

    # Carrying out ---------------------------------------------------------------------

    def do_plan_apply(self) -> None:
        """Ask for the count where the API carries out, else go by hand."""
        self.carry_out(None)

    def carry_out(self, most: int | None) -> None:
        """Ask for the count where the API carries out, else go by hand; the worst first, at most this many."""
        groups = [group for group in self._overview.groups if group.via is Executor.API and group.ready]
        count = sum(group.ready for group in groups)
        if not count:
            self._ask_by_hand(most)
            return
        price = sum(group.price_usd or 0.0 for group in groups)
        seconds = sum(group.seconds for group in groups)
        what = ", ".join(f"{counted(group.ready)} {group.action.value}" for group in groups)
        rows = [line((what, "bold")), line(f"${price:,.2f} at today's price, about {lasting(seconds)}")]
        if most is not None and count > most:
            count = most
            rows.append(line((f"only the worst {counted(most)} of them", "bold $warning")))
        for group in groups:
            touched = " · ".join(f"{counted(item.count)} {item.value}" for item in group.collateral)
            if touched:
                rows.append(line((f"{group.action.value} touches ", "$foreground-muted"), touched))
            if final := self.bench.planner.finality(group.action):
                rows.append(line((f"{group.action.value}: ", "$foreground-muted"), final))
        if begins := self.bench.planner.ramp(count):
            rows.append(line((begins, "$foreground-muted")))
        rows += [line((warning, "bold $text-error")) for warning in self._overview.warnings]
        account = f" as @{self._overview.profile}" if self._overview.profile else ""
        dialog = TypedCount(f"Carry out through X's API{account}", count, lines(rows))
        self.app.push_screen(dialog, lambda typed: self._count_typed(typed, most))

    def _count_typed(self, count: int | None, most: int | None) -> None:
        if count is None:
            return
        self._events.clear()
        self.start_job("apply", "apply", lambda cancel: self.bench.apply(count, cancel, most), apply_line)

    def job_yielded(self, job: Job, value: Any) -> None:
        """One call came back."""
        if isinstance(value, ApplyEvent):
            self._events.append(value)
            del self._events[:-KEPT_EVENTS]
            self._overview = self._overview.after(value)
            self._draw()

    def job_ended(self, job: Job) -> None:
        """What was carried out stays carried out, however it ended."""
        self.refresh_rows()
        if isinstance(job.result, ApplyReport) and self.is_current:
            self._applied(job.result)

    def _applied(self, report: ApplyReport) -> None:
        if report.by_hand:
            question = Question(
                f"{counted(report.by_hand)} are left to do by hand",
                f"{report.stop_text or 'X refuses this through the API'}.\nNothing is lost: go on by hand now?",
                yes="by hand",
            )
            self.app.push_screen(question, lambda yes: self.do_plan_hand() if yes else None)

    def do_plan_compare(self) -> None:
        """Compare what is not compared with the lists yet; it is held back until then."""
        bench = self.bench
        self.start_job("match", "match", lambda cancel: bench.match(False, cancel), lambda report: report.text)

    def do_plan_hand(self) -> None:
        """By hand, after asking who x.com is signed in as."""
        self._ask_by_hand(None)

    def _ask_by_hand(self, most: int | None) -> None:
        groups = [group for group in self._overview.groups if group.ready]
        if not groups:
            self.say("by hand: nothing in the plan is ready", "$warning")
            return
        current = self._overview.groups[min(self._group, len(self._overview.groups) - 1)]
        action = current.action if current.ready else groups[0].action
        who = f"@{self._overview.profile}" if self._overview.profile else "your company's account"
        count = next(group.ready for group in groups if group.action is action)
        count = count if most is None else min(count, most)
        final = self.bench.planner.finality(action)
        question = Question(
            f"Is x.com signed in as {who}?",
            f"{action.value}: {counted(count)} pages, one after the other, the worst first."
            "\nYou click, d says it is done, once the page was open for 2 s. Every click is yours."
            + (f"\n{action.value}: {final}." if final else ""),
            yes="it is, begin",
        )
        self.app.push_screen(question, lambda yes: self._begin_by_hand(action, most) if yes else None)

    def _begin_by_hand(self, action: ActionKind, most: int | None) -> None:
        self.ft.show_by_hand(action, self._hand_ended, most)

    def _hand_ended(self, answer: Any) -> None:
        self.refresh_rows()
        if isinstance(answer, str) and answer:
            self.say(answer)
