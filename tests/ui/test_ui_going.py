"""Filter, queues, views, sort, palette, links, mouse: getting to the rows one wants."""

from __future__ import annotations

import threading
from typing import Any

from screen_support import (
    LINKS,
    Recorder,
    decisions,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_lines,
    screen_text,
    settle,
    tagged,
    type_text,
    until,
)
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from followertui.domain.kind import Kind
from followertui.services.workbench import Workbench
from followertui.ui.screens.card import CardScreen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.today import TodayScreen
from followertui.ui.widgets.filter import FilterLine

# The filter line ----------------------------------------------------------------------


async def test_letters_type_while_the_filter_is_focused_and_return_after(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "xaxhalf")
        assert isinstance(pilot.app.focused, Input)
        await press(pilot, "escape")
        assert review(pilot).table.has_focus
        assert decisions(bench) == {}
        assert review(pilot).filter_text == "xaxhalf"
        assert "0 of" in screen_text(pilot)


async def test_typing_is_debounced(bench: Workbench) -> None:
    recorder = Recorder(bench)
    async with opened(recorder) as pilot:
        before = recorder.names().count("open_view")
        await press(pilot, "slash")
        await type_text(pilot, "is:new")
        await press(pilot, "enter")
        assert recorder.names().count("open_view") - before < 6


async def test_an_error_points_at_the_place_and_tab_takes_the_nearest_word(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "is:new folowers:3")
        await until(pilot, lambda: 'unknown field "folowers"' in screen_text(pilot))
        pointed = next(row for row in screen_lines(pilot) if "^^^" in row)
        typed = next(row for row in screen_lines(pilot) if "folowers:3" in row)
        assert pointed.index("^") == typed.index("folowers")
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == "is:new followers:3"


async def test_a_name_that_finds_nobody_is_pointed_at_and_the_filter_holds(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "-list:Custmers is:following")
        await until(pilot, lambda: 'list: "Custmers" finds nobody: did you mean "Customers"?' in screen_text(pilot))
        pointed = next(row for row in screen_lines(pilot) if "^^^" in row)
        typed = next(row for row in screen_lines(pilot) if "-list:Custmers" in row)
        assert pointed.index("^") == typed.index("Custmers")
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == "-list:Customers is:following"
        await press(pilot, "enter")
        assert "finds nobody" not in screen_text(pilot)
        assert sorted(review(pilot).table.keys) == sorted(rows_of(bench, "to-review", "-list:Customers is:following"))


async def test_completion_is_offered_and_taken(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "ki")
        await until(pilot, lambda: "who someone is" in screen_text(pilot))
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == "kind:"


async def test_tab_completes_what_stands_there_however_fast_it_was_typed(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "is:")
        await until(pilot, lambda: "follower" in screen_text(pilot))
        for key in ("n", "e", "tab"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        assert review(pilot).query_one(FilterLine).text == "is:new"


async def test_names_of_lists_and_tags_are_completed(bench: Workbench) -> None:
    bench.tag(rows_of(bench, "everyone")[:1], ["conference 2026"])
    async with opened(bench) as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "list:comp")
        await until(pilot, lambda: "Competitors" in screen_text(pilot))
        await press(pilot, "tab")
        await type_text(pilot, " tag:conf")
        await until(pilot, lambda: "conference 2026" in screen_text(pilot))
        await press(pilot, "tab")
        assert review(pilot).query_one(FilterLine).text == 'list:Competitors tag:"conference 2026"'


async def test_the_newest_view_wins_over_a_slow_one(bench: Workbench) -> None:
    gate = threading.Event()

    def slow(real: Any, queue_id: str = "", text: str = "") -> Any:
        if text == "is:new":
            gate.wait(5)
        return real(queue_id, text)

    async with opened(Recorder(bench, open_view=slow)) as pilot:
        screen = review(pilot)
        screen.open_view("to-review", "is:new")
        screen.open_view("to-review", "kind:bot")
        await until(pilot, lambda: screen.view is not None and screen.view.text == "kind:bot")
        gate.set()
        await settle(pilot)
        assert screen.view is not None
        assert screen.view.text == "kind:bot"


async def test_a_filter_without_rows_says_how_to_clear_it(bench: Workbench) -> None:
    everyone = len(rows_of(bench, "everyone"))
    async with opened(bench, text="zzzz", queue_id="everyone") as pilot:
        assert "Nothing matches this filter" in screen_text(pilot)
        await press(pilot, "escape", "escape")
        assert review(pilot).filter_text == ""
        assert f"{everyone} of {everyone}" in screen_text(pilot)


# Queues and views ---------------------------------------------------------------------


async def test_queues_are_walked_and_the_plan_is_one_of_them(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "right_square_bracket")
        assert review(pilot).queue_id == "confirm"
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert isinstance(pilot.app.screen, PlanScreen)
        await press(pilot, "left_square_bracket")
        assert isinstance(pilot.app.screen, TodayScreen)
        await press(pilot, "left_square_bracket")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).queue_id == "new"
        assert review(pilot).table.has_focus


async def test_an_empty_queue_says_what_comes_next(bench: Workbench) -> None:
    for playbook in bench.engagement.playbooks():
        if playbook.is_on:
            bench.engagement.turn_playbook(playbook.name)
    bench.refresh_counts()
    async with opened(bench, queue_id="today") as pilot:
        assert "Nothing is due today" in screen_text(pilot)
        await press(pilot, "x")
        assert "no account under the cursor" in said(pilot)


async def test_queues_and_views_are_found_by_name(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "apostrophe")
        await type_text(pilot, "custom")
        await press(pilot, "enter")
        assert review(pilot).queue_id == "kind:customer"
        assert list(review(pilot).table.keys) == rows_of(bench, "kind:customer")


async def test_a_view_is_saved_found_and_dropped(bench: Workbench) -> None:
    async with opened(bench, text="kind:bot") as pilot:
        await press(pilot, "W")
        await type_text(pilot, "mine")
        await press(pilot, "enter")
        assert bench.looks.views() == [("mine", "kind:bot")]
        assert "view mine saved" in said(pilot)
        await press(pilot, "right_square_bracket", "apostrophe")
        await type_text(pilot, "mine")
        await press(pilot, "enter")
        assert list(review(pilot).table.keys) == rows_of(bench, "", "kind:bot")
        await press(pilot, "colon")
        await type_text(pilot, "drop view")
        await press(pilot, "enter", "enter")
        assert bench.looks.views() == []


async def test_sorting_from_the_chooser_and_the_title(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    followers = {row: bench.page([row])[0].followers or 0 for row in rows}
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "S")
        await type_text(pilot, "followers")
        await press(pilot, "enter")
        shown = [followers[row] for row in review(pilot).table.keys]
        assert shown == sorted(shown, reverse=True)
        await pilot.click("#table", offset=(5, 0))
        await settle(pilot)
        assert list(review(pilot).table.keys) == rows_of(bench, "everyone", "sort:name")


# The palette, links, places -----------------------------------------------------------


async def test_the_palette_takes_names_numbers_and_accounts(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    there = bench.page(rows[48:49])[0].handle
    elsewhere = next(row for row in rows_of(bench, "everyone", "kind:bot has:handle"))
    async with opened(bench) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "37")
        await press(pilot, "enter")
        assert review(pilot).table.key == rows[36]
        await press(pilot, "ctrl+p")
        await type_text(pilot, f"@{there}")
        await press(pilot, "enter")
        assert review(pilot).table.key == rows[48]
        await press(pilot, "colon")
        await type_text(pilot, f"@{bench.page([elsewhere])[0].handle}")
        await press(pilot, "enter")
        assert review(pilot).table.key == elsewhere
        await press(pilot, "colon")
        await type_text(pilot, "@nobody_is_called_this")
        await press(pilot, "enter")
        assert "is not in the store" in said(pilot)


async def test_a_week_passes_in_the_demo(bench: Workbench) -> None:
    before = len(rows_of(bench, "new"))
    async with opened(bench) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "demo next week")
        await press(pilot, "enter")
        await settle(pilot)
        assert len(rows_of(bench, "new")) > before


async def test_a_week_passes_only_in_the_demo(bench: Workbench) -> None:
    bench.session.is_demo = False
    async with opened(bench) as pilot:
        review(pilot).run_command("demo.week")
        assert "only in the demo" in said(pilot)


async def test_open_and_copy_show_the_link(bench: Workbench) -> None:
    url = bench.profile_url(rows_of(bench, "to-review")[1])
    assert url.startswith("https://x.com/")
    async with opened(bench) as pilot:
        await press(pilot, "j", "o")
        assert [url] == LINKS
        assert url in screen_text(pilot)
        await press(pilot, "O")
        assert pilot.app.clipboard == url


async def test_the_whole_card_decides_and_steps(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench, (120, 40)) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CardScreen)
        assert "demo, first reading" in screen_text(pilot)
        await press(pilot, "j", "x")
        assert decisions(bench) == {rows[1]: "out"}
        assert review(pilot).table.key == rows[2]
        assert bench.page(rows[2:3])[0].name in screen_text(pilot)
        await press(pilot, "q")
        assert pilot.app.screen is review(pilot)


async def test_where_the_person_was_is_kept_and_found_again(bench: Workbench) -> None:
    row = rows_of(bench, "confirm")[2]
    async with opened(bench) as pilot:
        await press(pilot, "right_square_bracket", "j", "j", "q")
    place = bench.looks.place()
    assert (place["queue"], place["filter"], place["row"]) == ("confirm", "", row)
    async with opened(bench) as pilot:
        assert review(pilot).queue_id == "confirm"
        assert review(pilot).table.key == row


async def test_another_process_is_noticed(bench: Workbench, reopened: Any) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        other = reopened("kim")
        other.say_kind(rows[:1], None)
        other.tag(rows[:1], ["theirs"])
        review(pilot)._poll()
        await settle(pilot)
        assert "another process" in said(pilot)


# The mouse ----------------------------------------------------------------------------


async def test_the_mouse_does_what_keys_do(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await pilot.click("#table", offset=(10, 4))
        await settle(pilot)
        assert review(pilot).table.key == rows[3]
        await pilot.click("#table", offset=(1, 3))
        await settle(pilot)
        assert review(pilot).table.marks.rows() == [rows[2]]
        bar = screen_lines(pilot)[1]
        await pilot.click("#queues", offset=(bar.index("Confirm") + 1, 0))
        await settle(pilot)
        assert review(pilot).queue_id == "confirm"
        footer = screen_lines(pilot)[-1]
        await pilot.click("#footer", offset=(footer.rindex("?"), 0))
        await settle(pilot)
        assert "Keys in confirm" in screen_text(pilot)


async def test_a_figure_opens_the_rows_it_counts(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        header = screen_lines(pilot)[0]
        await pilot.click("#header", offset=(header.index("followers"), 0))
        await settle(pilot)
        assert list(review(pilot).table.keys) == rows_of(bench, "", "is:follower")
        assert len(review(pilot).table.keys) == bench.header().followers


async def test_a_queue_is_found_where_it_was_left_after_a_restart_too(bench: Workbench) -> None:
    async with opened(bench, queue_id="to-review") as pilot:
        await press(pilot, *"jjj")
        row = review(pilot).table.key
        await press(pilot, "right_square_bracket", "j", "left_square_bracket")
        assert review(pilot).table.key == row
        await press(pilot, "right_square_bracket")
    async with opened(bench) as pilot:
        await press(pilot, "left_square_bracket")
        assert (review(pilot).queue_id, review(pilot).table.key) == ("to-review", row)


async def test_views_are_ordered_hidden_renamed_and_dropped(bench: Workbench) -> None:
    for name in ("alpha", "beta", "gamma"):
        bench.looks.save_view(name, "kind:bot")
    async with opened(bench) as pilot:
        await press(pilot, "V", "J")
        assert [view.name for view in bench.looks.saved()] == ["beta", "alpha", "gamma"]
        await press(pilot, "h")
        assert bench.looks.saved()[1].is_hidden
        assert "view alpha is no queue any more" in screen_text(pilot)
        assert not review(pilot).queue("view:alpha")
        await press(pilot, "d")
        assert [view.name for view in bench.looks.saved()] == ["beta", "gamma"]
        await press(pilot, "r", "ctrl+u")
        await type_text(pilot, "delta")
        await press(pilot, "enter")
        assert [view.name for view in bench.looks.saved()] == ["beta", "delta"]
        await press(pilot, "V", "enter")
        assert review(pilot).queue_id == "view:beta"


async def test_a_view_tags_whoever_is_in_it_and_undo_takes_it_back(bench: Workbench) -> None:
    bench.looks.save_view("robots", "kind:bot")
    bots = sorted(rows_of(bench, "everyone", "kind:bot"))
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "V", "t")
        await type_text(pilot, "sick")
        await press(pilot, "enter")
        assert "X's developer policy" in said(pilot)
        await press(pilot, "V", "t")
        await type_text(pilot, "robot")
        await press(pilot, "enter")
        assert tagged(bench, "robot") == bots
        await press(pilot, "u")
        assert tagged(bench, "robot") == []


async def test_every_queue_is_left_and_found_at_its_row(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "j", "j", "j")
        first, key = review(pilot).queue_id, review(pilot).table.key
        await press(pilot, "right_square_bracket", "j", "j")
        second, other = review(pilot).queue_id, review(pilot).table.key
        await press(pilot, "left_square_bracket")
        assert (review(pilot).queue_id, review(pilot).table.key) == (first, key)
        await press(pilot, "right_square_bracket")
        assert (review(pilot).queue_id, review(pilot).table.key) == (second, other)


async def test_counts_are_right_at_once_after_every_gesture(bench: Workbench) -> None:
    def shown(pilot: Pilot[None]) -> dict[str, int | None]:
        return {queue.id: queue.count for queue in review(pilot).queues}

    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        for keys in (("x",), ("e",), ("c", "b"), ("u",), ("U",), ("space", "space", "a"), ("backspace",), ("t",)):
            await press(pilot, *keys)
            if keys == ("t",):
                await type_text(pilot, "later on")
                await press(pilot, "enter")
            assert shown(pilot) == {queue.id: queue.count for queue in bench.refresh_counts().queues}, keys


async def test_saving_who_we_are_judges_again_at_once(bench: Workbench) -> None:
    rival, staff = rows_of(bench, "everyone", "has:handle -match:any kind:unclear -has:affiliation")[:2]
    handle = bench.card(rival).cells.handle
    with bench.session.store.write() as con:
        con.execute("UPDATE account SET bio = 'Engineer @acme' WHERE row = ?", [staff])
        bench.session.store.bump("profile", [staff])
    async with opened(bench) as pilot:
        await press(pilot, "A", "down", "down", "down")
        await type_text(pilot, f", @{handle}")
        await press(pilot, "f10")
        await settle(pilot)
    assert bench.card(rival).cells.kind is Kind.COMPETITOR
    assert bench.card(staff).cells.kind is Kind.EMPLOYEE
    assert "works for you" in repr(bench.card(staff).why)


async def test_a_week_of_the_demo_says_which_day_it_is_then(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "next week")
        await press(pilot, "enter")
        await settle(pilot)
        assert "it is 23 Nov 2026 now" in pilot.app.screen.status.text
