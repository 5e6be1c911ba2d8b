"""``checks``: house checks, what must hold before anything is carried out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.wiring import opened
from followertui.domain.errors import FollowertuiError
from followertui.late import late

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.review import house_checks
    from followertui.services.review.house_checks import Checked
else:
    tables = late("followertui.cli.tables")
    house_checks = late("followertui.services.review.house_checks")


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_context
def checks(ctx: click.Context, form: str | None) -> None:
    """House checks: what must hold before anything is carried out, and whether it does.

    \b
    followertui checks add 'must_keep @dana' 'must_be customer @globex' 'must_be bot @x8271628192'

    They run after every match and judge, and before every apply, which refuses while one fails.
    """  # noqa: D301
    if ctx.invoked_subcommand is not None:
        return
    with opened(ctx.obj) as bench:
        found = house_checks.run(bench.session)
        _show(found, form)
        if not found and form is None:
            say(ctx.obj, "No house checks yet; add one with `followertui checks add 'must_keep @handle'`.")


@checks.command("add")
@click.argument("lines", nargs=-1, required=True, metavar="LINE...")
@click.pass_obj
def checks_add(options: Options, lines: tuple[str, ...]) -> None:
    """Add checks: 'must_keep @handle' or 'must_be KIND @handle', each in quotes."""
    with opened(options) as bench:
        say(options, house_checks.add(bench.session, lines))
        _say_failures(options, house_checks.said(bench.session))


@checks.command("drop")
@click.argument("line", metavar="LINE")
@click.pass_obj
def checks_drop(options: Options, line: str) -> None:
    """Drop a check, written as `followertui checks` shows it."""
    with opened(options) as bench:
        say(options, house_checks.drop(bench.session, line))


@checks.command("run")
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def checks_run(options: Options, path: Path | None, form: str | None) -> None:
    """Run the store's checks, or those of FILE, one a line; exit code 1 where one fails."""
    with opened(options) as bench:
        found = house_checks.run(bench.session, house_checks.from_file(path) if path else None)
        _show(found, form)
        failing = sum(bool(each.failure) for each in found)
        if failing:
            raise FollowertuiError(f"{failing:,} of {len(found):,} house checks fail")


def _show(found: list[Checked], form: str | None) -> None:
    if form == "json":
        lines = [
            {"check": str(each.check), "holds": not each.failure, "why": each.failure or each.remark} for each in found
        ]
        write_json(lines)
    elif found:
        tables.write_table(
            ((str(each.check), "fails" if each.failure else "holds", each.failure or each.remark) for each in found),
            ("check", "", "why"),
            widest=160,
        )


def _say_failures(options: Options, text: str) -> None:
    if text:
        say(options, text)


COMMANDS: dict[str, click.Command] = {"checks": checks}
