"""The review: the screen where followers and following are gone through.

Owns the verbs that lead elsewhere: queues, views, filter, sort, card, links, plan, files,
jobs. What is shown, marked and decided is in the modules it builds on.
"""

from __future__ import annotations

from typing import Any

from followertui.domain.fields import FIELDS, SORT_FIELDS
from followertui.ui.cells import counted
from followertui.ui.commands import Need
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.screens.review.deciding import DecidingScreen
from followertui.ui.screens.review.frame import PLAN_QUEUE
from followertui.ui.widgets.filter import FilterLine

QUEUE, VIEW = "queue ", "view "


class ReviewScreen(DecidingScreen):
    """Followers and following, from the keyboard."""

    def present(self) -> frozenset[Need]:
        """Whether there is something to repeat."""
        needs = super().present()
        return needs | {Need.REPEAT} if self._again is not None else needs

    # Queues and views -----------------------------------------------------------------

    def do_queue_next(self) -> None:
        """The next queue in the bar."""
        self._step_queue(1)

    def do_queue_previous(self) -> None:
        """The queue before."""
        self._step_queue(-1)

    def _step_queue(self, by: int, start: str = "") -> None:
        ids = [queue.id for queue in self.queues if queue.is_main]
        if not ids:
            return
        here = start or self.queue_id
        at = ids.index(here) + by if here in ids else (0 if by > 0 else -1)
        self.go_to_queue(ids[at % len(ids)])

    def go_to_queue(self, queue_id: str) -> None:
        """Go to a queue; the plan has a screen of its own."""
        if queue_id == PLAN_QUEUE:
            self.do_plan()
        else:
            self.open_view(queue_id)
            self.table.focus()

    def do_queue_choose(self) -> None:
        """Choose a queue or a saved view by name."""
        choices = [
            Choice(QUEUE + queue.id, queue.title, "", "" if queue.count is None else counted(queue.count))
            for queue in self.queues
        ]
        in_bar = {queue.id for queue in self.queues}
        choices += [
            Choice(VIEW + text, name, "", text) for name, text in self.bench.views() if f"view:{name}" not in in_bar
        ]
        choices.append(Choice(QUEUE, "All accounts", "", ""))

        def chosen(answer: str) -> None:
            if answer.startswith(VIEW):
                self.open_view("", answer.removeprefix(VIEW))
            else:
                self.go_to_queue(answer.removeprefix(QUEUE))

        self.choose("Queues and views", choices, chosen, is_searchable=True, start=QUEUE + self.queue_id)

    def do_view_save(self) -> None:
        """Save the filter as a view."""
        queue = self.queue(self.queue_id)
        text = " ".join(
            f"({part})" if " " in part and queue and self.filter_text else part
            for part in (queue.query if queue else "", self.filter_text)
            if part
        )
        if not text:
            self.say("save view: nothing is filtered; / types a filter first", "$warning")
            return

        def named(name: str | None) -> None:
            if name:
                self.bench.save_view(name, text)
                self.show_counts()
                self.say(f"view {name} saved; ' finds it again")

        self.app.push_screen(LineDialog("Save this view as", "", text), named)

    def do_view_drop(self) -> None:
        """Drop a saved view."""
        choices = [Choice(name, name, "", text) for name, text in self.bench.views()]
        if not choices:
            self.say("drop view: no view is saved; W saves one", "$warning")
            return

        def dropped(name: str) -> None:
            self.bench.drop_view(name)
            self.show_counts()
            self.say(f"view {name} dropped")

        self.choose("Drop which view?", choices, dropped, is_searchable=True)

    # Looking --------------------------------------------------------------------------

    def do_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterLine).enter()

    def clearable(self) -> str:
        """Marks first, then the filter."""
        return super().clearable() or ("the filter" if self.filter_text else "")

    def clear(self) -> None:
        """Clear the marks, or the filter where nothing is marked."""
        if len(self.table.marks):
            super().clear()
        else:
            self.open_view(self.queue_id, "", row=self.table.key)

    def do_sort(self) -> None:
        """Sort by a field."""
        now = self.table.sort
        choices = []
        for name in SORT_FIELDS:
            remark = FIELDS[name].help
            if now.lstrip("-") == name:
                remark = ("falling" if now.startswith("-") else "rising") + ", again turns it round"
            choices.append(Choice(name, name, "", remark))
        self.choose("Sort by", choices, self.sort_by, is_searchable=True, start=now.lstrip("-"))

    def do_card(self) -> None:
        """The whole card."""
        from followertui.ui.screens.card import CardScreen

        self.app.push_screen(CardScreen(self))

    def do_open(self) -> None:
        """Open the profile on X."""
        key = self.table.key
        if key is not None:
            self.open_link(self.bench.profile_url(key))

    def do_copy(self) -> None:
        """Copy the profile's link."""
        key = self.table.key
        if key is not None:
            self.copy_link(self.bench.profile_url(key))

    def go_to_account(self, handle: str) -> None:
        """``:@handle``, in view or not."""
        row = self.bench.find(handle)
        if row is None:
            self.say(f"{handle} is not in the store: check the spelling, or / searches names and bios", "$warning")
        elif not self._go_to_row(row):
            self.say(f"{handle} was not in view: showing all accounts")
            self.open_view("", "", row=row)

    def clicked(self, kind: str, rest: str) -> None:
        """A queue, a figure or a last decision was clicked."""
        if kind == "queue":
            self.go_to_queue(rest)
        elif kind == "query":
            self.open_view("", rest)
        elif kind == "row" and not self._go_to_row(int(rest)):
            self.open_view("", "", row=int(rest))

    # Elsewhere ------------------------------------------------------------------------

    def do_plan(self) -> None:
        """To the plan."""
        from followertui.ui.screens.plan import PlanScreen

        self.app.push_screen(PlanScreen(self.ft.keymap), self._came_back)

    def _came_back(self, answer: Any) -> None:
        self.table.forget()
        self.show_counts()
        self.show_card()
        if not isinstance(answer, tuple):
            return
        kind, rest = answer
        if kind == "command":
            self._step_queue(1 if rest == "queue.next" else -1, start=PLAN_QUEUE)
        else:
            self.clicked(kind, rest)

    def do_import(self) -> None:
        """Bring files in."""
        from followertui.ui.screens.import_files import ImportScreen

        self.app.push_screen(ImportScreen(), self.imported)

    def imported(self, queue_id: Any) -> None:
        """Show what an import brought; the answer is the queue to go to."""
        self.show_counts()
        if isinstance(queue_id, str) and self.queue(queue_id) is not None:
            self.open_view(queue_id)
        elif self.queue_id or self.filter_text:
            self._load(self.table.key)
        else:
            self.open_view(next((queue.id for queue in self.queues if queue.id != PLAN_QUEUE), ""))
        self.count_again()

    def do_about(self) -> None:
        """Who we are."""
        from followertui.ui.screens.about_us import AboutScreen

        self.app.push_screen(AboutScreen(), lambda text: self.say(str(text)) if text else None)

    def do_match_run(self) -> None:
        """Compare every account with every list."""
        self.start_job("matching", lambda cancel: self.bench.match(True, cancel), self._run_ended)

    def do_judge_run(self) -> None:
        """Judge every account."""
        self.start_job("judging", lambda cancel: self.bench.judge(True, cancel), self._run_ended)

    def _run_ended(self, report: Any) -> None:
        self.say(getattr(report, "text", "") or "done")
        self.refresh_rows()

    def do_back(self) -> None:
        """Out of the first screen is out of the program."""
        self.ft.leave()
