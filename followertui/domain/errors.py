"""Errors a person may see: one line that says what, where and what to do.

Owns the exception types every floor may raise. Anyone may import it.
"""

from __future__ import annotations


class FollowertuiError(Exception):
    """Something a person can understand and mend; the message is shown as it stands.

    The message is one line: what is wrong, where, and what to do about it.
    """

    exit_code: int = 1


class BadInput(FollowertuiError):
    """A file, a value or a name that cannot be used."""


class BadQuery(FollowertuiError):
    """A query that cannot be read.

    Attributes:
        position: zero-based offset of the offending text in the query.
        length: how many characters it spans, at least 1.
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
    """Another process holds what this step needs."""


class LimitReached(FollowertuiError):
    """A budget, a cap or a limit of X stopped the work; it can be resumed."""

    exit_code = 3


class NothingToDo(FollowertuiError):
    """Something was demanded and there was nothing to do."""

    exit_code = 4


class Cancelled(FollowertuiError):
    """The person stopped the work; what was committed stays.

    Attributes:
        is_resumable: whether something is left to go on with.
    """

    exit_code = 3

    def __init__(self, message: str, *, is_resumable: bool = True) -> None:
        super().__init__(message)
        self.is_resumable = is_resumable


class Unforeseen(FollowertuiError):
    """An error nobody foresaw, as one line; the log has its types and places."""
