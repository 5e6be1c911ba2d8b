"""The user's mapping of columns: ``COLUMN=FIELD``, validated and applied over the guess.

Owns ``--map``. Imported by the readers of this room and services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from followertui.domain.errors import BadInput
from followertui.sources.column_names import ColumnGuess, fold_header, nearest

_LEFT_ALONE = frozenset({"", "-", "none", "ignore"})


def parse_map(pairs: Iterable[str], header: Sequence[str], allowed: Sequence[str]) -> dict[str, str]:
    """Read ``COLUMN=FIELD`` pairs.

    Args:
        pairs: as typed; ``COLUMN=`` or ``COLUMN=ignore`` leaves a column alone.
        header: columns of the file, as written.
        allowed: fields a column can be mapped to.

    Returns:
        Column as the file writes it -> field, or "" to leave it alone.

    Raises:
        BadInput: for a column or field that does not exist, naming the nearest that does.
    """
    by_fold = {fold_header(column): column for column in header}
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise BadInput(
                f"--map {pair!r}: write COLUMN=FIELD, such as --map {(header or ['Name'])[0]!r}={allowed[0]}."
            )
        column, field = column.strip(), field.strip().lower()
        known = column if column in header else by_fold.get(fold_header(column))
        if known is None:
            hint = nearest(column, header)
            tail = f"did you mean {hint!r}?" if hint else f"there are: {', '.join(header[:12])}."
            raise BadInput(f"--map {pair!r}: the file has no column {column!r}; {tail}")
        if field in _LEFT_ALONE:
            mapping[known] = ""
        elif field in allowed:
            mapping[known] = field
        else:
            hint = nearest(field, allowed)
            tail = f"did you mean {hint!r}?" if hint else f"there are: {', '.join(allowed)}."
            raise BadInput(f"--map {pair!r}: no field is called {field!r}; {tail}")
    return mapping


def apply_mapping(guesses: list[ColumnGuess], mapping: Mapping[str, str] | None) -> list[ColumnGuess]:
    """The guess with a person's word over it; a field they gave away is taken from other columns."""
    if not mapping:
        return guesses
    given = {field for field in mapping.values() if field}
    settled = []
    for guess in guesses:
        if guess.column in mapping:
            field = mapping[guess.column]
            settled.append(guess._replace(field=field, confidence=100 if field else 0, why="as you said"))
        elif guess.field in given:
            settled.append(guess._replace(field="", confidence=0, why="another column has this field, as you said"))
        else:
            settled.append(guess)
    return settled
