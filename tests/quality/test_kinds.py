from __future__ import annotations

import pytest

from followertui.domain.decision import Decision
from followertui.domain.judgement import AccountType, Judgement
from followertui.domain.kind import Kind
from followertui.domain.match import Band
from followertui.quality.kinds import judged_kind, suggest
from followertui.quality.weights import load_weights

CALM = Judgement(1, 10, 0, 20, None, AccountType.PERSON, "", "", ())


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ((None, None, None), Kind.UNSEEN),
        ((None, 0, None), Kind.UNCLEAR),
        ((60, 50, 60), Kind.UNCLEAR),
        ((61, 0, 0), Kind.BOT),
        ((90, 55, 70), Kind.BOT),
        ((70, 70, 70), Kind.HARMFUL),
        ((20, 40, 80), Kind.OFFTOPIC),
    ],
)
def test_judged_kind(scores: tuple[int | None, int | None, int | None], kind: Kind) -> None:
    bot, harmful, offtopic = scores
    assert judged_kind(CALM._replace(bot=bot, harmful=harmful, offtopic=offtopic), load_weights()) is kind


@pytest.mark.parametrize(
    ("changes", "kind", "we_follow", "follows_us", "band", "decision"),
    [
        ({"bot": 90}, Kind.BOT, True, True, None, Decision.OUT),
        ({"harmful": 90}, Kind.HARMFUL, False, True, None, Decision.OUT),
        ({"bot": 90}, Kind.BOT, True, False, Band.POSSIBLE, Decision.NONE),
        ({"reasons": ("silent",)}, Kind.CUSTOMER, True, False, Band.CERTAIN, Decision.KEEP),
        ({}, Kind.PROSPECT, False, True, Band.CERTAIN, Decision.FOLLOW),
        ({}, Kind.PROSPECT, False, False, None, Decision.ENGAGE),
        ({}, Kind.COMPETITOR, True, False, None, Decision.KEEP),
        ({"reasons": ("silent",)}, Kind.UNCLEAR, True, False, None, Decision.OUT),
        ({"reasons": ("silent",)}, Kind.UNCLEAR, True, True, None, Decision.NONE),
        ({"reasons": ("silent",)}, Kind.UNCLEAR, True, False, Band.LIKELY, Decision.NONE),
        ({"type": AccountType.FEED}, Kind.UNCLEAR, True, False, None, Decision.OUT),
        ({"relevance": 50}, Kind.UNCLEAR, False, True, None, Decision.FOLLOW),
        ({"relevance": 50}, Kind.UNCLEAR, True, False, None, Decision.KEEP),
        ({"role": "sales"}, Kind.UNCLEAR, True, True, None, Decision.KEEP),
        ({}, Kind.UNCLEAR, False, True, None, Decision.NONE),
        ({}, Kind.UNSEEN, True, False, None, Decision.NONE),
    ],
)
def test_suggestions(
    changes: dict[str, object],
    kind: Kind,
    we_follow: bool,
    follows_us: bool,
    band: Band | None,
    decision: Decision,
) -> None:
    found = suggest(CALM._replace(**changes), kind, we_follow=we_follow, follows_us=follows_us, band=band)
    assert found.decision is decision
    assert found.text.startswith("suggests: ")
    assert "\n" not in found.text
