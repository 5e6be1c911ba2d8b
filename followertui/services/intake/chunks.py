"""Files as chunks: the readers of ``sources`` in the shape an import takes in.

Owns the way from a plan to chunks of some rows. Only ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeVar

from followertui.domain.account import AccountRecord, RecordColumns
from followertui.services.intake.accounts import Chunk
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.lists import EntryChunk
from followertui.sources.account_exports import read_account_batches
from followertui.sources.archives import Archive, Partner, read_directions, read_partners
from followertui.sources.contact_logs import read_events
from followertui.sources.lists import read_list_batches
from followertui.sources.problems import Problem
from followertui.sources.recognising import CONTACT_LOG, LIST, OUTCOMES
from followertui.store.audience import imports
from followertui.store.audience.account_rows import DOMAIN, domains_of
from followertui.store.audience.imports import Refusal
from followertui.store.file.connection import Store
from followertui.store.lists.entries import entry_line

CHUNK_ROWS = 500

STRANGER = "no known account has this handle, id, confirmed address or site"
"""Why a line of a contact log or outcome file has no account."""

_One = TypeVar("_One")


def account_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Accounts of an export or a list of handles."""
    direction = plan.relation if plan.relation in ("follower", "following") else ""
    is_json = plan.seen.format in ("JSON", "JSONL")
    for batch in read_account_batches(plan.seen.table or plan.seen.path, plan.mapping, plan.reader_relation):
        records = batch.records
        if not is_json:
            # Reading JSON takes longer than writing it down, so there the writer works this out.
            ahead = {**records.columns, DOMAIN: domains_of(records.columns, len(records))}
            records = RecordColumns(len(records), ahead)
        yield Chunk(records, *_sorted_out(batch.problems), direction=direction)


def archive_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Both directions of an archive, one after the other."""
    found = read_directions(plan.seen.path, _directions(plan.seen.archive))
    for direction, pairs in groupby(found, key=itemgetter(0)):
        for some in _some(one for _, one in pairs):
            records = [one for one in some if isinstance(one, AccountRecord)]
            problems = [one for one in some if isinstance(one, Problem)]
            yield Chunk(records, *_sorted_out(problems), direction=direction)


def _directions(archive: Archive | None) -> list[str]:
    """Directions an archive holds a list of."""
    if archive is None:
        return []
    there = {"follower": archive.has_followers, "following": archive.has_following}
    return [direction for direction, is_there in there.items() if is_there]


def partners(plan: ImportPlan) -> Iterator[list[Partner]]:
    """Accounts the archive's owner talked to."""
    if plan.seen.archive is not None and plan.seen.archive.has_posts:
        yield from _some(read_partners(plan.seen.path))


def entry_chunks(plan: ImportPlan) -> Iterator[EntryChunk]:
    """Entries of a list."""
    for entries, problems in read_list_batches(plan.seen.table or plan.seen.path, plan.mapping, plan.kind_from or None):
        yield EntryChunk(list(map(entry_line, entries)), *_sorted_out(problems))


def problems_of(store: Store, plan: ImportPlan, import_id: int) -> Iterator[Problem]:
    """Values and rows left out of a file in file order; what the store itself refused comes last."""
    yield from _problems_of_reader(plan)
    for refusal in imports.refused(store, import_id) if import_id else ():
        if refusal.line == 0 or refusal.reason == STRANGER:
            yield Problem(*refusal, is_refused=True)


def _problems_of_reader(plan: ImportPlan) -> Iterator[Problem]:
    table = plan.seen.table or plan.seen.path
    if plan.seen.archive is not None:
        found = read_directions(plan.seen.path, _directions(plan.seen.archive))
        yield from (one for _, one in found if isinstance(one, Problem))
    elif plan.what == LIST:
        for _, problems in read_list_batches(table, plan.mapping, plan.kind_from or None):
            yield from problems
    elif plan.what in (OUTCOMES, CONTACT_LOG):
        events = read_events(table, plan.what == OUTCOMES, plan.mapping)
        yield from (one for one in events if isinstance(one, Problem))
    else:
        for batch in read_account_batches(table, plan.mapping, plan.reader_relation):
            yield from batch.problems


def _some(values: Iterable[_One]) -> Iterator[list[_One]]:
    stream = iter(values)
    while some := list(islice(stream, CHUNK_ROWS)):
        yield some


def _sorted_out(problems: Iterable[Problem]) -> tuple[list[Refusal], list[str]]:
    """Rows left out, and reasons of values left out of rows that were taken."""
    refused: list[Refusal] = []
    dropped: list[str] = []
    for problem in problems:
        if problem.is_refused:
            refused.append(Refusal(problem.line, problem.column, problem.value, problem.reason))
        else:
            dropped.append(f"{problem.column}: {problem.reason}" if problem.column else problem.reason)
    return refused, dropped
