"""Saved views: their order, hidden ones, and the rule that tags whoever enters one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from filling import add_accounts, relate
from list_world import returned

from followertui.domain.errors import BadInput
from followertui.services.review import queues, sensitive, undoing, view_rules
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.decisions import saved_views


def names(session: Session) -> list[str]:
    return [view.name for view in saved_views.every(session.store)]


def tagged(session: Session, tag: str) -> list[int]:
    return [
        line[0]
        for line in session.store.con.execute(
            "SELECT row FROM tagged WHERE tag_id = (SELECT id FROM tag WHERE name = ?) ORDER BY row", [tag]
        )
    ]


@pytest.fixture
def rows(session: Session) -> Sequence[int]:
    """Four accounts with many followers and a view of those that have more than a thousand."""
    found = add_accounts(session.store, *({"handle": f"h{n}", "followers": n * 900} for n in range(4)))
    relate(session.store, found, "follower")
    saved_views.save_view(session.store, "Big", "followers:1000..")
    return found


def test_views_stand_by_name_until_they_are_moved(session: Session) -> None:
    for name in ("c", "a", "b"):
        saved_views.save_view(session.store, name, "is:new")
    assert names(session) == ["a", "b", "c"]
    saved_views.move_view(session.store, "c", 1)
    assert names(session) == ["c", "a", "b"]
    saved_views.move_view(session.store, "c", 99)
    saved_views.save_view(session.store, "aa", "is:left")
    assert names(session) == ["a", "b", "c", "aa"]
    saved_views.save_view(session.store, "A", "is:fan")
    assert saved_views.every(session.store)[0][:2] == ("A", "is:fan")
    saved_views.rename_view(session.store, "A", "z")
    assert names(session) == ["z", "b", "c", "aa"]
    with pytest.raises(BadInput, match='"B" is there already'):
        saved_views.rename_view(session.store, "z", "B")
    with pytest.raises(BadInput, match="no view is named"):
        saved_views.move_view(session.store, "nobody", 1)


def test_a_hidden_view_is_no_queue(session: Session) -> None:
    saved_views.save_view(session.store, "Mine", "is:new")
    assert "view:Mine" in [queue.id for queue in queues.queue_texts(session)]
    saved_views.set_hidden(session.store, "mine", True)
    assert "view:Mine" not in [queue.id for queue in queues.queue_texts(session)]
    assert saved_views.views(session.store) == [("Mine", "is:new")]


def test_whoever_enters_a_view_is_tagged(session: Session, rows: Sequence[int]) -> None:
    said = view_rules.set_tag(session, "big", "reach")
    assert tagged(session, "reach") == rows[2:]
    assert said == "view Big: tag +reach: 2 accounts · everyone who enters Big is tagged reach from now on"
    assert view_rules.run(session) == []
    with session.store.write() as con:
        con.execute("UPDATE account SET followers = 5000 WHERE row = ?", [rows[0]])
        session.store.bump("profile", [rows[0]])
    assert view_rules.run(session) == ["view Big: tag +reach: @h0"]
    assert tagged(session, "reach") == [rows[0], *rows[2:]]
    assert session.journal.entries(1)[0].command == "view.tag"


def test_what_a_rule_did_is_undone_and_not_done_again(session: Session, rows: Sequence[int]) -> None:
    view_rules.set_tag(session, "Big", "reach")
    undoing.undo(session)
    assert tagged(session, "reach") == []
    assert view_rules.run(session) == []
    assert tagged(session, "reach") == []
    assert saved_views.every(session.store)[0].tag == "reach"


def test_a_rule_is_switched_off_and_its_tags_stay(session: Session, rows: Sequence[int]) -> None:
    view_rules.set_tag(session, "Big", "reach")
    assert "tags nobody any more" in view_rules.set_tag(session, "Big", "")
    with session.store.write() as con:
        con.execute("UPDATE account SET followers = 5000")
        session.store.bump("profile", rows)
    assert view_rules.run(session) == []
    assert tagged(session, "reach") == rows[2:]


def test_a_view_whose_query_cannot_be_read_any_more_tags_nobody(session: Session, rows: Sequence[int]) -> None:
    view_rules.set_tag(session, "Big", "reach")
    with session.store.write() as con:
        con.execute("UPDATE saved_view SET query = 'wave:99'")
    assert view_rules.run(session) == []


def test_rules_run_at_the_end_of_catching_up(session: Session, rows: Sequence[int]) -> None:
    view_rules.set_tag(session, "Big", "reach")
    with session.store.write() as con:
        con.execute("UPDATE account SET followers = 5000")
        session.store.bump("profile", rows)
    assert "view Big: tag +reach: 2 accounts" in returned(Workbench(session).catch_up())
    assert tagged(session, "reach") == list(rows)


@pytest.mark.parametrize(
    ("tag", "query", "subject"),
    [
        ("pregnant", "bio:mum", "health"),
        ("leads", "bio:diabetes", "health"),
        ("Gesundheit", "is:new", "health"),
        ("in_debt", "is:new", "money trouble"),
        ("red", "bio:republicans", "politics"),
        ("black", "is:new", "ethnicity"),
        ("vip", "bio:muslim", "religion"),
        ("LGBTQ", "is:new", "sex life"),
        ("teamsters", "is:new", "trade union"),
        ("union", "is:new", "trade union"),
        ("ex-convict", "is:new", "crime"),
        ("Häftling", "bio:gefängnis", "crime"),
    ],
)
def test_rules_about_what_x_forbids_are_refused(
    session: Session, rows: Sequence[int], tag: str, query: str, subject: str
) -> None:
    saved_views.save_view(session.store, "Some", query)
    with pytest.raises(BadInput, match=f"by {subject}: X's developer policy"):
        view_rules.set_tag(session, "Some", tag)
    assert saved_views.named(session.store, "Some").tag == ""
    assert session.store.con.execute("SELECT count(*) FROM tag").fetchone() == (0,)


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("healthcare", "bio:healthcare kind:prospect"),
        ("eu", 'location:"european union"'),
        ("papers", 'bio:"white paper"'),
        ("customers", "kind:customer is:follower"),
        ("crm", "list:Customers -match:rejected"),
    ],
)
def test_what_markets_are_called_is_not_refused(tag: str, query: str) -> None:
    sensitive.refuse(tag, query)
    assert (sensitive.subject_of(tag, is_tag=True), sensitive.subject_of(query)) == ("", "")
