"""ARCHITECTURE.md tells the truth: rooms and files exist, and the lists of "How to add" are complete."""

from __future__ import annotations

import re

import pytest
from package_tree import PROJECT, ROOT, rooms

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`\s]+)`", TEXT))
SUFFIXES = (".py", ".md", ".toml", ".tcss", ".lark", ".sql", ".json", ".tsv")

EXAMPLES = [
    ("A verb", r'"sample"|\bdo_sample\b|\bdef sampled?\b', set()),
    ("A verb", r"contact[._]never", set()),
    ("A verb", r"today[._]snooze\b|engagement\.snooze", set()),
    ("A verb", r"x[._]peek", set()),
    (
        "A query field",
        r"[\"']contacted[\"']|\bcontacted:|^contacted = ",
        {"sources/aliases.toml", "sources/contact_logs.py"},
    ),
    ("A query field", r"[\"']ratio[\"']|\bratio:", {"matching/joining.py"}),
    ("A fact of a profile", r"\bcan_dm\b", {"store/audience/contact_facts.py"}),
    (
        "A fact of a profile",
        r"\bparody\b",
        {"quality/brand.py", "quality/reading.py", "quality/signals.py", "services/review/blinding.py"},
    ),
    (
        "A fact of a profile",
        r'\blikes=|\.likes\b|\blikes INTEGER|QueryField\("likes"|^likes = |ADD COLUMN likes',
        {"quality/reading.py"},
    ),
    ("A signal", r"name.is.handle", set()),
    ("A signal", r"named.rival", set()),
    ("A signal", r"own.life", set()),
    ("A source", r"(?i)contact.log", {"demo/building.py"}),
    ("A format", r'VCards|"vcard"|\.vcf', {"sources/vcards.py"}),
    ("An action", r"\bMUTE\b|\bmute\b", {"sources/archives.py"}),
    ("An action", r"\bActionKind\.REMOVE_FOLLOWER\b|remove-follower", set()),
    (
        "An action",
        r'"muting"',
        {"services/sync/learning.py", "services/sync/own_marks.py", "sources/account_groups.py", "x/protocol.py"},
    ),
    ("A table or column", r"\bown_mark\b", {"store/audience/x_answers.py"}),
    ("A form of output", r'"jsonl"|\.jsonl|--jsonl|JSONL or CSV', {"sources/text_files.py", "ui/widgets/files.py"}),
]
"""Recipe, what one that is there is called in the code, files that use it or mean something else."""

FOLDERS = ("sources/", "ui/dialogs/", "services/", "cli/")
"""Folders a list may name as a whole."""


def recipe(title: str) -> str:
    """The text of one list of "How to add", and of those it sends on to."""
    found = re.search(rf"^### {title}\b.*?\n(.*?)(?=^### |\Z)", TEXT, re.M | re.S)
    assert found, f"ARCHITECTURE.md has no list for {title}"
    text = found[1].split("\n- Not: ")[0]
    return text + "".join(recipe(other) for other in re.findall(r': "(A [a-z ]+)"\.', text))


def mentioning(pattern: str) -> set[str]:
    """Files of the package whose text matches, as paths below it."""
    paths = (
        path
        for path in ROOT.rglob("*")
        if path.suffix in SUFFIXES and path.name not in ("ARCHITECTURE.md", "grammar.json", "frequencies.tsv")
    )
    return {path.relative_to(ROOT).as_posix() for path in paths if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_every_room_is_on_the_map() -> None:
    missing = {f"{room}/" for room in rooms()} - WORDS
    assert missing == set(), "say in followertui/ARCHITECTURE.md what this room owns"


@pytest.mark.parametrize("name", ["followertui/ARCHITECTURE.md", ".github/CONTRIBUTING.md", "README.md"])
def test_every_file_and_folder_a_page_names_exists(name: str) -> None:
    page = PROJECT / name
    text = page.read_text(encoding="utf-8")
    named = {word for word in re.findall(r"`([^`\s<>]+)`", text) if "/" in word and word.endswith(("/", *SUFFIXES))}
    assert named, f"{name} names no files any more"
    gone = {word for word in named if not any((home / word).exists() for home in (ROOT, PROJECT))}
    linked = {link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (page.parent / link).exists()}
    assert gone - {"../shared/data"} | linked == set(), f"{name} names what is not there"


@pytest.mark.parametrize(("title", "pattern", "others"), EXAMPLES)
def test_a_list_of_how_to_add_names_every_file_of_an_example(title: str, pattern: str, others: set[str]) -> None:
    named = set(re.findall(r"`([^`\s]+)`", recipe(title)))
    folders = tuple(word for word in named if word in FOLDERS)
    touched = mentioning(pattern) - others
    assert len(touched) >= 3, f"the example of {title} is called something else now"
    assert {name for name in touched if name not in named and not name.startswith(folders or ("//",))} == set()
    assert others <= mentioning(pattern), f"{title}: these do not mention the example any more"


@pytest.mark.parametrize(
    ("title", "files", "mark"),
    [
        ("A verb", "ui/screens/**/*.py", r"^    def do_\w+\(self"),
        ("A verb", "ui/*commands.py", r"\bCommand\("),
        ("A table or column", "store/file/*_migrations.py", r"^def m\d+_"),
    ],
)
def test_a_list_names_every_file_such_things_stand_in(title: str, files: str, mark: str) -> None:
    standing = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob(files)
        if re.search(mark, path.read_text(encoding="utf-8"), re.M)
    }
    assert len(standing) > 4
    assert standing - set(re.findall(r"`([^`\s]+)`", recipe(title))) == set()


def test_every_module_between_the_rooms_of_the_services_is_on_the_map() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "services").glob("[a-z]*.py")}
    assert found - WORDS == set()


def test_the_map_can_be_read_in_one_sitting() -> None:
    assert TEXT.count("\n") <= 360
