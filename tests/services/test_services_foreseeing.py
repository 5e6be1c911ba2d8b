"""What a bulk decision will do, said before, is what it then does; gestures on one account name it."""

from __future__ import annotations

import pytest
from filling import add_accounts, add_list, add_match, relate

from followertui.domain.decision import Decision
from followertui.domain.match import MatchState
from followertui.services import querying
from followertui.services.care import maintenance
from followertui.services.review import answering, deciding, undoing
from followertui.services.review.foreseeing import foresee
from followertui.services.session import Session

DECIDED = [Decision.KEEP, Decision.OUT, Decision.FOLLOW, Decision.ENGAGE, Decision.LATER]


@pytest.mark.parametrize("decision", [*DECIDED, None], ids=lambda value: value.value if value else "as suggested")
def test_what_is_foreseen_is_what_happens(full: Session, decision: Decision | None) -> None:
    rows = list(querying.rows_of(full, ""))
    deciding.decide(full, rows[:10], Decision.KEEP)
    foreseen = foresee(full, rows, decision)
    gesture = deciding.decide(full, rows, decision) if decision is not None else deciding.accept(full, rows)
    assert {held.reason: held.count for held in foreseen.held} == {held.reason: held.count for held in gesture.held}
    assert len({held.reason for held in gesture.held}) == len(gesture.held)
    assert sum(count for _, count in foreseen.planned) >= gesture.planned
    if decision in (Decision.OUT, Decision.FOLLOW):
        assert foreseen.planned
        assert bool(foreseen.undone) == ("nothing to unfollow" in gesture.text or "we follow already" in gesture.text)
    assert (foreseen.seconds_by_hand > 0) == bool(foreseen.planned)


def test_a_decision_that_asks_nothing_of_x_says_so(session: Session) -> None:
    fan, leader = add_accounts(session.store, {}, {})
    relate(session.store, [fan], "follower")
    relate(session.store, [leader], "following")
    assert deciding.decide(session, [fan], Decision.OUT).text == "out: @user_1 · we do not follow: nothing to unfollow"
    assert deciding.decide(session, [leader], Decision.FOLLOW).text.endswith("we follow already")


def test_a_gesture_on_one_account_names_it_until_it_is_removed(session: Session) -> None:
    [row] = add_accounts(session.store, {"handle": "dana"})
    assert deciding.decide(session, [row], Decision.KEEP).text == "keep: @dana"
    assert undoing.undo(session).text == "undo: keep: @dana"
    assert undoing.redo(session).text == "redo: keep: @dana"
    assert "keep: @dana" in [line.text for line in undoing.lines(session)]
    stored = [text for (text,) in session.store.con.execute("SELECT text FROM journal")]
    assert not any("dana" in text for text in stored)
    with session.store.write() as con:
        con.execute("UPDATE account SET handle = 'dana_new' WHERE row = ?", [row])
    assert "keep: @dana_new" in [line.text for line in undoing.lines(session)]
    maintenance.purge(session, maintenance.removal(session, ["dana_new"], False))
    assert not any("dana" in line.text for line in undoing.lines(session))


def test_answers_to_marks_are_about_the_company_they_were_marked_by(session: Session) -> None:
    rows = add_accounts(session.store, *({} for _ in range(4)))
    entities = add_list(session.store, "crm", "customer", ["Globex", "Hooli"])
    for row in rows[:3]:
        add_match(session.store, row, entities["Hooli"], "possible", 70, "works_at")
        add_match(session.store, row, entities["Globex"], "possible", 60, "works_at")
    strongest = answering.to_answer(session, rows)
    assert [(match.row, match.company) for match in strongest] == [(row, "Hooli") for row in rows[:3]]
    chosen = answering.to_answer(session, rows, "globex")
    assert [(match.row, match.company) for match in chosen] == [(row, "Globex") for row in rows[:3]]
    deciding.say_match(session, [match.id for match in chosen], MatchState.REJECTED)
    assert [match.company for match in answering.to_answer(session, rows, "Globex")] == ["Hooli"] * 3
