"""Progress of long work, and the token that stops it.

Owns the contract between generators in ``services`` and their callers. Stdlib only.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

Result = TypeVar("Result")


class Progress(NamedTuple):
    """Progress of long work, yielded as it goes.

    Attributes:
        done: units finished so far.
        total: units expected, or None where unknown.
        text: what is being done, plain words.
    """

    done: int
    total: int | None
    text: str


@runtime_checkable
class Counted(Protocol):
    """A value that also reports progress, such as the event of a finished call."""

    @property
    def done(self) -> int:
        """Units finished so far."""
        ...

    @property
    def total(self) -> int:
        """Units expected."""
        ...


class CancelToken(Protocol):
    """What long work polls and waits on; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Whether the work was asked to stop."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds; True as soon as the work is asked to stop."""
        ...


class NeverCancelled:
    """A token for work that cannot be stopped."""

    def is_set(self) -> bool:
        """Never set."""
        return False

    def wait(self, timeout: float | None = None) -> bool:
        """Return at once; nothing to wait for."""
        return False


def drained(work: Generator[Any, None, Result]) -> Result:
    """Run long work to its end, ignoring progress; returns its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
