"""Values of the store have a name and a type: no bare word reaches the tables meta and setting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from package_tree import trees

from followertui.store.file import settings

HOMES = {
    "meta": {
        "followertui.store.file.watermarks",
        "followertui.store.file.new_file",
        "followertui.store.file.first_migrations",
    },
    "setting": {"followertui.store.file.settings", "followertui.store.file.first_migrations"},
}
"""Table -> modules whose SQL may name it."""


DECLARING = {"Setting": "followertui.store.file.settings", "Watermark": "followertui.store.file.watermarks"}
"""Class of a single value -> the one module that declares some."""


def tables_named(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Tables of single values that the SQL of a module reads or writes, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for found in re.findall(r"\b(?:FROM|INTO|UPDATE|JOIN|TABLE)\s+(\w+)", node.value):
                if found in HOMES:
                    yield found, node.lineno


@pytest.mark.parametrize(
    "code",
    [
        """con.execute("SELECT value FROM meta WHERE name = 'judged_upto'")""",
        """con.execute(f"INSERT OR REPLACE INTO meta VALUES ('{name}', ?)", ["1"])""",
        """con.execute("UPDATE meta SET value = '0'")""",
    ],
)
def test_sql_on_single_values_is_found(code: str) -> None:
    assert list(tables_named(ast.parse(code)))


def test_single_values_are_reached_by_their_typed_names_only() -> None:
    found = [
        f"{name}:{line}: {table}"
        for name, tree in trees().items()
        for table, line in tables_named(tree)
        if name not in HOMES[table]
    ]
    assert not found


def test_single_values_are_declared_in_one_table() -> None:
    found = [
        f"{name}:{node.lineno}: {node.func.id}"
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and DECLARING.get(node.func.id, name) != name
    ]
    assert not found
    declared = {one.name for one in vars(settings).values() if isinstance(one, settings.Setting)}
    assert declared == {one.name for one in settings.SETTINGS}
