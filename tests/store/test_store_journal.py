"""Gestures, undo and redo against a simple model; slots of the plan; what changed since."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from filling import NOW, add_accounts, add_list, add_match, new_store
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.store.decisions.journal import Change, Journal
from followertui.store.decisions.slots import DECISION, KIND, MATCH_WORD, NOTE, Slot, plan_slot, release_slot, tag_slot
from followertui.store.file.connection import Store

ROWS = list(range(1, 9))
VALUES: dict[str, list[Any]] = {
    "decision": [None, ("keep", None, "me", NOW), ("later", NOW + 5, "me", NOW), ("out", None, "joe", NOW)],
    "kind": [None, ("customer", "me", NOW), ("bot", "me", NOW)],
    "note": [None, ("a note", "me", NOW), ("", "me", NOW)],
    "release:talked": [None, ("hash", "me", NOW), ("other", "me", NOW)],
    "tag:1": [None, ()],
    "plan:unfollow:": [None, ("planned", "why", None, NOW, None), ("held", "guard", None, NOW, None)],
    "plan:list-add:77": [None, ("planned", "why", None, NOW, None)],
}
SLOTS: dict[str, Slot] = {
    slot.name: slot
    for slot in (
        DECISION,
        KIND,
        NOTE,
        release_slot("talked"),
        tag_slot(1),
        plan_slot("unfollow"),
        plan_slot("list-add", "77"),
    )
}
State = dict[tuple[str, int], Any]

changes = st.sampled_from(list(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.lists(st.sampled_from(ROWS), max_size=6), st.sampled_from(VALUES[name]))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("gesture"), st.lists(changes, min_size=1, max_size=3)),
        st.sampled_from([("undo", []), ("undo", []), ("redo", []), ("restart", [])]),
    ),
    max_size=14,
)


def same(name: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    telling = {"decision": 2, "kind": 1, "note": 1, "release:talked": 1}.get(name, 0)
    return bool(one[:telling] == other[:telling])


def state_of(store: Store) -> State:
    return {(name, key): value for name, slot in SLOTS.items() for key, value in slot.read(store.con, ROWS).items()}


def opened(folder: str | Path) -> Store:
    store = new_store(Path(folder) / "store.db")
    add_accounts(store, *({} for _ in ROWS))
    with store.write() as con:
        con.execute("INSERT INTO tag(id, name) VALUES (1, 'hot')")
    return store


@settings(max_examples=30, deadline=None)
@given(walk=steps)
def test_undo_and_redo_walk_exactly_the_states_a_model_walks(walk: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        store = opened(folder)
        journal = Journal(store, "me", "s1")
        past: list[State] = []
        future: list[State] = []
        now: State = {}
        for what, asked in walk:
            if what == "restart":
                store.close()
                store = Store(Path(folder) / "store.db")
                journal = Journal(store, "me", "another")
            elif what == "gesture":
                after, counted = dict(now), 0
                for name, rows, value in asked:
                    for row in dict.fromkeys(rows):
                        if not same(name, after.get((name, row)), value):
                            counted += 1
                            if value is None:
                                del after[name, row]
                            else:
                                after[name, row] = value
                done = journal.gesture("test", [Change(SLOTS[name], rows, value) for name, rows, value in asked], NOW)
                assert done.count() == counted
                assert bool(done.entry_id) == bool(counted)
                if counted:
                    past, future, now = [*past, now], [], after
            else:
                entry = journal.to_undo() if what == "undo" else journal.to_redo()
                source, target = (past, future) if what == "undo" else (future, past)
                assert (entry is None) == (not source)
                if entry is not None:
                    done_back = journal.reverse(entry, NOW, is_redo=what == "redo")
                    assert done_back.skipped == {}
                    target.append(now)
                    now = source.pop()
            assert state_of(store) == now
        store.close()


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = opened(tmp_path)
    yield made
    made.close()


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store, "me", "s1")


def decide(journal: Journal, rows: list[int], word: str | None) -> int:
    value = (word, None, "me", NOW) if word else None
    return journal.gesture("decide", [Change(DECISION, rows, value)], NOW, "q", f"{word}").entry_id


def test_rows_changed_since_are_left_alone_and_named(store: Store, journal: Journal) -> None:
    decide(journal, [1, 2, 3], "out")
    with store.write() as con:
        con.execute("UPDATE decision SET decision = 'keep' WHERE row = 2")
    entry = journal.to_undo()
    assert entry is not None
    done = journal.reverse(entry, NOW)
    assert {name: list(rows) for name, rows in done.skipped.items()} == {"decision": [2]}
    assert list(done.changed["decision"]) == [1, 3]
    assert list(DECISION.read(store.con, ROWS)) == [2]
    assert journal.to_undo() is None


def test_redo_leaves_alone_what_changed_since(store: Store, journal: Journal) -> None:
    decide(journal, [1, 2], "out")
    entry = journal.to_undo()
    assert entry is not None
    journal.reverse(entry, NOW)
    with store.write() as con:
        con.execute("INSERT INTO decision VALUES (1, 'keep', NULL, 'joe', ?)", [NOW])
    again = journal.to_redo()
    assert again is not None
    done = journal.reverse(again, NOW, is_redo=True)
    assert list(done.skipped["decision"]) == [1]
    assert {row: value[0] for row, value in DECISION.read(store.con, ROWS).items() if value} == {1: "keep", 2: "out"}


def test_when_everything_changed_since_undo_still_moves_on(store: Store, journal: Journal) -> None:
    first = decide(journal, [1], "keep")
    decide(journal, [2], "out")
    with store.write() as con:
        con.execute("DELETE FROM decision WHERE row = 2")
    entry = journal.to_undo()
    assert entry is not None
    journal.reverse(entry, NOW)
    following = journal.to_undo()
    assert following is not None
    assert following.id == first


def test_a_key_written_twice_in_one_gesture_comes_back(store: Store, journal: Journal) -> None:
    hot = tag_slot(1)
    journal.gesture("tag", [Change(hot, [1, 2], ()), Change(hot, [2], None), Change(hot, [2], ())], NOW)
    assert set(hot.read(store.con, ROWS)) == {1, 2}
    entry = journal.to_undo()
    assert entry is not None
    assert journal.reverse(entry, NOW).skipped == {}
    assert hot.read(store.con, ROWS) == {}


def test_a_new_gesture_ends_what_could_be_redone(journal: Journal) -> None:
    decide(journal, [1], "out")
    entry = journal.to_undo()
    assert entry is not None
    journal.reverse(entry, NOW)
    assert journal.to_redo() is not None
    decide(journal, [2], "keep")
    assert journal.to_redo() is None


def test_what_changes_nothing_leaves_no_entry_and_no_counter(store: Store, journal: Journal) -> None:
    decide(journal, [1], "out")
    before = store.counters()
    assert decide(journal, [1, 1], "out") == 0
    assert store.counters() == before
    assert len(journal.entries()) == 1


def plan_states(store: Store) -> list[tuple[int, str]]:
    return store.con.execute("SELECT row, state FROM plan_item ORDER BY row, id").fetchall()


@pytest.mark.parametrize("state", ["attempting", "done", "failed", "missing", "done-by-hand"])
def test_undo_leaves_attempted_items_alone(store: Store, journal: Journal, state: str) -> None:
    slot = plan_slot("unfollow")
    journal.gesture("decide", [Change(slot, [1, 2], ("planned", "why", None, NOW, None))], NOW)
    with store.write() as con:
        con.execute("UPDATE plan_item SET state = ? WHERE row = 1", [state])
    entry = journal.to_undo()
    assert entry is not None
    done = journal.reverse(entry, NOW)
    assert list(done.skipped["plan:unfollow:"]) == [1]
    assert plan_states(store) == [(1, state)]


def test_no_gesture_replaces_an_item_x_is_being_asked_about(store: Store, journal: Journal) -> None:
    slot = plan_slot("unfollow")
    journal.gesture("decide", [Change(slot, [1], ("planned", "why", None, NOW, None))], NOW)
    with store.write() as con:
        con.execute("UPDATE plan_item SET state = 'attempting'")
    number = store.con.execute("SELECT id FROM plan_item").fetchone()
    assert journal.gesture("decide", [Change(slot, [1], ("planned", "again", None, NOW))], NOW).entry_id == 0
    assert journal.gesture("plan.drop", [Change(slot, [1], None)], NOW).entry_id == 0
    assert store.con.execute("SELECT id, state FROM plan_item").fetchall() == [(*number, "attempting")]


def test_an_item_a_guard_holds_since_is_still_the_same_item(store: Store, journal: Journal) -> None:
    journal.gesture("decide", [Change(plan_slot("unfollow"), [1], ("planned", "why", None, NOW, None))], NOW)
    with store.write() as con:
        con.execute("UPDATE plan_item SET state = 'held', reason = 'a guard'")
    entry = journal.to_undo()
    assert entry is not None
    assert journal.reverse(entry, NOW).skipped == {}
    assert plan_states(store) == []


def test_a_plan_number_is_never_another_items(store: Store, journal: Journal) -> None:
    slot = plan_slot("unfollow")
    journal.gesture("plan.add", [Change(slot, [1], ("planned", "why", None, NOW, None))], NOW)
    first = store.con.execute("SELECT id FROM plan_item").fetchone()[0]
    journal.gesture("plan.drop", [Change(slot, [1], None)], NOW)
    journal.gesture("plan.add", [Change(slot, [2], ("planned", "why", None, NOW, None))], NOW)
    assert store.con.execute("SELECT id FROM plan_item").fetchone()[0] > first


def test_an_entry_names_who_when_and_how_many(journal: Journal) -> None:
    entry_id = decide(journal, [1, 2, 3], "out")
    journal.set_text(entry_id, "out: 3 accounts")
    [entry] = journal.entries()
    assert (entry.id, entry.at, entry.reviewer, entry.session) == (entry_id, NOW, "me", "s1")
    assert (entry.command, entry.query, entry.text, entry.rows) == ("decide", "q", "out: 3 accounts", 3)


def test_an_entry_with_its_own_way_back_is_kept_and_marked(journal: Journal) -> None:
    number = journal.record("import", NOW, "import: 3 accounts", 3, {"import": 7})
    assert journal.payload(number) == {"import": 7}
    entry = journal.to_undo()
    assert entry is not None
    assert entry.command == "import"
    journal.mark_reversed(entry, NOW, is_redo=False)
    assert journal.to_undo() is None
    again = journal.to_redo()
    assert again is not None
    journal.mark_reversed(again, NOW, is_redo=True)
    assert journal.to_undo() == again._replace(undone_by=None)


def test_a_word_on_a_match_that_is_gone_is_left_alone_and_named(store: Store, journal: Journal) -> None:
    entities = add_list(store, "Customers", "customer", ["Acme"])
    lost, kept = (add_match(store, row, entities["Acme"], "likely", 80) for row in (1, 2))
    journal.gesture("confirm", [Change(MATCH_WORD, [lost, kept], ("confirmed", "b1", "", "me", NOW))], NOW)
    undone = journal.to_undo()
    assert undone is not None
    journal.reverse(undone, NOW)
    with store.write() as con:
        con.execute("DELETE FROM match WHERE id = ?", [lost])
    again = journal.to_redo()
    assert again is not None
    done = journal.reverse(again, NOW, is_redo=True)
    assert (list(done.changed["match"]), list(done.skipped["match"])) == ([kept], [lost])
    assert store.con.execute("SELECT match_id FROM match_word").fetchall() == [(kept,)]


def test_a_gesture_that_fails_half_way_leaves_nothing(store: Store, journal: Journal) -> None:
    broken = Slot("broken", "no_such_table", ("value",), "decision")
    with pytest.raises(Exception, match="no_such_table"):
        journal.gesture("x", [Change(DECISION, [1], ("out", None, "me", NOW)), Change(broken, [1], ("v",))], NOW)
    assert state_of(store) == {}
    assert journal.entries() == []
    assert store.counters()["decision"] == 0
