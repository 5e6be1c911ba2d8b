"""How well role, seniority and type are read, beside labels given by reading.

``labelled_bios.csv`` was written before the program was asked: 250 bios to tune with, 250 more to
judge with, a third 250 whose errors nobody read, and Spanish and Italian ones, some to tune and
some to judge with. A bio is told by a hash of name and bio, so no text of a person is stored. Where
a bio names several functions, each is right; an empty label beside others means that none is due.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from labelled_profiles import DATA, columns_of

from followertui.quality.judging import judge
from followertui.quality.weights import load_weights

LABELS = Path(__file__).with_name("labelled_bios.csv")
AS_OF = datetime(2023, 1, 15, tzinfo=UTC)
PARTS = {
    "tune": "250 tuned with",
    "judge": "250 judged with",
    "third": "250 never tuned with",
    "spanish": "44 Spanish, tuned with",
    "spanish-judge": "40 Spanish, tuned with",
    "spanish-third": "56 Spanish, Portuguese",
    "italian": "44 Italian, tuned with",
    "italian-judge": "36 Italian",
}
"""Name of a part -> what it holds."""

LANGUAGES = {
    "Spanish and Portuguese": ("spanish", "spanish-judge", "spanish-third"),
    "Italian": ("italian", "italian-judge"),
}
"""Language other than English -> its parts."""

_FILES = {
    **dict.fromkeys(("italian", "italian-judge"), ("bots-cresci2015/users.csv", "description")),
    "spanish-third": ("bots-multilingual/users.csv", "description"),
}
_WILD = ("wild-audience/accounts.csv", "bio")

FACTS = ("type", "role", "seniority")


class Figure(NamedTuple):
    """Right answers of one fact: of those given, and of those due."""

    given: int
    due: int
    right: int
    found: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.due if self.due else 1.0


class ReadBio(NamedTuple):
    """One labelled bio with the program's answer; labels hold every right answer of each fact."""

    name: str
    bio: str
    labels: tuple[frozenset[str], ...]
    answers: tuple[str, ...]


def read_bios(part: str) -> list[ReadBio] | None:
    """The labelled bios of a part with the program's answers; None without the data."""
    name, column = _FILES.get(part, _WILD)
    path = DATA / name
    if not path.exists():
        return None
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = {line["hash"]: line for line in csv.DictReader(file) if line["set"] == part}
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        lines = ((line.get("name", ""), line[column]) for line in csv.DictReader(file))
        met = {key: said for said in lines if (key := hash_of(*said)) in labels}
    profiles = [{"name": name, "bio": bio} for name, bio in met.values()]
    judged = judge(columns_of(profiles), load_weights(), AS_OF)
    return [
        ReadBio(
            name,
            bio,
            tuple(frozenset(labels[key][fact].split("|")) for fact in FACTS),
            (j.type.value, j.role, j.seniority),
        )
        for (key, (name, bio)), j in zip(met.items(), judged, strict=True)
    ]


def hash_of(name: str, bio: str) -> str:
    """What a labelled bio is told by."""
    return hashlib.sha256(f"{name}\n{bio}".encode()).hexdigest()[:16]


def figures(bios: list[ReadBio]) -> dict[str, Figure]:
    """Fact -> its figure; "unknown" and "" are no answer."""
    none = {"unknown", ""}
    result = {}
    for at, fact in enumerate(FACTS):
        given = [bio for bio in bios if bio.answers[at] not in none]
        due = [bio for bio in bios if not bio.labels[at] & none]
        right, found = (sum(bio.answers[at] in bio.labels[at] for bio in some) for some in (given, due))
        result[fact] = Figure(len(given), len(due), right, found)
    return result
