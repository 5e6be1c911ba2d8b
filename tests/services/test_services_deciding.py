"""Gestures: what they write, plan, hold back and say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from filling import DAY, NOW, add_accounts, add_list, add_match, add_score, relate

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision
from followertui.domain.errors import BadInput
from followertui.domain.guards import Guard, reason_for
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services import querying, row_cells
from followertui.services.plan import planning
from followertui.services.review import annotating, deciding, releasing, undoing
from followertui.services.review.overriding import KEPT
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack, Word


def decided(session: Session) -> dict[int, str]:
    return dict(session.store.con.execute("SELECT row, decision FROM decision").fetchall())


def planned(session: Session) -> dict[int, tuple[str, str]]:
    found = session.store.con.execute("SELECT row, action, state FROM plan_item WHERE state <> 'done'").fetchall()
    return {row: (action, state) for row, action, state in found}


def followed(session: Session, count: int) -> list[int]:
    rows = add_accounts(session.store, *({} for _ in range(count)))
    relate(session.store, rows, "following")
    return rows


def found(session: Session, query: str) -> list[int]:
    return list(querying.rows_of(session, query))


def test_out_plans_an_unfollow_where_we_follow(session: Session) -> None:
    rows = followed(session, 2)
    [fan] = add_accounts(session.store, {})
    relate(session.store, [fan], "follower")
    done = deciding.decide(session, [*rows, fan], Decision.OUT, "is:silent")
    assert (done.changed, done.planned, done.unplanned, done.held) == (3, 2, 0, ())
    assert done.text == "out: 3 accounts · 2 actions planned · 1 we do not follow: nothing to unfollow"
    assert set(decided(session).values()) == {"out"}
    assert planned(session) == dict.fromkeys(rows, ("unfollow", "planned"))
    [entry] = session.journal.entries()
    assert (entry.id, entry.query, entry.text, entry.rows) == (done.entry_id, "is:silent", done.text, 3)


def test_follow_plans_a_follow_where_we_do_not_and_holds_bots_back(session: Session) -> None:
    [leader] = followed(session, 1)
    fan, bot, never = add_accounts(session.store, {}, {}, {})
    add_score(session.store, bot, "bot", bot=95)
    annotating.tag(session, [never], add=["Never Follow"])
    done = deciding.decide(session, [leader, fan, bot, never], Decision.FOLLOW)
    assert planned(session) == {fan: ("follow", "planned"), bot: ("follow", "held"), never: ("follow", "held")}
    assert done.planned == 1
    assert {held.reason: held.count for held in done.held} == {
        "tagged never follow": 1,
        "looks like a bot or harmful": 1,
    }


def test_every_guard_holds_with_its_own_reason(session: Session) -> None:
    rows = followed(session, 8)
    kept, customer, matched, talked, vendor, free, affiliated, fresh = rows
    customers = add_list(session.store, "Customers", "customer", ["Acme"])
    vendors = add_list(session.store, "Vendors", "vendor", ["Paper Inc"])
    add_match(session.store, matched, customers["Acme"], "possible", 40)
    add_match(session.store, vendor, vendors["Paper Inc"], "certain", 99)
    deciding.decide(session, [kept], Decision.KEEP)
    deciding.say_kind(session, [customer], Kind.CUSTOMER)
    with session.store.write() as con:
        con.execute("INSERT INTO interaction VALUES (?, ?, 'reply', '1', 'archive', 1)", [talked, NOW - 59 * DAY])
        con.execute("INSERT INTO setting VALUES ('about', '{\"handles\": [\"us\"]}')")
        con.execute("UPDATE account SET affiliation = '@US' WHERE row = ?", [affiliated])
        con.execute("UPDATE relation SET is_new = 1, first_seen = ? WHERE row = ?", [NOW - 29 * DAY, fresh])
        session.store.bump("profile", [affiliated])
        session.store.bump("relation", [fresh])
    done = deciding.decide(session, rows, Decision.OUT)
    assert {held.reason: held.count for held in done.held} == {
        KEPT: 1,
        "is a customer (release to allow)": 1,
        "is an employee (release to allow)": 1,
        "matches a list entry (reject the match to allow)": 1,
        "talked with us in the last 60 days": 1,
        "followed less than 30 days ago": 1,
    }
    assert {row for row, (_, state) in planned(session).items() if state == "planned"} == {vendor, free}
    assert decided(session)[kept] == "keep"
    assert done.planned == 2
    cells = {cell.row: cell.is_guarded for cell in row_cells.cells(session, rows)}
    assert {row for row, is_guarded in cells.items() if not is_guarded} == {vendor, free}


def test_the_guard_mark_of_the_table_is_the_query_is_guarded(full: Session) -> None:
    everyone = found(full, "")
    marked = {cell.row for cell in row_cells.cells(full, everyone) if cell.is_guarded}
    assert marked == set(found(full, "is:guarded"))


BY_NAME = Word(is_by_name=True)


def colleague(session: Session, name: str = "ana") -> Session:
    """The same store as another reviewer works on it."""
    return Session(session.store, session.clock, name)


@pytest.mark.parametrize(
    ("action", "left", "said"),
    [
        (ActionKind.UNFOLLOW, ("follower",), "1 we do not follow: nothing to unfollow"),
        (ActionKind.FOLLOW, ("following", "both"), "2 we follow already"),
        (ActionKind.REMOVE_FOLLOWER, ("following",), "1 do not follow us: nobody to remove"),
    ],
)
def test_nothing_is_planned_for_who_is_as_the_action_would_have_it(
    session: Session, action: ActionKind, left: tuple[str, ...], said: str
) -> None:
    """Thousands we do not follow were planned to be unfollowed, each at the price of a call."""
    rows = dict(zip(("follower", "following", "both"), add_accounts(session.store, {}, {}, {}), strict=True))
    relate(session.store, [rows["follower"], rows["both"]], "follower")
    relate(session.store, [rows["following"], rows["both"]], "following")
    gesture = deciding.plan_add(session, action, list(rows.values()))
    assert gesture.text.endswith(f" · {said}")
    assert {row for row, _ in planned(session).items()} == set(rows.values()) - {rows[name] for name in left}
    [other] = [rows[name] for name in left][:1]
    nothing = deciding.plan_add(session, action, [other])
    assert (nothing.entry_id, nothing.text) == (0, f"Nothing is planned: {said[2:]}")


@pytest.mark.parametrize("other", [Decision.OUT, Decision.LATER, None])
def test_keep_yields_to_a_word_by_name_and_to_no_query(session: Session, other: Decision | None) -> None:
    rows = followed(session, 2)
    deciding.decide(session, rows, Decision.KEEP)
    for some in (rows, rows[:1]):
        done = deciding.decide(session, some, other, "is:kept")
        assert (done.entry_id, done.held) == (0, (HeldBack(KEPT, len(some)),))
    assert set(decided(session).values()) == {"keep"}
    assert deciding.decide(session, rows[:1], other, "@user_1", word=BY_NAME).changed == 1
    assert decided(session).get(rows[0]) == (other.value if other else None)
    assert decided(session)[rows[1]] == "keep"


def test_keep_stands_where_the_derived_arrays_know_of_none(session: Session) -> None:
    rows = followed(session, 1)
    session.evaluator.columns.get("decision")
    with session.store.write() as con:
        con.execute("INSERT INTO decision VALUES (?, 'keep', NULL, 'me', ?)", [rows[0], NOW])
    assert deciding.decide(session, rows, Decision.OUT).held == (HeldBack(KEPT, 1),)


def test_where_two_reviewers_differ_keep_stands_else_the_older_word(session: Session) -> None:
    kept, out, engaged, later = rows = followed(session, 4)
    for row, decision in zip(rows, (Decision.KEEP, Decision.OUT, Decision.ENGAGE, Decision.LATER), strict=True):
        deciding.decide(session, [row], decision)
    ana = colleague(session)
    done = deciding.decide(ana, rows, Decision.OUT, "is:following")
    said = "by me of Sun 22 Nov, 12:00: stands until one of you decides it by name"
    assert {held.reason: held.count for held in done.held} == {KEPT: 1, f"engage {said}": 1, f"later {said}": 1}
    assert decided(session) == {kept: "keep", out: "out", engaged: "engage", later: "later"}
    done = deciding.decide(ana, rows, Decision.KEEP, "is:following")
    assert (done.changed, done.held) == (3, ())
    assert "over out by me of Sun 22 Nov, 12:00" in done.text


def test_a_word_by_name_says_whose_decision_it_replaces(session: Session) -> None:
    rows = followed(session, 1)
    deciding.decide(session, rows, Decision.KEEP)
    done = deciding.decide(colleague(session), rows, Decision.OUT, word=BY_NAME)
    assert done.text == "out: @user_1 · 1 action planned · over keep by me of Sun 22 Nov, 12:00"


def test_a_stale_screen_overrides_nobody(session: Session) -> None:
    rows = followed(session, 1)
    ana = colleague(session)
    [shown] = row_cells.cells(ana, rows)
    deciding.decide(session, rows, Decision.KEEP)
    stale = Word(True, {rows[0]: shown.decision})
    done = deciding.decide(ana, rows, Decision.OUT, word=stale)
    assert done.text == "Held back: 1 keep by me of Sun 22 Nov, 12:00 since it was shown: look again, then decide"
    assert decided(session) == {rows[0]: "keep"}
    assert deciding.accept(ana, rows, word=stale).entry_id == 0
    [now] = row_cells.cells(ana, rows)
    assert deciding.decide(ana, rows, Decision.OUT, word=Word(True, {rows[0]: now.decision})).changed == 1


def test_later_that_came_back_holds_nothing(session: Session) -> None:
    rows = followed(session, 1)
    deciding.decide(session, rows, Decision.LATER, days=0)
    done = deciding.decide(colleague(session), rows, Decision.OUT, "is:following")
    assert (done.changed, done.held) == (1, ())


@pytest.mark.parametrize("other", [Decision.KEEP, Decision.ENGAGE, Decision.LATER, None, Decision.NONE])
def test_another_decision_takes_the_action_off_the_plan(session: Session, other: Decision | None) -> None:
    rows = followed(session, 1)
    deciding.decide(session, rows, Decision.OUT)
    done = deciding.decide(session, rows, other)
    assert (planned(session), done.unplanned, done.planned) == ({}, 1, 0)
    assert decided(session) == ({} if other in (None, Decision.NONE) else {rows[0]: str(other)})
    done_back = session.journal.reverse(session.journal.to_undo(), NOW)  # type: ignore[arg-type]
    assert done_back.skipped == {}
    assert planned(session) == {rows[0]: ("unfollow", "planned")}


def test_deciding_the_same_again_changes_nothing(session: Session) -> None:
    rows = followed(session, 3)
    deciding.decide(session, rows, Decision.OUT)
    again = deciding.decide(session, rows, Decision.OUT)
    assert again == Gesture(0, 0, 0, 0, (), "Nothing to change.")
    assert len(session.journal.entries()) == 1


def test_later_comes_back_when_it_is_due(session: Session, clock: FileClock) -> None:
    rows = followed(session, 1)
    deciding.decide(session, rows, Decision.LATER)
    assert found(session, "is:reviewed") == rows
    clock.advance(timedelta(days=6, hours=23))
    assert found(session, "is:reviewed") == rows
    clock.advance(timedelta(hours=2))
    assert found(session, "is:reviewed") == []
    assert found(session, "-is:reviewed decision:later") == rows


def test_rows_that_are_no_accounts_are_left_out(session: Session) -> None:
    rows = followed(session, 2)
    with session.store.write() as con:
        con.execute("UPDATE account SET hidden_by = 1 WHERE row = ?", [rows[1]])
        session.store.bump("profile", rows)
    assert deciding.decide(session, [0, *rows, 99, rows[0]], Decision.OUT).changed == 1
    assert annotating.note(session, 99, "nobody").entry_id == 0
    assert deciding.decide(session, [], Decision.OUT).text == "Nothing to change."


def test_accepting_is_one_gesture_whatever_it_suggests(session: Session) -> None:
    bot, silent, unknown = followed(session, 3)
    [fan] = add_accounts(session.store, {})
    relate(session.store, [fan], "follower")
    deciding.say_kind(session, [fan], Kind.PROSPECT)
    add_score(session.store, bot, "bot", bot=95)
    with session.store.write() as con:
        con.execute("UPDATE account SET last_post_at = ? WHERE row = ?", [NOW - 1000 * DAY, silent])
        session.store.bump("profile", [silent])
    before = len(session.journal.entries())
    done = deciding.accept(session, [bot, silent, unknown, fan])
    assert len(session.journal.entries()) == before + 1
    assert (done.changed, done.planned) == (3, 3)
    assert HeldBack("nothing suggested", 1) in done.held
    assert decided(session) == {bot: "out", silent: "out", fan: "follow"}
    assert session.store.con.execute("SELECT row FROM kind_word").fetchall() == [(fan,)]
    session.journal.reverse(session.journal.to_undo(), NOW)  # type: ignore[arg-type]
    assert (decided(session), planned(session)) == ({}, {})


def test_accepting_where_nothing_is_suggested_says_so(session: Session) -> None:
    rows = followed(session, 2)
    done = deciding.accept(session, rows)
    assert (done.entry_id, done.text) == (0, deciding.NOTHING_SUGGESTED)


def test_a_word_on_the_kind_outranks_the_machine_and_auto_gives_it_back(session: Session) -> None:
    rows = followed(session, 1)
    add_score(session.store, rows[0], "bot", bot=95)
    assert found(session, "kind:bot") == rows
    deciding.say_kind(session, rows, Kind.PRESS)
    assert found(session, "kind:press") == rows
    assert found(session, "is:reviewed") == rows
    deciding.say_kind(session, rows, None)
    assert found(session, "kind:bot") == rows


def test_tags_are_added_and_removed_without_case(session: Session) -> None:
    rows = followed(session, 3)
    assert annotating.tag(session, rows, add=["  Hot   lead "]).changed == 3
    assert annotating.tag(session, rows[:1], remove=["hot LEAD"]).changed == 1
    assert found(session, 'tag:"HOT lead"') == rows[1:]
    with pytest.raises(BadInput, match='no tag is named "cold"'):
        annotating.tag(session, rows, remove=["cold"])
    with pytest.raises(BadInput):
        annotating.tag(session, rows)


def test_a_note_written_meanwhile_is_not_written_over(session: Session) -> None:
    rows = add_accounts(session.store, {})
    annotating.note(session, rows[0], "asks for a demo", was="")
    done = annotating.note(session, rows[0], "met in Köln", was="")
    assert "both are kept" in done.text
    [text] = session.store.con.execute("SELECT text FROM note").fetchone()
    assert text == "asks for a demo\nmet in Köln"
    assert annotating.note(session, rows[0], "met in Köln", was=text).text.startswith("note written")
    with pytest.raises(BadInput, match="meanwhile"):
        annotating.note(session, rows[0], "", was="asks for a demo")
    [text] = session.store.con.execute("SELECT text FROM note").fetchone()
    assert text == "met in Köln", "a note nobody saw is not removed"


def test_a_note_is_cleaned_and_removed_by_an_empty_one(session: Session) -> None:
    rows = followed(session, 1)
    annotating.note(session, rows[0], "met in\x1b[31m Köln\u202e")
    [text] = session.store.con.execute("SELECT text FROM note").fetchone()
    assert "Köln" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert found(session, "note:KÖLN") == rows
    assert annotating.note(session, rows[0], "  ").text.startswith("note removed")
    assert found(session, "has:note") == []


def test_a_release_lets_held_items_move_on(session: Session) -> None:
    rows = followed(session, 2)
    deciding.say_kind(session, rows, Kind.CUSTOMER)
    deciding.decide(session, rows, Decision.OUT)
    assert set(planned(session).values()) == {("unfollow", "held")}
    done = releasing.release(session, rows[:1])
    assert (done.changed, done.text) == (1, "released from: is a customer (release to allow): @user_1")
    planning.refresh_holds(session)
    assert planned(session) == {rows[0]: ("unfollow", "planned"), rows[1]: ("unfollow", "held")}
    deciding.say_kind(session, rows, None)
    planning.refresh_holds(session)
    assert set(planned(session).values()) == {("unfollow", "planned")}


def test_a_release_in_advance_or_of_nothing_is_refused(session: Session) -> None:
    free, kept, apart = followed(session, 3)
    deciding.decide(session, [kept], Decision.KEEP)
    entities = add_list(session.store, "Customers", "customer", ["Acme"])
    with session.store.write() as con:
        con.execute("INSERT INTO compare_pending VALUES (?)", [apart])
    for row, why in ((free, "nothing holds it back"), (kept, "kept for ever"), (apart, "not compared with your lists")):
        with pytest.raises(BadInput, match=f"nothing to release from: 1 {why}.*nothing was written"):
            releasing.release(session, [row])
    deciding.decide(session, [free], Decision.OUT)
    add_match(session.store, free, entities["Acme"], "likely", 80)
    planning.refresh_holds(session)
    assert planned(session) == {free: ("unfollow", "held")}


def test_a_release_lets_no_later_conversation_and_no_confirmation_through(session: Session) -> None:
    rows = followed(session, 1)
    entities = add_list(session.store, "Customers", "customer", ["Acme", "Globex"])
    deciding.decide(session, rows, Decision.OUT)
    first = add_match(session.store, rows[0], entities["Acme"], "likely", 80)
    releasing.release(session, rows)
    planning.refresh_holds(session)
    assert planned(session) == {rows[0]: ("unfollow", "planned")}
    with session.store.write() as con:
        con.execute("INSERT INTO interaction VALUES (?, ?, 'reply', '1', 'archive', 1)", [rows[0], NOW - DAY])
        session.store.bump("relation", rows)
    planning.refresh_holds(session)
    assert planned(session) == {rows[0]: ("unfollow", "held")}
    assert releasing.release(session, rows).text.startswith("released from: talked with us")
    deciding.say_match(session, [first], MatchState.CONFIRMED)
    assert planning.ready(session) == []
    releasing.release(session, rows)
    assert [item.row for item in planning.ready(session)] == rows
    deciding.say_match(session, [add_match(session.store, rows[0], entities["Globex"], "possible", 30)],
                       MatchState.CONFIRMED)  # fmt: skip
    assert planning.ready(session) == []


def test_a_kind_by_a_confirmed_match_is_not_released_while_the_lists_changed(session: Session) -> None:
    """What is on the list may have changed: the release would lift a kind nobody has looked at."""
    rows = followed(session, 1)
    entities = add_list(session.store, "Customers", "customer", ["Acme"])
    deciding.say_match(session, [add_match(session.store, rows[0], entities["Acme"], "likely", 80)],
                       MatchState.CONFIRMED)  # fmt: skip
    with session.store.write() as con:
        con.execute("INSERT OR REPLACE INTO meta VALUES ('lists_version', '7')")
    with pytest.raises(BadInput, match="not compared with your lists"):
        releasing.release(session, rows)
    deciding.say_kind(session, rows, Kind.PARTNER)
    assert releasing.release(session, rows).text.startswith("released from: is a partner")


def test_a_release_is_undone_and_redone(session: Session) -> None:
    rows = followed(session, 1)
    deciding.say_kind(session, rows, Kind.CUSTOMER)
    deciding.decide(session, rows, Decision.OUT)
    releasing.release(session, rows)
    assert len(planning.ready(session)) == 1
    undoing.undo(session)
    assert planning.ready(session) == []
    undoing.redo(session)
    assert len(planning.ready(session)) == 1


def test_the_plan_opens_while_another_process_writes(session: Session) -> None:
    rows = followed(session, 2)
    deciding.decide(session, rows, Decision.OUT)
    deciding.say_kind(session, rows[:1], Kind.CUSTOMER)  # a guard has come: the next look holds it
    with session.store.write() as con:
        con.execute("UPDATE plan_item SET state = 'later', due_at = 0 WHERE row = ?", [rows[1]])
    before = planned(session)
    with closing(sqlite3.connect(session.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        shown = planning.overview(session)
        other.execute("ROLLBACK")
    assert [(group.ready, group.held, group.later) for group in shown.groups] == [(1, 0, 1)]
    assert len(planning.lines(session, shown.item_ids)) == 2
    assert planned(session) == before
    again = planning.overview(session)
    assert [(group.ready, group.held, group.later) for group in again.groups] == [(1, 1, 0)]


@pytest.mark.parametrize(
    ("count", "reason", "words"),
    [
        (1, Guard.CUSTOMER, "is a customer (release to allow)"),
        (3, Guard.CUSTOMER, "are customers (release to allow)"),
        (2, Guard.EMPLOYEE, "are employees (release to allow)"),
        (1, Guard.PRESS, "is press (release to allow)"),
        (2, Guard.PRESS, "are press (release to allow)"),
        (2, Guard.MATCHED, "match a list entry (reject the matches to allow)"),
        (2, Guard.NOT_GENUINE, "look like bots or harmful"),
        (2, Guard.TALKED, "talked with us in the last 60 days"),
    ],
)
def test_a_reason_follows_the_count_before_it(count: int, reason: Guard, words: str) -> None:
    assert reason_for(count, reason.sentence()) == words


def test_a_guard_that_comes_later_holds_what_was_planned(session: Session) -> None:
    rows = followed(session, 1)
    deciding.decide(session, rows, Decision.OUT)
    entities = add_list(session.store, "Customers", "customer", ["Acme"])
    number = add_match(session.store, rows[0], entities["Acme"], "likely", 80)
    planning.refresh_holds(session)
    assert planned(session) == {rows[0]: ("unfollow", "held")}
    deciding.say_match(session, [number], MatchState.REJECTED)
    planning.refresh_holds(session)
    assert planned(session) == {rows[0]: ("unfollow", "planned")}


def test_words_on_matches_count_what_changed(session: Session) -> None:
    rows = followed(session, 2)
    entities = add_list(session.store, "Customers", "customer", ["Acme", "Globex"])
    ids = [
        add_match(session.store, row, entity, "likely", 80) for row, entity in zip(rows, entities.values(), strict=True)
    ]
    assert deciding.say_match(session, ids, MatchState.CONFIRMED).text == "confirmed: 2 matches"
    assert found(session, "match:confirmed kind:customer") == rows
    assert deciding.say_match(session, ids, MatchState.CONFIRMED).entry_id == 0
    assert deciding.say_match(session, ids[:1], MatchState.REJECTED).changed == 1
    assert found(session, "match:rejected") == rows[:1]
    deciding.say_match(session, ids, MatchState.UNREVIEWED)
    assert found(session, "match:likely") == rows
    with pytest.raises(BadInput, match="no match has the id 999"):
        deciding.say_match(session, [999], MatchState.CONFIRMED)


def test_an_action_is_planned_without_a_decision(session: Session) -> None:
    rows = followed(session, 2)
    deciding.say_kind(session, rows[:1], Kind.PARTNER)
    done = deciding.plan_add(session, ActionKind.MUTE, rows)
    assert (done.planned, sum(held.count for held in done.held)) == (1, 1)
    assert decided(session) == {}
    added = deciding.plan_add(session, ActionKind.LIST_ADD, rows, "Press")
    assert (added.planned, added.text) == (2, "add to list planned: 2 accounts")
    with pytest.raises(BadInput, match="--list NAME"):
        deciding.plan_add(session, ActionKind.LIST_ADD, rows)
