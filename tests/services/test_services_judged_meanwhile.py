"""An account whose profile changes while it is judged stays to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from filling import NOW, add_accounts

from followertui.domain.account import AccountRecord, ProfileColumns
from followertui.domain.clock import DAY
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.scoring import judging
from followertui.services.session import Session
from followertui.store.audience import scores
from followertui.store.file.connection import Store

Judge = Callable[[Session], str]


def by_job(session: Session) -> str:
    return drained(judging.judge(session, NeverCancelled())).text


def all_by_job(session: Session) -> str:
    return drained(judging.judge(session, NeverCancelled(), is_full=True)).text


def by_query(session: Session) -> str:
    return judging.judge_query(session, "plain")


def bring_bio(session: Session, handle: str, bio: str) -> None:
    """Another process reads a newer profile."""
    other = Session(Store(session.store.path), session.clock)
    source = Source(what="accounts", name=handle, rank=4, as_of=NOW + DAY, sha256=handle, completeness="partial")
    records = [AccountRecord(handle=handle, bio=bio)]
    drained(
        importing.import_records(
            other.store, other.journal, other.clock, source, [records], "follower", NeverCancelled()
        )
    )
    other.close()


@pytest.mark.parametrize("judge", [by_job, all_by_job, by_query])
def test_an_account_whose_profile_changes_while_it_is_judged_stays_to_be_judged(
    session: Session, monkeypatch: pytest.MonkeyPatch, judge: Judge
) -> None:
    changing, other = add_accounts(
        session.store, {"x_id": None, "handle": "plain", "bio": "plain"}, {"handle": "plain2", "bio": "plain"}
    )
    read = judging._profiles
    waiting = ["casino bonus, free crypto signals, DM to invest"]

    def slowly(store: Store, rows: Sequence[int]) -> ProfileColumns:
        """The profiles as they were before another process wrote."""
        found = read(store, rows)
        if waiting and changing in rows:
            bring_bio(session, "plain", waiting.pop())
        return found

    monkeypatch.setattr(judging, "_profiles", slowly)
    told = judge(session)
    assert changing in scores.pending(session.store)
    assert waiting == []
    if judge is not by_query:
        assert told.endswith("1 account changed meanwhile: judge again")
        assert other not in scores.pending(session.store)
    before = scores.reasons_of(session.store, changing)
    assert "meanwhile" not in by_job(session)
    assert scores.pending(session.store) == []
    assert scores.reasons_of(session.store, changing) != before
