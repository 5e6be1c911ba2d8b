"""Where the accounts of a JSON list stand, and the accounts at that place inside one value of the file.

Owns the way down to them, past what X shows beside a list, and what stands around each: whose list it is,
and what is said of its direction. Which places are lists ``account_lists`` says. Imported by it and ``account_json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from followertui.sources.account_objects import identities, is_account
from followertui.sources.json_files import Item
from followertui.sources.list_statements import stated_direction
from followertui.sources.owner_words import account_of, owner_around

Path = tuple[str, ...]
ELEMENT, MEMBER = "[]", "{}"
"""Steps of a path: into an array, and into an object whose keys are ids or handles."""

GENERIC = frozenset(
    {
        *("users", "accounts", "data", "items", "results", "result", "members", "people", "list", "entries", "nodes"),
        *("edges", "rows", "records", "profiles", "contacts", "ids", "audience", "userids", "usernames", "handles"),
        *("screennames", "output", "payload", "response", "page", "pages"),
    }
)
"""Keys of lists that say nothing of what is in them."""

BARE = re.compile(r"@?\w{1,20}|https?://\S+")
"""A handle, an id or a link, that stands for an account."""

OTHER_ENTRIES = ("who-to-follow", "suggest", "recommend", "promoted")
"""How entries of a timeline begin that X put beside those of the list."""

_USER_ENTRY = re.compile(r"user-([0-9]{1,19})")


class OwnerPlace(NamedTuple):
    """What says whose list an account is in.

    Attributes:
        path: where the object stands that says it: around the accounts, or each of them.
        key: key of it whose value is the owner; "" where it is the owner itself, None where it speaks of
            the owner as an envelope does.
    """

    path: Path
    key: str | None = ""

    def named(self, holder: object) -> set[str]:
        """Who the owner is by one such object: ids as digits, handles in lower case; nobody where it does not say."""
        if not isinstance(holder, dict):
            return set()
        if self.key == "":
            return identities(holder)
        value = holder.get(self.key) if self.key else None
        if isinstance(value, dict):
            return identities(value)
        named = owner_around(holder) if self.key is None else account_of(value)
        return {named} - {""}


class AccountList(NamedTuple):
    """One list of a file.

    Attributes:
        path: where its accounts stand.
        direction: "follower", "following", "both" or None where nothing says it.
        owner: what says whose list it is; None where nothing does.
        is_bare: ids or handles instead of objects.
        stated_at: of accounts of both directions at one place, where the object stands that states it; only those
            of ``direction`` are of this list. None where all at that place are.
    """

    path: Path
    direction: str | None
    owner: OwnerPlace | None = None
    is_bare: bool = False
    stated_at: Path | None = None


class Around(NamedTuple):
    """What stands around one account.

    Attributes:
        owner: the object that says whose list it is in, or None.
        stating: the object that states the direction, or None.
    """

    owner: Any = None
    stating: Any = None


def accounts_in(item: Item, one: AccountList) -> Iterator[tuple[Any, Around]]:
    """Elements of a list inside one value of the file, each with what stands around it.

    What stands where an account should stand is given as well; a place that is not there is passed over.
    """
    if one.path[: len(item.path)] != item.path:
        return
    owner_at = len(one.owner.path) - len(item.path) if one.owner is not None else -1
    stated_at = len(one.stated_at) - len(item.path) if one.stated_at is not None else -1
    for value, around in _descend(item.value, one.path[len(item.path) :], owner_at, stated_at, Around()):
        if stated_at < 0 or stated_direction(around.stating) == one.direction:
            yield value, around


def _descend(value: Any, steps: Path, owner_at: int, stated_at: int, around: Around) -> Iterator[tuple[Any, Around]]:
    if owner_at == 0:
        around = around._replace(owner=value)
    if stated_at == 0:
        around = around._replace(stating=value)
    if not steps:
        yield value, around
        return
    step, rest = steps[0], steps[1:]
    inner = (rest, owner_at - 1, stated_at - 1, around)
    if step == ELEMENT:
        if isinstance(value, list):
            for part in value:
                yield from _descend(part, *inner)
    elif isinstance(value, dict):
        entry = value.get("entryId")
        if isinstance(entry, str):
            if entry.startswith(OTHER_ENTRIES):
                return
            hidden = _USER_ENTRY.fullmatch(entry)
            found = list(_descend(value.get(step), *inner)) if step in value else []
            if hidden and not any(isinstance(part, dict) and is_account(part) for part, _ in found):
                # X shows suspended accounts without their profile.
                found = [({"rest_id": hidden.group(1)}, around)]
            yield from found
        elif step == MEMBER:
            for key, part in value.items():
                keyed = {"(key)": key, **part} if isinstance(part, dict) and not rest else part
                yield from _descend(keyed, *inner)
        elif step in value:
            yield from _descend(value[step], *inner)
