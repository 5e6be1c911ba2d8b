"""The review's verbs that lead elsewhere: queues, views, filter, sort, card, links, plan, files, jobs.

Owns what is offered and where each leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from followertui.domain.fields import FIELDS, SORT_FIELDS
from followertui.services.intake.values import JudgeReport, MatchReport
from followertui.services.values import PLAN_QUEUE, RANDOM_QUEUE, TODAY_QUEUE, Gesture
from followertui.ui.cells import counted, line
from followertui.ui.columns import COLUMNS
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.preferences import value_typed
from followertui.ui.screens.answers import OpenQuery, PlanAnswer, StepQueue
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs
from followertui.ui.targets import Target, ToQuery, ToQueue, ToRow
from followertui.ui.widgets.filter import FilterLine


class SortOrder(NamedTuple):
    """An order by name.

    Attributes:
        field: what it sorts by.
        descending: None where a second time reverses it.
        title, remark: as the menu shows it.
    """

    field: str
    descending: bool | None
    title: str
    remark: str


ORDERS = (
    SortOrder("relevance", True, "worth", "closest to your market first"),
    SortOrder("doubt", True, "uncertainty", "where the judgement was closest first"),
    SortOrder("followed", True, "newest", "who followed us last first"),
    SortOrder("followed", False, "oldest", "who followed us first"),
    SortOrder("random", False, "by chance", "in a random order that stays the same"),
)
"""Orders of a review by name."""


@dataclass(frozen=True, slots=True)
class QueueChosen:
    """A queue by id, "" for all accounts."""

    queue_id: str


@dataclass(frozen=True, slots=True)
class ViewChosen:
    """A saved view by its query."""

    query: str


class Going(Verbs[ReviewScreen]):
    """From here to elsewhere."""

    # Queues and views -----------------------------------------------------------------

    def do_queue_next(self) -> None:
        """The next queue in the bar."""
        self._step_queue(1)

    def do_queue_previous(self) -> None:
        """The queue before."""
        self._step_queue(-1)

    def _step_queue(self, by: int, start: str = "") -> None:
        ids = [queue.id for queue in self.screen.queues if queue.is_main]
        if not ids:
            return
        here = start or self.screen.queue_id
        at = ids.index(here) + by if here in ids else (0 if by > 0 else -1)
        self.screen.say("")  # what was said was about the queue that is left
        self.go_to_queue(ids[at % len(ids)])

    def go_to_queue(self, queue_id: str) -> None:
        """Go to a queue; the plan has its own screen."""
        if queue_id == PLAN_QUEUE:
            self.do_plan()
        elif queue_id == TODAY_QUEUE:
            self.do_today()
        else:
            self.screen.open_view(queue_id)
            self.screen.set_focus(self.screen.table)

    def do_queue_choose(self) -> None:
        """Choose a queue or a saved view by name."""
        screen = self.screen
        choices: list[Choice[QueueChosen | ViewChosen]] = [
            Choice(QueueChosen(queue.id), queue.title, "", "" if queue.count is None else counted(queue.count))
            for queue in screen.queues
        ]
        in_bar = {queue.id for queue in screen.queues}
        choices += [
            Choice(ViewChosen(text), name, "", text)
            for name, text in screen.bench.looks.views()
            if f"view:{name}" not in in_bar
        ]
        choices.append(Choice(QueueChosen(""), "All accounts"))

        def chosen(answer: QueueChosen | ViewChosen) -> None:
            """Open the queue or view chosen."""
            if isinstance(answer, ViewChosen):
                screen.open_view("", answer.query)
            else:
                self.go_to_queue(answer.queue_id)

        screen.choose("Queues and views", choices, chosen, is_searchable=True, start=QueueChosen(screen.queue_id))

    # Looking --------------------------------------------------------------------------

    def do_filter(self) -> None:
        """Type a filter."""
        self.screen.query_one(FilterLine).enter()

    def do_sort(self) -> None:
        """Sort by a field."""
        now = self.screen.table.sort
        choices = [Choice(order, order.title, "", order.remark) for order in ORDERS]
        for name in SORT_FIELDS:
            remark = FIELDS[name].help
            if now.lstrip("-") == name:
                remark = ("descending" if now.startswith("-") else "ascending") + "; Enter reverses it"
            choices.append(Choice(SortOrder(name, None, "", ""), name, "", remark))

        def chosen(order: SortOrder) -> None:
            """Sort so."""
            self.screen.sort_by(order.field, order.descending)

        start = SortOrder(now.lstrip("-"), None, "", "")
        self.screen.choose("Sort by", choices, chosen, is_searchable=True, start=start)

    def do_columns(self) -> None:
        """Choose columns and their order."""
        screen = self.screen
        shown = [column.id for column in screen.table.columns(screen.table.size.width)]
        known = line(("all of them: ", "$foreground-muted"), (", ".join(COLUMNS), "$foreground-muted"))
        empty = line(("nothing typed: they choose themselves from what the rows hold", "$foreground-muted"))
        dialog = LineDialog("Columns, in order", ", ".join(shown), "name, handle, bio", [known, empty], list(COLUMNS))

        def typed(text: str | None) -> None:
            """Show the columns typed, and keep them."""
            if text is None:
                return
            screen.ft.keep_setting("columns", value_typed(screen.ft.own, "columns", text) or None)
            chosen = screen.ft.own.value("columns")
            screen.table.choose_columns(chosen)
            screen.say(f"columns: {', '.join(chosen)}" if chosen else "columns choose themselves again")

        screen.app.push_screen(dialog, typed)

    def do_card(self) -> None:
        """The whole card."""
        self.screen.ft.show_card(self.screen)

    def do_open(self) -> None:
        """Open the profile on X."""
        key = self.screen.table.key
        if key is not None:
            self.screen.open_link(self.screen.bench.profile_url(key))

    def do_copy(self) -> None:
        """Copy the profile's link."""
        key = self.screen.table.key
        if key is not None:
            self.screen.copy_link(self.screen.bench.profile_url(key))

    def clicked(self, target: Target) -> bool:
        """A queue, a figure or a last decision was clicked."""
        match target:
            case ToQueue(queue_id):
                self.go_to_queue(queue_id)
            case ToQuery(query):
                self.screen.open_view("", query)
            case ToRow(row):
                self.screen.show_row(row)
            case _:
                return False
        return True

    # Elsewhere ------------------------------------------------------------------------

    def do_plan(self) -> None:
        """To the plan."""
        self.screen.ft.show_plan(lambda answer: self._closed(PLAN_QUEUE, answer))

    def do_today(self) -> None:
        """To Today."""
        self.screen.ft.show_today(lambda answer: self._closed(TODAY_QUEUE, answer))

    def _closed(self, queue_id: str, answer: PlanAnswer | None) -> None:
        """A queue with a screen of its own was left."""
        screen = self.screen
        screen.counts_changed()
        if isinstance(answer, StepQueue):
            self._step_queue(answer.by, start=queue_id)
        elif isinstance(answer, OpenQuery):
            screen.open_view("", answer.query)

    def do_import(self) -> None:
        """Go to the import of files."""
        self.screen.ft.bring_files()

    def do_import_decisions(self) -> None:
        """Go to the import of a sheet of decisions."""
        self.screen.ft.bring_decisions()

    def do_about(self) -> None:
        """Who we are."""
        screen = self.screen

        def saved(gesture: Gesture | None) -> None:
            """Judge again by it; where a job runs, that is said."""
            if gesture is None:
                return
            screen.say(gesture.text)
            if gesture.changed and screen.ft.jobs.job is None:
                screen.start_job("judge", "judge", lambda cancel: screen.bench.judge(False, cancel), _report_text)

        screen.ft.show_about(saved)

    def do_draw(self) -> None:
        """Draw followers at random, unless some wait to be looked at already."""
        bench = self.screen.bench
        waiting = len(bench.open_view("", bench.insight.random_looks).rows)
        self.screen.say(f"{counted(waiting)} wait to be looked at" if waiting else bench.insight.draw())
        self.go_to_queue(RANDOM_QUEUE)

    def do_match_run(self) -> None:
        """Compare every account with every list."""
        bench = self.screen.bench
        self.screen.start_job("match", "match", lambda cancel: bench.match(True, cancel), _report_text)

    def do_judge_run(self) -> None:
        """Judge every account."""
        bench = self.screen.bench
        self.screen.start_job("judge", "judge", lambda cancel: bench.judge(True, cancel), _report_text)

    def do_rest_run(self) -> None:
        """Compare and judge what is not compared or judged yet."""
        self.screen.start_job("catch-up", "comparing and judging", self.screen.bench.catch_up, str)


def _report_text(report: MatchReport | JudgeReport) -> str:
    return report.text
