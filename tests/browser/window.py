"""A browser window of one person, driven by addresses and field names, so that it works in every language."""

import re
import time
from pathlib import Path
from typing import Any

SIZES = {"phone": (390, 844), "desk": (1280, 900)}
PATIENCE_MS = 20_000


class Window:
    """`faults` gathers foreign requests, errors in the console (a broken content policy is one), and answers from
    500 on."""

    def __init__(self, context: Any, base: str) -> None:
        self.context, self.base = context, base
        self.faults: list[str] = []
        self.pictured = False
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("response", self._answered)
        self.page.on("dialog", self._asked_aloud)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.base + "/", "data:", "blob:")):
            self.faults.append(f"foreign: {request.url}")

    def _asked_aloud(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _said(self, message: Any) -> None:
        """Answers of 400 to 499 are refusals, which are tested for; Chromium calls them failures to load. And taking
        a picture hides the caret by a style of its own, which our policy refuses."""
        refused = re.match(r"Failed to load resource.* 4\d\d ", message.text)
        caret = self.pictured and "inline style" in message.text
        if message.type == "error" and not refused and not caret:
            self.faults.append(f"console: {message.text} on {self.page.url} from {message.location.get('url')}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")

    # ── going and doing ──
    def go(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def choose(self, name: str, value: str) -> None:
        self.page.check(f"main [name={name}][value='{value}']")

    def press(self, selector: str = "main form .button-main") -> None:
        """Clicks and waits for the page it leads to."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.click(selector)

    def has(self, selector: str) -> bool:
        return bool(self.page.locator(selector).count())

    def words(self, selector: str = "main") -> str:
        return str(self.page.locator(selector).first.inner_text())

    def reload_until(self, selector: str, *, within_s: float = 20.0) -> None:
        """For what a worker brings: looks again until it is there."""
        ends = time.monotonic() + within_s
        while not self.has(selector) and time.monotonic() < ends:
            self.page.wait_for_timeout(300)
            self.page.reload()
        assert self.has(selector), f"no {selector} on {self.page.url}: {self.words()[:800]}"

    @property
    def language(self) -> str:
        return str(self.page.get_attribute("html", "lang"))

    def speak(self, language: str) -> None:
        if self.language != language:
            self.press(f"form.languages [value={language}]")
        assert self.language == language

    def sign_in(self, email: str, password: str) -> None:
        self.go("/account/login/")
        self.fill(login=email, password=password)
        self.press("form[action='/account/login/'] .button-main")
        assert self.has("body.is-member"), self.words()

    # ── looking ──
    def picture(self, folder: Path | None, name: str) -> None:
        """Four of the page as it stands: phone and desk, light and dark."""
        if folder is None:
            return
        self.pictured = True
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                self.page.screenshot(
                    path=str(folder / f"{name}-{size}-{scheme}.png"), full_page=True, animations="disabled"
                )
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 900})
