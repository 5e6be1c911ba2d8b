"""The one look at a file: its bytes, its table, and what its columns may mean.

Owns what every kind of file is told from. Imported by the kinds and ``recognising``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.account_columns import COUNT_FIELDS, guess_account_columns
from followertui.sources.account_objects import sample_accounts
from followertui.sources.column_names import ColumnGuess
from followertui.sources.fingerprints import fingerprint
from followertui.sources.list_columns import guess_list_columns
from followertui.sources.tables import TableShape, inspect_table
from followertui.sources.text_files import look_at, shown_name

_OF_LISTS = frozenset({"company", "email", "first_name", "last_name"})


class Sniffed(NamedTuple):
    """A file as one look shows it.

    Attributes:
        path: file or folder.
        form: "folder", "js" or "zip" for what may be an archive, else the table's format.
        sha256: of the bytes; of a folder, by the names and contents of its files.
        size, modified_ns: bytes, and when it was changed (nanoseconds); 0 for a folder.
        table: the start of its table, None where it holds none.
        accounts: of JSON, the first accounts in it with the flag their surroundings state; none
            where its objects are entries of a list.
        account_columns, list_columns: what each column of the table is taken for.
    """

    path: Path
    form: str
    sha256: str
    size: int = 0
    modified_ns: int = 0
    table: TableShape | None = None
    accounts: Sequence[tuple[str | None, dict[str, Any]]] = ()
    account_columns: Sequence[ColumnGuess] = ()
    list_columns: Sequence[ColumnGuess] = ()

    @property
    def account_fields(self) -> set[str]:
        """Fields that columns have if these are accounts."""
        return {guess.field for guess in self.account_columns if guess.field}

    @property
    def list_fields(self) -> set[str]:
        """Fields that columns have if this is a list."""
        return {guess.field for guess in self.list_columns if guess.field}


def sniff(path: Path, sheet: str | None = None) -> Sniffed:
    """Look at a file once.

    Args:
        path: file or folder.
        sheet: worksheet of a workbook.

    Raises:
        BadInput: it is nothing that can be read.
    """
    if path.is_dir():
        return Sniffed(path, "folder", fingerprint(path))
    first = look_at(path)
    known = (first.sha256, first.size, first.modified_ns)
    if first.sample.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"window.YTD", b"window.__THAR", b"YTD.")):
        return Sniffed(path, "js", *known)
    if first.members is not None and not _is_workbook_zip(path, first.members):
        return Sniffed(path, "zip", *known)
    table = inspect_table(first, sheet)
    sniffed = Sniffed(
        path, table.format, *known, table,
        account_columns=guess_account_columns(table.header, table.samples),
        list_columns=guess_list_columns(table.header, table.samples),
    )  # fmt: skip
    is_list = sniffed.list_fields & _OF_LISTS and not sniffed.account_fields & {*COUNT_FIELDS, "bio"}
    return sniffed if is_list or not table.is_json else sniffed._replace(accounts=sample_accounts(table.values))


def _is_workbook_zip(path: Path, names: Sequence[str]) -> bool:
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return True
    tables = [name for name in names if name.lower().endswith((".csv", ".xlsx", ".json")) and "/data/" not in name]
    if tables and not any(name.lower().endswith(".js") for name in names):
        inside = shown_name(Path(next((name for name in tables if "connections" in name.lower()), tables[0])))
        raise BadInput(f"{shown_name(path)}: a zip that is no X archive; unpack it and import {inside}.")
    return False
