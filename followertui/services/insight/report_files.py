"""The report as files: Markdown, and a folder of CSV tables.

Owns how they are written and what redacting leaves out. ``report_text`` owns the words.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.services.insight import report_text
from followertui.services.insight.values import Report
from followertui.text.escaping import safe_csv_cell, safe_line


def redacted(report: Report) -> Report:
    """The report without names: no people, no handle of ours, lists by number."""
    coverage = tuple({**line, "list": f"list {place}"} for place, line in enumerate(report.coverage, start=1))
    points = tuple(one._replace(source="") for one in report.history)
    return replace(report, profile="", people=(), coverage=coverage, history=points)


def write_tables(report: Report, folder: Path) -> list[str]:
    """Write every table as CSV into a folder, which is made where there is none; returns the names of the files.

    Raises:
        BadInput: something else has its name, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name, (columns, records) in report_text.tables(report).items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([safe_csv_cell(_cell(record.get(column))) for column in columns] for record in records)
            private_files.replace(folder / f"{name}.csv", text.getvalue().encode())
            written.append(f"{name}.csv")
        return written
    except OSError as problem:
        raise BadInput(f"{folder}: cannot be written ({problem.strerror}); name another folder") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def markdown(report: Report, zone: tzinfo) -> str:
    """The report as Markdown: the lines of the chat, then every table that holds something."""
    first, *rest = (_plain(line) for line in report_text.lines(report, zone))
    parts = [f"# {first}", "", *(f"- {line}" for line in rest)]
    for name, (columns, records) in report_text.tables(report).items():
        if not records:
            continue
        parts += ["", f"## {name.capitalize()}", ""]
        parts.append("| " + " | ".join(columns) + " |")
        parts.append("|" + " --- |" * len(columns))
        parts += ["| " + " | ".join(_plain(_cell(record.get(name))) for name in columns) + " |" for record in records]
    return "\n".join(parts) + "\n"


_MARKED = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#!"})


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return safe_line(text).translate(_MARKED)
