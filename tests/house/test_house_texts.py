"""Every command, option, key, query field, setting and reason has a help text, and the texts tell the truth."""

from __future__ import annotations

import ast
import re
import shlex
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from package_tree import PROJECT, ROOT, trees

from followertui.cli.helping import TOPICS, topic_text
from followertui.cli.main import SECTIONS, cli
from followertui.cli.signals import EXIT_STOPPED
from followertui.domain import errors
from followertui.domain.errors import BadQuery
from followertui.domain.fields import FIELDS, FLAGS
from followertui.domain.guards import NEVER_FOLLOW_TAG
from followertui.domain.kind import KIND_KEYS
from followertui.domain.query import FieldType
from followertui.quality.signals import SCORES, SIGNALS, WAVE_TRAITS
from followertui.query.parsing import parse
from followertui.services.care.settings_file import ENTRIES, KEYS
from followertui.services.values import SHEET_WORDS
from followertui.store.audience.waves import ANY as ANY_WAVE
from followertui.store.file.connection import Store
from followertui.store.file.settings import SETTINGS
from followertui.ui.commands import COMMANDS, GROUPS
from followertui.ui.key_table import key_table
from followertui.ui.keymap import shown_key

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)

PLACES = {
    "dialogs/account": "card",
    "dialogs/asking": "question|a line",
    "dialogs/choosing": "choose",
    "dialogs/dialog": "question",
    "dialogs/last": "last",
    "dialogs/looking": "sample|bulk look",
    "dialogs/telling": "doctor",
    "dialogs/views": "views",
    "screens/about_us": "about us",
    "screens/by_hand": "by hand",
    "screens/card": "card",
    "screens/help": "help",
    "screens/import_files": "import",
    "screens/import_sheet": "sheet",
    "screens/candidates": "candidates",
    "screens/journal": "journal",
    "screens/playbooks": "playbooks",
    "screens/report": "report",
    "screens/settings": "settings",
    "screens/since": "since",
    "screens/figures_page": "report|since",
    "screens/welcome": "welcome",
    "key_gate": "",
    "widgets/files": "file list",
    "widgets/filter": "filter",
}
"""Module of ``ui`` that reads keys by their names -> its lines in the topic ``keys``; the gate only hands keys on."""


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command a person can type, with its words."""
    yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, name
            yield from leaves(found, (*path, name))


EVERY_COMMAND = dict(leaves(cli))


def documented_keys(place: str) -> set[str]:
    """Keys the topic ``keys`` names for a place, as help shows them."""
    words: list[str] = []
    inside = False
    for line in topic_text("keys").splitlines():
        inside = line.startswith(f"  {place} ") or (inside and line.startswith(" " * 8))
        words += re.split(r"[ ,]+", line) if inside else []
    assert words, f"the topic keys has no line for {place}"
    return set(words) | ({"down", "up", "left", "right"} if "arrows" in words else set())


def keys_read_by_name(tree: ast.Module) -> set[str]:
    """Key names a module compares the pressed key with, as help shows them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and ast.unparse(node.left) in ("event.key", "key"):
            for part in node.comparators:
                found |= {leaf.value for leaf in ast.walk(part) if isinstance(leaf, ast.Constant) and leaf.value}
    names = {"question_mark": "?", "full_stop": "."}
    return {shown_key(names.get(key, key)) for key in found}


@pytest.mark.parametrize("words", sorted(EVERY_COMMAND))
def test_every_command_and_option_says_what_it_does(words: str) -> None:
    command = EVERY_COMMAND[words]
    assert (command.help or "").strip(), f"{words} has no docstring"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert (parameter.help or "").strip(), f"{words} {parameter.opts[0]} has no help"


def test_every_command_has_its_line_in_the_main_help() -> None:
    for lines in SECTIONS.values():
        for name, _, text in lines:
            assert len(text) > 5, name
            assert not text.endswith("."), name


def test_every_verb_has_a_sentence_and_a_group() -> None:
    for command in COMMANDS.values():
        assert command.help.endswith("."), command.id
        assert command.help.rstrip(".").lower() != command.title.lower(), f"{command.id}: the help repeats the title"
        assert command.group in GROUPS, command.id
    assert {row.title for row in key_table()} == {command.title for command in COMMANDS.values()}


def test_every_key_of_dialogs_and_screens_is_in_the_topic_keys() -> None:
    readers = {
        name.removeprefix("followertui.ui.").replace(".", "/"): keys
        for name, tree in trees().items()
        if name.startswith("followertui.ui.") and (keys := keys_read_by_name(tree))
    }
    assert set(readers) - set(PLACES) == set(), "name the place here, and its keys in topics/keys.md"
    for module, keys in readers.items():
        if not PLACES[module]:
            continue
        told = {key for place in PLACES[module].split("|") for key in documented_keys(place)}
        assert keys - told == set(), f"{module}: topics/keys.md does not name these for {PLACES[module]}"


def test_every_kind_letter_is_in_the_topic_keys() -> None:
    text = " ".join(topic_text("keys").split())
    for letter, kind in KIND_KEYS.items():
        assert f"{letter} {kind.value}" in text


def test_every_query_field_and_flag_is_in_the_topic_query() -> None:
    text = topic_text("query")
    for name, field in FIELDS.items():
        assert f"{name}:" in text, f"{name}: is not in topics/query.md"
        assert field.help, name
        if field.type in (FieldType.CHOICE, FieldType.MATCH) and name != "has":
            for choice in field.choices:
                assert re.search(rf"\b{choice}\b", text), f"{name}:{choice} is not in topics/query.md"
    for flag in FLAGS:
        assert f"is:{flag}" in text, f"is:{flag} is not in topics/query.md"


def test_the_tag_that_holds_back_a_follow_is_told_with_its_ways_in() -> None:
    line = next(line for line in topic_text("query").splitlines() if f'tag:"{NEVER_FOLLOW_TAG}"' in line)
    assert "t on the screen" in line
    assert "--as never-follow" in line
    assert "never-follow" in SHEET_WORDS


def test_every_reason_is_in_the_topic_reasons() -> None:
    lines = [line.split(None, 1) for line in topic_text("reasons").splitlines() if line.startswith("  ")]
    told = dict(lines)
    waves = {ANY_WAVE, *WAVE_TRAITS}
    assert set(told) == set(SIGNALS) | waves
    for code, text in told.items():
        assert "{" not in text, code
        assert (code not in waves and SIGNALS[code].score in SCORES) == bool(re.search(r"[+-]\d", text)), (
            f"{code} has no points"
        )


def test_every_setting_of_the_store_is_in_the_topic_settings() -> None:
    kept = " ".join(topic_text("settings").partition("Kept in the store")[2].split())
    for setting in SETTINGS:
        assert setting.meaning in kept, f"{setting.name} is not in topics/settings.md"
        assert isinstance(setting.default, setting.type), setting.name
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_every_key_of_the_settings_file_and_every_variable_is_in_the_topic_settings() -> None:
    text, sources = topic_text("settings"), "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.py"))
    assert f"  [{KEYS}]" in text
    for key, entry in ENTRIES.items():
        assert f"  {key} = {entry.example}" in text, f"{key} is not in topics/settings.md"
    for name in set(re.findall(r"FOLLOWERTUI_[A-Z_]*[A-Z]\b", sources)) - {"FOLLOWERTUI_X", "FOLLOWERTUI_COMPLETE"}:
        assert name in text, f"{name} is not in topics/settings.md"
    for key in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"):
        assert f"FOLLOWERTUI_X_{key}" in text


def test_the_topic_schema_names_tables_and_columns_that_are_there(tmp_path: Path) -> None:
    Store(tmp_path / "store.db").close()
    with sqlite3.connect(tmp_path / "store.db") as con:
        names = {line[0] for line in con.execute("SELECT name FROM sqlite_master")}
        names |= {column[1] for table in sorted(names) for column in con.execute(f"PRAGMA table_info('{table}')")}
        facts = {line[0] for line in con.execute("SELECT name FROM meta")} | {"profile_handle", "_sqlite_migrations"}
    told = set(re.findall(r"\b_?[a-z]+(?:_[a-z]+)+\b", topic_text("schema")))
    assert told - names - facts == set()


def sentences() -> Iterator[str]:
    """What the program says that names a command, a line each; what a sentence is completed with is an X."""
    for tree in trees().values():
        inside: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = node.values
                inside.update(map(id, parts))
            elif isinstance(node, ast.Constant) and id(node) not in inside:
                parts = [node]
            else:
                continue
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else " X " for part in parts)
            yield from re.findall("`followertui [^`]*`|with: followertui .*", said.replace("-- X", "X"))


TEXTS = {
    **{f"help {topic}": topic_text(topic) for topic in TOPICS},
    "README.md": (PROJECT / "README.md").read_text("utf-8"),
    "what the program says": "\n".join(sentences()),
}


def written_commands(text: str) -> Iterator[list[str]]:
    """Command lines in a text, as words: what follows ``followertui`` in code, up to a remark."""
    for line in text.splitlines():
        for found in re.finditer(r"(?:^\s*|`|: |· |\s{3,})(?:\.venv/bin/)?followertui ([a-z-][^`·;|]*)", line):
            written = re.split(r"\s{2,}|\s+[>&(]\s*|\.\.\.|[.:,](?:\s|$)", found[1].strip())[0]
            lexer = shlex.shlex(written, posix=True, punctuation_chars=False)
            lexer.whitespace_split, lexer.commenters = True, ""
            try:
                yield list(lexer)
            except ValueError:
                continue


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_commands_written_in_texts_exist(name: str) -> None:
    for words in written_commands(TEXTS[name]):
        line = f"{name}: followertui {' '.join(words)}"
        path, rest = "", list(words)
        while rest and f"{path} {rest[0]}".strip() in EVERY_COMMAND:
            path = f"{path} {rest.pop(0)}".strip()
        assert path or rest[0].startswith("--"), line
        # A group may take the options of the command it stands for.
        homes = [cli, *(command for words, command in EVERY_COMMAND.items() if f"{words} ".startswith(f"{path} "))]
        options = {option for command in homes for parameter in command.params for option in parameter.opts}
        assert {word.partition("=")[0] for word in rest if word.startswith("--")} <= options | {"--help"}, line


def test_queries_written_in_texts_parse() -> None:
    texts = {**TEXTS, **{words: command.help or "" for words, command in EVERY_COMMAND.items()}}
    found = 0
    for name, text in texts.items():
        for query in re.findall(r"(?:accounts|decide|kind|tag|matches|review) '([^']*)'", text):
            found += 1
            try:
                parse(query, NOW, UTC)
            except BadQuery as error:
                pytest.fail(f"{name}: {query}: {error}")
            for code in re.findall(r"reason:([\w,-]+)", query):
                assert set(code.split(",")) <= set(SIGNALS), f"{name}: {query}"
    assert found >= 10


def test_every_exit_code_is_told() -> None:
    text = topic_text("scripts")
    known = [error for error in vars(errors).values() if isinstance(error, type)]
    codes = {error.exit_code for error in known if issubclass(error, errors.FollowertuiError)}
    for code in codes | {0, 2, EXIT_STOPPED}:
        assert re.search(rf"^  {code}  ", text, re.MULTILINE), f"exit code {code} is not in topics/scripts.md"
