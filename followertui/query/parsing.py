r"""Text -> ``domain.query.Query``, or a ``BadQuery`` that points at the place.

Owns the meaning of the grammar in ``grammar.lark``. What is behind a field (names, choices)
is ``domain.fields``; who satisfies a query is the store's business. Services and screens
import ``parse``.

The language: terms side by side are AND (the word AND may stand between), ``OR`` binds less,
``-`` or ``NOT`` negates one term or parenthesis, quotes keep spaces (``\"`` inside is a quote).
``field:a,b`` is OR. ``sort:`` may stand anywhere and takes no part in the condition. A lone
``at:DAY`` holds for what stands beside it, up to the parenthesis around it. A lone
``@joe`` is ``handle:@joe``: the ``@`` stays in the value and asks for the whole handle, where
``handle:joe`` asks for handles that hold "joe". ``or``, ``not`` and ``and`` in lower case are plain words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from followertui.domain.errors import BadQuery
from followertui.domain.fields import FIELDS, FLAGS, HAS_FIELDS, SORT_FIELDS
from followertui.domain.query import (
    And,
    At,
    Equals,
    FieldType,
    Flag,
    Has,
    Node,
    Not,
    Or,
    Query,
    QueryField,
    Sort,
    Words,
)
from followertui.late import late
from followertui.query.quantities import When, read_moment, read_range
from followertui.query.tables import grammar
from followertui.query.wording import did_you_mean, nearest, shown, unquoted

if TYPE_CHECKING:
    import lark
    from lark import Token, Tree
else:
    lark = late("lark")

MAX_LENGTH = 20_000
"""Longest query text, in characters."""

MAX_DEPTH = 40
"""Deepest nesting of parentheses and negations; keeps every walk over the tree shallow."""

HANDLE_WORD = re.compile(r"@[A-Za-z0-9_]{1,50}")
"""A lone word that asks for a handle."""

_STRAY = re.compile("[\ud800-\udfff]")
"""Half a character: what is left of bytes that are no UTF-8."""

Names = Mapping[str, Sequence[str]]
"""Field -> the values it takes, lower case."""

_NAMED = re.compile(r"(?:reason|wave):", re.IGNORECASE)
"""Fields of names that the program gives: what it does not know is a slip."""

_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_ONE_NUMBER = re.compile(r"(?:>=|<=|>|<|=)?[0-9,]*(?:\.\.[0-9,]*)?")


def parse(text: str, now: datetime, zone: tzinfo, names: Callable[[], Names] | None = None) -> Query:
    """Read a query.

    Args:
        text: what a person typed; empty asks for everything.
        now: aware; what ``7d`` and ``today`` count from.
        zone: whose days count.
        names: gives the values that fields of names take, lower case, for the fields that take no other; asked
            only where such a field may stand. None where that is not known.

    Returns:
        The condition and order, with ``text`` kept as typed.

    Raises:
        BadQuery: with the place and, where there is one, the nearest known word.
    """
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"the query has {len(text):,} characters, at most {MAX_LENGTH:,} are read", MAX_LENGTH, 1)
    if (stray := _STRAY.search(text)) is not None:
        at = stray.start()
        raise BadQuery(f"the character at {at + 1} is no text: type it again in UTF-8", at, 1)
    if not text.strip():
        return Query(text=text)
    tree = _tree(text)
    is_asked = names is not None and _NAMED.search(text) is not None
    reader = _Reader(When(now, zone), names() if names is not None and is_asked else {})
    where = reader.node(tree)
    return Query(And(()) if where is None else where, reader.sort, text)


def _tree(text: str) -> Tree[Token]:
    """The grammar's tree, its depth bounded before anything walks it."""
    interactive = grammar().parse_interactive(text)
    open_at: list[int] = []
    negations = 0
    previous: Token | None = None
    try:
        for token in interactive.iter_parse():
            if token.type == "_LPAR":
                open_at.append(token.start_pos or 0)
            elif token.type == "_RPAR" and open_at:
                open_at.pop()
            negations = negations + 1 if token.type in ("_MINUS", "_NOT") else 0
            if len(open_at) > MAX_DEPTH or negations > MAX_DEPTH:
                at = token.start_pos or 0
                raise BadQuery(f"nested deeper than {MAX_DEPTH} at {at + 1}: use fewer parentheses", at, 1)
            previous = token
        tree: Tree[Token] = interactive.feed_eof(previous)  # type: ignore[no-untyped-call]
        return tree
    except lark.UnexpectedInput as error:
        raise _pointed(text, error, previous, open_at) from None


def _pointed(text: str, error: lark.UnexpectedInput, previous: Token | None, open_at: Sequence[int]) -> BadQuery:
    """What went wrong, in the words of the language."""
    token: Token | None = getattr(error, "token", None)
    is_end = token is not None and token.type == "$END"
    at = len(text) if is_end else max(0, error.pos_in_stream or 0)
    found = text[at : at + 1]
    if found == '"':
        return BadQuery(f"the quote opened at {at + 1} is never closed", at, len(text) - at)
    if previous is not None and previous.type == "FIELD":
        name = previous[:-1]
        start = previous.start_pos or 0
        return BadQuery(f"{shown(name)} at {start + 1} has no value after the colon", start, len(previous))
    if found == ")" and not open_at:
        return BadQuery(f"the parenthesis closed at {at + 1} was never opened", at)
    if found == ")":
        return BadQuery(f"something is missing before the parenthesis closed at {at + 1}", at)
    if is_end and previous is not None and previous.type in ("_OR", "_AND", "_NOT", "_MINUS"):
        start = previous.start_pos or 0
        return BadQuery(f"nothing stands after {previous} at {start + 1}", start, len(previous))
    if is_end and open_at:
        return BadQuery(f"the parenthesis opened at {open_at[-1] + 1} is never closed", open_at[-1])
    if found == "-":
        return BadQuery(f"the - at {at + 1} has nothing right after it to leave out", at)
    word = str(token) if token is not None else found
    return BadQuery(f"{shown(word)} cannot stand at {at + 1}: quote it if it is a word", at, len(word))


class _Reader:
    """Turns the grammar's tree into nodes; keeps the one order it met.

    Args:
        when: the present and the zone of days.
        names: the values that some fields of names take.
    """

    def __init__(self, when: When, names: Names) -> None:
        self.when = when
        self.names = names
        self.sort: Sort | None = None

    def node(self, tree: Tree[Token]) -> Node | None:
        """The node of a tree, or None where it holds nothing but an order."""
        name, children = tree.data, tree.children
        if name in ("start", "group"):
            return self.node(_subtree(children[0]))
        if name == "disjunction":
            return _joined(Or, [self.node(_subtree(child)) for child in children])
        if name == "conjunction":
            return _at(children, [self.node(_subtree(child)) for child in children])
        if name == "negation":
            return self._negation(_subtree(children[0]))
        if name == "term":
            return self._term([child for child in children if isinstance(child, str)])
        token = children[0]
        return _word(token) if name == "word" else Words(_phrase(token), is_phrase=True)

    def _negation(self, part: Tree[Token]) -> Node:
        before = self.sort
        inner = self.node(part)
        if inner is None or self.sort is not before:
            at = next(token.start_pos for token in _tokens(part) if token.type == "FIELD") or 0
            message = f"an order cannot be negated at {at + 1}: write sort:-field for the other way round"
            raise BadQuery(message, at, len("sort:"))
        return Not(inner)

    def _term(self, tokens: Sequence[Any]) -> Node | None:
        name_token, values = tokens[0], tokens[1:]
        name, start = name_token[:-1].lower(), name_token.start_pos
        if values[0].start_pos != name_token.end_pos:
            message = f"{shown(name)} at {start + 1} has no value after the colon: leave no space there"
            raise BadQuery(message, start, len(name_token))
        if name == "sort":
            self._order(name_token, values)
            return None
        field = FIELDS.get(name)
        if field is None:
            near = nearest(name, (*FIELDS, "sort"))
            tail = did_you_mean(near) or ": quote it if it is no field"
            raise BadQuery(f"unknown field {shown(name)} at {start + 1}{tail}", start, len(name_token) - 1, near)
        if field.type is FieldType.DAY:
            return self._moment(field, values)
        if field.type is FieldType.NUMBER:
            _refuse_thousands(values)
        return _joined(Or, [self._value(field, value) for value in values])

    def _moment(self, field: QueryField, values: Sequence[Any]) -> Node:
        if len(values) > 1:
            at = values[1].start_pos
            raise BadQuery(f"{field.name}: takes one day, at {at + 1} stands another", at, len(values[1]))
        text, at = _plain(values[0]), values[0].start_pos
        return At(read_moment(field.name, text, at + (values[0].type == "QUOTED"), self.when), And(()))

    def _order(self, name_token: Any, values: Sequence[Any]) -> None:
        if len(values) > 1:
            raise BadQuery(f"only one order can hold, at {values[1].start_pos + 1} stands another", values[1].start_pos)
        typed = _plain(values[0]).lower()
        name = typed.removeprefix("-")
        at = values[0].start_pos
        if name not in SORT_FIELDS:
            near = nearest(name, SORT_FIELDS)
            raise BadQuery(f"cannot sort by {shown(name)} at {at + 1}{did_you_mean(near)}", at, len(values[0]), near)
        order = Sort(name, typed.startswith("-"))
        if self.sort is not None and self.sort != order:
            message = f"only one order can hold, at {name_token.start_pos + 1} stands another"
            raise BadQuery(message, name_token.start_pos, len(name_token) + len(values[0]))
        self.sort = self.sort or order

    def _value(self, field: QueryField, token: Any) -> Node:
        text, at = _plain(token), token.start_pos
        if field.type is FieldType.FLAG:
            return Flag(_chosen(field, text, at, tuple(FLAGS)))
        if field.name == "has":
            return Has(_chosen(field, text, at, HAS_FIELDS))
        if field.type is FieldType.CHOICE:
            return Equals(field.name, _chosen(field, text, at, field.choices))
        if field.type is FieldType.MATCH and not (text[0].isdigit() or text[0] in ".<>="):
            return Equals(field.name, _chosen(field, text, at, field.choices))
        if field.name in self.names:
            return Equals(field.name, _chosen(field, text, at, self.names[field.name]))
        if field.type in (FieldType.TEXT, FieldType.NAME):
            if not (text.lstrip("@") if field.name == "handle" else text).strip():
                raise BadQuery(f"{field.name}: has nothing to look for at {at + 1}", at, len(token))
            return Equals(field.name, text)
        return read_range(field.name, field.type, text, at + (token.type == "QUOTED"), self.when)


def _tokens(tree: Tree[Token]) -> Iterator[Token]:
    """The tokens of a tree in the order typed."""
    yield from tree.scan_values(lambda _: True)


def _subtree(child: Any) -> Tree[Token]:
    return child  # type: ignore[no-any-return]


def _joined(join: type[And] | type[Or], nodes: Sequence[Node | None]) -> Node | None:
    """One node of several: orders dropped, nested nodes of the same type drawn up, one alone as it is."""
    parts: list[Node] = []
    for node in nodes:
        if isinstance(node, join):
            parts.extend(node.parts)
        elif node is not None:
            parts.append(node)
    if len(parts) == 1:
        return parts[0]
    return join(tuple(parts)) if parts else None


def _at(children: Sequence[Any], nodes: Sequence[Node | None]) -> Node | None:
    """Terms side by side, as they were at the day one of them names."""
    places = [place for place, node in enumerate(nodes) if isinstance(node, At) and node.part == And(())]
    if not places:
        return _joined(And, nodes)
    if len(places) > 1:
        token = next(_tokens(_subtree(children[places[1]])))
        at = token.start_pos or 0
        raise BadQuery(f"only one at: can hold, at {at + 1} stands another: use parentheses", at, len(token))
    day = nodes[places[0]]
    assert isinstance(day, At)
    return At(day.moment, _joined(And, [node for node in nodes if node is not day]) or And(()))


def _word(token: Any) -> Node:
    text = str(token)
    if HANDLE_WORD.fullmatch(text):
        return Equals("handle", text)
    if text == "@":
        at = token.start_pos
        raise BadQuery(f"@ at {at + 1} has no handle behind it: bio:@ finds the sign itself", at, 1, "bio:@")
    return Words(text)


def _phrase(token: Any) -> str:
    text = unquoted(token)
    if not text.strip():
        at = token.start_pos
        raise BadQuery(f"nothing stands between the quotes at {at + 1}", at, len(token))
    return text


def _plain(token: Any) -> str:
    return _phrase(token) if token.type == "QUOTED" else str(token)


def _chosen(field: QueryField, text: str, at: int, choices: Sequence[str]) -> str:
    """The choice ``text`` names."""
    word = text.lower()
    if word in choices:
        return word
    near = nearest(word, choices)
    some = "" if near else f": it takes {', '.join(choices[:6])}" + (" …" if len(choices) > 6 else "")
    raise BadQuery(f"{field.name}: takes no {shown(text)} at {at + 1}{did_you_mean(near) or some}", at, len(text), near)


def _refuse_thousands(values: Sequence[Any]) -> None:
    """``1,000`` would silently mean 1 or 0, ``1,000..`` everybody."""
    written = ",".join(values)
    number = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), written)
    if number != written and "," not in number and _ONE_NUMBER.fullmatch(written):
        at = values[0].start_pos
        message = f"{written} at {at + 1} is a list: write {number} for one number"
        raise BadQuery(message, at, len(written), number)
