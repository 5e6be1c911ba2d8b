"""One account in words: what the card beside the table and the whole card say.

Owns the wording and order of the card's lines, with matched text set off. Pure: values in,
content out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from followertui.domain.decision import Decision
from followertui.domain.judgement import AccountType
from followertui.domain.match import Evidence, MatchState, chance_words
from followertui.ui.cells import Part, counted, guard, hanging, highlighted, line, lines, plain, short_count
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of

if TYPE_CHECKING:
    from followertui.services.values import Card, MatchCard, RowCells

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
LABEL_WIDTH = 6
MOST_MATCH_ROWS = 40
"""Rows of a match on the whole card."""
MOST_WHY_ROWS = 4
"""Rows of each side of the reasons on the whole card."""
MATCHED = "bold $background on $accent"
_BAND_STYLES = {"certain": "bold $success", "likely": "bold $primary", "possible": "bold $warning"}


def beside(label: str, body: Content, width: int) -> Content:
    """A label of the card with a body beside it, wrapped under itself."""
    return hanging(label, body, width, label_width=LABEL_WIDTH)


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
            "no bio" if card.cells.handle else "known by id only: no name or bio yet; o shows who it is",
            "$foreground-muted italic",
        )
    spans = [(start, end) for start, end, _ in card.bio_links]
    return highlighted(card.bio, spans, "underline $primary")


def names_rows(card: Card, width: int) -> list[Content]:
    """The ways an account known by id only comes to its name, a row or more each."""
    return [
        beside("" if at else "names", plain(way, "$foreground-muted"), width) for at, way in enumerate(card.names_by)
    ]


def mark_rows(card: Card, width: int) -> list[Content]:
    """What you did to the account on X, one row; none where that is nothing."""
    if not card.own_marks:
        return []
    return first_rows(beside("on X", plain(", ".join(card.own_marks), "$warning"), width), 1)


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
        facts.append(f"on {counted(card.listed)} list{'s' if card.listed != 1 else ''}")
    if card.likes is not None and full:
        facts.append(f"{counted(card.likes)} like{'s' if card.likes != 1 else ''}")
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
    chance = chance_words(match.probability) or str(match.score)
    parts: list[Part] = [(match.band.value, _BAND_STYLES[match.band.value]), f" {chance} "]
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


def shortened(text: str, span: tuple[int, int] | None) -> tuple[str, tuple[int, int] | None]:
    """A long text cut to what met in it and a few words around.

    Args:
        text: any text.
        span: what met, None for all of it.

    Returns:
        The text and the span in it.
    """
    if span is None:
        return (text[:SHORT_TEXT] + "…", None) if len(text) > 2 * SHORT_TEXT else (text, None)
    start, end = max(0, span[0] - SHORT_TEXT // 2), min(len(text), span[1] + SHORT_TEXT // 2)
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(lead) - start
    return lead + text[start:end] + tail, (span[0] + shift, span[1] + shift)


def evidence_lines(match: MatchCard) -> list[Content]:
    """Each piece of evidence with its points: both sides with what met set off, or its words where one side was read.

    Between the sides stands what they are to each other: ↔ the same words, ≈ inferred to be the
    same, ≠ against it. Pieces that met in the same texts share a line.
    """
    together: dict[tuple[str, str, str, str], list[Evidence]] = {}
    bits = dict(zip(match.evidence, match.bits, strict=False))
    for item, said, is_inferred in zip(match.evidence, match.clauses, match.inferred, strict=True):
        if item.weight:
            sign = " ≠ " if item.weight < 0 else " ≈ " if is_inferred else " ↔ "
            key = (said, "", "", "") if said else (item.field, item.account_text, item.entry_text, sign)
            together.setdefault(key, []).append(item)
    rows = []
    for (lead, _, _, sign), items in together.items():
        item = items[0]
        against = item.weight < 0
        weights = " ".join(f"{other.weight:+d}" for other in items)
        parts: list[Part] = [(f"{weights} ", "bold $error" if against else "bold $success")]
        if match.bits:
            met = round(sum(bits[other] for other in items), 1)
            parts.append((f"({met:g} {'bit' if abs(met) == 1 else 'bits'}) ", "$foreground-muted"))
        if sign:
            style = "bold $background on $error" if against else MATCHED
            parts += [
                (f"{lead} ", "$foreground-muted"),
                _side(item.account_text, item.account_span, style),
                (sign, "$foreground-muted"),
                _side(item.entry_text, item.entry_span, style),
            ]
        rows.append(line(*parts) if sign else line(*parts, lead))
    return rows


def others_tied(match: MatchCard) -> str:
    """How many other accounts tie to the same entity, as a sentence."""
    count = "1 other account ties" if match.siblings == 1 else f"{counted(match.siblings)} other accounts tie"
    return f"{count} to {match.entity}"


def _side(text: str, span: tuple[int, int] | None, style: str) -> Content:
    shown, met = shortened(text, span)
    if met is None and len(text) > SHORT_TEXT:
        style = "underline"
    return highlighted(shown, [met or (0, len(shown))], style)


def why_lines(card: Card) -> list[Content]:
    """What weighs most, in sentences: against it and for it, the weightier side first."""
    sides = [
        (sum(abs(reason.points) for reason in side) + (not is_for), word, style, side)
        for is_for, (word, style, side) in enumerate(
            (("against: ", "$error", card.why.against), ("for: ", "$success", card.why.favouring))
        )
        if side
    ]
    rows = [
        line((word, style), *_separated([[reason.text] for reason in side]))
        for _, word, style, side in sorted(sides, key=lambda side: -side[0])
    ]
    return rows or [line(("nothing speaks for or against it", "$foreground-muted"))]


def points_line(card: Card) -> Content:
    """Every reason with its points, strongest first; empty where there is none."""
    said: list[list[Part]] = []
    for reason in card.why.reasons:
        style = "$error" if reason.points > 0 else "$success"
        said.append([(f"{reason.points:+d} " if reason.points else "", style), (reason.text, "$foreground-muted")])
    return line(*_separated(said))


def _separated(pieces: Sequence[Sequence[Part]]) -> list[Part]:
    """Pieces of a line with a dot between them."""
    parts: list[Part] = []
    for piece in pieces:
        if parts:
            parts.append((" · ", "$foreground-muted"))
        parts += piece
    return parts


def suggests(card: Card) -> bool:
    """Whether ``y`` would do anything."""
    return card.suggestion.decision is not Decision.NONE or card.suggestion.kind is not None


def suggestion_line(card: Card) -> Content:
    """What ``y`` would do."""
    text = card.suggestion.text or "no suggestion: decide by hand"
    if not suggests(card):
        return line((f"→ {text}", "$foreground-muted"))
    return line(("→ ", "bold $accent"), (text, "bold $accent"), ("  y", "$foreground-muted"))


def small_card(card: Card, width: int, height: int, match_at: int = 0) -> Content:
    """The card below the table: the bio decides, then match, why and suggestion.

    Args:
        card: the account.
        width: cells.
        height: lines; what comes first is kept.
        match_at: position of the match shown.

    Returns:
        At most ``height`` lines.
    """
    bio = bio_content(card).wrap(width)[:2]
    rows = [part.rstrip() for part in bio]
    rows.append(facts_line(card).truncate(width, ellipsis=True))
    rows += names_rows(card, width)
    rows += mark_rows(card, width)
    if card.matches:
        match = card.matches[min(match_at, len(card.matches) - 1)]
        room = max(1, min(2, height - len(rows) - 2))
        rows += first_rows(beside("match", match_line(match), width), room)
    if card.guard:
        rows += first_rows(beside("guard", plain(card.guard, "$warning"), width), 1)
    if suggests(card):
        rows.append(suggestion_line(card).truncate(width, ellipsis=True))
    rows += why_rows(card, width, max(1, height - len(rows)))
    if not suggests(card) and len(rows) < height:
        rows.append(suggestion_line(card).truncate(width, ellipsis=True))
    if card.note and len(rows) < height:
        rows += first_rows(beside("note", plain(card.note), width), 1)
    return lines(rows[:height])


def why_rows(card: Card, width: int, most: int) -> list[Content]:
    """The reasons in at most that many rows: where both sides have some, each has its share."""
    sides = why_lines(card)
    rows: list[Content] = []
    for at, side in enumerate(sides):
        room = most - len(rows) - (len(sides) - at - 1 if most > 1 else 0)
        rows += first_rows(beside("" if at else "why", side, width), max(0, room))
    return rows[:most]


def first_rows(content: Content, count: int) -> list[Content]:
    """The first rows of wrapped content, at most that many; where more follow, the last ends with a mark."""
    rows = list(content.split("\n", include_separator=False, allow_blank=True))  # Textual keeps the list it gave
    if 0 < count < len(rows):
        width = max(row.cell_length for row in rows)
        rows[count - 1] = rows[count - 1].rstrip().truncate(width - 1) + Content("…")
    return rows[:count]


def confirm_card(card: Card, width: int, height: int, match_at: int) -> Content:
    """The card in Confirm: one match, both sides of its evidence, what the list's file says.

    Args:
        card: the account.
        width: cells.
        height: lines; what comes first is kept.
        match_at: position of the match shown.

    Returns:
        At most ``height`` lines.
    """
    if not card.matches:
        return small_card(card, width, height)
    match = card.matches[min(match_at, len(card.matches) - 1)]
    where = f"{match_at + 1} of {len(card.matches)}: " if len(card.matches) > 1 else ""
    rows = first_rows(
        beside("match", line((where, "$foreground-muted"), match_line(match._replace(sentence=""))), width), 2
    )
    for evidence in evidence_lines(match):
        rows += first_rows(beside("", evidence, width), 2)
    if height > 9:
        rows += first_rows(beside("bio", bio_content(card), width), 4)
    else:
        rows += first_rows(beside("bio", bio_content(card), width), 2)
    if match.siblings:
        rows += first_rows(beside("", plain(others_tied(match), "$foreground-muted"), width), 1)
    if match.entry_lines:
        rows += first_rows(beside("list", plain(" · ".join(match.entry_lines), "$foreground-muted"), width), 6)
    if height > 9:
        rows.append(Content(""))
        rows += first_rows(beside("about", facts_line(card), width), 4)
        rows += why_rows(card, width, 4)
    return lines(rows[:height])


def full_card(card: Card, width: int, match_at: int = 0) -> Content:
    """Everything known of an account.

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
    if card.names_by:
        rows += [Content(""), *names_rows(card, width)]
    rows += mark_rows(card, width)
    rows += [Content(""), *first_rows(beside("facts", facts_line(card, full=True), width), 8)]
    what = what_line(card)
    if what.plain:
        rows.append(beside("", what, width))
    rows.append(beside("kind", line(kind_content(card.cells), (f" · {rule_words(card)}", "$foreground-muted")), width))
    rows += [beside("", plain(said, "$warning"), width) for said in (card.kind_conflict, *card.differences) if said]
    rows.append(Content(""))
    for match in card.matches:
        rows += first_rows(beside("match", match_line(match), width), MOST_MATCH_ROWS)
    rows += [*why_rows(card, width, 2 * MOST_WHY_ROWS), beside("", suggestion_line(card), width)]
    if card.guard:
        rows.append(beside("guard", plain(card.guard, "$warning"), width))
    if card.tags:
        rows.append(beside("tags", plain(", ".join(card.tags), "$secondary"), width))
    if card.note:
        rows.append(beside("note", plain(card.note, keep_lines=True), width))
    rows += _match_rows(card, width, match_at)
    points = points_line(card)
    if points.plain:
        rows += [Content(""), beside("score", points, width)]
    if card.history:
        rows.append(Content(""))
        for index, (when, what_happened) in enumerate(card.history):
            body = line((f"{when} ", "$foreground-muted"), guard(what_happened))
            rows.append(beside("past" if index == 0 else "", body, width))
    source = source_words(card.provenance)
    if source:
        rows += [Content(""), beside("from", plain(source, "$foreground-muted"), width)]
    return lines(rows)


def _match_rows(card: Card, width: int, match_at: int) -> list[Content]:
    if not card.matches:
        return []
    match = card.matches[min(match_at, len(card.matches) - 1)]
    rows = [Content("")]
    for index, evidence in enumerate(evidence_lines(match)):
        rows.append(beside("shared" if index == 0 else "", evidence, width))
    if match.entry_lines:
        rows.append(beside("list", plain(" · ".join(match.entry_lines), "$foreground-muted"), width))
    return rows


def rule_words(card: Card) -> str:
    """Which rule decided the kind, without saying the kind again."""
    return card.kind_rule.removeprefix(f"{kind_word(card.cells)}: ")


def source_words(provenance: Sequence[str]) -> str:
    """Where the fields came from; one source for all of them is said once."""
    pairs = [text.partition(": ") for text in provenance]
    by_source: dict[str, list[str]] = {}
    for what, _, source in pairs:
        by_source.setdefault(source or what, []).append(what)
    if len(by_source) == 1:
        return next(iter(by_source))
    return " · ".join(f"{', '.join(fields)}: {source}" for source, fields in by_source.items())
