"""Role and seniority on 66 made-up bios in Spanish and Portuguese, labelled before any word was added for them.

``python tests/quality/iberian.py`` prints each that is read otherwise, and precision and recall.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from made_audience import NOW, columns_of

from followertui.quality.judging import judge
from followertui.quality.weights import load_weights

BIOS = Path(__file__).with_name("iberian_bios.csv")


class MadeBio(NamedTuple):
    """A bio with what is right, and what the program says: each (role, seniority)."""

    bio: str
    right: tuple[str, str]
    said: tuple[str, str]


def made_bios(some: Sequence[tuple[str, str, str]] = ()) -> list[MadeBio]:
    """Bios with the program's answers.

    Args:
        some: (role, seniority, bio) each; none for every made-up one, in file order.
    """
    lines = some or _labelled()
    columns = columns_of([{"handle": "dana", "name": "Dana Ortiz", "bio": bio} for _, _, bio in lines])
    judged = judge(columns, load_weights(), datetime.fromtimestamp(NOW, tz=UTC))
    return [
        MadeBio(bio, (role, seniority), (found.role, found.seniority))
        for (role, seniority, bio), found in zip(lines, judged, strict=True)
    ]


def _labelled() -> list[tuple[str, str, str]]:
    with BIOS.open(encoding="utf-8", newline="") as file:
        return [(line["role"], line["seniority"], line["bio"]) for line in csv.DictReader(file, delimiter=";")]


def shares(bios: list[MadeBio], fact: int) -> tuple[float, float]:
    """Precision and recall of one fact: 0 the role, 1 the seniority."""
    right = sum(bio.said[fact] == bio.right[fact] != "" for bio in bios)
    return right / sum(bio.said[fact] != "" for bio in bios), right / sum(bio.right[fact] != "" for bio in bios)


if __name__ == "__main__":
    every = made_bios()
    print("".join(f"{bio.right} {bio.said} {bio.bio}\n" for bio in every if bio.said != bio.right), end="")
    for at, fact in enumerate(("role", "seniority")):
        print(f"{fact}: precision {shares(every, at)[0]:.3f}, recall {shares(every, at)[1]:.3f}")
