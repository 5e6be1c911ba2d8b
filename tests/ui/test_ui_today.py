"""Today on the screen: one key each, the draft below, and the way there and back; playbooks beside it."""

from __future__ import annotations

import pytest
from screen_support import LINKS, opened, press, review, screen_lines, screen_text, type_text
from textual.pilot import Pilot
from textual.widgets import TextArea

from followertui.services.workbench import Workbench
from followertui.store.decisions import due
from followertui.store.file import watermarks
from followertui.ui.screens.playbooks import PlaybookEditor, PlaybooksScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.today import TodayScreen

POST = "https://x.com/acme/status/1790000000000000001"


def today_of(pilot: Pilot[None]) -> TodayScreen:
    screen = pilot.app.screen
    assert isinstance(screen, TodayScreen)
    return screen


def number_of(bench: Workbench, action: str) -> int:
    """Place in Today of the first thing of an action, from 1."""
    engagement = bench.engagement
    lines = engagement.lines(engagement.today().ids)
    return next(place for place, line in enumerate(lines, start=1) if line.action.value == action)


async def go_to(pilot: Pilot[None], bench: Workbench, action: str) -> None:
    await press(pilot, "f9", "colon")
    await type_text(pilot, str(number_of(bench, action)))
    await press(pilot, "enter")


async def test_today_shows_what_is_due_and_is_left_again(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f9")
        count = len(bench.engagement.today().ids)
        assert count > 5
        assert f"Today · {count} due" in screen_lines(pilot)[0]
        assert today_of(pilot).table.has_focus
        await press(pilot, "f9")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert f"Today {count}" in screen_text(pilot)


async def test_a_reply_is_composed_and_recorded_with_three_keys(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await go_to(pilot, bench, "reply")
        item = today_of(pilot).table.current
        assert item is not None
        draft = bench.engagement.compose(item.id).text
        assert draft in " ".join(screen_text(pilot).split())
        await press(pilot, "P")
        await type_text(pilot, POST)
        await press(pilot, "enter", "e")
        assert LINKS[-1].startswith("https://x.com/intent/tweet?in_reply_to=1790000000000000001&text=")
        await press(pilot, "d")
        assert today_of(pilot).status.text.startswith("done, reply")
        assert due.items(bench.session.store, [item.id])[0].state.value == "done"
        assert next(one.what for one in bench.engagement.timeline(item.cells.row)) == "reply"
        await press(pilot, "u")
        assert due.items(bench.session.store, [item.id])[0].state.value == "open"
        assert item.id in today_of(pilot).table.keys


async def test_the_next_draft_and_ones_own_words(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await go_to(pilot, bench, "reply")
        first = today_of(pilot)._composed
        await press(pilot, "tab")
        second = today_of(pilot)._composed
        assert first is not None
        assert second is not None
        assert first.text != second.text
        await press(pilot, "t", "ctrl+u")
        await type_text(pilot, "my own words")
        await press(pilot, "enter")
        own = today_of(pilot)._composed
        assert own is not None
        assert own.is_own
        assert "my own words" in own.text


async def test_snooze_skip_and_never_take_it_out_of_today(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f9")
        for key, words in (("s", "snoozed until"), ("x", "skipped"), ("X", "never to be contacted")):
            item = today_of(pilot).table.current
            assert item is not None
            await press(pilot, key)
            assert words in today_of(pilot).status.text
            assert item.id not in today_of(pilot).table.keys
        rows = list(bench.open_view("", "is:do-not-contact").rows)
        assert rows == [item.cells.row]


async def test_how_often_someone_comes_back_is_shown_and_set(bench: Workbench) -> None:
    async with opened(bench, (80, 24)) as pilot:
        await go_to(pilot, bench, "repost")
        item = today_of(pilot).table.current
        assert item is not None
        row = item.cells.row
        assert "then pass on every 30 days, as the playbook says; E sets it" in " ".join(screen_text(pilot).split())
        await press(pilot, "E")
        assert "Back into Today every how many days?" in screen_text(pilot)
        await type_text(pilot, "14")
        await press(pilot, "enter")
        assert "every 14 days" in today_of(pilot).status.text
        assert bench.engagement.interval(row) == 14
        assert "then pass on every 14 days, as you set for them; the playbook says 30" in " ".join(
            screen_text(pilot).split()
        )
        assert list(bench.open_view("", 'tag:"every 14 days"').rows) == [row]
        await press(pilot, "E", "ctrl+u")
        await type_text(pilot, "soon")
        await press(pilot, "enter")
        assert "give a number of days" in today_of(pilot).status.text
        assert bench.engagement.interval(row) == 14
        await press(pilot, "E", "ctrl+u", "2", "enter")
        assert "pass on every 2 days by you, but 7 at least by the playbook" in " ".join(screen_text(pilot).split())
        await press(pilot, "u", "E", "ctrl+u", "enter")
        assert bench.engagement.interval(row) == 0
        await press(pilot, "u")
        assert bench.engagement.interval(row) == 14


async def test_how_often_in_the_review_takes_the_marks(bench: Workbench) -> None:
    async with opened(bench, (120, 36), text="kind:customer") as pilot:
        await press(pilot, "space", "space")
        marked = sorted(review(pilot).table.marks.rows())
        assert len(marked) == 2
        await press(pilot, "E")
        await type_text(pilot, "21")
        await press(pilot, "enter")
        assert [bench.engagement.interval(row) for row in marked] == [21, 21]
        assert sorted(bench.open_view("", 'tag:"every 21 days"').rows) == marked


async def test_a_post_that_is_none_changes_nothing_and_is_said(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await go_to(pilot, bench, "reply")
        await press(pilot, "P")
        await type_text(pilot, "nonsense")
        await press(pilot, "enter")
        assert "address or the number" in today_of(pilot).status.text
        assert today_of(pilot)._wording.post == ""


async def test_do_not_contact_and_wrote_first_in_the_review(bench: Workbench) -> None:
    async with opened(bench, (120, 36), text="kind:customer") as pilot:
        row = review(pilot).table.key
        await press(pilot, "X")
        assert list(bench.open_view("", "is:do-not-contact").rows) == [row]
        await press(pilot, "X")
        assert list(bench.open_view("", "is:do-not-contact").rows) == []
        await press(pilot, "j", "k", "D")
        assert row is not None
        assert bench.engagement.timeline(row)[0].what == "inbound"


async def test_a_playbook_is_tried_turned_off_and_edited(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f10")
        assert isinstance(pilot.app.screen, PlaybooksScreen)
        assert "Customers" in screen_text(pilot)
        await press(pilot, "enter")
        assert "worth" in screen_text(pilot)
        await press(pilot, "escape", "space")
        assert "playbook customer: off" in screen_text(pilot)
        await press(pilot, "e")
        assert isinstance(pilot.app.screen, PlaybookEditor)
        area = pilot.app.screen.query_one(TextArea)
        area.text = area.text.replace("a_day = 5", "a_dai = 5")
        await press(pilot, "f10")
        assert "did you mean a_day" in screen_text(pilot)
        area.text = area.text.replace("a_dai = 5", "a_day = 2")
        await press(pilot, "f10")
        assert isinstance(pilot.app.screen, PlaybooksScreen)
        assert "a_day = 2" in bench.engagement.playbook_text("customer")


async def test_a_large_store_is_looked_through_beside_the_screen(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followertui.ui.screens.today.SMALL_ROWS", 10)
    async with opened(bench, (120, 36)) as pilot:
        store = bench.session.store
        with store.write() as con:
            con.execute("DELETE FROM due")
            watermarks.PROPOSED.write(store, "")
        await press(pilot, "f9")
        found = bench.engagement.stored_today().ids
        assert len(found) > 5
        assert f"Today · {len(found)} due" in screen_lines(pilot)[0]
        await press(pilot, "j", "x")
        assert pilot.app.jobs.job is None
        assert "skipped" in today_of(pilot).status.text
        assert today_of(pilot).table.key == found[2]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_nothing_due_says_what_to_do(bench: Workbench, size: tuple[int, int]) -> None:
    for book in bench.engagement.playbooks():
        if book.is_on:
            bench.engagement.turn_playbook(book.name)
    async with opened(bench, size) as pilot:
        await press(pilot, "f9")
        assert "Nothing is due today" in screen_text(pilot)
        await press(pilot, "d", "s", "x", "e", "tab", "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)
