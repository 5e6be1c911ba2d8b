"""Files of accounts, exports and archives alike: their import.

Owns which reader feeds ``accounts``, which takes the chunks in. Only ``importing`` imports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import closing

from followertui.domain.clock import DAY, Clock
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import account_chunks, archive_chunks
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.worker_processes import read_ahead
from followertui.sources.archives import read_partners
from followertui.store.audience import account_days
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store

_FIRST_POST = 1_142_899_200
"""UTC midnight of 21 March 2006: nobody posted before."""


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
    """Take in both directions of an archive, whom its owner talked to, and how often they posted.

    See ``AccountRun.run``.
    """
    run = AccountRun(store, journal, clock, source)
    days: Counter[int] = Counter()
    partners = read_partners(plan.path, days) if plan.seen.archive is not None and plan.seen.archive.has_posts else ()
    with store.many_writes(), closing(read_ahead(store, archive_chunks, plan, plan.rows)) as chunks:
        report = yield from run.run(chunks, cancel, partners)
    if days:
        # Up to the archive's own day a day without a post is one; before the first post nothing is said.
        every_day = range(max(min(days), _FIRST_POST), source.as_of + 1, DAY)
        with store.write() as con:
            account_days.add(con, report.import_id, ((day, None, None, None, None, days[day]) for day in every_day))
    return report
