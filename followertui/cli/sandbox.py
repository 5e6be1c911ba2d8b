"""``sandbox``: a simulated X on this machine, served until ctrl+c."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say
from followertui.cli.printing import put
from followertui.cli.signals import on_stopping_signals, once
from followertui.domain.clock import Clock, FileClock, SystemClock
from followertui.late import late

if TYPE_CHECKING:
    from followertui.x import platform
    from followertui.x.sandbox import faults as scripted_faults
    from followertui.x.sandbox import made, server
else:
    platform = late("followertui.x.platform")
    scripted_faults = late("followertui.x.sandbox.faults")
    made = late("followertui.x.sandbox.made")
    server = late("followertui.x.sandbox.server")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port; any free one by default.")
@click.option(
    "--access",
    type=click.Choice(["pay-per-use", "enterprise"]),
    default="pay-per-use",
    show_default=True,
    help="Access level of its account.",
)
@click.option(
    "--accounts", type=click.IntRange(1, 2_000_000), default=5000, show_default=True, metavar="N", help="Followers."
)
@click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Save the state here; resume from it.")
@click.option("--faults", type=click.Path(path_type=Path), metavar="FILE", help="Scripted faults, JSON.")
@click.pass_obj
def sandbox(options: Options, port: int, access: str, accounts: int, state: Path | None, faults: Path | None) -> None:
    """A simulated X on this machine, to try anything safely; runs until ctrl+c.

    \b
    followertui sandbox > keys.sh &
    . ./keys.sh; followertui apply --dry-run
    curl "$FOLLOWERTUI_X_BASE_URL/sandbox/state"
    """  # noqa: D301
    level = platform.Access(access)
    truth = made.opened_state(state, accounts, level) if state else made.made_state(accounts, level)
    if faults:
        truth.faults = scripted_faults.read_faults(faults)
    stop = Event()
    running = server.serve(truth, port, _sandbox_clock(), state)
    # A stop only ends the wait below, so that the state file is written on any signal.
    with on_stopping_signals(once(stop.set)), running:
        for name, value in truth.keys.environ(truth.own_id, running.address).items():
            put(f"export {name}={value}")
        if clock_file := os.environ.get("FOLLOWERTUI_CLOCK_FILE", "").strip():
            put(f"export FOLLOWERTUI_CLOCK_FILE={clock_file}")
        sys.stdout.flush()
        say(options, f"sandbox X at {running.address}, {accounts:,} accounts, {access}; ctrl+c stops it")
        stop.wait()


def _sandbox_clock() -> Clock:
    path = os.environ.get("FOLLOWERTUI_CLOCK_FILE", "").strip()
    return FileClock(Path(path)) if path else SystemClock()


COMMANDS: dict[str, click.Command] = {"sandbox": sandbox}
