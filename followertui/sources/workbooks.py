"""Workbooks (XLSX and its relatives) as rows of text, read in a process of their own.

Owns starting that process and taking its answers. Imported by ``formats``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import followertui
from followertui.domain.errors import BadInput
from followertui.sources.sifting import Batch, Sifter
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, find_header, first_rows, sample_rows
from followertui.sources.text_files import Encoding, FirstLook, shown_name

_START = "from followertui.sources.workbook_reading import main; main()"
_PIPE_BYTES = 1 << 20


class Sheet(NamedTuple):
    """One worksheet.

    Attributes:
        name: its name.
        names: all sheets of the workbook.
        row_count: how many rows it has, empty ones at the top included.
        rows: cells as text, in sheet order; the process that reads them ends with the iterator.
    """

    name: str
    names: tuple[str, ...]
    row_count: int
    rows: Iterator[list[str]]


class Workbook(TableFormat):
    """One worksheet of a workbook."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Header and first rows of the sheet; the first with rows where none is named."""
        name, names, count, rows = read_sheet(first.path, sheet)
        blank, head = first_rows(rows)
        at, header = find_header(first.path, head)
        above = 0 if at < 0 else blank + at + 1
        below = sample_rows(head[at + 1 :])
        samples = Sifter(header, shown_name(first.path)).sift(range(above + 1, above + 1 + len(below)), below).rows
        shape = (first.path, "XLSX", Encoding("utf-8"), "", name, names, header, above)
        return TableShape(*shape, samples[:SAMPLE_ROWS], max(0, count - blank - at - 1), is_counted=True)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Rows as the sheet has them."""
        rows = islice(read_sheet(shape.path, shape.sheet).rows, shape.header_line, None)
        line = shape.header_line + 1
        sifter = Sifter(shape.header, shown_name(shape.path))
        while chunk := list(islice(rows, size)):
            yield sifter.sift(range(line, line + len(chunk)), chunk)
            line += len(chunk)


def read_sheet(path: Path, sheet: str | None) -> Sheet:
    """One worksheet as rows of text.

    Args:
        path: the workbook.
        sheet: name of the sheet; the first visible one with rows where not said.

    Raises:
        BadInput: when it is no workbook, is protected, is too much to read, or has no such sheet.
    """
    answers = _answers(path, sheet)
    first = next(answers)
    return Sheet(first["sheet"], tuple(first["sheets"]), first["rows"], _rows(answers))


def _rows(answers: Iterator[Any]) -> Iterator[list[str]]:
    for batch in answers:
        yield from batch


def _answers(path: Path, sheet: str | None) -> Iterator[Any]:
    """What the reading process says, line by line.

    Raises:
        BadInput: it refused the workbook, or ended before its last answer.
    """
    shown = shown_name(path)
    home = str(Path(followertui.__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    with subprocess.Popen(
        # -P: nothing is imported from the folder one happens to be in.
        [sys.executable, "-P", "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([home, known] if known else [home])},
        start_new_session=True,
        pipesize=_PIPE_BYTES,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps([str(path.absolute()), shown, sheet]).encode())
                process.stdin.close()
            for line in process.stdout:
                answer = json.loads(line)
                if isinstance(answer, dict) and "refused" in answer:
                    raise BadInput(answer["refused"])
                yield answer
            if process.wait():
                raise BadInput(
                    f"{shown}: this workbook is damaged, or needs too much memory to read; save the sheet as CSV."
                )
        finally:
            process.kill()
