"""Queries written back as text."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.fields import FIELDS, SORT_FIELDS
from followertui.domain.query import Query, Range
from followertui.query.parsing import parse
from followertui.query.unparsing import unparse

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_numbers = st.one_of(st.integers(0, 10**9).map(str), st.sampled_from(["0.5", "2.3m", "1k", "0.000001"]))
_durations = st.builds("{}{}".format, st.integers(0, 400), st.sampled_from("hdwmys"))
_dates = st.one_of(
    st.sampled_from(["2026", "2026-10", "2024-02-29", "today", "yesterday", "friday", "7d", "1970", "2199"]),
    st.dates(datetime(1970, 1, 1).date(), datetime(2199, 12, 31).date()).map(str),
)
_words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(field: str) -> st.SearchStrategy[str]:
    kind = FIELDS[field].type.value
    if kind in ("flag", "choice", "match"):
        return st.sampled_from(FIELDS[field].choices)
    if kind in ("text", "name"):
        return _words.filter(lambda text: text.lstrip("@").strip()).map(_quoted)
    of = {"number": _numbers, "duration": _durations, "date": _dates}[kind]
    operators = st.sampled_from([">", ">=", "<", "<=", "="])
    return st.one_of(of, of.map("{}..".format), of.map("..{}".format), st.builds("{}{}".format, operators, of))


_terms = st.one_of(
    st.sampled_from(sorted(set(FIELDS) - {"at"})).flatmap(
        lambda name: _value(name).map(lambda value: f"{name}:{value}")
    ),
    _words.map(_quoted),
    st.sampled_from(["dana", "ORACLE", "@joe", '"OR"', '"kind:bot"', "a,b", "match:90..", "kind:bot,harmful"]),
)
_queries = st.recursive(
    _terms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: "(" + " ".join(parts) + ")"),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: "(" + " OR ".join(parts) + ")"),
        inner.map("-{}".format),
        st.builds("(at:{} {})".format, _dates, inner),
    ),
    max_leaves=8,
)
_orders = st.sampled_from(["", *(f" sort:{name}" for name in SORT_FIELDS), " sort:-posted"])


@given(_queries, _orders, st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Europe/Berlin"]))
@settings(max_examples=300, deadline=None)
def test_what_is_written_reads_the_same(text: str, order: str, zone: str) -> None:
    first = parse(text + order, NOW, ZoneInfo(zone))
    again = parse(unparse(first), NOW, UTC)
    assert (again.where, again.sort) == (first.where, first.sort)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("is:fan  kind:bot", "is:fan kind:bot"),
        ("(a OR b) c sort:-name", "(a OR b) c sort:-name"),
        ("a OR b sort:name", "(a OR b) sort:name"),
        ("-(a b)", "-(a b)"),
        ("a at:2026-10-01", "at:2026-10-01T23:59:59Z a"),
        ("a -(at:2026-10-01 a OR b)", "a -(at:2026-10-01T23:59:59Z a OR b)"),
        ("a (b at:2026-10-01)", "a (at:2026-10-01T23:59:59Z b)"),
        ("at:30d (a OR b)", "at:2026-10-23T12:00:00Z (a OR b)"),
        ('company:"Globex GmbH"', 'company:"Globex GmbH"'),
        ("age:2y", "age:2y"),
        ("silent:..90d", "silent:..90d"),
        ("silent:0d..", "silent:0d.."),
        ("followers:2.3m..", "followers:2300000.."),
        ("ratio:0.5", "ratio:0.5"),
        ("created:2026..", "created:2026-01-01T00:00:00Z.."),
        ("@joe", "handle:@joe"),
    ],
)
def test_the_written_form(text: str, written: str) -> None:
    assert unparse(parse(text, NOW, UTC)) == written


def test_nodes_no_text_gives_are_still_written_in_parentheses() -> None:
    both_open = Query(Range("followers", 1, 9, low_open=True, high_open=True))
    assert unparse(both_open) == "(followers:>1 followers:<9)"
