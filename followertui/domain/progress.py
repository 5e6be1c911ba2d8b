"""How long work reports: values that go up, and the event that stops it.

Owns the contract between generators in ``services`` and whoever runs them. Stdlib only.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

Result = TypeVar("Result")


class Progress(NamedTuple):
    """One sign of life from long work.

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
    """A value that also says how far its work is, such as a call that came back."""

    @property
    def done(self) -> int:
        """Units finished so far."""
        ...

    @property
    def total(self) -> int:
        """Units expected."""
        ...


class CancelToken(Protocol):
    """What long work polls and waits on; ``threading.Event`` fits."""

    def is_set(self) -> bool:
        """Whether the person asked to stop."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds; True as soon as the person asked to stop."""
        ...


class NeverCancelled:
    """A token for work nobody can stop."""

    def is_set(self) -> bool:
        """Never set."""
        return False

    def wait(self, timeout: float | None = None) -> bool:
        """Return at once; nothing to wait for."""
        return False


def drained(work: Generator[Any, None, Result]) -> Result:
    """What long work returns, its signs of life unheard."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
