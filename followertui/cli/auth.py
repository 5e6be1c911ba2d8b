"""``auth``: signing in to X with the keys of console.x.com, and out again."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import ask, put, warn
from followertui.cli.wiring import opened
from followertui.domain.decision import HAND_ONLY, ActionKind
from followertui.domain.errors import BadInput
from followertui.domain.progress import NeverCancelled, drained
from followertui.late import late
from followertui.services.sync.values import OWN_KEYS
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.services.care import maintenance
    from followertui.services.sync import ending, logging_in, signing_in
    from followertui.x import callback, oauth2, platform, settings, tokens
else:
    maintenance = late("followertui.services.care.maintenance")
    ending = late("followertui.services.sync.ending")
    logging_in = late("followertui.services.sync.logging_in")
    signing_in = late("followertui.services.sync.signing_in")
    callback = late("followertui.x.callback")
    oauth2 = late("followertui.x.oauth2")
    platform = late("followertui.x.platform")
    settings = late("followertui.x.settings")
    tokens = late("followertui.x.tokens")

_LEVELS = ["pay-per-use", "enterprise"]
_ACTIONS = [action.value for action in ActionKind if action not in HAND_ONLY]
_READS = ["muted", "blocked", "lists"]


@click.group()
def auth() -> None:
    """Sign in to X: login, keys, status, logout. Keys are never shown, logged or put into the store."""


@auth.command("keys")
@click.option("--no-check", is_flag=True, help="Keep them without asking X ($0.01) whose they are.")
@click.option(
    "--access",
    type=click.Choice(_LEVELS),
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
        way = bench.x_account.door()
        given = _asked() if sys.stdin.isatty() else _from_stdin()
        if not no_check:
            say(options, "asking X whose keys these are: $0.01")
        level = platform.Access(access)
        lines = signing_in.sign_in(
            bench.session, way.keychain, given, None if no_check else lambda: way.client_of(given), level
        )
        _signed_in(options, lines)


@auth.command("login")
@click.option("--client-id", metavar="ID", help="OAuth 2.0 Client ID of your app; asked for without it.")
@click.option("--with-secret", is_flag=True, help="The app is a Web App: its client secret is asked for, not shown.")
@click.option(
    "--for",
    "actions",
    multiple=True,
    type=click.Choice(_ACTIONS + _READS),
    help="What apply may do, or sync read, besides; repeat.",
)
@click.option("--port", type=click.IntRange(1024, 65535), default=8765, show_default=True, help="Of the callback.")
@click.option("--access", type=click.Choice(_LEVELS), default="pay-per-use", show_default=True, help="As in auth keys.")
@click.option("--no-browser", is_flag=True, help="Print the page's address instead of opening it.")
@click.option("--paste", is_flag=True, help="The browser is elsewhere: paste the address it ends on.")
@click.pass_obj
def auth_login(
    options: Options,
    client_id: str | None,
    with_secret: bool,
    actions: tuple[str, ...],
    port: int,
    access: str,
    no_browser: bool,
    paste: bool,
) -> None:
    """Sign in on X's own page in the browser; the token renews itself.

    \b
    In console.x.com, once:
      1. make an app in the package Pay-per-use, environment Production
      2. user authentication: type Native App, callback http://127.0.0.1:8765/callback
    It asks to read followers and following, and for each --for that besides, nothing else.
    """  # noqa: D301
    with opened(options, must_exist=False) as bench:
        way = bench.x_account.door()
        name = client_id or _needed("OAuth 2.0 Client ID", hidden=False)
        secret = _needed("OAuth 2.0 Client Secret", hidden=True) if with_secret else ""
        wanted = [ActionKind(action) for action in actions if action in _ACTIONS]
        reads = [read for read in actions if read in _READS]
        login = logging_in.login_of(way, name.strip(), secret.strip(), wanted, port, platform.Access(access), reads)
        if paste:
            attempt = logging_in.begin(login)
            say(options, f"open this page, agree, and copy the address the browser ends on:\n{attempt.url}")
            address = _needed("The address, http://127.0.0.1…", hidden=False)
            lines = logging_in.finish(bench.session, way.keychain, login, attempt, callback.params_of(address))
        else:
            show = _page_shower(options, no_browser)
            lines = run_job(options, lambda cancel: logging_in.log_in(bench.session, cancel, way.keychain, login, show))
        _signed_in(options, lines)


def _page_shower(options: Options, only_print: bool) -> Callable[[str], None]:
    def show(url: str) -> None:
        """Say which page is opened, and open it."""
        say(options, f"agree on X's page, it comes back by itself; if no browser opens:\n{url}")
        if not only_print:
            # Beside the wait: a text browser would hold it until it is left.
            Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()

    return show


def _needed(words: str, hidden: bool) -> str:
    """Ask for a line, or read it from stdin.

    Raises:
        BadInput: there is none.
    """
    text = str(ask(words, hide_input=hidden)) if sys.stdin.isatty() else sys.stdin.readline(10_000)
    if not text.strip():
        raise BadInput(f"{words}: nothing was given")
    return text


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
            put("not signed in; sign in with: followertui auth login (or auth keys)")
            if found["trouble"]:
                put(f"the last try: {found['trouble']}")
            return
        name = f"@{found['account']}" if found["account"] else "an account not asked for yet"
        if bench.session.is_demo:
            put("the demo: an X on this machine, nothing is real and nothing costs money")
        else:
            put(f"signed in as {name} with {_KINDS.get(found['kind'], 'keys')} in the {found['keys_in']}")
            put(f"address {found['address']}")
            if found["app"]:
                put(f"app: {found['app']}")
            if found["token_until"]:
                put(f"the token lasts until {found['token_until']} and renews itself")
            elif found["kind"] == "oauth1":
                put("the keys last until they are taken back in console.x.com")
        if found["trouble"]:
            put(f"X refused the keys last: {found['trouble']}")
        put(f"access: {found['access']}; owns the app: {found['owns_app'] or 'not known'}")
        for can, words in (("yes", "through the API"), ("no", "by hand"), ("unknown", "not tried yet")):
            named = [action for action, state in found["can"].items() if state == can]
            if named:
                put(f"  {words}: {', '.join(named)}")
        for words, call in found["calls"].items():
            # What is only published stands in the lines above.
            if (
                call["since"]
                and "this account" in call["reason"]
                and call["reason"].startswith(("X refused", "it worked"))
            ):
                put(f"  {words}: {call['reason']} ({call['since'][:10]})")


_KINDS = {"oauth1": "OAuth 1 keys", "oauth2": "an OAuth 2 token"}


@auth.command("logout")
@click.option("--delete-data", is_flag=True, help="Delete what came through X's API alone, at once; cannot be undone.")
@click.option("--keep-data", is_flag=True, help="Keep it and be told no more: X asks you to delete it all the same.")
@click.pass_obj
def auth_logout(options: Options, delete_data: bool, keep_data: bool) -> None:
    """Remove the keys from this machine; offers to delete what X wants deleted once access ends.

    Until that is done or declined, doctor and Today tell by when.
    """
    if delete_data and keep_data:
        raise click.UsageError("--delete-data or --keep-data, not both")
    with opened(options) as bench:
        if bench.x_account.is_signed_in or not keep_data:
            for line in drained(bench.x_account.sign_out(NeverCancelled())):
                say(options, line)
        if _keys_in_environment():
            warn("Keys in the environment still sign in: unset the FOLLOWERTUI_X_ variables.")
        due = ending.due(bench.session)
        if due is None:
            return
        if not (delete_data or keep_data) and sys.stdin.isatty() and sys.stderr.isatty():
            answer = ask(f"Delete these {due.accounts:,} now (y), be told of it (n), or keep them (k)", default="n")
            delete_data, keep_data = answer.lower() == "y", answer.lower() == "k"
        if delete_data:
            for line in maintenance.purge_from_x(bench.session):
                say(options, line)
        elif keep_data:
            bench.x_account.keep_what_came()
            say(options, "kept; you will be told of it no more")


def _keys_in_environment() -> bool:
    return any(name.startswith("FOLLOWERTUI_X_") and name != "FOLLOWERTUI_X_BASE_URL" for name in os.environ)


def _signed_in(options: Options, lines: list[str]) -> None:
    for line in lines:
        say(options, line)
    if _keys_in_environment():
        warn("Keys in the environment come before these as long as they are set.")
    say(options, "Next: followertui sync --dry-run")


def _status(bench: Workbench) -> dict[str, Any]:
    x_settings = settings.XSettings.from_env(os.environ)
    kind = "oauth1" if x_settings.has_oauth1 else "oauth2" if x_settings.bearer else ""
    is_kept = not kind and not bench.is_demo and bench.x_account.is_signed_in
    ends_at = tokens.expires_at(bench.x_account.door().keychain.load()) if is_kept else None
    return signing_in.status(bench.session, kind, x_settings.base_url, ends_at)


def _asked() -> dict[str, str]:
    return {name: str(ask(words, hide_input=True)).strip() for name, words in OWN_KEYS.items()}


def _from_stdin() -> dict[str, str]:
    """Four lines of stdin.

    Raises:
        BadInput: there are not four of them.
    """
    lines = [line.strip() for line in sys.stdin.read(10_000).splitlines() if line.strip()]
    if len(lines) != len(OWN_KEYS):
        raise BadInput(f"stdin: {len(lines)} lines, not four: {', '.join(OWN_KEYS.values())}, in this order")
    return dict(zip(OWN_KEYS, lines, strict=True))


COMMANDS: dict[str, click.Command] = {"auth": auth}
