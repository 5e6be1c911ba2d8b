"""The strip of last decisions: read in one line, entered with a key, changed by the keys that made it."""

from __future__ import annotations

from collections.abc import Callable

from screen_support import (
    begin_at,
    decisions,
    match_words,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_lines,
    screen_text,
    type_text,
)

from followertui.domain.decision import Decision
from followertui.services.workbench import Workbench
from followertui.ui.dialogs.last import LastDecisions
from followertui.ui.widgets.bars import StatusLine


async def test_the_strip_is_one_line_that_says_who_and_when(
    bench: Workbench, reopened: Callable[..., Workbench]
) -> None:
    other = reopened("anna")
    first, second = rows_of(bench, "everyone")[:2]
    other.decide([first], Decision.OUT)
    bench.decide([second], Decision.KEEP)
    handles = [bench.card(row).cells.handle for row in (first, second)]
    async with opened(bench, (80, 24)) as pilot:
        pilot.app.screen.query_one(StatusLine)._said = None
        pilot.app.screen.query_one(StatusLine).refresh()
        await press(pilot, "j")
        line = screen_lines(pilot)[-2]
        assert line.startswith(" last   ")
        assert f"keep @{handles[1]} · out @{handles[0]} by anna" in line
        assert line[8:13].count(":") == 1


async def test_the_last_decisions_are_changed_by_the_same_keys(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")[:3]
    async with opened(bench, (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "x", "a", "s")
        assert decisions(bench) == dict(zip(rows, ["out", "keep", "later"], strict=True))
        await press(pilot, "comma")
        assert isinstance(pilot.app.screen, LastDecisions)
        await press(pilot, "j", "x")
        assert decisions(bench)[rows[1]] == "out"
        assert "out" in screen_text(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is review(pilot)


async def test_a_line_withdrawn_says_so_and_comes_back_by_a_key(bench: Workbench) -> None:
    row = rows_of(bench, "everyone")[0]
    async with opened(bench, (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "x", "comma", "backspace")
        assert decisions(bench) == {}
        assert "withdrawn (out)" in screen_text(pilot)
        await press(pilot, "a")
        assert decisions(bench) == {row: "keep"}
        assert "withdrawn" not in screen_text(pilot)


async def test_an_answer_to_a_match_is_changed_by_y_n_and_withdrawn(bench: Workbench) -> None:
    begin_at(bench, rows_of(bench, "confirm")[0], "confirm")
    async with opened(bench, (120, 36), queue_id="confirm") as pilot:
        await press(pilot, "y", "comma", "n")
        assert list(match_words(bench).values()) == ["rejected"]
        assert "no: " in screen_text(pilot)
        await press(pilot, "y")
        assert list(match_words(bench).values()) == ["confirmed"]
        await press(pilot, "s")
        assert match_words(bench) == {}
        assert "withdrawn (yes): " in screen_text(pilot)


async def test_enter_goes_to_the_account(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    async with opened(bench, (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "x", "G", "comma", "enter")
        assert review(pilot).table.key == rows[0]


async def test_enter_on_a_bulk_gesture_marks_its_accounts(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")[:30]
    bench.decide(rows, Decision.OUT)
    async with opened(bench, (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "comma", "a")
        assert "Enter marks them" in screen_text(pilot)
        assert set(decisions(bench).values()) == {"out"}
        await press(pilot, "enter")
        assert review(pilot).table.marks.rows() == sorted(rows)
        assert "marked the 30 accounts" in said(pilot)


async def test_a_store_opened_read_only_is_looked_back_on_only(
    bench: Workbench, reopened: Callable[..., Workbench]
) -> None:
    bench.decide(rows_of(bench, "everyone")[:1], Decision.OUT)
    async with opened(reopened(is_read_only=True), (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "comma", "a")
        assert "opened read-only" in screen_text(pilot)
    assert list(decisions(bench).values()) == ["out"]


async def test_the_session_is_summed_up_on_demand(bench: Workbench) -> None:
    async with opened(bench, (80, 24), queue_id="everyone") as pilot:
        await press(pilot, "H")
        assert said(pilot) == "nothing was decided in this session yet"
        await press(pilot, "x", "x", "a", "H")
        shown = screen_text(pilot)
        assert "This session" in shown
        assert "3: 2 out, 1 keep" in shown
        assert "3 one by one" in shown


async def test_names_are_hidden_then_bios_then_nothing(bench: Workbench) -> None:
    row = rows_of(bench, "everyone", "has:bio has:name")[0]
    begin_at(bench, row)
    card = bench.card(row)
    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        review(pilot).go_to_row(row)
        await press(pilot, "B")
        shown = screen_text(pilot)
        assert card.cells.handle not in shown
        assert card.cells.name not in shown
        assert card.bio[:12] in shown
        assert "NAME HIDDEN" in shown
        await press(pilot, "x")
        assert card.cells.handle not in screen_text(pilot)
        await press(pilot, "B", "k")
        shown = screen_text(pilot)
        assert "BIO HIDDEN" in shown
        assert card.bio[:12] not in shown
        assert card.cells.handle in shown
        await press(pilot, "B")
        assert "HIDDEN" not in screen_text(pilot)
    assert bench.session.store.con.execute("SELECT hidden FROM blind_look").fetchall() == [("name",)]


async def test_matches_are_not_answered_blind(bench: Workbench) -> None:
    async with opened(bench, (120, 36), queue_id="confirm") as pilot:
        await press(pilot, "B", "y")
        assert "B shows it again" in said(pilot)
        assert match_words(bench) == {}


async def test_the_palette_says_whether_enough_was_looked_at(bench: Workbench) -> None:
    async with opened(bench, (80, 24)) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "enough")
        await press(pilot, "enter")
        shown = screen_text(pilot)
        assert "50 more" in shown
        assert "nobody looked at" in shown
