"""All accounts' names, resident or kept as bytes, for new list entries to be held against.

Owns the reverse direction of matching: a new list against every account known. It yields
candidates by name; ``Matcher.propose`` over those rows gives the evidence. ``services``
imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from followertui.domain.lists import ListEntry
from followertui.matching.forms import company_form, person_form
from followertui.matching.joining import KeySet, near_pairs
from followertui.matching.normalising import comparison_key, native_key
from followertui.matching.signatures import Signatures

_WORTH_GROUPING = 200
"""Keys asked for from which comparing groups of accounts beats one scan for each key."""


class NearRow(NamedTuple):
    """An account whose name is near an entry's.

    Attributes:
        position: position of the account among the names the signatures were taken of.
        entry: position of the entry.
        ratio: 0-100.
    """

    position: int
    entry: int
    ratio: float


class AccountIndex:
    """Signatures of all accounts, ready for new entries.

    Args:
        signatures: what was computed when the accounts came in.
        name_of: gives the display name at a position; asked only where signatures meet.
    """

    def __init__(self, signatures: Signatures, name_of: Callable[[int], str]) -> None:
        self._known = signatures
        plain, own = slice(0, signatures.names), slice(signatures.names, None)
        self._plain = _side(signatures, plain, _Keys(signatures, name_of, 0, signatures.names, comparison_key))
        own_count = len(signatures.x1) - signatures.names
        self._own = _side(signatures, own, _Keys(signatures, name_of, signatures.names, own_count, native_key))

    def near(self, entries: Sequence[ListEntry], cutoff: float = 90.0) -> list[NearRow]:
        """Accounts whose name is near the name of new entries; none is lost.

        Args:
            entries: new entries.
            cutoff: least ratio of the sorted words, 0-100.

        Returns:
            One line per account and entry, nearest first.
        """
        best: dict[tuple[int, int], float] = {}
        for side, key_of, start in ((self._plain, comparison_key, 0), (self._own, native_key, self._known.names)):
            keys: list[str] = []
            owner: list[int] = []
            for at, entry in enumerate(entries):
                for key in sorted({key for text in _entry_names(entry) if (key := key_of(text))}):
                    keys.append(key)
                    owner.append(at)
            for key_at, account, ratio in _pairs(KeySet(keys), side, cutoff):
                pair = (int(self._known.owner[start + account]), owner[key_at])
                best[pair] = max(ratio, best.get(pair, 0.0))
        found = [NearRow(position, entry, ratio) for (position, entry), ratio in best.items()]
        return sorted(found, key=lambda row: (-row.ratio, row.position, row.entry))


class _Keys(Sequence[str]):
    """Comparison keys of accounts, made when asked for."""

    def __init__(
        self, known: Signatures, name_of: Callable[[int], str], start: int, count: int, key_of: Callable[[str], str]
    ) -> None:
        self._owner = known.owner[start : start + count]
        self._name_of = name_of
        self._key_of = key_of

    def __len__(self) -> int:
        return len(self._owner)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        return self._key_of(self._name_of(int(self._owner[at])))


def _side(known: Signatures, part: slice, keys: Sequence[str]) -> KeySet:
    """The signatures of one kind of key."""
    return KeySet(keys, (known.x1[part], known.x2[part], known.length[part]))


def _pairs(asked: KeySet, known: KeySet, cutoff: float) -> Iterator[tuple[int, int, float]]:
    """Near pairs as (position asked, position known, ratio); many asked are worth grouping the known."""
    if len(asked) >= _WORTH_GROUPING:
        pairs = near_pairs(known, asked, cutoff)
        return zip(pairs.right.tolist(), pairs.left.tolist(), pairs.ratio.tolist(), strict=True)
    pairs = near_pairs(asked, known, cutoff)
    return zip(pairs.left.tolist(), pairs.right.tolist(), pairs.ratio.tolist(), strict=True)


def _entry_names(entry: ListEntry) -> set[str]:
    """Every name an entry goes by."""
    person = person_form(0, entry, ())
    if person is not None:
        given, last = person.name.given[:1], person.name.last
        texts = {" ".join((*given, *last)), " ".join((*given, *person.name.middle, *last)), entry.person}
        return texts - {""}
    company = company_form(0, entry, ())
    return {text for text, _ in company.names} if company else set()
