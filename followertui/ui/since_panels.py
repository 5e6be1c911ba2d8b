"""The opening page in panels: who that matters came and left, by owner; waves; what is due.

Owns what stands in each panel and its wording. ``widgets.report`` lays panels out; the screen of
the weekly session shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from textual.content import Content

from followertui.late import late
from followertui.services.phrases import short_day
from followertui.ui.cells import Part, counted, fit, line, plain
from followertui.ui.report_panels import change_panel
from followertui.ui.widgets.report import Panel, Row

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from followertui.services.insight import since as opening
    from followertui.services.insight.alerting import Alert
    from followertui.services.insight.since import Since
else:
    opening = late("followertui.services.insight.since")

_MUTED = "$foreground-muted"
_DAY, _COUNT = 8, 9
_SIGNS = {"followed": ("+", "$success"), "left": ("-", "$error"), "job-change": ("→", "$secondary")}


def spelled(day: date) -> str:
    """``Mon 16 Nov``."""
    return f"{day:%a} {day.day} {day:%b}"


def _alert_rows(alerts: Sequence[Alert], zone: tzinfo, width: int) -> list[Row]:
    rows = []
    for one in alerts:
        sign, colour = _SIGNS.get(one.type.value, ("!", "$warning"))
        text = line((fit(short_day(one.at, zone), _DAY), _MUTED), (f"{sign} ", colour), one.text)
        rows.append(Row(text.truncate(width, ellipsis=True), one.query))
    return rows


def _walk_panel(page: Since) -> Panel | None:
    walk = page.walk
    if walk is None:
        return None

    def draw(width: int) -> list[Row]:
        """All of them as one view."""
        if not walk.count:
            return [Row(plain("nobody who matters came or left", _MUTED))]
        text = line((counted(walk.count), "bold"), " came or left: Enter walks through them")
        return [Row(text.truncate(width, ellipsis=True), walk.query)]

    return Panel("Who matters", draw)


def _people_panels(page: Since, zone: tzinfo) -> list[Panel]:
    people = [one for one in page.alerts if one.kind is not None]
    has_owners = any(one.owner for one in people)
    made = []
    for owner, some in groupby(people, key=lambda one: one.owner):
        title = (owner or "Without an owner") if has_owners else "Who came, left or moved"
        made.append(Panel(title, lambda width, rows=tuple(some): _alert_rows(rows, zone, width)))  # type: ignore[misc]
    return made


def _other_panel(page: Since, zone: tzinfo) -> Panel | None:
    others = [one for one in page.alerts if one.kind is None]
    return Panel("Waves and lists", lambda width: _alert_rows(others, zone, width)) if others else None


def _due_panel(page: Since) -> Panel:
    def draw(width: int) -> list[Row]:
        """Queues in which something waits."""
        if not page.due:
            return [Row(plain("nothing waits", _MUTED))]
        return [
            Row(line(fit(counted(one.count), _COUNT, right=True), f" {one.name}").truncate(width), one.query)
            for one in page.due
        ]

    return Panel("What is due", draw)


def panels_of(page: Since, zone: tzinfo) -> list[Panel]:
    """The panels, those to walk through first."""
    everybody = change_panel(page.change, "Everybody") if page.change is not None else None
    found = (_walk_panel(page), *_people_panels(page, zone), _due_panel(page), _other_panel(page, zone), everybody)
    return [panel for panel in found if panel is not None]


def head_lines(page: Since, width: int) -> list[Content]:
    """Since when, and how old what is known is."""
    made: list[Content] = []
    if page.day is None:
        text = "one reading of followers so far" if page.newest else "no reading of followers yet"
        made += plain(f"{text}: this page fills when a newer export comes in (:import)", _MUTED).wrap(width)
    elif page.newest is not None:
        parts: list[Part] = [("Since ", "bold"), (spelled(page.day), "bold $primary")]
        parts.append((f" · newest reading {spelled(page.newest)}", _MUTED))
        if page.is_through:
            parts.append((" · you are through with it", "$success"))
        made += line(*parts).wrap(width)
    for text in opening.age_lines(page.ages):
        made += plain(text, "$warning").wrap(width)
    return [one.rstrip() for one in made]
