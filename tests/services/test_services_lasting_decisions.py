"""Decisions on matches last: moves are raised, a pair is asked once, redo restores, a renamed record keeps its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from list_world import ListWorld

from followertui.domain.match import MatchRelation, MatchState
from followertui.services.review import cards
from followertui.store.audience import interactions
from followertui.store.lists import lists

FIRMS = ("Record ID", "Company", "Website")
PEOPLE = ("Record ID", "First Name", "Last Name", "Company", "Email")
DANA = {"x_id": 7, "handle": "dana_o", "name": "Dana Ostrander"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    made = ListWorld(tmp_path)
    yield made
    made.bench.close()


def to_confirm(world: ListWorld) -> set[str]:
    return world.found("match:certain OR match:likely OR match:possible")


def job_changes(world: ListWorld, handle: str) -> list[str]:
    found = interactions.interactions(world.session.store, world.row(handle))
    return [one.source for one in found if one.kind == "job-change"]


def test_an_employee_who_moves_is_raised_once_and_stays_confirmed(world: ListWorld) -> None:
    world.accounts({**DANA, "bio": "CTO at Hooli"})
    world.list(FIRMS, ("1", "Hooli", "hooli.example"))
    world.match()
    (tie,) = world.ties("dana_o")
    world.bench.confirm([tie.id])
    world.match(full=True)
    assert (to_confirm(world), job_changes(world, "dana_o")) == (set(), [])
    world.accounts({**DANA, "bio": "CTO at Initrode"})
    assert world.match().raised == 1
    (tie,) = world.ties("dana_o")
    assert (tie.state, tie.is_changed, tie.is_stale) == (MatchState.CONFIRMED, True, False)
    assert 'was at "Hooli", now says "Initrode"' in cards.sentence_of(world.session, tie)
    assert to_confirm(world) == {"dana_o"}
    assert job_changes(world, "dana_o") == ["was at Hooli, now says Initrode"]
    assert world.match(full=True).raised == 0
    assert len(job_changes(world, "dana_o")) == 1
    world.bench.confirm([tie.id])
    world.match(full=True)
    assert to_confirm(world) == set()


def test_a_person_of_a_list_who_moves_is_raised(world: ListWorld) -> None:
    world.accounts({**DANA, "bio": "CTO at Hooli"})
    world.list(PEOPLE, ("1", "Dana", "Ostrander", "Hooli", "dana@hooli.com"))
    world.match()
    mine = next(tie for tie in world.ties("dana_o") if tie.relation is MatchRelation.IS)
    world.bench.confirm([mine.id])
    world.accounts({**DANA, "bio": "CTO at Hooli. Two dogs."})
    world.match()
    assert job_changes(world, "dana_o") == []
    world.accounts({**DANA, "bio": "VP at Initrode, ex-Hooli"})
    world.match()
    (tie,) = [tie for tie in world.ties("dana_o") if tie.relation is MatchRelation.IS]
    assert 'was at "Hooli", now says "Initrode"' in cards.sentence_of(world.session, tie)
    assert (tie.state, tie.is_changed) == (MatchState.CONFIRMED, True)
    assert job_changes(world, "dana_o") == ["was at Hooli, now says Initrode"]
    assert world.session.evaluator.rows(world.session.parse("has:contacted"), world.session.now).tolist() == []


@pytest.mark.parametrize("verb", ["confirm", "reject"])
def test_a_decided_pair_is_not_proposed_as_something_else(world: ListWorld, verb: str) -> None:
    firm = {
        "x_id": 9,
        "handle": "globexcare",
        "name": "Globex Care",
        "bio": "We help",
        "site": "https://globex.com/care",
    }
    world.accounts(firm)
    world.list(FIRMS, ("1", "Globex", "globex.com"))
    world.match()
    (tie,) = world.ties("globexcare")
    assert tie.relation is MatchRelation.BRAND_OF
    getattr(world.bench, verb)([tie.id])
    world.accounts({**firm, "name": "Globex", "handle": "globexcare"})
    world.match(full=True)
    (again,) = world.ties("globexcare")
    assert (again.id, again.state, again.is_changed) == (tie.id, MatchState(f"{verb}ed"), True)
    assert len(again.evidence) >= 2


def test_a_confirmed_pair_has_no_other(world: ListWorld) -> None:
    world.accounts({**DANA, "bio": "CTO at Globex"})
    world.list(FIRMS, ("1", "Globex", "globex.com"))
    world.match()
    (tie,) = world.ties("dana_o")
    assert tie.relation is MatchRelation.WORKS_AT
    world.bench.confirm([tie.id])
    world.accounts({**DANA, "name": "Globex", "bio": "We are Globex", "site": "https://globex.com"})
    world.match()
    assert [(other.id, other.state) for other in world.ties("dana_o")] == [(tie.id, MatchState.CONFIRMED)]


def test_redo_restores_what_it_says(world: ListWorld) -> None:
    world.accounts({**DANA, "bio": "CTO at Hooli"})
    world.list(FIRMS, ("1", "Hooli", ""))
    world.match()
    (tie,) = world.ties("dana_o")
    world.accounts({**DANA, "bio": "tea and cats"})
    world.bench.confirm([tie.id])
    assert world.bench.undo().text.startswith("undo: confirmed: @dana_o as Hooli")
    world.match()
    assert world.ties("dana_o") == []
    done = world.bench.redo()
    assert done.entry_id
    assert "left alone" not in done.text
    (again,) = world.ties("dana_o")
    assert (again.id, again.state) == (tie.id, MatchState.CONFIRMED)
    world.bench.undo()
    world.bench.note(tie.row, "asked her")
    world.match(full=True)
    assert world.session.store.con.execute("SELECT count(*) FROM match").fetchone() == (0,)


def test_a_record_keeps_its_match_when_it_is_renamed(world: ListWorld) -> None:
    firm = {"x_id": 9, "handle": "nordkai_de", "name": "Nordkai Logistik", "bio": "Freight"}
    world.accounts(firm)
    world.list(FIRMS, ("A1", "Nordkai Logistik GmbH", ""), ("A2", "Globex", ""))
    world.match()
    (tie,) = world.ties("nordkai_de")
    world.bench.confirm([tie.id])
    report = world.list(FIRMS, ("A1", "Quorvane Shipping SE", ""), ("A2", "Globex", ""))
    assert (report.added, report.updated, report.left) == (0, 1, 0)
    world.match()
    (again,) = world.ties("nordkai_de")
    assert (again.id, again.state, again.entity, again.is_stale) == (
        tie.id, MatchState.CONFIRMED, "Quorvane Shipping SE", False,
    )  # fmt: skip
    world.accounts({"x_id": 10, "handle": "quorvaneship", "name": "Quorvane Shipping"})
    world.match()
    assert [other.entity_id for other in world.ties("quorvaneship")] == [tie.entity_id]
    for _ in (*world.bench.reverse_import(False), *world.bench.reverse_import(False)):
        pass
    assert world.ties("nordkai_de")[0].entity == "Nordkai Logistik GmbH"


def test_a_record_id_that_only_one_record_has_means_the_same_company_on_two_lists(world: ListWorld) -> None:
    world.list(FIRMS, ("001A000001abCdE", "Nordkai Logistik GmbH", ""), ("7", "Brinton", ""))
    world.list(FIRMS, ("001A000001abCdE", "Quorvane Shipping SE", ""), ("7", "Hooli", ""), name="Second")
    found = {entry.company: entry.entity_id for entry in lists.entries(world.session.store)}
    assert found["Nordkai Logistik GmbH"] == found["Quorvane Shipping SE"]
    assert found["Brinton"] != found["Hooli"]
