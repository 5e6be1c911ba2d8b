"""What the screens ask of the program, as protocols.

Owns the list of calls a screen may make; the composition root hands in an object that fits.
Screens, dialogs and widgets speak to it and never import a use case. Any module of ``ui``
may import it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from followertui.domain.decision import ActionKind, Decision
    from followertui.domain.kind import Kind
    from followertui.domain.progress import CancelToken
    from followertui.services.intake.values import AboutUs, ImportChoices, Look
    from followertui.services.plan.values import HandTask, PlanLine, PlanOverview
    from followertui.services.values import (
        Card,
        CountLine,
        Gesture,
        Header,
        JournalLine,
        Likeness,
        MatchCard,
        Queue,
        RowCells,
        Undone,
        View,
    )

Job = Iterator[Any]
"""Long work: yields progress, its report is the ``StopIteration`` value."""


class CompletionLike(Protocol):
    """One way to go on in a query: ``text`` replaces the query from ``start`` to ``end``."""

    @property
    def text(self) -> str:
        """What is put in."""
        ...

    @property
    def start(self) -> int:
        """Where it begins in the query."""
        ...

    @property
    def end(self) -> int:
        """Where it ends in the query."""
        ...

    @property
    def help(self) -> str:
        """One line about it."""
        ...


class Completion(NamedTuple):
    """A plain completion, for screens that complete something else than a query."""

    text: str
    start: int
    end: int
    help: str


class Workbench(Protocol):
    """One open store with everything a person can do to it; quick unless it returns a Job."""

    @property
    def is_demo(self) -> bool:
        """Whether everything is made up."""
        ...

    def header(self) -> Header:
        """The top line."""
        ...

    def queues(self) -> Sequence[Queue]:
        """Queues with cached counts, main ones first."""
        ...

    def refresh_counts(self) -> Sequence[Queue]:
        """Queues with exact counts; called beside the screen."""
        ...

    def open_view(self, queue_id: str = "", text: str = "") -> View:
        """Frozen rows of a queue narrowed by a filter; raises BadQuery."""
        ...

    def sort_view(self, view: View, field: str, descending: bool) -> View:
        """The same rows in another order."""
        ...

    def page(self, rows: Sequence[int]) -> Sequence[RowCells]:
        """Cells of at most 64 rows, in the same order."""
        ...

    def card(self, row: int) -> Card:
        """All that is known of one account."""
        ...

    def matches_of(self, row: int) -> Sequence[MatchCard]:
        """Matches of one account, strongest first."""
        ...

    def complete(self, text: str, cursor: int) -> Sequence[CompletionLike]:
        """Ways to go on in a query at a cursor."""
        ...

    def count_by(self, rows: Sequence[int], field: str) -> Sequence[CountLine]:
        """How often each value of a field occurs among rows."""
        ...

    def count_fields(self) -> Sequence[tuple[str, str]]:
        """(name, help) of fields one can count by."""
        ...

    def sample(self, rows: Sequence[int], n: int = 20) -> Sequence[int]:
        """At most ``n`` random rows of a set."""
        ...

    def alike(self, rows: Sequence[int], row: int) -> Sequence[Likeness]:
        """Ways in which rows in view are like one row."""
        ...

    def rows_matching(self, rows: Sequence[int], query: str) -> Sequence[int]:
        """Rows of a set that satisfy a query, in the same order."""
        ...

    def find(self, text: str) -> int | None:
        """The row of a handle or id, None if unknown."""
        ...

    def decide(self, rows: Sequence[int], decision: Decision | None, query: str = "") -> Gesture:
        """Say what should happen; None takes the decision back."""
        ...

    def accept(self, rows: Sequence[int], query: str = "") -> Gesture:
        """Do what each card suggests."""
        ...

    def say_kind(self, rows: Sequence[int], kind: Kind | None, query: str = "") -> Gesture:
        """Say who someone is; None takes the word back."""
        ...

    def tag(self, rows: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = (), query: str = "") -> Gesture:
        """Add and remove tags."""
        ...

    def tags(self) -> Sequence[tuple[str, int, str | None]]:
        """(name, accounts, digit it is bound to) of every tag."""
        ...

    def bind_tag(self, key: str, name: str) -> object:
        """Bind a tag to a digit."""
        ...

    def note(self, row: int, text: str) -> Gesture:
        """Write the note of one account."""
        ...

    def release(self, rows: Sequence[int]) -> Gesture:
        """Release accounts from their guard."""
        ...

    def confirm(self, match_ids: Sequence[int]) -> Gesture:
        """Say that matches are right."""
        ...

    def reject(self, match_ids: Sequence[int]) -> Gesture:
        """Say that matches are wrong."""
        ...

    def unsure(self, match_ids: Sequence[int]) -> Gesture:
        """Leave matches open."""
        ...

    def undo(self, force: bool = False) -> Undone:
        """Take the last gesture back; asks before crossing a session unless forced."""
        ...

    def redo(self, force: bool = False) -> Undone:
        """Do again what was undone."""
        ...

    def reverse_import(self, is_redo: bool, cancel: CancelToken) -> Job:
        """Take the newest import back, or do it again, where ``undo`` or ``redo`` said it is long; brings an Undone."""
        ...

    def journal(self, limit: int = 200) -> Sequence[JournalLine]:
        """What was done, newest first."""
        ...

    def last_decisions(self, n: int = 5) -> Sequence[tuple[int, str, str]]:
        """(row, handle, text) of the last decisions, newest first."""
        ...

    def save_view(self, name: str, text: str) -> object:
        """Save a filter under a name."""
        ...

    def drop_view(self, name: str) -> object:
        """Drop a saved view."""
        ...

    def views(self) -> Sequence[tuple[str, str]]:
        """(name, query) of saved views."""
        ...

    def place(self) -> dict[str, Any]:
        """Where the person was."""
        ...

    def remember_place(self, place: dict[str, Any]) -> object:
        """Keep where the person is."""
        ...

    def plan_overview(self) -> PlanOverview:
        """Figures of the plan and its items in order."""
        ...

    def plan_lines(self, item_ids: Sequence[int]) -> Sequence[PlanLine]:
        """At most 64 items, in the same order."""
        ...

    def plan_drop(self, item_ids: Sequence[int]) -> Gesture:
        """Take items out of the plan."""
        ...

    def plan_add(self, action: ActionKind, rows: Sequence[int], object: str = "") -> Gesture:
        """Put an action for rows into the plan."""
        ...

    def next_manual(self, action: ActionKind | None = None) -> HandTask | None:
        """The next thing to click by hand, None at the end."""
        ...

    def record_manual(self, item_id: int, outcome: Any) -> Gesture:
        """Say what came of it: done, later or missing."""
        ...

    def undo_manual(self) -> HandTask | None:
        """Take the last answer back and stand there again."""
        ...

    def apply(self, via: str | None, limit: int | None, typed_count: int, cancel: CancelToken) -> Job:
        """Carry the plan out; yields ApplyEvent or Progress, brings an ApplyReport."""
        ...

    def look(self, path: str, choices: ImportChoices = ...) -> Look:
        """What a file is believed to be; writes nothing."""
        ...

    def import_file(self, path: str, choices: ImportChoices, cancel: CancelToken) -> Job:
        """Import a file; brings an ImportReport."""
        ...

    def match(self, full: bool, cancel: CancelToken) -> Job:
        """Compare accounts with lists."""
        ...

    def judge(self, full: bool, cancel: CancelToken) -> Job:
        """Judge accounts."""
        ...

    def catch_up(self, cancel: CancelToken) -> Job:
        """Match, judge and count after an import; brings a line."""
        ...

    def next_step(self) -> str:
        """What a person would do now, in one line."""
        ...

    def lists(self) -> Sequence[tuple[str, str, int]]:
        """(name, kind, entries) of every list."""
        ...

    def about(self) -> AboutUs:
        """Who we are."""
        ...

    def set_about(self, about: AboutUs) -> Gesture:
        """Say who we are."""
        ...

    def profile_url(self, row: int) -> str:
        """Link of an account on X."""
        ...

    def next_week(self, cancel: CancelToken) -> Job:
        """Let a week pass in the demo; brings a line."""
        ...

    def setting(self, name: str, default: Any) -> Any:
        """A setting, or the default."""
        ...

    def set_setting(self, name: str, value: Any) -> object:
        """Keep a setting."""
        ...

    def changed_elsewhere(self) -> bool:
        """Whether another process wrote since last asked."""
        ...

    def close(self) -> None:
        """Close the store."""
        ...


class Doors(Protocol):
    """The ways in while there is no store yet."""

    def build_demo(self, cancel: CancelToken) -> Job:
        """Build the made-up store; the job's report is its workbench."""
        ...

    def new_store(self) -> Workbench:
        """An empty store, ready for files."""
        ...
