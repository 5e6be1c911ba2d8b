"""Commands that take a query: one quoted argument that may begin with a dash.

Owns how such a command reads its arguments: ``-is:follower`` is a query, ``--limt`` is a
mistake.
"""

from __future__ import annotations

import click


class QueryCommand(click.Command):
    """A command whose arguments may begin with one dash; options have two."""

    ignore_unknown_options = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse long options nobody knows before the rest is taken as it stands."""
        known = {name for option in self.get_params(ctx) for name in option.opts}
        for word in args:
            if word == "--":
                break
            name = word.partition("=")[0]
            if name.startswith("--") and " " not in name and name not in known:
                near = sorted(option for option in known if option.startswith(name[:4]))
                raise click.NoSuchOption(name, possibilities=near, ctx=ctx)
        return super().parse_args(ctx, args)
