"""Errors shown to the user: one line that says what, where and what to do.

Owns the exception types every floor may raise. Anyone may import it.
"""

from __future__ import annotations


class FollowertuiError(Exception):
    """An error the user can understand and fix; the message is shown as it is.

    The message is one line: what is wrong, where, and what to do about it.
    """

    exit_code: int = 1


class BadInput(FollowertuiError):
    """A file, a value or a name that cannot be used."""


class WordMissing(BadInput):
    """A file that says who, and not what to do with them: a person has to say it for all of it."""


class BadQuery(FollowertuiError):
    """A query that cannot be parsed.

    Attributes:
        position: zero-based offset of the offending text in the query.
        length: number of characters it spans, at least 1.
        suggestion: the nearest known word, or None.
    """

    def __init__(self, message: str, position: int = 0, length: int = 1, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.length = max(1, length)
        self.suggestion = suggestion


class StoreError(FollowertuiError):
    """The store file cannot be opened or written."""


class Busy(FollowertuiError):
    """Another process holds a lease or lock this step needs."""


class LimitReached(FollowertuiError):
    """A budget, cap or limit of X stopped the work; it can be resumed."""

    exit_code = 3


class NothingToDo(FollowertuiError):
    """There was nothing to do where something was asked for."""

    exit_code = 4


class Cancelled(FollowertuiError):
    """The user stopped the work; what was committed stays.

    Attributes:
        is_resumable: whether the work can be resumed.
    """

    exit_code = 3

    def __init__(self, message: str, *, is_resumable: bool = True) -> None:
        super().__init__(message)
        self.is_resumable = is_resumable


class Unforeseen(FollowertuiError):
    """An unforeseen error as one line; the log has its type and traceback."""
