"""``demo`` and ``screenshots``: generated data to try the program on, and pictures of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import Options
from followertui.cli.output import say
from followertui.cli.reviewing import require_terminal, run_screen
from followertui.cli.welcome import demo_path
from followertui.demo.opening import open_demo
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.demo import building, scenes
else:
    building = late("followertui.demo.building")
    scenes = late("followertui.demo.scenes")


@click.command()
@click.option(
    "--accounts", type=click.IntRange(50, 5_000_000), default=5000, show_default=True, help="Number of accounts."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Another seed gives other people."
)
@click.option("--store", "store", metavar="FILE", help="The demo's store file.")
@click.option(
    "--access",
    type=click.Choice(["pay-per-use", "enterprise"]),
    default="pay-per-use",
    show_default=True,
    help="Access level of the demo's account.",
)
@click.option("--no-ui", is_flag=True, help="Only build the store.")
@click.pass_obj
def demo(options: Options, accounts: int, seed: int, store: str | None, access: str, no_ui: bool) -> None:
    """Try the program: the audience of a fictional company, its lists, and a sandbox X.

    No keys, no network; nothing leaves this machine. The same command continues where you left off.
    """
    if not no_ui:
        require_terminal()
    recipe = building.Recipe(accounts, seed, access)
    named = store or options.store
    path = Path(named).expanduser() if named else demo_path(recipe)
    options.keep_log(path)
    if path.exists():
        _require_same(path, recipe)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        run_job(options, lambda cancel: building.build(path, recipe, cancel))
        say(options, f"Built a demo of {accounts:,} accounts: {path}")
        if accounts > building.COMPARED:
            say(
                options,
                f"Compared with its lists: the newest {building.COMPARED:,}; `followertui match` compares the rest",
            )
    if no_ui:
        return
    run_screen(options, open_demo(Store(path, options.read_only, must_exist=True), options.reviewer or "you"))


def _require_same(path: Path, recipe: object) -> None:
    """Refuse an existing file that is not this demo.

    Raises:
        BadInput: it is another demo or no demo.
    """
    store = Store(path, is_read_only=True)
    kept = watermarks.DEMO.read(store)
    store.close()
    if kept is None:
        raise BadInput(f"{path}: is your own store, not a demo; name another --store")
    if building.Recipe(kept.accounts, kept.seed, kept.access) != recipe:
        raise BadInput(f"{path}: is a demo with other settings; name another --store or remove it")


@click.command()
@click.option("--into", default="screenshots", show_default=True, metavar="FOLDER", help="Where the SVG files go.")
@click.pass_obj
def screenshots(options: Options, into: str) -> None:
    """Redraw the README's screenshots from the demo; the same bytes every time."""
    folder = Path(into)
    folder.mkdir(parents=True, exist_ok=True)
    for path in scenes.draw_all(folder):
        say(options, f"drew {path}")


COMMANDS: dict[str, click.Command] = {"demo": demo, "screenshots": screenshots}
