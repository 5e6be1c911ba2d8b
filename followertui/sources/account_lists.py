"""Which objects of a JSON file are its list of accounts, at any depth: found by shape, never the owner beside it.

Owns the survey of a file and the choice: many alike objects with an id or a handle are a list; who
holds the list, stands alone beside it or wrote a post is none of it. The direction comes from the
keys around the list or from what an envelope states. Imported by ``account_json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from followertui.sources.account_objects import folded, identities, is_account, is_post, is_weak_account
from followertui.sources.column_names import fold_header
from followertui.sources.json_files import Item
from followertui.sources.problems import Problem

Path = tuple[str, ...]
ELEMENT, MEMBER = "[]", "{}"
"""Steps of a path: into an array, and into an object whose keys are ids or handles."""

TARGET = "target"
"""Key of the account whose list an account was found in, where each says it by itself."""

SAMPLES = 200
_DEPTH = 40
_MOST_IDENTITIES = 1000
_GENERIC = frozenset(
    {
        *("users", "accounts", "data", "items", "results", "result", "members", "people", "list", "entries", "nodes"),
        *("edges", "rows", "records", "profiles", "contacts", "ids", "audience", "userids", "usernames", "handles"),
        *("screennames", "output", "payload", "response", "page", "pages"),
    }
)
_SIDE = frozenset(
    {
        *("includes", "errors", "entities", "mentions", "usermentions", "contributors", "suggested", "suggestions"),
        *("recommended", "recommendations", "whotofollow", "blocked", "blocking", "muted", "muting", "likers"),
    }
)
_OWNERS = frozenset({"account", "accounts", "profile", "owner", "me", "user", "target", "source", "self", "subject"})
_DERIVED = re.compile(r"un|not|non|lost|ex|former|removed|new|fake|inactive|mutual|fans|common")
_STATING = frozenset(
    {
        *("direction", "relation", "relationship", "type", "kind", "list", "mode", "endpoint", "url", "path", "query"),
        *("operation", "operationname", "request", "source", "title", "name", "resource", "what", "command", "job"),
        *("targettype", "collection", "dataset", "tab", "module", "extension", "connection", "edge"),
    }
)
_INNER = frozenset(
    {"__twarc", "query", "request", "meta", "params", "input", "args", "variables", "options", "metadata", "info"}
)
_ID_KEYS = re.compile(r"[0-9]{2,19}")
_BARE = re.compile(r"@?\w{1,20}|https?://\S+")
_OTHER_ENTRIES = ("who-to-follow", "suggest", "recommend", "promoted")
_USER_ENTRY = re.compile(r"user-([0-9]{1,19})")


def direction_of(text: str) -> str | None:
    """The direction a key or word names: "follower", "following", "both", or None."""
    word = fold_header(text)
    if "count" in word or "unfollow" in word:
        return None
    is_follower = "follower" in word or word in ("followedby", "fans")
    is_following = "following" in word or "followee" in word or word.startswith("friend") or word == "iamfollowing"
    if is_follower == is_following:
        return "both" if word.startswith("mutual") else None
    return "follower" if is_follower else "following"


@dataclass(slots=True)
class Group:
    """Accounts that stand at the same place of a file.

    Attributes:
        path: that place.
        parent: path of the accounts that hold them, None for none.
        count: how many.
        samples: the first of them.
        known: who they are, the first 1,000 of them.
        stated: direction an envelope states.
        is_weak, is_bare: known by an id or a vague key only; no objects but ids or handles.
    """

    path: Path
    parent: Path | None
    count: int = 0
    samples: list[Any] = field(default_factory=list)
    known: set[frozenset[str]] = field(default_factory=set)
    stated: str | None = None
    is_weak: bool = False
    is_bare: bool = False

    def add(self, value: Any, who: frozenset[str], stated: str | None) -> None:
        """Count one more."""
        self.count += 1
        self.stated = self.stated or stated
        if len(self.samples) < SAMPLES:
            self.samples.append(value)
        if len(self.known) < _MOST_IDENTITIES:
            self.known.add(who)

    @property
    def is_list(self) -> bool:
        """Whether these are several by their place, or by their number."""
        return ELEMENT in self.path or MEMBER in self.path or self.count > 1

    @property
    def keys(self) -> list[str]:
        """Keys of the path, innermost first."""
        return [step for step in reversed(self.path) if step not in (ELEMENT, MEMBER)]

    @property
    def direction(self) -> str | None:
        """The direction its keys or its envelope state."""
        return next(filter(None, map(direction_of, self.keys)), None) or self.stated

    @property
    def is_side(self) -> bool:
        """Whether these accounts are mentioned beside others, or chosen from another list."""
        words = [fold_header(key) for key in self.keys]
        if not _SIDE.isdisjoint(words):
            return True
        return any(_DERIVED.match(word) and direction_of(word) for word in words)

    @property
    def name(self) -> str:
        """What the list is called in a message."""
        return ".".join(step for step in self.path if step not in (ELEMENT, MEMBER)) or "the file"


class AccountList(NamedTuple):
    """One list of a file.

    Attributes:
        path: where its accounts stand.
        direction: "follower", "following", "both" or None where nothing says it.
        owner: where the object stands whose list it is, around its accounts or in each; None where nothing says it.
        is_bare: ids or handles instead of objects.
    """

    path: Path
    direction: str | None
    owner: Path | None = None
    is_bare: bool = False


class AccountLists(NamedTuple):
    """The lists of a file that are read.

    Attributes:
        lists: in file order; of several directions, or one.
        samples: the first accounts of each list, alternating.
        owner: the account whose lists they are, None where the file does not say.
        owners: whom the file has lists of, each by what identifies them.
        left_alone: names and sizes of lists of accounts that are not read.
        joined: id -> direction, where a table says which account was seen in which list.
        has_posts: whether the file holds posts.
    """

    lists: tuple[AccountList, ...] = ()
    samples: tuple[Any, ...] = ()
    owner: Mapping[str, Any] | None = None
    owners: tuple[frozenset[str], ...] = ()
    left_alone: tuple[tuple[str, int], ...] = ()
    joined: Mapping[str, str] | None = None
    has_posts: bool = False

    @property
    def direction(self) -> str | None:
        """The direction of all lists together."""
        found = set(self.joined.values()) if self.joined else {one.direction for one in self.lists}
        return found.pop() if len(found) == 1 else "both" if found > {None} or len(found) > 1 else None


class _Survey:
    """Looks at values one after another and remembers what stands where."""

    def __init__(self) -> None:
        self.groups: dict[Path, Group] = {}
        self.stated: dict[Path, str] = {}
        self.empty: set[str] = set()
        self.joined: dict[str, str] = {}
        self.envelopes: dict[Path, dict[str, Any]] = {}
        self.has_posts = False

    def look(self, item: Item) -> None:
        """Take a value of the file into account."""
        around = next(
            (self.stated[p] for n in range(len(item.path), -1, -1) if (p := item.path[:n]) in self.stated), None
        )
        if isinstance(item.value, dict) and len(item.value) == 1 and item.path is not None:
            self.envelopes.setdefault(item.path, {}).update(item.value)
        self.visit(item.value, item.path, None, around, len(item.path))

    def visit(self, value: Any, path: Path, parent: Path | None, stated: str | None, depth: int) -> None:
        """Look at a value and what is inside."""
        if depth > _DEPTH:
            return
        if isinstance(value, list):
            self._array(value, path, parent, stated, depth)
        elif isinstance(value, dict):
            self._object(value, path, parent, stated, depth)
        elif type(value) in (str, int) and path == (ELEMENT,) and _BARE.fullmatch(str(value)):
            self._bare(value, path, parent, stated)

    def _array(self, value: list[Any], path: Path, parent: Path | None, stated: str | None, depth: int) -> None:
        if not value:
            self.empty.add(path[-1] if path else "")
        inner = (*path, ELEMENT)
        word = fold_header(path[-1]) if path else ""
        may_be_bare = not path or word in _GENERIC or direction_of(word) is not None
        for one in value:
            if isinstance(one, (dict, list)):
                self.visit(one, inner, parent, stated, depth + 1)
            elif may_be_bare and type(one) in (str, int) and _BARE.fullmatch(str(one)):
                self._bare(one, inner, parent, stated)

    def _bare(self, value: str | int, path: Path, parent: Path | None, stated: str | None) -> None:
        group = self.groups.get(path)
        if group is None:
            group = self.groups[path] = Group(path, parent, is_bare=True)
        if group.is_bare:
            group.add(value, frozenset((str(value).lower(),)), stated)

    def _object(self, value: dict[str, Any], path: Path, parent: Path | None, stated: str | None, depth: int) -> None:
        if is_post(value):
            self.has_posts = True
            return
        entry = value.get("entryId")
        if isinstance(entry, str) and entry.startswith(_OTHER_ENTRIES):
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
                group = self.groups[path] = Group(path, parent, is_weak=not is_strong)
            if is_strong or group.is_weak:
                group.add(value, frozenset(identities(value)), stated)
                parent = path
        said = _statement(value)
        if (said and not is_strong) or (said and any(isinstance(part, list) for part in value.values())):
            stated = said
            self.stated[path] = said
        is_map = len(value) > 0 and _is_map(value)
        for key, part in value.items():
            if isinstance(part, (dict, list)):
                self.visit(part, (*path, MEMBER if is_map else key), parent, stated, depth + 1)


def _is_map(value: dict[str, Any]) -> bool:
    """Whether the keys of an object are ids or handles and its values the accounts."""
    if not all(type(part) is dict for part in value.values()):
        return False
    if all(_ID_KEYS.fullmatch(key) for key in value):
        return True
    return len(value) > 1 and all(key.lower().lstrip("@") in identities(part) for key, part in value.items())


def _statement(value: dict[str, Any]) -> str | None:
    """The direction an envelope states in words, None where it states none or both."""
    found: set[str] = set()
    inner = () if _INNER.isdisjoint(value) else [value[key] for key in _INNER if isinstance(value.get(key), dict)]
    for part in (value, *inner):
        for key, one in part.items():
            if type(one) is str and len(one) <= 200 and folded(key) in _STATING:
                said = {direction_of(word) for word in re.findall(r"[A-Za-z]+", one)} - {None, "both"}
                found |= {str(word) for word in said}
    return found.pop() if len(found) == 1 else None


def find_account_lists(items: Iterable[Item | Problem]) -> AccountLists:
    """The lists of accounts among the values of a file.

    Args:
        items: its values, or the first of them, in file order.

    Returns:
        What is to be read; no lists where there are no accounts.
    """
    survey = _Survey()
    for item in items:
        if isinstance(item, Item):
            survey.look(item)
    return _chosen(survey)


def _chosen(survey: _Survey) -> AccountLists:
    groups, owners = _without_owners(survey.groups)
    lists = [group for group in groups if group.is_list]
    if not lists:
        said = {word for word in survey.empty if direction_of(word) or fold_header(word) in _GENERIC}
        lists = groups if len(groups) == 1 and not said and not owners else []
    singles = [group for group in groups if group not in lists]
    for rule in (_not_side, _not_weak, _not_bare, _directed):
        lists = rule(lists)
    taken = _of_one_name(lists)
    left = [group for group in lists if group not in taken]
    lists = taken
    dropped = [g for g in groups if g not in lists and g not in singles and not g.is_weak and not g.is_bare]
    targets = {g.parent: g for g in survey.groups.values() if g.parent is not None and g.path == (*g.parent, TARGET)}
    around = [owners[path] for path in dict.fromkeys(group.parent for group in lists) if path in owners]
    around += [targets[group.path] for group in lists if group.path in targets]
    beside = [g for g in (*singles, *dropped) if len(g.known) == 1 and not _OWNERS.isdisjoint(map(fold_header, g.keys))]
    holder = next((g for g in (*around, *beside, *singles) if len(g.known) == 1), None)
    owner = holder.samples[0] if holder and lists and isinstance(holder.samples[0], dict) else None
    known = [who for group in around for who in sorted(group.known, key=sorted)]
    names = [g for g in (*left, *dropped) if g is not holder]
    return AccountLists(
        tuple(AccountList(g.path, g.direction, _owner_path(g, owners, targets), g.is_bare) for g in lists),
        _alternating([group.samples for group in lists]),
        owner,
        tuple(known),
        tuple(dict.fromkeys((group.name, group.count) for group in names)),
        survey.joined or None,
        survey.has_posts,
    )


def _owner_path(group: Group, owners: Mapping[Path, Group], targets: Mapping[Path, Group]) -> Path | None:
    """Where the object stands whose list a group is: around it, or in each of its accounts."""
    if group.parent in owners:
        return group.parent
    return targets[group.path].path if group.path in targets else None


def _without_owners(groups: dict[Path, Group]) -> tuple[list[Group], dict[Path, Group]]:
    """Groups without those who hold lists of others, and without accounts that are told of others in passing."""
    owners: dict[Path, Group] = {}
    passing: set[Path] = set()
    for path, group in groups.items():
        parent = groups.get(group.parent) if group.parent is not None else None
        if parent is None:
            continue
        steps = path[len(parent.path) :]
        keys = [step for step in steps if step not in (ELEMENT, MEMBER)]
        is_held = ELEMENT in steps or MEMBER in steps
        is_one_owner = len(parent.known) == 1 and group.count > 1
        said = any(direction_of(key) and not _DERIVED.match(fold_header(key)) for key in keys)
        if is_held and (said or is_one_owner or any(fold_header(key) in _GENERIC for key in keys)):
            owners[parent.path] = parent
        elif not is_held and (parent.is_weak and not group.is_weak):
            passing.add(parent.path)
        elif not is_held and parent.count > 1 and len(parent.known) == 1 and len(group.known) > 1:
            owners[parent.path] = parent
        else:
            passing.add(path)
    kept = [group for path, group in groups.items() if path not in owners and path not in passing]
    return [group for group in kept if not _is_passing(group, groups, passing)], owners


def _is_passing(group: Group, groups: dict[Path, Group], passing: set[Path]) -> bool:
    """Whether a group is held by accounts that are themselves told of in passing."""
    while group.parent is not None and group.parent in groups:
        group = groups[group.parent]
        if group.path in passing and not group.is_weak:
            return True
    return False


def _not_side(lists: list[Group]) -> list[Group]:
    return [group for group in lists if not group.is_side] or lists


def _not_weak(lists: list[Group]) -> list[Group]:
    return [group for group in lists if not group.is_weak] or lists


def _not_bare(lists: list[Group]) -> list[Group]:
    objects = {group.direction for group in lists if not group.is_bare}
    if not objects:
        return lists
    return [group for group in lists if not group.is_bare or (group.direction and group.direction not in objects)]


def _directed(lists: list[Group]) -> list[Group]:
    """Lists whose direction is stated, where there are any; one of both directions only by itself."""
    directed = [group for group in lists if group.direction in ("follower", "following")]
    return directed or [group for group in lists if group.direction] or lists


def _of_one_name(lists: list[Group]) -> list[Group]:
    """The largest list with those that are its other pages; lists of a direction stand side by side."""
    if not lists or all(group.direction in ("follower", "following") for group in lists):
        return lists
    largest = max(lists, key=lambda group: group.count)
    name = _page_name(largest)
    return [group for group in lists if _page_name(group) == name]


def _page_name(group: Group) -> tuple[str, ...]:
    if "user_results" in group.path:
        return ("user_results",)
    return tuple(re.sub(r"\d+", "#", step) for step in group.path)


def _alternating(samples: list[list[Any]]) -> tuple[Any, ...]:
    """The first of each list, then the second of each, and so on."""
    longest = max(map(len, samples), default=0)
    return tuple(some[at] for at in range(longest) for some in samples if at < len(some))[: SAMPLES * 2]


def accounts_in(item: Item, one: AccountList) -> Iterator[tuple[Any, Any]]:
    """Elements of a list inside one value of the file, each with the object whose list it is, or None.

    What stands where an account should stand is given as well; a place that is not there is passed over.
    """
    if one.path[: len(item.path)] != item.path:
        return
    at = len(one.owner) - len(item.path) if one.owner is not None else -1
    yield from _descend(item.value, one.path[len(item.path) :], at, None)


def _descend(value: Any, steps: Path, owner_at: int, owner: Any) -> Iterator[tuple[Any, Any]]:
    if owner_at == 0:
        owner = value
    if not steps:
        yield value, owner
        return
    step, rest = steps[0], steps[1:]
    if step == ELEMENT:
        if isinstance(value, list):
            for part in value:
                yield from _descend(part, rest, owner_at - 1, owner)
    elif isinstance(value, dict):
        entry = value.get("entryId")
        if isinstance(entry, str):
            if entry.startswith(_OTHER_ENTRIES):
                return
            hidden = _USER_ENTRY.fullmatch(entry)
            found = list(_descend(value.get(step), rest, owner_at - 1, owner)) if step in value else []
            if hidden and not any(isinstance(part, dict) and is_account(part) for part, _ in found):
                # X shows suspended accounts without their profile.
                found = [({"rest_id": hidden.group(1)}, owner)]
            yield from found
        elif step == MEMBER:
            for key, part in value.items():
                inner = {"(key)": key, **part} if isinstance(part, dict) and not rest else part
                yield from _descend(inner, rest, owner_at - 1, owner)
        elif step in value:
            yield from _descend(value[step], rest, owner_at - 1, owner)
