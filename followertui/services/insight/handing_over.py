"""What the next person has to know: open plans, released guards, what was put off, what is due, who worked here.

Owns what stands on the page and its wording. It reads only, apart from the guards that the plan
looks at again; ``handover_page`` draws it. The command line and the palette call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from followertui.domain.guards import Guard, evidence_hash
from followertui.services import guarding
from followertui.services.insight import since
from followertui.services.phrases import ACTION_WORDS, counted, day
from followertui.services.plan import planning
from followertui.services.plan.values import PlanGroup
from followertui.services.scoring import judging, matching
from followertui.services.session import Session
from followertui.store.audience import pages
from followertui.store.decisions import calls, differences, standing
from followertui.store.file import settings

MOST_LINES = 100
"""Lines of one section; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page.

    Attributes:
        title: its heading.
        heads: what its columns hold.
        rows: its lines, a text per column.
        more: how many lines were left out.
        empty: what is said where there are none.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int
    empty: str


@dataclass(frozen=True, slots=True)
class Handover:
    """The page: whose account it is, as of when, and its sections."""

    profile: str
    as_of: str
    sections: tuple[Section, ...]


def handover(session: Session) -> Handover:
    """Everything a colleague has to know to go on."""
    sections = (
        _section("Open plan", ("action", "ready", "held back", "why"), _plan(session), "nothing is planned"),
        _section("Left in doubt", ("account", "what", "since"), _doubts(session), "no call to X was left unfinished"),
        _section(
            "Released guards", ("account", "from", "by", "on", "now"), _releases(session), "no guard was released"
        ),
        _section("To look at again", ("account", "on", "put off by", "note"), _put_off(session), "nothing was put off"),
        _section(
            "Two people differ", ("account", "on", "words"), _differing(session), "no two people differ on an account"
        ),
        _section("Due now", ("queue", "accounts", "opened with"), _due(session), "nothing waits"),
        _section("Who worked here", ("who", "gestures", "last"), _people(session), "nobody decided anything yet"),
    )
    profile = settings.own_handle(session.store)
    return Handover(profile, day(session.now, session.zone), sections)


def _section(title: str, heads: tuple[str, ...], lines: Iterator[tuple[str, ...]], empty: str) -> Section:
    rows = list(lines)
    return Section(title, heads, tuple(rows[:MOST_LINES]), max(0, len(rows) - MOST_LINES), empty)


def as_text(page: Handover) -> list[str]:
    """The page in Markdown, line by line."""
    said = [f"# Handover{f' of @{page.profile}' if page.profile else ''}, {page.as_of}"]
    for section in page.sections:
        said += ["", f"## {section.title}", ""]
        said += [f"- {' · '.join(cell for cell in row if cell)}" for row in section.rows] or [section.empty]
        if section.more:
            said.append(f"- and {section.more:,} more")
    return said


def as_json(page: Handover) -> dict[str, object]:
    """The page as one JSON object: section -> its lines by column."""
    sections = {
        section.title.lower().replace(" ", "_"): [dict(zip(section.heads, row, strict=True)) for row in section.rows]
        for section in page.sections
    }
    return {"profile": page.profile, "as_of": page.as_of, **sections}


# What stands in it --------------------------------------------------------------------


def _name(session: Session, row: int) -> str:
    found = pages.identity_of(session.store, row)
    if found is None:
        return f"account {row}"
    return f"@{found.handle}" if found.handle else found.name or f"id {found.x_id}"


def _plan(session: Session) -> Iterator[tuple[str, ...]]:
    for group in planning.overview(session).groups:
        if group.ready or group.held or group.later:
            held = group.held + group.later
            yield ACTION_WORDS[group.action], counted(group.ready, "action"), f"{held:,} held back", _why(group)


def _why(group: PlanGroup) -> str:
    reasons = [f"{line.count:,} {line.value}" for line in group.by_reason[:3]]
    reasons += [f"{held.count:,} held: {held.reason}" for held in group.held_by[:3]]
    later = [f"{group.later:,} put off"] if group.later else []
    return "; ".join([*reasons, *later, group.pace])


def _doubts(session: Session) -> Iterator[tuple[str, ...]]:
    for call in calls.open_calls(session.store):
        yield _name(session, call.row), ACTION_WORDS[call.action], day(call.at, session.zone)


def _releases(session: Session) -> Iterator[tuple[str, ...]]:
    found = standing.releases(session.store)
    facts = guarding.facts_of(session, [line.row for line in found])
    for line in found:
        guard = Guard(line.guard)
        is_standing = line.row in facts and evidence_hash(guard, facts[line.row]) == line.evidence_hash
        state = "stands" if is_standing else "over: what it rested on changed"
        on = day(line.at, session.zone)
        yield _name(session, line.row), guarding.sentence(session, guard), line.reviewer, on, state


def _put_off(session: Session) -> Iterator[tuple[str, ...]]:
    found = standing.put_off(session.store)
    notes = pages.notes(session.store, [line.row for line in found])
    for line in found:
        note = " ".join(notes.get(line.row, "").split())
        yield _name(session, line.row), day(line.due_at, session.zone), line.reviewer, note


def _differing(session: Session) -> Iterator[tuple[str, ...]]:
    for row in differences.rows(session.store):
        for pair in differences.of_row(session.store, row):
            words = f"{pair.here_by}: {pair.here}; {pair.there_by}: {pair.there}"
            yield _name(session, row), pair.what, words


def _due(session: Session) -> Iterator[tuple[str, ...]]:
    for figure in since.due(session):
        yield figure.name, f"{figure.count:,}", f"followertui review '{figure.query}'"
    for direction, days in since.ages(session).items():
        if days > since.OLD_DAYS:
            yield f"list of {direction}", "", f"read {counted(days, 'day')} ago: import a newer one"
    waiting = ((matching.waiting(session), "match", "compared"), (judging.waiting(session), "judge", "judged"))
    for count, command, done in waiting:
        if count:
            yield f"not {done} yet", f"{count:,}", f"followertui {command}"


def _people(session: Session) -> Iterator[tuple[str, ...]]:
    for line in standing.people(session.store):
        yield line.reviewer, counted(line.gestures, "gesture"), day(line.last_at, session.zone)
