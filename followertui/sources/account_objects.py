"""Accounts inside JSON: flat objects, X API v1.1 and v2 users, raw GraphQL users, envelopes.

Owns where in an object a field stands. Does not repair values. Imported by ``account_exports``
and ``sniffing``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from followertui.sources.column_names import SUFFIX_RANK, field_of, fold_header
from followertui.sources.json_files import Item
from followertui.sources.problems import Problem
from followertui.text.cleaning import clean_handle
from followertui.text.quantities import parse_flag

_NAME_KEYS = ("screen_name", "username", "userName", "rest_id", "accountId", "user_id", "userId", "handle")
_POST_KEYS = ("full_text", "text", "author_id", "conversation_id", "tweet")
_DEPTH = 12
_MOST_PLANS = 1000
_NESTED = ("public_metrics", "core", "privacy", "dm_permissions", "verification", "relationship_perspectives")
_RELATION_KEYS = {"follower": "follows_us", "followers": "follows_us", "following": "we_follow", "friends": "we_follow"}


def is_account(value: object) -> bool:
    """Whether a JSON value looks like one account and not like a post or an envelope."""
    if not isinstance(value, dict):
        return False
    # An account that holds lists of accounts is the owner of the export, not one of its rows.
    for key in _RELATION_KEYS:
        if type(value.get(key)) is list and value[key]:
            return False
    if type(value.get("username")) is str or type(value.get("screen_name")) is str:
        return True
    if not value.keys().isdisjoint(_POST_KEYS):
        return False
    legacy = value.get("legacy")
    if isinstance(legacy, dict):
        core = value.get("core")
        return "screen_name" in legacy or (isinstance(core, dict) and "screen_name" in core)
    if any(isinstance(value.get(key), (str, int)) for key in _NAME_KEYS):
        return True
    return any(fold_header(str(key)) in _FOLDED_NAMES and isinstance(value[key], (str, int)) for key in value)


_FOLDED_NAMES = frozenset({"screenname", "username", "handle", "userid", "twitterid", "profileurl", "xid", "accountid"})


def find_accounts(value: object, depth: int = _DEPTH) -> Iterator[dict[str, Any]]:
    """Accounts anywhere inside a value, in file order; an account is not searched further."""
    if depth <= 0:
        return
    if isinstance(value, dict):
        if is_account(value):
            yield value
            return
        for part in value.values():
            if isinstance(part, (dict, list)):
                yield from find_accounts(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, (dict, list)):
                yield from find_accounts(part, depth - 1)


def relation_of_key(key: str) -> str | None:
    """The flag of a JSON key such as ``followers`` around the accounts, or None."""
    return _RELATION_KEYS.get(key.lower())


class ObjectReader:
    """Takes fields out of account objects, remembering what each key means.

    Args:
        mapping: key -> field, said by a person; outranks the alias table.
    """

    def __init__(self, mapping: dict[str, str] | None = None) -> None:
        self._mapping = mapping or {}
        self._known: dict[str, tuple[str, int] | None] = {}
        self._plans: dict[tuple[str, ...], list[tuple[str, str, bool]]] = {}

    def _field(self, key: str) -> tuple[str, int] | None:
        if key not in self._known:
            said = self._mapping.get(key)
            ignored = field_of("accounts_ignored", key)
            found = field_of("accounts", key)
            if ignored is not None and (found is None or found[1] >= SUFFIX_RANK):
                found = None
            self._known[key] = (said, -1) if said else None if said == "" else found
        return self._known[key]

    def _plan(self, flat: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
        """Key, field and whether the value decides, the most telling key last so that it stands."""
        keys = tuple(flat)
        plan = self._plans.get(keys)
        if plan is None:
            found = [(key, *known) for key in keys if (known := self._field(key)) is not None]
            # Where values decide, a key may turn out to be another field: those give way to plain ones.
            found.sort(key=lambda one: (one[1] not in _DECIDED_BY_VALUE, -one[2]))
            plan = [(key, field, field in _DECIDED_BY_VALUE) for key, field, _ in found]
            if len(self._plans) < _MOST_PLANS:
                self._plans[keys] = plan
        return plan

    def fields(self, account: dict[str, Any]) -> dict[str, str]:
        """Field -> raw text of one account; fields the object lacks are absent."""
        flat = _flattened(account)
        fields: dict[str, str] = {}
        for key, field, is_open in self._plan(flat):
            value = flat[key]
            type_ = type(value)
            if type_ is str:
                text = value
            elif type_ is int:
                text = str(value)
                if field in _COUNTED:
                    fields[field] = text
                    continue
            elif value is None or type_ is dict or type_ is list:
                continue
            else:
                text = str(value).lower() if type_ is bool else str(value)
            if not text:
                continue
            if is_open:
                field, text = _by_value(key, field, value, text)
            if field and text:
                fields[field] = text
        _open_links(account, fields)
        return fields

    def columns(self, accounts: Sequence[Any]) -> dict[str, list[str]] | None:
        """The same of many accounts at once, as columns; None where they are not all alike and flat.

        Args:
            accounts: values of a JSON file.

        Returns:
            Field -> raw text of each, in order, "" where an object says nothing; what ``fields`` gives of each.
        """
        keys = tuple(accounts[0]) if accounts and type(accounts[0]) is dict else ()
        if (
            not keys
            or not _ODD_KEYS.isdisjoint(keys)
            or not all(type(a) is dict and tuple(a) == keys for a in accounts)
        ):
            return None
        columns = dict(zip(keys, zip(*(account.values() for account in accounts), strict=True), strict=True))
        sorts = {key: set(map(type, column)) for key, column in columns.items()}
        is_named = any(sorts.get(key) == {str} for key in ("username", "screen_name"))
        if not is_named or not set().union(*sorts.values()) <= _PLAIN:
            return None
        found: dict[str, list[str]] = {}
        for key, field, is_open in self._plan(columns):
            texts = _texts(columns[key], sorts[key])
            if is_open:
                decided = _column_by_value(key, field, sorts[key], texts)
                if decided is None:
                    return None
                field = decided
            if field and any(texts):
                earlier = found.get(field)
                found[field] = (
                    texts if earlier is None else [new or old for new, old in zip(texts, earlier, strict=True)]
                )
        return found


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _texts(values: Sequence[Any], sorts: set[type]) -> list[str]:
    """Values of a JSON column as text, "" for null."""
    if sorts == {str}:
        return list(values)
    if sorts == {int}:
        return list(map(str, values))
    return ["" if one is None else str(one).lower() if type(one) is bool else str(one) for one in values]


def _column_by_value(key: str, field: str, sorts: set[type], texts: Sequence[str]) -> str | None:
    """The field a whole column belongs to where its key alone does not say; None where each value must be asked."""
    if field in _COUNTED:
        return field if sorts == {int} else None
    if field == "url":
        joined = "\n".join(texts).lower()
        return None if "x.com/" in joined or "twitter.com/" in joined else field
    if field == "verified":
        return "blue" if "blue" in key.lower() else field
    return field if sorts == {bool} else None


_DECIDED_BY_VALUE = frozenset(
    {
        *("following", "followers", "follows_us", "we_follow", "protected", "can_dm", "parody", "default_image"),
        *("url", "verified", "relation"),
    }
)
_COUNTED = frozenset({"following", "followers"})


def _by_value(key: str, field: str, value: object, text: str) -> tuple[str, str]:
    """The field a value belongs to where its key alone does not say."""
    if field in _COUNTED:
        if isinstance(value, bool) or (
            isinstance(value, str) and parse_flag(value) is not None and not value.isdigit()
        ):
            return ("we_follow" if field == "following" else "follows_us"), text
    elif field in ("follows_us", "we_follow", "protected", "can_dm", "parody", "default_image"):
        return (field, text) if parse_flag(value) is not None else ("", "")
    elif field == "url" and clean_handle(text) is not None and "/" in text:
        return "handle", text
    elif field == "verified" and "blue" in key.lower():
        return "blue", text
    elif field == "relation" and "follow" not in text.lower():
        return "", ""
    return field, text


def _flattened(account: dict[str, Any]) -> dict[str, Any]:
    """One level of keys: what X nests is lifted, the more telling value wins."""
    nested = [key for key, value in account.items() if type(value) is dict]
    if not nested and _ODD_KEYS.isdisjoint(account):
        return account
    if nested == ["public_metrics"] and _ODD_KEYS.isdisjoint(account):
        return {**account, **account["public_metrics"]}
    flat: dict[str, Any] = {}
    legacy = account.get("legacy")
    if isinstance(legacy, dict):
        flat.update(legacy)
        flat.pop("id", None)
    flat.update((key, value) for key, value in account.items() if not isinstance(value, dict))
    if "rest_id" in account:
        flat.pop("id", None)
    for name in _NESTED:
        part = account.get(name)
        if isinstance(part, dict):
            flat.update((key, value) for key, value in part.items() if value not in (None, ""))
    for name, inner, target in (
        ("location", "location", "location"),
        ("avatar", "image_url", "image_url"),
        ("profile_bio", "description", "description"),
        ("affiliation", "description", "affiliation"),
    ):
        part = account.get(name)
        if isinstance(part, dict) and part.get(inner):
            flat[target] = part[inner]
    _add_oddities(account, flat)
    return flat


_ODD_KEYS = frozenset({"rest_id", "connection_status", "parody_commentary_fan_label"})


def _add_oddities(account: dict[str, Any], flat: dict[str, Any]) -> None:
    """Values whose place is particular to one form of user object."""
    label = account.get("affiliates_highlighted_label")
    label = label.get("label") if isinstance(label, dict) else None
    if isinstance(label, dict) and label.get("description"):
        flat["affiliation"] = label["description"]
    if str(account.get("parody_commentary_fan_label", "None")) not in ("None", ""):
        flat["parody"] = "true"
    status = account.get("status")
    if isinstance(status, dict) and status.get("created_at"):
        flat["last_post_at"] = status["created_at"]
    connection = account.get("connection_status")
    if isinstance(connection, list):
        flat["followed_by"] = "followed_by" in connection
        flat["we_follow"] = "following" in connection


def _open_links(account: dict[str, Any], fields: dict[str, str]) -> None:
    """Expand shortened links of bio and site, where the object gives their targets."""
    legacy = account.get("legacy")
    entities = account.get("entities") or (legacy.get("entities") if isinstance(legacy, dict) else None)
    if not isinstance(entities, dict):
        return
    for link in _links_of(entities, "description"):
        short, full = link.get("url"), link.get("expanded_url")
        if isinstance(short, str) and isinstance(full, str) and short and "bio" in fields:
            fields["bio"] = fields["bio"].replace(short, full)
    for link in _links_of(entities, "url"):
        if isinstance(link.get("expanded_url"), str):
            fields.setdefault("site", link["expanded_url"])


def _links_of(entities: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    part = entities.get(name)
    links = part.get("urls") if isinstance(part, dict) else None
    if isinstance(links, list):
        yield from (link for link in links if isinstance(link, dict))


def sample_accounts(values: Sequence[Item | Problem], most: int = 200) -> list[tuple[str | None, dict[str, Any]]]:
    """The first accounts in some JSON values, each with the flag its surroundings state.

    Args:
        values: in file order.
        most: how many at most.
    """
    found: list[tuple[str | None, dict[str, Any]]] = []
    for item in values[:most]:
        if isinstance(item, Item):
            found.extend(islice(accounts_of(item), most - len(found)))
        if len(found) >= most:
            break
    return found


def accounts_of(item: Item) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Accounts inside one value, each with the flag of its key."""
    value, relation = item.value, relation_of_key(item.key)
    if is_account(value):
        yield relation, value
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, (dict, list)):
                inner = relation_of_key(str(key)) or relation
                yield from ((inner, account) for account in find_accounts(part))
    else:
        yield from ((relation, account) for account in find_accounts(value))
