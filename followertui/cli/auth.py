"""``auth``: signing in to X with the keys of console.x.com, and out again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import ask, put, warn
from followertui.cli.wiring import keychain_of, opened
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services.sync import signing_in
    from followertui.x import client, platform, settings
    from followertui.x.protocol import XClient
else:
    signing_in = late("followertui.services.sync.signing_in")
    client = late("followertui.x.client")
    platform = late("followertui.x.platform")
    settings = late("followertui.x.settings")

_NAMES = {
    "consumer_key": "API key (consumer key)",
    "consumer_secret": "API key secret (consumer secret)",
    "access_token": "Access token",
    "access_token_secret": "Access token secret",
}


@click.group()
def auth() -> None:
    """Sign in to X: keys, status, logout. Keys are never shown, logged or put into the store."""


@auth.command("keys")
@click.option("--no-check", is_flag=True, help="Keep them without asking X ($0.01) whose they are.")
@click.option(
    "--access",
    type=click.Choice(["pay-per-use", "enterprise"]),
    default="pay-per-use",
    show_default=True,
    help="Access level of the account: which actions are tried through the API.",
)
@click.pass_obj
def auth_keys(options: Options, no_check: bool, access: str) -> None:
    """Paste the four keys of your own app; the simple way for one's own account.

    \b
    In console.x.com, signed in as the account itself:
      1. make an app in the package Pay-per-use, environment Production
      2. user authentication: Read and write (Read is enough for sync)
      3. then generate the four keys; older ones keep the old permission
    They are asked one by one and not shown; a script gives them on stdin, one a line.
    """  # noqa: D301
    with opened(options, must_exist=False) as bench:
        if bench.session.is_demo:
            raise BadInput("the demo has an X of its own; sign in with your own store: --store or --profile")
        given = _asked() if sys.stdin.isatty() else _from_stdin()
        x_settings = settings.XSettings.from_env({**_address(), **_as_environment(given)})

        def open_x() -> XClient:
            """A client with the keys that were given."""
            return client.TweepyClient(x_settings, bench.session.clock)

        if not no_check:
            say(options, "asking X whose keys these are: $0.01")
        kept_in = keychain_of(options, bench.session.store)
        level = platform.Access(access)
        lines = signing_in.sign_in(bench.session, kept_in, given, None if no_check else open_x, level)
        for line in lines:
            say(options, line)
        if any(name.startswith("FOLLOWERTUI_X_") and name != "FOLLOWERTUI_X_BASE_URL" for name in os.environ):
            warn("Keys in the environment come before these as long as they are set.")
        say(options, "Next: followertui sync --dry-run")


@auth.command("status")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def auth_status(options: Options, form: str | None) -> None:
    """Who is signed in, with which keys, what X lets them do; asks X nothing."""
    with opened(options) as bench:
        found = _status(bench)
        if form == "json":
            write_json(found)
            return
        if not found["signed_in"]:
            put("not signed in; sign in with: followertui auth keys")
            return
        name = f"@{found['account']}" if found["account"] else "an account not asked for yet"
        if bench.session.is_demo:
            put("the demo: an X on this machine, nothing is real and nothing costs money")
        else:
            put(f"signed in as {name} with {_KINDS.get(found['kind'], 'keys')} in the {found['keys_in']}")
            put(f"address {found['address']}")
        put(f"access: {found['access']}; owns the app: {found['owns_app'] or 'not known'}")
        for action, can in found["learned"].items():
            put(f"  {action}: {can}")


_KINDS = {"oauth1": "OAuth 1 keys", "oauth2": "an OAuth 2 token"}


@auth.command("logout")
@click.pass_obj
def auth_logout(options: Options) -> None:
    """Remove the keys from this machine; says what X asks to be deleted once access ends."""
    with opened(options) as bench:
        for line in signing_in.sign_out(bench.session, keychain_of(options, bench.session.store)):
            say(options, line)


def _status(bench: Workbench) -> dict[str, Any]:
    x_settings = settings.XSettings.from_env(os.environ)
    kind = "oauth1" if x_settings.has_oauth1 else "oauth2" if x_settings.bearer else ""
    return signing_in.status(bench.session, kind, x_settings.base_url)


def _asked() -> dict[str, str]:
    return {name: str(ask(words, hide_input=True)).strip() for name, words in _NAMES.items()}


def _from_stdin() -> dict[str, str]:
    """Four lines of stdin.

    Raises:
        BadInput: there are not four of them.
    """
    lines = [line.strip() for line in sys.stdin.read(10_000).splitlines() if line.strip()]
    if len(lines) != len(_NAMES):
        raise BadInput(f"stdin: {len(lines)} lines, not four: {', '.join(_NAMES.values())}, in this order")
    return dict(zip(_NAMES, lines, strict=True))


def _address() -> dict[str, str]:
    return {name: os.environ[name] for name in ("FOLLOWERTUI_X_BASE_URL",) if name in os.environ}


def _as_environment(keys: dict[str, str]) -> dict[str, str]:
    return {f"FOLLOWERTUI_X_{name.upper()}": value for name, value in keys.items()}


COMMANDS: dict[str, click.Command] = {"auth": auth}
