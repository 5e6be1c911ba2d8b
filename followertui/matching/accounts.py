"""All accounts' names, resident or kept as bytes, for new list entries to be held against.

Owns the reverse direction of matching: a new list against every account known. It yields
candidates by name; ``Matcher.propose`` over those rows gives the evidence. ``services``
imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from followertui.domain.lists import ListEntry
from followertui.matching.forms import company_form, person_form
from followertui.matching.joining import KeySet, near_pairs
from followertui.matching.normalising import comparison_key, native_key
from followertui.matching.signatures import Signatures


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
        self._keys = _Keys(signatures, name_of)
        self._set = KeySet(self._keys, (signatures.x1, signatures.x2, signatures.length))

    def near(self, entries: Sequence[ListEntry], cutoff: float = 90.0) -> list[NearRow]:
        """Accounts whose name is near the name of new entries; none is lost.

        Args:
            entries: new entries.
            cutoff: least ratio of the sorted words, 0-100.

        Returns:
            One line per account and entry, nearest first.
        """
        keys: list[str] = []
        owner: list[int] = []
        for at, entry in enumerate(entries):
            for key in _entry_keys(entry):
                keys.append(key)
                owner.append(at)
        pairs = near_pairs(KeySet(keys), self._set, cutoff)
        best: dict[tuple[int, int], float] = {}
        for key, account, ratio in zip(pairs.left.tolist(), pairs.right.tolist(), pairs.ratio.tolist(), strict=True):
            pair = (int(self._known.owner[account]), owner[key])
            best[pair] = max(ratio, best.get(pair, 0.0))
        found = [NearRow(position, entry, ratio) for (position, entry), ratio in best.items()]
        return sorted(found, key=lambda row: (-row.ratio, row.position, row.entry))


class _Keys(Sequence[str]):
    """Comparison keys of accounts, made when asked for."""

    def __init__(self, known: Signatures, name_of: Callable[[int], str]) -> None:
        self._known = known
        self._name_of = name_of

    def __len__(self) -> int:
        return len(self._known.x1)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]
        name = self._name_of(int(self._known.owner[at]))
        return comparison_key(name) if at < self._known.names else native_key(name)


def _entry_keys(entry: ListEntry) -> set[str]:
    """Keys of every name an entry goes by."""
    person = person_form(0, entry, ())
    if person is not None:
        given, last = person.name.given[:1], person.name.last
        texts = [" ".join((*given, *last)), " ".join((*given, *person.name.middle, *last)), entry.person]
    else:
        company = company_form(0, entry, ())
        texts = [text for text, _ in company.names] if company else []
    return {key for text in texts if text for key in (comparison_key(text), native_key(text)) if key}
