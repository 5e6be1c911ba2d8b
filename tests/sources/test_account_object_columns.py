"""Objects read as columns say what each of them says alone; lines read by the block are the lines one by one."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from followertui.sources.account_json import AccountReader
from followertui.sources.account_lists import AccountLists
from followertui.sources.account_places import AccountList
from followertui.sources.json_files import Item, JsonStream
from followertui.sources.problems import Problem

KEYS = (
    *("screen_name", "username", "id", "name", "description", "location", "url", "followers_count", "followers"),
    *("friends_count", "following", "verified", "is_blue_verified", "protected", "created_at", "statuses_count"),
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 10**19), st.floats(0, 1e9),
    st.sampled_from(("", "true", "no", "12", "Ulm")),
    st.sampled_from(("https://x.com/ann", "https://acme.com/a?b", "twitter.com/bob", "Ann | CEO", "@ann", "1.2K")),
)  # fmt: skip


@st.composite
def alike(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Objects with the same keys in the same order; each column keeps to one sort of value, or not."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1))
    count = draw(st.integers(1, 5))
    sorts = {
        key: draw(st.sampled_from((st.text(max_size=9), st.integers(0, 10**9), st.booleans(), VALUES))) for key in keys
    }
    return [{key: draw(sorts[key]) for key in keys} for _ in range(count)]


def reader_of(accounts: list[dict[str, Any]]) -> AccountReader:
    return AccountReader(AccountLists((AccountList(("[]",), None),), tuple(accounts)), None)


@given(alike())
def test_columns_are_the_fields_of_each(accounts: list[dict[str, Any]]) -> None:
    columns = reader_of(accounts)._columns(accounts)
    assert columns is not None
    for at, account in enumerate(accounts):
        said = {field: texts[at] for field, texts in columns.items() if texts[at]}
        assert said == reader_of(accounts)._fields(account)


def test_a_plain_export_is_read_as_columns() -> None:
    account = {"id": 12345, "username": "ann", "name": "Ann", "followers_count": 7, "verified": False, "url": None}
    columns = reader_of([account])._columns([account, account])
    assert columns is not None
    assert columns["handle"] == ["ann", "ann"]
    assert columns["followers"] == ["7", "7"]


@given(
    st.lists(
        st.sampled_from(('{"a": 1}', '{"b": {"c": [2]}}', "", '{"d":', "[3]", "7", '{"e": "\\n"}', '{"a":1},{"a":2}'))
    )
)
def test_lines_by_the_block_are_the_lines_one_by_one(lines: list[str]) -> None:
    text = "\n".join([*lines, '{"last": 1}', ""])

    def read(*, by_block: bool) -> list[Item | Problem] | str:
        stream = JsonStream(io.StringIO(text), "some.jsonl")
        if not by_block:
            stream._lines = list  # type: ignore[method-assign]
        try:
            return list(stream)
        except Exception as error:
            return str(error)

    assert read(by_block=True) == read(by_block=False)


def test_whole_blocks_of_lines_keep_their_numbers() -> None:
    lines = [json.dumps({"n": n, "text": "x" * (n % 50)}) for n in range(30_000)]
    lines[20_000] = "{broken"
    found = list(JsonStream(io.StringIO("\r\n".join(lines)), "some.jsonl"))
    assert [item.line for item in found] == list(range(1, 30_001))
    assert [item.line for item in found if isinstance(item, Problem)] == [20_001]
    assert all(item.value["n"] == item.line - 1 for item in found if isinstance(item, Item))
