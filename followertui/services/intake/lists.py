"""One import of a list as it runs: entries in, a report out.

Owns chunks, progress, cancellation, and the one transaction that lets the list count. Only
``services.intake`` imports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.kind import Kind
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import dropped_notes, keep_report, refusals, sorted_out
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.phrases import counted, progress_words
from followertui.services.worker_processes import read_ahead
from followertui.sources.lists import read_list_batches
from followertui.store.audience import imports
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store
from followertui.store.lists.entries import EntryLine, company_behind, entry_line
from followertui.store.lists.lists import ListWriter


class EntryChunk(NamedTuple):
    """Some entries of a list in file order, rows left out, reasons of values left out, companies of its people."""

    entries: Sequence[EntryLine]
    refused: Sequence[imports.Refusal] = ()
    dropped: Sequence[str] = ()
    companies: Sequence[EntryLine] = ()


def entry_chunks(plan: ImportPlan) -> Iterator[EntryChunk]:
    """Entries of a list, in file order."""
    kind = Kind(plan.kind) if plan.kind else None
    for entries, problems in read_list_batches(plan.table, plan.mapping, plan.kind_from):
        behind = (company_behind(entry, kind) for entry in entries)
        companies = {line.key: line for line in behind if line is not None}
        yield EntryChunk(list(map(entry_line, entries)), *sorted_out(problems), list(companies.values()))


def run_list(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Take in a list.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        source: where the entries come from.
        plan: how the file is read; name, kind and basis of the list.
        cancel: polled before each batch.

    Raises:
        Cancelled: it was stopped; it can be read again or discarded.
    """
    with store.many_writes():
        return (yield from _take_in(store, journal, clock, source, plan, cancel))


def _take_in(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    name, kind = plan.name, Kind(plan.kind) if plan.kind else None
    import_id = source.start(store, epoch(clock.now()))
    with store.write() as con:
        writer = ListWriter(store, con, import_id, name, kind, plan.basis, source.as_of)
    read = refused = 0
    dropped: Counter[str] = Counter()
    with closing(read_ahead(store, entry_chunks, plan, plan.rows)) as chunks:
        for entries, problems, reasons, companies in chunks:
            if cancel.is_set():
                far = progress_words(Progress(read, source.total, ""))
                raise Cancelled(f"{source.name}: stopped after {far} entries")
            with store.write() as con:
                writer.add(con, [*entries, *companies])
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
        notes = [*source.notes, *dropped_notes(dropped)]
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
