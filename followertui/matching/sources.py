"""Where each clause of a match stands: the words in the account's field, and those in the entry's column.

Owns finding both sides of a piece of evidence as spans once a match is proposed. It changes no
points. ``matcher`` and ``clauses`` use it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from followertui.domain.match import Evidence
from followertui.matching.common_words import Span, common_run, in_handle, runs_of, turned
from followertui.matching.entry_codes import codes_of
from followertui.matching.entry_places import closest_place
from followertui.matching.entry_texts import ALIAS, Form, Side, address_sides, entry_texts, holding, name_sides, side_of
from followertui.matching.evidence import span_of
from followertui.matching.forms import AccountForm, CompanyForm, HandleForm, PersonForm
from followertui.matching.normalising import is_distinctive
from followertui.matching.places import compared, place_of_code, places_of_field, places_of_text
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import placed_words, words
from followertui.text.legal_forms import legal_forms

COUNTED = frozenset({"namesakes", "more_alike", "one_of", "ambiguous"})
"""Signals that count accounts or entries: nothing of the entry's is quoted."""


def sourced(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """Evidence with both sides as they stand, and the spans it rests on.

    Args:
        piece: as the comparison added it: a field, the texts that met, perhaps a span.
        account: the account.
        form: the entry.

    Returns:
        The same with the whole text of field and column, and spans in both. Where no words are
        common to both, each span is what its side contributes, all of the text if need be.
    """
    if piece.signal in COUNTED:
        return piece._replace(account_span=piece.account_span or _all_of(piece.account_text))
    special = _SPECIAL.get(piece.signal)
    found = (special(piece, account, form) if special is not None else None) or _met(piece, form)
    if not found.account_text:
        # Of an account without a name what its name would show is read from the handle.
        return found._replace(field="handle", account_text=account.handle, account_span=_all_of(account.handle))
    return found


def _all_of(text: str) -> Span | None:
    return (0, len(text)) if text else None


def _with(piece: Evidence, side: Side, span: Span | None = None, text: str | None = None) -> Evidence:
    """A piece with the entry's side, and the account's where it is another."""
    account = piece.account_text if text is None else text
    return piece._replace(
        account_text=account,
        account_span=span or piece.account_span or _all_of(account),
        entry_text=side.text,
        entry_span=side.span or _all_of(side.text),
        column=side.column,
    )


def _met(piece: Evidence, form: Form) -> Evidence:
    """Where the words of both sides meet; each side's own part where they do not."""
    side = side_of(piece.entry_text, form)
    said = piece.account_text
    start, end = piece.account_span or (0, len(said))
    run = common_run(said[start:end], side.text)
    if run is None:
        return _with(piece, side)
    (first, last), span = run
    return _with(piece, Side(side.column, side.text, span), (start + first, start + last))


def _name(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """A name on both sides: what of them is common, or both whole where they agree by inference."""
    best: tuple[int, Evidence] | None = None
    for side in name_sides(form):
        spans = turned(piece.account_text, side.text) or common_run(piece.account_text, side.text)
        if spans is None or not _carries(piece, side, spans):
            continue
        length = spans[1][1] - spans[1][0]
        if best is None or length > best[0]:
            best = (length, _with(piece, Side(side.column, side.text, spans[1]), spans[0]))
    if best is not None:
        return best[1]
    return _with(piece, next(iter(name_sides(form)), Side(ALIAS, piece.entry_text)))


def _code(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """A code of the list that the account's name or handle is, or begins with."""
    for column, code in codes_of(form.entry):
        run = in_handle(piece.account_text, "".join(words(code)))
        if run is not None:
            return _with(piece, Side(column, form.entry.fields[column]), run)
    return None


def _carries(piece: Evidence, side: Side, spans: tuple[Span, Span]) -> bool:
    """Whether what is common is what the clause claims: all of a person's name, a telling part of a company's."""
    common = words(side.text[slice(*spans[1])])
    if piece.signal in _WHOLE_PERSON:
        return sorted(common) == sorted(words(side.text))
    if piece.signal in _SURNAMES:
        return sum(map(len, common)) > 1
    left = [word for word in words(side.text) if word not in common]
    return is_distinctive(common) or not left or tuple(left) in legal_forms().at_end or piece.signal in _PARTS


_WHOLE_PERSON = frozenset({"person_full", "person_native", "person_short", "person_nick", "person_close"})
_SURNAMES = frozenset({"person_surname", "person_initial"})
_PARTS = frozenset({"name_within", "name_prefix", "name_part", "name_like"})


def _handle(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """A handle and a name: the longest run of the name's words that stands in the handle."""
    best: tuple[int, Evidence] | None = None
    for side in (*name_sides(form), *_labels(form)):
        for joined, span in runs_of(placed_words(side.text)):
            there = in_handle(piece.account_text, joined)
            if there is not None and len(joined) > 2 and (best is None or len(joined) > best[0]):
                best = (len(joined), _with(piece, Side(side.column, side.text, span), there))
    if best is not None:
        return best[1]
    return _with(piece, next(iter(name_sides(form)), Side(ALIAS, piece.entry_text)))


def _labels(form: Form) -> list[Side]:
    """The domains of a company, whose names handles are made of."""
    return address_sides(form) if isinstance(form, CompanyForm) else []


def _listed(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """A handle that stands on the list, or that a confirmed match taught."""
    handle = piece.account_text.lower()
    column = "handle" if handle in form.entry.handles else ALIAS
    return _with(piece, Side(column, handle), _all_of(piece.account_text))


def _domain(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """A domain, or the name of one, on the account's side and in the entry's address."""
    sides = address_sides(form)
    said = piece.account_text
    if piece.field in {"site", "bio"}:
        start, end = piece.account_span or (0, len(said))
        run = holding([Side("", said[start:end])], piece.entry_text)
        if run is not None and run.span is not None:
            piece = piece._replace(account_span=(start + run.span[0], start + run.span[1]))
    for side in sides:
        label_end = side.text.rfind(".")
        if piece.signal in {"handle_domain", "name_domain"}:
            for joined, span in runs_of(placed_words(side.text[:label_end])):
                there = in_handle(said, joined)
                if there is not None and len(joined) > 1 and joined in _labels_of(form):
                    return _with(piece, Side(side.column, side.text, span), there)
        elif (held := holding([side], piece.entry_text)) is not None:
            return _with(piece, held)
    return _with(piece, sides[0]) if sides else None


def _labels_of(form: Form) -> frozenset[str]:
    return form.labels if isinstance(form, CompanyForm) else frozenset()


def _site_label(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """The name of a site's domain that is the entry's name, or begins with its first word."""
    return _handle(piece, account, form)


def _site_other(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """Another domain on either side: of the account's site, or of a mail address in the bio."""
    is_mail = piece.field == "bio"
    own = None if is_mail else holding([Side("", account.site)], account.site_domain or "")
    domains = form.domains if isinstance(form, CompanyForm) else frozenset()
    for side in address_sides(form):
        held = next((found for domain in sorted(domains) if (found := holding([side], domain))), None)
        if held is not None:
            return _with(piece, held, own.span if own else None, account.bio if is_mail else account.site)
    return None


def _place(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """What each side says of its place: the same words where they agree so far, else what the tables join."""
    entry = form.entry
    said = (("location", account.location), ("bio", account.bio), ("name", account.name))
    for column in ("city", "region", "country") if piece.weight > 0 else ():
        place = getattr(entry, column).partition(",")[0]
        for field, text in said:
            span = span_of(text, " ".join(words(place)))
            if span is not None:
                return _with(
                    piece._replace(field=field), Side(column, getattr(entry, column), (0, len(place))), span, text
                )
    there = closest_place(entry)
    if there is None:
        return None
    if piece.signal.startswith("region"):
        wider = (("region", entry.region), ("country", entry.country), there)
        there = next((column, text) for column, text in wider if text)
    codes = form.places if isinstance(form, CompanyForm | PersonForm) else frozenset()
    wanted = "agree" if piece.weight > 0 else "conflict"
    for field, text in said:
        for span in _windows(text):
            read = places_of_field if field == "location" or span != (0, len(text)) else places_of_text
            if compared(read(text[slice(*span)]), codes) == wanted:
                return _with(piece._replace(field=field), Side(*there), span, text)
    for first in range(1, len(account.handle) - 1):
        if compared(place_of_code(account.handle[first:].lower()), codes) == wanted:
            return _with(piece._replace(field="handle"), Side(*there), (first, len(account.handle)), account.handle)
    field, text = next(((field, text) for field, text in said if text), ("name", account.name))
    return _with(piece._replace(field=field), Side(*there), _all_of(text), text)


def _windows(text: str) -> Iterable[Span]:
    """Runs of capitalised words, longest first, then the text."""
    placed = [word for word in placed_words(text) if text[word.start].isupper() or not text[word.start].isascii()]
    for size in (3, 2, 1):
        for at in range(len(placed) - size + 1):
            yield placed[at].start, placed[at + size - 1].end
    if text:
        yield 0, len(text)


def _word_near(piece: Evidence, lists: Collection[str]) -> Span | None:
    """The word of some lists that stands nearest to what a piece speaks of."""
    at = piece.account_span[0] if piece.account_span else 0
    near = [word for word in placed_words(piece.account_text) if word.word in lists]
    found = min(near, key=lambda word: abs(word.start - at), default=None)
    return None if found is None else (found.start, found.end)


def _said(lists: Callable[[], Collection[str]]) -> Callable[[Evidence, AccountForm, Form], Evidence]:
    """A clause that rests on a word of the bio: a role, "former", "fan of"."""

    def find(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
        """The word nearest to the mention."""
        return _with(piece, side_of(piece.entry_text, form), _word_near(piece, lists()))

    return find


def _no_employer_words() -> frozenset[str]:
    lists = vocabulary()
    return lists.not_employer_words | lists.holder_words | lists.skill_words | {"shares", "stock"}


def _office_words() -> frozenset[str]:
    lists = vocabulary()
    return lists.offices | lists.political_words


def _voice(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """What shows who writes: words of the bio or the name, or the badge."""
    side = side_of(piece.entry_text, form)
    field, text, span = account.voice_source(piece.signal == "company_like")
    return _with(piece._replace(field=field, account_span=span), side, span, text)


def _column_word(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """A word of another column that the bio has."""
    for side in entry_texts(form.entry):
        for word in placed_words(side.text):
            if word.word == piece.entry_text and side.column in form.entry.fields:
                return _with(piece, Side(side.column, side.text, (word.start, word.end)))
    return None


def _office(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """An office in bio, name or handle, and the column that speaks of one."""
    offices = _office_words()
    side = side_of(piece.entry_text, form)
    held = next(((word.start, word.end) for word in placed_words(side.text) if word.word in offices), None)
    for field, text in (("bio", account.bio), ("name", account.name)):
        said = next(((word.start, word.end) for word in placed_words(text) if word.word in offices), None)
        if said is not None and (piece.signal == "office_agree" or field == "name"):
            return _with(piece._replace(field=field), Side(side.column, side.text, held), said, text)
    said = next((there for office in account.handle_parts if office in offices
                 if (there := in_handle(account.handle, office))), None)  # fmt: skip
    return _with(piece._replace(field="handle"), Side(side.column, side.text, held), said, account.handle)


def _title(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """A word of the entry's title that the bio has."""
    small = vocabulary().small_words
    said = {word.word: word for word in reversed(placed_words(piece.account_text))}
    for word in placed_words(form.entry.title):
        met = said.get(word.word)
        if met is not None and len(word.word) > 2 and word.word not in small:
            return _with(piece, Side("title", form.entry.title, (word.start, word.end)), (met.start, met.end))
    return None


def _employer(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """The company of a person's entry, in bio, affiliation or a handle the bio mentions."""
    side = side_of(piece.entry_text, form)
    joined = "".join(form.company) if isinstance(form, PersonForm) else ""
    wanted = [(run, span) for run, span in runs_of(placed_words(side.text)) if run == joined]
    for field, text in (("bio", account.bio), ("affiliation", account.affiliation)):
        for run, span in runs_of(placed_words(text)):
            if run == joined and wanted:
                return _with(piece._replace(field=field), Side(side.column, side.text, wanted[0][1]), span, text)
    return _met(piece, form)


def _middle(piece: Evidence, account: AccountForm, form: Form) -> Evidence | None:
    """The middle name on both sides, or the initial of it."""
    if not isinstance(form, PersonForm):
        return None
    side = side_of(piece.entry_text, form)
    there = [word for word in placed_words(side.text) if word.word in form.name.middle]
    for word in placed_words(account.name):
        met = next((one for one in there if one.word.startswith(word.word) or word.word.startswith(one.word)), None)
        if met is not None:
            return _with(piece, Side(side.column, side.text, (met.start, met.end)), (word.start, word.end))
    return None


def _extra(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """The first word of the account's name that the entry's has not."""
    side = side_of(piece.entry_text, form)
    known = set(words(side.text)) | vocabulary().offices | vocabulary().honorifics
    span = next(
        (
            (word.start, word.end)
            for word in placed_words(account.name)
            if word.word not in known and len(word.word) > 1
        ),
        None,
    )
    return _with(piece, side, span)


def _affiliation(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """The company that vouches for the account, by name or by handle."""
    joined = "".join(words(account.affiliation))
    if isinstance(form, CompanyForm) and joined in form.handles:
        return _with(piece, Side("handle" if joined in form.entry.handles else ALIAS, joined))
    return _met(piece, form)


def _mentioned(piece: Evidence, account: AccountForm, form: Form) -> Evidence:
    """A handle in the bio that is the company's, on the list or made of its name."""
    span = piece.account_span or (0, len(piece.account_text))
    handle = piece.account_text[slice(*span)].lstrip("@")
    if not isinstance(form, HandleForm) and handle.lower() in form.handles:
        return _with(piece, Side("handle" if handle.lower() in form.entry.handles else ALIAS, handle.lower()), span)
    inside = _handle(piece._replace(account_text=handle, account_span=None), account, form)
    side = Side(inside.column, inside.entry_text, inside.entry_span)
    first, last = inside.account_span or (0, len(handle))
    start = span[1] - len(handle)
    return _with(piece, side, (start + first if first else span[0], start + last))


_SPECIAL: Mapping[str, Callable[[Evidence, AccountForm, Form], Evidence | None]] = {
    **dict.fromkeys(("handle_listed", "handle_former"), _listed),
    **dict.fromkeys(
        ("name_equal", "name_native", "name_within", "name_prefix", "name_part", "name_short", "name_close",
         "name_like", "name_acronym", "person_full", "person_native", "person_short", "person_nick", "person_close",
         "person_initial", "person_surname"), _name),
    **dict.fromkeys(
        ("handle_equal", "handle_within", "handle_acronym", "handle_short", "handle_full", "handle_initial",
         "handle_office", "handle_surname", "handle_alone"), _handle),
    **dict.fromkeys(
        ("handle_domain", "name_domain", "site_domain", "site_page", "bio_domain", "bio_mail", "mail_listed",
         "company_domain"), _domain),
    **dict.fromkeys(("name_code", "handle_code"), _code),
    "site_label": _site_label,
    "site_other": _site_other,
    **dict.fromkeys(
        ("place_agree", "place_local", "region_agree", "region_local", "place_conflict", "place_conflict_local"),
        _place),
    **dict.fromkeys(("company_like", "person_like"), _voice),
    "role": _said(lambda: vocabulary().role_words),
    "role_conflict": _said(lambda: vocabulary().role_words),
    "past": _said(lambda: vocabulary().past_words),
    "not_employer": _said(_no_employer_words),
    "field_agree": _column_word,
    **dict.fromkeys(("office_agree", "office_said"), _office),
    "role_agree": _title,
    "company_in_bio": _employer,
    "middle_agree": _middle,
    "extra_words": _extra,
    "affiliation": _affiliation,
    **dict.fromkeys(("bio_handle", "bio_at_handle"), _mentioned),
}  # fmt: skip
"""Signal -> how its sides are found; every other signal by the words its texts have in common."""
