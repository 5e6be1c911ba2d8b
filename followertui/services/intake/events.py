"""Contact logs and outcome files: joined to accounts and kept on their timeline.

Owns the running of such an import; the joining is ``store.audience.interactions``, undo is
``reversing``. All of it is written in one transaction. Only ``services`` imports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import NamedTuple

from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import keep_report, refusals
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.services.phrases import counted
from followertui.sources.contact_logs import LoggedEvent, read_events
from followertui.sources.kinds import OUTCOMES
from followertui.store.audience import imports, interactions
from followertui.store.decisions import shelf
from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store

STRANGER = "no known account has this handle, id, confirmed address or site"
"""Why a line of a contact log or outcome file has no account."""

NO_LINK = "no link with this number is on the shelf"
"""Why a line that names no person is left out though it has a campaign of ours."""


class _Links(NamedTuple):
    """What an import tells of links of the shelf, and how many of its lines name no person we know."""

    results: list[shelf.Result]
    alone: int


def run_events(
    store: Store, journal: Journal, clock: Clock, source: Source, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Take in a contact log or an outcome file.

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
    events: list[LoggedEvent] = []
    refused: list[imports.Refusal] = []
    for found, problems in read_events(plan.table, plan.what == OUTCOMES, plan.mapping, plan.dates):
        if cancel.is_set():
            raise Cancelled(f"{source.name}: stopped; nothing was written", is_resumable=False)
        yield Progress(len(events) + len(refused), source.total, f"reading {source.name}")
        events += found
        refused += [imports.Refusal(one.line, one.column, one.value, one.reason) for one in problems]
    yield Progress(len(events), source.total, "finding the accounts")
    known = interactions.Known(
        store,
        (name for event in events for name in (event.handle.lower(), event.campaign.handle)),
        (event.x_id for event in events if event.x_id is not None),
        (event.email for event in events),
        (event.domain for event in events),
    )
    happenings: list[interactions.Happening] = []
    results: list[shelf.Result] = []
    alone = 0
    links = {link.id for link in shelf.links(store, with_dropped=True)}
    for event in events:
        row = known.row(event.handle, event.x_id, event.email, event.domain)
        number = event.campaign.shelf_id
        if row is None:
            row = _offered_to(store, known, event)
        if number in links:
            at = source.as_of if event.at is None else event.at
            results.append(shelf.Result(number, event.campaign.kind, event.kind, at, event.times))
        if row is None and number in links:
            alone += 1
            continue
        if row is None and not (event.handle or event.x_id or event.email or event.domain):
            refused.append(imports.Refusal(event.line, "", f"shelf-{number}", NO_LINK))
        elif row is None:
            who = event.handle or event.email or event.domain or str(event.x_id)
            refused.append(imports.Refusal(event.line, "", who, STRANGER))
        else:
            at = source.as_of if event.at is None else event.at
            happenings.append(interactions.Happening(row, event.kind, at, event.note))
    return _write(store, journal, clock, source, happenings, refused, _Links(results, alone))


def _offered_to(store: Store, known: interactions.Known, event: LoggedEvent) -> int | None:
    """The account a link names, where that link was offered to it: an address is easily changed, or passed on."""
    row = known.row(event.campaign.handle, None, "", "") if event.campaign.handle else None
    return row if row is not None and event.campaign.shelf_id in shelf.offered_to(store, row) else None


def _write(
    store: Store,
    journal: Journal,
    clock: Clock,
    source: Source,
    happenings: list[interactions.Happening],
    refused: list[imports.Refusal],
    links: _Links,
) -> ImportReport:
    now = epoch(clock.now())
    accounts = len({one.row for one in happenings})
    by_kind = Counter(one.kind for one in happenings).most_common()
    kinds = ", ".join(counted(count, kind) for kind, count in by_kind)
    notes = [f"{kinds} of {counted(accounts, 'account')}"] if by_kind else []
    if links.results:
        notes.append(_link_note(links.results))
    with store.write() as con:
        import_id = source.start(store, now)
        imports.refuse(con, import_id, sorted(refused))
        shelf.add_results(con, import_id, links.results)
        added = interactions.add_happenings(store, import_id, source.what.replace("-", " "), happenings)
        seen = len(happenings) + links.alone
        imports.finish(con, import_id, now)
        text = f"import {source.name}: {added:,} added to {counted(accounts, 'timeline')}"
        added += links.alone
        entry = journal.record("import", now, text, added, {"import_id": import_id})
        report = ImportReport(
            import_id=import_id, what=source.what, read=seen + len(refused), added=added, updated=0,
            unchanged=seen - added, merged=0, refused=len(refused), left=0, new=0, notes=tuple(notes),
            next_step="", entry_id=entry, is_repeat=False, **refusals(store, import_id)._asdict(),
        )  # fmt: skip
        keep_report(store, report)
    return report


def _link_note(results: list[shelf.Result]) -> str:
    """``12 visits, 1 download by 3 links of the shelf``."""
    told: Counter[str] = Counter()
    for one in results:
        told[one.outcome] += one.times
    came = ", ".join(counted(count, outcome) for outcome, count in told.most_common())
    return f"{came} by {counted(len({one.shelf_id for one in results}), 'link')} of the shelf"
