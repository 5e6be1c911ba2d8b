"""Which code page a text that is not UTF-8 was written in, or that it cannot be told.

Owns the code pages people have, and the comparison of what a text would be in each. Does not own how
likely a text is (``letters``) nor reading files (``sources.text_files``). Any floor above may import it.

charset-normalizer 3.5 was weighed for this: over the code pages of ``tests/sources/test_encodings.py`` its best
guess misreads 8 of 34 lists of 50 rows and it does not say when it is unsure, while a wrong name must be asked.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from followertui.late import late

if TYPE_CHECKING:
    from followertui.text import letters
else:
    letters = late("followertui.text.letters")


class CodePage(NamedTuple):
    """A way text is written.

    Attributes:
        name: Python's name of the codec.
        label: what a person calls it.
        home: languages whose writers use it.
        prior: how much rarer it is than others, as a logarithm.
    """

    name: str
    label: str
    home: frozenset[str] = frozenset()
    prior: float = 0.0


_WEST = frozenset(["de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "is", "ga"])
_CENTRAL = frozenset(["pl", "cs", "sk", "hu", "ro", "hr", "sl", "de"])
_CYRILLIC = frozenset(["ru", "uk", "bg", "mk"])
_TURKISH, _GREEK, _BALTIC = frozenset(("tr",)), frozenset(("el",)), frozenset(("lt", "lv", "et"))
_JAPANESE, _KOREAN = frozenset(("ja",)), frozenset(("ko",))
_CHINESE, _TRADITIONAL = frozenset(("zh-hans", "zh-hant")), frozenset(("zh-hant",))
_HEBREW, _ARABIC = frozenset(("he",)), frozenset(("ar", "fa"))
_VIETNAMESE, _THAI = frozenset(("vi",)), frozenset(("th",))

CODE_PAGES: tuple[CodePage, ...] = (
    CodePage("cp1252", "Western, Windows", _WEST),
    CodePage("cp1250", "Central European, Windows", _CENTRAL, -1.5),
    CodePage("cp1251", "Cyrillic, Windows", _CYRILLIC),
    CodePage("cp1254", "Turkish, Windows", _TURKISH, -1.5),
    CodePage("cp1257", "Baltic, Windows", _BALTIC, -1.5),
    CodePage("cp1253", "Greek, Windows", _GREEK),
    CodePage("cp1255", "Hebrew, Windows", _HEBREW),
    CodePage("cp1256", "Arabic, Windows", _ARABIC, -1.0),
    CodePage("cp1258", "Vietnamese, Windows", _VIETNAMESE, -2.0),
    CodePage("cp874", "Thai, Windows", _THAI),
    CodePage("cp932", "Japanese, Shift JIS", _JAPANESE),
    CodePage("gb18030", "Chinese, GB 18030", _CHINESE),
    CodePage("cp949", "Korean, Windows", _KOREAN),
    CodePage("cp950", "Chinese, Big5", _TRADITIONAL),
    CodePage("euc_jp", "Japanese, EUC", _JAPANESE, -1.0),
    CodePage("mac_roman", "Western, Mac", _WEST, -1.0),
    CodePage("mac_latin2", "Central European, Mac", _CENTRAL, -2.0),
    CodePage("mac_cyrillic", "Cyrillic, Mac", _CYRILLIC, -2.0),
    CodePage("mac_greek", "Greek, Mac", _GREEK, -2.0),
    CodePage("mac_turkish", "Turkish, Mac", _TURKISH, -2.0),
    CodePage("iso8859_15", "Western, ISO", _WEST, -2.0),
    CodePage("iso8859_2", "Central European, ISO", _CENTRAL, -2.5),
    CodePage("iso8859_5", "Cyrillic, ISO", _CYRILLIC, -3.0),
    CodePage("iso8859_7", "Greek, ISO", _GREEK, -2.0),
    CodePage("iso8859_9", "Turkish, ISO", _TURKISH, -2.0),
    CodePage("koi8_r", "Cyrillic, KOI8", _CYRILLIC, -2.0),
    CodePage("koi8_u", "Ukrainian, KOI8", _CYRILLIC, -2.5),
    CodePage("cp850", "Western, DOS", _WEST, -3.0),
    CodePage("cp437", "American, DOS", _WEST, -3.5),
    CodePage("cp852", "Central European, DOS", _CENTRAL, -3.0),
    CodePage("cp866", "Cyrillic, DOS", _CYRILLIC, -2.0),
    CodePage("cp857", "Turkish, DOS", _TURKISH, -3.5),
    CodePage("cp737", "Greek, DOS", _GREEK, -3.5),
)
"""Code pages that are not told by a mark, the more usual of two alike first."""

_OTHERS = (
    CodePage("utf-8", "UTF-8"),
    CodePage("utf-8-sig", "UTF-8"),
    CodePage("utf-16", "UTF-16"),
    CodePage("utf-16-le", "UTF-16, little-endian"),
    CodePage("utf-16-be", "UTF-16, big-endian"),
    CodePage("utf-32", "UTF-32"),
    CodePage("latin-1", "Western, ISO"),
    CodePage("iso2022_jp", "Japanese, JIS"),
    CodePage("iso8859_6", "Arabic, ISO"),
    CodePage("iso8859_8", "Hebrew, ISO"),
    CodePage("iso8859_13", "Baltic, ISO"),
    CodePage("tis_620", "Thai, TIS 620"),
    CodePage("big5hkscs", "Chinese, Big5 of Hong Kong"),
)
_ALIASES = {
    "mac": "mac_roman", "macroman": "mac_roman", "macintosh": "mac_roman", "shift-jis": "cp932", "sjis": "cp932",
    "gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950", "euc-kr": "cp949", "ansi": "cp1252", "utf8": "utf-8-sig",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "utf-8": "utf-8-sig",
}  # fmt: skip
"""Names people use -> the codec that reads everything they mean by it."""


@cache
def _known() -> dict[str, CodePage]:
    """Codec -> code page; looking all of them up takes longer than most files do."""
    return {codecs.lookup(page.name).name: page for page in (*CODE_PAGES, *_OTHERS)}


READINGS = 3
"""How many code pages a question offers."""

_SURE, _SURE_OF_FEW = 4.5, 8.0
_FEW = 3
_MOST_WORDS = 400
_WORD_BYTES = 80
# Only where a word begins: from every letter of a long one the search for a byte beyond ASCII would take for ever.
_TOKEN = re.compile(rb"(?<![^\x00-\x20\",;()&/:])[^\x00-\x20\",;()&/:]*[\x80-\xff][^\x00-\x20\",;()&/:]*")
_HIGH = bytes(range(0x80, 0x100))
_LOW = bytes(range(0x80))
_CELLS = re.compile("[,;\t|\r\n]")


HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
"""A sign beyond the first 65,536 as R, Java and old databases write it into UTF-8: both halves by themselves."""

JOINED = "followertui.joined"
"""Name of the handler that reads such halves as the sign they are (``errors`` of ``open``)."""

_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def _join(error: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are not UTF-8: a sign for its halves, nothing for one cut off, else U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = HALVES.match(error.object, error.start)
    if pair is not None:
        halves = pair[0].decode("utf-8", "surrogatepass")
        return halves.encode("utf-16", "surrogatepass").decode("utf-16"), pair.end()
    half = _HALF.match(error.object, error.start)
    return ("\ufffd", error.end) if half is None else ("", half.end())


codecs.register_error(JOINED, _join)


class Reading(NamedTuple):
    """A text as one code page would have it.

    Attributes:
        name: of the codec.
        label: what a person calls it.
        sample: up to three cells, as they would be read.
    """

    name: str
    label: str
    sample: tuple[str, ...] = ()


class Guess(NamedTuple):
    """What a text is taken to be written in.

    Attributes:
        name: of the likeliest codec.
        is_certain: whether everything else is far less likely.
        readings: the likeliest ones, at most ``READINGS``, which read the text differently.
    """

    name: str
    is_certain: bool
    readings: tuple[Reading, ...]


def codec_called(name: str) -> str | None:
    """Python's codec for what a person calls an encoding, None for what is none of text."""
    said = name.strip().lower().replace("_", "-").replace(" ", "-")
    for windows in ("windows-", "win-", "cp-"):
        said = f"cp{said.removeprefix(windows)}" if said.startswith(windows) else said
    if said in _ALIASES:
        return _ALIASES[said]
    try:
        page = _known().get(codecs.lookup(said).name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if page is None else page.name


def encodings_known() -> str:
    """Names for a message."""
    return ", ".join(["utf-8", "utf-16", *(page.name for page in CODE_PAGES)])


def label_of(codec: str) -> str:
    """What a person calls a codec."""
    page = _known().get(codecs.lookup(codec).name)
    return codec if page is None else page.label


class Evidence:
    """The words of a file that tell its code page: distinct, few, and every byte beyond ASCII among them."""

    def __init__(self) -> None:
        self._tokens: dict[bytes, None] = {}
        self._lines: list[bytes] = []
        self._seen = b""

    def look(self, chunk: bytes) -> None:
        """Take in a piece of the file."""
        fresh = bytes(set(chunk.translate(None, _LOW + self._seen)))
        if not fresh and len(self._tokens) >= _MOST_WORDS:
            return
        for found in _TOKEN.finditer(chunk):
            token = found[0][:_WORD_BYTES]
            if len(self._tokens) < _MOST_WORDS or any(byte in token for byte in fresh):
                self._tokens[token] = None
                fresh = fresh.translate(None, token)
            elif not fresh:
                break
        self._seen += bytes(set(chunk.translate(None, _LOW + self._seen)))
        if len(self._lines) < READINGS * 8:
            self._lines += [line[:1000] for line in chunk.splitlines() if line.translate(None, _LOW)][: READINGS * 8]

    def guess(self) -> Guess:
        """The likeliest code page, and whether it is certain."""
        joined = b"\n".join(self._tokens)
        best: dict[str, tuple[float, CodePage]] = {}
        for page in CODE_PAGES:
            text = unicodedata.normalize("NFC", joined.decode(page.name, "replace"))
            likely = page.prior + letters.plausibility(text, page.home)
            if text not in best or likely > best[text][0]:
                best[text] = (likely, page)
        ranked = sorted(best.values(), key=lambda pair: -pair[0])[:READINGS]
        sure = _SURE if len(self._tokens) > _FEW else _SURE_OF_FEW
        # Where all read the same there is nothing to choose.
        is_certain = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= sure
        return Guess(ranked[0][1].name, is_certain, tuple(self._readings([page for _, page in ranked])))

    def _readings(self, pages: Sequence[CodePage]) -> Iterator[Reading]:
        """Cells that the pages read differently, as each reads them."""
        whole = b"\n".join([*self._lines, *self._tokens])
        read = [_CELLS.split(whole.decode(page.name, "replace")) for page in pages]
        same = min(map(len, read))
        places = [at for at in range(same) if len({cells[at] for cells in read}) > 1]
        for page, cells in zip(pages, read, strict=True):
            shown = dict.fromkeys(cells[at].strip(" \"'") for at in places)
            yield Reading(page.name, page.label, tuple(filter(None, shown))[:READINGS])
