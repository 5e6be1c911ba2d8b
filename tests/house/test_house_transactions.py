"""No transaction and no lock is held while a generator waits for its caller."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from package_tree import trees

HOLDING = frozenset({"write", "reading", "hold", "_lock", "lock"})
"""Names of what holds the file, or a lock, while a ``with`` lasts."""


def held_yields(tree: ast.AST) -> Iterator[int]:
    """Lines of generators that yield inside ``with store.write()`` and the like; context managers apart."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or "contextmanager" in map(_last_name, function.decorator_list):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.With) and any(_holds(item.context_expr) for item in node.items):
                yield from (inner.lineno for inner in ast.walk(node) if isinstance(inner, (ast.Yield, ast.YieldFrom)))


def _last_name(expression: ast.expr) -> str:
    return ast.unparse(expression).rpartition(".")[2]


def _holds(expression: ast.expr) -> bool:
    called = expression.func if isinstance(expression, ast.Call) else expression
    return isinstance(called, ast.Attribute) and called.attr in HOLDING


@pytest.mark.parametrize(
    "code",
    [
        "def work(store):\n    with store.write() as con:\n        yield con",
        "def work(self):\n    with self.lease('import'), self.store.write() as con:\n        x = yield from rows(con)",
        "def work(self):\n    with self._lock:\n        for row in ():\n            yield row",
    ],
)
def test_a_generator_that_holds_is_found(code: str) -> None:
    assert list(held_yields(ast.parse(code)))


def test_no_generator_holds_anything_while_it_waits() -> None:
    found = [f"{name}:{line}" for name, tree in trees().items() for line in held_yields(tree)]
    assert not found
