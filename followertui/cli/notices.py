"""``notice``: where a notice of alerts goes, set, tried and forgotten; `alerts --notify` sends it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import ask, confirm, put
from followertui.cli.wiring import notice_keychain, opened
from followertui.domain.errors import BadInput, NothingToDo
from followertui.late import late

if TYPE_CHECKING:
    from followertui.services.insight import noticing
else:
    noticing = late("followertui.services.insight.noticing")

_MOST_CHARACTERS = 4_000


@click.group()
def notice() -> None:
    """Notices on the desktop, by mail or chat, sent by `alerts --notify`: set, status, test, forget.

    They go out through apprise (pip install 'followertui[notice]') and hold counts and kinds only,
    unless you want names. The address is a secret: it is never shown, logged or put into the store.
    """


@notice.command("set")
@click.option("--names", is_flag=True, help="Notices name people; what then leaves this machine is said first.")
@click.option("--yes", is_flag=True, help="Agree to names leaving this machine, for a script.")
@click.pass_obj
def notice_set(options: Options, names: bool, yes: bool) -> None:
    """Say where notices go: an apprise address, asked for and not shown; a script gives it on stdin.

    \b
    dbus://                                    this Linux desktop (macosx:// and windows:// likewise)
    mailto://user:password@example.com         a mailbox
    `followertui help notices` has more.
    """  # noqa: D301
    with opened(options) as bench:
        for line in noticing.what_leaves(names):
            say(options, line)
        is_asked = sys.stdin.isatty()
        if names and not yes and not (is_asked and confirm("Let names leave this machine", default=False)):
            raise BadInput("nothing was kept: agree with --yes, or leave --names out")
        text = str(ask("Address", hide_input=True)) if is_asked else sys.stdin.readline(_MOST_CHARACTERS)
        for line in noticing.keep(notice_keychain(options, bench.session.store), noticing.Notice(text.strip(), names)):
            say(options, line)


@notice.command("status")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def notice_status(options: Options, form: str | None) -> None:
    """Whether an address is set and whether notices name people; never the address itself."""
    with opened(options) as bench:
        kept = noticing.kept(notice_keychain(options, bench.session.store))
        if form == "json":
            write_json({"is_set": kept is not None, "with_names": None if kept is None else kept.with_names})
        elif kept is None:
            put("no address for notices is set: followertui notice set")
        else:
            put(f"an address is set; notices hold {'names' if kept.with_names else 'counts and kinds only'}")


@notice.command("test")
@click.pass_obj
def notice_test(options: Options) -> None:
    """Send a notice with nothing of the store in it."""
    with opened(options) as bench:
        noticing.send_test(noticing.wanted(notice_keychain(options, bench.session.store)))
        say(options, "a notice went out")


@notice.command("forget")
@click.pass_obj
def notice_forget(options: Options) -> None:
    """Remove the address from this machine."""
    with opened(options) as bench:
        keychain = notice_keychain(options, bench.session.store)
        if noticing.kept(keychain) is None:
            raise NothingToDo("no address for notices is set")
        keychain.forget()
        say(options, "the address is no longer on this machine")


COMMANDS: dict[str, click.Command] = {"notice": notice}
