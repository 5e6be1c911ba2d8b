"""Plain values of importing, matching and judging.

Owns shapes only, no behaviour. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from followertui.services.values import HeldBack

DATES = ("day-first", "month-first")
"""What a person can say of dates such as 03/04/2024."""


class MappedColumn(NamedTuple):
    """One column of a file as understood: name, field ("" ignored), why, up to three samples."""

    column: str
    field: str
    why: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """The user's choices; None leaves it to what was recognised.

    Attributes:
        what: overrides what was recognised.
        relation: "follower", "following", "both" or "none".
        mapping: column -> field, for columns that differ from the recognised ones.
        as_of: ISO date or date-time.
        completeness: "complete", "partial" or None.
        kind: kind of a list.
        kind_from: column that says the kind per row.
        name: list name.
        basis: see ``domain.lists.Basis``.
        sheet: sheet of a workbook.
        tag: what accounts are tagged with; "" for nothing.
        encoding: how a text file is written, by any usual name.
        owner: handle or id of the account whose list is read, where a file holds lists of several.
        dates: how ``03/04/2024`` is read, "day-first" or "month-first".
    """

    what: str | None = None
    relation: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    as_of: str | None = None
    completeness: str | None = None
    kind: str | None = None
    kind_from: str | None = None
    name: str | None = None
    basis: str | None = None
    sheet: str | None = None
    tag: str | None = None
    encoding: str | None = None
    owner: str | None = None
    dates: str | None = None


class RefusedRow(NamedTuple):
    """One row that was not taken: line, column, text, why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        import_id: the store's number of it, 0 when nothing was done.
        what: kind of source.
        read, added, updated, unchanged, merged, refused: rows.
        left: accounts missing from a complete snapshot.
        new: accounts new in it after the baseline.
        refused_by: why rows were refused, most first.
        refused_rows: the first 1,000 refused rows.
        notes: lines to say ("partial: 3,204 of 8,020; creates no leavers").
        next_step: "214 to confirm, about 12 minutes".
        entry_id: journal entry, for undo.
        is_repeat: the same file again, nothing changed.
    """

    import_id: int
    what: str
    read: int
    added: int
    updated: int
    unchanged: int
    merged: int
    refused: int
    left: int
    new: int
    refused_by: tuple[HeldBack, ...]
    refused_rows: tuple[RefusedRow, ...]
    notes: tuple[str, ...]
    next_step: str
    entry_id: int
    is_repeat: bool


class MatchReport(NamedTuple):
    """What a match run did: accounts compared, matches per band, new, gone, raised again."""

    accounts: int
    entries: int
    certain: int
    likely: int
    possible: int
    added: int
    removed: int
    raised: int
    seconds: float
    text: str


class JudgeReport(NamedTuple):
    """What a judging run did: accounts judged, judged kinds, waves found."""

    accounts: int
    bots: int
    harmful: int
    offtopic: int
    waves: int
    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class AboutUs:
    """Who we are: feeds employees, competitors and relevance.

    Attributes:
        names: our company's names.
        domains: our domains.
        handles: our handles, lower case.
        competitors: competitors' handles, lower case.
        market: words of our market, looked for in bios and names.
        titles: who buys there, looked for in bios and names.
        places: where it is, looked for in places and bios.
    """

    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    market: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether anything is known beside our handles, which files name as well."""
        return any((self.names, self.domains, self.competitors, self.market, self.titles, self.places))
