"""A file that begins as one list and goes on as another: asked, told apart, or stopped at; never mixed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from followertui.domain.errors import BadInput
from followertui.sources import json_tables
from followertui.sources.account_exports import read_account_batches
from followertui.sources.formats import inspect_table
from followertui.sources.recognising import recognise
from followertui.sources.text_files import look_at

COUNT, CHANGE = 1200, 700
"""Rows of a file, and the first of the second owner: further down than the rows that are looked at."""


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every JSON file is read as one too large to keep."""
    monkeypatch.setattr(json_tables, "_KEPT_BYTES", 0)


def user(number: int) -> dict[str, Any]:
    return {"screen_name": f"user{number}", "id": str(10**9 + number), "name": f"User {number}", "followers_count": 5}


def page(number: int) -> list[dict[str, Any]]:
    return [user(number * 2), user(number * 2 + 1)]


def whose(number: int) -> str:
    return "acme" if number < CHANGE else "beta"


IN_EACH: dict[str, Callable[[str], dict[str, Any]]] = {
    "Scweet's object": lambda owner: {"target": {"raw": owner, "username": owner}},
    "a flat name": lambda owner: {"target_username": owner},
    "its direction": lambda owner: {"followerOf": owner},
    "the address that was asked": lambda owner: {"inputUrl": f"https://x.com/{owner}"},
    "a vague word": lambda owner: {"source": f"@{owner}"},
}
AROUND: dict[str, Callable[[str, list[Any]], dict[str, Any]]] = {
    "an account that holds them": lambda owner, users: {"username": owner, "user_id": str(len(owner)), "users": users},
    "the owner beside": lambda owner, users: {"owner": {"screen_name": owner, "id": "7"}, "users": users},
    "a name beside": lambda owner, users: {"target": owner, "followers": users},
    "the address": lambda owner, users: {"url": f"https://x.com/{owner}/followers", "users": users},
    "twarc's address": lambda owner, users: {
        "data": users, "__twarc": {"url": f"https://api.twitter.com/2/users/{len(owner)}7{ord(owner[0])}/followers"},
    },
}  # fmt: skip


def written(path: Path, rows: list[Any]) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps(rows))
    else:
        path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


def handles(path: Path, owner: str) -> list[str]:
    batches = read_account_batches(inspect_table(look_at(path)), owner=owner)
    return [record.handle or "" for batch in batches for record in batch.records]


@pytest.mark.parametrize("name", ["people.json", "people.jsonl"])
@pytest.mark.parametrize("way", IN_EACH)
def test_an_owner_in_each_row_is_seen_far_down(tmp_path: Path, way: str, name: str) -> None:
    rows = [{**user(number), **IN_EACH[way](whose(number))} for number in range(COUNT)]
    path = written(tmp_path / name, rows)
    seen = recognise(path)
    assert (set(seen.owners), seen.rows) == ({"@acme", "@beta"}, COUNT)
    assert handles(path, "beta") == [f"user{number}" for number in range(CHANGE, COUNT)]
    assert handles(path, "@Acme") == [f"user{number}" for number in range(CHANGE)]


@pytest.mark.parametrize("way", AROUND)
def test_an_owner_around_a_page_is_seen_far_down(tmp_path: Path, way: str) -> None:
    path = written(tmp_path / "p.jsonl", [AROUND[way](whose(number), page(number)) for number in range(COUNT)])
    seen = recognise(path)
    assert (len(seen.owners), seen.own_names, seen.rows) == (2, (), 2 * COUNT)
    read = [handles(path, owner) for owner in seen.owners]
    expected = [f"user{number}" for number in range(2 * CHANGE)], [f"user{n}" for n in range(2 * CHANGE, 2 * COUNT)]
    assert sorted(read) == sorted(expected)


def test_pages_of_both_directions_are_two_readings(tmp_path: Path) -> None:
    rows = [{"mode": "followers" if number < CHANGE else "following", "users": page(number)} for number in range(COUNT)]
    path = written(tmp_path / "pages.jsonl", [*rows, {"users": page(COUNT), "next": 3}])
    seen = recognise(path)
    assert (seen.relation, seen.has_both_lists) == ("both", True)
    assert any("users without a direction' (2)" in note for note in seen.notes)
    read: dict[str, int] = {}
    for batch in read_account_batches(inspect_table(look_at(path))):
        read[batch.direction] = read.get(batch.direction, 0) + len(batch.records)
    assert read == {"follower": 2 * CHANGE, "following": 2 * (COUNT - CHANGE)}


def test_a_capture_that_went_from_one_profile_to_another_asks_whose_list(tmp_path: Path) -> None:
    def entry(owner: str, first: int) -> dict[str, Any]:
        variables = f"%7B%22userId%22%3A%22{owner}%22%2C%22count%22%3A20%7D"
        users = [user(number) for number in range(first, first + 3)]
        return {
            "request": {"url": f"https://x.com/i/api/graphql/abc/Followers?variables={variables}"},
            "response": {"content": {"text": json.dumps({"data": {"entries": users}})}},
        }

    path = tmp_path / "x.com.har"
    path.write_text(json.dumps({"log": {"entries": [entry("44196397", 0), entry("44196397", 3), entry("783214", 6)]}}))
    assert recognise(path).owners == ("44196397", "783214")
    assert handles(path, "783214") == ["user6", "user7", "user8"]


@pytest.mark.parametrize("way", IN_EACH)
def test_rows_that_begin_to_name_an_owner_stop_the_reading(tmp_path: Path, way: str) -> None:
    rows = [user(number) if number < CHANGE else {**user(number), **IN_EACH[way]("beta")} for number in range(COUNT)]
    path = written(tmp_path / "people.jsonl", rows)
    assert recognise(path).owners == ()
    with pytest.raises(BadInput, match=rf"from line {CHANGE + 1} on .*\(beta\).*--owner beta reads only those") as stop:
        list(read_account_batches(inspect_table(look_at(path))))
    assert "\n" not in str(stop.value)
    asked = recognise(path, is_through=True)
    assert (asked.owners, f"{CHANGE} accounts do not say whose list they are in" in asked.notes) == (("@beta",), True)
    assert handles(path, "beta") == [f"user{number}" for number in range(CHANGE, COUNT)]


def test_an_owner_named_by_all_but_a_few_is_the_owner(tmp_path: Path) -> None:
    rows = [{**user(number), "target_username": "" if number % 50 == 0 else "beta"} for number in range(COUNT)]
    seen = recognise(written(tmp_path / "people.json", rows))
    assert (seen.owners, seen.own_names) == ((), ("beta",))


def table(path: Path, owners: list[str], header: str = "target_username") -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["screen_name", "id", "name", header])
        writer.writerows([*list(user(number).values())[:3], owner] for number, owner in enumerate(owners))
    return path


def test_a_column_of_owners_that_is_empty_at_first_is_read_through(tmp_path: Path) -> None:
    seen = recognise(table(tmp_path / "people.csv", ["" if number < CHANGE else "beta" for number in range(COUNT)]))
    assert (seen.owners, seen.own_names) == (("@beta",), ())
    assert f"{CHANGE} rows do not say it" in seen.notes[0]
    batches = list(read_account_batches(inspect_table(look_at(seen.path)), owner="beta"))
    assert sum(len(batch.records) for batch in batches) == COUNT - CHANGE
    assert {problem.reason for batch in batches for problem in batch.problems} == {"does not say whose list it is in"}


@pytest.mark.parametrize("suffix", ["csv", "html"])
def test_another_table_below_stops_the_reading_and_the_same_header_does_not(tmp_path: Path, suffix: str) -> None:
    def people(first: int) -> list[list[str]]:
        return [list(user(number).values())[:3] for number in range(first, first + 10)]

    def saved(name: str, rows: list[list[str]]) -> Path:
        path = tmp_path / f"{name}.{suffix}"
        if suffix == "csv":
            path.write_text("\n".join(",".join(row) for row in rows) + "\n")
        else:
            body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
            path.write_text(f"<html><table>{body}</table></html>")
        return path

    head = ["screen_name", "id", "name"]
    again = saved("again", [head, *people(0), head, *people(10)])
    batches = list(read_account_batches(inspect_table(look_at(again))))
    assert sum(len(batch.records) for batch in batches) == 20
    assert ["the header again" in problem.reason for batch in batches for problem in batch.problems] == [True]
    for number, other in enumerate(([["name", "screen_name", "id"]], [["Beta's people"], head])):
        path = saved(f"other{number}", [head, *people(0), *other, *people(10)])
        with pytest.raises(BadInput, match=r"another table begins at line 1[23] "):
            list(read_account_batches(inspect_table(look_at(path))))


def test_rows_that_only_begin_as_a_header_does_are_rows(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,screen_name,bio\nName,thename,Founder\nUsername,user_name,Email\nUser,a_user,id\n")
    found = [record.handle for batch in read_account_batches(inspect_table(look_at(path))) for record in batch.records]
    assert found == ["thename", "user_name", "a_user"]


@pytest.mark.parametrize(("heads", "line"), [
    (("Followers", "Following"), "@{}"), (("Followers of @acme:", "We are following:"), "- @{}"),
    (("## Followers", "## Following"), "- [A name](https://x.com/{})"), (("", "# Friends"), "* @{} a bio"),
])  # fmt: skip
def test_a_heading_of_the_other_direction_stops_a_list_of_lines(
    tmp_path: Path, heads: tuple[str, str], line: str
) -> None:
    def people(letter: str) -> list[str]:
        return [line.format(f"{letter}{number}") for number in range(30)]

    path = tmp_path / "people.txt"
    path.write_text("\n".join([heads[0], *people("a"), "", heads[1], *people("b")]) + "\n")
    with pytest.raises(BadInput, match=f"another list begins at line 33 .{heads[1]}"):
        list(read_account_batches(inspect_table(look_at(path))))
