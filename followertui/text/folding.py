"""Text in one comparable form: plain lower-case ASCII, and the words in it.

Owns case, diacritics, width, decorative letters and transliteration, and splitting handles
into words. It does not know names, companies or legal forms. Anyone above may import it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from followertui.late import late

if TYPE_CHECKING:
    import anyascii
else:
    anyascii = late("anyascii")

_WORD = re.compile(r"[a-z0-9]+")
_PLACED_WORD = re.compile(r"[a-z0-9]+(?:['`][a-z0-9]+)*")
_APOSTROPHE = re.compile(r"(?<=[a-z0-9])['`](?=[a-z0-9])")
_HANDLE_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+")
_SPACES = re.compile(r"\s+")

_MARKS_OF_TRADE = frozenset("™℠®©℗")
_APOSTROPHES = frozenset("’‘ʼʹ´＇′")


def fold(text: str) -> str:
    """Fold a text to lower-case ASCII, without diacritics, width variants or foreign letters.

    Decorative letters (mathematical, circled, full width) become plain ones, other scripts
    are transliterated, pictures and trade marks become spaces. Idempotent.

    Args:
        text: any text.

    Returns:
        ASCII text in lower case; spacing and punctuation are kept.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLDED).lower()


def native(text: str) -> str:
    """Fold a text within its own script: compatibility letters, lower case, no pictures.

    Args:
        text: any text.

    Returns:
        The text in NFKC, case-folded; symbols that are not letters become spaces.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    return unicodedata.normalize("NFKC", plain)


class _Plain(dict[int, str]):
    """Letter -> itself, or the replacement of a symbol; filled on demand."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter in _MARKS_OF_TRADE:
            plain = " "
        elif letter in _APOSTROPHES:
            plain = "'"
        elif unicodedata.category(letter) in _PICTURES and code > 127:
            compatible = unicodedata.normalize("NFKC", letter)
            plain = compatible if compatible.isalnum() else " "
        else:
            plain = letter
        self[code] = plain
        return plain


class _Folded(dict[int, str]):
    """Letter -> plain lower-case ASCII; filled on demand."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", _PLAIN[code])
        plain = "".join(c for c in apart if c.isascii() or unicodedata.category(c) != "Mn")
        if not plain.isascii():
            plain = anyascii.anyascii(plain)
        plain = plain.lower() if code == _LINE_FEED else plain.lower().replace("\n", " ")
        self[code] = plain
        return plain


_LINE_FEED = 10
_PLAIN = _Plain()
_FOLDED = _Folded()

_PICTURES = frozenset({"So", "Sk", "Cf", "Co", "Cn", "Cc", "Cs"})
"""Unicode categories without letters, unless NFKC maps them to one."""


def words(text: str) -> list[str]:
    """The folded words of a text, in order; apostrophes join the letters around them.

    Args:
        text: any text.

    Returns:
        Words of a-z and 0-9, in the order written.
    """
    plain = text.lower() if text.isascii() else fold(text)
    if plain.isalnum():
        return [plain]
    if "'" in plain or "`" in plain:
        plain = _APOSTROPHE.sub("", plain)
    return _WORD.findall(plain)


class PlacedWord(NamedTuple):
    """A folded word, and the offsets in the text as written that it stands between."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=16384)
def placed_words(text: str) -> tuple[PlacedWord, ...]:
    """The folded words of a text with their offsets, in order, as ``words`` gives them.

    Args:
        text: any text.

    Returns:
        Words that stand apart in the text as written; a letter that folds to several words is
        the first of them only.
    """
    if text.isascii():
        plain = text.lower()
        return tuple(PlacedWord(_joined(m.group()), m.start(), m.end()) for m in _PLACED_WORD.finditer(plain))
    letters = [_FOLDED[ord(letter)] for letter in text]
    ends = list(accumulate(map(len, letters)))
    found: list[PlacedWord] = []
    for match in _PLACED_WORD.finditer("".join(letters)):
        start, end = bisect_right(ends, match.start()), bisect_left(ends, match.end()) + 1
        if not found or start >= found[-1].end:
            found.append(PlacedWord(_joined(match.group()), start, end))
    return tuple(found)


def _joined(word: str) -> str:
    """A word without the apostrophes inside it."""
    return word if word.isalnum() else _APOSTROPHE.sub("", word)


def handle_words(handle: str) -> list[str]:
    """The words of a handle, split at capitals, digits and underscores.

    Args:
        handle: without @, case kept: ``NYTimesWorld`` gives ny, times, world.

    Returns:
        Words in lower case, in the order written; a handle without capitals is one word.
    """
    return [part.lower() for part in _HANDLE_PART.findall(handle)]


def squeezed(text: str) -> str:
    """A text with white space trimmed, and every run of it as one space."""
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """The script of a letter: the first word of its Unicode name, lower case."""
    return unicodedata.name(letter, "").partition(" ")[0].lower()


def is_latin(text: str) -> bool:
    """Whether all letters of a text are Latin; true for a text without letters."""
    return text.isascii() or all(
        c.isascii() or not c.isalpha() or script_of(c) in {"latin", "fullwidth", "mathematical", "modifier"}
        for c in text
    )
