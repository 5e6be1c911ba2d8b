"""The one object screens and commands call: an open store with everything one can do to it.

Owns no rule: every method is one use case, values in, values out. Long work is a generator that
yields progress and returns its report.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.domain.progress import CancelToken, NeverCancelled, Progress
from followertui.domain.query import Completion
from followertui.late import late
from followertui.services import naming, querying, row_cells
from followertui.services.care.keeping import Keeper
from followertui.services.intake.values import AboutUs, ImportChoices, ImportReport, JudgeReport, MatchReport
from followertui.services.plan.values import ApplyEvent, ApplyReport, PlanLine, PlanOverview
from followertui.services.review import header, queues, views
from followertui.services.review.looks import Looks
from followertui.services.review.review_session import ReviewSession
from followertui.services.session import Session
from followertui.services.values import (
    BULK,
    PLAN_QUEUE,
    Card,
    CountLine,
    Counts,
    Gesture,
    Header,
    JournalLine,
    Likeness,
    Queue,
    RowCells,
    Undone,
    View,
    Word,
)
from followertui.services.watching import ForeignWrites
from followertui.store.audience import pages
from followertui.store.decisions import tags

if TYPE_CHECKING:
    from followertui.query import completing
    from followertui.services import catching_up, live_news, stepping_back
    from followertui.services.engage import engagement, proposing
    from followertui.services.insight import reporting
    from followertui.services.intake import importing, inspecting, reversing
    from followertui.services.intake.import_plan import ImportPlan
    from followertui.services.intake.inspecting import ArchiveInside
    from followertui.services.plan import applying, clicking, planner, planning
    from followertui.services.review import (
        annotating,
        answering,
        cards,
        clauses,
        deciding,
        facets,
        foreseeing,
        house_checks,
        offering,
        releasing,
        sheets,
        undoing,
    )
    from followertui.services.review.sheets import SheetReport
    from followertui.services.scoring import about_us, judging, matching
    from followertui.services.sync import x_account
    from followertui.store.file import kept_backups
    from followertui.store.lists import lists
    from followertui.store.lists.matches import OpenMatch
    from followertui.x import links
else:
    reporting = late("followertui.services.insight.reporting")
    engagement = late("followertui.services.engage.engagement")
    proposing = late("followertui.services.engage.proposing")
    catching_up = late("followertui.services.catching_up")
    kept_backups = late("followertui.store.file.kept_backups")
    lists = late("followertui.store.lists.lists")
    about_us = late("followertui.services.scoring.about_us")
    applying = late("followertui.services.plan.applying")
    clicking = late("followertui.services.plan.clicking")
    cards = late("followertui.services.review.cards")
    matching = late("followertui.services.scoring.matching")
    completing = late("followertui.query.completing")
    facets = late("followertui.services.review.facets")
    clauses = late("followertui.services.review.clauses")
    annotating = late("followertui.services.review.annotating")
    answering = late("followertui.services.review.answering")
    deciding = late("followertui.services.review.deciding")
    foreseeing = late("followertui.services.review.foreseeing")
    house_checks = late("followertui.services.review.house_checks")
    offering = late("followertui.services.review.offering")
    releasing = late("followertui.services.review.releasing")
    sheets = late("followertui.services.review.sheets")
    x_account = late("followertui.services.sync.x_account")
    live_news = late("followertui.services.live_news")
    importing = late("followertui.services.intake.importing")
    inspecting = late("followertui.services.intake.inspecting")
    reversing = late("followertui.services.intake.reversing")
    judging = late("followertui.services.scoring.judging")
    planner = late("followertui.services.plan.planner")
    planning = late("followertui.services.plan.planning")
    stepping_back = late("followertui.services.stepping_back")
    undoing = late("followertui.services.review.undoing")
    links = late("followertui.x.links")


class Workbench:
    """Everything a person can do to one open store; ``weeks`` lets a week pass in the demo, None elsewhere."""

    def __init__(self, session: Session, weeks: Any = None) -> None:
        self.session = session
        self._weeks = weeks
        self._foreign_writes = ForeignWrites(session.store)

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo."""
        return self.session.is_demo

    def keep_backup(self) -> None:
        """Keep the backup of the day beside the store, if one is due.

        Raises:
            BadInput: it cannot be written.
        """
        kept_backups.keep(self.session.store, self.session.now, kept_backups.DAY_SECONDS)

    def header(self) -> Header:
        """The top line."""
        return header.header(self.session)

    def queues(self) -> list[Queue]:
        """Queues with the counts last known."""
        return queues.cached_queues(self.session)

    def refresh_counts(self, *, is_quick: bool = False) -> Counts:
        """Recount queues and top line; quickly, without looking what is newly due, by the rows that changed."""
        with self._foreign_writes.counting():
            if not is_quick:
                proposing.refresh(self.session)
            counted = queues.counted_queues(self.session, is_quick=is_quick)
            planned = next(queue for queue in counted if queue.id == PLAN_QUEUE)
            return Counts(header.refresh_header(self.session, planned.count), counted)

    def open_view(self, queue_id: str = "", text: str = "") -> View:
        """Rows of a queue narrowed by a filter; raises BadQuery."""
        return views.open_view(self.session, queue_id, text)

    def sort_view(self, view: View, field: str, descending: bool) -> View:
        """The same rows in another order."""
        return views.sort_view(self.session, view, field, descending)

    def page(self, rows: Sequence[int]) -> list[RowCells]:
        """A page of rows, in order."""
        return self.review.shown(row_cells.cells(self.session, rows))

    @cached_property
    def x_account(self) -> x_account.XAccount:
        """The account at X."""
        return x_account.XAccount(self.session)

    def watch_x(self, budget_usd: float | None, cancel: CancelToken) -> Generator[Any, None, Any]:
        """Watch X until it is stopped; see ``live_news.watch``."""
        return live_news.watch(self.session, cancel, budget_usd)

    @cached_property
    def clicks(self) -> clicking.Clicks:
        """What is carried out by hand."""
        return clicking.Clicks(self.session)

    @cached_property
    def planner(self) -> planner.Planner:
        """The plan before it is carried out."""
        return planner.Planner(self.session)

    @cached_property
    def engagement(self) -> engagement.Engagement:
        """Engaging people: Today, playbooks, the shelf, contacts."""
        return engagement.Engagement(self.session)

    @cached_property
    def insight(self) -> reporting.Reporter:
        """What the audience is worth."""
        return reporting.Reporter(self.session)

    def card(self, row: int) -> Card:
        """The whole card of one account."""
        return self.review.shown_card(cards.card(self.session, row, self.review.reasons.of))

    def complete(self, text: str, cursor: int) -> Sequence[Completion]:
        """Completions of a query."""
        return completing.complete(text, cursor, offering.names_at(self.session, text[:cursor]))

    def count_by(self, rows: Sequence[int], field: str) -> list[CountLine]:
        """How rows spread over a field's values."""
        return facets.count_by(self.session, rows, field)

    def count_fields(self) -> list[tuple[str, str]]:
        """Fields one can count by."""
        return facets.fields()

    def sample(self, rows: Sequence[int], n: int = 20) -> list[int]:
        """A random sample of rows."""
        return querying.sample(self.session, rows, n)

    def alike(self, rows: Sequence[int], row: int) -> list[Likeness]:
        """Ways other accounts in view are like one account."""
        return facets.alike(self.session, rows, row)

    def rows_matching(self, rows: Sequence[int], query: str) -> list[int]:
        """Which of some rows a query holds for."""
        return querying.rows_matching(self.session, rows, query)

    def find(self, text: str) -> int | None:
        """Row of the account a handle or id names."""
        return naming.row_named(self.session, text)

    def profile_url(self, row: int) -> str:
        """The account's page on X."""
        return next((links.profile(one.handle or None, one.x_id) for one in pages.page(self.session.store, [row])), "")

    def decide(self, rows: Sequence[int], decision: Decision | None, query: str = "", word: Word = BULK) -> Gesture:
        """Decide on accounts."""
        return deciding.decide(self.session, rows, decision, query, word=word)

    def accept(self, rows: Sequence[int], query: str = "", word: Word = BULK) -> Gesture:
        """Do what the cards suggest."""
        return deciding.accept(self.session, rows, query, word)

    def say_kind(self, rows: Sequence[int], kind: Kind | None, query: str = "", word: Word = BULK) -> Gesture:
        """Set the kind of accounts."""
        return deciding.say_kind(self.session, rows, kind, query, word)

    def tag(self, rows: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = (), query: str = "") -> Gesture:
        """Add and remove tags."""
        return annotating.tag(self.session, rows, add, remove, query)

    def tags(self) -> list[tuple[str, int, str | None]]:
        """Tags: name, number of accounts, bound digit."""
        return tags.tags(self.session.store)

    def bind_tag(self, key: str, name: str) -> None:
        """Bind a digit to a tag."""
        tags.bind_tag(self.session.store, key, name)

    def note(self, row: int, text: str, was: str | None = None) -> Gesture:
        """Write a note."""
        return annotating.note(self.session, row, text, was)

    def add_note(self, rows: Sequence[int], text: str, query: str = "") -> Gesture:
        """Add a line to the notes of accounts."""
        return annotating.add_note(self.session, rows, text, query)

    def release(self, rows: Sequence[int]) -> Gesture:
        """Release guarded accounts from their guards."""
        return releasing.release(self.session, rows)

    def foresee(self, rows: Sequence[int], decision: Decision | None) -> foreseeing.Foreseen:
        """What a bulk decision will do; None for what each card suggests."""
        return foreseeing.foresee(self.session, rows, decision)

    def to_answer(self, rows: Sequence[int], company: str = "") -> list[OpenMatch]:
        """The match of each account that an answer is about."""
        return answering.to_answer(self.session, rows, company)

    def confirm(self, match_ids: Sequence[int]) -> Gesture:
        """Confirm matches."""
        return self._say_match(match_ids, MatchState.CONFIRMED)

    def reject(self, match_ids: Sequence[int]) -> Gesture:
        """Reject matches."""
        return self._say_match(match_ids, MatchState.REJECTED)

    def unsure(self, match_ids: Sequence[int]) -> Gesture:
        """Clear the decisions on matches."""
        return self._say_match(match_ids, MatchState.UNREVIEWED)

    def clause(self, match_id: int) -> clauses.Clause:
        """The clause a match rests on, and how many others do."""
        return clauses.clause(self.session, match_id)

    def refuse_clause(self, match_id: int) -> Gesture:
        """Say that what a match rests on is not its company or person, for every account."""
        return clauses.refuse(self.session, match_id)

    def _say_match(self, match_ids: Sequence[int], state: MatchState) -> Gesture:
        gesture = deciding.say_match(self.session, match_ids, state)
        matching.learn_from_words(self.session, match_ids)
        return gesture

    def import_decisions(
        self, path: Path, word: str = "", sheet: str | None = None, *, is_dry: bool = False
    ) -> SheetReport:
        """Bring a colleague's sheet or an old tool's list back as one gesture; dry, only say what it would be."""
        return sheets.bring_back(self.session, path, word, sheet, is_dry=is_dry)

    def undo(self, force: bool = False) -> Undone:
        """Undo the newest gesture."""
        return stepping_back.undo(self.session, force)

    def revert(self, entry_id: int) -> Undone:
        """Undo one gesture, however old, while later ones stay."""
        return stepping_back.revert(self.session, entry_id)

    def redo(self, force: bool = False) -> Undone:
        """Redo what was undone last."""
        return stepping_back.redo(self.session, force)

    def reverse_import(
        self, is_redo: bool = False, cancel: CancelToken | None = None
    ) -> Generator[Progress, None, Undone]:
        """Undo the newest import, or redo it; ``catch_up`` follows."""
        return undoing.reverse_import(self.session, is_redo, cancel or NeverCancelled())

    def resume_reversal(self, cancel: CancelToken | None = None) -> Generator[Progress, None, str]:
        """Go on with an undo or redo of an import that was interrupted; ``catch_up`` follows."""
        session = self.session
        return reversing.resume(session.store, session.journal, session.clock, cancel or NeverCancelled())

    def journal(self, limit: int = 200) -> list[JournalLine]:
        """The journal, newest first."""
        return undoing.lines(self.session, limit)

    @cached_property
    def review(self) -> ReviewSession:
        """The session of this reviewer: the last decisions and what came of it."""
        return ReviewSession(self.session)

    def plan_overview(self) -> PlanOverview:
        """What still has to be carried out."""
        return planning.overview(self.session)

    def plan_lines(self, item_ids: Sequence[int]) -> list[PlanLine]:
        """Plan items as rows."""
        return planning.lines(self.session, item_ids)

    def plan_add(self, action: ActionKind, rows: Sequence[int], object: str = "", query: str = "") -> Gesture:
        """Plan an action without a decision."""
        return deciding.plan_add(self.session, action, rows, object, query)

    def apply(
        self,
        typed_count: int,
        cancel: CancelToken,
        limit: int | None = None,
        budget_usd: float | None = None,
        *,
        is_tried: bool = False,
    ) -> Generator[ApplyEvent, None, ApplyReport]:
        """Carry the plan out through the API where it is known to do it, or is to be tried."""
        return applying.apply(self.session, cancel, typed_count, limit, budget_usd, is_tried=is_tried)

    def plan_import(
        self, path: str, choices: ImportChoices | None = None, earlier: ImportPlan | None = None
    ) -> ImportPlan:
        """What a file is recognised as and how it would be read; writes nothing."""
        return inspecting.plan_import(self.session.store, path, choices or ImportChoices(), earlier, self.session.zone)

    def archives_in(self, path: str) -> list[ArchiveInside]:
        """The archives of a folder that holds several, oldest first; none where it is one, or no folder."""
        return inspecting.archives_in(path)

    def run_import(
        self, plan: ImportPlan, cancel: CancelToken | None = None
    ) -> Generator[Progress, None, ImportReport]:
        """Read a file into the store as planned."""
        session = self.session
        return importing.import_file(session.store, session.journal, session.clock, plan, cancel or NeverCancelled())

    def import_file(
        self, path: str, choices: ImportChoices | None = None, cancel: CancelToken | None = None
    ) -> Generator[Progress, None, ImportReport]:
        """Inspect a file and import it."""
        return self.run_import(self.plan_import(path, choices), cancel)

    def match(self, full: bool = False, cancel: CancelToken | None = None) -> Generator[Progress, None, MatchReport]:
        """Compare accounts with lists."""
        return house_checks.after(self.session, matching.match(self.session, cancel or NeverCancelled(), full))

    def judge(self, full: bool = False, cancel: CancelToken | None = None) -> Generator[Progress, None, JudgeReport]:
        """Judge accounts."""
        return house_checks.after(self.session, judging.judge(self.session, cancel or NeverCancelled(), full))

    def catch_up(
        self, cancel: CancelToken | None = None, compare_most: int | None = None
    ) -> Generator[Progress, None, str]:
        """After an import: index text, match (up to a limit), judge, count. Returns the next step."""
        agreed = yield from catching_up.catch_up(self.session, cancel or NeverCancelled(), compare_most)
        entered = self.looks.run_rules()
        self.refresh_counts()
        return " · ".join(line for line in (agreed, *entered, self.next_step()) if line)

    def unfinished(self) -> str:
        """How many accounts are not compared or judged yet, in words."""
        return catching_up.unfinished(self.session)

    def next_step(self) -> str:
        """The suggested next step, in one line."""
        return catching_up.next_step(self.queues(), has_lists=bool(self.lists()))

    def lists(self) -> list[tuple[str, str, int]]:
        """Lists: name, kind, entries."""
        return [
            (info.name, info.kind.value if info.kind else "", info.entries) for info in lists.lists(self.session.store)
        ]

    def about(self) -> AboutUs:
        """Who we are."""
        return about_us.about_us(self.session)

    def set_about(self, us: AboutUs, was: AboutUs | None = None) -> Gesture:
        """Say who we are; with ``was``, what another process changed since stays."""
        return about_us.set_about(self.session, us, was)

    def next_week(self, cancel: CancelToken | None = None) -> Generator[Progress, None, str]:
        """Let a week pass in the demo.

        Raises:
            BadInput: this is no demo.
        """
        if self._weeks is None:
            raise BadInput("only the demo can let a week pass; here, import a newer export")
        yield from self._weeks(self, cancel or NeverCancelled())
        return (yield from self.catch_up(cancel))

    @cached_property
    def care(self) -> Keeper:
        """The store as a file."""
        return Keeper(self.session)

    @cached_property
    def looks(self) -> Looks:
        """How a person wants the review to look."""
        return Looks(self.session)

    def changed_elsewhere(self) -> bool:
        """Whether another process wrote since the last call; see ``ForeignWrites.is_news``."""
        return self._foreign_writes.is_news()

    def close(self) -> None:
        """Save derived files and close the store."""
        self.session.close()
