from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.text.quantities import (
    both_readings,
    looks_rounded,
    parse_count,
    parse_flag,
    parse_id,
    parse_moment,
    snowflake_time,
    told_order,
)


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("0", 0),
        ("12,345", 12345),
        ("12.345", 12345),
        ("1 234 567", 1234567),
        ("1'234", 1234),
        ("12,34,567", 1234567),
        ("1.2K", 1200),
        ("3,4M", 3400000),
        ("1,234K", 1234000),
        ("1.234K", 1234),
        ("2.5 Mio.", 2500000),
        ("1.5万", 15000),
        ("17.0", 17),
        ("'42", 42),
        (17.0, 17),
        (5, 5),
        ("10K+", 10000),
    ],
)
def test_counts(raw, count):
    assert parse_count(raw) == count


@pytest.mark.parametrize(
    "raw", ["", "-1", "1.5", "abc", "1,2,3", True, None, -3, 1.5, float("nan"), "9" * 30, "1.2.3K"]
)
def test_what_is_no_count(raw):
    with pytest.raises(ValueError, match=r"number|count"):
        parse_count(raw)


@given(st.integers(0, 10**12))
def test_grouping_keeps_the_number(number):
    assert parse_count(f"{number:,}") == number
    assert parse_count(f"{number:,}".replace(",", ".")) == number
    assert parse_count(f"{number:,}".replace(",", "\u00a0")) == number


@given(st.integers(1, 2**63 - 1).filter(lambda n: n < 10**15 or n % 10**7))
def test_ids_survive_as_text(number):
    for raw in (number, str(number), f"'{number}", f'="{number}"', f" {number} "):
        assert parse_id(raw) == number


@given(st.integers(2**53, 2**63 - 1))
def test_an_id_that_went_through_a_float_never_comes_back_different(number):
    for raw in (f"{number:.2E}", float(number), f"{float(number):.1f}"):
        with pytest.raises(ValueError, match=r"damaged|range"):
            parse_id(raw)


@given(st.integers(10**15, 2**63 - 1))
def test_fifteen_digits_kept_by_a_spreadsheet_look_rounded(number):
    places = len(str(number)) - 15
    assert looks_rounded(number // 10**places * 10**places)


@pytest.mark.parametrize(
    "raw", ["1.25E+18", "1,25E+18", "1250000000000000000", "0", "-5", "12a", "", "1" * 25, None, True]
)
def test_ids_refused(raw):
    with pytest.raises(ValueError, match="id"):
        parse_id(raw)


def test_small_float_is_an_id():
    assert parse_id("12345.0") == 12345
    assert parse_id(12345.0) == 12345
    assert not looks_rounded(783214)


@pytest.mark.parametrize(
    "raw",
    [
        "2018-10-10T20:19:24.000Z",
        "2018-10-10 20:19:24",
        "2018-10-10 20:19:24 +00:00",
        "2018-10-10 20:19:24+0000",
        "2018-10-10 22:19:24 +02:00",
        "Wed Oct 10 20:19:24 +0000 2018",
        "1539202764",
        "1539202764000",
        1539202764000,
        "10 Oct 2018 20:19:24",
        "Oct 10, 2018, 8:19:24 PM",
        "10.10.2018 20:19:24",
        "2018/10/10 20:19:24",
    ],
)
def test_moments(raw):
    assert parse_moment(raw) == int(datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("Dec 2015", (2015, 12, 1)),
        ("Joined December 2015", (2015, 12, 1)),
        ("23-Nov-21", (2021, 11, 23)),
        ("12 Jun 2024", (2024, 6, 12)),
        ("3. März 2021", (2021, 3, 3)),
        ("31/12/2020", (2020, 12, 31)),
        ("12/31/2020", (2020, 12, 31)),
        ("03.04.2020", (2020, 4, 3)),
        ("43383", (2018, 10, 10)),
        ("2020-02-29", (2020, 2, 29)),
    ],
)
def test_days(raw, day):
    assert datetime.fromtimestamp(parse_moment(raw), UTC) == datetime(*day, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["", "soon", "99", "2020-13-01", "32/13/2020", "Foo 12, 2020", None, "1e400"])
def test_what_is_no_date(raw):
    with pytest.raises(ValueError):  # noqa: PT011 - the reason differs, that it is refused matters
        parse_moment(raw)


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers()))
def test_any_value_is_read_or_refused(value):
    for parse in (parse_count, parse_id, parse_moment):
        with suppress(ValueError):
            assert isinstance(parse(value), int)


@pytest.mark.parametrize(
    ("raw", "is_day_first"),
    [
        ("23/04/2020", True),
        ("4/23/20 10:15 PM", False),
        ("3.4.2020", True),
        ("3-4-2020", None),
        ("2020-04-03", None),
        ("03/04/2020 3.5 s", None),
        ("0/40/2020", None),
    ],
)
def test_a_date_tells_its_order_only_where_it_can_be_read_one_way(raw, is_day_first):
    assert told_order(raw) is is_day_first


def test_a_date_of_two_readings_is_refused_where_the_order_is_not_known():
    first, second = both_readings("03/04/2020")
    assert (first, second) == (parse_moment("3 Apr 2020"), parse_moment("4 Mar 2020"))
    with pytest.raises(ValueError, match="cannot be told apart"):
        parse_moment("03/04/2020", day_first=None)
    for raw in ("04/04/2020", "23/04/2020", "3.4.2020", "2020-04-03"):
        assert both_readings(raw) is None
        assert parse_moment(raw, day_first=None) == parse_moment(raw)


def test_flags_and_snowflakes():
    assert [parse_flag(v) for v in ("YES", "true", 1, "Nein", False, "maybe", None, 7)] == [
        1,
        1,
        1,
        0,
        0,
        None,
        None,
        None,
    ]
    assert snowflake_time(20) is None
    assert snowflake_time(1050118621198921728) == 1539202764
