"""The composition root: options -> an open workbench with clock and edge to X.

Owns which clock and which X a store gets: a demo its own sandbox in this process, any other
store what the environment says. Only ``cli`` imports it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from followertui.cli.options import Options
from followertui.cli.printing import warn
from followertui.domain.clock import Clock, SystemClock
from followertui.late import late
from followertui.services.session import COMMAND_LINE, Session
from followertui.services.workbench import Workbench
from followertui.store.file import log, watermarks
from followertui.store.file import settings as stored_settings
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.demo import opening
    from followertui.x import client, door, keychain, oauth2, settings, tokens
    from followertui.x.protocol import XClient
else:
    opening = late("followertui.demo.opening")
    client = late("followertui.x.client")
    door = late("followertui.x.door")
    keychain = late("followertui.x.keychain")
    oauth2 = late("followertui.x.oauth2")
    settings = late("followertui.x.settings")
    tokens = late("followertui.x.tokens")


def workbench(options: Options, must_exist: bool = True) -> Workbench:
    """Open the store the options name.

    Args:
        options: global options.
        must_exist: refuse to make a new store.

    Raises:
        StoreError: the store cannot be opened.
    """
    store = Store(options.store_path, options.read_only, must_exist)
    store.keeps_backups = bool(options.own.value("backups"))
    if not options.quiet:
        if store.backup_path:
            warn(f"The store was migrated to this version; the old one is kept as {store.backup_path}")
            dropped = watermarks.DROPPED_RELEASES.read(store)
            if dropped:
                warn(f"{dropped} releases named no guard and were dropped; release accounts again where needed")
        for line in store.warnings():
            warn(f"Warning: {line}")
    if watermarks.DEMO.read(store) is not None:
        return opening.open_demo(store, options.reviewer_name, options.zone)
    clock, open_x = _edge(options, store)
    return Workbench(
        Session(store, clock, options.reviewer_name, open_x, open_door=lambda: _door(options, store, clock))
    )


@contextlib.contextmanager
def opened(options: Options, must_exist: bool = True) -> Iterator[Workbench]:
    """A ``workbench`` for one command, closed at the end."""
    bench = workbench(options, must_exist)
    bench.session.work_as(COMMAND_LINE)
    bench.session.store.before_first_write = lambda: _keep_backup(bench)
    try:
        yield bench
    finally:
        bench.close()


def _keep_backup(bench: Workbench) -> None:
    """Keep the backup of the day; where it cannot be kept, the command goes on."""
    try:
        bench.keep_backup()
    except Exception as problem:
        warn(f"Warning: no backup was kept: {log.as_error('keep a backup', problem)}")


def _edge(options: Options, store: Store) -> tuple[Clock, Callable[[], XClient] | None]:
    """Clock and client as the environment, or the account signed in, says; nothing of X is imported without keys."""
    is_signed_in = bool(stored_settings.SIGNED_IN.read(store))
    if not is_signed_in and not any(name.startswith("FOLLOWERTUI_X_") for name in os.environ):
        return SystemClock(options.zone), None
    x_settings = settings.XSettings.from_env(os.environ)
    clock = x_settings.clock(options.zone)
    if x_settings.is_signed_in:
        return clock, lambda: client.TweepyClient(x_settings, clock)
    return clock, (lambda: _door(options, store, clock).stored()) if is_signed_in else None


def notice_keychain(options: Options, store: Store) -> keychain.Keychain:
    """Where the address is kept that notices of a store go to."""
    name = f"{watermarks.STORE_ID.read(store)}-notice"
    again = "set it again: followertui notice set"
    return keychain.Keychain(options.settings_path.parent / "notice", name, "the address and choice for notices", again)


def _door(options: Options, store: Store, clock: Clock) -> door.Door:
    """Where the account of a store signs in."""
    x_settings = settings.XSettings.from_env(os.environ)
    kept_in = keychain.Keychain(options.settings_path.parent / "x-keys", watermarks.STORE_ID.read(store))

    def stored() -> XClient:
        """A client of the keys that are kept, whose token is renewed where it is one that ends."""
        keys = kept_in.load()
        if not keys.get("refresh_token"):
            return client.TweepyClient(x_settings.with_keys(keys), clock)
        app = oauth2.App(keys.get("client_id", ""), keys.get("client_secret", ""), x_settings.base_url)
        keeper = tokens.TokenKeeper(kept_in, oauth2.TokenClient(app), clock)
        return client.TweepyClient(x_settings.with_keys(keys), clock, tokens=keeper)

    def client_of(keys: Mapping[str, str]) -> XClient:
        """A client of keys that are not kept yet."""
        return client.TweepyClient(x_settings.with_keys(keys), clock)

    return door.Door(kept_in, x_settings.base_url, client_of, stored)
