"""``review``: the screen, on a store, or the welcome where there is none yet."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import fail, put
from followertui.cli.queries import QueryCommand
from followertui.cli.signals import Watchdog, end_now
from followertui.cli.welcome import Welcome
from followertui.cli.wiring import opened, workbench
from followertui.domain.errors import BadInput, FollowertuiError, NothingToDo
from followertui.late import late
from followertui.services.workbench import Workbench

if TYPE_CHECKING:
    from followertui.cli import import_runs
    from followertui.services.intake import unfinished
    from followertui.ui import app
else:
    import_runs = late("followertui.cli.import_runs")
    unfinished = late("followertui.services.intake.unfinished")
    app = late("followertui.ui.app")

QUIET_SECONDS = 0.8
"""So long work beside the screen may still run once the screen is gone."""
FAREWELL_SECONDS = 5.0
"""Seconds from leaving to the end of the process, whatever the terminal does."""


def open_review(options: Options, text: str) -> None:
    """Open the review.

    Args:
        options: global options.
        text: query to begin with, "" to continue where one left off.

    Raises:
        BadInput: this is not a terminal, or the query cannot be read.
    """
    require_terminal()
    bench = workbench(options) if options.store_path.exists() else None
    if bench is not None and text:
        bench.session.parse(text)
    if bench is not None and not options.read_only:
        _settle_imports(options, bench)
    run_screen(options, bench, text)


def _settle_imports(options: Options, bench: Workbench) -> None:
    """Ask what to do with unfinished imports and undos before the review opens."""
    if unfinished.has_reversal(bench.session.store):
        import_runs.finish_reversal(options, bench)
    for number, name in unfinished.interrupted(bench.session.store):
        import_runs.settle(options, bench, number, name)


def require_terminal() -> None:
    """Refuse to run without a terminal.

    Raises:
        BadInput: stdin or stdout is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("the review needs a terminal; for scripts: followertui accounts QUERY --json")


def _browser(options: Options) -> Callable[[str], object] | None:
    """What opens a page, where the settings name a command for it."""
    command = options.browser
    if not command:
        return None

    def start(url: str) -> object:
        """Start it with the page's address; it runs on by itself."""
        words = [word.replace("{url}", url) for word in command]
        words += [] if any("{url}" in word for word in command) else [url]
        nothing = subprocess.DEVNULL
        return subprocess.Popen(words, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)

    return start


def run_screen(options: Options, bench: Workbench | None, text: str = "", queue_id: str = "") -> None:
    """Run the app and close the store afterwards."""
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    welcome = Welcome(options, bench)
    screen = app.FollowerApp(
        bench,
        welcome,
        own=options.own,
        is_redacted=options.redact,
        text=text,
        queue_id=queue_id,
        open_url_with=_browser(options),
    )
    watchdog = Watchdog()
    screen.leaving = lambda more: watchdog.start(FAREWELL_SECONDS + more)
    try:
        screen.run()
    finally:
        if screen.farewell:
            fail(screen.farewell)
        if not screen.is_quiet(QUIET_SECONDS):
            # Something hangs in a call; it is not waited for, and the store loses nothing by an end.
            end_now(screen.return_code or 0)
        watchdog.cancel()
        _sum_up(options, screen)
        welcome.close()
    if screen.return_code:
        raise click.exceptions.Exit(screen.return_code)


def _sum_up(options: Options, screen: app.FollowerApp) -> None:
    """Say on leaving what came of the session; the store may be gone, and that is said elsewhere."""
    with contextlib.suppress(FollowertuiError):
        found = screen.bench.review.summary()
        if found is not None:
            for label, text in screen.bench.review.lines(found):
                say(options, f"{label}: {text}")


@click.command(cls=QueryCommand)
@click.argument("query", required=False, default="")
@click.pass_obj
def review(options: Options, query: str) -> None:
    """Open the review, with QUERY as the filter.

    Keys are on the screen; ? explains them all.
    """
    open_review(options, query)


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON document, with the last twenty decisions.")
@click.pass_obj
def session(options: Options, is_json: bool) -> None:
    """What came of your last review session: decided, how fast, how often as suggested, what is left.

    The review prints the same when it is left; `followertui undo --only ID` takes one gesture back.
    """
    with opened(options) as bench:
        found = bench.review.newest()
        if found is None:
            raise NothingToDo("no review session of yours decided anything; `followertui review` opens one")
        if is_json:
            write_json(bench.review.record(found))
            return
        told = bench.review.lines(found)
        width = max(len(label) for label, _ in told)
        for label, text in told:
            put(f"{label:{width}}  {text}")


COMMANDS: dict[str, click.Command] = {"review": review, "session": session}
