"""Conversations: whom we talked to, as far as the account is known.

Owns the table interaction while an import writes it. Only ``services`` imports it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Protocol


class Contact(Protocol):
    """One contact with someone; the reader of archives gives them."""

    @property
    def x_id(self) -> int:
        """Who."""

    @property
    def handle(self) -> str | None:
        """Their handle then."""

    @property
    def at(self) -> int | None:
        """Epoch seconds UTC."""

    @property
    def kind(self) -> str:
        """Such as "reply"."""

    @property
    def post_id(self) -> int | None:
        """The post."""


def add_contacts(con: sqlite3.Connection, contacts: Sequence[Contact]) -> None:
    """Keep conversations with accounts the store knows, by id or by handle."""
    dated = [contact for contact in contacts if contact.at is not None]
    con.executemany(
        "INSERT OR IGNORE INTO interaction SELECT coalesce(merged_into, row), ?, ?, 'archive', ? FROM account "
        "WHERE x_id = ?",
        [(one.kind, one.at, str(one.post_id or ""), one.x_id) for one in dated],
    )
    con.executemany(
        "INSERT OR IGNORE INTO interaction SELECT row, ?, ?, 'archive', ? FROM account "
        "WHERE handle = ? AND x_id IS NULL",
        [(one.kind, one.at, str(one.post_id or ""), one.handle) for one in dated if one.handle],
    )
