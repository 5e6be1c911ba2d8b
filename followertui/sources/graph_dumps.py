"""Dumps of Neo4j as JSON: accounts as nodes, who follows whom as relations, turned into accounts with their owner.

Owns the shapes of such dumps (lines, arrays and documents of APOC, results saved from Neo4j's browser) and whose
list each account is in. A dump is held in memory. Imported by ``json_tables``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from followertui.sources.json_files import Item
from followertui.sources.problems import Problem, value_problem

_LOOKED_AT = 20
_FOLLOWS = re.compile(r"(?:is_?)?follow(?:s|ing)?(?:_?to)?", re.IGNORECASE)
_FOLLOWED = re.compile(r"(?:is_?)?followed_?by|has_?follower", re.IGNORECASE)
_NODE = frozenset({"labels", "properties"})


@dataclass(slots=True)
class _Graph:
    """Properties of nodes by their number in the dump, and pairs of who follows whom."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def take(self, value: Any) -> None:
        """Take in a value of the dump."""
        if not isinstance(value, dict):
            return
        if _is_node(value):
            self.nodes[_number(value)] = value["properties"]
        elif _is_relation(value):
            start, end = (_number(value[side]) for side in ("start", "end"))
            called = str(value.get("label") or value.get("type"))
            if _FOLLOWS.fullmatch(called):
                self.pairs.append((start, end))
            elif _FOLLOWED.fullmatch(called):
                self.pairs.append((end, start))
        else:
            for part in value.values():
                for one in part if isinstance(part, list) else (part,):
                    if isinstance(one, dict) and (_is_node(one) or _is_relation(one)):
                        self.take(one)


def follows_in(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    """The values of a JSON file; of a graph with follows the lists in it, with whose they are.

    Args:
        items: as ``json_files`` reads them: a large object comes member by member.
    """
    first = list(islice(items, _LOOKED_AT))
    together = chain(first, items)
    looked_at = _Graph()
    for item in first:
        if isinstance(item, Item):
            looked_at.take(item.value)
    if not looked_at.nodes:
        yield from together
        return
    graph, kept = _Graph(), []
    for item in together:
        kept.append(item)
        if isinstance(item, Item):
            graph.take(item.value)
    yield from _accounts(graph) if graph.pairs else kept


def _accounts(graph: _Graph) -> Iterator[Item | Problem]:
    owners = _owners(graph.pairs)
    told: set[str] = set(owners)
    lists: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for follower, followed in dict.fromkeys(graph.pairs):
        of_followed = followed in owners
        own, other = (followed, follower) if of_followed else (follower, followed)
        if other in graph.nodes:
            told.add(other)
            lists.setdefault(own, {}).setdefault("followers" if of_followed else "following", []).append(
                graph.nodes[other]
            )
    # As tools write lists, with the owner beside them.
    for at, (own, some) in enumerate(lists.items(), 1):
        beside = {"owner": graph.nodes[own]} if own in graph.nodes else {}
        yield Item(at, () if len(lists) == 1 else ("[]",), {**beside, **some})
    if left := len(graph.nodes.keys() - told):
        yield value_problem(0, "", f"{left:,} nodes", "nobody of them follows or is followed by an owner of a list")


def _owners(pairs: list[tuple[str, str]]) -> set[str]:
    """Whose lists the pairs are: the one account in all of them, else the side that has fewer."""
    counts = Counter(chain.from_iterable(pairs))
    most, count = counts.most_common(1)[0]
    if count == len(pairs):
        return {most}
    followers, followed = ({pair[side] for pair in pairs} for side in (0, 1))
    return followed if len(followed) <= len(followers) else followers


def _is_node(value: Mapping[str, Any]) -> bool:
    return value.keys() >= _NODE and isinstance(value["properties"], dict) and value.get("type", "node") == "node"


def _is_relation(value: Mapping[str, Any]) -> bool:
    return value.keys() >= {"start", "end"} and isinstance(value.get("label") or value.get("type"), str)


def _number(value: Any) -> str:
    """The number of a node in its dump, of the node itself or of what stands for it in a relation."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("id", "identity", "elementId") if key in value), "")
    return str(value)
