"""Imports that did not end on the command line: resumed with the answers they began with, or taken back."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import CRM, LIST, STAGES, Call, rows, write_rows

from followertui.cli import reviewing
from followertui.domain.errors import Cancelled
from followertui.services.intake.accounts import AccountRun
from followertui.sources import workbooks

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

from workbook_files import write_workbook


def test_an_import_that_did_not_end_is_resumed_or_taken_back(call: Call, store: Path, tmp_path: Path) -> None:
    assert call("import", "resume").code == 4
    path = write_rows(tmp_path / "half.csv", ("id", "username", "followers_count"), (("77", "half", "5"),))
    call("import", "accounts", str(path), "--relation", "follower", "--partial")
    con = sqlite3.connect(store)
    with con:
        con.execute("UPDATE import_run SET state = 'running', finished_at = NULL WHERE source = 'half.csv'")
    con.close()
    number = call("import", "log", "--json").json[0]["id"]
    assert f"followertui import resume {number}" in call("doctor").out
    done = call("import", "resume")
    assert done.code == 0
    assert "1 read" in done.err
    assert call("import", "log", "--json").json[0]["state"] == "done"
    assert call("import", "take-back", str(number)).code == 1
    con = sqlite3.connect(store)
    with con:
        con.execute("UPDATE import_run SET state = 'running', finished_at = NULL WHERE source = 'half.csv'")
    con.close()
    path.write_text("id,username\n78,other\n", encoding="utf-8")
    changed = call("import", "resume", str(number))
    assert changed.code == 1
    assert f"import take-back {number}" in changed.err
    assert call("import", "take-back", str(number)).code == 0
    assert call("accounts", "handle:half", "--count").out.strip() == "0"


@pytest.mark.parametrize(("answer", "state"), [("r", "done"), ("t", "undone"), ("l", "did not end")])
def test_the_review_asks_first_about_an_import_that_did_not_end(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    path = write_rows(tmp_path / "half.csv", ("id", "username", "followers_count"), (("77", "half", "5"),))
    call("import", "accounts", str(path), "--relation", "follower", "--partial")
    con = sqlite3.connect(store)
    with con:
        con.execute("UPDATE import_run SET state = 'running', finished_at = NULL WHERE source = 'half.csv'")
        con.execute("INSERT INTO lease VALUES ('import', 1, 'a machine that is gone', '', 1)")
    con.close()
    shown: list[str] = []
    monkeypatch.setattr(reviewing, "require_terminal", lambda: None)
    monkeypatch.setattr(reviewing, "run_screen", lambda options, bench, text: (shown.append(text), bench.close()))
    monkeypatch.setattr("click.prompt", lambda *given, **more: answer)
    assert call("review").code == 0
    assert shown == [""]
    assert call("import", "log", "--json").json[0]["state"] == state


def csv_file(folder: Path) -> tuple[Path, list[str]]:
    people = [(str(n), f"u{n}", "hi", str(n)) for n in range(1, 30)]
    path = write_rows(folder / "followers.csv", ("id", "username", "description", "followers_count"), people)
    return path, ["accounts", str(path), "--relation", "follower"]


def json_file(folder: Path) -> tuple[Path, list[str]]:
    path = folder / "followers.json"
    path.write_text(json.dumps([{"id": str(n), "username": f"u{n}", "followers_count": n} for n in range(1, 30)]))
    return path, ["accounts", str(path), "--relation", "follower", "--map", "username=handle"]


def workbook(folder: Path) -> tuple[Path, list[str]]:
    path = folder / "book.xlsx"
    write_workbook(path, {"people": [["username", "followers_count"], *([f"u{n}", n] for n in range(1, 30))]})
    return path, ["accounts", str(path), "--relation", "follower", "--sheet", "people"]


def archive_zip(folder: Path) -> tuple[Path, list[str]]:
    path = folder / "archive.zip"
    post = {"id_str": "9", "created_at": "Sat Dec 18 12:33:11 +0000 2025", "full_text": "@bob hello",
            "in_reply_to_user_id_str": "2", "in_reply_to_screen_name": "bob"}  # fmt: skip
    parts = {
        "follower": [{"follower": {"accountId": str(n)}} for n in range(1, 30)],
        "following": [{"following": {"accountId": "2"}}],
        "tweets": [{"tweet": post}],
    }
    with zipfile.ZipFile(path, "w") as zipped:
        for name, items in parts.items():
            zipped.writestr(f"data/{name}.js", f"window.YTD.{name}.part0 = {json.dumps(items)}")
    return path, ["archive", str(path)]


def list_file(folder: Path) -> tuple[Path, list[str]]:
    path = write_rows(folder / "crm.csv", CRM, STAGES)
    return path, ["list", str(path), "--kind-from", "Lifecycle Stage", *LIST]


def log_file(folder: Path) -> tuple[Path, list[str]]:
    path = write_rows(folder / "log.csv", ("handle", "date", "type"), [("globex", "2026-01-02", "message")])
    return path, ["contacts", str(path)]


@pytest.mark.parametrize("made", [csv_file, json_file, workbook, archive_zip, list_file, log_file])
@pytest.mark.parametrize("more", [[], ["--problems", "out.csv"]])
def test_a_file_is_opened_four_times_at_most(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    made: Callable[[Path], tuple[Path, list[str]]], more: list[str],
) -> None:  # fmt: skip
    """house.md 28: one CSV was opened twelve times."""
    path, arguments = made(tmp_path)
    monkeypatch.chdir(tmp_path)
    opened: list[object] = []

    def counting(function: Any) -> Any:
        def counted(file: Any, *given: Any, **options: Any) -> Any:
            opened.extend([file] if str(file) == str(path) else [])
            return function(file, *given, **options)

        return counted

    monkeypatch.setattr(workbooks, "read_sheet", counting(workbooks.read_sheet))
    monkeypatch.setattr("io.open", counting(io.open))
    monkeypatch.setattr("builtins.open", counting(open))
    done = call("import", *arguments, *more)
    assert done.code == 0, done.err
    # Whom we follow is compared with the last complete list before anything is written.
    assert 2 <= len(opened) <= 4 + bool(more) + (made is archive_zip)


@pytest.mark.parametrize(("word", "state"), [("--complete", "complete"), ("--partial", "partial")])
def test_resuming_repeats_what_was_begun(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, state: str
) -> None:
    """house.md 15: the word on completeness was lost, and so was everything else only the look had told."""
    people = [(f"u{n}", "hi", str(n)) for n in range(1, 1200)]
    path = write_rows(tmp_path / "followers.csv", ("name it", "about", "n"), people)
    read_at = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
    os.utime(path, (read_at, read_at))
    maps = ["--map", "name it=handle", "--map", "about=bio", "--map", "n=followers"]
    with monkeypatch.context() as patched:
        patched.setattr(AccountRun, "finish", stopped)
        begun = call("import", "accounts", str(path), "--relation", "follower", word, *maps)
    assert begun.code == 3
    os.utime(path, (1, 1))
    assert call("tag", "globex", "--add", "x").code == 0
    done = call("import", "resume")
    assert done.code == 0, done.err
    ((completeness, as_of, source),) = rows(
        store,
        "SELECT completeness, s.as_of, r.source FROM snapshot s JOIN import_run r ON r.id = import_id "
        "ORDER BY s.id DESC LIMIT 1",
    )
    assert (completeness, as_of, source) == (state, read_at, path.name)
    assert rows(store, "SELECT count(*) FROM import_run WHERE state = 'running'") == [(0,)]
    ((plan,),) = rows(store, "SELECT plan FROM import_run ORDER BY id DESC LIMIT 1")
    assert "u17" not in str(plan)


def stopped(*_: object) -> None:
    raise Cancelled("stopped right before the end")


def test_a_file_that_changed_since_it_was_begun_is_not_resumed(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, arguments = csv_file(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(AccountRun, "finish", stopped)
        assert call("import", *arguments).code == 3
    path.write_text(path.read_text() + "99,u99,hi,1\n")
    done = call("import", "resume")
    assert (done.code, done.err.count("another file now")) == (1, 1)


def test_an_import_of_an_older_version_is_resumed_by_its_answers(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, arguments = csv_file(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(AccountRun, "finish", stopped)
        assert call("import", *arguments).code == 3
    with sqlite3.connect(store) as con:
        con.execute("UPDATE import_run SET plan = '{}'")
    assert call("import", "resume").code == 0
    assert rows(store, "SELECT count(*) FROM import_run WHERE state = 'running'") == [(0,)]


def test_an_undo_that_was_stopped_is_in_the_log_and_in_doctor_and_is_resumed(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """house.md 4: an undo was all or nothing, and held everything up meanwhile."""
    _, arguments = csv_file(tmp_path)
    assert call("import", *arguments).code == 0
    before = rows(store, "SELECT count(*) FROM account WHERE hidden_by IS NULL")
    with monkeypatch.context() as patched:
        patched.setattr("followertui.store.audience.relations.recompute_in_steps", stopped)
        assert call("undo").code == 3
    assert call("import", "log", "--json").json[0]["state"] == "undo not finished"
    assert "followertui import resume finishes it" in call("doctor").out
    refused = call("import", *arguments)
    assert (refused.code, refused.err.count("is not finished")) == (1, 1)
    assert call("import", "resume").code == 0
    assert call("import", "log", "--json").json[0]["state"] == "undone"
    assert call("redo").code == 0
    assert rows(store, "SELECT count(*) FROM account WHERE hidden_by IS NULL") == before
