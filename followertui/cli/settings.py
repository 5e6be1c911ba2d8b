"""``settings``: yours in the settings file, and what decides figures in the store."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import click

from followertui.cli import tables
from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import put
from followertui.cli.wiring import opened
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.services.care import settings_file

if TYPE_CHECKING:
    from followertui.services.care import adjusting
    from followertui.ui import preferences
else:
    adjusting = late("followertui.services.care.adjusting")
    preferences = late("followertui.ui.preferences")

FILE, STORE = "file", "store"
"""Where a setting is kept."""


class SettingLine(NamedTuple):
    """One setting: name, value, where it is kept, whether nobody set it, meaning."""

    name: str
    value: str
    kept_in: str
    is_default: bool
    meaning: str


@click.group()
def settings() -> None:
    """Your settings (one TOML file), and what decides figures (in the store, shared by its reviewers).

    \b
    followertui settings list
    followertui settings set theme followertui-light
    followertui settings set keys.keep "a, F3"
    followertui settings set qualified customer,prospect,partner
    """  # noqa: D301


@settings.command("list")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def list_(options: Options, form: str | None) -> None:
    """Every setting with its value, where it is kept and what it means."""
    lines = [*_of_file(_own(options)), *_of_store(options)]
    if form == "json":
        write_json([line._asdict() for line in lines])
        return
    tables.write_table(
        (
            (line.name, line.value or "-", line.kept_in, "" if line.is_default else "set", line.meaning)
            for line in lines
        ),
        ("name", "value", "kept in", "", "what it is"),
    )


@settings.command()
@click.argument("name")
@click.pass_obj
def get(options: Options, name: str) -> None:
    """Print the value of the setting NAME; keys.COMMAND for the keys of a command."""
    own = _own(options)
    if _is_key(name):
        put(own.keys.get(_command_id(name), ""))
        return
    lines = _of_file(own) if name in settings_file.ENTRIES else _of_store(options)
    found = next((line for line in lines if line.name == name), None)
    if found is None:
        raise _unknown(name)
    put(found.value)


@settings.command("set")
@click.argument("name")
@click.argument("value")
@click.pass_obj
def set_(options: Options, name: str, value: str) -> None:
    """Set NAME to VALUE; several values stand in one argument, separated by commas."""
    _change(options, name, value)


@settings.command()
@click.argument("name")
@click.pass_obj
def reset(options: Options, name: str) -> None:
    """Return NAME to its default."""
    _change(options, name, None)


@settings.command()
@click.pass_obj
def path(options: Options) -> None:
    """Print where the settings file is, whether it is there yet or not."""
    put(str(options.settings_path))


def _own(options: Options) -> settings_file.SettingsFile:
    return settings_file.SettingsFile.read(options.settings_path)


def _is_key(name: str) -> bool:
    return name.startswith(f"{settings_file.KEYS}.")


def _command_id(name: str) -> str:
    """The command id of ``keys.ID``; raises BadInput where there is none."""
    command_id = name.partition(".")[2]
    known = preferences.command_ids()
    if command_id not in known:
        near = get_close_matches(command_id, known, 1)
        hint = f"; nearest is {near[0]}" if near else "; `followertui keys --json` lists them"
        raise BadInput(f'there is no command "{command_id}"{hint}')
    return command_id


def _of_file(own: settings_file.SettingsFile) -> list[SettingLine]:
    lines = [
        SettingLine(name, preferences.shown(own.value(name)), FILE, name not in own.values, entry.meaning)
        for name, entry in settings_file.ENTRIES.items()
    ]
    return lines + [
        SettingLine(f"{settings_file.KEYS}.{name}", keys, FILE, False, "your keys for it")
        for name, keys in own.keys.items()
    ]


def _of_store(options: Options) -> list[SettingLine]:
    """Settings of the store; none where there is no store yet."""
    if not options.store_path.exists():
        return []
    with opened(options) as bench:
        return [
            SettingLine(one.name, one.value, STORE, one.is_default, one.meaning)
            for one in adjusting.store_settings(bench.session)
        ]


def _change(options: Options, name: str, text: str | None) -> None:
    if options.read_only:
        raise BadInput("settings: opened read-only; leave out --read-only to change them")
    if name in adjusting.CHOICES:
        with opened(options) as bench:
            gesture = adjusting.change(bench.session, name, text)
            is_due = gesture.entry_id and adjusting.needs_judging(name)
            say(options, gesture.text + ("; `followertui judge` judges by it" if is_due else ""))
        return
    if _is_key(name):
        _command_id(name)
    elif name not in settings_file.ENTRIES:
        raise _unknown(name)
    own = _own(options)
    own.set(name, None if text is None else preferences.value_typed(own, name, text))
    if text is None:
        say(options, f"{name} is back at its default")
    else:
        say(options, f"{name} = {text}, kept in {options.settings_path}")


def _unknown(name: str) -> BadInput:
    known = [*settings_file.ENTRIES, *adjusting.CHOICES, settings_file.KEYS]
    near = get_close_matches(name, known, 1)
    hint = f"; nearest is {near[0]}" if near else f"; there are {', '.join(known[:-1])} and keys.COMMAND"
    return BadInput(f'there is no setting "{name}"{hint}')


COMMANDS: dict[str, click.Command] = {"settings": settings}
