"""The key table that ``keys``, the help and the README show, made from the registry of commands."""

from __future__ import annotations

from typing import NamedTuple

from followertui.ui.commands import COMMANDS, GROUPS, Place


class KeyRow(NamedTuple):
    """One line of the key table: heading, keys as written, title, help, places."""

    group: str
    keys: tuple[str, ...]
    title: str
    help: str
    where: tuple[str, ...]


def key_table(keys: dict[str, tuple[str, ...]] | None = None) -> list[KeyRow]:
    """Every command with its keys, by group: what ``keys``, the help and the README show.

    Args:
        keys: id -> keys in force, where a keymap changed them.

    Returns:
        Rows in the order of ``GROUPS``.
    """
    in_force = keys or {}
    rows = []
    for group in GROUPS:
        for command in COMMANDS.values():
            if command.group == group:
                places = tuple(place.value for place in Place if place in command.where)
                rows.append(KeyRow(group, in_force.get(command.id, command.keys), command.title, command.help, places))
    return rows
