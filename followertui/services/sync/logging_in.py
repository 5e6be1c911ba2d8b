"""Signing in through the browser: the page is opened, its answer waited for, tokens are kept.

Owns that wait and what a person is told when nothing comes. The requests are ``x.oauth2``, the
address the browser comes back to ``x.callback``, what follows once there are tokens ``signing_in``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.session import Session
from followertui.services.sync import own_marks, signing_in, trouble
from followertui.x import callback, tokens
from followertui.x.door import Door
from followertui.x.keychain import Keychain
from followertui.x.platform import Access, Platform
from followertui.x.protocol import XClient

if TYPE_CHECKING:
    from followertui.x import oauth2
else:
    oauth2 = late("followertui.x.oauth2")

WAIT_SECONDS = 600
"""How long the answer of the browser is waited for."""

_TICK_SECONDS = 0.2
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SECRET = re.compile(r"[!-~]{0,500}")


@dataclass(frozen=True, slots=True)
class Login:
    """One way to sign in.

    Attributes:
        app: the developer app.
        scopes: what is asked for.
        port: of the callback address.
        access: access level of the account.
        open_x: makes a client of the keys it is given.
    """

    app: oauth2.App
    scopes: tuple[str, ...]
    port: int
    access: Access
    open_x: Callable[[Mapping[str, str]], XClient]


def login_of(
    door: Door,
    client_id: str,
    client_secret: str,
    actions: Iterable[ActionKind],
    port: int,
    access: Access,
    reads: Iterable[str] = (),
) -> Login:
    """What to sign in with.

    Args:
        door: the store's way to X.
        client_id: OAuth 2.0 client id of the app.
        client_secret: its secret, "" where it has none.
        actions: what apply may do besides reading.
        port: of the callback address.
        access: access level of the account.
        reads: what sync may read besides followers and following, by the names in ``own_marks.READS``.

    Raises:
        BadInput: the client id or the secret cannot be one.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise BadInput("a client id has letters, digits, - and _ only; copy the OAuth 2.0 Client ID from console.x.com")
    if not _SECRET.fullmatch(client_secret):
        raise BadInput("a client secret has no spaces; copy it from console.x.com again")
    app = oauth2.App(client_id, client_secret, door.base_url)
    scopes = Platform.load().scopes_of(actions, [endpoint for name in reads for endpoint in own_marks.READS[name]])
    return Login(app, scopes, port, access, door.client_of)


def begin(login: Login) -> oauth2.Attempt:
    """A try to sign in; its ``url`` is the page to open."""
    return oauth2.Attempt(login.app, callback.address(login.port), login.scopes)


def log_in(
    session: Session, cancel: CancelToken, keychain: Keychain, login: Login, open_page: Callable[[str], None]
) -> Generator[Progress, None, list[str]]:
    """Sign in through the browser.

    Args:
        session: the open store.
        cancel: polled while the browser is waited for.
        keychain: where the tokens are kept.
        login: the app and what is asked for.
        open_page: shows the page to the person; called once the answer can be taken.

    Returns:
        Lines that say who is signed in.

    Raises:
        BadInput: X does not sign in, the port is taken, or nobody answered; nothing is kept.
        Cancelled: the person stopped it.
    """
    attempt = begin(login)
    with callback.listening(attempt, login.port) as listener:
        open_page(attempt.url)
        ticks = 0
        while listener.params is None:
            yield Progress(0, None, "waiting for your answer on X's page in the browser")
            if cancel.wait(_TICK_SECONDS):
                raise Cancelled("sign-in: stopped, nothing was kept", is_resumable=False)
            ticks += 1
            if ticks * _TICK_SECONDS > WAIT_SECONDS:
                text = (
                    f"no answer came to {attempt.redirect_uri} within 10 minutes; where X's page said something went "
                    "wrong, the app does not have exactly this callback address: add it in console.x.com"
                )
                trouble.note(session, "callback", text)
                raise BadInput(text)
        params = listener.params
    yield Progress(0, None, "asking X for the tokens")
    return finish(session, keychain, login, attempt, params)


def finish(
    session: Session, keychain: Keychain, login: Login, attempt: oauth2.Attempt, params: Mapping[str, str]
) -> list[str]:
    """Keep the tokens X gives for the answer of its page.

    Args:
        session: the open store.
        keychain: where they are kept.
        login: as it was begun.
        attempt: what was asked.
        params: of the address the browser was sent to.

    Returns:
        Lines that say who is signed in.

    Raises:
        BadInput: X does not sign in; nothing is kept.
    """
    try:
        code = attempt.code_of(params)
        found = oauth2.TokenClient(login.app).exchange(attempt, code, session.clock.now())
    except oauth2.SignInRefused as refusal:
        if refusal.hitch is not oauth2.Hitch.DENIED:
            trouble.note(session, refusal.hitch.value, str(refusal))
        raise
    keys = tokens.as_keys(found, login.app.client_id, login.app.client_secret)
    lines = signing_in.sign_in(session, keychain, keys, lambda: login.open_x(keys), login.access)
    missing = [scope for scope in login.scopes if scope not in found.scopes]
    if missing:
        lines.append(f"X did not give what was asked for: {', '.join(missing)}")
    if not found.refresh_token:
        lines.append("X gave no token to renew this one with: it ends in two hours")
    return lines
