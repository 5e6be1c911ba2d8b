"""Arguments that name accounts: a query that may begin with a dash, a handle, an id.

Owns how such a command reads its arguments (``-is:follower`` is a query, ``--limt`` is a
mistake) and how a query or a handle becomes row numbers.
"""

from __future__ import annotations

from array import array

import click

from followertui.cli.printing import warn
from followertui.domain.errors import BadInput, NothingToDo
from followertui.services import naming, querying
from followertui.services.review import offering
from followertui.services.workbench import Workbench


class QueryCommand(click.Command):
    """A command whose arguments may begin with one dash; options have two."""

    ignore_unknown_options = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown long options; everything else is left to click."""
        known = {name for option in self.get_params(ctx) for name in (*option.opts, *option.secondary_opts)}
        for word in args:
            if word == "--":
                break
            name = word.partition("=")[0]
            if name.startswith("--") and " " not in name and name not in known:
                near = sorted(option for option in known if option.startswith(name[:4]))
                raise click.NoSuchOption(name, possibilities=near, ctx=ctx)
        return super().parse_args(ctx, args)


def rows_asked(bench: Workbench, query: str) -> array[int]:
    """Row numbers a query holds for, in its order; a name in it that finds nobody is said on stderr.

    Raises:
        BadQuery: the query cannot be read.
    """
    rows = querying.rows_of(bench.session, query)
    remark = offering.unknown_name(bench.session, query)
    if remark is not None:
        warn(str(remark))
    return rows


def rows_found(bench: Workbench, query: str) -> list[int]:
    """Row numbers of the accounts a query finds, in its order.

    Raises:
        BadInput: the query cannot be read.
        NothingToDo: it finds no account.
    """
    rows = rows_asked(bench, query)
    if not rows:
        raise NothingToDo(f'the query "{query}" finds no account')
    return list(rows)


def rows_named(bench: Workbench, account: str) -> list[int]:
    """Row numbers of the account that is named: of all that may be it where only a handle is known of some.

    Raises:
        BadInput: no account has this handle or id, or several have.
    """
    rows = naming.rows_named(bench.session, account)
    if not rows:
        raise BadInput(f'no account is known as "{account}"; `followertui accounts WORD` searches')
    return rows


def row_of(bench: Workbench, account: str) -> int:
    """Row number of one account: @123 forces a handle, bare digits try the id first.

    Raises:
        BadInput: no account has this handle or id, or several have.
    """
    return rows_named(bench, account)[0]
