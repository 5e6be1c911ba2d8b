from __future__ import annotations

import pytest

from followertui.domain.judgement import AccountType, Judgement
from followertui.domain.kind import Kind
from followertui.quality.kinds import judged_kind
from followertui.quality.weights import load_weights

CALM = Judgement(1, 10, 0, 20, None, AccountType.PERSON, "", "", ())


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ((None, None, None), Kind.UNSEEN),
        ((None, 0, None), Kind.UNCLEAR),
        ((63, 49, 59), Kind.UNCLEAR),
        ((64, 0, 0), Kind.BOT),
        ((0, 50, 0), Kind.HARMFUL),
        ((90, 55, 70), Kind.BOT),
        ((70, 70, 70), Kind.HARMFUL),
        ((20, 40, 80), Kind.OFFTOPIC),
    ],
)
def test_judged_kind(scores: tuple[int | None, int | None, int | None], kind: Kind) -> None:
    bot, harmful, offtopic = scores
    assert judged_kind(CALM._replace(bot=bot, harmful=harmful, offtopic=offtopic), load_weights()) is kind


def test_a_named_rival_is_a_competitor_whatever_the_scores_say() -> None:
    judged = CALM._replace(bot=90, harmful=0, offtopic=70, reasons=("named-rival",))
    assert judged_kind(judged, load_weights()) is Kind.COMPETITOR


@pytest.mark.parametrize(
    ("bot", "offtopic", "kind"), [(5, 80, Kind.EMPLOYEE), (None, None, Kind.EMPLOYEE), (90, 0, Kind.BOT)]
)
def test_whose_bio_names_us_works_here_unless_it_is_a_bot(bot: int | None, offtopic: int | None, kind: Kind) -> None:
    judged = CALM._replace(bot=bot, harmful=None, offtopic=offtopic, reasons=("works-here",))
    assert judged_kind(judged, load_weights()) is kind
