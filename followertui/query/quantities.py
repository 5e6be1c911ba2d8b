"""Numbers, durations and dates of the query language -> ``domain.query.Range``.

Owns how a value such as ``1k..2.5m``, ``>=90d`` or ``2026-10..`` is read and written. It
knows nothing of fields' meanings or of the grammar. Imported by the modules of ``query`` only.

Rules that are choices:
    A month is a twelfth of a year and a year 365.25 days, so ``12m`` equals ``1y``.
    A bare duration is the interval of its unit: ``age:2y`` is at least 2 and less than 3 years.
    A bare duration on a date is "within the last": ``posted:7d`` reaches from 7 days before
    now, without an upper bound. A weekday is its latest occurrence, today included.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from followertui.domain.errors import BadQuery
from followertui.domain.query import FieldType, Range
from followertui.query.wording import did_you_mean, nearest, shown

UNIT_SECONDS: dict[str, int] = {"y": 31_557_600, "m": 2_629_800, "w": 604_800, "d": 86_400, "h": 3_600, "s": 1}
"""Length of each unit of time in seconds, longest first."""

WEEKDAYS: tuple[str, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Words for the latest such day; the position is ``date.weekday()``."""

_LARGEST = 1e15
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_SUFFIX = {"": "", "k": "e3", "m": "e6"}
_NUMBER = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)([km]?)", re.IGNORECASE)
_DURATION = re.compile(r"([0-9]{1,12})([ymwdhs]?)", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[tT]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?([zZ]|[+-][0-9]{2}:?[0-9]{2})?"
)
_OPERATOR = re.compile(r"(>=|<=|>|<|=)(.*)", re.DOTALL)
_ONE_MINUTE = 60


class Span(NamedTuple):
    """What one value covers, both ends included unless ``is_high_open``."""

    low: float
    high: float | None
    is_high_open: bool = False
    is_relative: bool = False


class When(NamedTuple):
    """The present, and the zone whose days count."""

    now: datetime
    zone: tzinfo


def read_range(field: str, type_: FieldType, text: str, position: int, when: When) -> Range:
    """The range a value stands for.

    Args:
        field: name of the field, for the range and messages.
        type_: NUMBER, MATCH, DURATION or DATE.
        text: the value as typed.
        position: zero-based offset of ``text`` in the query, for messages.
        when: the present and the zone of days.

    Raises:
        BadQuery: when the text is no such value, pointing at the part that is not.
    """
    read = _READERS[type_]
    operator = _OPERATOR.fullmatch(text)
    if operator:
        sign, value = operator.groups()
        at = position + len(sign)
        return _compared(field, sign, _span(read, field, value, at, when))
    low_text, dots, high_text = text.partition("..")
    if not dots:
        span = _span(read, field, text, position, when)
        high = None if span.is_relative else span.high
        return Range(field, span.low, high, high_open=span.is_high_open)
    if not low_text and not high_text:
        raise BadQuery(f"{field}:.. has no bound at {position + 1}: write a.., ..b or a..b", position, 2)
    if type_ is FieldType.DURATION:
        low_text, high_text = _share_unit(low_text, high_text)
    low = _span(read, field, low_text, position, when) if low_text else None
    at = position + len(text) - len(text.partition("..")[2])
    high_span = _span(read, field, high_text, at, when) if high_text else None
    return _between(field, type_, low, high_span, text, position)


def read_moment(field: str, text: str, position: int, when: When) -> float:
    """The end of the one day a value names, epoch seconds UTC.

    Args:
        field: name of the field, for messages.
        text: the value as typed: a date, a weekday, ``30d``.
        position: zero-based offset of ``text`` in the query, for messages.
        when: the present and the zone of days.

    Raises:
        BadQuery: when the text is no day, or a range.
    """
    if ".." in text or _OPERATOR.fullmatch(text):
        message = f"{field}: takes one day such as 2026-10-01, 30d or monday, no range, at {position + 1}"
        raise BadQuery(message, position, len(text))
    span = _span(_date, field, text, position, when)
    return span.low if span.is_relative or span.high is None else span.high


def _share_unit(low: str, high: str) -> tuple[str, str]:
    """``1..2y`` reads as ``1y..2y``: a bound without a unit takes the other's."""
    if low.isdigit() and high[-1:].isalpha():
        return low + high[-1], high
    if high.isdigit() and low[-1:].isalpha():
        return low, high + low[-1]
    return low, high


def _between(field: str, type_: FieldType, low: Span | None, high: Span | None, text: str, position: int) -> Range:
    if low and high and low.is_relative and high.is_relative and low.low > high.low:
        low, high = high, low
    # A bound is the value itself: "..90d" reaches to 90 days, not through the 91st; a day
    # as an upper bound is meant whole.
    top = None if high is None else high.high if type_ is FieldType.DATE and not high.is_relative else high.low
    if low is not None and top is not None and low.low > top:
        message = f"{shown(text)} at {position + 1} runs backwards: write the lower end first"
        raise BadQuery(message, position, len(text))
    return Range(field, None if low is None else low.low, top)


def _compared(field: str, sign: str, span: Span) -> Range:
    top = span.low if span.is_relative or span.is_high_open or span.high is None else span.high
    if sign == ">":
        return Range(field, top, None, low_open=True)
    if sign == ">=":
        return Range(field, span.low, None)
    if sign == "<":
        return Range(field, None, span.low, high_open=True)
    if sign == "<=":
        return Range(field, None, top)
    return Range(field, span.low, None if span.is_relative else span.high, high_open=span.is_high_open)


_Reader = Callable[[str, str, int, When], Span]


def _span(read: _Reader, field: str, text: str, position: int, when: When) -> Span:
    if not text:
        raise BadQuery(f"{field}: has no value at {position + 1}", max(0, position - 1), 1)
    return read(field, text, position, when)


def _number(field: str, text: str, position: int, when: When) -> Span:
    del when
    found = _NUMBER.fullmatch(text)
    if not found:
        message = f"{field}: takes a number such as 500, 1k.. or 10..90, not {shown(text)} at {position + 1}"
        raise BadQuery(message, position, len(text))
    # Through text, since 2.3 * 1e6 is not 2300000 in floating point.
    value = float(found[1] + _SUFFIX[found[2].lower()])
    if value > _LARGEST:
        raise BadQuery(f"{shown(text)} at {position + 1} is too large a number for {field}:", position, len(text))
    return Span(value, value)


def _duration(field: str, text: str, position: int, when: When) -> Span:
    del when
    found = _DURATION.fullmatch(text)
    if not found:
        message = f"{field}: takes a duration such as 90d, 6m.. or 1y..2y, not {shown(text)} at {position + 1}"
        raise BadQuery(message, position, len(text))
    if not found[2]:
        hint = f"{text}d"
        message = f"{field}:{text} at {position + 1} has no unit (h d w m y){did_you_mean(hint)}"
        raise BadQuery(message, position, len(text), hint)
    unit = UNIT_SECONDS[found[2].lower()]
    seconds = int(found[1]) * unit
    if seconds > _LARGEST:
        raise BadQuery(f"{shown(text)} at {position + 1} is too long a duration for {field}:", position, len(text))
    return Span(seconds, seconds + unit, is_high_open=True)


def _date(field: str, text: str, position: int, when: When) -> Span:
    word = text.lower()
    today = when.now.astimezone(when.zone).date()
    if word in ("today", "yesterday"):
        return _days(today - timedelta(days=word == "yesterday"), 1, when.zone)
    if word in WEEKDAYS:
        return _days(today - timedelta(days=(today.weekday() - WEEKDAYS.index(word)) % 7), 1, when.zone)
    found = _DURATION.fullmatch(text)
    if found and found[2]:
        moment = int(when.now.timestamp()) - int(found[1]) * UNIT_SECONDS[found[2].lower()]
        return Span(max(moment, 0), None, is_relative=True)
    try:
        if found := _MOMENT.fullmatch(text):
            return _moment(found, when.zone)
        if found := _DAY.fullmatch(text):
            return _calendar(found, when.zone)
    except (ValueError, OverflowError):
        raise BadQuery(f"{shown(text)} at {position + 1} is no day of the calendar", position, len(text)) from None
    near = nearest(word, ("today", "yesterday", *WEEKDAYS))
    message = f"{field}: takes a date such as 2026-10-01.., 7d or monday, not {shown(text)} at {position + 1}"
    raise BadQuery(message + did_you_mean(near), position, len(text), near)


def _days(first: date, count: int, zone: tzinfo) -> Span:
    return _reaching(first, first + timedelta(days=count), zone)


def _reaching(first: date, following: date, zone: tzinfo) -> Span:
    # The day after is asked for its own midnight: days are 23 or 25 hours long twice a year.
    low = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    high = datetime(following.year, following.month, following.day, tzinfo=zone).timestamp() - 1
    return Span(int(low), int(high))


def _checked_year(text: str, slack: int = 0) -> int:
    year = int(text)
    if not _FIRST_YEAR - slack <= year <= _LAST_YEAR + slack:
        raise ValueError(year)
    return year


def _calendar(found: re.Match[str], zone: tzinfo) -> Span:
    year = _checked_year(found[1])
    if found[2] is None:
        return _reaching(date(year, 1, 1), date(year + 1, 1, 1), zone)
    month = int(found[2])
    first = date(year, month, 1)
    if found[3] is None:
        return _reaching(first, date(year + month // 12, month % 12 + 1, 1), zone)
    return _days(date(year, month, int(found[3])), 1, zone)


def _moment(found: re.Match[str], zone: tzinfo) -> Span:
    # One year more at both ends: a day there may begin in the next year of UTC.
    year, month, day, hour, minute = _checked_year(found[1], slack=1), *(int(found[i]) for i in range(2, 6))
    offset = found[7]
    if offset:
        zone = _offset(offset)
    seconds = int(found[6] or 0)
    low = int(datetime(year, month, day, hour, minute, seconds, tzinfo=zone).timestamp())
    return Span(low, low if found[6] else low + _ONE_MINUTE - 1)


def _offset(text: str) -> tzinfo:
    if text in "zZ":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


_READERS: dict[FieldType, _Reader] = {
    FieldType.NUMBER: _number,
    FieldType.MATCH: _number,
    FieldType.DURATION: _duration,
    FieldType.DATE: _date,
}
