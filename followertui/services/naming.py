"""Which account is meant by a handle or an id: as typed, or as a list of handles names it.

Owns what is refused: a handle that leads to two accounts, or to one that is called otherwise now.
Nothing is decided on an account a name only may mean. Any room of ``services`` may use it.
"""

from __future__ import annotations

import re

from followertui.domain.errors import BadInput
from followertui.services.phrases import day
from followertui.services.session import Session
from followertui.store.audience import handles, pages
from followertui.store.audience.handles import Holder

TWO_ACCOUNTS = "is the handle of two accounts here: add their ids"
"""Why a line of a list that names an account by its handle alone cannot be taken."""

_HANDLE = re.compile(r"@\w+", re.ASCII)


def is_name(session: Session, text: str) -> bool:
    """Whether a query is one account's name: an @handle, or the id of an account here."""
    return _HANDLE.fullmatch(text) is not None or _row_of_id(session, text) is not None


def rows_named(session: Session, text: str) -> list[int]:
    """Rows of the account a person names: ``@123`` forces a handle, bare digits try the id first.

    Args:
        session: the open store.
        text: a handle or an id, as typed.

    Returns:
        The account with an id first, then the one that is known by this handle alone, of which the
        dates do not prove that it is the same; empty where no account is known as that.

    Raises:
        BadInput: two ids have the handle, or none has it any more.
    """
    word = text.strip()
    if (row := _row_of_id(session, word)) is not None:
        return [row]
    found = handles.holders(session.store, word.lstrip("@"))
    present = [holder for holder in found if holder.until is None]
    with_id = [holder for holder in present if holder.x_id is not None]
    if len(with_id) > 1:
        ids = " and ".join(str(holder.x_id) for holder in with_id)
        raise BadInput(f"{word} is the handle of {len(with_id)} accounts here, with the ids {ids}: name one by its id")
    if not present and found:
        raise BadInput(f"no account is called {word} now; {_former(session, found[0])}")
    return [holder.row for holder in present]


def row_named(session: Session, text: str) -> int | None:
    """Row of the one account a person names, None where no account is known as that; see ``rows_named``.

    Raises:
        BadInput: two ids have the handle, or none has it any more.
    """
    return next(iter(rows_named(session, text)), None)


def row_listed(session: Session, handle: str) -> int | None:
    """Row of the account a list means by a handle, which may be older than its last change of hands.

    Args:
        session: the open store.
        handle: without @.

    Returns:
        Who is the only one ever shown to have the handle; None where no account is known as that.

    Raises:
        BadInput: several accounts have it or had it.
    """
    found = handles.holders(session.store, handle)
    with_id = [holder for holder in found if holder.x_id is not None]
    # Known by the handle alone is the one that has it, unless another is shown to have it.
    alone = [] if any(holder.until is None for holder in with_id) else [h for h in found if h.x_id is None]
    if len(with_id) + len(alone) > 1:
        raise BadInput(TWO_ACCOUNTS)
    return next((holder.row for holder in (*with_id, *alone)), None)


def _row_of_id(session: Session, word: str) -> int | None:
    """Row of the account whose id a word is, None for any other word."""
    if not (word.isascii() and word.isdigit()):
        return None
    row = pages.find(session.store, word)
    return row if row is not None and pages.identity(session.store, row).x_id == int(word) else None


def _former(session: Session, holder: Holder) -> str:
    """Who had a handle, for a person to name."""
    name = f"@{holder.handle}" if holder.handle else str(holder.x_id or "an account without a name")
    return f"{name} was until {day(holder.until, session.zone)}: if you mean that one, name it so"
