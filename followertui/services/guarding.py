"""What holds an account back in this store, read from the tables and put into words.

Owns the last look: the guards of ``domain.guards`` on rows as they stand, by plain SQL. Derived
arrays only propose; what is sent, handed out or recorded is decided here. Any room of
``services`` may use it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import ActionKind
from followertui.domain.guards import (
    DEFAULT_SETTINGS,
    Guard,
    GuardSettings,
    RowFacts,
    guard_from,
    guard_of,
    guards_from,
    signs_of,
)
from followertui.services.phrases import span
from followertui.services.session import Session
from followertui.store.audience import handles
from followertui.store.audience.contact_facts import contact_facts
from followertui.store.audience.row_facts import about_not_compared, lists_now, row_facts
from followertui.store.file import watermarks

_ACCOUNTS_A_SECOND = 5_000
"""How many are compared with some thousand entries on two cores, until a run here said better."""


def remember_rate(session: Session, accounts: int, seconds: float) -> None:
    """Remember how quickly accounts are compared here; a run over a few says nothing about it."""
    if accounts >= 1_000:
        watermarks.COMPARE_RATE.write(session.store, max(1, round(accounts / max(seconds, 0.001))))


def comparing_takes(session: Session, accounts: int) -> str:
    """How long comparing some accounts takes, in words."""
    return span(accounts / (watermarks.COMPARE_RATE.read(session.store) or _ACCOUNTS_A_SECOND))


def settings_of(session: Session) -> GuardSettings:
    """What the guards say in this store: an account that is not compared names how to compare it, and how long."""
    now = lists_now(session.store)
    if now.is_half_read:
        comparing = "an import is not finished: `followertui import resume`, then `followertui match`"
    else:
        comparing = f"`followertui match` takes {comparing_takes(session, about_not_compared(session.store))}"
    return DEFAULT_SETTINGS._replace(comparing=comparing)


def sentence(session: Session, guard: Guard) -> str:
    """Why a guard holds an account back, in plain words."""
    return guard.sentence(settings_of(session) if guard is Guard.NOT_COMPARED else DEFAULT_SETTINGS)


def facts_of(session: Session, rows: Sequence[int]) -> dict[int, RowFacts]:
    """What guards depend on, row by row; inside a write transaction it holds until the transaction ends."""
    return row_facts(session.store, rows)


def guards_on(session: Session, rows: Sequence[int], action: ActionKind) -> dict[int, Guard | None]:
    """The strongest guard against an action on a few rows, by plain SQL: row -> guard; unknown rows are left out.

    What holds the account with an id that has a handle holds also who is known by that handle
    alone: the link of both leads to one page.
    """
    namesakes = handles.namesakes(session.store, rows)
    others = [row for found in namesakes.values() for row in found]
    facts = row_facts(session.store, list(dict.fromkeys([*rows, *others])))
    if action is ActionKind.REPOST:
        known = contact_facts(session.store, list(facts))
        facts = {row: each._replace(is_no_contact=known[row].is_no_contact) for row, each in facts.items()}
    found = {row: guard_of(action, each, session.now) for row, each in facts.items()}
    for row, same in namesakes.items():
        held = (found[other] for other in same if found.get(other) is not None)
        found[row] = found[row] or next(held, None)
    return {row: found[row] for row in rows if row in found}


def strongest(
    session: Session, rows: Sequence[int], action: ActionKind, *, is_keep_lifted: bool = False
) -> dict[int, Guard | None]:
    """The strongest guard on a few accounts of their own, by plain SQL.

    Args:
        session: the open store.
        rows: row numbers of accounts.
        action: what is to be done.
        is_keep_lifted: whether what was decided keep holds no more.
    """
    found = {}
    for row, facts in row_facts(session.store, rows).items():
        signs = signs_of(facts, session.now)
        found[row] = guard_from(action, signs._replace(is_kept=signs.is_kept and not is_keep_lifted))
    return found


def all_guards(session: Session, row: int, action: ActionKind) -> list[Guard]:
    """Every guard that holds one account back from an action, strongest first, by plain SQL."""
    facts = row_facts(session.store, [row])[row]
    return list(guards_from(action, signs_of(facts, session.now)))
