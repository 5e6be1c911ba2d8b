"""The grammar as a ready parser: from compiled tables, or built where those are stale.

Owns ``grammar.lark``, its compiled form ``grammar.json`` and the one parser. What the tree
means belongs to ``parsing``. Imported by the modules of ``query`` only; after a change of the
grammar run ``python -m followertui.query.tables`` (a test says when it was forgotten).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

GRAMMAR = Path(__file__).with_name("grammar.lark")
COMPILED = Path(__file__).with_name("grammar.json")


@cache
def grammar() -> Lark:
    """The parser, made once and only when first used: lark is not cheap to import."""
    import lark

    compiled = json.loads(COMPILED.read_text(encoding="utf-8"), object_pairs_hook=_numbered)
    if compiled["basis"] != basis(lark.__version__):
        return built()
    # Building from the grammar takes several times as long, and the first keystroke in the
    # filter line should not feel it.
    return lark.Lark.load(compiled["tables"])


def built() -> Lark:
    """The parser built from the grammar itself."""
    from lark import Lark

    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="contextual")


def basis(version: str) -> str:
    """What compiled tables hold for: lark's version and the grammar's text."""
    return f"{version}\n{GRAMMAR.read_text(encoding='utf-8')}"


def compile_tables() -> None:
    """Write the tables of the present grammar beside it, as JSON since a pickle could run code."""
    import pickle
    from io import BytesIO

    from lark import __version__

    saved = BytesIO()
    built().save(saved)
    compiled = {"basis": basis(__version__), "tables": pickle.loads(saved.getvalue())}
    COMPILED.write_text(json.dumps(compiled, separators=(",", ":")) + "\n", encoding="utf-8")


def _numbered(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """JSON object -> dict whose all-digit keys are numbers again, as lark's tables need them."""
    return {int(key) if key.isdecimal() else key: value for key, value in pairs}


if __name__ == "__main__":
    compile_tables()
