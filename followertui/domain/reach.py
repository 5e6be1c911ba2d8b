"""When an account's reach is real: the rule of influencers, stated once.

Owns the thresholds and the sentence that says them. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from followertui.domain.kind import Kind

FOLLOWERS = 2_000
"""Least followers."""
FOLLOWERS_A_LIST = 500
"""On lists of others at least once for this number of followers; a verified account needs none."""
RATIO = 0.5
"""Most accounts followed, as a share of followers."""
RELEVANCE = 40
"""Least closeness to the market, 0-100."""
BOT = 30
"""Most bot score, 0-100."""

OTHERWISE: frozenset[Kind] = frozenset(
    {Kind.EMPLOYEE, Kind.COMPETITOR, Kind.VENDOR, Kind.BOT, Kind.HARMFUL, Kind.OFFTOPIC}
)
"""Kinds that are something else to us, whatever their reach."""

RULE = (
    f"an influencer by your word or list, or reach that is real: {FOLLOWERS:,} followers or more, on lists of others "
    f"at least once per {FOLLOWERS_A_LIST} followers or verified, follows at most half as many as follow it, close to "
    f"your market (relevance {RELEVANCE} or more), bot score below {BOT}, not silent; your own people, "
    "competitors and vendors are not counted"
)
"""The rule in one sentence."""
