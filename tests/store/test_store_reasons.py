"""Reasons of a judgement as bits: none is lost, however many signals there are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from filling import add_accounts, new_store
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.errors import StoreError
from followertui.domain.judgement import AccountType, Judgement
from followertui.domain.kind import Kind
from followertui.domain.query import Equals
from followertui.quality.signals import SIGNALS
from followertui.store.audience import records, scores, waves
from followertui.store.file.connection import Store
from followertui.store.index.arrays import Arrays
from followertui.store.index.evaluator import Evaluator

SPARE = 20
"""Bits to be left for what stores of earlier versions hold and the program no longer knows."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path / "store.db")
    add_accounts(store, *({} for _ in range(200)))
    return store


def judge(store: Store, reasons: dict[int, Iterable[str]]) -> None:
    found = [
        (Judgement(row, 1, None, None, None, AccountType.PERSON, "", "", tuple(codes)), Kind.OTHER, "why")
        for row, codes in reasons.items()
    ]
    scores.write_scores(store, found)


def test_there_is_room_for_every_signal() -> None:
    assert len(SIGNALS) + SPARE <= scores.ROOM, "widen REASON_COLUMNS and the table score before you add a signal"


def test_every_reason_there_is_room_for_is_found_again(store: Store) -> None:
    codes = [f"reason-{n}" for n in range(scores.ROOM)]
    judge(store, {row: codes[: row + 1] for row in range(1, scores.ROOM)})
    judge(store, {scores.ROOM: codes[-1:], scores.ROOM + 1: ()})
    lines = records.account_lines(store, range(1, scores.ROOM + 2))
    evaluator = Evaluator(store, Arrays(store))
    for row in range(1, scores.ROOM):
        assert scores.reasons_of(store, row) == lines[row].reasons == tuple(codes[: row + 1])
    assert lines[scores.ROOM].reasons == (codes[-1],)
    assert scores.reasons_of(store, scores.ROOM + 1) == ()
    for at, code in enumerate(codes):
        mask = evaluator.mask(Equals("reason", code), 0)
        assert mask.nonzero()[0].tolist() == list(range(max(at, 1), scores.ROOM)) + [scores.ROOM] * (code == codes[-1])


def test_bits_of_reasons_no_account_has_any_more_are_used_again(store: Store) -> None:
    judge(store, {1: [f"old-{n}" for n in range(scores.ROOM - 1)], 2: ["kept"]})
    judge(store, {1: ["new-1", "new-2", "old-3"]})
    assert set(scores.reasons_of(store, 1)) == {"new-1", "new-2", "old-3"}
    assert scores.reasons_of(store, 2) == ("kept",)


def test_a_reason_without_room_is_refused_and_nothing_written(store: Store) -> None:
    judge(store, {1: [f"old-{n}" for n in range(scores.ROOM)]})
    before = list(store.con.iterdump())
    with pytest.raises(StoreError, match="no room for the reason new"):
        judge(store, {2: ["new"]})
    assert list(store.con.iterdump()) == before


def test_members_of_waves_are_found_by_reason_and_by_trait(store: Store) -> None:
    waves.write_waves(store, [("same-bio", "alike", [3, 5]), ("same-link", "one link", [5, 9])])
    evaluator = Evaluator(store, Arrays(store))
    for value, rows in (("wave", [3, 5, 9]), ("same-bio", [3, 5]), ("same-link", [5, 9]), ("same-picture", [])):
        assert evaluator.mask(Equals("reason", value), 0).nonzero()[0].tolist() == rows
    waves.write_waves(store, [("same-link", "one link", [9])])
    assert evaluator.mask(Equals("reason", "wave"), 0).nonzero()[0].tolist() == [9]
    assert [wave.trait for wave in waves.waves(store)] == ["same-link"]


def test_a_wave_keeps_its_number_while_most_of_its_members_stay(store: Store) -> None:
    waves.write_waves(store, [("same-bio", "alike", range(1, 11)), ("same-link", "one link", range(1, 6))])
    assert [(wave.number, wave.size) for wave in waves.waves(store)] == [(1, 10), (2, 5)]
    waves.write_waves(store, [("same-link", "one link", range(2, 30)), ("same-bio", "others", range(40, 50))])
    assert [(wave.number, wave.trait) for wave in waves.waves(store)] == [(2, "same-link"), (3, "same-bio")]
    assert [wave.number for wave in waves.waves_of(store, 5)] == [2]
    assert waves.wave_numbers(store)[45] == {"same-bio": 3}


def test_who_joins_or_leaves_a_wave_is_judged_again(store: Store) -> None:
    def asked() -> list[int]:
        return [line[0] for line in store.con.execute("SELECT row FROM judge_pending ORDER BY row")]

    waves.write_waves(store, [("same-bio", "alike", [1, 2, 3])])
    assert asked() == [1, 2, 3]
    with store.write() as con:
        con.execute("DELETE FROM judge_pending")
    waves.write_waves(store, [("same-bio", "alike now", [2, 3, 4])])
    assert asked() == [1, 4]


def test_purging_takes_people_and_their_words_out_of_waves(store: Store) -> None:
    waves.write_waves(store, [("same-bio", "2 bios are nearly the same: “Dana loves tea”", [1, 2])])
    with store.write() as con:
        waves.remove_members(con, [2])
    assert waves.waves(store) == [waves.StoredWave(1, "same-bio", "2 bios are nearly the same", 1)]


_SOME_WAVES = st.lists(st.tuples(st.sampled_from("ab"), st.frozensets(st.integers(1, 9), min_size=1)), max_size=6)


@given(before=_SOME_WAVES, found=_SOME_WAVES)
def test_a_wave_keeps_the_number_of_the_one_most_of_whose_members_it_has(
    before: list[tuple[str, frozenset[int]]], found: list[tuple[str, frozenset[int]]]
) -> None:
    known = {(number, trait): set(rows) for number, (trait, rows) in enumerate(before, start=1)}
    free, fresh, expected = dict(known), len(before) + 1, []
    for trait, rows in found:
        shared = [(len(members & rows), -key[0], key) for key, members in free.items() if key[1] == trait]
        count, _, key = max(shared, default=(0, 0, (0, "")))
        if count and 2 * count > len(free[key]):
            expected.append(key[0])
            del free[key]
        else:
            expected.append(fresh)
            fresh += 1
    assert waves._numbers(found, known) == expected
