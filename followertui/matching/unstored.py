"""Handles that could be an entry's and are no account in the store: named by its file, or mentioned in bios.

Owns which handles fit an entry. Whether X knows such an account is not known here. ``services`` imports it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import ListEntry
from followertui.matching.candidates import labels_of
from followertui.matching.forms import CompanyForm, PersonForm
from followertui.matching.matcher import form_of

MOST = 3
"""Handles of one entry."""

_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_]{1,15})(?![\w@])")
_LEAST_BITS = 8.0
"""What a name in one word has to tell at least, so that initials alone find nobody."""


class Unstored(NamedTuple):
    """A handle that could be an entry's.

    Attributes:
        handle: lower case, without @.
        mentions: in how many bios it is mentioned or named as the affiliation; 0 where the file names it.
    """

    handle: str
    mentions: int


class UnstoredHandles:
    """Looks for such handles, batch by batch.

    Args:
        entries: those nobody is known for.
        companies_only: ids of lists whose people must not be searched for.
    """

    def __init__(self, entries: Sequence[ListEntry], companies_only: frozenset[int] = frozenset()) -> None:
        self._by_label: dict[str, list[int]] = {}
        self._named: dict[int, list[str]] = {}
        self._mentions: Counter[str] = Counter()
        for at, entry in enumerate(entries):
            form = form_of(at, entry, (), companies_only)
            if not isinstance(form, (CompanyForm, PersonForm)):
                continue
            self._named[at] = [handle.lower() for handle in entry.handles]
            for label, bits in labels_of(form).items():
                if bits >= _LEAST_BITS:
                    self._by_label.setdefault(label, []).append(at)

    def look(self, columns: ProfileColumns) -> None:
        """Count what a batch of accounts mentions."""
        for bio, affiliation in zip(columns.bio, columns.affiliation, strict=True):
            if "@" in (said := f"{bio or ''} {affiliation if affiliation and affiliation.startswith('@') else ''}"):
                for handle in {found.lower() for found in _MENTION.findall(said)}:
                    if _label(handle) in self._by_label:
                        self._mentions[handle] += 1

    def handles(self) -> set[str]:
        """Every handle found or named, lower case."""
        return {*self._mentions, *(handle for some in self._named.values() for handle in some)}

    def of(self, at: int, known: frozenset[str]) -> list[Unstored]:
        """The handles of the entry at a position, those its file names first, then the most mentioned.

        Args:
            at: position of the entry.
            known: handles that are accounts in the store.
        """
        found = {handle: Unstored(handle, 0) for handle in self._named.get(at, ())}
        for handle, count in sorted(self._mentions.items(), key=lambda one: (-one[1], one[0])):
            if at in self._by_label[_label(handle)]:
                found.setdefault(handle, Unstored(handle, count))
        return [one for one in found.values() if one.handle not in known][:MOST]


def _label(handle: str) -> str:
    return handle.replace("_", "")
