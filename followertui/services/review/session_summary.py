"""What came of one session of a review: how much was decided, how fast, how often as suggested, what is left.

Owns the figures and their lines. A session is one run of the program by one reviewer; gestures
that were undone do not count. Reads only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from followertui.domain.clock import from_epoch, iso
from followertui.domain.match import MatchState
from followertui.services.phrases import counted, day_and_time, span
from followertui.services.review import sampling
from followertui.services.session import Session
from followertui.services.values import PLAN_QUEUE
from followertui.store.decisions.journal import Entry, Segment
from followertui.store.decisions.slots import DECISION, KIND, MATCH_WORD, NOTE, PlanSlot
from followertui.store.file import settings

PAUSE_SECONDS = 120
"""Seconds between two gestures from which on the reviewer did something else between."""

_LEAST_PACED = 10
"""Gestures on one account from which a pace is the session's own."""

_ANSWERS = {MatchState.CONFIRMED.value: "confirmed", MatchState.REJECTED.value: "rejected"}


class Waiting(NamedTuple):
    """What waits in a queue: its title, how many, and how long that takes at the pace of the session."""

    title: str
    size: int
    seconds: float


class SessionSummary(NamedTuple):
    """One session.

    Attributes:
        began, ended: epoch seconds UTC of its first and last gesture.
        reviewer: who.
        gestures: how many, single and bulk.
        one_by_one: gestures on one account.
        decisions, kinds, answers: (word, accounts or matches) that stand, most first.
        tags, notes: accounts tagged and notes written.
        active_seconds: the time at work, pauses left out.
        per_minute: gestures on one account in a minute at work; None for too few to tell.
        suggested, agreed: accounts decided by name with a suggestion on their card, and those that followed it.
        blind: looks with something hidden.
        planned: plan items it made.
        in_plan: what the plan holds now.
        left: what waits.
    """

    began: int
    ended: int
    reviewer: str
    gestures: int
    one_by_one: int
    decisions: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    answers: tuple[tuple[str, int], ...]
    tags: int
    notes: int
    active_seconds: int
    per_minute: float | None
    suggested: int
    agreed: int
    blind: int
    planned: int
    in_plan: int
    left: tuple[Waiting, ...]


def summary(session: Session, session_id: str = "") -> SessionSummary | None:
    """What came of a session; None where nothing was done in it.

    Args:
        session: the open store.
        session_id: which, "" for the one that runs.
    """
    number = session_id or session.session_id
    entries = session.journal.of_session(number, session.reviewer)
    if not entries:
        return None
    said: dict[str, dict[int, str]] = {DECISION.name: {}, KIND.name: {}, MATCH_WORD.name: {}}
    counts: Counter[str] = Counter()
    for entry in entries:
        for segment in session.journal.segments(entry.id):
            _take(segment, said, counts)
    singles = [entry for entry in entries if entry.rows == 1]
    active = sum(gap for gap in _gaps(entries) if gap <= PAUSE_SECONDS)
    pace = _pace(singles)
    suggested, agreed = session.journal.agreement(number, session.reviewer)
    waiting = settings.QUEUE_COUNTS.read(session.store)
    return SessionSummary(
        began=entries[0].at,
        ended=entries[-1].at,
        reviewer=session.reviewer,
        gestures=len(entries),
        one_by_one=len(singles),
        decisions=_most_first(said[DECISION.name].values()),
        kinds=_most_first(said[KIND.name].values()),
        answers=_most_first(_ANSWERS.get(word, word) for word in said[MATCH_WORD.name].values()),
        tags=counts["tag"],
        notes=counts[NOTE.name],
        active_seconds=active,
        per_minute=60 / pace if pace else None,
        suggested=suggested,
        agreed=agreed,
        blind=counts["blind"],
        planned=counts["plan"],
        in_plan=waiting.get(PLAN_QUEUE, 0),
        left=tuple(
            Waiting(title, waiting.get(queue, 0), waiting.get(queue, 0) * (pace or sampling.SECONDS_A_LOOK))
            for queue, title in (("to-review", "to review"), ("confirm", "to confirm"))
            if waiting.get(queue)
        ),
    )


def _take(segment: Segment, said: dict[str, dict[int, str]], counts: Counter[str]) -> None:
    """Add one segment of a gesture: what a later one said of the same account replaces it."""
    name = segment.slot.name
    if name in said:
        if segment.after is None:
            for key in segment.keys:
                said[name].pop(key, None)
        else:
            said[name].update(dict.fromkeys(segment.keys, str(segment.after[0])))
    elif segment.after is not None:
        kind = name.partition(":")[0]
        is_held = isinstance(segment.slot, PlanSlot) and segment.after[0] != "planned"
        counts[kind] += 0 if is_held else len(segment.keys)


def _gaps(entries: Sequence[Entry]) -> list[int]:
    return [later.at - before.at for before, later in pairwise(entries)]


def _pace(singles: Sequence[Entry]) -> float:
    """Seconds from one gesture on one account to the next, pauses left out; 0 for too few to tell."""
    gaps = [gap for gap in _gaps(singles) if gap <= PAUSE_SECONDS]
    return sum(gaps) / len(gaps) if len(gaps) >= _LEAST_PACED else 0.0


def _most_first(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(words).most_common())


def newest(session: Session, other_than: str) -> SessionSummary | None:
    """The newest session of this reviewer, but for one; None where there is none."""
    number = session.journal.newest_session(session.reviewer, other_than)
    return summary(session, number) if number else None


def lines(session: Session, found: SessionSummary) -> list[tuple[str, str]]:
    """A summary as labelled lines, for the screen and the terminal."""
    told = [("session", _when(session, found))]
    for label, counts in (("decided", found.decisions), ("kinds set", found.kinds), ("matches", found.answers)):
        if counts:
            total = sum(count for _, count in counts)
            told.append((label, f"{total:,}: " + ", ".join(f"{count:,} {word}" for word, count in counts)))
    if found.tags or found.notes:
        told.append(("written", f"{counted(found.tags, 'tag')}, {counted(found.notes, 'note')}"))
    if found.per_minute is not None:
        told.append(("pace", f"{found.per_minute:.1f} a minute, one by one"))
    if found.suggested:
        share = found.agreed * 100 / found.suggested
        told.append(("as suggested", f"{found.agreed:,} of {found.suggested:,} decided by name ({share:.0f}%)"))
    if found.blind:
        told.append(("blind", f"{counted(found.blind, 'look')} with something hidden"))
    told.append(("planned", f"{found.planned:,} in this session; {found.in_plan:,} in the plan"))
    left = [f"{one.size:,} {one.title}, about {span(one.seconds)}" for one in found.left]
    told.append(("left", " · ".join(left) or "nothing to review or confirm"))
    return told


def _when(session: Session, found: SessionSummary) -> str:
    bulk = found.gestures - found.one_by_one
    parts = [f"{found.one_by_one:,} one by one"] if found.one_by_one else []
    parts += [f"{bulk:,} in bulk"] if bulk else []
    began = day_and_time(from_epoch(found.began), session.zone)
    lasted = f", {span(found.active_seconds)} at work" if found.active_seconds else ""
    return f"{began}{lasted}, {found.reviewer}: {counted(found.gestures, 'gesture')}, {' and '.join(parts)}"


def record(found: SessionSummary) -> dict[str, object]:
    """A summary with stable keys, for scripts."""
    return {
        **found._asdict(),
        "began": iso(found.began),
        "ended": iso(found.ended),
        "decisions": dict(found.decisions),
        "kinds": dict(found.kinds),
        "answers": dict(found.answers),
        "left": [{"queue": one.title, "count": one.size, "seconds": round(one.seconds)} for one in found.left],
    }
