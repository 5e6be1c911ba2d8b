"""One way of importing late: what ``late`` names exists, and is what the type checker was told."""

from __future__ import annotations

import ast
from importlib.util import find_spec

import pytest
from package_tree import imported, is_ours, trees

from followertui.late import late


def late_calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "late"
    ]


def late_names(statements: list[ast.stmt]) -> dict[str, str]:
    """Name -> module of every ``name = late("module")`` among the statements."""
    found = {}
    for node in statements:
        if isinstance(node, ast.Assign) and late_calls(node.value):
            (target,), call = node.targets, node.value
            assert isinstance(target, ast.Name), ast.unparse(node)
            assert isinstance(call, ast.Call), ast.unparse(node)
            found[target.id] = ast.literal_eval(call.args[0])
    return found


def disagreements(module: str, tree: ast.Module) -> list[str]:
    """What is wrong with a module's late imports, one line each."""
    lines: list[str] = []
    in_place = 0
    for node in tree.body:
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            continue
        told = {name: full for name, full, _ in imported(ast.Module(node.body, []))}
        for name, full in late_names(node.orelse).items():
            in_place += 1
            if full not in trees() and (is_ours(full) or find_spec(full) is None):
                lines.append(f'{module}: late("{full}") names no module')
            if told.get(name) != full:
                lines.append(f'{module}: {name} is late("{full}"), the type checker sees {told.get(name)}')
    if in_place != len(late_calls(tree)):
        lines.append(f"{module}: late(...) stands outside of the else of `if TYPE_CHECKING:`")
    return lines


def test_late_names_what_the_type_checker_sees() -> None:
    assert [line for module, tree in trees().items() for line in disagreements(module, tree)] == []
    assert sum(len(late_calls(tree)) for tree in trees().values()) > 10


@pytest.mark.parametrize(
    ("told", "bound", "complaint"),
    [
        ("from followertui.domain import kind", 'kind = late("followertui.domain.kinds")', "names no module"),
        ("from followertui.domain import kind", 'kind = late("followertui.domain.match")', "the type checker sees"),
        ("from followertui.domain import kind", 'other = late("followertui.domain.kind")', "sees None"),
    ],
)
def test_a_late_import_that_disagrees_is_found(told: str, bound: str, complaint: str) -> None:
    tree = ast.parse(f"if TYPE_CHECKING:\n    {told}\nelse:\n    {bound}\n")
    assert complaint in " ".join(disagreements("made", tree))


def test_late_outside_of_its_place_is_found() -> None:
    assert disagreements("made", ast.parse('kind = late("followertui.domain.kind")')) != []


def test_a_late_module_is_imported_by_its_first_use() -> None:
    kind = late("followertui.domain.kind")
    assert repr(kind) == "<late module followertui.domain.kind>"
    assert kind.Kind("customer").value == "customer"
    with pytest.raises(ImportError):
        _ = late("followertui.nothing").at_all
    with pytest.raises(AttributeError):
        _ = kind.NOTHING


def test_nothing_is_imported_inside_a_function() -> None:
    inside = {
        f"{module}, line {line}: {full}"
        for module, tree in trees().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for _, full, line in imported(function)
    }
    assert inside == set(), "import at the top, or with followertui.late"
