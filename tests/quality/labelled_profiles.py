"""Labelled public profiles as columns, where the shared data folder is there.

Used by the benchmark and by the property tests; nothing of it is shipped.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from followertui.domain.account import ProfileColumns

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

AS_OF = {
    "bots-cresci2015": datetime(2015, 2, 14, tzinfo=UTC),
    "bots-nyu": datetime(2017, 4, 1, tzinfo=UTC),
    "bots-multilingual": datetime(2020, 8, 19, tzinfo=UTC),
}
"""Moment each set is judged at. bots-nyu says none: its youngest account is of 13 March 2017."""

_TIMES = ("%a %b %d %H:%M:%S %z %Y", "%m/%d/%Y %H:%M", "%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ")
_EMPTY = {"", "none", "null", "nan", "unknown"}

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Labelled:
    """Profiles, whether each is a bot, and the moment to judge them at."""

    columns: ProfileColumns
    is_bot: list[bool]
    now: datetime


def columns_of(profiles: Sequence[dict[str, Any]]) -> ProfileColumns:
    """Profiles as columns; a field that is missing is None."""
    names = [n for n in ProfileColumns.__dataclass_fields__ if n != "rows"]
    return ProfileColumns(rows=range(len(profiles)), **{n: [p.get(n) for p in profiles] for n in names})


def labelled_set(name: str) -> Labelled | None:
    """One of the three labelled sets, or None where the data is absent."""
    path = DATA / name / "users.csv"
    if not path.exists():
        return None
    now, profiles, labels = AS_OF[name], [], []
    for raw in _lines(path):
        profile = profile_of(raw)
        days = _number(raw.get("account_age_days"))
        if days is not None:
            profile["created_at"] = int(now.timestamp()) - days * 86_400
        profiles.append(profile)
        labels.append(raw["label"] in {"bot", "fake_follower"})
    return Labelled(columns_of(profiles), labels, now)


def genuine_profiles() -> dict[str, list[dict[str, Any]]] | None:
    """Genuine organisations and people of the match benchmark, by list, or None.

    They are the accounts that stand in ``gold.csv``, and the companies of the S&P 500, whose
    counts are all known; each carries ``as_of``, the time its profile was read.
    """
    folder = DATA / "match-benchmark"
    if not (folder / "gold.csv").exists():
        return None
    lists: dict[str, set[str]] = {}
    for raw in _lines(folder / "gold.csv"):
        lists.setdefault(raw["handle"].lower(), set()).add(raw["list"])
    found: dict[str, list[dict[str, Any]]] = {}
    for raw in _lines(folder / "accounts.csv"):
        profile = profile_of(raw)
        year, _, month = (raw["profile_as_of"] or "2023-01").partition("-")
        profile["as_of"] = datetime(int(year), int(month[:2] or 12), 28, tzinfo=UTC)
        for name in sorted(lists.get(raw["handle"].lower(), ())):
            found.setdefault(name, []).append(profile)
    for path in sorted((DATA / "companies-sp500-profiles").glob("*.csv")):
        found["companies-sp500-profiles"] = [_company(raw) for raw in _lines(path) if _number(raw["x_followers_count"])]
    return found


_COUNTS = ("followers", "following", "posts", "listed", "likes")


def humans_of(columns: ProfileColumns, is_bot: Sequence[bool]) -> list[dict[str, Any]]:
    """The profiles of a labelled set that are no bots, every field by its name."""
    fields = [name for name in ProfileColumns.__dataclass_fields__ if name != "rows" and getattr(columns, name)]
    people = (at for at, bot in enumerate(is_bot) if not bot)
    return [{name: getattr(columns, name)[at] for name in fields} for at in people]


def in_first_days(profile: dict[str, Any], days: int, now: datetime) -> dict[str, Any]:
    """A profile as it would have been some days after it was made: its counts in proportion.

    Args:
        profile: with ``created_at``; without it, only the age changes.
        days: its age.
        now: when it is read.
    """
    moment = int(now.timestamp())
    born = profile.get("created_at")
    share = min(1.0, days * 86_400 / max(1, moment - born)) if born else 1.0
    less = {name: None if profile.get(name) is None else round(profile[name] * share) for name in _COUNTS}
    return {**profile, **less, "created_at": moment - days * 86_400, "verified": ""}


def _company(raw: dict[str, str]) -> dict[str, Any]:
    """A listed company's profile, every count known; read in November 2022."""
    names = {"x_username": "screen_name", "x_following_count": "friends_count", "x_tweet_count": "statuses_count"}
    renamed = {names.get(key, key.removeprefix("x_")): value for key, value in raw.items()}
    renamed["created_at"] = renamed["created_at"].partition("+")[0]
    return {**profile_of(renamed), "as_of": datetime(2022, 11, 28, tzinfo=UTC)}


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file))


def profile_of(raw: dict[str, str]) -> dict[str, Any]:
    """One CSV line of any of these sets as the fields of ``ProfileColumns``."""
    verified = _flag(raw.get("verified"))
    return {
        "handle": _text(_first(raw, "screen_name", "handle")),
        "name": _text(raw.get("name")),
        "bio": _text(_first(raw, "description", "bio")),
        "location": _text(raw.get("location")),
        "url": _text(raw.get("url")),
        "site": _text(raw.get("expanded_url")),
        "followers": _number(raw.get("followers_count")),
        "following": _number(_first(raw, "friends_count", "following_count")),
        "posts": _number(_first(raw, "statuses_count", "tweet_count")),
        "listed": _number(raw.get("listed_count")),
        "likes": _number(raw.get("favourites_count")),
        "created_at": _time(raw.get("created_at")),
        "verified": "blue" if raw.get("verified") == "blue" else {None: None, 0: "", 1: "legacy"}[verified],
        "protected": _flag(raw.get("protected")),
        "default_image": _flag(raw.get("default_profile_image")),
    }


def _first(raw: dict[str, str], *names: str) -> str | None:
    return next((raw[n] for n in names if n in raw), None)


def _text(value: str | None) -> str | None:
    tidy = (value or "").strip().strip('"').strip()
    return None if tidy.lower() in _EMPTY else tidy


def _number(value: str | None) -> int | None:
    try:
        return int(float(_text(value) or ""))
    except ValueError:
        return None


def _flag(value: str | None) -> int | None:
    return {"true": 1, "1": 1, "false": 0, "0": 0}.get((value or "").strip().lower())


def _time(value: str | None) -> int | None:
    tidy = _text(value)
    for shape in _TIMES if tidy else ():
        try:
            return int(datetime.strptime(tidy or "", shape).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    return None


def joined(groups: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Profiles of several groups, each account once."""
    return list({p["handle"]: p for group in groups for p in group}.values())
