"""``shelf``: links to offer, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.asking import is_interactive
from followertui.cli.options import NUMBER, Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import confirm
from followertui.cli.wiring import opened
from followertui.domain.clock import DAY, iso
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.guards import OUTCOMES
from followertui.late import late
from followertui.services.phrases import counted

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.engage import shelving
    from followertui.text import quantities
else:
    tables = late("followertui.cli.tables")
    shelving = late("followertui.services.engage.shelving")
    quantities = late("followertui.text.quantities")


@click.group()
def shelf() -> None:
    r"""Links to offer where they fit, never the same one twice to the same person.

    \b
    followertui shelf add https://acme.example/guide --title "The freight guide" --topics freight,logistics
    followertui shelf import feed.xml        a saved RSS, Atom or JSON feed, or a CSV
    followertui shelf list
    """


@shelf.command("add")
@click.argument("url")
@click.option("--title", default="", metavar="TEXT", help="What it is called.")
@click.option("--topics", default="", metavar="WORD,...", help="Words it is about; one in the bio makes it fit.")
@click.option("--kinds", default="", metavar="KIND,...", help="Whom it is for (default: everybody).")
@click.option("--lang", default="", metavar="CODE", help="Its language, such as en.")
@click.option("--from", "since", default="", metavar="DATE", help="Not before this day.")
@click.option("--until", default="", metavar="DATE", help="Not after this day.")
@click.pass_obj
def shelf_add(
    options: Options, url: str, title: str, topics: str, kinds: str, lang: str, since: str, until: str
) -> None:
    """Put URL on the shelf. The address is stored, never fetched: nothing leaves this machine.

    `shelf title ID` asks the site for the title, when you want it.
    """
    end = _day(until, "--until")
    with opened(options) as bench:
        said = shelving.add(
            bench.session,
            url,
            title,
            _words(topics),
            _words(kinds),
            lang,
            _day(since, "--from"),
            None if end is None else end + DAY - 1,
        )
        say(options, said)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _day(text: str, option: str) -> int | None:
    if not text:
        return None
    try:
        return quantities.parse_moment(text)
    except ValueError:
        raise BadInput(f'{option} "{text}" is no day; write 2026-12-31') from None


@shelf.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def shelf_import(options: Options, path: Path) -> None:
    """Put every link of FILE on the shelf: CSV, a saved RSS or Atom feed, JSON Feed. Nothing is fetched.

    A CSV has a column url; title, summary, topics, kinds, lang, from, until beside it are read too.
    """
    with opened(options) as bench:
        found = shelving.import_file(bench.session, path)
    for line, why in found.problems[:20]:
        say(options, f"line {line}: {why}")
    say(options, found.text)


@shelf.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def shelf_list(options: Options, is_json: bool) -> None:
    """Every link: topics, kinds, to how many people it was offered, and what came of it.

    Visits, downloads and registrations are those of people it was offered to, within 30 days. "By link" is what
    analytics tell of its campaign parameters, whether one knows who came or not: followertui import outcomes FILE.
    """
    with opened(options) as bench:
        found = bench.engagement.shelf()
    if is_json:
        write_json([line._asdict() for line in found])
        return
    if not found:
        say(options, "The shelf is empty; `followertui shelf add URL` or `followertui shelf import FILE` fills it.")
        return
    tables.write_table(
        (
            (str(line.id), line.title or line.url, ", ".join(line.topics), ", ".join(line.kinds), line.window,
             f"{line.offered:,}", *(f"{line.outcomes.get(kind, 0):,}" for kind in OUTCOMES),
             ", ".join(f"{counted(line.by_link[kind], kind)}" for kind in OUTCOMES if line.by_link.get(kind)))
            for line in found
        ),
        ("id", "title", "topics", "for", "when", "offered", *(f"{kind}s" for kind in OUTCOMES), "by link"),
    )  # fmt: skip


@shelf.command("offers")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.option("--limit", default=200, type=click.IntRange(1, 100_000), help="At most N (default: 200).")
@click.pass_obj
def shelf_offers(options: Options, is_json: bool, limit: int) -> None:
    """Who was offered what, newest first."""
    with opened(options) as bench:
        found = shelving.offers(bench.session, limit + 1)
    is_cut = len(found) > limit
    found = found[:limit]
    if is_cut:
        say(options, f"the newest {limit:,} are shown; --limit N shows more")
    if is_json:
        write_json([{**one._asdict(), "at": iso(one.at)} for one in found])
        return
    if not found:
        raise NothingToDo("nothing was offered yet")
    tables.write_table(
        ((iso(one.at) or "", f"@{one.handle}", str(one.shelf_id), one.title, one.text) for one in found),
        ("at", "account", "link", "title", "text"),
    )


@shelf.command("title")
@click.argument("item_id", type=NUMBER, metavar="ID")
@click.option("--yes", is_flag=True, help="Ask the site without being asked first.")
@click.pass_obj
def shelf_title(options: Options, item_id: int, yes: bool) -> None:
    """Ask the site of link ID for its page and keep what it calls itself. This leaves your machine."""
    with opened(options) as bench:
        say(options, bench.engagement.title_leaves_for(item_id))
        if not (yes or (is_interactive() and confirm("Ask it?"))):
            raise BadInput("nothing was asked; --yes says that the site may be asked")
        say(options, bench.engagement.fetch_title(item_id))


@shelf.command("drop")
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID...")
@click.pass_obj
def shelf_drop(options: Options, ids: tuple[int, ...]) -> None:
    """Take links off the shelf; who was offered them stays known."""
    with opened(options) as bench:
        say(options, bench.engagement.drop_links(ids))


COMMANDS: dict[str, click.Command] = {"shelf": shelf}
