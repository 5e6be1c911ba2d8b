"""Before and after a clean-up: every figure against plain sets and against its own query."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from filling import add_list, add_match
from reading_world import ReadingWorld

from followertui.domain.decision import ActionKind, Executor, PlanItem, PlanState
from followertui.domain.kind import Kind
from followertui.services import querying
from followertui.services.insight import cleaning_up, report_files, report_page, report_text, reporting
from followertui.services.insight.values import CleanUp
from followertui.services.plan import own_relations
from followertui.store.decisions import calls

DAY = 86_400
CUSTOMERS, BOTS, OFF = range(1, 7), range(7, 31), range(31, 41)


def act(world: ReadingWorld, ids: range | list[int], action: ActionKind, state: str = "done") -> None:
    """Carry an action out, as apply and the clicks by hand write it."""
    session = world.session
    for one in ids:
        row = world.rows[one]
        with session.store.write() as con:
            number = con.execute(
                "INSERT INTO plan_item(row, action, state, reason, at) VALUES (?, ?, 'planned', 'why', ?)",
                [row, action.value, session.now],
            ).lastrowid
        item = PlanItem(int(number or 0), row, action, "", PlanState.PLANNED, "why")
        call = calls.begin_call(session.store, item, Executor.HAND, 0.0, session.now, "tester")
        calls.finish_call(session.store, call, PlanState.DONE_BY_HAND, state, None, "", session.now)
        if state == "done":
            own_relations.note(session, item)


@pytest.fixture
def world(tmp_path: Path) -> ReadingWorld:
    """40 follow us, we follow all of them; 6 customers, 24 bots, 10 off-topic."""
    made = ReadingWorld(tmp_path, range(1, 61))
    made.say(CUSTOMERS, Kind.CUSTOMER)
    made.say(BOTS, Kind.BOT)
    made.say(OFF, Kind.OFFTOPIC)
    made.read(range(1, 41), 0)
    made.follow(range(1, 41))
    return made


def cleaned(world: ReadingWorld) -> CleanUp:
    report = reporting.report(world.session)
    for one in report_text.figures(report):
        if one.query:
            assert len(querying.rows_of(world.session, one.query)) == one.count, one
    assert report.clean_up is not None
    assert report.clean_up.index_now == report.index
    return report.clean_up


def shifts(found: CleanUp, side: str) -> dict[str, tuple[int, int]]:
    return {one.name: (one.before.count, one.now.count) for one in getattr(found, side)}


def test_without_one_there_is_no_section(world: ReadingWorld) -> None:
    act(world, [1], ActionKind.MUTE, "taken-back")
    act(world, [2], ActionKind.FOLLOW)
    assert reporting.report(world.session).clean_up is None


def test_both_lists_before_and_now(world: ReadingWorld) -> None:
    world.clock.advance(timedelta(hours=2))
    act(world, list(BOTS)[:20], ActionKind.UNFOLLOW)
    world.clock.advance(timedelta(days=3))
    act(world, [7, 8, 9, 10], ActionKind.REMOVE_FOLLOWER)
    act(world, [31], ActionKind.BLOCK)
    found = cleaned(world)
    assert {one.name: one.count for one in found.actions} == {"unfollow": 20, "remove-follower": 4, "block": 1}
    assert {one.name: one.count for one in found.pruned} == {"bot": 20, "offtopic": 1}
    assert found.days == "2024-01-01 to 2024-01-04"
    assert shifts(found, "following") == {
        "all": (40, 20), "qualified": (6, 6), "not qualified": (34, 14), "not known yet": (0, 0),
        "customer": (6, 6), "bot": (24, 4), "offtopic": (10, 10),
    }  # fmt: skip
    assert shifts(found, "followers")["bot"] == (24, 20)
    assert shifts(found, "followers")["all"] == (40, 35)
    change = reporting.report(world.session, date(2024, 1, 1)).change
    assert change is not None
    assert {one.name: one.count for one in change.causes} == {"removed": 5}
    assert found.index_before == pytest.approx(100 * (40 * 6 / 40 + 20 * 16 / 40) / 60)
    assert found.index_now == pytest.approx(100 * (40 * 6 / 35 + 20 * 15 / 35) / 60)
    assert (found.lost, found.are_losses_known) == ((), False)
    line = report_text.clean_up_line(found)
    assert "20 unfollowed, 4 removed, 1 blocked; you follow 40 -> 20 (qualified 15% -> 30%)" in line
    assert line.endswith("lost besides: nothing (who left because of it shows with the next complete reading)")


def test_what_was_lost_besides(world: ReadingWorld) -> None:
    with world.session.store.write() as con:
        con.execute("INSERT INTO interaction VALUES (?, 5, 'reply', '', 'made', NULL)", [world.rows[12]])
    world.clock.advance(timedelta(hours=2))
    act(world, [1, 2, *BOTS], ActionKind.UNFOLLOW)
    act(world, [13], ActionKind.REMOVE_FOLLOWER)
    world.read([one for one in range(1, 41) if one not in (1, 3, 12, 13)], 7)
    found = cleaned(world)
    assert found.are_losses_known
    assert {one.name: one.count for one in found.lost} == {
        "qualified accounts were pruned": 2,
        "pruned accounts had talked with you": 1,
        "of them followed you and do no longer": 2,
        "qualified followers left since who were not pruned": 1,
    }
    assert shifts(found, "followers")["customer"] == (6, 4)


def test_the_index_counts_the_lists_as_they_were(world: ReadingWorld) -> None:
    entries = add_list(world.session.store, "Customers", "customer", ["Acme", "Globex", "Initech", "Hooli"])
    for one, name in ((1, "Acme"), (2, "Globex")):
        add_match(world.session.store, world.rows[one], entries[name], "certain", 99)
    world.clock.advance(timedelta(hours=2))
    act(world, [2], ActionKind.REMOVE_FOLLOWER)
    found = cleaned(world)
    assert found.index_before == pytest.approx(40 * 6 / 40 + 20 * 16 / 40 + 40 * 2 / 4)
    assert found.index_now == pytest.approx(40 * 5 / 39 + 20 * 15 / 39 + 40 * 1 / 4)


def test_a_corrected_kind_moves_both_moments(world: ReadingWorld) -> None:
    world.clock.advance(timedelta(hours=2))
    act(world, [7], ActionKind.UNFOLLOW)
    before = shifts(cleaned(world), "following")
    world.say([7, 8], Kind.PROSPECT)
    after = cleaned(world)
    assert (before["bot"], before["qualified"]) == ((24, 23), (6, 6))
    assert shifts(after, "following")["bot"] == (22, 22)
    assert shifts(after, "following")["prospect"] == (2, 1)
    assert [(one.name, one.count) for one in after.lost] == [("qualified accounts were pruned", 1)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([5], (5, 5)), ([1, 15, 29], (1, 29)), ([1, 16, 20], (16, 20)), ([1, 2, 40], (40, 40))],
)
def test_actions_within_two_weeks_are_one_clean_up(days: list[int], expected: tuple[int, int] | None) -> None:
    found = cleaning_up.last_one([day * DAY for day in days])
    assert found == (None if expected is None else (expected[0] * DAY, expected[1] * DAY))


def test_it_stands_in_every_form(world: ReadingWorld, tmp_path: Path) -> None:
    world.clock.advance(timedelta(hours=2))
    act(world, BOTS, ActionKind.UNFOLLOW)
    report = reporting.report(world.session)
    assert any(line.startswith("clean-up 2024-01-01: 24 unfollowed") for line in report_text.lines(report, UTC))
    body = report_text.as_json(report)["clean_up"]
    assert (body["actions"][0]["count"], body["following"][0]["before"]["count"]) == (24, 40)
    assert "What the clean-up did, 2024-01-01" in report_page.page(report, UTC)
    report_files.write_tables(report, tmp_path / "tables")
    assert "actions,unfollow,,24" in (tmp_path / "tables" / "clean-up.csv").read_text()
