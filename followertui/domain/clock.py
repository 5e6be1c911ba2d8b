"""Clocks, passed in wherever time matters, so that windows, days and weeks can be tested.

Owns the clock protocol, the system clock, and the file clock of the demo and sandbox.
Stdlib only; anyone may import it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The present, aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present, aware UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is advanced.

    Args:
        at: aware UTC.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

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
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """The present, aware UTC."""
        try:
            return datetime.fromisoformat(self.path.read_text(encoding="utf-8").strip()).astimezone(UTC)
        except (OSError, ValueError):
            return datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Advance the clock by ``by`` and write it to the file."""
        self.path.write_text((self.now() + by).isoformat(), encoding="utf-8")


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
