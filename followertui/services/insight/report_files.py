"""The report as files: Markdown, a folder of CSV tables, one HTML page.

Owns how they are written and what redacting leaves out. ``report_text`` owns the words.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.services.insight import report_page, report_tables, report_text
from followertui.services.insight.values import Report
from followertui.text.escaping import safe_csv_cell, safe_line

_MOST_HEAD = 2_000


def redacted(report: Report) -> Report:
    """The report without names: no people, no handle of ours; lists, playbooks and links by number."""
    coverage = tuple({**line, "list": f"list {place}"} for place, line in enumerate(report.coverage, start=1))
    points = tuple(one._replace(source="") for one in report.history)
    named = ((f"playbook {place}", one) for place, one in enumerate(report.goals, start=1))
    goals = tuple(one._replace(name=name, title=name) for name, one in named)
    links = tuple(one._replace(title="") for one in report.links)
    return replace(report, profile="", people=(), coverage=coverage, history=points, goals=goals, links=links)


def write_tables(report: Report, folder: Path) -> list[str]:
    """Write every table as CSV into a folder, which is made where there is none; returns the names of the files.

    Tables of an earlier report are replaced.

    Raises:
        BadInput: something else has the name of one, or it cannot be written; nothing was.
    """
    tables = report_tables.tables(report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (columns, _) in tables.items():
            _check_target(folder / f"{name}.csv", columns)
        for name, (columns, records) in tables.items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([safe_csv_cell(_cell(record.get(column))) for column in columns] for record in records)
            private_files.replace(folder / f"{name}.csv", text.getvalue().encode())
    except OSError as problem:
        raise BadInput(f"{folder}: cannot be written ({problem.strerror}); name another folder") from None
    return [f"{name}.csv" for name in tables]


def _check_target(path: Path, columns: Sequence[str]) -> None:
    """Refuse to replace a file that is no such table, or one whose columns a person changed.

    Raises:
        BadInput: it is another file.
        OSError: it is no regular file of ours, or cannot be read.
    """
    if not os.path.lexists(path):
        return
    with private_files.open_own(path) as file:
        if file.readline(_MOST_HEAD).decode("utf-8", "replace").rstrip("\r\n") != ",".join(columns):
            raise BadInput(f"{path}: is another file, or was edited; name another folder")


def write_page(report: Report, path: Path, zone: tzinfo) -> None:
    """Write the report as one HTML page, replacing what is there in one step.

    Raises:
        BadInput: it cannot be written.
    """
    try:
        private_files.replace(path, report_page.page(report, zone).encode())
    except OSError as problem:
        raise BadInput(f"{path}: cannot be written ({problem.strerror}); name another file") from None


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
    for name, (columns, records) in report_tables.tables(report).items():
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
