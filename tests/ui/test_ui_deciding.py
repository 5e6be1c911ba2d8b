"""One key, one decision: what the review writes, what it says of it, and where the cursor goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from screen_support import (
    begin_at,
    decisions,
    kinds,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_text,
    settle,
    tagged,
    type_text,
    until,
    written,
)

from followertui.domain.decision import Decision
from followertui.services.values import JournalState, Queue
from followertui.services.workbench import Workbench
from followertui.ui.dialogs.asking import Question
from followertui.ui.screens.review.words import way_on


@pytest.mark.parametrize(
    ("key", "decision"),
    [("a", Decision.KEEP), ("x", Decision.OUT), ("f", Decision.FOLLOW), ("e", Decision.ENGAGE), ("s", Decision.LATER)],
)
async def test_one_key_decides_and_the_cursor_moves_on(bench: Workbench, key: str, decision: Decision) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, key)
        assert decisions(bench) == {rows[0]: decision.value}
        assert review(pilot).table.key == rows[1]
        assert review(pilot).table.has_focus
        assert said(pilot).startswith(decision.value)
        assert len(written(bench)) == 1


async def test_y_does_what_the_card_suggests(bench: Workbench) -> None:
    row = next(row for row in rows_of(bench, "everyone") if bench.card(row).suggestion.decision is Decision.OUT)
    begin_at(bench, row)
    async with opened(bench) as pilot:
        await press(pilot, "y")
        assert decisions(bench) == {row: "out"}


async def test_the_cursor_skips_what_is_decided(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    bench.decide(rows[1:3], Decision.KEEP)
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "x")
        assert review(pilot).table.key == rows[3]


async def test_the_next_undecided_is_found_far_away(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    bench.decide(rows[1:600], Decision.KEEP)
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "x")
        assert review(pilot).table.key == rows[600]


async def test_where_all_is_decided_the_line_says_what_comes_next(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    bench.decide(rows[:-1], Decision.KEEP)
    bench.refresh_counts()
    begin_at(bench, rows[-1])
    async with opened(bench) as pilot:
        await press(pilot, "a")
        assert len(decisions(bench)) == len(rows)
        waiting = {queue.title: queue.count for queue in bench.queues()}
        assert f"all decided here: ] ] goes to Confirm {waiting['Confirm']}" in said(pilot)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert review(pilot).queue_id == "confirm"
        assert "all decided" not in said(pilot), "what was said was about the queue that was left"


def test_a_queue_that_is_done_names_the_nearest_that_holds_something() -> None:
    counts = {"to-review": 9, "confirm": 0, "new": 0, "today": 0, "plan": 3}
    bar = [Queue(name, name.title(), "", count, True, "") for name, count in counts.items()]
    assert way_on(bar, "confirm") == "[ goes to To-Review 9"
    assert way_on(bar, "new") == "] ] goes to Plan 3"
    assert way_on(bar, "plan") == "] goes to To-Review 9"
    assert way_on(bar, "kind:bot") == "] goes to To-Review 9"
    assert way_on([replace(queue, count=0) for queue in bar], "new") == "] goes to the next queue"


async def test_marks_are_decided_together_and_what_is_held_back_is_said(bench: Workbench) -> None:
    free, guarded = rows_of(bench, "everyone", "is:following -is:guarded"), rows_of(bench, "guarded")
    text = " OR ".join(f"@{bench.page([row])[0].handle}" for row in (free[0], guarded[0], free[1]))
    async with opened(bench, queue_id="everyone", text=text) as pilot:
        await press(pilot, "space", "space", "space", "x")
        assert decisions(bench) == dict.fromkeys((free[0], guarded[0], free[1]), "out")
        assert "held back: 1" in said(pilot)
        assert len(review(pilot).table.marks) == 0
        (group,) = bench.plan_overview().groups
        assert (group.ready, group.held) == (2, 1)
        assert len(written(bench)) == 1


async def test_a_range_is_marked_and_decided(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "v", "j", "j", "a")
        assert decisions(bench) == dict.fromkeys(rows[:3], "keep")


async def test_backspace_takes_a_decision_off(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "x", "k", "backspace")
        assert decisions(bench) == {}
        assert not bench.plan_overview().item_ids
        assert review(pilot).table.key == rows[0]


async def test_a_kind_does_not_advance(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "c", "p")
        assert kinds(bench) == {rows[0]: "prospect"}
        assert review(pilot).table.key == rows[0]
        await press(pilot, "c", "a")
        assert kinds(bench) == {}


async def test_a_dot_repeats_the_last_gesture(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "full_stop")
        assert "nothing to repeat" in said(pilot)
        await press(pilot, "c", "v", "j", "full_stop")
        assert kinds(bench) == dict.fromkeys(rows[:2], "vendor")


async def test_tags_are_added_removed_and_bound_to_digits(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    bench.tag(rows[:1], ["event"])
    async with opened(bench) as pilot:
        await press(pilot, "3")
        assert "no tag is bound to 3" in said(pilot)
        await press(pilot, "t")
        await type_text(pilot, "vip=3, -event")
        await press(pilot, "enter")
        assert tagged(bench, "vip") == [rows[0]]
        assert tagged(bench, "event") == []
        assert ("vip", 1, "3") in bench.tags()
        await press(pilot, "j", "3")
        assert tagged(bench, "vip") == sorted(rows[:2])


async def test_a_note_is_written(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "n")
        await type_text(pilot, "met in x")
        await press(pilot, "enter")
        assert bench.card(rows[0]).note == "met in x"
        assert decisions(bench) == {}
        await press(pilot, "n", "enter")
        assert len(written(bench)) == 1, "a note left as it was writes nothing"


async def test_undo_goes_back_to_the_row_and_redo_does_it_again(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "x", "j", "u")
        assert review(pilot).table.key == rows[0]
        assert decisions(bench) == {}
        await press(pilot, "U")
        assert decisions(bench) == {rows[0]: "out"}
        assert [text.split(":")[0] for text in written(bench)] == ["redo", "undo", "out"]


async def test_undo_asks_before_it_crosses_a_session(reopened: Callable[..., Workbench]) -> None:
    earlier = reopened("kim")
    rows = rows_of(earlier, "everyone")
    earlier.decide(rows[:41], Decision.OUT)
    bench = reopened()
    async with opened(bench) as pilot:
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, Question)
        assert "kim" in screen_text(pilot)
        await press(pilot, "n")
        assert len(decisions(bench)) == 41
        await press(pilot, "u", "y")
        assert decisions(bench) == {}


async def test_undo_names_the_account_it_would_take_back_from_another(reopened: Callable[..., Workbench]) -> None:
    earlier = reopened("kim")
    row = rows_of(earlier, "everyone", "is:leader -is:guarded")[0]
    earlier.decide([row], Decision.OUT)
    handle = f"@{earlier.card(row).cells.handle}"
    bench = reopened()
    async with opened(bench) as pilot:
        await press(pilot, "u")
        question = " ".join(screen_text(pilot).split())
        assert f"out: {handle}" in question
        assert "kim" in question
        await press(pilot, "y")
        assert f"undo: out: {handle}" in said(pilot)


async def test_undo_of_an_import_runs_beside_the_review_and_compares_again(bench: Workbench) -> None:
    lists = bench.lists()
    async with opened(bench) as pilot:
        for _ in range(2):
            await press(pilot, "u", "y")
            await settle(pilot)
        assert any(line.state is JournalState.UNDONE for line in bench.journal())
        await until(pilot, lambda: len(bench.lists()) == len(lists) - 1)
        assert "undo: import vendors.csv" in screen_text(pilot)
        assert not rows_of(bench, "everyone", "list:Vendors")


async def test_release_asks_and_says_when_nothing_guards(bench: Workbench) -> None:
    guarded = rows_of(bench, "guarded")
    free = rows_of(bench, "everyone", "-is:guarded")
    begin_at(bench, free[0])
    async with opened(bench) as pilot:
        await press(pilot, "R")
        assert "nothing guards" in said(pilot)
    begin_at(bench, guarded[0])
    async with opened(bench) as pilot:
        await press(pilot, "R", "n")
        assert guarded[0] in rows_of(bench, "guarded")
        await press(pilot, "R", "y")
        assert guarded[0] not in rows_of(bench, "guarded")


async def test_read_only_says_why_not(reopened: Callable[..., Workbench]) -> None:
    bench = reopened(is_read_only=True)
    before = bench.journal()
    async with opened(bench) as pilot:
        assert "READ-ONLY" in screen_text(pilot)
        for key in "yaxfesctnuR":
            await press(pilot, key)
            assert "read-only" in said(pilot), key
        assert decisions(bench) == {}
        assert bench.journal() == before


async def test_a_kind_is_said_of_all_marks_at_once(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        await press(pilot, "space", "space", "c", "v")
        assert kinds(bench) == dict.fromkeys(rows[:2], "vendor")
        assert len(written(bench)) == 1


async def test_a_colleagues_keep_is_not_overridden_by_a_screen_that_did_not_show_it(bench: Workbench) -> None:
    rows = rows_of(bench, "to-review")
    async with opened(bench) as pilot:
        with bench.session.store.write() as con:
            con.execute("INSERT INTO decision VALUES (?, 'keep', NULL, 'ana', 1)", [rows[0]])
        await press(pilot, "x")
        assert "keep by ana of" in screen_text(pilot)
        assert decisions(bench) == {rows[0]: "keep"}


async def test_a_suggestion_that_is_not_there_decides_nothing(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    row = next(row for row in rows if bench.card(row).suggestion.decision is Decision.NONE)
    begin_at(bench, row)
    async with opened(bench) as pilot:
        await press(pilot, "y")
        assert "Nothing is suggested here" in said(pilot)
        assert review(pilot).table.key == row, "the cursor stays"
        assert review(pilot).table.sign(bench.page([row])[0]) == " "
        assert decisions(bench) == {}


async def test_a_note_on_marks_adds_a_line_to_each(bench: Workbench) -> None:
    first, second = rows_of(bench, "everyone")[:2]
    bench.note(first, "met in Graz")
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "space", "space", "n")
        await type_text(pilot, "ask again")
        await press(pilot, "enter")
        assert bench.card(first).note == "met in Graz\nask again"
        assert bench.card(second).note == "ask again"
        await press(pilot, "u")
        assert (bench.card(first).note, bench.card(second).note) == ("met in Graz", "")


async def test_a_tags_digit_takes_it_off_again(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")[:3]
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "t")
        await type_text(pilot, "vip=3")
        await press(pilot, "enter")
        assert tagged(bench, "vip") == [rows[0]]
        await press(pilot, "3")
        assert tagged(bench, "vip") == []
        await press(pilot, *["space"] * 3, "3")
        assert tagged(bench, "vip") == sorted(rows)
        assert "vip" in screen_text(pilot)
        await press(pilot, "3")
        assert tagged(bench, "vip") == []
