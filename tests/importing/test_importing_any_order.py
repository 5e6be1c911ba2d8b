"""Real files and archives in any order, twice, capped, counted, reworded, undone: nobody is wrongly new or left."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing_bench import Bench

from followertui.domain.account import AccountRecord
from followertui.services.intake import amending, completeness
from followertui.store.file import watermarks

CROWD = 7
CAP = 3
DAY = 86_400


class Reading(NamedTuple):
    """One file: day, sort, by what it knows people, what becomes of it, whom a part holds (bits)."""

    at: int
    sort: str
    identity: str
    fate: str
    some: int


readings = st.lists(
    st.builds(
        Reading,
        st.integers(1, 9),
        st.sampled_from(["complete", "partial", "counted", "capped"]),
        st.sampled_from(["ids", "handles", "both"]),
        st.sampled_from(["stays", "undone", "twice", "reworded"]),
        st.integers(0, 2**CROWD - 1),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda reading: reading.at,
)


def follows(n: int, at: int) -> bool:
    """The truth: person n follows from day n on, the odd ones for five days."""
    return n <= at and (n % 2 == 0 or at < n + 5)


def present(at: int) -> list[int]:
    return [n for n in range(CROWD, 0, -1) if follows(n, at)]


def held(reading: Reading) -> list[int]:
    people = present(reading.at)
    if reading.sort == "capped":
        return people[:CAP]
    if reading.sort == "complete" or (reading.sort == "counted" and reading.some % 2):
        return people
    return [n for n in people if reading.some >> n & 1]


def is_everybody(reading: Reading) -> bool:
    """Whether absence from it proves anything."""
    if reading.sort == "capped":
        return len(held(reading)) < CAP
    if reading.sort == "counted":
        return held(reading) == present(reading.at)
    return reading.sort == "complete"


def bring_in(bench: Bench, reading: Reading) -> None:
    if not held(reading):
        return
    if reading.sort == "capped":
        records = [AccountRecord(x_id=1000 + n) for n in held(reading)]
        with mock.patch.object(completeness, "_CAP", range(CAP, CAP + 1)):
            bench.archive(records, reading.at * DAY)
    else:
        bring_file(bench, reading)
    if reading.fate == "undone":
        bench.undo()
    elif reading.fate == "reworded":
        number = bench.one("SELECT max(id) FROM import_run")
        told = bench.tables()
        first, then = ("partial", "complete") if is_everybody(reading) else ("complete", "partial")
        for word in (first, then):
            amending.set_completeness(bench.store, bench.journal, bench.clock, number, word)
        assert bench.tables(["relation"])["relation"] == told["relation"]


def bring_file(bench: Bench, reading: Reading) -> None:
    rows = [
        [1000 + n if reading.identity != "handles" else "", f"user{n}" if reading.identity != "ids" else "", 5]
        for n in held(reading)
    ]
    path = bench.write(f"day{reading.at}.csv", "id,username,followers", rows)
    choices = {"relation": "follower", "what": "accounts", "as_of": f"1970-01-{reading.at + 1:02}"}
    if reading.sort == "counted":
        watermarks.PROFILE_COUNTS["follower"].write(bench.store, len(present(reading.at)))
        watermarks.PROFILE_COUNTS_AT.write(bench.store, reading.at * DAY)
    else:
        choices["completeness"] = reading.sort
    bench.bring(path, **choices)
    if reading.fate == "twice":
        told = bench.tables()
        assert bench.bring(path, **choices).is_repeat
        assert bench.tables() == told


def number(name: str) -> int:
    return int(name.removeprefix("user")) % 1000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(readings)
def test_nobody_is_wrongly_new_or_left(taken: list[Reading]) -> None:
    standing = sorted(reading for reading in taken if reading.fate != "undone" and held(reading))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for reading in taken:
            bring_in(bench, reading)
        for name in bench.left():
            n = number(name)
            seen = [one.at for one in standing if n in held(one)]
            assert any(is_everybody(one) and not follows(n, one.at) and one.at > min(seen) for one in standing)
        for name in bench.new():
            n = number(name)
            proofs = [one for one in standing if is_everybody(one) or one.sort == "capped"]
            is_above = any(
                one.at < n and n in held(two) and {*held(one)} & {*held(two)}
                for two in standing
                if two.sort == "capped"
                for one in standing
                if one.at < two.at
            )
            is_after = any(one.at < n for one in proofs)
            assert is_above or is_after or any(not follows(n, one.at) and one.at > n for one in proofs)
        for name in bench.follows():
            last = [one for one in standing if is_everybody(one) and one.identity == "both" and one.sort != "capped"]
            assert not last or follows(number(name), last[-1].at) or any(
                number(name) in held(one) for one in standing if one.at > last[-1].at
            )  # fmt: skip
        bench.close()
