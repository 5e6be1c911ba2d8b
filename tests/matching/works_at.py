"""How often a proposed employer is right: proposals among strangers, read one by one.

``python -m tests.matching.works_at`` prints, for audiences and company lists of the shared data, how many
certain and likely employers there are, how many were read, how many of those were right, and the
probability that was said; sets read while rules were chosen apart from those read when all rules stood.
``works_labels.csv`` holds what was read as hashes of handle and company, never names.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "benchmarks")]

import clause_checking  # noqa: E402
import match_audiences  # noqa: E402
import match_data  # noqa: E402
import match_wild  # noqa: E402

from followertui.domain.match import Band, MatchRelation  # noqa: E402
from followertui.matching.individuals import shared_names  # noqa: E402
from followertui.matching.matcher import Matcher  # noqa: E402
from followertui.matching.normalising import comparison_key, without_asides  # noqa: E402

LABELS = FOLDER / "works_labels.csv"


TUNED = [("wild", name) for name in ("fortune1000", "landscape", "sec-tickers", "newspapers")]
"""Audiences and lists read while rules were chosen."""

AFTERWARDS = [
    *(("wild", name) for name in ("sp500", "linkedin", "gleif")),
    *(("okeneo", name) for name in ("landscape", "sec-tickers")),
    *(("export-v2", name) for name in ("landscape", "sec-tickers")),
]
"""Audiences and lists read afterwards, and then learned from."""

OTHERS = [
    *(("wild", name) for name in ("tech", "variants")),
    *(("okeneo", name) for name in ("fortune1000", "newspapers")),
    *(("export-v2", "fortune1000"), ("nyu", "landscape")),
]
"""Audiences and lists read when all rules stood."""


class Read(NamedTuple):
    """What reading the proposals of one list gave.

    Attributes:
        proposals: how many there are.
        read: how many of them were read.
        right: how many of those are right.
        said: the sum of the probabilities of those that were read.
    """

    proposals: int
    read: int
    right: int
    said: float = 0.0

    @property
    def share(self) -> float:
        """Right ones among those read, 0-1."""
        return self.right / max(1, self.read)


def label_key(handle: str, company: str) -> str:
    """The hash under which a pair was labelled."""
    text = f"{handle.lower()}|{comparison_key(without_asides(company)[0])}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def labels() -> dict[str, bool]:
    """Hash of a pair -> whether the person works there."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["pair"]: row["right"] == "1" for row in csv.DictReader(file)}


@cache
def of_bands(name: str, who: str = "wild") -> dict[Band, Read]:
    """The employers proposed between an audience and a company list, certain and likely.

    Args:
        name: the list.
        who: the audience.
    """
    columns = match_data.columns_of(match_audiences.audience(who))
    is_wild = who == "wild" and name in clause_checking.WILD_LISTS
    entries = clause_checking.wild_entries(name) if is_wild else match_wild.entries_of(name)
    by_id = {entry.id: entry for entry in entries}
    audience = match_data.audience_of(entries, columns)
    matcher = Matcher(entries, namesakes=shared_names(text or "" for text in columns.name), audience=audience)
    known = labels()
    found = dict.fromkeys((Band.CERTAIN, Band.LIKELY), Read(0, 0, 0))
    for p in matcher.propose(columns):
        if p.relation is MatchRelation.WORKS_AT and p.band in found:
            right = known.get(label_key(columns.handle[p.row] or "", by_id[p.entry_id].company))
            said = (p.probability or 0.0) if right is not None else 0.0
            found[p.band] = summed(found[p.band], Read(1, int(right is not None), int(right or False), said))
    return found


def of_list(name: str, who: str = "wild") -> Read:
    """The same, both bands together."""
    return summed(*of_bands(name, who).values())


def summed(*some: Read) -> Read:
    """The figures of several sets as those of one."""
    return Read(*(sum(part) for part in zip(*some, strict=True)))


def main() -> None:
    """Print the figure of every set, and of all of them."""
    titles = (
        ("read while rules were chosen", TUNED),
        ("read afterwards, then learned from", AFTERWARDS),
        ("read when all rules stood", OTHERS),
    )
    for title, sets in titles:
        print(title)
        every = [of_bands(name, who) for who, name in sets]
        for (who, name), got in zip(sets, every, strict=True):
            print(f"  {who:9} x {name:12} {_line(summed(*got.values()))}", flush=True)
        for band in (Band.CERTAIN, Band.LIKELY):
            print(f"  {'all of these, ' + band.value:24} {_line(summed(*(got[band] for got in every)))}")
        print(f"  {'all of these':24} {_line(summed(*(one for got in every for one in got.values())))}", flush=True)


def _line(got: Read) -> str:
    """The figures of one set in words."""
    said = got.said / max(1, got.read)
    return f"{got.proposals} employers, {got.read} read, {got.right} right ({got.share:.3f}; said {said:.3f})"


if __name__ == "__main__":
    main()
