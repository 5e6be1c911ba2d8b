"""Comparing accounts with lists: the whole store or what changed, chunk by chunk.

Owns the use case; scoring belongs to ``matching``. What a person confirmed or rejected is
never changed by it; a decision whose evidence changed is raised again. ``Workbench`` and
``followertui match`` call it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from followertui.domain.errors import Cancelled
from followertui.domain.lists import EntityAlias
from followertui.domain.match import MOVED
from followertui.domain.progress import CancelToken, Progress
from followertui.domain.query import Equals, Node, Or, Query, Words
from followertui.late import late
from followertui.matching.limits import EntryLimit, groups_of, left_out
from followertui.services import guarding
from followertui.services.intake.values import MatchReport
from followertui.services.phrases import counted
from followertui.services.scoring.incremental import Compared, ListsNow, queue_rematch
from followertui.services.session import Session
from followertui.services.worker_processes import helpers_for, parts_of, shared_out
from followertui.store.audience import interactions, pages
from followertui.store.file import watermarks
from followertui.store.file.changed_profiles import ChangedProfiles
from followertui.store.file.connection import Store
from followertui.store.lists import listings, lists, match_counts, matches

if TYPE_CHECKING:
    from followertui.matching import learning
else:
    learning = late("followertui.matching.learning")

_CHUNK = 500


def match(
    session: Session, cancel: CancelToken, is_full: bool = False, most: int | None = None
) -> Generator[Progress, None, MatchReport]:
    """Compare accounts with every current list.

    Args:
        session: the open store.
        cancel: polled per chunk; what was written stays, and a new run continues with the rest.
        is_full: compare all accounts again, changed or not.
        most: number of accounts after which to stop; the rest stays unchecked until the next run.

    Yields:
        Progress in accounts.

    Returns:
        Matches per band and what changed.

    Raises:
        Cancelled: it was stopped.
        Busy: another process is matching.
    """
    began = time.monotonic()
    with session.store.leases.take("match"):
        yield Progress(0, None, "reading lists")
        lists.add_companies_behind(session.store)
        version = watermarks.LISTS_VERSION.read(session.store)
        changed_profiles = ChangedProfiles(session.store)
        now = ListsNow(session.store)
        is_behind_lists = watermarks.COMPARED_LISTS.read(session.store) != version
        if not is_full and is_behind_lists and watermarks.COMPARE_RUN.read(session.store) is None:
            yield from queue_rematch(session.store, now, version, cancel)
        is_full = is_full or watermarks.COMPARED_LISTS.read(session.store) != version
        now.count(version, is_full)
        rows, last = _to_compare(session, now, version, is_full, most)
        tally, kept = _Tally(), session.journal.redoable_matches()
        limit = _limit(session.store, now, rows)
        for some, (found, basis) in _answers(session.store, now, rows):
            if cancel.is_set():
                raise Cancelled(f"matching: stopped after {tally.done:,} of {counted(len(rows), 'account')}")
            proposals = limit.kept(found)
            with session.store.write():
                changed = changed_profiles.among(some)
                written = matches.replace_matches(session.store, some, proposals, basis, changed, kept)
                _keep_job_changes(session, written)
                if is_full:
                    watermarks.COMPARE_RUN.write(session.store, watermarks.FullRun(version, some[-1]))
            tally.add(len(some), left_out(proposals), written)
            tally.changed += len(changed)
            yield Progress(tally.done, len(rows), "comparing accounts with your lists")
        with session.store.write():
            matches.mark_compared(session.store, last, version, is_all=is_full)
            if not now.entries:
                matches.clear_pending(session.store)
            watermarks.COMPARE_RUN.write(session.store, None)
            if is_full:
                watermarks.COMPARED_WITH.write(session.store, watermarks.COMPARE_BEGAN.read(session.store))
    tally.left_out += limit.left_out
    guarding.remember_rate(session, tally.done, time.monotonic() - began)
    return _report(session.store, tally, len(now.entries), time.monotonic() - began)


def _keep_job_changes(session: Session, written: matches.Written) -> None:
    """Keep in the timeline of confirmed people that they say another employer."""
    changes = [
        (row, piece.entry_text, piece.account_text[slice(*piece.account_span)])
        for row, piece in written.came
        if piece.signal == MOVED and piece.account_span is not None
    ]
    if changes:
        interactions.add_job_changes(session.store, session.now, changes)


@dataclass
class _Tally:
    """What a run wrote so far: accounts compared, matches added, removed, raised again, left out; profiles changed."""

    done: int = 0
    added: int = 0
    removed: int = 0
    raised: int = 0
    left_out: int = 0
    changed: int = 0

    def add(self, accounts: int, left_out: int, written: matches.Written) -> None:
        """Count one chunk of accounts."""
        self.done += accounts
        self.left_out += left_out
        self.added += written.added
        self.removed += written.removed
        self.raised += written.raised


def _to_compare(
    session: Session, now: ListsNow, version: int, is_full: bool, most: int | None
) -> tuple[Sequence[int], int]:
    """The rows a run compares, ascending, and the last row that is compared once it ends."""
    last = session.evaluator.columns.size() - 1
    _queue_alias_users(session)
    rows: Sequence[int] = matches.pending(session.store)
    if is_full:
        rows = _resumed(session, version, last)
        _remember_start(session, now, rows, most)
    if not now.entries:
        # With no list nothing matches: only what former lists left has to go.
        rows = match_counts.tied_rows(session.store)
    if most is not None and len(rows) > most:
        return rows[:most], rows[most - 1]
    return rows, last


def _report(store: Store, tally: _Tally, entries: int, seconds: float) -> MatchReport:
    """What a run did, and the matches per band there are after it."""
    bands = match_counts.band_counts(store)
    certain, likely, possible = (bands.get(band, 0) for band in ("certain", "likely", "possible"))
    text = (
        f"{counted(tally.done, 'account')} compared with {counted(entries, 'entry', 'entries')} in {seconds:.1f} s: "
        f"{certain:,} certain, {likely:,} likely, {possible:,} possible"
        + (f", {tally.raised:,} to look at again" if tally.raised else "")
        + (f", and {tally.left_out:,} more alike, left out" if tally.left_out else "")
        + (f"; {counted(tally.changed, 'account')} changed meanwhile: match again" if tally.changed else "")
    )
    if not entries:
        text = "no list to compare with: followertui import FILE brings one"
    return MatchReport(
        tally.done, entries, certain, likely, possible, tally.added, tally.removed, tally.raised, seconds, text
    )


def _limit(store: Store, now: ListsNow, rows: Sequence[int]) -> EntryLimit:
    """The limit of each entry, with what accounts that are not compared now have of it."""
    before = rows.start if isinstance(rows, range) else None
    return EntryLimit(groups_of(now.entries), Counter(match_counts.possible_counts(store, before)))


def waiting(session: Session) -> int:
    """How many accounts are still to be compared with the lists as they are now."""
    version = watermarks.LISTS_VERSION.read(session.store)
    if watermarks.COMPARED_LISTS.read(session.store) == version:
        return len(matches.pending(session.store))
    return len(_resumed(session, version, session.evaluator.columns.size() - 1))


def is_behind(session: Session) -> bool:
    """Whether lists, accounts or learned aliases changed since accounts were compared."""
    return (
        _has_other_lists(session.store)
        or lists.lacks_companies_behind(session.store)
        or bool(matches.pending(session.store))
        or bool(_alias_changes(session.store, listings.aliases(session.store)))
    )


def offer(session: Session) -> str:
    """What comparing the remaining accounts would take, "" where all are compared; it is offered, not begun."""
    if not is_behind(session):
        return ""
    count = len(matches.pending(session.store))
    if _has_other_lists(session.store) or not count:
        count = session.evaluator.columns.size() - 1
    are = "account is" if count == 1 else "accounts are"
    took = guarding.comparing_takes(session, count)
    return f"{count:,} {are} not compared yet: followertui match compares them, about {took}"


def _has_other_lists(store: Store) -> bool:
    """Whether lists changed since accounts were compared with them."""
    return watermarks.LISTS_VERSION.read(store) != (watermarks.COMPARED_LISTS.read(store) or 0)


def _resumed(session: Session, version: int, last: int) -> range:
    """All rows, or the rest of a run over the same lists that was stopped or killed."""
    run = watermarks.COMPARE_RUN.read(session.store)
    start = run.reached + 1 if run is not None and run.lists_version == version else 1
    return range(start, last + 1)


def _remember_start(session: Session, now: ListsNow, rows: range, most: int | None) -> None:
    """Store what a full run began with; a later list is then compared only with the accounts it can affect."""
    if most is not None and len(rows) > most:
        watermarks.COMPARE_BEGAN.write(session.store, None)
    elif rows.start == 1:
        watermarks.COMPARE_BEGAN.write(session.store, now.remembered())


def _answers(store: Store, now: ListsNow, rows: Sequence[int]) -> Iterator[tuple[Sequence[int], Compared]]:
    """Batches of rows with their matches, computed here or by helpers."""
    helpers = helpers_for(len(rows), store)
    parts = parts_of(rows, _CHUNK)
    if helpers:
        return shared_out(store, comparer, (), parts, helpers)
    return ((some, now.compare(some)) for some in parts)


def comparer(store: Store) -> Callable[[Sequence[int]], Compared]:
    """Returns a function that compares accounts with every current list; builds the matcher once."""
    return ListsNow(store).compare


def learn_from_words(session: Session, match_ids: Sequence[int]) -> None:
    """Keep aliases in step with confirmed matches: learn from new ones, forget those of undone ones."""
    with session.store.write() as con:
        listings.forget_unconfirmed(con)
        for found in matches.matches_with_ids(session.store, match_ids):
            entry = lists.entry(session.store, found.entry_id)
            columns = pages.profiles(session.store, [found.row])
            if found.state.value != "confirmed" or entry is None or not len(columns):
                continue
            for alias in learning.learned_aliases(columns, entry, found.relation):
                listings.learn_alias(con, alias, found.id)


def _queue_alias_users(session: Session) -> None:
    """Queue accounts that use an alias added or removed since the last run."""
    aliases = listings.aliases(session.store)
    changed = _alias_changes(session.store, aliases)
    if changed:
        parts: list[Node] = [Words(alias.value, is_phrase=True) for alias in changed]
        parts += [Equals("domain", alias.value) for alias in changed if alias.type == "domain"]
        users = session.evaluator.rows(Query(Or(tuple(parts))), session.now).tolist()
        with session.store.write():
            matches.mark_pending(session.store, users)
            watermarks.NOTED_ALIASES.write(session.store, tuple(aliases))


def _alias_changes(store: Store, aliases: Sequence[EntityAlias]) -> frozenset[EntityAlias]:
    """Aliases that came or went since they were noted last."""
    return frozenset(watermarks.NOTED_ALIASES.read(store)).symmetric_difference(aliases)
