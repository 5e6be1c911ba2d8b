"""A line of groups above the header: "Company" over its name and site, "Contact" over a person's.

Owns telling such a line from a title or a row, and which headers take its words in. Imported by ``tables``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from followertui.sources.column_names import field_of, fold_header, known_words

_TELLING = frozenset({"company", "person"})
"""What a group says of the columns below it."""

_NAMES = frozenset({"name", "namen", "nom", "nombre", "nome", "naam", "navn", "namn", "nazwa", "imie", "名前", "名称"})
"""Headers that say nothing of whose name it is."""

_LONGEST = 40


def is_group_line(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row names groups of the columns below it: over the first column of each, or over every one.

    Args:
        row: cells as written.
        below: those of the next row, which must be headers.
    """
    runs = [cell for cell, _ in groupby(filter(None, map(str.strip, row)))]
    fields = {field[0] for cell in runs if (field := field_of("lists", cell)) is not None and len(cell) <= _LONGEST}
    is_sparse = 2 <= len(runs) == len(set(runs)) and len(runs) * 3 <= len(row) * 2
    if not is_sparse or not fields & _TELLING:
        return False
    headers = [cell for cell in below if cell.strip()]
    known = known_words(headers)
    return len(headers) > len(runs) and known >= 2 and known * 2 >= len(headers)


def with_groups(header: Sequence[str], groups: Sequence[str]) -> list[str]:
    """A header whose vague or repeated words say that they speak of the company; what else there is are people's.

    Args:
        header: headers as written.
        groups: the row above them, for which ``is_group_line`` holds.

    Returns:
        Headers in the same order, "Company - Name" where "Name" alone would not say whose.
    """
    counts = Counter(fold_header(cell) for cell in header if cell.strip())
    told: list[str] = []
    group = ""
    for at, cell in enumerate(header):
        group = (groups[at].strip() if at < len(groups) else "") or group
        word, meant = fold_header(cell), field_of("lists", group) if group else None
        is_vague = bool(word) and (word in _NAMES or counts[word] > 1)
        told.append(f"{group} - {cell.strip()}" if is_vague and meant and meant[0] == "company" else cell)
    return told
