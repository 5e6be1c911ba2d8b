"""The report in words: some lines to paste into a chat, and JSON.

Owns wording and the stable keys. It computes no figure; ``services.insight.reporting`` does. Tables for CSV are
``services.insight.report_tables``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from followertui.domain import reach
from followertui.domain.clock import iso
from followertui.domain.guards import OUTCOMES
from followertui.domain.kind import KIND_ORDER
from followertui.late import late
from followertui.services.insight.values import (
    STAYING_DAYS,
    Around,
    CleanUp,
    Figure,
    Funnel,
    GoalLine,
    Growth,
    LinkLine,
    Point,
    Quality,
    Report,
    Staying,
)
from followertui.services.phrases import DONE_WORDS, counted, day

if TYPE_CHECKING:
    from followertui.quality import estimating
else:
    estimating = late("followertui.quality.estimating")

FEW = 10
"""Below this many people no difference is told."""

FEW_FOLLOWERS = 30
"""Of fewer followers no share is told of who came."""

TOO_FEW = "too few to say"

FORMAT = 1
"""Of the JSON document; grows when a key changes its meaning or goes."""


def percent(share: float | None) -> str:
    """``7%``, ``0.4%`` below one, ``?`` for None."""
    if share is None:
        return "?"
    points = 100 * share
    return f"{points:.1f}%" if 0 < points < 1 or 99 < points < 100 else f"{points:.0f}%"


def share(part: int, whole: int) -> str:
    """``7%`` of a whole, ``-`` where there is none."""
    return percent(part / whole) if whole else "-"


def quality_line(quality: Quality) -> str:
    """The qualified share: the estimate, or what is certain and what an estimate still needs."""
    if quality.low is not None and quality.high is not None and quality.point is not None and quality.of:
        low, point, high = (number / quality.of for number in (quality.low, quality.point, quality.high))
        if low == high:
            return f"qualified {percent(point)}: {round(quality.point):,} of {quality.of:,}, all looked at"
        rests = f"{counted(quality.random_looks, 'random look')}" + (
            f", {quality.exact:,} known exactly" if quality.exact else ""
        )
        return f"qualified {percent(point)} ({percent(low)} to {percent(high)}, 95% sure) of {quality.of:,}; {rests}"
    sure = quality.confirmed.count + quality.certain.count
    line = f"qualified: at least {sure:,} confirmed or certain, {quality.by_rule.count:,} of {quality.of:,} by rule"
    if not quality.needed:
        return line
    looks = counted(quality.needed, "random look")
    return f"{line}; not an estimate yet: {looks}, about {quality.minutes} min"


def kinds_line(kinds: Iterable[Figure], total: int, most: int = 6) -> str:
    """The largest kinds, ``unclear 61%, bot 12%, ...``."""
    largest = sorted(kinds, key=lambda one: -one.count)
    shown = [f"{one.name} {share(one.count, total)}" for one in largest[:most]]
    rest = sum(one.count for one in largest[most:])
    return ", ".join([*shown, *([f"others {share(rest, total)}"] if rest else [])])


def lines(report: Report, zone: tzinfo) -> list[str]:
    """The whole in about eight plain lines."""
    who = f"@{report.profile}" if report.profile else "This account"
    as_of = f" on {day(report.as_of, zone)}" if report.as_of else ""
    followers, following = report.followers, report.following
    fact = {one.name: one.count for one in (*followers.facts, *(Figure(f"follow {f.name}", f.count, f.query)
                                                              for f in following.facts))}  # fmt: skip
    total = followers.total.count
    made = [f"{who}{as_of}: {total:,} followers, follows {following.total.count:,}"]
    if not report.is_judged:
        made.append("nothing is judged yet: followertui judge")
    made.append(quality_line(report.quality))
    made.append("they are: " + (kinds_line(followers.kinds, total) or "nobody yet"))
    made.append("who matters: " + matters_line(report.matters))
    made.append(
        f"fake {fact['fake']:,} ({share(fact['fake'], total)}), silent {fact['silent']:,} "
        f"({share(fact['silent'], total)}); we follow {fact['follow junk']:,} junk accounts"
    )
    made.append(change_line(report))
    if report.growth is not None:
        made.append(growth_line(report.growth))
    if report.clean_up is not None:
        made.append(clean_up_line(report.clean_up))
    if report.index is not None:
        parts = ", ".join(f"{part.name} {percent(part.share)} x {part.weight:g}" for part in report.index_parts)
        made.append(f"quality index {report.index:.0f} of 100: {parts}")
    made += [said for said in (influencers_line(report), posting_line(report), goals_line(report)) if said]
    if report.advice:
        made.append("next: " + "; ".join(f"{one.figure.count:,} {one.text}" for one in report.advice[:3]))
    return made


def matters_line(matters: Iterable[Figure]) -> str:
    """Those who matter, kind by kind: ``44 customers, 6 press``."""
    told = [counted(one.count, one.name, one.name if one.name == "press" else "") for one in matters if one.count]
    return ", ".join(told) or "nobody of a kind that counts as qualified yet"


def goals_line(report: Report) -> str:
    """How the goals of playbooks stand, in one line; "" while nothing was done by any."""
    if not any(one.done for one in report.goals):
        return ""
    aimed = [f"{one.title} {one.engaged:,} of {one.target:,} this {one.per}" for one in report.goals if one.target]
    brought = {kind: sum(one.outcomes.get(kind, 0) for one in report.goals) for kind in OUTCOMES}
    came = [counted(count, kind) for kind, count in brought.items() if count]
    return "engaged: " + ", ".join(aimed or ["no goal is set"]) + (f"; after it {', '.join(came)}" if came else "")


def influencers_line(report: Report) -> str:
    """How many the rule of influencers finds, "" while it finds nobody."""
    if not any(one.count for one in report.influencers):
        return ""
    return "influencers: " + ", ".join(f"{one.count:,} {one.name}" for one in report.influencers)


def posting_line(report: Report) -> str:
    """Our own posting rhythm in one line, "" where no post is told of."""
    posting = report.posting
    if posting is None:
        return ""
    line = f"your posts: {posting.a_week:g} a week over {counted(len(posting.weeks), 'week')}"
    if posting.silent:
        line += f", {counted(posting.silent, 'silent week')} (the longest silence {posting.longest_silence:,})"
    qualified = sum(week.qualified for week in posting.weeks)
    return f"{line}; {counted(qualified, 'qualified follower')} came meanwhile"


def around_line(one: Around) -> str:
    """What followers did around the first engagement, with whether it is more than chance."""
    before, after = one.before.count, one.after.count
    line = f"{one.outcome}: {before:,} before, {after:,} after, of {one.of.count:,} engaged with"
    return f"{line}; {said}" if (said := around_verdict(one)) else line


def around_verdict(one: Around) -> str:
    """Whether the difference is more than chance: why not, "" where it is."""
    before, after = one.before.count, one.after.count
    if before + after < FEW:
        return TOO_FEW
    return "within the noise" if abs(after - before) <= 2 * math.sqrt(before + after) else ""


class Came(NamedTuple):
    """Share of a group's followers who visited, downloaded or registered, with its 95% bounds; 0 to 1."""

    low: float
    share: float
    high: float


def came(one: Funnel) -> Came | None:
    """The share of a group that came, None where it has too few followers to say."""
    of = one.steps[0].count
    if of < FEW_FOLLOWERS:
        return None
    part = one.came.count / of
    low, high = estimating.share_bounds(part, of)
    return Came(low, part, high)


def came_words(one: Funnel) -> str:
    """``12% (8% to 17%)``, or that there are too few to say."""
    found = came(one)
    return TOO_FEW if found is None else f"{percent(found.share)} ({percent(found.low)} to {percent(found.high)})"


def change_line(report: Report) -> str:
    """What happened since the day asked for, in one line."""
    change = report.change
    if change is None:
        return "first measurement: growth shows from the next reading on"
    gained, lost = (sum(one.count for one in some) for some in (change.gained, change.lost))
    line = f"since {change.since}: +{gained:,} -{lost:,} followers, qualified {change.net_qualified:+,}"
    if not change.are_losses_known:
        return f"{line}; losses are not known: no complete reading since"
    causes = ", ".join(f"{one.count:,} {CAUSE_WORDS[one.name]}" for one in change.causes)
    if any(one.name == "unknown" and one.count for one in change.causes):
        causes += "; followertui sync --leavers asks X why"
    return f"{line}" + (f" (lost: {causes})" if causes else "")


def growth_line(growth: Growth) -> str:
    """What X's account analytics tell, in one line."""
    first, last = growth.days[0], growth.days[-1]
    line = f"X's analytics {first.day} to {last.day}: +{growth.new_follows:,} -{growth.unfollows:,} followers"
    if first.followers is not None and last.followers is not None:
        line += f", {first.followers:,} -> {last.followers:,}"
    if growth.profile_visits is not None:
        line += f"; {counted(growth.profile_visits, 'profile visit')}"
        if growth.new_follows and growth.profile_visits:
            line += f", {percent(growth.new_follows / growth.profile_visits)} of them followed"
    return line + (f"; {counted(growth.missing, 'day')} missing" if growth.missing else "")


def clean_up_line(clean_up: CleanUp) -> str:
    """What the last clean-up did and what was lost besides, in one line."""
    did = ", ".join(f"{one.count:,} {DONE_WORDS[one.name]}" for one in clean_up.actions)
    made = [f"clean-up {clean_up.days}: {did}"]
    for word, shifts in (("you follow", clean_up.following), ("followers", clean_up.followers)):
        total, qualified = shifts[:2]
        was, now = (
            share(one.count, of.count) for one, of in ((qualified.before, total.before), (qualified.now, total.now))
        )
        made.append(f"{word} {total.before.count:,} -> {total.now.count:,} (qualified {was} -> {now})")
    if clean_up.index_before is not None and clean_up.index_now is not None:
        made.append(f"index {clean_up.index_before:.0f} -> {clean_up.index_now:.0f}")
    return "; ".join([*made, lost_besides(clean_up)])


def lost_besides(clean_up: CleanUp) -> str:
    """What a clean-up cost beside what it removed, as far as readings tell."""
    told = ", ".join(f"{one.count:,} {one.name}" for one in clean_up.lost) or "nothing"
    unknown = "" if clean_up.are_losses_known else " (who left because of it shows with the next complete reading)"
    return f"lost besides: {told}{unknown}"


CAUSE_WORDS = {
    "unfollowed": "unfollowed",
    "suspended": "suspended",
    "gone": "gone",
    "renamed": "renamed or gone",
    "removed": "removed by you",
    "unknown": "no longer there",
}
"""Cause of a loss -> plain words."""


def figures(value: Any) -> Iterator[Figure]:
    """Every figure inside a report, each as often as it stands there."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, (GoalLine, LinkLine)):
        yield from value.figures()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from figures(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from figures(part)


def as_json(report: Report) -> dict[str, Any]:
    """The report with the keys scripts rely on; times are ISO 8601 UTC."""
    change, quality = report.change, report.quality
    return {
        "format": FORMAT,
        "profile": report.profile,
        "made_at": iso(report.made_at),
        "as_of": iso(report.as_of),
        "is_first_measurement": change is None,
        "followers": _side(report.followers),
        "following": _side(report.following),
        "qualified": {
            "confirmed": _figure(quality.confirmed),
            "certain": _figure(quality.certain),
            "by_rule": _figure(quality.by_rule),
            "of": quality.of,
            "estimate": None
            if quality.point is None
            else {"low": quality.low, "point": quality.point, "high": quality.high, "exact": quality.exact},
            "random_looks": quality.random_looks,
            "waiting": quality.waiting,
            "needed": quality.needed,
            "minutes": quality.minutes if quality.needed else 0,
        },
        "matters": _figures(report.matters),
        "people": [
            {"handle": one.handle, "name": one.name, "kind": one.kind, "company": one.company,
             "followers": one.followers}
            for one in report.people
        ],
        "change": None
        if change is None
        else {
            "since": change.since,
            "before": _figure(change.before),
            "states_before": _figures(change.states),
            "gained": _figures(change.gained),
            "lost": _figures(change.lost),
            "causes": _figures(change.causes),
            "net_qualified": change.net_qualified,
            "are_losses_known": change.are_losses_known,
        },
        "history": [_point(one) for one in report.history],
        "staying_by_kind": [_staying(one) for one in report.staying_by_kind],
        "staying_by_month": [_staying(one) for one in report.staying_by_month],
        "follow_back": [
            {"kind": one.name, "we_follow": _figure(one.we_follow), "follow_us": _figure(one.follow_us),
             "both": _figure(one.both)}
            for one in report.follow_back
        ],
        "funnel": [{"kind": one.name, **_funnel(one)} for one in report.funnel],
        "funnel_by_month": [{"month": one.name, **_funnel(one)} for one in report.funnel_by_month],
        "around_first_engagement": [_around(one) for one in report.around],
        "goals": [{**one._asdict(), "figures": _figures(one.figures())} for one in report.goals],
        "links": [{**one._asdict(), "figures": _figures(one.figures())} for one in report.links],
        "influencers": {"rule": reach.RULE, "found": _figures(report.influencers)},
        "posting": None
        if report.posting is None
        else {**report.posting._asdict(), "weeks": [week._asdict() for week in report.posting.weeks]},
        "coverage": list(report.coverage),
        "index": None if report.index is None else round(report.index, 2),
        "index_parts": [part._asdict() for part in report.index_parts],
        "basis": _figures(report.basis),
        "losses": _figures(report.losses),
        "rules": report.rules,
        "growth": None if report.growth is None else _growth(report.growth),
        "clean_up": None if report.clean_up is None else _clean_up(report.clean_up),
        "advice": [{"text": one.text, **_figure(one.figure)} for one in report.advice],
    }  # fmt: skip


def _figure(one: Figure) -> dict[str, Any]:
    return {"name": one.name, "count": one.count, "query": one.query}


def _figures(some: Iterable[Figure]) -> list[dict[str, Any]]:
    return [_figure(one) for one in some]


def _side(side: Any) -> dict[str, Any]:
    return {
        "total": _figure(side.total),
        "kinds": _figures(side.kinds),
        "states": _figures(side.states),
        "facts": _figures(side.facts),
    }


def _funnel(one: Funnel) -> dict[str, Any]:
    share = came(one)
    return {
        "steps": _figures(one.steps),
        "came": _figure(one.came),
        "came_share": None if share is None else share._asdict(),
        "is_too_few": share is None,
    }


def _around(one: Around) -> dict[str, Any]:
    parts = {"of": one.of, "before": one.before, "after": one.after}
    return {
        "outcome": one.outcome,
        **{name: part.count for name, part in parts.items()},
        "verdict": around_verdict(one),
        "queries": {name: part.query for name, part in parts.items()},
    }


def _growth(one: Growth) -> dict[str, Any]:
    return {
        "new_follows": one.new_follows,
        "unfollows": one.unfollows,
        "profile_visits": one.profile_visits,
        "posts": one.posts,
        "missing_days": one.missing,
        "anchored_on": iso(one.anchored_on),
        "days": [day._asdict() for day in one.days],
    }


def _clean_up(one: CleanUp) -> dict[str, Any]:
    sides = {
        side: [{"name": shift.name, "before": _figure(shift.before), "now": _figure(shift.now)} for shift in shifts]
        for side, shifts in (("following", one.following), ("followers", one.followers))
    }
    return {
        "begin": one.begin,
        "end": one.end,
        "actions": _figures(one.actions),
        "pruned": _figures(one.pruned),
        **sides,
        "index_before": None if one.index_before is None else round(one.index_before, 2),
        "index_now": None if one.index_now is None else round(one.index_now, 2),
        "lost": _figures(one.lost),
        "are_losses_known": one.are_losses_known,
    }


def _point(one: Point) -> dict[str, Any]:
    kinds = {kind.value: count for kind, count in zip(KIND_ORDER, one.kinds, strict=True) if count}
    return {
        "at": iso(one.at),
        "is_complete": one.is_complete,
        "source": one.source,
        "followers": one.total,
        "qualified": one.states[0],
        "not_qualified": one.states[1],
        "not_known": one.states[2],
        "kinds": kinds,
        "query": f"at:{iso(one.at)} is:follower",
    }


def _staying(one: Staying) -> dict[str, Any]:
    shares = {f"after_{days}_days": share for days, share in zip(STAYING_DAYS, one.shares, strict=True)}
    return {"name": one.name, "joined": _figure(one.joined), "lost": _figure(one.lost), **shares}
