"""Reading pages as a signed-in member."""

from django.test import Client

from accounts.models import Member
from tests.cast import key


def signed_in(member: Member) -> Client:
    client = Client()
    assert member.account is not None
    client.force_login(member.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(member: Member, path: str) -> str:
    answer = signed_in(member).get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def steady(page: str) -> str:
    """A page without what differs every time: the tokens against forged forms."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def said(**values: object) -> dict[str, object]:
    """A form as it comes back: with the key it was shown with."""
    return {"key": key(), **values}
