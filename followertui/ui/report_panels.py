"""The report in panels: bars, figures and names, each with the query behind it.

Owns what stands in each panel and its wording. ``widgets.report`` lays panels out; it knows no
report. The report's screen shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from followertui.domain.guards import AROUND_DAYS
from followertui.domain.kind import KIND_ORDER, QUALIFIED_KINDS, Kind
from followertui.late import late
from followertui.services.insight.values import BASELINE
from followertui.services.phrases import DONE_WORDS, day
from followertui.ui import engage_panels
from followertui.ui.cells import Part, counted, fit, line, plain
from followertui.ui.charts import bar, spark
from followertui.ui.widgets.report import Panel, Row

if TYPE_CHECKING:
    from followertui.services.insight import growing, report_text
    from followertui.services.insight.values import Around, Change, Figure, Funnel, Report, Shift, Side, Staying
else:
    growing = late("followertui.services.insight.growing")
    report_text = late("followertui.services.insight.report_text")

_LABEL, _COUNT, _SHARE = 13, 9, 6
_MOST_GROUPS = 12
_MUTED = "$foreground-muted"
_COLOURS: dict[str, str] = {
    **{kind.value: "$success" for kind in QUALIFIED_KINDS},
    **dict.fromkeys((Kind.EMPLOYEE.value, Kind.VENDOR.value), "$secondary"),
    **dict.fromkeys((Kind.BOT.value, Kind.HARMFUL.value, "fake", "junk"), "$error"),
    **dict.fromkeys((Kind.OFFTOPIC.value, Kind.OTHER.value, Kind.COMPETITOR.value), "$warning"),
    **dict.fromkeys((Kind.UNCLEAR.value, Kind.UNSEEN.value, "not known yet"), _MUTED),
    "qualified": "$success",
    "not qualified": "$warning",
}


def _bar_rows(figures: Iterable[Figure], total: int, width: int) -> list[Row]:
    shown = list(figures)
    largest = max((one.count for one in shown), default=0) or 1
    room = max(4, width - _LABEL - _COUNT - _SHARE - 1)
    rows = []
    for one in sorted(shown, key=lambda one: -one.count):
        colour = _COLOURS.get(one.name, "$primary")
        rows.append(
            Row(
                line(
                    (fit(one.name, _LABEL), colour),
                    fit(counted(one.count), _COUNT, right=True),
                    (fit(report_text.share(one.count, total), _SHARE, right=True), _MUTED),
                    " ",
                    (bar(one.count / largest, room), colour),
                ),
                one.query,
                _LABEL + _COUNT + _SHARE,
            )
        )
    return rows


def _side_panel(title: str, side: Side, facts: Sequence[str]) -> Panel:
    def draw(width: int) -> list[Row]:
        """Kinds, then what overlaps them."""
        total = side.total.count
        rows = _bar_rows(side.kinds, total, width)
        told = [one for one in side.facts if one.name in facts and one.count]
        return [*rows, *([Row(Content(""))] if told else []), *_bar_rows(told, total, width)]

    return Panel(title, draw)


def _following_panel(report: Report) -> Panel:
    if report.following.total.count:
        return _side_panel("Whom you follow", report.following, ("junk", "silent", "not mutual"))

    def draw(width: int) -> list[Row]:
        """What brings it here."""
        told = "nobody, as far as is known: bring the file of whom you follow (I in the review)"
        return [Row(one) for one in plain(told, _MUTED).wrap(width)]

    return Panel("Whom you follow", draw)


def _matters_panel(report: Report) -> Panel:
    def draw(width: int) -> list[Row]:
        """How many of each kind that matters, then some by name."""
        rows = [
            Row(
                line(
                    (fit(one.name, _LABEL), _COLOURS.get(one.name, "$success")),
                    fit(counted(one.count), _COUNT, right=True),
                ),
                one.query,
            )
            for one in report.matters
        ]
        for one in report.people:
            who: list[Part] = [(f"@{one.handle} " if one.handle else "", "$primary"), one.name]
            if one.company and one.company != one.name:
                who.append((f" · {one.company}", _MUTED))
            text = line((fit(one.kind, _LABEL), _COLOURS.get(one.kind, "$success")), *who)
            rows.append(Row(text.truncate(width, ellipsis=True), f"handle:@{one.handle}" if one.handle else ""))
        return rows

    return Panel("Who that matters is here", draw)


def change_panel(change: Change, title: str) -> Panel:
    """Who came and left since a day, by kind and cause."""

    def draw(width: int) -> list[Row]:
        """Gained and lost by kind, then causes."""
        gained, lost = ({one.name: one for one in some} for some in (change.gained, change.lost))
        rows = []
        for kind in KIND_ORDER:
            label = kind.value
            for sign, one, word in (("+", gained.get(kind.value), "came"), ("-", lost.get(kind.value), "left")):
                if one is not None:
                    amount = fit(f"{sign}{counted(one.count)}", _COUNT, right=True)
                    colour = "$success" if sign == "+" else "$error"
                    name = (fit(label, _LABEL), _COLOURS.get(one.name, "$primary"))
                    rows.append(Row(line(name, (amount, colour), (f" {word}", _MUTED)), one.query))
                    label = ""
        net = fit(f"{change.net_qualified:+,}", _COUNT, right=True)
        rows.append(Row(line((fit("qualified", _LABEL), "bold"), net)))
        if not change.are_losses_known:
            rows.append(Row(plain("losses are not known: no complete reading since", "$warning")))
        for one in change.causes:
            words = report_text.CAUSE_WORDS[one.name]
            text = line(("lost: ", _MUTED), fit(words, _LABEL + 2), fit(counted(one.count), _COUNT - 2, right=True))
            rows.append(Row(text.truncate(width), one.query))
        return rows

    return Panel(title, draw)


def _clean_up_panel(report: Report) -> Panel | None:
    clean_up = report.clean_up
    if clean_up is None:
        return None

    def draw(width: int) -> list[Row]:
        """What was done, both lists before and now, what was lost besides."""
        rows = []
        for one in clean_up.actions:
            text = line((fit(DONE_WORDS[one.name], _LABEL), "$secondary"), fit(counted(one.count), _COUNT, right=True))
            rows.append(Row(text, one.query))
        head = fit("", _LABEL) + "".join(fit(word, 10, right=True) for word in ("before", "now"))
        rows.append(Row(plain(head[:width], _MUTED)))
        rows += _shift_rows("you follow", clean_up.following, width)
        rows += _shift_rows("followers", clean_up.followers, width)
        if clean_up.index_before is not None and clean_up.index_now is not None:
            index = "".join(
                fit(f"{value:.0f}", 10, right=True) for value in (clean_up.index_before, clean_up.index_now)
            )
            rows.append(Row(line((fit("index", _LABEL), "bold"), index)))
        for one in clean_up.lost:
            text = line((fit(counted(one.count), _COUNT, right=True), "$error"), f" {one.name}")
            rows.append(Row(text.truncate(width, ellipsis=True), one.query))
        if not clean_up.lost or not clean_up.are_losses_known:
            rows += [Row(one) for one in plain(report_text.lost_besides(clean_up), "$warning").wrap(width)]
        return rows

    return Panel(f"The clean-up, {clean_up.days}", draw)


def _shift_rows(whom: str, shifts: Sequence[Shift], width: int) -> list[Row]:
    """All of a list, then what changed of it with its share, before and now."""
    total, *parts = shifts
    rows = []
    for shift in (total, *(one for one in parts if one.before.count != one.now.count)):
        is_all = shift is total
        numbers = "".join(fit(counted(part.count), 10, right=True) for part in (shift.before, shift.now))
        label = (fit(whom, _LABEL), "bold") if is_all else (fit(shift.name, _LABEL), _COLOURS.get(shift.name, ""))
        text = line(label, numbers, ("" if is_all else f"  {_share_shift(shift, total)}", _MUTED))
        rows.append(Row(text.truncate(width), shift.now.query))
    return rows


def _share_shift(one: Shift, total: Shift) -> str:
    """A part of a whole before and now, as shares."""
    was = report_text.share(one.before.count, total.before.count)
    return f"{was} → {report_text.share(one.now.count, total.now.count)}"


def _history_panel(report: Report, zone: tzinfo) -> Panel | None:
    points = report.history
    if len(points) < 2:
        return None

    def draw(width: int) -> list[Row]:
        """Followers and qualified ones at each reading."""
        room = max(8, width - _LABEL - 21)
        rows = []
        for name, values, colour in (
            ("followers", [one.total for one in points], "$primary"),
            ("qualified", [one.states[0] for one in points], "$success"),
            ("not qualified", [one.states[1] for one in points], "$warning"),
        ):
            told = f" {counted(values[0])} → {counted(values[-1])}"
            parts = (fit(name, _LABEL), colour), " ", (spark(values, room), colour), told
            rows.append(Row(line(*parts).truncate(width)))
        partial = sum(not one.is_complete for one in points)
        first, last = day(points[0].at, zone), day(points[-1].at, zone)
        text = f"{counted(len(points))} readings, {first} to {last}" + (f", {partial} partial" if partial else "")
        rows.append(Row(plain(text, _MUTED)))
        return rows

    return Panel("Over time", draw)


def _growth_panel(report: Report) -> Panel | None:
    growth = report.growth
    if growth is None:
        return None

    def draw(width: int) -> list[Row]:
        """Followers by X's own count, and what came and went each week."""
        room = max(8, width - _LABEL - 20)
        rows = []
        totals = [one.followers for one in growth.days if one.followers is not None]
        if len(totals) > 1:
            told = f" {counted(totals[0])} → {counted(totals[-1])}"
            parts = (fit("followers", _LABEL), "$primary"), (spark(totals, room), "$primary"), told
            rows.append(Row(line(*parts).truncate(width)))
        for label, name, total, colour in (
            ("new follows", "new_follows", growth.new_follows, "$success"),
            ("unfollows", "unfollows", growth.unfollows, "$error"),
            ("visits", "profile_visits", growth.profile_visits, "$secondary"),
            ("posts", "posts", growth.posts, _MUTED),
        ):
            if total is not None:
                weeks = spark(growing.by_week(growth, name), room)
                text = line((fit(label, _LABEL), colour), (weeks, colour), f" {counted(total)} in all")
                rows.append(Row(text.truncate(width)))
        told = f"{growth.days[0].day} to {growth.days[-1].day}, a column a week or more; report days lists them"
        if growth.missing:
            told += f", {counted(growth.missing)} days missing"
        if not totals:
            told += "; no reading to hang it on yet"
        return [*rows, *(Row(one) for one in plain(told, _MUTED).wrap(width))]

    return Panel("By X's own count", draw)


def _staying_panel(title: str, groups: Sequence[Staying]) -> Panel | None:
    if all(share is None for one in groups for share in one.shares):
        return None

    def draw(width: int) -> list[Row]:
        """Shares still there after some days."""
        heads = ("joined", "30 d", "90 d", "180 d", "1 y")
        head = fit("", _LABEL) + "".join(fit(word, 7, right=True) for word in heads)
        rows = [Row(plain(head[:width], _MUTED))]
        for one in groups[:_MOST_GROUPS]:
            told = ("" if share is None else report_text.percent(share) for share in one.shares)
            numbers = "".join(fit(word, 7, right=True) for word in (counted(one.joined.count), *told))
            text = line((fit(one.name, _LABEL), _COLOURS.get(one.name, "")), numbers)
            rows.append(Row(text.truncate(width), one.joined.query))
        return rows

    return Panel(title, draw)


def _follow_back_panel(report: Report) -> Panel:
    def draw(width: int) -> list[Row]:
        """Of whom we follow, who follows back; by kind."""
        head = fit("", _LABEL) + "".join(fit(word, 10, right=True) for word in ("we follow", "follow us", "both"))
        rows = [Row(plain(head[:width], _MUTED))]
        for one in report.follow_back:
            parts = (one.we_follow, one.follow_us, one.both)
            numbers = "".join(fit(counted(part.count), 10, right=True) for part in parts)
            back = fit(report_text.share(one.both.count, one.we_follow.count), _SHARE, right=True)
            text = line((fit(one.name, _LABEL), _COLOURS.get(one.name, "")), numbers, (back, _MUTED))
            rows.append(Row(text.truncate(width), one.both.query))
        return rows

    return Panel("Who follows back", draw)


def _funnel_panel(title: str, groups: Sequence[Funnel], around: Sequence[Around] = ()) -> Panel | None:
    if not groups:
        return None

    def draw(width: int) -> list[Row]:
        """Followers of each group, and what came of them; a line opens who came, or who got furthest."""
        label, number, words = _LABEL - 2, 7, ("follow", "engag.", "visit", "downl.", "regis.")
        if width < label + 5 * number + _SHARE:
            number, words = 6, ("foll.", "eng.", "visit", "down.", "reg.")
        room = max(_SHARE - 1, width - label - 5 * number)
        heads = (*(fit(word, number, right=True) for word in words), fit("came", room, right=True))
        rows = [Row(plain((fit("", label) + "".join(heads))[:width], _MUTED))]
        shown = [*groups[: _MOST_GROUPS - 1], groups[-1]] if len(groups) > _MOST_GROUPS else groups
        for one in shown:
            numbers = "".join(fit(counted(step.count), number, right=True) for step in one.steps)
            furthest = next(step for step in reversed(one.steps) if step.count)
            parts = (fit(one.name, label), _COLOURS.get(one.name, "")), numbers, (_came(one, room), _MUTED)
            rows.append(Row(line(*parts).truncate(width), one.came.query if one.came.count else furthest.query))
        least = counted(report_text.FEW_FOLLOWERS)
        told = f"came: visited, downloaded or registered (95%); few: below {least} followers, too few to say"
        rows += [Row(part) for part in plain(told, _MUTED).wrap(width)]
        if any(one.name == BASELINE for one in groups):
            rows += [
                Row(part) for part in plain("before: followed before the first complete reading", _MUTED).wrap(width)
            ]
        if around:
            rows += [
                Row(part) for part in plain(f"{AROUND_DAYS} days around the first engagement:", _MUTED).wrap(width)
            ]
            for outcome in around:
                parted = plain(f" {report_text.around_line(outcome)}").wrap(width)
                rows += [Row(part, outcome.of.query) for part in parted]
        return rows

    return Panel(title, draw)


def _came(one: Funnel, width: int) -> str:
    """The share that came, with its bounds where there is room."""
    found = report_text.came(one)
    if found is None:
        return fit("few", width, right=True)
    short, whole = report_text.percent(found.share), report_text.came_words(one)
    return fit(whole if len(whole) < width else short, width, right=True)


def _coverage_panel(report: Report) -> Panel | None:
    if not report.coverage:
        return None

    def draw(width: int) -> list[Row]:
        """How much of each list is on X and follows us."""
        label = max(_LABEL, width - 33)
        head = fit("", label) + "".join(fit(word, 11, right=True) for word in ("entries", "on X", "follow us"))
        rows = [Row(plain(head[:width], _MUTED))]
        for one in report.coverage:
            numbers = "".join(fit(counted(one[key]), 11, right=True) for key in ("entries", "on_x", "follows_us"))
            escaped = str(one["list"]).replace("\\", "\\\\").replace('"', '\\"')
            rows.append(Row(line(fit(one["list"], label), numbers).truncate(width), f'list:"{escaped}" is:follower'))
        return rows

    return Panel("Your lists", draw)


def _advice_panel(report: Report) -> Panel | None:
    if not report.advice:
        return None

    def draw(width: int) -> list[Row]:
        """What would change it."""
        rows = []
        for one in report.advice:
            text = line(fit(counted(one.figure.count), _COUNT, right=True), " ", one.text)
            rows.append(Row(text.truncate(width, ellipsis=True), one.figure.query))
        return rows

    return Panel("What would change it", draw)


def panels_of(report: Report, zone: tzinfo) -> list[Panel]:
    """The panels, most wanted first; those without anything to show are left out."""
    found = (
        _side_panel("What the followers are", report.followers, ("fake", "silent", "nameless")),
        _matters_panel(report),
        _advice_panel(report),
        change_panel(change, f"Since {change.since}") if (change := report.change) is not None else None,
        _clean_up_panel(report),
        _following_panel(report),
        _history_panel(report, zone),
        _growth_panel(report),
        _funnel_panel("What came of it", report.funnel, report.around),
        _funnel_panel("What came of it, by month of following", report.funnel_by_month),
        *engage_panels.panels_of(report),
        _coverage_panel(report),
        _staying_panel("How long they stay", report.staying_by_kind),
        _staying_panel("How long they stay, by month of following", report.staying_by_month),
        _follow_back_panel(report),
    )
    return [panel for panel in found if panel is not None]


def head_lines(report: Report, zone: tzinfo, width: int, hint: str) -> list[Content]:
    """The answer first: how many, how good, and what an estimate needs."""
    counts = (report.followers.total.count, report.following.total.count)
    first: list[Part] = [(counted(counts[0]), "bold"), " followers · you follow ", (counted(counts[1]), "bold")]
    if report.as_of is not None:
        first.append((f" · read {day(report.as_of, zone)}", _MUTED))
    made = [line(*first)]
    made += plain(report_text.quality_line(report.quality), "bold $success").wrap(width)
    if hint:
        made += plain(hint, "$accent").wrap(width)
    if not report.is_whole:
        made += plain("what happened over time is being counted …", _MUTED).wrap(width)
    elif report.change is None:
        made += plain(report_text.change_line(report), _MUTED).wrap(width)
    if report.index is not None:
        parts = [f"{part.weight:g} x {part.name} {report_text.percent(part.share)}" for part in report.index_parts]
        formula = (f" of 100 = {' + '.join(parts)}", _MUTED)
        made += line(("quality index ", _MUTED), (f"{report.index:.0f}", "bold"), formula).wrap(width)
    return [one.rstrip() for one in made]
