"""The report's panels on engaging people: goals of playbooks, links of the shelf, influencers, one's own posts.

Owns what stands in them; ``report_panels`` puts them among the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain import reach
from followertui.domain.guards import OUTCOMES
from followertui.late import late
from followertui.ui.cells import counted, fit, line, plain
from followertui.ui.charts import spark
from followertui.ui.widgets.report import Panel, Row

if TYPE_CHECKING:
    from followertui.services.insight import report_text
    from followertui.services.insight.values import Report
else:
    report_text = late("followertui.services.insight.report_text")

_LABEL, _COUNT = 13, 9
_MUTED = "$foreground-muted"


def panels_of(report: Report) -> list[Panel | None]:
    """The panels, None for one without anything to show."""
    return [_goals_panel(report), _links_panel(report), _influencers_panel(report), _posting_panel(report)]


def _goals_panel(report: Report) -> Panel | None:
    if not report.goals:
        return None

    def draw(width: int) -> list[Row]:
        """How each playbook's goal stands, and what came after; a line opens those people."""
        label = max(_LABEL - 2, width - 35)
        heads = ("engag.", "goal", "visit", "downl.", "regis.")
        rows = [Row(plain((fit("", label) + "".join(fit(word, 7, right=True) for word in heads))[:width], _MUTED))]
        for one in report.goals:
            numbers = (
                counted(one.engaged),
                "" if one.target is None else f"{counted(one.target)}/{one.per[0]}",
                *(counted(one.outcomes.get(kind, 0)) for kind in OUTCOMES),
            )
            told = "".join(fit(number, 7, right=True) for number in numbers)
            query = next((some.query for some in one.figures() if some.count), "")
            rows.append(Row(line(fit(one.title, label), told).truncate(width), query))
        return rows

    return Panel("Playbooks and goals", draw)


def _links_panel(report: Report) -> Panel | None:
    if not report.links:
        return None

    def draw(width: int) -> list[Row]:
        """What each link brought: people it was offered to, then how often by its campaign; a line opens them."""
        label = max(_LABEL, width - 33)
        heads = ("offered", "visit", "downl.", "regist.")
        rows = [Row(plain((fit("", label) + "".join(fit(word, 8, right=True) for word in heads))[:width], _MUTED))]
        for one in report.links:
            numbers = (one.offered, *(one.by_link(kind) for kind in OUTCOMES))
            told = "".join(fit(counted(number), 8, right=True) for number in numbers)
            query = one.figures()[0].query if one.offered else ""
            rows.append(Row(line(fit(one.title, label), told).truncate(width), query))
        return rows

    return Panel("What links brought, by their campaign", draw)


def _influencers_panel(report: Report) -> Panel | None:
    if not any(one.count for one in report.influencers):
        return None

    def draw(width: int) -> list[Row]:
        """How many the rule finds, a line each that opens them; the rule below."""
        rows = []
        for one in report.influencers:
            text = line(fit(counted(one.count), _COUNT, right=True), " ", one.name)
            rows.append(Row(text.truncate(width, ellipsis=True), one.query))
        return [*rows, *(Row(part) for part in plain(reach.RULE, _MUTED).wrap(width))]

    return Panel("Influencers", draw)


def _posting_panel(report: Report) -> Panel | None:
    posting = report.posting
    if posting is None:
        return None

    def draw(width: int) -> list[Row]:
        """Posts a week, and the followers that came beside them."""
        room = max(8, width - _LABEL - 20)
        rows = []
        for label, values, colour in (
            ("posts", [week.posts or 0 for week in posting.weeks], "$primary"),
            ("new followers", [week.gained for week in posting.weeks], _MUTED),
            ("qualified", [week.qualified for week in posting.weeks], "$success"),
        ):
            parts = (fit(label, _LABEL), colour), " ", (spark(values, room), colour), f" {counted(sum(values))} in all"
            rows.append(Row(line(*parts).truncate(width)))
        return [*rows, *(Row(part) for part in plain(report_text.posting_line(report), _MUTED).wrap(width))]

    return Panel("Your posts", draw)
