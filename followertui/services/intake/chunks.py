"""Files of accounts, exports and archives alike, as chunks an import takes in.

Owns the way from a plan to chunks. A helper process that reads ahead imports this and no more, so it
knows nothing of writing. Imported by ``account_files`` and ``accounts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followertui.domain.account import AccountRecord, RecordColumns
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import sorted_out
from followertui.sources.account_exports import read_account_batches
from followertui.sources.archives import read_directions
from followertui.store.audience import imports
from followertui.store.audience.account_rows import DOMAIN, domains_of


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


def account_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Accounts of an export or a list of handles, in file order."""
    direction = plan.relation if plan.relation in ("follower", "following") else ""
    answers = plan.answers
    for batch in read_account_batches(
        plan.table, plan.mapping, plan.reader_relation, answers.only, answers.owner, answers.dates, plan.seen.lists
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
