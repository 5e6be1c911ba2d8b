"""Today: what is due, how it is done, and what a person says became of it.

Owns the gestures on what is due; each is one journal entry, and what it leaves (a text sent, a line of the
timeline, a follow) is written in the same transaction. What holds a person back is read there again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.decision import ActionKind, Executor, PlanState
from followertui.domain.engagement import INTERACTION_OF, POST_LENGTH, TALKING, WRITING, DueState, StepAction
from followertui.domain.errors import BadInput
from followertui.engage import contact_rules, drafts, shelf_item
from followertui.engage.playbook import Playbook, Step
from followertui.services import books, guarding
from followertui.services.engage import contacting, drafting, looking, proposing
from followertui.services.engage.contact_guard import facts_of
from followertui.services.engage.fitting import Fitter
from followertui.services.engage.following import DONE, record_follow
from followertui.services.engage.values import DRAFT, Composed, DueLine, Today, Wording
from followertui.services.phrases import counted, day, dollars
from followertui.services.plan import objects, planning
from followertui.services.review import deciding
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.sync import ending
from followertui.services.values import Gesture, RowCells
from followertui.store.decisions import due, shelf
from followertui.store.decisions.due import DueItem
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import DUE, interaction_slot, plan_slot, sent_slot
from followertui.store.file import settings
from followertui.text.cleaning import clean_text
from followertui.text.post_length import has_link, post_length
from followertui.x import links
from followertui.x.platform import Platform

SNOOZE_DAYS = 1
"""After how many days what is snoozed comes back unless said otherwise."""
_MOST_SNOOZE = 365

PLANNED_THROUGH: dict[StepAction, ActionKind] = {
    StepAction.FOLLOW: ActionKind.FOLLOW,
    StepAction.LIST: ActionKind.LIST_ADD,
    StepAction.REPOST: ActionKind.REPOST,
}
"""Steps that can go into the plan, to be carried out through the API or with the others by hand."""


def today(session: Session) -> Today:
    """What is due now. Brings it up to date first, unless the store is read-only."""
    proposing.refresh(session)
    return stored(session)


def stored(session: Session) -> Today:
    """What is due as it was proposed last."""
    items = due.open_items(session.store, session.now)
    begun = looking.start_of_today(session)
    waiting = due.waiting_items(session.store)
    answered = due.answered_since(session.store, begun)
    problems = books.books(session).problems.values()
    return Today(
        ids=tuple(item.id for item in items),
        carried=sum(item.since < begun for item in items),
        answered=len(answered),
        snoozed=len(waiting) - len(items),
        notes=(*ending.lines(session), *problems),
    )


def set_most(session: Session, most: int) -> str:
    """Say how much waits in Today at once; returns one line."""
    settings.TODAY_MOST.write(session.store, most)
    return f"at most {most:,} wait in Today at once"


def lines(session: Session, ids: Sequence[int]) -> list[DueLine]:
    """Items as rows, in that order."""
    found = due.items(session.store, ids)
    shown = {cell.row: cell for cell in cells(session, list(dict.fromkeys(item.row for item in found)))}
    facts = facts_of(session, list(shown))
    known = books.books(session).good
    begun = looking.start_of_today(session)
    made = []
    for item in found:
        book = known.get(item.playbook)
        if item.row not in shown:
            continue
        held = contact_rules.why_not(
            item.action, facts[item.row], session.now, book.cool_down_days if book is not None else 0
        )
        made.append(
            DueLine(
                item.id,
                shown[item.row],
                item.playbook,
                item.step,
                book.title if book else item.playbook,
                item.action,
                item.object,
                item.worth,
                max(0, (begun - item.since + DAY - 1) // DAY),
                held,
            )
        )
    return made


class _Asked(NamedTuple):
    """An item that waits for an answer, with its step and its person."""

    item: DueItem
    book: Playbook
    step: Step
    cells: RowCells


def _asked(session: Session, item_id: int) -> _Asked:
    """An item that can be answered.

    Raises:
        BadInput: there is none of that number, or it was answered already.
    """
    found = due.items(session.store, [item_id])
    if not found or found[0].state not in (DueState.OPEN, DueState.SNOOZED):
        raise BadInput(f"nothing with the number {item_id} is due; `followertui today` lists what is")
    item = found[0]
    book = books.books(session).good.get(item.playbook)
    step = next((one for one in book.steps if one.name == item.step), None) if book is not None else None
    shown = cells(session, [item.row])
    if book is None or step is None or not shown:
        raise BadInput(f"number {item_id} is due no longer: its playbook or account changed")
    return _Asked(item, book, step, shown[0])


def compose(session: Session, item_id: int, wording: Wording = DRAFT) -> Composed:
    """How an item is done: the page with the text filled in, what to click, what is wrong with it.

    Args:
        session: the open store.
        item_id: number of what is due.
        wording: what is sent.

    Raises:
        BadInput: it is not due, may not be done now, or the post is no post.
    """
    asked = _asked(session, item_id)
    if held := _held(session, asked.item, asked.book):
        raise BadInput(f"held back: {held}")
    made = _made(session, asked, wording)
    text = _text(made, wording)
    page = _page(asked, text, post_number(wording.post))
    return Composed(
        item_id=item_id,
        url=page.url,
        what_to_do=page.what_to_click,
        text=text,
        length=post_length(text),
        variant=made.draft.variant if made.draft is not None else 0,
        variants=made.variants,
        shelf_id=made.item.id if made.item is not None else 0,
        shelf_title=(made.item.title or made.item.url) if made.item is not None else "",
        why_link=made.why_link,
        problem=_problem(session, asked, made, text),
        api=_api_line(session, asked.step.action, text),
        is_own=wording.text is not None,
        is_filled_in=bool(text) and "text=" in page.url,
        again=_again_line(session, asked),
    )


def _held(session: Session, item: DueItem, book: Playbook | None) -> str:
    """Why an item may not be done now, "" where it may."""
    facts = facts_of(session, [item.row])[item.row]
    return contact_rules.why_not(item.action, facts, session.now, book.cool_down_days if book is not None else 0)


def _made(session: Session, asked: _Asked, wording: Wording) -> drafting.Made:
    fitter = Fitter(session)
    return drafting.make(session, fitter, asked.cells, asked.step, asked.item.id, wording.skip, wording.shelf_id)


def _text(made: drafting.Made, wording: Wording) -> str:
    """What is sent: the person's own words, else the draft."""
    if wording.text is not None and made.variants:
        return clean_text(wording.text, limit=4_000).strip()
    return made.draft.text if made.draft is not None else ""


def _problem(session: Session, asked: _Asked, made: drafting.Made, text: str) -> str:
    """What is wrong with a text before it goes out, "" where nothing is."""
    if asked.step.action is StepAction.OFFER and made.item is None:
        return "no link of the shelf fits that was not offered before: add one, or skip this"
    if not made.variants:
        return ""
    if post_length(text) > POST_LENGTH:
        return f"{post_length(text)} characters as X counts them; {POST_LENGTH} at most: shorten it"
    if shelf.has_other(session.store, drafts.text_key(text), asked.item.row):
        return "someone else was sent the same words: t changes them before you send it"
    return ""


def _page(asked: _Asked, text: str, post: str) -> links.Link:
    """The page a step is done on."""
    cell, action = asked.cells, asked.step.action
    handle, x_id = cell.handle or None, cell.x_id
    if action is StepAction.FOLLOW:
        return links.link(ActionKind.FOLLOW, handle, x_id)
    if action is StepAction.LIST:
        page = links.link(ActionKind.LIST_ADD, handle, x_id)
        return page._replace(what_to_click=f"{page.what_to_click}: {asked.step.to}")
    if action is StepAction.REPOST and post:
        return links.link(ActionKind.REPOST, handle, x_id, post)
    if action is StepAction.MESSAGE:
        return links.message(x_id, handle, text)
    if action is StepAction.THANK:
        return links.compose(text)
    if action in WRITING and post:
        return links.Link(links.reply(post, text), "look at the text, then Reply")
    if action is StepAction.ASSIGN:
        return links.Link(links.profile(handle, x_id), f"tell {asked.step.to} who this is; d says that you did")
    what = (
        "choose a post worth passing on, then Repost"
        if action is StepAction.REPOST
        else "choose a post the draft fits, Reply, paste the draft (it is copied); none fits: s, and look another day"
    )
    return links.Link(links.posts(handle, x_id), what)


def _api_line(session: Session, action: StepAction, text: str) -> str:
    """What a step costs through the API, or why it goes by hand, in one line."""
    kind = PLANNED_THROUGH.get(action)
    if kind is not None:
        executor, why = planning.executor_of(session, kind)
        endpoint = Platform.load().endpoint_of(kind)
        price = dollars(endpoint.usd) if endpoint is not None else ""
        return f"by API: {price}, p puts it into the plan" if executor is Executor.API else f"by hand: {why}"
    if action not in WRITING:
        return ""
    name, words = ("create_post_with_link", "a post with a link") if has_link(text) else ("create_post", "a post")
    if action is StepAction.MESSAGE:
        name, words = "message", "a message"
    return f"by hand, free; through the API {words} would cost {dollars(Platform.load().price(name))}"


def _again_line(session: Session, asked: _Asked) -> str:
    """When what repeats comes again for someone, and who says so; "" where a playbook repeats nothing."""
    last = asked.book.steps[-1]
    own = contacting.interval(session, asked.item.row)
    if not last.every_days:
        return f"every {counted(own, 'day')}, as you set for them; this playbook repeats nothing" if own else ""
    least = asked.book.cool_down_days
    if 0 < own < least:
        return f"{last.name} every {counted(own, 'day')} by you, but {least} at least by the playbook"
    if own:
        return f"{last.name} every {counted(own, 'day')}, as you set for them; the playbook says {last.every_days}"
    return f"{last.name} every {counted(last.every_days, 'day')}, as the playbook says; E sets it for them alone"


def post_number(text: str) -> str:
    """The number of a post from its address or number, "" for "".

    Raises:
        BadInput: it is neither.
    """
    return objects.post_id(text) if text.strip() else ""


def done(session: Session, item_id: int, wording: Wording = DRAFT) -> Gesture:
    """Record that a step was done by hand: what was sent, the line on the timeline, the follow.

    Args:
        session: the open store.
        item_id: number of what is due.
        wording: what was sent.

    Raises:
        BadInput: it is not due, the person may not be addressed, someone else was sent the same text, the
            link was offered to this person before, or the post was answered before. Nothing is recorded.
    """
    with session.store.write():
        asked = _asked(session, item_id)
        if held := _held(session, asked.item, asked.book):
            raise BadInput(f"held back: {held}; nothing was recorded")
        changes = [Change(DUE, [item_id], _value(session, DueState.DONE))]
        if asked.step.action in TALKING:
            changes += _sent(session, asked, wording)
        if asked.step.action is StepAction.FOLLOW:
            return record_follow(session, asked.item.row, changes)
        return deciding.write(session, DONE, changes, [], "", f"done, {_words(asked)}", DUE)


def _sent(session: Session, asked: _Asked, wording: Wording) -> list[Change]:
    """What addressing someone leaves: the text or the post, and the line on the timeline.

    Raises:
        BadInput: it may not be recorded as sent.
    """
    action, row = asked.step.action, asked.item.row
    made = _made(session, asked, wording)
    words, number = _text(made, wording), post_number(wording.post)
    item = made.item if action is StepAction.OFFER else None
    why = _why_no_link(session, asked, item, wording) or _why_not_sent(session, asked, words, number)
    if why:
        raise BadInput(f"{why}; nothing was recorded")
    kept = (words, drafts.text_key(words), item.id if item else None, number, asked.item.playbook, session.reviewer)
    reference = number or (f"shelf-{item.id}" if item else "")
    return [
        Change(sent_slot(session.now, action.value), [row], kept),
        Change(interaction_slot(session.now, INTERACTION_OF[action], reference), [row], ("today",)),
    ]


def _why_not_sent(session: Session, asked: _Asked, words: str, number: str) -> str:
    """Why a text, or the answer to a post, may not be recorded as sent, "" where it may."""
    action, row = asked.step.action, asked.item.row
    if action in WRITING:
        if not words:
            return "there is no text: say with --text what was sent"
        if post_length(words) > POST_LENGTH:
            return f"{post_length(words)} characters as X counts them; {POST_LENGTH} at most"
        if shelf.has_other(session.store, drafts.text_key(words), row):
            return "someone else was sent the same words: change them, or give what you sent with --text"
    if number and shelf.answered_post(session.store, number, action.value) is not None:
        return f"this post was {'reposted' if action is StepAction.REPOST else 'answered'} before: one reply a post"
    return ""


def _why_no_link(session: Session, asked: _Asked, item: shelf_item.ShelfItem | None, wording: Wording) -> str:
    """Why no link, or not this one, may be recorded as offered, "" where it may."""
    if asked.step.action is not StepAction.OFFER:
        return ""
    if item is None and wording.shelf_id:
        return f"no link with the number {wording.shelf_id} is on the shelf"
    if item is None:
        return "no link fits that was not offered before: add one, or skip this"
    is_known = item.id in facts_of(session, [asked.item.row])[asked.item.row].offered
    return "this link was offered to this person before" if is_known else ""


def _value(session: Session, state: DueState, until: int | None = None) -> tuple[object, ...]:
    return state.value, until, session.reviewer, session.now


def _words(asked: _Asked) -> str:
    return f"{asked.step.action.value} ({asked.book.title})"


def skip(session: Session, ids: Sequence[int]) -> Gesture:
    """Leave steps out: the playbook goes on with the next one in its time."""
    return _answer(session, "today.skip", ids, _value(session, DueState.SKIPPED), "skipped")


def snooze(session: Session, ids: Sequence[int], days: int = SNOOZE_DAYS) -> Gesture:
    """Put steps off.

    Raises:
        BadInput: the number of days makes no sense, or nothing with a number is due.
    """
    if not 1 <= days <= _MOST_SNOOZE:
        raise BadInput(f"snooze for 1 to {_MOST_SNOOZE} days")
    until = looking.start_of_today(session) + days * DAY
    words = f"snoozed until {day(until, session.zone)}"
    return _answer(session, "today.snooze", ids, _value(session, DueState.SNOOZED, until), words)


def _answer(session: Session, command: str, ids: Sequence[int], value: tuple[object, ...], words: str) -> Gesture:
    wanted = [_asked(session, number).item.id for number in ids]
    with session.store.write():
        return deciding.write(session, command, [Change(DUE, wanted, value)], [], "", words, DUE)


def plan(session: Session, item_id: int, post: str = "") -> Gesture:
    """Put a step into the plan, where the API or the walk by hand carries it out; one gesture.

    Raises:
        BadInput: this step cannot be planned, or a guard holds the account back.
    """
    with session.store.write():
        asked = _asked(session, item_id)
        kind = PLANNED_THROUGH.get(asked.step.action)
        if kind is None:
            raise BadInput(f"{asked.step.action} is done by hand only; e opens the page")
        row = asked.item.row
        held = _held(session, asked.item, asked.book)
        target = {StepAction.LIST: asked.step.to, StepAction.REPOST: post_number(post)}.get(asked.step.action, "")
        if kind is ActionKind.REPOST and not target:
            raise BadInput("say first which post: P asks for its address")
        guard = guarding.guards_on(session, [row], kind).get(row)
        held = held or (guarding.sentence(session, guard) if guard is not None else "")
        if held:
            raise BadInput(f"held back: {held}; nothing was planned")
        planned = (PlanState.PLANNED.value, f"playbook {asked.item.playbook}", None, session.now)
        changes = [
            Change(plan_slot(kind.value, target), [row], planned),
            Change(DUE, [item_id], _value(session, DueState.DONE)),
        ]
        if asked.step.action in TALKING:
            kept = ("", "", None, target, asked.item.playbook, session.reviewer)
            changes.append(Change(sent_slot(session.now, asked.step.action.value), [row], kept))
        return deciding.write(session, "today.plan", changes, [], "", f"planned, {_words(asked)}", DUE)
