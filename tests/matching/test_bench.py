"""The frozen bench: a score that changes does so on purpose."""

from __future__ import annotations

import bench
import pytest


def test_scores_are_as_frozen() -> None:
    every = bench.cases()
    changed = bench.changes(bench.frozen(), bench.scores_now(every))
    assert not changed, "meant so? python -m tests.matching.bench --write\n" + "\n".join(changed)


def test_every_kind_of_mistake_has_a_case_for_and_one_against() -> None:
    every = bench.cases()
    assert len({case.name for case in every}) == len(every)
    kinds: dict[str, set[bool]] = {}
    for case in every:
        kinds.setdefault(case.name.partition(" ")[0], set()).add(bool(case.right))
    assert {int(kind) for kind in kinds} >= set(range(1, 15))
    assert [kind for kind, verdicts in kinds.items() if True not in verdicts and kind not in {"3", "12"}] == []


def test_a_change_and_a_flip_are_told() -> None:
    before, now = {"a": {"1 is": 90}, "b": {"1 is": 60}}, {"a": {"1 is": 85}, "b": {"1 is": 40}, "c": {"2 is": 30}}
    assert bench.changes(before, now) == ["a [1 is] 90 -> 85", "b [1 is] 60 -> 40  FLIPPED", "c [2 is] 0 -> 30"]


def test_f1_counts_wrong_and_missed() -> None:
    every = [
        case._replace(name=name, right=frozenset({"1 is"})) for case, name in zip(bench.cases(), "abc", strict=False)
    ]
    figure, faults = bench.f1({"a": {"1 is": 90}, "b": {"2 is": 60}, "c": {"1 is": 40}}, every)
    assert figure == pytest.approx(2 / 5)
    assert len(faults) == 3
