"""What a file is: the kinds there are, and which of them a file is.

Owns their order. Does not read or import anything itself. Imported by services.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from followertui.sources.account_analytics import AnalyticsFile
from followertui.sources.account_columns import ACCOUNT_FIELDS
from followertui.sources.account_exports import AccountExport, account_columns
from followertui.sources.archives import ArchiveKind
from followertui.sources.column_names import ColumnGuess
from followertui.sources.contact_logs import ContactLog, OutcomeFile
from followertui.sources.kinds import UNKNOWN, Answers, Recognised, SourceKind, recognised_table
from followertui.sources.lists import ListFile
from followertui.sources.problems import Problem
from followertui.sources.sniffing import Sniffed, sniff


class UnknownTable(SourceKind):
    """A table of which it must be said what it is."""

    names = (UNKNOWN,)
    fields = ACCOUNT_FIELDS

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """Any table, so it is asked last."""
        return None if sniffed.table is None else recognised_table(sniffed.table, UNKNOWN, ())

    def sentence(self, seen: Recognised) -> str:
        """That it is not recognised."""
        return f"{seen.form}, not recognised, {seen.counted} rows"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """None but those a person mapped."""
        return account_columns(seen.table, answers.mapping) if answers.mapping and seen.table is not None else ()

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Those of accounts, which it is taken for until someone says otherwise."""
        return AccountExport().problems(seen, answers)


KINDS: tuple[SourceKind, ...] = (
    ArchiveKind(), AnalyticsFile(), ContactLog(), OutcomeFile(), AccountExport(), ListFile(), UnknownTable(),
)  # fmt: skip
"""Every kind of file, in the order in which they are asked."""

_BY_NAME = {name: kind for kind in KINDS for name in kind.names}


def kind_called(what: str) -> SourceKind:
    """The kind of file by one of its names."""
    return _BY_NAME[what]


def recognise(
    path: Path, sheet: str | None = None, encoding: str | None = None, *, is_through: bool = False
) -> Recognised:
    """Say what a file is, from its content first and its name last.

    Args:
        path: file or folder.
        sheet: worksheet of a workbook.
        encoding: how its text is written; None leaves it to the file.
        is_through: look at all of it for whose lists it holds, also where its first rows do not say it.

    Raises:
        BadInput: when it is nothing that can be imported.
    """
    sniffed = sniff(path, sheet, encoding, is_through=is_through)
    seen = next(seen for kind in KINDS if (seen := kind.claim(sniffed)) is not None)
    return replace(
        seen,
        table=sniffed.table,
        readings=sniffed.readings,
        lists=sniffed.lists,
        sha256=sniffed.sha256,
        size=sniffed.size,
        modified_ns=sniffed.modified_ns,
    )


def describe(seen: Recognised) -> str:
    """One sentence such as ``exporter JSON, followers, 12,388 people``."""
    return kind_called(seen.what).sentence(seen)
