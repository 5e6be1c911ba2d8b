"""What a source says of one account, and the columns judged and matched.

Owns the shape of a profile. Times here are whole epoch seconds UTC because a million of
them pass through; they become aware datetimes or ISO 8601 at the edges. Stdlib only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class AccountRecord(NamedTuple):
    """What one source says of one account; None means the source says nothing.

    Text is already cleaned (``text.cleaning``), handles are lower-case-comparable but keep
    their case, without ``@``. Either ``x_id`` or ``handle`` is present.

    Attributes:
        x_id: X's 64-bit id.
        handle: screen name without @, case kept.
        name: display name.
        bio: description, links opened out where the source allows.
        location: free text.
        url: the link as X shows it (often t.co).
        site: the link opened out.
        followers, following, posts, listed: counts.
        created_at, last_post_at: epoch seconds UTC.
        verified: "" (not), "blue", "business", "government" or "legacy" (kind not said).
        protected, default_image, parody, can_dm: 1, 0 or None.
        image_url: address of the picture.
        affiliation: name or handle of the verified organisation that vouches.
        lang: language code the source states.
        follows_us, we_follow: relation flags the record itself carries, 1, 0 or None.
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
    follows_us: int | None = None
    we_follow: int | None = None


PROFILE_FIELDS: tuple[str, ...] = AccountRecord._fields[:21]
"""Fields of a record that describe the account itself, in order (the rest are relation flags)."""

IDENTITY_FIELDS: tuple[str, ...] = ("handle", "name")
ABOUT_FIELDS: tuple[str, ...] = ("bio", "location", "url", "site", "image_url", "affiliation", "lang")
COUNT_FIELDS: tuple[str, ...] = ("followers", "following", "posts", "listed", "created_at", "last_post_at")
FLAG_FIELDS: tuple[str, ...] = ("verified", "protected", "default_image", "parody", "can_dm")


@dataclass(frozen=True, slots=True)
class ProfileColumns:
    """Profiles as columns of equal length, one position per account; None or "" is unknown.

    One account is a batch of one. ``rows`` are store row numbers, in the order of every
    other column. ``followed_us_order`` is the account's position in the newest-first
    reading of our followers (0 = newest), None where unknown.
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

    def __len__(self) -> int:
        return len(self.rows)
