"""Contact logs and outcome files: who did what when, from any table.

Owns the columns, the words for what happened, and the reading of each line. Does not know
which account a line is about (``store.contacts`` joins). Imported by services.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.account_columns import COUNT_FIELDS
from followertui.sources.campaigns import CAMPAIGN_FIELDS, NO_CAMPAIGN, Campaign, campaign_of
from followertui.sources.column_names import (
    SUFFIX_RANK,
    ColumnGuess,
    apply_mapping,
    confidence_of,
    exact_field_of,
    field_of,
    fold_header,
)
from followertui.sources.day_order import DAY_FIRST, DayOrder, day_order
from followertui.sources.formats import read_batches
from followertui.sources.kinds import CONTACT_LOG, OUTCOMES, Answers, Recognised, SourceKind, recognised_table
from followertui.sources.problems import Problem, row_problem
from followertui.sources.sniffing import Sniffed
from followertui.sources.tables import TableShape
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.domains import domain_category, host_of, registrable_domain
from followertui.text.quantities import NOTHING, parse_count, parse_id, parse_moment

EVENT_FIELDS: tuple[str, ...] = (
    "handle", "x_id", "email", "domain", "date", "kind", "note", "visits", "downloads", "registrations",
    *CAMPAIGN_FIELDS,
)  # fmt: skip
"""Names a column of a contact log or outcome file can be mapped to."""

OUTCOME_KINDS = ("visit", "download", "registration")

_WHO = ("handle", "x_id", "email", "domain")
_COUNTED = {"visits": "visit", "downloads": "download", "registrations": "registration"}
_NOTE_LENGTH = 200
_OF_RECORDS = frozenset({"crm_id", "owner", "first_name", "last_name", "title"})
_RECORD_FIELDS = _OF_RECORDS | {"company", "kind", "city", "country"}
"""Fields of a record of a person or company; two of them outweigh a column on contact."""


class LoggedEvent(NamedTuple):
    """One interaction with a person.

    Attributes:
        line: one-based line in the file.
        handle, x_id, email, domain: by what the person is known; "" or None where not said. The
            domain is registrable and has one owner, never free mail.
        kind: message, mention, reply, quote, contact, or one of ``OUTCOME_KINDS``.
        at: epoch seconds UTC, None where the line has no date.
        note: what it was about, cleaned.
        campaign: the link of the shelf they came by; a line with one may name no person.
        times: how often it happened.
    """

    line: int
    handle: str
    x_id: int | None
    email: str
    domain: str
    kind: str
    at: int | None
    note: str
    campaign: Campaign = NO_CAMPAIGN
    times: int = 1


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


class EventBatch(NamedTuple):
    """Some events in file order.

    Attributes:
        events: of at most 500 lines.
        problems: of these lines, in file order.
    """

    events: list[LoggedEvent]
    problems: list[Problem]


def read_events(
    shape: TableShape, is_outcomes: bool, mapping: Mapping[str, str] | None = None, dates: str | None = None
) -> Iterator[EventBatch]:
    """Lines of a contact log or an outcome file in file order, and what was left out.

    Args:
        shape: CSV, TSV, workbook, JSON or JSONL.
        is_outcomes: visits, downloads and registrations; else conversations.
        mapping: column -> field, outranking the guess.
        dates: how ``03/04/2024`` is read, as ``DayOrder.order``; None leaves it to the file.

    Raises:
        BadInput: when no column says who, or none says what or when.
    """
    columns = {guess.field: guess.position for guess in event_columns(shape, mapping) if guess.field}
    implied = implied_outcome(shape, columns) if is_outcomes else ""
    needed = ("kind", *_COUNTED, *(("date",) if implied else ())) if is_outcomes else ("date",)
    who = (*_WHO, "utm_content", "link") if is_outcomes else _WHO
    for fields, what in ((who, "who it was"), (needed, "what happened" if is_outcomes else "when it was")):
        if not set(fields) & set(columns):
            raise BadInput(
                f"{shown_name(shape.path)}: no column says {what}; name one with --map COLUMN={fields[0]} "
                f"(columns: {', '.join(shape.header[:12])})."
            )
    order = order_of_events(shape, mapping).order if dates is None else dates
    is_day_first = order == DAY_FIRST if order else None
    for batch in read_batches(shape):
        found = EventBatch([], list(batch.problems))
        for line, row in zip(batch.lines, batch.rows, strict=True):
            cells = {field: row[position].strip() for field, position in columns.items()}
            known = {field: text for field, text in cells.items() if text.lower() not in NOTHING}
            if implied:
                known["kind"] = implied
            for one in _events(line, known, is_outcomes, is_day_first):
                if isinstance(one, Problem):
                    found.problems.append(one)
                else:
                    found.events.append(one)
        yield found


def order_of_events(shape: TableShape, mapping: Mapping[str, str] | None = None) -> DayOrder:
    """How a contact log or an outcome file writes its dates."""
    return day_order(shape, event_columns(shape, mapping), ("date",), shape.samples)


def _events(
    line: int, cells: dict[str, str], is_outcomes: bool, is_day_first: bool | None
) -> Iterator[LoggedEvent | Problem]:
    handle = clean_handle(cells.get("handle", "")) or ""
    x_id = _id_of(cells.get("x_id", ""))
    email = clean_text(cells.get("email", ""), limit=254).lower() if "@" in cells.get("email", "") else ""
    domain = _own_domain(cells.get("domain", "")) or _own_domain(email)
    campaign = campaign_of(cells) if is_outcomes else NO_CAMPAIGN
    if not (handle or x_id or email or domain or campaign.shelf_id):
        yield row_problem(line, " | ".join(cells.values()), "names no one: no handle, id, e-mail or domain")
        return
    at = None
    if "date" in cells:
        try:
            at = parse_moment(cells["date"], day_first=is_day_first)
        except ValueError as error:
            reason = "is no date" if str(error) == "no date" else str(error)
            yield row_problem(line, cells["date"], reason, "date")
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
            yield LoggedEvent(*who, kind, at, f"{count:,} {kind}{'' if count == 1 else 's'}", campaign, count)
    if said:
        outcome = outcome_of(said)
        if outcome:
            yield LoggedEvent(*who, outcome, at, note, campaign)
        else:
            yield row_problem(line, said, "is no visit, download or registration", "kind")
    elif not counted:
        yield row_problem(line, " | ".join(cells.values()), "says nothing that happened")


def implied_outcome(shape: TableShape, columns: Mapping[str, int]) -> str:
    """What every line of a table says happened by the header of its date, such as "Submit Date"; "" for none.

    Args:
        shape: the table.
        columns: field -> position.
    """
    if "date" not in columns or {"kind", *_COUNTED} & columns.keys():
        return ""
    found = field_of("outcome_dates", shape.header[columns["date"]])
    return "" if found is None else found[0]


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


class EventFile(SourceKind):
    """A table of what people did; ``ContactLog`` and ``OutcomeFile`` tell the two apart."""

    fields = EVENT_FIELDS
    title: ClassVar[str]

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """A table that says who did something."""
        shape = sniffed.table
        if shape is None or sniffed.holds_accounts:
            return None
        columns = event_columns(shape)
        return recognised_table(shape, self.names[0], columns) if self._is_one(shape, sniffed, columns) else None

    @abstractmethod
    def _is_one(self, shape: TableShape, sniffed: Sniffed, columns: Sequence[ColumnGuess]) -> bool: ...

    def sentence(self, seen: Recognised) -> str:
        """Which of the two, and how many lines."""
        return f"{seen.form}, {self.title}, {seen.counted} rows"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """By their headers, a person's mapping first."""
        return () if seen.table is None else event_columns(seen.table, answers.mapping)

    def day_order(self, seen: Recognised, answers: Answers) -> DayOrder:
        """By the dates of what happened."""
        return DayOrder() if seen.table is None else order_of_events(seen.table, answers.mapping)

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Lines left out, in file order."""
        assert seen.table is not None
        for batch in read_events(seen.table, OUTCOMES in self.names, answers.mapping, answers.dates):
            yield from batch.problems


class ContactLog(EventFile):
    """Who talked with us, and when."""

    names = (CONTACT_LOG,)
    title = "contact log"

    def _is_one(self, shape: TableShape, sniffed: Sniffed, columns: Sequence[ColumnGuess]) -> bool:
        is_named = sniffed.account_fields & {"handle", "x_id"} or sniffed.list_fields & {"handle", "email"}
        if not is_named or sniffed.account_fields & COUNT_FIELDS or not _has_words("contacts", shape):
            return False
        by_field = {guess.field: guess.position for guess in columns if guess.field}
        is_dated = {"date", "kind"} <= set(by_field)
        if len(sniffed.list_fields & _RECORD_FIELDS) > 1:
            # A record of a person may say when they were last contacted; a line of a log says how, every time.
            return is_dated and _says_how_and_when(shape, by_field["date"], by_field["kind"])
        return is_dated or "contacted" in "".join(map(fold_header, shape.header))


class OutcomeFile(EventFile):
    """Visits, downloads and registrations."""

    names = (OUTCOMES,)
    title = "outcomes"

    def _is_one(self, shape: TableShape, sniffed: Sniffed, columns: Sequence[ColumnGuess]) -> bool:
        is_named = bool(
            sniffed.account_fields & {"handle", "x_id"}
            or sniffed.list_fields & {"handle", "email", "domain"}
            or _names_links(shape, columns)
        )
        by_field = {guess.field: guess.position for guess in columns if guess.field}
        is_record = sniffed.list_fields & _OF_RECORDS and not by_field.keys() & set(CAMPAIGN_FIELDS)
        if not is_named or sniffed.account_fields & COUNT_FIELDS or is_record:
            return False
        says = _has_words("outcomes", shape) or _says_outcomes(shape, columns)
        return says or bool(implied_outcome(shape, by_field))


def _names_links(shape: TableShape, columns: Sequence[ColumnGuess]) -> bool:
    """Whether a line names a link of the shelf."""
    at = {guess.field: guess.position for guess in columns if guess.field in CAMPAIGN_FIELDS}
    return any(
        campaign_of({field: row[place] for field, place in at.items()}).shelf_id is not None for row in shape.samples
    )


def _has_words(section: str, shape: TableShape) -> bool:
    """Whether a header is a word of the section, as a whole."""
    found = (field_of(section, column) for column in shape.header)
    return any(match is not None and match[1] < SUFFIX_RANK for match in found)


def _says_how_and_when(shape: TableShape, date: int, kind: int) -> bool:
    """Whether most lines have a date and a word for a way of contact."""
    dated = sum(1 for row in shape.samples if row[date].strip())
    told = sum(1 for row in shape.samples if exact_field_of("contact_kinds", row[kind]) is not None)
    return min(dated, told) * 2 > len(shape.samples)


def _says_outcomes(shape: TableShape, columns: Sequence[ColumnGuess]) -> bool:
    """Whether a dated column says visit, download or registration on most lines."""
    at = {guess.field: guess.position for guess in columns if guess.field}
    if "date" not in at or "kind" not in at:
        return False
    said = [row[at["kind"]] for row in shape.samples if row[at["kind"]].strip()]
    return bool(said) and sum(outcome_of(word) is not None for word in said) > len(said) / 2
