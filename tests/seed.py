"""A migrated, empty database that all others of a run are copied from: migrations run once, not once a process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

NAME = "leumund_seed"
_LOCK = 7_411_996


@contextmanager
def held(blocker: DjangoDbBlocker) -> Iterator[str]:
    """Its name, for `CREATE DATABASE … TEMPLATE`; as long as the block lasts nobody else is connected to it."""
    with _maintenance() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        with blocker.unblock(), at(NAME):
            call_command("migrate", verbosity=0)  # nothing is to be done from the second time on
        yield NAME


def create(name: str, blocker: DjangoDbBlocker) -> None:
    """A database of that name is there, migrated and empty."""
    with held(blocker), _maintenance() as owner:
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(NAME)))


def drop(name: str) -> None:
    with _maintenance() as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def at(name: str) -> Iterator[None]:
    """What is read and written in here is that database's."""
    away = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = away


def _maintenance() -> psycopg.Connection:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    return psycopg.connect(url, autocommit=True)
