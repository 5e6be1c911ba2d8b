"""Small made-up profiles and entries for the tests of matching."""

from __future__ import annotations

from typing import Any

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import ListEntry

_FIELDS = tuple(ProfileColumns.__dataclass_fields__)


def profiles(*accounts: dict[str, Any]) -> ProfileColumns:
    """Profiles as columns; fields not given are unknown, rows count from 0."""
    return ProfileColumns(
        **{
            name: list(range(len(accounts))) if name == "rows" else [account.get(name) for account in accounts]
            for name in _FIELDS
        }
    )


def company(number: int, name: str, **more: Any) -> ListEntry:
    """A company entry whose id and entity are ``number``."""
    return ListEntry(line=number, company=name, id=number, entity_id=number, **more)


def person(number: int, name: str, **more: Any) -> ListEntry:
    """A person entry whose id and entity are ``number``."""
    return ListEntry(line=number, person=name, id=number, entity_id=number, **more)
