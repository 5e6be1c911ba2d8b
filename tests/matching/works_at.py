"""How often a proposed employer is right: proposals among strangers, read one by one.

``python -m tests.matching.works_at`` prints, for audiences and company lists of the shared data, how many
certain and likely employers there are, how many were read, how many of those were right, and the
probability that was said; sets read while rules were chosen apart from those read afterwards.
``works_labels.csv`` holds what was read as hashes of handle and company, never names.
"""

from __future__ import annotations

import csv
import hashlib
import sys
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

OTHERS = [
    *(("wild", name) for name in ("sp500", "linkedin", "gleif")),
    *(("okeneo", name) for name in ("landscape", "sec-tickers")),
    *(("export-v2", name) for name in ("landscape", "sec-tickers")),
]
"""Audiences and lists read afterwards."""


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


def of_list(name: str, who: str = "wild") -> Read:
    """The employers proposed between an audience and a company list, likely and better.

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
    found = [
        (label_key(columns.handle[p.row] or "", by_id[p.entry_id].company), p.probability or 0.0)
        for p in matcher.propose(columns)
        if p.relation is MatchRelation.WORKS_AT and p.band is not Band.POSSIBLE
    ]
    known = labels()
    read = [(known[key], said) for key, said in found if key in known]
    return Read(len(found), len(read), sum(right for right, _ in read), sum(said for _, said in read))


def main() -> None:
    """Print the figure of every set, and of all of them."""
    for title, sets in (("read while rules were chosen", TUNED), ("read afterwards", OTHERS)):
        print(title)
        every = [of_list(name, who) for who, name in sets]
        for (who, name), got in zip(sets, every, strict=True):
            print(f"  {who:9} x {name:12} {_line(got)}")
        total = Read(*(sum(part) for part in zip(*every, strict=True)))
        print(f"  {'all of these':24} {_line(total)}")


def _line(got: Read) -> str:
    """The figures of one set in words."""
    said = got.said / max(1, got.read)
    return f"{got.proposals} employers, {got.read} read, {got.right} right ({got.share:.3f}; said {said:.3f})"


if __name__ == "__main__":
    main()
