"""The hundred files through the whole import: right, or refused with one line and nothing written."""

from __future__ import annotations

import csv
import io
import sqlite3
import sys
from pathlib import Path

import pytest
from importing_bench import Bench

from followertui.cli.main import run
from followertui.store.lists.entries import OF_A_LINE

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

from broken_files import Case, all_cases, write

CASES = all_cases()
LIST = ["--kind", "customer", "--name", "Them", "--basis", "own-records"]
HOSTILE = ("=", "+", "-", "@", "\t", "\r")


def arguments(case: Case, path: Path) -> list[str]:
    if case.what == "list":
        return ["import", "list", str(path), *LIST]
    if case.what in ("accounts", "handles"):
        return ["import", "accounts", str(path), "--relation", "follower", "--partial"]
    return ["import", str(path)]


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_comes_in_right_or_leaves_no_trace(
    case: Case, bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    path = write(case, folder)
    before = bench.everything()
    code = run(["--store", str(bench.path), *arguments(case, path)])
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    if case.what == "refused":
        assert code == 1
        failure = [line for line in said.err.splitlines() if line.startswith("followertui: ")]
        assert len(failure) == 1
        assert case.refusal in failure[0]
        assert case.name in failure[0]
        assert bench.everything() == before
        return
    assert code == 0, said.err
    table = f"entry WHERE {OF_A_LINE}" if case.what == "list" else "account"
    assert bench.one("SELECT state FROM import_run") == "done"
    known = bench.one(f"SELECT count(*) FROM {table}")
    assert known == case.records or (case.name == "header-twice.csv" and known == 6)
    assert bench.one("SELECT count(*) FROM snapshot_part") == 0
    assert_harmless(bench, capsys)


def assert_harmless(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """No control code in the store, and nothing a spreadsheet would run in what leaves."""
    for table in ("account", "entry", "refused_row"):
        for line in bench.store.con.execute(f"SELECT * FROM {table}"):
            text = "".join(str(cell) for cell in line)
            assert not any((ord(char) < 32 and char != "\n") or char in "\x7f\u202e" for char in text)
    run(["--store", str(bench.path), "accounts", "--csv"])
    for row in list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]:
        assert not any(cell.startswith(HOSTILE) and not cell.lstrip("-").isdigit() for cell in row)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "[bold red]x[/] [@click=app.quit]y[/]", "<b>Bo</b> & co"])
def test_a_hostile_cell_stays_text(bench: Bench, text: str) -> None:
    people = bench.write("p.csv", "id,username,name,bio,followers", [[7, "bo", text, text, 3]])
    bench.bring(people, relation="follower")
    assert bench.one("SELECT name FROM account") == text
    assert bench.one("SELECT bio FROM account") == text


def test_a_long_file_broken_at_its_end_leaves_nothing_that_counts(bench: Bench, tmp_path: Path) -> None:
    people = ",\n".join(f'{{"id": "{10**9 + n}", "username": "user{n}", "name": "{"N" * 80}"}}' for n in range(45_000))
    path = tmp_path / "followers.json"
    path.write_text("[" + people + ', {"id": "12', encoding="utf-8")
    code = run(["--store", str(bench.path), "--quiet", "import", "accounts", str(path), "--relation", "follower"])
    assert code == 1
    assert bench.one("SELECT count(*) FROM account WHERE hidden_by IS NULL") == 0
    assert bench.one("SELECT count(*) FROM relation") == 0
    assert [state for (state,) in bench.store.con.execute("SELECT DISTINCT state FROM import_run")] in ([], ["undone"])


def test_one_bad_file_does_not_stop_the_others(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "id,username,relation,followers"
    good = bench.write("followers-1.csv", head, [[1, "anna", "follower", 5]])
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n")
    more = bench.write("followers-2.csv", head, [[2, "bert", "follower", 5]])
    code = run(["--store", str(bench.path), "import", str(good), str(bad), str(more)])
    said = capsys.readouterr().err.splitlines()
    assert code == 1
    assert bench.follows() == {"anna", "bert"}
    assert "2 of 3 files imported" in said
    assert said[-1] == "followertui: not imported: bad.csv; the reason is above"
    with sqlite3.connect(bench.path) as con:
        assert con.execute("SELECT count(*) FROM import_run WHERE state = 'done'").fetchone() == (2,)
    con.close()


def test_a_hostile_file_name_is_harmless(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["a\x1b[31m.csv", "b\n.csv", "c[bold].csv"]
    for name in names:
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    code = run(["--store", str(bench.path), "import", *(str(tmp_path / name) for name in names)])
    said = capsys.readouterr().err
    assert code == 1
    assert "\x1b" not in said
    assert sum(line.startswith("followertui: ") for line in said.splitlines()) == 4
    assert "c[bold].csv" in said
