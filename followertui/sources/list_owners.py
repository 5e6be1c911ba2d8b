"""A column that says of each row whose list it is in, beside the columns of a profile.

Owns which column that is, by its header and by values that repeat, and the rows of one owner. Imported by
``account_exports``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from followertui.sources.account_pairs import shown_owners
from followertui.sources.column_names import ColumnGuess, field_of, fold_header
from followertui.sources.formats import read_batches
from followertui.sources.kinds import Recognised
from followertui.sources.owner_words import Said, account_of, direction_named, identity_of, may_name_owner
from followertui.sources.problems import row_problem
from followertui.sources.sifting import Batch
from followertui.sources.tables import TableShape

_MOST_OWNERS = 50
OWNER_WHY = "says whose list it is"
_OF_PEOPLE = frozenset({"company", "email", "phone", "first_name", "last_name"})
_OF_SHEETS = frozenset({"decision", "kind", "tags", "note"})


class OwnerColumn(NamedTuple):
    """A column of owners.

    Attributes:
        at: its position.
        owners: as they are shown, the most frequent first.
        direction: "follower" or "following" where its header says it, else None.
        without: how many rows do not say it.
        rows: how many there are.
    """

    at: int
    owners: tuple[str, ...]
    direction: str | None
    without: int = 0
    rows: int = 0

    @property
    def is_of_several(self) -> bool:
        """Whether it must be said whose list is read: there are several, or many rows do not say."""
        return len(self.owners) > 1 or self.without * 10 > self.rows

    def rows_of(self, owner: str, batch: Batch) -> Batch:
        """The rows of a batch that are in the list of an owner; those that do not say are problems."""
        named = [account_of(row[self.at]) for row in batch.rows]
        name = identity_of(owner)
        kept = [at for at, one in enumerate(named) if one == name]
        without = [
            row_problem(batch.lines[at], " | ".join(batch.rows[at]), "does not say whose list it is in")
            for at, one in enumerate(named)
            if not one
        ]
        return Batch(
            [batch.lines[at] for at in kept], [batch.rows[at] for at in kept], sorted([*batch.problems, *without])
        )


def find_owner_column(shape: TableShape, guesses: Sequence[ColumnGuess]) -> OwnerColumn | None:
    """The column that says whose list each row is in, None where there is none.

    Args:
        shape: a table of accounts; it is read through where a column may be one, to count its owners.
        guesses: what its columns are taken for; one that means something is no owner.
    """
    if shape.is_json or len(shape.samples) < 2:
        return None
    may_be = [Said(guess.column) for guess in guesses if not guess.field and _may_be_owner(shape, guess.position)]
    if not may_be:
        return None
    positions = [shape.header.index(said.header) for said in may_be]
    count = 0
    for batch in read_batches(shape):
        count += len(batch.rows)
        for at, said in zip(positions, may_be, strict=True):
            for row in batch.rows:
                said.add(row[at])
    for at, said in zip(positions, may_be, strict=True):
        if said.is_owner:
            owners = shown_owners([owner for owner, _ in said.owners.most_common(_MOST_OWNERS)])
            return OwnerColumn(at, owners, direction_named(said.header), count - said.owners.total(), count)
    return None


def _may_be_owner(shape: TableShape, at: int) -> bool:
    """Whether a column may say whose list each row is in, by its header and the first rows, which may say nothing."""
    said = Said(shape.header[at])
    if not may_name_owner(said.header):
        return False
    for row in shape.samples:
        said.add(row[at])
    return said.are_accounts and not (fold_header(said.header) == "owner" and _has_other_owners(shape))


def _has_other_owners(shape: TableShape) -> bool:
    """Whether an owner may be who looks after a customer, or a colleague."""
    found = {known[0] for header in shape.header for section in ("lists", "decisions")
             if (known := field_of(section, header)) is not None}  # fmt: skip
    return not found.isdisjoint(_OF_PEOPLE | _OF_SHEETS)


def owned(seen: Recognised, column: OwnerColumn) -> Recognised:
    """A table of accounts as recognised, with whose lists it holds."""
    is_one = not column.is_of_several
    whose = ", ".join(column.owners[:5]) + (" and more" if len(column.owners) > 5 else "")
    header = seen.columns[column.at].column
    without = f"; {column.without:,} rows do not say it" if column.without else ""
    return replace(
        seen,
        own_names=(column.owners[0].lstrip("@"),) if is_one else (),
        owners=() if is_one else column.owners,
        relation=seen.relation or column.direction,
        relation_why=seen.relation_why or (f'the column "{header}"' if column.direction else ""),
        columns=tuple(
            guess._replace(why=OWNER_WHY) if guess.position == column.at else guess for guess in seen.columns
        ),
        notes=(*seen.notes, f'column "{header}" says whose list each row is in: {whose}{without}'),
    )
