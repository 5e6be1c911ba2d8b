from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from command_line import FOLLOWERS, HEAD, Call, write_rows

from followertui.cli.main import run
from followertui.store.file.connection import Store


def test_doctor_finds_nothing_bad_and_says_what_there_is(call: Call) -> None:
    result = call("doctor", "--json")
    assert result.code == 0
    found = {finding["what"]: finding for finding in result.json}
    assert found["file"]["level"] == "ok"
    assert "7 accounts" in found["holds"]["text"]
    assert not [finding for finding in result.json if finding["level"] == "bad"]


def test_doctor_names_what_points_at_nothing(call: Call, store: Path) -> None:
    with sqlite3.connect(store) as con:
        con.execute("INSERT INTO note VALUES (4711, 'lost', 'mk', 1)")
    con.close()
    result = call("doctor")
    assert (result.code, "table note: 1 row refers to something that does not exist" in result.out) == (1, True)


def test_a_damaged_store_is_one_line_not_a_traceback(call: Call, store: Path) -> None:
    content = bytearray(store.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 12288)
    store.write_bytes(content)
    for arguments in (("accounts", "--json"), ("doctor",), ("backup", str(store.with_name("copy.db")))):
        result = call(*arguments)
        assert result.code == 1, arguments
        assert "Traceback" not in result.err
        assert result.err.strip().count("\n") == 0


def test_doctor_offers_to_end_what_did_not(call: Call, store: Path) -> None:
    with sqlite3.connect(store) as con:
        con.execute(
            "INSERT INTO import_run(what, source, source_rank, sha256, choices, as_of, started_at, state, path) "
            "VALUES ('accounts', 'half.csv', 1, 'x', '{}', 1, 1, 'running', '/x/half.csv')"
        )
        number = con.execute("SELECT max(id) FROM import_run").fetchone()[0]
    con.close()
    text = call("doctor").out
    assert f"import take-back {number}" in text
    assert f"import resume {number}" in text
    assert call("doctor", "--take-back", str(number)).code == 0
    assert "did not end" not in call("doctor").out
    assert call("doctor", "--take-back", str(number)).code == 1


def test_doctor_notes_open_permissions(call: Call, store: Path) -> None:
    store.chmod(0o644)
    assert "others can read the store" in call("doctor").out


def test_backup_and_restore(call: Call, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert call("backup", str(copy)).code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert call("backup", str(copy)).code == 1, "never overwrites"
    call("decide", "oldfriend", "out")
    done = call("restore", str(copy))
    assert done.code == 0
    assert call("show", "oldfriend", "--json").json["decision"] == "none"
    [aside] = tmp_path.glob("own.db.replaced-*")
    assert str(aside) in done.err
    assert run(["--store", str(aside), "--quiet", "show", "oldfriend"]) == 0


def test_restore_refuses_what_is_no_backup(call: Call, store: Path, tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with sqlite3.connect(tmp_path / "other.db") as con:
        con.execute("CREATE TABLE a(b)")
    con.close()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    before = store.read_bytes()
    for name in ("junk.db", "other.db", "other.zip", "missing.db", "own.db"):
        result = call("restore", str(tmp_path / name))
        assert (result.code, result.err.count("\n")) == (1, 1), name
    assert store.read_bytes() == before
    assert call("restore", str(tmp_path / "x"), before=("--read-only",)).code == 1


def test_restore_waits_for_nobody_who_has_it_open(call: Call, store: Path, tmp_path: Path) -> None:
    call("backup", str(tmp_path / "copy.db"))
    other = Store(store)
    other.con.execute("SELECT count(*) FROM account").fetchone()
    assert call("restore", str(tmp_path / "copy.db")).code == 1
    other.close()
    assert call("restore", str(tmp_path / "copy.db")).code == 0


def test_backup_all_takes_settings_but_no_secrets(call: Call, tmp_path: Path) -> None:
    config = tmp_path / "my.toml"
    config.write_text('theme = "nord"\nbrowser = "run s3cret"\n[keys]\n"decide.out" = "F9"\n', encoding="utf-8")
    copy = tmp_path / "all.zip"
    assert call("backup", str(copy), "--all", before=("--config", str(config))).code == 0
    with zipfile.ZipFile(copy) as archive:
        assert sorted(archive.namelist()) == ["settings.json", "store.db"]
        assert json.loads(archive.read("settings.json")) == {"theme": "nord", "keys": {"decide.out": "F9"}}
    new = tmp_path / "new.db"
    fresh = tmp_path / "fresh.toml"
    assert run(["--store", str(new), "--config", str(fresh), "--quiet", "restore", str(copy)]) == 0
    assert 'theme = "nord"' in fresh.read_text(encoding="utf-8")
    assert run(["--store", str(new), "--quiet", "accounts", "--count"]) == 0
    assert not list(tmp_path.glob("tmp*")), "no half-written copy stays behind"


@pytest.mark.parametrize("ending", ["json", "jsonl", "csv"])
def test_export_holds_everyone(call: Call, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"all.{ending}"
    assert call("export", str(target)).code == 0
    text = target.read_text(encoding="utf-8")
    if ending == "json":
        assert len(json.loads(text)) == 7
    elif ending == "jsonl":
        assert len([json.loads(line) for line in text.splitlines()]) == 7
    else:
        assert text.count("\n") == 8
        assert "'=cmd" in text
    assert target.stat().st_mode & 0o777 == 0o600
    assert call("export", str(target)).code == 1
    assert call("export", str(tmp_path / "all.txt")).code == 1


def test_purge_leaves_nothing_of_a_person(call: Call, store: Path, tmp_path: Path) -> None:
    call("views", "save", "hers", "handle:dana_ortiz is:follower")
    call("note", "dana_ortiz", "met at the zzfair in Lisbon")
    call("note", "dana_ortiz", "met again in zzporto")
    call("decide", "handle:dana_ortiz OR handle:globex", "engage")
    ids = [match["id"] for match in call("matches", "dana_ortiz", "--json").json]
    call("matches", "confirm", *ids)
    with sqlite3.connect(store) as con:
        lesson = [7, "handle", "dana_ortiz"]
        marks = {"noted_aliases": [lesson], "compared_with": [3, "x", [lesson]], "compare_began": [3, "x", [lesson]]}
        con.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(k, json.dumps(v)) for k, v in marks.items()])
        con.execute("INSERT INTO setting VALUES ('place:mk', '{\"text\": \"handle:dana_ortiz\"}')")
        con.executemany("INSERT INTO setting VALUES (?, ?)", [(f"x{n}", f'"dana_ortiz {n}"') for n in range(400)])
        con.execute("DELETE FROM setting WHERE name LIKE 'x%'")
    con.close()
    assert call("purge", "dana_ortiz").code == 1, "asks, and there is nobody to ask"
    copy = tmp_path / "before.db"
    call("backup", str(copy))
    done = call("purge", "@Dana_Ortiz", "--yes")
    assert done.code == 0
    assert str(copy) in done.err
    assert call("show", "dana_ortiz").code == 1
    assert call("accounts", "--count").out == "6\n"
    assert call("accounts", "Logistics Coffee", "--count").out == "0\n"
    assert call("doctor").code == 0
    everything = b"".join(file.read_bytes() for file in store.parent.rglob("own.db*") if file.is_file())
    everything += b"".join(file.read_bytes() for file in store.parent.glob("own.db.cache/*"))
    for trace in (b"dana_ortiz", b"Dana Ortiz", b"Coffee, trains", b"zzfair", b"zzporto"):
        assert trace not in everything, trace
    with sqlite3.connect(store) as con:
        texts = " ".join(str(line) for line in con.execute("SELECT text, query FROM journal"))
        left = con.execute("SELECT count(*) FROM account WHERE x_id = 1002 OR handle = 'dana_ortiz'").fetchone()[0]
    con.close()
    assert ("dana_ortiz" in texts, left) == (False, 0)


def test_purge_takes_words_of_name_and_bio_out_of_what_was_typed(call: Call, store: Path) -> None:
    call("views", "save", "mine", '"dana ortiz" OR (logistics coffee) sort:-followers')
    call("views", "save", "Dana Ortiz", "is:leader")
    call("views", "save", "ours", "freight is:leader kind:press")
    call("decide", "ortiz trains", "engage")
    assert call("purge", "dana_ortiz", "--yes").code == 0
    views = sqlite3.connect(store).execute("SELECT name, query FROM saved_view ORDER BY query").fetchall()
    assert views == [
        ("mine", '"(purged)" OR (logistics (purged)) sort:-followers'),
        ("ours", "freight is:leader kind:press"),
        ("(purged)", "is:leader"),
    ]
    said = " ".join(f"{line['query']} {line['text']}" for line in call("journal", "--json").json if "query" in line)
    said += str(sqlite3.connect(store).execute("SELECT query, text FROM journal").fetchall())
    assert not [word for word in ("ortiz", "Ortiz", "trains", "Coffee", "coffee") if word in said]


def test_undo_after_a_purge_brings_nobody_back(call: Call) -> None:
    call("decide", "handle:dana_ortiz OR handle:globex", "engage")
    call("purge", "dana_ortiz", "--yes")
    assert call("undo").code == 0
    assert call("show", "globex", "--json").json["decision"] == "none"
    assert call("show", "dana_ortiz").code == 1


def test_a_later_import_leaves_the_purged_out(call: Call, tmp_path: Path) -> None:
    call("purge", "dana_ortiz", "--yes")
    good = tuple(row for row in FOLLOWERS if not row[1].startswith("-"))
    newer = write_rows(tmp_path / "newer.csv", HEAD, good)
    done = call("import", "accounts", str(newer), "--relation", "follower", "--complete", "--as-of", "2025-11-21")
    assert done.code == 0
    assert "removed permanently earlier" in done.err
    assert call("accounts", "is:follower", "--count").out == "4\n"
    assert call("accounts", "is:left", "--count").out == "0\n"
    renamed = tuple((row[0], f"{row[1]}_new", *row[2:]) for row in good)
    write_rows(tmp_path / "renamed.csv", HEAD, renamed)
    done = call("import", "accounts", str(tmp_path / "renamed.csv"), "--relation", "follower", "--partial")
    assert done.code == 0
    assert call("show", "1002").code == 1, "known by id under another handle"


def test_purging_the_gone(call: Call, store: Path) -> None:
    assert call("purge", "--gone", "--yes").code == 4
    assert call("purge").code == 2
    with sqlite3.connect(store) as con:
        con.execute("UPDATE account SET status = 1 WHERE handle = 'oldfriend'")
    con.close()
    assert call("purge", "--gone", "--yes").code == 0
    assert call("show", "oldfriend").code == 1
    assert call("purge", "oldfriend", "--yes").code == 1


def test_keys_show_a_persons_own(call: Call, tmp_path: Path) -> None:
    rows = call("keys", "--json").json
    assert {"group", "keys", "title", "help", "where"} == set(rows[0])
    assert [row["keys"] for row in rows if row["title"] == "done, next"] == [["d"]]
    config = tmp_path / "keys.toml"
    config.write_text('[keys]\n"hand.done" = "F9"\n', encoding="utf-8")
    assert "F9" in call("keys", before=("--config", str(config))).out
    config.write_text('[keys]\n"hand.dome" = "F9"\n', encoding="utf-8")
    assert call("keys", before=("--config", str(config))).code == 1


def test_themes_name_ours_first(call: Call) -> None:
    lines = call("themes").out.splitlines()
    assert lines[1].startswith("followertui")
    assert "in use" in lines[1]
    assert len(lines) > 5


def test_help_topics(call: Call) -> None:
    topics = [line.split()[0] for line in call("help").out.splitlines()]
    assert set(topics) == {
        *("query", "x-rules", "by-hand", "files", "matching", "judging", "privacy", "completion", "schema"),
        *("reasons", "keys", "settings", "report", "playbooks", "influencers", "notices", "scripts", "x-sync"),
    }
    for topic in topics:
        text = call("help", topic).out
        assert text.startswith("# ")
        assert max(map(len, text.splitlines())) <= 120
    assert "did you mean schema?" in call("help", "shema").err
    assert "followertui plan --help" in call("help", "plan").err


def test_the_schema_topic_names_every_table(call: Call, store: Path) -> None:
    text = call("help", "schema").out
    with sqlite3.connect(store) as con:
        names = [line[0] for line in con.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        query = text[text.index("SELECT l.name") :]
        assert con.execute(query).fetchall() == []
    con.close()
    own = [name for name in names if not name.startswith(("account_text_", "sqlite_"))]
    assert [name for name in own if not re.search(rf"\b{name}\b", text)] == []


def test_the_sandbox_prints_keys_and_answers_until_it_is_stopped(tmp_path: Path) -> None:
    state = tmp_path / "x.json"
    clock = tmp_path / "clock"
    clock.write_text("2026-12-24T12:00:00+00:00", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "followertui", "sandbox", "--accounts", "50", "--state", str(state)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "FOLLOWERTUI_CLOCK_FILE": str(clock)},
    )  # fmt: skip
    assert process.stdout is not None
    keys = dict(process.stdout.readline().removeprefix("export ").strip().split("=", 1) for _ in range(6))
    assert keys["FOLLOWERTUI_CLOCK_FILE"] == str(clock)
    with urllib.request.urlopen(f"{keys['FOLLOWERTUI_X_BASE_URL']}/sandbox/state", timeout=10) as answer:
        truth = json.load(answer)
    assert truth
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "50 accounts, pay-per-use" in said
    assert json.loads(state.read_text(encoding="utf-8"))["recipe"]["accounts"] == 50


def test_a_sandbox_with_bad_files_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert run(["sandbox", "--faults", str(tmp_path / "bad.json")]) == 1
    assert run(["sandbox", "--state", str(tmp_path / "bad.json")]) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_a_copy_is_merged_dry_first_and_refused_where_it_is_another_store(call: Call, tmp_path: Path) -> None:
    copy, other = tmp_path / "kim.db", tmp_path / "other.db"
    assert call("backup", str(copy)).code == 0
    assert run(["--store", str(copy), "--reviewer", "kim", "--quiet", "decide", "@oldfriend", "out"]) == 0
    dry = call("merge", str(copy), "--dry-run", "--json")
    assert json.loads(dry.out) == {"entry": None, "taken": {"decision": 1, "look": 1}, "differ": 0, "left_out": {}}
    assert call("accounts", "decision:out", "--count").out == "0\n"
    done = call("merge", str(copy))
    assert done.err.startswith("merge of kim.db: 1 decision, 1 look")
    assert call("accounts", "decision:out plan:unfollow", "--count").out == "1\n"
    assert call("undo").code == 0
    assert call("accounts", "decision:out", "--count").out == "0\n"
    assert run(["--store", str(other), "--quiet", "about", "--set", "names=Acme"]) == 0
    refused = call("merge", str(other))
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "is another store, no copy of this one" in refused.err
