"""Text that names accounts line by line without being a table: ``@name => id``, bullets, several in a line, a page.

Owns telling such text from tables, and its rows. Imported by ``formats``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice

from followertui.domain.errors import BadInput
from followertui.sources.list_statements import direction_of
from followertui.sources.pasted_pages import PAGE_COLUMNS, accounts_of, is_page
from followertui.sources.problems import row_problem
from followertui.sources.sifting import Batch
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape
from followertui.sources.text_files import FirstLook, open_text, shown_name, whole_lines
from followertui.text.cleaning import clean_text

_LOOKED_AT = 200
_NAME = r"@[A-Za-z0-9_]{1,15}"
_LINK = r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/[@\w][^\s,;)\]]*"
_BARE = r"[A-Za-z0-9_]{1,15}"
_BULLET = r"(?:[-*+•‣–]|\d{1,7}[.)])\s+"
_ARROW = r"\s*(?:=>|->|-->|→|⇒|:|=|\|)\s*"
_ID = re.compile(r"\d{2,19}")
_PAIR = re.compile(rf"(?:{_BULLET})?({_NAME}|{_LINK}|{_BARE}|\d{{2,19}}){_ARROW}({_NAME}|{_LINK}|{_BARE}|\d{{2,19}})")
_ITEM = re.compile(rf"{_BULLET}[*_`]*(?:\[([^\]]*)\]\()?({_NAME}|{_LINK})\)?[*_`]*(?:\s*[-–—:,|(]?\s*(.*))?")
_BULLETED = re.compile(_BULLET)
_MARKED = re.compile(rf"(?:{_NAME}|{_LINK})(?![\w@])")
_BETWEEN = re.compile(r"[\s,;|·•]*")
_REMARK = ("#", "//")
_LONGEST_HEADING = 80


def _pair(line: str) -> list[str] | None:
    """Handle and id of a line that has both."""
    found = _PAIR.fullmatch(line)
    if found is None:
        return None
    first, second = found.groups()
    are_ids = [bool(_ID.fullmatch(part)) for part in (first, second)]
    return None if are_ids[0] == are_ids[1] else [second, first] if are_ids[0] else [first, second]


def _item(line: str) -> list[str] | None:
    """The account of a bullet or a numbered line, the name it is called by, and what is said beside it."""
    found = _ITEM.fullmatch(line)
    if found is None:
        return None
    name = (found[1] or "").strip("*_` ")
    return [found[2], "" if name.startswith("@") else name, (found[3] or "").strip().rstrip(")")]


def _several(line: str) -> list[str] | None:
    """The accounts of a line of nothing but @handles and links."""
    names = _MARKED.findall(line)
    return names if names and _BETWEEN.fullmatch(_MARKED.sub("", line)) else None


def way_of(text: str) -> str:
    """How a text names accounts: "page", "pairs", "items", "several", or "" where it is something else.

    Args:
        text: its start.
    """
    told = [line for _, line in islice(_lines(io.StringIO(text)), _LOOKED_AT)]
    heads = {direction for line in _lines(io.StringIO(text)) if (direction := _heading(line[1]))}
    lines = [line for line in told if not line.startswith(_REMARK) and not (len(heads) > 1 and _heading(line))]
    if not lines:
        return ""
    if is_page(lines):
        return "page"
    if all(_pair(line) for line in lines):
        return "pairs"
    bullets = [line for line in lines if _BULLETED.match(line)]
    # What stands above and between the items is prose.
    is_list = len(bullets) > 1 and len(bullets) * 2 >= len(lines)
    if is_list and sum(_item(line) is not None for line in bullets) * 10 >= len(bullets) * 9:
        return "items"
    counts = {len(found) if (found := _several(line)) else 0 for line in lines}
    # Lines that all hold two are a table of pairs.
    is_table = max(counts) == 1 or (len(lines) > 1 and len(counts) == 1)
    return "several" if 0 not in counts and (len(heads) > 1 or not is_table) else ""


def _lines(file: io.TextIOBase | Iterator[str]) -> Iterator[tuple[int, str]]:
    """Line number and text, without blank lines."""
    for number, line in enumerate(file, start=1):
        text = line.strip().lstrip("\ufeff")
        if text:
            yield number, text


def _heading(line: str) -> str | None:
    """The direction a line without accounts announces for those below it, None where it announces none."""
    if len(line) > _LONGEST_HEADING or _item(line) or _several(line):
        return None
    said = {direction_of(word) for word in re.findall(r"[A-Za-z]+", line)} - {None, "both"}
    return said.pop() if len(said) == 1 else None


class LineList(TableFormat):
    """Accounts named line by line."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Handle and what else stands in a line; the rows are estimated in a file longer than the sample."""
        text, is_whole = whole_lines(first), first.size <= len(first.sample)
        way = way_of(text)
        header = {
            "pairs": ("handle", "id"),
            "items": ("handle", "name", "text"),
            "several": ("handle",),
            "page": PAGE_COLUMNS,
        }[way]
        told = [line for _, line in _lines(io.StringIO(text)) if not line.startswith(_REMARK)]
        if way == "page":
            rows = [row for _, row in accounts_of(_lines(io.StringIO(text)))]
        else:
            rows = [row for line in told for row in _rows(way, line) or ()]
        if way == "items":
            kept = [0, *(at for at in (1, 2) if any(row[at] for row in rows))]
            header, rows = tuple(header[at] for at in kept), [[row[at] for at in kept] for row in rows]
        estimate = len(rows) if is_whole else len(rows) * first.size // max(1, len(first.sample))
        shape = (first.path, "text", first.encoding, way, "", (), header, 0)
        return TableShape(*shape, rows[:SAMPLE_ROWS], estimate, is_counted=is_whole)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """The accounts of each line; lines that name none are told.

        Raises:
            BadInput: a heading says that another list begins.
        """
        if shape.delimiter == "page":
            yield from _of_page(shape, size)
            return
        columns = ("handle", "name", "text") if shape.delimiter == "items" else shape.header
        places = [columns.index(column) for column in shape.header]
        with open_text(shape.path, shape.encoding) as file:
            lines = _lines(iter(file))
            direction: str | None = None
            while chunk := list(islice(lines, size)):
                batch = Batch([], [], [])
                numbers: list[int] = []
                for number, line in chunk:
                    said = _heading(line)
                    if said and direction not in (None, said):
                        raise BadInput(
                            f"{shown_name(shape.path)}: another list begins at line {number:,} "
                            f"({clean_text(line, limit=60)}); save each list as a file of its own."
                        )
                    direction = said or direction
                    if line.startswith(_REMARK):
                        continue
                    rows = _rows(shape.delimiter, line)
                    if rows is None:
                        batch.problems.append(row_problem(number, line, "names no account"))
                    for row in rows or ():
                        direction = direction or "unsaid"
                        numbers.append(number)
                        batch.rows.append([row[at] for at in places])
                yield batch._replace(lines=numbers)


def _of_page(shape: TableShape, size: int) -> Iterator[Batch]:
    with open_text(shape.path, shape.encoding) as file:
        accounts = accounts_of(_lines(iter(file)))
        while chunk := list(islice(accounts, size)):
            yield Batch([line for line, _ in chunk], [row for _, row in chunk], [])


def _rows(way: str, line: str) -> list[list[str]] | None:
    """The rows of a line; None where it names no account."""
    if way == "several":
        found = _several(line)
        return None if found is None else [[one] for one in found]
    row = _pair(line) if way == "pairs" else _item(line)
    return None if row is None else [row]
