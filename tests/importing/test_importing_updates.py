"""Many known accounts renewed at once: every field lands where it belongs, and nowhere else."""

from __future__ import annotations

import random

import pytest
from importing_bench import Bench

from followertui.domain.query import Query, Words
from followertui.store.audience import pages
from followertui.store.file import watermarks
from followertui.store.index.arrays import Arrays
from followertui.store.index.evaluator import Evaluator

HEADER = "id,screen_name,name,description,location,followers_count,url"
COUNT = 60


def people(word: str, numbers: list[int]) -> list[tuple[object, ...]]:
    return [(100 + n, f"user{n}", f"{word} {n}", f"{word} coffee {n}", "Ulm", n, "") for n in numbers]


def shuffled(seed: int) -> list[int]:
    numbers = list(range(1, COUNT + 1))
    random.Random(seed).shuffle(numbers)
    return numbers


@pytest.fixture
def known(bench: Bench) -> Bench:
    bench.bring(bench.write("first.csv", HEADER, people("early", shuffled(1))), relation="follower")
    assert pages.index_text(bench.store, 10_000) == COUNT
    return bench


def kept(bench: Bench) -> dict[int, tuple[object, ...]]:
    found = bench.store.con.execute("SELECT x_id, handle, name, bio, location, followers, domain FROM account")
    return {line[0]: line[1:] for line in found}


def renewed(bench: Bench) -> dict[int, tuple[object, ...]]:
    """Bring a file where each account changes in its own way; returns what should stand then."""
    wanted = kept(bench)
    rows = []
    for n in shuffled(2):
        handle, name, bio, place, followers, link = (None, f"late {n}", "", "Bonn" if n % 3 else "", n + 1, "")
        if n % 4 == 0:
            name = ""
        if n % 5 == 0:
            handle, link = f"renamed{n}", f"https://firm{n}.com/about"
        if n % 7 == 0:
            followers = ""
        rows.append((100 + n, handle or f"user{n}", name, bio, place, followers, link))
        old = wanted[100 + n]
        said = (handle, name, bio, place, followers, f"firm{n}.com" if link else None)
        wanted[100 + n] = tuple(old[at] if value in (None, "") else value for at, value in enumerate(said))
    bench.bring(bench.write("second.csv", HEADER, rows), relation="follower")
    return wanted


def searched(bench: Bench, word: str) -> int:
    """How many accounts a bare word finds."""
    return len(Evaluator(bench.store, Arrays(bench.store)).rows(Query(Words(word)), 0))


def test_each_account_gets_its_own_changes(known: Bench) -> None:
    assert renewed(known) == kept(known)


def test_search_follows_what_changed(known: Bench) -> None:
    renewed(known)
    con = known.store.con
    con.execute("INSERT INTO account_text(account_text, rank) VALUES ('integrity-check', 1)")
    late = con.execute("SELECT count(*) FROM account_text WHERE account_text MATCH 'name : late'").fetchone()[0]
    early = con.execute("SELECT count(*) FROM account_text WHERE account_text MATCH 'name : early'").fetchone()[0]
    assert (late, early) == (COUNT - COUNT // 4, COUNT // 4)
    renamed = con.execute("SELECT count(*) FROM account_text WHERE account_text MATCH 'handle : renamed*'").fetchone()[
        0
    ]
    assert renamed == COUNT // 5


def test_where_much_changes_the_search_index_begins_again(known: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_FOLLOWED_ROWS", COUNT // 2)
    renewed(known)
    assert watermarks.TEXT_UPTO.read(known.store) == 0
    found = [searched(known, word) for word in ("late", "early", "renamed")]
    assert found == [COUNT - COUNT // 4, COUNT, COUNT // 5]
    assert pages.index_text(known.store, 10_000) == COUNT
    known.store.con.execute("INSERT INTO account_text(account_text, rank) VALUES ('integrity-check', 1)")
    assert [searched(known, word) for word in ("late", "early", "renamed")] == found
    known.undo()
    assert watermarks.TEXT_UPTO.read(known.store) == 0
    assert [searched(known, word) for word in ("late", "early", "renamed")] == [0, COUNT, 0]


def test_the_way_back_restores_each(known: Bench) -> None:
    before = kept(known)
    after = renewed(known)
    known.undo()
    assert kept(known) == before
    known.redo()
    assert kept(known) == after
