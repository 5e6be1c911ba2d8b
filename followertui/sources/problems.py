"""What a file's reader could not take, line by line, and how it is told and saved.

Owns the row-level problem and its report. Does not own what counts as one (the readers).
Imported by the readers of this room and by services.
"""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from followertui import private_files
from followertui.text.cleaning import clean_text
from followertui.text.escaping import safe_csv_cell

_HEAD = "line,column,value,reason,row"


class Problem(NamedTuple):
    """One value or row that was not taken as it stands.

    Attributes:
        line: one-based line (row in a workbook, element in JSON on one line); 0 for the whole file.
        column: header of the column, or empty for the whole row.
        value: the text, cleaned, at most 80 characters.
        reason: plain words.
        is_refused: whether the whole row was left out; else only this value.
    """

    line: int
    column: str
    value: str
    reason: str
    is_refused: bool = False


def value_problem(line: int, column: str, value: object, reason: str) -> Problem:
    """A value that was left out while its row was taken."""
    return Problem(line, column, clean_text(str(value), limit=80), reason)


def row_problem(line: int, value: object, reason: str, column: str = "") -> Problem:
    """A row that was left out."""
    return Problem(line, column, clean_text(str(value), limit=80), reason, True)


def check_target(path: Path) -> None:
    """Make sure that a file may be written over: it is not there, or is a list of problems itself.

    Raises:
        OSError: it is something else, or cannot be read.
    """
    if os.path.lexists(path):
        with private_files.open_own(path) as file:
            if not file.readline(200).startswith(_HEAD.encode("utf-8-sig")):
                raise FileExistsError(errno.EEXIST, "exists already and is no list of problems", str(path))


def write_problems(path: Path, problems: Iterable[Problem]) -> int:
    """Save problems as CSV (``line,column,value,reason,row``), harmless in a spreadsheet.

    Args:
        path: the file to write, of mode 0600; an earlier list of problems is replaced.
        problems: any number, in file order.

    Returns:
        How many were written.

    Raises:
        OSError: something else has the name, or it cannot be written.
    """
    check_target(path)
    part = private_files.part_of(path)
    try:
        with private_files.create(part) as made, io.TextIOWrapper(made, "utf-8-sig", newline="") as file:
            count = _write(csv.writer(file), problems)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _write(writer: Any, problems: Iterable[Problem]) -> int:
    writer.writerow(_HEAD.split(","))
    count = 0
    for problem in problems:
        row = "left out" if problem.is_refused else "taken"
        cells = (safe_csv_cell(problem.column), safe_csv_cell(problem.value), safe_csv_cell(problem.reason))
        writer.writerow((problem.line, *cells, row))
        count += 1
    return count
