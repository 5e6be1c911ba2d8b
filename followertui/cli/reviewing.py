"""``review``: the screen, on a store, or the welcome where there is none yet."""

from __future__ import annotations

import os
import sys

import click

from followertui.cli.options import Options
from followertui.cli.queries import QueryCommand
from followertui.cli.signals import end_now
from followertui.domain.errors import BadInput
from followertui.services.workbench import Workbench
from followertui.text.cleaning import clean_text

QUIET_SECONDS = 0.8
"""So long work beside the screen may still run once the screen is gone."""


def open_review(options: Options, text: str) -> None:
    """Open the review.

    Args:
        options: global options.
        text: query to begin with, "" to continue where one left off.

    Raises:
        BadInput: this is not a terminal, or the query cannot be read.
    """
    require_terminal()
    from followertui.cli.wiring import workbench

    bench = workbench(options) if options.store_path.exists() else None
    if bench is not None and text:
        bench.session.parse(text)
    if bench is not None and not options.read_only:
        _settle_imports(options, bench)
    run_screen(options, bench, text)


def _settle_imports(options: Options, bench: Workbench) -> None:
    """Ask what to do with unfinished imports before the review opens."""
    from followertui.services.intake import unfinished

    waiting = unfinished.interrupted(bench.session.store)
    if waiting:
        from followertui.cli.import_runs import settle

        for number, name in waiting:
            settle(options, bench, number, name)


def require_terminal() -> None:
    """Refuse to run without a terminal.

    Raises:
        BadInput: stdin or stdout is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("the review needs a terminal; for scripts: followertui accounts QUERY --json")


def run_screen(options: Options, bench: Workbench | None, text: str = "", queue_id: str = "") -> None:
    """Run the app and close the store afterwards."""
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from followertui.cli.welcome import Welcome
    from followertui.ui.app import FollowerApp

    welcome = Welcome(options, bench)
    keymap, theme = options.settings.get("keys", {}), str(options.settings.get("theme", ""))
    app = FollowerApp(bench, welcome, keymap=keymap, theme=theme, text=text, queue_id=queue_id)
    try:
        app.run()
    finally:
        if app.farewell:
            click.echo(f"followertui: {clean_text(app.farewell, limit=2000)}", err=True)
        if not app.is_quiet(QUIET_SECONDS):
            # Something hangs in a call; the store cannot be closed under it, and loses nothing by an end.
            end_now(app.return_code or 0)
        welcome.close()
    if app.return_code:
        raise click.exceptions.Exit(app.return_code)


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.pass_obj
def review(options: Options, query: str) -> None:
    """Open the review, with QUERY as the filter.

    Keys are on the screen; ? explains them all.
    """
    open_review(options, query)


COMMANDS = {"review": review}
