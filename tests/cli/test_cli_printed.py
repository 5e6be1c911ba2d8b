"""Nothing that is printed acts on a terminal, whatever store, files and arguments hold."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from command_line import FOLLOWERS, HEAD, Call, Result, caller, write_rows

from followertui.cli.main import cli, run
from followertui.text.escaping import json_text, safe_csv_cell, safe_line

PLANTED = "\x1b]52;c;aGFja2Vk\x07\x1b[31mred\x9b1m\x7f\u202egnp\u2066\u200b\x85\u2028end"
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]")
SHOWN = re.compile(r"red\ufffd?1m|\\u001b")  # a one-byte introducer takes no letters with it
CLI = Path(__file__).parents[2] / "followertui" / "cli"

PLAIN = {
    "account": ("handle", "name", "bio", "location", "url", "site", "affiliation", "domain"),
    "handle_history": ("handle",),
    "import_run": ("source", "path"),
    "refused_row": ("column_name", "value", "reason"),
    "list": ("name",),
    "entity": ("name",),
    "entry": ("company", "person"),
    "alias": ("value",),
    "match_word": ("reviewer",),
    "score": ("top_reason",),
    "wave": ("text",),
    "kind_word": ("reviewer",),
    "decision": ("reviewer",),
    "note": ("text", "reviewer"),
    "release": ("reviewer",),
    "tag": ("name",),
    "plan_item": ("object", "reason"),
    "journal": ("reviewer", "command", "query", "text"),
    "saved_view": ("name", "query"),
    "lease": ("name", "host"),
}
IN_JSON = {"entry": ("data", "fields"), "match": ("evidence",), "import_run": ("report",), "setting": ("value",)}
"""Table -> columns of text that a colleague's store may hold anything in, bare or inside JSON."""


def planted(value: Any) -> Any:
    """The value of a JSON column, hostile wherever it holds words."""
    if isinstance(value, str):
        return value if re.fullmatch("[a-z_]*", value) else value + PLANTED
    if isinstance(value, list):
        return [planted(one) for one in value]
    return {name: planted(one) for name, one in value.items()} if isinstance(value, dict) else value


def plant(store: Path) -> None:
    """Put hostile text behind the text of every foreign column."""
    con = sqlite3.connect(store)
    con.create_function("planted", 1, lambda text: json.dumps(planted(json.loads(text))))
    for table, columns in PLAIN.items():
        for column in columns:
            con.execute(f"UPDATE {table} SET {column} = {column} || ? WHERE {column} IS NOT NULL", [PLANTED])
    for table, columns in IN_JSON.items():
        for column in columns:
            con.execute(f"UPDATE {table} SET {column} = planted({column})")
    con.commit()
    con.close()


@pytest.fixture
def hostile(store: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on a store with something in every foreign table, hostile all over."""
    call = caller(store, capsys)
    folder = store.parent
    (folder / "log.csv").write_text("handle,date,kind\ndana_ortiz,2025-11-01,reply\n", encoding="utf-8")
    for arguments in (
        ("note", "@globex", "a note"), ("tag", "@globex", "--add", "some tag"), ("decide", "@dana_ortiz", "keep"),
        ("decide", "@x8271628192", "out"), ("kind", "@initech_hq", "partner"), ("views", "save", "mine", "is:leader"),
        ("import", "contacts", str(folder / "log.csv")), ("about", "--set", "names=Acme, Acme Inc"),
        ("matches", "confirm", "1"), ("release", "@globex"), ("backup", str(folder / "kept \x1b[31m.db")),
    ):  # fmt: skip
        assert call(*arguments).code == 0, arguments
    plant(store)
    return call


READING = (
    "accounts", "accounts --json", "accounts --jsonl", "accounts --csv", "accounts --fields id,tags,note,matches",
    "show 1001", "show 1001 --json", "show 1002", "brief Globex", "coverage", "coverage --json", "coverage --csv",
    "views", "journal", "journal --json", "matches", "matches --json", "matches --csv", "lists", "lists --json",
    "about", "about --json", "about --learn", "aliases", "judge --explain 1002", "judge --misled", "judge --dry-run",
    "plan", "plan --json", "apply --dry-run", "import log", "import log --json", "import log --csv", "doctor",
    "doctor --json", "doctor --log", "purge 1002 --yes", "match --full", "judge --full", "undo", "redo",
)  # fmt: skip
"""Commands that show what a store holds, the ones that change it last."""


def assert_harmless(result: Result, arguments: object) -> None:
    for text in (result.out, result.err):
        found = ACTING.search(text)
        assert found is None, (arguments, found, text[max(0, found.start() - 80) : found.start() + 20])
    assert "something went wrong" not in result.err, (arguments, result.err)


def test_a_hostile_store_is_printed_harmlessly(hostile: Call) -> None:
    shown = 0
    for line in READING:
        result = hostile(*line.split())
        assert_harmless(result, line)
        shown += bool(SHOWN.search(result.out))
        if "--json" in line.split() and result.code == 0:
            result.json  # noqa: B018
        if "--csv" in line.split():
            cells = list(csv.reader(io.StringIO(result.out)))
            assert {len(row) for row in cells} == {len(cells[0])}
    assert shown > 20


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (child := command.get_command(context, name)) is not None:
                yield from leaves(child, (*path, name))
    else:
        yield path, command


def test_every_hostile_argument_is_printed_harmlessly(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, command in leaves(cli):
        if path[-1] in ("review", "demo", "sandbox", "screenshots"):
            continue
        arguments = [param for param in command.params if isinstance(param, click.Argument)]
        options = [
            option.opts[0] for option in command.params if isinstance(option, click.Option) and not option.is_flag
        ]
        hostile = str(tmp_path / PLANTED) if any(p.type.name in ("path", "file") for p in arguments) else PLANTED
        tries = [[hostile] * len(arguments), [f"--{PLANTED}"], [PLANTED] * 9]
        tries += [[*([hostile] * len(arguments)), option, PLANTED] for option in options]
        for one in tries:
            result = call(*path, *one)
            assert_harmless(result, (path, one))
            assert result.code in (0, 1, 2, 4), (path, one)


@pytest.mark.parametrize("option", ["--store", "--profile", "--config", "--reviewer", f"--{PLANTED}"])
def test_hostile_global_options_are_printed_harmlessly(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in (PLANTED, str(tmp_path / f"no such {PLANTED}" / "store.db")):
        code = run([option, value, "accounts"])
        said = capsys.readouterr()
        assert code in (1, 2)
        assert said.err.count("\n") <= 4
        assert_harmless(Result(code, said.out, said.err), option)


def test_a_hostile_file_name_is_printed_harmlessly(fresh: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / f"{PLANTED}.csv", HEAD, FOLLOWERS)
    assert_harmless(fresh("import", str(path), str(tmp_path / f"none{PLANTED}")), "files")
    result = fresh("import", "accounts", str(path), "--relation", "follower")
    assert result.code == 0
    assert_harmless(result, "import")
    assert_harmless(fresh("import", "log", "--csv"), "log")


def test_only_the_door_prints() -> None:
    for path in sorted(CLI.glob("*.py")):
        if path.name == "printing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert called not in ("print", "click.echo", "click.secho", "click.prompt", "click.confirm"), path.name


def test_json_gives_the_same_text_back() -> None:
    value = {"bio": [PLANTED, "\\\u202e", "\U000e0041 \ud800 \u00e9 \U0001f600"], PLANTED: None}
    for indent in (None, 2):
        text = json_text(value, indent)
        assert json.loads(text) == value
        assert ACTING.search(text) is None
        assert "\u00e9" in text
        assert "\U0001f600" in text
        text.encode()


def test_csv_keeps_text_as_text() -> None:
    for cell in ("=1+1", "+1 234", "-5+cmd", "@sum", "\x7f@a", "\u202e-a", " =a", "\x1b[0m=1", "\uff1d1"):
        assert safe_csv_cell(cell).startswith("'"), cell
    assert safe_csv_cell("-5,5") == "-5,5"
    assert safe_csv_cell("one\ntwo") == "one\ntwo"
    assert ACTING.search(safe_csv_cell(PLANTED)) is None


def test_a_line_keeps_its_columns() -> None:
    assert safe_line("  a    b\x1b[31m\tc\nd") == "  a    b c d"
