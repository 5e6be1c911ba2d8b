"""Rate limits from the headers of an answer.

Owns reading all nine headers and computing when to try again. Never waits: waiting belongs to
services. Imported inside ``x`` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from followertui.x.protocol import Bucket

HEADERS: dict[str, str] = {
    "window": "x-rate-limit",
    "user-day": "x-user-limit-24hour",
    "app-day": "x-app-limit-24hour",
}
"""Bucket -> prefix of its three headers (-limit, -remaining, -reset).

Source: headers seen on live answers; the 24-hour ones are not documented by X.
"""

LONGEST_WAIT = timedelta(days=32)
"""A reset further away than a billing month is ignored as nonsense."""


def buckets_of(headers: Mapping[str, str]) -> tuple[Bucket, ...]:
    """The rate limits an answer states.

    Args:
        headers: header name, in any case -> value.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    found = []
    for name, stem in HEADERS.items():
        limit, remaining, reset = (_whole(lowered.get(f"{stem}-{part}")) for part in ("limit", "remaining", "reset"))
        if limit is None and remaining is None and reset is None:
            continue
        found.append(Bucket(name, limit, remaining, _moment(reset)))
    return tuple(found)


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds the answer of any server may ask to wait, None where it does not.

    Args:
        headers: header name, in any case -> value.

    Source: RFC 9110, 10.2.3; the form with a date is not read.
    """
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    seconds = _whole(text)
    return seconds if seconds is not None and 0 < seconds <= LONGEST_WAIT.total_seconds() else None


def reset_of(buckets: Sequence[Bucket], now: datetime, default_wait_seconds: int) -> datetime:
    """When a refused call may be tried again, aware UTC and later than ``now``.

    The latest reset of all exhausted buckets counts: when the day's calls are used up, the
    15-minute header still names the next window. Without an exhausted bucket any stated reset
    is used; without any, the default wait.
    """
    latest = now + LONGEST_WAIT

    def usable(bucket: Bucket) -> bool:
        """Whether a window ends soon enough to be waited for."""
        return bucket.reset_at is not None and now < bucket.reset_at <= latest

    exhausted = [b.reset_at for b in buckets if b.is_exhausted and usable(b) and b.reset_at]
    stated = [b.reset_at for b in buckets if b.name == "window" and usable(b) and b.reset_at]
    return max(exhausted or stated, default=now + timedelta(seconds=default_wait_seconds))


def _whole(text: str | None) -> int | None:
    if text is None or not text.strip().isascii() or not text.strip().isdigit() or len(text) > 18:
        return None
    return int(text)


def _moment(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
