"""Maintenance commands: doctor, backup, restore, merge, export, purge, keys, themes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.import_runs import discard
from followertui.cli.options import NUMBER, Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import ask, put, warn
from followertui.cli.wiring import opened
from followertui.domain.clock import SystemClock, epoch
from followertui.domain.errors import BadInput, NothingToDo, StoreError
from followertui.late import late
from followertui.store.file import log

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.care import backups, maintenance, merging_copies, passing_on, restoring
    from followertui.services.care import doctor as health
    from followertui.ui import key_table, keymap
    from followertui.ui import themes as own_themes
else:
    tables = late("followertui.cli.tables")
    backups = late("followertui.services.care.backups")
    health = late("followertui.services.care.doctor")
    maintenance = late("followertui.services.care.maintenance")
    merging_copies = late("followertui.services.care.merging_copies")
    passing_on = late("followertui.services.care.passing_on")
    restoring = late("followertui.services.care.restoring")
    key_table = late("followertui.ui.key_table")
    keymap = late("followertui.ui.keymap")
    own_themes = late("followertui.ui.themes")

_FILE = click.Path(path_type=Path)
_MARKS = {"ok": " ", "note": "-", "bad": "!"}


@click.command()
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--take-back", "import_id", type=NUMBER, metavar="ID", help="Undo an import that did not finish.")
@click.option("--mend", "is_mending", is_flag=True, help="Mend what loses nothing, after a backup; remove leftovers.")
@click.option("--log", "is_log", is_flag=True, help="Print the log of unforeseen errors, newest last.")
@click.pass_obj
def doctor(options: Options, form: str | None, import_id: int | None, is_mending: bool, is_log: bool) -> None:
    """Check the store: the file, its location, work that did not finish."""
    if is_log:
        _show_log(options)
        return
    with opened(options) as bench:
        if import_id is not None:
            discard(options, bench, import_id)
            return
        if is_mending:
            for line in health.mend(bench.session) or ["nothing had to be mended"]:
                say(options, line)
        findings = list(health.doctor(bench.session))
        if form == "json":
            write_json([finding._asdict() for finding in findings])
        else:
            for finding in findings:
                put(f"{_MARKS[finding.level]} {finding.what:<12} {finding.text}")
        bad = sum(finding.level == "bad" for finding in findings)
        if bad:
            raise StoreError(f"{options.store_path}: {bad} of these must be fixed; each line says how")


def _show_log(options: Options) -> None:
    path = log.path_beside(options.store_path)
    entries = list(log.ErrorLog(path).entries())
    for entry in entries:
        put(entry)
    if not entries:
        say(options, f"{path}: nothing was logged")


@click.command()
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--all", "is_all", is_flag=True, help="A zip that includes your settings; never secrets.")
@click.pass_obj
def backup(options: Options, path: Path, is_all: bool) -> None:
    """Copy the store into FILE, also while the review is open."""
    with opened(options) as bench:
        say(options, backups.backup(bench.session, path, options.own.values if is_all else None))


@click.command()
@click.argument("name", metavar="FILE|NAME|LATEST", required=False)
@click.option("--list", "is_list", is_flag=True, help="What can be restored, newest first.")
@click.pass_obj
def restore(options: Options, name: str | None, is_list: bool) -> None:
    """Replace the store by a backup; the replaced store is kept beside it.

    FILE is what `backup` wrote, NAME one of --list, LATEST the newest backup the store kept by
    itself. The backup is checked before anything is replaced.
    """
    if is_list:
        _list_backups(options)
        return
    if not name:
        raise click.UsageError("name a backup: restore FILE, restore LATEST, or restore --list")
    if options.read_only:
        raise BadInput(f"{options.store_path}: is opened read-only; leave out --read-only to restore")
    source = backups.chosen(options.store_path, name)
    say(options, restoring.restore(source, options.store_path, epoch(SystemClock().now()), options.settings_path))


def _list_backups(options: Options) -> None:
    lines = backups.listed(options.store_path)
    if not lines:
        raise NothingToDo(f"{options.store_path}: keeps no backups yet; `followertui backup FILE` makes one")
    tables.write_table(
        ((line.name, f"{line.at:%Y-%m-%d %H:%M} UTC", f"{line.size / 1e6:,.1f} MB", line.made_by) for line in lines),
        ("name", "made", "size", "by"),
    )


@click.command()
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what it would take.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def merge(options: Options, path: Path, is_dry: bool, form: str | None) -> None:
    """Take a colleague's decisions back from FILE, a copy of this store.

    Decisions, kinds, answers to matches, tags, notes and releases that were given since the copies
    went apart are united: a person's word over the program's, of one person's two the newer. Where two
    people differ, keep holds, and both words wait in the queue Differing words (`is:differing`). It is one
    gesture; `followertui undo` takes it back. Another store's file is refused.
    """
    with opened(options) as bench:
        report = merging_copies.merge(bench.session, path, is_dry=is_dry)
        if form == "json":
            write_json(report.record)
            return
        for line in report.lines:
            say(options, line)


@click.command()
@click.argument("path", metavar="FILE", type=_FILE)
@click.pass_obj
def export(options: Options, path: Path) -> None:
    """Write every account into FILE.json, FILE.jsonl or FILE.csv."""
    with opened(options) as bench:
        count = maintenance.export(bench.session, path)
        say(options, f"{count:,} accounts in {path}; it holds personal data, keep it safe")
        note = passing_on.note(count, ("id", "name"))
        if note:
            say(options, note)


@click.command()
@click.argument("accounts", nargs=-1, metavar="[HANDLE...]")
@click.option("--gone", is_flag=True, help="All accounts that no longer exist on X.")
@click.option("--from-x", is_flag=True, help="All accounts known through X's API alone: X's rule once access ends.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def purge(options: Options, accounts: tuple[str, ...], gone: bool, from_x: bool, yes: bool) -> None:
    """Remove people permanently, with everything stored about them. Cannot be undone."""
    if not accounts and not gone and not from_x:
        raise click.UsageError("give handles, --gone or --from-x: purge HANDLE... or purge --gone")
    with opened(options) as bench:
        chosen = maintenance.removal(bench.session, accounts, gone, from_x)
        if not yes:
            _ask_removal(chosen)
        for line in maintenance.purge(bench.session, chosen):
            say(options, line)


def _ask_removal(chosen: maintenance.Removal) -> None:
    """Ask for the handle, or the number of people, to be typed, so that a slip removes nobody."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("this cannot be undone; add --yes, or run it in a terminal")
    is_one = len(chosen.names) == 1
    wanted = chosen.names[0] if is_one else str(len(chosen.names))
    warn(f"Permanently: {', '.join(chosen.names[:10])}{' ...' if len(chosen.names) > 10 else ''}")
    typed = ask(f"Type {'the handle' if is_one else 'how many'} to go on")
    if typed.strip().lstrip("@").lower() != wanted.lstrip("@").lower():
        raise BadInput("that does not match; nothing was removed")


@click.command()
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--readme", "form", flag_value="readme", help="The Markdown table of the README.")
@click.pass_obj
def keys(options: Options, form: str | None) -> None:
    """Every key of the review, with your settings applied."""
    if form == "readme":
        for line in readme_key_lines():
            put(line)
        return

    rows = key_table.key_table(keymap.build_keymap(options.own.keys).keys)
    if form == "json":
        write_json([row._asdict() for row in rows])
        return
    group = ""
    for row in rows:
        if row.group != group:
            if group:
                put()
            put(row.group)
            group = row.group
        put(f"  {' '.join(map(keymap.shown_key, row.keys)) or '(palette)':<16} {row.title:<18} {row.help}")


def readme_key_lines() -> list[str]:
    """The README's key table: Markdown lines, one per command, with the keys as shipped."""
    lines = ["| keys | what | |", "|---|---|---|"]
    for row in key_table.key_table():
        keys = " ".join(f"`{keymap.shown_key(key)}`" if keymap.shown_key(key) != "`" else "`` ` ``" for key in row.keys)
        lines.append(f"| {keys.replace('|', chr(92) + '|') or 'palette'} | {row.title} | {row.help} |")
    return lines


@click.command()
@click.pass_obj
def themes(options: Options) -> None:
    """Colour themes; `followertui settings set theme NAME`, or T in the review, chooses one."""
    chosen = options.own.value("theme") or own_themes.DARK.name
    lines = [(theme, "ours" if theme in own_themes.OURS else "") for theme in own_themes.OFFERED.values()]
    tables.write_table(
        (
            (theme.name, "dark" if theme.dark else "light", origin, "in use" if theme.name == chosen else "")
            for theme, origin in lines
        ),
        ("theme", "", "", ""),
    )


COMMANDS: dict[str, click.Command] = {
    "doctor": doctor,
    "backup": backup,
    "restore": restore,
    "merge": merge,
    "export": export,
    "purge": purge,
    "keys": keys,
    "themes": themes,
}
