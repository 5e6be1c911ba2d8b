"""``review``: the screen, on a store or on the three doors where there is none yet."""

from __future__ import annotations

import os
import sys

import click

from followertui.cli.options import Options
from followertui.domain.errors import BadInput


def open_review(options: Options, text: str) -> None:
    """Open the review.

    Args:
        options: global options.
        text: query to begin with, "" to go on where one left off.

    Raises:
        BadInput: this is no terminal, or the query cannot be read.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("the review needs a terminal; for scripts: followertui accounts QUERY --json")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from followertui.cli.doors import Doors
    from followertui.cli.wiring import workbench
    from followertui.ui.app import FollowertuiApp

    has_store = options.store_path.exists()
    bench = workbench(options) if has_store else None
    if bench is not None and text:
        bench.desk.parse(text)
    keys = options.settings.get("keys", {})
    app = FollowertuiApp(bench, doors=Doors(options), keymap=keys, start_query=text)
    if isinstance(theme := options.settings.get("theme"), str):
        app.start_theme = theme
    app.run()
    if app.workbench is not None:
        app.workbench.close()


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", required=False, default="")
@click.pass_obj
def review(options: Options, query: str) -> None:
    """Open the review, with QUERY as the filter.

    Keys are on the screen; ? explains them all.
    """
    open_review(options, query)


COMMANDS = {"review": review}
