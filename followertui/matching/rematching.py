"""All accounts against all entries, chunk by chunk, on one core or several.

Owns the order of work: memory stays flat, a person can stop between chunks, and processes
started here end with it. It stores nothing. ``services`` imports it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.match import Proposal
from followertui.domain.progress import CancelToken
from followertui.matching.matcher import Matcher
from followertui.matching.weights import Weights

if TYPE_CHECKING:
    from concurrent.futures import Future

Matched = tuple[ProfileColumns, list[Proposal]]

_AHEAD = 2
"""Chunks given out per process before the first of them must be back."""


def match_all(
    chunks: Iterable[ProfileColumns], matcher: Matcher, cancel: CancelToken, workers: int = 1
) -> Iterator[Matched]:
    """Proposals of all accounts, in chunk order; asked to stop, it ends after the chunk at hand.

    Args:
        chunks: profiles, a few thousand at a time; read only as far as they are worked on.
        matcher: the entries.
        cancel: asked before every chunk.
        workers: processes to share the work; 1 works in this one. Each further process builds
            the index anew, which pays from some hundred thousand accounts.

    Yields:
        Each chunk with its proposals.
    """
    if workers > 1:
        yield from _shared_out(chunks, matcher, cancel, workers)
        return
    for columns in chunks:
        if cancel.is_set():
            return
        yield columns, matcher.propose(columns)


def _shared_out(
    chunks: Iterable[ProfileColumns], matcher: Matcher, cancel: CancelToken, workers: int
) -> Iterator[Matched]:
    """The same over processes of their own, a few chunks ahead."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[tuple[ProfileColumns, Future[list[Proposal]]]] = deque()
    pool = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(list(matcher.entries), list(matcher.aliases), matcher.weights, matcher.companies_only),
    )
    try:
        for columns in chunks:
            if cancel.is_set():
                return
            waiting.append((columns, pool.submit(_propose, columns)))
            if len(waiting) >= workers * _AHEAD:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting and not cancel.is_set():
            done, future = waiting.popleft()
            yield done, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_OWN: list[Matcher] = []
"""The matcher of a process started for sharing out; empty everywhere else."""


def _begin(
    entries: Sequence[ListEntry], aliases: Sequence[EntityAlias], weights: Weights, companies_only: frozenset[int]
) -> None:
    """Build the index once in a new process."""
    _OWN.append(Matcher(entries, aliases, weights, companies_only))


def _propose(columns: ProfileColumns) -> list[Proposal]:
    """One chunk, in a process that ``_begin`` prepared."""
    return _OWN[0].propose(columns)
