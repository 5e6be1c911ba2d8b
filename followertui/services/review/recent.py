"""The last decisions of everyone who works on a store: who said what of whom, when, and what became of it.

Owns which gestures count as decisions and how each reads in a few words. Plain SQL, no arrays: the
first paint shows them. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.decision import Decision
from followertui.domain.match import MatchState
from followertui.services.phrases import DECISION_WORDS, past_day
from followertui.services.review.gesture_names import name_of
from followertui.services.session import Session
from followertui.store.decisions.journal import Entry, Segment
from followertui.store.decisions.slots import DECISION, KIND, MATCH_WORD, Slot, Value
from followertui.store.lists import matches

SHOWN = 20
"""How many decisions one can look back on."""

_READ = 120
"""Gestures looked through for them: one account decided twice is one decision."""

_SLOTS = (DECISION, KIND, MATCH_WORD)
_DECISIONS = {decision.value: word for decision, word in DECISION_WORDS.items()}
_ANSWERS = {MatchState.CONFIRMED.value: "yes", MatchState.REJECTED.value: "no"}


class LastDecision(NamedTuple):
    """One of the last decisions.

    Attributes:
        entry_id: the gesture in the journal.
        row: the account, 0 where it was a bulk gesture.
        match_id: the match that was answered, 0 for a decision or kind.
        who: "@handle", or "743 accounts".
        what: what is said now ("out", "press", "yes"), or was before it was withdrawn.
        entity: whom the match ties to, "" without one.
        is_kind: it says who the account is.
        is_withdrawn: taken back since; what nobody says is no "no".
        when: "14:05", or "22 Nov" on another day.
        reviewer: who said it.
    """

    entry_id: int
    row: int
    match_id: int
    who: str
    what: str
    entity: str
    is_kind: bool
    is_withdrawn: bool
    when: str
    reviewer: str

    @property
    def text(self) -> str:
        """What is said, without whom it is about."""
        said = f"withdrawn ({self.what})" if self.is_withdrawn else self.what
        return f"{said}: {self.entity}" if self.entity else said


def last_decisions(session: Session, n: int = SHOWN) -> list[LastDecision]:
    """The newest decisions, kinds and answers to matches, newest first; each account or match once.

    Args:
        session: the open store.
        n: at most this many.
    """
    found: list[LastDecision] = []
    seen: set[tuple[Slot, int]] = set()
    for entry in session.journal.decisions(_READ):
        found += _of_many(session, entry) if entry.rows != 1 else _of_one(session, entry, seen)
        if len(found) >= n:
            break
    return found[:n]


def _of_many(session: Session, entry: Entry) -> Iterator[LastDecision]:
    noun = "matches" if entry.command.startswith("match.") else "accounts"
    what = entry.text.partition(":")[0]
    answer = entry.command.removeprefix("match.")
    yield LastDecision(
        entry.id,
        0,
        0,
        f"{entry.rows:,} {noun}",
        _ANSWERS.get(answer, _DECISIONS.get(what, what.removeprefix("kind "))),
        "",
        entry.command == "kind",
        entry.undone_by is not None,
        _when(session, entry),
        entry.reviewer,
    )


def _of_one(session: Session, entry: Entry, seen: set[tuple[Slot, int]]) -> Iterator[LastDecision]:
    for segment in session.journal.segments(entry.id):
        if segment.slot not in _SLOTS or (segment.slot, segment.keys[0]) in seen:
            continue
        key = segment.keys[0]
        seen.add((segment.slot, key))
        now = segment.slot.read(session.store.con, [key]).get(key)
        row, entity = _subject(session, segment.slot, key)
        who = name_of(session, row)
        if who:
            is_match = segment.slot is MATCH_WORD
            yield LastDecision(
                entry.id,
                row,
                key if is_match else 0,
                who,
                _word(now if now is not None else _last_value(segment)),
                entity,
                segment.slot is KIND,
                now is None,
                _when(session, entry),
                entry.reviewer,
            )


def _subject(session: Session, slot: Slot, key: int) -> tuple[int, str]:
    if slot is not MATCH_WORD:
        return key, ""
    match = next(iter(matches.matches_with_ids(session.store, [key])), None)
    return (match.row, match.company or match.entity) if match is not None else (0, "")


def _last_value(segment: Segment) -> Value:
    return segment.after if segment.after is not None else segment.before


def _word(value: Value) -> str:
    said = str(value[0]) if value else Decision.NONE.value
    return _ANSWERS.get(said, _DECISIONS.get(said, said))


def _when(session: Session, entry: Entry) -> str:
    at = from_epoch(entry.at)
    is_today = day_of(at, session.zone) == day_of(from_epoch(session.now), session.zone)
    return f"{at.astimezone(session.zone):%H:%M}" if is_today else past_day(entry.at, session.now, session.zone)


def keys_of(session: Session, entry_id: int) -> Sequence[int]:
    """Rows a gesture decided on, each once, ascending; of answers to matches their accounts."""
    rows: set[int] = set()
    for segment in session.journal.segments(entry_id):
        if segment.slot is MATCH_WORD:
            rows.update(match.row for match in matches.matches_with_ids(session.store, list(segment.keys)))
        elif segment.slot in _SLOTS:
            rows.update(segment.keys)
    return sorted(rows)
