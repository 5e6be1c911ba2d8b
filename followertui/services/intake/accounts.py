"""The running of one import: batches in, a report out, the same for files, the API and the demo.

Owns chunks, progress, cancellation, snapshots being read, and the one transaction that lets
an import count. Does not own what a file is (``import_looking``) nor the way back
(``importing``). Only ``services`` imports it.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from followertui.domain.account import AccountRecord, RecordColumns
from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.kind import Kind
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.completeness import Verdict, judge_reading
from followertui.services.intake.unresolved_ids import BRING_NAMES
from followertui.services.intake.values import ImportReport, RefusedRow
from followertui.services.phrases import counted, progress_words
from followertui.services.values import HeldBack
from followertui.store.audience import imports, purging, relations
from followertui.store.audience import interactions as conversations
from followertui.store.audience.accounts import AccountWriter
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store
from followertui.store.lists.entries import EntryLine
from followertui.store.lists.lists import ListWriter

_LEASE_BATCHES = 100
_ORDER_PARTS = 20
_SHOWN_REFUSALS = 1000
_SHOWN_REASONS = 5
_PURGED = imports.Refusal(0, "", "", "removed for good earlier (purge)")
_FLAG_OF = {"follower": "follows_us", "following": "we_follow"}
_SORTABLE = ("handle", "name", "x_id", "followers", "created_at")


class Chunk(NamedTuple):
    """Some records of a source in reading order.

    Attributes:
        records: at most 500.
        refused: rows left out.
        dropped: reasons of values left out of rows that were taken.
        direction: the reading these records belong to, "" for none.
    """

    records: Sequence[AccountRecord]
    refused: Sequence[imports.Refusal] = ()
    dropped: Sequence[str] = ()
    direction: str = ""


class EntryChunk(NamedTuple):
    """Some entries of a list in file order, rows left out, and reasons of values left out."""

    entries: Sequence[EntryLine]
    refused: Sequence[imports.Refusal] = ()
    dropped: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where an import comes from.

    Attributes:
        what: archive, accounts, list, handles, sync, demo.
        name: file name, or "X API".
        rank: higher wins where two sources speak of the same moment.
        as_of: epoch seconds UTC.
        sha256: of the bytes, "" where there is no file.
        choices: how it is read, JSON.
        path: where the file is, "".
        total: rows expected, None where unknown.
        completeness: a person's word: "complete", "partial" or None.
        expected: direction -> the profile's own count.
        newest_first: the order is known to be newest first; None: judged by the rows.
        is_flag_reading: records belong to the directions their flags say, not to a chunk's.
        ignores_flags: the accounts' own flags are another profile's, not ours.
        notes: lines to say, from the look at the source.
    """

    what: str
    name: str
    rank: int
    as_of: int
    sha256: str = ""
    choices: str = "{}"
    path: str = ""
    total: int | None = None
    completeness: str | None = None
    expected: dict[str, int] = field(default_factory=dict)
    newest_first: bool | None = None
    is_flag_reading: bool = False
    ignores_flags: bool = False
    notes: tuple[str, ...] = ()


class _Order:
    """Tells a list sorted by some column from one in the order X shows."""

    def __init__(self) -> None:
        self._ascending = dict.fromkeys(_SORTABLE, 0)
        self._descending = dict.fromkeys(_SORTABLE, 0)
        self._pairs = dict.fromkeys(_SORTABLE, 0)

    def look(self, records: RecordColumns) -> None:
        """Count neighbours that rise or fall, by column."""
        for name in _SORTABLE:
            values = records.column(name)
            known = [value.casefold() if isinstance(value, str) else value for value in values if value is not None]
            self._pairs[name] += max(0, len(known) - 1)
            self._ascending[name] += sum(map(_is_below, known, known[1:]))
            self._descending[name] += sum(map(_is_below, known[1:], known))

    def is_sorted(self) -> bool:
        """Whether some column rises or falls nearly throughout, or there is too little to tell."""
        if not any(self._pairs.values()):
            return True
        return any(
            pairs and max(self._ascending[name], self._descending[name]) > 0.9 * pairs
            for name, pairs in self._pairs.items()
        )


def _is_below(one: object, other: object) -> bool:
    return bool(one < other)  # type: ignore[operator]


class _Reading:
    """One direction being read."""

    def __init__(self, snapshot_id: int, is_main: bool) -> None:
        self.snapshot_id = snapshot_id
        self.is_main = is_main
        self.parts = 0
        self.read = 0
        self.with_id = 0
        self.with_handle = 0
        self.is_damaged = False
        self.seen = bytearray()
        self.last = 0
        self.order = _Order()

    def fresh(self, rows: Sequence[int]) -> array[int]:
        """Rows not read before, in order; 0 stands for no account."""
        last = max(rows, default=0)
        if last >= len(self.seen):
            self.seen.extend(bytes(last + 65_536 - len(self.seen)))
        if isinstance(rows, array) and rows and rows[0] > self.last and rows == array("I", range(rows[0], last + 1)):
            # Nothing but new accounts, as in a first load.
            self.seen[rows[0] : last + 1] = b"\1" * len(rows)
            self.last = last
            return rows
        found = array("I")
        for row in rows:
            if row and not self.seen[row]:
                self.seen[row] = 1
                found.append(row)
        self.last = max(self.last, last)
        return found

    @property
    def identity(self) -> str:
        """By what every account of this reading is known, "" where it is mixed."""
        if self.with_id == self.with_handle == self.read:
            return "both"
        if self.with_handle == self.read:
            return "handles"
        return "ids" if self.with_id == self.read else ""


class AccountRun:
    """One import of accounts.

    Args:
        store, journal, clock: the open store, who writes in it, and the time.
        source: where the records come from.
    """

    def __init__(self, store: Store, journal: Journal, clock: Clock, source: Source) -> None:
        self.store = store
        self.journal = journal
        self.clock = clock
        self.source = source
        self.import_id = imports.start(
            store, source.what, source.name, source.rank, source.sha256, source.choices, source.as_of,
            epoch(clock.now()), source.path,
        )  # fmt: skip
        self.writer = AccountWriter(store, self.import_id)
        self.readings: dict[str, _Reading] = {}
        self.dropped: Counter[str] = Counter()
        self.read = self.taken = self.refused = self.united = 0

    def run(
        self, chunks: Iterable[Chunk], cancel: CancelToken, contacts: Iterable[Sequence[conversations.Contact]] = ()
    ) -> Generator[Progress, None, ImportReport]:
        """Take in every chunk, each in its own transaction, then let the import count.

        Args:
            chunks: in reading order.
            cancel: polled before each chunk.
            contacts: whom we talked to, kept where the account is known.

        Raises:
            Cancelled: the person stopped it; it can be read again or taken back.
        """
        everyone = _Reading(0, False)
        distinct = 0
        for number, chunk in enumerate(chunks):
            if cancel.is_set():
                with self.store.write() as con:
                    self.writer.settle(con)
                far = progress_words(Progress(self.read, self.source.total, ""))
                raise Cancelled(f"{self.source.name}: stopped after {far} rows")
            if number % _LEASE_BATCHES == 0:
                self.store.take_lease("import")
            rows = self._take(chunk)
            distinct += len(everyone.fresh(rows))
            self.taken += len(rows) - rows.count(0)
            yield Progress(self.read, self.source.total, f"reading {self.source.name}")
        for some in contacts:
            with self.store.write() as con:
                conversations.add_contacts(con, self.import_id, some)
            yield Progress(self.read, self.source.total, "reading conversations")
        yield Progress(self.read, self.source.total, "comparing with earlier readings")
        return self._finish(distinct)

    def _take(self, chunk: Chunk) -> Sequence[int]:
        with self.store.write() as con:
            records, purged = purging.screen(self.store, RecordColumns.of(chunk.records))
            result = self.writer.upsert(con, records)
            self.united += result.merged
            imports.refuse(con, self.import_id, [*chunk.refused, *[_PURGED] * purged])
            imports.refuse(con, self.import_id, [imports.Refusal(0, *refusal[1:]) for refusal in result.refused])
            self.dropped.update(chunk.dropped)
            self.refused += len(chunk.refused) + len(result.refused) + purged
            self.read += len(chunk.records) + len(chunk.refused)
            main = "" if self.source.is_flag_reading else chunk.direction
            if main:
                self._extend(main, True, records, result.rows)
                # An archive says no count of its own, so what could not be read was somebody.
                self.readings[main].is_damaged |= self.source.what == "archive" and bool(chunk.refused or chunk.dropped)
            for direction, flag in _FLAG_OF.items():
                if direction != main and not self.source.ignores_flags:
                    flagged = [at for at, is_related in enumerate(records.column(flag)) if is_related == 1]
                    if flagged:
                        rows = [result.rows[at] for at in flagged]
                        self._extend(direction, self.source.is_flag_reading, records.only(flagged), rows)
        return result.rows

    def _extend(self, direction: str, is_main: bool, records: RecordColumns, rows: Sequence[int]) -> None:
        with self.store.write() as con:
            reading = self.readings.get(direction)
            if reading is None:
                snapshot = relations.start(
                    con, self.import_id, direction, self.source.as_of, self.source.expected.get(direction), is_main
                )
                reading = self.readings[direction] = _Reading(snapshot, is_main)
            fresh = reading.fresh(rows)
            if fresh:
                relations.add_part(con, reading.snapshot_id, reading.parts, fresh)
                reading.parts += 1
        reading.read += len(records)
        reading.with_id += len(records) - records.column("x_id").count(None)
        reading.with_handle += sum(map(bool, records.column("handle")))
        if self.source.newest_first is None and reading.parts <= _ORDER_PARTS:
            reading.order.look(records)

    def _finish(self, distinct: int) -> ImportReport:
        now = epoch(self.clock.now())
        notes = [*self.source.notes, *_dropped_notes(self.dropped)]
        with self.store.write() as con:
            # Apart from what lets the import count: whoever decides meanwhile waits for less.
            self.writer.settle(con)
        with self.store.write() as con:
            verdicts = {direction: self._close(direction, reading) for direction, reading in self.readings.items()}
            imports.finish(con, self.import_id, now)
            new = left = 0
            for direction in relations.DIRECTIONS:
                if direction in self.readings or self.united:
                    outcome = relations.recompute(self.store, con, direction)
                    if direction in self.readings:
                        snapshot = self.readings[direction].snapshot_id
                        new += outcome.new.get(snapshot, 0)
                        left += outcome.left.get(snapshot, 0)
                        notes += self._notes(direction, verdicts[direction], outcome)
            added, updated = imports.counts(self.store, self.import_id)
            text = f"import {self.source.name}: {added:,} added, {updated:,} updated"
            entry = self.journal.record("import", now, text, added + updated, {"import_id": self.import_id})
            report = ImportReport(
                import_id=self.import_id, what=self.source.what, read=self.read, added=added, updated=updated,
                unchanged=max(0, distinct - added - updated), merged=self.taken - distinct + self.united,
                refused=self.refused, left=left, new=new, notes=tuple(notes), next_step="", entry_id=entry,
                is_repeat=False, **refusals(self.store, self.import_id)._asdict(),
            )  # fmt: skip
            keep_report(self.store, report)
        return report

    def _close(self, direction: str, reading: _Reading) -> Verdict:
        verdict = judge_reading(
            direction=direction,
            read=reading.read,
            expected=self.source.expected.get(direction),
            word="partial" if reading.is_damaged else self.source.completeness,
            is_main=reading.is_main,
            is_archive=self.source.what == "archive",
            has_one_identity=bool(reading.identity),
        )
        newest_first = self.source.newest_first
        if newest_first is None:
            newest_first = reading.is_main and not self.source.is_flag_reading and not reading.order.is_sorted()
        with self.store.write() as con:
            relations.finish(con, reading.snapshot_id, verdict.completeness, reading.identity or "both", newest_first)
        return verdict

    def _notes(self, direction: str, verdict: Verdict, outcome: relations.Recomputed) -> list[str]:
        reading = self.readings[direction]
        if not reading.is_main:
            return []
        notes = list(verdict.notes)
        snapshot = reading.snapshot_id
        if verdict.completeness != "complete" and outcome.has_earlier.get(snapshot):
            overlap = "overlap reached" if outcome.overlaps.get(snapshot) else "no overlap with earlier readings"
            notes.append(f"partial: {outcome.new.get(snapshot, 0):,} new; {overlap}; leavers unknown")
        nameless = relations.count_nameless(self.store, snapshot) if reading.identity == "ids" else 0
        if nameless:
            notes.append(f"{nameless:,} known by id only (nameless): {BRING_NAMES}")
        return notes


def run_list(
    store: Store,
    journal: Journal,
    clock: Clock,
    source: Source,
    about: tuple[str, Kind | None, str],
    batches: Iterable[EntryChunk],
    cancel: CancelToken,
) -> Generator[Progress, None, ImportReport]:
    """Take in a list.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        source: where the entries come from.
        about: name, kind (None where each entry says) and basis of the list.
        batches: entries in file order.
        cancel: polled before each batch.

    Raises:
        Cancelled: the person stopped it; it can be read again or taken back.
    """
    name, kind, basis = about
    import_id = imports.start(
        store, "list", source.name, source.rank, source.sha256, source.choices, source.as_of, epoch(clock.now()),
        source.path,
    )  # fmt: skip
    with store.write() as con:
        writer = ListWriter(store, con, import_id, name, kind, basis, source.as_of)
    read = refused = 0
    dropped: Counter[str] = Counter()
    for entries, problems, reasons in batches:
        if cancel.is_set():
            raise Cancelled(f"{source.name}: stopped after {progress_words(Progress(read, source.total, ''))} entries")
        with store.write() as con:
            writer.add(con, entries)
            imports.refuse(con, import_id, problems)
        dropped.update(reasons)
        read += len(entries) + len(problems)
        refused += len(problems)
        yield Progress(read, source.total, f"reading {source.name}")
    now = epoch(clock.now())
    with store.write() as con:
        writer.finish(con)
        imports.finish(con, import_id, now)
        added, updated = writer.totals(con)
        notes = [*source.notes, *_dropped_notes(dropped)]
        if writer.is_older:
            notes.append("older than the list in the store: only entries it did not know were kept, as having left it")
        if writer.left:
            notes.append(f"no longer on this list: {counted(writer.left, 'entry', 'entries')}")
        text = f'import {source.name} as list "{name}": {added:,} added, {updated:,} updated, {writer.left:,} left'
        entry = journal.record("import", now, text, added + updated + writer.left, {"import_id": import_id})
        report = ImportReport(
            import_id=import_id, what="list", read=read, added=added, updated=updated,
            unchanged=max(0, read - refused - writer.merged - added - updated), merged=writer.merged, refused=refused,
            left=writer.left, new=0, notes=tuple(notes), next_step="", entry_id=entry, is_repeat=False,
            **refusals(store, import_id)._asdict(),
        )  # fmt: skip
        keep_report(store, report)
    return report


def _dropped_notes(dropped: Counter[str]) -> list[str]:
    return [f"{counted(count, 'value')} left out: {reason}" for reason, count in dropped.most_common(_SHOWN_REASONS)]


def report_of_repeat(store: Store, earlier: imports.ImportRun) -> ImportReport:
    """The report of an import that was done before."""
    body = json.loads(earlier.report)
    read, refused = int(body.get("read", 0)), int(body.get("refused", 0))
    return ImportReport(
        import_id=earlier.id, what=earlier.what, read=read, added=0, updated=0, unchanged=max(0, read - refused),
        merged=0, refused=refused, left=0, new=0, notes=("the same file was imported before: nothing changed",),
        next_step="", entry_id=int(body.get("entry_id", 0)), is_repeat=True, **refusals(store, earlier.id)._asdict(),
    )  # fmt: skip


class Refusals(NamedTuple):
    """Refused rows as a report tells them."""

    refused_by: tuple[HeldBack, ...]
    refused_rows: tuple[RefusedRow, ...]


def refusals(store: Store, import_id: int) -> Refusals:
    """Why rows of an import were refused, and the first of them."""
    return Refusals(
        tuple(HeldBack(reason, count) for reason, count in imports.refused_by(store, import_id)),
        tuple(RefusedRow(*row) for row in imports.refused(store, import_id, _SHOWN_REFUSALS)),
    )


def keep_report(store: Store, report: ImportReport) -> None:
    """Keep what an import did beside it; its refused rows have their own table."""
    body = {name: value for name, value in asdict(report).items() if not name.startswith("refused_")}
    with store.write() as con:
        imports.set_report(con, report.import_id, json.loads(json.dumps(body)))
