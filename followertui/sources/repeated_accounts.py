"""Tables whose rows are few accounts again and again: the column of accounts is another one, so they are not read.

Owns when that is so, and the message. Imported by ``account_exports``.
"""

from __future__ import annotations

from collections.abc import Mapping

from followertui.domain.account import RecordColumns
from followertui.domain.errors import BadInput
from followertui.sources.tables import TableShape
from followertui.sources.text_files import shown_name

_FIRST_ROWS, _FEWEST_ROWS = 2000, 20


class Sameness:
    """Notices that the rows of a file are few accounts again and again, by the first of them."""

    def __init__(self, shape: TableShape) -> None:
        self._name = shown_name(shape.path)
        self._rows = 0
        self._known: set[object] = set()

    def look(self, records: RecordColumns) -> None:
        """Take a batch into account.

        Raises:
            BadInput: nine of ten rows are an account that was there before.
        """
        if self._rows >= _FIRST_ROWS:
            return
        self._rows += len(records)
        handles = (handle and handle.lower() for handle in records.column("handle"))
        self._known.update(x_id or handle for x_id, handle in zip(records.column("x_id"), handles, strict=True))
        if self._rows >= _FEWEST_ROWS and len(self._known) * 10 <= self._rows:
            raise BadInput(
                f"{self._name}: the first {self._rows:,} rows are only {_counted(len(self._known))}, so its "
                "column of accounts is another one; look at it with --dry-run and name it with --map COLUMN=handle."
            )


def _counted(count: int) -> str:
    return f"{count:,} account" + ("" if count == 1 else "s")


def refuse_repeated(shape: TableShape, fields: Mapping[str, int], mapping: Mapping[str, str]) -> None:
    """Refuse a table whose rows are few accounts again and again: that column says whose list it is.

    Raises:
        BadInput: half of the rows or more repeat an account, and nobody said which column is meant.
    """
    places = [fields[field] for field in ("handle", "x_id") if field in fields]
    if any(shape.header[place] in mapping for place in places):
        return
    # A row that is there twice says nothing of whose list it is in.
    rows = set(map(tuple, shape.samples))
    for place in places:
        cells = [row[place].strip().lower() for row in rows if row[place].strip()]
        few = len(set(cells))
        if len(cells) >= 4 and few * 2 <= len(cells):
            column = shape.header[place]
            raise BadInput(
                f"{shown_name(shape.path)}: {len(cells):,} rows are only {few:,} accounts by column {column!r}, so it "
                f"seems to say whose list this is; keep the rows of one, and say --map {column!r}= "
                "--map COLUMN=x_id (or handle) for the other side."
            )


def refuse_side_by_side(shape: TableShape, fields: Mapping[str, int]) -> None:
    """Refuse a table whose column of accounts is there again under the same header: two lists side by side.

    Raises:
        BadInput: there is such a column with other accounts in it, and nobody said which is meant.
    """
    for field in ("handle", "x_id"):
        again = f"{shape.header[fields[field]]} (2)" if field in fields else ""
        if again in shape.header:
            at = shape.header.index(again)
            if any(row[at].strip() not in ("", row[fields[field]].strip()) for row in shape.samples):
                raise BadInput(
                    f"{shown_name(shape.path)}: two lists stand side by side ({shape.header[fields[field]]!r} is there "
                    "twice); save each as a file of its own."
                )
