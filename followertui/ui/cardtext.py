"""One account in words: what the card beside the table and the whole card say.

Owns the wording and order of the card's lines, with matched text set off. Pure: values in,
content out.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from followertui.domain.decision import Decision
from followertui.domain.judgement import AccountType
from followertui.domain.match import Evidence, MatchState
from followertui.services.values import Card, MatchCard, RowCells
from followertui.ui.cells import Part, counted, guard, hanging, highlighted, line, lines, plain, short_count
from followertui.ui.widgets.accounts import KIND_LOOKS, kind_word, name_of

KIND_STYLES: dict[str, str] = {
    "good": "$success",
    "ours": "$primary",
    "voice": "$secondary",
    "trade": "$warning",
    "bad": "$error",
    "muted": "$foreground-muted",
    "": "",
}
SHORT_TEXT = 24
"""Longer texts that met as a whole are underlined instead of set off in full."""
MATCHED = "bold $background on $accent"
_BAND_STYLES = {"certain": "bold $success", "likely": "bold $primary", "possible": "bold $warning"}


def kind_content(cells: RowCells) -> Content:
    """The kind in its colour."""
    return plain(kind_word(cells), KIND_STYLES[KIND_LOOKS.get(cells.kind, "")] or "$foreground")


def head_line(card: Card) -> Content:
    """Name, handle, relation and kind."""
    cells = card.cells
    parts: list[Part] = [(name_of(cells), "bold")]
    if cells.handle:
        parts.append((f" @{cells.handle}", "$foreground-muted"))
    if cells.relation:
        parts.append(f" {cells.relation}")
    parts += ["  ", kind_content(cells)]
    if cells.decision is not Decision.NONE:
        parts.append((f" · {cells.decision.value}", "bold $accent"))
    if card.status:
        parts.append((f" · {card.status}", "bold $error"))
    return line(*parts)


def bio_content(card: Card) -> Content:
    """The bio with its links underlined."""
    if not card.bio:
        return plain(
            "no bio" if card.cells.handle else "known by id only: no name or bio yet", "$foreground-muted italic"
        )
    spans = [(start, end) for start, end, _ in card.bio_links]
    return highlighted(card.bio, spans, "underline $primary")


def facts_line(card: Card, *, full: bool = False) -> Content:
    """Place, site, counts and since, what is unknown left out."""
    facts: list[str] = [text for text in (card.location, card.site or card.url) if text]
    cells = card.cells
    if cells.followers is not None:
        facts.append(f"{short_count(cells.followers)} followers")
    if card.following is not None:
        facts.append(f"{short_count(card.following)} following")
    if card.posts is not None and full:
        facts.append(f"{counted(card.posts)} posts")
    if card.listed and full:
        facts.append(f"on {counted(card.listed)} lists")
    if card.created:
        facts.append(f"made {card.created}")
    if card.last_post:
        facts.append(f"last post {card.last_post}")
    if card.followed_since:
        facts.append(card.followed_since)
    if card.left:
        facts.append(f"left {card.left}")
    return line((" · ".join(facts) or "nothing more known", "$foreground-muted"))


def what_line(card: Card) -> Content:
    """Type, role, seniority, verification and relevance in one line; may be empty."""
    words = [card.type.value] if card.type is not AccountType.UNKNOWN else []
    words += [word for word in (card.seniority, card.role, card.verified) if word]
    if card.affiliation:
        words.append(f"vouched for by {card.affiliation}")
    if card.relevance is not None:
        words.append(f"relevance {card.relevance}")
    return line(" · ".join(words))


def match_line(match: MatchCard) -> Content:
    """One match in one sentence."""
    parts: list[Part] = [(match.band.value, _BAND_STYLES[match.band.value]), f" {match.score} "]
    if match.state is not MatchState.UNREVIEWED:
        style = "$success" if match.state is MatchState.CONFIRMED else "$error"
        parts.append((f"{match.state.value} ", style))
    relation = {"is": "", "brand_of": "brand of ", "works_at": "works at "}[match.relation.value]
    parts += [
        relation,
        (match.entity, "bold"),
        (f" ({', '.join(match.lists)})" if match.lists else "", "$foreground-muted"),
    ]
    if match.sentence:
        parts.append(f": {match.sentence}")
    if match.is_changed:
        parts.append((f" · changed since you decided (was {match.changed_from or 'other'})", "$warning"))
    return line(*parts)


def evidence_lines(evidence: Iterable[Evidence]) -> list[Content]:
    """Both sides of each piece of evidence, with what met set off."""
    rows = []
    for item in evidence:
        account_spans = [item.account_span] if item.account_span else [(0, len(item.account_text))]
        entry_spans = [item.entry_span] if item.entry_span else [(0, len(item.entry_text))]
        against = item.weight < 0
        style = "bold $background on $error" if against else MATCHED
        account_style = style if item.account_span or len(item.account_text) <= SHORT_TEXT else "underline"
        entry_style = style if item.entry_span or len(item.entry_text) <= SHORT_TEXT else "underline"
        rows.append(
            line(
                (f"{item.weight:+d} ", "bold $error" if against else "bold $success"),
                (f"{item.field} ", "$foreground-muted"),
                highlighted(item.account_text, account_spans, account_style),
                (" ≠ " if against else " ↔ ", "$foreground-muted"),
                highlighted(item.entry_text, entry_spans, entry_style),
            )
        )
    return rows


def reasons_line(card: Card) -> Content:
    """The signals that fired, strongest first, with their points."""
    parts: list[Part] = []
    for reason in card.reasons:
        if parts:
            parts.append((" · ", "$foreground-muted"))
        style = "$error" if reason.points > 0 else "$success"
        parts += [reason.text, (f" {reason.points:+d}" if reason.points else "", style)]
    return line(*parts) if parts else line(("nothing speaks for or against", "$foreground-muted"))


def suggestion_line(card: Card) -> Content:
    """What ``y`` would do."""
    text = card.suggestion.text or "no suggestion: decide by hand"
    if card.suggestion.decision is Decision.NONE and card.suggestion.kind is None:
        return line((f"→ {text}", "$foreground-muted"))
    return line(("→ ", "bold $accent"), (text, "bold $accent"), ("  y", "$foreground-muted"))


def small_card(card: Card, width: int, height: int, match_at: int = 0) -> Content:
    """The card below the table: the bio decides, then match, why and suggestion.

    Args:
        card: the account.
        width: cells.
        height: lines; what comes first is kept.
        match_at: which match is looked at.

    Returns:
        At most ``height`` lines.
    """
    bio = bio_content(card).wrap(width)[:2]
    rows = [part.rstrip() for part in bio]
    rows.append(facts_line(card).truncate(width, ellipsis=True))
    if card.matches:
        match = card.matches[min(match_at, len(card.matches) - 1)]
        room = max(1, min(2, height - len(rows) - 2))
        rows += _first(hanging("match", match_line(match), width), room)
    if card.guard:
        rows += _first(hanging("guard", plain(card.guard, "$warning"), width), 1)
    why = line(reasons_line(card), "   ", suggestion_line(card))
    rows += _first(hanging("why", why, width), max(1, height - len(rows)))
    if card.note and len(rows) < height:
        rows += _first(hanging("note", plain(card.note), width), 1)
    return lines(rows[:height])


def _first(content: Content, count: int) -> list[Content]:
    return content.split("\n", include_separator=False, allow_blank=True)[:count]


def confirm_card(card: Card, width: int, height: int, match_at: int) -> Content:
    """The card in Confirm: one match, both sides of its evidence, what the list's file says.

    Args:
        card: the account.
        width: cells.
        height: lines; what comes first is kept.
        match_at: which match is looked at.

    Returns:
        At most ``height`` lines.
    """
    if not card.matches:
        return small_card(card, width, height)
    match = card.matches[min(match_at, len(card.matches) - 1)]
    where = f" {match_at + 1}/{len(card.matches)}" if len(card.matches) > 1 else ""
    rows = _first(hanging(f"match{where}", match_line(match._replace(sentence="")), width), 2)
    for evidence in evidence_lines(match.evidence):
        rows += _first(hanging("", evidence, width), 2)
    if height > 9:
        rows += _first(hanging("bio", bio_content(card), width), 4)
    else:
        rows += _first(hanging("bio", bio_content(card), width), 2)
    if match.siblings:
        rows += _first(
            hanging("", plain(f"{match.siblings} other accounts tie to {match.entity}", "$foreground-muted"), width), 1
        )
    if match.entry_lines:
        rows += _first(hanging("list", plain(" · ".join(match.entry_lines), "$foreground-muted"), width), 6)
    if height > 9:
        rows.append(Content(""))
        rows += _first(hanging("about", facts_line(card), width), 4)
        rows += _first(hanging("why", reasons_line(card), width), 4)
    return lines(rows[:height])


def full_card(card: Card, width: int, match_at: int = 0) -> Content:
    """Everything known of an account, for the side panel and the whole card.

    Args:
        card: the account.
        width: cells.
        match_at: which match has its evidence shown; the others are one sentence each.

    Returns:
        As many lines as it takes.
    """
    rows: list[Content] = [head_line(card), Content("")]
    rows += [part.rstrip() for part in bio_content(card).wrap(width)]
    for start, end, address in card.bio_links:
        if guard(card.bio[start:end]) != guard(address):
            rows.append(line(("  ↳ ", "$foreground-muted"), (address, "$primary")))
    rows += [Content(""), *_first(hanging("facts", facts_line(card, full=True), width), 8)]
    what = what_line(card)
    if what.plain:
        rows.append(hanging("", what, width))
    rows.append(
        hanging(
            "kind",
            line(kind_content(card.cells), (f" · {card.kind_rule}" if card.kind_rule else "", "$foreground-muted")),
            width,
        )
    )
    if card.kind_conflict:
        rows.append(hanging("", plain(card.kind_conflict, "$warning"), width))
    for index, match in enumerate(card.matches):
        rows += [Content(""), hanging("match", match_line(match), width)]
        if index == min(match_at, len(card.matches) - 1):
            rows += [hanging("", item, width) for item in evidence_lines(match.evidence)]
            if match.entry_lines:
                rows.append(hanging("list", plain(" · ".join(match.entry_lines), "$foreground-muted"), width))
    rows += [Content(""), hanging("why", reasons_line(card), width), hanging("", suggestion_line(card), width)]
    if card.guard:
        rows.append(hanging("guard", plain(card.guard, "$warning"), width))
    if card.tags:
        rows.append(hanging("tags", plain(", ".join(card.tags), "$secondary"), width))
    if card.note:
        rows.append(hanging("note", plain(card.note, keep_lines=True), width))
    if card.history:
        rows.append(Content(""))
        for index, (when, what_happened) in enumerate(card.history):
            body = line((f"{when} ", "$foreground-muted"), guard(what_happened))
            rows.append(hanging("history" if index == 0 else "", body, width))
    for index, source in enumerate(card.provenance):
        rows.append(hanging("from" if index == 0 else "", plain(source, "$foreground-muted"), width))
    return lines(rows)
