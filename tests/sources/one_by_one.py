"""Files read record by record, as tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.domain.lists import ListEntry
from followertui.sources.account_exports import read_account_batches
from followertui.sources.archives import read_directions
from followertui.sources.formats import inspect_table
from followertui.sources.lists import read_list_batches
from followertui.sources.problems import Problem
from followertui.sources.text_files import look_at


def read_accounts(path: Path, **options: Any) -> Iterator[AccountRecord | Problem]:
    """What was left out and the records, batch by batch."""
    for batch in read_account_batches(inspect_table(look_at(path)), **options):
        yield from batch.problems
        yield from batch.records


def read_list(path: Path, **options: Any) -> Iterator[ListEntry | Problem]:
    """What was left out and the entries, batch by batch."""
    for batch in read_list_batches(inspect_table(look_at(path)), **options):
        yield from batch.problems
        yield from batch.entries


def read_archive(path: Path, direction: str) -> Iterator[AccountRecord | Problem]:
    """Records of one direction and what was left out, batch by batch."""
    for batch in read_directions(path, (direction,)):
        yield from batch.records
        yield from batch.problems
