"""Every function says what it does: the reader of one file need not open another."""

from __future__ import annotations

import ast

from package_tree import trees


def undocumented(tree: ast.AST) -> list[str]:
    """Functions and methods without a leading underscore that have no docstring."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        f"{one.lineno} {one.name}" for one in functions if not one.name.startswith("_") and not ast.get_docstring(one)
    ]


def test_every_function_says_what_it_does() -> None:
    found = {name: undocumented(tree) for name, tree in trees().items()}
    assert len(found) > 200
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_function_that_says_nothing_is_found() -> None:
    tree = ast.parse("class A:\n    def told(self):\n        'Yes.'\n    def silent(self):\n        def inner(): ...\n")
    assert undocumented(tree) == ["4 silent", "5 inner"]
