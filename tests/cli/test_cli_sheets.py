"""A colleague's sheet and an old tool's list: out, edited in a spreadsheet, back as one gesture."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Call

SHEET = "id,handle,name,kind,decision,tags,note,was"
Rows = dict[str, dict[str, str]]


def exported(call: Call, fields: str = SHEET) -> Rows:
    out = call("accounts", "--csv", "--fields", fields).out
    return {row["handle"].lstrip("'"): row for row in csv.DictReader(io.StringIO(out))}


def saved(path: Path, rows: Rows, delimiter: str = ",", ending: str = "\n", encoding: str = "utf-8") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(next(iter(rows.values()))), delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows.values())
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


def one(call: Call, handle: str) -> dict[str, Any]:
    found: dict[str, Any] = call("show", f"@{handle}", "--json").json
    return {key: found[key] for key in ("kind", "decision", "tags", "note")}


def edit(rows: Rows) -> None:
    rows["globex"] |= {"kind": "partner", "tags": "vip, fair", "note": "met in Kiel"}
    rows["oldfriend"] |= {"decision": "out"}
    rows["freightnews"] |= {"kind": "press", "decision": "keep"}


def damaged(rows: Rows) -> None:
    for row in rows.values():
        row["id"] = f"{float(row['id']):.5E}"


def without_was(rows: Rows) -> None:
    for row in rows.values():
        del row["was"]


WAYS: dict[str, tuple[dict[str, Any], Callable[[Rows], None]]] = {
    "as it was written": ({}, lambda rows: None),
    "of a German Excel": ({"delimiter": ";", "ending": "\r\n", "encoding": "utf-8-sig"}, lambda rows: None),
    "of an old Excel": ({"delimiter": ";", "ending": "\r\n", "encoding": "cp1252"}, lambda rows: None),
    "with tabs in UTF-16": ({"delimiter": "\t", "encoding": "utf-16"}, lambda rows: None),
    "with ids in scientific notation": ({}, damaged),
    "without the column was": ({}, without_was),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_edited_sheet_comes_back_as_one_gesture(call: Call, tmp_path: Path, way: str) -> None:
    options, change = WAYS[way]
    before, entries = call("accounts", "--json").json, len(call("journal", "--json").json)
    rows = exported(call)
    edit(rows)
    change(rows)
    done = call("import", "decisions", saved(tmp_path / "sheet.csv", rows, **options))
    assert done.code == 0, done.err
    assert one(call, "globex") == {
        "kind": "partner",
        "decision": "none",
        "tags": ["fair", "vip"],
        "note": "met in Kiel",
    }
    assert one(call, "oldfriend")["decision"] == "out"
    assert (one(call, "freightnews")["kind"], one(call, "freightnews")["decision"]) == ("press", "keep")
    assert call("plan", "--json").code == 0
    assert f"{len(rows) - 3} as they are" in done.err
    assert len(call("journal", "--json").json) == entries + 1
    assert call("undo", "--yes").code == 0
    assert call("accounts", "--json").json == before


def test_the_plain_csv_comes_back_too_and_takes_tags_and_notes_off(call: Call, tmp_path: Path) -> None:
    for words in (("tag", "@globex", "--add", "vip", "--add", "old"), ("note", "@globex", "call again"),
                  ("decide", "@globex", "engage")):  # fmt: skip
        assert call(*words).code == 0
    out = call("accounts", "--csv").out
    rows = {row["handle"]: row for row in csv.DictReader(io.StringIO(out))}
    rows["globex"] |= {"tags": "vip", "note": "", "decision": "none"}
    assert call("import", "decisions", saved(tmp_path / "plain.csv", rows)).code == 0
    assert (one(call, "globex")["tags"], one(call, "globex")["note"], one(call, "globex")["decision"]) == (
        ["vip"], None, "none",
    )  # fmt: skip
    assert one(call, "freightnews")["decision"] == "none"


def test_a_sheet_nobody_edited_changes_nothing(call: Call, tmp_path: Path) -> None:
    assert call("note", "@globex", "=SUM(A1)\nand more").code == 0
    rows = exported(call)
    call("kind", "@globex", "vendor")
    call("tag", "@globex", "--add", "since")
    entries = call("journal", "--json").json
    done = call("import", "decisions", saved(tmp_path / "sheet.csv", rows))
    assert done.code == 0
    assert "Nothing to change" in done.err
    assert call("journal", "--json").json == entries


def test_a_newer_word_here_stands_and_is_named(call: Call, tmp_path: Path) -> None:
    rows = exported(call)
    rows["globex"] |= {"kind": "partner", "note": "theirs"}
    rows["oldfriend"] |= {"decision": "follow"}
    call("kind", "@globex", "vendor")
    call("note", "@globex", "ours")
    call("decide", "@oldfriend", "out")
    done = call("import", "decisions", saved(tmp_path / "sheet.csv", rows))
    assert "conflict: @globex: kind partner in the sheet, vendor here since" in done.err
    assert "conflict: @globex: note theirs in the sheet" in done.err
    assert "conflict: @oldfriend: decision follow in the sheet, out here since" in done.err
    assert (one(call, "globex")["kind"], one(call, "globex")["note"]) == ("vendor", "ours")
    assert one(call, "oldfriend")["decision"] == "out"


def test_without_was_a_word_newer_than_the_file_stands(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_text("handle,decision\noldfriend,out\nfreightnews,engage\n")
    call("decide", "@oldfriend", "engage")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    done = call("import", "decisions", str(path))
    assert "conflict: @oldfriend: decision out in the sheet, engage here since" in done.err
    assert (one(call, "oldfriend")["decision"], one(call, "freightnews")["decision"]) == ("engage", "engage")


def test_kinds_of_a_plain_sheet_older_than_an_import_are_no_words(call: Call, tmp_path: Path) -> None:
    rows = {row["handle"]: row for row in csv.DictReader(io.StringIO(call("accounts", "--csv").out))}
    rows["globex"] |= {"kind": "partner", "decision": "engage"}
    path = Path(saved(tmp_path / "plain.csv", rows))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    done = call("import", "decisions", str(path))
    assert "conflict: @globex: kind partner in the sheet, customer here since" in done.err
    assert (one(call, "globex")["kind"], one(call, "globex")["decision"]) == ("customer", "engage")


def test_what_is_kept_stays_kept(call: Call, tmp_path: Path) -> None:
    call("decide", "@oldfriend", "keep")
    path = tmp_path / "hand.csv"
    path.write_text("Handle;Decision\n@oldfriend;out\n@freightnews;unfollow\n")
    done = call("import", "decisions", str(path))
    assert "kept (only a decision on that account by name changes it)" in done.err
    assert (one(call, "oldfriend")["decision"], one(call, "freightnews")["decision"]) == ("keep", "out")


LISTS = {
    "by its name": ("my whitelist.txt", "@oldfriend\nfreightnews\n", ()),
    "by its column": ("people.csv", "username,whitelisted\noldfriend,yes\nfreightnews,true\nglobex,no\n", ()),
    "by a word": ("export.csv", "screen_name,status\noldfriend,whitelisted\nfreightnews,safe\n", ()),
    "as said": ("export.csv", "Profile\nhttps://x.com/oldfriend\ntwitter.com/freightnews\n", ("--as", "keep")),
    "as JSON": ("export.json", json.dumps(["oldfriend", "freightnews"]), ("--as", "keep")),
}  # fmt: skip


@pytest.mark.parametrize("way", LISTS)
def test_a_whitelist_comes_in_as_keep(call: Call, tmp_path: Path, way: str) -> None:
    name, text, more = LISTS[way]
    (tmp_path / name).write_text(text)
    done = call("import", "decisions", str(tmp_path / name), *more)
    assert done.code == 0, done.err
    assert call("accounts", "decision:keep", "--count").out == "2\n"
    assert one(call, "globex")["decision"] == "none"
    call("undo", "--yes")
    assert call("accounts", "decision:keep", "--count").out == "0\n"


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("blacklist.txt", "dana_ortiz\n", ()),
        ("people.csv", "handle,never follow\ndana_ortiz,1\nglobex,0\n", ()),
        ("people.csv", "handle,decision\ndana_ortiz,never follow\n", ()),
        ("people.csv", "handle\ndana_ortiz\n", ("--as", "never-follow")),
    ],
)
def test_a_never_follow_list_holds_back_a_follow(
    call: Call, tmp_path: Path, name: str, text: str, more: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text)
    assert call("import", "decisions", str(tmp_path / name), *more).code == 0
    assert one(call, "dana_ortiz")["tags"] == ["never follow"]
    assert "tagged never follow" in call("decide", "@dana_ortiz", "follow").err
    assert one(call, "globex")["tags"] == []


def test_lines_that_cannot_be_used_are_named_and_the_others_count(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        "id,handle,kind,decision\n1001,globex,alien,keep\n,stranger,customer,\n1.0E+18,,customer,\n"
        "2001,freightnews,,out\n,dana_ortiz,prospect,\n,dana_ortiz,vendor,\n,,customer,out\n"
    )
    done = call("import", "decisions", str(path))
    assert done.code == 0
    for told in ('"alien" is no kind (@globex)', "not in this store", "id damaged by a spreadsheet", "two different",
                 "twice with different words (@dana_ortiz)", "names no account"):  # fmt: skip
        assert told in done.err
    assert one(call, "globex")["decision"] == "keep"
    assert one(call, "dana_ortiz")["kind"] not in ("prospect", "vendor")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("handle\nglobex\n", "--as keep"),
        ("name,city\nGlobex,Ulm\nHooli,Bonn\n", "no column holds ids or handles"),
        ("handle,decision\nnobody_here,out\n", "no line of it could be used"),
    ],
)
def test_a_sheet_that_says_nothing_of_use_is_refused_in_one_line(
    call: Call, tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(text)
    done = call("import", "decisions", str(path))
    assert done.code == 1
    assert why in done.err
    assert len(done.err.splitlines()) == 1


def test_a_dry_run_tells_what_would_change_and_writes_nothing(call: Call, tmp_path: Path) -> None:
    rows = exported(call)
    edit(rows)
    path = saved(tmp_path / "sheet.csv", rows)
    before, entries = call("accounts", "--json").json, call("journal", "--json").json
    told = call("import", "decisions", path, "--dry-run")
    assert told.code == 0
    assert "3 accounts would change: " in told.err
    assert "decision out for 1" in told.err
    assert "tag +fair for 1" in told.err
    assert "nothing is written" in told.err
    assert (call("accounts", "--json").json, call("journal", "--json").json) == (before, entries)
    assert call("import", "decisions", path).code == 0
    assert "no account would change" in call("import", "decisions", path, "--dry-run").err
