"""Results on stdout, messages on stderr.

Owns JSON, JSONL and CSV output; ``tables`` draws tables, ``jobs`` progress, ``printing`` is
the door they all pass.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from followertui.cli.options import Options
from followertui.cli.printing import put_document, warn
from followertui.late import late
from followertui.text.cleaning import clean_text
from followertui.text.escaping import json_text, safe_csv_cell

if TYPE_CHECKING:
    from followertui.cli import tables
else:
    tables = late("followertui.cli.tables")

_LOW_PRIORITY = 5

Decorated = Callable[..., Any]


def format_options(command: Decorated) -> Decorated:
    """Add ``--json``, ``--jsonl`` and ``--csv`` to a command that prints rows."""
    command = click.option("--csv", "form", flag_value="csv", help="CSV with a header.")(command)
    command = click.option("--jsonl", "form", flag_value="jsonl", help="One JSON object a line.")(command)
    return click.option("--json", "form", flag_value="json", help="One JSON document.")(command)


def say(options: Options, text: str) -> None:
    """Print a message on stderr, cleaned; nothing with ``--quiet``."""
    if not options.quiet and text:
        warn(clean_text(text, limit=2000))


def write_json(value: Any) -> None:
    """Print one JSON document on stdout."""
    put_document(json_text(value, indent=2))


def write_records(records: Iterable[dict[str, Any]], form: str | None, keys: Sequence[str]) -> int:
    """Print records as JSON, JSONL or CSV, or as a table.

    Args:
        records: each with all ``keys``.
        form: "json", "jsonl", "csv", or None for a table.
        keys: columns, in order.

    Returns:
        Number of records written.
    """
    if form == "csv":
        return _write_csv(records, keys)
    count = 0
    if form == "jsonl":
        for record in records:
            put_document(json_text(record))
            count += 1
        return count
    if form == "json":
        put_document("[", is_line=False)
        for count, record in enumerate(records, start=1):
            put_document(("," if count > 1 else "") + "\n" + json_text(record), is_line=False)
        put_document("\n]" if count else "]")
        return count
    return tables.write_table(([_flat(record[key]) for key in keys] for record in records), keys)


def _write_csv(records: Iterable[dict[str, Any]], keys: Sequence[str]) -> int:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(keys)
    count = 0
    for record in records:
        writer.writerow([safe_csv_cell(_flat(record[key])) for key in keys])
        count += 1
    return count


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("entity") or value.get("text") or value.get("name") or json_text(value))
    return str(value)


def lower_priority() -> None:
    """Lower the priority of this process, so that an open review stays responsive."""
    if hasattr(os, "getpriority") and os.getpriority(os.PRIO_PROCESS, 0) < _LOW_PRIORITY:
        os.nice(_LOW_PRIORITY)
