"""Account records of a source, and profiles as columns for judging and matching.

Owns the shape of a profile. Times here are whole epoch seconds UTC because a million of
them pass through; they become aware datetimes or ISO 8601 at the edges. Stdlib only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload


class AccountRecord(NamedTuple):
    """One account as a source gives it; None means the source says nothing.

    Text is already cleaned (``text.cleaning``), handles are lower-case-comparable but keep
    their case, without ``@``. Either ``x_id`` or ``handle`` is present.

    Attributes:
        x_id: X's 64-bit id.
        handle: screen name without @, case kept.
        name: display name.
        bio: description, with expanded links where the source has them.
        location: free text.
        url: the link as X shows it (often t.co).
        site: the expanded link.
        followers, following, posts, listed: counts.
        created_at, last_post_at: epoch seconds UTC.
        verified: "" (not), "blue", "business", "government" or "legacy" (kind not said).
        protected, default_image, parody, can_dm: 1, 0 or None.
        image_url: address of the picture.
        affiliation: name or handle of the verified organisation the account is affiliated with.
        lang: language code the source states.
        likes: how many posts it liked.
        follows_us, we_follow: relation flags of the record itself, 1, 0 or None.
    """

    x_id: int | None = None
    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    location: str | None = None
    url: str | None = None
    site: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    listed: int | None = None
    created_at: int | None = None
    last_post_at: int | None = None
    verified: str | None = None
    protected: int | None = None
    default_image: int | None = None
    parody: int | None = None
    can_dm: int | None = None
    image_url: str | None = None
    affiliation: str | None = None
    lang: str | None = None
    likes: int | None = None
    follows_us: int | None = None
    we_follow: int | None = None


PROFILE_FIELDS: tuple[str, ...] = AccountRecord._fields[:22]
"""Fields of a record that describe the account itself, in order (the rest are relation flags)."""

RELATION_FLAGS: frozenset[str] = frozenset(AccountRecord._fields[22:])
"""Fields of a record that give the relation between the account and us."""


class RecordColumns(Sequence[AccountRecord]):
    """Records as columns: a million of them need no object each.

    Args:
        size: how many records.
        columns: field of ``AccountRecord`` -> its values, all in the same order; fields without
            any value may be left out. May also hold precomputed columns of the store, which
            records do not show.
    """

    __slots__ = ("columns", "size")

    def __init__(self, size: int, columns: Mapping[str, Sequence[Any]]) -> None:
        self.size = size
        self.columns = columns

    @classmethod
    def of(cls, records: Sequence[AccountRecord]) -> RecordColumns:
        """Turn records into columns."""
        if isinstance(records, RecordColumns):
            return records
        columns = zip(AccountRecord._fields, zip(*records, strict=True), strict=False)
        return cls(len(records), {name: values for name, values in columns if values.count(None) < len(values)})

    def column(self, name: str) -> Sequence[Any]:
        """Values of one field, in record order."""
        values = self.columns.get(name)
        return (None,) * self.size if values is None else values

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """The values of each record in the order of ``AccountRecord``, as bare tuples."""
        return zip(*map(self.column, AccountRecord._fields), strict=True)

    def stating(self, **values: Any) -> RecordColumns:
        """The same records with these fields set on all of them."""
        return RecordColumns(self.size, {**self.columns, **{name: [one] * self.size for name, one in values.items()}})

    def only(self, places: Sequence[int]) -> RecordColumns:
        """The records at some positions."""
        return RecordColumns(
            len(places), {name: [values[at] for at in places] for name, values in self.columns.items()}
        )

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[AccountRecord]:
        return map(AccountRecord._make, self.lines())

    @overload
    def __getitem__(self, at: int) -> AccountRecord: ...

    @overload
    def __getitem__(self, at: slice) -> RecordColumns: ...

    def __getitem__(self, at: int | slice) -> AccountRecord | RecordColumns:
        if isinstance(at, slice):
            return self.only(range(self.size)[at])
        place = range(self.size)[at]
        return AccountRecord._make(self.column(name)[place] for name in AccountRecord._fields)


IDENTITY_FIELDS: tuple[str, ...] = ("handle", "name")
ABOUT_FIELDS: tuple[str, ...] = ("bio", "location", "url", "site", "image_url", "affiliation", "lang")
COUNT_FIELDS: tuple[str, ...] = ("followers", "following", "posts", "listed", "likes", "created_at", "last_post_at")
FLAG_FIELDS: tuple[str, ...] = ("verified", "protected", "default_image", "parody", "can_dm")


@dataclass(frozen=True, slots=True)
class ProfileColumns:
    """Profiles as columns of equal length, one position per account; None or "" is unknown.

    One account is a batch of one. ``rows`` are store row numbers, in the order of every
    other column. ``former_handles`` are those an account held before, lower case, oldest first; an
    empty column knows of none. ``followed_us_order`` is the account's position in the newest-first
    reading of our followers (0 = newest), None where unknown. ``read_at`` is when the counts and dates
    were read, epoch seconds UTC; an empty column knows nothing.
    """

    rows: Sequence[int]
    x_id: Sequence[int | None]
    handle: Sequence[str | None]
    name: Sequence[str | None]
    bio: Sequence[str | None]
    location: Sequence[str | None]
    url: Sequence[str | None]
    site: Sequence[str | None]
    followers: Sequence[int | None]
    following: Sequence[int | None]
    posts: Sequence[int | None]
    listed: Sequence[int | None]
    created_at: Sequence[int | None]
    last_post_at: Sequence[int | None]
    verified: Sequence[str | None]
    protected: Sequence[int | None]
    default_image: Sequence[int | None]
    parody: Sequence[int | None]
    image_url: Sequence[str | None]
    affiliation: Sequence[str | None]
    lang: Sequence[str | None]
    likes: Sequence[int | None]
    former_handles: Sequence[Sequence[str] | None] = ()
    read_at: Sequence[int | None] = ()

    def __len__(self) -> int:
        return len(self.rows)
