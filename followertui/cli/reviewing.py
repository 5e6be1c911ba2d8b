"""``review``: the screen, on a store, or the welcome where there is none yet."""

from __future__ import annotations

import os
import sys

import click

from followertui.cli.options import Options
from followertui.cli.queries import QueryCommand
from followertui.domain.errors import BadInput
from followertui.services.workbench import Workbench


def open_review(options: Options, text: str) -> None:
    """Open the review.

    Args:
        options: global options.
        text: query to begin with, "" to go on where one left off.

    Raises:
        BadInput: this is no terminal, or the query cannot be read.
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
    """Ask what becomes of imports that did not end, before anything is looked at."""
    from followertui.services.intake import unfinished

    waiting = unfinished.interrupted(bench.session.store)
    if waiting:
        from followertui.cli.import_runs import settle

        for number, name in waiting:
            settle(options, bench, number, name)


def require_terminal() -> None:
    """Refuse to draw into a pipe.

    Raises:
        BadInput: stdin or stdout is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("the review needs a terminal; for scripts: followertui accounts QUERY --json")


def run_screen(options: Options, bench: Workbench | None, text: str = "", queue_id: str = "") -> None:
    """Run the app and close the store behind it."""
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from followertui.cli.welcome import Welcome
    from followertui.ui.app import FollowerApp

    welcome = Welcome(options, bench)
    keymap, theme = options.settings.get("keys", {}), str(options.settings.get("theme", ""))
    app = FollowerApp(bench, welcome, keymap=keymap, theme=theme, text=text, queue_id=queue_id)
    try:
        app.run()
    finally:
        welcome.close()


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.pass_obj
def review(options: Options, query: str) -> None:
    """Open the review, with QUERY as the filter.

    Keys are on the screen; ? explains them all.
    """
    open_review(options, query)


COMMANDS = {"review": review}
