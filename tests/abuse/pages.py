"""A page as a machine reads it: its forms, what would run in it, and its words without what differs every time."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
_KEY = re.compile(r'name="key"[^>]*value="[^"]+"|value="[^"]+"[^>]*name="key"')


@dataclass
class Form:
    method: str
    action: str
    fields: Attributes = field(default_factory=dict)


class Page(HTMLParser):
    """`dangers` are elements and attributes that could run or fetch something that is not ours."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.dangers: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        if tag in {"input", "textarea", "select"} and self.forms and given.get("name"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        self.dangers += [f"<{tag} {name}={value[:60]}>" for name, value in given.items() if _runs(name, value)]
        if tag in {"iframe", "object", "embed", "base", "math", "marquee", "video", "audio", "style", "template"}:
            self.dangers.append(f"<{tag}>")
        ours = given.get("src", "").startswith("/static/") or given.get("type") == "application/json"
        if tag in {"script", "img"} and not ours:
            self.dangers.append(f"<{tag}> without a file of ours")
        self.links += [given[name] for name in ("href", "src", "action", "formaction") if name in given]


def _runs(name: str, value: str) -> bool:
    if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"}:
        return True
    led = re.sub(r"[\x00-\x20]", "", value).lower()
    return name in {"href", "src", "action", "formaction"} and led.startswith(
        ("javascript:", "data:", "vbscript:", "//")
    )


def normal(answer: Any, *ids: object) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers without tokens, form keys and the ids asked for: what two answers are compared by."""
    body = _KEY.sub("KEY", _TOKEN.sub("TOKEN", answer.content.decode()))
    heads = {name: value for name, value in answer.items() if name not in {"Content-Length", "Expires"}}
    policy = heads.get("Content-Security-Policy", "")  # made from a set: its order differs from one to the next
    heads["Content-Security-Policy"] = "; ".join(sorted(policy.split("; ")))
    for one in ids:
        body = body.replace(str(one), "ID")
        heads = {name: value.replace(str(one), "ID") for name, value in heads.items()}
    return answer.status_code, body, heads
