"""The package as it lies on the disk: its modules and their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import followertui

ROOT = Path(followertui.__file__).parent
"""The package's folder."""

PROJECT = Path(__file__).parents[2]
"""The project's folder: README, pyproject, tests."""


@cache
def trees() -> dict[str, ast.Module]:
    """Full module name -> its syntax tree, for every module of the package."""
    return {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def module_name(path: Path) -> str:
    """Full name of the module in a file of the package."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rooms() -> set[str]:
    """Folders of the package that hold modules, as paths below it, the package itself left out."""
    return {path.parent.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py")} - {"."}


def imported(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Every import: (name it is bound to, full name, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}", node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name, node.lineno


def is_ours(full: str) -> bool:
    """Whether a full name is one of the package."""
    return full.split(".")[0] == "followertui"
