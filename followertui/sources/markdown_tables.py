"""Tables as Markdown writes them: cells between bars, a row of dashes below the header, links in brackets.

Owns the cells and what is written round a text to make it bold or a link. Imported by ``formats``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from followertui.domain.errors import BadInput
from followertui.sources.sifting import Batch, Sifter
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, distinct, sample_rows
from followertui.sources.text_files import FirstLook, open_text, shown_name, whole_lines

_RULE = re.compile(r"\|?(?:\s*:?-{1,}:?\s*\|)+(?:\s*:?-{1,}:?\s*)?")
_BAR = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(<?([^()\s>]*)>?(?:\s[^)]*)?\)")
_MARKS = re.compile(r"\*\*|__|`|~~|</?\w+/?>")
_LOOKED_AT = 200


def is_markdown(text: str) -> bool:
    """Whether a text has a table of Markdown among its first lines."""
    lines = [line.strip() for line in islice(io.StringIO(text), _LOOKED_AT)]
    return any("|" in head and _RULE.fullmatch(rule) and not _RULE.fullmatch(head) for head, rule in pairwise(lines))


class MarkdownTable(TableFormat):
    """The first table of a text; what a cell links to stands in a column of its own."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Header and first rows, and where the table begins."""
        text, is_whole = whole_lines(first), first.size <= len(first.sample)
        lines = list(io.StringIO(text))
        at = next(at for at, line in enumerate(lines) if _RULE.fullmatch(line.strip())) - 1
        names = [_cell(cell)[0] for cell in _cells(lines[at])]
        rows = [row for _, row in islice(_rows(enumerate(lines, start=1), at + 2), SAMPLE_ROWS)]
        linked = [place for place in range(len(names)) if any(_linked(row, place) for row in rows)]
        header = distinct([*names, *(f"{names[place]} link" for place in linked)])
        samples = [_filled(row, names, linked) for row in rows]
        estimate = sum(1 for _ in _rows(enumerate(lines, start=1), at + 2))
        if not is_whole:
            estimate = estimate * first.size // len(first.sample)
        parts = (first.path, "Markdown table", first.encoding, ",".join(map(str, linked)), "", (), header, at + 1)
        return TableShape(*parts, sample_rows(samples), estimate, is_counted=is_whole)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Rows of the table.

        Raises:
            BadInput: another table begins below it.
        """
        linked = [int(place) for place in shape.delimiter.split(",") if place]
        names = shape.header[: len(shape.header) - len(linked)]
        sifter = Sifter(shape.header, shown_name(shape.path))
        with open_text(shape.path, shape.encoding) as file:
            lines = enumerate(file, start=1)
            found = _rows(lines, shape.header_line + 1)
            while chunk := list(islice(found, size)):
                yield sifter.sift([line for line, _ in chunk], [_filled(row, names, linked) for _, row in chunk])
            for number, line in lines:
                if _RULE.fullmatch(line.strip()):
                    raise BadInput(
                        f"{shown_name(shape.path)}: another table begins at line {number - 1:,}; save each table as a "
                        "file of its own."
                    )


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|"))]


def _cell(cell: str) -> tuple[str, str]:
    """The text of a cell, and what its first link leads to."""
    found = _LINK.search(cell)
    return _MARKS.sub("", _LINK.sub(r"\1", cell)).strip(), found[2] if found else ""


def _rows(lines: Iterable[tuple[int, str]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line of each, down to the first line that is none."""
    for number, line in lines:
        if number <= skipped:
            continue
        if "|" not in line:
            return
        yield number, _cells(line)


def _linked(row: list[str], place: int) -> str:
    """What a cell links to, where its text does not say the same; "" for nothing."""
    text, link = _cell(row[place]) if place < len(row) else ("", "")
    return link if link and text.lstrip("@").lower() != link.rstrip("/").rpartition("/")[2].lower() else ""


def _filled(row: list[str], names: list[str] | tuple[str, ...], linked: list[int]) -> list[str]:
    cells = [_cell(cell)[0] for cell in row]
    cells = [*cells[: len(names)], *[""] * (len(names) - len(cells))] if len(cells) <= len(names) else cells
    return [*cells, *(_cell(row[place])[1] if place < len(row) else "" for place in linked)]
