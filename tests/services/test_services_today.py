"""Today: what playbooks propose, what a person says of it, and what is never proposed or recorded."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from filling import DAY, NOW, add_accounts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from followertui.domain.clock import FileClock, FixedClock, from_epoch
from followertui.domain.decision import Decision
from followertui.domain.engagement import DueState, StepAction
from followertui.domain.errors import BadInput, Cancelled, NothingToDo
from followertui.domain.kind import Kind
from followertui.services import books, stepping_back
from followertui.services.engage import playbooks, proposing, shelving, today
from followertui.services.engage.engagement import Engagement
from followertui.services.engage.values import Wording
from followertui.services.review import annotating
from followertui.services.session import Session
from followertui.store.decisions import due, shelf
from followertui.store.file.connection import Store

BIO = "Head of freight at Globex"
POST = "https://x.com/acme/status/1790000000000000001"


def people(session: Session, count: int, kind: Kind, **given: object) -> list[int]:
    """Accounts of a kind that a person said, seen long ago."""
    rows = add_accounts(session.store, *({"bio": BIO, "last_post_at": NOW - DAY, **given} for _ in range(count)))
    with session.store.write() as con:
        con.executemany("INSERT INTO kind_word VALUES (?, ?, 'me', 1)", [(row, kind.value) for row in rows])
        session.store.bump("decision", rows)
    return rows


def only(session: Session, name: str, text: str) -> None:
    """One playbook of one's own; those that come with the program are off."""
    for shipped in playbooks.names(session):
        playbooks.turned(session, shipped, is_on=False)
    playbooks.save(session, name, text)


REPLY = (
    'who = "kind:prospect"\na_day = 9\n[[step]]\ndo = "reply"\nevery = 10\n'
    'texts = ["{{ name }} one", "{{ name }} two"]\n'
)
SAME = 'who = "kind:prospect"\na_day = 9\n[[step]]\ndo = "reply"\ntexts = ["Well put.", "Good point."]\n'
OFFER = (
    'who = "kind:prospect"\na_day = 9\ncool_down = 1\n[[step]]\ndo = "offer"\nevery = 1\n'
    'texts = ["{{ name }}: {{ link }}", "{{ link }} for {{ name }}"]\n'
)
FOLLOW = 'who = "kind:prospect"\na_day = 9\n[[step]]\ndo = "follow"\nonly = "-is:following"\n'


def test_the_worthiest_come_first_within_the_day_and_the_rest_is_carried_over(
    session: Session, clock: FileClock
) -> None:
    people(session, 12, Kind.PROSPECT)
    only(session, "mine", REPLY)
    first = today.today(session)
    assert len(first.ids) == 9
    assert first.carried == 0
    worths = [line.worth for line in today.lines(session, first.ids)]
    assert worths == sorted(worths, reverse=True)
    clock.advance(timedelta(days=1))
    second = today.today(session)
    assert len(second.ids) == 12
    assert second.carried == 9
    assert {line.days for line in today.lines(session, first.ids)} == {1}


def test_what_waits_at_once_is_limited(session: Session) -> None:
    people(session, 12, Kind.PROSPECT)
    only(session, "mine", REPLY)
    today.set_most(session, 4)
    assert len(today.today(session).ids) == 4


def test_done_leaves_the_text_the_timeline_and_an_entry_and_undo_takes_all_of_it_back(session: Session) -> None:
    [row] = people(session, 1, Kind.PROSPECT)
    only(session, "mine", REPLY)
    [number] = today.today(session).ids
    gesture = today.done(session, number, Wording(post=POST))
    assert gesture.text.startswith("done, reply (mine): @user_")
    [sent] = shelf.sent_to(session.store, row)
    assert (sent.action, sent.post, sent.playbook) == ("reply", "1790000000000000001", "mine")
    assert [(met.what, met.source) for met in Engagement(session).timeline(row)] == [("reply", "today")]
    assert today.today(session).ids == ()
    assert "undo: done, reply" in stepping_back.undo(session).text
    assert shelf.sent_to(session.store, row) == []
    assert Engagement(session).timeline(row) == []
    assert today.today(session).ids == (number,)
    stepping_back.redo(session)
    assert [one.text for one in shelf.sent_to(session.store, row)] == [sent.text]
    assert today.today(session).ids == ()


def test_a_follow_done_is_a_follow_and_undo_takes_it_back(session: Session) -> None:
    [row] = people(session, 1, Kind.PROSPECT)
    only(session, "mine", FOLLOW)
    [number] = today.today(session).ids
    today.done(session, number)
    assert list(session.evaluator.rows(session.parse("is:following"), session.now)) == [row]
    assert today.today(session).ids == ()
    stepping_back.undo(session)
    assert list(session.evaluator.rows(session.parse("is:following"), session.now)) == []
    assert list(session.evaluator.rows(session.parse("is:planned"), session.now)) == []
    assert today.today(session).ids == (number,)


def test_a_guard_against_following_holds_a_follow_from_today_back(session: Session) -> None:
    [row] = people(session, 1, Kind.PROSPECT)
    only(session, "mine", FOLLOW)
    [number] = today.today(session).ids
    with session.store.write() as con:
        con.execute("INSERT INTO tag(id, name) VALUES (1, 'never follow')")
        con.execute("INSERT INTO tagged VALUES (1, ?)", [row])
    with pytest.raises(BadInput, match="never follow"):
        today.done(session, number)
    assert due.items(session.store, [number])[0].state is DueState.OPEN


def test_snoozed_comes_back_and_skipped_goes_on(session: Session, clock: FileClock) -> None:
    people(session, 2, Kind.PROSPECT)
    only(session, "mine", REPLY)
    one, other = today.today(session).ids
    today.snooze(session, [one], 2)
    today.skip(session, [other])
    assert today.today(session).snoozed == 1
    clock.advance(timedelta(days=1))
    assert today.today(session).ids == ()
    clock.advance(timedelta(days=1))
    assert today.today(session).ids == (one,)
    clock.advance(timedelta(days=9))
    assert len(today.today(session).ids) == 2


def test_a_tag_sets_an_interval_of_ones_own(session: Session, clock: FileClock) -> None:
    often, usual, seldom = people(session, 3, Kind.PROSPECT)
    only(session, "mine", REPLY)
    for number in today.today(session).ids:
        today.done(session, number)
    annotating.tag(session, [often], ["every 4 days"])
    annotating.tag(session, [seldom], ["every 30 days"])

    def waiting() -> set[int]:
        return {line.cells.row for line in today.lines(session, today.today(session).ids)}

    clock.advance(timedelta(days=3))
    assert waiting() == set()
    clock.advance(timedelta(days=2))
    assert waiting() == {often}
    clock.advance(timedelta(days=6))
    assert waiting() == {often, usual}
    annotating.tag(session, [seldom], remove=["every 30 days"])
    assert waiting() == {often, usual, seldom}, "without the tag the playbook's ten days hold"


def test_no_two_people_are_sent_the_same_words(session: Session) -> None:
    rows = people(session, 3, Kind.PROSPECT)
    only(session, "mine", SAME)
    numbers = today.today(session).ids
    today.done(session, numbers[0])
    today.done(session, numbers[1])
    with pytest.raises(BadInput, match="same words"):
        today.done(session, numbers[2])
    with pytest.raises(BadInput, match="same words"):
        today.done(session, numbers[2], Wording(text="  well PUT! "))
    assert "same words" in today.compose(session, numbers[2]).problem
    today.done(session, numbers[2], Wording(text="Something else."))
    texts = [one.text for row in rows for one in shelf.sent_to(session.store, row)]
    assert len(set(texts)) == 3


def test_a_link_goes_to_nobody_twice_and_only_where_it_fits(session: Session, clock: FileClock) -> None:
    [row] = people(session, 1, Kind.PROSPECT)
    only(session, "mine", OFFER)
    assert today.today(session).ids == ()
    shelving.add(session, "https://acme.example/vinyl", "Vinyl", ["vinyl"])
    assert today.today(session).ids == ()
    shelving.add(session, "https://acme.example/freight", "Freight guide", ["freight"])
    [number] = today.today(session).ids
    made = today.compose(session, number)
    assert "utm_content=shelf-2" in made.text
    assert made.why_link == "freight in the profile"
    today.done(session, number)
    assert shelf.offered_to(session.store, row) == frozenset({2})
    clock.advance(timedelta(days=2))
    assert today.today(session).ids == ()
    with pytest.raises(BadInput, match="offered this link before"):
        Engagement(session).engage([row], 2)


def test_one_reply_a_post(session: Session) -> None:
    people(session, 2, Kind.PROSPECT)
    only(session, "mine", REPLY)
    one, other = today.today(session).ids
    today.done(session, one, Wording(post=POST))
    with pytest.raises(BadInput, match="one reply a post"):
        today.done(session, other, Wording(post=POST))


MESSAGE = 'who = "kind:customer"\n[[step]]\ndo = "message"\ntexts = ["{{ name }} one", "{{ name }} two"]\n'


def test_a_direct_message_goes_only_to_who_wrote_first_and_takes_them(session: Session) -> None:
    shut, silent, open_ = (people(session, 1, Kind.CUSTOMER, can_dm=can)[0] for can in (0, 1, 1))
    only(session, "mine", MESSAGE)
    engagement = Engagement(session)
    engagement.note_written([shut, open_])
    found = {line.cells.row: line.held for line in today.lines(session, today.today(session).ids)}
    assert open_ not in found, "who wrote a moment ago is left alone for the cool-down"
    assert "wrote first" in found[silent]
    session.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    found = {line.cells.row: line.held for line in today.lines(session, today.today(session).ids)}
    assert found[open_] == ""
    assert "takes no direct messages" in found[shut]
    number = next(one.id for one in due.open_items(session.store, session.now) if one.row == open_)
    assert today.compose(session, number).url.startswith("https://x.com/messages/compose?recipient_id=")


def test_an_edited_playbook_is_checked_and_a_wrong_one_changes_nothing(session: Session) -> None:
    before = playbooks.text(session, "prospect")
    with pytest.raises(BadInput, match="did you mean"):
        playbooks.save(session, "prospect", before.replace("kind:prospect", "kind:prospekt"))
    assert playbooks.text(session, "prospect") == before
    with pytest.raises(BadInput, match="changed meanwhile"):
        playbooks.save(session, "prospect", before, was="another")
    playbooks.turned(session, "prospect", is_on=False)
    assert not books.books(session).good["prospect"].is_on
    assert playbooks.save(session, "prospect", "").endswith("as it comes with the program")


def test_decided_engage_comes_into_today(session: Session) -> None:
    [row] = add_accounts(session.store, {"last_post_at": NOW - DAY})
    from followertui.services.review import deciding

    deciding.decide(session, [row], Decision.ENGAGE)
    [line] = today.lines(session, today.today(session).ids)
    assert (line.playbook, line.action) == ("decided", StepAction.REPLY)


def test_what_is_answered_needs_no_look_at_the_whole_store_and_what_changes_elsewhere_does(
    session: Session, clock: FileClock
) -> None:
    people(session, 3, Kind.PROSPECT)
    only(session, "mine", REPLY)
    assert not proposing.settled(session)
    one, other, _ = today.today(session).ids
    assert proposing.settled(session)
    today.skip(session, [one])
    today.done(session, other)
    assert proposing.settled(session)
    people(session, 1, Kind.PROSPECT)
    assert not proposing.settled(session)
    assert len(today.today(session).ids) == 2
    assert proposing.settled(session)
    clock.advance(timedelta(days=1))
    assert not proposing.settled(session)


def test_what_comes_due_in_the_course_of_the_day_is_looked_for_then(session: Session, clock: FileClock) -> None:
    people(session, 1, Kind.PROSPECT)
    only(session, "mine", FOLLOW + '[[step]]\ndo = "assign"\nto = "Dana"\nafter = 1\n')
    [number] = today.today(session).ids
    clock.advance(timedelta(hours=5))
    today.done(session, number)
    clock.advance(timedelta(hours=22))
    assert today.today(session).ids == ()
    clock.advance(timedelta(hours=1))
    assert proposing.settled(session)
    clock.advance(timedelta(hours=1))
    assert not proposing.settled(session)
    assert len(today.today(session).ids) == 1


def test_what_was_full_is_filled_up_when_something_is_answered(session: Session) -> None:
    people(session, 5, Kind.PROSPECT)
    only(session, "mine", REPLY)
    today.set_most(session, 2)
    [first, _] = today.today(session).ids
    today.skip(session, [first])
    assert not proposing.settled(session)
    assert len(today.today(session).ids) == 2


def test_a_look_is_stopped_before_anything_is_written(session: Session) -> None:
    people(session, 2, Kind.PROSPECT)
    only(session, "mine", REPLY)
    stop = Event()
    work = proposing.propose(session, stop)
    assert next(work).total
    stop.set()
    with pytest.raises(Cancelled, match="Today stands as it was"):
        next(work)
    assert today.stored(session).ids == ()


def test_a_trial_keeps_to_the_day(session: Session) -> None:
    people(session, 12, Kind.PROSPECT)
    only(session, "mine", REPLY)
    before = Engagement(session).try_playbook("mine")
    assert (len(before.lines), dict(before.held)) == (9, {"more than 9 a day": 3})
    ids = today.today(session).ids
    today.skip(session, ids[:4])
    after = Engagement(session).try_playbook("mine")
    assert len(after.lines) == 5, "what it has in Today, and no more"
    assert dict(after.held)["more than 9 a day, 9 of them so far"] == 3


def test_a_link_chosen_by_hand_goes_to_nobody_twice_either(session: Session, clock: FileClock) -> None:
    [row] = people(session, 1, Kind.PROSPECT)
    only(session, "mine", OFFER)
    for name in ("freight", "fleet"):
        shelving.add(session, f"https://acme.example/{name}", "Freight", ["freight"])
    today.done(session, today.today(session).ids[0], Wording(shelf_id=2))
    clock.advance(timedelta(days=2))
    [number] = today.today(session).ids
    with pytest.raises(BadInput, match="offered to this person before"):
        today.done(session, number, Wording(shelf_id=2))
    today.done(session, number, Wording(shelf_id=1))
    assert {one.shelf_id for one in shelf.sent_to(session.store, row)} == {1, 2}


# --- properties -----------------------------------------------------------------------------


STEPS = ("propose", "done", "skip", "snooze", "never", "wrote", "day", "undo", "link")


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), min_size=4, max_size=14))
@example([("propose", 0), ("done", 0), ("day", 0), ("undo", 0), ("done", 0)])
def test_whatever_is_done_nobody_is_contacted_against_the_rules(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int]]
) -> None:
    """No equal texts, no link twice, nothing to a do-not-contact, nobody addressed before the cool-down."""
    from filling import new_store

    clock = FixedClock(from_epoch(NOW))
    store: Store = new_store(Path(tmp_path_factory.mktemp("rules")) / "store.db")
    session = Session(store, clock)
    try:
        rows = people(session, 4, Kind.PROSPECT)
        only(session, "mine", REPLY)
        playbooks.save(session, "second", OFFER.replace("kind:prospect", "kind:prospect -is:following"))
        shelving.add(session, "https://acme.example/freight", "Freight", ["freight"])
        never: dict[int, int] = {}
        for what, number in moves:
            _move(session, clock, rows, never, what, number)
            if proposing.settled(session):
                seen = proposing._look(session)
                assert (seen.lapsed, [one.row for one in seen.proposals]) == (set(), []), "a look would find more"
        _check(session, rows, never)
    finally:
        session.close()


def _move(session: Session, clock: FixedClock, rows: list[int], never: dict[int, int], what: str, number: int) -> None:
    engagement, ids = Engagement(session), due.open_items(session.store, session.now)
    item = ids[number % len(ids)] if ids else None
    try:
        if what == "propose":
            today.today(session)
        elif what == "day":
            clock.advance(timedelta(days=1 + number))
            today.today(session)
        elif what == "never":
            engagement.set_no_contact([rows[number % 4]], is_on=True)
            never.setdefault(rows[number % 4], session.now)
        elif what == "wrote":
            engagement.note_written([rows[number % 4]])
        elif what == "link":
            shelving.add(session, f"https://acme.example/freight{number}", "Freight", ["freight"])
        elif what == "undo":
            if stepping_back.undo(session).text.startswith("undo: never"):
                never.clear()
                never.update(dict.fromkeys(_said(session), session.now))
        elif item is not None:
            {"done": lambda: engagement.done(item.id), "skip": lambda: engagement.skip([item.id]),
             "snooze": lambda: engagement.snooze([item.id], 1 + number)}[what]()  # fmt: skip
    except (BadInput, NothingToDo):
        pass
    clock.advance(timedelta(minutes=7))


def _said(session: Session) -> list[int]:
    return [line[0] for line in session.store.con.execute("SELECT row FROM no_contact")]


def _check(session: Session, rows: list[int], never: dict[int, int]) -> None:
    sent = [one for row in rows for one in shelf.sent_to(session.store, row)]
    texts = [(one.row, one.text) for one in sent if one.text]
    assert len({text for _, text in texts}) == len({(row, text) for row, text in texts})
    links = [(one.row, one.shelf_id) for one in sent if one.shelf_id]
    assert len(set(links)) == len(links)
    for row in rows:
        moments = sorted(one.at for one in sent if one.row == row)
        assert all(later - earlier >= DAY for earlier, later in itertools.pairwise(moments))
        if row in never:
            assert all(moment <= never[row] for moment in moments)
    proposing.refresh(session)
    assert not {item.row for item in due.open_items(session.store, session.now)} & set(never)
