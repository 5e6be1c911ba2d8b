"""The last posts of someone, read from X from Today and the review: price first, off without a budget."""

from __future__ import annotations

import json

from demo_stores import followed
from screen_support import LINKS, opened, press, review, said, screen_text

from followertui.demo.places import sandbox_path
from followertui.services.workbench import Workbench
from followertui.store.audience import pages
from followertui.store.file import settings
from followertui.ui.screens.today import TodayScreen


def write_posts(bench: Workbench, row: int) -> None:
    """Two posts of an account in the demo's X, newer than those it has."""
    path = sandbox_path(bench.session.store.path)
    x_id = pages.identity(bench.session.store, row).x_id
    posts = [
        {"id": str(3_790_000_000_000_000_000 + n), "author_id": str(x_id), "text": f"post [b]{n}[/] on freight"}
        for n in (1, 2)
    ]
    path.write_text(json.dumps({**json.loads(path.read_text()), "posts": posts}))
    assert followed(bench)


async def test_last_posts_are_off_until_a_budget_is_set(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "K")
        assert "off until a budget is set" in said(pilot)


async def test_in_today_the_post_chosen_is_the_one_that_is_answered(bench: Workbench) -> None:
    settings.BUDGET_MONTH.write(bench.session.store, 5.0)
    engagement = bench.engagement
    lines = engagement.lines(engagement.today().ids)
    place, line = next((n, one) for n, one in enumerate(lines, start=1) if one.action.value == "reply")
    write_posts(bench, line.cells.row)
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f9", "colon", *str(place), "enter", "K")
        assert "the last 5 posts of" in screen_text(pilot)
        assert "at most $0.025" in screen_text(pilot)
        await press(pilot, "y")
        assert "Which one do you answer or pass on?" in screen_text(pilot)
        assert "post [b]2[/] on freight" in screen_text(pilot)
        await press(pilot, "1", "e")
        assert isinstance(pilot.app.screen, TodayScreen)
        assert LINKS[-1].startswith("https://x.com/intent/tweet?in_reply_to=3790000000000000002&text=")


async def test_in_the_review_the_post_chosen_is_opened(bench: Workbench) -> None:
    settings.BUDGET_MONTH.write(bench.session.store, 5.0)
    async with opened(bench, (80, 24), text="kind:customer -is:locked") as pilot:
        row = review(pilot).table.key
        assert row is not None
        write_posts(bench, row)
        await press(pilot, "K", "y", "1")
        assert LINKS[-1] == "https://x.com/i/status/3790000000000000002"
        await press(pilot, "j", "K", "n")
        assert len(LINKS) == 1
