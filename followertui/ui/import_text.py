"""The texts of an import: what a file is recognised as, what is asked, the result.

Owns wording only: values in, content and choices out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from followertui.domain.kind import LIST_KINDS
from followertui.services.intake.unresolved_ids import BRING_NAMES
from followertui.ui.cells import Part, counted, fit, guard, line, lines, plain
from followertui.ui.dialogs.choosing import Choice

if TYPE_CHECKING:
    from followertui.services.intake.import_plan import ImportPlan
    from followertui.services.intake.inspecting import ArchiveInside
    from followertui.services.intake.values import ImportChoices, ImportReport, MappedColumn
    from followertui.services.values import Queue


class ImportAnswer(NamedTuple):
    """An answer to a question about a file: the field of ``ImportChoices`` it fills, and with what.

    Attributes:
        field, value: what it says.
        completeness: what it says beside that of whether these are all, "" for nothing.
    """

    field: str
    value: str
    completeness: str = ""


BASIS_CHOICES: tuple[Choice[ImportAnswer], ...] = (
    Choice(ImportAnswer("basis", "own-records"), "they gave us their details", "1", "our own records"),
    Choice(ImportAnswer("basis", "public-directory"), "public directory", "2"),
    Choice(ImportAnswer("basis", "third-party"), "bought or collected by others", "3"),
    Choice(ImportAnswer("basis", "third-party"), "not sure", "4", "treated as 3"),
)
_DIRECTIONS = (("follower", "they follow us"), ("following", "we follow them"))


def _relation_choices(plan: ImportPlan) -> list[Choice[ImportAnswer]]:
    """Who the people in a file are, and in the same answer whether these are all, where nothing else says it."""
    told: list[tuple[ImportAnswer, str, str]] = []
    for word, title in _DIRECTIONS:
        if word in plan.expected or plan.completeness is not None:
            told.append((ImportAnswer("relation", word), title, ""))
        else:
            told.append(
                (ImportAnswer("relation", word, "complete"), f"{title}: all of them", "who is missing has left")
            )
    told += [
        (ImportAnswer("relation", word, "partial"), f"{title}: a part of them", "no one counts as having left")
        for word, title in _DIRECTIONS
        if word not in plan.expected and plan.completeness is None
    ]
    told.append((ImportAnswer("relation", "both"), "both, the file says which", ""))
    told.append((ImportAnswer("relation", "none"), "neither", "a competitor's followers, speakers"))
    return [Choice(answer, title, str(number), remark) for number, (answer, title, remark) in enumerate(told, 1)]


def question_of(name: str, plan: ImportPlan) -> tuple[str, list[Choice[ImportAnswer]]]:
    """A question in plain words with its answers.

    Args:
        name: "encoding", "owner", "dates", "relation", "kind", "basis" or "complete".
        plan: what the file is believed to be.

    Returns:
        The question and the choices.
    """
    if name == "encoding":
        readings = [
            Choice(ImportAnswer("encoding", one.name), guard(" · ".join(one.sample)), str(number), one.label)
            for number, one in enumerate(plan.seen.readings, 1)
        ]
        return "Which of these reads right?", readings
    if name == "owner":
        owners = [
            Choice(ImportAnswer("owner", one), guard(one), str(n) if n < 10 else "")
            for n, one in enumerate(plan.seen.owners, 1)
        ]
        return "It holds the lists of several accounts. Whose is read?", owners
    if name == "dates":
        column, sample, first, second = plan.open_date
        return f"What is {sample!r} in column {column!r}?", [
            Choice(ImportAnswer("dates", "day-first"), first, "1", "day first"),
            Choice(ImportAnswer("dates", "month-first"), second, "2", "month first"),
        ]
    if name == "relation":
        return "Who are the people in this file?", _relation_choices(plan)
    if name == "kind":
        letters = "cprievon"
        choices = [
            Choice(ImportAnswer("kind", kind.value), f"{kind.value}s" if kind.value != "press" else "press", letter)
            for kind, letter in zip(LIST_KINDS, letters, strict=True)
        ]
        if plan.kind_column:
            by_column = ImportAnswer("kind_from", plan.kind_column)
            choices.insert(0, Choice(by_column, f"as column {plan.kind_column!r} says", "k"))
        return "Who is on this list?", choices
    if name == "basis":
        return "How did you get these people?", list(BASIS_CHOICES)
    rows = counted(plan.rows) if plan.rows is not None else "these"
    expected = f" of {counted(plan.expected_count)}" if plan.expected_count else ""
    return (
        f"Are {rows}{expected} all of them?",
        [
            Choice(ImportAnswer("completeness", "complete"), "yes, all", "y", "who is missing has left"),
            Choice(ImportAnswer("completeness", "partial"), "no, a part", "n", "no one counts as having left"),
        ],
    )


def archive_choices(found: Sequence[ArchiveInside]) -> list[Choice[tuple[str, ...]]]:
    """Which of several archives in a folder is read: each, the newest first, or all of one owner.

    Args:
        found: the archives, oldest first.

    Returns:
        Choices whose answers are paths, in the order of reading.
    """
    choices: list[Choice[tuple[str, ...]]] = [
        Choice((one.path,), guard(f"{one.owner or 'owner not known'}, {one.day}"), str(n) if n < 10 else "",
               guard(PurePath(one.path).name))
        for n, one in enumerate(reversed(found), 1)
    ]  # fmt: skip
    owners = {one.owner for one in found}
    if len(owners) == 1 and "" not in owners:
        everything = tuple(one.path for one in found)
        choices.append(Choice(everything, f"all {len(found)} of {guard(owners.pop())}", "a", "from the oldest on"))
    return choices


ABOUT_US = "say who you are: it finds employees, competitors, impostors"
_ROOMY = 100
"""From this number of cells on a column's samples have their full width."""

WHERE_FROM = (
    ("followers, following", "X: Settings > Download an archive: all, by id only"),
    ("with names and bios", "an exporter, twitter-web-exporter: a browser add-on"),
    ("", "that saves the list you scroll through, as JSON"),
    ("customers, contacts", "your CRM's or address book's Export button: CSV"),
    ("step by step", "followertui help files"),
)
"""What a person may want to bring, and where it comes from today."""


def where_from() -> Content:
    """Where files come from, shown while none is chosen."""
    return lines([line((f" {what:<22}", "bold"), (text, "$foreground-muted")) for what, text in WHERE_FROM])


def tag_remarks() -> list[Content]:
    """What a tag is for where accounts are nobody of ours."""
    return [plain("tag:NAME is:follower then finds those of them who follow you too", "$foreground-muted")]


def looking_hint(plan: ImportPlan, *, is_answered: bool) -> str:
    """The keys that do something while a file is looked at.

    Args:
        plan: what the file is believed to be.
        is_answered: whether there are answers to ask for again.
    """
    keys = ("Enter " + ("answers" if plan.questions else "imports") + (", changes a column" if plan.columns else ""),
            "a asks again" if is_answered and not plan.questions else "",
            "n renames" if plan.name else "", "Esc another file")  # fmt: skip
    return " " + " · ".join(key for key in keys if key)


def field_choices(plan: ImportPlan) -> list[Choice[str]]:
    """Fields a column can be mapped to, "" to ignore it."""
    return [Choice("", "(ignore this column)"), *(Choice(name, name) for name in plan.fields)]


def plan_lines(plan: ImportPlan, choices: ImportChoices, width: int) -> Content:
    """What the file is believed to be, before anything is written.

    Args:
        plan: what was recognised.
        choices: answers so far.
        width: cells.

    Returns:
        Several lines.
    """
    rows = [
        plain(str(plan.path), "$foreground-muted"),
        line((plan.sentence, "bold $primary")),
        line(
            ("as of ", "$foreground-muted"),
            plan.as_of_text[:10],
            (f" (from the {plan.as_of_source})", "$foreground-muted"),
        ),
    ]
    if plan.expected_count is not None and plan.rows is not None:
        rows.append(line(f"{counted(plan.rows)} of {counted(plan.expected_count)} the profile counts"))
    answers = [
        f"{label}: {value}"
        for label, value in (
            ("relation", plan.relation),
            ("tag", plan.tag),
            ("kind", choices.kind or choices.kind_from),
            ("name", plan.name),
            ("basis", choices.basis),
            ("file is", choices.completeness),
        )
        if value
    ]
    if answers:
        rows.append(line((" · ".join(answers), "$success")))
    rows += [line(("! ", "bold $warning"), (problem, "$warning")) for problem in (*plan.problems, *plan.losses)]
    if plan.sample:
        shown = " · ".join(f"{field}: {text}" for field, text in plan.sample[0].items() if text)
        rows.append(line(("first row  ", "$foreground-muted"), guard(shown)).truncate(max(20, width), ellipsis=True))
    rows.append(Content(""))
    return lines(rows)


def samples_of(column: MappedColumn) -> str:
    """What stands in the first rows of a column."""
    return " | ".join(guard(text) for text in column.samples if text)


def column_line(column: MappedColumn, width: int) -> Content:
    """One column: its name, the field it is taken for, samples, why.

    Args:
        column: the column.
        width: cells of the screen; samples give way where it is narrow.
    """
    field = column.field or "ignored"
    of_name, of_samples = (20, 22) if width >= _ROOMY else (18, 14)
    return line(
        "  ",
        (fit(column.column, of_name), "bold" if column.field else "$foreground-muted"),
        (" → ", "$foreground-muted"),
        (fit(field, 12), "$accent" if column.field else "$foreground-muted"),
        (" " + fit(samples_of(column), of_samples), "$foreground-muted"),
        (" " + column.why, "$foreground-muted"),
    )


class NextStep(NamedTuple):
    """What a person would do after an import.

    Attributes:
        text: what it is, plain words.
        queue_id: the queue to go to.
        brings_files: whether another file comes first.
        agreed: what the import settled by itself, "" if nothing.
    """

    text: str
    queue_id: str = ""
    brings_files: bool = False
    agreed: str = ""


def next_step(queues: Sequence[Queue], text: str, *, has_lists: bool, agreed: str = "") -> NextStep:
    """Where Enter goes after an import: to what there is to confirm, to a missing file, or to the review.

    Args:
        queues: queues with counts.
        text: how many matches there are to confirm and how long that takes.
        has_lists: whether any list was brought.
        agreed: what the import settled by itself.

    Returns:
        The step.
    """
    if next((queue.count for queue in queues if queue.id == "confirm"), 0):
        return NextStep(text, "confirm", agreed=agreed)
    first = next((queue for queue in queues if queue.id not in ("confirm", "plan")), None)
    nameless = next((queue.count or 0 for queue in queues if queue.id == "nameless"), 0)
    if nameless and not (first and first.count):
        return NextStep(f"{counted(nameless)} known by id only: {BRING_NAMES}", brings_files=True, agreed=agreed)
    if not has_lists:
        return NextStep("bring a customer list to see who on it is here", brings_files=True, agreed=agreed)
    if first is None or not any(queue.count for queue in queues if queue.is_main):
        return NextStep("bring followers or following to see who they are", brings_files=True, agreed=agreed)
    return NextStep(f"{first.title}: {counted(first.count or 0)}", first.id, agreed=agreed)


def report_lines(report: ImportReport, step: NextStep | None = None, *, asks_about_us: bool = False) -> Content:
    """What an import did, and what comes next once that is known.

    Args:
        report: what it did.
        step: what comes next, None while that is not known.
        asks_about_us: whether nobody said yet who we are.
    """
    figures: list[Part] = []
    for count, words, style in (
        (report.read, "read", "bold"),
        (report.added, "added", "bold $success"),
        (report.updated, "updated", "bold"),
        (report.unchanged, "unchanged", "bold"),
        (report.merged, "merged", "bold"),
        (report.refused, "refused", "bold $warning"),
        (report.new, "new", "bold $primary"),
        (report.left, "left", "bold $error"),
    ):
        if count:
            figures += [(counted(count), style), f" {words}   "]
    rows = [Content(""), line(*figures) if figures else plain("nothing changed"), Content("")]
    rows += [line(("refused  ", "$warning"), f"{counted(item.count)} {item.reason}") for item in report.refused_by]
    rows += [
        line(
            (f"  line {item.line} ", "$foreground-muted"),
            f"{item.column}: {guard(item.value)[:40]} ",
            (item.reason, "$warning"),
        )
        for item in report.refused_rows[:5]
    ]
    rows += [line(("note  ", "$foreground-muted"), note) for note in report.notes]
    if step is not None:
        if step.agreed:
            rows.append(line(("plan  ", "$foreground-muted"), step.agreed))
        rows += [
            Content(""),
            line(("next  ", "$foreground-muted"), (step.text, "bold $accent"), ("   Enter", "$accent")),
        ]
        if asks_about_us:
            rows.append(line(("then  ", "$foreground-muted"), (ABOUT_US, "bold"), ("   A", "$accent")))
    return lines(rows)
