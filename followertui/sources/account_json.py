"""JSON files of accounts: which lists they hold, what their values mean, and their rows as cells.

What is shown before an import and what is stored come from here alike. Does not repair values
(``account_values``). Imported by ``account_exports`` and ``sniffing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources.account_lists import AccountLists, find_account_lists
from followertui.sources.account_objects import identities, is_post, leaves, open_links, own_site, text_of
from followertui.sources.account_paths import FieldSources, guess_object_fields
from followertui.sources.account_places import ELEMENT, AccountList, accounts_in
from followertui.sources.json_files import Item
from followertui.sources.json_tables import items_of
from followertui.sources.owner_words import account_of, is_plain_account, may_name_owner, names_owner
from followertui.sources.problems import Problem, row_problem
from followertui.sources.tables import BATCH_ROWS, TableShape

_FIRST_VALUES = 1000
_SURVEYED = 400
"""Of values that stand side by side, as many are surveyed; they are rows, and alike."""

_PLAIN = frozenset({str, int, float, bool, type(None)})
_ODD_KEYS = frozenset({"rest_id", "parody_commentary_fan_label"})
_LINK_LISTS = ("descriptionLinks", "descriptionUrls")
_MERGED = ("last_post_id", "relation", "blue")
_FIELDS = (*AccountRecord._fields, *_MERGED)
_FLAGS = {"follower": ("follows_us",), "following": ("we_follow",), "both": ("follows_us", "we_follow")}


class Cells(NamedTuple):
    """Some accounts of a list as raw cells.

    Attributes:
        lines: one-based line of each.
        cells: field -> raw text of each, "" where it says nothing.
        problems: what stands in the list and is no account.
        direction: "follower", "following", or "" where the list does not say.
    """

    lines: list[int]
    cells: dict[str, list[str]]
    problems: list[Problem]
    direction: str = ""


def lists_of(shape: TableShape, *, is_through: bool = False) -> AccountLists:
    """The lists of accounts of a JSON file.

    A large file is read through where its values hold lists or say whose list they are in, as what the first
    say need not hold for the others; rows that say neither are told by the first of them.

    Args:
        shape: the file.
        is_through: read it through in any case.

    Raises:
        BadInput: the file is cut off.
    """
    if shape.is_whole:
        return find_account_lists(shape.values)
    first = shape.values or tuple(islice(items_of(shape), _FIRST_VALUES))
    is_one_object = any(isinstance(item, Item) and item.path[:1] not in ((), ("[]",)) for item in first)
    if not is_one_object and not is_through:
        lists = find_account_lists(first[:_SURVEYED])
        if lists.are_rows:
            return lists._replace(is_of_first=True)
    return find_account_lists(items_of(shape))._replace(is_asked=is_through)


def fields_of(lists: AccountLists, mapping: Mapping[str, str] | None) -> tuple[list[list[str]], FieldSources]:
    """What the values of the accounts mean, and cells of the first accounts in the order of the guesses."""
    rows = [_row(value) for value in lists.samples]
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    samples = [[row.get(name, "") for name in names] for row in rows]
    owner_keys = {one.owner.key: "" for one in lists.lists if one.owner is not None and one.owner.key}
    return samples, guess_object_fields(names, samples, {**owner_keys, **(mapping or {})})


def _row(value: Any) -> dict[str, str]:
    return leaves(value) if isinstance(value, dict) else {"handle": text_of(value)}


class AccountReader:
    """Takes accounts out of the lists of a file.

    Args:
        lists: what the file holds.
        mapping: name -> field, said by a person.
        only: direction that is read of several, None for all.
        owner: handle or id of whose lists are read, where the file has lists of several.
        name: the file's, for messages.
    """

    def __init__(
        self,
        lists: AccountLists,
        mapping: Mapping[str, str] | None,
        only: str | None = None,
        owner: str | None = None,
        name: str = "the file",
    ) -> None:
        self._lists = lists
        self._mapping = mapping or {}
        self._order = {field: list(names) for field, names in fields_of(lists, mapping)[1].order.items()}
        self._known = {name for value in lists.samples for name in _row(value)}
        self._only = only if lists.direction == "both" else None
        self._owner = owner.lstrip("@").lower() if owner else None
        self._name = name
        self._keys = {key for value in lists.samples if isinstance(value, dict) for key in value}

    def read(self, items: Iterable[Item | Problem]) -> Iterator[Cells]:
        """Accounts in file order, at most ``BATCH_ROWS`` at a time, those of each direction by themselves."""
        waiting = iter(items)
        while chunk := list(islice(waiting, BATCH_ROWS)):
            problems = [item for item in chunk if isinstance(item, Problem)]
            values = [item for item in chunk if isinstance(item, Item)]
            if problems:
                yield Cells([], {}, problems)
            for one in self._lists.lists:
                if self._lists.joined or one.direction in (None, "both", self._only) or self._only is None:
                    yield from self._of_list(values, one)

    def _of_list(self, items: list[Item], one: AccountList) -> Iterator[Cells]:
        plain = self._plain(items, one)
        if plain is not None:
            yield plain
            return
        found = self._elements(items, one)
        # What stands beside the object in an array of its own is not another account.
        is_in_row = not one.is_bare and one.path[-2:] == (ELEMENT, ELEMENT)
        while chunk := list(islice(found, BATCH_ROWS)):
            by_direction: dict[str, tuple[list[int], list[Any]]] = {}
            problems: list[Problem] = []
            for line, value in chunk:
                if isinstance(value, Problem):
                    problems.append(value)
                    continue
                direction = self._direction(value, one)
                if direction is None or (is_in_row and not isinstance(value, dict)):
                    continue
                if (isinstance(value, dict) and not is_post(value)) or type(value) in (str, int):
                    lines, values = by_direction.setdefault(direction, ([], []))
                    lines.append(line)
                    values.append(value)
                elif not self._lists.joined:
                    problems.append(row_problem(line, value, "no account: neither id nor handle"))
            for direction, (lines, values) in by_direction.items():
                yield self._directed(lines, self._cells(values), problems, direction)
                problems = []
            if problems:
                yield Cells([], {}, problems)

    def _plain(self, items: list[Item], one: AccountList) -> Cells | None:
        """Rows that are the accounts themselves and all alike; None where they are not."""
        is_chosen = (self._owner and one.owner is not None) or one.stated_at is not None
        if one.is_bare or is_chosen or self._lists.joined or any(item.path != one.path for item in items):
            return None
        self._look_for_owner(items)
        cells = self._columns([item.value for item in items]) if items else None
        if cells is None or "handle" not in cells or is_post(items[0].value):
            return None
        return self._directed([item.line for item in items], cells, [], one.direction or "")

    def _directed(
        self, lines: list[int], cells: dict[str, list[str]], problems: list[Problem], direction: str
    ) -> Cells:
        """Cells in the order of the fields, with the flags of a list's direction."""
        for flag in _FLAGS.get(direction, ()):
            cells[flag] = ["true"] * len(lines)
        named = {field: cells[field] for field in _FIELDS if field in cells and any(cells[field])}
        return Cells(lines, named, problems, direction if direction in ("follower", "following") else "")

    def _elements(self, items: list[Item], one: AccountList) -> Iterator[tuple[int, Any]]:
        self._look_for_owner(items)
        for item in items:
            for value, around in accounts_in(item, one):
                named = one.owner.named(around.owner) if self._owner and one.owner is not None else None
                if named is None or self._owner in named:
                    yield item.line, value
                elif not named:
                    yield item.line, row_problem(item.line, value, "does not say whose list it is in")

    def _look_for_owner(self, items: list[Item]) -> None:
        """Stop at rows that begin to say whose list they are in, where the first of the file did not.

        Raises:
            BadInput: there is such a row.
        """
        if not self._lists.is_of_first:
            return
        for item in items:
            if isinstance(item.value, dict) and not self._keys.issuperset(item.value):
                new = [key for key in item.value if key not in self._keys and may_name_owner(key)]
                for key in new:
                    value = item.value[key]
                    if account_of(value) and (names_owner(key) or is_plain_account(value)):
                        raise BadInput(
                            f"{self._name}: from line {item.line:,} on {key!r} says whose list it is in "
                            f"({account_of(value)}), the rows before do not say it; "
                            f"--owner {account_of(value)} reads only those that do."
                        )
                self._keys.update(item.value)

    def _direction(self, value: Any, one: AccountList) -> str | None:
        """The direction of one account; None where it is not to be read."""
        if not self._lists.joined:
            return one.direction or ""
        known = identities(value) if isinstance(value, dict) else {str(value)}
        said = next((self._lists.joined[who] for who in known if who in self._lists.joined), None)
        return said if said is None or self._only is None or said in ("both", self._only) else None

    def _cells(self, values: Sequence[Any]) -> dict[str, list[str]]:
        columns = self._columns(values)
        if columns is None:
            found = [self._fields(value) for value in values]
            present = {field for one in found for field in one}
            columns = {field: [one.get(field, "") for one in found] for field in present}
        return columns

    def _columns(self, values: Sequence[Any]) -> dict[str, list[str]] | None:
        """Many accounts at once; None where they are not all alike and flat."""
        keys = tuple(values[0]) if type(values[0]) is dict else ()
        if not keys or not _ODD_KEYS.isdisjoint(keys):
            return None
        if not all(type(value) is dict and tuple(value) == keys for value in values):
            return None
        raw = dict(zip(keys, zip(*(value.values() for value in values), strict=True), strict=True))
        sorts = {key: set(map(type, column)) for key, column in raw.items()}
        if not set().union(*sorts.values()) <= _PLAIN:
            return None
        if not self._known.issuperset(keys):
            self._learn([{key: text_of(value[key]) for key in keys} for value in values])
        found: dict[str, list[str]] = {}
        for field, names in self._order.items():
            for name in names:
                if name in raw:
                    texts = list(map(str, raw[name])) if sorts[name] == {int} else list(map(text_of, raw[name]))
                    earlier = found.get(field)
                    found[field] = texts if earlier is None else [a or b for a, b in zip(earlier, texts, strict=True)]
        return found

    def _fields(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            text = text_of(value)
            return {"x_id" if text.isdigit() else "handle": text}
        row = leaves(value)
        if not self._known.issuperset(row):
            self._learn([row])
        found: dict[str, str] = {}
        for field, names in self._order.items():
            for name in names:
                if row.get(name):
                    found[field] = row[name]
                    if name in _LINK_LISTS:
                        found[field] = own_site(value, row.get(self._order.get("bio", [""])[0], ""))
                    break
        if "t.co/" in found.get("bio", ""):
            found["bio"] = open_links(value, found["bio"])
        return found

    def _learn(self, rows: list[dict[str, str]]) -> None:
        """Values under names that the first accounts did not have."""
        names = tuple(dict.fromkeys(name for row in rows for name in row if name not in self._known))
        self._known.update(names)
        said = {name: field for name, field in self._mapping.items() if name in names}
        more = guess_object_fields(names, [[row.get(name, "") for name in names] for row in rows], said)
        for field, found in more.order.items():
            self._order.setdefault(field, []).extend(found)
