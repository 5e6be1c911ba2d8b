from __future__ import annotations

import threading

import pytest
from fake_workbench import FakeWorkbench
from screen_support import LINKS, app_on, opened, press, screen_lines, screen_text, settle, type_text, until
from textual.widgets import Input

from followertui.domain.decision import Decision
from followertui.domain.kind import Kind
from followertui.services.values import Card
from followertui.ui.dialogs.looking import BulkLook, Sample
from followertui.ui.screens.card import CardScreen
from followertui.ui.screens.review import frame
from followertui.ui.screens.review.screen import ReviewScreen
from followertui.ui.widgets.card import AccountCard
from followertui.ui.widgets.filter import FilterLine


def review(pilot: object) -> ReviewScreen:
    return next(s for s in pilot.app.screen_stack if isinstance(s, ReviewScreen))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "decision"),
    [("a", Decision.KEEP), ("x", Decision.OUT), ("f", Decision.FOLLOW), ("e", Decision.ENGAGE), ("s", Decision.LATER)],
)
async def test_one_key_decides_and_the_cursor_moves_on(key: str, decision: Decision) -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, key)
        assert ("decide", (0,), decision) in bench.calls
        assert review(pilot).table.cursor == 1
        assert review(pilot).table.has_focus
        assert review(pilot).status.text.startswith(decision.value)


async def test_y_does_what_the_card_suggests() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "j", "y")
        assert ("accept", (1,)) in bench.calls


async def test_the_cursor_skips_what_is_decided() -> None:
    bench = FakeWorkbench()
    bench.decisions = {1: Decision.KEEP, 2: Decision.KEEP}
    async with opened(bench) as pilot:
        await press(pilot, "x")
        assert review(pilot).table.cursor == 3


async def test_the_next_undecided_is_found_far_away() -> None:
    bench = FakeWorkbench(3000)
    bench.decisions = dict.fromkeys(range(1, 2900), Decision.KEEP)
    async with opened(bench) as pilot:
        await press(pilot, "x")
        assert review(pilot).table.key == 2900


async def test_marks_are_decided_together_and_what_is_held_back_is_said() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "space", "space", "space", "x")
        assert ("decide", (0, 1, 2), Decision.OUT) in bench.calls
        assert "held back: 1 customer" in review(pilot).status.text
        assert len(review(pilot).table.marks) == 0


async def test_a_range_is_marked_and_decided() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "v", "j", "j", "a")
        assert ("decide", (0, 1, 2), Decision.KEEP) in bench.calls


async def test_marks_are_counted_in_and_out_of_view() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "asterisk")
        assert "100 of 100 · 100 marked" in screen_text(pilot)
        await press(pilot, "slash")
        await type_text(pilot, "half")
        await press(pilot, "enter")
        assert "50 of 100 · 100 marked, 50 out of view" in screen_text(pilot)


async def test_invert_turns_the_view_over() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "space", "i")
        assert len(review(pilot).table.marks) == 99
        assert 0 not in review(pilot).table.marks


async def test_escape_clears_marks_at_the_second_press() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "space", "escape")
        assert len(review(pilot).table.marks) == 1
        assert "Esc again clears 1 mark" in review(pilot).status.text
        await press(pilot, "escape")
        assert len(review(pilot).table.marks) == 0


async def test_another_key_forgets_the_first_escape() -> None:
    async with opened(FakeWorkbench(100)) as pilot:
        await press(pilot, "space", "escape", "j", "escape")
        assert len(review(pilot).table.marks) == 1


async def test_a_bulk_decision_offers_a_look_and_can_be_left() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "asterisk", "x")
        assert isinstance(pilot.app.screen, BulkLook)
        assert "unclear 13" in screen_text(pilot)
        await press(pilot, "escape")
        assert "decide" not in bench.names()
        assert len(review(pilot).table.marks) == 100
        await press(pilot, "x", "enter")
        assert ("decide", 100, Decision.OUT) in bench.calls


async def test_a_sample_counts_as_a_look() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "asterisk", "percent_sign")
        assert isinstance(pilot.app.screen, Sample)
        await press(pilot, "space", "escape")
        assert len(review(pilot).table.marks) == 99
        await press(pilot, "a")
        assert ("decide", tuple(range(1, 100)), Decision.KEEP) in bench.calls


async def test_count_by_marks_the_rows_of_a_value() -> None:
    bench = FakeWorkbench(80)
    async with opened(bench) as pilot:
        await press(pilot, "number_sign", "k")
        assert "80 by kind" in screen_text(pilot)
        await press(pilot, "enter")
        assert review(pilot).table.marks.rows() == list(range(0, 80, 8))


async def test_count_by_filters_by_a_value() -> None:
    async with opened(FakeWorkbench(80)) as pilot:
        await press(pilot, "b", "k", "f")
        assert review(pilot).filter_text == "kind:unclear"


async def test_all_like_this_are_marked() -> None:
    async with opened(FakeWorkbench(80)) as pilot:
        await press(pilot, "equals_sign", "1")
        assert review(pilot).table.marks.rows() == list(range(0, 80, 8))


async def test_a_kind_does_not_advance() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "c", "p")
        assert ("say_kind", (0,), Kind.PROSPECT) in bench.calls
        assert review(pilot).table.cursor == 0
        await press(pilot, "c", "a")
        assert ("say_kind", (0,), None) in bench.calls


async def test_a_dot_repeats_the_last_gesture() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "full_stop")
        assert "nothing to repeat" in review(pilot).status.text
        await press(pilot, "c", "v", "j", "full_stop")
        assert ("say_kind", (1,), Kind.VENDOR) in bench.calls


async def test_tags_are_added_removed_and_bound_to_digits() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "3")
        assert "no tag is bound to 3" in review(pilot).status.text
        await press(pilot, "t")
        await type_text(pilot, "vip=3, -event")
        await press(pilot, "enter")
        assert ("bind_tag", "3", "vip") in bench.calls
        assert ("tag", (0,), ("vip",), ("event",)) in bench.calls
        await press(pilot, "j", "3")
        assert ("tag", (1,), ("vip",), ()) in bench.calls


async def test_a_note_is_written() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "n")
        await type_text(pilot, "met in x")
        await press(pilot, "enter")
        assert ("note", 0, "met in x") in bench.calls


async def test_undo_goes_back_to_the_row_and_redo_does_it_again() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "x", "j", "u")
        assert review(pilot).table.cursor == 0
        assert bench.decisions == {}
        await press(pilot, "U")
        assert bench.decisions == {0: Decision.OUT}


async def test_undo_of_an_import_runs_beside_the_review_and_compares_again() -> None:
    bench = FakeWorkbench()
    bench.has_import = True
    async with opened(bench) as pilot:
        await press(pilot, "u")
        await until(pilot, lambda: "catch_up" in bench.names())
        assert ("reverse_import", False) in bench.calls
        await until(pilot, lambda: "undo: import a.csv" in screen_text(pilot))


async def test_undo_asks_before_it_crosses_a_session() -> None:
    bench = FakeWorkbench()
    bench.question = "That was kim, 3 days ago: out ×41. Take it back?"
    async with opened(bench) as pilot:
        await press(pilot, "x", "u")
        assert "That was kim" in screen_text(pilot)
        await press(pilot, "n")
        assert bench.calls.count(("undo", True)) == 0
        await press(pilot, "u", "y")
        assert ("undo", True) in bench.calls


async def test_release_asks_and_says_when_nothing_guards() -> None:
    bench = FakeWorkbench()
    async with opened(bench) as pilot:
        await press(pilot, "R")
        assert "nothing guards" in review(pilot).status.text
        await press(pilot, "j", "R", "y")
        assert ("release", (1,)) in bench.calls


async def test_letters_type_while_the_filter_is_focused_and_return_after() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "xaxhalf")
        assert isinstance(pilot.app.focused, Input)
        await press(pilot, "escape")
        assert review(pilot).table.has_focus
        assert "decide" not in bench.names()
        assert ("open_view", "to-review", "xaxhalf") in bench.calls


async def test_typing_is_debounced() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        before = bench.names().count("open_view")
        await press(pilot, "slash")
        await type_text(pilot, "half")
        await press(pilot, "enter")
        assert bench.names().count("open_view") - before < 4


async def test_an_error_points_at_the_place_and_tab_takes_the_nearest_word() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "is:new folowers:3")
        await until(pilot, lambda: "no field folowers" in screen_text(pilot))
        pointed = next(row for row in screen_lines(pilot) if "^^^" in row)
        typed = next(row for row in screen_lines(pilot) if "folowers:3" in row)
        assert pointed.index("^") == typed.index("folowers")
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == "is:new followers:3"


async def test_completion_is_offered_and_taken() -> None:
    async with opened(FakeWorkbench(100)) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "ki")
        await until(pilot, lambda: "who someone is" in screen_text(pilot))
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == "kind:"


async def test_the_newest_view_wins_over_a_slow_one() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        bench.gate = threading.Event()
        screen = review(pilot)
        screen.open_view("to-review", "slow")
        screen.open_view("to-review", "half")
        await until(pilot, lambda: screen.view is not None and screen.view.text == "half")
        bench.gate.set()
        await settle(pilot)
        assert screen.view is not None
        assert screen.view.text == "half"


async def test_queues_are_walked_and_the_plan_is_one_of_them() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "right_square_bracket")
        assert review(pilot).queue_id == "confirm"
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert pilot.app.screen.__class__.__name__ == "PlanScreen"
        await press(pilot, "left_square_bracket")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).queue_id == "today"


async def test_an_empty_queue_says_what_comes_next() -> None:
    async with opened(FakeWorkbench(300), queue_id="today") as pilot:
        assert "Nobody to engage today" in screen_text(pilot)
        await press(pilot, "x")
        assert "no account under the cursor" in review(pilot).status.text


async def test_a_filter_without_rows_says_how_to_clear_it() -> None:
    async with opened(FakeWorkbench(300), text="zzz") as pilot:
        assert "Nothing matches this filter" in screen_text(pilot)
        await press(pilot, "escape", "escape")
        assert review(pilot).filter_text == ""
        assert "300 of 300" in screen_text(pilot)


async def test_queues_and_views_are_found_by_name() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "apostrophe")
        await type_text(pilot, "custom")
        await press(pilot, "enter")
        assert review(pilot).queue_id == "kind:customer"


async def test_a_view_is_saved_and_dropped() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench, text="half") as pilot:
        await press(pilot, "W")
        await type_text(pilot, "mine")
        await press(pilot, "enter")
        assert ("save_view", "mine", "half") in bench.calls
        await press(pilot, "colon")
        await type_text(pilot, "drop view")
        await press(pilot, "enter", "enter")
        assert ("drop_view", "mine") in bench.calls


async def test_sorting_from_the_chooser_and_the_title() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "S")
        await type_text(pilot, "followers")
        await press(pilot, "enter")
        assert ("sort_view", "followers", True) in bench.calls
        await pilot.click("#table", offset=(5, 0))
        await settle(pilot)
        assert ("sort_view", "name", False) in bench.calls


async def test_the_palette_takes_names_numbers_and_accounts() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "37")
        await press(pilot, "enter")
        assert review(pilot).table.cursor == 36
        await press(pilot, "ctrl+p")
        await type_text(pilot, "@dana_48")
        await press(pilot, "enter")
        assert review(pilot).table.key == 48
        await press(pilot, "colon")
        await type_text(pilot, "demo next week")
        await press(pilot, "enter")
        assert "next_week" in bench.names()
        await press(pilot, "colon")
        await type_text(pilot, "@nobody")
        await press(pilot, "enter")
        assert "is not in the store" in review(pilot).status.text


async def test_read_only_says_why_not() -> None:
    bench = FakeWorkbench(50, read_only=True)
    async with opened(bench) as pilot:
        assert "READ-ONLY" in screen_text(pilot)
        for key in "yaxfesctnuR":
            await press(pilot, key)
            assert "read-only" in review(pilot).status.text, key
        assert not {"decide", "accept", "say_kind", "tag", "note", "undo"} & set(bench.names())


async def test_a_week_passes_only_in_the_demo() -> None:
    async with opened(FakeWorkbench(50, demo=False)) as pilot:
        review(pilot).run_command("demo.week")
        assert "only in the demo" in review(pilot).status.text


async def test_open_and_copy_show_the_link() -> None:
    async with opened(FakeWorkbench(50)) as pilot:
        await press(pilot, "j", "o")
        assert LINKS == ["https://x.com/i/user/1001"]
        assert "https://x.com/i/user/1001" in screen_text(pilot)
        await press(pilot, "O")
        assert pilot.app.clipboard == "https://x.com/i/user/1001"


async def test_the_whole_card_decides_and_steps() -> None:
    bench = FakeWorkbench(50)
    async with opened(bench, (120, 40)) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CardScreen)
        assert "exporter JSON" in screen_text(pilot)
        await press(pilot, "j", "x")
        assert ("decide", (1,), Decision.OUT) in bench.calls
        assert review(pilot).table.cursor == 2
        await press(pilot, "q")
        assert pilot.app.screen is review(pilot)


async def test_where_the_person_was_is_kept_and_found_again() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "right_square_bracket", "j", "j", "q")
    assert bench.remembered == {"queue": "confirm", "filter": "", "row": 2}
    async with opened(bench) as pilot:
        assert review(pilot).queue_id == "confirm"
        assert review(pilot).table.key == 2


async def test_another_process_is_noticed() -> None:
    bench = FakeWorkbench(50)
    async with opened(bench) as pilot:
        bench.elsewhere = True
        review(pilot)._poll()
        await settle(pilot)
        assert "another process" in review(pilot).status.text


async def test_the_mouse_does_what_keys_do() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await pilot.click("#table", offset=(10, 4))
        await settle(pilot)
        assert review(pilot).table.cursor == 3
        await pilot.click("#table", offset=(1, 3))
        await settle(pilot)
        assert review(pilot).table.marks.rows() == [2]
        bar = screen_lines(pilot)[1]
        await pilot.click("#queues", offset=(bar.index("Confirm") + 1, 0))
        await settle(pilot)
        assert review(pilot).queue_id == "confirm"
        footer = screen_lines(pilot)[-1]
        await pilot.click("#footer", offset=(footer.rindex("?"), 0))
        await settle(pilot)
        assert "Keys in confirm" in screen_text(pilot)


async def test_a_figure_opens_the_rows_it_counts() -> None:
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        header = screen_lines(pilot)[0]
        await pilot.click("#header", offset=(header.index("followers"), 0))
        await settle(pilot)
        assert ("open_view", "", "is:follower") in bench.calls


async def test_a_held_key_draws_rows_and_reads_the_card_once_beside_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[tuple[int, bool]] = []

    class Noting(FakeWorkbench):
        def card(self, row: int) -> Card:
            read.append((row, threading.current_thread() is threading.main_thread()))
            return super().card(row)

    async with opened(Noting(1000)) as pilot:
        monkeypatch.setattr(frame, "CARD_SECONDS", 0.3)
        read.clear()
        await type_text(pilot, "j" * 30)
        table = pilot.app.screen.table
        assert table.cursor == 30
        assert read == [(table.key, False)]


async def test_a_verb_about_the_account_does_not_wait_for_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "CARD_SECONDS", 60.0)
    async with app_on(FakeWorkbench(100)).run_test() as pilot:
        await until(pilot, lambda: len(pilot.app.screen.query("#table")) and pilot.app.screen.table.key is not None)
        await pilot.press("j", "j")
        assert pilot.app.screen.shown_card.cells.row == pilot.app.screen.table.key


async def test_another_card_repaints_only_lines_that_differ() -> None:
    async with opened(FakeWorkbench(100), (120, 40)) as pilot:
        card = pilot.app.screen.query_one(AccountCard)
        painted: list[int] = []
        refresh = card.refresh
        card.refresh = lambda *regions, **how: (painted.append(len(regions)), refresh(*regions, **how))[1]
        await press(pilot, "j")
        assert painted
        assert all(0 < count < card.size.height for count in painted)


async def test_moving_only_repaints_and_follows_the_cursor() -> None:
    async with opened(FakeWorkbench(1000)) as pilot:
        table = review(pilot).table
        await press(pilot, "G")
        assert table.cursor == 999
        assert round(table.scroll_offset.y) == 1000 - table.page_rows
        await press(pilot, "pageup")
        assert table.cursor == 999 - table.page_rows
        await press(pilot, "g")
        assert (table.cursor, round(table.scroll_offset.y)) == (0, 0)


async def test_a_million_rows_open_mark_and_move() -> None:
    bench = FakeWorkbench(1_000_000)
    async with opened(bench) as pilot:
        table = review(pilot).table
        await press(pilot, "asterisk", "G")
        assert len(table.marks) == 1_000_000
        assert table.key == 999_999
        assert len(table._pages) <= 3
        assert "1,000,000 of 1,000,000 · 1,000,000 marked" in screen_text(pilot)
