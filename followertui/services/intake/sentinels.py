"""Whether a reading of who we follow can be all of it: accounts we surely follow, and half of the last one.

Owns the sentinels, three to five accounts one surely follows, and what their absence says. Only
``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.account import RecordColumns
from followertui.domain.errors import BadInput
from followertui.services.intake.chunks import account_chunks, archive_chunks
from followertui.services.intake.import_plan import ImportPlan, source_of
from followertui.services.intake.readings import Reading
from followertui.services.phrases import counted
from followertui.services.querying import rows_of
from followertui.services.session import Session
from followertui.store.audience import held_readings, own_actions
from followertui.store.file import settings
from followertui.store.file.connection import Store

FEWEST, MOST = 3, 5
NOT_UNTIL = "creates no leavers, confirms no click, and nobody counts as followed because of it until"
"""What a doubted reading does not do, up to what changes that."""

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
    ended = own_actions.ended(store, "following", as_of)
    named = held_readings.known_accounts(store, settings.SENTINELS.read(store))
    expected = [one for one in named if one.row not in ended]
    # Who is known by handle only cannot be in a list of ids, nor the other way round.
    by = {"ids": "x_id", "handles": "handle"}.get(identity, "name")
    missing = [one.name for one in expected if getattr(one, by) and not (one.row < len(seen) and seen[one.row])]
    if missing:
        return f"{', '.join(missing)}, whom you surely follow, {'is' if len(missing) == 1 else 'are'} not in it"
    lacking, last = held_readings.missing_of_last(store, as_of, seen, ended)
    if lacking * 2 > last:
        aside = ", those you unfollowed since aside," if ended else ""
        return f"{lacking:,} of the {counted(last, 'account')} of the last complete one{aside} are not in it"
    return ""


def foreseen(store: Store, plan: ImportPlan) -> str:
    """Why a file is going to be doubted as a reading of who we follow, "" where nothing says so.

    Args:
        store: the open store.
        plan: how the file is read; its rows are read where there is something to compare them with.

    Raises:
        BadInput: the file turns out to be cut off.
    """
    directions = plan.seen.archive.directions if plan.seen.archive is not None else [plan.relation]
    if plan.completeness == "partial" or not {"following", "both"} & set(directions):
        return ""
    if not settings.SENTINELS.read(store) and held_readings.last_complete(store, "following", plan.as_of) is None:
        return ""
    is_flagged = source_of(plan).is_flag_reading
    reading = Reading(0, is_main=True)
    for chunk in archive_chunks(plan) if plan.seen.archive is not None else account_chunks(plan):
        records = RecordColumns.of(chunk.records)
        if is_flagged:
            records = records.only([at for at, is_on in enumerate(records.column("we_follow")) if is_on == 1])
        elif chunk.direction != "following":
            continue
        ids, handles = records.column("x_id"), records.column("handle")
        bare = [handle for x_id, handle in zip(ids, handles, strict=True) if handle and x_id is None]
        reading.look(records, sorted(held_readings.known_rows_of(store, [one for one in ids if one is not None], bare)))
    return doubt(store, reading.seen, reading.identity, plan.as_of) if reading.read else ""


def doubt_of_import(store: Store, import_id: int) -> str:
    """Why a finished reading of who we follow that is not complete cannot be, "" where nothing says so.

    Args:
        store: the open store.
        import_id: the import that read it.
    """
    for held in held_readings.held_by(store, import_id):
        if held.direction == "following" and held.completeness != "complete":
            return doubt(store, held.seen, held.identity, held.as_of)
    return ""


def _names(store: Store, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(one.name for one in held_readings.known_accounts(store, rows))
