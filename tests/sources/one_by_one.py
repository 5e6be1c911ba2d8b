"""Account exports read record by record, as tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.sources.account_exports import read_account_batches
from followertui.sources.problems import Problem


def read_accounts(path: Path, **options: Any) -> Iterator[AccountRecord | Problem]:
    """What was left out and the records, batch by batch."""
    for batch in read_account_batches(path, **options):
        yield from batch.problems
        yield from batch.records
