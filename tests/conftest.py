"""Real PostgreSQL and Valkey for every run: started before the settings are read, gone when the run ends.

The first process starts them and hands the URLs on; each xdist process has its own database (pytest-django adds
`_gw0`, …) and its own Redis database. With DATABASE_URL and REDIS_URL set, those are used and nothing is started.
"""

import atexit
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from config import embedded  # Django-free, so it may come before the settings


def _open_services() -> None:
    """The environment holds DATABASE_URL and REDIS_URL; what was started here ends with this process."""
    os.environ["DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["DATABASE_POOL"] = "0"  # pytest-django drops its database: no pool may hold on to it
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        folder = embedded.passing("tests")
        services = embedded.start(folder, bound=True, durable=False)
        atexit.register(_close_services, folder, os.getpid())
        os.environ.update(services.environment)
    os.environ["REDIS_URL"] = _own_database(os.environ["REDIS_URL"])


def _own_database(url: str) -> str:
    """Each process takes the next of Redis' databases 1 to 15, so that none flushes or counts what is another's.

    Not by xdist's name of the process: that is not known yet when this file is read.
    """
    server = redis.Redis.from_url(urlsplit(url)._replace(path="/0").geturl())
    number = 1 + int(server.incr("leumund:tests")) % 15
    server.close()
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def _close_services(folder: Path, starter: int) -> None:
    if os.getpid() == starter:  # not in a forked child
        embedded.remove(folder)


_open_services()

import django

django.setup()
# Not handed on: with it in the environment, pytest-django would read the settings in xdist's processes before this
# file chooses their Redis database.
del os.environ["DJANGO_SETTINGS_MODULE"]

import hypothesis
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from foundation.append_only import let_tests_truncate
from tests import seed, sharing
from tests.cast import ada, at_acme, bo, cleo, mallory, mo  # noqa: F401  (the cast: fixtures for every test)

hypothesis.settings.register_profile("house", deadline=None)  # timing is never a test (security.md, The bar)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests say so instead of failing."""
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return sharing.Sharing(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[ExitStack]:
    """The test database is copied from the seed, which is held until that has been done."""
    with ExitStack() as stack:
        connection.settings_dict["TEST"]["TEMPLATE"] = stack.enter_context(seed.held(django_db_blocker))
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: ExitStack, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Append-only tables may be emptied between tests that commit; nowhere else (foundation/append_only.py)."""
    django_db_modify_db_settings.close()
    with django_db_blocker.unblock():
        let_tests_truncate(connection)
