"""What looking at open matches costs: by cut, at the reviewer's own pace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from list_world import ListWorld

from followertui.domain.match import MatchState
from followertui.matching import measured
from followertui.services import querying
from followertui.services.care import exporting
from followertui.services.review import cards, match_costs
from followertui.store.audience import pages
from followertui.ui import card_text


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    made = ListWorld(tmp_path)
    made.accounts(
        *(
            {"x_id": n, "handle": f"quorvane{n}", "name": f"Quorvane {n}", "bio": "We make valves"}
            for n in range(1, 31)
        ),
        {"x_id": 41, "handle": "brintonunion", "name": "Brinton Union", "bio": "Official account of the Brinton Union"},
        {"x_id": 40, "handle": "brindle", "name": "Brindle", "site": "https://brindle.com"},
    )
    made.list(("Company", "Website"), *((f"Quorvane {n}", "") for n in range(1, 31)), ("Brindle", "brindle.com"),
              ("Brinton Union (Computing Centre)", ""))  # fmt: skip
    made.match()
    yield made
    made.bench.close()


def open_ones(world: ListWorld) -> list[float]:
    return sorted(
        (tie["probability"] for tie in exporting.match_records(world.session, None, "unreviewed")), reverse=True
    )


def test_every_cut_counts_what_lies_above_it(world: ListWorld) -> None:
    found = match_costs.match_costs(world.session)
    every = open_ones(world)
    assert every
    assert found.cuts[-1].pairs == len(every)
    for one in found.cuts:
        above = [chance for chance in every if chance >= one.cut]
        assert (one.pairs, one.right) == (len(above), pytest.approx(sum(above)))
        assert one.wrong == pytest.approx(len(above) - sum(above))
        assert one.minutes == pytest.approx(len(above) * match_costs.USUAL_SECONDS / 60)
    assert [one.cut for one in found.cuts] == [*measured.CUTS, 0.0]
    assert not found.is_own_pace


def test_the_pace_is_the_reviewers_own_after_twenty_answers_and_breaks_do_not_count(world: ListWorld) -> None:
    ids = sorted({tie.id for n in range(1, 31) for tie in world.ties(f"quorvane{n}")})
    assert len(ids) >= 25
    before = match_costs.match_costs(world.session)
    for at, number in enumerate(ids[:25]):
        world.clock.advance(timedelta(seconds=4000 if at == 12 else 9))
        world.bench.confirm([number]) if at % 2 else world.bench.reject([number])
    after = match_costs.match_costs(world.session)
    assert (after.is_own_pace, after.seconds_a_pair) == (True, 9)
    assert after.cuts[-1].pairs == before.cuts[-1].pairs - 25
    assert world.ties("brindle")[0].state is MatchState.UNREVIEWED


def test_bits_stand_on_the_card_and_in_the_json(world: ListWorld) -> None:
    (record,) = exporting.match_records(world.session, [world.row("brindle")])
    signals = record["evidence"]["signals"]
    assert [one["bits"] for one in signals] == [round(one["weight"] / 6, 1) for one in signals]
    assert json.dumps(record)
    (card,) = cards.match_cards(world.session, world.row("brindle"))
    said = [str(line) for line in card_text.evidence_lines(card)]
    assert said
    assert all(" bits)" in line for line in said)


def test_matches_are_ordered_by_chance_then_score(world: ListWorld) -> None:
    rows = querying.rows_of(world.session, "match:any sort:-match")
    best = [
        max((tie.probability or 0, tie.score) for tie in world.ties(page.handle))
        for page in pages.page(world.session.store, rows)
    ]
    assert len(set(best)) > 1
    assert best == sorted(best, reverse=True)
    assert [score for _, score in best] != sorted((score for _, score in best), reverse=True)
