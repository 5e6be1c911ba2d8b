"""``playbook``: what is done with people of a kind, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.asking import is_interactive
from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import put_document
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput
from followertui.late import late

if TYPE_CHECKING:
    from followertui.cli import tables
else:
    tables = late("followertui.cli.tables")

_MOST_BYTES = 100_000


@click.group()
def playbook() -> None:
    r"""What is done with people of a kind, step by step. A playbook only proposes into `today`.

    \b
    followertui playbook try prospect        who would get what today
    followertui playbook edit prospect       change it in your editor
    followertui help playbooks               every line explained
    """


@playbook.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def playbook_list(options: Options, is_json: bool) -> None:
    """Every playbook: whom it is for, what it has due, how its goal stands."""
    with opened(options) as bench:
        found = bench.engagement.playbooks()
    if is_json:
        write_json([line._asdict() for line in found])
        return
    tables.write_table(
        (
            (line.name, "on" if line.is_on else "off", f"{line.people:,}", f"{line.due:,}",
             f"{line.engaged:,}", line.goal, line.problem or line.who)
            for line in found
        ),
        ("name", "is", "people", "due", "engaged", "goal", "who"),
    )  # fmt: skip


@playbook.command("show")
@click.argument("name")
@click.pass_obj
def playbook_show(options: Options, name: str) -> None:
    """The file of NAME."""
    with opened(options) as bench:
        put_document(bench.engagement.playbook_text(name).rstrip("\n"))


@playbook.command("edit")
@click.argument("name")
@click.option("--from", "path", type=click.Path(path_type=Path), metavar="FILE", help="Take this file as NAME.")
@click.option("--on", "state", flag_value="on", help="Turn it on.")
@click.option("--off", "state", flag_value="off", help="Turn it off.")
@click.option("--reset", is_flag=True, help="As it comes with the program; one of your own is removed.")
@click.pass_obj
def playbook_edit(options: Options, name: str, path: Path | None, state: str | None, reset: bool) -> None:
    """Change NAME in your editor ($EDITOR), or take it from a file; checked before it is kept.

    A new name makes a new playbook. A mistake changes nothing and says where it is.
    """
    with opened(options) as bench:
        engagement = bench.engagement
        if reset:
            say(options, engagement.save_playbook(name, ""))
        elif state is not None:
            say(options, engagement.turn_playbook(name, is_on=state == "on"))
        elif path is not None:
            say(options, engagement.save_playbook(name, _read(path)))
        else:
            known = engagement.has_playbook(name)
            before = engagement.playbook_text(name if known else "decided")
            if not is_interactive():
                raise BadInput(f"editing needs a terminal; take a file with `playbook edit {name} --from FILE`")
            changed = click.edit(before, extension=".toml")
            if changed is None:
                say(options, f"playbook {name}: nothing changed")
            else:
                say(options, engagement.save_playbook(name, changed, before if known else None))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    if len(body) > _MOST_BYTES:
        raise BadInput(f"{path}: is too large for a playbook")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text") from None


@playbook.command("try")
@click.argument("name")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def playbook_try(options: Options, name: str, is_json: bool) -> None:
    """Who would get what today from NAME, and why others get nothing. Writes nothing."""
    with opened(options) as bench:
        found = bench.engagement.try_playbook(name)
    if is_json:
        due = [
            {"handle": cells.handle or None, "account_id": str(cells.x_id) if cells.x_id else None,
             "kind": cells.kind.value, "step": step, "do": action, "worth": worth}
            for cells, step, action, worth in found.lines
        ]  # fmt: skip
        write_json({"due": due, "left_out": [{"why": why, "count": count} for why, count in found.held]})
        return
    tables.write_table(
        (
            (f"@{cells.handle}" if cells.handle else str(cells.x_id), cells.kind.value, action, step, str(worth))
            for cells, step, action, worth in found.lines
        ),
        ("account", "kind", "do", "step", "worth"),
    )
    for why, count in found.held:
        say(options, f"{count:,} {why}")


COMMANDS: dict[str, click.Command] = {"playbook": playbook}
