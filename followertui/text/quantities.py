"""Counts, ids, dates and yes/no from cells of files, repaired where that is safe.

Owns reading single values from foreign cells. What cannot be read without guessing is refused,
never rounded. Does not own which column means what (``sources``). Any floor above ``domain``
may import it; stdlib only.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_ERRORS = """
    #ref! #name? #n/a #value! #div/0! #num! #null! #spill! #calc! #field! #blocked! #connect! #unknown! #busy! #error!
    #getting_data err:502 err:504 err:508 err:509 err:511 err:522 err:523
    #bezug! #nv #wert! #zahl! #überlauf! #feld! #nom? #valeur! #nombre! #nul! #propagation!
    #¡ref! #¿nombre? #n/d #¡valor! #¡div/0! #¡num! #¡nulo! #¡desbordamiento!
    #rif! #nome? #n/d! #valore! #nullo! #valor! #núm! #nulo! #despejar!
    #verw! #naam? #n/b #waarde! #deel/0! #getal! #leeg! #referens! #namn? #saknas! #värdefel! #division/0! #ogiltigt!
    #skärning! #reference! #navn? #i/t #værdi! #verdi! #viittaus! #nimi? #puuttuu! #arvo! #jako/0! #luku! #tyhjä!
    #adr! #nazwa? #arg! #dziel/0! #liczba! #zero! #odkaz! #název? #není_k_dispozici #hodnota! #dělení_nulou! #číslo!
    #hiv! #név? #hiányzik #érték! #zéróosztó! #szám! #nulla! #başv! #ad? #yok #değer! #sayı/0! #böl/0! #sayı! #boş!
    #ссылка! #имя? #н/д #знач! #дел/0! #число! #пусто! #перенос!
"""
SPREADSHEET_ERRORS: frozenset[str] = frozenset(_ERRORS.split())
"""What spreadsheets write where a formula has no value, lower case, in the languages they translate it to."""

NOTHING: frozenset[str] = SPREADSHEET_ERRORS | {
    "", "-", "--", "\u2013", "\u2014", "n/a", "na", "nan", "null", "none", "nil", "undefined", "nat", "(none)"
}  # fmt: skip
"""Cells, lower case, that count as empty."""

MAX_ID = 2**63 - 1

_MULTIPLIERS = {
    **dict.fromkeys(("k", "tsd", "mil", "thousand"), 1_000),
    **dict.fromkeys(("m", "mio", "mn", "million"), 1_000_000),
    **dict.fromkeys(("b", "bn", "mrd", "billion"), 1_000_000_000),
    **dict.fromkeys(("\u4e07", "\u842c", "\ub9cc"), 10_000),
}
_COUNT = re.compile(
    r"([0-9][0-9.,'\u2019 \u00a0\u202f]*)(k|tsd|mil|thousand|m|mio|mn|million|b|bn|mrd|billion|万|萬|만)?\.?\+?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'\u2019 \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_LAKH = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}")
_WHOLE_FLOAT = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE)


def is_nothing(value: str) -> bool:
    """Whether a cell counts as empty (blank, ``n/a``, ``null``, a dash)."""
    return value.strip().lower() in NOTHING


def unquote_cell(value: str) -> str:
    """A cell without what spreadsheets wrap text in: a leading apostrophe, ``="..."``, blanks."""
    text = value.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1].strip()
    return text[1:].strip() if text.startswith("'") else text


def parse_count(value: object) -> int:
    """A count as people and tools write it: ``12,345``, ``12.345``, ``1.2K``, ``3,4M``, ``17.0``.

    Args:
        value: a cell, a JSON number or text.

    Returns:
        A whole number from 0 up.

    Raises:
        ValueError: it is not a count; the message says why.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError("no number")
    if isinstance(value, (int, float)):
        # Infinity and no-number fail the first comparison.
        if not 0 <= value <= MAX_ID or value != int(value):
            raise ValueError("no whole number from 0 up")
        return int(value)
    text = unquote_cell(str(value))
    if text.isascii() and text.isdigit():
        return _bounded(int(text[:20]))
    if _SCIENTIFIC.fullmatch(text):
        exact = float(text.replace(",", "."))
        if exact > 2**53 or exact != int(exact):
            raise ValueError("damaged by a spreadsheet")
        return int(exact)
    found = _COUNT.fullmatch(text)
    if found is None:
        raise ValueError("no whole number from 0 up")
    digits = found.group(1).strip()
    suffix = (found.group(2) or "").lower()
    return _bounded(_scaled(digits, _MULTIPLIERS[suffix]) if suffix else _grouped(digits))


def _bounded(count: int) -> int:
    if count > MAX_ID:
        raise ValueError("too large for a count")
    return count


def _grouped(digits: str) -> int:
    """Digits in groups, or with a fraction of zeros, without a suffix."""
    if digits.isdigit():
        return int(digits)
    if _GROUPED.fullmatch(digits) or _LAKH.fullmatch(digits):
        return int(re.sub(r"[^0-9]", "", digits))
    whole = _WHOLE_FLOAT.fullmatch(digits)
    if whole is not None:
        return int(whole.group(1))
    raise ValueError("no whole number from 0 up")


def _scaled(digits: str, factor: int) -> int:
    """Digits before ``K`` or ``M``: a single separator is a decimal point, unless a comma groups three digits."""
    plain = digits.replace(",", ".") if digits.count(",") == 1 and not re.search(r",[0-9]{3}$", digits) else digits
    plain = re.sub(r"['\u2019 \u00a0\u202f,]", "", plain)
    try:
        return round(float(plain) * factor)
    except (ValueError, OverflowError):
        raise ValueError("no whole number from 0 up") from None


def parse_id(value: object) -> int:
    """An X id; a value damaged by a spreadsheet is refused, not rounded.

    Zeros after the fifteenth digit are not refused here, because real ids may end in them: only
    the whole column shows whether it was damaged (``looks_rounded``).

    Args:
        value: a cell, a JSON number or text.

    Returns:
        1 to 2**63 - 1.

    Raises:
        ValueError: it is not an id or was damaged; the message says why.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError("no id")
    if isinstance(value, float):
        if not 0 < value < 2**53 or value != int(value):
            raise ValueError("id damaged by a spreadsheet (stored as a decimal number)")
        value = int(value)
    text = value if isinstance(value, str) else str(value)
    if not (text.isascii() and text.isdigit()):
        text = unquote_cell(text)
        if _SCIENTIFIC.fullmatch(text):
            raise ValueError("id damaged by a spreadsheet (scientific notation)")
        whole = _WHOLE_FLOAT.fullmatch(text)
        if whole is not None:
            text = whole.group(1)
            if len(text) > 15:
                raise ValueError("id damaged by a spreadsheet (stored as a decimal number)")
        if not (text.isascii() and text.isdigit()):
            raise ValueError("no id: an id is digits only")
    if len(text) > 19 or not 0 < (number := int(text)) <= MAX_ID:
        raise ValueError("no id: out of range")
    if number >= 10**15 and number % 10**7 == 0:
        raise ValueError("id damaged by a spreadsheet (ends in zeros)")
    return number


def looks_rounded(x_id: int) -> bool:
    """Whether an id has at least 16 digits and only zeros after the fifteenth, as spreadsheets round it."""
    if x_id < 10**15:
        return False
    return x_id % int("1" + "0" * (len(str(x_id)) - 15)) == 0


# Source: X's ids contain milliseconds since 2010-11-04T01:42:54.657Z above bit 22.
_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
_FIRST_SNOWFLAKE = 30_000_000_000


def snowflake_time(post_id: int) -> int | None:
    """Time of a post from its id, epoch seconds UTC; None for ids older than the scheme."""
    if post_id < _FIRST_SNOWFLAKE:
        return None
    return ((post_id >> 22) + _SNOWFLAKE_EPOCH_MS) // 1000


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro januari ene gen",
            "feb february februar fevrier février febrero febbraio fevereiro februari fev fév",
            "mar march marz märz mars marzo março marco maart mär mrz",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio maio mei mag",
            "jun june juni juin junio giugno junho giu",
            "jul july juli juillet julio luglio julho lug",
            "aug august augusti augustus août aout agosto ago",
            "sep sept september septembre septiembre settembre setembro set",
            "oct october oktober octobre octubre ottobre outubro okt ott out",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre decembre diciembre dicembre dezembro dez dic déc des",
        ),
        start=1,
    )
    for name in names.split()
}
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})")
_DAY_WORD = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ .\-]+([^\W\d_]{3,10})\.?[ ,\-]+([0-9]{2,4})\b(.*)")
_WORD_DAY = re.compile(r"(?:joined )?([^\W\d_]{3,10})\.? (?:([0-9]{1,2})(?:st|nd|rd|th)?,? )?([0-9]{4})\b(.*)", re.I)
_SLASHED = re.compile(r"([0-9]{1,2})[./\-]([0-9]{1,2})[./\-]([0-9]{2,4})\b(.*)")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})\b(.*)")
_RUN_TOGETHER = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])")
_WEEKDAY = re.compile(r"[^\W\d]{2,12}\.?,\s+")
_BETWEEN = str.maketrans({"年": "/", "月": "/", "日": " "})
_CLOCK = re.compile(r"[, T]*(?:at )?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)? ?([AaPp][Mm])?.*")
_EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)


def parse_moment(value: object, *, day_first: bool | None = False) -> int:
    """A date or time in any format exports use, as epoch seconds UTC; without a zone it is UTC.

    Takes ISO 8601, X's own ``Wed Oct 10 20:19:24 +0000 2018``, ``12 Jun 2024``, ``Jun 12, 2024``,
    ``Dec 2015``, ``2024/06/12``, ``20240612``, ``12.06.2024``, seconds, milliseconds or microseconds since 1970,
    and a spreadsheet's day number.

    Args:
        value: a cell or JSON value.
        day_first: how to read ``03/04/2024``, where both orders are valid; None refuses it.

    Returns:
        Epoch seconds.

    Raises:
        ValueError: it is not a date, or is one of two.
    """
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(float(value))
    text = unquote_cell(str(value))
    try:
        return _from_iso(text)
    except ValueError:
        pass
    native = _TWITTER.fullmatch(text)
    try:
        if native is not None:
            month, day, clock, zone, year = native.groups()
            return _from_iso(f"{year}-{_MONTHS[month.lower()]:02}-{int(day):02}T{clock}{zone}")
        together = _RUN_TOGETHER.fullmatch(text)
        if together is not None:
            return _from_iso("-".join(together.groups()))
        if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
            return _from_number(float(text))
        return _from_words(text, day_first)
    except (KeyError, OverflowError, OSError):
        raise ValueError("no date") from None


def _from_iso(text: str) -> int:
    if len(text) < 10 or text[4] != "-":
        raise ValueError("no date")
    moment = datetime.fromisoformat(text.replace(" +", "+").replace(" UTC", "+00:00").replace(" Z", "Z"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _from_number(number: float) -> int:
    if 1e14 <= number < 1e17:
        number /= 1e6
    elif 1e11 <= number < 1e14:
        number /= 1e3
    if 1e8 <= number < 1e11:
        return int(number)
    if 30_000 <= number < 80_000:
        return int((_EXCEL_DAY_ZERO + timedelta(days=number)).timestamp())
    raise ValueError("no date")


def _from_words(text: str, day_first: bool | None) -> int:
    text = _WEEKDAY.sub("", text, count=1).replace(" de ", " ").translate(_BETWEEN)
    for pattern in (_YEAR_FIRST, _DAY_WORD, _WORD_DAY, _SLASHED):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        first, second, third, rest = found.groups()
        if pattern is _YEAR_FIRST:
            return _at(int(first), int(second), int(third), rest)
        if pattern is _DAY_WORD:
            return _at(int(third), _MONTHS[second.lower()], int(first), rest)
        if pattern is _WORD_DAY:
            return _at(int(third), _MONTHS[first.lower()], int(second or 1), rest)
        one, two = int(first), int(second)
        if day_first is None and _may_be_two(text, one, two):
            raise ValueError("day and month cannot be told apart")
        day, month = (one, two) if one > 12 or (two <= 12 and (day_first or _is_dotted(text))) else (two, one)
        return _at(int(third), month, day, rest)
    raise ValueError("no date")


def _at(year: int, month: int, day: int, rest: str) -> int:
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    clock = _CLOCK.fullmatch(rest)
    hour, minute, second = 0, 0, 0
    if clock is not None:
        hour, minute, second = int(clock.group(1)), int(clock.group(2)), int(clock.group(3) or 0)
        half = (clock.group(4) or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


def _is_dotted(text: str) -> bool:
    """Whether a date is written with dots, which puts the day first everywhere."""
    return text.lstrip("0123456789")[:1] == "."


def _may_be_two(text: str, one: int, two: int) -> bool:
    return one != two and one <= 12 and two <= 12 and not _is_dotted(text)


def both_readings(text: str) -> tuple[int, int] | None:
    """What ``03/04/2024`` is with the day first and with the month first.

    Args:
        text: a cell.

    Returns:
        Epoch seconds of each, None where there is only one way to read it or it is no such date.
    """
    found = _SLASHED.fullmatch(unquote_cell(text))
    if found is None or not _may_be_two(found.group(0), int(found.group(1)), int(found.group(2))):
        return None
    try:
        return parse_moment(text, day_first=True), parse_moment(text, day_first=False)
    except ValueError:
        return None


def told_order(text: str) -> bool | None:
    """Whether a date puts the day first (``23/04/2024``, ``3.4.2024``) or the month (``04/23/2024``).

    Args:
        text: a cell.

    Returns:
        None where it shows neither, as ``03/04/2024`` and ``2024-04-03``.
    """
    found = _SLASHED.fullmatch(unquote_cell(text))
    if found is None:
        return None
    one, two = int(found.group(1)), int(found.group(2))
    if not (0 < one <= 31 and 0 < two <= 31) or (one > 12 and two > 12):
        return None
    if one > 12 or _is_dotted(found.group(0)):
        return True
    return False if two > 12 else None


_YES = frozenset({"1", "1.0", "true", "t", "yes", "y", "x", "ja", "oui", "si", "sì", "sí", "sim", "tak", "kyllä", "on"})
_YES_MORE = frozenset({"wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "sant", "はい", "✓", "✔", "✅", "☑"})
_NO = frozenset({"0", "0.0", "false", "f", "no", "n", "nein", "non", "não", "nao", "nie", "nee", "nej", "ei", "off"})
_NO_MORE = frozenset({"falsch", "faux", "falso", "falskt", "いいえ", "✗", "✘", "❌"})
_FLAGS = {**dict.fromkeys(_YES | _YES_MORE, 1), **dict.fromkeys(_NO | _NO_MORE, 0)}


def parse_flag(value: object) -> int | None:
    """1 for yes, 0 for no, None for neither."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return int(value) if value in (0, 1) else None
    return None if value is None else _FLAGS.get(str(value).strip().lower())
