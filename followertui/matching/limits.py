"""How many matches one account and one entry may have, and the word about those left out.

Names that are alike by the thousand would fill the store with pairs nobody looks at. Owns the
two limits. Neither ever takes an account's last match with entities of the same lists and kinds, so
an account that a match holds back from pruning stays held back. ``matcher`` and ``services`` use it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from followertui.domain.kind import Kind
from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, Evidence, Proposal

MOST_OF_ACCOUNT = 48
"""Matches of one account with entities of the same lists and kinds: the strongest."""

MOST_OF_ENTRY = 500
"""Possible matches of one entity, where the account has others: the first that are found."""

MORE_ALIKE = "more_alike"
"""Signal without points on an account's last match: how many more there would be."""

Groups = Mapping[int, frozenset[tuple[int, Kind | None]]]
"""Entity id -> lists and kinds of its entries; entities that share them guard alike."""


def groups_of(entries: Iterable[ListEntry]) -> Groups:
    """The lists and kinds of every entity."""
    found: dict[int, set[tuple[int, Kind | None]]] = {}
    for entry in entries:
        found.setdefault(entry.entity_id, set()).add((entry.list_id, entry.kind))
    return {entity_id: frozenset(lists) for entity_id, lists in found.items()}


def limited(proposals: Sequence[Proposal], groups: Groups) -> list[Proposal]:
    """An account's strongest matches of each group, the last with a word about the rest.

    Args:
        proposals: of one account, strongest first.
        groups: what the matches are counted by.
    """
    if len(proposals) <= MOST_OF_ACCOUNT:
        return list(proposals)
    counts: Counter[frozenset[tuple[int, Kind | None]]] = Counter()
    last: dict[frozenset[tuple[int, Kind | None]], int] = {}
    kept: list[Proposal] = []
    for proposal in proposals:
        key = groups[proposal.entity_id]
        counts[key] += 1
        if counts[key] <= MOST_OF_ACCOUNT:
            last[key] = len(kept)
            kept.append(proposal)
    for key, at in last.items():
        if counts[key] > MOST_OF_ACCOUNT:
            rest = Evidence(MORE_ALIKE, 0, "name", "", f"{counts[key] - MOST_OF_ACCOUNT:,}")
            kept[at] = kept[at]._replace(evidence=(*kept[at].evidence, rest))
    return kept


def left_out(proposals: Sequence[Proposal]) -> int:
    """How many more alike the matches speak of."""
    pieces = (piece for proposal in proposals for piece in proposal.evidence[-1:] if piece.signal == MORE_ALIKE)
    return sum(int(piece.entry_text.replace(",", "")) for piece in pieces)


class EntryLimit:
    """Leaves out possible matches of an entity that has many already.

    Args:
        groups: what an account's matches are counted by.
        counts: possible matches by entity id, of accounts that are not compared now.
    """

    def __init__(self, groups: Groups, counts: Counter[int]) -> None:
        self._groups = groups
        self._counts = counts
        self.left_out = 0

    def kept(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """The matches of a batch of accounts within the limit, in order."""
        held = Counter((proposal.row, self._groups[proposal.entity_id]) for proposal in proposals)
        kept = []
        for proposal in proposals:
            key = (proposal.row, self._groups[proposal.entity_id])
            is_possible = proposal.band is Band.POSSIBLE
            if is_possible and self._counts[proposal.entity_id] >= MOST_OF_ENTRY and held[key] > 1:
                held[key] -= 1
                self.left_out += 1
                continue
            self._counts[proposal.entity_id] += is_possible
            kept.append(proposal)
        return kept
