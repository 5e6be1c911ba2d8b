"""Which objects of a JSON file are its list of accounts, at any depth: found by shape, never the owner beside it.

Owns the choice among what ``account_groups`` found: many alike objects with an id or a handle are a list; who
holds the list, stands alone beside it or wrote a post is none of it. The direction and the owner come from the
keys around the list, from what an envelope states, or from each account. Imported by ``account_json``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from followertui.sources.account_groups import DERIVED, SAMPLES, Group, Survey
from followertui.sources.account_places import ELEMENT, GENERIC, MEMBER, AccountList, OwnerPlace, Path
from followertui.sources.column_names import fold_header
from followertui.sources.json_files import Item
from followertui.sources.list_statements import direction_of
from followertui.sources.problems import Problem

_OWNERS = frozenset({"account", "accounts", "profile", "owner", "me", "user", "target", "source", "self", "subject"})
_MOST_OWNERS = 50


class AccountLists(NamedTuple):
    """The lists of a file that are read.

    Attributes:
        lists: in file order; of several directions, or one.
        samples: the first accounts of each list, alternating.
        owner: the account whose lists they are, None where the file does not say.
        owners: whom the file has lists of, each by what identifies them.
        without_owner: how many accounts do not say whose list they are in, where others do.
        accounts: how many were looked at.
        is_of_first: whether only the first rows of the file were looked at.
        is_asked: whether it was looked at for the list of an owner a person named.
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
    without_owner: int = 0
    accounts: int = 0
    is_of_first: bool = False
    is_asked: bool = False

    @property
    def are_rows(self) -> bool:
        """Whether the values of the file are the accounts, and say nothing of whose list they are in."""
        return all(one.path in ((), (ELEMENT,)) and one.owner is None for one in self.lists)

    @property
    def is_of_several(self) -> bool:
        """Whether it must be said whose list is read: there are several, or many accounts do not say."""
        most = 0 if self.is_asked else self.accounts
        return len(self.owners) > 1 or bool(self.owners and self.without_owner * 10 > most)

    @property
    def direction(self) -> str | None:
        """The direction of all lists together."""
        found = set(self.joined.values()) if self.joined else {one.direction for one in self.lists}
        return found.pop() if len(found) == 1 else "both" if found > {None} or len(found) > 1 else None


def find_account_lists(items: Iterable[Item | Problem]) -> AccountLists:
    """The lists of accounts among the values of a file.

    Args:
        items: its values, or the first of them, in file order.

    Returns:
        What is to be read; no lists where there are no accounts.
    """
    survey = Survey()
    for item in items:
        if isinstance(item, Item):
            survey.look(item)
    return _chosen(survey)


def _chosen(survey: Survey) -> AccountLists:
    groups, owners = _without_owners(survey.groups)
    lists = [group for group in groups if group.is_list]
    if not lists:
        said = {word for word in survey.empty if direction_of(word) or fold_header(word) in GENERIC}
        lists = groups if len(groups) == 1 and not said and not owners else []
    singles = [group for group in groups if group not in lists]
    sides = _other_sides(lists)
    lists = [group for group in lists if group.path not in {side.path for side in sides.values()}]
    for rule in (_not_side, _not_weak, _not_bare, _directed):
        lists = rule(lists)
    taken = _of_one_name(lists)
    left = [group for group in lists if group not in taken]
    lists = taken
    beside_read = [*lists, *singles, *sides.values()]
    dropped = [g for g in groups if g not in beside_read and not g.is_weak and not g.is_bare]
    whose = _Whose(lists, owners, sides)
    targets = [survey.groups.get((*place.path, place.key)) for place in whose.places.values() if place and place.key]
    around = [owners[path] for path in dict.fromkeys(group.parent for group in lists) if path in owners]
    around += [group for group in targets if group is not None]
    beside = [g for g in (*singles, *dropped) if len(g.known) == 1 and not _OWNERS.isdisjoint(map(fold_header, g.keys))]
    holder = next((g for g in (*around, *beside, *singles) if len(g.known) == 1), None)
    owner = holder.samples[0] if holder and lists and isinstance(holder.samples[0], dict) else whose.only
    names = [g for g in (*left, *dropped) if g is not holder]
    return AccountLists(
        tuple(one for group in lists for one in _lists_of(group, whose.places[group.path])),
        _alternating([group.samples for group in lists]),
        owner,
        whose.known,
        tuple(dict.fromkeys([*((group.name, group.count) for group in names), *_unstated(lists)])),
        survey.joined or None,
        survey.has_posts,
        whose.without,
        sum(group.count for group in lists),
    )


class _Whose:
    """Whose lists some groups are.

    Args:
        lists: the groups that are read.
        owners: path -> accounts that hold lists of others.
        sides: path of a group -> the other side of its pairs, who have the lists.

    Attributes:
        places: path of each group -> what says whose it is, or None.
        known: the owners, each by what identifies them; the most frequent first where they are only named.
        without: how many accounts do not say it, where others do.
    """

    def __init__(self, lists: list[Group], owners: Mapping[Path, Group], sides: Mapping[Path, Group]) -> None:
        self.places: dict[Path, OwnerPlace | None] = {}
        self.without = 0
        held: dict[frozenset[str], None] = {}
        named: Counter[str] = Counter()
        for group in lists:
            said = group.said_owner
            holder = owners.get(group.parent) if group.parent is not None else None
            if holder is not None:
                self.places[group.path] = OwnerPlace(holder.path)
                held.update((who, None) for who in sorted(holder.known, key=sorted))
            elif group.path in sides:
                side = sides[group.path]
                self.places[group.path] = OwnerPlace(side.path[:-1], side.path[-1])
                held.update((who, None) for who in sorted(side.known, key=sorted))
            elif said is not None:
                self.places[group.path] = said[0]
                named.update(said[1])
                self.without += group.count - said[1].total()
            else:
                self.places[group.path] = None
        alone = [frozenset((who,)) for who, _ in named.most_common(_MOST_OWNERS)]
        self.known = (*held, *(who for who in alone if not any(who <= one for one in held)))
        only = next(iter(named)) if len(named) == 1 and not held else ""
        self.only = {"user_id" if only.isdigit() else "screen_name": only} if only else None


def _other_sides(lists: list[Group]) -> dict[Path, Group]:
    """Of pairs of accounts: path of the side that is read -> the other side, a few accounts again and again."""
    return {
        group.path: side
        for group in lists
        for side in lists
        if side is not group and side.path[:-1] == group.path[:-1] and ELEMENT not in (side.path[-1:] + group.path[-1:])
        and side.count == group.count and side.repeats and not group.repeats
    }  # fmt: skip


def _lists_of(group: Group, owner: OwnerPlace | None) -> Iterable[AccountList]:
    """A group as a list, or as one of each direction its envelopes state."""
    directions = group.directions
    stated_at = group.stated_at if len(directions) > 1 else None
    return (AccountList(group.path, direction, owner, group.is_bare, stated_at) for direction in directions)


def _unstated(lists: list[Group]) -> Iterable[tuple[str, int]]:
    """Names of groups with the number of accounts whose envelope states no direction, where others state both."""
    for group in lists:
        without = group.count - group.stated.total()
        if len(group.directions) > 1 and without:
            yield f"{group.name} without a direction", without


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
        said = any(direction_of(key) and not DERIVED.match(fold_header(key)) for key in keys)
        if is_held and (said or is_one_owner or any(fold_header(key) in GENERIC for key in keys)):
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
