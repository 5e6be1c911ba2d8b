"""A worksheet comes back as spreadsheets save it, as one gesture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Call

Sheet = Callable[..., Path]
WORDS = ("done", "later", "missing")


@pytest.fixture
def sheet(call: Call, tmp_path: Path) -> list[dict[str, str]]:
    """Three unfollows as a worksheet, each with another answer."""
    assert call("decide", "handle:oldfriend OR handle:freightnews OR handle:x8271628192", "out").code == 0
    path = tmp_path / "plan.csv"
    assert call("worksheet", str(path)).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert len(rows) == len(WORDS)
    return [{**row, "done": word} for row, word in zip(rows, WORDS, strict=True)]


def saved(
    path: Path, rows: list[dict[str, str]], encoding: str, delimiter: str = ",", end: str = "\r\n", head: str = ""
) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes((head + text.getvalue()).encode(encoding, errors="replace"))
    return path


def states(call: Call) -> tuple[int, int, int, int]:
    [action] = call("plan", "--json").json["actions"]
    return action["ready"], action["done_by_hand"], action["later"], action["missing"]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end", "head"),
    [
        ("utf-8-sig", ";", "\r\n", ""),
        ("cp1252", ";", "\r\n", ""),
        ("mac_roman", ";", "\r", ""),
        ("utf-16", "\t", "\r\n", ""),
        ("utf-8", ",", "\n", ""),
        ("utf-8-sig", ";", "\r\n", "sep=;\r\n"),
    ],
    ids=["excel", "excel code page", "old mac", "unicode text", "libreoffice", "sep line"],
)
def test_every_outcome_comes_back_and_undo_restores_the_plan(
    call: Call, tmp_path: Path, sheet: list[dict[str, str]], encoding: str, delimiter: str, end: str, head: str
) -> None:
    rows = [{**row, "name": "Café Zoë"} for row in sheet]
    back = call("worksheet", "import", str(saved(tmp_path / "back.csv", rows, encoding, delimiter, end, head)))
    assert (back.code, "1 done, 1 later, 1 missing, 0 still open" in back.err) == (0, True), back.err
    assert states(call) == (0, 1, 1, 1)
    [entry] = [line for line in call("journal", "--json").json if line["command"] == "worksheet"]
    assert entry["text"] == "worksheet back.csv: 1 done, 1 later, 1 missing"
    undone = call("undo", "--yes")
    assert "undo: worksheet back.csv: 1 done, 1 later, 1 missing" in undone.err + undone.out
    assert states(call) == (3, 0, 0, 0)
    assert call("redo", "--yes").code == 0
    assert states(call) == (0, 1, 1, 1)
    assert call("undo", "--yes").code == 0
    assert states(call) == (3, 0, 0, 0)


def test_what_a_spreadsheet_does_to_digits_costs_no_answer(
    call: Call, tmp_path: Path, sheet: list[dict[str, str]]
) -> None:
    """A handle of digits became a number, an id of an older sheet 1.79E+18: code and link, or handle, still tell."""
    by_link = [{**row, "handle": "1.23457E+11"} for row in sheet[:1]]
    older = [{"item": sheet[1]["code"][1:], "handle": sheet[1]["handle"], "id": "1.79E+18", "done": "done"}]
    assert call("worksheet", "import", str(saved(tmp_path / "a.csv", by_link, "utf-8-sig", ";"))).code == 0
    assert call("worksheet", "import", str(saved(tmp_path / "b.csv", older, "utf-8-sig", ";"))).code == 0
    assert states(call) == (1, 2, 0, 0)


def test_a_line_of_another_account_or_none_at_all_is_left_alone(
    call: Call, tmp_path: Path, sheet: list[dict[str, str]]
) -> None:
    other = [{**sheet[0], "code": sheet[1]["code"]}, {**sheet[2], "code": "12. Mai"}, {**sheet[2], "code": "p99999"}]
    result = call("worksheet", "import", str(saved(tmp_path / "a.csv", other, "utf-8")))
    assert (result.code, "1 left alone: is another account" in result.err) == (4, True)
    assert "2 left alone: not in this store's plan" in result.err
    assert states(call) == (3, 0, 0, 0)
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04 rest")
    assert "is a workbook; save the sheet as CSV" in call("worksheet", "import", str(tmp_path / "book.csv")).err


def test_a_sheet_says_why_and_holds_no_long_number(call: Call, sheet: list[dict[str, str]]) -> None:
    assert all(row["why"] for row in sheet)
    assert not any(cell.isdigit() and len(cell) > 9 for row in sheet for cell in row.values())


def test_every_click_is_listed_with_who_why_and_what_came_of_it(
    call: Call, tmp_path: Path, sheet: list[dict[str, str]]
) -> None:
    assert call("worksheet", "import", str(saved(tmp_path / "a.csv", sheet, "utf-8"))).code == 0
    listed = call("journal", "--calls", "--json").json
    assert [(line["by"], line["outcome"], line["who"]) for line in listed] == [
        ("hand", "missing", "mk"),
        ("hand", "done", "mk"),
    ]
    assert listed[0]["at"].endswith("Z")
    assert {line["handle"] for line in listed} == {sheet[0]["handle"], sheet[2]["handle"]}
    table = list(csv.DictReader(io.StringIO(call("journal", "--calls", "--csv").out)))
    assert [row["text"] for row in table] == [line["text"] for line in listed]
    assert all(row["why"] for row in table)
