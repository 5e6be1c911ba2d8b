"""Tables of pairs, who follows whom: which column is which side, whose lists they hold, and the lists of one owner.

Owns how such a table is told from others, by its headers and by values that repeat. Does not repair values
(``account_values``). Imported by ``account_exports``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from followertui.sources.account_columns import guess_account_columns, guess_one_column
from followertui.sources.column_names import ColumnGuess, confidence_of, fold_header
from followertui.sources.formats import read_batches
from followertui.sources.list_statements import direction_of
from followertui.sources.owner_words import identity_of
from followertui.sources.tables import TableShape

_MOST_OWNERS = 50
_NEUTRAL = frozenset(
    {
        *("user", "userid", "username", "account", "accountid", "handle", "screenname", "owner", "ownerid", "profile"),
        *("id", "node", "who", "name", "member", "person", "twitter", "xid", "me", "column1", "column2"),
    }
)
_FOLLOWS = ("source", "src", "from", "startnode", "start", "node1")
_FOLLOWED = ("target", "dst", "dest", "endnode", "end", "node2")
_TO = frozenset({"to", "toid", "touser", "touserid", "tohandle", "tousername", "tonode", "followed", "followedid"})
_IDENTITIES = frozenset({"handle", "x_id"})


class Pairs(NamedTuple):
    """A table of who follows whom.

    Attributes:
        follower, followed: positions of its two columns; where no header tells the sides, the
            followed one is the column that repeats.
        fields: "handle" or "x_id" of each, in that order.
        is_told: whether a header tells the sides.
        owners: whose lists it holds, as they are shown, the most frequent first.
        directions: "follower" and "following", as far as there are lists of these.
    """

    follower: int
    followed: int
    fields: tuple[str, str]
    is_told: bool
    owners: tuple[str, ...]
    directions: tuple[str, ...]

    @property
    def relation(self) -> str | None:
        """The direction of its lists, "both", or None where no header tells it."""
        if not self.is_told:
            return None
        return self.directions[0] if len(self.directions) == 1 else "both"

    def guesses(self, shape: TableShape) -> list[ColumnGuess]:
        """What each column is taken for."""
        sides = {self.follower: "who follows", self.followed: "who is followed"}
        fields = dict(zip((self.follower, self.followed), self.fields, strict=True))
        untold = "one side of a pair"
        return [
            ColumnGuess(at, column, fields[at], confidence_of(0), sides[at] if self.is_told else untold)
            if at in fields
            else ColumnGuess(at, column, "", 0, "left alone")
            for at, column in enumerate(shape.header)
        ]


def find_pairs(shape: TableShape) -> Pairs | None:
    """The pairs of a table that is nothing but pairs; None for any other.

    Args:
        shape: the table; one of pairs is read through to count whose lists it holds.
    """
    found = _sides(shape)
    if found is None:
        return None
    follower, followed, is_told = found
    follows: Counter[str] = Counter()
    is_followed: Counter[str] = Counter()
    for batch in read_batches(shape):
        follows.update(identity_of(row[follower]) for row in batch.rows)
        is_followed.update(identity_of(row[followed]) for row in batch.rows)
    for counts in (follows, is_followed):
        counts.pop("", None)
    fields = tuple(_field(shape, at) for at in (follower, followed))
    owners = _owners(follows, is_followed)
    there = {"follower": is_followed.keys() & owners, "following": follows.keys() & owners}
    if not owners:
        return None
    directions = tuple(direction for direction, some in there.items() if some)
    return Pairs(follower, followed, (fields[0], fields[1]), is_told, shown_owners(owners), directions)


def shown_owners(owners: Sequence[str]) -> tuple[str, ...]:
    """Accounts as they are shown, from handles without @ or ids."""
    return tuple(owner if owner.isdigit() else f"@{owner}" for owner in owners)


def _owners(follows: Counter[str], is_followed: Counter[str]) -> list[str]:
    """Whose lists there are: the column with fewer accounts has them; in a web of pairs, who stands in most."""
    rows = max(follows.total(), is_followed.total())
    few = min((is_followed, follows), key=len)
    if len(few) * 2 <= rows:
        return [owner for owner, _ in few.most_common(_MOST_OWNERS)]
    return [owner for owner, count in (follows + is_followed).most_common(_MOST_OWNERS) if count > 1]


def _field(shape: TableShape, at: int) -> str:
    values = [row[at].strip() for row in shape.samples if row[at].strip()]
    return guess_one_column("handle", values)[0]


def _sides(shape: TableShape) -> tuple[int, int, bool] | None:
    """Positions of who follows and of who is followed, and whether a header says it; None where there is more."""
    if len(shape.samples) < 2:
        return None
    alike = [at for at in range(len(shape.header)) if is_identity(shape, at)]
    sides = [at for at in alike if not _says_again(shape, at, alike)]
    found = _told_apart(shape, *sides) if len(sides) == 2 else None
    if found is None:
        return None
    guesses = guess_account_columns(shape.header, shape.samples)
    others = {guess.field for guess in guesses if guess.position not in alike}
    return None if others - {"", "relation"} else found


def _says_again(shape: TableShape, at: int, alike: Sequence[int]) -> bool:
    """Whether a column without a side of its own names the accounts of another one, each always alike."""
    if _side(shape.header[at]) is not None:
        return False
    for other in alike:
        both = {(identity_of(row[at]), identity_of(row[other])) for row in shape.samples}
        firsts, seconds = ({pair[side] for pair in both} for side in (0, 1))
        if other != at and len(both) == len(firsts) == len(seconds) and len(both) * 2 <= len(shape.samples):
            return True
    return False


def _told_apart(shape: TableShape, first: int, second: int) -> tuple[int, int, bool] | None:
    """Which of two columns of accounts has who follows, by their headers or, without any, by what repeats."""
    said = [_side(shape.header[at]) for at in (first, second)]
    if said[0] is not None and said[1] is not None:
        if said[0] == said[1]:
            return None
    elif said[0] is None and said[1] is None:
        # Nothing says it: pairs are only where one column repeats few accounts and the other does not.
        if shape.header_line != 0 or shape.is_json or len(shape.header) != 2:
            return None
        repeats = [at for at in (first, second) if _repeats(shape, at)]
        if len(repeats) != 1:
            return None
        return (second, first, False) if repeats[0] == first else (first, second, False)
    else:
        silent = (first, second)[said.index(None)]
        if fold_header(shape.header[silent]) not in _NEUTRAL or not _repeats(shape, silent):
            return None
    is_first_follower = said[0] == "follows" or said[1] == "followed"
    return (first, second, True) if is_first_follower else (second, first, True)


def _side(header: str) -> str | None:
    """Whether a header names who follows, who is followed, or neither."""
    word = fold_header(header)
    direction = direction_of(header)
    if word in _TO or word.startswith(_FOLLOWED) or direction == "following":
        return "followed"
    return "follows" if word.startswith(_FOLLOWS) or direction == "follower" else None


def is_identity(shape: TableShape, at: int) -> bool:
    """Whether a column holds nothing but handles, ids or links of profiles."""
    values = [row[at].strip() for row in shape.samples if row[at].strip()]
    if len(values) * 10 < len(shape.samples) * 9 or not all(map(identity_of, values)):
        return False
    if all(value.isdigit() for value in values) and sum(len(value) > 4 for value in values) * 2 < len(values):
        return False
    return guess_one_column("handle", values)[0] in _IDENTITIES


def _repeats(shape: TableShape, at: int) -> bool:
    values = [identity_of(row[at]) for row in shape.samples]
    return len(set(values)) * 2 <= len(values)


def lists_of_owner(
    pairs: Pairs, owner: str, lines: Sequence[int], rows: Sequence[Sequence[str]], only: str | None
) -> Iterator[tuple[str, list[int], Mapping[str, list[str]]]]:
    """Of some pairs, the other side of an owner.

    Args:
        pairs: the table.
        owner: as ``identity_of`` has it.
        lines: one-based line of each pair.
        rows: the pairs.
        only: the one direction that is read, None for both.

    Yields:
        Direction ("" where no header tells the sides), lines, and field -> cells.
    """
    for direction, own, other, field in (
        ("follower", pairs.followed, pairs.follower, pairs.fields[0]),
        ("following", pairs.follower, pairs.followed, pairs.fields[1]),
    ):
        if only not in (None, direction):
            continue
        taken = [(line, row[other]) for line, row in zip(lines, rows, strict=True) if identity_of(row[own]) == owner]
        if taken:
            yield direction if pairs.is_told else "", [line for line, _ in taken], {field: [cell for _, cell in taken]}
