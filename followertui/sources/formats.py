"""The formats tables come in.

Owns which of them a file goes to. Imported by ``sniffing`` and the readers of this room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.sources.json_tables import JsonTable
from followertui.sources.line_lists import LineList, way_of
from followertui.sources.markdown_tables import MarkdownTable, is_markdown
from followertui.sources.named_handles import parted_rows, with_handles, written
from followertui.sources.sifting import Batch
from followertui.sources.tables import BATCH_ROWS, TableFormat, TableShape
from followertui.sources.text_files import FirstLook, shown_name, whole_lines
from followertui.sources.text_tables import TextTable

if TYPE_CHECKING:
    from followertui.sources import markup_tables, vcards, workbooks
else:
    markup_tables = late("followertui.sources.markup_tables")
    vcards = late("followertui.sources.vcards")
    workbooks = late("followertui.sources.workbooks")

_FORMATS: dict[str, tuple[tuple[str, ...], Callable[[], TableFormat]]] = {
    "workbook": (("XLSX",), lambda: workbooks.Workbook()),
    "json": (("JSON", "JSONL"), JsonTable),
    "markup": (("HTML table",), lambda: markup_tables.MarkupTable()),
    "vcard": (("vCard",), lambda: vcards.VCards()),
    "markdown": (("Markdown table",), MarkdownTable),
    "lines": (("text",), LineList),
    "text": (("CSV", "TSV"), TextTable),
}
"""Every format by what the first bytes of a file tell: what it is called, and its reader."""

_BY_NAME = {name: reader for names, reader in _FORMATS.values() for name in names}


def inspect_table(first: FirstLook, sheet: str | None = None) -> TableShape:
    """Look at the start of a table of any format.

    Args:
        first: what the first look at its bytes told.
        sheet: worksheet to read; the first with rows where not said.

    Raises:
        BadInput: when the file holds no table.
    """
    form = first.form
    if form == "text":
        text = whole_lines(first)
        form = "markdown" if is_markdown(text) else "lines" if way_of(text) else form
    if form not in _FORMATS:
        raise BadInput(f"{shown_name(first.path)}: is a part of an X archive and no table; import it as archive.")
    _, reader = _FORMATS[form]
    return with_handles(reader().inspect(first, sheet))


def read_batches(shape: TableShape, size: int = BATCH_ROWS) -> Iterator[Batch]:
    """Rows below the header, in file order, in batches of at most ``size``.

    Args:
        shape: what ``inspect_table`` said.
        size: most rows of a batch.

    Raises:
        BadInput: when the file turns out to be cut off.
    """
    for batch in _BY_NAME[shape.format]().batches(written(shape), size):
        yield parted_rows(shape, batch)
