"""A week with a fixed clock: forty new followers of six kinds, and what the shipped playbooks make of them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from filling import DAY, NOW, add_accounts

from followertui.domain.clock import FileClock
from followertui.domain.engagement import StepAction
from followertui.domain.kind import Kind
from followertui.engage import playbook
from followertui.services import querying
from followertui.services.engage import shelving, today
from followertui.services.engage.engagement import Engagement
from followertui.services.engage.values import Wording
from followertui.services.insight import goals
from followertui.services.session import Session
from followertui.store.decisions import shelf

ARRIVED = {
    Kind.CUSTOMER: 8,
    Kind.PROSPECT: 12,
    Kind.PARTNER: 4,
    Kind.INFLUENCER: 4,
    Kind.PRESS: 4,
    Kind.EMPLOYEE: 8,
}
"""Forty who followed today, by kind."""

BOOKS = {kind: playbook.parse(kind.value, playbook.shipped_text(kind.value)) for kind in ARRIVED}


def arrive(session: Session) -> dict[Kind, list[int]]:
    """Forty new followers whose kind a person said."""
    found = {}
    for kind, count in ARRIVED.items():
        rows = add_accounts(
            session.store,
            *({"bio": "Head of freight", "last_post_at": NOW - DAY, "name": f"{kind.value} {n}"} for n in range(count)),
        )
        with session.store.write() as con:
            con.executemany("INSERT INTO kind_word VALUES (?, ?, 'me', 1)", [(row, kind.value) for row in rows])
            con.executemany(
                "INSERT INTO relation VALUES (?, 'follower', 1, 1, NULL, 1, ?, ?, NULL)",
                [(row, NOW, NOW) for row in rows],
            )
            session.store.bump("decision", rows)
            session.store.bump("relation", rows)
        found[kind] = rows
    return found


def test_a_week_of_new_followers(session: Session, clock: FileClock) -> None:
    rows = arrive(session)
    kind_of = {row: kind for kind, some in rows.items() for row in some}
    shelving.add(session, "https://acme.example/freight", "Freight", ["freight"])
    engagement = Engagement(session)
    done: Counter[tuple[Kind, StepAction]] = Counter()
    last: dict[int, int] = {}
    for number in range(7):
        found = engagement.today()
        lines = engagement.lines(found.ids)
        assert found.carried == 0, "everything was answered on the day before"
        by_kind = Counter(kind_of[line.cells.row] for line in lines)
        for kind, count in by_kind.items():
            assert count <= BOOKS[kind].a_day, "a playbook proposes no more than it says"
        if number == 0:
            assert by_kind == {kind: min(BOOKS[kind].a_day, count) for kind, count in ARRIVED.items()}
            assert {line.action for line in lines} == {StepAction.FOLLOW}
        for line in lines:
            row = line.cells.row
            assert last.get(row, -1) < number, "nobody gets two things a day"
            last[row] = number
            own = f"{line.cells.name}, day {number}: what came of it?"
            writes = line.action in (StepAction.REPLY, StepAction.OFFER)
            engagement.done(line.id, Wording(text=own) if writes else Wording())
            done[kind_of[row], line.action] += 1
        assert engagement.today().ids == ()
        assert engagement.today().answered == len(lines)
        clock.advance(timedelta(days=1))
    _check(session, rows, done, set(last))


def _offer_and_visit(session: Session, rows: list[int]) -> None:
    """Some are offered the link, all of them come to the site a minute later."""
    with session.store.write() as con:
        con.executemany(
            "INSERT INTO sent SELECT ?, ?, 'offer', '', '', min(id), '', '', 'me' FROM shelf",
            [(row, session.now - 60) for row in rows[::2]],
        )
        con.executemany(
            "INSERT INTO interaction VALUES (?, ?, 'visit', '', 'made', NULL)", [(row, session.now) for row in rows]
        )


def _check(
    session: Session, rows: dict[Kind, list[int]], done: Counter[tuple[Kind, StepAction]], met: set[int]
) -> None:
    """Timelines, follows and counts say what was done, no more and no less."""
    followed = session.evaluator.rows(session.parse("is:following"), session.now)
    for kind, some in rows.items():
        follows = done[kind, StepAction.FOLLOW]
        assert follows == min(len(some), 7 * BOOKS[kind].a_day), f"every {kind} was followed back in its turn"
        assert len(set(followed.tolist()) & set(some)) == follows
        talked = [line.what for row in some for line in Engagement(session).timeline(row)]
        assert Counter(talked) == {
            what: done[kind, action]
            for what, action in (
                ("reply", StepAction.REPLY),
                ("repost", StepAction.REPOST),
                ("offer", StepAction.OFFER),
            )
            if done[kind, action]
        }
    assert done[Kind.CUSTOMER, StepAction.REPLY] == 8, "a customer is answered on the day after the follow"
    assert done[Kind.PROSPECT, StepAction.REPLY] == 12, "a prospect two days after"
    assert done[Kind.PARTNER, StepAction.REPOST] == 4
    assert done[Kind.INFLUENCER, StepAction.LIST] == 4
    assert done[Kind.PRESS, StepAction.ASSIGN] == 4
    assert not sum(count for (_, action), count in done.items() if action is StepAction.MESSAGE)
    texts = [
        one.text for some in rows.values() for row in some for one in shelf.sent_to(session.store, row) if one.text
    ]
    assert len(set(texts)) == len(texts)
    for line in Engagement(session).playbooks():
        if line.goal:
            talked_to = {row for row in rows[Kind(line.name)] if Engagement(session).timeline(row)}
            assert line.engaged == len(talked_to)
    reported = {one.name: (one.engaged, one.done) for one in goals.goals(session)}
    for kind, some in rows.items():
        engaged, people = reported[kind.value]
        assert engaged == len([row for row in some if Engagement(session).timeline(row)])
        assert people == len(met & set(some)) > 0
    _offer_and_visit(session, sorted(met)[::3])
    figures = [one for line in (*goals.goals(session), *goals.links(session)) for one in line.figures()]
    assert {one.name for one in figures} >= {"engaged", "done", "skipped", "waiting", "offered", "visit"}
    for one in figures:
        assert len(querying.rows_of(session, one.query)) == one.count, one
    hidden = sorted(met)[:3]
    with session.store.write() as con:
        con.executemany("UPDATE account SET hidden_by = 1 WHERE row = ?", [(row,) for row in hidden])
        session.store.bump("profile", hidden)
    fewer = [one for line in (*goals.goals(session), *goals.links(session)) for one in line.figures()]
    assert sum(one.count for one in fewer) < sum(one.count for one in figures)
    for one in fewer:
        assert len(querying.rows_of(session, one.query)) == one.count, one
    assert today.today(session).snoozed == 0
