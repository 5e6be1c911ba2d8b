"""Who may be addressed, and how: the one statement of what holds a step back.

Owns the rules and their sentences, for one person at one moment. The facts come from the store
(``store.audience.contact_facts``), by plain SQL in the transaction that records what was done.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.engagement import TALKING, StepAction


class ContactFacts(NamedTuple):
    """What is stored of one person, as far as addressing them depends on it.

    Attributes:
        is_no_contact: never to be contacted, as a person or a list says.
        is_there: neither gone nor suspended.
        is_genuine: neither bot nor harmful.
        touched_at: when they were addressed last, epoch seconds UTC, None for never.
        thanked_at: when they were thanked, None for never.
        has_written: they wrote to us first.
        is_opted_in: a confirmed entry of a list says they agreed.
        takes_messages: whether X says they take direct messages from us; None unknown.
        offered: numbers of the links offered to them before.
    """

    is_no_contact: bool = False
    is_there: bool = True
    is_genuine: bool = True
    touched_at: int | None = None
    thanked_at: int | None = None
    has_written: bool = False
    is_opted_in: bool = False
    takes_messages: bool | None = None
    offered: frozenset[int] = frozenset()


NO_CONTACT = "never to be contacted"


def why_not(action: StepAction, facts: ContactFacts, now: int, cool_down_days: int = 0) -> str:
    """Why a step may not be done with someone, "" where it may.

    Args:
        action: what would be done.
        facts: what is known of the person.
        now: epoch seconds UTC.
        cool_down_days: least days since the person was addressed last; 0 where that is not asked.
    """
    if facts.is_no_contact:
        return NO_CONTACT
    if not facts.is_there:
        return "the account is gone or suspended"
    if not facts.is_genuine:
        return "looks like a bot or harmful"
    if action is StepAction.MESSAGE and (reason := _why_no_message(facts)):
        return reason
    if action is StepAction.THANK and facts.thanked_at is not None:
        return "thanked already"
    if action in TALKING and facts.touched_at is not None and now < facts.touched_at + cool_down_days * DAY:
        return f"addressed less than {cool_down_days} days ago"
    return ""


def _why_no_message(facts: ContactFacts) -> str:
    if not (facts.has_written or facts.is_opted_in):
        return "a direct message goes only to who wrote first or opted in; D says that they wrote"
    return "takes no direct messages" if facts.takes_messages is False else ""
