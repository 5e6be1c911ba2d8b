"""What an import did, stored with it and reported again.

Owns how refused rows and dropped values come into a report. Only ``services.intake`` imports it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import NamedTuple

from followertui.services.intake.values import ImportReport, RefusedRow
from followertui.services.phrases import counted
from followertui.services.values import HeldBack
from followertui.sources.problems import Problem
from followertui.store.audience import imports
from followertui.store.file.connection import Store

_SHOWN_REFUSALS = 1000
_SHOWN_REASONS = 5


def sorted_out(problems: Iterable[Problem]) -> tuple[list[imports.Refusal], list[str]]:
    """Rows left out, and reasons of values left out of rows that were taken."""
    refused: list[imports.Refusal] = []
    dropped: list[str] = []
    for problem in problems:
        if problem.is_refused:
            refused.append(imports.Refusal(problem.line, problem.column, problem.value, problem.reason))
        else:
            dropped.append(f"{problem.column}: {problem.reason}" if problem.column else problem.reason)
    return refused, dropped


def dropped_notes(dropped: Counter[str]) -> list[str]:
    """Lines on values that were left out of rows that were taken, the most frequent reasons first."""
    return [f"{counted(count, 'value')} left out: {reason}" for reason, count in dropped.most_common(_SHOWN_REASONS)]


def report_of_repeat(store: Store, earlier: imports.ImportRun) -> ImportReport:
    """The report of an import that was done before."""
    body = json.loads(earlier.report)
    read, refused = int(body.get("read", 0)), int(body.get("refused", 0))
    return ImportReport(
        import_id=earlier.id, what=earlier.what, read=read, added=0, updated=0, unchanged=max(0, read - refused),
        merged=0, refused=refused, left=0, new=0, notes=("the same file was imported before: nothing changed",),
        next_step="", entry_id=int(body.get("entry_id", 0)), is_repeat=True, **refusals(store, earlier.id)._asdict(),
    )  # fmt: skip


class Refusals(NamedTuple):
    """Refused rows as a report shows them."""

    refused_by: tuple[HeldBack, ...]
    refused_rows: tuple[RefusedRow, ...]


def refusals(store: Store, import_id: int) -> Refusals:
    """Why rows of an import were refused, and the first of them."""
    return Refusals(
        tuple(HeldBack(reason, count) for reason, count in imports.refused_by(store, import_id)),
        tuple(RefusedRow(*row) for row in imports.refused(store, import_id, _SHOWN_REFUSALS)),
    )


def keep_report(store: Store, report: ImportReport) -> None:
    """Store what an import did with it; its refused rows have their own table."""
    body = {name: value for name, value in asdict(report).items() if not name.startswith("refused_")}
    with store.write() as con:
        imports.set_report(con, report.import_id, json.loads(json.dumps(body)))
