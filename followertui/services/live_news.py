"""News of X's stream for a person: who that matters followed, left or changed, within the minute.

Owns that what the stream tells is compared and judged at once, so that it is known who it is, and the
line of each. ``Workbench`` calls it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from followertui.domain.errors import Busy
from followertui.domain.progress import CancelToken, Progress
from followertui.services import catching_up
from followertui.services.insight import alerting
from followertui.services.insight.alerting import AlertType
from followertui.services.phrases import clock_time, counted
from followertui.services.session import Session
from followertui.services.sync import live
from followertui.services.sync.values import LiveBatch, LiveReport


class News(NamedTuple):
    """One line of news, and whether it is about someone who matters."""

    text: str
    is_alert: bool


def watch(
    session: Session, cancel: CancelToken, budget_usd: float | None = None
) -> Generator[Progress | News, None, LiveReport]:
    """Watch X until the person stops it; see ``sync.live.watch``.

    Yields:
        ``News`` within a minute of what happened; progress between.
    """
    watching = live.watch(session, cancel, budget_usd)
    while True:
        try:
            value = next(watching)
        except StopIteration as end:
            report: LiveReport = end.value
            return report
        if not isinstance(value, LiveBatch):
            yield value
            continue
        try:
            yield from catching_up.catch_up(session, cancel)
        except Busy as busy:
            yield News(f"not compared with your lists yet: {busy}", is_alert=False)
        yield from _news(session, value)


def _news(session: Session, batch: LiveBatch) -> Generator[News, None, None]:
    at = clock_time(batch.at, session.zone)
    for type_, rows, word in (
        (AlertType.FOLLOWED, batch.followed, "followed"),
        (AlertType.LEFT, batch.left, "left"),
        (AlertType.PROFILE, batch.changed, "changed"),
    ):
        alerts = alerting.of_rows(session, type_, rows, batch.at)
        for one in alerts:
            yield News(f"{at}  {one.text}" + (f" · {one.owner}" if one.owner else ""), is_alert=True)
        others = len(rows) - len(alerts)
        if others and word != "changed":
            yield News(f"{at}  {counted(others, 'other')} {word}", is_alert=False)
