"""The last decisions, what came of a session, and looks with something hidden."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from filling import add_accounts, add_list, add_match, add_score, relate

from followertui.domain.clock import FileClock
from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services.review import deciding, recent, reminding, sampling, session_summary, stopping, undoing, views
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.store.file import settings

BY_NAME = Word(is_by_name=True)


def texts(session: Session) -> list[str]:
    return [f"{one.text} {one.who}" for one in recent.last_decisions(session)]


def test_the_last_decisions_come_newest_first_with_who_and_when(session: Session, clock: FileClock) -> None:
    rows = add_accounts(session.store, {"handle": "ann"}, {"handle": "bob"}, {"x_id": 77, "handle": None})
    deciding.decide(session, rows[:1], Decision.OUT)
    deciding.say_kind(session, rows[1:2], Kind.PRESS)
    clock.advance(timedelta(days=2))
    deciding.decide(session, rows[2:], Decision.KEEP)
    found = recent.last_decisions(session)
    assert [(one.row, one.who, one.text) for one in found] == [
        (rows[2], "User 3", "keep"),
        (rows[1], "@bob", "press"),
        (rows[0], "@ann", "out"),
    ]
    assert [one.when for one in found] == ["12:00", "22 Nov", "22 Nov"]
    assert {one.reviewer for one in found} == {"me"}


def test_several_in_one_second_keep_their_order(session: Session) -> None:
    rows = add_accounts(session.store, *({"handle": f"h{n}"} for n in range(25)))
    for row in rows:
        deciding.decide(session, [row], Decision.OUT)
    assert [one.row for one in recent.last_decisions(session)] == rows[::-1][: recent.SHOWN]


def test_an_account_decided_twice_is_one_decision(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "ann"})
    for decision in (Decision.OUT, Decision.KEEP, Decision.OUT):
        deciding.decide(session, rows, decision, word=BY_NAME)
    assert texts(session) == ["out @ann"]


def test_a_withdrawal_is_told_apart_from_a_no(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "ann"}, {"handle": "bob"})
    globex = add_list(session.store, "Customers", "customer", ["Globex"])["Globex"]
    first, second = (add_match(session.store, row, globex, "likely", 80) for row in rows)
    deciding.say_match(session, [first], MatchState.REJECTED)
    deciding.say_match(session, [second], MatchState.CONFIRMED)
    assert texts(session) == ["yes: Globex @bob", "no: Globex @ann"]
    deciding.say_match(session, [second], MatchState.UNREVIEWED)
    assert texts(session) == ["withdrawn (yes): Globex @bob", "no: Globex @ann"]
    assert [one.is_withdrawn for one in recent.last_decisions(session)] == [True, False]


def test_what_was_undone_reads_as_withdrawn(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "ann"})
    deciding.decide(session, rows, Decision.OUT)
    undoing.undo(session)
    assert texts(session) == ["withdrawn (out) @ann"]
    undoing.redo(session)
    assert texts(session) == ["out @ann"]


def test_a_bulk_gesture_is_one_line_that_knows_its_accounts(session: Session) -> None:
    rows = add_accounts(session.store, *({"handle": f"h{n}"} for n in range(30)))
    deciding.decide(session, rows, Decision.OUT)
    [one] = recent.last_decisions(session)
    assert (one.row, one.who, one.text) == (0, "30 accounts", "out")
    assert list(recent.keys_of(session, one.entry_id)) == rows


def bots(session: Session, count: int) -> list[int]:
    """Accounts that we follow and whose card suggests to take them out."""
    rows = add_accounts(session.store, *({"handle": f"bot{n}"} for n in range(count)))
    relate(session.store, rows, "following")
    for row in rows:
        add_score(session.store, row, "bot", bot=95)
    return rows


def test_a_summary_counts_what_stands(session: Session, clock: FileClock) -> None:
    rows = bots(session, 20)
    more = add_accounts(session.store, *({"handle": f"more{n}"} for n in range(40)))
    for number, row in enumerate(rows):
        clock.advance(timedelta(seconds=5))
        if number < 15:
            deciding.accept(session, [row], word=BY_NAME)
        else:
            deciding.decide(session, [row], Decision.KEEP, word=BY_NAME)
    clock.advance(timedelta(hours=3))
    deciding.decide(session, more, Decision.ENGAGE)
    deciding.decide(session, more[:1], Decision.OUT, word=BY_NAME)
    undoing.undo(session)
    deciding.say_kind(session, rows[:2], Kind.VENDOR)
    settings.QUEUE_COUNTS.write(session.store, {"to-review": 60, "confirm": 0, "plan": 15})
    found = session_summary.summary(session)
    assert found is not None
    assert found.decisions == (("engage", 40), ("out", 15), ("keep", 5))
    assert found.kinds == (("vendor", 2),)
    assert (found.suggested, found.agreed) == (20, 15)
    assert found.per_minute == 12
    assert found.active_seconds == 19 * 5
    assert (found.one_by_one, found.gestures) == (20, 22)
    assert found.planned == 15
    assert [(one.title, one.size, one.seconds) for one in found.left] == [("to review", 60, 300)]
    told = dict(session_summary.lines(session, found))
    assert told["decided"] == "60: 40 engage, 15 out, 5 keep"
    assert told["as suggested"] == "15 of 20 decided by name (75%)"
    assert told["pace"] == "12.0 a minute, one by one"
    assert told["left"] == "60 to review, about 5 minutes"


def test_a_decision_of_its_own_that_agrees_counts_as_taken(session: Session) -> None:
    rows = bots(session, 2)
    deciding.decide(session, rows[:1], Decision.OUT, word=BY_NAME)
    deciding.decide(session, rows[1:], Decision.OUT)
    found = session_summary.summary(session)
    assert found is not None
    assert (found.suggested, found.agreed) == (1, 1)


def test_a_session_without_a_gesture_has_no_summary(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "ann"})
    assert session_summary.summary(session) is None
    deciding.decide(session, rows, Decision.OUT)
    undoing.undo(session)
    assert session_summary.summary(session) is None


# --- reminders -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3d", date(2026, 1, 3)), ("in 2 weeks", date(2026, 1, 14)), ("1m", date(2026, 1, 31)),
        (" 2 MONTHS ", date(2026, 2, 28)),
        ("1y", date(2026, 12, 31)), ("2026-02-01", date(2026, 2, 1)),
    ],
)  # fmt: skip
def test_a_day_is_typed_as_people_write_it(typed: str, day: date) -> None:
    assert reminding.day_typed(typed, date(2025, 12, 31)) == day


@pytest.mark.parametrize("typed", ["", "soon", "0d", "2025-12-31", "99y", "9999y", "2026-13-01", "-2w", "²d", "1 dog"])
def test_what_is_no_day_to_come_is_said(typed: str) -> None:
    with pytest.raises(BadInput, match="2026-12-24"):
        reminding.day_typed(typed, date(2025, 12, 31))


def test_a_reminder_comes_back_on_its_day(session: Session, clock: FileClock) -> None:
    rows = add_accounts(session.store, {"handle": "ann"})
    done = reminding.remind(session, rows, "2w", word=BY_NAME)
    assert done.text.startswith("later: @ann")
    waiting = "decision:later -is:reviewed"
    clock.advance(timedelta(days=13))
    assert not len(views.open_view(session, "", waiting).rows)
    clock.advance(timedelta(days=1))
    assert list(views.open_view(session, "", waiting).rows) == rows


# --- judging blind -------------------------------------------------------------------------------


def test_a_look_records_what_was_hidden_and_undo_takes_it_back(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "ann"}, {"handle": "bob"}, {"handle": "cid"})
    session.hidden = "name"
    done = deciding.decide(session, rows[:1], Decision.OUT, word=BY_NAME)
    assert "ann" not in done.text
    session.hidden = "bio"
    deciding.say_kind(session, rows[1:2], Kind.PRESS, word=BY_NAME)
    deciding.decide(session, rows[2:], Decision.OUT)
    session.hidden = ""
    looks = "SELECT row, hidden, reviewer FROM blind_look ORDER BY row"
    assert session.store.con.execute(looks).fetchall() == [(rows[0], "name", "me"), (rows[1], "bio", "me")]
    found = session_summary.summary(session)
    assert found is not None
    assert found.blind == 2
    undoing.undo(session)
    undoing.undo(session)
    assert session.store.con.execute(looks).fetchall() == [(rows[0], "name", "me")]


SECRETS = {"name": ("Dana Ortiz", "dana_ortiz", "dana.example"), "bio": ("coffee and trains", "Globex")}


@pytest.mark.parametrize("hidden", SECRETS)
def test_what_is_hidden_stands_nowhere_on_row_and_card(session: Session, hidden: str) -> None:
    bio = "coffee and trains. Buyer at Globex https://dana.example/x" if hidden == "bio" else "coffee"
    rows = add_accounts(
        session.store,
        {"handle": "dana_ortiz", "name": "Dana Ortiz", "bio": bio, "url": "https://dana.example", "location": "Köln"},
    )
    globex = add_list(session.store, "Customers", "customer", ["Globex"])["Globex"]
    add_match(session.store, rows[0], globex, "likely", 80, "works_at")
    bench = Workbench(session)
    assert all(secret in repr(bench.card(rows[0])) for secret in SECRETS[hidden])
    while bench.review.hide_next() != hidden:
        pass
    shown = repr((bench.card(rows[0]), bench.page(rows)))
    assert not [secret for secret in SECRETS[hidden] if secret in shown]
    assert "Köln" in shown


TELLING_WAYS = {"name": ("company Globex", "list Customers", "dana_ortiz"), "bio": ("coffee", "Globex", "dana_ortiz")}


@pytest.mark.parametrize("hidden", TELLING_WAYS)
def test_ways_others_are_like_it_quote_nothing_hidden(session: Session, hidden: str) -> None:
    profile = {"name": "Dana Ortiz", "bio": "coffee and trains. Buyer at Globex", "location": "Köln"}
    rows = add_accounts(session.store, *({"handle": f"dana_ortiz{n}", **profile} for n in range(3)))
    globex = add_list(session.store, "Customers", "customer", ["Globex"])["Globex"]
    for row in rows:
        add_match(session.store, row, globex, "likely", 80, "works_at")
    bench = Workbench(session)
    assert all(secret in repr(bench.alike(rows, rows[0])) for secret in TELLING_WAYS[hidden])
    while bench.review.hide_next() != hidden:
        pass
    shown = repr(bench.alike(rows, rows[0]))
    assert not [secret for secret in TELLING_WAYS[hidden] if secret in shown]
    assert "place Köln" in shown


# --- when to stop --------------------------------------------------------------------------------


def looked_at(session: Session, count: int, qualified: int) -> None:
    """Draw among 400 followers and answer so many looks, every so-manieth one a customer."""
    rows = add_accounts(session.store, *({"handle": f"f{n}"} for n in range(400)))
    relate(session.store, rows, "follower")
    sampling.draw(session, count)
    for at, row in enumerate(views.open_view(session, "random").rows):
        kind = Kind.CUSTOMER if at < qualified else Kind.OTHER
        deciding.say_kind(session, [row], kind, word=BY_NAME)


def test_more_looks_are_said_to_narrow_the_estimate(session: Session) -> None:
    looked_at(session, 50, 5)
    found = sampling.outlook(session)
    assert found.now is not None
    widths = [one.high - one.low for one in (found.now, *(expected for _, expected in found.ahead))]
    assert widths == sorted(widths, reverse=True)
    assert [more for more, _ in found.ahead] == [50, 100, 200]
    assert sum(found.by_rule) == 350
    told = dict(stopping.lines(found))
    assert told["qualified"].startswith("10% (")
    assert told["advice"].startswith("go on: 50 more take ")


def test_looks_enough_are_said_to_be_enough(session: Session) -> None:
    looked_at(session, 390, 3)
    assert stopping.advice(sampling.outlook(session)).startswith("enough")


def test_without_looks_the_widest_case_is_told(session: Session) -> None:
    rows = add_accounts(session.store, *({"handle": f"f{n}"} for n in range(400)))
    relate(session.store, rows, "follower")
    found = sampling.outlook(session)
    assert found.now is None
    assert 0.4 < found.ahead[0][1].point / 400 < 0.6
    assert stopping.advice(found).startswith("draw looks")
    told = dict(stopping.lines(found))
    assert told["50 more"].startswith("an interval of at most ")
    assert "%" not in told["50 more"]


def test_what_was_foreseen_holds_on_average(session: Session) -> None:
    looked_at(session, 100, 20)
    more, expected = sampling.outlook(session).ahead[0]
    sampling.draw(session, more)
    for at, row in enumerate(views.open_view(session, "random").rows):
        deciding.say_kind(session, [row], Kind.CUSTOMER if at % 5 == 0 else Kind.OTHER, word=BY_NAME)
    then = sampling.outlook(session).now
    assert then is not None
    assert abs((then.high - then.low) - (expected.high - expected.low)) < 4
