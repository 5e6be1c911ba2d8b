"""Numbers past what a store holds, text that is no UTF-8, blank lists of fields: one line, never a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_line import Call

from followertui.cli.main import cli

NO_UTF_8 = os.fsdecode(b"caf\xe9")


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        yield path, command
        context = click.Context(command)
        for name in command.list_commands(context):
            if (child := command.get_command(context, name)) is not None:
                yield from leaves(child, (*path, name))
    else:
        yield path, command


def test_every_number_has_bounds_the_store_can_hold() -> None:
    for path, command in leaves(cli):
        for param in command.params:
            if isinstance(param.type, click.types.IntParamType):
                assert isinstance(param.type, click.IntRange), (path, param.name)
                assert param.type.max is not None, (path, param.name)
                assert param.type.max < 2**63, (path, param.name)


@pytest.mark.parametrize("number", [2**63, 2**200, -(2**70)])
@pytest.mark.parametrize(
    "line",
    ["accounts --limit", "journal --limit", "undo", "import resume", "import take-back", "import complete",
     "doctor --take-back", "matches confirm", "matches reject", "apply --dry-run --limit"],
)  # fmt: skip
def test_a_number_past_the_store_is_a_usage_error(call: Call, line: str, number: int) -> None:
    result = call(*line.split(), str(number))
    assert result.code == 2, result.err
    assert "went wrong" not in result.err


def test_text_that_is_no_utf_8_is_a_usage_error(call: Call) -> None:
    for line in (
        ["accounts", NO_UTF_8], ["show", NO_UTF_8], ["note", "@globex", NO_UTF_8], ["brief", NO_UTF_8],
        ["tag", "@globex", "--add", NO_UTF_8], ["views", "save", NO_UTF_8, "is:leader"], ["purge", NO_UTF_8, "--yes"],
        ["aliases", "drop", "name", NO_UTF_8], ["about", "--set", f"names={NO_UTF_8}"], ["lists", "drop", NO_UTF_8],
    ):  # fmt: skip
        result = call(*line)
        assert result.code == 2, (line, result.err)
        assert "is not UTF-8" in result.err


def test_a_file_whose_name_is_no_utf_8_is_read_and_written(fresh: Call, tmp_path: Path) -> None:
    path = tmp_path / f"{NO_UTF_8}.csv"
    path.write_text("id,username\n1,aa\n2,bb\n3,cc\n", encoding="utf-8")
    assert fresh("import", "accounts", str(path), "--relation", "follower").code == 0
    assert fresh("import", "log", "--json").json[0]["file"] == "caf.csv"
    for line in (["backup", str(tmp_path / f"{NO_UTF_8}.db")], ["export", str(tmp_path / f"{NO_UTF_8}.jsonl")]):
        assert fresh(*line).code == 0
    assert fresh("doctor").code == 0
    companies = tmp_path / f"{NO_UTF_8}-list.csv"
    companies.write_text("Company,Website\nGlobex,globex.example\nInitech,initech.example\n", encoding="utf-8")
    assert fresh("import", "list", str(companies), "--kind", "customer", "--basis", "own-records").code == 0
    assert fresh("lists", "--json").json[0]["name"] == "caf-list"


def test_counts_without_bounds_are_refused_one_by_one(fresh: Call, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    odd = (*["5"] * 20, "1e400", "nan", "inf", "-1e400", "9" * 30, "1e18", "9" * 400 + "k")
    rows = "".join(f"{number},a{number},{count}\n" for number, count in enumerate(odd, start=1))
    path.write_text("id,username,followers_count\n" + rows, encoding="utf-8")
    result = fresh("import", "accounts", str(path), "--relation", "follower")
    assert result.code == 0, result.err
    counts = {record["handle"]: record["followers"] for record in fresh("accounts", "--json").json}
    assert counts == {f"a{number}": 5 if number <= 20 else None for number in range(1, len(odd) + 1)}


@pytest.mark.parametrize("fields", ["", " ", ",", " , ,"])
def test_blank_fields_are_refused(call: Call, fields: str) -> None:
    result = call("accounts", "--fields", fields)
    assert result.code == 1
    assert "names no field" in result.err


@pytest.mark.parametrize(
    "text",
    ["aa," + '"' * 1_000_000 + "\n", '"' * 1_000_001, '"a",' * 200_000, "a,'" * 300_000],
    ids=["an open quote", "nothing but quotes", "quoted cells", "single quotes"],
)
def test_a_megabyte_of_quotes_takes_seconds(fresh: Call, tmp_path: Path, text: str) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text("username,name\n" + text, encoding="utf-8")
    began = time.process_time()
    result = fresh("import", "accounts", str(path), "--relation", "follower")
    assert "went wrong" not in result.err
    assert time.process_time() - began < 10


def test_a_file_of_which_no_row_is_used_fails(fresh: Call, tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    path.write_text("id,username\n,!!\n,??\n,//\n", encoding="utf-8")
    result = fresh("import", "accounts", str(path), "--relation", "follower")
    assert result.code == 1
    assert "no row of it could be used" in result.err
