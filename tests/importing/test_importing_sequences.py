"""Any order of imports, undone and repeated, tells the same story: that of the readings that stand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from importing_bench import Bench

from followertui.domain.account import AccountRecord

CROWD = 7

readings = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.sampled_from(["complete", "partial", "newest"]),
        st.sampled_from(["ids", "handles", "both"]),
        st.sampled_from(["stays", "undone", "redone"]),
        st.integers(0, 2**CROWD - 1),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda reading: reading[0],
)


def follows(n: int, at: int) -> bool:
    """The truth: person n follows from day n on, the odd ones for five days."""
    return n <= at and (n % 2 == 0 or at < n + 5)


def records(at: int, sort: str, identity: str, some: int) -> list[AccountRecord]:
    people = [n for n in range(CROWD, 0, -1) if follows(n, at)]
    if sort == "partial":
        people = [n for n in people if some >> n & 1]
    elif sort == "newest":
        people = people[: 1 + some % 3]
    return [
        AccountRecord(
            x_id=1000 + n if identity != "handles" else None, handle=f"user{n}" if identity != "ids" else None
        )
        for n in people
    ]


def bring_in(bench: Bench, taken: list[tuple[int, str, str, str, int]]) -> None:
    for at, sort, identity, fate, some in taken:
        bench.records(
            records(at, sort, identity, some),
            at * 86_400,
            completeness="complete" if sort == "complete" else "partial",
            newest_first=sort == "newest",
        )
        if fate != "stays":
            bench.undo()
        if fate == "redone":
            bench.redo()


def number(name: str) -> int:
    return int(name.removeprefix("user")) % 1000


@settings(max_examples=120, deadline=None)
@given(readings)
def test_nobody_is_wrongly_new_or_left(taken: list[tuple[int, str, str, str, int]]) -> None:
    standing = sorted(reading for reading in taken if reading[3] != "undone")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bring_in(bench, taken)
        days = [at for at, *_ in standing]
        for name in bench.left():
            assert any(not follows(number(name), at) and at > number(name) for at in days)
        for name in bench.new():
            assert any(at < number(name) for at in days)
        complete = [reading for reading in standing if reading[1] == "complete"]
        if complete and complete[-1] == standing[-1]:
            at, _, identity, *_ = complete[-1]
            there = {n for n in range(1, CROWD + 1) if follows(n, at)}
            told = {number(name) for name in bench.follows()}
            assert told >= there
            if identity == "both" and all(reading[2] == "both" for reading in standing):
                assert told == there
        bench.close()


@settings(max_examples=50, deadline=None)
@given(readings, st.randoms(use_true_random=False))
def test_the_order_of_import_does_not_matter(taken: list[tuple[int, str, str, str, int]], random: object) -> None:
    standing = [(at, sort, "both", "stays", some) for at, sort, _, _, some in taken]
    shuffled = list(standing)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        one, other = Bench(Path(folder), "a.db"), Bench(Path(folder), "b.db")
        bring_in(one, sorted(standing))
        bring_in(other, shuffled)
        for question in (Bench.follows, Bench.new, Bench.left):
            assert question(one) == question(other)
        one.close()
        other.close()
