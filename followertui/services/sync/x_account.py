"""The account at X as screens use it: signed in or not, what reading it takes, reading it.

Owns no step of its own; each is one call of a use case. Screens reach it through the workbench.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import datetime

from followertui.domain.clock import Clock
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import CancelToken, NeverCancelled, Progress
from followertui.services.phrases import dollars
from followertui.services.session import Session
from followertui.services.sync import (
    costs,
    ending,
    finding,
    live,
    logging_in,
    looking_up,
    own_marks,
    parking,
    peeking,
    quoting,
    signing_in,
    syncing,
)
from followertui.services.sync.asking import LONGEST_WAIT
from followertui.services.sync.values import (
    FindReport,
    LookupOffer,
    LookupReport,
    LookupWish,
    MarksReport,
    PeekReport,
    Quote,
    SyncReport,
    Wish,
)
from followertui.store.file import settings
from followertui.x import callback, oauth2
from followertui.x.door import Door
from followertui.x.platform import Access


class XAccount:
    """The account of X a store belongs to.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def is_signed_in(self) -> bool:
        """Whether calls to X can be made."""
        return self.session.open_x is not None

    @property
    def callback_address(self) -> str:
        """What the developer app needs as its callback for ``log_in``."""
        return callback.address(callback.PORT)

    def quote(self, wish: Wish) -> Quote:
        """What reading lists takes; sends nothing."""
        return quoting.quote(self.session, wish)

    def most(self, wish: Wish) -> str:
        """The most reading lists can cost, such as "at most $0.36"."""
        return f"at most {dollars(self.quote(wish).usd)}"

    def ask_counts(self, cancel: CancelToken) -> Generator[Progress, None, str]:
        """Ask X who is signed in and how many there are, $0.010; returns it in words."""
        own = yield from syncing.ask_counts(self.session, cancel)
        return f"X counts {own.followers:,} followers and {own.following:,} following"

    def set_owner(self, owns_app: bool) -> None:
        """Say whether the account owns the app whose keys it uses, which sets the price."""
        costs.set_owner(self.session, owns_app)

    def costs(self) -> list[str]:
        """What X has cost, in lines."""
        return costs.text(self.session)

    def sync(self, wish: Wish, cancel: CancelToken | None = None) -> Generator[Progress, None, list[SyncReport]]:
        """Read followers and following from X; ``catch_up`` follows."""
        return syncing.sync(self.session, cancel or NeverCancelled(), wish)

    # What X asked to wait with ---------------------------------------------------------

    @property
    def waiting(self) -> str:
        """What waits for X and for how long, in words; "" where nothing does."""
        return parking.text(self.session)

    @property
    def due_at(self) -> datetime | None:
        """Where the person said that what waits goes on by itself, and that is soon: the time X named; else None."""
        parked = parking.waiting(self.session)
        is_soon = parked is not None and parked.left_seconds <= LONGEST_WAIT.total_seconds()
        is_wanted = is_soon and self.is_signed_in and settings.GOES_ON.read(self.session.store)
        return parked.until if parked is not None and is_wanted else None

    def waiting_job(self) -> str:
        """The name of the job that waits, "" without one."""
        parked = parking.waiting(self.session)
        return parked.job.name if parked is not None and parked.job is not None else ""

    def go_on(self, cancel: CancelToken) -> Generator[Progress, None, str]:
        """Go on with what waits, for the price that was agreed to; it waits on where X is not to be asked yet.

        Returns:
            What came of it, in words; ``catch_up`` follows.

        Raises:
            NothingToDo: nothing waits.
        """
        parked = parking.waiting(self.session)
        if parked is None or parked.job is None:
            raise NothingToDo("nothing waits for X")
        name, wish = parked.job
        if name == "sync":
            wanted = Wish(tuple(wish["directions"]), bool(wish["is_full"]), wish["budget_usd"])
            return "; ".join([one.text for one in (yield from self.sync(wanted, cancel))])
        if name == "x-marks":
            return (yield from self.read_marks(tuple(wish["what"]), wish["budget_usd"], cancel)).text
        lookup = LookupWish(wish["what"], wish["query"], None, wish["budget_usd"])
        return (yield from self.look_up(lookup, cancel)).text

    # Reading --------------------------------------------------------------------------

    def lookup_offer(self, wish: LookupWish) -> LookupOffer:
        """What a look-up takes; sends nothing."""
        return looking_up.offer(self.session, wish)

    def look_up(self, wish: LookupWish, cancel: CancelToken) -> Generator[Progress, None, LookupReport]:
        """Look accounts up on X; ``catch_up`` follows."""
        return looking_up.look_up(self.session, cancel, wish)

    def marks_offer(self, what: tuple[str, ...], budget_usd: float | None = None) -> list[str]:
        """What reading whom we muted, blocked or listed takes; sends nothing."""
        return own_marks.offer_lines(self.session, what, budget_usd)

    def read_marks(
        self, what: tuple[str, ...], budget_usd: float | None, cancel: CancelToken
    ) -> Generator[Progress, None, MarksReport]:
        """Read whom we muted, blocked or listed; ``catch_up`` follows."""
        return own_marks.read(self.session, cancel, what, budget_usd)

    def peek_offer(self, row: int, budget_usd: float | None = None) -> list[str]:
        """What a look at someone's last posts takes; sends nothing."""
        return peeking.offer_lines(self.session, row, budget_usd)

    def peek(
        self, row: int, cancel: CancelToken, budget_usd: float | None = None
    ) -> Generator[Progress, None, PeekReport]:
        """Read someone's last posts; they are shown and not kept."""
        return peeking.peek(self.session, cancel, row, budget_usd)

    def find_offer(self, words: str, most: int = finding.USUAL, budget_usd: float | None = None) -> list[str]:
        """What a search for people takes; sends nothing."""
        return finding.offer_lines(self.session, words, most, budget_usd)

    def find(
        self, words: str, most: int, budget_usd: float | None, cancel: CancelToken
    ) -> Generator[Progress, None, FindReport]:
        """Search X for people, and keep whom it returns; ``catch_up`` follows."""
        return finding.find(self.session, cancel, words, most, budget_usd)

    def live_offer(self, budget_usd: float | None = None) -> list[str]:
        """What watching X takes; sends nothing."""
        return live.offer_lines(self.session, budget_usd)

    def sign_in_keys(self, keys: Mapping[str, str], cancel: CancelToken) -> Generator[Progress, None, list[str]]:
        """Check the four keys of one's own app with X and keep them.

        Args:
            keys: by the names in ``values.OWN_KEYS``.
            cancel: not polled; there is one short call.

        Returns:
            Lines that say who is signed in.

        Raises:
            BadInput: X does not take them; nothing is kept.
        """
        yield Progress(0, None, "asking X whose keys these are")
        door = self.door()
        lines = signing_in.sign_in(self.session, door.keychain, keys, lambda: door.client_of(keys))
        self.session.open_x = door.stored
        return lines

    def log_in(
        self, client_id: str, open_page: Callable[[str], None], cancel: CancelToken
    ) -> Generator[Progress, None, list[str]]:
        """Sign in on X's page in the browser, for reading; see ``logging_in.log_in``."""
        door = self.door()
        login = logging_in.login_of(door, client_id, "", (), callback.PORT, Access.PAY_PER_USE)
        lines = yield from logging_in.log_in(self.session, cancel, door.keychain, login, open_page)
        self.session.open_x = door.stored
        return lines

    @property
    def keeps_keys(self) -> bool:
        """Whether keys of this store are kept on this machine; those of the environment are not."""
        return bool(settings.SIGNED_IN.read(self.session.store))

    def sign_out(self, cancel: CancelToken) -> Generator[Progress, None, list[str]]:
        """Forget the keys, and end the token at X, which is free.

        Args:
            cancel: not polled; there is one short call.

        Returns:
            Lines that say so, and what X asks of those whose access ends.
        """
        yield Progress(0, None, "signing out")
        door = self.door()
        lines = signing_in.sign_out(self.session, door.keychain, _revoker(door, self.session.clock))
        self.session.open_x = None
        return lines

    def to_delete(self) -> int:
        """How many accounts X asks to be deleted since access ended; 0 where nothing is due."""
        found = ending.due(self.session)
        return found.accounts if found is not None else 0

    def keep_what_came(self) -> None:
        """Be told no more of what X asks to be deleted."""
        ending.drop(self.session)

    def door(self) -> Door:
        """The way to X.

        Raises:
            BadInput: this store has none of its own.
        """
        if self.session.open_door is None:
            raise BadInput("the demo has an X of its own; sign in with your own store: --store or --profile")
        return self.session.open_door()


def _revoker(door: Door, clock: Clock) -> Callable[[], None] | None:
    """What ends the token at X, None where the keys have none."""
    try:
        keys = door.keychain.load()
    except BadInput:
        return None
    token = keys.get("refresh_token", "")
    if not token:
        return None
    app = oauth2.App(keys.get("client_id", ""), keys.get("client_secret", ""), door.base_url)
    return lambda: oauth2.TokenClient(app).revoke(token, clock.now())
