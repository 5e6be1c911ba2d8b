"""While the screen is shared, no name, handle or bio of the store stands on any screen or dialog."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from screen_support import LINKS, decisions, opened, press, review, said, screen_text, settle, type_text

from followertui.domain.decision import Decision
from followertui.services.workbench import Workbench
from followertui.ui import redacting
from followertui.ui.screens.today import TodayScreen
from followertui.ui.screens.verbs import method_name

PLACES: dict[str, tuple[str, ...]] = {
    "review": (),
    "marked": ("asterisk",),
    "confirm": ("right_square_bracket",),
    "new": ("right_square_bracket", "right_square_bracket"),
    "palette": ("colon",),
    "bulk question": ("asterisk", "x"),
    "alike": ("equals_sign",),
    "count by company": ("number_sign", *"company", "enter"),
    "count by kind": ("number_sign", *"kind", "enter"),
    "sample": ("percent_sign",),
    "completion": ("slash", *"company:"),
    "card": ("enter",),
    "decided": ("x",),
    "last decisions": ("x", "comma"),
    "journal": ("x", "J"),
    "plan": ("p",),
    "report": ("F2",),
    "since": ("F3",),
    "queues": ("apostrophe",),
    "possible": ("apostrophe", *"possible", "enter"),
}
WAYS_OUT = {"open_link", "copy_link", "copy_to_clipboard", "profile_url"}
"""What shows, copies or opens who someone is, past every mask."""
NO_VERBS = {
    "screens/app_screen.py open_link": "the way itself",
    "screens/app_screen.py copy_link": "the way itself",
    "screens/by_hand.py _next": "plan.hand",
    "screens/by_hand.py _show": "plan.hand",
    "screens/candidates.py open_candidate": "open",
    "screens/peeking.py _show": "x.peek",
    "screens/review/from_x.py _open": "the page to sign in at",
}
"""Methods that do so and are no verb -> the verb that leads there, or why they may."""
SHORTEST = 6
"""Letters from which a name cannot stand there by chance."""


def names_in(bench: Workbench) -> set[str]:
    """Beginnings of names, handles, companies and bios of the store, long enough to be told from our own words."""
    con = bench.session.store.con
    found = {text for line in con.execute("SELECT name, bio FROM account") for text in line if text}
    found |= {line[0] for line in con.execute("SELECT name FROM entity")}
    found |= {line[0] for line in con.execute("SELECT company FROM entry")}
    beginnings = {text[: max(SHORTEST, 10)] for text in found if len(text) >= SHORTEST}
    handles = {line[0] for line in con.execute("SELECT handle FROM account WHERE handle IS NOT NULL")}
    return beginnings | {handle[:10] for handle in handles if len(handle) >= SHORTEST}


@pytest.mark.parametrize("place", PLACES)
async def test_nobody_is_named(bench: Workbench, place: str) -> None:
    bench.decide(bench.open_view("", "is:leader match:none -is:guarded").rows[:5], Decision.OUT)
    async with opened(bench, (160, 48), is_redacted=True) as pilot:
        await press(pilot, *PLACES[place])
        shown = screen_text(pilot)
        assert "NAMES HIDDEN" in screen_text(pilot) or pilot.app.screen is not review(pilot)
        assert sorted(name for name in names_in(bench) if name in shown) == []


async def test_one_person_has_one_mask_and_names_come_back(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        table = review(pilot).table
        row, plain = table.key, screen_text(pilot)
        handle = bench.card(row).cells.handle
        await press(pilot, "colon")
        await type_text(pilot, "redact")
        await press(pilot, "enter")
        mask = redacting.masked_handle(handle)
        assert f"@{handle}" not in screen_text(pilot)
        assert screen_text(pilot).count(mask) >= 2
        await press(pilot, "a")
        assert decisions(bench) == {row: "keep"}
        assert f"@{mask}" in said(pilot)
        await press(pilot, "u", "colon")
        await type_text(pilot, "redact")
        await press(pilot, "enter")
        assert screen_text(pilot).splitlines()[4:14] == plain.splitlines()[4:14]


async def test_what_would_write_or_show_the_names_waits(bench: Workbench) -> None:
    async with opened(bench, (120, 36), is_redacted=True) as pilot:
        for key in ("n", "o", "O", "A", "I"):
            await press(pilot, key, key)
            assert "names are masked" in said(pilot), key
            assert pilot.app.screen is review(pilot)


async def test_no_page_of_today_is_opened_and_no_masked_draft_kept(bench: Workbench) -> None:
    async with opened(bench, (120, 36), is_redacted=True) as pilot:
        await press(pilot, "f9")
        screen = pilot.app.screen
        assert isinstance(screen, TodayScreen)
        for command in ("today.do", "today.text", "x.peek", "copy"):
            screen.run_command(command)
            await settle(pilot)
            assert "names are masked" in screen.status.text, command
            assert pilot.app.screen is screen, command
    assert LINKS == []


def ways_out() -> Iterator[str]:
    """Methods and functions of the screen that use a way out, as file and name."""
    home = Path(redacting.__file__).parent
    for path in home.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            used = (part.attr for part in ast.walk(function) if isinstance(part, ast.Attribute))
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and WAYS_OUT.intersection(used):
                yield f"{path.relative_to(home).as_posix()} {function.name}"


def test_a_verb_that_lets_out_who_someone_is_waits() -> None:
    found = set(ways_out())
    waiting = {method_name(command) for command in redacting.WITHHELD}
    assert {each for each in found if each.split()[1] not in waiting} == NO_VERBS.keys(), "WITHHELD of ui/redacting.py"
    assert {reason for reason in NO_VERBS.values() if " " not in reason} <= redacting.WITHHELD.keys()


def test_masks_keep_places_and_are_the_same_each_time() -> None:
    assert redacting.masked("CEO @ Globex, est. 1999") == "xxx @ xxxxxx, xxx. xxxx"
    assert redacting.masked_handle("Dana_Ortiz") == redacting.masked_handle("dana_ortiz")
    assert re.fullmatch(r"user_[0-9a-f]{6}", redacting.masked_handle("dana_ortiz"))
    assert redacting.masked_name("") == redacting.masked_handle("") == ""
    assert redacting.sentence("out: @dana_ortiz · see https://x.com/dana") == (
        f"out: @{redacting.masked_handle('dana_ortiz')} · see xxxxx://x.xxx/xxxx"
    )
