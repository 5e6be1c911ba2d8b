"""The formats tables come in.

Owns which of them a file goes to. Imported by ``sniffing`` and the readers of this room.
"""

from __future__ import annotations

from collections.abc import Iterator

from followertui.domain.errors import BadInput
from followertui.sources.json_tables import JsonTable
from followertui.sources.line_lists import LineList, way_of
from followertui.sources.markdown_tables import MarkdownTable, is_markdown
from followertui.sources.markup_tables import MarkupTable
from followertui.sources.named_handles import parted_rows, with_handles, written
from followertui.sources.sifting import Batch
from followertui.sources.tables import BATCH_ROWS, TableFormat, TableShape
from followertui.sources.text_files import FirstLook, shown_name, whole_lines
from followertui.sources.text_tables import TextTable
from followertui.sources.vcards import VCards
from followertui.sources.workbooks import Workbook

FORMATS: tuple[TableFormat, ...] = (
    Workbook(), JsonTable(), MarkupTable(), VCards(), MarkdownTable(), LineList(), TextTable(),
)  # fmt: skip
"""Every format."""

_BY_FORM = {one.form: one for one in FORMATS}
_BY_NAME = {name: one for one in FORMATS for name in one.names}


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
    table = _BY_FORM.get(form)
    if table is None:
        raise BadInput(f"{shown_name(first.path)}: is a part of an X archive and no table; import it as archive.")
    return with_handles(table.inspect(first, sheet))


def read_batches(shape: TableShape, size: int = BATCH_ROWS) -> Iterator[Batch]:
    """Rows below the header, in file order, in batches of at most ``size``.

    Args:
        shape: what ``inspect_table`` said.
        size: most rows of a batch.

    Raises:
        BadInput: when the file turns out to be cut off.
    """
    for batch in _BY_NAME[shape.format].batches(written(shape), size):
        yield parted_rows(shape, batch)
