"""The signed-in account: who it is and how many follow it, asked of X once an hour.

Owns whose store this is where X says it, and the counts a reading is held against.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput, FollowertuiError
from followertui.domain.progress import CancelToken, Progress
from followertui.services.session import Session
from followertui.services.sync import trouble
from followertui.services.sync.asking import Asking
from followertui.services.sync.ledger import Ledger
from followertui.store.file import settings, watermarks

_FRESH_SECONDS = 3600


class Own(NamedTuple):
    """The signed-in account, as X counts it.

    Attributes:
        x_id: its id.
        followers, following: X's counts, suspended accounts included.
        at: when it was asked, epoch seconds UTC.
    """

    x_id: int
    followers: int
    following: int
    at: int

    def count(self, direction: str) -> int:
        """X's count of a direction, "follower" or "following"."""
        return self.followers if direction == "follower" else self.following


def known(session: Session) -> Own | None:
    """What X said last, None where it was never asked."""
    kept = settings.OWN_COUNTS.read(session.store)
    return Own(**kept) if set(kept) == set(Own._fields) else None


def own(session: Session, ledger: Ledger, cancel: CancelToken) -> Generator[Progress, None, Own]:
    """The signed-in account; asks X unless it said so within the hour.

    Raises:
        BadInput: this store is another account's.
        FollowertuiError: X does not say; see ``Asking.ask``.
    """
    before = known(session)
    if before is not None and 0 <= session.now - before.at < _FRESH_SECONDS:
        return before
    yield Progress(0, None, "asking X who is signed in")
    asking = Asking(session, ledger, cancel, lambda: "nothing was read")
    number, me = yield from asking.ask("me", 1, lambda x: x.me())
    return note(session, number, me, ledger)


def note(session: Session, number: int, me: AccountRecord, ledger: Ledger | None = None) -> Own:
    """Take in what X said of the signed-in account, and what it charged.

    Args:
        session: the open store.
        number: of the read in the ledger.
        me: what X said.
        ledger: the run's, None outside of one.

    Raises:
        BadInput: this store is another account's; the read is booked all the same.
        FollowertuiError: X does not say who it is.
    """
    if me.x_id is None:
        raise FollowertuiError("X does not say who is signed in; try again")
    (ledger or Ledger(session)).book(number, "me", [me.x_id])
    found = Own(me.x_id, me.followers or 0, me.following or 0, session.now)
    with session.store.write():
        _take(session, me.x_id, me.handle or "")
        settings.OWN_COUNTS.write(session.store, found._asdict())
        trouble.forget(session)
    return found


def _take(session: Session, x_id: int, handle: str) -> None:
    """Note whose store this is.

    Raises:
        BadInput: it is another account's.
    """
    store = session.store
    number, name = watermarks.PROFILE_ID.read(store), watermarks.PROFILE_HANDLE.read(store)
    is_other = number not in (None, x_id) or (number is None and name and name.lower() != handle.lower())
    if is_other and not session.is_demo:
        raise BadInput(
            f"{store.path}: is the store of @{name or number}, and X is signed in as @{handle}; "
            "use --profile or --store for another account"
        )
    if number is None:
        watermarks.PROFILE_ID.write(store, x_id)
    if handle and not session.is_demo:
        watermarks.PROFILE_HANDLE.write(store, handle)
