"""House checks of a store: what must hold before anything is carried out, and whether it does.

Owns adding, dropping and evaluating them by plain SQL on the accounts they name. Matching and
judging end with them, carrying out begins with them, ``doctor`` names what fails. An account
that is not here breaks nothing, and is said. The rules of a line are ``domain.house_checks``.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from followertui.domain.decision import PRUNING_ACTIONS, Decision, PlanState
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.guards import RowFacts, kind_of
from followertui.domain.house_checks import MUST_KEEP, HouseCheck, parse
from followertui.domain.progress import Progress
from followertui.services import guarding, naming
from followertui.services.intake.values import JudgeReport, MatchReport
from followertui.services.phrases import ACTION_WORDS, counted, one_line
from followertui.services.session import Session
from followertui.services.values import Undone
from followertui.store.audience import pages
from followertui.store.decisions import plans
from followertui.store.decisions.journal import Entry
from followertui.store.file import settings

_Report = TypeVar("_Report", MatchReport, JudgeReport)

COMMAND = "checks"
"""Journal entries of this module; ``reverse`` undoes them."""

_MOST_BYTES = 1_000_000


class Checked(NamedTuple):
    """One check as it stands.

    Attributes:
        check: the line.
        failure: what breaks it, "" where it holds.
        remark: what a person should know though it holds, "" for nothing.
    """

    check: HouseCheck
    failure: str
    remark: str


# --- what is written down -----------------------------------------------------------------


def checks(session: Session) -> list[HouseCheck]:
    """The checks of the store, in the order they were added."""
    return [check for check, _ in _kept(session)]


def _kept(session: Session) -> list[tuple[HouseCheck, int | None]]:
    """Every check with the id of its account, None where it was not known."""
    found = []
    for line in settings.HOUSE_CHECKS.read(session.store):
        try:
            check = parse(str(line.get("line", "")))
        except (BadInput, AttributeError):
            continue
        x_id = str(line.get("x_id"))
        found.append((check, int(x_id) if x_id.isdigit() else None))
    return found


def add(session: Session, lines: Sequence[str]) -> str:
    """Add checks, one a line, as one gesture; returns one line.

    Raises:
        BadInput: one of them is none; nothing was added.
        NothingToDo: all of them are there already.
    """
    wanted = [parse(line) for line in lines]
    before = settings.HOUSE_CHECKS.read(session.store)
    known = {str(check) for check in checks(session)}
    fresh = list(dict.fromkeys(check for check in wanted if str(check) not in known))
    if not fresh:
        raise NothingToDo("these checks are there already")
    made = [{"line": str(check), "x_id": _id_of(session, check)} for check in fresh]
    unknown = [check.account for check, line in zip(fresh, made, strict=True) if line["x_id"] is None]
    text = f"house checks: {counted(len(fresh), 'line')} added"
    _write(session, before, [*before, *made], text, len(fresh))
    missing = [account for account in unknown if naming.row_named(session, account) is None]
    remark = f"; not known here yet: {', '.join(missing[:5])}" if missing else ""
    return text + remark


def drop(session: Session, line: str) -> str:
    """Drop a check; returns one line.

    Raises:
        BadInput: there is no such check.
    """
    wanted = str(parse(line))
    before = settings.HOUSE_CHECKS.read(session.store)
    left = [one for one in before if str(one.get("line", "")) != wanted]
    if len(left) == len(before):
        raise BadInput(f'no house check says "{wanted}"; `followertui checks` lists them')
    text = f"house checks: dropped {wanted}"
    _write(session, before, left, text, 1)
    return text


def _write(session: Session, before: list[dict[str, Any]], after: list[dict[str, Any]], text: str, count: int) -> None:
    with session.store.write():
        settings.HOUSE_CHECKS.write(session.store, after)
        session.journal.record(COMMAND, session.now, text, count, {"before": before, "after": after})


def reverse(session: Session, entry: Entry, is_redo: bool) -> Undone:
    """Undo a change of the checks, or make it again."""
    with session.store.write():
        kept = session.journal.payload(entry.id)
        value = kept["after" if is_redo else "before"]
        settings.HOUSE_CHECKS.write(session.store, value if isinstance(value, list) else [])
        inverse = session.journal.mark_reversed(entry, session.now, is_redo)
    return Undone(inverse, f"{'redo' if is_redo else 'undo'}: {entry.text}", (), "", ())


def _id_of(session: Session, check: HouseCheck) -> str | None:
    """The id of a check's account, as text; None where it is not known, or none is."""
    row = naming.row_named(session, check.account)
    x_id = None if row is None else pages.identity(session.store, row).x_id
    return None if x_id is None else str(x_id)


def from_file(path: Path) -> list[HouseCheck]:
    """Checks of a text file, one a line; empty lines and lines that begin with # are left out.

    Raises:
        BadInput: it cannot be read, or a line is no check.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path}: is far too large for a file of house checks")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is no UTF-8 text") from None
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.strip().startswith("#"):
            try:
                found.append(parse(line))
            except BadInput as error:
                raise BadInput(f"{path}, line {number}: {error}") from None
    if not found:
        raise NothingToDo(f"{path}: holds no house check")
    return found


# --- whether they hold --------------------------------------------------------------------


def run(session: Session, others: Sequence[HouseCheck] | None = None) -> list[Checked]:
    """Every check as it stands, by plain SQL: inside a transaction the answer holds until it ends.

    Args:
        session: the open store.
        others: these instead of those of the store.
    """
    asked = _kept(session) if others is None else [(check, None) for check in others]
    rows: dict[int, list[int]] = {}
    problems: dict[int, str] = {}
    for place, (check, x_id) in enumerate(asked):
        try:
            rows[place] = naming.rows_named(session, check.account if x_id is None else str(x_id))
        except BadInput as error:
            problems[place] = str(error)
    facts = guarding.facts_of(session, sorted({row for found in rows.values() for row in found}))
    planned = plans.open_actions(session.store, list(facts))
    return [
        Checked(check, problems[place], "")
        if place in problems
        else _checked(check, [facts[row] for row in rows[place] if row in facts], _pruned(rows[place], planned))
        for place, (check, _) in enumerate(asked)
    ]


def _pruned(rows: Sequence[int], planned: dict[int, list[plans.OpenAction]]) -> list[str]:
    """Open actions on some accounts that would remove them and that no guard holds."""
    return [
        ACTION_WORDS[each.action]
        for row in rows
        for each in planned.get(row, ())
        if each.action in PRUNING_ACTIONS and each.state is not PlanState.HELD
    ]


def _checked(check: HouseCheck, facts: Sequence[RowFacts], pruned: Sequence[str]) -> Checked:
    if not facts:
        return Checked(check, "", "not known here")
    if check.rule == MUST_KEEP:
        if pruned:
            return Checked(check, f"{check.account} must be kept, and {pruned[0]} is planned", "")
        is_out = any(each.decision is Decision.OUT for each in facts)
        return Checked(check, f"{check.account} must be kept, and is decided out" if is_out else "", "")
    kind = kind_of(facts[0])[0]
    is_so = check.kind is kind
    wanted = check.kind.value if check.kind else ""
    return Checked(check, "" if is_so else f"{check.account} must be {wanted}, and is {kind.value}", "")


def failures(session: Session) -> list[str]:
    """What breaks the checks of the store, in plain words; nothing is read where there is none."""
    if not settings.HOUSE_CHECKS.read(session.store):
        return []
    return [checked.failure for checked in run(session) if checked.failure]


def said(session: Session) -> str:
    """What fails, as one line after work that may have changed it; "" where all holds."""
    found = failures(session)
    return f"! {_counted(found)}: {_few(found)}; nothing is carried out until they hold" if found else ""


def after(session: Session, job: Generator[Progress, None, _Report]) -> Generator[Progress, None, _Report]:
    """Long work that may change what accounts are; its report names the checks that fail after it."""
    report = yield from job
    failing = said(session)
    return report._replace(text=f"{report.text} · {failing}") if failing else report


def require(session: Session) -> None:
    """Let nothing be carried out while a check fails.

    Raises:
        BadInput: at least one fails; the line names them.
    """
    found = failures(session)
    if found:
        raise BadInput(f"{_counted(found)}, so nothing is carried out: {_few(found)}; `followertui checks` lists all")


def _counted(found: Sequence[str]) -> str:
    return f"{counted(len(found), 'house check')} {'fails' if len(found) == 1 else 'fail'}"


def _few(found: Sequence[str]) -> str:
    rest = f", and {len(found) - 3:,} more" if len(found) > 3 else ""
    return "; ".join(one_line(text, 120) for text in found[:3]) + rest
