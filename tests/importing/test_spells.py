"""Spells against a made-up world whose truth is known: nobody is wrongly new, nobody wrongly gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.store.audience.spells import Snapshot, Spells, spells_of

BOTH = "both"


@dataclass(frozen=True)
class Person:
    """Follows in [since, until); known by one row, or by one row per identity."""

    since: int
    until: int
    is_split: bool


@dataclass(frozen=True)
class Shot:
    """One reading: when, what sort, by what identity, which share."""

    at: int
    sort: str
    identity: str
    seed: int


def follows(person: Person, at: int) -> bool:
    return person.since <= at < person.until


people = st.lists(
    st.builds(
        lambda since, length, is_split: Person(since, since + length, is_split),
        st.integers(0, 60),
        st.integers(1, 80),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)
shots = st.lists(
    st.builds(
        Shot,
        st.integers(1, 100),
        st.sampled_from(["complete", "sample", "top"]),
        st.sampled_from(["ids", "handles", BOTH]),
        st.integers(0, 2**20),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda shot: shot.at,
)


def rows_of(crowd: list[Person], shot: Shot) -> list[int]:
    """Rows a reading holds, newest follower first; person n has rows 2n+1 (id) and 2n+2 (handle, where split)."""
    present = [n for n, person in enumerate(crowd) if follows(person, shot.at)]
    present.sort(key=lambda n: (-crowd[n].since, n))
    if shot.sort == "sample":
        present = [n for place, n in enumerate(present) if shot.seed >> place & 1]
    elif shot.sort == "top":
        present = present[: 1 + shot.seed % max(1, len(present))]
    return [2 * n + (2 if crowd[n].is_split and shot.identity == "handles" else 1) for n in present]


def snapshots_of(crowd: list[Person], taken: list[Shot]) -> list[Snapshot]:
    # A reading that knows both identities unites split people, so they exist only where none does.
    return [
        Snapshot(
            number,
            np.array(rows_of(crowd, shot), np.uint32),
            shot.sort == "complete",
            shot.identity,
            shot.sort == "top",
        )
        for number, shot in enumerate(sorted(taken, key=lambda shot: shot.at), 1)
    ]


def identities(crowd: list[Person]) -> tuple[np.ndarray, np.ndarray]:
    has_id = np.ones(2 * len(crowd) + 3, np.bool_)
    has_handle = np.ones(2 * len(crowd) + 3, np.bool_)
    for n, person in enumerate(crowd):
        if person.is_split:
            has_handle[2 * n + 1] = False
            has_id[2 * n + 2] = False
    return has_id, has_handle


def lines(spells: Spells) -> list[tuple[int, ...]]:
    return sorted(zip(*(column.tolist() for column in spells), strict=True))


@settings(max_examples=300, deadline=None)
@given(people, shots)
def test_nobody_is_wrongly_new_or_gone(crowd: list[Person], taken: list[Shot]) -> None:
    if any(shot.identity == BOTH for shot in taken):
        crowd = [Person(person.since, person.until, False) for person in crowd]
    taken = sorted(taken, key=lambda shot: shot.at)
    spells = lines(spells_of(snapshots_of(crowd, taken), *identities(crowd)))
    for row, first, last, missed, is_new in spells:
        person = crowd[(row - 1) // 2]
        assert follows(person, taken[first - 1].at)
        assert follows(person, taken[last - 1].at)
        assert first <= last
        if missed:
            assert not follows(person, taken[missed - 1].at)
            assert taken[missed - 1].sort == "complete"
        if is_new:
            earlier = [shot for shot in taken[: first - 1] if shot.sort in ("complete", "top")]
            assert any(not follows(person, shot.at) for shot in earlier)


@settings(max_examples=200, deadline=None)
@given(people, shots)
def test_a_complete_reading_fixes_who_is_there(crowd: list[Person], taken: list[Shot]) -> None:
    crowd = [Person(person.since, person.until, False) for person in crowd]
    taken = sorted(taken, key=lambda shot: shot.at)
    snapshots = snapshots_of(crowd, taken)
    if not any(shot.sort == "complete" for shot in taken):
        return
    last = max(n for n, shot in enumerate(taken) if shot.sort == "complete")
    going = {line[0] for line in lines(spells_of(snapshots[: last + 1], *identities(crowd))) if not line[3]}
    assert going == set(rows_of(crowd, taken[last]))


@settings(max_examples=100, deadline=None)
@given(people, shots)
def test_the_first_complete_reading_is_the_baseline(crowd: list[Person], taken: list[Shot]) -> None:
    crowd = [Person(person.since, person.until, False) for person in crowd]
    taken = [shot for shot in sorted(taken, key=lambda shot: shot.at) if shot.sort != "top"]
    spells = lines(spells_of(snapshots_of(crowd, taken), *identities(crowd)))
    complete = [n for n, shot in enumerate(taken, 1) if shot.sort == "complete"]
    upto = complete[0] if complete else len(taken)
    seen = {row for shot in taken[:upto] for row in rows_of(crowd, shot)}
    assert not [line for line in spells if line[4] and line[0] in seen]
    assert not [line for line in spells if line[3] and line[3] <= upto]


def at_once(*snapshots: Snapshot) -> list[tuple[int, ...]]:
    has = np.ones(20, np.bool_)
    return lines(spells_of(snapshots, has, has))


def reading(number: int, rows: list[int], *, complete: bool = False, newest_first: bool = False) -> Snapshot:
    return Snapshot(number, np.array(rows, np.uint32), complete, BOTH, newest_first)


def test_rows_above_the_overlap_of_a_newest_first_reading_are_new() -> None:
    found = at_once(reading(1, [3, 4, 5], newest_first=True), reading(2, [1, 2, 3, 4], newest_first=True))
    assert [(row, is_new) for row, *_, is_new in found] == [(1, 1), (2, 1), (3, 0), (4, 0), (5, 0)]


def test_without_overlap_nobody_is_new() -> None:
    found = at_once(reading(1, [3, 4], newest_first=True), reading(2, [1, 2], newest_first=True))
    assert [line[4] for line in found] == [0, 0, 0, 0]


def test_an_order_that_contradicts_itself_means_nothing() -> None:
    found = at_once(reading(1, [3, 4, 5], newest_first=True), reading(2, [1, 5, 4, 3], newest_first=True))
    assert not any(line[4] for line in found)


def test_who_comes_back_has_a_second_spell() -> None:
    found = at_once(
        reading(1, [1, 2], complete=True), reading(2, [1, 3], complete=True), reading(3, [1, 2], complete=True)
    )
    assert found == [(1, 1, 3, 0, 0), (2, 1, 1, 2, 0), (2, 3, 3, 0, 0), (3, 2, 2, 3, 1)]


def test_ids_after_handles_end_nobody() -> None:
    handles = Snapshot(1, np.array([1, 2], np.uint32), True, "handles", False)
    ids = Snapshot(2, np.array([3, 4], np.uint32), True, "ids", False)
    has_id = np.array([0, 0, 0, 1, 1], np.bool_)
    has_handle = np.array([0, 1, 1, 0, 0], np.bool_)
    assert [line[3:] for line in lines(spells_of([handles, ids], has_id, has_handle))] == [(0, 0)] * 4
