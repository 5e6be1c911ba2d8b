"""What stands where in a JSON file: objects that may be accounts, by their place, with what is said around them.

Owns the survey of a file's values. Which of these groups are its lists ``account_lists`` says. Only it imports this.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from followertui.sources.account_columns import guess_one_column
from followertui.sources.account_objects import identities, is_account, is_post, is_weak_account
from followertui.sources.account_places import BARE, ELEMENT, GENERIC, MEMBER, OTHER_ENTRIES, OwnerPlace, Path
from followertui.sources.column_names import VALUE_RANK, fold_header
from followertui.sources.json_files import Item
from followertui.sources.list_statements import direction_of, stated_direction
from followertui.sources.owner_words import Said, may_name_owner, owner_around

SAMPLES = 200
_DEPTH = 40
_MOST_IDENTITIES = 1000
_MOST_SHAPES = 3000
_SIDE = frozenset(
    {
        *("includes", "errors", "entities", "mentions", "usermentions", "contributors", "suggested", "suggestions"),
        *("recommended", "recommendations", "whotofollow", "blocked", "blocking", "muted", "muting", "likers"),
    }
)
DERIVED = re.compile(r"un|not|non|lost|ex|former|removed|new|fake|inactive|mutual|fans|common")
_ID_KEYS = re.compile(r"[0-9]{2,19}")


class Context(NamedTuple):
    """What is known of an object's surroundings on the way down to it.

    Attributes:
        parent: path of the account that holds it, None for none.
        stated: the direction an envelope states, or None.
        stated_at: path of that envelope.
        whose: whose list an envelope says it holds, "" for nothing.
        whose_at: path of that envelope.
    """

    parent: Path | None = None
    stated: str | None = None
    stated_at: Path | None = None
    whose: str = ""
    whose_at: Path | None = None


@dataclass(slots=True)
class Group:
    """Accounts that stand at the same place of a file.

    Attributes:
        path: that place.
        parent: path of the accounts that hold them, None for none.
        count: how many.
        samples: the first of them.
        known: who they are, the first 1,000 of them.
        stated: directions envelopes state, with how many accounts each, in order of appearance.
        stated_at: where the first of these envelopes stands.
        around: whose lists envelopes say these are, with how many accounts each.
        whose_at: where the first of these envelopes stands.
        said: key -> what the accounts themselves say of whose list they are in.
        is_weak, is_bare: known by an id or a vague key only; no objects but ids or handles.
    """

    path: Path
    parent: Path | None
    count: int = 0
    samples: list[Any] = field(default_factory=list)
    known: set[frozenset[str]] = field(default_factory=set)
    stated: Counter[str] = field(default_factory=Counter)
    stated_at: Path | None = None
    around: Counter[str] = field(default_factory=Counter)
    whose_at: Path | None = None
    said: dict[str, Said] = field(default_factory=dict)
    is_weak: bool = False
    is_bare: bool = False

    def add(self, value: Any, who: frozenset[str], context: Context) -> None:
        """Count one more."""
        self.count += 1
        if context.stated is not None:
            self.stated[context.stated] += 1
            self.stated_at = self.stated_at or context.stated_at
        at = context.whose_at
        if context.whose and at is not None and not {ELEMENT, MEMBER}.isdisjoint(self.path[len(at) :]):
            self.around[context.whose] += 1
            self.whose_at = self.whose_at or at
        if type(value) is dict:
            for key in _owner_keys(value):
                self.said.setdefault(key, Said(key)).add(value[key])
        if len(self.samples) < SAMPLES:
            self.samples.append(value)
        if len(self.known) < _MOST_IDENTITIES:
            self.known.add(who)

    @property
    def owner_key(self) -> str | None:
        """The key under which each account says whose list it is in, None where there is none."""
        for key, said in self.said.items():
            values = [str(one[key]) for one in self.samples if one.get(key)]
            if said.is_owner and (said.objects or not _is_of_account(key, values)):
                return key
        return None

    @property
    def said_owner(self) -> tuple[OwnerPlace, Counter[str]] | None:
        """What says whose list these are, in each account or around them, and whose; None where nothing does."""
        key = self.owner_key
        if key is not None:
            return OwnerPlace(self.path, key), self.said[key].owners
        return (OwnerPlace(self.whose_at, None), self.around) if self.whose_at is not None else None

    @property
    def is_list(self) -> bool:
        """Whether these are several by their place, or by their number."""
        return ELEMENT in self.path or MEMBER in self.path or self.count > 1

    @property
    def repeats(self) -> bool:
        """Whether these are a few accounts again and again."""
        return len(self.known) < _MOST_IDENTITIES and len(self.known) * 2 <= self.count

    @property
    def keys(self) -> list[str]:
        """Keys of the path, innermost first."""
        return [step for step in reversed(self.path) if step not in (ELEMENT, MEMBER)]

    @property
    def direction(self) -> str | None:
        """The direction its keys or its envelope state."""
        return next(filter(None, map(direction_of, self.keys)), None) or next(iter(self.stated), None)

    @property
    def directions(self) -> list[str | None]:
        """Its direction, or both where its envelopes state now one and now the other."""
        is_by_key = any(map(direction_of, self.keys))
        return [self.direction] if is_by_key or len(self.stated) < 2 else [*self.stated]

    @property
    def is_side(self) -> bool:
        """Whether these accounts are mentioned beside others, or chosen from another list."""
        words = [fold_header(key) for key in self.keys]
        if not _SIDE.isdisjoint(words):
            return True
        return any(DERIVED.match(word) and direction_of(word) for word in words)

    @property
    def name(self) -> str:
        """What the list is called in a message."""
        return ".".join(step for step in self.path if step not in (ELEMENT, MEMBER)) or "the file"


def _is_of_account(key: str, values: list[str]) -> bool:
    """Whether a key is one of an account's own by its name, and not by its values only."""
    field_, rank, _ = guess_one_column(key, values)
    return bool(field_) and rank < VALUE_RANK


_owner_keys_of_shapes: dict[tuple[str, ...], tuple[str, ...]] = {}


def _owner_keys(value: dict[str, Any]) -> tuple[str, ...]:
    """Keys of an account that may say whose list it is in; worked out once for objects with the same keys."""
    shape = tuple(value)
    found = _owner_keys_of_shapes.get(shape)
    if found is None:
        found = tuple(key for key in shape if may_name_owner(key))
        if len(_owner_keys_of_shapes) < _MOST_SHAPES:
            _owner_keys_of_shapes[shape] = found
    return found


class Survey:
    """Looks at values one after another and remembers what stands where.

    Attributes:
        groups: place -> the accounts there, in order of appearance.
        empty: keys of empty arrays.
        joined: id -> direction, where a table says which account was seen in which list.
        has_posts: whether there are posts.
    """

    def __init__(self) -> None:
        self.groups: dict[Path, Group] = {}
        self.empty: set[str] = set()
        self.joined: dict[str, str] = {}
        self.has_posts = False
        self._contexts: dict[Path, Context] = {}

    def look(self, item: Item) -> None:
        """Take a value of the file into account."""
        # Of one large object the members come one by one: what one states holds for those below it.
        is_member = isinstance(item.value, dict) and len(item.value) == 1
        above = [item.path[:length] for length in range(len(item.path) - (not is_member), -1, -1)]
        context = next((self._contexts[path] for path in above if path in self._contexts), Context())
        self.visit(item.value, item.path, context, len(item.path))

    def visit(self, value: Any, path: Path, context: Context, depth: int) -> None:
        """Look at a value and what is inside."""
        if depth > _DEPTH:
            return
        if isinstance(value, list):
            self._array(value, path, context, depth)
        elif isinstance(value, dict):
            self._object(value, path, context, depth)
        elif type(value) in (str, int) and path == (ELEMENT,) and BARE.fullmatch(str(value)):
            self._bare(value, path, context)

    def _array(self, value: list[Any], path: Path, context: Context, depth: int) -> None:
        if not value:
            self.empty.add(path[-1] if path else "")
        inner = (*path, ELEMENT)
        word = fold_header(path[-1]) if path else ""
        may_be_bare = not path or word in GENERIC or direction_of(word) is not None
        for one in value:
            if isinstance(one, (dict, list)):
                self.visit(one, inner, context, depth + 1)
            elif may_be_bare and type(one) in (str, int) and BARE.fullmatch(str(one)):
                self._bare(one, inner, context)

    def _bare(self, value: str | int, path: Path, context: Context) -> None:
        group = self.groups.get(path)
        if group is None:
            group = self.groups[path] = Group(path, context.parent, is_bare=True)
        if group.is_bare:
            group.add(value, frozenset((str(value).lower(),)), context)

    def _object(self, value: dict[str, Any], path: Path, context: Context, depth: int) -> None:
        if is_post(value):
            self.has_posts = True
            return
        entry = value.get("entryId")
        if isinstance(entry, str) and entry.startswith(OTHER_ENTRIES):
            return
        if isinstance(value.get("extension"), str) and isinstance(value.get("data_key"), (str, int)):
            said, known = direction_of(value["extension"]), self.joined.get(str(value["data_key"]))
            if said:
                self.joined[str(value["data_key"])] = said if known in (None, said) else "both"
            return
        is_strong = is_account(value)
        if is_strong or is_weak_account(value):
            group = self.groups.get(path)
            if group is None or group.is_bare or (group.is_weak and is_strong):
                group = self.groups[path] = Group(path, context.parent, is_weak=not is_strong)
            if is_strong or group.is_weak:
                group.add(value, frozenset(identities(value)), context)
                context = context._replace(parent=path)
        context = self._within(value, path, context, is_strong)
        is_map = len(value) > 0 and _is_map(value)
        for key, part in value.items():
            if isinstance(part, (dict, list)):
                self.visit(part, (*path, MEMBER if is_map else key), context, depth + 1)

    def _within(self, value: dict[str, Any], path: Path, context: Context, is_strong: bool) -> Context:
        """The context of what is inside an object."""
        before = context
        said = stated_direction(value)
        if said and (not is_strong or any(isinstance(part, list) for part in value.values())):
            context = context._replace(stated=said, stated_at=path)
        whose = "" if is_strong else owner_around(value)
        if whose:
            context = context._replace(whose=whose, whose_at=path)
        if context is not before:
            self._contexts[path] = context
        return context


def _is_map(value: dict[str, Any]) -> bool:
    """Whether the keys of an object are ids or handles and its values the accounts."""
    if not all(type(part) is dict for part in value.values()):
        return False
    if all(_ID_KEYS.fullmatch(key) for key in value):
        return True
    return len(value) > 1 and all(key.lower().lstrip("@") in identities(part) for key, part in value.items())
