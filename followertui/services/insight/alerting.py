"""What a marketer wants to hear the same day: who that matters came, left or moved; waves; coverage.

Owns which events alert, on which day, and whose they are. An alert's day is that of the reading it
rests on, not of the import. Nobody of the baseline alerts. Reads only; command line and screens
show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.errors import BadInput
from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, Kind, KindSource
from followertui.late import late
from followertui.services import querying
from followertui.services.insight import history
from followertui.services.phrases import counted, kind_word, short_day
from followertui.services.session import Session
from followertui.store.audience import interactions, live_events, pages, waves
from followertui.store.lists import listings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")

ALERT_KINDS: tuple[Kind, ...] = (
    Kind.CUSTOMER, Kind.PROSPECT, Kind.PARTNER, Kind.INFLUENCER, Kind.PRESS, Kind.COMPETITOR, Kind.EMPLOYEE,
)  # fmt: skip
"""Kinds whose coming and leaving is told, most wanted first."""

MARKS = (10, 25, 50, 75, 90)
"""Percent of a list that follow us; crossing one is told."""

WAVE_SIZE = 10
"""From how many newcomers of one wave on it is told."""

ALERT_KEYS = ("day", "type", "kind", "handle", "name", "company", "list", "owner", "count", "text", "query")
"""Keys of an alert's record, in order."""


class AlertType(str, Enum):
    """What happened."""

    FOLLOWED = "followed"
    LEFT = "left"
    JOB_CHANGE = "job-change"
    PROFILE = "profile"
    WAVE = "wave"
    COVERAGE = "coverage"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell.

    Attributes:
        at: of the reading it rests on, epoch seconds UTC.
        type: what happened.
        kind: who it is, None of a wave or a list.
        handle: without @, "" of a wave, a list or where unknown.
        name, company, list, owner: as known, "" where not; the owner is that of the matched record.
        count: accounts or percent; 1 for a person.
        text: one line.
        query: opens it.
    """

    at: int
    type: AlertType
    kind: Kind | None
    handle: str
    name: str
    company: str
    list: str
    owner: str
    count: int
    text: str
    query: str


def usual_since(session: Session) -> date | None:
    """The day before the newest reading's: of the reading before it, None without one."""
    days = sorted({day_of(from_epoch(one.as_of), session.zone) for one in history.readings(session)})
    return days[-2] if len(days) > 1 else None


def alerts(session: Session, since: date | None = None) -> list[Alert]:
    """What happened after a day, by owner (those without one last), then newest and most wanted first.

    Args:
        session: the open store.
        since: the day; None for the reading before the newest one.

    Raises:
        BadInput: there is nothing to compare with yet.
    """
    day = since or usual_since(session)
    if day is None:
        raise BadInput("alerts compare two readings of followers: import a second, newer export first")
    end, then = history.end_of(session, day), f"at:{day.isoformat()}"
    found = [*_came_and_left(session, then, end), *_moved(session, end), *_waves(session, end)]
    found += _coverage(session, end)
    rank = {kind: place for place, kind in enumerate(ALERT_KINDS)}
    return sorted(
        found,
        key=lambda one: (
            not one.owner, one.owner.casefold(), -one.at,
            rank.get(one.kind, len(rank)) if one.kind else len(rank) + 1, one.type.value, one.handle, one.text,
        ),
    )  # fmt: skip


def _came_and_left(session: Session, then: str, end: int) -> Iterator[Alert]:
    evaluator, wanted = session.evaluator, "kind:" + ",".join(kind.value for kind in ALERT_KINDS)
    with evaluator.columns.hold():
        came, left = (
            np.flatnonzero(evaluator.mask(session.parse(query).where, session.now))
            for query in (
                f"{wanted} is:follower -({then} is:follower)",
                f"{wanted} -is:follower ({then} is:follower)",
            )
        )
        followed, missed = evaluator.columns.get("followed"), evaluator.columns.get("left").copy()
    for row, at in live_events.unfollowed_since(session.store, end).items():
        if row < len(missed):
            missed[row] = max(int(missed[row]), at)
    yield from _people(session, AlertType.FOLLOWED, came[followed[came] >= end], followed)
    yield from _people(session, AlertType.LEFT, left[missed[left] >= end], missed)


def _people(
    session: Session,
    type_: AlertType,
    rows: NDArray[np.intp],
    moments: NDArray[np.int64],
    words: dict[int, str] | None = None,
) -> Iterator[Alert]:
    """One alert per account; ``words`` say what happened where the type does not."""
    kinds, sources = session.evaluator.columns.kinds()
    chosen = [int(row) for row in rows]
    owners = listings.records_of(session.store, chosen)
    for start in range(0, len(chosen), 200):
        for line in pages.page(session.store, chosen[start : start + 200]):
            kind, record = KIND_ORDER[kinds[line.row]], owners.get(line.row, listings.Record("", "", ""))
            handle = line.handle or ""
            who = " ".join(part for part in (f"@{handle}" if handle else f"id {line.x_id}", line.name) if part)
            at_company = f" ({record.company})" if record.company and record.company != line.name else ""
            what = _VERBS[type_] + at_company if words is None else words[line.row]
            is_doubtful = sources[line.row] == SOURCE_ORDER.index(KindSource.CERTAIN)
            yield Alert(
                int(moments[line.row]), type_, kind, handle, line.name, record.company, record.list, record.owner, 1,
                f"{kind_word(kind, is_doubtful)} {who} {what}",
                f"handle:@{handle}" if handle else "",
            )  # fmt: skip


_VERBS = {AlertType.FOLLOWED: "followed", AlertType.LEFT: "follows no longer"}


def of_rows(session: Session, type_: AlertType, rows: Sequence[int], at: int) -> list[Alert]:
    """One alert for each of some rows that matters, whatever the readings say.

    Args:
        session: the open store.
        type_: what happened to them.
        rows: row numbers.
        at: when, epoch seconds UTC.
    """
    wanted = "kind:" + ",".join(kind.value for kind in ALERT_KINDS)
    found = np.array(querying.rows_matching(session, rows, wanted), dtype=np.intp)
    moments = np.full(session.evaluator.columns.size(), at, np.int64)
    words = {int(row): "changed its profile" for row in found} if type_ is AlertType.PROFILE else None
    return list(_people(session, type_, found, moments, words))


def _moved(session: Session, end: int) -> Iterator[Alert]:
    """People of the lists who say another employer."""
    changes = interactions.job_changes_since(session.store, end)
    size = session.evaluator.columns.size()
    moments, words = np.zeros(size, np.int64), {}
    for change in changes:
        old, _, new = change.reference.partition(" > ")
        moments[change.row] = change.at
        words[change.row] = f"was at {old}, now says {new}"
    rows = np.array(sorted(words), dtype=np.intp)
    alive = session.evaluator.columns.get("alive")
    yield from _people(session, AlertType.JOB_CHANGE, rows[alive[rows] == 1], moments, words)


def _waves(session: Session, end: int) -> Iterator[Alert]:
    """Waves that brought newcomers."""
    followed = session.evaluator.columns.get("followed")
    day = day_of(from_epoch(end), session.zone).isoformat()
    for wave, count in waves.counts(session.store, np.flatnonzero(followed >= end).tolist()):
        if count >= WAVE_SIZE:
            members = np.array(waves.wave_rows(session.store, str(wave.number)), dtype=np.intp)
            yield Alert(
                int(followed[members[members < len(followed)]].max()), AlertType.WAVE, None, "", "", "", "", "", count,
                f"a wave of {counted(count, 'new follower')}: {wave.text}", f"wave:{wave.number} followed:{day}..",
            )  # fmt: skip


def _coverage(session: Session, end: int) -> Iterator[Alert]:
    """Lists of which a larger or smaller share follows us than before, over one of ``MARKS``."""
    evaluator, moments = session.evaluator, [one.as_of for one in history.readings(session)]
    if not moments or min(moments) >= end:
        return  # nothing was read before
    with evaluator.columns.hold():
        masks = [evaluator.spells.relation_at(end - 1) & 1, evaluator.columns.get("relation") & 1]
    for name, entries, ties in listings.sure_ties(session.store):
        before, now = (
            100 * len({entry for entry, row in ties if row < len(mask) and mask[row]}) / entries for mask in masks
        )
        crossed = [mark for mark in MARKS if (before < mark) != (now < mark)]
        if crossed:
            mark = max(crossed) if now > before else min(crossed)
            text = f"{name}: {now:.0f}% of it follow you, past the mark of {mark}% ({before:.0f}% before)"
            yield Alert(
                max(moments), AlertType.COVERAGE, None, "", "", "", name, "", round(now), text, _list_query(name)
            )


def _list_query(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'list:"{escaped}" is:follower'


def record(session: Session, alert: Alert) -> dict[str, Any]:
    """An alert with ``ALERT_KEYS``."""
    return {
        "day": day_of(from_epoch(alert.at), session.zone).isoformat(),
        "type": alert.type.value,
        "kind": None if alert.kind is None else alert.kind.value,
        "handle": alert.handle,
        "name": alert.name,
        "company": alert.company,
        "list": alert.list,
        "owner": alert.owner,
        "count": alert.count,
        "text": alert.text,
        "query": alert.query,
    }


def lines(session: Session, found: Sequence[Alert]) -> list[str]:
    """The alerts in words, under their owners where there are any."""
    has_owners = any(one.owner for one in found)
    made: list[str] = []
    last = None
    for one in found:
        if has_owners and one.owner != last:
            made.append(one.owner or "without an owner")
            last = one.owner
        made.append(f"{'  ' if has_owners else ''}{short_day(one.at, session.zone):>6}  {one.text}")
    return made
