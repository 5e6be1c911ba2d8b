"""Contact logs and outcome files: who did what when, from any table.

Owns the columns, the words for what happened, and the reading of each line. Does not know
which account a line is about (``store.contacts`` joins). Imported by services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.column_names import ColumnGuess, confidence_of, exact_field_of, field_of
from followertui.sources.mappings import apply_mapping
from followertui.sources.problems import Problem, row_problem
from followertui.sources.tables import Table, TableShape, read_batches, table_of
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.domains import domain_category, host_of, registrable_domain
from followertui.text.quantities import NOTHING, parse_count, parse_id, parse_moment

EVENT_FIELDS: tuple[str, ...] = (
    "handle", "x_id", "email", "domain", "date", "kind", "note", "visits", "downloads", "registrations",
)  # fmt: skip
"""Names a column of a contact log or outcome file can be mapped to."""

OUTCOME_KINDS = ("visit", "download", "registration")

_WHO = ("handle", "x_id", "email", "domain")
_COUNTED = {"visits": "visit", "downloads": "download", "registrations": "registration"}
_NOTE_LENGTH = 200


class LoggedEvent(NamedTuple):
    """One interaction with a person.

    Attributes:
        line: one-based line in the file.
        handle, x_id, email, domain: by what the person is known; "" or None where not said. The
            domain is registrable and has one owner, never free mail.
        kind: message, mention, reply, quote, contact, or one of ``OUTCOME_KINDS``.
        at: epoch seconds UTC, None where the line has no date.
        note: what it was about, cleaned.
    """

    line: int
    handle: str
    x_id: int | None
    email: str
    domain: str
    kind: str
    at: int | None
    note: str


def event_columns(shape: TableShape, mapping: Mapping[str, str] | None = None) -> list[ColumnGuess]:
    """What each column is taken for, the most telling header of a field first.

    Args:
        shape: the table.
        mapping: column -> field ("" to leave it alone), outranking the guess.
    """
    found = [field_of("events", column) for column in shape.header]
    best: dict[str, int] = {}
    for position, match in enumerate(found):
        if match is not None and (match[0] not in best or match[1] < (found[best[match[0]]] or match)[1]):
            best[match[0]] = position
    guesses = []
    for position, (column, match) in enumerate(zip(shape.header, found, strict=True)):
        if match is not None and best[match[0]] == position:
            guesses.append(ColumnGuess(position, column, match[0], confidence_of(match[1]), "by its header"))
        else:
            why = "the header is not known" if match is None else f"{shape.header[best[match[0]]]!r} says it already"
            guesses.append(ColumnGuess(position, column, "", 0, why))
    return apply_mapping(guesses, mapping)


def read_events(
    table: Table, is_outcomes: bool, mapping: Mapping[str, str] | None = None
) -> Iterator[LoggedEvent | Problem]:
    """Lines of a contact log or an outcome file in file order, and what was left out.

    Args:
        table: CSV, TSV, workbook, JSON or JSONL.
        is_outcomes: visits, downloads and registrations; else conversations.
        mapping: column -> field, outranking the guess.

    Raises:
        BadInput: when no column says who, or none says what or when.
    """
    shape = table_of(table)
    columns = {guess.field: guess.position for guess in event_columns(shape, mapping) if guess.field}
    needed = ("kind", *_COUNTED) if is_outcomes else ("date",)
    for fields, what in ((_WHO, "who it was"), (needed, "what happened" if is_outcomes else "when it was")):
        if not set(fields) & set(columns):
            raise BadInput(
                f"{shown_name(shape.path)}: no column says {what}; name one with --map COLUMN={fields[0]} "
                f"(columns: {', '.join(shape.header[:12])})."
            )
    for batch in read_batches(shape):
        yield from batch.problems
        for line, row in zip(batch.lines, batch.rows, strict=True):
            cells = {field: row[position].strip() for field, position in columns.items()}
            yield from _events(line, {field: text for field, text in cells.items() if text.lower() not in NOTHING},
                               is_outcomes)  # fmt: skip


def _events(line: int, cells: dict[str, str], is_outcomes: bool) -> Iterator[LoggedEvent | Problem]:
    handle = clean_handle(cells.get("handle", "")) or ""
    x_id = _id_of(cells.get("x_id", ""))
    email = clean_text(cells.get("email", ""), limit=254).lower() if "@" in cells.get("email", "") else ""
    domain = _own_domain(cells.get("domain", "")) or _own_domain(email)
    if not (handle or x_id or email or domain):
        yield row_problem(line, " | ".join(cells.values()), "names no one: no handle, id, e-mail or domain")
        return
    at = None
    if "date" in cells:
        try:
            at = parse_moment(cells["date"])
        except ValueError:
            yield row_problem(line, cells["date"], "is no date", "date")
            return
    elif not is_outcomes:
        yield row_problem(line, " | ".join(cells.values()), "has no date")
        return
    note = clean_text(cells.get("note", ""), limit=_NOTE_LENGTH)
    said = clean_text(cells.get("kind", ""), limit=60)
    who = (line, handle, x_id, email, domain)
    if not is_outcomes:
        kind = exact_field_of("contact_kinds", said) or "contact"
        yield LoggedEvent(*who, kind, at, ": ".join(filter(None, (said, note))))
        return
    counted = [(kind, cells[field]) for field, kind in _COUNTED.items() if field in cells]
    for kind, text in counted:
        count = _count_of(text)
        if count is None:
            yield row_problem(line, text, "is no number", kind)
        elif count:
            yield LoggedEvent(*who, kind, at, f"{count:,} {kind}{'' if count == 1 else 's'}")
    if said:
        outcome = outcome_of(said)
        if outcome:
            yield LoggedEvent(*who, outcome, at, note)
        else:
            yield row_problem(line, said, "is no visit, download or registration", "kind")
    elif not counted:
        yield row_problem(line, " | ".join(cells.values()), "says nothing that happened")


def outcome_of(said: str) -> str | None:
    """Visit, download or registration, by the word or by one it holds; None for neither."""
    found = exact_field_of("outcome_kinds", said)
    folded = said.casefold()
    return found or next((kind for kind in OUTCOME_KINDS if kind in folded), None)


def _own_domain(text: str) -> str:
    """The registrable domain of an address or a site; "" where many people share it."""
    if not text or host_of(text) is None or domain_category(text):
        return ""
    return registrable_domain(text) or ""


def _id_of(text: str) -> int | None:
    try:
        return parse_id(text) if text else None
    except ValueError:
        return None


def _count_of(text: str) -> int | None:
    try:
        return parse_count(text)
    except ValueError:
        return None
