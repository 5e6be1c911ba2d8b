"""Marking rows, counting them, looking at a sample, and deciding for all of them at once."""

from __future__ import annotations

from screen_support import decisions, opened, press, review, rows_of, said, screen_text, type_text

from followertui.services.workbench import Workbench
from followertui.ui.dialogs.looking import BulkLook, Sample

PRUNE = "is:leader -is:guarded"


async def test_marks_are_counted_in_and_out_of_view(bench: Workbench) -> None:
    everyone, bots = len(rows_of(bench, "everyone")), len(rows_of(bench, "everyone", "kind:bot"))
    assert 0 < bots < everyone
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "asterisk")
        assert f"{everyone} of {everyone} · {everyone} marked" in screen_text(pilot)
        await press(pilot, "slash")
        await type_text(pilot, "kind:bot")
        await press(pilot, "enter")
        assert f"{bots} of {everyone} · {everyone} marked, {everyone - bots} out of view" in screen_text(pilot)


async def test_invert_turns_the_view_over(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "space", "i")
        assert review(pilot).table.marks.rows() == sorted(rows[1:])


async def test_escape_clears_marks_at_the_second_press(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "space", "escape")
        assert len(review(pilot).table.marks) == 1
        assert "Esc again clears 1 mark" in said(pilot)
        await press(pilot, "escape")
        assert len(review(pilot).table.marks) == 0


async def test_another_key_forgets_the_first_escape(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "space", "escape", "j", "escape")
        assert len(review(pilot).table.marks) == 1


async def test_a_bulk_decision_offers_a_look_and_can_be_left(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone", PRUNE)
    async with opened(bench, queue_id="everyone", text=PRUNE) as pilot:
        await press(pilot, "asterisk", "x")
        assert isinstance(pilot.app.screen, BulkLook)
        shown = screen_text(pilot)
        assert f"out {len(rows)} accounts?" in shown
        assert any(f"{line.value} {line.count}" in shown for line in bench.count_by(rows, "kind"))
        await press(pilot, "escape")
        assert decisions(bench) == {}
        assert len(review(pilot).table.marks) == len(rows)
        await press(pilot, "x", "enter")
        assert decisions(bench) == dict.fromkeys(rows, "out")
        assert review(pilot).table.has_focus


async def test_a_sample_counts_as_a_look(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone", PRUNE)
    async with opened(bench, queue_id="everyone", text=PRUNE) as pilot:
        await press(pilot, "asterisk", "percent_sign")
        assert isinstance(pilot.app.screen, Sample)
        await press(pilot, "space", "escape")
        marked = review(pilot).table.marks.rows()
        assert len(marked) == len(rows) - 1
        await press(pilot, "a")
        assert decisions(bench) == dict.fromkeys(marked, "keep")


async def test_count_by_marks_the_rows_of_a_value(bench: Workbench) -> None:
    everyone = rows_of(bench, "everyone")
    most = bench.count_by(everyone, "kind")[0]
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "number_sign", "k")
        assert f"{len(everyone)} by kind" in screen_text(pilot)
        await press(pilot, "enter")
        assert review(pilot).table.marks.rows() == sorted(rows_of(bench, "everyone", most.term))


async def test_count_by_filters_by_a_value(bench: Workbench) -> None:
    most = bench.count_by(rows_of(bench, "everyone"), "kind")[0]
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "b", "k", "f")
        assert review(pilot).filter_text == most.term
        assert f"{most.count} of" in screen_text(pilot)


async def test_all_like_this_are_marked(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    first = bench.alike(rows, rows[0])[0]
    assert 1 < first.count < len(rows)
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "equals_sign", "1")
        assert review(pilot).table.marks.rows() == sorted(bench.rows_matching(rows, first.query))
        assert len(review(pilot).table.marks) == first.count


async def test_a_range_counts_as_it_grows(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "v", "j", "j")
        assert "range 3" in screen_text(pilot)
        await press(pilot, "k")
        assert "range 2" in screen_text(pilot)


async def test_rows_are_marked_by_a_query_and_the_view_stays(bench: Workbench) -> None:
    everyone, bots = rows_of(bench, "everyone"), rows_of(bench, "everyone", "kind:bot")
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "M")
        await type_text(pilot, "kind:bot")
        await press(pilot, "enter")
        assert sorted(review(pilot).table.marks.rows()) == sorted(bots)
        assert list(review(pilot).table.keys) == everyone
        assert said(pilot) == f"marked {len(bots)}: kind:bot"
        await press(pilot, "w")
        await type_text(pilot, "kind:")
        await press(pilot, "enter")
        assert len(review(pilot).table.marks) == len(bots)
        assert "kind" in said(pilot)


async def test_marks_are_put_off_until_a_day(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")[:3]
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, *["space"] * 3, "d")
        await type_text(pilot, "2 moons")
        await press(pilot, "enter")
        assert '"2 moons" is no day' in said(pilot)
        assert decisions(bench) == {}
        await press(pilot, "d")
        await type_text(pilot, "3w")
        await press(pilot, "enter")
        assert decisions(bench) == dict.fromkeys(rows, "later")
        due = bench.session.store.con.execute("SELECT DISTINCT due_at FROM decision").fetchall()
        assert due == [(bench.session.now + 21 * 86_400,)]


async def test_a_view_is_ordered_by_name(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "S")
        await type_text(pilot, "uncert")
        await press(pilot, "enter")
        assert list(review(pilot).table.keys) == rows_of(bench, "everyone", "sort:-doubt")
        await press(pilot, "S")
        await type_text(pilot, "by chance")
        await press(pilot, "enter")
        assert list(review(pilot).table.keys) == rows_of(bench, "everyone", "sort:random")


async def test_alike_and_counts_say_reasons_in_words(bench: Workbench) -> None:
    codes = {line.term.partition(":")[2] for line in bench.count_by(rows_of(bench, "everyone"), "reason")}
    assert len(codes) > 5
    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        await press(pilot, "number_sign", "r")
        shown = screen_text(pilot)
        assert "none of your market words in its profile" in shown
        assert not [code for code in codes if "-" in code and f" {code} " in shown]
