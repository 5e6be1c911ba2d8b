"""Templates of drafts: jinja2 in its sandbox, plain text, nothing of the program in reach.

Owns how a template is compiled and what it may use: the variables it is given, conditions,
and a few filters on text. Imports ``domain`` only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from followertui.domain.errors import BadInput
from followertui.late import late

if TYPE_CHECKING:
    import jinja2
    from jinja2 import sandbox
else:
    jinja2 = late("jinja2")
    sandbox = late("jinja2.sandbox")

MOST_CHARACTERS = 2_000
"""A template longer than this is no draft of a post."""

_FILTERS = ("upper", "lower", "title", "capitalize", "trim", "replace", "default", "truncate", "first", "last", "join")
_REFUSED = (
    "For",
    "Macro",
    "CallBlock",
    "Include",
    "Import",
    "FromImport",
    "Extends",
    "Call",
    "Mul",
    "Pow",
    "Assign",
    "AssignBlock",
    "With",
    "Block",
    "FilterBlock",
)

_FILLED = r"[^{}]|\{\{ *[a-z_]+ *\}\}"
_SIMPLE = re.compile(
    rf"(?:{_FILLED}|\{{% if [a-z_]+ %\}}(?:{_FILLED})*(?:\{{% else %\}}(?:{_FILLED})*)?\{{% endif %\}})*", re.DOTALL
)
"""Text, variables, and conditions on one variable that hold no other: told to be right without jinja2."""
_NAMED = re.compile(r"\{\{ *([a-z_]+) *\}\}|\{% if ([a-z_]+) %\}")


@lru_cache(maxsize=1)
def _environment() -> sandbox.ImmutableSandboxedEnvironment:
    made = sandbox.ImmutableSandboxedEnvironment(autoescape=False, undefined=jinja2.StrictUndefined)
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.globals = {}
    return made


@lru_cache(maxsize=256)
def _compiled(template: str) -> jinja2.Template:
    return _environment().from_string(template)


def check(template: str, variables: frozenset[str]) -> str:
    """What is wrong with a template, "" where nothing is.

    Args:
        template: its text.
        variables: names it may use.
    """
    if len(template) > MOST_CHARACTERS:
        return f"is longer than {MOST_CHARACTERS:,} characters"
    if _SIMPLE.fullmatch(template) and variables.issuperset(a or b for a, b in _NAMED.findall(template)):
        return ""
    try:
        tree = _environment().parse(template)
    except jinja2.TemplateSyntaxError as error:
        return f"line {error.lineno}: {error.message}"
    except RecursionError:
        return "is nested too deeply"
    nodes = jinja2.nodes
    if any(True for name in _REFUSED for _ in tree.find_all(getattr(nodes, name))):
        return "takes variables, filters and {% if %} only: no loops, calls, macros or other files"
    filters = sorted({node.name for node in tree.find_all(nodes.Filter)} - set(_FILTERS))
    if filters:
        return f'knows no filter "{filters[0]}"; there are {", ".join(_FILTERS)}'
    unknown = sorted({node.name for node in tree.find_all(nodes.Name)} - variables)
    if unknown:
        return f'knows no "{unknown[0]}"; there are {", ".join(sorted(variables))}'
    return ""


def render(template: str, values: Mapping[str, str]) -> str:
    """A template filled in, on single spaces.

    Args:
        template: one that ``check`` found nothing wrong with.
        values: every variable it may use, "" for unknown.

    Raises:
        BadInput: it cannot be filled in.
    """
    try:
        text = _compiled(template).render(dict(values))
    except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as error:
        raise BadInput(f"the template cannot be filled in: {error}") from None
    return " ".join(text.split())
