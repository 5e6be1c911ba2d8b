"""Candidate accounts for entries nobody was matched with: which of those stored could be theirs.

Owns what speaks for a candidate, and in which order they come. A candidate is no match: it holds
nothing back and says nothing of a kind until a person accepts it. ``services`` imports it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import nlargest
from math import log2
from typing import NamedTuple

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import ListEntry
from followertui.matching.forms import AccountForm, CompanyForm, PersonForm
from followertui.matching.matcher import form_of
from followertui.matching.rarity import background
from followertui.matching.vocabulary import nicknames
from followertui.text.folding import words

MOST = 3
"""Candidates kept of each entry, unless asked otherwise."""

REASONS = {
    "name": "in the name",
    "handle": "in the handle",
    "bio": "in the bio",
    "initials": "initials of the name",
    "shortened": "shortened in name or handle",
    "mention": "mentioned in the bio",
    "site": "gives the same site",
    "sibling": "known for another entry with the same site",
    "place": "same place",
    "foreign": "other words in the name",
}
"""Code of a reason -> what was seen, as it follows the words it was seen by; ``foreign`` speaks against."""

_SHORTEST = 3
_INSIDE = 4
"""Letters a word needs at least to be looked for inside a handle."""
_ANYWHERE = 1_000
"""Accounts that shipped frequencies of words are worth beside those counted."""
_MOST_BITS = 11.0
"""What one word tells at most."""
_UNHEARD = 14.0
"""Bits of a word that no entry has."""
_COMMON = 2.5
"""Bits below which a word tells nothing: about every sixth account has it."""
_RARE = 9.0
"""Bits from which a given name alone is worth a look."""
_LEAST = 6.0
"""Bits below which an account is no candidate."""
_WORTH = 3.0
"""Bits below which an account is not looked at closer."""
_OF_NAME, _OF_HANDLE, _OF_BIO, _SHORTENED = 1.0, 0.9, 0.5, 0.7
"""What a word counts by where it stands, and where only its beginning does."""
_SITE, _NAMED_LIKE_SITE, _NAMED, _INITIALS, _SIBLING, _PLACE = 10.0, 13.0, 8.0, 6.0, 6.0, 2.0
"""Bits of the other reasons."""
_OF_BEGINNING, _OF_END, _OF_MENTION = 0.7, 0.6, 0.6
"""What a name in one word counts at the beginning or the end of a handle, or mentioned."""
_FOREIGN, _MOST_FOREIGN = 0.15, 3.0
"""What each word of the account's name that is not the entry's takes away, and all of them at most."""
_BESIDE_NAMES = frozenset({"/site", "/sibling", "/place"})
"""Reasons that do not rest on the account's name."""
_GIVEN = "/given"
_NOT_LETTERS = re.compile(r"[^a-z0-9]+|\b(?:www|com|net|org|html?)\b")


class Reason(NamedTuple):
    """One thing that speaks for a candidate, or against it.

    Attributes:
        code: of ``REASONS``.
        text: the words it was seen by, empty where the code says all.
        bits: how much it tells; below 0 it speaks against.
    """

    code: str
    text: str
    bits: float


class Candidate(NamedTuple):
    """An account that could be an entry's.

    Attributes:
        row: of the account.
        bits: how much speaks for it in all; higher comes first.
        reasons: strongest first.
    """

    row: int
    bits: float
    reasons: tuple[Reason, ...]


class _Sought(NamedTuple):
    """One entry as it is looked for: the words of its name, given names among them, and words beside it."""

    words: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]
    beside: frozenset[str]
    places: frozenset[str]
    is_person: bool


class Discovery:
    """Looks for candidates of entries among accounts, batch by batch: first ``count`` all, then ``look``.

    Args:
        entries: those nobody is known for.
        companies_only: ids of lists whose people must not be searched for.
        known: registrable domain -> rows of accounts known to belong to entries of that domain.
        taken: (entry id, row) pairs that are matches already, or were rejected.
        settled: rows of accounts a person said are another entry's; they are candidates by their site alone.
        most: candidates kept of each entry.
    """

    def __init__(
        self,
        entries: Sequence[ListEntry],
        companies_only: frozenset[int] = frozenset(),
        known: Mapping[str, Collection[int]] | None = None,
        taken: Collection[tuple[int, int]] = (),
        settled: Collection[int] = (),
        most: int = MOST,
    ) -> None:
        self.entries = entries
        self._taken = frozenset(taken)
        self._settled = frozenset(settled)
        self._most = most
        self._size = 0
        self._seen: Counter[str] = Counter()
        self._bits: dict[str, float] = {}
        self._sought: dict[int, _Sought] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_domain: dict[str, list[int]] = {}
        self._by_label: dict[str, list[tuple[int, float]]] = {}
        self._by_row: dict[int, list[int]] = {}
        self._found: dict[int, list[Candidate]] = {}
        for at, entry in enumerate(entries):
            form = form_of(at, entry, (), companies_only)
            if isinstance(form, (CompanyForm, PersonForm)):
                self._index(at, form, known or {})

    def _index(self, at: int, form: CompanyForm | PersonForm, known: Mapping[str, Collection[int]]) -> None:
        sought = self._sought[at] = _sought(form)
        for word in sought.words | sought.beside:
            self._by_word.setdefault(word, []).append(at)
        for domain in form.domains:
            self._by_domain.setdefault(domain, []).append(at)
            for row in known.get(domain, ()):
                self._by_row.setdefault(row, []).append(at)
        for label, bits in labels_of(form).items():
            self._by_label.setdefault(label, []).append((at, bits))

    def count(self, columns: ProfileColumns) -> None:
        """Count how many accounts have the entries' words; all accounts, before the first ``look``."""
        for at in range(len(columns)):
            account = AccountForm(columns, at)
            self._size += 1
            said = {*words(account.name), *account.handle_parts, *account.bio_words}
            self._seen.update(word for word in said if word in self._by_word)

    def look(self, columns: ProfileColumns) -> None:
        """Compare a batch of accounts with all entries and keep the best of each."""
        if not self._bits:
            self._bits = {word: min(_MOST_BITS, -log2(self._share(word))) for word in self._by_word}
        for at in range(len(columns)):
            account = AccountForm(columns, at)
            if account.row in self._settled and account.row not in self._by_row:
                continue
            for entry, reasons in self._reasons(account):
                total = sum(reason.bits for reason in reasons)
                if total < _LEAST:
                    continue
                found = self._found.setdefault(entry, [])
                ranked = tuple(sorted(reasons, key=lambda reason: -reason.bits))
                found.append(Candidate(account.row, round(total, 2), ranked))
                if len(found) > 4 * self._most:
                    self._found[entry] = nlargest(self._most, found, key=_order)

    def _share(self, word: str) -> float:
        """Share of accounts that have a word: what was counted here, smoothed by how common it is anywhere."""
        return (max(0, self._seen[word] - 1) + _ANYWHERE * background(word)) / (self._size + _ANYWHERE)

    def of(self, at: int) -> list[Candidate]:
        """The candidates of the entry at a position, best first."""
        return nlargest(self._most, self._found.get(at, ()), key=_order)

    def _reasons(self, account: AccountForm) -> Iterator[tuple[int, list[Reason]]]:
        """Every entry that an account may be worth a look for, and why."""
        for at, reasons in self._found_by(account).items():
            sought = self._sought[at]
            if sum(reason.bits for reason in reasons.values()) < _WORTH or not _fits(sought, reasons):
                continue
            self._add_shortened(account, sought, reasons)
            if sought.places and sought.places & account.places:
                reasons["/place"] = Reason("place", "", _PLACE)
            yield at, list(reasons.values())

    def _found_by(self, account: AccountForm) -> dict[int, dict[str, Reason]]:
        """Every entry something speaks for -> what, the strongest of each kind."""
        found: dict[int, dict[str, Reason]] = {}

        def add(at: int, key: str, reason: Reason) -> None:
            """Keep a reason unless a stronger one of its kind is known."""
            if (self.entries[at].id, account.row) not in self._taken:
                known = found.setdefault(at, {})
                if key not in known or known[key].bits < reason.bits:
                    known[key] = reason

        # What a person says of a company in the bio tells where they work, not whose account it is.
        is_person = account.reads_as_person or account.voice < 0
        for word, where, weight in self._said(account):
            bits = self._bits[word]
            if bits >= _COMMON:
                for at in self._by_word[word]:
                    if is_person and where == "bio" and not self._sought[at].is_person:
                        continue
                    add(at, _GIVEN if word in self._sought[at].given else word, Reason(where, word, bits * weight))
        for domain in _domains(account):
            for at in self._by_domain.get(domain, ()):
                add(at, "/site", Reason("site", domain, _SITE))
        for label, where, share in _names(account):
            for at, bits in self._by_label.get(label, ()):
                add(at, "/label", Reason(where, label, bits * share))
        for at in self._by_row.get(account.row, ()):
            add(at, "/sibling", Reason("sibling", "", _SIBLING))
        return found

    def _said(self, account: AccountForm) -> Iterator[tuple[str, str, float]]:
        """Words of entries that an account says: the word, where, and what it counts there."""
        plain, by_word = account.handle_plain, self._by_word
        ends = [plain[:end] for end in range(_INSIDE, len(plain))]
        ends += [plain[start:] for start in range(1, len(plain) - _INSIDE + 1)]
        for where, texts, weight in (
            ("name", words(account.name), _OF_NAME),
            ("handle", account.handle_parts, _OF_HANDLE),
            ("handle", ends, _SHORTENED),
            ("bio", account.bio_words, _OF_BIO),
        ):
            for word in texts:
                if word in by_word:
                    yield word, where, weight

    def _add_shortened(self, account: AccountForm, sought: _Sought, reasons: dict[str, Reason]) -> None:
        """Words the account only begins, and what words of its own name that are not the entry's take away."""
        named = words(account.name)
        said = {text for text in (*named, *account.handle_parts) if len(text) >= _SHORTEST}
        for word in sought.words - reasons.keys() - sought.given:
            if len(word) >= _SHORTEST and any(word.startswith(text) or text.startswith(word) for text in said):
                reasons[word] = Reason("shortened", word, self._bits[word] * _SHORTENED)
        if reasons.keys() <= _BESIDE_NAMES:
            return
        unlike = (text for text in named if not any(text.startswith(w) or w.startswith(text) for w in sought.words))
        foreign = sum(self._bits.get(text, _UNHEARD) for text in unlike)
        if foreign:
            reasons["/foreign"] = Reason("foreign", "", -min(_MOST_FOREIGN, _FOREIGN * foreign))


def _order(candidate: Candidate) -> tuple[float, int]:
    return candidate.bits, -candidate.row


def _fits(sought: _Sought, reasons: Mapping[str, Reason]) -> bool:
    """Whether more was found than words beside the name, or than a given name many have."""
    if not sought.is_person:
        return not reasons.keys() <= sought.beside
    return any(
        key in sought.surnames or (key.startswith("/") and key != _GIVEN) or reason.bits >= _RARE
        for key, reason in reasons.items()
    )


def _sought(form: CompanyForm | PersonForm) -> _Sought:
    if isinstance(form, CompanyForm):
        own = frozenset(word for _, core in form.names for word in core if len(word) > 1)
        parts = {part for text in form.entry.domains for part in _NOT_LETTERS.split(text.lower().partition("://")[2])}
        beside = frozenset(part for part in parts if len(part) > _SHORTEST) - own - form.labels
        return _Sought(own, frozenset(), frozenset(), beside, form.places, is_person=False)
    entry, name = form.entry, form.name
    given = frozenset((*name.given, *(short for one in name.given for short in nicknames().get(one, ()))))
    said = words(f"{entry.person} {entry.first_name} {entry.last_name} {entry.nickname}")
    own = frozenset(word for word in (*given, *name.last, name.surname, *said) if len(word) > 1)
    surnames = frozenset((*name.last, name.surname))
    return _Sought(own, given - surnames, surnames, frozenset(form.company) - own, form.places, is_person=True)


def labels_of(form: CompanyForm | PersonForm) -> dict[str, float]:
    """Names of an entry in one word, as handles are made of them, and what they tell."""
    return _labels_of(form) if isinstance(form, CompanyForm) else dict.fromkeys(_handles_of(form), _NAMED)


def _labels_of(form: CompanyForm) -> dict[str, float]:
    """Names of a company in one word, and what they tell."""
    found = dict.fromkeys(form.acronyms, _INITIALS)
    for label in form.labels:
        # A site is often called like the account and a word more, as in dailyjournalonline.com.
        begun = range(max(_INSIDE + 2, len(label) * 3 // 5), len(label))
        found |= dict.fromkeys((label[:end] for end in begun), _NAMED) | {label[1:]: _NAMED, label[:3]: _INITIALS}
    found |= dict.fromkeys(form.joined, _NAMED)
    found |= dict.fromkeys(form.labels, _NAMED_LIKE_SITE)
    found |= dict.fromkeys(("".join(domain.split(".")) for domain in form.domains), _NAMED_LIKE_SITE)
    return {label: bits for label, bits in found.items() if len(label) >= _SHORTEST}


def _handles_of(form: PersonForm) -> set[str]:
    """What a person's handle is often made of: given name or initial, and family name, either way round."""
    surname = "".join(form.name.last)
    before = {text for given in form.name.given for text in (given, given[0])}
    return {text for given in before for text in (given + surname, surname + given)} if len(surname) > 2 else set()


def _domains(account: AccountForm) -> set[str]:
    """Registrable domains an account gives as its site or in its bio."""
    found = {domain for domain, _, _ in account.bio_domains}
    return found | {account.site_domain} if account.site_domain else found


def _names(account: AccountForm) -> Iterator[tuple[str, str, float]]:
    """What an account is called in one word: the word, where it stands, and which share of its bits it counts."""
    plain, said = account.handle_plain, words(account.name)
    yield "".join(said), "name", 1.0
    yield "".join(word[0] for word in said), "initials", 1.0
    yield plain, "handle", 1.0
    if "dot" in plain:
        yield plain.replace("dot", "", 1), "handle", 1.0
    for end in range(_INSIDE + 1, len(plain)):
        yield plain[:end], "handle", _OF_BEGINNING
    for start in range(1, len(plain) - _INSIDE):
        yield plain[start:], "handle", _OF_END
    for handle, _, _ in account.bio_handles:
        yield "".join(words(handle.replace("_", " "))), "mention", _OF_MENTION
