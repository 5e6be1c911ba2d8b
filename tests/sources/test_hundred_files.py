import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from broken_files import all_cases, write
from one_by_one import read_accounts, read_archive, read_list

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.domain.lists import ListEntry
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise

CASES = all_cases()


def read(path):
    recognised = recognise(path)
    if recognised.what == "archive":
        return recognised, list(read_archive(path, "follower"))
    if recognised.what == "list":
        return recognised, list(read_list(path))
    return recognised, list(read_accounts(path))


def test_there_are_a_hundred_of_them():
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_is_read_right_or_refused_with_one_line(case, tmp_path):
    path = write(case, tmp_path)
    if case.what == "refused":
        with pytest.raises(BadInput) as refusal:
            read(path)
        message = str(refusal.value)
        assert case.refusal in message
        assert "\n" not in message
        assert case.name in message
        return
    recognised, found = read(path)
    assert recognised.what == case.what, [(g.column, g.field, g.why) for g in recognised.columns]
    assert describe(recognised)
    problems = [one for one in found if isinstance(one, Problem)]
    records = [one for one in found if isinstance(one, (AccountRecord, ListEntry))]
    assert len(records) == case.records, problems
    if case.problems is not None:
        assert len(problems) == case.problems, problems
    for record in records:
        assert "\x1b" not in repr(record).replace("\\x1b", "\x1b")
