"""A browser without script or style: cookies, hidden fields, and forms sent as they stand."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from tests.abuse.pages import Page


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    text: str


class Visitor:
    def __init__(self, base: str) -> None:
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}))

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self.base + path))

    def send(self, path: str, values: dict[str, str]) -> Answer:
        """Fills the form of that page that has these fields (or the first that posts) and sends it where it goes."""
        page = self.get(path)
        forms = [form for form in Page(page.text).forms if form.method == "post" and form.action != "/language/"]
        form = next((one for one in forms if values.keys() <= one.fields.keys()), forms[0])
        body = urllib.parse.urlencode({**form.fields, **values}).encode()
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        return self._open(urllib.request.Request(target, body, headers={"Referer": page.url}))

    def sign_in(self, email: str, password: str) -> None:
        answer = self.send("/account/login/", {"login": email, "password": password})
        assert answer.status == 200, answer.text[:500]
        assert "is-member" in answer.text, answer.text[:2000]

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.url or request.full_url, refused.code, refused.read().decode())
