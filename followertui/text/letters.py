"""How much a text reads like one people write, by which letters stand beside each other.

Owns the figures behind guessing a code page; ``encodings`` asks it. Only characters beyond ASCII
count: all code pages read the others alike. Does not own which code pages there are.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import pairwise

ASCII = -3.0
"""What an ASCII character costs, so that a code page which takes two bytes for one letter gains nothing by it."""

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_WORD = re.compile(f"(?:[^\\W\\d_]|[{_MARKS}])+")
_SAME_NEIGHBOURS = 27.0
_LITTLE = 0.3
_LATIN_SHARE = 0.15
_NO_LETTER_OF_IT = -12.0
_OTHER_SCRIPT = -14.0
_CASE_BREAK = -5.0
_FOREIGN = -2.5
_SWITCH = -4.0
_LETTER_ALONE = -8.0
_WORDS_OF_ONE = frozenset("\u00e0\u00e1\u00e8\u00e9\u00ed\u00f3\u00fa")
_BROKEN = -14.0
_ODD_SYMBOL = -11.0

_WIDE = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f]"
)
_OPENING = frozenset("\u00ab\u2018\u201c\u201e\u201a\u00bf\u00a1")
_CLOSING = frozenset("\u00bb\u2019\u201d\u201c\u2026\u2122\u00ae\u00a9\u00b2\u00b3\u00b0\u00ba\u00aa")
_USUAL = frozenset("\u00a9\u00ae\u2122\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e")
_FREE = frozenset("\u20ac\u00a3\u00a7\u00a0\u2116")
_APART = frozenset("\u2013\u2014\u2022\u00b7\u00bd\u00d7\u2212\u2026")
_DASHES = frozenset("\u2013\u2014\u2022\u00b7")
_BLANK = frozenset(("", " ", "\n", "\u00a0"))
_WIDE_SIGNS = re.compile("[\u3000-\u3003\u3008-\u3011\u3014\u3015\u301c\u30fb\uff01-\uff60\uff5e]")


class _Alphabet:
    """One language's pairs of letters.

    Args:
        counts: pair -> how often it was counted.
        is_latin: whether most of its letters are ASCII and stand in no pair.
    """

    def __init__(self, counts: dict[str, int], is_latin: bool) -> None:
        self._pairs = counts
        self._before: dict[str, int] = defaultdict(int)
        for pair, count in counts.items():
            if pair[1] != "$" and not pair[1].isascii():
                self._before[pair[1]] += count
        total = sum(self._before.values())
        share = _LATIN_SHARE if is_latin else 1.0
        self._often = {letter: math.log(share * count / total) for letter, count in self._before.items()}

    def cost(self, word: str) -> float:
        """How likely a word in lower case is, as a logarithm."""
        cost = 0.0
        marked = f"^{word}$"
        for at, letter in enumerate(word, start=1):
            if letter.isascii():
                cost += ASCII
                continue
            often = self._often.get(letter)
            if often is None:
                cost += _NO_LETTER_OF_IT
                continue
            cost += often + self._beside(marked[at - 1 : at + 1], letter, marked[at - 1])
            if marked[at + 1].isascii():
                cost += self._beside(marked[at : at + 2], letter, "")
        return cost

    def _beside(self, pair: str, letter: str, before: str) -> float:
        """How much a neighbour speaks for a letter."""
        share = (self._pairs.get(pair, 0) + _LITTLE) / (self._before[letter] + _LITTLE * _SAME_NEIGHBOURS)
        usual = self._often.get(before)
        return math.log(share) - (usual if usual is not None else -math.log(_SAME_NEIGHBOURS))


class _Signs:
    """One language written without an alphabet.

    Args:
        counts: sign -> how often it was counted.
        name: of the language.
    """

    def __init__(self, counts: dict[str, int], name: str) -> None:
        total = sum(counts.values())
        self._often = {sign: math.log(0.7 * count / total) for sign, count in counts.items()}
        self._name = name

    def cost(self, word: str) -> float:
        """How likely a word is, as a logarithm."""
        return sum(self._often.get(sign) or self._rare(sign) for sign in word)

    def _rare(self, sign: str) -> float:
        """A sign that was not counted, by how common its group is."""
        if sign.isascii():
            return ASCII - 1
        if not _WIDE.match(sign):
            return _OTHER_SCRIPT
        if "\u3040" <= sign <= "\u30ff":
            return -6.5 if self._name == "ja" else _OTHER_SCRIPT
        if "\uff66" <= sign <= "\uff9f":
            return -9.0 if self._name == "ja" else _OTHER_SCRIPT
        if "\uac00" <= sign <= "\ud7a3":
            if self._name != "ko":
                return _OTHER_SCRIPT
            return -9.5 if _is_common(sign, "ko") else -12.5
        return -9.5 if _is_common(sign, self._name) else -12.5


_COMMON = {"ja": ("euc_jp", 0xB0, 0xCF), "zh-hans": ("gb2312", 0xB0, 0xD7), "zh-hant": ("big5", 0xA4, 0xC6),
           "ko": ("euc_kr", 0xB0, 0xC8)}  # fmt: skip
"""Language -> a standard, and the first bytes of the signs it holds to be the common ones."""


def _is_common(sign: str, language: str) -> bool:
    standard, first, last = _COMMON[language]
    coded = sign.encode(standard, "ignore")
    return len(coded) == 2 and first <= coded[0] <= last


@cache
def _languages() -> tuple[dict[str, dict[str, _Alphabet]], dict[str, _Signs]]:
    """Alphabets by script and language, and languages without one."""
    alphabets: dict[str, dict[str, _Alphabet]] = defaultdict(dict)
    signs: dict[str, _Signs] = {}
    for line in files("followertui.text").joinpath("letters.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, what, *columns = line.split("\t")
        step = 2 if what == "pairs" else 1
        counts: dict[str, int] = {}
        for column in columns:
            power, _, text = column.partition(" ")
            counts.update((text[at : at + step], 1 << int(power)) for at in range(0, len(text), step))
        if what == "letters":
            signs[name] = _Signs(counts, name)
            continue
        script = next(_script_of(letter) for pair in counts for letter in pair if not letter.isascii())
        alphabets[script][name] = _Alphabet(counts, script == "LATIN")
    return alphabets, signs


def _script_of(letter: str) -> str:
    """The first word of a letter's name: its script."""
    return unicodedata.name(letter, "?").partition(" ")[0]


@cache
def _costs(word: str) -> tuple[float, dict[str, float]]:
    """What a word with letters beyond ASCII costs anywhere, and in each language that could have it."""
    alphabets, signs = _languages()
    if _WIDE.search(word):
        return 0.0, {name: language.cost(word) for name, language in signs.items()}
    scripts = {_script_of(letter) for letter in word if not letter.isascii()}
    if len(scripts) > 1:
        scripts.discard("COMBINING")
    lower = word.replace("\u0130", "\0").lower().replace("\0", "\u0130")
    cost = _CASE_BREAK * _case_breaks(word)
    if len(word) == 1 and lower not in _WORDS_OF_ONE:
        cost += _LETTER_ALONE
    if scripts != {"LATIN"}:
        cost += _SWITCH * _switches(word)
    known = alphabets.get(next(iter(scripts))) if len(scripts) == 1 else None
    if known is None:
        price = _OTHER_SCRIPT if len(scripts) > 1 else _NO_LETTER_OF_IT
        return cost + sum(ASCII if letter.isascii() else price for letter in word), {}
    return cost, {name: language.cost(lower) for name, language in known.items()}


def _word_cost(word: str, home: frozenset[str]) -> float:
    """How likely a word is in the language that fits it best, as a logarithm."""
    cost, languages = _costs(word)
    if not languages:
        return cost
    return cost + max(one if name in home else one + _FOREIGN for name, one in languages.items())


def _case_breaks(word: str) -> int:
    """How often a capital follows a small letter where one of them is not ASCII."""
    return sum(
        one.islower() and other.isupper() and not (one.isascii() and other.isascii()) for one, other in pairwise(word)
    )


def _switches(word: str) -> int:
    """How often a word changes between ASCII letters and others."""
    return sum(one.isascii() != other.isascii() for one, other in pairwise(word))


def plausibility(text: str, home: frozenset[str]) -> float:
    """How likely a text is to be what people wrote, as a logarithm; only comparisons mean something.

    Args:
        text: words parted by white space, decoded from the same bytes as the text it is compared with.
        home: languages whose writers would have used the code page it was decoded by.
    """
    cost = 0.0
    end = 0
    for found in _WORD.finditer(text):
        word = found[0]
        cost += _between(text, end, found.start())
        cost += ASCII * len(word) if word.isascii() else _word_cost(word, home)
        end = found.end()
    return cost + _between(text, end, len(text))


def _between(text: str, start: int, end: int) -> float:
    """What stands between words."""
    return sum(ASCII if text[at].isascii() else _sign_cost(text, at) for at in range(start, end))


def _sign_cost(text: str, at: int) -> float:
    """A sign that is no letter, by where it stands."""
    sign = text[at]
    if sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Co", "Cn"):
        return _BROKEN
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if _WIDE_SIGNS.match(sign):
        return -4.5 if _WIDE.match(before or " ") or _WIDE.match(after or " ") else -9.0
    if sign.isdigit() and sign not in "\u00b2\u00b3\u00b9":
        return -6.0
    is_after, is_before = before.isalpha(), after.isalpha()
    if is_after and is_before:
        return -7.0 if sign in "\u2019\u00b7\u200c\u200d" else -12.0
    if sign in _DASHES and before in _BLANK and after in _BLANK:
        return -3.5
    if (sign in _OPENING and not is_after) or (sign in _CLOSING and not is_before) or sign in _FREE:
        return -4.5 if sign in _USUAL else -6.0
    if sign in _APART:
        return -8.0 if is_after or is_before else -6.0
    return _ODD_SYMBOL
