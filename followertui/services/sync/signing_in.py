"""Signing in to X and out again: keys checked, kept, described; never shown.

Owns what a person is told of them. Where they are kept is ``x.keychain``, what they open
``x.client``; the store knows only that there are some.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from followertui.domain.clock import iso
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.services.sync import ending, learning, profile, trouble
from followertui.store.decisions import requests
from followertui.store.file import settings, watermarks
from followertui.x.keychain import FILE, Keychain
from followertui.x.platform import Access, Can
from followertui.x.protocol import XClient, XFailed


def sign_in(
    session: Session,
    keychain: Keychain,
    keys: Mapping[str, str],
    open_x: Callable[[], XClient] | None,
    access: Access = Access.PAY_PER_USE,
) -> list[str]:
    """Check keys with X and keep them.

    Args:
        session: the open store.
        keychain: where they are kept.
        keys: by the names in ``values.OWN_KEYS``, or as ``x.tokens.as_keys`` gives them.
        open_x: makes a client with these keys, None to keep them unchecked.
        access: the access level of the account; what X answers outranks what it implies.

    Returns:
        Lines that say who is signed in and where the keys are.

    Raises:
        BadInput: X does not take them, or this store is another account's; nothing is kept.
    """
    lines = []
    keys = dict(keys)
    scopes = tuple(keys["scopes"].split()) if "scopes" in keys else None
    if open_x is not None:
        number = requests.begin(session.store, "me", None, 1, 0.01, session.now)
        try:
            me = open_x().me()
        except XFailed as failure:
            status = failure.outcome.status
            state = requests.UNKNOWN if status is None or 200 <= status < 300 else requests.REFUSED
            requests.finish(session.store, number, state, 0, 0.0, status, session.now)
            trouble.note_outcome(session, failure.outcome)
            raise BadInput(f"{failure.outcome.message}; nothing was kept") from None
        own = profile.note(session, number, me)
        keys["account_id"] = str(own.x_id)
        lines.append(f"signed in as @{me.handle}: {own.followers:,} followers, {own.following:,} following")
    where = keychain.save(keys)
    kept = {"kind": "oauth1" if scopes is None else "oauth2", "where": where, "at": session.now, "app": _app(keys)}
    settings.SIGNED_IN.write(session.store, kept)
    trouble.forget(session)
    ending.drop(session)
    seed_access(session, access, scopes)
    if where == FILE:
        lines.append(f"no keyring answers here: the keys are in {keychain.path}, which only you can read")
    else:
        lines.append("the keys are in the keyring of your system")
    lines.append("neither the store nor a backup of it holds them")
    return lines


def _app(keys: Mapping[str, str]) -> str:
    """How a person knows the app again: its client id, or the end of its consumer key, which is half a secret."""
    client_id, consumer_key = keys.get("client_id", ""), keys.get("consumer_key", "")
    return f"client {client_id}" if client_id else f"consumer key …{consumer_key[-4:]}" if consumer_key else ""


def _can(session: Session) -> dict[ActionKind, Can]:
    known = learning.known(session)
    return {action: known.of(action).can for action in ActionKind if known.platform.endpoint_of(action) is not None}


def seed_access(session: Session, access: Access, scopes: tuple[str, ...] | None = None) -> None:
    """Note what the account is expected to do through the API; what X's answers taught stays.

    Args:
        session: the open store.
        access: its access level.
        scopes: what an OAuth2 sign-in covers, None for keys that cover all.
    """
    known = learning.known(session)
    settings.CAPABILITIES.write(session.store, json.loads(replace(known, access=access, scopes=scopes).to_json()))


def sign_out(session: Session, keychain: Keychain, revoke: Callable[[], None] | None = None) -> list[str]:
    """Forget the keys.

    Args:
        session: the open store.
        keychain: where they are kept.
        revoke: ends the token at X, which is free; None where there is none. What it raises is said.

    Returns:
        Lines that say so, and what X asks of those who end access.
    """
    ended = "take them back in console.x.com too"
    if revoke is not None:
        try:
            revoke()
            ended = "X has ended the token"
        except BadInput:
            ended = "X did not end the token; take it back in X's settings, Connected apps"
    keychain.forget()
    settings.SIGNED_IN.write(session.store, {})
    trouble.forget(session)
    settings.OWN_COUNTS.write(session.store, {})
    lines = [f"signed out: the keys are no longer on this machine; {ended}"]
    found = ending.begin(session)
    if found is None:
        ending.drop(session)
        return lines
    return [
        *lines,
        f"X asks that what came through its API is deleted within {ending.BUSINESS_DAYS} business days once access "
        f"ends, by {found.by.day} {found.by:%b %Y}: {counted(found.accounts, 'account is', 'accounts are')} known from "
        "it alone; followertui purge --from-x removes them, doctor and Today tell of it until then (help privacy)",
    ]


def status(session: Session, environ_kind: str, base_url: str, ends_at: int | None = None) -> dict[str, Any]:
    """Who is signed in and how, as JSON values without any key.

    Args:
        session: the open store.
        environ_kind: "oauth1" or "oauth2" where the environment holds keys, "" where it does not.
        base_url: the address of X.
        ends_at: when the token ends that is renewed then, epoch seconds UTC; None where the keys do not end.
    """
    kept = settings.SIGNED_IN.read(session.store)
    known = settings.CAPABILITIES.read(session.store)
    trouble_kept = trouble.last(session)
    return {
        "signed_in": session.open_x is not None,
        "account": watermarks.PROFILE_HANDLE.read(session.store) or None,
        "kind": environ_kind or kept.get("kind"),
        "keys_in": "environment" if environ_kind else kept.get("where"),
        "app": None if environ_kind else kept.get("app"),
        "token_until": None if environ_kind else iso(ends_at),
        "scopes": None if environ_kind else known.get("scopes"),
        "can": {str(action): str(can) for action, can in _can(session).items()},
        "calls": {
            words: {"can": str(found.can), "reason": found.reason, "since": found.as_of}
            for words, found in learning.capabilities(session)
        },
        "trouble": trouble_kept.text if trouble_kept else None,
        "since": None if environ_kind else iso(kept.get("at")),
        "address": base_url,
        "owns_app": settings.OWNS_APP.read(session.store) or None,
        "access": known.get("access", "unknown"),
        "learned": {action: lesson[0] for action, lesson in known.get("lessons", {}).items()},
    }
