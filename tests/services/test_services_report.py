"""Every figure of the report against plain sets, and against its own query."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filling import add_list, add_match
from reading_world import BEGIN, ReadingWorld

from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput
from followertui.domain.kind import KIND_ORDER, QUALIFIED_KINDS, Kind
from followertui.services import querying
from followertui.services.insight import report_files, report_tables, report_text, reporting
from followertui.services.insight.values import Figure, Report
from followertui.services.review import deciding
from followertui.store.file import settings

KINDS = (Kind.CUSTOMER, Kind.PROSPECT, Kind.BOT, Kind.OFFTOPIC, Kind.EMPLOYEE, Kind.UNSEEN)


def made(folder: Path, seed: int, people: int = 120, readings: int = 14) -> tuple[ReadingWorld, dict[int, Kind]]:
    """A world of random readings: uneven days, some partial, people who leave and come back."""
    dice = random.Random(seed)
    world = ReadingWorld(folder, range(1, people + 1))
    kinds = {one: dice.choice(KINDS) for one in range(1, people + 1)}
    for kind in KINDS[:-1]:
        world.say([one for one, word in kinds.items() if word is kind], kind)
    present = set(dice.sample(range(1, people + 1), people // 2))
    for number in range(readings):
        present -= set(dice.sample(sorted(present), dice.randint(0, 6)))
        present |= set(dice.sample(range(1, people + 1), dice.randint(0, 8)))
        is_complete = number in (0, readings - 1) or dice.random() < 0.7
        ids = present if is_complete else set(dice.sample(sorted(present), len(present) // 3))
        world.read(ids, dice.choice((0.5, 1, 6, 7, 9, 31)), is_complete)
    world.follow(dice.sample(range(1, people + 1), people // 3))
    return world, kinds


def by_kind(ids: set[int], kinds: dict[int, Kind]) -> dict[str, int]:
    return {name: count for name, count in Counter(kinds[one].value for one in ids).items() if count}


def counts(figures: tuple[Figure, ...]) -> dict[str, int]:
    return {one.name: one.count for one in figures}


def assert_figures_equal_queries(world: ReadingWorld, report: Report) -> int:
    figures = [one for one in report_text.figures(report) if one.query]
    wrong = {one: found for one in figures if (found := len(querying.rows_of(world.session, one.query))) != one.count}
    assert wrong == {}
    return len(figures)


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_equals_its_query_and_the_truth(tmp_path: Path, seed: int) -> None:
    world, kinds = made(tmp_path, seed)
    truth, report = world.truth, reporting.report(world.session)
    assert assert_figures_equal_queries(world, report) > 40
    assert counts(report.followers.kinds) == by_kind(truth.present, kinds)
    assert report.followers.total.count == len(truth.present)
    qualified = {one for one in truth.present if kinds[one] in QUALIFIED_KINDS}
    unknown = {one for one in truth.present if kinds[one] is Kind.UNSEEN}
    assert [one.count for one in report.followers.states] == [
        len(qualified), len(truth.present) - len(qualified) - len(unknown), len(unknown)
    ]  # fmt: skip
    assert [(one.at, one.total) for one in report.history] == [(at, len(ids)) for at, ids in truth.past]
    for point, (at, ids) in zip(report.history, truth.past, strict=True):
        found = {kind.value: count for kind, count in zip(KIND_ORDER, point.kinds, strict=True) if count}
        assert found == by_kind(ids, kinds)
        assert point.states[0] == sum(kinds[one] in QUALIFIED_KINDS for one in ids)
        moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert world.found(f"at:{moment} is:follower") == ids


@pytest.mark.parametrize("seed", range(6))
def test_change_since_any_day_equals_the_sets_of_both_days(tmp_path: Path, seed: int) -> None:
    world, kinds = made(tmp_path, seed)
    for at, _ in world.truth.past[:-1]:
        day = datetime.fromtimestamp(at, UTC).date()
        before = next(
            ids for then, ids in reversed(world.truth.past) if datetime.fromtimestamp(then, UTC).date() <= day
        )
        report = reporting.report(world.session, day)
        change, now = report.change, world.truth.present
        assert change is not None
        assert change.before.count == len(before)
        assert counts(change.gained) == by_kind(now - before, kinds)
        assert counts(change.lost) == by_kind(before - now, kinds)
        assert sum(one.count for one in change.causes) == len(before - now)
        wanted = {one for one, kind in kinds.items() if kind in QUALIFIED_KINDS}
        assert change.net_qualified == len((now - before) & wanted) - len((before - now) & wanted)
        assert_figures_equal_queries(world, report)


def test_a_corrected_kind_corrects_the_past(tmp_path: Path) -> None:
    world, kinds = made(tmp_path, 3)
    bots = {one for one, kind in kinds.items() if kind is Kind.BOT}
    world.say(bots, Kind.CUSTOMER)
    kinds.update(dict.fromkeys(bots, Kind.CUSTOMER))
    report = reporting.report(world.session)
    for point, (_, ids) in zip(report.history, world.truth.past, strict=True):
        assert point.kinds[KIND_ORDER.index(Kind.BOT)] == 0
        assert point.states[0] == sum(kinds[one] in QUALIFIED_KINDS for one in ids)


def test_partial_readings_add_and_never_take_away(tmp_path: Path) -> None:
    world = ReadingWorld(tmp_path, range(1, 31))
    world.read(range(1, 21), 0)
    world.read(range(15, 26), 7, is_complete=False)
    report = reporting.report(world.session)
    assert [(one.total, one.is_complete) for one in report.history] == [(20, True), (25, False)]
    assert report.change is not None
    assert (report.change.lost, report.change.are_losses_known) == ((), False)
    assert "losses are not known" in report_text.change_line(report)


def test_one_reading_is_the_first_measurement(tmp_path: Path) -> None:
    world = ReadingWorld(tmp_path, range(1, 31))
    empty = reporting.report(world.session)
    assert (empty.as_of, empty.index, empty.history) == (None, None, ())
    world.read(range(1, 21), 0)
    report = reporting.report(world.session)
    assert report.change is None
    assert "first measurement" in report_text.change_line(report)
    assert report.staying_by_kind == report.staying_by_month == ()
    with pytest.raises(BadInput, match="the first reading is of 2024-01-01"):
        reporting.report(world.session, date(2023, 5, 1))


def test_survival_counts_the_young_as_unknown(tmp_path: Path) -> None:
    """Ten join and five of them leave after 40 days; ten more have been there for ten days."""
    world = ReadingWorld(tmp_path, range(1, 51))
    world.say(range(21, 41), Kind.BOT)
    world.read(range(1, 11), 0)
    world.read(range(1, 31), 10)
    world.read([*range(1, 11), *range(26, 31)], 40)
    world.read([*range(1, 11), *range(26, 41)], 60)
    world.read([*range(1, 11), *range(26, 41)], 10)
    report = reporting.report(world.session)
    bots = next(one for one in report.staying_by_kind if one.name == "bot")
    assert (bots.joined.count, bots.lost.count) == (20, 5)
    # At 40 days ten were at risk, five of them lost; the ten young ones count for their ten days only.
    assert bots.shares == (1.0, 0.5, None, None)
    unseen = next(one for one in report.staying_by_kind if one.name == "unseen")
    assert unseen.shares == (1.0, 0.0, 0.0, 0.0)
    assert [(one.name, one.joined.count) for one in report.staying_by_month] == [("2024-04", 10), ("2024-01", 20)]
    assert_figures_equal_queries(world, report)


def test_causes_of_loss(tmp_path: Path) -> None:
    world = ReadingWorld(tmp_path, range(1, 11))
    world.read(range(1, 11), 0)
    with world.session.store.write() as con:
        con.execute("UPDATE account SET status = 2 WHERE x_id = 1")
        con.execute("UPDATE account SET status = 1 WHERE x_id = 2")
        world.session.store.bump("profile", [world.rows[1], world.rows[2]])
    world.read(range(6, 11), 30)
    world.follow([3, 9])
    change = reporting.report(world.session).change
    assert change is not None
    assert counts(change.causes) == {"unfollowed": 1, "suspended": 1, "gone": 1, "unknown": 2}


def test_which_kinds_qualify_is_a_setting(tmp_path: Path) -> None:
    world, _ = made(tmp_path, 1)
    settings.QUALIFIED.write(world.session.store, ["employee"])
    report = reporting.report(world.session)
    assert [one.name for one in report.matters] == ["employee"]
    assert report.quality.by_rule.count == counts(report.followers.kinds)["employee"]
    assert_figures_equal_queries(world, report)


def test_who_matters_is_told_in_plain_words() -> None:
    figures = [
        Figure("customer", 1, ""),
        Figure("prospect", 1204, ""),
        Figure("partner", 0, ""),
        Figure("press", 2, ""),
    ]
    assert report_text.matters_line(figures) == "1 customer, 1,204 prospects, 2 press"
    assert report_text.matters_line(figures[2:3]) == "nobody of a kind that counts as qualified yet"


def test_out_settles_only_who_has_no_kind(tmp_path: Path) -> None:
    world, kinds = made(tmp_path, 2)
    deciding.decide(world.session, list(world.rows.values()), Decision.OUT)
    states = counts(reporting.report(world.session).followers.states)
    assert states["not known yet"] == 0
    assert states["qualified"] == sum(kinds[one] in QUALIFIED_KINDS for one in world.truth.present)


def test_the_index_is_what_its_parts_say(tmp_path: Path) -> None:
    world, kinds = made(tmp_path, 4)
    report, present = reporting.report(world.session), world.truth.present
    qualified = sum(kinds[one] in QUALIFIED_KINDS for one in present) / len(present)
    real = 1 - sum(kinds[one] in (Kind.BOT, Kind.HARMFUL) for one in present) / len(present)
    assert report.index == pytest.approx(100 * (40 * qualified + 20 * real) / 60)


def test_words_tables_and_redaction(tmp_path: Path) -> None:
    world, _ = made(tmp_path, 5)
    report = reporting.report(world.session)
    lines = report_text.lines(report, UTC)
    assert 7 <= len(lines) <= 9
    assert all("\n" not in line for line in lines)
    written = report_files.write_tables(report, tmp_path / "tables")
    assert len((tmp_path / "tables" / "history.csv").read_text().splitlines()) == len(report.history) + 1
    assert {f"{name}.csv" for name in report_tables.tables(report)} == set(written)
    assert report_files.write_tables(report, tmp_path / "tables") == written, "those of before are replaced"
    hidden = report_files.redacted(report)
    text = report_files.markdown(hidden, UTC) + str(report_text.as_json(hidden))
    assert all(f"user{one}" not in text for one in world.rows)
    assert "reading 1" not in text
    assert "reading 2" in str(report_text.as_json(report))
    assert BEGIN.strftime("%Y") in text


@pytest.mark.parametrize("content", ["my own figures\n", "", "at,qualified,mine\n1,2,3\n"])
def test_a_table_does_not_replace_a_file_a_person_wrote(tmp_path: Path, content: str) -> None:
    world, _ = made(tmp_path, 5)
    report = reporting.report(world.session)
    names = [f"{name}.csv" for name in report_tables.tables(report)]
    own = tmp_path / "tables" / names[-1]
    own.parent.mkdir()
    own.write_text(content)
    with pytest.raises(BadInput, match="is another file, or was edited; name another folder"):
        report_files.write_tables(report, own.parent)
    assert [path.name for path in own.parent.iterdir()] == [own.name]
    assert own.read_text() == content


def test_the_funnel_counts_followers_by_kind_and_step(tmp_path: Path) -> None:
    world, kinds = made(tmp_path, 1)
    dice = random.Random(5)
    happened = {(one, dice.choice(("reply", "visit", "download", "registration", "job-change"))) for one in kinds}
    with world.session.store.write() as con:
        con.executemany(
            "INSERT INTO interaction VALUES (?, 5, ?, '', 'made', NULL)",
            [(world.rows[one], what) for one, what in happened],
        )
    report = reporting.report(world.session)
    assert_figures_equal_queries(world, report)
    for funnel in report.funnel:
        members = {one for one in world.truth.present if kinds[one].value == funnel.name}
        steps = {step.name: step.count for step in funnel.steps}
        assert steps["follow"] == len(members)
        assert steps["engaged"] == len({one for one, what in happened if what == "reply"} & members)
        for step in ("visit", "download", "registration"):
            assert steps[step] == len({one for one, what in happened if what == step} & members)
        came = {one for one, what in happened if what in ("visit", "download", "registration")} & members
        assert funnel.came.count == len(came)
    assert len(report.funnel) > 3


def test_the_funnel_counts_followers_by_month_of_following(tmp_path: Path) -> None:
    """Three groups: there before the first reading, and two months; small ones say so."""
    world = ReadingWorld(tmp_path, range(1, 121))
    world.read(range(1, 51), 0)
    world.read(range(1, 91), 20)
    world.read(range(1, 101), 20)
    happened = [(1, "visit"), (1, "download"), (60, "reply"), *((one, "visit") for one in range(51, 61)), (95, "visit")]
    with world.session.store.write() as con:
        con.executemany(
            "INSERT INTO interaction VALUES (?, 5, ?, '', 'made', NULL)",
            [(world.rows[one], what) for one, what in (*happened, (110, "visit"))],
        )
    report = reporting.report(world.session)
    assert_figures_equal_queries(world, report)
    told = {one.name: ([step.count for step in one.steps], one.came.count) for one in report.funnel_by_month}
    assert told == {
        "2024-02": ([10, 0, 1, 0, 0], 1), "2024-01": ([40, 1, 10, 0, 0], 10), "before": ([50, 0, 1, 1, 0], 1)
    }  # fmt: skip
    newest, second, before = report.funnel_by_month
    assert report_text.came(newest) is None
    assert report_text.came_words(newest) == "too few to say"
    found = report_text.came(second)
    assert found is not None
    # Wilson's bounds of 10 of 40, as tables of it have them.
    assert found == pytest.approx((0.1419, 0.25, 0.4019), abs=1e-4)
    assert report_text.came_words(before) == "2% (0.4% to 10%)"
    body = report_text.as_json(report)["funnel_by_month"]
    assert [(one["month"], one["is_too_few"]) for one in body] == [
        ("2024-02", True),
        ("2024-01", False),
        ("before", False),
    ]
    columns, lines = report_tables.tables(report)["funnel-by-month"]
    assert [line["says"] for line in lines] == ["too few to say", "", ""]
    assert set(lines[1]) <= set(columns) | {"share"}


def test_before_and_after_the_first_engagement(tmp_path: Path) -> None:
    """Windows of 90 days on both sides of it, of those it is long enough ago for; small numbers tell nothing."""
    world = ReadingWorld(tmp_path, range(1, 61))
    world.read(range(1, 51), 0)
    day, first = 86_400, int(BEGIN.timestamp())
    world.clock.advance(timedelta(days=200))
    lines = [(one, first, "reply") for one in range(1, 41)] + [(1, first + 9 * day, "message")]
    lines += [(one, first + 150 * day, "reply") for one in (41, 42)]
    lines += [(one, first - 10 * day, "visit") for one in (1, 2, 55)] + [(2, first - 20 * day, "visit")]
    lines += [(one, first + 30 * day, "visit") for one in range(1, 13)]
    lines += [(3, first - 91 * day, "visit"), (3, first + 91 * day, "download"), (41, first + 151 * day, "download")]
    lines += [(5, first + day, "registration")]
    with world.session.store.write() as con:
        con.executemany(
            "INSERT INTO interaction VALUES (?, ?, ?, '', 'made', NULL)",
            [(world.rows[one], at, what) for one, at, what in lines],
        )
    around = reporting.report(world.session).around
    told = [(one.outcome, one.of.count, one.before.count, one.after.count) for one in around]
    assert told == [("visit", 40, 2, 12), ("registration", 40, 0, 1)]
    assert_figures_equal_queries(world, reporting.report(world.session))
    assert report_text.around_line(around[0]) == "visit: 2 before, 12 after, of 40 engaged with"
    assert report_text.around_line(around[1]).endswith("of 40 engaged with; too few to say")
    nine = replace(around[0].before, count=9)
    assert report_text.around_line(around[0]._replace(before=nine)).endswith("within the noise")


def test_the_index_does_not_rise_because_only_followers_are_known(tmp_path: Path) -> None:
    """Of those known to be on X all follow then; the list as a whole is what counts."""
    world = ReadingWorld(tmp_path, range(1, 5))
    world.read(range(1, 5), 0)
    entries = add_list(world.session.store, "Customers", "customer", ["Acme", "Globex", "Initech", "Hooli"])
    add_match(world.session.store, world.rows[1], entries["Acme"], "certain", 99)
    report = reporting.report(world.session)
    last = report.index_parts[-1]
    assert (last.name, last.share) == ("customers and prospects who follow", 0.25)
    assert (report.coverage[0]["on_x"], report.coverage[0]["follows_us"]) == (1, 1)


def test_the_figures_of_now_come_first_and_are_those_of_the_whole(tmp_path: Path) -> None:
    world, _ = made(tmp_path, 2)
    reporter = reporting.Reporter(world.session)
    today = reporter.today()
    assert (today.is_whole, today.change, today.history, today.staying_by_kind) == (False, None, (), ())
    assert reporter.today() is today, "at hand while the rest is being counted"
    whole = reporter.report(today)
    assert whole.is_whole
    assert whole == reporting.report(world.session)
    assert (
        replace(
            whole,
            losses=(),
            funnel_by_month=(),
            around=(),
            goals=(),
            links=(),
            change=None,
            history=(),
            staying_by_kind=(),
            staying_by_month=(),
            clean_up=None,
            is_whole=False,
        )
        == today
    )
    assert reporter.today() is whole, "counted once until something changes"
    world.read(range(1, 40), 7)
    assert not reporter.today().is_whole
