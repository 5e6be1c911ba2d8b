"""Clocks, passed in wherever time matters, so that windows, days and weeks can be tested.

Owns the clock protocol, the system clock, the file clock of the demo and sandbox, and the
person's zone, whose days "today", dates in queries and daily caps count. Stdlib only; anyone
may import it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.late import late

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = late("zoneinfo")


DAY = 86_400
"""Seconds of 24 hours."""


class LocalZone(tzinfo):
    """The machine's zone, with its changes between winter and summer time."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Distance from UTC at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Not known apart from the offset."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """The zone's abbreviation at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """Local time of a moment in UTC; the later of two equal readings has ``fold`` 1."""
        there = dt.replace(tzinfo=UTC).astimezone()
        local = there.replace(tzinfo=self)
        return local if local.utcoffset() == there.utcoffset() else local.replace(fold=1)

    def __repr__(self) -> str:
        return "LocalZone()"


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name such as ``Europe/Berlin``; the machine's for "".

    Raises:
        BadInput: no zone has that name.
    """
    if not name:
        return LocalZone()
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f'zone "{name}" is not known; give a name such as Europe/Berlin or Pacific/Auckland') from None


class Clock(Protocol):
    """Tells the time, and in which zone the person lives.

    Attributes:
        zone: whose days count.
    """

    zone: tzinfo

    def now(self) -> datetime:
        """The present, aware UTC."""
        ...


class SystemClock:
    """The machine's clock.

    Args:
        zone: the person's; None for the machine's.
    """

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone = zone or LocalZone()

    def now(self) -> datetime:
        """The present, aware UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is advanced.

    Args:
        at: aware.
        zone: the person's.
    """

    def __init__(self, at: datetime, zone: tzinfo = UTC) -> None:
        self.at = at.astimezone(UTC)
        self.zone = zone

    def now(self) -> datetime:
        """The present, aware UTC."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Advance the clock by ``by``."""
        self.at += by


class FileClock:
    """A clock whose time is in a file as ISO 8601, shared by app and sandbox.

    A missing or unreadable file means the machine's time.

    Args:
        path: the clock file.
        zone: the person's; None for the machine's.
    """

    def __init__(self, path: Path, zone: tzinfo | None = None) -> None:
        self.path = path
        self.zone = zone or LocalZone()

    def now(self) -> datetime:
        """The present, aware UTC."""
        try:
            return datetime.fromisoformat(self.path.read_text(encoding="utf-8").strip()).astimezone(UTC)
        except (OSError, ValueError):
            return datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Advance the clock by ``by`` and write it to the file."""
        self.set(self.now() + by)

    def set(self, at: datetime) -> None:
        """Set the clock, in one step: who reads the file meanwhile sees the time before or after, never the machine's.

        Args:
            at: aware.
        """
        private_files.replace(self.path, at.isoformat().encode())


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day of the calendar a moment falls on in a zone."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a zone, aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 UTC of an aware datetime."""
    return int(moment.timestamp())


def from_epoch(seconds: int) -> datetime:
    """Aware UTC datetime of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(seconds: int | None) -> str | None:
    """ISO 8601 UTC of epoch seconds, as JSON and CSV output has it; None for None."""
    if seconds is None:
        return None
    return from_epoch(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
