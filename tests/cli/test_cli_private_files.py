"""Files with personal rows: readable by their owner only, never written through a link or over something else."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC
from pathlib import Path

import pytest
from command_line import FOLLOWING, HEAD, Call, write_rows

from followertui import private_files
from followertui.domain.clock import SystemClock
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox


def import_with_problems(call: Call, tmp_path: Path, target: Path) -> tuple[int, str]:
    bad = write_rows(tmp_path / "bad.csv", HEAD, (("x1", "", *FOLLOWING[0][2:]), *FOLLOWING))
    done = call("import", "accounts", str(bad), "--relation", "following", "--partial", "--problems", str(target))
    return done.code, done.err


def test_problems_are_private_and_replace_only_problems(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "problems.csv"
    for _ in range(2):
        code, said = import_with_problems(call, tmp_path, target)
        assert code == 0, said
        assert target.stat().st_mode & 0o777 == 0o600
        assert target.read_text(encoding="utf-8-sig").startswith("line,column,value,reason,row")


def _mine(target: Path) -> None:
    target.write_text("my notes")


def _link(target: Path) -> None:
    _mine(target.with_name("mine.txt"))
    target.symlink_to(target.with_name("mine.txt"))


@pytest.mark.parametrize("put", [_mine, _link, os.mkfifo])
def test_what_else_has_the_name_is_left_alone_and_nothing_is_imported(call: Call, tmp_path: Path, put: object) -> None:
    target = tmp_path / "problems.csv"
    put(target)  # type: ignore[operator]
    before = call("import", "log", "--csv").out
    code, said = import_with_problems(call, tmp_path, target)
    assert (code, said.count("\n")) == (1, 1)
    assert call("import", "log", "--csv").out == before
    for file in (target, tmp_path / "mine.txt"):
        if file.is_file():
            assert file.read_text() == "my notes"


def test_the_sandbox_saves_its_state_through_no_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("my notes")
    state = tmp_path / "x.json"
    (tmp_path / f".x.json.{os.getpid()}").symlink_to(mine)
    state.symlink_to(mine)
    Sandbox(SandboxState(1), SystemClock(UTC), state).save()
    assert mine.read_text() == "my notes"
    assert (state.is_symlink(), state.stat().st_mode & 0o777) == (False, 0o600)


def test_a_replacement_that_fails_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(TypeError):
        private_files.replace(target, b"new", "no bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_resume_says_that_match_goes_on(call: Call, store: Path) -> None:
    assert "nothing to resume" in call("import", "resume").err
    con = sqlite3.connect(store)
    con.execute("INSERT INTO compare_pending SELECT row FROM account LIMIT 3")
    con.commit()
    con.close()
    done = call("import", "resume")
    assert done.code == 4
    assert "3 accounts not compared" in done.err
    assert "`followertui match` goes on" in done.err
