"""The review's frame: header, queues, filter, table, card, status, footer, and what feeds them.

Owns opening views, following the cursor, counts, and where the person was. Its verbs are the
modules beside, put together in ``screen``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from followertui.domain.errors import BadQuery
from followertui.domain.query import Completion
from followertui.services.values import PLAN_QUEUE, Card, Queue, RowCells, Undone, View
from followertui.ui.attempt import attempt
from followertui.ui.command import WHY_NOT
from followertui.ui.commands import Command, Need, Place
from followertui.ui.gesture_text import skipped_text
from followertui.ui.keymap import Keymap
from followertui.ui.screens.review.card_reading import CardReader
from followertui.ui.screens.review.counting import QueueCounter
from followertui.ui.screens.review.messages import CardRead, QueuesCounted, ViewOpened
from followertui.ui.screens.review.words import empty_text, filter_hint, shown_counts
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.widgets.accounts import AccountTable
from followertui.ui.widgets.bars import HeaderBar, KeyFooter, QueueBar, StatusLine
from followertui.ui.widgets.card import AccountCard
from followertui.ui.widgets.filter import FilterLine
from followertui.ui.widgets.table import VirtualTable

if TYPE_CHECKING:
    from followertui.services.jobs import Job
    from followertui.services.review.recent import LastDecision
    from followertui.services.values import Counts

CONFIRM_QUEUES = ("confirm", "possible")
"""Queues whose topic is the match: y, n and s answer it."""
POLL_SECONDS = 2.0
DESCENDING_FIRST = frozenset(
    ["followers", "bot", "following", "posts", "listed", "likes", "relevance", "doubt", "silent", "ratio"]
)
"""Fields whose highest values are wanted first."""
ROW_NEEDS = frozenset({Need.ROW, Need.MARKS, Need.MATCH})
ROW_COMMANDS = frozenset({"count", "view.save"})
"""Commands about the rows in view or the filter they come from, beside those that need a row."""


class ReviewScreen(TableScreen):
    """The screen a review happens on.

    Args:
        keymap: keys in force.
        text: query to begin with instead of where the person was.
        queue_id: queue to begin with, "" for where the person was.
    """

    def __init__(self, keymap: Keymap, text: str = "", queue_id: str = "") -> None:
        super().__init__()
        self._keymap = keymap
        self._start = (queue_id, text)
        self.queues: Sequence[Queue] = ()
        self.queue_id = ""
        self.filter_text = ""
        self.view: View | None = None
        self.cards = CardReader(self, self._draw_card)
        self.counter = QueueCounter(self, self._draw_counts)
        self._generation = 0
        self._sorted_by: tuple[str, bool] | None = None
        self._is_loading = False
        self._leaves_filter = False
        self._filter_error: BadQuery | None = None
        self._looked_at: tuple[int, View | None] | None = None
        self._rows_left: dict[str, int] = {}
        self.marked_company = ""

    def compose(self) -> ComposeResult:
        """The frame of the review."""
        yield HeaderBar(id="header")
        yield QueueBar(id="queues")
        yield FilterLine(self._complete, id="filter")
        with Container(id="middle"):
            yield AccountTable(self._page, id="table")
            yield AccountCard(id="card")
        yield StatusLine(id="status")
        yield KeyFooter(self.place, self._keymap, id="footer")

    def on_mount(self) -> None:
        """Paint first, read after."""
        self.table.focus()
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Open where the person was, or what was asked for."""
        queue_id, text = self._start
        self.table.chosen = self.ft.own.value("columns")
        row: int | None = None
        place = self.bench.looks.place()
        self.query_one(FilterLine).history = [str(text) for text in place.get("filters", ())]
        self.show_counts()
        if not queue_id and not text:
            queue_id, text, row = str(place.get("queue", "")), str(place.get("filter", "")), place.get("row")
            self._rows_left = dict(place.get("rows", {}))
        known = {queue.id for queue in self.queues}
        if queue_id not in known or queue_id == PLAN_QUEUE:
            queue_id = "" if text else next((q.id for q in self.queues if q.id != PLAN_QUEUE), "")
        self.open_view(queue_id, text, row=row)
        self.counter.begin()
        if self._start == ("", ""):
            self.call_after_refresh(self._begin_session)
        self.set_interval(POLL_SECONDS, self._poll)

    def _begin_session(self) -> None:
        """A reviewer who went through an earlier reading begins with what happened since."""
        if self.app.screen is self and self.bench.review.opens_with_news():
            self.do_since()

    # What is shown --------------------------------------------------------------------

    @property
    def table(self) -> AccountTable:
        """The accounts in view."""
        return self.query_one("#table", AccountTable)

    @property
    def place(self) -> Place:
        """Confirm is the same screen with other answers."""
        return Place.CONFIRM if self.queue_id in CONFIRM_QUEUES else Place.REVIEW

    def why_not(self, command: Command) -> str:
        """Verbs do not act on rows of an older filter; only verbs on matches wait for the card."""
        reason = super().why_not(command) or self._why_not_these_rows(command)
        if reason or Need.MATCH not in command.needs:
            return reason
        if (hidden := self.bench.review.hidden) and command.group == "confirm":
            return f"{command.title}: a match rests on name and bio, and the {hidden} is hidden: B shows it again"
        card = self.cards.current
        return "" if card is not None and card.matches else f"{command.title}: {WHY_NOT[Need.MATCH]}"

    def _why_not_these_rows(self, command: Command) -> str:
        if not ROW_NEEDS.isdisjoint(command.needs) or command.id in ROW_COMMANDS:
            if self._filter_error is not None:
                return f"{command.title}: the filter is wrong, these rows are not its rows: / corrects it"
            if self._is_loading:
                return f"{command.title}: the rows are still being read"
        return ""

    def present(self) -> frozenset[Need]:
        """Rows and marks as they are; matches are looked up only for a verb that needs them."""
        return super().present() | {Need.MATCH}

    def _page(self, rows: Sequence[int]) -> Sequence[RowCells]:
        return self.bench.page(rows)

    def _complete(self, text: str, cursor: int) -> Sequence[Completion]:
        return self.bench.complete(text, cursor)

    def queue(self, queue_id: str) -> Queue | None:
        """A queue by id."""
        return next((queue for queue in self.queues if queue.id == queue_id), None)

    # Views ----------------------------------------------------------------------------

    def open_view(self, queue_id: str, text: str = "", *, row: int | None = None) -> None:
        """Open a queue with a filter; only the newest request is shown.

        Args:
            queue_id: the queue, "" for all accounts.
            text: the filter.
            row: store row the cursor goes to where it is in view.
        """
        if queue_id != self.queue_id:
            self._sorted_by = None
            self.remember()
            if row is None and not text:
                row = self._rows_left.get(queue_id)
        self.queue_id, self.filter_text = queue_id, text
        queue = self.queue(queue_id)
        self.query_one(FilterLine).show(text, filter_hint(queue))
        self.query_one(QueueBar).show(self.queues, queue_id)
        self.show_place()
        self._load(row)

    def show_query(self, query: str) -> None:
        """Show the rows of a query among all accounts."""
        self.open_view("", query)
        self.set_focus(self.table)

    def _load(self, row: int | None = None) -> None:
        self._generation += 1
        self._is_loading = True
        if not self.query_one(FilterLine).is_typing:
            self.ft.key_gate.hold(self)
        generation, queue_id, text, order = self._generation, self.queue_id, self.filter_text, self._sorted_by
        bench = self.bench

        def opened() -> View:
            """The view in the order asked for."""
            view = bench.open_view(queue_id, text)
            return bench.sort_view(view, *order) if order is not None and "sort:" not in text else view

        def load() -> None:
            """Open the view in the thread and post it."""
            view, error = attempt("open the view", opened)
            self.post_message(ViewOpened(generation, view, error, row))

        self.run_worker(load, name="open view", group="view", thread=True, exclusive=True)

    @on(ViewOpened)
    def view_opened(self, message: ViewOpened) -> None:
        """Show a view unless a newer one was asked for."""
        if message.generation != self._generation:
            return
        self._is_loading = False
        self._filter_error = message.error if isinstance(message.error, BadQuery) else None
        remark = None if message.view is None else message.view.remark
        self.query_one(FilterLine).show_error(self._filter_error or remark, is_remark=remark is not None)
        if message.view is not None:
            self._show_view(message.view, message.row)
        elif message.error is not None and self._filter_error is None:
            self.say(str(message.error), "$text-error")
        if self._leaves_filter and self._filter_error is None:
            self.set_focus(self.table)
        self._leaves_filter = False
        self.ft.key_gate.release(self)

    def _show_view(self, view: View, row: int | None) -> None:
        self.view = view
        self.table.settled.clear()
        self.table.is_confirming = self.place is Place.CONFIRM
        self.table.sort = view.sort
        self.table.empty_text = empty_text(self.queue(self.queue_id), self.filter_text)
        self.table.show(view.rows)
        if row is not None:
            self.go_to_row(row)
        self.cards.follow()
        self._count_marks()

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a store row; whether it is in view."""
        at = self.table.index_of(row)
        if at is None:
            return False
        self.table.move_to(at)
        return True

    def show_row(self, row: int) -> bool:
        """Put the cursor on a store row, among all accounts where it is not in view; whether it was in view."""
        if self.go_to_row(row):
            return True
        self.open_view("", "", row=row)
        return False

    def go_to_account(self, handle: str) -> None:
        """``:@handle``, in view or not."""
        row = self.bench.find(handle)
        if row is None:
            self.say(f"{handle} is not in the store: check the spelling, or / searches names and bios", "$warning")
        elif not self.show_row(row):
            self.say(f"{handle} was not in view: showing all accounts")

    def imported(self, queue_id: str | None) -> None:
        """Show what an import brought.

        Args:
            queue_id: queue to go to, None to stay.
        """
        self.show_counts()
        if queue_id is not None and self.queue(queue_id) is not None:
            self.open_view(queue_id)
        elif self.queue_id or self.filter_text:
            self._load(self.table.key)
        else:
            self.open_view(next((queue.id for queue in self.queues if queue.id != PLAN_QUEUE), ""))
        self.counter.count_again()

    def sort_by(self, field: str, descending: bool | None = None) -> None:
        """Sort by a field; without a direction a second time reverses the order."""
        if descending is None:
            descending = field in DESCENDING_FIRST
            if self._sorted_by is not None and self._sorted_by[0] == field:
                descending = not self._sorted_by[1]
        self._sorted_by = (field, descending)
        self._load(self.table.key)

    @on(VirtualTable.SortAsked)
    def sort_asked(self, message: VirtualTable.SortAsked) -> None:
        """A title was clicked."""
        self.sort_by(message.field)

    @on(FilterLine.FilterChanged)
    def filter_changed(self, message: FilterLine.FilterChanged) -> None:
        """Show the rows of the changed query."""
        self.filter_text = message.text
        self._load(self.table.key)

    @on(FilterLine.FilterLeft)
    def filter_left(self, message: FilterLine.FilterLeft) -> None:
        """Back to the rows: by Enter once they are the filter's, by Esc in any case."""
        if not message.is_entered:
            self.set_focus(self.table)
        elif self._is_loading:
            self._leaves_filter = True
        elif self._filter_error is None:
            self.set_focus(self.table)
        if self._is_loading:
            self.ft.key_gate.hold(self)

    def clearable(self) -> str:
        """Marks first, then the filter."""
        return super().clearable() or ("the filter" if self.filter_text else "")

    def clear(self) -> None:
        """Clear the marks, or the filter where nothing is marked."""
        if len(self.table.marks):
            super().clear()
        else:
            self.open_view(self.queue_id, "", row=self.table.key)

    def refresh_rows(self) -> None:
        """Read the view and all counts again."""
        self._load(self.table.key)
        self.show_counts()
        self.counter.count_again()

    # Cursor and card ------------------------------------------------------------------

    @on(VirtualTable.CursorMoved)
    def cursor_moved(self) -> None:
        """The card follows once the cursor rests; a range counts as it grows."""
        if self.table.range_from is not None:
            self._count_marks()
        self.cards.follow_cursor()

    @on(CardRead)
    def card_read(self, message: CardRead) -> None:
        """A card was read."""
        self.cards.show(message)

    def _draw_card(self, card: Card | None, match_at: int) -> None:
        self.query_one(AccountCard).show(card, match_at, is_confirming=self.place is Place.CONFIRM)

    # Counts ---------------------------------------------------------------------------

    def show_counts(self) -> None:
        """Show header, queues and last decisions as the workbench knows them now."""
        self.queues = self.bench.queues()
        self.query_one(HeaderBar).show(self.bench.header())
        self.query_one(QueueBar).show(self.queues, self.queue_id)
        self.status.show_last(self.bench.review.last(), self.bench.session.reviewer)

    def counts_changed(self) -> None:
        """Read rows, counts and card again where they stand; the view stays as it is."""
        self.table.forget()
        self.show_counts()
        self.counter.count_again()
        self.cards.read_again()

    def job_yielded(self, job: Job, value: Any) -> None:
        """Show what an undone import changed before all of it is compared again."""
        if isinstance(value, Undone):
            self.stepped(value)

    def job_ended(self, job: Job) -> None:
        """What a job changed is shown; calls to X and a look who is due leave the view as it is."""
        if job.name in ("apply", "today"):
            self.counts_changed()
        else:
            self.refresh_rows()

    def gesture_shown(self) -> None:
        """Bring card and counts up to what a gesture changed, once its rows are painted."""
        self.cards.follow()
        self.call_after_refresh(self.counter.count_again)

    @on(QueuesCounted)
    def queues_counted(self, message: QueuesCounted) -> None:
        """The queues were counted."""
        self.counter.counted(message)

    def _draw_counts(self, counts: Counts, last: Sequence[LastDecision]) -> None:
        self.queues = counts.queues
        self.query_one(QueueBar).show(self.queues, self.queue_id)
        self.query_one(HeaderBar).show(counts.header)
        self.status.show_last(last, self.bench.session.reviewer)

    @on(VirtualTable.MarksChanged)
    def marks_changed(self) -> None:
        """Count the marks in view."""
        if not len(self.table.marks):
            self.marked_company = ""
        self._count_marks()

    @property
    def has_looked(self) -> bool:
        """Whether exactly these marks were counted or sampled, so that a bulk decision need not offer it."""
        return self._looked_at == (self.table.marks.version, self.view)

    def remember_look(self) -> None:
        """These marks were counted or sampled."""
        self._looked_at = (self.table.marks.version, self.view)

    def _count_marks(self) -> None:
        if self.view is not None:
            self.query_one(FilterLine).show_counts(shown_counts(self.view, self.table))

    def _poll(self) -> None:
        if not self.is_current or self.ft.jobs.job is not None:
            return
        is_changed, error = attempt("look for changes", self.bench.changed_elsewhere)
        if error is not None:
            self.say(str(error), "$text-error")
        elif is_changed:
            self.counts_changed()
            self.say("another process changed the store; F5 reads the view again")

    # Where the person was -------------------------------------------------------------

    def remember(self) -> None:
        """Keep where the person was for next time."""
        if self.view is None:
            return
        if self.table.key is not None:
            self._rows_left[self.queue_id] = self.table.key
        if not self.ft.is_read_only:
            place = {"queue": self.queue_id, "filter": self.filter_text, "row": self.table.key, "rows": self._rows_left}
            self.bench.looks.remember_place({**place, "filters": self.query_one(FilterLine).history})
            self.bench.review.reasons.keep(self.table.key)

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone."""
        held = skipped_text(undone.skipped, "left alone")
        self.say(f"{undone.text} · {held}" if held else undone.text, "$warning" if held else "")
        for row in undone.rows:
            self.table.settled.pop(row, None)
        if undone.rows and not undone.needs_comparison:
            self.table.renew(undone.rows)
        else:
            self.table.forget()
        for row in undone.rows:
            if self.go_to_row(row):
                break
        self.gesture_shown()

    def do_back(self) -> None:
        """Out of the first screen is out of the program."""
        self.ft.leave()
