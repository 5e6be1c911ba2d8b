"""Titles of a bio: which are the account's own, and what role and seniority they give.

Titles are read longest first: "vice president" is no president. Only the account's own count: not
"our CEO", "follow the CEO", a former one, or one that stands before another person's name. Which
words are titles is in ``roles.toml``. Imported within ``quality``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache, cached_property
from typing import NamedTuple

from followertui.domain.judgement import SENIORITIES
from followertui.quality.lexicon import Found, Lexicon

FORMER, NO_TITLE, TOPIC, DESK, NOT_OWN, PERSONAL = "former", "no-title", "topic", "desk", "not-own", "personal"
"""Lists beside those of roles and seniorities: what marks a former title, phrases that only look
like one, subjects that are a function only in a title, those that are one only before an employer,
words before someone else's title, and titles that stand before a name."""

_WORD = re.compile(r"(\w+)")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_WORDS = {code: chr(code) if chr(code).isalnum() or chr(code) == "_" else " " for code in range(128)}
_LOW_WORDS = {code: kept.lower() for code, kept in _WORDS.items()}
"""Signs away, and letters in lower case: three times as fast as the pattern for words."""
_STOP = re.compile(r"[.,;:|•·\n!?()–—]|//|\s[-/]\s")
_AT = frozenset(("at", "en", "em", "bei", "beim", "chez", "presso", "bij"))
"""Words between a function and its employer."""
_SMALL = frozenset(
    "the a an of for de der des du di do da del della van den het la le el und and y e et i".split()  # noqa: SIM905
)
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "le", "la", "el", "o", "il", "de"))
_STILL = frozenset(("now", "turned", "currently", "current", "jetzt", "aujourd", "ahora", "agora", "nu"))
_SUBJECTS = frozenset(("in", "interested", "degree", "bs", "ba", "bsc", "msc", "ma", "mba", "phd", "major", "minor"))
_SHORT = 4
"""Most words of a piece between signs that is a label ("Marketing | Lisbon") and no sentence."""
_LIST_END = re.compile(r"[.|•·\n!?]|//")
_LISTS = frozenset(("alum", "alums", "alumni", "alumna", "alumnus"))
"""Behind one of these and a colon the past is listed, commas and all."""
_ADJECTIVES = frozenset(("senior", "sr", "junior", "chief"))
"""Levels only of the title they stand before."""
_REACH = 5
"""Most words from such a level to its title: "senior news and politics editor"."""
_WORKER = re.compile(r"\w\w(?:er|or|ist|ian|ant|ent|ive|yst|eer|low|man|woman|ate)s?\Z")
"""How English calls those who do something."""
_THINGS = frozenset(
    "hunger center summer winter career power water number matter dinner shelter theater chapter quarter soccer "  # noqa: SIM905
    "cancer september october november december paper order tower river weather honor color labor floor "
    "government event talent moment content entertainment parliament department private climate state".split()
)
"""Words that only end like it."""
_SCHOOLS = frozenset(
    ("elementary", "middle", "high", "school", "schools", "academy", "primary", "hs", "isd", "charter", "k")
)
_CRAFTS = frozenset(
    ("writer", "actor", "actress", "producer", "filmmaker", "playwright", "screenwriter", "comedian", "editor")
)
"""Beside one of these a director directs films or plays, not people."""
_JAPANESE_FORMER = "元"


class TitleWords(NamedTuple):
    """The lists a title is read by.

    Attributes:
        titles: roles, seniorities, and what only looks like a title.
        former, not_own: single words, lower case.
        topics, desks, personal: terms of ``titles``.
        given_names: lower case; a title before one is that person's.
    """

    titles: Lexicon
    former: frozenset[str]
    not_own: frozenset[str]
    topics: frozenset[str]
    desks: frozenset[str]
    personal: frozenset[str]
    given_names: frozenset[str]


class _Span(NamedTuple):
    """A title in a bio, by numbers of words; ``stop`` is the word behind it, ``group`` the list's."""

    start: int
    stop: int
    group: str
    value: str
    term: str


class _Text:
    """Words as written and in lower case, and the signs before each, which are seldom asked for."""

    def __init__(self, bio: str) -> None:
        self._tidy = tidy = _without_links(bio)
        if tidy.isascii():
            self.lower = tidy.translate(_LOW_WORDS).split()
        else:
            self.lower = [word.lower() for word in _WORD.findall(tidy)]
        self.has_handles = "@" in tidy

    @cached_property
    def words(self) -> list[str]:
        """The words as written."""
        if self._tidy.islower():
            return self.lower
        return self._tidy.translate(_WORDS).split() if self._tidy.isascii() else _WORD.findall(self._tidy)

    @cached_property
    def gaps(self) -> list[str]:
        """What stands before each word."""
        return _WORD.split(self._tidy)[:-1:2]

    @cached_property
    def _pieces(self) -> list[int]:
        """Where the pieces between signs begin, the end of the bio last."""
        inner: list[int] = []
        if _STOP.search(self._tidy):
            inner = [at for at, gap in enumerate(self.gaps) if at and gap != " " and _STOP.search(gap)]
        return [0, *inner, len(self.lower)]

    def stops(self, at: int) -> bool:
        """Whether a new piece begins at a word."""
        return at in self._pieces

    def piece(self, at: int) -> tuple[int, int]:
        """First word, and the word behind the last, of the piece between signs that holds a word."""
        behind = bisect_right(self._pieces, at)
        return self._pieces[behind - 1], self._pieces[behind]


def read_titles(bio: str, name: str, words: TitleWords) -> tuple[str, str]:
    """Role and seniority of one bio.

    Args:
        bio: as written.
        name: the account's display name; a title before it is its own.
        words: the lists.

    Returns:
        The first role and the highest seniority among the account's own titles, "" for none.
    """
    text = _Text(bio)
    running = [_span(hit) for hit in words.titles.found_running(bio, _JAPANESE_FORMER)]
    kept = _longest([_span(hit) for hit in words.titles.found_words(text.lower)])
    if not kept:
        return _answer(text, running)
    former = _former(text, words.former)
    if len(kept) == 1 and kept[0].start not in former:
        return _answer(text, running + [s for s in kept if _is_own_alone(text, s, name, words)])
    levels = {at for s in kept if s.group == "seniority" for at in (s.start, s.stop)}
    own: list[_Span] = []
    ends: dict[int, bool] = {}
    for span in kept:
        linked = _linked(text, span, ends)
        is_own = ends[linked] if linked is not None else not _of_others(text, span, words.not_own)
        is_own = is_own and span.start not in former and not _before_name(text, span, name, words)
        ends[span.stop] = (ends.get(span.stop, False) or is_own) and not span.term.endswith(" to")
        is_subject = span.term in words.topics and linked is None and not {span.start, span.stop} & levels
        is_level = span.group != "seniority" or _is_level(text, span, kept)
        is_level = is_level and (span.term not in words.desks or _is_desk(text, span))
        if is_own and is_level and not (is_subject and not _is_label(text, span)):
            own.append(span)
    return _answer(text, own + running)


def _is_own_alone(text: _Text, span: _Span, name: str, words: TitleWords) -> bool:
    """Whether the only title of a bio is the account's own and tells what it does."""
    if _of_others(text, span, words.not_own) or _before_name(text, span, name, words):
        return False
    if span.group == "seniority":
        return _is_level(text, span, [span])
    if span.term in words.desks:
        return _is_desk(text, span)
    return span.term not in words.topics or _is_label(text, span)


def _without_links(bio: str) -> str:
    tidy = bio if bio.isascii() else unicodedata.normalize("NFKC", bio)
    return _LINK.sub(" | ", tidy) if "http" in tidy or "www." in tidy else tidy


def _span(hit: Found) -> _Span:
    category, term, start = hit
    group, value = _parts(category)
    return _Span(start, start + term.count(" ") + 1, group, value, term)


@cache
def _parts(category: str) -> tuple[str, str]:
    """The group of a list, and which of the group it is."""
    group, _, value = category.partition(":")
    return group, value


def _longest(titles: list[_Span]) -> list[_Span]:
    """Titles that no longer one holds, in the order written.

    A longer role swallows roles, a longer level swallows levels and the two roles that only say a
    level, and what merely looks like a title swallows everything.
    """
    if len(titles) < 2:
        return [span for span in titles if span.group != NO_TITLE]
    kept = []
    phrases = [span for span in titles if span.stop - span.start > 1]
    for span in titles:
        if span.group == NO_TITLE:
            continue
        longer = [
            s
            for s in phrases
            if s.start <= span.start and s.stop >= span.stop and s.stop - s.start > span.stop - span.start
        ]
        is_level = span.group == "seniority" or span.value in ("executive", "founder")
        groups = {span.group, NO_TITLE, *(("seniority",) if is_level else ())}
        if not any(s.group in groups for s in longer):
            kept.append(span)
    return kept


def _former(text: _Text, marks: frozenset[str]) -> set[int]:
    """Numbers of the words behind "former" and the like, up to the end of their piece or a "now"."""
    past: set[int] = set()
    if marks.isdisjoint(text.lower) and _LISTS.isdisjoint(text.lower):
        return past
    for mark, word in enumerate(text.lower):
        at = mark + 1
        is_list = at < len(text.lower) and text.gaps[at].strip().startswith(":")
        if (word not in marks and not (word in _LISTS and is_list)) or at in past:
            continue
        if at < len(text.lower) and text.gaps[at].strip() in (":", "."):
            past.add(at)
            at += 1
        end = _LIST_END if is_list else _STOP
        while at < len(text.lower) and text.lower[at] not in _STILL:
            if at > mark + 1 and end.search(text.gaps[at]):
                break
            past.add(at)
            at += 1
    return past


def _is_worker(word: str) -> bool:
    return bool(_WORKER.search(word)) and word not in _THINGS


def _is_level(text: _Text, span: _Span, titles: list[_Span]) -> bool:
    """Whether a level is one where it stands: "senior editor", not "senior hunger"; a head, not of a school."""
    if span.term in _ADJECTIVES:
        last = text.piece(span.start)[1]
        if span.term == "sr" and span.stop == last < len(text.lower) and text.gaps[last] == ". ":
            last = text.piece(last)[1]
        reach = range(span.stop, min(last, span.stop + _REACH))
        starts = {title.start for title in titles if title is not span}
        return any(at in starts or _is_worker(text.lower[at]) for at in reach)
    if span.term == "principal":
        first, last = text.piece(span.start)
        return _SCHOOLS.isdisjoint(text.lower[first:last]) and text.lower[span.stop : span.stop + 1] != ["officer"]
    if span.term == "director" and text.lower[span.stop : span.stop + 1] not in (["of"], ["at"], ["for"]):
        around = [text.lower[at] for at in (span.start - 1, span.stop) if 0 <= at < len(text.lower)]
        return _CRAFTS.isdisjoint(around)
    return True


def _linked(text: _Text, span: _Span, ends: dict[int, bool]) -> int | None:
    """The end of the title this one continues: "head of | sales", "VP | marketing"; None for none."""
    at = span.start if ends else 0
    while at > 0 and not text.stops(at):
        if at in ends:
            return at
        if text.lower[at - 1] not in _SMALL:
            return None
        at -= 1
    return None


def _of_others(text: _Text, span: _Span, not_own: frozenset[str]) -> bool:
    """Whether the words before a title make it another person's, or the title is part of a handle."""
    at = span.start
    if text.has_handles and text.gaps[at].endswith("@"):
        return True
    while at > 0:
        before = text.lower[at - 1]
        is_theirs = before in not_own or (before == "in" and at >= 2 and text.lower[at - 2] in _SUBJECTS)
        if not (is_theirs or before in _ARTICLES) or text.stops(at):
            return False
        if is_theirs:
            return True
        at -= 1
    return False


def _before_name(text: _Text, span: _Span, name: str, words: TitleWords) -> bool:
    """Whether a title stands before a name that is not the account's: "President Ortiz", "CEO Dana"."""
    at = span.stop
    if at >= len(text.lower) or not text.words[at][:1].isupper() or text.gaps[at] not in (" ", " @"):
        return False
    word, low = text.words[at], text.lower[at]
    if low in _WORD.findall(name.lower()):
        return False
    if span.term in words.personal:
        return word[1:].islower() or text.gaps[at] == " @"
    return low in words.given_names and at + 1 < len(text.lower) and text.words[at + 1][:1].isupper()


def _is_label(text: _Text, span: _Span) -> bool:
    """Whether a subject stands as a label of its own, not inside a sentence."""
    first, last = text.piece(span.start)
    handles = sum("@" in gap for gap in text.gaps[first:last]) if text.has_handles else 0
    before = text.lower[span.start - 1] if span.start > first else ""
    return last - first - handles <= _SHORT or (
        before == "in" and bool({"work", "works", "working"} & {*text.lower[first:last]})
    )


def _is_desk(text: _Text, span: _Span) -> bool:
    """Whether a subject begins a piece and an employer follows: "Press @acme", "Presse bei Hooli"."""
    at = span.stop
    if at >= len(text.lower) or text.piece(span.start)[0] != span.start:
        return False
    is_before_name = text.lower[at] in _AT and at + 1 < len(text.lower) and text.lower[at + 1].isalpha()
    return text.gaps[at] == " @" or is_before_name


def _answer(text: _Text, own: list[_Span]) -> tuple[str, str]:
    """The first role and the highest level; a chief ... officer is one, whatever stands between."""
    if not own:
        return "", ""
    if len(own) == 1 and own[0].group == "roles":
        return own[0].value, ""
    levels = [span.value for span in own if span.group == "seniority"]
    named = sorted((s for s in own if s.group == "roles"), key=lambda s: (s.start, s.start - s.stop))
    role = named[0].value if named else ""
    for span in own:
        if span.term == "chief" and "officer" in text.lower[span.stop : span.stop + 4]:
            levels.append("chief")
            role = role or "executive"
    return role, max(levels, key=SENIORITIES.index, default="")
