"""A colleague's copy brought back: whose word stands, what waits in a queue, and one undo for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from demo_stores import SMALL, DemoStores, open_copy

from followertui.domain.clock import FixedClock
from followertui.domain.decision import ActionKind, Decision, PlanItem, PlanState
from followertui.domain.engagement import DueState
from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services.care.merging_copies import MergeReport
from followertui.services.plan import planning
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.store.decisions import due, plans, shelf
from followertui.store.file import watermarks

NAMED = Word(is_by_name=True)
TABLES = ("decision", "kind_word", "note", "tagged", "release", "match_word", "plan_item", "look", "difference")


@pytest.fixture
def dana(demo_stores: DemoStores, tmp_path: Path) -> Iterator[Workbench]:
    bench = open_copy(demo_stores.copy(tmp_path / "dana.db", SMALL), "dana")
    bench.session.clock = FixedClock(bench.session.clock.now())
    yield bench
    bench.close()


def copy_of(bench: Workbench, reviewer: str) -> Workbench:
    """A copy of a store as it is now, with the same clock."""
    path = bench.session.store.path.with_name(f"copy-{reviewer}.db")
    bench.care.backup(path)
    copy = open_copy(path, reviewer)
    copy.session.clock = bench.session.clock
    return copy


@pytest.fixture
def kim(dana: Workbench) -> Iterator[Workbench]:
    """A colleague's copy, taken when the test begins."""
    bench = copy_of(dana, "kim")
    yield bench
    bench.close()


def plain(bench: Workbench, n: int, query: str = "is:leader match:none -is:guarded") -> list[int]:
    return list(bench.open_view("everyone", query).rows)[:n]


def merged(dana: Workbench, kim: Workbench, *, is_dry: bool = False) -> MergeReport:
    return dana.care.merge(kim.session.store.path, is_dry)


def decided(bench: Workbench) -> dict[int, tuple[str, str]]:
    return {
        row: (word, who) for row, word, who in bench.session.store.con.execute(
            "SELECT row, decision, reviewer FROM decision"
        )
    }  # fmt: skip


def content(bench: Workbench) -> dict[str, list[tuple[object, ...]]]:
    """Everything a decision touches; numbers and moments of plan items apart."""
    con = bench.session.store.con
    found = {table: sorted(con.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in TABLES}
    found["plan_item"] = sorted(con.execute("SELECT row, action, object, state, reason FROM plan_item").fetchall())
    return found


def test_what_only_one_of_them_decided_is_taken_with_its_plan_and_author(dana: Workbench, kim: Workbench) -> None:
    one, two, three = plain(dana, 3)
    dana.decide([one], Decision.KEEP)
    kim.decide([two, three], Decision.OUT)
    kim.say_kind([two], Kind.VENDOR)
    kim.note(three, "met at the fair")
    kim.tag([two], add=["fair"])
    report = merged(dana, kim)
    assert report.taken == {"decision": 2, "kind": 1, "note": 1, "tag": 1}
    assert decided(dana) == {one: ("keep", "dana"), two: ("out", "kim"), three: ("out", "kim")}
    assert sorted(dana.open_view("", "plan:unfollow").rows) == sorted([two, three])
    assert list(dana.open_view("", "kind:vendor tag:fair").rows) == [two]
    assert dana.card(three).note == "met at the fair"
    assert report.differ == 0


def test_it_is_one_gesture_undone_and_redone_as_one(dana: Workbench, kim: Workbench) -> None:
    one, two, three = plain(dana, 3)
    dana.decide([one], Decision.KEEP, word=NAMED)
    kim.decide([one, two], Decision.OUT, word=NAMED)
    kim.tag([three], add=["fair"])
    before = content(dana)
    merged(dana, kim)
    after = content(dana)
    assert before != after
    dana.undo()
    assert content(dana) == before
    dana.redo()
    assert content(dana) == after
    assert [line.command for line in dana.journal()].count("merge") == 1


def test_dry_it_says_the_same_and_writes_nothing(dana: Workbench, kim: Workbench) -> None:
    one, two = plain(dana, 2)
    dana.decide([one], Decision.KEEP, word=NAMED)
    kim.decide([one, two], Decision.OUT, word=NAMED)
    before = content(dana)
    dry = merged(dana, kim, is_dry=True)
    assert content(dana) == before
    assert dry.gesture.entry_id == 0
    done = merged(dana, kim)
    assert (dry.taken, dry.differ, dry.left_out) == (done.taken, done.differ, done.left_out)


def test_where_two_people_differ_keep_holds_and_the_pair_waits(dana: Workbench, kim: Workbench) -> None:
    kept_here, kept_there, neither = plain(dana, 3)
    dana.decide([kept_here], Decision.KEEP)
    dana.decide([kept_there, neither], Decision.OUT)
    kim.decide([kept_here], Decision.OUT)
    kim.decide([kept_there], Decision.KEEP)
    kim.decide([neither], Decision.ENGAGE)
    assert merged(dana, kim).differ == 3
    assert decided(dana) == {kept_here: ("keep", "dana"), kept_there: ("keep", "kim")}
    assert list(dana.open_view("", "plan:any").rows) == []
    assert sorted(dana.open_view("differing").rows) == sorted([kept_here, kept_there, neither])
    assert "dana says out, kim says engage" in dana.card(neither).differences[0]
    dana.decide([kept_here], Decision.KEEP, word=NAMED)
    dana.decide([neither], Decision.ENGAGE, word=NAMED)
    assert list(dana.open_view("differing").rows) == [kept_there]
    dana.undo()
    assert sorted(dana.open_view("differing").rows) == sorted([kept_there, neither])


def test_kinds_and_answers_that_differ_keep_what_guards(dana: Workbench, kim: Workbench) -> None:
    (row,) = plain(dana, 1)
    match = dana.session.store.con.execute("SELECT id, row FROM match WHERE band = 'certain' LIMIT 1").fetchone()
    dana.say_kind([row], Kind.BOT)
    kim.say_kind([row], Kind.CUSTOMER)
    dana.confirm([match[0]])
    kim.reject([match[0]])
    assert merged(dana, kim).differ == 2
    assert row in dana.open_view("", "kind:customer is:differing").rows
    assert dana.card(match[1]).matches[0].state is MatchState.UNREVIEWED
    dana.confirm([match[0]])
    assert list(dana.open_view("differing").rows) == [row]


def test_of_one_persons_two_words_the_newer_stands(dana: Workbench) -> None:
    laptop, clock = copy_of(dana, "dana"), dana.session.clock
    assert isinstance(clock, FixedClock)
    older, newer, back = plain(dana, 3)
    laptop.decide([older], Decision.OUT)
    dana.decide([newer, back], Decision.OUT)
    clock.advance(timedelta(minutes=1))
    dana.decide([older], Decision.ENGAGE)
    laptop.decide([newer, back], Decision.ENGAGE)
    laptop.decide([back], None)
    assert merged(dana, laptop).differ == 0
    assert decided(dana) == {older: ("engage", "dana"), newer: ("engage", "dana")}
    laptop.close()


def test_a_second_merge_takes_only_what_is_new(dana: Workbench, kim: Workbench) -> None:
    one, two = plain(dana, 2)
    dana.decide([one], Decision.ENGAGE)
    kim.decide([one], Decision.OUT)
    assert merged(dana, kim).differ == 1
    dana.decide([one], Decision.OUT, word=NAMED)
    assert "nothing new" in merged(dana, kim).gesture.text
    kim.decide([two], Decision.OUT)
    again = merged(dana, kim)
    assert (again.taken, again.differ) == ({"decision": 1}, 0)
    dana.undo()
    assert merged(dana, kim).taken == {"decision": 1}


def test_accounts_and_matches_only_the_copy_has_are_left_out_and_said(dana: Workbench, kim: Workbench) -> None:
    con = kim.session.store.con
    (row,) = plain(kim, 1)
    con.execute("UPDATE account SET x_id = 77, handle = 'only_here' WHERE row = ?", [row])
    kim.decide([row], Decision.OUT)
    report = merged(dana, kim)
    assert decided(dana) == {}
    assert [item.count for item in report.left_out] == [1]
    assert "bring in the file" in report.lines[-1]


def test_notes_of_both_are_kept_and_tags_add_up(dana: Workbench, kim: Workbench) -> None:
    one, two = plain(dana, 2)
    for bench, word in ((dana, "hers"), (kim, "his")):
        bench.note(one, word)
        bench.tag([two], add=[word])
    kim.tag([two], remove=["his"])
    kim.tag([two], add=["more"])
    merged(dana, kim)
    assert dana.card(one).note == "hers\nhis"
    assert set(dana.card(two).tags) == {"hers", "more"}


def test_another_store_and_the_store_itself_are_refused(dana: Workbench, kim: Workbench) -> None:
    with pytest.raises(BadInput, match="is the store itself"):
        merged(dana, dana)
    kim.decide(plain(kim, 1), Decision.OUT)
    watermarks.STORE_ID.write(kim.session.store, "another")
    with pytest.raises(BadInput, match="is another store, no copy of this one"):
        merged(dana, kim)
    path = kim.session.store.path.with_name("no.db")
    path.write_bytes(b"nothing")
    with pytest.raises(BadInput):
        dana.care.merge(path, False)
    assert decided(dana) == {}


def test_what_the_copy_did_on_x_is_said(dana: Workbench, kim: Workbench) -> None:
    rows = plain(kim, 1)
    kim.decide(rows, Decision.OUT)
    kim.session.store.con.execute(
        "INSERT INTO call(row, action, object, executor, state, price_usd, at, finished_at, reviewer) "
        "VALUES (?, 'unfollow', '', 'hand', 'done', 0, 5, 5, 'kim')",
        rows,
    )
    assert "calls or clicks were made from that copy" in merged(dana, kim).lines[-1]


ENGAGED = ("no_contact", "sent", "interaction", "shelf", "due", "plan_item")
"""Tables of what was done beside deciding."""


def engaged(bench: Workbench) -> dict[str, list[tuple[object, ...]]]:
    """What was done beside deciding; numbers and moments of plan items apart."""
    con = bench.session.store.con
    found = {table: sorted(con.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in ENGAGED}
    found["plan_item"] = sorted(con.execute("SELECT row, action, object, state, reason FROM plan_item").fetchall())
    return found


def test_contacts_offers_and_do_not_contact_add_up_each_once(dana: Workbench, kim: Workbench) -> None:
    row, second, third = plain(dana, 3)
    dana.engagement.add_link("https://example.org/ours")
    kim.engagement.add_link("https://example.org/theirs")
    link = shelf.known_addresses(kim.session.store)["https://example.org/theirs"]
    kim.engagement.engage([row], link)
    kim.engagement.engage([second])
    kim.engagement.set_no_contact([third], True)
    dana.engagement.set_no_contact([second], True)
    before = engaged(dana)

    report = merged(dana, kim)

    assert report.taken == {"interaction": 2, "sent": 1, "shelf": 1, "no_contact": 1}
    con = dana.session.store.con
    assert sorted(line[0] for line in con.execute("SELECT row FROM no_contact")) == sorted([second, third])
    own = shelf.known_addresses(dana.session.store)["https://example.org/theirs"]
    assert own != link, "the number was given here to another link"
    assert shelf.offered_to(dana.session.store, row) == {own}
    assert con.execute("SELECT reference FROM interaction WHERE row = ?", [row]).fetchall()[-1] == (f"shelf-{own}",)
    assert merged(dana, kim).gesture.entry_id == 0, "nothing is taken twice"
    after = engaged(dana)
    dana.undo()
    assert engaged(dana) == before
    dana.redo()
    assert engaged(dana) == after


def test_do_not_contact_taken_back_in_the_copy_stands_here(dana: Workbench) -> None:
    (row,) = plain(dana, 1)
    dana.engagement.set_no_contact([row], True)
    kim = copy_of(dana, "kim")
    kim.engagement.set_no_contact([row], False)
    assert merged(dana, kim).gesture.entry_id == 0
    assert dana.session.store.con.execute("SELECT count(*) FROM no_contact").fetchone() == (1,)
    kim.close()


def test_the_answer_to_a_step_counts_where_it_still_waits(dana: Workbench) -> None:
    dana.refresh_counts()
    kim = copy_of(dana, "kim")
    first, second = (item.id for item in due.waiting_items(dana.session.store)[:2])
    kim.engagement.skip([first])
    kim.engagement.snooze([second])
    dana.engagement.skip([second])

    report = merged(dana, kim)

    assert report.taken == {"due": 1}
    states = {item.id: str(item.state) for item in due.items(dana.session.store, [first, second])}
    assert states == {first: "skipped", second: "skipped"}
    dana.undo()
    assert due.items(dana.session.store, [first])[0].state is DueState.OPEN
    kim.close()


def muted(bench: Workbench, row: int) -> PlanItem:
    item = plans.open_item(bench.session.store, row, ActionKind.MUTE)
    assert item is not None
    return item


def dates(bench: Workbench, rows: list[int]) -> list[int | None]:
    ids = [muted(bench, row).id for row in rows]
    found = plans.due_at(bench.session.store, ids)
    return [found.get(number) for number in ids]


def test_what_only_the_copy_put_off_or_brought_back_is_so_here(dana: Workbench) -> None:
    off, back, alone = plain(dana, 3)
    dana.plan_add(ActionKind.MUTE, [off, back, alone])
    now = dana.session.now
    planning.put_off(dana.session, muted(dana, back), now + 900)
    kim = copy_of(dana, "kim")
    planning.put_off(kim.session, muted(kim, off), now + 500)
    planning.bring_back(kim.session, [muted(kim, back).id])
    before = content(dana)

    report = merged(dana, kim)

    assert report.taken == {"plan_time": 2}
    assert "2 dates of what was put off" in report.gesture.text
    assert dates(dana, [off, back, alone]) == [now + 500, None, None]
    states = [muted(dana, row).state for row in (off, back, alone)]
    assert states == [PlanState.LATER, PlanState.PLANNED, PlanState.PLANNED]
    dana.undo()
    assert content(dana) == before
    assert dates(dana, [off, back, alone]) == [None, now + 900, None]
    dana.redo()
    assert dates(dana, [off, back, alone]) == [now + 500, None, None]
    kim.close()


@pytest.mark.parametrize(
    ("colleague", "here", "there", "stands"),
    [("kim", 900, 500, 900), ("kim", 500, 900, 900), ("dana", 900, 500, 500)],
    ids=["two people: ours is later", "two people: theirs is later", "one person: the newer"],
)
def test_of_two_put_off_dates_the_later_holds_and_of_one_person_the_newer(
    dana: Workbench, colleague: str, here: int, there: int, stands: int
) -> None:
    row = plain(dana, 1)[0]
    dana.plan_add(ActionKind.MUTE, [row])
    now = dana.session.now
    copy = copy_of(dana, colleague)
    planning.put_off(dana.session, muted(dana, row), now + here)
    copy.session.clock = FixedClock(dana.session.clock.now() + timedelta(seconds=60))
    planning.put_off(copy.session, muted(copy, row), now + there)

    merged(dana, copy)

    assert dates(dana, [row]) == [now + stands]
    copy.close()


def test_a_date_of_what_is_not_planned_here_is_left_out_and_said(dana: Workbench) -> None:
    row = plain(dana, 1)[0]
    dana.plan_add(ActionKind.MUTE, [row])
    kim = copy_of(dana, "kim")
    planning.drop(dana.session, [muted(dana, row).id])
    planning.put_off(kim.session, muted(kim, row), dana.session.now + 500)

    report = merged(dana, kim)

    assert report.taken == {}
    assert [(one.count, one.reason) for one in report.left_out] == [
        (1, "put-off dates of what was not in the plan here: put it off here")
    ]
    kim.close()


def test_what_was_planned_without_a_decision_is_planned_here_and_guards_ask_again(
    dana: Workbench, kim: Workbench
) -> None:
    plain_row, kept = plain(dana, 2)
    kim.plan_add(ActionKind.MUTE, [plain_row])
    kim.plan_add(ActionKind.UNFOLLOW, [kept])
    dana.decide([kept], Decision.KEEP, word=NAMED)
    before = content(dana)

    report = merged(dana, kim)

    assert report.taken == {"plan": 2}
    states = {(row, action): state for row, action, _, state, _ in content(dana)["plan_item"]}
    assert (states[plain_row, "mute"], states[kept, "unfollow"]) == ("planned", "held")
    assert sum(one.count for one in report.gesture.held) == 1
    dana.undo()
    assert content(dana) == before
