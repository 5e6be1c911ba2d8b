"""Audiences of real profiles in the shared data, in one shape, for the matching benchmarks."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from match_data import DATA, rows_of

Rows = list[dict[str, str]]


def _wild() -> Rows:
    return rows_of(DATA / "wild-audience" / "accounts.csv")


def _okeneo() -> Rows:
    """Whom others follow, each once, those of the wild audience left out."""
    known = {row["id"] for row in _wild()}
    rows = {row["id"]: row for row in rows_of(DATA / "following-okeneo" / "following.csv")}
    return [
        {"id": row["id"], "handle": row["username"], "name": row["name"], "bio": row["description"]}
        for row in rows.values()
        if row["id"] not in known
    ]


def _export_v2() -> Rows:
    rows = json.loads((DATA / "export-v2-following" / "following.json").read_text(encoding="utf-8"))
    names = {"handle": "username", "id": "id", "name": "name", "bio": "description", "location": "location"}
    return [{name: row.get(column) or "" for name, column in names.items()} for row in rows]


def _nyu() -> Rows:
    names = {"handle": "screen_name", "id": "id", "name": "name", "bio": "description", "location": "location"}
    return [{name: row[column] for name, column in names.items()} for row in rows_of(DATA / "bots-nyu" / "users.csv")]


AUDIENCES: dict[str, Callable[[], Rows]] = {"wild": _wild, "okeneo": _okeneo, "export-v2": _export_v2, "nyu": _nyu}
"""Name -> reads its profiles; shortened links are not read as sites."""


@cache
def audience(name: str) -> Rows:
    """The profiles of an audience: id, handle, name, bio, location where it is known.

    Args:
        name: one of ``AUDIENCES``.
    """
    return AUDIENCES[name]()
