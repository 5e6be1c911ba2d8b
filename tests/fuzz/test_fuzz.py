"""A few hundred fuzzed inputs in process and one as a process; the long run is ``python -m tests.fuzz``."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fuzz_inputs import Input, made
from fuzz_running import Bench, as_process, fault_of, in_process
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

from workbook_files import write_workbook

KEPT = (
    Input("arguments", ("journal", "--limit", str(2**64))),
    Input("arguments", ("accounts", "\udce9")),
    Input("file", ("import", "FILE", "--dry-run"), b"id,username,followers_count\n1,a,1e400\n2,b,nan\n", ".csv"),
    Input("file", ("import", "FILE", "--dry-run"), b"username,name\n" + b'"' * 9999, ".csv"),
    Input("file", ("import", "FILE", "--dry-run"), b"[" * 5000, ".json"),
    Input("file", ("import", "FILE", "--dry-run"), b"x" * 600_000, ".csv"),
    Input("file", ("import", "FILE", "--dry-run"), b"id,username,name\n1,aa," + b"x" * 400_000 + b",\xe9\n", ".csv"),
    Input("file", ("import", "FILE", "--dry-run"), b'{"id":1,"' + b"(" * 12_000 + b'":2,"username":"aa"}', ".jsonl"),
)
"""Inputs that once misbehaved, or are of the kind that does."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    before = dict(os.environ)
    with closing(Bench(tmp_path_factory.mktemp("fuzz"))) as found:
        yield found
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("workbook") / "good.xlsx"
    write_workbook(path, {"Clients": [["Company", "Website"], ["Globex", "globex.example"]]})
    return path.read_bytes()


@pytest.mark.parametrize("one", KEPT, ids=lambda one: " ".join(one.arguments).encode("ascii", "replace").decode()[:40])
def test_what_once_misbehaved(place: Bench, one: Input) -> None:
    assert in_process(place, one).fault == ""


@settings(max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_no_input_misbehaves(place: Bench, workbook: bytes, number: int) -> None:
    one = made(random.Random(number), workbook)
    assert in_process(place, one).fault == "", one


def test_a_process_of_its_own_does_not_misbehave(place: Bench) -> None:
    outcome = as_process(place, KEPT[2])
    assert (outcome.code, outcome.fault) == (0, "")


def test_the_judge_sees_what_it_is_there_for() -> None:
    assert fault_of(0, "fine\n", "") == ""
    assert "exit code 9" in fault_of(9, "", "x")
    assert fault_of(1, "", "") == "exit code 1 without a word"
    assert "Traceback" in fault_of(1, "", "Traceback (most recent call last)")
    assert "prints" in fault_of(0, "a\x1b[31m", "")
