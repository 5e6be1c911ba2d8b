"""How often a proposed employer is right: proposals of the wild audience, read one by one.

``python -m tests.matching.works_at [LIST...]`` prints, for company lists of the shared data, how many
certain and likely employers there are, how many were read, and how many of those were right.
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
import match_data  # noqa: E402

from followertui.domain.match import MatchRelation  # noqa: E402
from followertui.matching.individuals import shared_names  # noqa: E402
from followertui.matching.matcher import Matcher  # noqa: E402
from followertui.matching.normalising import comparison_key, without_asides  # noqa: E402
from followertui.matching.weights import default_weights  # noqa: E402

LABELS = FOLDER / "works_labels.csv"


class Read(NamedTuple):
    """What reading the proposals of one list gave: how many there are, how many were read, how many are right."""

    proposals: int
    read: int
    right: int

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


def of_list(name: str) -> Read:
    """The employers proposed between the wild audience and a company list, likely and better."""
    columns = match_data.columns_of(match_data.rows_of(match_data.DATA / "wild-audience" / "accounts.csv"))
    entries = clause_checking.wild_entries(name)
    by_id = {entry.id: entry for entry in entries}
    matcher = Matcher(entries, namesakes=shared_names(text or "" for text in columns.name))
    likely = default_weights().bands["likely"]
    found = [
        label_key(columns.handle[p.row] or "", by_id[p.entry_id].company)
        for p in matcher.propose(columns)
        if p.relation is MatchRelation.WORKS_AT and p.score >= likely
    ]
    known = labels()
    return Read(len(found), sum(key in known for key in found), sum(known.get(key, False) for key in found))


def main() -> None:
    """Print the figure of every list asked for, all by default."""
    for name in sys.argv[1:] or clause_checking.WILD_LISTS:
        got = of_list(name)
        print(f"{name}: {got.proposals} employers, {got.read} read, {got.right} right ({got.share:.3f})")


if __name__ == "__main__":
    main()
