"""A made-up audience of any size, and waves to plant in it.

Everything is drawn from a seed; nobody in it exists. Used by tests and the benchmark.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from followertui.domain.account import ProfileColumns

NOW = 1_795_000_000
"""Moment the audience was read, epoch seconds."""

DAY = 86_400
READINGS = 12
"""Readings of followers after the baseline."""

TEXT = files("followertui.quality").joinpath("handle_words.txt").read_text(encoding="utf-8")
LINES = [line.split() for line in TEXT.splitlines() if line and not line.startswith("#")]
GIVEN, FAMILY = LINES[0] + LINES[1], LINES[2]
WORDS = sorted({word for line in LINES for word in line})
JOBS = ("founder of", "engineer at", "marketing at", "writer", "i love", "fan of", "we are", "student of", "news from")
PLACES = ("Lisbon", "Munich", "Austin, TX", "Tokyo", "Paris", "São Paulo", "London", "Toronto", "Madrid", "")


@dataclass
class Audience:
    """Profiles, follow order (0 newest) and the reading that saw each first."""

    profiles: list[dict[str, Any]]
    order: list[int | None]
    first_seen: list[int | None]
    planted: dict[str, set[int]] = field(default_factory=dict)


def genuine(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """People and firms with nothing in common but chance."""
    rnd = random.Random(seed)
    return [_person(rnd, number) for number in range(count)]


def _person(rnd: random.Random, number: int) -> dict[str, Any]:
    first, last = rnd.choice(GIVEN), rnd.choice(FAMILY)
    style = rnd.random()
    tail = "" if style < 0.55 else str(rnd.randrange(10 ** rnd.randint(1, 4)))
    handle = (first + rnd.choice(("", "_", last, f"_{last}")) + tail + rnd.choice(("", "", rnd.choice(WORDS))))[:15]
    words = [rnd.choice(WORDS) for _ in range(rnd.randint(3, 14))]
    bio = f"{rnd.choice(JOBS)} {' '.join(words)}" if rnd.random() < 0.8 else None
    age = rnd.uniform(30, 6500)
    followers = int(rnd.lognormvariate(5.5, 1.8))
    site = f"https://{rnd.choice(WORDS)}{rnd.choice(WORDS)}{number}.com" if rnd.random() < 0.3 else None
    return {
        "handle": handle,
        "name": f"{first.title()} {last.title()}",
        "bio": bio,
        "location": rnd.choice(PLACES) or None,
        "url": "https://t.co/x" + str(number) if site else None,
        "site": site,
        "followers": followers,
        "following": int(followers * rnd.lognormvariate(0.2, 0.8)) + 5,
        "posts": int(rnd.lognormvariate(6, 2)),
        "listed": followers // rnd.randint(20, 200),
        "created_at": int(NOW - age * DAY),
        "last_post_at": int(NOW - rnd.uniform(0, min(age, 900)) * DAY),
        "verified": rnd.choice(("", "", "", "", "blue", None)),
        "protected": int(rnd.random() < 0.05),
        "default_image": int(rnd.random() < 0.02),
        "image_url": f"https://pbs.twimg.com/profile_images/{number}/a_normal.jpg",
        "lang": "en",
    }


def with_waves(profiles: list[dict[str, Any]], seed: int = 2) -> Audience:
    """Plant five bought waves of 300-500 with one trait each, and one without any.

    A wave arrives as a block of the follow order in which one in ten came by themselves,
    and is spread over the last readings; only the arrival burst comes in one reading.
    ``planted`` holds positions by trait; the wave without a trait is "none".
    """
    rnd = random.Random(seed)
    waves: dict[str, list[dict[str, Any]]] = {}
    for trait in ("creation-burst", "same-link", "same-bio", "handle-pattern", "arrival-burst", "none"):
        made = genuine(rnd.randint(300, 500), seed=rnd.randrange(10**9))
        _TRAITS[trait](made, rnd)
        waves[trait] = made
    audience = Audience([], [], [])
    line: list[tuple[str, dict[str, Any]]] = [("", p) for p in profiles]
    slots = sorted(rnd.sample(range(len(line)), len(waves)), reverse=True)
    for trait, slot in zip(waves, slots, strict=True):
        block = [(trait, p) for p in waves[trait]]
        mixed = block + line[slot : slot + len(block) // 10]
        rnd.shuffle(mixed)
        line[slot : slot + len(block) // 10] = mixed
    numbered = list(enumerate(line))
    rnd.shuffle(numbered)
    burst = READINGS // 2
    for position, (place, (trait, profile)) in enumerate(numbered):
        audience.profiles.append(profile)
        audience.order.append(place)
        late = rnd.random() < 0.01
        audience.first_seen.append(burst if trait == "arrival-burst" else rnd.randint(1, READINGS) if late else 0)
        if trait:
            audience.planted.setdefault(trait, set()).add(position)
    return audience


def _one_season(made: list[dict[str, Any]], rnd: random.Random) -> None:
    start = NOW - rnd.randint(400, 3000) * DAY
    for profile in made:
        profile["created_at"] = start + rnd.randrange(60 * DAY)


def _one_link(made: list[dict[str, Any]], rnd: random.Random) -> None:
    for profile in made:
        profile["site"] = "https://win-big-today.example.net/join" + rnd.choice(("", "?ref=1", "?ref=2"))


def _one_template(made: list[dict[str, Any]], rnd: random.Random) -> None:
    for profile in made:
        thing, place = rnd.choice(WORDS), rnd.choice(PLACES)
        profile["bio"] = f"Lover of {thing} and life in {place}. Sharing daily ideas on growth, wealth and freedom"


def _one_handle_pattern(made: list[dict[str, Any]], rnd: random.Random) -> None:
    for profile in made:
        profile["handle"] = f"{rnd.choice(GIVEN)[:8]}_{rnd.randrange(10**5):05d}"


def _nothing(made: list[dict[str, Any]], rnd: random.Random) -> None:
    rnd.shuffle(made)


_TRAITS = {
    "creation-burst": _one_season,
    "same-link": _one_link,
    "same-bio": _one_template,
    "handle-pattern": _one_handle_pattern,
    "arrival-burst": _nothing,
    "none": _nothing,
}


def columns_of(profiles: list[dict[str, Any]]) -> ProfileColumns:
    """Profiles as columns; row numbers are positions."""
    names = [n for n in ProfileColumns.__dataclass_fields__ if n != "rows"]
    return ProfileColumns(rows=range(len(profiles)), **{n: [p.get(n) for p in profiles] for n in names})
