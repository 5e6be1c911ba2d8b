"""Settings a store keeps: every one by name, type, default and meaning.

Owns the table setting; values are JSON. ``cli/topics/settings.md`` tells a person the same
meanings. Read at the first paint: plain SQL. Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from followertui.domain.kind import QUALIFIED_KINDS, UNKNOWN_KINDS, Kind
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.text.escaping import json_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting.

    Attributes:
        name: its key in the table, or the first word of keys made by ``of``.
        type: of its value; what a store holds of another type reads as the default.
        default: what it reads as where it is not set.
        meaning: what it is, as ``followertui help settings`` says it.
        is_personal: whether a person sets it; the program keeps the others for itself.
    """

    name: str
    type: type[T]
    default: T
    meaning: str
    is_personal: bool = False

    def read(self, store: Store) -> T:
        """The value, or the default."""
        found = store.con.execute("SELECT value FROM setting WHERE name = ?", [self.name]).fetchone()
        value = self.default if found is None else json.loads(found[0])
        return value if isinstance(value, self.type) else self.default

    def write(self, store: Store, value: T) -> None:
        """Set the value, in the open transaction or in one of its own; the default removes it."""
        with store.write() as con:
            if value == self.default:
                con.execute("DELETE FROM setting WHERE name = ?", [self.name])
            else:
                text = json_text(value)
                con.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [self.name, text])

    def of(self, *parts: str) -> Setting[T]:
        """The same setting of one reviewer, or of one shape of file."""
        return replace(self, name=":".join([self.name, *parts]))

    def rewrite_all(self, store: Store, change: Callable[[Any], Any]) -> None:
        """Change every value kept under ``of``.

        Args:
            store: the open store.
            change: gives the value to keep instead of the one it gets.
        """
        with store.write() as con:
            start, end = f"{self.name}:", f"{self.name};"
            lines = con.execute("SELECT name, value FROM setting WHERE name >= ? AND name < ?", [start, end]).fetchall()
            fresh = [(json_text(change(json.loads(text))), name) for name, text in lines]
            con.executemany("UPDATE setting SET value = ? WHERE name = ?", fresh)


ABOUT: Setting[dict[str, list[str]]] = Setting("about", dict, {}, "who you are", is_personal=True)
WEIGHTS_FILE = Setting("weights_file", str, "", "your own weights file", is_personal=True)
SILENT_DAYS = Setting("silent_days", int, 180, "from how many days without a post is:silent counts", is_personal=True)
X_LISTS: Setting[dict[str, str]] = Setting("x_lists", dict, {}, "which id on X the names of your lists stand for")
STANDARDS: Setting[dict[str, int]] = Setting(
    "standards", dict, {}, "what you set instead of your weights' thresholds and silent days", is_personal=True
)
PLACE: Setting[dict[str, Any]] = Setting("place", dict, {}, "where each reviewer left off")
SEEN_UPTO = Setting("seen_upto", int, 0, "the newest reading of followers each reviewer has gone through")
QUEUE_COUNTS: Setting[dict[str, int]] = Setting("queue_counts", dict, {}, "the counts last shown")
TALLY: Setting[dict[str, Any]] = Setting("tally", dict, {}, "the counts last shown")
MAPPING: Setting[dict[str, str]] = Setting("mapping", dict, {}, "how columns of a file were mapped")
BACKUPS: Setting[list[str]] = Setting("backups", list, [], "where backups went")
CAPABILITIES: Setting[dict[str, Any]] = Setting("capabilities", dict, {}, "what X lets this account do")
QUALIFIED: Setting[list[str]] = Setting("qualified", list, [], "kinds that count as qualified", is_personal=True)
SENTINELS: Setting[list[int]] = Setting("sentinels", list, [], "rows of accounts surely followed")
OWNS_APP = Setting(
    "owns_app", str, "", "whether the account owns the X app whose keys it uses: yes or no, which sets the price"
)
BUDGET_DAY = Setting(
    "budget_day", float, 0.0, "the most X may cost on one day (UTC), dollars; 0 for no limit", is_personal=True
)
BUDGET_MONTH = Setting(
    "budget_month", float, 0.0, "the most X may cost in one month (UTC), dollars; 0 for no limit", is_personal=True
)
SIGNED_IN: Setting[dict[str, Any]] = Setting("signed_in", dict, {}, "where the keys of X are kept, never the keys")
SIGN_IN_TROUBLE: Setting[dict[str, Any]] = Setting(
    "sign_in_trouble", dict, {}, "why X refused the keys last, until it takes them"
)
MERGED: Setting[dict[str, list[Any]]] = Setting("merged", dict, {}, "how far each merged copy was taken")
DELETION = Setting("deletion", str, "", "the day by which X wants its data deleted, where access to it ended")
OWN_COUNTS: Setting[dict[str, int]] = Setting("own_counts", dict, {}, "how many followers and following X last counted")
QUIET_HOURS = Setting(
    "quiet_hours", str, "", "hours of your day in which nothing is carried out, such as 22:00-07:00", is_personal=True
)
CAPS: Setting[dict[str, list[int]]] = Setting(
    "caps", dict, {}, "your own caps by action: how many a day, and within 15 minutes", is_personal=True
)
WATCH = Setting("watch", bool, False, "whether apply --watch may go on over days by itself", is_personal=True)
SURPRISES = Setting(
    "surprises", int, 20, "from which share of surprises, in percent, a run through the API pauses", is_personal=True
)
LOOK_DAYS = Setting(
    "look_days", int, 14, "after how many days a plan has to be looked at again before it is carried out",
    is_personal=True,
)  # fmt: skip
HOUSE_CHECKS: Setting[list[dict[str, Any]]] = Setting(
    "house_checks", list, [], "house checks: what must hold before anything is carried out", is_personal=True
)
LIVE: Setting[dict[str, int]] = Setting("live", dict, {}, "when X's stream was heard last, while it is watched")
PARKED: Setting[dict[str, Any]] = Setting(
    "parked", dict, {}, "until when X asked to wait with which kind of call, and what goes on then"
)
LIMITS: Setting[dict[str, dict[str, list[Any]]]] = Setting(
    "limits", dict, {}, "limits of X below the published ones, as its answers showed them"
)
GOES_ON = Setting(
    "sync_goes_on", bool, False, "whether a read X asked to wait with goes on by itself, after a restart too",
    is_personal=True,
)  # fmt: skip
SYNC: Setting[dict[str, Any]] = Setting("sync", dict, {}, "how far an unfinished sync of a direction came")

PLAYBOOKS: Setting[dict[str, str]] = Setting(
    "playbooks", dict, {}, "the playbooks you changed or added, each as its file", is_personal=True
)
TODAY_MOST = Setting("today_most", int, 30, "the most that waits in Today at once", is_personal=True)

SETTINGS: tuple[Setting[Any], ...] = (
    ABOUT, WEIGHTS_FILE, SILENT_DAYS, STANDARDS, PLACE, QUEUE_COUNTS, TALLY, MAPPING, BACKUPS, CAPABILITIES,
    SENTINELS, QUALIFIED, SEEN_UPTO,
    X_LISTS, SIGNED_IN, SIGN_IN_TROUBLE, OWNS_APP, BUDGET_DAY, BUDGET_MONTH, MERGED, OWN_COUNTS, LIVE, SYNC,
    PARKED, LIMITS, GOES_ON, DELETION,
    QUIET_HOURS, CAPS, WATCH, SURPRISES, LOOK_DAYS, HOUSE_CHECKS,
    PLAYBOOKS, TODAY_MOST,
)  # fmt: skip
"""Every setting a store keeps."""


def unreadable(con: sqlite3.Connection) -> list[str]:
    """Names of settings whose values are no JSON."""
    found = []
    for name, text in con.execute("SELECT name, value FROM setting ORDER BY name"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            found.append(str(name))
    return found


def texts(con: sqlite3.Connection) -> Iterator[str]:
    """Every value as it is kept, JSON, whatever its setting."""
    return (line[0] for line in con.execute("SELECT value FROM setting"))


def qualified_kinds(store: Store) -> frozenset[Kind]:
    """Kinds that count as qualified: those chosen, else the usual five."""
    known = {kind.value: kind for kind in Kind if kind not in UNKNOWN_KINDS}
    chosen = frozenset(known[name] for name in QUALIFIED.read(store) if name in known)
    return chosen or QUALIFIED_KINDS


def own_handles(store: Store) -> tuple[str, ...]:
    """Our handles without @: the one an archive or X named, as it is written there, then those said in About us."""
    found: dict[str, str] = {}
    for handle in (watermarks.PROFILE_HANDLE.read(store), *ABOUT.read(store).get("handles", [])):
        found.setdefault(handle.lower(), handle)
    return tuple(handle for handle in found.values() if handle)


def own_handle(store: Store) -> str:
    """The first of our handles, "" where none is known."""
    return next(iter(own_handles(store)), "")


def our_names(store: Store) -> frozenset[str]:
    """Names and handles of our own company, without @ and case-folded."""
    return frozenset(folded_name(word) for word in [*ABOUT.read(store).get("names", []), *own_handles(store)])


def folded_name(name: str) -> str:
    """The form in which names of companies and handles are compared for being ours."""
    return name.lstrip("@").casefold()
