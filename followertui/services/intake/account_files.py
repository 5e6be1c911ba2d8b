"""Files of accounts, exports and archives alike: their import.

Owns which reader feeds ``accounts``, which takes the chunks in. Only ``importing`` imports it.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from followertui.domain.clock import Clock
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import account_chunks, archive_chunks
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.worker_processes import read_ahead
from followertui.sources.archives import read_partners
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
