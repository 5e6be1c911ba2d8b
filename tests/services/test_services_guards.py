"""One statement of kind and guards: arrays, page, plan and the last look agree with it for every row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from filling import DAY, NOW, add_accounts, add_list, add_match, fill, new_store, relate
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import OPEN_PLAN_STATES, PRUNING_ACTIONS, ActionKind, Decision, PlanState
from followertui.domain.guards import (
    GUARD_ORDER,
    RELEASABLE,
    Guard,
    GuardSettings,
    MatchFacts,
    RowFacts,
    evidence_hash,
    guard_of,
    guards_from,
    kind_of,
    signs_of,
    strongest_kind,
)
from followertui.domain.kind import GUARDED_KINDS, KIND_ORDER, LIST_PRECEDENCE, SOURCE_ORDER, Kind, KindSource
from followertui.domain.match import Band, MatchState
from followertui.services import guarding, row_cells
from followertui.services.plan import planning
from followertui.services.review import cards, deciding
from followertui.services.session import Session
from followertui.store.audience.row_facts import row_facts
from followertui.store.decisions import plans
from followertui.store.index.guards import guard_codes

SIDES = (ActionKind.UNFOLLOW, ActionKind.FOLLOW)


@contextmanager
def filled(seed: int, count: int = 30) -> Iterator[Session]:
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "store.db")
        fill(store, seed, count)
        session = Session(store, FixedClock(from_epoch(NOW)))
        yield session
        session.close()


def plan_everyone(session: Session, action: ActionKind, rows: list[int]) -> None:
    with session.store.write() as con:
        con.execute("DELETE FROM plan_item")
        con.executemany(
            "INSERT INTO plan_item(row, action, state, reason, at) VALUES (?, ?, 'planned', 'why', ?)",
            [(row, action.value, NOW) for row in rows],
        )
        session.store.bump("decision", rows)


def plan_says(session: Session) -> dict[int, str]:
    found = session.store.con.execute("SELECT row, CASE state WHEN 'held' THEN reason ELSE '' END FROM plan_item")
    return dict(found.fetchall())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_arrays_page_plan_and_last_look_say_what_the_statement_says(seed: int) -> None:
    with filled(seed) as session:
        rows = list(range(1, 31))
        facts = row_facts(session.store, rows)
        cells = {cell.row: cell for cell in row_cells.cells(session, rows)}
        kind, source = session.evaluator.columns.kinds()
        stated = {row: kind_of(facts[row]) for row in rows}
        assert {row: (KIND_ORDER[kind[row]], SOURCE_ORDER[source[row]]) for row in rows} == stated
        assert {row: (cells[row].kind, cells[row].kind_source) for row in rows} == stated
        for action in SIDES:
            guards = {row: guard_of(action, facts[row], NOW) for row in rows}
            codes = guard_codes(session.evaluator.columns, action, NOW)
            assert {row: GUARD_ORDER[codes[row] - 1] if codes[row] else None for row in rows} == guards
            sentences = {row: guarding.sentence(session, guard) if guard else "" for row, guard in guards.items()}
            plan_everyone(session, action, rows)
            planning.refresh_holds(session)
            assert plan_says(session) == sentences
            plan_everyone(session, action, rows)
            free = planning.hold_guarded(session, plans.items_in(session.store, (PlanState.PLANNED,)))
            assert plan_says(session) == sentences
            assert {item.row for item in free} == {row for row, why in sentences.items() if not why}
            if action is ActionKind.UNFOLLOW:
                assert {row for row, cell in cells.items() if cell.is_guarded} == {r for r in rows if guards[r]}


def test_random_stores_hold_every_guard_and_every_source() -> None:
    guards, sources = set(), set()
    for seed in range(8):
        with filled(seed, 100) as session:
            for facts in row_facts(session.store, range(1, 101)).values():
                guards |= {guard_of(action, facts, NOW) for action in SIDES}
                sources.add(kind_of(facts)[1])
    assert sources == set(KindSource)
    assert guards >= set(Guard) - {Guard.PROSPECT, Guard.PARTNER, Guard.INFLUENCER, Guard.NO_CONTACT}


def test_the_last_look_reads_the_tables_and_no_array(session: Session) -> None:
    rows = add_accounts(session.store, {}, {})
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    assert guard_codes(session.evaluator.columns, ActionKind.UNFOLLOW, NOW)[rows[0]] == 0
    # Written without a word to the arrays, as by a process whose counters were not seen yet.
    with session.store.write() as con:
        con.execute("INSERT INTO kind_word VALUES (?, 'customer', 'me', ?)", [rows[0], NOW])
    assert guard_codes(session.evaluator.columns, ActionKind.UNFOLLOW, NOW)[rows[0]] == 0
    items = plans.items_in(session.store, (PlanState.PLANNED,))
    assert [item.row for item in planning.hold_guarded(session, items)] == [rows[1]]
    assert plan_says(session)[rows[0]] == Guard.CUSTOMER.sentence()


# --- the statement itself ---------------------------------------------------------------------


def match(
    state: str = "unreviewed", band: str = "possible", kinds: str = "customer", is_stale: bool = False
) -> MatchFacts:
    return MatchFacts(MatchState(state), Band(band), is_stale, tuple(kinds.split(",")) if kinds else ())


def test_a_stronger_source_of_the_kind_wins() -> None:
    facts = RowFacts(
        word=Kind.PARTNER,
        matches=(match("confirmed", kinds="prospect"), match(band="certain", kinds="vendor")),
        is_affiliated=True,
        judged=Kind.BOT,
    )
    said = []
    for field, left in (
        ("word", facts.word),
        ("word", None),
        ("matches", facts.matches[1:]),
        ("is_affiliated", False),
        ("matches", ()),
        ("judged", None),
    ):
        facts = facts._replace(**{field: left})
        said.append(kind_of(facts))
    assert said == [
        (Kind.PARTNER, KindSource.PERSON),
        (Kind.PROSPECT, KindSource.CONFIRMED),
        (Kind.EMPLOYEE, KindSource.AFFILIATION),
        (Kind.VENDOR, KindSource.CERTAIN),
        (Kind.BOT, KindSource.JUDGED),
        (Kind.UNSEEN, KindSource.NONE),
    ]


def test_lists_that_disagree_have_one_order() -> None:
    order = [kind.value for kind in LIST_PRECEDENCE]
    assert [strongest_kind(reversed(order[start:])) for start in range(len(order))] == list(LIST_PRECEDENCE)
    assert strongest_kind(["", "unheard-of"]) is None


@pytest.mark.parametrize(
    ("tie", "is_held"),
    [
        (match(), True),
        (match(kinds=""), True),
        (match(kinds="vendor,"), True),
        (match(kinds="vendor,competitor"), False),
        (match(kinds="vendor,customer"), True),
        (match("rejected"), False),
        (match(is_stale=True), False),
        (match("confirmed", kinds="vendor", is_stale=True), False),
    ],
)
def test_every_match_guards_unless_rejected_stale_or_unguarded(tie: MatchFacts, is_held: bool) -> None:
    assert guard_of(ActionKind.UNFOLLOW, RowFacts(matches=(tie,)), NOW) is (Guard.MATCHED if is_held else None)


def test_only_what_was_said_makes_a_kind_guard() -> None:
    for kind in Kind:
        said = guard_of(ActionKind.BLOCK, RowFacts(word=kind), NOW)
        assert (said is None) == (kind not in GUARDED_KINDS)
        assert guard_of(ActionKind.BLOCK, RowFacts(judged=kind), NOW) is None


def test_guards_by_time_end() -> None:
    limits = GuardSettings(conversation_days=10, fresh_days=5)
    for days, expected in ((5, Guard.TALKED), (10, Guard.TALKED), (11, None)):
        assert guard_of(ActionKind.MUTE, RowFacts(talked_at=NOW - days * DAY), NOW, limits) is expected
    assert guard_of(ActionKind.MUTE, RowFacts(followed_at=NOW - 5 * DAY), NOW, limits) is Guard.FRESH
    assert guard_of(ActionKind.MUTE, RowFacts(followed_at=NOW - 5 * DAY - 1), NOW, limits) is None
    assert Guard.TALKED.sentence(limits) == "talked with us in the last 10 days"
    assert Guard.FRESH.sentence() == "followed less than 30 days ago"


EVERYTHING = RowFacts(
    decision=Decision.KEEP,
    word=Kind.PARTNER,
    word_at=NOW - DAY,
    matches=(match("confirmed", kinds="customer")._replace(entity=3), match(kinds="prospect")._replace(entity=4)),
    talked_at=NOW - DAY,
    followed_at=NOW - DAY,
    is_compared=False,
)
"""One account that every guard holds, but those of other kinds."""
HOLDING = [Guard.KEPT, Guard.PARTNER, Guard.MATCHED, Guard.NOT_COMPARED, Guard.TALKED, Guard.FRESH]


def holding(facts: RowFacts) -> list[Guard]:
    return list(guards_from(ActionKind.UNFOLLOW, signs_of(facts, NOW)))


def released(facts: RowFacts, *guards: Guard) -> RowFacts:
    return facts._replace(releases=tuple((guard, evidence_hash(guard, facts)) for guard in guards))


def test_a_release_lifts_the_guard_it_names_and_no_other() -> None:
    assert holding(EVERYTHING) == HOLDING
    for guard in RELEASABLE & set(HOLDING):
        assert holding(released(EVERYTHING, guard)) == [other for other in HOLDING if other is not guard]
    assert holding(released(EVERYTHING, *Guard)) == [Guard.KEPT, Guard.NOT_COMPARED]


@pytest.mark.parametrize(
    ("guard", "change"),
    [
        (Guard.PARTNER, {"word_at": NOW}),
        (Guard.PARTNER, {"word": Kind.PRESS}),
        (Guard.MATCHED, {"matches": (*EVERYTHING.matches, match()._replace(entity=5))}),
        (Guard.MATCHED, {"matches": (EVERYTHING.matches[0]._replace(evidence_hash="new"), EVERYTHING.matches[1])}),
        (
            Guard.MATCHED,
            {"matches": (EVERYTHING.matches[0], EVERYTHING.matches[1]._replace(state=MatchState.CONFIRMED))},
        ),
        (Guard.TALKED, {"talked_at": NOW}),
        (Guard.FRESH, {"followed_at": NOW}),
    ],
)
def test_a_release_ends_when_what_the_guard_rests_on_changes(guard: Guard, change: dict[str, Any]) -> None:
    lifted = released(EVERYTHING, guard)
    later = lifted._replace(**change)
    now = Guard.PRESS if later.word is Kind.PRESS else guard
    assert now not in holding(lifted)
    assert now in holding(later)


def test_a_kind_by_confirmed_matches_is_released_until_another_is_confirmed() -> None:
    facts = RowFacts(matches=(match("confirmed")._replace(entity=3),))
    lifted = released(facts, Guard.CUSTOMER)
    assert (Guard.CUSTOMER in holding(facts), Guard.CUSTOMER in holding(lifted)) == (True, False)
    again = lifted._replace(matches=(*facts.matches, match("confirmed")._replace(entity=4)))
    assert Guard.CUSTOMER in holding(again)


def test_bots_and_the_tag_hold_back_a_follow_and_nothing_else() -> None:
    bot, tagged = RowFacts(judged=Kind.BOT), RowFacts(is_never_follow=True)
    assert guard_of(ActionKind.FOLLOW, bot, NOW) is Guard.NOT_GENUINE
    assert guard_of(ActionKind.FOLLOW, released(RowFacts(word=Kind.HARMFUL), *Guard), NOW) is Guard.NOT_GENUINE
    assert guard_of(ActionKind.FOLLOW, tagged, NOW) is Guard.NEVER_FOLLOW
    for action in PRUNING_ACTIONS | {ActionKind.REPOST, ActionKind.LIST_ADD}:
        assert guard_of(action, bot, NOW) is guard_of(action, tagged, NOW) is None


def test_the_card_shows_the_kind_the_lists_settle_on(session: Session) -> None:
    [row] = add_accounts(session.store, {})
    vendors = add_list(session.store, "A vendors", "vendor", ["Acme"])
    add_list(session.store, "B staff", "employee", ["Acme"])
    add_match(session.store, row, vendors["Acme"], "likely", 80)
    assert cards.card(session, row).matches[0].kind is Kind.EMPLOYEE


def test_the_index_of_open_items_is_the_open_states(session: Session) -> None:
    sql = session.store.con.execute("SELECT sql FROM sqlite_master WHERE name = 'plan_item_open'").fetchone()[0]
    assert " ".join(sql.split()).endswith(f"WHERE {plans.OPEN_ITEM}")
    assert all(f"'{state.value}'" in plans.OPEN_ITEM for state in OPEN_PLAN_STATES)
