from __future__ import annotations

import unicodedata

import pytest
from hostile_store import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from followertui.services.values import Queue
from followertui.ui.card_text import first_rows
from followertui.ui.cells import fit, guard, hanging, highlighted, lasting, line, plain, short_count, silence
from followertui.ui.import_text import next_step
from followertui.ui.marks import Marks

TEXTS = st.text(max_size=60) | st.sampled_from([HOSTILE, "a\u0301\u0301\u0301\u0301", "👨‍👩‍👧 family", "李娜 [b]x[/b]"])
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def acts(text: str) -> bool:
    return any(char in BIDI or (unicodedata.category(char) in ("Cc", "Cs")) for char in text)


@given(TEXTS)
def test_guarded_text_cannot_act_and_keeps_its_length(text: str) -> None:
    guarded = guard(text)
    assert not acts(guarded)
    assert len(guarded) == len(text)
    assert guard(guarded) == guarded


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_fitted_text_has_exactly_its_cells(text: str, width: int, right: bool) -> None:
    fitted = fit(text, width, right=right)
    assert cell_len(fitted) == width
    assert not acts(fitted)


def test_markup_stays_text() -> None:
    assert plain("[b]x[/b] [/ founder]").plain == "[b]x[/b] [/ founder]"
    assert line("[red]", ("[@click=app.quit]x[/]", "bold")).plain == "[red][@click=app.quit]x[/]"
    assert not line("[red]x[/red]").spans


@given(TEXTS, st.integers(-5, 70), st.integers(-5, 70))
def test_highlights_never_leave_the_text(text: str, start: int, end: int) -> None:
    content = highlighted(text, [(start, end)], "bold")
    assert content.plain == guard(text)
    assert all(0 <= span.start < span.end <= len(text) for span in content.spans)


def test_a_hanging_body_wraps_under_itself() -> None:
    shown = hanging("why", plain("one two three four five"), 18).plain.splitlines()
    assert shown[0].startswith("why     one two")
    assert all(row.startswith("        ") for row in shown[1:])
    assert len(shown) > 1


@pytest.mark.parametrize("width", range(20, 70))
def test_no_line_ends_between_a_number_and_what_it_counts(width: int) -> None:
    body = line(
        ("1,611", "bold"), " no post for long", " · ", ("12", "bold"), " bots", " · ", ("8,020", "bold"), " other"
    )
    shown = hanging(" why", body, width, label_width=9)
    for one in shown.plain.splitlines():
        assert not one.rstrip()[-1].isdigit()
        assert len(one) <= width
    assert " ".join(shown.plain.split()) == f"why {body.plain}"
    assert {shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold"} == {
        "1,611",
        "12",
        "8,020",
    }


@pytest.mark.parametrize(
    ("number", "shown"),
    [(None, ""), (980, "980"), (9_999, "9,999"), (12_431, "12.4k"), (3_100_000, "3.1M"), (200_000, "200k")],
)
def test_counts_are_short(number: int | None, shown: str) -> None:
    assert short_count(number) == shown


@pytest.mark.parametrize(("days", "shown"), [(None, ""), (0, "0d"), (20, "2w"), (90, "3mo"), (1200, "3y")])
def test_silence_is_short(days: int | None, shown: str) -> None:
    assert silence(days) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(3, "3 s"), (600, "10 min"), (9000, "2.5 h"), (259_200, "3 days")])
def test_lengths_of_time_are_plain_words(seconds: float, shown: str) -> None:
    assert lasting(seconds) == shown


ROWS = st.lists(st.integers(0, 300), max_size=40)


@given(st.lists(st.tuples(st.sampled_from(["toggle", "add", "remove", "unite", "turn", "clear"]), ROWS), max_size=12))
def test_marks_are_a_set(steps: list[tuple[str, list[int]]]) -> None:
    marks, oracle = Marks(), set[int]()
    for step, rows in steps:
        other = Marks()
        other.add(rows)
        if step == "toggle" and rows:
            marks.toggle(rows[0])
            oracle ^= {rows[0]}
        elif step == "add":
            marks.add(rows)
            oracle |= set(rows)
        elif step == "remove":
            marks.remove(rows)
            oracle -= set(rows)
        elif step == "unite":
            marks.unite(other)
            oracle |= set(rows)
        elif step == "turn":
            marks.turn_over(other)
            oracle ^= set(rows)
        elif step == "clear":
            marks.clear()
            oracle.clear()
        assert marks.rows() == sorted(oracle)
        assert len(marks) == len(oracle)
        assert marks.among(other) == len(oracle & set(rows))
        assert all(row in marks for row in oracle)


def test_names_come_first_where_an_import_brought_ids_only() -> None:
    def queue(name: str, count: int) -> Queue:
        return Queue(name, name, "", count, name != "nameless", "")

    nothing = [queue("to-review", 0), queue("confirm", 0), queue("nameless", 41)]
    step = next_step(nothing, "", has_lists=False)
    assert step.text.startswith("41 known by id only: bring a browser exporter's file")
    assert step.brings_files
    some = [queue("to-review", 3), *nothing[1:]]
    assert next_step(some, "", has_lists=True).queue_id == "to-review"


def test_what_goes_on_below_the_last_line_shown_ends_with_a_mark() -> None:
    text = Content("three\nlines of\nwords")
    assert [row.plain for row in first_rows(text, 1)] == ["three…"]
    assert [row.plain for row in first_rows(text, 2)] == ["three", "lines o…"]
    assert [row.plain for row in first_rows(text, 3)] == ["three", "lines of", "words"]
    assert first_rows(text, 0) == []
