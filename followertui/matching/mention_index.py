"""Where bios name companies: by words, with the legal form behind them, or by handle.

Owns finding companies named in texts. What is said around a name belongs to ``mentions``. Only
``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.matching.evidence import span_of
from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.normalising import is_distinctive, spoken_variants
from followertui.matching.phrases import PhraseTable
from followertui.text.folding import fold, words
from followertui.text.legal_forms import legal_forms


class Mention(NamedTuple):
    """One place in a bio that names a company.

    Attributes:
        by_handle: named by ``@handle``, else by name.
        start, end: offsets in the bio, the legal form behind a name included.
        has_form: a legal form stands behind the name, which makes any word a company's name.
    """

    by_handle: bool
    start: int
    end: int
    has_form: bool = False


def with_form(text: str, end: int) -> int:
    """Where a name ends with the legal form behind it: ``Globex GmbH``.

    Args:
        text: as written.
        end: where the name ends.

    Returns:
        The end of the form; ``end`` where none that is written like one follows.
    """
    found = _BEHIND.match(text, end)
    ends = [piece.end() for piece in _PIECE.finditer(text, end, found.end())] if found else []
    for last in reversed(ends):
        form = text[end:last]
        if tuple(words(form)) in legal_forms().at_end and form.strip(" ,.")[:1].isupper():
            return last
    return end


_BEHIND = re.compile(r"(?:[ ,]{1,2}[A-Za-z][\w.&]{0,11}){1,4}")
_PIECE = re.compile(r"[ ,]{1,2}[A-Za-z][\w.&]{0,11}(?<![.,])")


class MentionIndex:
    """Companies by the names and handles a bio may mention them by.

    Args:
        companies: the companies; names made of common words and places are found by handle only.
    """

    def __init__(self, companies: Iterable[CompanyForm]) -> None:
        owners: dict[str, list[int]] = {}
        self.handles: dict[str, list[int]] = {}
        self._in_capitals: set[tuple[str, int]] = set()
        for form in companies:
            for phrase in dict.fromkeys(_phrases(form)):
                owners.setdefault(phrase, []).append(form.at)
            self._in_capitals.update((word, form.at) for word in _short_forms(form))
            for handle in form.handles | {text for text in form.joined if len(text) > 2}:
                self.handles.setdefault(handle, []).append(form.at)
        self.phrases = list(owners)
        self.owners = list(owners.values())
        self.table = PhraseTable(self.phrases)

    def mentions(self, accounts: Sequence[AccountForm]) -> dict[int, dict[int, list[Mention]]]:
        """Companies the bios of a batch mention.

        Args:
            accounts: the batch.

        Returns:
            Position in the batch -> entry position -> its mentions.
        """
        found: dict[int, dict[int, list[Mention]]] = {}
        for at, account in enumerate(accounts):
            for handle, start, end in account.bio_handles:
                for owner in self.handles.get(handle) or self.handles.get(handle.replace("_", "")) or ():
                    found.setdefault(at, {}).setdefault(owner, []).append(Mention(True, start, end))
        hits = self.table.find([account.bio for account in accounts])
        for at, phrase in dict.fromkeys(zip(hits.text.tolist(), hits.phrase.tolist(), strict=True)):
            bio = accounts[at].bio
            span = span_of(bio, self.phrases[phrase])
            if span is None or bio[max(0, span[0] - 1) : span[0]] in _GLUE:
                continue
            end = with_form(bio, span[1])
            form = end > span[1] or tuple(words(bio[slice(*span)]))[-1:] in legal_forms().at_end
            mention = Mention(False, span[0], end, form)
            is_capital = bio[slice(*span)].isupper()
            for owner in self.owners[phrase]:
                if is_capital or (self.phrases[phrase], owner) not in self._in_capitals:
                    found.setdefault(at, {}).setdefault(owner, []).append(mention)
        return found


def _short_forms(form: CompanyForm) -> Iterable[str]:
    """Names in capitals whose letters stand in this order in the company's own: initials, which no small word means."""
    own = fold(form.names[0][0])
    for text, core in form.names[1:]:
        if text.isupper() and len(core) == 1:
            letters = iter(own)
            if all(letter in letters for letter in core[0]):
                yield core[0]


def _phrases(form: CompanyForm) -> Iterable[str]:
    """What a bio may call a company: its distinctive names, any name with its legal form, "&" said as a word."""
    for text, core in form.names:
        phrase = " ".join(core)
        if len(phrase) <= 2:
            continue
        if is_distinctive(core):
            yield phrase
            yield from spoken_variants(text)
        elif (full := " ".join(words(text))).startswith(f"{phrase} "):
            yield full


_GLUE = frozenset({"@", "#", "/", "."})
"""Characters before a name that make it part of a handle, a hashtag or an address."""
