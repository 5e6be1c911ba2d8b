"""The current lists, and the accounts a grown list can affect: only they are compared again.

Owns what is remembered of the lists all accounts were last compared with, and the choice of
accounts to ask again; what may change belongs to ``matching.reaching``. ``matching`` uses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from followertui.domain.account import ProfileColumns
from followertui.domain.errors import Cancelled
from followertui.domain.lists import Basis, EntityAlias, ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.worker_processes import helpers_for, parts_of, shared_out
from followertui.store.audience import pages
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.lists import listings, lists, matches

if TYPE_CHECKING:
    from followertui.matching import contacts, counting, individuals, learning, moves, rarity, reaching, weights
    from followertui.matching import matcher as matchers
    from followertui.matching.matcher import Matcher
    from followertui.matching.reaching import EntryState
else:
    contacts = late("followertui.matching.contacts")
    counting = late("followertui.matching.counting")
    individuals = late("followertui.matching.individuals")
    learning = late("followertui.matching.learning")
    matchers = late("followertui.matching.matcher")
    moves = late("followertui.matching.moves")
    rarity = late("followertui.matching.rarity")
    reaching = late("followertui.matching.reaching")
    weights = late("followertui.matching.weights")

_READ = 2000
_MOST_SHARE = 0.5
"""Share of all entries whose matches may change; above it, comparing all accounts is as quick."""

Compared = tuple[list[Proposal], dict[tuple[int, int], str]]
"""Proposals for some accounts, and (row, entry id) -> what a decision on each would stand on."""


class ListsNow:
    """Every current entry of a store and its learned aliases; the matcher is built once, when needed.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.entries = contacts.as_compared(lists.entries(store))
        self.aliases = listings.aliases(store)
        bought = (info for info in lists.lists(store) if info.consent_basis == Basis.THIRD_PARTY.value)
        self.third_party = frozenset(info.id for info in bought)

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher over all of it, with what was counted of the accounts."""
        has_people = any(entry.person or entry.last_name for entry in self.entries)
        namesakes = individuals.shared_names(pages.display_names(self._store)) if has_people else {}
        refused = watermarks.CLAUSE_WORDS.read(self._store)
        matcher = matchers.Matcher(
            self.entries, self.aliases, companies_only=self.third_party, namesakes=namesakes, refused=refused
        )
        kept = watermarks.AUDIENCE.read(self._store)
        if kept is not None:
            matcher.audience = rarity.Audience(*kept[1:])
        return matcher

    def count(self, version: int, is_full: bool) -> None:
        """Count how many accounts have the lists' words, unless that was done for these lists.

        Args:
            version: of the lists.
            is_full: all accounts are about to be compared: count afresh. Otherwise the share of
                companies that are there stays what it was, so that old and new matches are
                judged alike.
        """
        kept = watermarks.AUDIENCE.read(self._store)
        if not self.entries or (kept is not None and not is_full and kept.lists_version == version):
            return
        share = None if kept is None or is_full else kept.share
        names, bios = pages.display_names(self._store), pages.bios(self._store)
        found = counting.counted(
            self.entries, self.aliases, names, lambda handle: pages.name_of(self._store, handle), share, bios
        )
        words, whole, plain, capital = (dict(one) for one in (found.words, found.names, found.plain, found.capital))
        kept = watermarks.CountedAudience(version, found.size, words, whole, found.share, plain, capital)
        watermarks.AUDIENCE.write(self._store, kept)
        if "matcher" in self.__dict__:
            self.matcher.audience = found

    @cached_property
    def _by_id(self) -> dict[int, ListEntry]:
        return {entry.id: entry for entry in self.entries}

    def compare(self, rows: Sequence[int]) -> Compared:
        """Some accounts against every entry."""
        columns = profiles_of(self._store, rows)
        proposals = self.matcher.propose(columns)
        at = {row: position for position, row in enumerate(columns.rows)}
        by_id = self._by_id
        proposals = self._with_moves(columns, at, proposals)
        basis = {
            (p.row, p.entry_id): learning.basis_fingerprint(columns, by_id[p.entry_id], at[p.row]) for p in proposals
        }
        return proposals, basis

    def _with_moves(self, columns: ProfileColumns, at: Mapping[int, int], proposals: list[Proposal]) -> list[Proposal]:
        """Proposals with what confirmed people say of another employer; one of its own where nothing else is left."""
        lowest = weights.default_weights().bands[Band.POSSIBLE.value]
        proposed = {(p.row, p.entity_id, p.relation): place for place, p in enumerate(proposals)}
        found = list(proposals)
        for known in listings.confirmed_of(self._store, columns.rows):
            entry = self._by_id.get(known.entry_id)
            is_work = known.relation is MatchRelation.WORKS_AT
            if entry is None or not entry.company or not (is_work or entry.person or entry.last_name):
                continue
            learned = (alias.value for alias in self.aliases if is_work and alias.entity_id == known.entity_id)
            sites = (text.partition(".")[0] for text in entry.domains)
            names = [entry.company, *learned, *sites, *(entry.handles if is_work else ())]
            bio = columns.bio[at[known.row]] or ""
            news = moves.moved(bio, names, entry.company, known.profile_text)
            if news is None:
                continue
            place = proposed.get((known.row, known.entity_id, known.relation))
            if place is not None:
                found[place] = found[place]._replace(evidence=(*found[place].evidence, news))
            elif is_work:
                lone = (known.row, known.entry_id, known.entity_id, known.relation, lowest, Band.POSSIBLE, (news,))
                found.append(Proposal(*lone))
        return found

    def remembered(self) -> watermarks.ComparedLists:
        """What to store, to find later which entries were added."""
        upto = max((entry.id for entry in self.entries), default=0)
        return watermarks.ComparedLists(upto, self._digest(self.entries), tuple(self.aliases))

    def entries_since(self, remembered: watermarks.ComparedLists | None) -> tuple[list[int], list[EntityAlias]] | None:
        """Positions of the entries added since, and the aliases of then.

        Args:
            remembered: what ``remembered`` gave, or None.

        Returns:
            None where an entry changed or left since: that touches more than can be told.
        """
        if remembered is None:
            return None
        upto, digest, aliases = remembered
        if self._digest(entry for entry in self.entries if entry.id <= upto) != digest:
            return None
        new = [at for at, entry in enumerate(self.entries) if entry.id > upto]
        return new, list(aliases)

    def _digest(self, entries: Iterable[ListEntry]) -> str:
        """A hash of these entries, their order, and whose people may be searched for."""
        found = hashlib.blake2b(digest_size=16)
        for entry in entries:
            found.update(f"{entry!r}{entry.list_id in self.third_party}\n".encode("utf-8", "surrogatepass"))
        return found.hexdigest()


def profiles_of(store: Store, rows: Sequence[int]) -> ProfileColumns:
    """Profiles of some accounts; a range is read in one go."""
    if isinstance(rows, range):
        return pages.profiles_between(store, rows[0], rows[-1])
    return pages.profiles(store, rows)


def queue_rematch(store: Store, now: ListsNow, version: int, cancel: CancelToken) -> Generator[Progress, None, None]:
    """Where lists only grew, queue the candidates of the added entries; all others count as compared.

    Args:
        store: the open store; every account noted is compared by the next run over what is pending.
        now: the lists.
        version: of the lists.
        cancel: polled per chunk.

    Yields:
        Progress in accounts; nothing where all accounts must be compared.

    Raises:
        Cancelled: it was stopped; nothing was noted.
    """
    came = now.entries_since(watermarks.COMPARED_WITH.read(store))
    if came is None:
        return
    entry_states = reaching.changed_entry_states(now.matcher, frozenset(came[0]), came[1])
    if len(entry_states) > _MOST_SHARE * len(now.entries):
        return
    upto = watermarks.COMPARED_UPTO.read(store)
    asked: list[int] = []
    parts = parts_of(range(1, upto + 1), _READ) if entry_states else ()
    for some, rows in shared_out(store, reacher, (entry_states,), parts, helpers_for(upto, store)):
        if cancel.is_set():
            raise Cancelled("matching: stopped before anything was compared")
        asked.extend(rows)
        yield Progress(some[-1], upto, "looking for accounts the new entries may be")
    with store.write():
        matches.mark_pending(store, asked)
        matches.mark_compared(store, upto, version)
        watermarks.COMPARED_WITH.write(store, now.remembered())


def reacher(store: Store, entry_states: list[EntryState]) -> Callable[[Sequence[int]], list[int]]:
    """Finds which accounts are candidates for some entries."""
    reach = reaching.Reach(entry_states)
    return lambda rows: reach.rows(profiles_of(store, rows))
