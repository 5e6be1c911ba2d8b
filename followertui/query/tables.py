"""The grammar as a ready parser: from compiled tables, or built where those are stale.

Owns ``grammar.lark``, its compiled form ``grammar.json`` and the one parser. What the tree
means belongs to ``parsing``. Imported by the modules of ``query`` only; after a change of the
grammar run ``python -m followertui.query.tables`` (a test says when it was forgotten).
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followertui.late import late

if TYPE_CHECKING:
    import pickle

    import lark
else:
    # Not cheap to import, and neither ``--help`` nor the first paint parses anything.
    lark = late("lark")
    pickle = late("pickle")

GRAMMAR = Path(__file__).with_name("grammar.lark")
COMPILED = Path(__file__).with_name("grammar.json")


@cache
def grammar() -> lark.Lark:
    """The parser, made once, when first used."""
    compiled = json.loads(COMPILED.read_text(encoding="utf-8"), object_pairs_hook=_numbered)
    if compiled.get("hash") != grammar_hash(lark.__version__):
        return built()
    # Building from the grammar takes several times as long, and the first keystroke in the
    # filter line should not feel it.
    return lark.Lark.load(compiled["tables"])


def built() -> lark.Lark:
    """The parser built from the grammar itself."""
    return lark.Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="contextual")


def grammar_hash(version: str) -> str:
    """Hash of what compiled tables are valid for: a version of lark and the text of the grammar."""
    return hashlib.sha256(f"{version}\n{GRAMMAR.read_text(encoding='utf-8')}".encode()).hexdigest()


def compile_tables() -> None:
    """Write the tables of the present grammar beside it, as JSON since a pickle could run code."""
    saved = BytesIO()
    built().save(saved)
    compiled = {"hash": grammar_hash(lark.__version__), "tables": pickle.loads(saved.getvalue())}
    COMPILED.write_text(json.dumps(compiled, separators=(",", ":")) + "\n", encoding="utf-8")


def _numbered(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """JSON object -> dict whose all-digit keys are numbers again, as lark's tables need them."""
    return {int(key) if key.isdecimal() else key: value for key, value in pairs}


if __name__ == "__main__":
    compile_tables()
