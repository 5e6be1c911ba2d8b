"""A column that says of each row whose list it is in, beside the columns of a profile.

Owns which column that is, by its header and by values that repeat, and the rows of one owner. Imported by
``account_exports``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from followertui.sources.account_objects import identities
from followertui.sources.account_pairs import identity_of, is_identity, shown_owners
from followertui.sources.column_names import ColumnGuess, field_of, fold_header
from followertui.sources.formats import read_batches
from followertui.sources.kinds import Recognised
from followertui.sources.sifting import Batch
from followertui.sources.tables import TableShape

_COUNTED_BATCHES = 400
_MOST_OWNERS = 50
_DIRECTIONS = {
    **dict.fromkeys(("followerof", "followersof", "isfollowerof"), "follower"),
    **dict.fromkeys(("followingof", "followedby", "isfollowedby"), "following"),
}
_WHOSE = re.compile(
    r"(?:list|source|target|owner|scraped|extracted|input|seed|root|parent|base|searched|original)"
    r"(?:owner|user|account|profile|username|userid|accountid|handle|screenname|from|url|id|link|of|page)+"
)
_VAGUE = frozenset({"owner", "source", "target", "query", "input", "seed", "root", "parent", "base", "from", "of"})
"""Headers that say whose list it is where the values are accounts without doubt."""

_PLAIN_ACCOUNT = re.compile(r"@\w+|\d{5,19}|(?:https?://)?(?:\w+\.)?(?:x|twitter)\.com/\S+", re.IGNORECASE)
_OF_PEOPLE = frozenset({"company", "email", "phone", "first_name", "last_name"})
_OF_SHEETS = frozenset({"decision", "kind", "tags", "note"})


class OwnerColumn(NamedTuple):
    """A column of owners.

    Attributes:
        at: its position.
        owners: as they are shown, the most frequent first.
        direction: "follower" or "following" where its header says it, else None.
    """

    at: int
    owners: tuple[str, ...]
    direction: str | None

    def rows_of(self, owner: str, batch: Batch) -> Batch:
        """The rows of a batch that are in the list of an owner."""
        name = identity_of(owner)
        kept = [at for at, row in enumerate(batch.rows) if _account_of(row[self.at]) == name]
        return batch._replace(lines=[batch.lines[at] for at in kept], rows=[batch.rows[at] for at in kept])


def find_owner_column(shape: TableShape, guesses: Sequence[ColumnGuess]) -> OwnerColumn | None:
    """The column that says whose list each row is in, None where there is none.

    Args:
        shape: a table of accounts; it is read through where a column may be one, to count its owners.
        guesses: what its columns are taken for; one that means something is no owner.
    """
    if shape.is_json or len(shape.samples) < 2:
        return None
    at = next((guess.position for guess in guesses if not guess.field and _is_owner(shape, guess.position)), None)
    if at is None:
        return None
    counts: Counter[str] = Counter()
    for batch in islice(read_batches(shape), _COUNTED_BATCHES):
        counts.update(_account_of(row[at]) for row in batch.rows)
    counts.pop("", None)
    if len(counts) * 2 > counts.total():
        return None
    owners = shown_owners([owner for owner, _ in counts.most_common(_MOST_OWNERS)])
    return OwnerColumn(at, owners, _DIRECTIONS.get(fold_header(shape.header[at]).replace(" ", "")))


def _account_of(cell: str) -> str:
    """The account a cell names as ``identity_of`` has it, also one written as a JSON object, as Scweet does."""
    if not cell.lstrip().startswith("{"):
        return identity_of(cell)
    try:
        value = json.loads(cell)
    except ValueError:
        return ""
    named = sorted(identities(value)) if isinstance(value, dict) else []
    return next((name for name in named if not name.isdigit()), "")


def _is_owner(shape: TableShape, at: int) -> bool:
    word = fold_header(shape.header[at]).replace(" ", "")
    is_clear = word in _DIRECTIONS or _WHOSE.fullmatch(word) is not None
    if not is_clear and word not in _VAGUE:
        return False
    values = [row[at].strip() for row in shape.samples if row[at].strip()]
    if values and all(value.startswith("{") for value in values):
        return word == "target" and all(map(_account_of, values))
    if not is_identity(shape, at) or len({identity_of(value) for value in values}) * 2 > len(values):
        return False
    if is_clear or all(_PLAIN_ACCOUNT.fullmatch(value) for value in values):
        return True
    return word == "owner" and values == [value.lower() for value in values] and not _has_other_owners(shape)


def _has_other_owners(shape: TableShape) -> bool:
    """Whether an owner may be who looks after a customer, or a colleague."""
    found = {known[0] for header in shape.header for section in ("lists", "decisions")
             if (known := field_of(section, header)) is not None}  # fmt: skip
    return not found.isdisjoint(_OF_PEOPLE | _OF_SHEETS)


def owned(seen: Recognised, column: OwnerColumn) -> Recognised:
    """A table of accounts as recognised, with whose lists it holds."""
    one = len(column.owners) == 1
    whose = ", ".join(column.owners[:5]) + (" and more" if len(column.owners) > 5 else "")
    header = seen.columns[column.at].column
    return replace(
        seen,
        own_names=(column.owners[0].lstrip("@"),) if one else (),
        owners=() if one else column.owners,
        relation=seen.relation or column.direction,
        relation_why=seen.relation_why or (f'the column "{header}"' if column.direction else ""),
        columns=tuple(
            guess._replace(why="says whose list it is") if guess.position == column.at else guess
            for guess in seen.columns
        ),
        notes=(*seen.notes, f'column "{header}" says whose list each row is in: {whose}'),
    )
