"""Which words of a query tell of a person who is purged.

A filter typed once may hold a person's name or a phrase of a bio. Owns the choice: a full name
always, any other word where no account that stays has it, and never a word of the query
language. Only ``purging`` uses it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from followertui.domain.fields import FIELDS, FLAGS, HAS_FIELDS, SORT_FIELDS
from followertui.store.file import settings

_WORD = re.compile(r"\w+")
_SHORTEST = 3
_LANGUAGE = frozenset(
    word
    for name in (*FIELDS, *FLAGS, *HAS_FIELDS, *SORT_FIELDS, *(c for f in FIELDS.values() for c in f.choices), "sort")
    for word in _WORD.findall(name.casefold())
)


def telling_words(con: sqlite3.Connection, rows: Sequence[int]) -> list[str]:
    """Names and words that would still tell of some accounts, in what was typed about them.

    Args:
        con: the store's connection, before the accounts are emptied.
        rows: their row numbers.

    Returns:
        Folded words and full names that occur in journal, saved views or settings.
    """
    asked = json.dumps(list(rows))
    lines = con.execute(
        "SELECT name, bio, location FROM account WHERE row IN (SELECT value FROM json_each(?))", [asked]
    ).fetchall()
    texts = [text for line in lines for text in line if text]
    before = "SELECT before FROM import_change WHERE row IN (SELECT value FROM json_each(?))"
    texts += [text for (body,) in con.execute(before, [asked]) for text in _strings(json.loads(body))]
    typed = {word for text in _typed(con) for word in _WORD.findall(text.casefold())}
    own = {word for text in texts for word in _WORD.findall(text.casefold()) if len(word) >= _SHORTEST}
    names = {" ".join(line[0].casefold().split()) for line in lines if line[0]}
    words = [word for word in sorted((own & typed) - _LANGUAGE) if not _has_another(con, word, asked)]
    return [*(name for name in sorted(names) if len(name) >= _SHORTEST and name not in _LANGUAGE), *words]


def _typed(con: sqlite3.Connection) -> Iterator[str]:
    """Every text that holds what a reviewer typed."""
    for statement in ("SELECT query || ' ' || text FROM journal", "SELECT query || ' ' || name FROM saved_view"):
        yield from (line[0] for line in con.execute(statement))
    yield from settings.texts(con)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        parts: Iterable[object] = value.values() if isinstance(value, dict) else value
        for part in parts:
            yield from _strings(part)


def _has_another(con: sqlite3.Connection, word: str, asked: str) -> bool:
    """Whether an account that stays has a word in its name, bio or location."""
    stays = "rowid NOT IN (SELECT value FROM json_each(?))"
    found = con.execute(f"SELECT 1 FROM account_text WHERE account_text MATCH ? AND {stays}", [f'"{word}"', asked])
    return found.fetchone() is not None
