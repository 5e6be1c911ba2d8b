"""The one look at a file: its bytes, its table, and what its columns may mean.

Owns what every kind of file is told from. Imported by the kinds and ``recognising``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.account_columns import COUNT_FIELDS, guess_account_columns
from followertui.sources.account_json import lists_of
from followertui.sources.account_lists import AccountLists
from followertui.sources.archive_parts import scripts_in
from followertui.sources.column_names import ColumnGuess
from followertui.sources.formats import inspect_table
from followertui.sources.list_columns import guess_list_columns
from followertui.sources.tables import TableShape
from followertui.sources.text_files import look_at, shown_name
from followertui.text.encodings import Reading

_OF_LISTS = frozenset({"company", "email", "first_name", "last_name"})


class Sniffed(NamedTuple):
    """A file as one look shows it.

    Attributes:
        path: file or folder.
        form: "folder", "js" or "zip" for what may be an archive, else the table's format.
        sha256: of the bytes; of a folder, by the names and contents of its scripts.
        size, modified_ns: bytes, and when it was changed (nanoseconds); 0 for a folder.
        table: the start of its table, None where it holds none.
        readings: where its code page is not certain, the text as the likeliest ones have it.
        lists: of JSON, the lists of accounts in it; None where its objects are entries of a list.
        account_columns, list_columns: what each column of the table is taken for.
    """

    path: Path
    form: str
    sha256: str
    size: int = 0
    modified_ns: int = 0
    table: TableShape | None = None
    readings: tuple[Reading, ...] = ()
    lists: AccountLists | None = None
    account_columns: Sequence[ColumnGuess] = ()
    list_columns: Sequence[ColumnGuess] = ()

    @property
    def holds_accounts(self) -> bool:
        """Whether it is JSON with a list of accounts."""
        return self.lists is not None and bool(self.lists.lists)

    @property
    def account_fields(self) -> set[str]:
        """Fields that columns have if these are accounts."""
        return {guess.field for guess in self.account_columns if guess.field}

    @property
    def list_fields(self) -> set[str]:
        """Fields that columns have if this is a list."""
        return {guess.field for guess in self.list_columns if guess.field}


def sniff(path: Path, sheet: str | None = None, encoding: str | None = None, *, is_through: bool = False) -> Sniffed:
    """Look at a file once.

    Args:
        path: file or folder.
        sheet: worksheet of a workbook.
        encoding: how its text is written; None leaves it to the file.
        is_through: read JSON through to find whose lists it holds, also where its first rows do not say it.

    Raises:
        BadInput: it is nothing that can be read.
    """
    if path.is_dir():
        return Sniffed(path, "folder", folder_hash(path))
    first = look_at(path, encoding)
    known = (first.sha256, first.size, first.modified_ns)
    if first.form in ("js", "zip"):
        return Sniffed(path, first.form, *known)
    table = inspect_table(first, sheet)
    sniffed = Sniffed(
        path, table.format, *known, table, readings=first.readings,
        account_columns=guess_account_columns(table.header, table.samples),
        list_columns=guess_list_columns(table.header, table.samples),
    )  # fmt: skip
    if first.form != "json":
        return sniffed
    lists = lists_of(table, is_through=is_through)
    is_list = sniffed.list_fields & _OF_LISTS and not sniffed.account_fields & {*COUNT_FIELDS, "bio"}
    # An envelope has no columns: only rows that stand by themselves can be entries of a list.
    is_rows = all(one.path in ((), ("[]",)) for one in lists.lists)
    return sniffed._replace(lists=None if is_list and is_rows else lists)


def folder_hash(folder: Path) -> str:
    """SHA-256 of the scripts of an unpacked archive by name and content; its pictures do not count.

    Returns:
        64 hexadecimal digits.

    Raises:
        BadInput: when something cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for part in scripts_in(folder):
            digest.update(part.relative_to(folder).as_posix().encode("utf-8", "surrogateescape") + b"\0")
            with part.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise BadInput(f"{shown_name(folder)}: cannot be read ({error.strerror}).") from None
    return digest.hexdigest()
