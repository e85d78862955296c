"""The README's pictures: a demo town is founded, Ada looks around in it, and what she sees lies in docs/pictures."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded
from tests.browser.conftest import launched
from tests.browser.window import SIZES, Window

HOME = Path(__file__).resolve().parents[2]
PICTURES = HOME / "docs" / "pictures"
FOLDER = HOME / ".run" / "pictures"
UP_MAX_S = 600  # the town is founded first, perhaps on a busy machine


class Scene:
    """What is shown: `path`, or the first link that matches `link` on that page."""

    def __init__(self, name: str, path: str, link: str = "", scheme: str = "light") -> None:
        self.name, self.path, self.link, self.scheme = name, path, link, scheme


SCENES = (
    Scene("home", "/"),
    Scene("request", "/requests/", link="main .rows a[href^='/requests/'], main article a[href^='/requests/']"),
    Scene("thread", "/messages/", link="main .rows a[href^='/messages/']"),
    Scene("crossings", "/crossings/", scheme="dark"),
    Scene("offer", "/offers/", link="main .rows a[href^='/offers/']"),
    Scene("standing", "/standing/", scheme="dark"),
)


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    with _town() as base, launched() as chromium:
        email, password = _ada()
        for size, (width, height) in SIZES.items():
            context = chromium.new_context(
                base_url=base, viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce"
            )
            window = Window(context, base)
            window.sign_in(email, password)
            for scene in SCENES:
                _take(window, scene, PICTURES / f"{scene.name}-{size}.png")
            context.close()
            assert window.faults == [], window.faults
    print(f"{2 * len(SCENES)} pictures lie in {PICTURES.relative_to(HOME)}: look at each one.")  # noqa: T201
    return 0


def _take(window: Window, scene: Scene, file: Path) -> None:
    window.pictured = True
    window.page.emulate_media(color_scheme=scene.scheme)
    window.go(scene.path)
    if scene.link:
        window.press(scene.link)
    window.page.screenshot(path=str(file), animations="disabled")


def _ada() -> tuple[str, str]:
    """Mail address and password of the main character, as the server prints them."""
    first, ada = (FOLDER / "cast.txt").read_text().splitlines()[:2]
    return ada.split()[0], first.rstrip(")").split()[-1]


@contextmanager
def _town() -> Iterator[str]:
    """Its address. It has a folder of its own, which is gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "config.serve", "--port", str(port), "--folder", str(FOLDER)]
    plain = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    process = subprocess.Popen(command, cwd=HOME, env=plain)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        embedded.remove(FOLDER)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + UP_MAX_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(1)
    raise SystemExit("The town did not come up.")


if __name__ == "__main__":
    sys.exit(main())
