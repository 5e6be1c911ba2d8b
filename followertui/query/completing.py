"""What could stand at the cursor of a query: fields, choices and known names, each with help.

Owns completion. It reads the text before the cursor only and never fails, whatever is typed.
Imported by services.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from followertui.domain.fields import FIELDS, FLAGS, SORT_FIELDS
from followertui.domain.query import Completion, FieldType, QueryField
from followertui.query.wording import PLAIN_VALUE, quoted

MAX_COMPLETIONS = len(FIELDS) + 10
"""Most completions given at once: every field, and what a line may begin with besides."""

_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?+|[^\s()"])++|[\s()]++', re.DOTALL)
"""A term with its quotes, closed or still open, or what stands between terms."""

_FIELD = re.compile(r"([^\W\d][\w-]*):")

_SORT = QueryField("sort", FieldType.CHOICE, "order of the rows; -field for the other way round", SORT_FIELDS)

_EXAMPLES: dict[FieldType, tuple[tuple[str, str], ...]] = {
    FieldType.NUMBER: (("1000..", "1000 or more"), ("..50", "50 or fewer"), ("1k..2.5m", "between")),
    FieldType.DURATION: (("90d..", "90 days or more"), ("..6m", "6 months or less"), ("1y..2y", "between")),
    FieldType.DATE: (
        ("7d", "within the last seven days"),
        ("today", "since midnight"),
        ("monday..", "since the latest Monday"),
        ("2026-10-01..", "since that day"),
        ("..2026", "until the end of that year"),
    ),
    FieldType.DAY: (("2026-10-01", "that day"), ("30d", "thirty days ago"), ("monday", "the latest Monday")),
    FieldType.MATCH: (("90..", "score of 90 or more"),),
}


def complete(text: str, cursor: int, names: Mapping[str, Sequence[str]] | None = None) -> list[Completion]:
    """What could stand at the cursor.

    Args:
        text: the query so far, in any state.
        cursor: zero-based offset of the cursor.
        names: field -> names known of it (tags, lists, companies, owners, reasons), in the
            order to offer them.

    Returns:
        At most ``MAX_COMPLETIONS``, best first: what begins like the word at the cursor, then what holds it.
    """
    before = text[: max(0, cursor)]
    start = 0
    for piece in _PIECE.finditer(before):
        is_between = piece[0][0] in "()" or piece[0][0].isspace()
        start = piece.end() if is_between else piece.start()
    word = before[start:]
    negation = len(word) - len(word.lstrip("-"))
    start, word = start + negation, word[negation:]
    field = _FIELD.match(word)
    if field is None:
        return _fields(word, start, len(before))
    value = word[field.end() :]
    known = _SORT if field[1].lower() == "sort" else FIELDS.get(field[1].lower())
    return _values(known, value, start + field.end(), len(before), names or {}) if known else []


def _fields(word: str, start: int, end: int) -> list[Completion]:
    """Fields that begin like the word, then choices that do: ``cust`` offers ``kind:customer``."""
    known = {f"{name}:": field.help for name, field in (*FIELDS.items(), ("sort", _SORT))}
    given = [(text, known[text]) for text in _ranked(word, known)]
    if word:
        for field in FIELDS.values():
            if field.name == "has":
                continue
            matching = (choice for choice in field.choices if choice.startswith(word.lower()))
            given += [(f"{field.name}:{choice}", _choice_help(field, choice)) for choice in matching]
    return _completions(given, start, end)


def _values(
    field: QueryField, value: str, start: int, end: int, names: Mapping[str, Sequence[str]]
) -> list[Completion]:
    comma = value.rfind(",") + 1 if '"' not in value and field is not _SORT else 0
    typed = value[comma:]
    start += comma
    if field is _SORT:
        sign = "-" if typed.startswith("-") else ""
        given = [(sign + name, FIELDS[name].help) for name in _ranked(typed.removeprefix("-"), SORT_FIELDS)]
        return _completions(given, start, end)
    given = [(choice, _choice_help(field, choice)) for choice in _ranked(typed, field.choices)]
    for name in _ranked(typed.strip('"'), names.get(field.name, ())):
        given.append((name if PLAIN_VALUE.fullmatch(name) else quoted(name), field.help))
    given += [example for example in _EXAMPLES.get(field.type, ()) if example[0].startswith(typed.lower())]
    return _completions(given, start, end)


def _choice_help(field: QueryField, choice: str) -> str:
    if field.type is FieldType.FLAG:
        return FLAGS[choice]
    if field.name == "has" and choice in FIELDS:
        return FIELDS[choice].help
    return field.help


def _ranked(word: str, known: Iterable[str]) -> list[str]:
    """Known words that begin like ``word``, then those that hold it, each in the order given."""
    typed = word.casefold()
    begins: list[str] = []
    holds: list[str] = []
    for name in known:
        folded = name.casefold()
        if folded.startswith(typed):
            begins.append(name)
        elif typed in folded:
            holds.append(name)
    return begins + holds


def _completions(given: Sequence[tuple[str, str]], start: int, end: int) -> list[Completion]:
    return [Completion(text, start, end, help_) for text, help_ in given[:MAX_COMPLETIONS]]
