"""Draws and looks: what counts as random, what a bulk gesture does not, and that undo takes a look back."""

from __future__ import annotations

import numpy as np
import pytest
from filling import add_accounts, relate

from followertui.domain.decision import Decision
from followertui.domain.errors import NothingToDo
from followertui.domain.kind import Kind
from followertui.services import querying
from followertui.services.review import deciding, header, queues, sampling, undoing
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.store.decisions import draws
from followertui.store.file import watermarks

BY_NAME = Word(is_by_name=True)


@pytest.fixture
def rows(session: Session) -> list[int]:
    """Four hundred followers, none judged; whom a draw takes is the same in every run."""
    with session.store.write():
        watermarks.STORE_ID.write(session.store, "5eed" * 8)
    found = add_accounts(session.store, *({} for _ in range(400)))
    relate(session.store, found, "follower")
    return found


def waiting(session: Session) -> list[int]:
    return list(querying.rows_of(session, sampling.QUERY))


def answer(session: Session, rows: list[int], share: int = 4) -> None:
    """One in ``share`` is a customer, the others are off topic."""
    for row in rows:
        kind = Kind.CUSTOMER if row % share == 0 else Kind.OFFTOPIC
        deciding.say_kind(session, [row], kind, word=BY_NAME)


def test_a_draw_waits_in_a_queue_and_becomes_an_estimate(session: Session, rows: list[int]) -> None:
    before = sampling.standing(session)
    assert (before.answer, before.needed) == (None, 50)
    assert sampling.draw(session, 60) == "60 followers drawn at random, 60 to look at: the queue Random looks"
    drawn = waiting(session)
    assert len(drawn) == 60
    answer(session, drawn[:40])
    assert sampling.standing(session)[:3] == (None, 0, 20)
    answer(session, drawn[40:])
    found = sampling.standing(session)
    assert found.answer is not None
    assert (found.waiting, found.needed, found.answer.looks, found.answer.of) == (0, 0, 60, 400)
    assert found.answer.low < 100 < found.answer.high
    with session.store.write():
        watermarks.JUDGED_UPTO.write(session.store, 400)
    top = header.refresh_header(session)
    shown = (top.qualified_low, top.qualified_percent, top.qualified_high)
    assert shown == tuple(100 * part / 400 for part in (found.answer.low, found.answer.point, found.answer.high))
    assert found.answer.high - found.answer.low < 100


def test_bulk_gestures_are_no_looks(session: Session, rows: list[int]) -> None:
    sampling.draw(session, 50)
    deciding.say_kind(session, waiting(session), Kind.OFFTOPIC)
    deciding.decide(session, rows, Decision.OUT)
    assert len(waiting(session)) == 50
    assert sampling.standing(session).answer is None


def test_a_look_records_its_draw_and_goes_with_undo(session: Session, rows: list[int]) -> None:
    sampling.draw(session, 50)
    drawn = waiting(session)
    other = next(row for row in rows if row not in drawn)
    for row in (drawn[0], other):
        deciding.decide(session, [row], Decision.KEEP, word=BY_NAME)
    looks = session.store.con.execute("SELECT row, draw_id FROM look ORDER BY row = ?", [other]).fetchall()
    assert looks == [(drawn[0], 1), (other, None)]
    undoing.undo(session)
    undoing.undo(session)
    assert session.store.con.execute("SELECT count(*) FROM look").fetchone() == (0,)
    undoing.redo(session)
    assert list(querying.rows_of(session, "is:looked")) == [drawn[0]]


def test_a_draw_is_undone_and_redone(session: Session, rows: list[int]) -> None:
    sampling.draw(session, 40)
    first = waiting(session)
    sampling.draw(session, 20)
    assert len(waiting(session)) == 60
    assert undoing.undo(session).text == "undo: drawn at random: 20 followers"
    assert waiting(session) == first
    answer(session, first[:1])
    undoing.undo(session)
    undoing.undo(session)
    assert waiting(session) == []
    assert sampling.standing(session).needed == 50
    undoing.redo(session)
    assert waiting(session) == first
    answer(session, first)
    found = sampling.standing(session)
    assert found.answer is not None
    assert found.answer.looks == 40


def test_looks_of_an_undone_draw_are_no_sample_until_it_is_drawn_again(session: Session, rows: list[int]) -> None:
    sampling.draw(session, 40)
    drawn = waiting(session)
    answer(session, drawn[:10])
    entry = next(one for one in session.journal.entries() if one.command == sampling.DRAW)
    sampling.reverse(session, entry, is_redo=False)
    assert (sampling.standing(session).answer, waiting(session)) == (None, [])
    session.clock.path.write_text("2027-01-01T00:00:00+00:00")  # type: ignore[attr-defined]
    sampling.draw(session, 30)
    assert waiting(session) == drawn[10:], "the same fixed numbers: nobody is drawn to one's liking"
    answer(session, drawn[10:])
    found = sampling.standing(session)
    assert found.answer is not None
    assert (found.answer.exact, found.answer.looks) == (10, 30)


def test_later_and_taking_back_are_no_answers(session: Session, rows: list[int]) -> None:
    deciding.decide(session, rows[:1], Decision.LATER, word=BY_NAME)
    deciding.decide(session, rows[:1], None, word=BY_NAME)
    deciding.say_kind(session, rows[:1], None, word=BY_NAME)
    assert list(querying.rows_of(session, "is:looked")) == []


def test_what_was_decided_in_bulk_can_be_looked_at_later(session: Session, rows: list[int]) -> None:
    deciding.decide(session, rows[:30], Decision.KEEP)
    said = deciding.decide(session, rows[:1], Decision.KEEP, word=BY_NAME)
    assert said.text == "looked at, keep as it was: @user_1"
    assert list(querying.rows_of(session, "is:looked")) == rows[:1]


def test_looks_before_the_first_draw_are_exact_and_no_sample(session: Session, rows: list[int]) -> None:
    answer(session, rows[:100])
    found = sampling.standing(session)
    assert (found.answer, found.random_looks) == (None, 0)
    session.clock.path.write_text("2027-01-01T00:00:00+00:00")  # type: ignore[attr-defined]
    sampling.draw(session, 40)
    answer(session, waiting(session))
    found = sampling.standing(session)
    assert found.answer is not None
    assert (found.answer.exact, found.answer.looks) == (100, 40)


def test_drawing_ends_when_all_are_drawn(session: Session, rows: list[int]) -> None:
    sampling.draw(session, 500)
    assert len(waiting(session)) == 400
    with pytest.raises(NothingToDo, match="nothing was drawn"):
        sampling.draw(session, 1)
    answer(session, rows)
    exact = sampling.standing(session).answer
    assert exact is not None
    assert (exact.low, exact.point, exact.high) == (100, 100, 100)


def test_random_numbers_are_even_and_without_pattern(session: Session) -> None:
    numbers = draws.numbers(session.store, np.arange(100_000))
    assert len(np.unique(numbers)) == 100_000
    assert np.histogram(numbers, bins=10, range=(0, 2**62))[0].min() > 9_600
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.02


def test_new_is_led_by_who_matters(session: Session, rows: list[int]) -> None:
    deciding.say_kind(session, rows[:1], Kind.BOT)
    deciding.say_kind(session, rows[5:6], Kind.CUSTOMER)
    deciding.say_kind(session, rows[9:10], Kind.PROSPECT)
    query = queues.queue_named(session, "new").query.replace("-is:reviewed", "").replace("is:new", "")
    assert list(querying.rows_of(session, query))[:3] == [rows[5], rows[9], rows[0]]
