"""``worksheet``: writes the plan as a file of links to click, and reads the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say
from followertui.cli.wiring import opened
from followertui.domain.errors import NothingToDo
from followertui.late import late

if TYPE_CHECKING:
    from followertui.services.plan import worksheets
else:
    worksheets = late("followertui.services.plan.worksheets")


class _WorksheetGroup(click.Group):
    """``worksheet FILE`` writes; ``worksheet import FILE`` reads the answers."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a file to write where no command of the group is named."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.command("write", hidden=True)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def worksheet_write(options: Options, path: Path) -> None:
    """Write the plan as FILE.csv or FILE.html with a link per account."""
    with opened(options) as bench:
        count = worksheets.write(bench.session, path)
        say(options, f"{count:,} actions in {path}")


@click.command("import")
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.pass_obj
def worksheet_import(options: Options, path: Path) -> None:
    """Read the answers of a worksheet: its column `done` has done, later or missing."""
    with opened(options) as bench:
        report = worksheets.read_answers(bench.session, path)
        for reason, count in report.refused:
            say(options, f"  {count:,} left alone: {reason}")
        for reason, count in report.held_since:
            say(options, f"  {count:,} recorded though held back since the sheet was written: {reason}")
        if not (report.done or report.later or report.missing):
            raise NothingToDo(f"{path}: no answer could be read; fill in the column done")
        say(
            options,
            f"{report.done:,} done, {report.later:,} later, {report.missing:,} missing, {report.open:,} still open",
        )


WORKSHEET = _WorksheetGroup(
    "worksheet",
    commands={"write": worksheet_write, "import": worksheet_import},
    help="""The plan as a file, to work through by hand.

    \b
    followertui worksheet plan.html          links to click
    followertui worksheet plan.csv           the same with a column to fill in
    followertui worksheet import plan.csv    read what was done
    """,
    subcommand_metavar="FILE.csv|FILE.html | import FILE.csv",
)


COMMANDS: dict[str, click.Command] = {"worksheet": WORKSHEET}
