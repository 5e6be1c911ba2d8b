"""Plain values of the review: what use cases return and screens and commands show.

Owns shapes only, no behaviour; the plan's are in ``plan.values``, those of importing
in ``intake.values``. Text in them is cleaned but still foreign: the caller that shows it escapes it. Row
numbers never leave the program. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.errors import BadQuery
from followertui.domain.judgement import AccountType
from followertui.domain.kind import Kind, KindSource
from followertui.domain.match import Band, Evidence, MatchRelation, MatchState

SHEET_WORDS = ("keep", "never-follow", "out", "follow", "engage", "later")
"""What all accounts of a list can be said to be, where no column of it says it."""


class Header(NamedTuple):
    """The top line: whose audience, how good, how much is planned.

    Attributes:
        profile: our handle without @, "" where not known yet.
        followers: how many follow us now, as far as known.
        following: how many we follow now.
        accounts: all accounts in the store.
        qualified_percent: share of followers that is qualified, estimated or by rule; None while
            nothing is judged.
        qualified_low, qualified_high: its 95% interval, None without enough random looks.
        qualified_change: change of the number of qualified followers in four weeks, or None.
        planned: plan items still to carry out.
        is_demo, is_read_only: said on the screen.
        has_customer_list: False shows the red line in Plan.
        hidden: what is hidden from the person who judges, "" for nothing.
    """

    profile: str
    followers: int
    following: int
    accounts: int
    qualified_percent: float | None
    qualified_low: float | None
    qualified_high: float | None
    qualified_change: int | None
    planned: int
    is_demo: bool
    is_read_only: bool
    has_customer_list: bool
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of the review.

    Attributes:
        id: stable name ("to-review", "confirm", "new", "today", "plan", "kind:customer", "view:NAME").
        title: as shown.
        query: its query text.
        count: undecided rows in it, None while being counted.
        is_main: in the bar; the others are behind "N more".
        empty_text: what an empty queue says, with what comes next.
    """

    id: str
    title: str
    query: str
    count: int | None
    is_main: bool
    empty_text: str


TODAY_QUEUE = "today"
"""Id of the queue of people for whom something is due, which has a screen of its own."""

PLAN_QUEUE = "plan"
"""The id of the queue of what is planned."""

RANDOM_QUEUE = "random"
"""The id of the queue of followers drawn at random, to be looked at."""


class Counts(NamedTuple):
    """What was counted in one go: the top line and the queues."""

    header: Header
    queues: Sequence[Queue]


@dataclass(frozen=True, slots=True)
class View:
    """Frozen row numbers of one queue or filter, in view order.

    Attributes:
        queue_id: the queue it came from, "" for a free filter.
        text: query text as typed.
        rows: store row numbers, uint32, in view order.
        of: how many rows the queue or store has without the typed filter.
        sort: field it is sorted by, with a leading "-" when descending.
        remark: what to say of a name in the filter that finds nobody, None for nothing.
    """

    queue_id: str
    text: str
    rows: Sequence[int]
    of: int
    sort: str
    remark: BadQuery | None = None


class RowCells(NamedTuple):
    """One row of the table.

    Attributes:
        row: store row number.
        name, handle: as cleaned; handle without @, both "" where nameless.
        x_id: X's id or None.
        relation: "→", "←", "↔" or "".
        kind: who it is.
        kind_source: which rule decided.
        is_doubtful: the kind is only proposed (shown ``customer?``).
        why: the strongest reason or match in a few words.
        bot: 0-100 or None.
        silent_days: whole days without a post when the profile was read, None unknown.
        decision: what was decided, NONE if nothing.
        action: what is planned, None if nothing.
        tags: names in order.
        is_guarded, is_locked, has_note: marks.
        followers: count or None.
        bio: its first 240 characters, "" unknown.
        place: as the profile says it.
    """

    row: int
    name: str
    handle: str
    x_id: int | None
    relation: str
    kind: Kind
    kind_source: KindSource
    is_doubtful: bool
    why: str
    bot: int | None
    silent_days: int | None
    decision: Decision
    action: ActionKind | None
    tags: tuple[str, ...]
    is_guarded: bool
    is_locked: bool
    has_note: bool
    followers: int | None
    bio: str
    place: str


class MatchCard(NamedTuple):
    """One match on the card or in Confirm.

    Attributes:
        id: the store's number of the match.
        entity: company or person it ties to.
        lists: names of the lists the entity stands on.
        kind: kind of those lists.
        relation, band, score, state: see ``domain.match``.
        sentence: the evidence in plain words.
        evidence: the same as data.
        clauses: the words of each piece of evidence that read one side alone, "" for the others.
        inferred: for each piece whether its sides hold other words, so that the program inferred it.
        entry_lines: "Column: text" lines of the entry as its file had them.
        is_changed: decided on evidence that changed since.
        changed_from: the earlier evidence, "" if unchanged.
        siblings: how many other accounts tie to the same entity.
        probability: that it is right, 0-1; None where it is not known yet.
        others: names of some of the other accounts, the ones with most followers first.
        bits: for each piece of evidence how often it doubles the odds.
    """

    id: int
    entity: str
    lists: tuple[str, ...]
    kind: Kind
    relation: MatchRelation
    band: Band
    score: int
    state: MatchState
    sentence: str
    evidence: tuple[Evidence, ...]
    clauses: tuple[str, ...]
    inferred: tuple[bool, ...]
    entry_lines: tuple[str, ...]
    is_changed: bool
    changed_from: str
    siblings: int
    probability: float | None = None
    others: tuple[str, ...] = ()
    bits: tuple[float, ...] = ()


class ReasonLine(NamedTuple):
    """One signal on the card: code, signed points, a sentence."""

    code: str
    points: int
    text: str


class Why(NamedTuple):
    """Why an account is judged as it is.

    Attributes:
        against, favouring: at most three each, strongest first, none of which only repeats another.
        reasons: every line of the score that decided, strongest first, then facts.
    """

    against: tuple[ReasonLine, ...]
    favouring: tuple[ReasonLine, ...]
    reasons: tuple[ReasonLine, ...]


class Suggestion(NamedTuple):
    """What the card suggests and why; ``decision`` NONE without a suggestion."""

    decision: Decision
    kind: Kind | None
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card of one account.

    Attributes:
        cells: the row as the table shows it.
        bio, location, url, site: as cleaned.
        following, posts, listed, likes: counts or None.
        created, last_post, first_seen, left: "22 Nov 2026" style dates, "" unknown.
        followed_since: "followed before 22 Nov 2026" or "since 3 Nov 2026", "" where not related.
        verified, affiliation: plain words, "".
        type, role, seniority: facts.
        relevance: 0-100 or None.
        kind_rule: one sentence that says which rule decided the kind.
        kind_conflict: lists that disagree, "" if none.
        matches: strongest first.
        why: its reasons.
        suggestion: what ``y`` would do.
        note, tags: the person's own.
        guard: why it is held back from pruning, "" if it is not.
        guards: everything that holds it back now and can be released from.
        status: "", "gone", "suspended" or "renamed".
        history: newest first, ("22 Nov", "you: out").
        provenance: where and when each group of fields came from.
        bio_links: (start, end, address) of links inside the bio.
        names_by: of an account known by id only, the ways to its name and their price.
        own_marks: what you did to it on X: "muted by you", "on your list Prospects".
        differences: what two people said differently of it, a sentence each.
    """

    cells: RowCells
    bio: str
    location: str
    url: str
    site: str
    following: int | None
    posts: int | None
    listed: int | None
    likes: int | None
    created: str
    last_post: str
    first_seen: str
    left: str
    followed_since: str
    verified: str
    affiliation: str
    type: AccountType
    role: str
    seniority: str
    relevance: int | None
    kind_rule: str
    kind_conflict: str
    matches: tuple[MatchCard, ...]
    why: Why
    suggestion: Suggestion
    note: str
    tags: tuple[str, ...]
    guard: str
    guards: tuple[str, ...]
    status: str
    history: tuple[tuple[str, str], ...]
    provenance: tuple[str, ...]
    bio_links: tuple[tuple[int, int, str], ...] = ()
    names_by: tuple[str, ...] = ()
    own_marks: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Rows a gesture did not touch or did not plan, and why."""

    reason: str
    count: int


class Word(NamedTuple):
    """How a decision is given.

    Attributes:
        is_by_name: on one account by name: the cursor's row without marks, or ``@handle``.
        shown: row -> decision the person saw when deciding; rows left out were not shown.
    """

    is_by_name: bool = False
    shown: Mapping[int, Decision] = MappingProxyType({})


BULK = Word()
"""A decision on what a query found, or on marks."""


class Gesture(NamedTuple):
    """What one gesture did.

    Attributes:
        entry_id: its journal entry, 0 when nothing changed.
        changed: rows changed.
        planned: plan items made.
        unplanned: plan items removed.
        held: what was held back and why.
        text: one line for the person, with what was held back.
    """

    entry_id: int
    changed: int
    planned: int
    unplanned: int
    held: tuple[HeldBack, ...]
    text: str


class Undone(NamedTuple):
    """What undo or redo did, or what it asks first.

    Attributes:
        entry_id: the inverse entry, 0 when nothing was done.
        text: one line for the person.
        skipped: rows left alone because something changed them since, with why.
        question: asked before crossing into another session or reviewer; call again with
            ``force`` to go on. "" when nothing is asked.
        rows: rows it changed (at most 1,000 of them), so that the cursor can go there.
        is_long: nothing was done yet: it is an import, which ``reverse_import`` undoes as a job.
        needs_comparison: accounts have to be compared again because of it.
    """

    entry_id: int
    text: str
    skipped: tuple[HeldBack, ...]
    question: str
    rows: tuple[int, ...]
    is_long: bool = False
    needs_comparison: bool = False


@dataclass(frozen=True, slots=True)
class CountLine:
    """One value of a field among rows: shown text, query term that selects it, how many."""

    value: str
    term: str
    count: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """One way of being like the account under the cursor.

    Attributes:
        title, query: in words, and as a query.
        count: how many in view, itself included.
        company: the company it is about, "" for none.
    """

    title: str
    query: str
    count: int
    company: str = ""


class JournalState(str, Enum):
    """State of a journal entry since it was written."""

    DONE = "done"
    UNDONE = "undone"
    INVERSE = "inverse"

    def __str__(self) -> str:
        return self.value


class JournalLine(NamedTuple):
    """One entry of the journal.

    Attributes:
        id: its number.
        at: "2026-11-22 21:10" in the person's zone.
        reviewer, command, text: who, which command of the registry, one line.
        rows: rows it changed.
        state: what became of it since.
        moment: epoch seconds UTC.
        query: the words its rows were found with, "" for none.
    """

    id: int
    at: str
    reviewer: str
    command: str
    text: str
    rows: int
    state: JournalState
    moment: int
    query: str = ""
