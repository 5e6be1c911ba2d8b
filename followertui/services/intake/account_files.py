"""Files of accounts, exports and archives alike: their readers in the shape an import takes in.

Owns the way from a plan to chunks; ``accounts`` takes them in. Only ``importing`` imports it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from followertui.domain.account import RecordColumns
from followertui.domain.clock import Clock
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.accounts import AccountRun, Chunk
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import sorted_out
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.worker_processes import read_ahead
from followertui.sources.account_exports import read_account_batches
from followertui.sources.archives import read_directions, read_partners
from followertui.store.audience.account_rows import DOMAIN, domains_of
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store


def run_accounts(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Take in an export of accounts or a list of handles; see ``AccountRun.run``."""
    run = AccountRun(store, journal, clock, source)
    with store.many_writes(), closing(read_ahead(store, account_chunks, plan, plan.rows)) as chunks:
        return (yield from run.run(chunks, cancel))


def run_archive(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Take in both directions of an archive, and whom its owner talked to; see ``AccountRun.run``."""
    run = AccountRun(store, journal, clock, source)
    partners = read_partners(plan.path) if plan.seen.archive is not None and plan.seen.archive.has_posts else ()
    with store.many_writes(), closing(read_ahead(store, archive_chunks, plan, plan.rows)) as chunks:
        return (yield from run.run(chunks, cancel, partners))


def account_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Accounts of an export or a list of handles, in file order."""
    direction = plan.relation if plan.relation in ("follower", "following") else ""
    answers = plan.answers
    for batch in read_account_batches(
        plan.table, plan.mapping, plan.reader_relation, answers.only, answers.owner, answers.dates
    ):
        records = batch.records
        if not plan.table.is_json:
            # Reading JSON takes longer than writing it down, so there the writer works this out.
            ahead = {**records.columns, DOMAIN: domains_of(records.columns, len(records))}
            records = RecordColumns(len(records), ahead)
        listed = batch.direction if plan.relation == "both" and plan.seen.has_both_lists else direction
        yield Chunk(records, *sorted_out(batch.problems), direction=listed)


def archive_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Both directions of an archive, one after the other."""
    for direction, records, problems in (
        read_directions(plan.path, plan.seen.archive.directions) if plan.seen.archive else ()
    ):
        yield Chunk(records, *sorted_out(problems), direction=direction)
