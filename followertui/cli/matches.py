"""``matches``: the people and companies of your lists found on X, listed, confirmed, rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import NUMBER, Options
from followertui.cli.output import format_options, say, write_json, write_records
from followertui.cli.queries import QueryCommand, rows_asked
from followertui.cli.wiring import opened
from followertui.domain.match import chance_words
from followertui.late import late

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.care import crm_export, exporting
    from followertui.services.review import match_costs
else:
    tables = late("followertui.cli.tables")
    crm_export = late("followertui.services.care.crm_export")
    exporting = late("followertui.services.care.exporting")
    match_costs = late("followertui.services.review.match_costs")


class _MatchesGroup(click.Group):
    """``matches`` takes a query where no subcommand is named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, else ``list`` with everything as its query."""
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "list", self.commands["list"], args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a query where no command of the group is named."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.command("list", cls=QueryCommand, hidden=True)
@click.argument("query", required=False, default="")
@click.option("--state", type=click.Choice(["unreviewed", "confirmed", "rejected"]), help="Only in this state.")
@format_options
@click.pass_obj
def list_matches(options: Options, query: str, state: str | None, form: str | None) -> None:
    """Matches of the accounts QUERY finds."""
    with opened(options) as bench:
        rows = rows_asked(bench, query) if query.strip() else None
        if form == "csv":
            keys, lines = crm_export.crm_lines(bench.session, rows, state or "")
            write_records(lines, form, keys)
            return
        found = exporting.match_records(bench.session, rows, state or "", is_per_entry=form is not None)
        if form is None:
            count = tables.write_table(
                (
                    (m["id"], f"@{m['handle'] or m['account_id']}", m["band"], chance_words(m["probability"]),
                     str(m["score"]), m["relation"], m["state"], m["evidence"]["text"])
                    for m in found
                ),
                ("id", "account", "band", "chance", "score", "relation", "state", "why"),
            )  # fmt: skip
            say(options, f"{count:,} matches; `followertui matches confirm ID...` confirms")
            return
        write_records(found, form, exporting.MATCH_KEYS)


def _say_match(options: Options, ids: tuple[int, ...], is_yes: bool) -> None:
    with opened(options) as bench:
        gesture = bench.confirm(ids) if is_yes else bench.reject(ids)
        say(options, gesture.text)


@click.command()
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID...")
@click.pass_obj
def confirm(options: Options, ids: tuple[int, ...]) -> None:
    """Confirm matches by their ids."""
    _say_match(options, ids, is_yes=True)


@click.command()
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID...")
@click.pass_obj
def reject(options: Options, ids: tuple[int, ...]) -> None:
    """Reject matches by their ids."""
    _say_match(options, ids, is_yes=False)


@click.command()
@click.argument("match_id", type=NUMBER, metavar="ID")
@click.option("--dry-run", is_flag=True, help="Only say how many matches rest on it.")
@click.pass_obj
def refuse(options: Options, match_id: int, dry_run: bool) -> None:
    """Say that the words a match rests on are not that company or person, for every account.

    Match 17 says "summit" in the bio is Summit Inc.: refused once, all matches that rest on those
    words are compared again without them. One gesture, undone with undo.
    """
    with opened(options) as bench:
        if dry_run:
            found = bench.clause(match_id)
            say(options, f"{found.text}: {found.counts}")
            return
        say(options, bench.refuse_clause(match_id).text)
        report = run_job(options, lambda cancel: bench.match(False, cancel), resume="followertui match")
        say(options, report.text)


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def costs(options: Options, is_json: bool) -> None:
    """What looking at your open matches costs and gives, from each probability on, at your own pace."""
    with opened(options) as bench:
        found = match_costs.match_costs(bench.session)
    if is_json:
        lines = [
            {"from": one.cut, "pairs": one.pairs, "expected_right": round(one.right, 1),
             "expected_wrong": round(one.wrong, 1), "minutes": round(one.minutes, 1)}
            for one in found.cuts
        ]  # fmt: skip
        write_json({"cuts": lines, "seconds_a_pair": found.seconds_a_pair, "is_own_pace": found.is_own_pace,
                    "not_known": found.unknown})  # fmt: skip
        return
    tables.write_table(
        (
            (f"{one.cut:.0%}" if one.cut else "all", f"{one.pairs:,}", f"{one.right:,.0f}", f"{one.wrong:,.0f}",
             f"{one.minutes:,.0f}")
            for one in found.cuts
        ),
        ("from", "pairs", "expected right", "expected wrong", "minutes"),
    )  # fmt: skip
    whose = "your own pace" if found.is_own_pace else "the usual pace until you answered some twenty"
    say(options, f"at {found.seconds_a_pair:.0f} s a pair, {whose}; `followertui help matching` has what was measured")


MATCHES = _MatchesGroup(
    "matches",
    commands={"list": list_matches, "confirm": confirm, "reject": reject, "refuse": refuse, "costs": costs},
    help="""People and companies of your lists found here, with evidence. --csv imports into your CRM.

    \b
    followertui matches 'is:follower' --state unreviewed --json
    followertui matches confirm 17 18
    """,
    subcommand_metavar="[QUERY] [OPTIONS] | confirm ID... | reject ID... | refuse ID | costs",
)


COMMANDS: dict[str, click.Command] = {"matches": MATCHES}
