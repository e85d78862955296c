"""Chromium in front of the running house. Every window notes what it must never see; the test asks it at the end."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.browser.window import Window
from tests.flows import running
from tests.flows.running import House

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ALONE = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
Opener = Callable[..., Window]


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> House:
    return running.start(request.config, django_db_blocker)


@pytest.fixture
def at_home(house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with running.verbs_at(house, django_db_blocker):
        yield


@pytest.fixture(scope="module")  # not for longer: while it runs, this thread counts as an event loop for Django
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@contextmanager
def launched() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("There is no Chromium here: install Debian's package chromium, or set CHROMIUM.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any, house: House) -> Iterator[Opener]:
    """Opens windows that know nothing of each other. What one of them may not see fails the test at its end."""
    opened: list[Window] = []

    def opens(*, script: bool = True) -> Window:
        context = chromium.new_context(
            base_url=house.base, java_script_enabled=script, viewport={"width": 1280, "height": 900}, locale="en-GB"
        )
        opened.append(Window(context, house.base))
        return opened[-1]

    yield opens
    seen = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.context.close()
    assert seen == []


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures go, if anybody wants them: PICTURES=1 takes them into .run/pictures."""
    if not os.environ.get("PICTURES"):
        return None
    folder = Path(__file__).resolve().parents[2] / ".run" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
