"""Menus leave in sight what one chooses by, and keys that lead nowhere say where they do."""

from __future__ import annotations

import re

import pytest
from screen_support import (
    begin_at,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_lines,
    screen_text,
    settle,
    type_text,
)

from followertui.domain.decision import Decision
from followertui.domain.kind import KIND_KEYS, Kind
from followertui.services.workbench import Workbench
from followertui.ui.dialogs.choosing import MENU_KEYS, NOTHING_FOUND, Chooser
from followertui.ui.dialogs.looking import BulkLook
from followertui.ui.screens.plan import PlanScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)], ids=str)
async def test_the_menu_of_kinds_leaves_the_bio_in_sight_and_knows_every_kind(
    bench: Workbench, size: tuple[int, int]
) -> None:
    assert set(KIND_KEYS.values()) == set(Kind) - {Kind.UNSEEN}
    row = next(row for row in rows_of(bench, "everyone", "has:bio") if len(bench.card(row).bio) > 30)
    begin_at(bench, row)
    async with opened(bench, size) as pilot:
        await press(pilot, "c")
        assert "Who is this?" in screen_text(pilot)
        assert "o  competitor" in screen_text(pilot)
        assert bench.card(row).bio[:24] in screen_text(pilot)


async def test_a_long_menu_has_a_key_for_every_line_and_its_columns_stand_straight(bench: Workbench) -> None:
    row = max(rows_of(bench, "everyone")[:40], key=lambda row: len(bench.alike(rows_of(bench, "everyone"), row)))
    begin_at(bench, row)
    async with opened(bench, (120, 50)) as pilot:
        await press(pilot, "equals_sign")
        dialog = pilot.app.screen
        assert isinstance(dialog, Chooser)
        letters = [choice.letter for choice in dialog._shown]
        assert len(letters) > 9
        assert "".join(letters) == MENU_KEYS[: len(letters)], "past nine letters go on"
        shown = [line for line in screen_lines(pilot) if re.search(r"│  [1-9a-z]  \S", line)]
        ends = {found.end(1) for line in shown if (found := re.search(r"  ([\d,]+) +│", line))}
        assert len(ends) == 1, "counts are right-aligned under each other"
        await press(pilot, letters[9])
        assert len(review(pilot).table.marks) == dialog._shown[9].answer.count  # type: ignore[attr-defined]


async def test_marking_alike_goes_by_bio_domain_wave_company_list_and_band(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone")
    with bench.session.store.write() as con:
        con.execute("UPDATE account SET domain = 'globex.com' WHERE row % 9 = 0")
    terms = {one.query.partition(":")[0] for row in rows for one in bench.alike(rows, row)}
    assert {"company", "list", "match", "like", "domain", "wave", "kind", "reason", "created", "location"} <= terms


async def test_where_nothing_matches_a_sentence_says_so(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        for key in ("colon", "apostrophe"):
            await press(pilot, key)
            await type_text(pilot, "qqqq")
            assert NOTHING_FOUND.strip() in screen_text(pilot)
            await press(pilot, "escape")


async def test_the_footer_names_the_keys_of_the_filter_while_it_is_typed(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        assert "a keep" in screen_lines(pilot)[-1]
        await press(pilot, "slash")
        footer = screen_lines(pilot)[-1]
        assert "Enter to the rows" in footer
        assert "Tab completes" in footer
        assert "a keep" not in footer
        await press(pilot, "escape")
        assert "a keep" in screen_lines(pilot)[-1]


async def test_a_key_of_another_screen_says_where_it_means_something(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, PlanScreen)
        for key, title in (("slash", "filter"), ("apostrophe", "queue")):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, PlanScreen)
            assert f"{title}" in pilot.app.screen.status.text
            assert "only in" in pilot.app.screen.status.text
            assert "review" in pilot.app.screen.status.text


async def test_the_guard_of_a_planned_account_is_released_in_the_plan(bench: Workbench) -> None:
    guarded = rows_of(bench, "everyone", "is:following guard:matched")[:2]
    bench.decide(guarded, Decision.OUT)
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "p")
        plan = pilot.app.screen
        assert isinstance(plan, PlanScreen)
        (before,) = plan._overview.groups
        held = plan.table.current.cells.row
        await press(pilot, "R")
        assert "Release from what holds it now?" in screen_text(pilot)
        await press(pilot, "n")
        assert plan._overview.groups[0].held == before.held
        await press(pilot, "R", "y")
        assert (plan._overview.groups[0].held, plan._overview.groups[0].ready) == (before.held - 1, before.ready + 1)
        assert held not in rows_of(bench, "guarded")
        await press(pilot, "R")
        assert "nothing guards this account" in plan.status.text
        await press(pilot, "u")
        assert plan._overview.groups[0].held == before.held


async def test_a_match_of_a_planned_account_is_rejected_where_it_is_read(bench: Workbench) -> None:
    """What a guard's words ask for can be done: `n` where the account is looked at."""
    row = rows_of(bench, "possible", "is:following")[0]
    bench.decide([row], Decision.OUT)
    assert "reject the match to allow" in bench.card(row).guard
    async with opened(bench, (120, 36), queue_id="possible") as pilot:
        review(pilot).go_to_row(row)
        await press(pilot, *["n"] * len(bench.card(row).matches))
    assert row not in rows_of(bench, "guarded")


@pytest.mark.parametrize("width", [120, 160, 200])
async def test_a_bulk_question_says_what_comes_of_it_and_shows_what_one_decides_by(
    bench: Workbench, width: int
) -> None:
    async with opened(bench, (width, 44), queue_id="everyone", text="is:leader") as pilot:
        await press(pilot, "asterisk", "x")
        dialog = pilot.app.screen
        assert isinstance(dialog, BulkLook)
        shown = screen_text(pilot)
        rows = rows_of(bench, "everyone", "is:leader")
        foreseen = bench.foresee(rows, Decision.OUT)
        ((action, count),) = [(action, count) for action, count in foreseen.planned if count]
        assert re.search(rf"{count:,} to {action}", shown)
        assert all(f"{held.count:,}" in shown for held in foreseen.held[:2])
        assert "held back" in shown
        assert "by hand" in shown
        titles = [line for line in screen_lines(pilot) if "Handle" in line and "Bot" in line][-1]
        assert ("Bio" in titles) or ("bio" in titles)
        assert "Silent" in titles
        assert dialog.query_one(".dialog").size.width >= width * 0.9
        at = screen_lines(pilot).index(titles)
        below = [line.partition("│")[2].rpartition("│")[0].strip() for line in screen_lines(pilot)[at + 1 :]]
        sample = below[: below.index("")]
        assert len(sample) > 5
        assert all(re.search("[→←↔]", line) for line in sample), "no line of the sample wraps"


async def test_what_is_not_decided_is_said_once(bench: Workbench) -> None:
    rows = [row for row in rows_of(bench, "everyone") if bench.card(row).suggestion.decision is Decision.NONE][:2]
    text = " OR ".join(f"@{cells.handle}" for cells in bench.page(rows))
    async with opened(bench, (120, 36), queue_id="everyone", text=text) as pilot:
        await press(pilot, "asterisk", "y")
        await settle(pilot)
        assert said(pilot).lower().count("suggested") == 1
        assert [review(pilot).table.sign(cells) for cells in bench.page(rows)] == [" ", " "]
