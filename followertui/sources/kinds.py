"""What every kind of file answers: whether a file is one of it, what its columns mean, what its rows say.

Owns the shape of these answers. The kinds are ``archives``, ``account_exports``, ``lists``,
``contact_logs`` and ``account_analytics``; ``recognising`` lists them. Imported by the kinds and services.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from followertui.sources.column_names import ColumnGuess, shape_of
from followertui.sources.day_order import DayOrder
from followertui.sources.formats import read_batches
from followertui.sources.problems import Problem
from followertui.sources.tables import TableShape
from followertui.text.encodings import Reading
from followertui.text.quantities import parse_moment

if TYPE_CHECKING:
    from followertui.sources.account_lists import AccountLists
    from followertui.sources.sniffing import Sniffed

ARCHIVE, ACCOUNTS, LIST, HANDLES = "archive", "accounts", "list", "handles"
OUTCOMES, CONTACT_LOG, UNKNOWN = "outcomes", "contact-log", "unknown"
ANALYTICS = "analytics"

PREVIEW_ROWS = 5
"""How many rows are shown before an import."""

_SAMPLES_SHOWN = 20
_COUNTED_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds, before its rows are read.

    Attributes:
        path: zip, folder or loose file.
        own_id, own_handle, own_name: whose archive it is; None or "" where it does not say.
        as_of: generation time in epoch seconds UTC, or None.
        followers, following: counts the manifest states, else counted; None where the file is absent.
        has_followers, has_following, has_posts: whether the files are there.
        is_partial: whether X says the archive itself is one part of several.
        notes: sentences to say aloud (a possible cap, an empty list, missing files).
        problems: files that could not be used.
    """

    path: Path
    own_id: int | None = None
    own_handle: str | None = None
    own_name: str = ""
    as_of: int | None = None
    followers: int | None = None
    following: int | None = None
    has_followers: bool = False
    has_following: bool = False
    has_posts: bool = False
    is_partial: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def directions(self) -> list[str]:
        """Directions there is a list of."""
        there = {"follower": self.has_followers, "following": self.has_following}
        return [direction for direction, is_there in there.items() if is_there]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is believed to be.

    Attributes:
        path: file or folder.
        what: "archive", "accounts", "list", "handles", "outcomes", "contact-log", "analytics" or "unknown".
        format: "CSV", "TSV", "XLSX", "JSON", "JSONL", "zip", "folder" or "js".
        tool: which tool wrote it, or empty.
        relation: "follower", "following", "both" or None where the file does not say.
        relation_why: where that was read, or empty.
        as_of: epoch seconds UTC of the reading.
        as_of_from: "manifest", "file name" or "file time".
        rows: how many rows, entries or accounts (followers of an archive).
        is_exact: whether ``rows`` was counted and not estimated.
        columns: what each column is taken for, in file order.
        kind_columns: columns that may say each row's kind.
        samples: the first rows, cells in column order.
        shape: hash of the columns, under which a mapping is remembered.
        sheet, sheets: worksheet read and all of them.
        sha256: of the bytes; of a folder, by the names and contents of its scripts.
        size, modified_ns: bytes, and when it was changed (nanoseconds); 0 for a folder.
        archive: whose archive and what it holds, for archives.
        table: the inspected table, for everything else.
        readings: where its code page is not certain, the text as the likeliest ones have it.
        notes: sentences to say aloud.
        problems: what was noticed of the whole file.
        own_names: id and handle of the account whose list it is, where the file says so; digits or lower case.
        expected: direction -> the number that account's profile in the file counts.
        owners: several accounts whose lists the file holds, as they are shown; none where there is one.
        has_both_lists: followers and following stand in lists of their own.
        lists: the lists of accounts of a JSON file; None where it is read from a stored plan.
    """

    path: Path
    what: str
    format: str
    tool: str = ""
    relation: str | None = None
    relation_why: str = ""
    as_of: int = 0
    as_of_from: str = "file time"
    rows: int = 0
    is_exact: bool = False
    columns: tuple[ColumnGuess, ...] = ()
    kind_columns: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    shape: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0
    modified_ns: int = 0
    archive: Archive | None = None
    table: TableShape | None = field(default=None, repr=False)
    readings: tuple[Reading, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    own_names: tuple[str, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    has_both_lists: bool = False
    lists: AccountLists | None = field(default=None, repr=False)

    @property
    def is_small(self) -> bool:
        """Whether it is read to its end before an import, to say how many rows there are."""
        return self.size <= _COUNTED_BYTES

    @property
    def counted(self) -> str:
        """How many rows, in words."""
        return f"{self.rows:,}" if self.is_exact else f"about {self.rows:,}"

    @property
    def form(self) -> str:
        """Tool and format, such as "exporter JSON"."""
        return f"{self.tool} {self.format}".strip()


class Answers(NamedTuple):
    """What a person says of a file, as far as reading it goes.

    Attributes:
        mapping: column -> field ("" to leave it alone), outranking the guess.
        relation: "both" where every account is both and nothing in the file says it, else None.
        kind: kind of a list, "" where not said.
        kind_from: column that says the kind of each row, "" for none.
        only: the one direction that is read of a file that lists both, else None.
        owner: handle or id of the account whose list is read, of a file with lists of several.
        dates: how ``03/04/2024`` is read: "day-first", "month-first" or "" where no date hangs on it; None leaves it
            to the reader.
    """

    mapping: Mapping[str, str] = {}
    relation: str | None = None
    kind: str = ""
    kind_from: str = ""
    only: str | None = None
    owner: str | None = None
    dates: str | None = None


class Preview(NamedTuple):
    """What reading the rows tells before anything is written.

    Attributes:
        rows: how many, None where not counted.
        is_exact: whether ``rows`` was counted and not estimated.
        sample: the first rows as they would be read, field -> text.
        kind_lines: which value of the kind column means which kind.
    """

    rows: int | None
    is_exact: bool
    sample: tuple[dict[str, str], ...] = ()
    kind_lines: tuple[str, ...] = ()


class SourceKind(ABC):
    """A kind of file, such as a list.

    Attributes:
        names: what a file of it is called in plans and on the command line.
        fields: names a column of it can be mapped to.
    """

    names: ClassVar[tuple[str, ...]]
    fields: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """What a file is, where it is of this kind.

        Raises:
            BadInput: it is, and cannot be used.
        """

    @abstractmethod
    def sentence(self, seen: Recognised) -> str:
        """What it is, in one line such as ``exporter JSON, followers, 12,388 people``."""

    @abstractmethod
    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """What each column is taken for with what a person said, in file order."""

    def day_order(self, seen: Recognised, answers: Answers) -> DayOrder:
        """How its dates are written; nothing depends on it where its rows have none."""
        return DayOrder()

    def preview(self, seen: Recognised, answers: Answers) -> Preview:
        """How many rows a small file has, and the first rows of any."""
        if seen.table is None or seen.is_exact or not seen.is_small:
            return Preview(seen.rows, seen.is_exact)
        return Preview(sum(len(batch.rows) for batch in read_batches(seen.table)), True)

    @abstractmethod
    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Rows and values left out, in file order."""


def recognised_table(shape: TableShape, what: str, columns: Sequence[ColumnGuess]) -> Recognised:
    """A table as recognised, but for its tool and direction."""
    as_of, source = date_of_file(shape.path)
    return Recognised(
        path=shape.path,
        what=what,
        format=shape.format,
        as_of=as_of,
        as_of_from=source,
        rows=shape.row_estimate,
        is_exact=shape.is_counted,
        columns=tuple(columns),
        samples=tuple(tuple(row) for row in shape.samples[:_SAMPLES_SHOWN]),
        shape=shape_of(shape.header),
        sheet=shape.sheet,
        sheets=shape.sheets,
        problems=shape.problems,
    )


def date_in_name(name: str) -> int | None:
    """The moment a file's name tells, epoch seconds UTC, None where it tells none."""
    for found in re.finditer(r"(?<!\d)(?:(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)|(1\d{12})|(1\d{9}))(?!\d)", name):
        year, month, day, millis, seconds = found.groups()
        try:
            return parse_moment(f"{year}-{month}-{day}" if year else millis or seconds)
        except ValueError:
            continue
    return None


def date_of_file(path: Path) -> tuple[int, str]:
    """When a file was written, epoch seconds UTC, and whether its name or its time says so."""
    told = date_in_name(path.name)
    return (told, "file name") if told is not None else (int(path.stat().st_mtime), "file time")
