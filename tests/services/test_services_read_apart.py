"""Reading ahead in a process of its own: the same items, the same errors, whoever dies meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from followertui.domain.errors import BadInput
from followertui.services import worker_processes
from followertui.services.intake.values import ImportChoices
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store


def numbers(upto: int, broken_at: int = -1, dying_at: int = -1, own: int = 0) -> Iterator[int]:
    """Numbers; bad input at one place, the sudden end of any other process at another."""
    for number in range(upto):
        if number == broken_at:
            raise BadInput("line 3: broken; mend it")
        if number == dying_at and os.getpid() != own:
            os._exit(9)
        yield number


@pytest.fixture
def found_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Helpers find this module, as they find those of the program."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.mark.usefixtures("found_here")
def test_items_come_in_order() -> None:
    assert list(worker_processes.read_apart(numbers, (1000,))) == list(range(1000))


@pytest.mark.usefixtures("found_here")
def test_what_was_wrong_is_said_after_what_was_read() -> None:
    reading = worker_processes.read_apart(numbers, (10, 3))
    assert [next(reading) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(BadInput, match="line 3"):
        next(reading)


@pytest.mark.usefixtures("found_here")
def test_a_helper_that_dies_costs_nothing() -> None:
    assert list(worker_processes.read_apart(numbers, (50, -1, 20, os.getpid()))) == list(range(50))


def test_without_processes_it_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no processes")

    monkeypatch.setattr(worker_processes.subprocess, "Popen", refuse)
    assert list(worker_processes.read_apart(numbers, (5,))) == list(range(5))


def test_a_long_file_reads_the_same_with_and_without_a_helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "followers.csv"
    lines = [f"{10**12 + n},h{n},Name {n},{n if n % 7 else 'many'}" for n in range(1200)]
    lines[600] = "nonsense"
    file.write_text("\n".join(["id,username,name,followers_count", *lines]) + "\n", encoding="utf-8")
    kept = []
    for helpers in (0, 2):
        monkeypatch.setattr(worker_processes, "helpers_for", lambda *_, helpers=helpers: helpers)
        bench = Workbench(Session(Store(tmp_path / f"store{helpers}.db")))
        job = bench.import_file(str(file), ImportChoices(what="accounts", relation="follower"))
        report = returned(job)
        accounts = bench.session.store.con.execute("SELECT x_id, handle, name, followers FROM account").fetchall()
        kept.append((report.read, report.added, report.refused, accounts))
        bench.close()
    assert kept[0] == kept[1]
    assert kept[0][1] == 1199


def returned(job: object) -> object:
    """What an import returns."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value
