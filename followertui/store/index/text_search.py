"""Bare words of a query: found in the full-text index, and the same way in rows it does not hold yet.

Owns what "contains a word" means: the words of handle, name, bio and location as FTS5's
``unicode61`` splits and folds them; the last word of an unquoted text may be the beginning of
one. A query therefore finds the same rows before and after indexing. Only ``store`` imports it.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator

from followertui.store.file import watermarks
from followertui.store.file.connection import Store

_COLUMNS = ("handle", "name", "bio", "location")
_BLOCK = 256
_SURROGATES = range(0xD800, 0xE000)


def rows_with_words(store: Store, text: str, is_phrase: bool) -> Iterator[int]:
    """Rows that hold the words of a text one after the other, in no order.

    Args:
        store: the open store.
        text: as typed; where it has no letter and no digit it is looked for as it stands.
        is_phrase: whether the last word must be whole.
    """
    con = store.con
    if not any(character.isalnum() for character in text):
        like = "%" + re.sub(r"([%_!])", r"!\1", text) + "%"
        condition = " OR ".join(f"{name} LIKE ?1 ESCAPE '!'" for name in _COLUMNS)
        return (line[0] for line in con.execute(f"SELECT row FROM account WHERE {condition}", [like]))
    return _found(con, text, is_phrase, watermarks.TEXT_UPTO.read(store))


def _found(con: sqlite3.Connection, text: str, is_phrase: bool, upto: int) -> Iterator[int]:
    quoted = '"' + text.replace('"', " ").replace("\0", " ") + '"'
    match = quoted if is_phrase else f"{quoted} *"
    yield from (line[0] for line in con.execute("SELECT rowid FROM account_text WHERE account_text MATCH ?", [match]))
    words = words_of(text)
    if not words:
        return
    plain = _pattern(words, "[a-z0-9]", is_phrase)
    foreign = _pattern(words, r"\S", is_phrase)
    for row, *columns in _candidates(con, max(words, key=len), upto):
        for column in columns:
            if column and (plain(column.lower()) if column.isascii() else foreign(column.translate(_LETTERS))):
                yield row
                break


def _pattern(words: list[str], letter: str, is_phrase: bool) -> Callable[[str], object]:
    """Finds words one after the other; whatever is no letter parts them."""
    gap = f"[^{letter[1:]}+" if letter.startswith("[") else r"\s+"
    end = f"(?!{letter})" if is_phrase else ""
    return re.compile(f"(?<!{letter})" + gap.join(map(re.escape, words)) + end).search


def _candidates(con: sqlite3.Connection, word: str, upto: int) -> Iterator[tuple[int, str, str, str, str]]:
    """Rows not indexed yet that may hold a word: those in other letters, and those that hold it anywhere."""
    held = " OR ".join(f"{name} LIKE ?2" for name in _COLUMNS) if word.isascii() else "?2 = ''"
    others = " OR ".join(f"length({name}) <> length(CAST({name} AS BLOB))" for name in _COLUMNS)
    yield from con.execute(
        f"SELECT row, {', '.join(_COLUMNS)} FROM account WHERE row > ?1 AND ({held} OR {others})", [upto, f"%{word}%"]
    )


class _Letters(dict[int, str]):
    """Letter -> what ``unicode61`` makes of it, for ``str.translate``: itself folded, " " or nothing.

    FTS5 itself is asked, 256 letters at a time, so that no table of ours can differ from its own.
    """

    def __missing__(self, code: int) -> str:
        first = code - code % _BLOCK
        codes = [one for one in range(first, first + _BLOCK) if one and one not in _SURROGATES]
        words: dict[int, list[str]] = {}
        with contextlib.closing(sqlite3.connect(":memory:")) as con:
            con.execute("CREATE VIRTUAL TABLE letter USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
            con.execute("CREATE VIRTUAL TABLE word USING fts5vocab(letter, instance)")
            # Between two letters, so that a mark that is left out leaves one word and a separator leaves two.
            con.executemany("INSERT INTO letter(rowid, x) VALUES (?, ?)", [(one, f"q{chr(one)}q") for one in codes])
            for number, word in con.execute("SELECT doc, term FROM word"):
                words.setdefault(number, []).append(word)
        self.update((one, " " if len(words[one]) > 1 else words[one][0][1:-1]) for one in codes)
        self.setdefault(code, " ")
        return self[code]


_LETTERS = _Letters()


def words_of(text: str) -> list[str]:
    """The words of a text as the index splits and folds them, in their order."""
    return text.translate(_LETTERS).split()


_LIKE = str.maketrans({mark: f"\\{mark}" for mark in "\\%_"})


def containing(column: str, text: str) -> tuple[str, str]:
    """A condition that a column holds a text anywhere without case, and its one parameter."""
    if text.isascii():
        return f"{column} LIKE ? ESCAPE '\\'", f"%{text.translate(_LIKE)}%"
    return f"instr(casefold({column}), ?) > 0", text.casefold()
