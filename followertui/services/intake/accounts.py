"""One import of accounts as it runs: chunks in, a report out, for files, the API and the demo.

Owns progress, cancellation, snapshots being read, and the one transaction that lets an import
count. Does not own what a file is (``inspecting``) nor undo (``reversing``). Only
``services.intake`` imports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence

from followertui.domain.account import RecordColumns
from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake import sentinels
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.completeness import Verdict, judge_reading
from followertui.services.intake.readings import Reading
from followertui.services.intake.reports import dropped_notes, keep_report, refusals
from followertui.services.intake.sources import Source
from followertui.services.intake.tagging import tag_accounts
from followertui.services.intake.unresolved_ids import BRING_NAMES
from followertui.services.intake.values import ImportReport
from followertui.services.phrases import progress_words
from followertui.store.audience import imports, purging, relations, unfinished_parts
from followertui.store.audience import interactions as conversations
from followertui.store.audience.accounts import AccountWriter
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store

_ORDER_PARTS = 20
_PURGED = imports.Refusal(0, "", "", "removed permanently earlier (purge)")
_FLAG_OF = {"follower": "follows_us", "following": "we_follow"}


class AccountRun:
    """One import of accounts.

    Args:
        store, journal, clock: the open store, who writes in it, and the time.
        source: where the records come from.
        resumes: an unfinished import to go on with, what it has read included; 0 begins one.
    """

    def __init__(self, store: Store, journal: Journal, clock: Clock, source: Source, resumes: int = 0) -> None:
        self.store = store
        self.journal = journal
        self.clock = clock
        self.source = source
        self.import_id = resumes or source.start(store, epoch(clock.now()))
        self.writer = AccountWriter(store, self.import_id)
        self.readings: dict[str, Reading] = {}
        self.dropped: Counter[str] = Counter()
        self.read = self.taken = self.refused = self.united = 0
        for part in unfinished_parts.unfinished_parts(store, resumes) if resumes else ():
            reading = self.readings.setdefault(part.direction, Reading(part.snapshot_id, part.is_main))
            reading.go_on(part.rows)
            self.read += len(part.rows) * part.is_main
        self.taken = self.read

    def run(
        self, chunks: Iterable[Chunk], cancel: CancelToken, contacts: Iterable[Sequence[conversations.Contact]] = ()
    ) -> Generator[Progress, None, ImportReport]:
        """Take in every chunk, each in its own transaction, then let the import count.

        Args:
            chunks: in reading order.
            cancel: polled before each chunk.
            contacts: whom we talked to, kept where the account is known.

        Raises:
            Cancelled: it was stopped; it can be read again or discarded.
        """
        everyone = Reading(0, False)
        distinct = 0
        for chunk in chunks:
            if cancel.is_set():
                with self.store.write() as con:
                    self.writer.settle(con)
                far = progress_words(Progress(self.read, self.source.total, ""))
                raise Cancelled(f"{self.source.name}: stopped after {far} rows")
            rows = self.take(chunk)
            distinct += len(everyone.fresh(rows))
            self.taken += len(rows) - rows.count(0)
            yield Progress(self.read, self.source.total, f"reading {self.source.name}")
        for some in contacts:
            with self.store.write() as con:
                conversations.add_contacts(con, self.import_id, some)
            yield Progress(self.read, self.source.total, "reading conversations")
        yield Progress(self.read, self.source.total, "comparing with earlier readings")
        rows = relations.standing_rows(self.store, everyone.seen) if self.source.tag else ()
        return self.finish(distinct, rows)

    def take(self, chunk: Chunk) -> Sequence[int]:
        """Take in one chunk, in the open transaction or in one of its own; returns the row of each record."""
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
                # An archive states no count, so every unreadable record may be an account.
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
                reading = self.readings[direction] = Reading(snapshot, is_main)
            fresh = reading.look(records, rows)
            if fresh:
                relations.add_part(con, reading.snapshot_id, reading.parts, fresh)
                reading.parts += 1
        if self.source.newest_first is None and reading.parts <= _ORDER_PARTS:
            reading.order.look(records)

    def carry(self, direction: str, part: int, rows: Sequence[int]) -> None:
        """Count accounts as read at the end of a part: they may have slipped through between two pages."""
        reading = self.readings[direction]
        with self.store.write() as con:
            unfinished_parts.extend_part(con, reading.snapshot_id, part, reading.fresh(rows))

    def finish(self, distinct: int, everyone: Sequence[int] = ()) -> ImportReport:
        """Let the import count.

        Args:
            distinct: how many accounts were read.
            everyone: rows that get the source's tag.
        """
        now = epoch(self.clock.now())
        notes = [*self.source.notes, *dropped_notes(self.dropped)]
        with self.store.write() as con:
            # Apart from what lets the import count: a decision made meanwhile waits less.
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
            record: dict[str, object] = {"import_id": self.import_id}
            if self.source.tag:
                tagged, line = tag_accounts(self.store, self.source.tag, everyone)
                record |= tagged
                notes.append(line)
            entry = self.journal.record("import", now, text, added + updated, record)
            report = ImportReport(
                import_id=self.import_id, what=self.source.what, read=self.read, added=added, updated=updated,
                unchanged=max(0, distinct - added - updated), merged=self.taken - distinct + self.united,
                refused=self.refused, left=left, new=new, notes=tuple(notes), next_step="", entry_id=entry,
                is_repeat=False, **refusals(self.store, self.import_id)._asdict(),
            )  # fmt: skip
            keep_report(self.store, report)
        return report

    def _close(self, direction: str, reading: Reading) -> Verdict:
        verdict = judge_reading(
            direction=direction,
            read=reading.read,
            expected=self.source.expected.get(direction),
            word="partial" if reading.is_damaged else self.source.completeness,
            is_main=reading.is_main,
            is_archive=self.source.what == "archive",
            has_one_identity=bool(reading.identity),
        )
        if direction == "following" and reading.is_main and self.source.completeness != "partial":
            doubt = sentinels.doubt(self.store, reading.seen, reading.identity, self.source.as_of)
            if doubt and self.source.sha256:
                said = f"`import partial {self.import_id}` or `import complete {self.import_id}` says it is yours"
                verdict = Verdict(relations.DOUBTFUL, (f"partial: {doubt}; {sentinels.NOT_UNTIL} {said}",))
            elif doubt and verdict.completeness != "partial":
                # Read from X itself: it is ours, though it may have been cut off.
                verdict = Verdict("partial", (f"partial: {doubt}; creates no leavers, confirms no click",))
        # Flags of another list come in that list's order, which says nothing of their own direction.
        newest_first = reading.is_main and self.source.newest_first is not False
        if self.source.newest_first is None:
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
        if verdict.completeness in ("partial", "unknown") and outcome.has_earlier.get(snapshot):
            overlap = "overlap reached" if outcome.overlaps.get(snapshot) else "no overlap with earlier readings"
            notes.append(f"partial: {outcome.new.get(snapshot, 0):,} new; {overlap}; leavers unknown")
        nameless = relations.count_nameless(self.store, snapshot) if reading.identity == "ids" else 0
        if nameless:
            notes.append(f"{nameless:,} known by id only (nameless): {BRING_NAMES}")
        return notes
