"""Bios that are nearly the same as one account's: most of their words in common, in any order.

Owns what "nearly" means for the query field ``like``. The full-text index proposes, the words
decide; rows it does not hold yet are read one by one, so that it finds the same before and after
indexing. Only ``store.index`` imports it.
"""

from __future__ import annotations

from collections.abc import Iterator

from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.index.text_search import words_of

LEAST_SHARED = 0.6
"""Two bios are nearly the same from this share of their words on (Jaccard)."""

_LEAST_WORDS = 4
"""A shorter bio is like no other but its own words in their order: few words agree by chance."""

_MOST_ASKED = 12
"""Words the full-text index is asked for; the longest ones are the rarest."""


def rows_like(store: Store, asked: str) -> Iterator[int]:
    """Rows whose bio is nearly that of an account, itself included; none without such an account or a bio.

    Args:
        store: the open store.
        asked: "@handle", a handle, or an id.
    """
    name = asked.lstrip("@")
    found = store.con.execute(
        "SELECT bio FROM account WHERE (handle = ?1 OR x_id = CASE WHEN ?2 THEN CAST(?1 AS INTEGER) END) "
        "AND merged_into IS NULL AND coalesce(bio, '') <> '' LIMIT 1",
        [name, name.isascii() and name.isdigit() and len(name) < 19 and not asked.startswith("@")],
    ).fetchone()
    words = words_of(found[0]) if found else []
    if not words:
        return
    own = set(words)
    for row, bio in _candidates(store, own):
        theirs = words_of(bio)
        if len(own) < _LEAST_WORDS or len(theirs) < _LEAST_WORDS:
            if theirs == words:
                yield row
        elif len(own & set(theirs)) >= LEAST_SHARED * len(own | set(theirs)):
            yield row


def _candidates(store: Store, words: set[str]) -> Iterator[tuple[int, str]]:
    """Rows with a bio that may share enough: one that lacks every word asked for shares too few."""
    upto = watermarks.TEXT_UPTO.read(store)
    longest = sorted(words, key=lambda word: (-len(word), word))
    enough = len(longest) - int(LEAST_SHARED * len(longest)) + 1
    quoted = " OR ".join('"' + word.replace('"', " ") + '"' for word in longest[: max(enough, _MOST_ASKED)])
    yield from store.con.execute(
        "SELECT a.row, a.bio FROM account_text t JOIN account a ON a.row = t.rowid "
        "WHERE account_text MATCH ? AND a.bio IS NOT NULL",
        [f"bio : ({quoted})"],
    )
    yield from store.con.execute("SELECT row, bio FROM account WHERE row > ? AND coalesce(bio, '') <> ''", [upto])
