"""Reads X asked to wait with: until when, and what goes on then; kept over a restart.

Owns that note in the store, one for each kind of call. It is written before a wait begins and removed by
the next answer, so that no later run asks before X wants to be asked. ``asking`` waits; what goes on is
started by ``x_account``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from followertui.domain.clock import DAY, epoch, from_epoch
from followertui.services.phrases import day_and_time, span
from followertui.services.session import Session
from followertui.services.sync.learning import READS
from followertui.store.file import settings
from followertui.x.protocol import Bucket

_KEPT_SECONDS = DAY
"""So long after its moment a job that waits for a person is still offered."""


class ParkedJob(NamedTuple):
    """What goes on once X lets it.

    Attributes:
        name: "sync", "x-leavers", "x-names", "x-profiles" or "x-marks".
        wish: what it reads, JSON values; the price of it was agreed to.
    """

    name: str
    wish: Mapping[str, Any]


class Parked(NamedTuple):
    """One kind of call X asked to wait with.

    Attributes:
        endpoint: as the platform file calls it.
        until: when X may be asked again, aware UTC.
        job: what goes on then, None where nothing waits for it.
        command: the command line that goes on with it, "" without a job.
        left_seconds: seconds until then, 0 once it is past.
    """

    endpoint: str
    until: datetime
    job: ParkedJob | None
    command: str
    left_seconds: float


def park(session: Session, endpoint: str, until: datetime, job: ParkedJob | None) -> None:
    """Keep that X is not to be asked before a moment; nothing on a store that cannot be written."""
    if session.store.is_read_only:
        return
    entry: dict[str, Any] = {"until": epoch(until)}
    if job is not None:
        entry |= {"job": job.name, "wish": dict(job.wish)}
    kept = settings.PARKED.read(session.store)
    if kept.get(endpoint) != entry:
        settings.PARKED.write(session.store, {**kept, endpoint: entry})


def answered(session: Session, endpoint: str, buckets: Sequence[Bucket]) -> None:
    """X answered: it may be asked again, at once or, where it says that this was the last call, later."""
    now = session.clock.now()
    resets = [one.reset_at for one in buckets if one.is_exhausted and one.reset_at and one.reset_at > now]
    if resets:
        park(session, endpoint, max(resets), None)
        return
    kept = settings.PARKED.read(session.store)
    if endpoint in kept:
        settings.PARKED.write(session.store, {name: entry for name, entry in kept.items() if name != endpoint})


def done(session: Session, name: str) -> None:
    """A job came to its end: nothing of it waits any more; when X may be asked stays known."""
    kept = settings.PARKED.read(session.store)
    bare = {
        endpoint: {"until": entry["until"]} if entry.get("job") == name else entry
        for endpoint, entry in kept.items()
        if _is_entry(entry)
    }
    if bare != kept:
        settings.PARKED.write(session.store, bare)


def until(session: Session, endpoint: str) -> datetime | None:
    """When X may be asked again, None where it may now."""
    return next((one.until for one in _all(session) if one.endpoint == endpoint and one.left_seconds > 0), None)


def waiting(session: Session) -> Parked | None:
    """The job that waits the longest for X, None where none does."""
    found = [one for one in _all(session) if one.job is not None and _is_wanted(session, one.job)]
    return max(found, key=lambda one: one.until, default=None)


def text(session: Session) -> str:
    """What waits for X and for how long, in words; "" where nothing does."""
    parked = waiting(session)
    if parked is None:
        return ""
    what = READS.get(parked.endpoint, "ask X")
    if parked.left_seconds <= 0:
        return f"X can be asked again, to {what}"
    moment = day_and_time(parked.until, session.zone)
    return f"to {what} X asks to wait until {moment}, {span(parked.left_seconds)} left"


def _all(session: Session) -> list[Parked]:
    now, found = session.clock.now(), []
    for endpoint, entry in settings.PARKED.read(session.store).items():
        if not _is_entry(entry) or session.now - entry["until"] > _KEPT_SECONDS:
            continue
        name, wish = entry.get("job"), entry.get("wish")
        job = ParkedJob(name, wish) if isinstance(name, str) and isinstance(wish, dict) else None
        moment = from_epoch(entry["until"])
        left = max(0.0, (moment - now).total_seconds())
        found.append(Parked(endpoint, moment, job, _command(job), left))
    return found


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("until"), int)


def _is_wanted(session: Session, job: ParkedJob) -> bool:
    """Whether a job still has something to go on with: a reading may have been taken back meanwhile."""
    if job.name != "sync":
        return True
    directions = job.wish.get("directions") or ()
    return any(settings.SYNC.of(str(one)).read(session.store) for one in directions)


def _command(job: ParkedJob | None) -> str:
    if job is None:
        return ""
    if job.name == "x-marks":
        return " ".join(["followertui sync", *(f"--{one}" for one in job.wish.get("what") or ())])
    if job.name == "x-profiles":
        return f"followertui sync --profiles {job.wish.get('query')!r}"
    return "followertui sync" if job.name == "sync" else f"followertui sync --{job.name.removeprefix('x-')}"
