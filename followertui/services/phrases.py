"""Plain words for times, counts and kinds, the same on screen and command line.

Owns wording only. Anyone above ``services`` may import it too.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from followertui.domain.decision import ActionKind, Decision, Executor
from followertui.domain.kind import Kind, KindSource
from followertui.domain.progress import Progress
from followertui.domain.stopping import Stop, StopReason

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

DECISION_WORDS: dict[Decision, str] = {
    Decision.NONE: "undecided",
    Decision.KEEP: "keep",
    Decision.OUT: "out",
    Decision.FOLLOW: "follow",
    Decision.ENGAGE: "engage",
    Decision.LATER: "later",
}

ACTION_WORDS: dict[ActionKind, str] = {
    ActionKind.UNFOLLOW: "unfollow",
    ActionKind.FOLLOW: "follow",
    ActionKind.MUTE: "mute",
    ActionKind.UNMUTE: "unmute",
    ActionKind.LIST_ADD: "add to list",
    ActionKind.LIST_REMOVE: "take off list",
    ActionKind.REPOST: "repost",
    ActionKind.REMOVE_FOLLOWER: "remove follower",
    ActionKind.BLOCK: "block",
    ActionKind.REPORT: "report",
}

DONE_WORDS: dict[str, str] = {
    ActionKind.UNFOLLOW.value: "unfollowed",
    ActionKind.MUTE.value: "muted",
    ActionKind.REMOVE_FOLLOWER.value: "removed",
    ActionKind.BLOCK.value: "blocked",
    ActionKind.REPORT.value: "reported",
}
"""A pruning action -> what its accounts were."""

EXECUTOR_WORDS: dict[Executor, str] = {Executor.API: "by API", Executor.HAND: "by hand"}

KIND_RULES: dict[KindSource, str] = {
    KindSource.PERSON: "you said so",
    KindSource.CONFIRMED: "a confirmed match with your list",
    KindSource.AFFILIATION: "X vouches that the account belongs to you",
    KindSource.CERTAIN: "an unreviewed but certain match with your list",
    KindSource.JUDGED: "judged from the profile",
    KindSource.NONE: "not judged yet",
}


def progress_words(progress: Progress | None) -> str:
    """``122 of 1,611``, ``122`` where the total is unknown, "" before the first."""
    if progress is None or not (progress.done or progress.total):
        return ""
    return f"{progress.done:,} of {progress.total:,}" if progress.total else f"{progress.done:,}"


def day(seconds: int | None, zone: tzinfo) -> str:
    """``22 Nov 2026`` in a zone, "" for None or a negative number."""
    if seconds is None or seconds < 0:
        return ""
    moment = datetime.fromtimestamp(seconds, zone)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def clock_time(moment: int, zone: tzinfo) -> str:
    """``14:02`` in a zone."""
    return f"{datetime.fromtimestamp(moment, zone):%H:%M}"


def clock_span(since: int, until: int, zone: tzinfo) -> str:
    """``14:02-14:31`` in a zone, with the day before it where that is not the same."""
    begins, ends = (datetime.fromtimestamp(moment, zone) for moment in (since, until))
    if begins.date() == ends.date():
        return f"{begins:%H:%M}-{ends:%H:%M}"
    return f"{short_day(since, zone)} {begins:%H:%M}-{short_day(until, zone)} {ends:%H:%M}"


def short_day(seconds: int, zone: tzinfo) -> str:
    """``22 Nov`` in a zone."""
    moment = datetime.fromtimestamp(seconds, zone)
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def past_day(seconds: int, now: int, zone: tzinfo) -> str:
    """``22 Nov`` of this year, ``22 Nov 2024`` of another one."""
    is_this_year = datetime.fromtimestamp(seconds, zone).year == datetime.fromtimestamp(now, zone).year
    return short_day(seconds, zone) if is_this_year else day(seconds, zone)


def day_and_time(moment: datetime, zone: tzinfo) -> str:
    """``Sun 22 Nov, 01:39`` in a zone."""
    local = moment.astimezone(zone)
    return f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"


def weekday(moment: date) -> str:
    """``Thu 3 Dec`` of a day."""
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"


def stop_sentence(stop: Stop | None, zone: tzinfo) -> str:
    """Why a run ended before its end and when it can go on, "" where it did not."""
    if stop is None:
        return ""
    when = f"from {day_and_time(stop.until, zone)}" if stop.until else "later"
    if stop.reason is StopReason.PERSON:
        return "stopped by you; run apply again to go on"
    if stop.reason is StopReason.DAILY_CAP:
        return f"the daily cap of {stop.cap:,} is reached; run apply again {when}"
    if stop.reason is StopReason.WINDOW_CAP:
        return f"the cap of {stop.cap:,} within 15 minutes is reached; run apply again {when}"
    if stop.reason is StopReason.QUIET_HOURS:
        return f"these are your quiet hours; run apply again {when}"
    if stop.reason is StopReason.RATE_LIMIT:
        return f"X's rate limit is reached; run apply again {when}"
    if stop.reason is StopReason.BUDGET:
        return stop.message or "the budget is spent; run apply again with another --budget"
    return stop.message


def span(seconds: float) -> str:
    """About how long: ``40 s``, ``12 minutes``, ``3 hours``, ``5 days``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} hours"
    return f"{round(seconds / 86400)} days"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 account``, ``3,204 accounts``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def kind_word(kind: Kind, is_doubtful: bool) -> str:
    """``customer``, or ``customer?`` while only a certain match says so."""
    return f"{kind.value}?" if is_doubtful else kind.value


def one_line(text: str, limit: int = 120) -> str:
    """Text on one line, cut with an ellipsis at ``limit`` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def dollars(usd: float) -> str:
    """``$12.50``, ``$1,000.00``; ``$0.001`` where cents are too coarse."""
    return f"${usd:,.3f}" if 0 < usd < 0.1 and round(usd * 100, 6) % 1 else f"${usd:,.2f}"
