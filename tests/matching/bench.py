"""The frozen bench: made-up cases of every kind of mistake, with the probability they have in percent.

``python -m tests.matching.bench`` prints what changed since the scores were frozen: scores,
verdicts that flipped, F1 and microseconds a case. ``--write`` freezes them as they are now; the
change then stands in the commit.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from match_fixtures import profiles  # noqa: E402

from followertui.domain.account import ProfileColumns  # noqa: E402
from followertui.domain.lists import ListEntry  # noqa: E402
from followertui.domain.match import Proposal  # noqa: E402
from followertui.matching.individuals import namesake_key  # noqa: E402
from followertui.matching.matcher import Matcher  # noqa: E402
from followertui.matching.weights import default_weights  # noqa: E402

CASES = FOLDER / "bench_cases.json"
SCORES = FOLDER / "bench_scores.json"

Scores = dict[str, dict[str, int]]
"""Name of a case -> "entry relation" -> probability in percent."""


class Case(NamedTuple):
    """One case as it is compared.

    Attributes:
        name: kind and case, unique.
        columns: its account.
        entries: its entries, numbered from 1.
        namesakes: how many accounts share the name, by key.
        right: what the account is, as "entry relation".
    """

    name: str
    columns: ProfileColumns
    entries: list[ListEntry]
    namesakes: dict[str, int]
    right: frozenset[str]


def cases() -> list[Case]:
    """Every case of the file."""
    found = []
    for one in json.loads(CASES.read_text(encoding="utf-8")):
        account = one["account"]
        sharing = {namesake_key(account["name"]): one["sharing"]} if "sharing" in one else {}
        entries = [_entry(number, fields) for number, fields in enumerate(one["entries"], start=1)]
        right = frozenset(f"{number} {relation}" for number, relation in one["right"])
        found.append(Case(f"{one['kind']}: {one['name']}", profiles(account), entries, sharing, right))
    return found


def _entry(number: int, fields: dict[str, Any]) -> ListEntry:
    texts = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return ListEntry(line=number, id=number, entity_id=number, list_id=1, **texts)


def proposed(case: Case) -> list[Proposal]:
    """What the matcher proposes for a case."""
    return Matcher(case.entries, namesakes=case.namesakes).propose(case.columns)


def scores_now(every: list[Case]) -> Scores:
    """The probabilities of every case as they are now, in percent."""
    return {
        case.name: {f"{p.entry_id} {p.relation}": round(100 * (p.probability or 0.0)) for p in proposed(case)}
        for case in every
    }


def frozen() -> Scores:
    """The scores as they were frozen."""
    found: Scores = json.loads(SCORES.read_text(encoding="utf-8"))
    return found


def changes(before: Scores, now: Scores) -> list[str]:
    """Scores that changed, one line each; a verdict that flipped is marked."""
    likely = round(100 * default_weights().scale["likely_from"])
    lines = []
    for name in sorted({*before, *now}):
        was, is_ = before.get(name, {}), now.get(name, {})
        for pair in sorted({*was, *is_}):
            old, new = was.get(pair, 0), is_.get(pair, 0)
            if old != new:
                flip = "  FLIPPED" if (old >= likely) != (new >= likely) else ""
                lines.append(f"{name} [{pair}] {old} -> {new}{flip}")
    return lines


def f1(scores: Scores, every: list[Case]) -> tuple[float, list[str]]:
    """F1 of certain and likely over all cases, and the pairs that are wrong or missing."""
    likely = round(100 * default_weights().scale["likely_from"])
    met = wrong = missed = 0
    faults = []
    for case in every:
        said = {pair for pair, score in scores[case.name].items() if score >= likely}
        met, wrong, missed = (
            met + len(said & case.right),
            wrong + len(said - case.right),
            missed + len(case.right - said),
        )
        faults += [f"{case.name} [{pair}] wrong" for pair in sorted(said - case.right)]
        faults += [f"{case.name} [{pair}] missed" for pair in sorted(case.right - said)]
    return 2 * met / max(1, 2 * met + wrong + missed), faults


def main() -> None:
    """Print what changed, or freeze it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="freeze the scores as they are now")
    asked = parser.parse_args()
    every = cases()
    matchers = [(Matcher(case.entries, namesakes=case.namesakes), case.columns) for case in every]
    began = time.process_time()
    for matcher, columns in matchers:
        matcher.propose(columns)
    took = (time.process_time() - began) / len(every) * 1e6
    now = scores_now(every)
    changed = changes(frozen(), now) if SCORES.exists() else []
    figure, faults = f1(now, every)
    print("\n".join([*changed, *faults]))
    flipped = sum(line.endswith("FLIPPED") for line in changed)
    print(f"{len(every)} cases: {len(changed)} scores changed, {flipped} verdicts flipped, "
          f"F1 {figure:.3f}, {took:.0f} microseconds a case")  # fmt: skip
    if asked.write:
        SCORES.write_text(json.dumps(now, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
