"""What a person notes of contacts: whom never to contact, who wrote first, whom they engaged, how often to.

Owns these gestures. Lists say do-not-contact too: what they say is not taken back here.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.engagement import INBOUND, INTERVAL_TAGS, MOST_DAYS, interval_of, interval_tag
from followertui.domain.errors import BadInput
from followertui.engage import contact_rules
from followertui.services.engage.contact_guard import facts_of
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.audience import contact_facts, pages
from followertui.store.decisions import shelf, tags
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import NO_CONTACT, NOTE, Slot, interaction_slot, sent_slot, tag_slot
from followertui.text.cleaning import clean_text

_NOTED = "contact"
_LISTED = "on a list that says do not contact: change it there"


def set_no_contact(session: Session, rows: Sequence[int], is_on: bool = True, query: str = "") -> Gesture:
    """Say that accounts are never to be contacted, or that they may be again.

    Args:
        session: the open store.
        rows: row numbers.
        is_on: False to take one's own word back; what lists say stays.
        query: the words the rows were chosen with.
    """
    wanted = deciding.present(session, rows).tolist()
    value = (session.reviewer, session.now) if is_on else None
    words = "never to be contacted" if is_on else "may be contacted again"
    held: list[HeldBack] = []
    with session.store.write():
        if not is_on:
            listed = contact_facts.opted_out_rows(session.store).intersection(wanted)
            held = [HeldBack(_LISTED, len(listed))] if listed else []
            wanted = [row for row in wanted if row not in listed]
        return deciding.write(
            session, "no-contact", [Change(NO_CONTACT, wanted, value)], held, query, words, NO_CONTACT
        )


def toggle_no_contact(session: Session, rows: Sequence[int], query: str = "") -> Gesture:
    """Say that accounts are never to be contacted; take it back where a person said so of all of them."""
    wanted = deciding.present(session, rows).tolist()
    is_off = bool(wanted) and contact_facts.said_no_contact(session.store, wanted) == set(wanted)
    return set_no_contact(session, wanted, not is_off, query)


def note_written(session: Session, rows: Sequence[int], query: str = "") -> Gesture:
    """Note that people wrote to us first, so that a direct message may answer them."""
    wanted = deciding.present(session, rows).tolist()
    slot = interaction_slot(session.now, INBOUND)
    return deciding.write(session, "wrote-first", [Change(slot, wanted, ("noted",))], [], query, "wrote first", slot)


def interval(session: Session, row: int) -> int:
    """Days set for one person between two contacts, 0 where the playbook's interval holds."""
    return max(map(interval_of, tags.names_on(session.store, row, INTERVAL_TAGS)), default=0)


def set_interval(session: Session, rows: Sequence[int], days: int, query: str = "") -> Gesture:
    """Say after how many days people come back into Today, whatever their playbook says; a tag keeps it.

    Args:
        session: the open store.
        rows: row numbers.
        days: 0 for the playbook's interval again.
        query: the words the rows were chosen with.

    Raises:
        BadInput: the number of days makes no sense.
    """
    if not 0 <= days <= MOST_DAYS:
        raise BadInput(f"how often: every 1 to {MOST_DAYS} days, or 0 for as the playbook says")
    wanted = deciding.present(session, rows).tolist()
    chosen = interval_tag(days) if days else ""
    with session.store.write():
        set_before: dict[str, list[int]] = {}
        for name, row in tags.rows_by_tag(session.store, INTERVAL_TAGS):
            if interval_of(name) and name.casefold() != chosen:
                set_before.setdefault(name, []).append(row)
        changes = [
            Change(tag_slot(tags.make_tag(session.store, name)), sorted(set(some).intersection(wanted)), None)
            for name, some in set_before.items()
        ]
        if chosen:
            changes.append(Change(tag_slot(tags.make_tag(session.store, chosen)), wanted, ()))
        words = f"back into Today {chosen}" if chosen else "back into Today as the playbook says"
        done = deciding.write(session, "interval", changes, [], query, words, None)
    return done if done.entry_id else done._replace(text=f"Nothing to change: {words} already.")


def engage(
    session: Session, rows: Sequence[int], shelf_id: int | None = None, note: str = "", query: str = ""
) -> Gesture:
    """Note that people were engaged by hand: a contact, or the offer of a link, with a note where one is given.

    Args:
        session: the open store.
        rows: row numbers.
        shelf_id: the link that was offered, None for none.
        note: a line added to their notes.
        query: the words the rows were chosen with.

    Raises:
        BadInput: there is no such link, or nobody is left of those chosen.
    """
    if shelf_id is not None and shelf.link(session.store, shelf_id) is None:
        raise BadInput(f"no link with the number {shelf_id} is on the shelf; `followertui shelf list` lists them")
    wanted = deciding.present(session, rows).tolist()
    clean = clean_text(note, limit=1000).strip()
    with session.store.write():
        free, held = _free(session, wanted, shelf_id)
        if not free:
            reasons = ", ".join(f"{one.count:,} {one.reason}" for one in held) or "nobody was chosen"
            raise BadInput(f"nothing was noted: {reasons}")
        changes, slot = _engaged(session, free, shelf_id)
        changes += _notes(session, free, clean) if clean else []
        words = "link offered" if shelf_id is not None else "engaged"
        return deciding.write(session, "engage", changes, held, query, words, slot)


def _free(session: Session, rows: Sequence[int], shelf_id: int | None) -> tuple[list[int], list[HeldBack]]:
    """Who may be engaged, and why the others may not."""
    facts = facts_of(session, rows)
    free, counts = [], dict[str, int]()
    for row in rows:
        why = contact_rules.NO_CONTACT if facts[row].is_no_contact else ""
        if not why and shelf_id is not None and shelf_id in facts[row].offered:
            why = "offered this link before"
        if why:
            counts[why] = counts.get(why, 0) + 1
        else:
            free.append(row)
    return free, [HeldBack(why, count) for why, count in counts.items()]


def _engaged(session: Session, rows: Sequence[int], shelf_id: int | None) -> tuple[list[Change], Slot]:
    if shelf_id is None:
        slot = interaction_slot(session.now, _NOTED, "noted")
        return [Change(slot, rows, ("noted",))], slot
    slot = interaction_slot(session.now, "offer", f"shelf-{shelf_id}")
    sent = sent_slot(session.now, "offer")
    kept = ("", "", shelf_id, "", "", session.reviewer)
    return [Change(slot, rows, ("noted",)), Change(sent, rows, kept)], slot


def _notes(session: Session, rows: Sequence[int], clean: str) -> list[Change]:
    """A line added to each note; what stands there stays."""
    known = pages.notes(session.store, rows)
    by_text: dict[str, list[int]] = {}
    for row in rows:
        before = known.get(row, "")
        by_text.setdefault(f"{before}\n{clean}" if before else clean, []).append(row)
    return [Change(NOTE, some, (full, session.reviewer, session.now)) for full, some in by_text.items()]
