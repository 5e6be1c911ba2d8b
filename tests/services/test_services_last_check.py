"""The last check before something is sent: what came up since it was proposed holds it back, on every way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from filling import DAY, NOW, add_accounts, add_list, add_match

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, PlanState
from followertui.domain.engagement import TALKING, DueState, StepAction
from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.engage.contact_rules import ContactFacts, why_not
from followertui.services.engage import playbooks, shelving, today
from followertui.services.engage.contact_guard import facts_of
from followertui.services.engage.engagement import Engagement
from followertui.services.engage.values import Wording
from followertui.services.plan import by_hand, planning
from followertui.services.plan.values import HandAnswer
from followertui.services.review import annotating
from followertui.services.session import Session
from followertui.store.audience import contact_facts
from followertui.store.decisions import due, plans, shelf, tags

POST = "https://x.com/acme/status/1790000000000000001"
NOT_YET = timedelta(days=6, hours=23)
WRITING = '\ntexts = ["{{ name }} one", "{{ name }} two"]\n'


def proposed(session: Session, action: str) -> tuple[int, int]:
    """A prospect and the number of what is due for them: one step, with a cool-down of a week."""
    [row] = add_accounts(session.store, {"bio": "Head of freight", "last_post_at": NOW - DAY})
    say_kind(session, row, Kind.PROSPECT)
    for shipped in playbooks.names(session):
        playbooks.turned(session, shipped, is_on=False)
    texts = WRITING if action in ("reply", "thank") else "\n"
    playbooks.save(session, "mine", f'who = "kind:prospect"\ncool_down = 7\n[[step]]\ndo = "{action}"{texts}')
    [number] = today.today(session).ids
    return row, number


def say_kind(session: Session, row: int, kind: Kind) -> None:
    with session.store.write() as con:
        con.execute("INSERT OR REPLACE INTO kind_word VALUES (?, ?, 'me', 1)", [row, kind.value])
        session.store.bump("decision", [row])


def never(session: Session, row: int) -> None:
    Engagement(session).set_no_contact([row], is_on=True)


def addressed(session: Session, row: int) -> None:
    Engagement(session).engage([row])


def bot(session: Session, row: int) -> None:
    say_kind(session, row, Kind.BOT)


def gone(session: Session, row: int) -> None:
    with session.store.write() as con:
        con.execute("UPDATE account SET status = 1 WHERE row = ?", [row])
        session.store.bump("profile", [row])


MEANWHILE = pytest.mark.parametrize(
    ("came_up", "words"),
    [(never, "never to be contacted"), (addressed, "addressed less than 7 days ago"), (bot, "bot"), (gone, "gone")],
)


@MEANWHILE
def test_what_came_up_meanwhile_holds_a_reply_back(
    session: Session, came_up: Callable[[Session, int], None], words: str
) -> None:
    row, number = proposed(session, "reply")
    came_up(session, row)
    with pytest.raises(BadInput, match=f"held back: .*{words}"):
        today.compose(session, number)
    with pytest.raises(BadInput, match=f"held back: .*{words}.*nothing was recorded"):
        today.done(session, number, Wording(post=POST))
    assert shelf.sent_to(session.store, row) == []
    assert due.items(session.store, [number])[0].state is DueState.OPEN


@MEANWHILE
def test_what_came_up_meanwhile_is_not_planned(
    session: Session, came_up: Callable[[Session, int], None], words: str
) -> None:
    row, number = proposed(session, "repost")
    came_up(session, row)
    with pytest.raises(BadInput, match=f"held back: .*{words}.*nothing was planned"):
        today.plan(session, number, POST)
    assert plans.guardable(session.store, ActionKind.REPOST) == []


def test_a_planned_repost_is_held_once_someone_is_never_to_be_contacted(session: Session) -> None:
    row, number = proposed(session, "repost")
    today.plan(session, number, POST)
    [(item_id, _, _)] = plans.guardable(session.store, ActionKind.REPOST)
    [item] = plans.items(session.store, [item_id])
    assert planning.hold_guarded(session, [item]) == [item]
    never(session, row)
    with pytest.raises(BadInput, match=r"never to be contacted.*nothing was recorded"):
        by_hand.record_manual(session, item_id, HandAnswer.DONE)
    with session.store.write():
        assert planning.hold_guarded(session, [item]) == []
    [held] = plans.items(session.store, [item_id])
    assert (held.state, held.reason) == (PlanState.HELD, "never to be contacted")


def test_the_cool_down_ends_to_the_second(session: Session, clock: FileClock) -> None:
    row, number = proposed(session, "reply")
    addressed(session, row)
    clock.advance(NOT_YET)
    with pytest.raises(BadInput, match="addressed less than"):
        today.compose(session, number)
    clock.advance(timedelta(hours=1))
    assert today.compose(session, number).text


def test_nobody_is_thanked_twice_by_whatever_playbook(session: Session, clock: FileClock) -> None:
    row, number = proposed(session, "thank")
    today.done(session, number)
    playbooks.save(session, "other", 'who = "kind:prospect"\n[[step]]\ndo = "thank"' + WRITING.replace("one", "more"))
    clock.advance(timedelta(days=30))
    ids = today.today(session).ids
    assert [due.items(session.store, [other])[0].playbook for other in ids] == ["other"]
    with pytest.raises(BadInput, match="thanked already"):
        today.done(session, ids[0])
    assert [one.action for one in shelf.sent_to(session.store, row)] == ["thank"]


@pytest.mark.parametrize("action", sorted(TALKING))
def test_the_rules_one_by_one(action: StepAction) -> None:
    free = ContactFacts(has_written=True)
    assert why_not(action, free, NOW, 3) == ""
    assert "never" in why_not(action, free._replace(is_no_contact=True), NOW)
    assert "gone" in why_not(action, free._replace(is_there=False), NOW)
    assert "bot" in why_not(action, free._replace(is_genuine=False), NOW)
    assert "less than 3 days" in why_not(action, free._replace(touched_at=NOW - 3 * DAY + 1), NOW, 3)
    assert why_not(action, free._replace(touched_at=NOW - 3 * DAY), NOW, 3) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (ContactFacts(), "wrote first or opted in"),
        (ContactFacts(takes_messages=True), "wrote first or opted in"),
        (ContactFacts(has_written=True), ""),
        (ContactFacts(is_opted_in=True), ""),
        (ContactFacts(has_written=True, takes_messages=False), "takes no direct messages"),
        (ContactFacts(is_opted_in=True, takes_messages=False), "takes no direct messages"),
    ],
)
def test_a_direct_message_goes_only_where_it_is_wanted(facts: ContactFacts, words: str) -> None:
    found = why_not(StepAction.MESSAGE, facts, NOW)
    assert words in found
    assert bool(words) == bool(found)


def test_a_thank_goes_once() -> None:
    assert why_not(StepAction.THANK, ContactFacts(thanked_at=NOW - 400 * DAY), NOW) == "thanked already"


def test_one_interval_holds_for_a_person_and_takes_the_place_of_another(session: Session) -> None:
    one, other = add_accounts(session.store, {}, {})
    engagement = Engagement(session)
    annotating.tag(session, [one], ["Every 90 days", "every day of it"])
    assert engagement.interval(one) == 90
    assert engagement.set_interval([one, other], 14).text == "back into Today every 14 days: 2 accounts"
    assert [engagement.interval(row) for row in (one, other)] == [14, 14]
    assert tags.names_on(session.store, one, "every ") == ["every day of it", "every 14 days"], "others stay"
    assert engagement.set_interval([one], 14).entry_id == 0, "it is so already"
    assert engagement.set_interval([one], 1).entry_id
    assert (engagement.interval(one), engagement.interval(other)) == (1, 14)
    engagement.set_interval([one], 0)
    assert engagement.interval(one) == 0
    assert engagement.set_interval([one], 0).text.startswith("Nothing to change")
    for days in (-1, 731):
        with pytest.raises(BadInput, match="1 to 730 days"):
            engagement.set_interval([one], days)


def two_of_one_page(session: Session) -> tuple[int, int]:
    """A row known by its handle alone, and the account with an id and that handle."""
    one, other = add_accounts(session.store, {"handle": "dana"}, {"handle": "dana_o"})
    with session.store.write() as con:
        con.execute("UPDATE account SET x_id = NULL WHERE row = ?", [one])
        con.execute("UPDATE account SET handle = 'dana' WHERE row = ?", [other])
        session.store.bump("profile", [one, other])
    return one, other


@pytest.mark.parametrize("is_id_asked", [True, False])
def test_what_was_done_with_either_of_two_rows_of_one_page_holds_both(session: Session, *, is_id_asked: bool) -> None:
    said, asked = two_of_one_page(session)[:: 1 if is_id_asked else -1]
    assert facts_of(session, [asked])[asked] == ContactFacts()
    shelving.add(session, "https://acme.example/freight", "Freight")
    Engagement(session).engage([said], shelf_id=1)
    found = facts_of(session, [asked])[asked]
    assert (found.touched_at, found.offered) == (session.now, frozenset({1}))
    assert not found.is_no_contact
    with session.store.write() as con:
        con.execute("INSERT INTO sent VALUES (?, ?, 'thank', 'x', 'k', NULL, '', '', 'me')", [said, session.now - DAY])
    assert facts_of(session, [asked])[asked].thanked_at == session.now - DAY
    never(session, said)
    assert facts_of(session, [asked])[asked].is_no_contact
    with pytest.raises(BadInput, match="never to be contacted"):
        addressed(session, asked)


def test_two_accounts_with_ids_are_two_people(session: Session) -> None:
    one, other = two_of_one_page(session)
    with session.store.write() as con:
        con.execute("UPDATE account SET x_id = 77 WHERE row = ?", [one])
        session.store.bump("profile", [one])
    never(session, other)
    assert not facts_of(session, [one])[one].is_no_contact


def two_due(session: Session, action: str) -> list[tuple[int, int]]:
    """Two prospects, each with one step due: row and number."""
    proposed(session, action)
    [row] = add_accounts(session.store, {"bio": "Head of freight", "last_post_at": NOW - DAY})
    say_kind(session, row, Kind.PROSPECT)
    return [(item.row, item.id) for item in due.items(session.store, today.today(session).ids)]


def test_the_same_words_go_to_nobody_else_and_are_said_before(session: Session) -> None:
    (_, first), (row, second) = two_due(session, "reply")
    words = "What came of it?"
    today.done(session, first, Wording(text=f"@dana {words} https://a.example/x"))
    same = Wording(text=f"{words.upper()} @other")
    assert "someone else was sent the same words" in today.compose(session, second, same).problem
    with pytest.raises(BadInput, match=r"someone else was sent the same words.*nothing was recorded"):
        today.done(session, second, same)
    assert shelf.sent_to(session.store, row) == []
    assert today.done(session, second, Wording(text="And how did it end?")).entry_id


def test_a_text_that_x_would_refuse_is_not_recorded_as_sent(session: Session) -> None:
    row, number = proposed(session, "reply")
    with pytest.raises(BadInput, match="280 at most"):
        today.done(session, number, Wording(text="a" * 281))
    with pytest.raises(BadInput, match="there is no text"):
        today.done(session, number, Wording(text=" "))
    assert shelf.sent_to(session.store, row) == []
    assert today.done(session, number, Wording(text="a" * 280)).entry_id


def test_a_post_is_answered_once_and_may_be_passed_on_once_beside(session: Session) -> None:
    (_, first), (row, second) = two_due(session, "reply")
    today.done(session, first, Wording(text="one", post=POST))
    with pytest.raises(BadInput, match="one reply a post"):
        today.done(session, second, Wording(text="two", post=POST))
    assert shelf.sent_to(session.store, row) == []
    number = POST.rsplit("/", 1)[1]
    assert shelf.answered_post(session.store, number, "reply") is not None
    assert shelf.answered_post(session.store, number, "repost") is None


def test_who_is_planned_to_be_passed_on_counts_as_addressed(session: Session) -> None:
    row, number = proposed(session, "repost")
    today.plan(session, number, POST)
    assert facts_of(session, [row])[row].touched_at == session.now
    assert shelf.answered_post(session.store, POST.rsplit("/", 1)[1], "repost") == row


def test_what_a_list_says_is_not_taken_back_by_hand(session: Session) -> None:
    one, other = add_accounts(session.store, {}, {})
    entity = add_list(session.store, "CRM", "customer", ["Globex"])["Globex"]
    add_match(session.store, one, entity, "certain", 95)
    with session.store.write() as con:
        con.execute("UPDATE entry SET data = ?", ['{"do_not_contact": true}'])
        contact_facts.keep_opt_outs(session.store, NOW)
    never(session, other)
    gesture = Engagement(session).set_no_contact([one, other], is_on=False)
    assert [(held.count, "change it there" in held.reason) for held in gesture.held] == [(1, True)]
    with session.store.write() as con:
        con.execute("UPDATE list SET dropped_at = 9")
        con.execute("DELETE FROM match")
    assert [facts_of(session, [row])[row].is_no_contact for row in (one, other)] == [True, False]


def test_a_link_offered_meanwhile_by_other_ways_is_not_offered_again(session: Session) -> None:
    row, number = proposed(session, "reply")
    shelving.add(session, "https://acme.example/freight", "Freight", ["freight"])
    texts = 'texts = ["{{ link }} one", "{{ link }} two"]'
    playbooks.save(session, "mine", f'who = "kind:prospect"\ncool_down = 1\n[[step]]\ndo = "offer"\n{texts}')
    [number] = today.today(session).ids
    assert today.compose(session, number, Wording(shelf_id=1)).shelf_id == 1
    with session.store.write() as con:
        at = session.now - 9 * DAY
        con.execute("INSERT INTO sent VALUES (?, ?, 'offer', '', '', 1, '', '', 'me')", [row, at])
    with pytest.raises(BadInput, match=r"offered to this person before.*nothing was recorded"):
        today.done(session, number, Wording(shelf_id=1))
    with pytest.raises(BadInput, match="no link fits that was not offered before"):
        today.done(session, number)
    assert len(shelf.sent_to(session.store, row)) == 1


def test_what_is_due_lapses_when_someone_was_addressed_meanwhile(session: Session) -> None:
    row, number = proposed(session, "reply")
    addressed(session, row)
    assert today.today(session).ids == ()
    assert due.items(session.store, [number])[0].state is DueState.LAPSED


def test_looking_who_is_due_keeps_opt_outs_for_ever(session: Session) -> None:
    [row] = add_accounts(session.store, {})
    add_match(session.store, row, add_list(session.store, "CRM", "customer", ["Globex"])["Globex"], "certain", 95)
    with session.store.write() as con:
        con.execute("UPDATE entry SET data = ?", ['{"do_not_contact": true}'])
    today.today(session)
    assert contact_facts.said_no_contact(session.store, [row]) == {row}


def test_what_was_answered_counts_towards_the_day(session: Session, clock: FileClock) -> None:
    (_, first), _ = two_due(session, "reply")
    playbooks.save(session, "mine", playbooks.text(session, "mine").replace("cool_down", "a_day = 2\ncool_down"))
    [row] = add_accounts(session.store, {"bio": "Head of freight", "last_post_at": NOW - DAY})
    say_kind(session, row, Kind.PROSPECT)
    today.done(session, first)
    assert len(today.today(session).ids) == 1, "two a day, one of them answered"
    clock.advance(timedelta(days=1))
    assert len(today.today(session).ids) == 2
