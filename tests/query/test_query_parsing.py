"""Query text -> domain values: the whole language, its errors, and hostile input."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.errors import BadQuery
from followertui.domain.fields import FIELDS, FLAGS, HAS_FIELDS, SORT_FIELDS
from followertui.domain.query import And, At, Equals, Flag, Has, Node, Not, Or, Range, Sort, Words
from followertui.query.parsing import MAX_DEPTH, MAX_LENGTH, parse
from followertui.query.tables import COMPILED, compile_tables, grammar, grammar_hash

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
T = int(NOW.timestamp())
DAY = 86_400
YEAR = 31_557_600


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def where(text: str) -> Node:
    return parse(text, NOW, UTC).where


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", And(())),
        ("   ", And(())),
        ("dana", Words("dana")),
        ('"Dana Ortiz"', Words("Dana Ortiz", is_phrase=True)),
        (r'"a \"b\" \\ c"', Words(r'a "b" \ c', is_phrase=True)),
        ("Ortiz, Dana", And((Words("Ortiz,"), Words("Dana")))),
        ("foo-bar", Words("foo-bar")),
        ("10:30", Words("10:30")),
        ("@dana_ortiz", Equals("handle", "@dana_ortiz")),
        ("handle:@dana", Equals("handle", "@dana")),
        ("handle:dana", Equals("handle", "dana")),
        ("a b", And((Words("a"), Words("b")))),
        ("a AND b", And((Words("a"), Words("b")))),
        ("a or b", And((Words("a"), Words("or"), Words("b")))),
        ("a OR b c", Or((Words("a"), And((Words("b"), Words("c")))))),
        ("(a OR b) c", And((Or((Words("a"), Words("b"))), Words("c")))),
        ("ORACLE", Words("ORACLE")),
        ("-a", Not(Words("a"))),
        ("NOT a", Not(Words("a"))),
        ("-(a b)", Not(And((Words("a"), Words("b"))))),
        ("is:leader match:none", And((Flag("leader"), Equals("match", "none")))),
        (
            "-is:left left:2026",
            And((Not(Flag("left")), Range("left", at("2026-01-01T00:00Z"), at("2026-12-31T23:59:59Z")))),
        ),
        ("kind:Customer,prospect", Or((Equals("kind", "customer"), Equals("kind", "prospect")))),
        ("kind:customer, prospect", Or((Equals("kind", "customer"), Equals("kind", "prospect")))),
        ("-kind:bot,harmful", Not(Or((Equals("kind", "bot"), Equals("kind", "harmful"))))),
        ('company:"Globex GmbH"', Equals("company", "Globex GmbH")),
        ('company:"Globex GmbH",Initech', Or((Equals("company", "Globex GmbH"), Equals("company", "Initech")))),
        ("name:OR", Equals("name", "OR")),
        ("bio:kind:x", Equals("bio", "kind:x")),
        ("tag:VIP", Equals("tag", "VIP")),
        ("KIND:customer", Equals("kind", "customer")),
        ("plan:remove-follower", Equals("plan", "remove-follower")),
        ("has:bio", Has("bio")),
        ("is:left", Flag("left")),
    ],
)
def test_a_text_means(text: str, node: Node) -> None:
    assert where(text) == node


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("followers:500", Range("followers", 500, 500)),
        ("followers:1k..2.3m", Range("followers", 1_000, 2_300_000)),
        ("followers:5K..", Range("followers", 5_000, None)),
        ("followers:..50", Range("followers", None, 50)),
        ("followers:>10", Range("followers", 10, None, low_open=True)),
        ("followers:>=10", Range("followers", 10, None)),
        ("followers:<10", Range("followers", None, 10, high_open=True)),
        ("followers:<=10", Range("followers", None, 10)),
        ("followers:=10", Range("followers", 10, 10)),
        ("ratio:0.5..1.25", Range("ratio", 0.5, 1.25)),
        ("match:90..", Range("match", 90, None)),
        ("match:>90", Range("match", 90, None, low_open=True)),
        ("age:2y", Range("age", 2 * YEAR, 3 * YEAR, high_open=True)),
        ("age:2y..", Range("age", 2 * YEAR, None)),
        ("age:1..2y", Range("age", YEAR, 2 * YEAR)),
        ("age:12m..", Range("age", YEAR, None)),
        ("silent:..90d", Range("silent", None, 90 * DAY)),
        ("silent:>3w", Range("silent", 21 * DAY, None, low_open=True)),
        ("silent:<12h", Range("silent", None, 43_200, high_open=True)),
        ("posted:7d", Range("posted", T - 7 * DAY, None)),
        ("posted:7d..30d", Range("posted", T - 30 * DAY, T - 7 * DAY)),
        ("posted:..7d", Range("posted", None, T - 7 * DAY)),
        ("created:2026", Range("created", at("2026-01-01T00:00Z"), at("2026-12-31T23:59:59Z"))),
        ("created:2026-02", Range("created", at("2026-02-01T00:00Z"), at("2026-02-28T23:59:59Z"))),
        ("created:2026-12", Range("created", at("2026-12-01T00:00Z"), at("2026-12-31T23:59:59Z"))),
        ("created:2026-10-01", Range("created", at("2026-10-01T00:00Z"), at("2026-10-01T23:59:59Z"))),
        ("created:2026-10-01..", Range("created", at("2026-10-01T00:00Z"), None)),
        ("created:2026-10..2026-11", Range("created", at("2026-10-01T00:00Z"), at("2026-11-30T23:59:59Z"))),
        ("created:>2026", Range("created", at("2026-12-31T23:59:59Z"), None, low_open=True)),
        ("created:<2026", Range("created", None, at("2026-01-01T00:00Z"), high_open=True)),
        ("created:<=2026", Range("created", None, at("2026-12-31T23:59:59Z"))),
        ("created:2026-10-01T10:30Z", Range("created", at("2026-10-01T10:30Z"), at("2026-10-01T10:30:59Z"))),
        ("created:2026-10-01T10:30:05+02:00", Range("created", *[at("2026-10-01T08:30:05Z")] * 2)),
        ("followed:today", Range("followed", at("2026-11-22T00:00Z"), at("2026-11-22T23:59:59Z"))),
        ("followed:yesterday", Range("followed", at("2026-11-21T00:00Z"), at("2026-11-21T23:59:59Z"))),
        ("followed:monday..", Range("followed", at("2026-11-16T00:00Z"), None)),
        ("followed:sunday", Range("followed", at("2026-11-22T00:00Z"), at("2026-11-22T23:59:59Z"))),
    ],
)
def test_a_value_is_the_range(text: str, expected: Range) -> None:
    assert where(text) == expected


def test_half_a_character_is_pointed_at() -> None:
    with pytest.raises(BadQuery) as caught:
        parse("globex \udce9 is:leader", NOW, UTC)
    assert caught.value.position == 7
    assert "UTF-8" in str(caught.value)


def test_days_are_the_persons_days() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    berlin = parse("followed:today", late, ZoneInfo("Europe/Berlin")).where
    assert berlin == Range("followed", at("2026-11-23T00:00+01:00"), at("2026-11-23T23:59:59+01:00"))


def test_the_day_the_clocks_change_has_25_hours() -> None:
    day = parse("created:2026-10-25", NOW, ZoneInfo("Europe/Berlin")).where
    assert isinstance(day, Range)
    assert day.low is not None
    assert day.high is not None
    assert day.high - day.low + 1 == 25 * 3600


@pytest.mark.parametrize(
    "text",
    ["sort:-posted a b", "a sort:-posted b", "a b sort:-posted", "a (b sort:-posted)", "sort:-posted a b sort:-posted"],
)
def test_the_order_may_stand_anywhere(text: str) -> None:
    query = parse(text, NOW, UTC)
    assert query.sort == Sort("posted", True)
    assert query.where == And((Words("a"), Words("b")))
    assert query.text == text


def test_an_order_takes_no_part_in_or() -> None:
    assert where("a OR sort:name") == Words("a")
    assert where("(sort:name)") == And(())


@pytest.mark.parametrize(
    ("text", "position", "length", "suggestion", "says"),
    [
        ("knd:x", 0, 3, "kind", 'unknown field "knd" at 1: did you mean "kind"?'),
        ("a -knd:x", 3, 3, "kind", "at 4"),
        ("http://x.example", 0, 4, None, "quote it"),
        ("is:folower", 3, 7, "follower", "did you mean"),
        ("kind:x", 5, 1, None, "it takes unseen"),
        ("has:foo", 4, 3, None, "it takes"),
        ("match:certian", 6, 7, "certain", "certain"),
        ("sort:folowers", 5, 8, "followers", "cannot sort"),
        ("sort:bio", 5, 3, "bot", "cannot sort"),
        ("sort:name sort:-name", 10, 10, None, "only one order"),
        ("sort:name,posted", 10, 1, None, "only one order"),
        ("-sort:name", 1, 5, None, "sort:-field"),
        ("NOT (a sort:name)", 7, 5, None, "sort:-field"),
        ('a "b c', 2, 4, None, "never closed"),
        ('bio:"b c', 4, 4, None, "never closed"),
        ("(a (b", 3, 1, None, "opened at 4 is never closed"),
        ("a )", 2, 1, None, "never opened"),
        ("a ()", 3, 1, None, "missing"),
        ("a OR", 2, 2, None, "nothing stands after OR"),
        ("a NOT", 2, 3, None, "nothing stands after NOT"),
        ("OR a", 0, 2, None, "cannot stand at 1"),
        ("a -", 2, 1, None, "leave out"),
        ("kind:", 0, 5, None, "no value"),
        ("kind:)", 0, 5, None, "no value"),
        ("is: fan", 0, 3, None, "no space"),
        ('""', 0, 2, None, "between the quotes"),
        ('tag:" "', 4, 3, None, "between the quotes"),
        ("handle:@", 7, 1, None, "nothing to look for"),
        ("is:following @", 13, 1, "bio:@", "no handle behind it"),
        ("followers:1,000", 10, 5, "1000", "write 1000"),
        ("followers:1,000..", 10, 7, "1000..", "write 1000.."),
        ("-followers:..12,500", 11, 8, "..12500", "write ..12500"),
        ("followers:1,000..2,500,000", 10, 16, "1000..2500000", "write 1000..2500000"),
        ("posts:>=1,000", 6, 7, ">=1000", "write >=1000"),
        ("followers:many", 10, 4, None, "takes a number"),
        ("followers:-5", 10, 2, None, "takes a number"),
        ("followers:9..1", 10, 4, None, "backwards"),
        ("followers:..", 10, 2, None, "no bound"),
        ("followers:>", 10, 1, None, "no value"),
        ("followers:5..x", 13, 1, None, "takes a number"),
        ("followers:99999999999999999", 10, 17, None, "too large"),
        ("silent:90", 7, 2, "90d", '"90d"'),
        ("age:999999999999y", 4, 13, None, "too long"),
        ("age:old", 4, 3, None, "takes a duration"),
        ("posted:2026-02-30", 7, 10, None, "no day of the calendar"),
        ("posted:2026-13", 7, 7, None, "no day of the calendar"),
        ("posted:0001", 7, 4, None, "no day of the calendar"),
        ("posted:mondy", 7, 5, "monday", "monday"),
        ("posted:01.10.2026", 7, 10, None, "2026-10-01"),
    ],
)
def test_an_error_points_at_the_place(text: str, position: int, length: int, suggestion: str | None, says: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse(text, NOW, UTC)
    error = caught.value
    assert (error.position, error.length, error.suggestion) == (position, length, suggestion)
    assert says in str(error)
    assert "\n" not in str(error)


def test_every_field_is_understood() -> None:
    for name, field in FIELDS.items():
        for choice in field.choices:
            assert parse(f"{name}:{choice}", NOW, UTC).where != And(())
    assert all(parse(f"sort:{name}", NOW, UTC).sort == Sort(name, False) for name in SORT_FIELDS)
    assert where("is:left,new") == Or((Flag("left"), Flag("new")))
    assert len(FLAGS) == len(FIELDS["is"].choices)
    assert FIELDS["has"].choices == HAS_FIELDS


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "(" * 5_000 + "a" + ")" * 5_000, "-" * 9_000 + "a", "NOT " * 4_000 + "a"]
)
def test_nesting_without_end_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="nested deeper"):
        parse(text, NOW, UTC)


def test_the_deepest_nesting_is_read() -> None:
    assert where("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == Words("a")


def test_the_longest_text_is_read_and_a_longer_refused() -> None:
    node = where("a " * (MAX_LENGTH // 2))
    assert isinstance(node, And)
    assert len(node.parts) == MAX_LENGTH // 2
    with pytest.raises(BadQuery, match="at most 20,000"):
        parse("a" * (MAX_LENGTH + 1), NOW, UTC)


def test_hostile_text_in_a_message_is_short_and_printable() -> None:
    with pytest.raises(BadQuery) as caught:
        parse("kind:\x1b[31m\u202e" + "x" * 9_000, NOW, UTC)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


_PIECES = st.sampled_from(
    [
        *(
            "a",
            "OR",
            "AND",
            "NOT",
            "-",
            "(",
            ")",
            '"',
            '"x y"',
            "\\",
            ",",
            ":",
            "..",
            ">",
            "@joe",
            "\x00",
            "\u202e",
            " ",
        ),
        *("1k", "7d", "2026-10", "sort:", "is:", "kind:", "followers:", "posted:", "age:", "match:", "has:", "bio:"),
        *("fan", "customer", "99999", "name", "today"),
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_PIECES, max_size=30).map("".join),
    st.lists(_PIECES, max_size=30).map(" ".join),
)


@given(_TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    refusal: BadQuery | None = None
    try:
        parse(text, NOW, UTC)
    except BadQuery as error:
        refusal = error
    assert refusal is None or (0 <= refusal.position <= len(text) and str(refusal).isprintable())


def test_lark_is_not_imported_before_the_first_parse() -> None:
    code = "import sys, followertui.query.parsing, followertui.query.completing; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_compiled_tables_are_of_this_grammar(tmp_path, monkeypatch) -> None:
    import json

    import lark

    assert json.loads(COMPILED.read_text())["hash"] == grammar_hash(lark.__version__)
    monkeypatch.setattr("followertui.query.tables.COMPILED", tmp_path / "grammar.json")
    compile_tables()
    assert json.loads((tmp_path / "grammar.json").read_text())["hash"] == grammar_hash(lark.__version__)


def test_stale_tables_are_not_used(tmp_path, monkeypatch) -> None:
    stale = tmp_path / "grammar.json"
    stale.write_text('{"basis": "other", "tables": {}}')
    monkeypatch.setattr("followertui.query.tables.COMPILED", stale)
    grammar.cache_clear()
    try:
        assert where("a OR b") == Or((Words("a"), Words("b")))
    finally:
        grammar.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("at:2026-10-01..", "at: takes one day such as 2026-10-01, 30d or monday, no range, at 4"),
        ("at:>2026-10-01", "at: takes one day such as 2026-10-01, 30d or monday, no range, at 4"),
        ("at:monday,friday", "at: takes one day, at 11 stands another"),
        ("at:30d a at:20d", "only one at: can hold, at 10 stands another: use parentheses"),
        ("at:soon", 'at: takes a date such as 2026-10-01.., 7d or monday, not "soon" at 4'),
    ],
)
def test_at_takes_one_day(text: str, message: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse(text, NOW, UTC)
    assert str(caught.value).startswith(message)


def test_at_holds_for_what_stands_beside_it() -> None:
    day = At(datetime(2026, 10, 2, tzinfo=UTC).timestamp() - 1, Flag("follower"))
    assert parse("at:2026-10-01 is:follower", NOW, UTC).where == day
    assert parse("is:follower at:2026-10-01 sort:name", NOW, UTC).where == day
    assert parse("is:new -(at:2026-10-01 is:follower)", NOW, UTC).where == And((Flag("new"), Not(day)))
    assert parse("is:new (is:follower at:2026-10-01)", NOW, UTC).where == And((Flag("new"), day))
    assert parse("at:2026-10-01", NOW, UTC).where == At(day.moment, And(()))
    assert parse("is:new OR at:2026-10-01 is:follower", NOW, UTC).where == Or((Flag("new"), day))
