"""Every verb of the command line is in the palette, or named here with the reason why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_stores import open_copy
from screen_support import decisions, opened, press, review, rows_of, said, screen_text, type_text, written
from textual.pilot import Pilot

from followertui.cli.main import SECTIONS
from followertui.domain.decision import ActionKind, Decision
from followertui.services.workbench import Workbench
from followertui.ui.commands import COMMANDS

ON_SCREEN: dict[str, tuple[str, ...]] = {
    "accounts": ("filter",), "show": ("card",), "matches": ("match.yes", "match.no", "match.refuse"),
    "views": ("view.save", "view.drop", "queue.choose", "view.manage"), "journal": ("journal",),
    "session": ("session", "last"), "demo": ("demo.week",),
    "import": ("import", "import.decisions"),
    "about": ("about",), "match": ("match.run", "rest.run", "plan.compare"),
    "judge": ("judge.run",),
    "decide": ("keep", "out", "follow", "engage", "later", "undecide", "remind"), "kind": ("kind",),
    "tag": ("tag", "contact.every"),
    "note": ("note",), "release": ("release",), "draw": ("draw", "enough"), "undo": ("undo",), "redo": ("redo",),
    "plan": ("plan", "plan.drop", "plan.back", "plan.drop_part", "plan.stays", "plan.list", "plan.pace", "plan.reverse",
             "act.mute", "act.unmute", "act.remove_follower", "act.block", "act.report",
             "act.list_add", "act.list_remove", "act.repost"),
    "apply": ("plan.apply", "plan.hand", "plan.worst", "hand.five"),
    "checks": ("plan.checks",), "worksheet": ("worksheet",), "report": ("report",),
    "alerts": ("since",),
    "doctor": ("doctor",), "backup": ("backup",), "export": ("export",), "keys": ("help",), "themes": ("theme",),
    "today": ("today", "today.done", "today.snooze", "today.skip", "today.later", "today.do", "today.draft",
              "today.post", "today.text", "today.link", "today.plan", "today.leave"),
    "shelf": ("shelf.title", "shelf.add", "shelf.import", "shelf.drop"), "playbook": ("playbooks",),
    "contact": ("contact.never",), "engage": ("contact.wrote", "contact.engaged"),
    "settings": ("settings",), "merge": ("merge",), "handover": ("handover",),
    "candidates": ("candidates",), "help": ("help",), "auth": ("x.login", "x.logout"),
    "find": ("x.find",), "peek": ("x.peek",),
    "sync": ("x.sync", "x.leavers", "x.names", "x.profiles", "x.marks", "x.live"), "costs": ("x.costs",),
}  # fmt: skip
"""Command of the command line -> the verbs of the screen that do it."""

CLI_ONLY: dict[str, str] = {
    "review": "it opens the screen",
    "brief": "a page to print before a call",
    "coverage": "rows of a list, not accounts; the report and company: show those that are here",
    "lists": "lists are dropped and their basis changed rarely, and on purpose",
    "sentinels": "asked where an import needs them",
    "aliases": "a table of what was learned",
    "notice": "set up once, for alerts that a scheduler sends",
    "timeline": "the card and today show it account by account",
    "sandbox": "a server of its own",
    "restore": "it replaces the open store",
    "purge": "it cannot be undone, and asks for names to be typed",
    "screenshots": "for whoever works on the program",
}
"""Command of the command line without a verb on the screen -> why."""

SCREEN_ONLY: dict[str, str] = {
    "looking and marking": "mark range mark.all mark.query alike invert count sample escape sort columns open copy "
    "match.next blind",
    "sharing the screen": "redact",
    "moving": "move.down move.up move.page_down move.page_up move.top move.bottom",
    "going": "queue.next queue.previous palette back plan.leave plan.group reload",
    "deciding as the card says": "suggest repeat match.unsure",
    "by hand, click by click": "hand.done hand.later hand.missing hand.back",
    "the program itself": "stop suspend quit",
}


def cli_commands() -> set[str]:
    return {name for lines in SECTIONS.values() for name, _, _ in lines}


def test_every_command_has_a_verb_on_the_screen_or_a_reason() -> None:
    assert not cli_commands() - ON_SCREEN.keys() - CLI_ONLY.keys()
    assert not ON_SCREEN.keys() & CLI_ONLY.keys()
    assert {verb for verbs in ON_SCREEN.values() for verb in verbs} <= COMMANDS.keys()


def test_every_action_of_the_plan_has_a_verb() -> None:
    named = {
        command_id.removeprefix("act.").replace("_", "-") for command_id in COMMANDS if command_id.startswith("act.")
    }
    assert named == {action.value for action in ActionKind} - {"unfollow", "follow"}


def test_verbs_of_the_screen_alone_are_named() -> None:
    alone = {name for names in SCREEN_ONLY.values() for name in names.split()}
    assert alone <= COMMANDS.keys()
    on_both = {verb for verbs in ON_SCREEN.values() for verb in verbs}
    assert not alone & on_both
    assert COMMANDS.keys() == alone | on_both


async def by_name(pilot: Pilot[None], name: str) -> None:
    """Run a verb from the palette by its whole name."""
    await press(pilot, "colon")
    await type_text(pilot, name)
    await press(pilot, "enter")


def planned(bench: Workbench) -> list[tuple[str, str]]:
    return bench.session.store.con.execute("SELECT action, object FROM plan_item ORDER BY id").fetchall()


@pytest.mark.parametrize(
    ("name", "typed", "item"),
    [
        ("mute", "", ("mute", "")),
        ("unmute", "", ("unmute", "")),
        ("remove follower", "", ("remove-follower", "")),
        ("block", "", ("block", "")),
        ("report to X", "", ("report", "")),
        ("add to list", "Press", ("list-add", "Press")),
        ("take off list", "Press", ("list-remove", "Press")),
        ("repost", "https://x.com/a/status/123", ("repost", "123")),
    ],
)
async def test_what_no_decision_plans_is_planned_from_the_palette(
    bench: Workbench, name: str, typed: str, item: tuple[str, str]
) -> None:
    row = rows_of(bench, "everyone", "is:follower -is:guarded match:none")[0]
    handle = bench.page([row])[0].handle
    async with opened(bench, (120, 36), text=f"handle:{handle}") as pilot:
        await by_name(pilot, name)
        if typed:
            await type_text(pilot, typed)
            await press(pilot, "enter")
        assert planned(bench) == [item]
        assert decisions(bench) == {}
        await press(pilot, "u")
        assert planned(bench) == []


async def test_a_repost_needs_the_number_of_a_post(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await by_name(pilot, "repost")
        await type_text(pilot, "that nice one")
        await press(pilot, "enter")
        assert "give the number at the end of the post's address" in said(pilot)
        assert planned(bench) == []


@pytest.mark.parametrize(("name", "file"), [("backup", "copy.db"), ("export", "all.json"), ("worksheet", "plan.csv")])
async def test_files_are_written_from_the_palette(bench: Workbench, tmp_path: Path, name: str, file: str) -> None:
    bench.decide(rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:3], Decision.OUT)
    async with opened(bench, (120, 36)) as pilot:
        await by_name(pilot, name)
        line = pilot.app.screen.query_one("#line")
        line.value = str(tmp_path / file)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert (tmp_path / file).stat().st_size > 0
        assert file in said(pilot)
        if name == "export":
            assert len(json.loads((tmp_path / file).read_text())) == len(rows_of(bench, "everyone"))


async def test_the_doctor_reports_on_the_screen(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await by_name(pilot, "doctor")
        assert "Doctor" in screen_text(pilot)
        assert any(what in screen_text(pilot) for _, what, _ in bench.care.findings())
        await press(pilot, "q")
        assert review(pilot).is_current


async def test_one_old_gesture_is_undone_while_later_ones_stay(bench: Workbench) -> None:
    first, second, third = rows_of(bench, "everyone", "-is:guarded")[:3]
    bench.decide([first, second], Decision.OUT)
    bench.decide([second], Decision.ENGAGE)
    bench.decide([third], Decision.LATER)
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "J", "j", "j", "r")
        assert "Undo this gesture alone?" in screen_text(pilot)
        assert "out: 2 accounts" in screen_text(pilot)
        await press(pilot, "y")
        assert decisions(bench) == {second: "engage", third: "later"}
        assert "changed since" in screen_text(pilot)
    assert written(bench)[0].startswith("undo: out: 2 accounts")


async def test_a_colleagues_copy_is_looked_at_before_it_is_merged(
    bench: Workbench, reopened: Callable[..., Workbench], tmp_path: Path
) -> None:
    copy = tmp_path / "kim.db"
    bench.care.backup(copy)
    (row,) = rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:1]
    kim = open_copy(copy, "kim")
    kim.decide([row], Decision.OUT)
    kim.close()
    async with opened(bench, (100, 30)) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "merge")
        await press(pilot, "enter")
        await type_text(pilot, str(copy))
        await press(pilot, "enter")
        assert "would take 1 decision" in screen_text(pilot)
        await press(pilot, "n")
        assert decisions(bench) == {}
        await press(pilot, "colon")
        await type_text(pilot, "merge")
        await press(pilot, "enter")
        await type_text(pilot, str(copy))
        await press(pilot, "enter", "y")
        assert decisions(bench) == {row: "out"}
        assert "merge of kim.db: 1 decision" in said(pilot)
