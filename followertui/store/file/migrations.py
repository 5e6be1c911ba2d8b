"""How an older file gets the tables of today.

It goes through every migration it has not had; a new file is made by ``new_file``. sqlite-utils
keeps the list of applied migrations in the file, so this module is imported only when there is
something to do. Only ``store.file`` imports it.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from followertui.store.file import (
    engagement_migrations,
    first_migrations,
    insight_migrations,
    later_migrations,
    plan_migrations,
    x_migrations,
)

_migrations = Migrations("followertui")
for _step in (
    first_migrations.m001_first,
    first_migrations.m002_foreign_keys,
    first_migrations.m003_releases,
    first_migrations.m004_interactions,
    first_migrations.m005_more_reasons,
    later_migrations.m006_looks,
    later_migrations.m007_likes,
    later_migrations.m009_requests,
    later_migrations.m010_probability,
    later_migrations.m011_doubtful,
    later_migrations.m012_sessions,
    plan_migrations.m013_batches,
    insight_migrations.m014_analytics,
    x_migrations.m015_answers,
    later_migrations.m016_differences,
    engagement_migrations.m017_engagement,
    engagement_migrations.m018_link_results,
):
    _migrations()(_step)


def migrate(con: sqlite3.Connection) -> None:
    """Bring a file to ``SCHEMA_VERSION`` inside the caller's transaction.

    Args:
        con: with an open write transaction, and ``PRAGMA foreign_keys`` off: tables are rebuilt
            one by one, and rows that refer to nothing stay for ``doctor`` to name.
    """
    _migrations.apply(Database(con))
