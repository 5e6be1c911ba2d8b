"""Whether a reading of who we follow can be all of it: accounts we surely follow, and half of the last one.

Owns the sentinels, three to five accounts one surely follows, and what their absence says. Only
``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.services.phrases import counted
from followertui.services.querying import rows_of
from followertui.services.session import Session
from followertui.store.audience import relations
from followertui.store.file import settings
from followertui.store.file.connection import Store

FEWEST, MOST = 3, 5
_PROPOSED_FROM = ("is:following match:confirmed", "is:following is:kept", "is:following kind:customer")


class Sentinels(NamedTuple):
    """Accounts one surely follows, as ``@handle`` or id, and whether they are only proposed."""

    names: tuple[str, ...]
    is_proposed: bool


def shown(session: Session) -> Sentinels:
    """The sentinels that are set, else a proposal from confirmed and kept accounts we follow."""
    rows = settings.SENTINELS.read(session.store)
    if rows:
        return Sentinels(_names(session.store, rows), False)
    found: dict[int, None] = {}
    for query in _PROPOSED_FROM:
        found.update(dict.fromkeys(rows_of(session, query)[:MOST]))
    return Sentinels(_names(session.store, list(found)[:MOST]), True)


def choose(session: Session, rows: Sequence[int]) -> str:
    """Set the sentinels; returns one line.

    Args:
        session: the open store.
        rows: row numbers of ``FEWEST`` to ``MOST`` accounts, or none to have no sentinels.

    Raises:
        BadInput: it is another number of accounts.
    """
    distinct = list(dict.fromkeys(rows))
    if distinct and not FEWEST <= len(distinct) <= MOST:
        raise BadInput(f"name {FEWEST} to {MOST} accounts you surely follow, not {len(distinct)}")
    settings.SENTINELS.write(session.store, distinct)
    if not distinct:
        return "no sentinels: a list of who you follow is not checked for anyone"
    return f"a list of who you follow is partial unless {', '.join(_names(session.store, distinct))} are in it"


def doubt(store: Store, seen: bytearray, identity: str, as_of: int) -> str:
    """Why a reading of who we follow cannot be all of it, "" where nothing says so.

    Args:
        store: the open store.
        seen: by row number, 1 where the reading holds the account; later rows are not in it.
        identity: by what every account of it is known, as ``Reading.identity``.
        as_of: when it was made, epoch seconds UTC.
    """
    expected = relations.known_accounts(store, settings.SENTINELS.read(store))
    # Who is known by handle only cannot be in a list of ids, nor the other way round.
    by = {"ids": "x_id", "handles": "handle"}.get(identity, "name")
    missing = [one.name for one in expected if getattr(one, by) and not (one.row < len(seen) and seen[one.row])]
    if missing:
        return f"{', '.join(missing)}, whom you surely follow, {'is' if len(missing) == 1 else 'are'} not in it"
    lacking, last = relations.missing_of_last(store, "following", as_of, seen)
    if lacking * 2 > last:
        return f"{lacking:,} of the {counted(last, 'account')} of the last complete one are not in it"
    return ""


def doubt_of_import(store: Store, import_id: int) -> str:
    """Why a finished reading of who we follow that is not complete cannot be, "" where nothing says so.

    Args:
        store: the open store.
        import_id: the import that read it.
    """
    for held in relations.held_by(store, import_id):
        if held.direction == "following" and held.completeness != "complete":
            return doubt(store, held.seen, held.identity, held.as_of)
    return ""


def _names(store: Store, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(one.name for one in relations.known_accounts(store, rows))
