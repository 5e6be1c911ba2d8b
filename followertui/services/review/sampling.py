"""Looking at some followers at random, so that the share of qualified ones can be estimated.

Owns when a draw is made, and which groups the estimate is made of. The arithmetic is
``quality.estimating``; who was drawn and looked at is kept by ``store.decisions.draws``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.decision import DECISION_ORDER, Decision
from followertui.domain.errors import NothingToDo
from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, UNKNOWN_KINDS, KindSource
from followertui.late import late
from followertui.services.phrases import counted as counted_words
from followertui.services.session import Session
from followertui.store.file import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.quality import estimating
    from followertui.quality.estimating import Estimate
    from followertui.store.decisions import draws
    from followertui.store.decisions.journal import Entry
    from followertui.store.index import columns as array_columns
else:
    np = late("numpy")
    estimating = late("followertui.quality.estimating")
    draws = late("followertui.store.decisions.draws")
    array_columns = late("followertui.store.index.columns")

LOOKS = 50
"""How many followers one draw asks a person to look at."""

SECONDS_A_LOOK = 5
"""How long a look takes, as far as the estimate of time is concerned."""

DRAW = "draw"
"""Command of the journal."""

QUERY = "is:follower is:drawn -is:looked"
"""Whom a draw waits for."""


class States(NamedTuple):
    """The three states of quality per row, as masks: qualified, not qualified; the rest is not known."""

    yes: NDArray[np.bool_]
    no: NDArray[np.bool_]


class Standing(NamedTuple):
    """How far the estimate is.

    Attributes:
        answer: the estimate, None where there is none yet.
        random_looks: looks that count as random.
        waiting: accounts drawn and not looked at yet.
        needed: looks still needed for a first estimate, 0 where there is one.
    """

    answer: Estimate | None
    random_looks: int
    waiting: int
    needed: int

    @property
    def minutes(self) -> int:
        """How long the needed looks take, at least 1."""
        return max(1, round(self.needed * SECONDS_A_LOOK / 60))


def states(session: Session) -> States:
    """Who is qualified, who is not, by row: kind decides; ``out`` settles only who has no kind."""
    columns = session.evaluator.columns
    with columns.hold():
        kind = columns.kinds()[0]
        is_out = columns.get("decision") == DECISION_ORDER.index(Decision.OUT)
    yes = array_columns.among(kind, _qualified(session))
    unknown = array_columns.among(kind, [KIND_ORDER.index(one) for one in UNKNOWN_KINDS])
    return States(yes, ~yes & (~unknown | is_out))


def _qualified(session: Session) -> list[int]:
    """Codes of the kinds that count as qualified."""
    return [KIND_ORDER.index(one) for one in settings.qualified_kinds(session.store)]


class Outlook(NamedTuple):
    """What the random looks tell so far, and what more of them would.

    Attributes:
        now: the estimate as it stands, None where there is none yet.
        followers: how many it is about.
        ahead: (further looks, the estimate expected after them), ascending.
        by_rule: followers nobody looked at: qualified, not qualified and not known by the rules.
    """

    now: Estimate | None
    followers: int
    ahead: tuple[tuple[int, Estimate], ...]
    by_rule: tuple[int, int, int]


AHEAD = (50, 100, 200, 400)
"""Further looks whose worth is told."""


def outlook(session: Session) -> Outlook:
    """How sure the share of qualified followers is, and how much surer more looks would make it."""
    found = _groups(session)
    answer = estimating.estimate(found.strata)
    left = sum(found.by_rule)
    steps = [min(more, left) for more in AHEAD if more < left] or ([left] if left else [])
    ahead = []
    for more in steps:
        expected = estimating.estimate(estimating.foreseen(found.strata, more))
        if expected is not None:
            ahead.append((more, expected))
    return Outlook(answer, sum(group.size for group in found.strata), tuple(ahead), found.by_rule)


def standing(session: Session) -> Standing:
    """The estimate of qualified followers, or what it still needs."""
    found = _groups(session)
    answer = estimating.estimate(found.strata)
    needed = 0 if answer is not None else found.waiting or min(LOOKS, found.left)
    return Standing(answer, found.looks, found.waiting, needed)


def answer(session: Session, *, is_anyone_unseen: bool) -> estimating.Estimate | None:
    """The estimate of qualified followers, None where it still needs looks.

    Args:
        session: the open store.
        is_anyone_unseen: whether there are followers not looked at; then, where nobody was drawn, there is
            no estimate and nothing large is computed.
    """
    return None if is_anyone_unseen and not draws.draws(session.store) else standing(session).answer


class _Groups(NamedTuple):
    """Followers in groups, as the estimate takes them; see ``Standing`` and ``Outlook``."""

    strata: list[estimating.Stratum]
    looks: int
    waiting: int
    left: int
    by_rule: tuple[int, int, int]


def _groups(session: Session) -> _Groups:
    columns = session.evaluator.columns
    with columns.hold():
        followers = session.evaluator.mask(session.parse("is:follower").where, session.now)
        rows = np.flatnonzero(followers)
        looked_at = columns.get("looked")[rows]
        kind, source = (column[rows] for column in columns.kinds())
        judged = columns.get("judged_kind")[rows]
        certain = columns.get("certain_kind")[rows]
        found = states(session)
    made = draws.draws(session.store)
    numbers = draws.numbers(session.store, rows)
    is_looked = looked_at >= 0
    marks = [estimating.Draw(draw.upto, draw.at) for draw in made]
    mark = estimating.counted(marks, numbers, is_looked)
    first = next((draw.at for draw in made if draw.upto <= mark), session.now)
    yes, no = is_looked & found.yes[rows], is_looked & found.no[rows]
    # Known before the first draw: whatever they were chosen by, nothing was drawn from them.
    is_exact = (yes | no) & (looked_at < first)
    rule = _by_rule(kind, source, judged, certain, _qualified(session))
    groups = [is_exact, *(~is_exact & (rule == which) for which in range(3))]
    drawn = numbers <= mark
    strata = [
        estimating.Stratum(
            *(int(np.count_nonzero(group & part)) for part in (True, yes, no, drawn, drawn & yes, drawn & no))
        )
        for group in groups
    ]
    waiting = int(np.count_nonzero((numbers <= max((draw.upto for draw in made), default=-1)) & ~is_looked))
    looks = int(np.count_nonzero(drawn & is_looked & ~is_exact))
    left = int(np.count_nonzero(~is_looked))
    unseen = [int(np.count_nonzero(~is_looked & (rule == which))) for which in range(3)]
    return _Groups(strata, looks, waiting, left, (unseen[0], unseen[1], unseen[2]))


def _by_rule(
    kind: NDArray[np.uint8],
    source: NDArray[np.uint8],
    judged: NDArray[np.uint8],
    certain: NDArray[np.uint8],
    wanted: list[int],
) -> NDArray[np.int8]:
    """What would be said of each without a person's word: 0 qualified, 1 not, 2 not known."""
    said = array_columns.among(source, [SOURCE_ORDER.index(one) for one in (KindSource.PERSON, KindSource.CONFIRMED)])
    without = np.where(said, np.where(certain > 0, certain, judged), kind)
    qualified = array_columns.among(without, wanted)
    unknown = array_columns.among(without, [KIND_ORDER.index(one) for one in UNKNOWN_KINDS])
    return np.where(qualified, 0, np.where(unknown, 2, 1)).astype(np.int8)


def draw(session: Session, looks: int) -> str:
    """Draw followers at random to be looked at; returns one line.

    Args:
        session: the open store.
        looks: how many more than those a draw still waits for.

    Raises:
        NothingToDo: every follower was looked at or drawn.
    """
    evaluator = session.evaluator
    with evaluator.columns.hold():
        rows = np.flatnonzero(evaluator.mask(session.parse("is:follower").where, session.now))
        is_looked = evaluator.columns.get("looked")[rows] >= 0
    numbers = draws.numbers(session.store, rows)
    with session.store.write():
        before = max((one.upto for one in draws.draws(session.store)), default=-1)
        mark = estimating.next_mark(numbers, is_looked, before, looks)
        if mark == before:
            raise NothingToDo("every follower was looked at or is drawn already; nothing was drawn")
        count = int(np.count_nonzero((numbers > before) & (numbers <= mark) & ~is_looked))
        number = draws.add(session.store, session.now, session.reviewer, count, mark)
        text = f"drawn at random: {counted_words(count, 'follower')}"
        session.journal.record(DRAW, session.now, text, count, {"draw": number})
    waiting = int(np.count_nonzero((numbers <= mark) & ~is_looked))
    return f"{counted_words(count, 'follower')} drawn at random, {waiting:,} to look at: the queue Random looks"


def reverse(session: Session, entry: Entry, is_redo: bool) -> str:
    """Undo or redo a draw: whom it waited for is waited for no longer, who was looked at stays so; returns one line."""
    number = int(str(session.journal.payload(entry.id)["draw"]))
    with session.store.write():
        draws.set_undone(session.store, number, None if is_redo else session.now)
        session.journal.mark_reversed(entry, session.now, is_redo)
    return entry.text
