"""One word on what matches rest on: it says first how many, scores them again, and is undone as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from list_world import ListWorld, returned

from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.match import MatchState
from followertui.store.file import watermarks

FIRMS = ("Company", "Website")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    made = ListWorld(tmp_path)
    made.accounts(
        {"x_id": 1, "handle": "ada", "name": "Ada Berg", "bio": "Guide at Quorvane"},
        {"x_id": 2, "handle": "bo", "name": "Bo Ek", "bio": "Cook at Quorvane, Alps"},
        {"x_id": 3, "handle": "cy", "name": "Cy Dahl", "bio": "CTO at Quorvane. cy@quorvane.com"},
        {"x_id": 4, "handle": "quorvane", "name": "Quorvane", "site": "https://quorvane.com"},
        {"x_id": 5, "handle": "di", "name": "Di Elm", "bio": "Guide at Brindle"},
    )
    made.list(FIRMS, ("Quorvane", "quorvane.com"), ("Brindle", ""))
    made.match()
    yield made
    made.bench.close()


def test_it_says_first_how_many_rest_on_it(world: ListWorld) -> None:
    (tie,) = world.ties("ada")
    found = world.bench.clause(tie.id)
    assert found.text == '"quorvane" in the bio is not Quorvane'
    assert (found.alone, found.beside) == (2, 1)
    assert found.counts == "2 matches rest on it alone, 1 match has more beside it"
    assert world.session.journal.to_undo() is not None
    assert watermarks.CLAUSE_WORDS.read(world.session.store) == ()


def test_one_word_scores_again_what_rests_on_it_alone(world: ListWorld) -> None:
    before = {handle: [tie.score for tie in world.ties(handle)] for handle in ("cy", "quorvane", "di")}
    (tie,) = world.ties("ada")
    done = world.bench.refuse_clause(tie.id)
    assert "2 matches rest on it alone" in done.text
    report = world.match()
    assert report.accounts == 3
    assert [world.ties(handle) for handle in ("ada", "bo")] == [[], []]
    (kept,) = world.ties("cy")
    assert kept.score < before["cy"][0]
    assert "bio_at_name" not in {piece.signal for piece in kept.evidence}
    assert [tie.score for tie in world.ties("quorvane")] == before["quorvane"]
    assert [tie.score for tie in world.ties("di")] == before["di"]


def test_it_is_undone_and_redone_as_one(world: ListWorld) -> None:
    (tie,) = world.ties("ada")
    world.bench.refuse_clause(tie.id)
    world.match()
    assert world.bench.undo().entry_id
    world.match()
    assert [len(world.ties(handle)) for handle in ("ada", "bo", "cy")] == [1, 1, 1]
    assert world.bench.redo().entry_id
    world.match()
    assert [len(world.ties(handle)) for handle in ("ada", "bo", "cy")] == [0, 0, 1]


def test_a_clause_is_asked_for_counted_by_and_marked_alike(world: ListWorld) -> None:
    assert world.found('clause:"quorvane in bio"') == {"ada", "bo", "cy"}
    assert world.found('clause:"Quorvane in BIO"') == {"ada", "bo", "cy"}
    assert world.found('clause:"quorvane in name"') == {"quorvane"}
    assert world.found('match:any -clause:"quorvane in bio"') == {"quorvane", "di"}
    rows = [world.row(handle) for handle in ("ada", "bo", "cy", "di", "quorvane")]
    counted = {line.value: (line.term, line.count) for line in world.bench.count_by(rows, "clause")}
    assert counted["quorvane in bio"] == ('clause:"quorvane in bio"', 3)
    assert counted["brindle in bio"] == ('clause:"brindle in bio"', 1)
    alike = {one.query: one.count for one in world.bench.alike(rows, world.row("ada"))}
    assert alike['clause:"quorvane in bio"'] == 3
    (tie,) = world.ties("ada")
    world.bench.reject([tie.id])
    assert world.found('clause:"quorvane in bio"') == {"bo", "cy"}


def test_words_of_a_place_of_initials_and_of_a_handle_can_be_refused(tmp_path: Path) -> None:
    made = ListWorld(tmp_path)
    made.accounts(
        {"x_id": 1, "handle": "qlm_news", "name": "QLM"},
        {"x_id": 2, "handle": "qlm", "name": "QLM"},
        {"x_id": 3, "handle": "brinton_x", "name": "Brinton Today", "location": "Brinton"},
        {"x_id": 4, "handle": "brinton_y", "name": "Brinton Now"},
    )
    made.list(("Company", "City"), ("Quarn Lake Mills", ""), ("Brinton Works", "Brinton"))
    made.match()
    for handle, left in (("qlm", {"qlm_news": 0, "qlm": 0}), ("brinton_y", {"brinton_y": 0, "brinton_x": 0})):
        for _ in range(3):
            ties = made.ties(handle)
            if ties:
                made.bench.refuse_clause(ties[0].id)
                made.match()
        assert {name: len(made.ties(name)) for name in left} == left
    made.bench.close()


def test_who_comes_later_is_compared_without_the_words(world: ListWorld) -> None:
    (tie,) = world.ties("ada")
    world.bench.refuse_clause(tie.id)
    world.accounts({"x_id": 9, "handle": "ed", "name": "Ed Fox", "bio": "Guide at Quorvane"})
    world.match(full=True)
    assert world.ties("ed") == []
    assert world.ties("di") != []


def test_what_a_person_confirmed_stays(world: ListWorld) -> None:
    (mine,) = world.ties("bo")
    world.bench.confirm([mine.id])
    (tie,) = world.ties("ada")
    world.bench.refuse_clause(tie.id)
    world.match()
    assert [other.state for other in world.ties("bo")] == [MatchState.CONFIRMED]
    assert world.ties("ada") == []


def test_what_cannot_be_refused_is_said(world: ListWorld) -> None:
    (tie,) = world.ties("ada")
    world.bench.refuse_clause(tie.id)
    with pytest.raises(NothingToDo, match="was said already"):
        world.bench.refuse_clause(tie.id)
    with pytest.raises(BadInput, match="no match has the id 999"):
        world.bench.clause(999)
    assert returned(world.bench.match(False)) is not None
