"""What the screen's parts import: widgets and dialogs are handed values and never reach a use case."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "followertui" / "ui"
ROOMS = ("widgets", "dialogs")
"""Rooms that draw what they are handed."""


def run_time_imports(node: ast.AST) -> Iterator[str]:
    """Modules imported below a node, those only a type checker sees left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from run_time_imports(other)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or ""
        elif isinstance(child, ast.Import):
            yield from (name.name for name in child.names)
        else:
            yield from run_time_imports(child)


@pytest.mark.parametrize("path", [path for room in ROOMS for path in (UI / room).glob("*.py")], ids=lambda p: p.stem)
def test_widgets_and_dialogs_import_no_service_at_run_time(path: Path) -> None:
    imported = run_time_imports(ast.parse(path.read_text(encoding="utf-8")))
    assert not [name for name in imported if name.startswith("followertui.services")]


def test_screens_take_only_values_from_the_services() -> None:
    for path in (UI / "screens").rglob("*.py"):
        imported = run_time_imports(ast.parse(path.read_text(encoding="utf-8")))
        services = [name for name in imported if name.startswith("followertui.services")]
        assert not [name for name in services if not name.endswith((".values", ".phrases"))], path.name
