"""Files of accounts, exports and archives alike, as chunks an import takes in.

Owns the way from a plan to chunks. A helper process that reads ahead imports this and no more, so it
knows nothing of writing. Imported by ``account_files`` and ``accounts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followertui.domain.account import AccountRecord, RecordColumns
from followertui.domain.errors import BadInput
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.reports import sorted_out
from followertui.sources.account_exports import read_account_batches
from followertui.sources.account_origins import FLAGS, RELATION_COLUMN
from followertui.sources.archives import read_directions
from followertui.sources.text_files import shown_name
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
    # What a person says outranks flags, which may be of who was signed in; not what each row says it is.
    is_checked = plan.seen.relation_why == RELATION_COLUMN or (
        plan.seen.relation_why == FLAGS and plan.choices.relation is None
    )
    answers = plan.answers
    for batch in read_account_batches(
        plan.table, plan.mapping, plan.reader_relation, answers.only, answers.owner, answers.dates, plan.seen.lists
    ):
        records = batch.records
        if direction and is_checked:
            _require_direction(plan, direction, records)
        if not plan.table.is_json:
            # Reading JSON takes longer than writing it down, so there the writer works this out.
            ahead = {**records.columns, DOMAIN: domains_of(records.columns, len(records))}
            records = RecordColumns(len(records), ahead)
        listed = batch.direction if plan.relation == "both" and plan.seen.has_both_lists else direction
        yield Chunk(records, *sorted_out(batch.problems), direction=listed)


_FLAGS = {"follower": "follows_us", "following": "we_follow"}


def _require_direction(plan: ImportPlan, direction: str, records: RecordColumns) -> None:
    """Stop at rows that say of themselves that they are not what the file is read as.

    Raises:
        BadInput: there is such a row.
    """
    other = "following" if direction == "follower" else "follower"
    own, opposite = (records.column(_FLAGS[one]) for one in (direction, other))
    at = next((at for at, (is_own, is_other) in enumerate(zip(own, opposite, strict=True))
               if is_own == 0 or (is_own is None and is_other == 1)), None)  # fmt: skip
    if at is None:
        return
    handle, x_id = records.column("handle")[at], records.column("x_id")[at]
    who = f"@{handle}" if handle else str(x_id)
    raise BadInput(
        f"{shown_name(plan.path)}: {who} is no {direction} by {plan.seen.relation_why}, others of the file are; "
        "say --relation both to take each row as it says."
    )


def archive_chunks(plan: ImportPlan) -> Iterator[Chunk]:
    """Both directions of an archive, one after the other."""
    for direction, records, problems in (
        read_directions(plan.path, plan.seen.archive.directions) if plan.seen.archive else ()
    ):
        yield Chunk(records, *sorted_out(problems), direction=direction)
