"""Rate limits of X as its answers show them, where they are below the published ones.

Owns what is learned, from headers or, where X refuses without any, from how many calls it had answered;
the published limits are ``x.platform``'s. Estimates and paces go by what is learned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from followertui.domain.clock import iso
from followertui.services.phrases import counted, day
from followertui.services.session import Session
from followertui.services.sync.learning import READS
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Endpoint, Platform
from followertui.x.protocol import Bucket

_SPANS = {"window": "15 minutes", "user-day": "24 hours", "app-day": "24 hours"}
_NONSENSE = 10_000
"""A limit nobody published is kept only where a person could meet it."""


class Learned(NamedTuple):
    """One limit below the published one.

    Attributes:
        endpoint: as the platform file calls it.
        bucket: "window" (15 minutes), "user-day" or "app-day" (24 hours).
        calls: allowed in that time.
        published: as published, None where nothing is.
        at: when it was learned, epoch seconds UTC.
        is_counted: X refused without naming a limit: the number is what it had answered.
    """

    endpoint: str
    bucket: str
    calls: int
    published: int | None
    at: int
    is_counted: bool


def note(session: Session, endpoint: str, buckets: Sequence[Bucket]) -> None:
    """Learn from the headers of an answer; a limit X states as the published one is no longer kept."""
    entry = Platform.load().endpoints.get(endpoint)
    if entry is None or not buckets or session.store.is_read_only:
        return
    kept = settings.LIMITS.read(session.store)
    own = dict(kept.get(endpoint, {}))
    for bucket in buckets:
        published = _published(entry, bucket.name)
        if not bucket.limit:
            continue
        if bucket.limit < (published or _NONSENSE):
            if _calls(own.get(bucket.name)) != bucket.limit:
                own[bucket.name] = [bucket.limit, session.now, False]
        else:
            own.pop(bucket.name, None)
    _keep(session, endpoint, own)


def note_refusal(session: Session, endpoint: str, buckets: Sequence[Bucket]) -> None:
    """Learn from a refusal for too many calls; without a header that names the limit the answered ones are counted."""
    note(session, endpoint, buckets)
    entry = Platform.load().endpoints.get(endpoint)
    if entry is None or session.store.is_read_only or any(one.limit for one in buckets):
        return
    own = dict(settings.LIMITS.read(session.store).get(endpoint, {}))
    count = _answered(session, endpoint)
    if 0 < count < entry.window and not own.get("window"):
        own["window"] = [count, session.now, True]
        _keep(session, endpoint, own)


def note_answer(session: Session, endpoint: str, buckets: Sequence[Bucket]) -> None:
    """Learn from an answer; a limit that was only counted falls where X answers more than that."""
    note(session, endpoint, buckets)
    own = dict(settings.LIMITS.read(session.store).get(endpoint, {}))
    counted = own.get("window")
    if isinstance(counted, list) and counted[2] and _answered(session, endpoint) >= counted[0]:
        own.pop("window")
        _keep(session, endpoint, own)


def learned(session: Session) -> list[Learned]:
    """Every limit below the published one, by kind of call."""
    found = []
    for endpoint, own in sorted(settings.LIMITS.read(session.store).items()):
        entry = Platform.load().endpoints.get(endpoint)
        if entry is None or not isinstance(own, dict):
            continue
        for bucket, value in own.items():
            calls = _calls(value)
            published = _published(entry, bucket)
            # The published one may have been corrected since.
            if calls and calls < (published or _NONSENSE):
                found.append(Learned(endpoint, bucket, calls, published, int(value[1]), bool(value[2])))
    return found


def window(session: Session, endpoint: str) -> int | None:
    """Calls X answers in 15 minutes as far as that is known better than published, None where it is not."""
    return next((one.calls for one in learned(session) if (one.endpoint, one.bucket) == (endpoint, "window")), None)


def per_day(session: Session, endpoint: str) -> int | None:
    """As ``window``, for 24 hours."""
    days = [one.calls for one in learned(session) if one.endpoint == endpoint and one.bucket != "window"]
    return min(days, default=None)


def lines(session: Session) -> list[str]:
    """Every limit learned, in words."""
    return [_line(session, one) for one in learned(session)]


def records(session: Session) -> list[dict[str, Any]]:
    """Every limit learned, as JSON values."""
    return [{**one._asdict(), "at": iso(one.at)} for one in learned(session)]


def _line(session: Session, one: Learned) -> str:
    what = READS.get(one.endpoint, one.endpoint.replace("_", "-"))
    beside = f", {one.published:,} are published" if one.published else ""
    how = "counted, X named none" if one.is_counted else "as X said"
    span = f"{counted(one.calls, 'call')} in {_SPANS[one.bucket]}"
    return f"{what}: {span} allowed here{beside} ({how}, {day(one.at, session.zone)})"


def _published(entry: Endpoint, bucket: str) -> int | None:
    return {"window": entry.window, "user-day": entry.user_day, "app-day": entry.app_day}.get(bucket) or None


def _calls(value: object) -> int:
    is_entry = isinstance(value, list) and len(value) == 3 and all(isinstance(one, int) for one in value)
    return int(value[0]) if is_entry and isinstance(value, list) else 0


def _answered(session: Session, endpoint: str) -> int:
    since = session.now - Platform.load().window_seconds
    return requests.answered_since(session.store, endpoint, since)


def _keep(session: Session, endpoint: str, own: dict[str, list[Any]]) -> None:
    kept = settings.LIMITS.read(session.store)
    after = {**kept, endpoint: own} if own else {name: entry for name, entry in kept.items() if name != endpoint}
    if after != kept:
        settings.LIMITS.write(session.store, after)
