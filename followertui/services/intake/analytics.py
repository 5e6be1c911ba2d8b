"""One import of account analytics: how many followed and stopped on each of our days.

Owns the running of such an import; all of it is written in one transaction, and undo lets it count
no longer. Only ``services.intake`` imports it.
"""

from __future__ import annotations

from collections.abc import Generator

from followertui.domain.clock import Clock, epoch, from_epoch
from followertui.domain.errors import Cancelled
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import keep_report, refusals
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.phrases import counted
from followertui.sources.account_analytics import AnalyticsDay, read_days
from followertui.store.audience import account_days, imports
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store


def run_analytics(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Take in account analytics.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        source: where it comes from.
        plan: how the file is read.
        cancel: polled while reading; nothing is written before all is read.

    Raises:
        Cancelled: it was stopped; nothing was written.
    """
    days: dict[int, AnalyticsDay] = {}
    refused: list[imports.Refusal] = []
    read = 0
    for found, problems in read_days(plan.table, plan.mapping, plan.dates):
        if cancel.is_set():
            raise Cancelled(f"{source.name}: stopped; nothing was written", is_resumable=False)
        yield Progress(read, source.total, f"reading {source.name}")
        days.update({one.day: one for one in found})
        refused += [imports.Refusal(one.line, one.column, one.value, one.reason) for one in problems]
        read += len(found) + len(problems)
    before, now = account_days.known(store), epoch(clock.now())
    with store.write() as con:
        import_id = source.start(store, now)
        imports.refuse(con, import_id, sorted(refused))
        account_days.add(con, import_id, days.values())
        imports.finish(con, import_id, now)
        after = account_days.known(store)
        added = len(after) - len(before)
        updated = sum(tuple(after[day]) != tuple(one) for day, one in before.items())
        text = f"import {source.name}: account analytics of {counted(len(days), 'day')}"
        entry = journal.record("import", now, text, added + updated, {"import_id": import_id})
        report = ImportReport(
            import_id=import_id, what=source.what, read=read, added=added, updated=updated,
            unchanged=len(days) - added - updated, merged=read - len(refused) - len(days), refused=len(refused),
            left=0, new=0, notes=_notes(days), next_step="", entry_id=entry, is_repeat=False,
            **refusals(store, import_id)._asdict(),
        )  # fmt: skip
        keep_report(store, report)
    return report


def _notes(days: dict[int, AnalyticsDay]) -> tuple[str, ...]:
    """From when to when, and what came and went in between."""
    if not days:
        return ()
    first, last = (from_epoch(day).date().isoformat() for day in (min(days), max(days)))
    came, went = (sum(getattr(one, name) or 0 for one in days.values()) for name in ("new_follows", "unfollows"))
    return (f"{first} to {last}: +{came:,} -{went:,} followers by X's own count",)
