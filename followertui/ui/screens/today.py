"""Today: what is due for whom, one key each to do it, to say it is done, to put it off or leave it out.

Owns the walk through what is due. Nothing here sends anything: X's own page does, a person presses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from followertui.domain.errors import FollowertuiError
from followertui.services.engage.values import DRAFT
from followertui.services.values import Gesture, Undone
from followertui.ui.cells import counted, line, plain
from followertui.ui.commands import Place
from followertui.ui.dialogs.account import AccountDialog
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.keymap import Keymap
from followertui.ui.screens.answers import OpenQuery, StepQueue
from followertui.ui.screens.app_screen import SMALL_ROWS
from followertui.ui.screens.how_often import ask_interval
from followertui.ui.screens.peeking import Peeking
from followertui.ui.screens.shelving import Shelving
from followertui.ui.screens.table_screen import TableScreen
from followertui.ui.widgets.bars import KeyFooter, StatusLine, cut
from followertui.ui.widgets.today import NOTHING_DUE, STILL_LOOKING, TodayTable, composed_content, title_parts

if TYPE_CHECKING:
    from followertui.services.engage.values import Composed, DueLine, Today
    from followertui.services.jobs import Job
    from followertui.services.sync.values import Peeked

_LOOK = "today"
"""Name of the job that looks who is due."""
LOOKING = "looking who is due"


class TodayScreen(TableScreen):
    """What is due.

    Args:
        keymap: keys in force.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.verbs = (Shelving(self), Peeking(self, self._row, self._answer_post))
        self._keymap = keymap
        self._today: Today | None = None
        self._composed: Composed | None = None
        self._wording = DRAFT

    def compose(self) -> ComposeResult:
        """What is due above, how it is done below."""
        yield Static(id="today-title", classes="screen-title")
        yield TodayTable(self._page, id="today-table")
        yield Static(id="today-draft")
        yield StatusLine(id="status")
        yield KeyFooter(Place.TODAY, self._keymap, id="footer")

    def on_mount(self) -> None:
        """Read what is due."""
        self.table.focus()
        self.call_after_refresh(self.refresh_rows)

    def on_resize(self) -> None:
        """Wrap the draft again."""
        self.call_after_refresh(self._draw)

    @property
    def table(self) -> TodayTable:
        """What is due."""
        return self.query_one("#today-table", TodayTable)

    @property
    def place(self) -> Place:
        """Today."""
        return Place.TODAY

    def _page(self, item_ids: Sequence[int]) -> Sequence[DueLine]:
        return self.bench.engagement.lines(item_ids)

    def _rows_acted_on(self) -> list[int]:
        """Accounts of the marked items, or of the one under the cursor."""
        return [item.cells.row for item in self.bench.engagement.lines(self.acted_on())]

    def refresh_rows(self) -> None:
        """Show what is stored, at once; where something changed since, who is due is looked for beside the screen."""
        engagement = self.bench.engagement
        if self.bench.header().accounts <= SMALL_ROWS:
            self._show_due(engagement.today())
            return
        self._show_due(engagement.stored_today())
        if self.ft.jobs.job is None and not engagement.is_settled():
            self.start_job(_LOOK, LOOKING, engagement.propose)
        self._draw()

    def job_ended(self, job: Job) -> None:
        """Show what a look found; after other work there may be more to find."""
        if job.name == _LOOK:
            self._show_due(self.bench.engagement.stored_today(), self.table.key)
        else:
            self.refresh_rows()

    def show_job(self, job: Job | None, waiting: str = "") -> None:
        """The title tells how far a look is."""
        super().show_job(job, waiting)
        if self.is_mounted:
            self._draw()

    def _show_due(self, today: Today, on: int | None = None) -> None:
        """Show what is due; the cursor on one of it, else about where it was."""
        table = self.table
        self._today = today
        table.marks.clear()
        table.show(today.ids, today.ids.index(on) if on in today.ids else table.cursor)
        self._begin()
        if today.notes:
            self.say(today.notes[0], "$warning")

    # What is under the cursor -----------------------------------------------------------

    @on(TodayTable.CursorMoved)
    def cursor_moved(self) -> None:
        """Another step: its first draft."""
        self._begin()

    @on(TodayTable.MarksChanged)
    def marks_changed(self) -> None:
        """The title counts the marks."""
        self._draw()

    def _begin(self) -> None:
        self._wording = DRAFT
        self._read_draft()

    def _read_draft(self) -> None:
        """Read how the step under the cursor is done."""
        item = self.table.current
        self._composed = None
        if item is not None and not item.held:
            self._composed = self.bench.engagement.compose(item.id, self._wording)
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        job = self.ft.jobs.job
        progress = job.progress if job is not None and job.name == _LOOK else None
        self.table.empty_text = STILL_LOOKING if job is not None and job.name == _LOOK else NOTHING_DUE
        title = title_parts(self._today, progress) if self._today is not None else [(" Today", "bold $primary")]
        marked = len(self.table.marks)
        right = line((f"{counted(marked)} marked ", "bold $accent")) if marked else plain("")
        self.query_one("#today-title", Static).update(cut(title, width, right))
        shown = self.query_one("#today-draft", Static)
        shown.display = self._composed is not None
        if self._composed is not None:
            shown.update(composed_content(self._composed, self._wording.post, width - 2))

    # Doing ------------------------------------------------------------------------------

    def do_today_do(self) -> None:
        """Open the page with the draft; where X takes no draft yet, it is copied."""
        found, item = self._composed, self.table.current
        if found is None:
            self.say(f"held back: {item.held}" if item is not None else "nothing is due", "$warning")
            return
        self.open_link(found.url)
        if found.text and not found.is_filled_in:
            self.app.copy_to_clipboard(found.text)
            self.say("the draft is copied: paste it into the reply; d says that it is done")

    def do_today_done(self) -> None:
        """Record it and go on."""
        found = self._composed
        if found is None:
            self.do_today_do()
            return
        wording = self._wording._replace(shelf_id=found.shelf_id or None)
        self._said(self.bench.engagement.done(found.item_id, wording))

    def do_today_snooze(self) -> None:
        """Tomorrow."""
        self._said(self.bench.engagement.snooze(self.acted_on()))

    def do_today_later(self) -> None:
        """Put it off for some days."""
        ids = list(self.acted_on())

        def typed(text: str | None) -> None:
            """Snooze for the days typed."""
            if text and text.isascii() and text.isdigit():
                self._said(self.bench.engagement.snooze(ids, int(text)))
            elif text:
                self.say("snooze: give a number of days", "$warning")

        self.app.push_screen(LineDialog("Snooze for how many days?", "7"), typed)

    def do_today_skip(self) -> None:
        """Leave the step out."""
        self._said(self.bench.engagement.skip(self.acted_on()))

    def do_today_plan(self) -> None:
        """Put it into the plan."""
        if self.table.current is not None:
            self._said(self.bench.engagement.plan(self.table.current.id, self._wording.post))

    def _said(self, gesture: Gesture) -> None:
        self.refresh_rows()
        self.say(gesture.text, "$warning" if gesture.held else "$text-success")

    # The draft --------------------------------------------------------------------------

    def do_today_draft(self) -> None:
        """The next draft."""
        self._wording = self._wording._replace(skip=self._wording.skip + 1, text=None)
        self._read_draft()

    def do_today_text(self) -> None:
        """One's own words instead of the draft."""
        found = self._composed
        if found is None or not found.variants:
            self.say("own words: nothing is written in this step", "$warning")
            return

        def typed(text: str | None) -> None:
            """Take the words typed; none means the draft again."""
            if text is not None:
                self._wording = self._wording._replace(text=text or None)
                self._read_draft()

        self.app.push_screen(LineDialog("The text; empty for the draft again", found.text), typed)

    def do_today_post(self) -> None:
        """Which post it answers."""

        def typed(text: str | None) -> None:
            """Compose for the post typed; a wrong address changes nothing."""
            if text is None:
                return
            before, self._wording = self._wording, self._wording._replace(post=text)
            try:
                self._read_draft()
            except FollowertuiError:
                self._wording = before
                raise

        self.app.push_screen(LineDialog("The post's address", self._wording.post, "https://x.com/…/status/…"), typed)

    def _row(self) -> int | None:
        """The account under the cursor."""
        return self.table.current.cells.row if self.table.current is not None else None

    def _answer_post(self, post: Peeked) -> None:
        """Compose for a post that was looked at."""
        self._wording = self._wording._replace(post=post.url)
        self._read_draft()

    def do_today_link(self) -> None:
        """Another link of the shelf."""
        if self._composed is None or not self._composed.shelf_id:
            self.say("other link: this step offers none", "$warning")
            return
        choices = [
            Choice(item.id, item.title or item.url, "", ", ".join(item.topics))
            for item in self.bench.engagement.shelf()
        ]

        def chosen(number: int) -> None:
            """Offer the link chosen."""
            self._wording = self._wording._replace(shelf_id=number)
            self._read_draft()

        self.choose("Which link?", choices, chosen, is_searchable=True)

    # Looking and going ------------------------------------------------------------------

    def do_card(self) -> None:
        """All that is known of the account."""
        if self.table.current is not None:
            self.app.push_screen(AccountDialog(self.bench.card(self.table.current.cells.row)))

    def do_open(self) -> None:
        """Open the profile on X."""
        if self.table.current is not None:
            self.open_link(self.bench.profile_url(self.table.current.cells.row))

    def do_copy(self) -> None:
        """Copy the text to send, or the profile's link where nothing is written."""
        text = self._composed.text if self._composed is not None else ""
        if text:
            self.app.copy_to_clipboard(text)
            self.say("the text is copied")
        elif self.table.current is not None:
            self.copy_link(self.bench.profile_url(self.table.current.cells.row))

    def do_playbooks(self) -> None:
        """Your playbooks; Today follows what changed there."""
        self.ft.show_playbooks(lambda _: self.refresh_rows())

    def do_queue_next(self) -> None:
        """Back into the queues."""
        self.dismiss(StepQueue(1))

    def do_queue_previous(self) -> None:
        """Back into the queues."""
        self.dismiss(StepQueue(-1))

    def do_today_leave(self) -> None:
        """Back to the review."""
        self.dismiss(None)

    def do_escape(self) -> None:
        """Clear the marks; back where nothing is marked."""
        if self.clearable() or self.table.range_from is not None:
            super().do_escape()
        else:
            self.dismiss(None)

    def do_count(self) -> None:
        """What is due in the review, where one can count, filter and mark."""
        self.dismiss(OpenQuery("is:due"))

    def show_query(self, query: str) -> None:
        """The review shows rows."""
        self.dismiss(OpenQuery(query))

    def stepped(self, undone: Undone) -> None:
        """Show what was undone or redone, the cursor on it where it is due again."""
        self.refresh_rows()
        ids = self._today.ids if self._today is not None else ()
        rows = [line.cells.row for line in self.bench.engagement.lines(ids)]
        again = next((at for at, row in enumerate(rows) if row in undone.rows), None)
        if again is not None:
            self.table.move_to(again)
        self.say(undone.text)

    # Contacts ---------------------------------------------------------------------------

    def do_contact_never(self) -> None:
        """Never contact them: they leave Today."""
        self._said(self.bench.engagement.toggle_no_contact(self._rows_acted_on()))

    def do_contact_every(self) -> None:
        """How often they come back."""
        rows = self._rows_acted_on()
        ask_interval(self, rows[0], lambda days: self._said(self.bench.engagement.set_interval(rows, days)))

    def do_contact_wrote(self) -> None:
        """They wrote first."""
        self._said(self.bench.engagement.note_written(self._rows_acted_on()))
