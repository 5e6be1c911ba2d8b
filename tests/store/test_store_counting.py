"""Counts that follow the rows that changed equal counts in full."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from filling import DAY, NOW, add_accounts, fill, new_store
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store_arrays import write

from followertui.domain.guards import NEVER_FOLLOW_TAG
from followertui.domain.query import And, Equals, Flag, Has, Node, Not, Or, Range, Words
from followertui.store.decisions import tags
from followertui.store.decisions.slots import DECISION, interaction_slot, release_slot, tag_slot
from followertui.store.file.connection import Store
from followertui.store.file.settings import SILENT_DAYS
from followertui.store.index.arrays import Arrays
from followertui.store.index.counting import RowCounts, is_of_the_row
from followertui.store.index.evaluator import Evaluator

ASKED: tuple[Node, ...] = (
    And(()),
    Flag("follower"),
    And((Not(Flag("reviewed")), Or((Flag("following"), Range("relevance", 40, None))))),
    *(Equals("kind", kind) for kind in ("bot", "customer", "unseen", "employee", "other")),
    Equals("basis", "judged"),
    Equals("match", "possible"),
    Equals("match", "any"),
    Equals("decision", "later"),
    Equals("plan", "any"),
    Flag("silent"),
    Flag("looked"),
    Flag("nameless"),
    Range("left", NOW - 100 * 86_400, None),
    Has("bot"),
    Flag("guarded"),
    And((Flag("following"), Flag("guarded"))),
    Words("name"),
)


def in_full(store: Store, now: int) -> list[int]:
    evaluator = Evaluator(store, Arrays(store))
    return [int(np.count_nonzero(evaluator.mask(node, now))) for node in ASKED]


def counted(counts: RowCounts, now: int) -> list[int]:
    with counts.at(now) as count:
        found = [count(node) for node in ASKED]
    assert [int(np.count_nonzero(counts.mask(node, now))) for node in ASKED] == found
    return found


def write_slot(store: Store, dice: random.Random) -> None:
    """What holds an account back in other ways than its decision: said or taken back as gestures do."""
    row = dice.randint(1, 30)
    slot, value = dice.choice(
        [
            (tag_slot(tags.make_tag(store, NEVER_FOLLOW_TAG)), ()),
            (interaction_slot(NOW - dice.choice((5, 900)) * DAY, "reply"), ("me",)),
            (release_slot("kept"), ("", "me", NOW)),
            (DECISION, ("keep", None, "me", NOW)),
        ]
    )
    with store.write() as con:
        slot.write(con, [row], dice.choice((value, value, None)))
        store.bump(slot.domain, [row])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), bursts=st.lists(st.integers(0, 8), min_size=1, max_size=6))
def test_counts_kept_up_to_date_equal_counts_in_full(seed: int, bursts: list[int]) -> None:
    dice = random.Random(seed)
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "store.db")
        fill(store, seed, 30)
        counts = RowCounts(Evaluator(store, Arrays(store)))
        for burst in bursts:
            assert counted(counts, NOW) == in_full(store, NOW)
            for _ in range(burst):
                dice.choice((write, write_slot))(store, dice)
        assert counted(counts, NOW) == in_full(store, NOW)
        anew = Evaluator(store, Arrays(store))
        assert all(np.array_equal(counts.mask(node, NOW), anew.mask(node, NOW)) for node in ASKED)
        store.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store.db")
    fill(made, 3, 40)
    return made


def test_after_a_decision_only_its_rows_are_asked_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = RowCounts(Evaluator(store, Arrays(store)))
    counted(counts, NOW)
    sizes: list[int] = []
    mask = Evaluator.mask

    def watched(self: Evaluator, node: Node, now: int) -> object:
        if is_of_the_row(node):
            sizes.append(self.columns.size())
        return mask(self, node, now)

    monkeypatch.setattr(Evaluator, "mask", watched)
    with store.write() as con:
        con.execute("INSERT OR REPLACE INTO decision VALUES (7, 'keep', NULL, 'me', 1)")
        store.bump("decision", [7])
    assert counted(counts, NOW + 1) == in_full(store, NOW + 1)
    own = sum(is_of_the_row(node) for node in ASKED)
    assert sizes[:own] == [1] * own
    assert counts.mask(Flag("kept"), NOW + 1)[7]


def test_time_a_setting_and_new_accounts_count_everything_anew(store: Store) -> None:
    counts = RowCounts(Evaluator(store, Arrays(store)))
    with store.write() as con:
        con.execute("INSERT OR REPLACE INTO decision VALUES (7, 'later', ?, 'me', 1)", [NOW + 100])
        store.bump("decision", [7])
    counted(counts, NOW)
    assert counted(counts, NOW + 200) == in_full(store, NOW + 200)
    SILENT_DAYS.write(store, 1)
    assert counted(counts, NOW + 201) == in_full(store, NOW + 201)
    add_accounts(store, {"followers": 1}, {"followers": 2})
    assert counted(counts, NOW + 202) == in_full(store, NOW + 202)


def test_what_other_tables_say_is_not_counted_by_rows() -> None:
    for node in (Words("x"), Flag("due"), Equals("tag", "a"), Equals("match", "none"), Has("note")):
        assert not is_of_the_row(node)
        assert not is_of_the_row(And((Flag("follower"), Not(node))))
